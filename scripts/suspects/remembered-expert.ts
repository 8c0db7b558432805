import type { Expert } from './work-expert.ts';

/**
 * The findings that a reviewer would sign for each workflow, and the traps. The list was written before the guard ran on them, in
 * the format of `work-expert.ts`: `saves` is a range of seconds for each deployment, if the team makes only that change.
 *
 * Ten workflows of backends and applications in containers or on servers, drawn from memory. All times are estimates from
 * experience, not from logs.
 */
export const EXPERT: Record<string, Expert> = {
  '01-chat-steward': {
    findings: [
      {
        where: 'ship / build',
        what: 'image-after-tests: the image takes nothing from the checks, but the called workflow that builds it starts when they are over. Build the tag of the commit beside them, and let only deploy need both. Move `latest` with the deployment.',
        saves: [50, 58],
      },
    ],
    traps: [
      'cache-from with the last image and `cache-to: type=inline` is a layer cache.',
      'pre-commit runs before the tests in the same job, but costs 23 s.',
      'The action that sets up Poetry belongs to another repository. Its 18 s show that it has a cache.',
      'Coverage is sent before the deployment, in 4 s.',
      'tag is a job that only names the image. It runs beside the checks and costs nothing.',
    ],
  },
  '02-grammar-gym': {
    findings: [
      {
        where: 'image / image / Build',
        what: 'image-without-layer-cache: `docker build` on a new runner installs the packages of the workspace and compiles from the first layer. Use Buildx, with cache-from and cache-to.',
        saves: [90, 190],
      },
    ],
    traps: [
      'Network is up polls. It is no fixed wait.',
      'Reach the manager sleeps for 10 s, which is too little to list.',
      'Deploy the stack waits for the new containers. It is the deployment itself.',
      'It is started by hand, from the branch of an environment: the team decides when.',
      'target takes 3 s with its runner.',
      'No tests run here. The pull request has run them.',
    ],
  },
  '03-draft-desk': {
    findings: [
      {
        where: 'tests / python / All tests',
        what: 'one-long-test-job: all Python tests run on one runner for 25 minutes, and no other job of the workflow takes more than six. Split them by a matrix, and combine the coverage afterwards.',
        saves: [650, 960],
      },
      {
        where: 'release',
        what: 'image-after-tests: assets, static files and the image take nothing from the tests, only the release on GitHub takes their coverage. Build in a job that starts after prepare, and leave changelog and release in one that needs both.',
        saves: [460, 505],
      },
    ],
    traps: [
      'Both stages are deployed by the workflow of another repository, which is awaited. These steps are the deployment.',
      'Browser and legacy tests run beside the Python tests and end 20 minutes earlier.',
      'Preparing the tests (82 s) and the container with its database (64 s) are each a small part of the path.',
      'The coverage is an artifact because the release gets it. It is small.',
      'The image has its layer cache (`type=gha`) and is the only one in this repository.',
      'Keep the tarball takes 6 s.',
    ],
  },
  '04-beach-cleanups': {
    findings: [
      {
        where: 'build',
        what: 'image-after-tests: the image takes nothing from the tests. Build it beside them, push the tag with the time, and let deploy need both. Push `latest` only then, because the service starts from it.',
        saves: [64, 74],
      },
      {
        where: 'build / Build, tag and push',
        what: 'image-without-layer-cache: `docker build` on a new runner installs all packages from the first layer. Use Buildx, with cache-from and cache-to.',
        saves: [35, 60],
      },
    ],
    traps: [
      'setup-node has no cache, but the packages take 29 s in all, and a cache saves less than 20 s of them.',
      'Start it again does not wait for the service. The new tasks start after the run.',
      'names runs beside the tests and delays nothing.',
      'dev is the environment of a push. Production is chosen by hand: there is no hop in this run.',
    ],
  },
  '05-savings-jar': {
    findings: [
      {
        where: 'build',
        what: 'image-after-tests: both images take nothing from CI and are pushed by digest, so nobody sees them before merge gives them tags. Start them at once, and let merge need ci and build.',
        saves: [175, 188],
      },
      {
        where: 'build / Build and push by digest',
        what: 'image-without-layer-cache: both platforms write to the same scope of the GitHub cache, and the last one overwrites the other. Give each a scope by `matrix.platform` in cache-from and cache-to.',
        saves: [50, 105],
      },
      {
        where: 'ci / test / System tests',
        what: 'tests-in-sequence: the system tests start when the unit and integration tests are over, and need nothing from them. Run them in two jobs.',
        saves: [60, 74],
      },
    ],
    traps: [
      'Scans and linters run beside the tests and end four minutes earlier.',
      'Each platform has a runner of its own kind. Nothing is emulated.',
      'Digests are handed over as empty files. The images go to the registry directly.',
      'Bundler has its cache in all jobs.',
      'System packages take 27 s, service containers 19 s, the database 14 s.',
    ],
  },
  '06-free-pictures': {
    findings: [
      {
        where: 'images / Keep the image',
        what: 'artifact-hand-over: each image is packed into a file, uploaded (33 s), downloaded with all others and loaded for the tests (72 s), then downloaded, loaded and pushed (77 s). Push the tag of the commit from images, pull it in the tests, and let publish only add a tag in the registry.',
        saves: [85, 125],
      },
    ],
    traps: [
      'The images have a layer cache with a scope for each.',
      'The images are built before the tests, because the tests run in them.',
      'Start everything and load samples prepares the only tests that use it. What its script does is not in these files.',
      'publish has to wait for the tests: it moves `latest`.',
      'Lint runs beside images and tests and ends four minutes earlier.',
      'Deploy waits for the workflow of the infrastructure repository. It is the deployment.',
      'Only what changed is tested and deployed: changes decides it.',
    ],
  },
  '07-visitor-counts': {
    findings: [],
    traps: [
      'Audit, linter and tests run side by side. The deployment waits for the tests only, for 56 s.',
      'Packages are installed in each job, with a cache, in 11 to 13 s.',
      'The command line of the platform is installed in 9 s.',
      'Service containers take 17 s.',
      'Push is the deployment. A rolling push takes its time.',
    ],
  },
  '08-used-books': {
    findings: [],
    traps: [
      'Both images are built at the same time, each with its scope of the cache.',
      '`mode=max` is what makes the cache useful for images in stages.',
      'setup-gcloud fetches a component, in 21 s.',
      'The charts that it needs are fetched in 8 s.',
      'Upgrade waits for both deployments. It is the deployment.',
      'The concurrency group keeps two upgrades apart.',
    ],
  },
  '09-wish-box': {
    findings: [
      {
        where: 'build / Build and push',
        what: 'emulated-platform: the half for ARM compiles the server and the frontend under QEMU, which is most of the 12 minutes. Build it on an ARM runner and join both, or cross-compile.',
        saves: [380, 560],
      },
      {
        where: 'build',
        what: 'image-after-tests: the image takes nothing from either test job. Build it at the same time by the tag of the commit, and move `main` when the tests have passed.',
        saves: [235, 251],
      },
      {
        where: 'build / Build and push',
        what: 'image-without-layer-cache: build-push-action sets no cache, so packages of both languages are installed on every push, for both platforms. Set cache-from and cache-to.',
        saves: [180, 480],
      },
    ],
    traps: [
      'npm has no cache in either test job, but a cache saves about 20 s of 39 s.',
      'The tests of the frontend end two and a half minutes before those of the server.',
      'setup-go keeps its cache by default. The tools take 15 s.',
      'The linter of the server runs before its tests, but takes 26 s.',
      'Service containers take 23 s.',
    ],
  },
  '10-parental-leave': {
    findings: [
      {
        where: 'deploy-dev',
        what: 'environment-hop: production waits for the test cluster, but nothing looks at it in between: no test, no check, no approval. Let deploy-prod need only build.',
        saves: [66, 73],
      },
    ],
    traps: [
      'The image takes what `./gradlew build` has made. How much of the 163 s are tests is not in this file.',
      'setup-gradle keeps the caches of Gradle.',
      'The action that builds the image belongs to the platform and brings its own cache.',
      'Both deployments wait for their rollout. They are the deployment.',
    ],
  },

  '11-compiler-diary': {
    findings: [],
    traps: [
      'Crates have the cache of rust-cache. Write the pages compiles only the generator itself.',
      'The snapshots look at the pages that ship and take 23 s. A job of their own would save less than 30 s.',
      'clippy runs in parallel and ends before pages.',
      'The toolchain takes 11 s in each job.',
      'Publish is the deployment.',
    ],
  },
  '12-court-calendar-accounts': {
    findings: [],
    traps: [
      'The four accounts run in parallel: none is a hop on the way to production.',
      'Apply is the deployment itself, not infrastructure beside it.',
      'Apply makes its plan again, but a plan that is kept as an artifact would show secrets, and people look at the plan before they approve.',
      'The plan decides whether the second job runs at all. It is not needless.',
      'Init takes 20 s in both jobs. Keeping the providers would save less than a tenth of the path.',
    ],
  },
  '13-beach-cabins': {
    findings: [
      {
        where: 'image / Build and push / Build',
        what: 'image-without-layer-cache: `docker build` on a new runner installs all packages of the monorepo and compiles from the first layer. Use Buildx with cache-from and cache-to.',
        saves: [80, 150],
      },
    ],
    traps: [
      'Deploy is the rollout itself, and waits until the stack is stable.',
      'Reach the manager polls. It is no fixed wait.',
      '`latest` is a second tag of the same layers: its push takes a second.',
      'target only gives outputs.',
      'There are no tests in these files. That is a risk, not a delay.',
      'It is started by hand: the team decides when.',
    ],
  },
  '14-scrapbook-starter': {
    findings: [],
    traps: [
      'Lint, types, unit and browser tests run in parallel: only the browser tests count, and they guard the deployment.',
      'npm has the cache of setup-node. How much of Packages is a browser that npm downloads, or of Cypress is a second installation, is not in this file.',
      'The build is made in browser and in deploy, but takes 8 s.',
      'The cache is keyed by package.json because a starter has no lock file.',
      'To staging does not run for main: it is no hop.',
      'To production is the deployment.',
    ],
  },
  '15-chart-manual': {
    findings: [
      {
        where: 'site / Backend',
        what: 'builds-everything: each change of a text installs the whole backend, Java and Graphviz and draws the diagram again (134 s), though it depends on the models only. Keep the diagram with a key from the models, and skip these steps if it is there.',
        saves: [100, 133],
      },
      {
        where: 'site / Pages',
        what: 'no-compiler-cache: Docusaurus bundles from nothing. Keep `manual/node_modules/.cache` with actions/cache.',
        saves: [60, 120],
      },
    ],
    traps: [
      'yarn has no cache. One would save about 30 of 53 s, less than a tenth of the path.',
      'pip has its cache in the composite action. It compiles and installs for the rest of the time.',
      'Push to the site is the deployment. It has to clone the other repository.',
      'secrets takes no time, but a runner.',
      'PlantUML takes a second or two to download.',
    ],
  },
  '16-kernel-handbook': {
    findings: [
      {
        where: 'pdf / PDF',
        what: 'not-needed-by-deployment: the pages are ready after 763 s, but are published only when the PDF is ready (1,302 s), which they do not need. Make and publish the PDF in its own workflow.',
        saves: [480, 539],
      },
    ],
    traps: [
      'changed decides nothing for a push and holds both jobs, but it costs 61 s, less than a tenth of the path.',
      'The image of TeX takes 88 s, less than a tenth of the path. Installing TeX would take longer.',
      'pip has its cache in both jobs.',
      'The full history takes 54 s in pages, which is not the longest job. Whether the pages show dates is not in these files.',
      'The pages are packed by xz on all cores in 22 s. As single files they would take far longer.',
      'Copy to the bucket is the deployment.',
    ],
  },
  '17-web-address-desk': {
    findings: [
      {
        where: 'development / Compile the styles',
        what: 'no-dependency-cache: npm updates itself and downloads all packages in a container that starts empty on each run. Compile on the runner with setup-node and `cache: npm`.',
        saves: [35, 55],
      },
    ],
    traps: [
      'Whether Static files builds an image or pulls one is in the file of Compose, which is not here.',
      'Static files needs what the styles wrote: the two cannot run at the same time.',
      'Push is the deployment. Its rolling strategy waits for the new instances.',
      'The migrations are started, not awaited. That is a risk, not a delay.',
    ],
  },
  '18-chore-lists': {
    findings: [
      {
        where: 'build / Provision',
        what: 'provisioned-in-path: each change of the application makes Terraform compare the whole infrastructure before anything is deployed. Provision only if `infra` changed, or in its own workflow.',
        saves: [55, 84],
      },
    ],
    traps: [
      'Deploy is the deployment. How it builds its two services, and whether one after the other, is not in this file.',
      'Two sign-ins are needed, for two tools. They take 15 s.',
      'azure/login takes 11 s.',
    ],
  },
  '19-badminton-courts': {
    findings: [
      {
        where: 'build / Keep the folder',
        what: 'artifact-hand-over: the whole folder, with the packages for development in `node_modules`, is packed (41 s) and fetched (16 s) file by file. Prune it first, or deploy from the same job.',
        saves: [30, 55],
      },
    ],
    traps: [
      'npm has the cache of setup-node.',
      'Install, build and test are one step: how long the tests take is not in this file.',
      'Deploy is the deployment.',
      'The environment is production itself, not a hop.',
    ],
  },
  '20-receipt-scans': {
    findings: [
      {
        where: 'build-and-deploy / Packages',
        what: 'built-twice: the platform is told to build and installs all packages again, so those of the runner are uploaded for nothing. Drop the step, or turn the build of the platform off.',
        saves: [33, 45],
      },
    ],
    traps: [
      'setup-python has no cache, but the step need not run at all. A cache would save about 15 s.',
      'Deploy is the deployment, with the build of the platform in it.',
      'There are no tests in this file. That is a risk, not a delay.',
    ],
  },
};
