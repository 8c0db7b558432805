import type { Expert } from './work-expert.ts';

/**
 * The findings that a reviewer would sign for each workflow in `unseen`, and the traps. The list was written before the guard ran on
 * them, in the format of `work-expert.ts`: `saves` is a range of seconds for each deployment, if the team makes only that change.
 */
export const EXPERT: Record<string, Expert> = {
  '01-parcel-tracking': {
    findings: [
      {
        where: 'image / Build and push',
        what: 'image-without-layer-cache: Compose builds the image from the first layer on a new runner. Build it with Buildx and a cache.',
        saves: [85, 165],
      },
    ],
    traps: [
      'Update the service is the deployment. Its wait is the rollout itself.',
      'There are no tests in this file. That is a risk, not a delay.',
      'Two jobs for one path cost a few seconds.',
    ],
  },
  '02-meal-plans': {
    findings: [
      {
        where: 'images',
        what: 'image-after-tests: the images take nothing from the tests. Build them at the start, and let deploy need both.',
        saves: [265, 285],
      },
      {
        where: 'images / Frontend',
        what: 'needless-sequence: the frontend is built only when the backend is pushed, but takes nothing from it. Use a matrix of two images.',
        saves: [110, 121],
      },
      {
        where: 'images / Frontend',
        what: 'image-without-layer-cache: both images are built from the first layer on a new runner (289 s). Use cache-from and cache-to.',
        saves: [110, 210],
      },
    ],
    traps: [
      'setup-buildx-action alone is no layer cache.',
      'pip has no cache, but would save about 40 s, less than a tenth of the path.',
      'Initialize containers takes 27 s.',
      'The style takes 5 s.',
      'The message comes after the deployment.',
    ],
  },
  '03-reading-list': {
    findings: [],
    traps: [
      'The packages have their cache, and `npm ci` is skipped.',
      'A matrix with one entry costs nothing.',
      'Invalidate does not wait.',
      'Upload is the deployment.',
    ],
  },
  '04-choir-membership': {
    findings: [
      {
        where: 'deploy / Score component',
        what: 'built-twice: the deployment installs the Node packages and builds the component and the assets again, which the tests just did. Hand over the built folders.',
        saves: [90, 118],
      },
      {
        where: 'test / PHP packages',
        what: 'no-dependency-cache: Composer downloads everything in both jobs (97 s). Keep its cache folder with actions/cache.',
        saves: [55, 75],
      },
    ],
    traps: [
      'setup-node has its npm cache.',
      'The packages of production leave out those for tests, so `vendor` itself cannot be handed over.',
      'Switch the server is the deployment.',
      'The concurrency group keeps two deployments apart.',
    ],
  },
  '05-campus-notices': {
    findings: [
      {
        where: 'deploy / JAR',
        what: 'no-dependency-cache: Gradle downloads itself and all libraries on every run. Set `cache: gradle` in setup-java, or use setup-gradle.',
        saves: [60, 110],
      },
    ],
    traps: [
      'Image only packs the JAR, and takes 43 s. A layer cache would save less than a tenth of the path.',
      'New deployment is the rollout itself.',
      'Gradle may run and the settings take no time.',
    ],
  },
  '06-training-diary': {
    findings: [
      {
        where: 'build',
        what: 'needless-sequence: the build takes nothing from the tests, and deploy needs both anyway. Run them at the same time.',
        saves: [210, 226],
      },
      {
        where: 'build / Run actions/upload-artifact@v4',
        what: 'artifact-hand-over: `node_modules` is packed file by file (96 s) and fetched (57 s), but it is not copied to the server, which installs its own. Leave it out.',
        saves: [110, 148],
      },
      {
        where: 'test / Tests of the server',
        what: 'tests-in-sequence: the tests of the client, the server and the permissions run one after another on one runner. Give the server a job of its own.',
        saves: [60, 97],
      },
    ],
    traps: [
      'npm has the cache of setup-node. The packages take about 40 s in each job.',
      'The scan runs in parallel and ends before the tests and the build.',
      'Try it comes after the switch: its `sleep 15` delays no change.',
      'Fill the idle release and Switch the proxy are the deployment.',
      'The loop in it polls. It is no fixed wait.',
    ],
  },
  '07-wallet-services': {
    findings: [
      {
        where: 'deploy / Images',
        what: 'needless-sequence: six images are built one after another, but take nothing from one another. Use a matrix of services.',
        saves: [450, 625],
      },
      {
        where: 'deploy / Images',
        what: 'image-without-layer-cache: every image is built from the first layer on a new runner. Use Buildx with a cache for each service.',
        saves: [250, 500],
      },
      {
        where: 'deploy / Images',
        what: 'builds-everything: each of the last changes touched one service, but all six images are built. Build what changed.',
        saves: [500, 625],
      },
    ],
    traps: [
      'Maven has the cache of setup-java.',
      'Whether the images use the shared libraries of the runner is not in this file. They take 59 s.',
      'Start the new images is the deployment.',
      'The second push of each image only sends a tag.',
    ],
  },
  '08-equipment-loans': {
    findings: [
      {
        where: 'build / Restore',
        what: 'no-dependency-cache: NuGet downloads all packages on every run. Set `cache: true` in setup-dotnet with a lock file, or keep `~/.nuget/packages`.',
        saves: [47, 60],
      },
    ],
    traps: [
      'The staging slot is half of the deployment: the swap only exchanges what is warm there. It is no other environment.',
      'Publish takes 12 s, because the build of Release is there. It is not built twice.',
      'Initialize containers takes 37 s, less than a tenth of the path.',
      'The artifact takes 12 s to hand over.',
      'azure/login takes 12 s in each job.',
    ],
  },
  '09-language-school': {
    findings: [],
    traps: [
      'uv has its cache.',
      'Formatting and checks take 20 s. A runner of their own would save less than that.',
      'The push needs the history. The checkout takes 6 s.',
      'Push is the deployment. What the server does after it is not in this file.',
    ],
  },
  '10-product-opinions': {
    findings: [],
    traps: [
      'A change builds only the services it touches. The other legs skip all their steps.',
      'Each image has a cache with a scope of its own.',
      'The images are built in parallel: one leg counts.',
      'Start the new images is the deployment.',
      'changes takes 4 s, and the next runner.',
    ],
  },
  '11-short-links': {
    findings: [
      {
        where: 'image / image / Build and push',
        what: 'image-after-tests: the image takes nothing from the linter, the tests or the binary. Build it at the start, and let deploy need all of them.',
        saves: [145, 155],
      },
      {
        where: 'build / build / Compile',
        what: 'built-twice: the binary is compiled and thrown away, and the image compiles it again. Drop the job, or run it next to the tests.',
        saves: [50, 58],
      },
      {
        where: 'image / image / Build and push',
        what: 'image-without-layer-cache: the modules are downloaded and compiled from the first layer on every run. Use cache-from and cache-to.',
        saves: [60, 115],
      },
    ],
    traps: [
      'setup-go keeps modules and build results by default.',
      'The linter runs in parallel with the tests and ends long before them.',
      'setup-buildx-action alone is no layer cache.',
      'Roll out is the deployment.',
    ],
  },
  '12-bird-sightings': {
    findings: [],
    traps: [
      'Checks and tests run in parallel. The checks end long before the tests.',
      'Bundler has its cache in every job.',
      'Deploy builds the image, too, but how long that takes, and whether its builder has a cache, is not in these files.',
      'Initialize containers takes 23 s.',
      '`fetch-depth: 0` costs about 2 s.',
      'The headers of Postgres take 9 s.',
    ],
  },
  '13-game-backend-infrastructure': {
    findings: [],
    traps: [
      'Apply is the deployment itself, not infrastructure beside it.',
      'The plan is saved, and exactly it is applied. It is not planned twice.',
      'Init takes 17 s.',
      'The concurrency group protects the state.',
    ],
  },
  '14-form-mailer': {
    findings: [
      {
        where: 'deploy-test',
        what: 'environment-hop: production waits for the test stack, but nothing is tried there. Deploy both at the same time, or test it.',
        saves: [95, 108],
      },
    ],
    traps: [
      'The build is made once, and both stacks get it.',
      'The container of the build can be needed for compiled packages. How much of Build it costs cannot be seen.',
      'pip runs inside that container, so setup-python has nothing to keep.',
      'The artifact takes 16 s to hand over.',
      'CloudFormation is the deployment itself.',
    ],
  },
  '15-pharmacy-orders': {
    findings: [
      {
        where: 'release / Image',
        what: 'image-without-layer-cache: `docker build` on a new runner installs all packages and builds from the first layer. Use Buildx with a cache.',
        saves: [90, 180],
      },
      {
        where: 'release / Backup',
        what: 'needless-sequence: the backup takes nothing from the image. Make it in a job at the same time, before the migrations.',
        saves: [90, 103],
      },
    ],
    traps: [
      'The backup has to be made before the migrations, and these before the new revision.',
      'The backup is no copy of data for tests.',
      'The revision without traffic is a part of the deployment, not another environment.',
      'Look again comes after the traffic has moved: its `sleep 10` delays no change.',
      'setup-gcloud takes 19 s.',
    ],
  },
  '16-statistics-textbook': {
    findings: [
      {
        where: 'pages / French',
        what: 'needless-sequence: five translations are built one after another (269 s), but take nothing from one another. Build them in parallel, by a matrix or with `make -j`.',
        saves: [150, 212],
      },
      {
        where: 'pages / TeX',
        what: 'tools-installed-each-run: TeX and its fonts are downloaded and unpacked on every run. Use an image that has them, or keep the packages.',
        saves: [70, 100],
      },
    ],
    traps: [
      'pip has no cache, but would save about 15 s.',
      'The archive of the English pages takes 5 s.',
      'Publish is the deployment. What comes after it delays nothing.',
      'The concurrency group keeps two deployments apart.',
      'The schedule is for other content. No change waits for it: every push publishes.',
    ],
  },
  '17-snippet-host': {
    findings: [
      {
        where: 'test / Tests',
        what: 'no-compiler-cache: all crates are downloaded and compiled on every run, and deploy waits for it. Keep `target` and the registry (Swatinem/rust-cache). The image is ready after 240 s.',
        saves: [150, 184],
      },
    ],
    traps: [
      'Tests and image run in parallel. The image ends three minutes before the tests.',
      'The image has its layer cache.',
      'The tests compile the crates for themselves. That is no second build on the way.',
      'Deploy the image is the deployment, and builds nothing.',
    ],
  },
  '18-insurance-quotes': {
    findings: [
      {
        where: 'production / deploy / Build and push',
        what: 'built-twice: production builds the same image again, and not the one that was tried. Build it once, and copy it to the other registry.',
        saves: [165, 190],
      },
      {
        where: 'staging / deploy / Build and push',
        what: 'image-without-layer-cache: `docker build` on a new runner installs all packages again, in both environments. Use Buildx with a cache.',
        saves: [130, 260],
      },
    ],
    traps: [
      'Staging is tried before production. It is a gate, no needless hop.',
      'npm has the cache of setup-node.',
      'The browsers take 42 s, less than a tenth of the path.',
      'Deploy waits for the rollout, which the browser tests need.',
      'The concurrency group keeps two deployments apart.',
    ],
  },
  '19-hostel-finder': {
    findings: [
      {
        where: 'deploy / Build',
        what: 'built-twice: the build for Workers runs `next build` itself, so this one is thrown away. Drop it.',
        saves: [85, 92],
      },
      {
        where: 'deploy / Build for Workers',
        what: 'no-compiler-cache: Next.js compiles every page from nothing. Keep `apps/web/.next/cache` with actions/cache.',
        saves: [30, 70],
      },
    ],
    traps: ['pnpm has the cache of setup-node.', 'Deploy is the deployment.'],
  },
  '20-city-quiz': {
    findings: [
      {
        where: 'images / Build and push',
        what: 'image-after-tests: the images take nothing from the checks or the scan. Build them at the start, and let production need all of them.',
        saves: [195, 208],
      },
      {
        where: 'images / Build and push',
        what: 'emulated-platform: half of each image is built for ARM under QEMU, but one server pulls it. Build for the platform of the server, or ARM on an ARM runner.',
        saves: [120, 210],
      },
    ],
    traps: [
      'The scan takes 39 s, less than a tenth of the path.',
      'Each image has a cache with a scope of its own, for both platforms.',
      'The legs of both matrices run in parallel.',
      'pnpm has the cache of setup-node.',
      'Try it comes after the update: its `sleep 30` delays no change.',
      'Update the server is the deployment. Its parts have no times.',
    ],
  },
};
