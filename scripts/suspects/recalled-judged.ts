import { arguable, type Judged, made } from './judging.ts';

/** The findings on the set recalled from memory, judged one by one by a reviewer who had not read the rules. */
export const JUDGED: Record<string, Judged> = {
  '01-sealed-letters': {
    findings: {
      'image-after-tests @ Service / image / Publish': made(0),
    },
    missed: [],
  },
  '02-piano-tuners': {
    findings: {
      'image-without-layer-cache @ backend / Build, tag and push': made(0),
    },
    missed: [],
  },
  '07-lost-keys': {
    findings: {
      'image-without-layer-cache @ build / Image': made(
        0,
        'With `--push`, the sign-in has to come before it, and the step Push goes. The advice says neither.',
      ),
    },
    missed: [],
  },
  '08-parish-pages': {
    findings: {
      'image-after-tests @ Build': made(0),
    },
    missed: [],
  },
  '11-podcast-digests': {
    findings: {
      'built-twice @ Tests in the image / Build and Heroku / Build': made(
        1,
        'The image is pushed and pulled already. The advice does not say that it needs the commit as its tag.',
      ),
    },
    missed: [],
  },
  '13-lost-keys': {
    findings: {
      'environment-hop @ development and staging': made(
        0,
        'A question: the file does not show whether an environment asks for an approval.',
      ),
      'provisioned-in-path @ production / deploy / Infrastructure': made(
        1,
        'It names production only, while the same step takes 74 s in all three. Two later steps take the name of the site from it, which the advice does not say.',
      ),
    },
    missed: [],
  },
  '14-houseboat-moorings': {
    findings: {
      'one-long-test-job @ Tests / Features': arguable(
        'The other tests end 85 s earlier, so splitting this job alone saves less than a tenth of the time.',
      ),
      'image-after-tests @ Ship / Image': made(0),
      'rolled-out-in-sequence @ Ship / Deploy / Update the worker': made(1),
      'image-without-layer-cache @ Ship / Image / Build and push': made(
        2,
        'It says itself that it hardly saves anything beside the tests. The YAML leaves out the condition for an image that exists, which helps only after a re-run.',
      ),
    },
    missed: [],
  },
  '15-mountain-huts': {
    findings: {
      'image-after-tests @ Images': made(
        0,
        'The diff alone would push the tag of staging before the tests. The text says what to do about it.',
      ),
      'built-in-sequence @ Images / Image of the frontend': made(1),
    },
    missed: [],
  },
  '16-locked-notebooks': {
    findings: {
      'built-in-sequence @ deploy / Build accounts, Build codes, Build screen and Build share': made(1),
      'by-the-calendar @ waiting for the schedule': made(0),
      'no-compiler-cache @ deploy / Build notes, Build accounts, Build codes and 2 more': made(2),
    },
    missed: [],
  },
  '17-pocket-money': {
    findings: {
      'image-without-layer-cache @ Image and cluster / Build and push': made(0),
    },
    missed: [],
  },
  '18-museum-passes': {
    findings: {
      'image-after-tests @ deploy / Build and push': made(0),
    },
    missed: [],
  },
  '19-appointment-nudges': {
    findings: {
      'image-after-tests @ deploy / Image': made(1),
      'one-long-test-job @ tests / api': made(0),
    },
    missed: [],
  },
  '03-toy-bazaar': {
    findings: { 'image-after-tests @ install (from-source) / Build and install': made(0) },
    missed: [],
  },
  '05-mushroom-cards': { findings: { 'set-up-again @ pipeline / Browser tests': made(0) }, missed: [] },
  '06-request-bench': { findings: { 'install-without-cache @ Deploy / pnpm': made(0) }, missed: [] },
};
