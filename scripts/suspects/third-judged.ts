import { arguable, type Judged, made, real, wrong } from './judging.ts';

/** The findings on the third set, judged one by one, by a reviewer who did not see the rules. */
export const JUDGED: Record<string, Judged> = {
  '01-race-meetings': {
    findings: {
      'install-without-cache @ deploy / Packages': made(
        0,
        'The kind is right, but setup-php has no cache to turn on. It takes actions/cache, as in the test job.',
      ),
    },
    missed: [],
  },
  '03-portal-manual': {
    findings: {
      'install-without-cache @ manual-and-gallery / Packages of the portal': made(0),
      'built-in-sequence @ manual-and-gallery / Manual': made(
        1,
        'The time is that of the manual and the gallery. The gallery takes nothing from the manual, so the question has an easy answer.',
      ),
    },
    missed: [],
  },
  '05-donations-api': {
    findings: {
      'image-after-tests @ publish': made(0),
      'image-without-layer-cache @ publish / Image': real(
        'The builder is new on every run and has no cache. Little of it is left on the path once the image is built beside the tests.',
      ),
      'needless-sequence @ test': made(1),
      'install-without-cache @ lint / Run npm ci': arguable(
        'The time is that of two installs, in lint and test, but the change shows only lint. That alone saves about half of the range, and nothing once the tests no longer wait for lint.',
      ),
    },
    missed: [],
  },
  '06-household-budget': {
    findings: {
      'built-in-sequence @ Build and deploy / Tests': arguable(
        'The tests are not something that is built. To run them beside the build saves less than 63 s, because a second job has to set up and restore again. The cause is that they cannot stop the deployment (142 s).',
      ),
    },
    missed: [],
  },
  '07-campaign-board': {
    findings: {
      'image-without-layer-cache @ build-and-deploy / Backend image': made(0, 'Both images together.'),
      'built-in-sequence @ build-and-deploy / Frontend image': made(1),
      'rolled-out-in-sequence @ build-and-deploy / Roll out the frontend': made(
        2,
        'A question: the file does not show whether the frontend needs the new backend.',
      ),
      'analysis-in-path @ build-and-deploy / Scan the backend': real(
        'It cannot fail (`--exit-code 0`), so the rollout waits for nothing. Its 71 s are 6% of the path, too little for the list.',
      ),
      'toolchain-from-scratch @ build-and-deploy / Scan the backend': arguable(
        'The same step again. How much of it installs trivy cannot be seen: the range counts the scan itself.',
      ),
    },
    missed: [],
  },
  '08-safe-gateway': {
    findings: {
      'image-after-tests @ image': {
        ...arguable(
          'The words are right, but the change lets the image need the tests (`needs: [tests]`): it saves the 9 s of coverage, and not the 298 to 425 s.',
        ),
        expert: 0,
      },
      'emulated-platform @ image / Build and push': made(1),
    },
    missed: [],
  },
  '09-climate-catalogue': {
    findings: {
      'image-without-layer-cache @ test / Services': made(
        1,
        'The kind is right. Compose builds the images, so the lines for build-push-action do not fit.',
      ),
      'needless-sequence @ test': made(0),
      'analysis-in-path @ lint / Checks': arguable(
        'The same time as the needless sequence: these are the checks of the job that the tests wait for. Nothing is left to save after that change, which keeps them as a gate.',
      ),
    },
    missed: [],
  },
  '11-exception-inbox': {
    findings: {
      'built-in-sequence @ test-browser / Run dotnet build Inbox.slnx --no-restore --configuration Release':
        wrong(
          'It counts the compiler, the browser and the browser tests as things that are built. The tests need both others, and the job is the longest by about 22 s only.',
        ),
      'large-image-pulled @ publish / Pull the staged images': wrong(
        'The wrong cause: these are the images of the product, pulled only to get other tags. Not a smaller image, but a copy in the registry removes it.',
      ),
      'toolchain-from-scratch @ test-browser / Aspire': arguable(
        'Aspire and the browser take 41 s, but test-api ends about 22 s before this job, and an image with a browser has to be pulled as well.',
      ),
    },
    missed: [],
  },
  '13-access-dashboard': {
    findings: {
      'needless-sequence @ plan': made(0, 'A question with an easy answer: a plan changes nothing.'),
      'analysis-in-path @ scan / scan / Checkov': arguable(
        'The same time as the needless sequence, which keeps the scans as a gate. Without a gate, policies of the infrastructure fail only after they are broken.',
      ),
    },
    missed: [],
  },
  '15-chat-agent': {
    findings: {
      'needless-sequence @ credentials': made(1),
    },
    missed: [],
  },
  '16-physics-notes': {
    findings: {
      'no-compiler-cache @ site / Build': made(0),
      'toolchain-from-scratch @ site / System packages': arguable(
        'It names the step that takes 49 s. Most of the 217 s is `cargo install wasm-pack`, a step that it does not name, and a binary to download is not among its advice.',
      ),
    },
    missed: [],
  },
  '17-table-services': {
    findings: {
      'image-after-tests @ Image of gateway': made(0),
      'analysis-in-path @ security / gosec': made(1),
      'rolled-out-in-sequence @ deploy / Wait for the rollouts': wrong(
        'All rollouts are started before the first wait. The advice is what the file does.',
      ),
      'fixed-wait @ deploy / It answers': arguable(
        'A fixed wait, and easy to replace. But it comes after all rollouts, when the change is live, so it only delays the result and the next run.',
      ),
    },
    missed: [],
  },
  '19-speaking-practice': {
    findings: {
      'image-after-tests @ deploy / Build': made(0),
      'image-without-layer-cache @ deploy / Build': made(1),
      'toolchain-from-scratch @ emulator / Packages and the emulator': arguable(
        'Some 27 of the 66 s install the packages of the repository, which an image does not replace, and the image has to be pulled. The unit tests cap it at 41 s.',
      ),
    },
    missed: [],
  },
  '20-storefront-server': {
    findings: {
      'image-without-layer-cache @ deploy / Build and push': made(0),
    },
    missed: [],
  },
};
