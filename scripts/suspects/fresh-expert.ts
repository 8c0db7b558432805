import type { Expert } from './work-expert.ts';

/** The findings that a reviewer would sign for each workflow here. The list was written before the guard ran on them. */
export const EXPERT: Record<string, Expert> = {
  '01-field-station-diary': {
    findings: [],
    traps: [
      'Push to Dokku is the deployment: Dokku builds the image on its server, and what it keeps is not in this file.',
      '`fetch-depth: 0` is needed: a shallow clone cannot be pushed. It takes 5 s.',
      'The tests need the bundle, because the templates read its manifest. Linting and testing the scripts before the bundle costs 31 s, about 5% of the way.',
      'How many processes `just test` uses is hidden in its recipe. That it migrates first is asked for with `--migrations`, and its share is not known.',
      'style and dockerfile run in parallel and end long before test.',
      'npm and pip have the caches of their setup actions.',
      'The concurrency group keeps two deployments apart.',
      'Tell the error tracker comes after the deployment.',
    ],
  },
  '02-school-meals': {
    findings: [
      {
        where: 'release / rollout / services / Queue service',
        what: 'rolled-out-in-sequence: the queue service starts only when the web service is stable, but takes nothing from it. Both have the same image, and the schema is ready. Update both, then wait once.',
        saves: [115, 141],
      },
    ],
    traps: [
      'Both environments build the same image, but at the same time on two runners. That costs minutes, not time to live.',
      'What `make release-image` does with layer caches is hidden in the Makefile.',
      'The migrations have to end before the services are updated, and need the image.',
      'The job Commit stands in two workflows: 12 s in all.',
      'trial is no hop before production: both run in parallel.',
      'Terraform takes 3 s to set up.',
      'The concurrency groups keep two releases apart.',
    ],
  },
  '03-cover-letters': {
    findings: [
      {
        where: 'deploy / Image',
        what: 'image-after-tests: the image takes nothing from the tests. Build it in a job of its own beside them, and let deploy need both.',
        saves: [105, 125],
      },
    ],
    traps: [
      'Health sleeps for a minute, but after the new revision is live: it delays no change.',
      'The image has its layer cache, for all stages.',
      'pip has its cache. 44 s remain to install the packages.',
      'What check.sh runs, and in which order, is not in this file.',
      'Space of the app creates nothing in an ordinary run: 5 s.',
      'App is the deployment.',
    ],
  },
  '04-timetable-sandbox': {
    findings: [
      {
        where: 'image / Build and push',
        what: 'image-without-layer-cache: Buildx starts with nothing on each run and installs all packages again, in both images. Set `cache-from` and `cache-to`, with a scope for each part.',
        saves: [60, 110],
      },
    ],
    traps: [
      'QEMU is set up, but only the image for amd64 is built: nothing is emulated. It costs 6 s.',
      'setup-buildx-action alone is no layer cache.',
      'Both images are built whatever changed, but in parallel.',
      'New images is the deployment: it merges its own pull request at once, and no person waits. What the cluster does afterwards is not in this file.',
      'No tests stand here; they run on pull requests.',
    ],
  },
  '05-sign-on-service': {
    findings: [
      {
        where: 'image / Build, tag and push',
        what: 'image-after-tests: the image takes nothing from the tests. Start both together, and let landing need both.',
        saves: [160, 175],
      },
      {
        where: 'image / Build, tag and push',
        what: 'image-without-layer-cache: `docker build` on a new runner installs all packages again. Use Buildx with a cache.',
        saves: [60, 115],
      },
    ],
    traps: [
      'npm has no cache in the tests, but it would save about 25 s, less than a tenth of the way.',
      'setup-node in the job image is of no use, and takes 4 s.',
      'Synchronise is the deployment: Argo CD waits until the application is healthy.',
      'The small steps with the command line of Argo CD take 13 s in all.',
      'Checks are 16 s.',
    ],
  },
  '06-tree-felling-notices': {
    findings: [
      {
        where: 'image / Build',
        what: 'image-after-tests: the image takes nothing from lint, the specs or their coverage. Build it at the start, and let staging and rehearsal need all of them.',
        saves: [240, 257],
      },
      {
        where: 'image / Build',
        what: 'image-without-layer-cache: `docker build` on a new runner installs all gems and packages and compiles the assets from the first layer. Use Buildx with a cache.',
        saves: [80, 150],
      },
    ],
    traps: [
      'The specs are split over eight runners already. Each has to set itself up.',
      'Packages and Assets run in every slice, but in parallel: one slice counts. A cache for yarn would save about 20 s.',
      'The coverage holds the image by 30 s, about 5% of the way.',
      'lint runs in parallel and ends a minute before the slices.',
      'Production waits for staging, for 12 s: `kubectl apply` waits for no rollout.',
      'rehearsal is not needed by production.',
      'Bundler has the cache of setup-ruby.',
    ],
  },
  '07-reading-coach': {
    findings: [],
    traps: [
      'Push to Gigalixir is the deployment. The platform builds the release and keeps what it compiled; nothing of that is in this file.',
      '`fetch-depth: 0` is needed: the action pushes the branch with git. It takes 12 s.',
      'Python is needed for the command line of the platform.',
      'No unattended upgrades comes after the deployment.',
    ],
  },
  '08-roof-quotes': {
    findings: [
      {
        where: 'service / Build',
        what: 'image-without-layer-cache: `docker build` on a new runner pulls the base and installs all packages again, and every layer is pushed again. Use Buildx with a cache, with a scope for each service.',
        saves: [30, 55],
      },
    ],
    traps: [
      'All four services are built and deployed whatever changed, but in parallel: one leg counts.',
      'Deploy is the deployment.',
      'The job addresses comes after the rollout. The addresses of the services do not change.',
      'setup-node is there for the lock file, which exists: 4 s.',
      'gcloud takes 16 s to set up.',
    ],
  },
  '09-studio-bookings': {
    findings: [
      {
        where: 'image / Build and push',
        what: 'image-after-tests: the image takes nothing from the tests. Start both together, and let deploy need both.',
        saves: [100, 113],
      },
      {
        where: 'image / Build and push',
        what: 'image-without-layer-cache: the image is built with no `cache-from` on a new runner, so all packages are installed again. Add Buildx and a cache.',
        saves: [45, 80],
      },
    ],
    traps: [
      'pip has no cache, but would save about 20 s, less than a tenth of the way.',
      'The database is migrated by hand, and again by the test runner. What the first time costs is not known: it stands in one step with the tests.',
      'MySQL takes 24 s to start.',
      'Start the new image is the deployment. Whether `--build` builds anything depends on the Compose file.',
      'Tidy up comes after the deployment.',
    ],
  },
  '10-orienteering-cups': {
    findings: [],
    traps: [
      'Four combinations are tested, and the server has one of them, but they run in parallel.',
      'MySQL takes 33 s, with its image and its health check. A shorter interval would save perhaps 10 s.',
      'node_modules and vendor have caches that hit, so both installs are skipped.',
      'The tests need the frontend: their pages read its manifest.',
      '`fetch-depth: 0` is of no use in the tests, and takes 4 s.',
      'PHP packages in deploy has no cache, and Deployer may not need them: 28 s at most, less than a tenth of the way.',
      'Switch the server is the deployment. What the recipe does there is not in this file.',
    ],
  },
  '11-legal-forms': {
    findings: [
      {
        where: 'image',
        what: 'image-after-tests: the image takes the built site from the checks, but nothing from the local browser tests, which end 184 s later. Build it after the checks, and let preview need the browser tests, too.',
        saves: [165, 184],
      },
    ],
    traps: [
      'The browser tests run in four shards, with their browsers kept: no long test job.',
      'preview is tried by browsers before production: no hop. staging runs beside them.',
      'The image job does need the checks: it downloads the site that they built.',
      'Scans, SARIF and the bill of materials take less than a tenth of the path.',
      'What image.sh keeps in a cache is not in these files.',
      'The two scans of one image have two formats; the first is a part of the signature.',
      'npm has the cache of setup-node in the composite action.',
      'quality-report has the history it needs, and nothing waits for it.',
    ],
  },
  '12-study-mates': {
    findings: [
      {
        where: 'backend / Image',
        what: 'image-without-layer-cache: the image is built from the first layer on a new runner, with Gradle and all of its packages. Use Buildx with cache-from and cache-to.',
        saves: [60, 150],
      },
    ],
    traps: [
      'The machines are updated one after the other so that one of them answers: the old container is stopped before the new one starts. Both at once would be an outage.',
      'There are no tests in this file. That is a risk, not a delay.',
      'setup-gcloud takes 17 s; it is on the runner already, but that is less than 30 s.',
    ],
  },
  '13-package-handbook': {
    findings: [
      {
        where: 'handbook / Run conda-incubator/setup-miniconda@v3',
        what: 'no-dependency-cache: the environment is solved, downloaded and linked again for every change. Keep it, or at least the packages, with actions/cache and the hash of environment.yml.',
        saves: [45, 80],
      },
    ],
    traps: [
      'Links are tried after the pages are published: they delay no change.',
      'What ci/make_pages installs and builds is not in this file.',
      'Publish is the deployment.',
    ],
  },
  '14-tide-skill': {
    findings: [],
    traps: [
      'development is tried from end to end before production: no hop.',
      'All three systems are built beside one another, and here none is slower than the one that makes the package.',
      'The two waits poll the function. They are no fixed waits.',
      'Code before configuration is the order that Lambda needs.',
      'The compiler for ARM takes 31 s, less than a tenth of the path. The packages differ for each system.',
      'The packages of .NET are restored inside make.ps1; how long that takes is not visible.',
      'Coverage takes 4 s, and all artifacts together 6 s.',
      'try-production runs after the deployment.',
      'A concurrency group keeps tests and deployments of one function apart.',
    ],
  },
  '15-match-servers': {
    findings: [
      {
        where: 'site-development',
        what: 'environment-hop: production waits until infrastructure and site of development are deployed, but nothing looks at them: no test, no check. Try the site, or deploy to both after the build.',
        saves: [150, 173],
      },
      {
        where: 'infrastructure-production',
        what: 'provisioned-in-path: every change of the site plans and applies all infrastructure, in both environments (198 s). Apply it in a workflow of its own when infra changes, and take the names from variables.',
        saves: [90, 190],
      },
    ],
    traps: [
      'The site needs the name that Terraform gives: these two cannot simply run side by side.',
      'Names takes 5 s.',
      'What the actions of the club do inside is not in this file: no finding about their caches.',
      'The schedule is a second trigger. A change does not wait for it.',
      'site-production is the deployment.',
    ],
  },
  '16-tram-tickets': {
    findings: [
      {
        where: 'android / Build',
        what: 'no-compiler-cache: the step is told to use ccache, but no step installs it or keeps its folder, so all native code of React Native is compiled again. Install ccache and keep ~/.cache/ccache.',
        saves: [150, 450],
      },
    ],
    traps: [
      'setup-gradle keeps the packages and the build cache; only one city writes it, which is on purpose.',
      'node_modules and the gems are kept. caches only looks them up.',
      'APKs of the cities are different builds, side by side.',
      'The whole history takes 29 s of 24 minutes.',
      'Make room and ImageMagick are parts of Prepare, together less than a tenth of the path.',
      'Hand out is the deployment. The source maps follow it.',
      'changes and caches are short, but the matrix and the condition come from them.',
    ],
  },
  '17-consent-register': {
    findings: [
      {
        where: 'preproduction',
        what: 'environment-hop: account and environment of preproduction are applied before production, and nothing looks at the result: the API is tried in development only. Apply both stages side by side, or try preproduction.',
        saves: [170, 192],
      },
      {
        where: 'images',
        what: 'image-after-tests: the images take the tag, but nothing from the Go tests or the linter. Build them at once, and let development need all of them.',
        saves: [95, 108],
      },
      {
        where: 'images / Build the image',
        what: 'image-without-layer-cache: Compose builds each image from the first layer on a new runner, so modules are downloaded and compiled every time. Use Buildx with a cache and a scope for each image.',
        saves: [60, 110],
      },
    ],
    traps: [
      'development is tried by api-test: no hop.',
      'Apply in an environment hands over the tag of the images: it is the deployment itself, not provisioning.',
      'The plan is saved and applied: not planned twice.',
      'Images are built side by side; one leg counts.',
      'lint ends before the Go tests: it is not on the path.',
      'account-development runs beside the path. demonstration comes after production.',
      'The whole history takes 3 s.',
      'The scan takes 23 s, less than a tenth of the path.',
    ],
  },
  '18-hiking-routes': {
    findings: [
      {
        where: 'deploy / Image of the frontend',
        what: 'needless-sequence: four images are built one after another, and the frontend takes nothing from Maven or the services. Build it in a job of its own, side by side with them.',
        saves: [140, 172],
      },
      {
        where: 'deploy / Image of the frontend',
        what: 'image-without-layer-cache: Buildx is set up, but has no cache, so the packages and Next.js start from nothing. Use cache-from and cache-to.',
        saves: [50, 120],
      },
    ],
    traps: [
      'setup-buildx-action alone is no layer cache.',
      'Maven has the cache of setup-java.',
      'The images of the services only pack a JAR: a layer cache has little to save there.',
      'They need the JARs of the step before.',
      'Start the new tag is the deployment.',
      'The concurrency group keeps two deployments apart.',
    ],
  },
  '19-river-levels': {
    findings: [],
    traps: [
      'setup-node has no cache, but node_modules itself is kept, and the installation is skipped.',
      'Publish is the deployment.',
      'There are no tests in this file. That is a risk, not a delay.',
      'A build of 64 s with Vite has no cache to keep.',
    ],
  },
  '20-queue-check': {
    findings: [
      {
        where: 'deploy / Packages',
        what: 'not-needed-by-deployment: Poetry installs all packages, with those for development, and no step uses them. The list comes from the lock file, and pip installs the packages of the function again.',
        saves: [35, 43],
      },
    ],
    traps: [
      'Packages for the function are what ships: another folder, and only what production needs.',
      'A cache of downloads would save about 15 s.',
      'Installing Poetry takes 15 s.',
      'Update the function is the deployment.',
    ],
  },
};
