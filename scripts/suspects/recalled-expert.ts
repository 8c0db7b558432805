import type { Expert } from './work-expert.ts';

/**
 * The findings that a reviewer would sign for each workflow, and the traps. The list was written before the guard ran on them.
 * `saves` is a range of seconds for each deployment, if the team makes only that change.
 */
export const EXPERT: Record<string, Expert> = {
  '01-sealed-letters': {
    findings: [
      {
        where: 'service / image / publish / Build and push',
        what: 'image-after-tests: the image takes the build, but nothing from the linter or the tests. Let image need only build, and let web and worker need image, lint and test.',
        saves: [85, 95],
      },
    ],
    traps: [
      'The packages are in the repository: there is no install, and nothing to cache. That is why the checkout takes 13 s.',
      'The build is kept by commit, so the step Build is skipped in all later jobs. It is not built again.',
      'The image copies a bundle that was made outside of it. A layer cache would save little.',
      'Two platforms take 104 s together, and which of them the services run is in no file here. The other one is for people who host it themselves.',
      'web and worker are rolled out in parallel.',
      'Update the service is the deployment.',
      'The linter runs next to the tests and ends before them.',
    ],
  },
  '02-piano-tuners': {
    findings: [
      {
        where: 'backend / Build, tag and push',
        what: 'image-without-layer-cache: `docker build` on a new runner installs all Python packages from the first layer. Use Buildx with cache-from and cache-to.',
        saves: [50, 90],
      },
    ],
    traps: [
      'npm has no cache in frontend, but that job runs next to backend and ends two minutes before it.',
      'infrastructure runs only if its folder changes. Then backend has to wait for it.',
      'Update the service is the deployment, although it is `terragrunt apply`.',
      'OpenTofu and Terragrunt take 5 s.',
      'release drafts notes after the deployment.',
      'changes takes 3 s and saves whole jobs.',
    ],
  },
  '03-toy-bazaar': {
    findings: [
      {
        where: 'install / Build and install',
        what: 'image-after-tests: Skaffold starts to build ten images only when the unit tests have ended, and takes nothing from them. Run `skaffold build --file-output` next to the tests, and `skaffold deploy` with that file after both.',
        saves: [80, 108],
      },
    ],
    traps: [
      'The runners are the team\'s own and keep layers, packages and tools. "No cache" would be wrong.',
      'How many images are built at a time is in the configuration of Skaffold, not here.',
      'Go and C# run one after another, but a job of its own for one of them would save 45 s of eleven minutes.',
      'Wait for the pods polls. The loop waits for all at the same time: the first takes nearly all of it.',
      'Try it comes after the installation.',
      'A matrix with one entry costs nothing.',
    ],
  },
  '04-cabin-notebook': {
    findings: [],
    traps: [
      'The container is built next to the checks, not after them.',
      'bahmutov/npm-install has a cache of its own. setup-node needs none.',
      'The packages are installed in four jobs, but in parallel: 23 s count.',
      'The image is built on the builder of Fly, which keeps its layers.',
      'The browsers take 33 s. A cache of them would save about 15 s, because their system libraries are installed anyway.',
      'The application is built for the browser tests and in the container, in parallel.',
      'The database is kept, and Seed is skipped.',
      'Production is the deployment. The steps for staging are skipped.',
    ],
  },
  '05-mushroom-cards': {
    findings: [
      {
        where: 'pipeline / Browser tests',
        what: 'installed-twice: the Cypress action fetches its caches and installs all packages again, which Packages just did. Set `install: false`.',
        saves: [25, 38],
      },
    ],
    traps: [
      'npm has no cache in Packages, but much of the 46 s is the program of Cypress, which that cache does not hold. It would save about 12 s.',
      'Style, Build and Tests take 27 s together. Jobs of their own would have to install the packages first.',
      'The browser tests need the build.',
      'Deploy only tells the platform. What it does then is in no file here.',
      'tag comes after the deployment.',
    ],
  },
  '06-request-bench': {
    findings: [
      {
        where: 'deploy / pnpm',
        what: 'no-dependency-cache: the packages are installed by the setup of pnpm, before setup-node fetches the store. Set `run_install: false`, and run `pnpm install` after Node.',
        saves: [25, 50],
      },
    ],
    traps: [
      '`cache: pnpm` is there, but comes too late. To set it once more changes nothing.',
      'The 19 s of Node are that cache: they are needed after the change, too.',
      'Upload is the deployment. The tool that npx fetches is a part of it, about 12 s.',
      'What generate does in each package, and what it could keep, is in no file here.',
    ],
  },
  '07-lost-keys': {
    findings: [
      {
        where: 'build / Image',
        what: 'image-without-layer-cache: `docker build` on a new runner installs all packages from the first layer. Use Buildx with cache-from and cache-to.',
        saves: [35, 70],
      },
    ],
    traps: [
      'Apply and Wait for it are the deployment. The wait polls.',
      'Push takes 19 s, most of it for layers that the change of the build would keep.',
      'doctl takes 2 s.',
      'No job has an environment.',
    ],
  },
  '08-parish-pages': {
    findings: [
      {
        where: 'build',
        what: 'needless-sequence: the zip file takes nothing from the linter or the tests. Let build need only gate, and let deploy need all of them.',
        saves: [75, 83],
      },
    ],
    traps: [
      'npm has its cache. The packages take 27 s in each job, and those of production leave out some.',
      'Production is the deployment. Staging is another branch, not a hop.',
      'gate takes 1 s and runs next to the tests.',
      'The linter ends before the tests.',
      'The artifact takes 13 s to hand over.',
    ],
  },
  '09-cereal-labels': {
    findings: [],
    traps: [
      'Wait for the image polls every 10 s for the other workflow of the same commit. It is no fixed wait, and the server cannot start without the image.',
      'The image has a cache of its layers, with all stages (`mode=max`).',
      'Six connections over SSH take about 2 s each.',
      'Code and settings on the server could be sent while the image is built: 11 s.',
      'Pull is what the server downloads, and Start is the deployment.',
      'Clean up comes after the start.',
      'The concurrency group keeps two deployments apart.',
    ],
  },
  '10-flood-texts': {
    findings: [
      {
        where: 'Checks / build / Tests',
        what: 'one-long-test-job: all tests run in one process for 391 s, more than half of the path. Use `pytest -n 4` with a database for each worker, or divide them over a matrix.',
        saves: [150, 250],
      },
    ],
    traps: [
      'attack, packages and source hold the deployment, but end minutes before the tests.',
      'agent-settings has the environment and deploys nothing.',
      'Poetry is installed in each job, but two of them count, with 30 s each, half of it Python itself and libraries. A cache would save less than a tenth.',
      'What `make bootstrap` does is in no file here.',
      'Style and imports take 9 s.',
      'The services take 22 s to start.',
      'Init, Apply and Update the templates are skipped if nothing changed.',
      'Push is the deployment.',
    ],
  },

  '11-podcast-digests': {
    findings: [
      {
        where: 'build / Build',
        what: 'image-without-layer-cache: BuildKit takes no layers from an image that was pulled, because it is pushed without `BUILDKIT_INLINE_CACHE=1`. All three builds start from the first layer. Add the build argument, or use Buildx with cache-from and cache-to.',
        saves: [90, 135],
      },
      {
        where: 'test / Build',
        what: 'built-twice: build has pushed the image of this commit, test pulls it and builds it again, and so does deploy. Push it with the commit as its tag, start the image that was pulled, and give that one the name of Heroku.',
        saves: [57, 115],
      },
    ],
    traps: [
      'The image is built before the tests, because they run in it.',
      'Linters run after the tests in the same job, in 5 s together.',
      'Packages for tests are installed into the container in 11 s.',
      'Push to Heroku and Release are the deployment.',
    ],
  },
  '12-knitting-patterns': {
    findings: [],
    traps: [
      'The image is built beside all tests. Only the deployment needs them.',
      'setup-node has no cache, but bahmutov/npm-install keeps the packages.',
      'Packages are installed in four jobs, but side by side.',
      'Browsers are installed in 30 s. Without them the deployment would wait for the image, 19 s less.',
      'Lint, types and unit tests end long before the browser tests and the image.',
      'Both steps of staging belong to the other branch. There is no hop.',
      'The image is built by a remote builder, which keeps its layers.',
    ],
  },
  '13-lost-keys': {
    findings: [
      {
        where: 'staging / deploy',
        what: 'environment-hop: development comes first, then staging, then production, and no test or check looks at either of the first two. Deploy development and staging beside production, or keep one of them and test it.',
        saves: [195, 398],
      },
      {
        where: 'production / deploy / Infrastructure',
        what: 'provisioned-in-path: every change validates and applies Bicep in each of the three environments, before the package that takes only the name of the site from it. Apply it in a workflow of its own when its files change, and keep the name in a variable.',
        saves: [200, 340],
      },
    ],
    traps: [
      'The package is built once and goes through all environments.',
      'NuGet packages and node_modules have their caches.',
      'dotnet publish compiles again, because it is for another runtime, and self-contained.',
      'The tests run before the package in the same job. A job of their own saves 78 s of 15 minutes.',
      'Artifacts take 13 s in both directions.',
      'Preflight belongs to development, and "What would change" to the other two: they can be seen before an approval.',
      'Migrations and Site are the deployment.',
    ],
  },
  '14-houseboat-moorings': {
    findings: [
      {
        where: 'ship / image / Build and push',
        what: 'image-after-tests: the image takes nothing from the tests, but the called workflow that builds it starts when all of them are over. Call the image on its own, beside the tests, and let only deploy need both. Its tag is the commit.',
        saves: [205, 219],
      },
      {
        where: 'ship / deploy / Update the worker',
        what: 'rolled-out-in-sequence: the worker is updated only when the site is stable, but takes nothing from it except the migrations. Update both after the migrations, and wait once.',
        saves: [145, 162],
      },
      {
        where: 'ship / image / Build and push',
        what: 'image-without-layer-cache: `docker build` on a new runner installs all gems and packages and compiles the assets from the first layer. Use Buildx, with cache-from and cache-to.',
        saves: [110, 160],
      },
    ],
    traps: [
      'The features take 407 s on one runner, but the other tests end 85 s earlier: splitting one job alone saves less than a tenth.',
      'Lint and audit run beside the tests and end early.',
      'The database is set up in 8 to 12 s, the assets in 36 s, in two jobs side by side.',
      'End of the migrations waits for a task. It is no fixed wait, and the services need it.',
      'An image that exists is not built again. It helps after a re-run, not for a new commit.',
      'staging is the environment of a push. A release takes its commit to production: there is no hop in this run.',
    ],
  },
  '15-mountain-huts': {
    findings: [
      {
        where: 'images',
        what: 'image-after-tests: both images take nothing from the checks and tests. Build them from the start, with the version as their tag, and let scan-images and the deployment need the tests.',
        saves: [220, 237],
      },
      {
        where: 'images / Image of the frontend',
        what: 'built-in-sequence: the frontend is built only when the image of the backend is pushed, and takes nothing from it. Use a matrix.',
        saves: [75, 84],
      },
      {
        where: 'backend-tests',
        what: 'needless-sequence: all tests wait for hooks, checks of the frontend, spelling and scans, and take nothing from them. Start them together, and let images need all of them.',
        saves: [68, 75],
      },
    ],
    traps: [
      'Both images have a cache in the registry of their own, next to the shared one of GitHub.',
      'QEMU is set up in 4 s, but only linux/amd64 is built: nothing is emulated.',
      'scan-images stops images with known holes before they reach the server, in 62 s. The project wants it there.',
      'images has the environment, but deploys nothing. It needs its secrets.',
      'proxy runs beside the deployment of the portal.',
      'The images for tests are others than those that ship.',
      'The playbook is the deployment.',
    ],
  },
  '16-locked-notebooks': {
    findings: [
      {
        where: 'on.schedule',
        what: 'by-the-calendar: a merged change waits for the next morning, half a day on average. Deploy on a push that touches `web/**`.',
        saves: [20000, 43200],
      },
      {
        where: 'deploy / Build accounts',
        what: 'built-in-sequence: six applications are built and published one after another, and no one takes anything from another. Use a matrix of the applications.',
        saves: [200, 229],
      },
      {
        where: 'deploy / Build notes',
        what: 'no-compiler-cache: each `next build` starts from nothing. Keep `web/apps/*/.next/cache` with actions/cache.',
        saves: [43, 85],
      },
    ],
    traps: [
      'Packages have the cache of setup-node. 34 s remain to link them.',
      'Each Publish step is a deployment. The action fetches wrangler each time, in a few seconds.',
      'Submodules cost a few seconds of 8.',
    ],
  },
  '17-pocket-money': {
    findings: [
      {
        where: 'deploy / Build and push',
        what: 'image-without-layer-cache: `docker build` on a new runner fetches all modules and compiles everything from the first layer. Use Buildx, with cache-from and cache-to.',
        saves: [40, 85],
      },
    ],
    traps: [
      'The tests run in another workflow, which nothing waits for. That is a risk, not a delay.',
      'Apply does not wait for the rollout. It goes on after the run.',
      'kubectl and the settings take 4 s.',
      'The manifests are applied as they are; no infrastructure is made.',
    ],
  },
  '18-museum-passes': {
    findings: [
      {
        where: 'deploy / Build and push',
        what: 'image-after-tests: the image takes nothing from the tests, but is built in the deploy job when both called workflows are over. Build it in a job beside them, with the tag of the commit, and let deploy need all three. Move the tag of the branch in deploy.',
        saves: [58, 70],
      },
    ],
    traps: [
      'The image has a layer cache with a scope and `mode=max`.',
      'Whether Compose builds or pulls in "Start the application" is not in these files.',
      'The unit tests end 56 s before the look at the pages.',
      'System packages take 13 s, beside the longer job.',
      'Web app is the deployment.',
    ],
  },
  '19-appointment-nudges': {
    findings: [
      {
        where: 'tests / api / Tests of the API',
        what: 'one-long-test-job: all tests of the API run on one runner for almost eleven minutes, half of the time to live. Split them over three or four runners by a matrix.',
        saves: [300, 420],
      },
      {
        where: 'deploy / Image',
        what: 'image-after-tests: the image and the packages that only it needs take nothing from the tests. Build it in a job beside them, and let deploy need both. Push the tag of the environment after the tests.',
        saves: [190, 258],
      },
    ],
    traps: [
      'What `pnpm run docker:build` does, and whether it has a layer cache, is not in these files.',
      'Nx has a remote cache, by its token: Build the API and the worker does not start from nothing.',
      'pnpm has the cache of setup-node. Prepare also starts two databases.',
      'Worker is up and LocalStack poll. They are no fixed waits.',
      'Unit tests take 41 s before the others in the same job, 3% of the path.',
      'Terraform only reads its outputs, in 21 s. It applies nothing.',
      'The paths of the trigger keep other changes away.',
      'Update the service waits until it is stable. It is the deployment.',
    ],
  },
  '20-dinner-rota': {
    findings: [],
    traps: [
      'How much of `gradlew build` are tests is not in these files.',
      'Gradle and Maven have the cache of setup-java.',
      'The image only packs the JAR: its layers cost 29 s with both pushes.',
      'CDK gets the tag of the image. Stack of the service is the deployment, not infrastructure beside it.',
      '"One after another" waits only if another run deploys.',
      'CDK is installed in 11 s.',
      'The packages of the program are made in the job that packs the image. There is nothing to hand over.',
    ],
  },
};
