import { arguable, type Judged, made, real, wrong } from './judging.ts';

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
    },
    missed: [],
  },
  '03-meetup-pages': {
    findings: { 'install-without-cache @ firebase / Run npm ci': made(0) },
    missed: [],
  },
  '04-quote-service': {
    findings: {
      'image-without-layer-cache @ tests / Tests in their image': arguable(
        'The image of the tests has no layers to take. But the seconds are the sum of two steps, and the advice (the Compose file) does not reach the larger one, the `docker build` in image. A part of the first step is tests, so the change does not save the least that is said.',
      ),
      'image-after-tests @ image': made(
        0,
        'The job also pushes `latest` for everybody. The owner must move that step, or it is published before the tests end.',
      ),
    },
    missed: [],
  },
  '06-power-forecast': {
    findings: {
      'install-without-cache @ Build, test, package / Restore': arguable(
        'About 25 s of 511. `cache: true` of setup-dotnet fails without packages.lock.json, and nothing shows that there is one.',
      ),
    },
    missed: [],
  },
  '07-spectra-archive': {
    findings: {
      'image-after-tests @ Build and deploy / Application image': made(
        0,
        'The tag is not of a commit, so that a pod that restarts before the tests end takes the new image.',
      ),
      'image-without-layer-cache @ Build and deploy / Application image': made(
        1,
        'Right in kind. The diff lacks setup-buildx, which the example has, and both images would write to one scope of the cache.',
      ),
      'install-without-cache @ PHP tests / PHP packages': arguable(
        'About 35 s of 1043, and none once the images are built beside the tests. The larger `npm install` of the same job is not named.',
      ),
    },
    missed: [],
  },
  '08-benefit-letters': {
    findings: {
      'analysis-in-path @ Build and push / List of materials': wrong(
        'It runs after the other repository was told to roll out. Nothing waits for it.',
      ),
    },
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
      'no-compiler-cache @ verify / Tests': made(
        1,
        'The range is too high: much of the 635 s is tests and packing the image. The least that is said is about what can be had.',
      ),
    },
    missed: [],
  },
  '16-dictionary-hub': {
    findings: {
      'image-without-layer-cache @ api / publish / Run docker/build-push-action@v5': made(
        1,
        'Right in kind. The diff lacks setup-buildx, and both images would write to one scope of the cache, so that one of them finds nothing. It needs `scope`.',
      ),
      'install-without-cache @ integration / test / API': arguable(
        'Thin: the step restores, compiles and tests, and no time of the restore is known. `cache: true` fails without packages.lock.json.',
      ),
    },
    missed: [],
  },
  '17-cloud-handbook': {
    findings: {
      'built-in-sequence @ handbook / Pages for the index': wrong(
        'The index is written from the pages (`-source ../../handbook/public`), and the second run takes its menu from the index. The file answers the question; nothing can be saved.',
      ),
    },
    missed: [],
  },
  '18-key-service': {
    findings: {
      'needless-sequence @ Tests of the preview 1/4': made(0),
      'set-up-again @ Tests of the preview 1/4 / Run ./.github/actions/install': arguable(
        'Both package managers have caches already. To keep `node_modules` of pnpm as well saves some seconds in each job at best; to skip Go where it is not needed would save more.',
      ),
      'no-compiler-cache @ Local tests / integration / Build': made(
        1,
        'The same four builds on the path and the same change, named at the first of them.',
      ),
      'service-containers @ Local tests / integration / Start the services': arguable(
        'Thin: `up -d` waits for no health check as far as the file shows, so the time is likely pulling or building. To start it beside the packages would be the better advice. 4% of the path.',
      ),
    },
    missed: [],
  },
  '19-research-requests': {
    findings: {
      'analysis-in-path @ assets / Lint the assets': real(
        'The tests of the application wait 34 s for a linter. The expert moves the tests of the assets (51 s) too, which this change does not.',
      ),
    },
    missed: [],
  },
};
