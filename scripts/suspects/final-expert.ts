import type { Expert } from './work-expert.ts';

/**
 * The findings that a reviewer would sign for each workflow in `final`, and the traps. The list was written before the guard ran on
 * them, in the format of `work-expert.ts`: `saves` is a range of seconds for each deployment, if the team makes only that change.
 */
export const EXPERT: Record<string, Expert> = {
  '01-apprentice-diary': {
    findings: [
      {
        where: 'preproduction',
        what: 'environment-hop: production waits until the bucket of pre-production is full, and nothing looks at it. Fill both in parallel, or test the first one.',
        saves: [140, 149],
      },
      {
        where: 'production / Build the pages',
        what: 'built-twice: pre-production has built the same pages with the same command and no settings of its own. Hand its `dist` over as an artifact.',
        saves: [105, 133],
      },
      {
        where: 'preproduction / Build the pages',
        what: 'no-dependency-cache: `npm install` downloads all packages in both jobs. Add setup-node with `cache: npm`.',
        saves: [40, 80],
      },
    ],
    traps: [
      'Fill the bucket is the deployment. It takes 10 s.',
      'There is no setup-node because the runner has Node already.',
    ],
  },
  '02-podcast-transcoder': {
    findings: [
      {
        where: 'lint / javascript',
        what: 'not-needed-by-deployment: packages and images wait for the linters, of which the slowest takes 94 s. Build at once, and let staging need both.',
        saves: [85, 94],
      },
      {
        where: 'package / build / Build all functions',
        what: 'no-compiler-cache: `sam build` makes all functions from nothing, though in parallel. Add `--cached` and keep `.aws-sam` with actions/cache.',
        saves: [80, 115],
      },
    ],
    traps: [
      'Staging is tried by acceptance tests in both regions: no hop without a check.',
      'Regions are deployed in parallel by a matrix.',
      'An image has the hash of its folder as tag, and is only built if the registry does not have it: 2 s.',
      'Two regions build the same images in parallel. Neither is on the path.',
      'Packages are zipped and travel as an artifact, about 26 s in the first two jobs that need it.',
      'Deploy the stack is the deployment, though it is CloudFormation.',
      'npm packages of the linter have no cache, but the linter need not hold anything up.',
    ],
  },
  '03-meetup-pages': {
    findings: [
      {
        where: 'firebase / npm ci',
        what: 'no-dependency-cache: setup-node has no `cache: npm`, so 76 s go into downloads and links. The cache saves the downloads.',
        saves: [30, 45],
      },
    ],
    traps: [
      '`firebase deploy` is the deployment: pages, rules and functions in one command.',
      'The build takes the content of the database, so that its result cannot be kept.',
      'The concurrency group keeps two deployments apart.',
    ],
  },
  '04-quote-service': {
    findings: [
      {
        where: 'image / Build',
        what: 'image-after-tests: the image takes nothing from the tests, which build an image of their own. Build both at the same time, and let staging need both.',
        saves: [480, 496],
      },
      {
        where: 'image / Build',
        what: 'image-without-layer-cache: `docker build` on a new runner compiles all crates from the first layer. Use buildx with a cache in the registry, and a layer for the dependencies.',
        saves: [250, 450],
      },
    ],
    traps: [
      'Staging is asked for its health before production: no hop without a check.',
      'Tests are compiled by another file with another profile. That is not the same build twice.',
      'The push for everybody is not needed by the cluster, but takes 11 s.',
      'live-health runs after the deployment.',
      'The probes retry until the page answers. They are no fixed waits.',
    ],
  },
  '05-route-planner': {
    findings: [],
    traps: [
      'The layers come from the image in the registry: `--cache-from` with an inline cache. 53 s are good.',
      'Wait until it runs polls. App Runner itself needs these four minutes.',
      'Create the service is skipped if there is one.',
      'Pointing the domain again takes 4 s.',
      'Updating the service is the deployment, not provisioning beside it.',
    ],
  },
  '06-power-forecast': {
    findings: [
      {
        where: 'deploy / Send the packages',
        what: 'rolled-out-in-sequence: a loop sends one package after the other and waits about 82 s for each app. Send them at the same time, or use a matrix.',
        saves: [150, 164],
      },
    ],
    traps: [
      'Restore has no cache of NuGet packages, but all of it takes 48 of 511 s.',
      'Package uses what Build made (`--no-build`): nothing is built twice.',
      'Tests use the same build. In a job of their own they would compile everything again.',
      'Three packages are one solution, built by one command.',
      'The artifact takes 14 s in both directions.',
      'Links for the summary runs after the deployment.',
    ],
  },
  '07-spectra-archive': {
    findings: [
      {
        where: 'deploy / Application image',
        what: 'image-after-tests: both images take nothing from the tests. Build them in a job of their own, in parallel, and let the deployment need both.',
        saves: [400, 435],
      },
      {
        where: 'deploy / Application image',
        what: 'image-without-layer-cache: build-push-action has no `cache-from`, so that packages and assets are made from the first layer on every run.',
        saves: [180, 310],
      },
      {
        where: 'deploy / Web server image',
        what: 'built-in-sequence: the image of the web server comes from a file of its own, and waits for the image of the application. Build both at the same time.',
        saves: [100, 124],
      },
    ],
    traps: [
      'Composer and npm have no caches in the tests. All downloads together are less than a tenth of the path.',
      'Three restarts are started together; one of them is awaited.',
      'Services take 19 s, the database is set up once in 29 s.',
      'The coverage driver is installed twice, by setup-php and by apt, for 21 s.',
      'Assets of the tests and of the image are made in different places at different times.',
    ],
  },
  '08-benefit-letters': {
    findings: [
      {
        where: 'image / Build',
        what: 'image-without-layer-cache: the last image is pulled as a cache, but was pushed without `BUILDKIT_INLINE_CACHE=1`, so that nothing of it is used. Use buildx with `cache-to`.',
        saves: [140, 250],
      },
    ],
    traps: [
      '`--cache-from` looks like a cache. Five minutes for a Python image show that it is none.',
      'The command line of AWS is on the runner already, but installing it takes 9 s.',
      'Another workflow in another repository deploys. It is only started here.',
      'List of materials runs after that.',
    ],
  },
  '09-feed-filter': {
    findings: [],
    traps: [
      'The composite action keeps crates and targets with rust-cache; `cache: false` belongs to the toolchain action.',
      'turnstile and claims run in parallel, and nothing waits for them.',
      'Pulumi is the deployment: the function is a part of the stack.',
      'pnpm has its cache.',
      'The concurrency group of the job waits for another workflow of the same commit on purpose: the second one finds the cache of the first.',
    ],
  },
  '10-factory-cameras': {
    findings: [
      {
        where: 'server / Ansible',
        what: 'tools-installed-each-run: `apt install ansible` takes a minute, and the runner has ansible-core already. Fetch only the collections that the playbook uses.',
        saves: [45, 61],
      },
    ],
    traps: [
      'Play is the deployment. What the playbook waits for is not in these files.',
      'Two branches share the file, but not a run.',
    ],
  },
  '11-case-files': {
    findings: [
      {
        where: 'heroku / Build and push what ships',
        what: 'image-after-tests: the image that ships is built without the argument of the tests, so it takes nothing from the step before. Build it in a job of its own, in parallel, and release when both are done.',
        saves: [125, 142],
      },
    ],
    traps: [
      'Layers are kept in actions/cache: a key with the commit and `restore-keys` finds those of the last run.',
      'Both builds use one file, but other targets and arguments. It is not the same build twice.',
      'The image is pulled back from one registry to be pushed to another. All of Release takes 58 s.',
      'How much of the first build is tests cannot be seen.',
    ],
  },
  '12-build-insights': {
    findings: [
      {
        where: 'production / Deploy',
        what: 'image-after-tests: the image of production has its own `MIX_ENV` and takes nothing from the canary or its tests, but is built after both. Build and push it at the start, and deploy it with `--image`.',
        saves: [100, 160],
      },
    ],
    traps: [
      'The canary is tried by acceptance tests: no hop without a check.',
      'Two environments build with different arguments. Production cannot take the image of the canary.',
      'The remote builder keeps its layers between runs. `--remote-only` has no cache to set.',
      '`--wait-timeout` is a limit, not a wait.',
      'The runner of the Mac takes 21 s to start.',
      'Packages of Swift have their cache.',
    ],
  },
  '13-split-the-bill': {
    findings: [],
    traps: [
      'setup-gradle keeps packages and the build cache; `clean` does not remove it.',
      'The image only copies the package: a layer cache has nothing to save, and 15 s are all that the tests hold up.',
      '`sleep 15` comes after nginx has switched. The change is live by then.',
      'The health check polls every two seconds.',
      'The server is its own runner: its packages and images stay on its disk.',
      'Two ports are two containers of production, not another environment.',
    ],
  },
  '14-home-remote': {
    findings: [
      {
        where: 'build / Platform of the phone',
        what: 'tools-installed-each-run: the platforms of phone and watch are downloaded one after the other in every run (327 s and 249 s), for the Mac as well. Use an Xcode that the runner has with its platforms, and skip what a leg does not build.',
        saves: [300, 576],
      },
      {
        where: 'build / Pods',
        what: 'no-dependency-cache: gems (94 s) and pods (197 s) are fetched on every run. Use setup-ruby with `bundler-cache`, and keep `Pods`.',
        saves: [190, 255],
      },
    ],
    traps: [
      'Phone and Mac are built in parallel by a matrix.',
      'fastlane builds, signs and sends in one step. How long each part takes cannot be seen.',
      'Artifacts are kept after the deployment, for 16 s.',
      '`BUNDLE_PATH` alone keeps nothing.',
    ],
  },
  '15-scala-starter': {
    findings: [
      {
        where: 'publish',
        what: 'image-after-tests: publish takes nothing from verify, and makes all of it again. Start both together, and give the tag that is deployed when both have passed.',
        saves: [325, 347],
      },
      {
        where: 'verify / Tests',
        what: 'no-compiler-cache: `cache: sbt` keeps downloads only, and both jobs compile everything. Keep the `target` folders, or use the remote cache of sbt.',
        saves: [100, 190],
      },
    ],
    traps: [
      'The description of the API is made in both jobs, but most of its two minutes are compiling, which the image needs anyway.',
      'The front end has no cache of packages. Its build in verify takes 77 s with everything.',
      'Tests take 208 s: too short to split.',
    ],
  },
  '16-dictionary-hub': {
    findings: [
      {
        where: 'integration / test / API',
        what: 'tests-in-sequence: tests of the API (204 s) and of the pages (210 s) run one after the other in one job, and take nothing from one another. Run them in two jobs.',
        saves: [190, 204],
      },
      {
        where: 'api / publish / docker/build-push-action@v5',
        what: 'image-without-layer-cache: no image has a `cache-from`. Both large ones restore their packages from the first layer in 198 s, in parallel.',
        saves: [80, 140],
      },
    ],
    traps: [
      'Staging is tried before production: no hop without a check.',
      'Three images are built in parallel by called workflows.',
      'Is it there polls until the cluster has the version. It waits longer each time, but is no fixed wait.',
      'The commit to the other repository is the deployment.',
      'version gives the tag to all others: 0 s.',
      'Browsers take 44 s, less than a tenth of the path.',
      'The concurrency group has one slot for each environment.',
    ],
  },
  '17-cloud-handbook': {
    findings: [],
    traps: [
      'Hugo runs twice on purpose: the menu of the second run comes from the index that the first one filled. It is not the same build twice.',
      'Pictures are restored from a cache that another workflow writes: 38 s that save minutes.',
      'Two uploads one after the other take 69 s together; at the same time they would save 35 s of 702.',
      'npm packages have no cache, but take 47 s.',
      'Wait until they unpacked it polls every second.',
      'The clone of the theme has its history because the commit is in go.mod.',
      'A person publishes the release: the team decides when.',
    ],
  },
  '18-key-service': {
    findings: [
      {
        where: 'preview-tests',
        what: 'needless-sequence: the preview is up after two minutes, but its tests wait for the local tests (457 s), from which they take nothing. Run both at the same time, and let agents and canary need both.',
        saves: [260, 273],
      },
      {
        where: 'preview-tests / Build',
        what: 'no-compiler-cache: Turborepo builds the same API from nothing in each job, four times on the path (194 s). Set up a remote cache, or keep `.turbo`.',
        saves: [110, 170],
      },
    ],
    traps: [
      'Preview and canary are both tried by tests, and the canary runs with the agents of production. No hop is without a check.',
      'Tests are split over four shards.',
      'Agents of four regions are rolled out in parallel.',
      'The agent image has a cache, and is not on the path.',
      'install has caches for Go and pnpm, and takes about 58 s in each job. Splitting it would save 15 to 20 s in each.',
      'manual runs after the deployment.',
    ],
  },
  '19-research-requests': {
    findings: [
      {
        where: 'assets / Test the assets',
        what: 'needless-sequence: the tests of the application wait for assets, but the linter (34 s) and the tests of the assets (51 s) run before they are built. Build first, or move both to their own job.',
        saves: [80, 85],
      },
    ],
    traps: [
      'test needs the built assets.',
      'check and dockerfile run in parallel, and end long before test.',
      '`fetch-depth: 0` is needed: a shallow clone cannot be pushed. It takes 6 s.',
      'Push to the server builds there and is the deployment.',
      'The service takes 18 s. Tests of four minutes are too short to split.',
      'pip and npm have their caches.',
      'Telling the error tracker comes after the deployment.',
    ],
  },
  '20-law-library': {
    findings: [],
    traps: [
      'Bundler has its cache: 19 s for Ruby and all gems.',
      'Capistrano is the deployment. What its tasks do on the server is not in these files.',
      'No tests run here. That is a risk, not a delay.',
    ],
  },
};
