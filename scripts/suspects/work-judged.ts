import { type Judged, made, real } from './judging.ts';

/** A reviewer's judgment of each finding in the forty workflows of `work`. The numbers are positions in the expert's list. */

export const JUDGED: Record<string, Judged> = {
  '01-go-path-to-live': {
    findings: {
      'image-after-tests @ image / build-scan-push': made(0),
    },
    missed: [],
  },
  '02-django-on-cloud-foundry': {
    findings: {
      'provisioned-in-path @ infrastructure / apply / Apply': made(0),
    },
    missed: [],
  },
  '03-rails-tested-in-its-image': {
    findings: {
      'environment-hop @ Deploy to qa': made(0),
    },
    missed: [],
  },
  '04-three-images-in-one-job': {
    findings: {
      'image-without-layer-cache @ deploy / Build and push the Rails image, Build and push the nginx image and Build and push the test-runner image':
        made(0),
      'built-in-sequence @ deploy / Build and push the nginx image and Build and push the test-runner image':
        made(1),
    },
    missed: [],
  },
  '05-handbook-by-a-canary-slot': { findings: {}, missed: [] },
  '06-compose-after-another-workflow': { findings: {}, missed: [] },
  '07-openshift-test-then-prod': {
    findings: {
      'environment-hop @ Test': made(0),
    },
    missed: [],
  },
  '08-scala-monolith': {
    findings: {
      'no-compiler-cache @ build / Compile, test and package': made(1),
    },
    missed: [],
  },
  '09-serverless-then-browser-tests': { findings: {}, missed: [] },
  '10-pulumi-from-a-release': { findings: {}, missed: [] },
  '11-slug-by-artifact': {
    findings: {
      'needless-sequence @ index': made(0),
      'install-without-cache @ test / Install packages for development again': made(1),
      'large-artifact @ build / Run actions/upload-artifact@v4, test / Run actions/download-artifact@v4 and deploy / Run actions/download-artifact@v4':
        made(2),
    },
    missed: [],
  },
  '12-astro-docs-on-workers': {
    findings: {
      'large-artifact @ publish / Run actions/upload-artifact@v4': made(0),
      'full-history-with-files @ publish / Run actions/checkout@v4': made(1),
    },
    missed: [],
  },
  '13-release-to-argo': { findings: {}, missed: [] },
  '14-android-to-the-play-store': {
    findings: {
      'no-compiler-cache @ bundle / Build the bundle and unit / Run ./gradlew testReleaseUnitTest': made(1),
      'image-after-tests @ bundle / Build the bundle': made(0),
    },
    missed: [],
  },
  '15-war-by-ansible': {
    findings: {
      'toolchain-from-scratch @ roll-out / Install Ansible and Install roles and collections': made(0),
    },
    missed: [],
  },
  '16-packer-and-a-scaling-group': {
    findings: {
      'machine-image-in-path @ bake / Bake the image': made(0),
      'image-after-tests @ bake': made(1),
    },
    missed: [],
  },
  '17-java-two-machine-images': {
    findings: {
      'machine-image-in-path @ images / Bake the server and Bake the loader': made(2),
      'environment-hop @ Deploy to test and Deploy to sandbox': made(0),
      'built-in-sequence @ images / Bake the loader': made(1),
    },
    missed: [],
  },
  '18-sam-through-testing': {
    findings: {
      'environment-hop @ deploy-testing': made(0),
      'image-after-tests @ build-and-package': made(1),
    },
    missed: [],
  },
  '19-turborepo-workers': {
    findings: {
      'no-compiler-cache @ deploy / Check, test and build': made(0),
      'rolled-out-in-sequence @ deploy / Deploy the applications': made(2),
    },
    missed: [],
  },
  '20-bazel-to-gke': {
    findings: {
      'no-compiler-cache @ test / Run bazel test //... and push / Run bazel build //services/...': made(0),
      'image-after-tests @ push': real(
        'The images take nothing from the tests. Both jobs could start together, and the rollout needs both.',
      ),
      'built-twice @ push / Run bazel build //services/...': made(1),
    },
    missed: [],
  },
  '21-rust-by-scp': {
    findings: {
      'needless-sequence @ deploy / Run cargo build --release': real(
        'The tests compile for debugging. A job beside them would build the release meanwhile.',
      ),
      'no-compiler-cache @ deploy / Run cargo build --release, Run cargo clippy --all-targets -- -D warnings and Run cargo test':
        made(0),
    },
    missed: [],
  },
  '22-rust-migrations-then-fly': {
    findings: {
      'toolchain-from-scratch @ migrate / Install the migration tool': made(0),
    },
    missed: [],
  },
  '23-phoenix-on-fly': {
    findings: {
      'needless-sequence @ browser': made(0),
      'no-compiler-cache @ test / Run mix compile --warnings-as-errors and browser / Run mix compile':
        made(1),
    },
    missed: [],
  },
  '24-laravel-by-rsync': {
    findings: {
      'needless-sequence @ dusk': made(0),
      'built-twice @ dusk / Run npm run build and deploy / Run npm run build': made(2),
      'install-without-cache @ phpunit / Run npm ci, dusk / Run npm ci, deploy / Run npm ci and Run composer install --no-dev --optimize-autoloader':
        made(3),
    },
    missed: [],
  },
  '25-django-compose-twice': {
    findings: {
      'needless-sequence @ browser': made(0),
      'image-without-layer-cache @ image / Run docker/build-push-action@v6': made(1),
      'built-twice @ browser / Build': made(2),
      'image-after-tests @ image': made(3),
    },
    missed: [],
  },
  '26-node-two-ecs-services': {
    findings: {
      'rolled-out-in-sequence @ deploy / Roll out the worker': made(0),
      'long-before-quick @ quick': made(1),
      'image-after-tests @ image': made(2),
    },
    missed: [],
  },
  '27-ecs-in-a-loop': {
    findings: {
      'rolled-out-in-sequence @ deploy / Update the services': made(0),
    },
    missed: [],
  },
  '28-gke-six-services': {
    findings: {
      'rolled-out-in-sequence @ deploy / Roll out': made(0),
      'image-without-layer-cache @ build (cart) / Build cart': made(2),
    },
    missed: [],
  },
  '29-image-as-an-artifact': {
    findings: {
      'image-as-artifact @ build / Run actions/upload-artifact@v4, acceptance / Run actions/download-artifact@v4, Run docker load --input /tmp/billing.tar and 2 more':
        made(0),
    },
    missed: [],
  },
  '30-image-by-composite-actions': {
    findings: {
      'image-without-layer-cache @ image / Run ./.github/actions/save-image': made(1),
      'image-as-artifact @ check / Run ./.github/actions/load-image and publish / Run ./.github/actions/load-image':
        made(0),
    },
    missed: [],
  },
  '31-image-artifact-to-a-server': {
    findings: {
      'image-as-artifact @ build / Save and deploy / Copy': made(0),
      'image-without-layer-cache @ build / Build': made(1),
    },
    missed: [],
  },
  '32-gradle-to-eks': {
    findings: {
      'no-compiler-cache @ build / Run ./gradlew build and image / Run ./gradlew clean bootJar': made(0),
      'image-after-tests @ image': real(
        'The expert names it as the other way to the same end: build the image in parallel with the tests.',
      ),
      'built-twice @ image / Run ./gradlew clean bootJar': made(1),
    },
    missed: [],
  },
  '33-dotnet-by-a-slot': { findings: {}, missed: [] },
  '34-functions-after-bicep': {
    findings: {
      'provisioned-in-path @ deploy / Infrastructure': made(0),
      'rolled-out-in-sequence @ deploy / Notices and Reports': made(1),
    },
    missed: [],
  },
  '35-ecs-gated-by-staging': { findings: {}, missed: [] },
  '36-helm-through-dev-and-staging': {
    findings: {
      'environment-hop @ dev': made(0),
    },
    missed: [],
  },
  '37-two-platforms-by-gitops': {
    findings: {
      'emulated-platform @ image / Run docker/build-push-action@v6': made(0),
    },
    missed: [],
  },
  '38-node-modules-as-an-artifact': {
    findings: {
      'large-artifact @ install / Run actions/upload-artifact@v4, end-to-end / Run actions/download-artifact@v4, unit / Run actions/download-artifact@v4 and 2 more':
        made(0),
      'long-before-quick @ unit': made(1),
    },
    missed: [],
  },
  '39-sphinx-with-a-pdf': {
    findings: {
      'toolchain-from-scratch @ build / Install TeX': made(0),
    },
    missed: [],
  },
  '40-hugo-to-a-bucket': { findings: {}, missed: [] },
};
