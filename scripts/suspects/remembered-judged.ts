import { type Judged, made, real } from './judging.ts';

/** The findings on the set that was drawn from memory, judged one by one by a reviewer who had not read the rules. */
export const JUDGED: Record<string, Judged> = {
  '01-chat-steward': {
    findings: {
      'image-after-tests @ ship / Image': made(
        0,
        'No diff: the called workflow has to be split first, because it builds and deploys.',
      ),
    },
    missed: [],
  },
  '02-grammar-gym': {
    findings: {
      'image-without-layer-cache @ Image / Build and push / Build': made(0),
    },
    missed: [],
  },
  '03-draft-desk': {
    findings: {
      'one-long-test-job @ Tests / Python': made(0),
      'emulated-platform @ Release / Image': real(
        'QEMU builds the half for ARM on each release, although the layers have a cache. A second runner would need the assets of this job. To leave ARM out of the deployment is simpler.',
      ),
    },
    missed: [],
  },
  '04-beach-cleanups': {
    findings: {
      'image-after-tests @ Image': made(
        0,
        'The advice says that `latest` moves after the tests. The diff leaves its push where it is, before them.',
      ),
      'image-without-layer-cache @ Image / Build, tag and push': made(1),
    },
    missed: [],
  },
  '05-savings-jar': {
    findings: {
      'one-long-test-job @ ci / test / Unit and integration tests and System tests': made(2),
      'image-without-layer-cache @ Image for amd64 / Build and push by digest': made(1),
      'image-after-tests @ Image for amd64': made(0),
    },
    missed: [],
  },
  '06-free-pictures': {
    findings: {
      'image-as-artifact @ Image of source_db / Keep the image, Tests of the API / Load the images, Publish source_db / Run actions/download-artifact@v4 and Load and tag':
        made(0, 'Pull requests from forks cannot push, so they would keep the artifact.'),
    },
    missed: [],
  },
  '09-wish-box': {
    findings: {
      'image-without-layer-cache @ Image / Build and push': made(2),
      'emulated-platform @ Image / Build and push': made(0),
      'image-after-tests @ Image': made(1),
    },
    missed: [],
  },
  '10-parental-leave': {
    findings: {
      'environment-hop @ Test cluster': made(
        0,
        'A question: a rollout that fails in the test cluster would no longer stop the one in production.',
      ),
    },
    missed: [],
  },
  '13-beach-cabins': {
    findings: {
      'image-without-layer-cache @ Image / Build and push / Build': made(
        0,
        'The cache needs a scope for each part as soon as a second part of the monorepo is built.',
      ),
    },
    missed: [],
  },
  '18-chore-lists': { findings: { 'provisioned-in-path @ build / Provision': made(0) }, missed: [] },
  '19-badminton-courts': {
    findings: { 'large-artifact @ build / Keep the folder and deploy / Fetch the folder': made(0) },
    missed: [],
  },
  '20-receipt-scans': { findings: { 'set-up-again @ build-and-deploy / Packages': made(0) }, missed: [] },
};
