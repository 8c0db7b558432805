/**
 * What a senior reviewer would say about each workflow in `second`, written before any tool read them. `saves` is a range of
 * seconds for one deployment. Where two findings overlap, each range says what that change saves alone. A trap looks like a
 * problem and is not.
 */
export const EXPERT: Record<
  string,
  { findings: { where: string; what: string; saves: [number, number] }[]; traps: string[] }
> = {
  '01-reference-site': {
    findings: [
      {
        where: 'on.schedule',
        what: 'By the calendar: a merged change waits for the run at 01:30, half a day on average.',
        saves: [20000, 43200],
      },
      {
        where: 'publish / checkout of articles, checkout of articles-translated',
        what: 'Full history with files: the dates need commits and trees, not every old file. `filter: blob:none` is enough for both.',
        saves: [200, 330],
      },
      {
        where: 'publish / Generate all pages',
        what: 'One long build: all languages are built in two processes on one runner. The build takes a language as an argument already, so a matrix can split it.',
        saves: [900, 1900],
      },
    ],
    traps: [
      'Shallow checkouts of the two content repositories: pages take their dates from the history.',
      'Packages: skipped, because node_modules was restored. The cache is complete.',
      'Uploader and install-poetry: 35 seconds of a run of 74 minutes.',
      'Upload: this is the deployment.',
    ],
  },
  '02-grocery-catalogue': {
    findings: [
      {
        where:
          'images.yml: images / Image of the pages, Image of the application (seen as rollout / Wait until the images exist)',
        what: 'Images without a layer cache: both are built from the first layer every time, with all Perl and Node packages.',
        saves: [150, 330],
      },
    ],
    traps: [
      'Wait until the images exist: not a fixed wait. It ends within 10 seconds of the build.',
      'The two images are built in sequence because the second takes the built styles out of the first.',
      'See that it answers and Tidy up: they run after the services have started.',
      'Each step over SSH connects again: a few seconds in all.',
    ],
  },
  '03-message-service': {
    findings: [
      {
        where: 'release / Initialize Terraform, Apply Terraform',
        what: 'Provisioned in the path: every deployment applies the infrastructure before the push, which takes nothing from it.',
        saves: [95, 120],
      },
      {
        where: 'release / Install everything',
        what: 'All packages are installed, without a cache, only to export requirements.txt from the lock file. Poetry alone can do that.',
        saves: [60, 90],
      },
    ],
    traps: [
      'Push the application: this is the deployment, including the rolling restart.',
      'Egress proxy and Refresh the letter templates: they run after the new version serves requests.',
      '`fetch-depth: 2` is no full history.',
    ],
  },
  '04-vacancies': {
    findings: [
      {
        where: 'deploy / Check the settings, ruby/setup-ruby',
        what: 'Every leg installs Ruby and a gem to validate settings. Legs run one after another, so this counts twice before production. One job in parallel with the image can validate all environments.',
        saves: [50, 85],
      },
    ],
    traps: [
      'Staging before production: a smoke test on staging decides whether production is deployed.',
      'Wait for the deployment and Wait for the smoke test: they poll and end with the check.',
      'The smoke test on production, the training leg and the job `afterwards`: production is live by then.',
      'Two image builds: the second one reuses the first through the inline cache.',
      '`max-parallel: 1` is no shortage of runners.',
    ],
  },
  '05-design-portal': {
    findings: [],
    traps: [
      '`npm install` has the npm cache of setup-node. 37 seconds remain to unpack.',
      'The concurrency group: GitHub Pages allows one deployment at a time.',
    ],
  },
  '06-plan-review': {
    findings: [
      {
        where: 'dev-infra, val-infra, prod-infra (all stacks)',
        what: 'Everything is deployed whatever changed: the list of stacks is fixed, so each stage deploys five infrastructure stacks in two rows before the application, also if only the application changed.',
        saves: [500, 1040],
      },
      {
        where: 'dev-infra, dev-app, dev-browser before val-infra',
        what: 'Environment hop: dev and val come one after the other and run the same browser test on the same version. Only one of them is a gate.',
        saves: [850, 960],
      },
      {
        where: '.github/actions/workspace, in every job (about 91 s, 12 times on the path)',
        what: 'Installed again in every job: only downloads are cached, not node_modules, and the shared package is built each time.',
        saves: [350, 720],
      },
    ],
    traps: [
      'Jobs need `unit` for its outputs: that `needs` cannot be removed, and the unit tests are the gate before any stage.',
      'query-layer runs in parallel with the unit tests and ends first.',
      'prod-browser runs after production is live.',
      'web is built once per stage: each stage builds its own settings into it.',
      'sign-in waits for three stacks because it reads their outputs.',
      'Environments of the called workflows are expressions. They name the stage that is deployed.',
    ],
  },
  '07-pension-calculator': {
    findings: [
      {
        where: 'build / github/codeql-action/init, github/codeql-action/analyze',
        what: 'Analysis in the path: the image waits for the analysis, and the traced build is slower. It can run in its own workflow.',
        saves: [135, 180],
      },
    ],
    traps: [
      'scan runs in parallel with the deployment.',
      'The image action keeps its own cache in the registry, and the image only copies the package.',
      'Package: Maven has its cache, and tests are the gate.',
      'production needs the image of build.',
    ],
  },
  '08-subscriptions': {
    findings: [
      {
        where: 'build / Packages to CloudFormation from the stacks, before Compile, test and upload',
        what: 'Independent builds in a row: pages and assets, CloudFormation, and the Scala compilation do not need each other until the package is made. Run them as parallel jobs.',
        saves: [180, 330],
      },
      {
        where: 'build / actions/cache, Compile, test and upload',
        what: 'Built from source each time: the cache has the constant key `sbt`, so it is never saved again, and it has no compiled classes.',
        saves: [60, 150],
      },
    ],
    traps: [
      'Packages: yarn has its cache.',
      'The upload is not a test. Another system deploys after it, which is not in this file.',
      'setup-java without cache: sbt is cached separately.',
    ],
  },
  '09-mandate-service': {
    findings: [
      {
        where: 'terraform.yml: terraform / Plan (5 times)',
        what: 'Planned twice: the plan is not saved, so the apply plans again. Save it with `-out`, or leave it out.',
        saves: [200, 290],
      },
      {
        where: 'development-shared',
        what: 'Environment hop: shared infrastructure of development is applied before that of preproduction, which takes nothing from it.',
        saves: [190, 210],
      },
      {
        where: 'preproduction-shared, production-shared',
        what: 'Provisioned in the path: the shared infrastructure of an account is applied in every deployment. It can run when its files change.',
        saves: [300, 415],
      },
      {
        where: 'images.yml: image / Image with development tools, Image for production',
        what: 'Images without a layer cache: both targets start from the first layer.',
        saves: [120, 230],
      },
      {
        where: 'images.yml: image / Image for production',
        what: 'The image for production is built after 244 seconds of tests in the same job, and takes nothing from them. It can be its own leg.',
        saves: [100, 180],
      },
    ],
    traps: [
      'Apply of `environment` in preproduction and production: this is the deployment, it brings the new version.',
      'Browser tests on preproduction: they decide about production.',
      'Dropping node-test from the needs of images saves nothing: node-build takes as long.',
      'lint-terraform is in parallel with the images.',
      '`fetch-depth: 0` in terraform.yml: not needed, but about 10 seconds each.',
      'Legs of the matrix without tests skip most steps.',
    ],
  },
  '10-course-clients': {
    findings: [
      {
        where: 'client / Install and build',
        what: 'Built from scratch each time: no cache of the packages and none of the site generator.',
        saves: [150, 450],
      },
      {
        where: 'client / Copy and restart',
        what: 'Two machines of a language are served one after the other in a loop. Both can be served at once, or copied to at once.',
        saves: [30, 50],
      },
    ],
    traps: [
      'Reach the machines has `sleep 10`: ten seconds of 23 minutes.',
      'Legs of the matrix run in parallel. The languages do not wait for each other.',
      'Started by hand: the branches of the environments are releases.',
      'The job `target` gives outputs to the other one.',
    ],
  },
  '11-social-client': {
    findings: [
      {
        where: 'bundle / yarn lint, yarn prettier, yarn tsc',
        what: 'Analysis in the path: the same checks run in lint.yml for the same commit and for the pull request.',
        saves: [140, 155],
      },
      {
        where: 'bundle / actions/checkout',
        what: 'Full history with files: two commits are needed, so `filter: blob:none` is enough.',
        saves: [25, 42],
      },
      {
        where: 'bundle / Compare the native parts with the last release',
        what: 'Packages are installed twice, once for a commit whose fingerprint was known when it was shipped. Keep the fingerprint, not the commit.',
        saves: [50, 90],
      },
    ],
    traps: [
      'yarn translations:compile: the bundle needs what it writes.',
      'The install is in a composite action, and yarn has its cache.',
      'Bundle and Sign and upload: this is the deployment.',
      'cancel-in-progress: only the newest bundle matters.',
    ],
  },
  '12-grants-api': {
    findings: [
      {
        where: 'ship / migrations / build / build, after checks',
        what: 'Image built after tests it takes nothing from: build and publish can run in parallel with the checks.',
        saves: [140, 162],
      },
      {
        where: 'build.yml: build / Build and scans.yml: image / Build',
        what: 'Built twice: the scans have built the same image, with a layer cache. The release builds it again without one.',
        saves: [80, 150],
      },
      {
        where: 'checks / lint-test / Containers and database',
        what: 'Containers are built and a database is set up from nothing before each test run, without a layer cache.',
        saves: [45, 100],
      },
      {
        where: 'checks / lint-test / make lint, make format-check, make security-lint',
        what: 'Analysis in the path: linters run before the tests in the same job. They can be a job of their own.',
        saves: [40, 52],
      },
    ],
    traps: [
      'The scans run in parallel with the tests and end first.',
      'Release: this is the deployment.',
      'Migrations must run before the release and need the image.',
      'Production is deployed with a release: the team decides when.',
      'The concurrency groups keep migrations apart.',
    ],
  },
  '13-teacher-register': {
    findings: [
      {
        where: 'preproduction',
        what: 'Environment hop: the second environment repeats what test has just shown, with the same image and the same functional tests. It can be deployed in parallel with test.',
        saves: [315, 340],
      },
      {
        where: 'build / Format',
        what: 'Analysis in the path: the formatter is installed and run before every image. The pull request has checked it.',
        saves: [60, 75],
      },
      {
        where: 'build / Build',
        what: 'NuGet packages are downloaded every time: setup-dotnet has no cache.',
        saves: [20, 40],
      },
    ],
    traps: [
      'docker/build-push-action without cache-from: the image only copies what was published.',
      'terraform-apply in the composite action: this is the deployment, it carries the image.',
      'test: its functional tests are the gate.',
      'The job `terraform` is in parallel with the build.',
      'Test: skipped on main.',
      'Script of the migrations: the deployments need it.',
    ],
  },
  '14-robot-fleet': {
    findings: [
      {
        where: 'cluster-images / publish / docker/build-push-action',
        what: 'Images without a layer cache: no `cache-from`, so all three start from the first layer.',
        saves: [70, 140],
      },
    ],
    traps: [
      'Built twice: the two registries are filled in parallel, and only one is on the path.',
      'migrations: in parallel, and the deployment does not wait for them.',
      'announce holds the environment, but it is not the deployment.',
      'Started by a release: the team decides when.',
      'After the commit, the cluster follows in its own time. No step here shows it.',
    ],
  },
  '15-label-bot': {
    findings: [
      {
        where: 'ci / Image, after cargo test',
        what: 'Image built after tests it takes nothing from. A second job can build it in the meantime.',
        saves: [225, 265],
      },
      {
        where: 'ci / Image',
        what: 'Image without a layer cache: all dependencies are compiled again in each build.',
        saves: [180, 290],
      },
      {
        where: 'ci / cargo test',
        what: 'Built from source each time: neither the registry nor compiled dependencies of cargo are cached.',
        saves: [120, 200],
      },
    ],
    traps: [
      'Rust: 14 seconds, and the version is meant to be the newest.',
      'Push the image and restart the service: this is the deployment, with the wait for the service.',
    ],
  },
  '16-seed-registry': {
    findings: [],
    traps: [
      'Test before production: the health of each component and the migrations are checked there first.',
      'prepare: 25 seconds for secrets, routes and a database that is not overwritten.',
      'keep: runs after production is live.',
      'Nothing is built here. The images come from the pull request.',
      'The environment of deploys.yml is an expression. It is `prod` for production.',
    ],
  },
  '17-workshop-shop': {
    findings: [],
    traps: [
      'npm ci and composer install have caches, and take 25 seconds together.',
      'setup-php: 12 seconds with extensions.',
      'deployphp/action: this is the deployment.',
    ],
  },
  '18-park-map': {
    findings: [
      {
        where: 'deploy / Build, after unit and browser',
        what: 'Built after tests it takes nothing from: `vercel build` can run in parallel with them. Only the deployment must wait.',
        saves: [125, 155],
      },
      {
        where: 'browser / yarn install',
        what: 'Install without a cache: setup-node has no `cache`.',
        saves: [25, 50],
      },
      {
        where: 'browser / Browsers',
        what: 'Toolchain from scratch: browsers and system packages are installed each time. Use the image of Playwright or a cache.',
        saves: [15, 45],
      },
    ],
    traps: [
      'unit: the install has no cache either, but browser takes three times as long.',
      'The browser tests are the only check of the whole application before production.',
      'Until it answers: polls, not a fixed wait.',
    ],
  },
  '19-bus-quality': {
    findings: [
      {
        where: 'validate',
        what: 'A job of its own for one output: it waits for a runner and checks the code out to read a version. The deploy job can do that in a second.',
        saves: [40, 48],
      },
      {
        where: 'validate, deploy: waiting for a runner',
        what: 'Runners are started on demand: about 40 seconds for each of two jobs in a row. Keep one warm.',
        saves: [40, 75],
      },
      {
        where: 'deploy / Build',
        what: 'Built from scratch each time: `sam build` without `--parallel` and `--cached` for eleven functions, and no cache of the packages.',
        saves: [60, 140],
      },
    ],
    traps: [
      'Deploy: this is the deployment.',
      'setup-sam and yq: 17 seconds together.',
      'The concurrency group keeps two deployments of one stack apart.',
    ],
  },
  '20-text-gateway': {
    findings: [
      {
        where: 'build / Image, after Open the database to Close the database',
        what: 'Image built after the migration steps it takes nothing from. Its own job can build it in the meantime.',
        saves: [105, 140],
      },
      {
        where: 'build / Image',
        what: 'Image without a layer cache.',
        saves: [70, 120],
      },
    ],
    traps: [
      'Infrastructure and new revision: this is the deployment, the template carries the image.',
      'traffic: the revision is not live before it. It polls.',
      'Packages: 24 seconds, a cache saves little.',
      'The environment of the first job is production, not a hop.',
      'Rehearse on a replica and Migrate: skipped unless there are migrations.',
    ],
  },
};
