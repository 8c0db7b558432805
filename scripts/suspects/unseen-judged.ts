import { type Judged, made, real } from './judging.ts';

/**
 * The findings on the `unseen` set. A reviewer who had not seen the rules judged those of the first run. The authors judged again
 * what changed when the rules were improved.
 */
export const JUDGED: Record<string, Judged> = {
  '01-parcel-tracking': {
    findings: { 'image-without-layer-cache @ Image / Build and push': made(0) },
    missed: [],
  },
  '02-meal-plans': {
    findings: {
      'image-after-tests @ images': made(
        0,
        'Both images have only the tag `latest`, which the advice says to move after the tests.',
      ),
      'image-without-layer-cache @ images / Frontend and Backend': made(2),
      'built-in-sequence @ images / Frontend': made(1),
    },
    missed: [],
  },
  '04-choir-membership': {
    findings: {
      'install-without-cache @ test / PHP packages and deploy / PHP packages': made(1),
      'built-twice @ deploy / Score component': made(
        0,
        'It counts only the component. The expert hands over the assets, too.',
      ),
    },
    missed: [],
  },
  '05-campus-notices': {
    findings: {
      'no-compiler-cache @ deploy / JAR': made(
        0,
        'setup-gradle keeps the libraries, which is the larger part, and not only what is compiled.',
      ),
    },
    missed: [],
  },
  '06-training-diary': {
    findings: {
      'image-after-tests @ Build': made(0),
      'large-artifact @ Build / Run actions/upload-artifact@v4 and Deploy / Run actions/download-artifact@v4':
        made(
          1,
          'It says to upload only what later jobs need, but does not say that `node_modules` is not copied to the server.',
        ),
    },
    missed: [],
  },
  '07-wallet-services': {
    findings: {
      'built-in-sequence @ deploy / Images': made(0),
      'image-without-layer-cache @ deploy / Images': made(1),
    },
    missed: [],
  },
  '08-equipment-loans': { findings: { 'install-without-cache @ build / Restore': made(0) }, missed: [] },
  '11-short-links': {
    findings: {
      'image-after-tests @ image / image': made(0),
      'image-without-layer-cache @ image / image / Build and push': made(2),
    },
    missed: [],
  },
  '12-bird-sightings': {
    findings: {
      'image-after-tests @ Kamal / Deploy / Deploy': real(
        'A question: Kamal builds the image after the tests, and the commands are right. How much of the step is the build cannot be seen.',
      ),
      'image-without-layer-cache @ Kamal / Deploy / Deploy': real(
        'A question: Buildx is set up on a new runner, so without a cache in config/deploy.yml each layer is built again. It is worth asking.',
      ),
    },
    missed: [],
  },
  '14-form-mailer': {
    findings: {
      'environment-hop @ deploy-test': made(0, 'A question: somebody may look at the test stack.'),
    },
    missed: [],
  },
  '15-pharmacy-orders': {
    findings: {
      'image-without-layer-cache @ release / Image': made(0),
    },
    missed: [],
  },
  '16-statistics-textbook': {
    findings: {
      'built-in-sequence @ pages / French, Ukrainian, Chinese and Spanish': made(
        0,
        'A question: the Makefile may need an order.',
      ),
      'toolchain-from-scratch @ pages / TeX': made(1),
    },
    missed: [],
  },
  '17-snippet-host': {
    findings: { 'no-compiler-cache @ Tests / Tests': made(0) },
    missed: [],
  },
  '18-insurance-quotes': {
    findings: {
      'image-without-layer-cache @ Staging / deploy / Build and push and Production / deploy / Build and push':
        made(1),
      'built-twice @ Production / deploy / Build and push': made(0),
    },
    missed: [],
  },
  '19-hostel-finder': {
    findings: {
      'built-twice @ Workers / Build': made(0),
      'no-compiler-cache @ Workers / Build for Workers and Build': made(1),
    },
    missed: [],
  },
  '20-city-quiz': {
    findings: {
      'emulated-platform @ Image of the server / Build and push': made(1),
      'image-after-tests @ Image of the server': made(
        0,
        'The server pulls `latest`, which the advice says to move after the tests.',
      ),
    },
    missed: [],
  },
};
