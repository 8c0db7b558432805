import type { Expert } from './work-expert.ts';

/** The findings that a reviewer would sign in the plain set, and the traps in it. Written before the guard ran on it. */
export const EXPERT: Record<string, Expert> = {
  '01-shared-whiteboard': {
    findings: [
      {
        where: 'image',
        what: 'image-after-tests: the image takes nothing from the lints or the tests. Build it from the start, and let the rollout need all three jobs.',
        saves: [240, 274],
      },
      {
        where: 'tests',
        what: 'tests-in-sequence: the tests wait for the lints, but take nothing from them. Start both together.',
        saves: [200, 240],
      },
    ],
    traps: [
      'Rust is cached by the action of the runners: Clippy and the tests compile what has changed.',
      'The prune keeps what is younger than three days, so the machines seem to keep the layers. Whether the build of the image has a cache is not in these files.',
      'The second deployment waits for the first in one script: about a minute in 15, and the first may migrate the database. Too little and too uncertain.',
      'The database of the tests takes 9 s.',
      'The system packages and the SDK take 31 s in each of two jobs. An image for the runners would save less than a tenth.',
      'The whole history is fetched in 13 s.',
    ],
  },
  '02-printer-handbook': {
    findings: [],
    traps: [
      'The whole history is needed: Hugo takes the dates of the pages from it. It takes 21 s.',
      'Whether the build has a layer cache stands in the bake file, which is not here. Most of the build is Hugo, for each commit anew.',
      'The two uploads have different content types, and the upload is the deployment.',
      'The rules of the bucket and the redirects are part of the deployment, 27 s together.',
      'Nothing waits for the invalidation.',
      'One job is right: there is nothing to run beside it.',
    ],
  },
  '03-recall-codes': {
    findings: [
      {
        where: 'ship / Replace the report service',
        what: 'rolled-out-in-sequence: the report service starts only when the query service is stable, but takes nothing from it. Replace both in a matrix, or start both and wait once.',
        saves: [190, 234],
      },
      {
        where: 'ship / Image of the report service',
        what: 'needless-sequence: three images are built one after the other in one job, and none takes anything from another. Build them in a matrix.',
        saves: [130, 180],
      },
      {
        where: 'ship / Image of everything in one',
        what: 'not-needed-by-deployment: no service runs this image, but it is built and pushed before both are replaced. Build it in a job of its own, which nothing waits for.',
        saves: [90, 97],
      },
    ],
    traps: [
      'The images differ by the program that is compiled. None is the same image built again.',
      'The waits are for the stability of the services, not fixed.',
      'Both tags of an image have the same layers: the second push takes a second.',
      'There are no tests here, so no image waits for any.',
    ],
  },
  '04-ticket-brands': {
    findings: [
      {
        where: 'ship / build / Build and push the image',
        what: 'image-without-layer-cache: `docker build` on a new runner installs all packages before it builds the application. Use Buildx with a cache for each brand.',
        saves: [60, 130],
      },
      {
        where: 'ship / build / Source maps',
        what: 'not-needed-by-deployment: after the push, the job installs the packages only to upload source maps, and the deployment waits for that. Upload them in a job beside the deployment.',
        saves: [50, 58],
      },
    ],
    traps: [
      'The three brands run in parallel and have an image each, because the brand is built in. It is not built twice.',
      'The functions need no image, but beside the build they would be live even if the image fails.',
      'The application is not waited for: its step takes 8 s.',
      'Install packages has no cache in the deploying job, but a cache saves about 15 s of 34.',
      'The action for the packages caches the store of pnpm.',
      'The concurrency group keeps two releases of the same tag apart.',
    ],
  },
  '05-key-broker': {
    findings: [
      {
        where: 'deploy / Image of the broker',
        what: 'image-without-layer-cache: `docker build` on a new runner installs all Python packages for both images. Use Buildx with a cache.',
        saves: [80, 150],
      },
      {
        where: 'deploy / Image of the edge',
        what: 'needless-sequence: the image of the edge waits for that of the broker, but takes nothing from it. Build both in a matrix, or at the same time in this job.',
        saves: [55, 95],
      },
    ],
    traps: [
      'Both deployments get their image before either is waited for: they roll out together.',
      'Digests and signatures are needed: the cluster admits signed images.',
      'The plugin of gcloud takes about 20 s. Less than a tenth.',
      'The waits are for the rollouts, not fixed.',
      'There are no tests here, so no image waits for any.',
    ],
  },
  '06-habit-streaks': {
    findings: [
      {
        where: 'server / Archive',
        what: 'no-dependency-cache: each run downloads Gradle and all dependencies again. Add `cache: gradle` to setup-java, or use gradle/actions/setup-gradle.',
        saves: [35, 65],
      },
    ],
    traps: [
      'Image takes 27 s: it only puts the archive into a base image (the archive is built before). A layer cache would save next to nothing.',
      'The tests are left out of the build on purpose: nothing is tested twice.',
      'The two copies to the server take 10 s together.',
      'Restart is the deployment: it pulls the image and starts the container.',
    ],
  },
  '07-repair-shop-jobs': {
    findings: [
      {
        where: 'image / Build and push (after the workflow Checks)',
        what: 'image-after-tests: the image takes nothing from the checks, and begins only when they have ended. Build it at the push, beside the checks, and let only the rollout wait for both.',
        saves: [100, 122],
      },
      {
        where: 'image / Build and push',
        what: 'image-without-layer-cache: no Buildx and no `cache-from`/`cache-to`, so each build restores all packages on a new runner. The compilation stays.',
        saves: [30, 60],
      },
    ],
    traps: [
      'Restore takes 23 s without a cache of NuGet: a cache would save less than 30 s.',
      'Both the checks and the Dockerfile compile the solution. Handing over the output of one to the other would be a larger change than running them at the same time.',
      'Rollout takes 50 s and mostly waits for Azure.',
      'The update names the image of the tested commit: nothing is built twice for the deployment.',
    ],
  },
  '08-tutor-bots': {
    findings: [
      {
        where: 'live (needs: lab)',
        what: 'environment-hop: production waits until the stacks are deployed to lab, but its condition does not ask whether that succeeded, and nothing is tested there. Let it need only the check.',
        saves: [170, 193],
      },
    ],
    traps: [
      'pnpm has its cache in each job. Installing takes 9 s.',
      'cdk deploy is the deployment itself, not infrastructure before another deployment.',
      'Lint and types take 27 s in a path of ten minutes.',
      'Print what will change takes 33 s, about 5% of the path.',
      'How many stacks there are, and which need which, is not in the file: `--concurrency` cannot be signed.',
      'The concurrency group keeps two deployments apart.',
    ],
  },
  '09-shop-ledgers': {
    findings: [
      {
        where: 'image / Build and push (needs: test)',
        what: 'image-after-tests: the image takes nothing from the tests. Build it beside them, and let the job ship need both.',
        saves: [90, 104],
      },
      {
        where: 'test / Known vulnerabilities',
        what: 'not-needed-by-deployment: the scans, the formatting and the style come before the tests, in the same job, though the tests take nothing from them. A job of their own runs beside the tests.',
        saves: [60, 80],
      },
    ],
    traps: [
      'The image has its layer cache in the registry.',
      'The downloads of pip are kept (even twice, which costs 4 s). The rest of Packages is installing.',
      'The backup before the migrations is on purpose, and how long it takes is not to be seen.',
      'Is it healthy? polls and ends with the first answer. It is no fixed wait.',
      'The service container takes 18 s, and the tests need it.',
    ],
  },
  '10-pulse-endpoint': {
    findings: [],
    traps: [
      'Staging is tested by a smoke test before production follows, on purpose.',
      'The plan is made in the job that applies it, and apply uses that plan: it is not made twice.',
      'Terraform is the deployment itself: it also brings the code of the function.',
      'The scan takes 18 s and is the only gate.',
      'Init takes 14 s. A cache of providers would save less than it costs to explain.',
      'The concurrency group keeps two applies apart.',
    ],
  },
  '11-allergy-cards': {
    findings: [
      {
        where: 'check / Coverage',
        what: 'no-compiler-cache: only `deps` is kept, not `_build`. All packages are compiled in each run, once for Credo (dev) and once more for the tests. Keep `_build`, too, or run Credo with MIX_ENV=test and keep that.',
        saves: [110, 175],
      },
    ],
    traps: [
      'Packages is skipped, because its cache was hit: the packages are not downloaded each time.',
      'Tests repeats what Coverage has run, but takes only 17 s.',
      'Credo holds the deployment, but nearly all of its time is the compiler; with `_build` it takes some seconds. Format, the coverage service and Digest take 3 to 5 s.',
      'Push to the platform is the deployment, too: the platform builds the release, and a push cannot build without deploying. Its caches are not in this file.',
      'The full history in deploy takes 3 s, and a push by Git needs it.',
      'Postgres starts in 16 s, and the tests need it.',
    ],
  },
  '12-sourdough-log': {
    findings: [
      {
        where: 'ship / kamal / Kamal',
        what: 'image-after-tests: `kamal deploy` builds and pushes the image only after the tests. Run `kamal build push` in a job beside them, then `kamal deploy --skip-push`.',
        saves: [60, 105],
      },
    ],
    traps: [
      'tests / style runs beside the unit tests and is shorter: Brakeman and RuboCop delay nothing.',
      'The runner of the team may keep the layers of the image between runs, and the settings of Kamal are not in these files: a missing layer cache cannot be seen.',
      'The gems have their cache in all three jobs.',
      'The private network, the password tool and Buildx are set up in each run, but take 3 to 9 s.',
      'The headers of PostgreSQL take 8 s, the database 6 s.',
      'Kamal is the deployment, too: starting the containers and their health checks stay.',
    ],
  },
  '13-fountain-finder': {
    findings: [
      {
        where: 'deploy / Build',
        what: 'image-after-tests: `vercel build` takes nothing from the tests. Build in a job beside them, hand `.vercel/output` over, and only deploy after them.',
        saves: [95, 130],
      },
      {
        where: 'browser / playwright / Packages',
        what: 'no-dependency-cache: no setup-node has `cache: yarn`. The browser tests install everything from the network on the path, and so does `vercel build`.',
        saves: [40, 75],
      },
    ],
    traps: [
      'unit / vitest installs without a cache, too, but ends long before the browser tests.',
      'Until it answers polls; it is no fixed wait.',
      'The browser tests run against a development server and need no build.',
      'Browsers takes 49 s, but `--with-deps` installs system packages as well: a cache of the browsers saves less than 30 s.',
      "Vercel's tool takes 12 s.",
    ],
  },
  '14-lost-umbrellas': {
    findings: [],
    traps: [
      'Packages are cached; `npm ci` for the functions takes 17 s, and few of them would be saved by a cache for their lock file.',
      'The site and the functions are built one after the other, but both halves together take 76 s: parallel jobs would save less than 30 s.',
      'Deploy takes everything, but Firebase skips functions that have not changed.',
      'There are no tests. That is no matter of time.',
    ],
  },
  '15-campus-clubs': {
    findings: [
      {
        where: 'deploy / Build and start',
        what: 'image-without-layer-cache: `build --no-cache` throws away the layers that the machine still has, for four images. Without it only the changed layers are built.',
        saves: [170, 270],
      },
      {
        where: 'web-build / Build',
        what: 'image-after-tests: the pages are built only after the checks of the web half, from which they take nothing. Build beside them and copy to the machine in deploy.',
        saves: [85, 115],
      },
      {
        where: 'web-checks / web / Sonar',
        what: 'not-needed-by-deployment: the scan holds the build and the deployment. Put it in a job that nothing needs.',
        saves: [78, 91],
      },
    ],
    traps: [
      'server-checks runs beside the web half and ends before it: its Sonar, lint and templates of mails delay nothing.',
      'The full history is for Sonar and takes some seconds only.',
      'npm and pipenv have their caches; `npm ci` is in two jobs, with other packages in each.',
      'Save the database is a safeguard before the deployment. The virtual environment in it takes less than 30 s.',
      '`if: always()` lets deploy run if one half has not changed. That it also runs after failed tests is no matter of time.',
      'halves takes 7 s and saves whole jobs when one half has not changed.',
    ],
  },
  '16-shift-planner': {
    findings: [],
    traps: [
      'Apply the plan is the deployment itself: it updates the containers, and has to follow the images, the plan and the gate.',
      'The gate is the whole suite again after the merge, but it runs beside the images and takes as long as the client image: neither alone shortens the path.',
      'Lint, types and migrations run beside the tests and are far shorter.',
      'The client image has a registry cache; its settings are built in for each stage.',
      'The build in the tests is not the build in the images, and comes from the Turborepo cache.',
      'The hand-over of the plan takes 2 s, and what was planned is what is applied.',
      'The release for the error tracker holds nothing.',
      'The service container starts in 16 s, beside a job that is as long.',
    ],
  },
  '17-probability-handbook': {
    findings: [],
    traps: [
      'The tests follow the build in the same job, but take 13 s.',
      'The whole history costs a few seconds, and the pages may show dates from it.',
      'The packages come from a cache of pnpm.',
      'The hand-over to Pages cannot be left out: deploy-pages takes its artifact.',
    ],
  },
  '18-club-calendar': {
    findings: [
      {
        where: 'web / image / Build and push',
        what: 'image-without-layer-cache: Buildx starts from the first layer on a new runner, so all packages of the app are installed again for each release. Set cache-from and cache-to (and copy the package files before the sources).',
        saves: [60, 120],
      },
    ],
    traps: [
      'The server image is built after its tests, without a cache, and its packages are installed without one, but its workflow (127 s) runs beside the web image (253 s): nothing there shortens the path.',
      'The commit to the GitOps repository is the deployment as this run sees it; how often the cluster looks is not in these files.',
      'The cosign installer is never used, but takes 3 s.',
      'names takes no time of its own.',
    ],
  },
  '19-map-reading-room': {
    findings: [
      {
        where: 'production / publish / Build and push the image',
        what: 'image-after-tests: the image for production takes nothing from the trial or the browser tests. Build and push it at the start under the tag of the commit; after the tests only move the tag and update the service.',
        saves: [200, 228],
      },
      {
        where: 'production / publish / Build and push the image',
        what: 'image-without-layer-cache: docker build on a new runner installs all packages from the first layer, on the path twice (213 s for the trial, 219 s for production). Build with Buildx and a registry cache.',
        saves: [80, 160],
      },
      {
        where: 'browser / tests / Tests of the search',
        what: 'tests-in-sequence: the tests of the search take nothing from those of the catalogue, and run whether or not these pass. Run both together.',
        saves: [80, 92],
      },
    ],
    traps: [
      'The image is built twice because the stage, the monitor and the statistics are built into it: the image of the trial cannot be promoted as it is.',
      'The trial comes before production on purpose: the browser tests run on it.',
      'Neither update of a service waits until it is stable. The tests may meet the old version, and production is live only after the run: a risk, not a delay to cut.',
      'The tag and the release run beside the deployment.',
      'The cache of npm in the two jobs that only build an image is of no use there, but costs a few seconds.',
      'Only Chromium is installed, in 12 s.',
    ],
  },
  '20-crystal-workbench': {
    findings: [
      {
        where: 'tools / Build and push',
        what: 'image-without-layer-cache: docker build on a new runner makes the large images from the first layer (407 s), while the other five have a cache. Use build-push-action here too, with a cache in the registry.',
        saves: [200, 330],
      },
    ],
    traps: [
      'The five other images have a cache for each part, and are done long before the tools.',
      'A matrix builds all its parts if one of them changed, but in parallel.',
      'changes takes nothing from settings, but is done in 4 s.',
      'yq, gomplate and Helm are downloaded in each job, in 1 to 3 s.',
      'Upgrade is the deployment: its wait is the rollout.',
      'verify runs after the deployment, and chart beside it.',
      'There are no tests in this file. That is a risk, not a delay.',
    ],
  },
};
