import type { Expert } from './work-expert.ts';

/**
 * The findings that a reviewer would sign for each workflow in `last`, and the traps. The list was written before the guard ran on
 * them, in the format of `work-expert.ts`: `saves` is a range of seconds for each deployment, if the team makes only that change.
 */
export const EXPERT: Record<string, Expert> = {
  '01-clinic-results': {
    findings: [
      {
        where: 'image / Build the image of this commit and push it',
        what: 'built-twice: the workflow for staging has built and pushed an image of the same commit. Deploy that one, and the slot need not wait.',
        saves: [240, 299],
      },
    ],
    traps: [
      'Staging comes first on purpose: its slot has to be ready with the new migrations, and the swap checks it again. Production follows without a person.',
      'Apply, with the image in the slot is the first half of the deployment, though it is Terraform.',
      'Both waits poll for the commit and for readiness. Neither is a fixed wait.',
      'The pages are built again because the settings of a stage are built into them, in parallel with the image.',
      'The slot is a part of production, not another environment.',
      'What image.sh keeps in a cache is not in these files.',
    ],
  },
  '02-survey-app-by-kamal': {
    findings: [
      {
        where: 'ship / Build and roll out',
        what: 'image-without-layer-cache: Kamal builds the image on a new runner, and its configuration names no cache. Set `builder: cache:` to the registry.',
        saves: [120, 240],
      },
    ],
    traps: [
      'Build and roll out is the deployment, too. Only the build in it can be faster.',
      'Bundler has its cache. Kamal itself takes 22 s.',
      'setup-buildx-action alone is no layer cache.',
      'The concurrency group keeps two deployments apart.',
    ],
  },
  '03-feature-flags': {
    findings: [
      {
        where: 'release / deploy / Roll out the worker',
        what: 'rolled-out-in-sequence: the worker starts only when the API is stable, but takes nothing from it except the migrations. Update both services after the migrations, and wait once.',
        saves: [150, 188],
      },
    ],
    traps: [
      'release / image has the environment, but only builds.',
      'release / browser has the environment and runs after the deployment: it delays nothing.',
      'The remote builder keeps its layers between runs; there is no `cache-from` to set.',
      'schema runs in parallel, and no job waits for it.',
      'The migrations must end before the API is updated.',
    ],
  },
  '04-event-analytics': {
    findings: [
      {
        where: 'Build and deploy / Build and push',
        what: 'image-without-layer-cache: `docker build` on a new runner installs all Python and Node packages and builds the assets from the first layer.',
        saves: [250, 480],
      },
    ],
    traps: [
      'Four services are updated one after the other, but no step waits for a rollout: 10 s in all.',
      'The assets come from the image and must be in the bucket before the services start.',
      'Rendering four task definitions takes a second.',
      'errors runs in parallel.',
      'The migrations are started, not awaited. That is a risk, not a delay.',
    ],
  },
  '05-sign-in-functions': {
    findings: [],
    traps: [
      'All modules are built whatever changed, but in parallel: one leg counts. An equal package is not signed again.',
      'setup-gradle reads a cache that another workflow writes. `cache-read-only` is not "no cache".',
      'setup-java needs no cache next to setup-gradle.',
      'Sign waits until the signature exists: no fixed wait.',
      'promotion-tokens needs the packages. All artifacts together take 20 s.',
      'settings and change only give outputs.',
    ],
  },
  '06-screening-map': {
    findings: [
      {
        where: 'build (18) / Site',
        what: 'no-compiler-cache: Gatsby starts from nothing. Keep `client/.cache` and `client/public` with actions/cache.',
        saves: [80, 150],
      },
      {
        where: 'build (18) / Packages',
        what: 'install-without-cache: setup-node has no `cache: npm`, and no other step keeps packages.',
        saves: [45, 85],
      },
      {
        where: 'build (18) / Test',
        what: 'needless-sequence: the tests run after the build in the same job and take nothing from it. Run them in their own job, in parallel.',
        saves: [50, 66],
      },
      {
        where: 'build (18) / Lint',
        what: 'analysis-in-path: the linter runs between the build and the tests. The pull request has seen it; a job in parallel is enough.',
        saves: [38, 43],
      },
    ],
    traps: [
      'The artifact takes 21 s in both directions.',
      'Copy to the bucket and Invalidate are the deployment.',
      'The matrix has one leg.',
    ],
  },
  '07-home-demo': {
    findings: [],
    traps: [
      'The packages have the cache of setup-node. 43 s remain to link them.',
      'netlify-cli is installed in the step that deploys: about 20 of its 58 s, too little to cache.',
      'Send to Netlify is the deployment.',
      'Demo production is the environment itself, not a hop.',
    ],
  },
  '08-contact-book': {
    findings: [
      {
        where: 'assets / Lint',
        what: 'analysis-in-path: a release is made of commits that were linted, and the job that builds the assets waits for the linter again.',
        saves: [35, 41],
      },
    ],
    traps: [
      '`fetch-depth: 0` is needed in both jobs: for `git describe`, and because a shallow clone cannot be pushed. It takes 12 s.',
      'Composer and yarn have their caches.',
      'Push to the host is the deployment.',
      'errors has an environment of its own, but deploys nothing and runs in parallel.',
      'A person makes the release: the team decides when.',
    ],
  },
  '09-family-allowance': {
    findings: [
      {
        where: 'Build, push and deploy / Test and package',
        what: 'one-long-test-job: all tests run inside `mvn package` on one runner, and the image waits for all of them. Package without tests, and split the tests over other jobs.',
        saves: [180, 300],
      },
      {
        where: 'Build, push and deploy / Deploy to the test cluster',
        what: 'environment-hop: the step waits for a rollout to the test cluster that nothing looks at. Deploy to it in parallel, or afterwards.',
        saves: [88, 98],
      },
    ],
    traps: [
      'Maven has the cache of setup-java.',
      'The image only copies the package: a layer cache has nothing to save.',
      '`fetch-depth: 0` is not needed, but takes 17 s with everything else in the checkout.',
      'The push of `latest` takes 2 s.',
    ],
  },
  '10-course-applications': {
    findings: [],
    traps: [
      'qa and staging are deployed together, and smoke tests try both before production.',
      'lint and test need the image: they run in it.',
      'Tests are split over twelve legs. Preparing databases costs its 41 s once.',
      'Containers of the tests take 39 s, of which 24 s are the image that ships.',
      'The image of the packages is the cache of the second build, not a second build of the same thing.',
      'production / ./.github/actions/deploy runs Terraform with the tag of the image: it is the deployment.',
      'sandbox comes after production.',
      'lint ends five minutes before test: it is not on the path.',
    ],
  },
  '11-game-engine-site': {
    findings: [
      {
        where: 'site / Examples',
        what: 'builds-everything: the examples are made from the latest release of the engine, yet every change of a text compiles them again. Build them in their own workflow, when the engine is released, and keep the result.',
        saves: [1000, 1264],
      },
      {
        where: 'site / Examples',
        what: 'no-compiler-cache: the engine and all its crates are compiled from source on every push. Keep `target` and the registry (Swatinem/rust-cache).',
        saves: [600, 950],
      },
      {
        where: 'site / Examples',
        what: 'toolchain-from-scratch: `cargo install wasm-bindgen-cli` compiles a tool that can be downloaded.',
        saves: [60, 90],
      },
    ],
    traps: [
      'Community assets have a cache for each day. They call an API for the rest of the time.',
      'Pages is the deployment, and builds the site in the same action.',
      'The schedule is a second trigger. A change does not wait for it.',
      'The clone of the engine is shallow.',
      'Examples share one target folder: the loop compiles the engine once.',
    ],
  },
  '12-data-frame-manual': {
    findings: [
      {
        where: 'manual / Compile the library',
        what: 'no-compiler-cache: all C and Cython sources are compiled on every push. Keep the objects with ccache or sccache.',
        saves: [130, 210],
      },
    ],
    traps: [
      'Manual takes 41 minutes because its pages run the examples with this version of the library. Keeping old pages would show old results.',
      'The version comes from the tags: the history is needed, and takes 34 s of 53 minutes.',
      'The environment has the cache of setup-micromamba.',
      'The zip is a part of what is uploaded.',
      'Keep it runs after the upload.',
      'The web pages are live before the manual, but both are one deployment.',
    ],
  },
  '13-article-pages': {
    findings: [
      {
        where: 'publish / publish / Pack the fronts',
        what: 'built-in-sequence: four folders are packed one after the other and take nothing from one another. Pack them at the same time.',
        saves: [50, 62],
      },
      {
        where: 'image / build / Container',
        what: 'image-without-layer-cache: buildah starts from the first layer on every run, though most layers hold packages that rarely change.',
        saves: [50, 100],
      },
      {
        where: 'browser / Browser 1 / Browsers',
        what: 'toolchain-from-scratch: the browser and its system packages are installed in every leg. Use the image of Playwright, or a cache.',
        saves: [25, 45],
      },
    ],
    traps: [
      'prettier, jest and lint run in parallel with the image and end before the browser tests.',
      'browser needs the image: it tests what ships, in six shards.',
      'Initialize containers pulls that image.',
      'The deployment itself is made by a service that is not in these files. Handing over is its last step here.',
      'Packages have the cache of pnpm.',
    ],
  },
  '14-prescriptions': {
    findings: [
      {
        where: 'package / package / Functions',
        what: 'image-after-tests: packaging takes nothing from the checks or the version, but waits for both. Start it at once, and let dev need all three.',
        saves: [330, 367],
      },
      {
        where: 'checks / checks / Tools',
        what: 'toolchain-from-scratch: asdf compiles Python and downloads all tools twice on the path (151 s and 148 s), without a cache. Keep `~/.asdf`, or use an image.',
        saves: [200, 285],
      },
      {
        where: 'checks / checks / Lint',
        what: 'analysis-in-path: licences, the linter and SonarCloud (162 s) run in one job with the unit tests, before anything is released. Run them in parallel.',
        saves: [130, 162],
      },
      {
        where: 'dev / release / Release notes for the wiki',
        what: 'not-needed-by-deployment: the regression tests of three stages wait until a wiki and a page have been written (48 s each). Write them in a job that nothing needs.',
        saves: [110, 144],
      },
    ],
    traps: [
      'dev, qa and int are each tried by regression tests, against different back ends. None is a hop without a check.',
      'ref and dev-sandbox run in parallel with the path.',
      'Start the tests in their repository and wait polls.',
      'prod / release / Release is the deployment, though it is CloudFormation.',
      '`fetch-depth: 0` with a sparse checkout takes 4 s.',
      'It is started by hand: the team decides when.',
    ],
  },
  '15-chat-client': {
    findings: [],
    traps: [
      'Wait for the checks of the tag polls, and runs while those checks run anyway.',
      'The version that is live is downloaded so that open tabs still find their bundles.',
      'Nothing is built here: the release has the files.',
      'A person publishes the release: the team decides when.',
    ],
  },
  '16-house-app-for-android': {
    findings: [
      {
        where: 'Bundles for the store / Build',
        what: 'built-in-sequence: phone, watch and car are built by one Gradle command after the other, in both jobs. Name all tasks in one command, or use a matrix.',
        saves: [250, 500],
      },
    ],
    traps: [
      'APKs and bundles are different outputs with different keys, in parallel: not the same build twice.',
      'setup-gradle keeps packages and the build cache.',
      'The number of commits needs the history. The checkout takes 19 s.',
      'Send to the store is the deployment; testers get theirs in parallel.',
      'The artifact takes 21 s.',
    ],
  },
  '17-field-mapping': {
    findings: [
      {
        where: 'api-image / image',
        what: 'image-after-tests: both images wait for tests in other images and take nothing from them. Build and try them at the same time, and let deploy need the tests as well.',
        saves: [225, 255],
      },
    ],
    traps: [
      'api-smoke and web-smoke have the environment for its settings. They deploy nothing: they start the image that ships, on the runner.',
      'Images of the tests and of production are other targets: not the same build twice. Both have a cache.',
      '`sleep 5` takes five seconds, off the path.',
      'Pull and start is the deployment; `--wait` waits for health checks.',
      'web-unit ends five minutes before web-browser.',
    ],
  },
  '18-secret-store': {
    findings: [
      {
        where: 'Deploy to the trial stage',
        what: 'environment-hop: production waits until the trial stage is stable, but no test runs there. Deploy to both together, or test it.',
        saves: [275, 297],
      },
      {
        where: 'image / Build and push',
        what: 'image-after-tests: the image takes nothing from the integration tests. Build it in parallel, and let the first deployment need both.',
        saves: [200, 222],
      },
      {
        where: 'Deploy to the United States / Packages',
        what: 'install-without-cache: each deployment installs all packages to run migrations, without a cache (49 s and 51 s before the first region is live). Run the migrations from the image, or turn on the cache.',
        saves: [50, 90],
      },
      {
        where: 'image / See that the packages install',
        what: 'not-needed-by-deployment: the packages are installed on the runner, and nothing uses them. The build of the image installs them again.',
        saves: [40, 43],
      },
    ],
    traps: [
      'Europe after the United States: a region at a time is a careful rollout, and the first region is production already.',
      'Two platforms are built by a remote builder with machines of both kinds. Nothing is emulated, and its layers are kept.',
      'Roll out is the deployment, though a notice follows it.',
      'The migrations must run before the rollout.',
      'The containers of the tests start in 16 s.',
      'It is started by hand: the team decides when.',
    ],
  },
  '19-ballot-data': {
    findings: [
      {
        where: 'Synth (staging)',
        what: 'needless-sequence: making the templates takes nothing from the tests, and the deployment makes them again. Run it in parallel with the tests, and let the deployment need both.',
        saves: [88, 97],
      },
    ],
    traps: [
      'staging is tried: its state machines run once before production.',
      'Deploy and try is the deployment, though it is CDK.',
      'Synth (production) runs in parallel with staging, and has the environment only for its settings.',
      'Packages of both kinds have caches. Each job needs them.',
      'uv run ruff takes a second.',
    ],
  },
  '20-staff-intranet': {
    findings: [
      {
        where: 'images / build / Build and push',
        what: 'image-without-layer-cache: every layer is built on a new runner, including all plugins and the assets.',
        saves: [140, 260],
      },
    ],
    traps: [
      'Three of the images are targets of one Dockerfile. The later ones reuse what the first has built; only the small fourth is independent.',
      'development and staging have no check, but each costs 15 s.',
      'No step waits for a rollout: the cluster follows in its own time.',
      'addresses runs in parallel with the images.',
      'kubectl apply is the deployment of the site, not of infrastructure.',
    ],
  },
};
