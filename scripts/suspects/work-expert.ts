/**
 * The findings that a reviewer would sign for each workflow in `work`. The list was written before the guard ran on them.
 *
 * `where` is the job, then the step, as the page of the run shows them. `what` starts with the kind of finding. `saves` is a range
 * of seconds for each deployment, if the team makes only that change. Savings overlap, so they do not add up. `traps` look like
 * findings, but a reviewer would reject them.
 *
 * Some comments in the workflows are facts that the file cannot show: the seconds behind `services:` and `container:` are those of
 * "Initialize containers", `fails 7 of 100` behind a runner is how often that job fails, and `changed:` lists the files of the last
 * changes, one for each. A part with a path, such as `--- .github/actions/setup/action.yml`, is a composite action.
 */
export interface Expert {
  findings: { where: string; what: string; saves: [number, number] }[];
  traps: string[];
}

export const EXPERT: Record<string, Expert> = {
  '01-go-path-to-live': {
    findings: [
      {
        where: 'image',
        what: 'image-after-tests: the image takes nothing from the unit tests. Start both together, and let the first deployment need both.',
        saves: [140, 160],
      },
      {
        where: 'account-live',
        what: 'infrastructure-in-path: the account of production is applied after the browser tests, on every change. Apply it in its own workflow, or at the start.',
        saves: [80, 88],
      },
      {
        where: 'image / Build',
        what: 'image-without-layer-cache: `docker build` on a new runner builds every layer again.',
        saves: [35, 85],
      },
      {
        where: 'image / Scan',
        what: 'analysis-in-path: the scan writes a report and stops nothing (no `exit-code`), but the push waits for it and for its upload.',
        saves: [35, 54],
      },
    ],
    traps: [
      'live / terraform apply is the deployment, although the job that has the environment only echoes.',
      'pre is a staging hop, but the browser tests check it: the team needs it.',
      'browse is a gate against a running environment. It cannot run in parallel with the deployment that it guards.',
      'account-dev and account-pre run in parallel with the tests and the image, off the critical path.',
      'done takes a second: nothing to save there.',
    ],
  },
  '02-django-on-cloud-foundry': {
    findings: [
      {
        where: 'infrastructure / Apply',
        what: 'infrastructure-in-path: Terraform is applied before every push of the application, changed or not.',
        saves: [140, 154],
      },
    ],
    traps: [
      'application / Push is the deployment; it is not the last step of its job.',
      'The input `environment` is production here. The change passes through no other environment.',
      'Restart the log shipper and Load lookups come after the application is live.',
      'Back up the database only starts a task. It does not wait for the backup.',
      'npm ci is cached by actions/cache, not by the setup action.',
    ],
  },
  '03-rails-tested-in-its-image': {
    findings: [
      {
        where: 'before-production',
        what: 'environment-hop: production waits for qa and staging, and nothing looks at them in between. Deploy to all three together, or test staging.',
        saves: [250, 268],
      },
    ],
    traps: [
      'test and lint run inside the image: they need the build before them.',
      'The tests are already split in five. The long step is one leg of a matrix.',
      'lint ends five minutes before test: it is not on the path.',
      'Prepare databases runs once in each leg, in parallel. It costs its 27 s once.',
      'production / ./.github/actions/release runs terraform, but that is the deployment.',
    ],
  },
  '04-three-images-in-one-job': {
    findings: [
      {
        where: 'deploy / Build and push the Rails image',
        what: 'image-without-layer-cache: every layer of a Rails image, on a new runner each time.',
        saves: [120, 240],
      },
      {
        where: 'deploy / Build and push the nginx image',
        what: 'built-in-sequence: three images that take nothing from one another are built one after the other in one job. Use a matrix.',
        saves: [120, 150],
      },
      {
        where: 'deploy / Build and push the test-runner image',
        what: 'not-needed-by-deployment: no task definition of this rollout has this image, yet the rollout waits for it.',
        saves: [80, 88],
      },
    ],
    traps: [
      'test-runner is the name of an image. Building it is not a test.',
      'The assets must be in the bucket before the rollout, and come from the Rails image.',
      'Rendering the task definition twice is two containers, not one step run twice.',
      'Roll out waits for the service to be stable: that is the deployment.',
    ],
  },
  '05-handbook-by-a-canary-slot': {
    findings: [],
    traps: [
      'Wait for the canary slot polls until the instances are ready. It is not a fixed wait.',
      'The canary slot is a part of the deployment, not another environment.',
      'The image has a registry cache with mode=max.',
      'The translations are cloned with depth 1, in parallel.',
      'setup-node has a cache, and there is no step that installs packages outside the image.',
    ],
  },
  '06-compose-after-another-workflow': {
    findings: [],
    traps: [
      'Wait for the web image polls for a check of another workflow. The 318 s belong to that build, which is not in this file.',
      'The second wait is over at once, because the images are built in parallel.',
      'Start services pulls and starts the containers: it is the deployment.',
      'Remove old images comes after the services are live.',
      'Five steps by SSH are five short sessions, not five installations of anything.',
    ],
  },
  '07-openshift-test-then-prod': {
    findings: [
      {
        where: 'test',
        what: 'environment-hop: production waits for the same rollout to test, and no test runs there. Deploy to both together.',
        saves: [225, 239],
      },
    ],
    traps: [
      'production / deploy has the environment of its input, which is production: it is the deployment itself.',
      'init has the environment too. It is a part of the same deployment.',
      'The three components are rolled out in parallel by a matrix.',
      'The database template is applied with overwrite: false. It does not set a database up again.',
    ],
  },
  '08-scala-monolith': {
    findings: [
      {
        where: 'build / Compile, test and package',
        what: 'builds-everything: every application is compiled, tested and packaged, though each of the last changes touches one of them.',
        saves: [300, 600],
      },
      {
        where: 'build / Compile, test and package',
        what: 'no-compiler-cache: `cache: sbt` keeps downloaded packages, not compiled classes, so all sources are compiled on every run.',
        saves: [120, 300],
      },
      {
        where: 'build / Compile, test and package',
        what: 'one-long-test-job: tests and packages are made by one command. Package in one job, and test in others.',
        saves: [250, 450],
      },
    ],
    traps: [
      'client-validate and client-build run in parallel. It is on the path by 51 s only.',
      'The artifact of the client is small, and the Scala tests need it.',
      'Upload and deploy is the deployment.',
      'The install step of each client job is cached, and they run in parallel.',
    ],
  },
  '09-serverless-then-browser-tests': {
    findings: [],
    traps: [
      'browser-tests come after the deployment and need its URL: they delay nothing.',
      'The environment is an expression that is production on main. There is no hop.',
      'Deploy applies CloudFormation through Serverless, but it is the deployment.',
      'The packages are cached by actions/cache on every node_modules folder.',
    ],
  },
  '10-pulumi-from-a-release': {
    findings: [],
    traps: [
      'Roll out is `pulumi up` on the task definition: the deployment, not provisioning.',
      'Record the release follows the deployment in the same job.',
      'check comes after both deployments.',
      'front-end and back-end both have the environment, and run in parallel.',
      'Installing Pulumi by curl takes 11 s.',
    ],
  },
  '11-slug-by-artifact': {
    findings: [
      {
        where: 'index',
        what: 'needless-sequence: the deployment takes nothing from the index of the bucket, but waits for it. Run it in parallel with the deployment, or after it.',
        saves: [175, 188],
      },
      {
        where: 'test / Install packages for development again',
        what: 'install-without-cache: npm ci downloads all packages in a job without any cache.',
        saves: [30, 55],
      },
      {
        where: 'build / Run actions/upload-artifact@v4',
        what: 'large-artifact: the slug (already compressed) is uploaded once and downloaded twice on the path. Set compression-level: 0.',
        saves: [25, 50],
      },
    ],
    traps: [
      'test needs the slug of build: it tests what ships.',
      'lint is not on the path, whatever its npm ci takes.',
      'Upload the slug and Release the slug are the deployment.',
    ],
  },
  '12-astro-docs-on-workers': {
    findings: [
      {
        where: 'publish / Run actions/upload-artifact@v4',
        what: 'large-artifact: thousands of HTML files are uploaded before the deployment, and no job downloads them. Move the step behind the deployment.',
        saves: [78, 83],
      },
      {
        where: 'publish / Run actions/checkout@v4',
        what: 'full-history-with-files: the dates need commits, not old files. Add filter: blob:none.',
        saves: [30, 50],
      },
    ],
    traps: [
      'fetch-depth: 0 itself is needed for the dates of pages.',
      'Images made before are kept by actions/cache, and pnpm by setup-node.',
      'The step for failures takes no time.',
    ],
  },
  '13-release-to-argo': {
    findings: [],
    traps: [
      'Wait until the image is live polls for the new version. That is the rollout, not a fixed wait.',
      'image is a workflow of another repository: nothing in it can be judged from here.',
      'trigger needs the tag that image puts out.',
    ],
  },
  '14-android-to-the-play-store': {
    findings: [
      {
        where: 'bundle / Build the bundle',
        what: 'built-after-tests: the bundle takes nothing from the unit tests. Build it in parallel, and upload when both are done.',
        saves: [340, 390],
      },
      {
        where: 'unit / Run ./gradlew testReleaseUnitTest',
        what: 'no-compiler-cache: neither job keeps Gradle packages or its build cache. Both download and compile everything.',
        saves: [180, 450],
      },
    ],
    traps: [
      'testReleaseUnitTest and bundleRelease are different tasks; it is not the same build twice.',
      'Keep the bundle and Notify the team come after the upload.',
      'ruby/setup-ruby has bundler-cache.',
      'Keep the reports runs on failure only.',
    ],
  },
  '15-war-by-ansible': {
    findings: [
      {
        where: 'roll-out / Install Ansible',
        what: 'toolchain-from-scratch: Ansible and its roles are downloaded on every run (47 s and 38 s). Cache pip and the roles, or use an image that has both.',
        saves: [55, 80],
      },
    ],
    traps: [
      'The WAR is a small artifact (6 s up, 4 s down), and hands over what was tested.',
      'Roll out is the deployment. Its pace over four servers is decided by the playbook.',
      'mvn package is cached by setup-java.',
    ],
  },
  '16-packer-and-a-scaling-group': {
    findings: [
      {
        where: 'bake / Bake the image',
        what: 'machine-image-in-path: every change bakes a whole machine image. Bake a base image on its own, and add only the application.',
        saves: [250, 450],
      },
      {
        where: 'bake',
        what: 'image-after-tests: the bake takes nothing from the tests. Start both together, and let deploy need both.',
        saves: [180, 195],
      },
    ],
    traps: [
      'Set the image of the launch template is one resource that names the image: it is the deployment.',
      'Replace the instances is the deployment.',
      'The database starts in 14 s and is migrated once.',
      'pip is cached by setup-python.',
    ],
  },
  '17-java-two-machine-images': {
    findings: [
      {
        where: 'sandbox',
        what: 'environment-hop: test and sandbox are deployed one after the other before production, with no check in between. Neither has `environment:`. Deploy to them in parallel with production.',
        saves: [330, 666],
      },
      {
        where: 'images / Bake the loader',
        what: 'built-in-sequence: the two machine images take nothing from one another. Use one Packer run with two builds, or two jobs.',
        saves: [400, 437],
      },
      {
        where: 'images / Bake the server',
        what: 'machine-image-in-path: whole machine images are baked for every change. Bake a base image on its own.',
        saves: [250, 550],
      },
      {
        where: 'package / Run actions/upload-artifact@v4',
        what: 'large-artifact: all libraries of all modules are handed over (74 s up, 47 s down). Hand over two distributions, or build in the job that bakes.',
        saves: [60, 110],
      },
    ],
    traps: [
      'production / Apply is the deployment, though it is Terraform.',
      'mvn is cached by setup-java.',
      'images needs what package built.',
    ],
  },
  '18-sam-through-testing': {
    findings: [
      {
        where: 'deploy-testing',
        what: 'environment-hop: production waits for a deployment to the testing account, where the integration tests are an `echo`. The job has no `environment:`.',
        saves: [110, 122],
      },
      {
        where: 'build-and-package',
        what: 'image-after-tests: building and packaging take nothing from the unit tests. Run both together.',
        saves: [80, 89],
      },
      {
        where: 'build-and-package / Build',
        what: 'large-image-pulled: --use-container pulls the build image on every run. Build with the Python of the runner.',
        saves: [50, 100],
      },
    ],
    traps: [
      'deploy-production / sam deploy is the deployment, though it is CloudFormation.',
      'Two `sam package` steps upload to two buckets. They do not build twice.',
      'integration-test takes 5 s and tests nothing.',
    ],
  },
  '19-turborepo-workers': {
    findings: [
      {
        where: 'deploy / Check, test and build',
        what: 'no-compiler-cache: Turborepo has neither a remote cache nor a kept `.turbo` folder, so all tasks run on every change.',
        saves: [130, 260],
      },
      {
        where: 'deploy / Check, test and build',
        what: 'builds-everything: three applications are checked, built and deployed, though four of five changed files belong to one. Use `--affected`.',
        saves: [130, 250],
      },
      {
        where: 'deploy / Deploy the applications',
        what: 'rolled-out-in-sequence: three Workers are deployed one after the other in a loop.',
        saves: [55, 70],
      },
    ],
    traps: [
      'pnpm is cached by setup-node, and its install takes 19 s.',
      'check-types, lint and test are in the same command as build; their own time is not known.',
    ],
  },
  '20-bazel-to-gke': {
    findings: [
      {
        where: 'test / Run bazel test //...',
        what: 'no-compiler-cache: only the Bazelisk download is cached. No disk, repository or remote cache is set, so everything is built from source.',
        saves: [400, 850],
      },
      {
        where: 'push / Run bazel build //services/...',
        what: 'built-twice: the tests built the same targets on another runner. Push from the job that tested, or share a remote cache.',
        saves: [380, 461],
      },
      {
        where: 'roll-out-staging',
        what: 'environment-hop: production waits for a rollout to staging that nothing checks. The job has no `environment:`. Roll out to both in parallel.',
        saves: [110, 119],
      },
    ],
    traps: [
      '`bazelisk-cache: true` is not a build cache.',
      'kubectl rollout status is the deployment.',
      'kubectl apply -k is the deployment of the services, not of infrastructure.',
    ],
  },
  '21-rust-by-scp': {
    findings: [
      {
        where: 'deploy / Run cargo build --release',
        what: 'no-compiler-cache: neither the registry nor `target` is kept (Swatinem/rust-cache), so all crates are compiled three times on every run.',
        saves: [280, 450],
      },
      {
        where: 'deploy / Run cargo clippy --all-targets -- -D warnings',
        what: 'analysis-in-path: the linter delays the deployment. Run it on the pull request, or in a parallel job.',
        saves: [60, 94],
      },
    ],
    traps: [
      'cargo test and cargo build --release are different profiles: not the same build twice.',
      'Installing the toolchain takes 13 s.',
    ],
  },
  '22-rust-migrations-then-fly': {
    findings: [
      {
        where: 'migrate / Install the migration tool',
        what: 'toolchain-from-scratch: sqlx-cli is compiled from source on every run to migrate for 4 s. Install a binary.',
        saves: [205, 221],
      },
    ],
    traps: [
      'deploy must wait for migrate: the new code needs the new schema.',
      'flyctl deploy builds remotely with a cache of its own; it is the deployment, followed by two notices.',
      '`concurrency: fly` keeps two deployments apart. Runners have nothing to do with it.',
    ],
  },
  '23-phoenix-on-fly': {
    findings: [
      {
        where: 'browser',
        what: 'needless-sequence: the browser tests take nothing from the unit tests. Run both together.',
        saves: [350, 370],
      },
      {
        where: 'test / Run mix compile --warnings-as-errors',
        what: 'no-compiler-cache: deps and _build are not kept; both jobs download and compile all packages.',
        saves: [190, 260],
      },
      {
        where: 'browser / Create, migrate and seed the database',
        what: 'database-set-up-again: the database is created, migrated and seeded in two jobs on the path. Load a dump of the schema.',
        saves: [30, 50],
      },
    ],
    traps: [
      'The database is ready after 13 s.',
      'mix format and mix credo take 25 s together.',
      'flyctl deploy is the deployment.',
      'The screenshots are uploaded on failure only.',
    ],
  },
  '24-laravel-by-rsync': {
    findings: [
      {
        where: 'dusk',
        what: 'needless-sequence: the browser tests take nothing from phpunit. Run both together.',
        saves: [360, 386],
      },
      {
        where: 'style',
        what: 'long-before-quick: the checks that fail most often (9 of 100) come last, after 14 minutes of tests, and add their own time. Run them first, or in parallel.',
        saves: [90, 160],
      },
      {
        where: 'deploy / Run npm run build',
        what: 'built-twice: the same assets are built in three jobs on the path. Build them once and pass them on.',
        saves: [95, 188],
      },
      {
        where: 'phpunit / Run npm ci',
        what: 'install-without-cache: npm packages are downloaded in three jobs, and only Composer is cached.',
        saves: [50, 95],
      },
      {
        where: 'dusk / Run php artisan migrate --seed --force',
        what: 'database-set-up-again: the database is migrated and seeded in both test jobs. Start from a dump of the schema.',
        saves: [35, 60],
      },
    ],
    traps: [
      'Migrate and reload migrates the live database: a part of the deployment, not a repeat.',
      'composer install takes 9 s, with a cache.',
      'composer install --no-dev is not the same installation as in the tests.',
      'chrome-driver takes 5 s.',
    ],
  },
  '25-django-compose-twice': {
    findings: [
      {
        where: 'browser',
        what: 'needless-sequence: the browser tests take nothing from the unit tests. Run both together.',
        saves: [450, 485],
      },
      {
        where: 'unit / Build',
        what: 'image-without-layer-cache: three image builds on the path, none with a cache.',
        saves: [250, 450],
      },
      {
        where: 'browser / Build',
        what: 'built-twice: the image of the tests is built in both jobs. Push it once, and pull it.',
        saves: [160, 206],
      },
      {
        where: 'image',
        what: 'image-after-tests: the image that ships takes nothing from the tests. Build it in parallel, and let deploy need both.',
        saves: [190, 201],
      },
      {
        where: 'browser / Load fixtures',
        what: 'database-set-up-again: migrations and fixtures run in both jobs (64 s and 65 s). Start from a dump.',
        saves: [60, 110],
      },
    ],
    traps: [
      '`docker build -t clinic-web-test` is a build, not a test.',
      'deploy / Migrate changes the live database. It takes 9 s and is a part of the deployment.',
      'Start waits for health checks (--wait), not for a fixed time.',
    ],
  },
  '26-node-two-ecs-services': {
    findings: [
      {
        where: 'deploy / Roll out the worker',
        what: 'rolled-out-in-sequence: the worker is rolled out only when the API is stable. Roll out both, then wait; or use a matrix.',
        saves: [190, 203],
      },
      {
        where: 'quick',
        what: 'long-before-quick: linter and unit tests fail four times as often as the integration tests, but come after them and take nothing from them.',
        saves: [105, 145],
      },
      {
        where: 'image',
        what: 'image-after-tests: the image takes nothing from the tests. Build it in parallel.',
        saves: [80, 86],
      },
      {
        where: 'integration / Initialize containers',
        what: 'service-containers: 69 s until Elasticsearch is healthy. Give it only to the tests that need it, with a shorter interval and a small heap.',
        saves: [25, 55],
      },
    ],
    traps: [
      'Sentry release and Notify the team follow the deployment in the same job.',
      'Roll out the API is the deployment itself.',
      'npm ci is cached by setup-node.',
      'The image has a gha cache with mode=max.',
    ],
  },
  '27-ecs-in-a-loop': {
    findings: [
      {
        where: 'deploy / Update the services',
        what: 'rolled-out-in-sequence: four services, each waited for before the next one starts. Update all, then wait once for all.',
        saves: [400, 510],
      },
    ],
    traps: [
      'Migrate has to come before the services, and waits for its task to stop.',
      'The wait is for a stable service, not for a fixed time.',
      'The image has a registry cache.',
      'Notify the team comes after the deployment.',
    ],
  },
  '28-gke-six-services': {
    findings: [
      {
        where: 'deploy / Roll out',
        what: 'rolled-out-in-sequence: six services in a loop, each waited for. Set all images, then wait for all.',
        saves: [240, 310],
      },
      {
        where: 'deploy / Roll out',
        what: 'builds-everything: all six services are built and rolled out, though the last changes touch cart and web (and once only docs). Build and roll out what changed.',
        saves: [220, 320],
      },
      {
        where: 'build / Build, for each service',
        what: 'image-without-layer-cache: `docker build` on new runners, without a cache.',
        saves: [60, 120],
      },
    ],
    traps: [
      'The six builds run in parallel: one of them counts, not their sum.',
      'Roll out is the deployment. Only the order inside it is a problem.',
    ],
  },
  '29-image-as-an-artifact': {
    findings: [
      {
        where: 'publish',
        what: 'image-as-artifact: the image is uploaded as a tar file (43 s), downloaded and loaded for tests (58 s), and again to be pushed (95 s). Push once in build, pull in the tests, and tag afterwards.',
        saves: [110, 165],
      },
    ],
    traps: [
      'acceptance needs the image: it tests what ships.',
      'scan ends before acceptance: it is not on the path.',
      'The build has a gha cache, though it has no `push`.',
      'helm upgrade --wait is the deployment.',
    ],
  },
  '30-image-by-composite-actions': {
    findings: [
      {
        where: 'publish / Run ./.github/actions/load-image',
        what: 'image-as-artifact: composite actions save, upload, download (twice) and load the image. Push it once to the registry, and pull it.',
        saves: [120, 190],
      },
      {
        where: 'image / Run ./.github/actions/save-image',
        what: 'image-without-layer-cache: the composite action builds with `docker build`, without a cache.',
        saves: [40, 80],
      },
    ],
    traps: [
      '`docker build -t ledger-test` is a build, not a test; the test is the step Run.',
      'ledger-test is made from the image that was loaded. It is not the same build twice.',
      'check needs the image: it tests what ships.',
      'kubectl rollout status is the deployment.',
    ],
  },
  '31-image-artifact-to-a-server': {
    findings: [
      {
        where: 'deploy / Copy',
        what: 'image-as-artifact: the whole image is saved, compressed, uploaded, downloaded, copied by SSH and loaded (58 s, 17 s, 13 s, 91 s and a part of 49 s). With a registry, only changed layers travel.',
        saves: [130, 180],
      },
      {
        where: 'deploy / Build',
        what: 'image-without-layer-cache: every layer is built again on a new runner.',
        saves: [80, 130],
      },
    ],
    traps: ['Load and start is the deployment.', 'docker compose up --wait waits for health checks.'],
  },
  '32-gradle-to-eks': {
    findings: [
      {
        where: 'build / Run ./gradlew build',
        what: 'no-compiler-cache: neither job keeps Gradle packages or its build cache (no `cache: gradle`, no setup-gradle).',
        saves: [200, 350],
      },
      {
        where: 'image / Run ./gradlew clean bootJar',
        what: 'built-twice: `build` has made the same JAR in the job before. Pass it on, or build the image in parallel with the tests.',
        saves: [110, 180],
      },
    ],
    traps: [
      'The test report takes 4 s.',
      'kubectl rollout status is the deployment.',
      'kustomize … | kubectl apply deploys the service, not infrastructure.',
    ],
  },
  '33-dotnet-by-a-slot': {
    findings: [],
    traps: [
      'staging-slot has no `environment:` and says staging, but it is the first half of this deployment: what is warmed up there is swapped.',
      'Warm up retries until the slot answers. It is not a fixed wait.',
      'dotnet publish has --no-build: nothing is built twice.',
      'The packages are cached by setup-dotnet, with a lock file.',
      'The artifact takes 10 s in both directions.',
    ],
  },
  '34-functions-after-bicep': {
    findings: [
      {
        where: 'deploy / Infrastructure',
        what: 'infrastructure-in-path: Bicep is deployed before every release of the code.',
        saves: [125, 139],
      },
      {
        where: 'deploy / Notices',
        what: 'rolled-out-in-sequence: three applications that take nothing from one another are deployed one after the other. Use a matrix.',
        saves: [115, 130],
      },
    ],
    traps: [
      'Reports is the last step, but all three steps are the deployment.',
      'dotnet test and dotnet publish are not the same build; both take about a minute.',
      'The packages are cached by setup-dotnet.',
    ],
  },
  '35-ecs-gated-by-staging': {
    findings: [],
    traps: [
      'staging has no environment (the expression is empty there) and is a hop, but acceptance tests it: the team needs it.',
      'acceptance is already in four shards, and cannot run in parallel with the deployment that it guards.',
      'image and unit run in parallel already.',
      'The same workflow is called twice, for two stages: not the same work twice.',
      'production / amazon-ecs-deploy-task-definition is the deployment.',
    ],
  },
  '36-helm-through-dev-and-staging': {
    findings: [
      {
        where: 'dev',
        what: 'environment-hop: nothing checks dev, but staging and production wait for it. Deploy to dev and staging in parallel.',
        saves: [115, 126],
      },
      {
        where: 'image / Run ./.github/actions/setup',
        what: 'built-twice: the composite action installs and builds on the runner, then the image builds all of it again. The image job needs no setup; then the tests (168 s) decide.',
        saves: [40, 50],
      },
    ],
    traps: [
      'staging is checked by smoke before production.',
      'production / helm upgrade is the deployment: the input `environment` is production there, and a note follows it.',
      'test and image run in parallel, so the test job gives nothing back.',
      'The image has a gha cache with mode=max.',
    ],
  },
  '37-two-platforms-by-gitops': {
    findings: [
      {
        where: 'image / Run docker/build-push-action@v6',
        what: 'emulated-platform: linux/arm64 is built under QEMU on an x86 runner. Build it on an ARM runner in parallel, cross-compile it, or take it off the path.',
        saves: [650, 900],
      },
    ],
    traps: [
      'The image has a gha cache with mode=max; a layer cache is not what is missing.',
      'test runs in parallel with the image and ends 15 minutes before it.',
      'Wait for Argo is the rollout, not a fixed wait.',
      'Checking out another repository is how GitOps works.',
    ],
  },
  '38-node-modules-as-an-artifact': {
    findings: [
      {
        where: 'install / Run actions/upload-artifact@v4',
        what: 'large-artifact: node_modules is uploaded (146 s) and downloaded by four jobs on the path (62 s each). Use `cache: npm` and npm ci in each job.',
        saves: [260, 380],
      },
      {
        where: 'lint',
        what: 'long-before-quick: unit tests and the linter, which fail more often, wait for 12 minutes of end-to-end tests and take nothing from them. Run them first, or in parallel.',
        saves: [250, 330],
      },
      {
        where: 'deploy / Run npm run build',
        what: 'built-twice: the same build is made for the end-to-end tests and for the deployment. Ship what was tested.',
        saves: [60, 71],
      },
      {
        where: 'end-to-end / Initialize containers',
        what: 'service-containers: 74 s until PostgreSQL and OpenSearch are pulled and started. Use a smaller image, or give the search only to its own tests.',
        saves: [25, 55],
      },
    ],
    traps: [
      'serverless deploy and s3 sync are the deployment.',
      'npm ci has no cache, but the upload after it costs more; one change fixes both.',
    ],
  },
  '39-sphinx-with-a-pdf': {
    findings: [
      {
        where: 'build / Install TeX',
        what: 'toolchain-from-scratch: hundreds of MB of TeX packages are installed by apt-get on every run. Use an image that has them, or fewer packages.',
        saves: [130, 180],
      },
    ],
    traps: [
      'HTML and PDF are two outputs of the same sources: not the same build twice.',
      'The artifact of the pages is how Pages are deployed, and takes 7 s.',
      'pip is cached by setup-python.',
    ],
  },
  '40-hugo-to-a-bucket': {
    findings: [],
    traps: [
      'Invalidate waits until CloudFront says that it is done: the change is live only then.',
      'Resources are kept by actions/cache.',
      'Nothing here takes long enough to matter.',
    ],
  },
};
