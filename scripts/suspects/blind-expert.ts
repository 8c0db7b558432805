import type { Expert } from './work-expert.ts';

/**
 * The findings that a reviewer would sign for each of these ten workflows, and the traps. The list was written before the guard ran
 * on them, in the format of `work-expert.ts`: `saves` is a range of seconds for each deployment, if the team makes only that change.
 */
export const EXPERT: Record<string, Expert> = {
  '01-sheet-music': {
    findings: [],
    traps: [
      'NuGet packages are kept by actions/cache.',
      'Publish uses the output of Build, in the same configuration, and takes 8 s. Nothing is built twice.',
      'The artifact takes 6 s in both directions.',
      'Deploy is the deployment.',
      'Two jobs for one path cost a few seconds.',
    ],
  },
  '02-dog-walkers': {
    findings: [
      {
        where: 'tests',
        what: 'needless-sequence: the tests take nothing from the style checks, and deploy needs both anyway. Remove `needs: style`, so that both run at the same time.',
        saves: [80, 87],
      },
    ],
    traps: [
      'style / quality / Packages has no cache, but most of its 46 s are two installs that remain. A cache of both tools saves less than a tenth of the path, and Composer in the tests a few seconds more.',
      'The frontend packages of the tests have the cache of setup-node.',
      'Deployer takes 14 s.',
      'The tests need the assets. They are built on the server or not at all for the release: that is not in these files.',
      'Release is the deployment.',
    ],
  },
  '03-bike-couriers': {
    findings: [
      {
        where: 'ship / Accounts',
        what: 'needless-sequence: three projects with a POM of their own are packed one after another (87 s), but take nothing from one another: none is installed for the next one. Run the three in parallel, or as a matrix.',
        saves: [35, 55],
      },
      {
        where: 'ship / Build and start',
        what: 'fixed-wait: the script sleeps for 45 s after Compose has started the containers, and the next step for 15 s. Use `docker compose up -d --build --wait` with health checks, and poll.',
        saves: [20, 45],
      },
    ],
    traps: [
      'Maven has its cache by actions/cache.',
      'The images are built on the machine, which keeps its layers. They only pack JARs.',
      'The sleep of 15 s comes after the services have started: alone it delays no change.',
      'rsync copies the JARs and the sources, 21 s.',
      'Build and start is the deployment.',
    ],
  },
  '04-road-trips': {
    findings: [
      {
        where: 'production / Image of the web frontend',
        what: 'needless-sequence: the frontend is built only after the JARs and three images, but takes nothing from them. Build it in a job of its own, at the same time.',
        saves: [100, 125],
      },
      {
        where: 'production / Image of the web frontend',
        what: 'image-without-layer-cache: no image has `cache-from` or `cache-to`, so that the packages of the frontend are installed on every run. Use `type=gha` with a scope for each image.',
        saves: [35, 70],
      },
    ],
    traps: [
      'Maven has the cache of setup-java. 54 s remain for the compiler.',
      'The images of the services need the JARs before them. They only pack them, so a layer cache saves little there.',
      'setup-buildx-action alone is no layer cache.',
      'Start on the server is the deployment.',
      'The concurrency group keeps two deployments apart.',
    ],
  },
  '05-concert-dates': {
    findings: [
      {
        where: 'image / Build and push',
        what: 'emulated-platform: the only platform is ARM, and QEMU compiles the release for it on an Intel runner. Use `runs-on: ubuntu-24.04-arm`, without QEMU.',
        saves: [200, 290],
      },
    ],
    traps: [
      'The image has its layer cache in the registry, with mode=max.',
      'fetch-depth: 2 is no full history.',
      'Kamal takes 13 s to install.',
      'Switch to the new container is the deployment. It builds nothing, because of --skip-push.',
      'The workflow of the checks is not among these files.',
    ],
  },
  '06-soil-samples': {
    findings: [
      {
        where: 'function / Image',
        what: 'image-without-layer-cache: `docker build` installs all Python packages from the first layer on a new runner. Use Buildx with a cache of GitHub or of the registry.',
        saves: [60, 115],
      },
    ],
    traps: [
      'Stack is the deployment, though it applies CloudFormation.',
      'staging is another branch. No change waits for it in this file.',
      'setup-sam takes 9 s.',
      'linux/amd64 is the platform of the runner: nothing is emulated.',
      'There are no tests in this file. That is a risk, not a delay.',
    ],
  },
  '07-spreadsheet-checks': {
    findings: [
      {
        where: 'ecs / Images',
        what: 'image-without-layer-cache: backend and frontend are built from the first layer on a new runner. Use Buildx with a cache for each image.',
        saves: [80, 150],
      },
      {
        where: 'ecs / Images',
        what: 'needless-sequence: five images are built and pushed one after another, but take nothing from one another. Use a matrix, or one `docker buildx bake`.',
        saves: [90, 120],
      },
    ],
    traps: [
      'Backend is the rollout itself, blue and green.',
      'The second push of the backend only sends a tag.',
      'The sleep of 15 s runs only if a deployment is still in progress, and Stop what still runs usually takes 3 s.',
      'The other services start without a wait: nothing is rolled out in sequence there.',
      'The three images of the monitoring seldom change and would be better off in their own workflow, but how much of the step they take is not in this file.',
    ],
  },
  '08-guest-lists': {
    findings: [
      {
        where: 'production / Packages',
        what: 'no-dependency-cache: Yarn downloads all packages on every run. Add setup-node with `cache: yarn`.',
        saves: [28, 48],
      },
    ],
    traps: [
      'The unit tests take 33 s. A job of their own would have to install everything first.',
      'Source maps takes 9 s.',
      'Deploy packs the functions and updates the stack: it is the deployment.',
      'The message comes after the deployment.',
    ],
  },
  '09-bus-passes': {
    findings: [
      {
        where: 'image',
        what: 'image-after-tests: the image takes nothing from the linter. Build it at the start, and let deploy need both.',
        saves: [58, 65],
      },
      {
        where: 'image / Build and push',
        what: 'image-without-layer-cache: `docker build` downloads all modules and compiles everything on a new runner. Use Buildx with a cache.',
        saves: [35, 70],
      },
    ],
    traps: [
      'setup-go keeps modules and compiled packages by default.',
      'The linter is installed as a binary, in 4 s.',
      'Upgrade the chart waits for the rollout itself.',
      'There are no tests in this file. That is a risk, not a delay.',
    ],
  },
  '10-firmware-notices': {
    findings: [],
    traps: [
      'Apply is the deployment: Terraform brings the code of the function.',
      'Apply plans once more, because the plan is not kept: 13 s at most.',
      'The artifact takes 3 s in both directions.',
      'pack.sh installs its packages without a cache, in 16 s with all the rest.',
      'The format takes no time.',
    ],
  },

  '11-cinema-snacks': {
    findings: [
      {
        where: 'ship / Image',
        what: 'image-after-tests: publishing, building and pushing (206 s) take nothing from the tests. Give them a job that starts at once, and let the rollout need both.',
        saves: [170, 195],
      },
      {
        where: 'ship / Image',
        what: 'image-without-layer-cache: `docker build` starts from the first layer on a new runner. Use Buildx with cache-from and cache-to.',
        saves: [45, 75],
      },
    ],
    traps: [
      'NuGet has no cache, but both restores together would be about 40 s shorter, less than a tenth of the path, and no lock file is seen.',
      'kubectl and the command line of AWS are on the runner already: 26 s, too little.',
      'Badge and report take 19 s after the tests.',
      'The API is built for the tests and again for the image, but that takes 34 s, less than a tenth of the path.',
      'The history is not needed, but the checkout takes 3 s.',
      'Whether the image copies what was published or compiles it again is not in this file.',
      'The second push of the image only sends a tag.',
      'Roll out is the deployment, and its wait is the rollout itself.',
    ],
  },
  '12-kayak-levels': {
    findings: [
      {
        where: 'images / Web',
        what: 'needless-sequence: four images with caches of their own are built one after another in one job (347 s), but take nothing from one another. Use a matrix.',
        saves: [205, 223],
      },
      {
        where: 'rollout / migrate / Write the script',
        what: 'needless-sequence: the SQL script is made from the source and takes nothing from the images, but is started when all are pushed. Write it next to them; only applying it has to wait.',
        saves: [50, 68],
      },
    ],
    traps: [
      'Every image has the cache of GitHub with its own scope.',
      'NuGet has its cache in the composite action.',
      'settings takes a second, and keeps a half-done deployment away.',
      'Applying the migrations has to come before the start, and after the images.',
      'Start the project is the deployment.',
      'A person makes the release: the team decides when.',
      'The artifact of the script takes 2 s.',
    ],
  },
  '13-barber-appointments': {
    findings: [
      {
        where: 'build / Build the container',
        what: 'not-needed-by-deployment: the container is neither pushed nor saved nor tried, and the server takes the source. Build it for pull requests, or push it and let the server pull it.',
        saves: [190, 211],
      },
      {
        where: 'build / Build the container',
        what: 'image-without-layer-cache: Compose builds it from the first layer on a new runner, with all packages of Maven.',
        saves: [90, 150],
      },
    ],
    traps: [
      'What the script of the server does in its 187 s is not in this file.',
      'Undo the change of the script comes after the deployment and takes 2 s.',
      'There are no tests in this file. That is a risk, not a delay.',
    ],
  },
  '14-picnic-planner': {
    findings: [
      {
        where: 'deploy / Image',
        what: 'image-after-tests: Cloud Build gets the source and takes nothing from the checks. Make the image in a job of its own at the same time, and let the revision need both.',
        saves: [105, 135],
      },
      {
        where: 'deploy / Build the pages',
        what: 'built-twice: the pages are built on the runner without their settings and thrown away; Cloud Build gets the settings of Vite and builds them again for the image.',
        saves: [44, 47],
      },
    ],
    traps: [
      'npm has the cache of setup-node.',
      'Lint takes 15 s, less than a tenth of the path.',
      'Whether Cloud Build keeps layers is in cloudbuild.yaml, which is not here.',
      'New revision is the deployment. Address and Summary come after it.',
      'setup-gcloud takes 13 s.',
    ],
  },
  '15-soil-journal': {
    findings: [],
    traps: [
      'Send the theme is the deployment. Its check of the PHP and the clearing of the cache are a part of the action.',
      'Nothing is installed or built.',
    ],
  },
  '16-lorry-auctions': {
    findings: [],
    traps: [
      'Deploy installs, builds and deploys in one step: how much of its 226 s are packages or the build is not seen. Bun usually needs a few seconds for packages.',
      'The step is the deployment.',
      'There are no tests in this file. That is a risk, not a delay.',
      'The concurrency group keeps two deployments apart.',
    ],
  },
  '17-lichen-graph': {
    findings: [
      {
        where: 'build / Client',
        what: 'needless-sequence: four images from four folders are built one after another in one job (331 s), but take nothing from one another. Use a matrix.',
        saves: [140, 158],
      },
    ],
    traps: [
      'The action pulls the layers of the last image from the registry: this is a layer cache.',
      'The number of commits needs the history. The checkout takes 11 s.',
      'Playbook is the deployment; it rolls out with the images that were just pushed.',
      'Ansible is on the runner already; the action installs nothing.',
      'A person makes the tag: the team decides when.',
    ],
  },
  '18-book-circles': {
    findings: [],
    traps: [
      'API and chat are started at the same time, each only if it changed. The chat is not on the path.',
      'The loops poll. Neither is a fixed wait.',
      'Gradle has the cache of setup-java, which holds the folder of its build cache, too.',
      'Images packs both JARs in parallel, on a runner of the right processor, in 32 s. A layer cache would save a few seconds.',
      'The history is needed to see what changed. The checkout takes 4 s.',
      'Two colours on one machine are one environment: no hop.',
      'The proxy must not switch before both are healthy.',
    ],
  },
  '19-model-sandbox': {
    findings: [
      {
        where: 'deploy / Build and push',
        what: 'image-after-tests: the image takes nothing from the tests of the other workflow, but is built when they have passed. Build first, and wait before the push of the tag that the cluster takes.',
        saves: [310, 331],
      },
      {
        where: 'deploy / Build and push',
        what: 'image-without-layer-cache: `docker build` starts from the first layer on a new runner and installs all Python packages. Use Buildx with a cache in the registry.',
        saves: [180, 300],
      },
    ],
    traps: [
      'Wait for the tests polls every ten seconds. It is no fixed wait.',
      'Build and push is the deployment, too: the cluster takes the tag.',
      'The tests themselves are in another workflow.',
    ],
  },
  '20-canteen-menus': {
    findings: [
      {
        where: 'deploy / Build',
        what: 'no-dependency-cache: Gradle downloads itself and all libraries on every run. Set `cache: gradle` in setup-java, or use setup-gradle, which keeps the build cache, too.',
        saves: [45, 85],
      },
    ],
    traps: [
      'How much of Build are tests is not seen: it is one command. One job for both is fair at this size.',
      'New version is the deployment, and its wait is the rollout of the environment.',
      'Pack takes a second.',
      '`clean` costs nothing on a new runner.',
    ],
  },
};
