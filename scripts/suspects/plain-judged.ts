import { type Judged, made } from './judging.ts';

/** The findings on the plain set, judged one by one by a reviewer who had not read the rules. */
export const JUDGED: Record<string, Judged> = {
  '01-shared-whiteboard': {
    findings: {
      'image-after-tests @ Image': made(0),
      'needless-sequence @ Tests of the server': made(1),
    },
    missed: [],
  },
  '03-recall-codes': {
    findings: {
      'rolled-out-in-sequence @ Ship / Replace the report service': made(
        0,
        'A question: nothing in the file shows that one service needs the other.',
      ),
      'built-in-sequence @ Ship / Image of the report service and Image of everything in one': made(1),
    },
    missed: [],
  },
  '04-ticket-brands': {
    findings: {
      'image-without-layer-cache @ cinema / Build and push / Build and push the image': made(
        0,
        'One brand is named; the others need the same change.',
      ),
    },
    missed: [],
  },
  '05-key-broker': {
    findings: {
      'image-without-layer-cache @ Deploy / Image of the broker and Image of the edge': made(
        0,
        'The YAML shows only the image of the broker.',
      ),
      'built-in-sequence @ Deploy / Image of the edge': made(1),
    },
    missed: [],
  },
  '06-habit-streaks': {
    findings: {
      'no-compiler-cache @ server / Archive': made(0),
    },
    missed: [],
  },
  '07-repair-shop-jobs': {
    findings: {
      'image-after-tests @ Image': made(0),
      'image-without-layer-cache @ Image / Build and push': made(
        1,
        'The upper end is too high: the compilation stays.',
      ),
    },
    missed: [],
  },
  '08-tutor-bots': {
    findings: {
      'environment-hop @ Lab': made(
        0,
        'A question, though the condition of the second job already ignores the result of the first.',
      ),
    },
    missed: [],
  },
  '09-shop-ledgers': {
    findings: {
      'image-after-tests @ image': made(0),
      'analysis-in-path @ test / Known vulnerabilities, Formatting and Style': made(1),
    },
    missed: [],
  },
  '10-pulse-endpoint': {
    findings: {},
    missed: [],
  },
  '11-allergy-cards': { findings: { 'no-compiler-cache @ check / Coverage and Credo': made(0) }, missed: [] },
  '12-sourdough-log': {
    findings: {
      'image-after-tests @ ship / kamal / Kamal': made(
        0,
        'A question: how much of the step is the build does not stand in the file.',
      ),
    },
    missed: [],
  },
  '13-fountain-finder': {
    findings: {
      'install-without-cache @ browser / playwright / Packages': made(1),
      'image-after-tests @ deploy / Build': made(
        0,
        'The advice does not say that `.vercel/output` has to be handed over, and the upper end is more than the step takes.',
      ),
    },
    missed: [],
  },
  '15-campus-clubs': {
    findings: {
      'image-after-tests @ web-build / Build': made(1),
      'image-without-layer-cache @ deploy / Build and start': made(0),
      'analysis-in-path @ web-checks / web / Sonar': made(
        2,
        'The scan takes the coverage from the tests, which has to be handed over.',
      ),
    },
    missed: [],
  },
  '18-club-calendar': {
    findings: {
      'image-without-layer-cache @ web / image / Build and push': made(0),
    },
    missed: [],
  },
  '19-map-reading-room': {
    findings: {
      'image-without-layer-cache @ production / Publish / Build and push the image and trial / Publish / Build and push the image':
        made(1, 'The upper end is too high: the pages are built anew each time, and only the packages stay.'),
      'image-after-tests @ production / Publish / Build and push the image': made(0),
      'one-long-test-job @ browser / Tests / Tests of the catalogue and Tests of the search': made(
        2,
        'A question: both may use the same users. Two jobs also need two of the own runners.',
      ),
    },
    missed: [],
  },
  '20-crystal-workbench': {
    findings: {
      'image-without-layer-cache @ Image of notebook / Build and push': made(
        0,
        'Two of the three last changes to the notebook are to its packages, which are installed again then. A cache in the registry would suit images of this size better.',
      ),
    },
    missed: [],
  },
};
