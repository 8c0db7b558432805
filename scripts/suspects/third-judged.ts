import { type Judged, made, real } from './judging.ts';

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
      'no-compiler-cache @ manual-and-gallery / Manual': made(2),

      'install-without-cache @ manual-and-gallery / Packages of the portal, Packages of the manual and Packages of the gallery':
        made(0),
      'built-in-sequence @ manual-and-gallery / Manual and Gallery': made(
        1,
        'The time is that of the manual and the gallery. The gallery takes nothing from the manual, so the question has an easy answer.',
      ),
    },
    missed: [],
  },
  '05-donations-api': {
    findings: {
      'one-long-test-job @ test': made(2, 'The time is that of the job, and the saving that of its tests.'),

      'image-after-tests @ publish': made(0),
      'image-without-layer-cache @ publish / Image': real(
        'The builder is new on every run and has no cache. Little of it is left on the path once the image is built beside the tests.',
      ),
      'needless-sequence @ test': made(1),
    },
    missed: [],
  },
  '06-household-budget': {
    findings: {
      'not-needed-by-deployment @ Build and deploy / Tests': made(0),
      'built-twice @ Build and deploy / Build for release': made(1, 'As long as the tests run in this job.'),
    },
    missed: [],
  },
  '07-campaign-board': {
    findings: {
      'image-without-layer-cache @ build-and-deploy / Frontend image and Backend image': made(
        0,
        'Both images together.',
      ),
      'built-in-sequence @ build-and-deploy / Frontend image': made(1),
      'rolled-out-in-sequence @ build-and-deploy / Roll out the frontend': made(
        2,
        'A question: the file does not show whether the frontend needs the new backend.',
      ),
      'analysis-in-path @ build-and-deploy / Scan the backend': real(
        'It cannot fail (`--exit-code 0`), so the rollout waits for nothing. Its 71 s are 6% of the path, too little for the list.',
      ),
    },
    missed: [],
  },
  '08-safe-gateway': {
    findings: {
      'image-after-tests @ image': made(0),
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
    },
    missed: [],
  },
  '11-exception-inbox': {
    findings: {
      'retagged-image @ publish / Final tags and Pull the staged images': made(0),
    },
    missed: [],
  },
  '13-access-dashboard': {
    findings: {
      'planned-twice @ plan / Plan': made(1),

      'needless-sequence @ plan': made(0, 'A question with an easy answer: a plan changes nothing.'),
    },
    missed: [],
  },
  '15-chat-agent': {
    findings: {
      'image-after-tests @ deploy / Build and start': made(
        0,
        'The range counts the start of the containers as a part of the step.',
      ),

      'needless-sequence @ credentials': made(1),
    },
    missed: [],
  },
  '16-physics-notes': {
    findings: {
      'toolchain-from-scratch @ site / wasm-pack': made(1),

      'no-compiler-cache @ site / Build': made(0),
    },
    missed: [],
  },
  '17-table-services': {
    findings: {
      'image-after-tests @ Image of gateway': made(0),
      'needless-sequence @ Test gateway': made(1, 'Of the scans the tests only get whether a secret is set.'),
    },
    missed: [],
  },
  '19-speaking-practice': {
    findings: {
      'image-after-tests @ deploy / Build': made(0),
      'image-without-layer-cache @ deploy / Build': made(1),
    },
    missed: [],
  },
  '20-storefront-server': {
    findings: {
      'image-after-tests @ deploy / Build and push': made(1),

      'image-without-layer-cache @ deploy / Build and push': made(0),
    },
    missed: [],
  },
  '12-form-designer': {
    findings: {
      'image-without-layer-cache @ image / image / Build': made(0),
    },
    missed: [],
  },
};
