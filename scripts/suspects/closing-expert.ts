import type { Expert } from './work-expert.ts';

/** The findings that a reviewer would sign in the closing set, and the traps in it. Written before the guard ran on it. */
export const EXPERT: Record<string, Expert> = {
  '01-door-passes': {
    findings: [
      {
        where: 'image / needs: [lint, test]',
        what: 'image-after-tests: the images take nothing from lint or test. Build them beside the tests, and let deploy wait for all three.',
        saves: [105, 121],
      },
      {
        where: 'image / Build and push',
        what: 'image-without-layer-cache: Buildx builds on a new runner without cache-from; modules are downloaded and everything is compiled from the first layer.',
        saves: [35, 80],
      },
    ],
    traps: [
      'lint is shorter than test and runs beside it: it delays nothing.',
      'integration runs after the deployment.',
      'Issuer and Rotator one after another: 23 s at most.',
      'setup-go has its cache, modules and build.',
      'Both images are built in parallel by the matrix; they are two processes, not one image built twice.',
    ],
  },
  '02-bundler-guide': {
    findings: [],
    traps: [
      'yarn has its cache; 24 s of linking remain.',
      'The compiler has its cache, with a fallback to the newest; what the build renders it renders for the site.',
      'There are no tests in this workflow.',
    ],
  },
  '03-tenants-help': {
    findings: [
      {
        where: 'build / needs: [style, tests]',
        what: 'image-after-tests: the image is built only when the functional tests have ended. Build and push it beside them; staging waits for both.',
        saves: [130, 147],
      },
      {
        where: 'build / Build',
        what: 'image-without-layer-cache: a plain docker build on a new runner installs packages of Python and Node from the first layer.',
        saves: [55, 95],
      },
    ],
    traps: [
      'style ends long before the functional tests.',
      'unit and functional already run side by side.',
      'A browser is installed each run, but 32 s are less than a tenth of the path, and most of it are packages of the system.',
      'Staging first on purpose: Helm waits there for pods and migrations before production gets them. One image for both.',
      'pip and npm are cached.',
    ],
  },
  '04-crate-rehearsals': {
    findings: [
      {
        where: 'image / Build the image',
        what: 'image-without-layer-cache: docker build on a new runner compiles all crates of the lock file each time. Use Buildx with a layer cache, and a layer of its own for the dependencies.',
        saves: [150, 320],
      },
    ],
    traps: [
      'lint and test run beside the image and hold nothing; Windows delays no deployment.',
      'The wait polls until the service is stable: no fixed wait.',
      'test and lint have a cache of the compiler; the image compiles for release, so nothing is built twice.',
    ],
  },
  '05-classroom-visits': {
    findings: [
      {
        where: 'specs / Specs',
        what: 'one-long-test-job: all specs in one job, while the features are split in four. Split the specs, too; then the features are the longest.',
        saves: [220, 299],
      },
      {
        where: 'staging / needs: development',
        what: 'environment-hop: nothing is checked in development, yet staging waits for its deployment. Deploy both when the tests have ended; only staging gates production.',
        saves: [130, 145],
      },
    ],
    traps: [
      'Tests after the image on purpose: they run in it.',
      'lint (76 s) ends long before specs.',
      'The image has a layer cache in the registry.',
      'Staging gates production: smoke tests run there.',
      'Terraform is the deployment here: it sets the image.',
      'The database is made in a few seconds; most of that step is the download of the images.',
    ],
  },
  '06-project-generator': {
    findings: [],
    traps: [
      'Staging comes first on purpose: a project is generated there and compiled before production follows.',
      'The jar is built once; both environments take the artifact.',
      'Maven and the packages of the client have their caches in the composite action.',
      'The Cloud Foundry tool is one binary, fetched in seconds, though in each job.',
      'Both pushes are rolling deployments; the time is the platform staging and starting the application.',
    ],
  },
  '07-classroom-jobs': {
    findings: [
      {
        where: 'tests / ruby / Specs',
        what: 'one-long-test-job: 742 s of specs run in one process, while the image is ready after 191 s and the linters after 120 s. Split them over four runners (or use parallel_tests on the cores of one).',
        saves: [330, 540],
      },
    ],
    traps: [
      'The image is built beside the tests with a layer cache in the registry: it is not on the path.',
      'Linters and Jest run in parallel with the specs and are done long before them.',
      'Staging comes first on purpose, with a smoke test of the deployed service.',
      'The smoke test of production runs after it is live.',
      'Terraform rolls out the image here: it is the deployment, not infrastructure beside it.',
      'Assets and packages before the specs are cached or short; the specs need them.',
    ],
  },
  '08-school-groups': {
    findings: [
      {
        where: 'image / build / Build and push',
        what: 'image-without-layer-cache: buildx on a new runner with neither `cache-from` nor `cache-to`; restoring packages and building begin with the first layer. Add the cache of GitHub or of the registry.',
        saves: [80, 150],
      },
      {
        where: 'production',
        what: 'environment-hop: production waits until the test environment has the image, but nothing is run against it; the browser tests ran on development. Deploy both after the browser tests.',
        saves: [110, 120],
      },
    ],
    traps: [
      'Development comes before the browser tests on purpose: they run against it.',
      'setup-buildx-action alone is no layer cache.',
      'The image is imported in each environment because each has its own registry; it is not built again.',
      'Installing the browser takes 46 s, less than a tenth of the path.',
      'No unit tests stand in these files; what the Dockerfile runs cannot be seen.',
    ],
  },
  '09-law-handbook': {
    findings: [
      {
        where: 'build / images / Image of PHP',
        what: 'image-without-layer-cache: `docker build` on a new runner starts with the first layer: PHP extensions, Composer and the assets. Build by buildx with a cache in ECR or of GitHub.',
        saves: [130, 220],
      },
    ],
    traps: [
      'Development and staging run beside production; it needs the images only.',
      'The image of nginx takes 11 s because it uses the stages that the one of PHP has just built; in parallel they would be built twice.',
      'The wait for the rollout ends as soon as the pods are ready. It is no fixed wait.',
    ],
  },
  '10-short-addresses': {
    findings: [
      {
        where: 'image',
        what: 'image-after-tests: the image takes nothing from the tests but waits for them. Build and push it beside them, and let deploy need both.',
        saves: [115, 124],
      },
      {
        where: 'deploy / Apply the hosted zone',
        what: 'provisioned-in-path: hosted zone, network and API are applied one by one for each commit, also if only the code in api/ has changed. Apply them only if infrastructure/ has changed.',
        saves: [110, 130],
      },
      {
        where: 'image / Build',
        what: 'image-without-layer-cache: `docker build` on a new runner installs all packages from the first layer. Use buildx with a cache of GitHub or ECR.',
        saves: [45, 75],
      },
    ],
    traps: [
      'Terraform and Terragrunt are two binaries, installed in 8 s.',
      'pip has its cache in the job of the tests.',
      'Format and lint take 9 s.',
      'The last step polls until the function is updated. It is no fixed wait.',
      'The layers of the infrastructure depend on one another in this order.',
    ],
  },
  '11-recipe-notes': {
    findings: [
      {
        where: 'release / To production',
        what: 'image-after-tests: Fly builds the image only after Cypress has ended. Build and push it in a job beside the tests (`flyctl deploy --build-only --push`), and deploy that image.',
        saves: [60, 100],
      },
    ],
    traps: [
      'The jobs of lint, types and unit tests run beside Cypress and end first: they delay nothing.',
      'The packages are cached: npm install takes the rest.',
      'The build in the browser job is for the tests with mocks; it takes 13 s.',
      'Fly keeps the layers on its remote builder: there is no `cache-from` to set.',
      'Staging is another branch, not a hop before production.',
    ],
  },
  '12-stock-room': {
    findings: [],
    traps: [
      "The server's own runner keeps the layers between releases: no layer cache is missing.",
      'The images are built on the server that runs them: nothing is pushed or pulled.',
      'The deployment waits for a release on purpose.',
      'Compose builds both images at once.',
    ],
  },
  '13-town-square': {
    findings: [
      {
        where: 'deploy / Packages',
        what: 'no-dependency-cache: setup-node has no `cache: yarn`, and Yarn downloads all packages of the root and then of the front end on each run.',
        saves: [35, 65],
      },
      {
        where: 'deploy / Create the database',
        what: 'tools-installed-each-run: version 2.0.0 of wrangler-action is a container that installs Wrangler again in each of its five steps. Use the one from the packages (`yarn wrangler`), or version 3.',
        saves: [55, 90],
      },
    ],
    traps: [
      'Apply takes 17 s, and the bindings have to exist before Publish.',
      'Create the database only ensures that it exists; apart from installing Wrangler it takes few seconds.',
      'The store of sessions comes before Apply because its namespace is an input of it.',
      'The migrations must end before Publish.',
      'Full history of a small repository: 2 s.',
    ],
  },
  '14-statute-search': {
    findings: [
      {
        where: 'deploy / Watch the workers',
        what: 'rolled-out-in-sequence: web, workers and indexer get the same image and take nothing from one another. Set all three images first, then wait for all.',
        saves: [110, 139],
      },
    ],
    traps: [
      'Whether the Makefile sets a layer cache cannot be seen here.',
      'No test is in the path: they run in another workflow before the merge.',
      'The scheduled jobs take 5 s.',
      'Each watch waits for readiness, not for a fixed time.',
    ],
  },
  '15-workshop-planner': {
    findings: [
      {
        where: 'test / RSpec',
        what: 'one-long-test-job: all specs, the ones with a browser too, run in one process. Run them in a matrix of three or four, or with parallel_tests on the cores of the runner.',
        saves: [120, 220],
      },
    ],
    traps: [
      'Heroku builds its slug from the pushed commit and keeps the gems between builds.',
      'The assets in the test job are for the browser specs; Heroku compiles its own. 16 s.',
      'Bundler has its cache.',
      'Heroku needs the whole history for the push: 4 s.',
      'The migrations have to run after the push; 14 s.',
    ],
  },
  '16-radio-guide': {
    findings: [
      {
        where: 'publish / publish / Production build',
        what: 'built-twice: image / image has made the same production build of the same commit with the same command. Keep its output as an artifact and upload that; then the packages are not needed for the build either.',
        saves: [120, 180],
      },
    ],
    traps: [
      'Format, types, lint and units end long before the browser tests: they delay nothing.',
      'The image has a layer cache, and the browsers test it: it is the hand-over from the build.',
      'The packages of the workspace come from the cache of pnpm.',
      'Chromium takes 21 s in each shard: less than 30 s.',
      'The browser tests are a gate on purpose and already run in five shards.',
    ],
  },
  '17-lab-letters': {
    findings: [
      {
        where: 'production / release / Jar',
        what: 'built-twice: staging has built the same jar and image of this commit. Copy its image to the registry of production (az acr import) and build neither again.',
        saves: [85, 115],
      },
      {
        where: 'production / release / Terraform apply',
        what: 'provisioned-in-path: init and apply run in each stage for each commit, though no image is in Terraform. Apply only if operations/ has changed, and take the two names from settings.',
        saves: [90, 205],
      },
    ],
    traps: [
      'Staging comes first on purpose, and tests run against it before production.',
      'Filling the slot and swapping it are the deployment.',
      'Gradle has its cache (setup-gradle).',
      'docker build copies a finished jar: a layer cache would save little.',
    ],
  },
  '18-choir-software-manuals': {
    findings: [],
    traps: [
      'TeX is installed in each run, but both jobs with it end before the manual in all languages.',
      'What make html-languages does one after another is not in these files.',
      'pip is cached.',
      'The artifacts take 30 s on the path, and the jobs in parallel are worth them.',
    ],
  },
  '19-survey-drones': {
    findings: [
      {
        where: 'images / image / Image',
        what: 'image-without-layer-cache: a new runner builds each image from its first layer; there is neither setup-buildx-action nor cache-from. Add both, with a scope for each component.',
        saves: [60, 120],
      },
    ],
    traps: [
      'The migrations run beside the images and end earlier: neither their tools nor a cache of NuGet matter.',
      'The first job with the environment only announces; the bump is the hand-over to the cluster.',
      'When the cluster follows the commit is not in these files.',
      'The three images are built in parallel.',
    ],
  },
  '20-club-cards': {
    findings: [
      {
        where: 'deploy / Restart',
        what: 'rolled-out-twice: the upgrade sets the tags of this commit and waits for the pods; the restart then replaces the same pods again. Remove it.',
        saves: [85, 91],
      },
    ],
    traps: [
      'The images keep their layers in a cache, in the composite action.',
      'rollout status in a loop is no sequence: all three were restarted at once.',
      'All three images are built for each change, but in parallel; the chart takes the tag of the commit for each.',
      'The tools of the cluster take 12 s: less than 30 s.',
    ],
  },
};
