import type { Expert } from './work-expert.ts';

/**
 * The findings that a reviewer would sign for each workflow in `third`, and the traps. The list was written before the guard ran on
 * them, in the format of `work-expert.ts`: `saves` is a range of seconds for each deployment, if the team makes only that change.
 */
export const EXPERT: Record<string, Expert> = {
  '01-race-meetings': {
    findings: [
      {
        where: 'deploy / Packages',
        what: 'no-dependency-cache: Composer downloads all packages again, although the tests keep theirs. Deployer only needs its recipe here.',
        saves: [35, 52],
      },
    ],
    traps: [
      'The matrix runs in parallel: four legs cost as much as one.',
      'Packages of both kinds are kept whole in the test job, so their installs are skipped.',
      'The assets in the test job may be needed by tests that render pages.',
      'Initialize containers is one MySQL, and takes 29 s.',
      'The migrations take 13 s, once on the path.',
      '`fetch-depth: 0` is not needed, but costs 3 s.',
      'Switch to the release is the deployment. It builds on the server.',
    ],
  },
  '02-purchase-panel': {
    findings: [],
    traps: [
      'PHP packages come from the cache; `composer install` only checks them.',
      'npm has the cache of setup-node. 23 s remain to link its packages.',
      'Release is the deployment, and half of the time.',
      'The concurrency group keeps two releases apart.',
    ],
  },
  '03-portal-manual': {
    findings: [
      {
        where: 'manual-and-gallery / Packages of the portal',
        what: 'no-dependency-cache: three installs download everything again (264 s), because setup-node has no `cache: yarn`.',
        saves: [120, 200],
      },
      {
        where: 'manual-and-gallery / Gallery',
        what: 'needless-sequence: the gallery and its packages take nothing from the manual. Build it in a job of its own, at the same time.',
        saves: [170, 219],
      },
      {
        where: 'manual-and-gallery / Manual',
        what: 'no-compiler-cache: Docusaurus bundles every page from nothing. Keep `node_modules/.cache` of the manual with actions/cache.',
        saves: [115, 220],
      },
    ],
    traps: [
      'The reference is written into the pages of the manual, so it has to come first.',
      'The manual is built once. The folder is only moved.',
      'Push is the deployment.',
      'The concurrency group cancels older runs. That delays nobody.',
    ],
  },
  '04-theme-guide': {
    findings: [],
    traps: [
      'The dates and authors of the pages come from the history. The checkout takes 23 s.',
      'pip has no cache, but could save about 15 s.',
      'The cards have a cache.',
      'The edition for sponsors is cloned without its history.',
      'Build and push is one command, and the deployment.',
    ],
  },
  '05-donations-api': {
    findings: [
      {
        where: 'publish / Image',
        what: 'image-after-tests: the image takes nothing from the tests or the linter. Build it at the start, and let fetch need both.',
        saves: [215, 232],
      },
      {
        where: 'lint',
        what: 'not-needed-by-deployment: the tests wait for a linter that cannot even fail, and run ESLint again themselves. Run it in parallel, once.',
        saves: [142, 185],
      },
      {
        where: 'test / npm test',
        what: 'one-long-test-job: a third of the way to production is one test command on one runner. Split it over several, each with its own database.',
        saves: [200, 340],
      },
    ],
    traps: [
      'The replicas are replaced one by one so that two always answer. They are not different services.',
      'QEMU is set up, but the image is built for one platform only.',
      'The loops poll for health. None is a fixed wait.',
      'Fetch the image is part of the deployment.',
      'npm ci has no cache, but each of the two would save less than a tenth of the path.',
      'The migrations take 21 s.',
    ],
  },
  '06-household-budget': {
    findings: [
      {
        where: 'build-and-deploy / Tests',
        what: 'not-needed-by-deployment: failing tests do not stop this deployment (`continue-on-error`), they only delay it. Run them in a job of their own.',
        saves: [120, 142],
      },
      {
        where: 'build-and-deploy / Build for release',
        what: 'built-twice: the tests compile everything for debugging, then it is compiled again for release. Build once for release, and test with `--no-build`.',
        saves: [40, 60],
      },
    ],
    traps: [
      'NuGet has its cache. Restore takes 15 s.',
      'Wait until it answers polls, although a loop sleeps first. The deployment is asynchronous, so something has to wait.',
      'try-it runs after the deployment: its `sleep 30` delays no change.',
      'Deploy the zip is the deployment.',
    ],
  },
  '07-campaign-board': {
    findings: [
      {
        where: 'build-and-deploy / Frontend image',
        what: 'image-without-layer-cache: both images are built from the first layer on a new runner (549 s). Use cache-from and cache-to.',
        saves: [220, 400],
      },
      {
        where: 'build-and-deploy / Backend image',
        what: 'needless-sequence: the images take nothing from one another, but one is built after the other. Use a matrix, or build both at the same time.',
        saves: [200, 238],
      },
      {
        where: 'build-and-deploy / Roll out the frontend',
        what: 'rolled-out-in-sequence: the frontend starts only when the backend is stable. Update both, then wait for both.',
        saves: [150, 196],
      },
    ],
    traps: [
      'Migrations run after the rollout. That is a risk, not a delay.',
      'The scan cannot fail, but saves less than a tenth of the path.',
      '`sleep 30` comes after both rollouts, and is 3% of the path.',
      'setup-buildx-action is no layer cache, and `docker build` does not even use its builder.',
      'validate takes no time, and the next runner 4 s.',
      'Rendering a task definition takes no time.',
    ],
  },
  '08-safe-gateway': {
    findings: [
      {
        where: 'image / Build and push',
        what: 'image-after-tests: the image takes nothing from the tests, the linter or the coverage. Build it at the start, and let deploy need all of them.',
        saves: [400, 425],
      },
      {
        where: 'image / Build and push',
        what: 'emulated-platform: half of the image is built for ARM under QEMU. Build it on an ARM runner, or after the deployment.',
        saves: [220, 330],
      },
    ],
    traps: [
      'The image has a registry cache for both platforms.',
      'format and lint run in parallel with the tests and end long before them.',
      '`yarn build` in the tests is not the build in the image, and takes 28 s in parallel legs.',
      'Initialize containers takes 33 s for three services.',
      'coverage takes 4 s, and disappears from the path with the first change.',
      'Yarn has the cache of setup-node.',
      'Hand over to the cluster is the deployment. It does not wait for the rollout.',
    ],
  },
  '09-climate-catalogue': {
    findings: [
      {
        where: 'lint',
        what: 'needless-sequence: the tests take nothing from the linter. Run both at the same time, and let deploy need both.',
        saves: [110, 120],
      },
      {
        where: 'test / Services',
        what: 'image-without-layer-cache: Compose builds all images of the services from the first layer on every run. Bake them with a cache first.',
        saves: [100, 150],
      },
    ],
    traps: [
      'Deploy is the deployment, though it is CDK. What it builds is not in this file.',
      'The cache keeps the whole Python environment. 18 s remain to install the package itself.',
      '`sleep 10` takes 10 s.',
      'Stop the services takes 11 s.',
      'CDK is installed in 11 s.',
      'The records are small test data, not a copy of production.',
    ],
  },
  '10-attachment-scanner': {
    findings: [],
    traps: [
      'pnpm has no cache, but the install takes 18 s.',
      '`fetch-depth: 0` is not needed, but costs 13 s at most.',
      'Deploy is the deployment. If it builds an image, no file here shows it.',
      'The concurrency group cancels older runs. A newer change is not delayed.',
    ],
  },
  '11-exception-inbox': {
    findings: [
      {
        where: 'publish / Final tags',
        what: 'artifact-hand-over: three images are pulled and pushed again only to get other tags (161 s). Let the registry copy them with `docker buildx imagetools create`.',
        saves: [105, 150],
      },
    ],
    traps: [
      'The images are built in sequence, but in parallel with the tests, and end three minutes before them. They have a registry cache.',
      'test-browser is the longest job by about 20 s. To install packages or the browser faster saves no more than that.',
      'The solution is compiled by two test jobs at the same time. Neither waits for the other.',
      'test-client ends six minutes before the others, with its linter.',
      '`fetch-depth: 0` is needed for the version, and only the images wait for it.',
      'Wait until it answers polls. `sleep 5` starts the services in the background.',
      'Wait for the pods is a part of the deployment: the rollouts run at the same time.',
      'The migrations run once.',
    ],
  },
  '12-form-designer': {
    findings: [
      {
        where: 'image / image / Build',
        what: 'image-without-layer-cache: `docker build` on a new runner installs all packages and compiles both halves from the first layer. Use Buildx with a cache.',
        saves: [160, 310],
      },
    ],
    traps: [
      'Both images and the chart are built at the same time.',
      'staging and production are legs of one matrix. Nothing waits for staging.',
      'The environment `registry` holds credentials. Nothing is deployed to it.',
      'sha and tag take no time.',
      'Push the configuration is the deployment: the clusters follow it. The trace comes after it and takes 6 s.',
      'Two images for one change are the application and its migrations, not the same image twice.',
    ],
  },
  '13-access-dashboard': {
    findings: [
      {
        where: 'scan',
        what: 'not-needed-by-deployment: plan waits for three scans that it takes nothing from. Run them beside it, and let apply need both.',
        saves: [95, 105],
      },
      {
        where: 'plan / Plan',
        what: 'planned-twice: the plan is thrown away, and apply makes it again. Save it and apply the file, or plan on the pull request only.',
        saves: [60, 109],
      },
    ],
    traps: [
      'Apply is the deployment itself, not infrastructure beside it.',
      'terraform init takes 24 s in each job.',
      '`fetch-depth: 0` takes 9 s in all.',
      'The concurrency group protects the state.',
    ],
  },
  '14-radar-products': {
    findings: [],
    traps: [
      'The five stacks are deployed at the same time, each to its own account.',
      'The composite action installs, renders and deploys in one step. How much of it is not the deployment cannot be seen.',
      'CloudFormation is the deployment itself.',
      '`fetch-depth: 0` costs a few seconds.',
      'The environments are not stages: none comes before another.',
    ],
  },
  '15-chat-agent': {
    findings: [
      {
        where: 'deploy / Build and start',
        what: 'image-after-tests: the server compiles the image when everything else has ended, but takes nothing from the tests. Build it at the start, push it, and only pull it here.',
        saves: [200, 280],
      },
      {
        where: 'credentials',
        what: 'needless-sequence: trying the credentials takes nothing from the tests. Run both at the same time.',
        saves: [160, 174],
      },
    ],
    traps: [
      'Crates and `target` have a cache, though its key changes only with Cargo.lock.',
      'Clippy runs in the same command as the tests. Its share cannot be seen.',
      'The server keeps its layers between deployments: it is no new runner.',
      'cargo fmt takes 2 s.',
      'The archive takes 9 s to reach the server.',
    ],
  },
  '16-physics-notes': {
    findings: [
      {
        where: 'site / Build',
        what: 'no-compiler-cache: all crates are compiled from source on every run. Keep `target` and the registry (Swatinem/rust-cache).',
        saves: [130, 280],
      },
      {
        where: 'site / wasm-pack',
        what: 'tools-installed-each-run: `cargo install` compiles a tool that can be downloaded in seconds.',
        saves: [145, 165],
      },
    ],
    traps: [
      'apt-get takes 49 s, less than a tenth of the path.',
      'npm has no cache, but its share of Build cannot be seen.',
      'Copy to the server is the deployment. The archive and the release come after it.',
    ],
  },
  '17-table-services': {
    findings: [
      {
        where: 'images / Build and push',
        what: 'image-after-tests: the images take nothing from the tests. Build them at the same time, and let deploy need both.',
        saves: [165, 174],
      },
      {
        where: 'security',
        what: 'not-needed-by-deployment: all tests wait for two scans that are compiled first. Of the scans they only get whether a secret is set. Run them in parallel.',
        saves: [140, 152],
      },
    ],
    traps: [
      'All services are built whatever changed, but in parallel: one leg counts.',
      'The images are set for all services before anything is waited for. The loop of waits costs as much as the slowest rollout.',
      'Go and the images have their caches.',
      '`sleep 30` comes after the rollouts, and is 4% of the path.',
      'Initialize containers takes 26 s.',
      'The concurrency group keeps two deployments apart.',
    ],
  },
  '18-sending-money': {
    findings: [
      {
        where: 'deploy',
        what: 'needless-sequence: the application waits for the image of the distributor, but only prints its tag. Let deploy need the check of the schema alone.',
        saves: [155, 166],
      },
    ],
    traps: [
      'The schema has to be checked before the migrations.',
      'The builders of both images keep their layers, so there is no `cache-from` to set.',
      'Deploy is the deployment, though it also builds. The parts of the composite action have no times.',
      'The images are built at the same time, for one platform.',
      'Submodules take about 15 s.',
    ],
  },
  '19-speaking-practice': {
    findings: [
      {
        where: 'deploy / Build',
        what: 'image-after-tests: the image takes nothing from the tests, but is built when they have ended. Build and push it in a job of its own.',
        saves: [110, 135],
      },
      {
        where: 'deploy / Build',
        what: 'image-without-layer-cache: `docker build` on a new runner installs all packages again. Use Buildx with a cache.',
        saves: [70, 130],
      },
    ],
    traps: [
      'The tests of both kinds run at the same time. To install the emulator faster saves at most 41 s, because the unit tests take 110 s.',
      'pip has the cache of setup-python.',
      'Deploy without traffic, Try it and Promote are one deployment, not two environments.',
      'The checks retry. None is a fixed wait.',
      'setup-gcloud takes 19 s.',
    ],
  },
  '20-storefront-server': {
    findings: [
      {
        where: 'deploy / Build and push',
        what: 'image-without-layer-cache: the image is built from the first layer on a new runner. Use Buildx with a cache.',
        saves: [70, 140],
      },
      {
        where: 'deploy / Build and push',
        what: 'image-after-tests: the image takes nothing from the tests in the same job. Test in another job at the same time, and roll out after both.',
        saves: [90, 115],
      },
    ],
    traps: [
      'Maven has the cache of setup-java.',
      'Whether Maven compiles again in the image is not in these files.',
      'The push of `latest` takes a second.',
      'Roll out is the deployment. Showing the address comes after it.',
      'setup-gcloud takes 20 s.',
    ],
  },
};
