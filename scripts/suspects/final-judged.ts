import { type Judged, made } from './judging.ts';

/** The findings on the final set, judged one by one. */
export const JUDGED: Record<string, Judged> = {
  '01-apprentice-diary': {
    findings: {
      'environment-hop @ preproduction': made(
        0,
        'A question worth asking: no test runs against the bucket, so only a person could look at it.',
      ),
      'built-twice @ production / Build the pages': made(
        1,
        'Both changes save the same two minutes: after one of them the other saves little.',
      ),
    },
    missed: [],
  },
  '02-podcast-transcoder': {
    findings: {
      'image-after-tests @ package / build': made(
        0,
        'The same change. The images still wait for the linters, but end before the packages.',
      ),
      'no-compiler-cache @ package / build / Build all functions': made(
        1,
        'The range is lower than that of the expert.',
      ),
    },
    missed: [],
  },
  '03-meetup-pages': {
    findings: { 'install-without-cache @ firebase / Run npm ci': made(0) },
    missed: [],
  },
  '04-quote-service': {
    findings: {
      'image-after-tests @ image': made(
        0,
        'The advice says to move `latest`, which the job pushes for everybody, after the tests. The diff does not.',
      ),
      'image-without-layer-cache @ image / Build': made(1),
    },
    missed: [],
  },
  '06-power-forecast': {
    findings: { 'rolled-out-in-sequence @ Deploy all apps / Send the packages': made(0) },
    missed: [],
  },
  '07-spectra-archive': {
    findings: {
      'image-after-tests @ Build and deploy / Application image and Web server image': made(
        0,
        'The images have to move to another job. The advice says to tag them with the commit.',
      ),
      'built-in-sequence @ Build and deploy / Web server image': made(2),
      'image-without-layer-cache @ Build and deploy / Application image and Web server image': made(
        1,
        'The diff adds a builder and a scope for each image.',
      ),
    },
    missed: [],
  },
  '08-benefit-letters': {
    findings: { 'image-without-layer-cache @ Build and push / Build': made(0) },
    missed: [],
  },
  '10-factory-cameras': {
    findings: { 'toolchain-from-scratch @ server / Ansible': made(0) },
    missed: [],
  },
  '11-case-files': {
    findings: {
      'built-in-sequence @ heroku / Build and push what ships': made(
        0,
        'The same change: a job of its own for the image. The advice does not say that the release has to wait for both.',
      ),
    },
    missed: [],
  },
  '15-scala-starter': {
    findings: {
      'image-after-tests @ publish': made(0),
      'no-compiler-cache @ verify / Tests, Description of the API, publish / Description of the API and Publish the image':
        made(
          1,
          'The range is too high: much of the 635 s is tests and packing the image. The least that is said is about what can be had.',
        ),
    },
    missed: [],
  },
  '16-dictionary-hub': {
    findings: {
      'one-long-test-job @ integration / test / API and Pages': made(
        0,
        'A question, as both may use the same data. The same change.',
      ),
      'image-without-layer-cache @ api / publish / Run docker/build-push-action@v5': made(
        1,
        'The diff adds a builder, and a scope for each caller.',
      ),
    },
    missed: [],
  },
  '18-key-service': {
    findings: {
      'needless-sequence @ Tests of the preview 1/4': made(0),
      'no-compiler-cache @ Local tests / integration / Build, Tests of the preview 1/4 / Build, Tests of the canary 1/4 / Build and production / Build':
        made(1, 'The same four builds on the path and the same change, named at the first of them.'),
    },
    missed: [],
  },
  '19-research-requests': {
    findings: { 'needless-sequence @ assets / Test the assets and Lint the assets': made(0) },
    missed: [],
  },
  '12-build-insights': { findings: { 'image-after-tests @ production / Deploy': made(0) }, missed: [] },
  '14-home-remote': {
    findings: {
      'toolchain-from-scratch @ build (mac) / Platform of the phone and Platform of the watch': made(
        0,
        'Both platforms. The advice does not say that the Mac needs neither.',
      ),
      'install-without-cache @ build (mac) / Gems and Pods': made(1, 'Gems and pods together.'),
    },
    missed: [],
  },
};
