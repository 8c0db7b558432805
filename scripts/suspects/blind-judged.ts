import { arguable, type Judged, made, real } from './judging.ts';

/** The findings on the blind set, judged one by one by a reviewer who had not read the rules. */
export const JUDGED: Record<string, Judged> = {
  '02-dog-walkers': {
    findings: { 'needless-sequence @ tests / pest': made(0) },
    missed: [],
  },
  '03-bike-couriers': {
    findings: {
      'built-in-sequence @ ship / Router, Accounts and Jobs': made(0),
      'fixed-wait @ ship / Build and start': made(
        1,
        'The low end is too high: three Spring services on one machine need a good part of the 45 s to start.',
      ),
    },
    missed: [],
  },
  '04-road-trips': {
    findings: {
      'built-in-sequence @ Build and start / Image of the web frontend': made(0),
      'image-without-layer-cache @ Build and start / Image of the web frontend': made(
        1,
        'Most of it is the image of the frontend. The three others only pack JARs.',
      ),
    },
    missed: [],
  },
  '05-concert-dates': {
    findings: { 'emulated-platform @ Image / Build and push': made(0) },
    missed: [],
  },
  '06-soil-samples': {
    findings: {
      'image-without-layer-cache @ function / Image': made(
        0,
        'The advice does not say that a plain `docker build` may need Buildx for it.',
      ),
    },
    missed: [],
  },
  '07-spreadsheet-checks': {
    findings: {
      'built-in-sequence @ Build and deploy / Images': made(
        1,
        'The range is too high: two of the five images are most of the step.',
      ),
      'image-without-layer-cache @ Build and deploy / Images': made(0),
    },
    missed: [],
  },
  '08-guest-lists': {
    findings: { 'install-without-cache @ Build, test, deploy / Packages': made(0) },
    missed: [],
  },
  '09-bus-passes': {
    findings: {
      'image-without-layer-cache @ Image / Build and push': made(1),
      'image-after-tests @ Image': made(0),
    },
    missed: [],
  },
  '11-cinema-snacks': {
    findings: {
      'image-after-tests @ Image and rollout / Publish the API and Image': made(0),
      'image-without-layer-cache @ Image and rollout / Image': made(1),
      'install-without-cache @ tests / Restore and Image and rollout / Restore the API': arguable(
        'A small gain: less than a tenth of the path in two jobs together, before the time to restore the cache. The YAML is only for one of the two jobs.',
      ),
    },
    missed: [],
  },
  '12-kayak-levels': {
    findings: {
      'built-in-sequence @ Images / Collector, Web and Back office': made(0),
      'image-without-layer-cache @ Images / Web, API, Collector and Back office': real(
        'The expert took the cache of GitHub for one that works, but a release runs for its tag and cannot read what another tag kept. No workflow here fills these scopes on the default branch.',
      ),
    },
    missed: [],
  },
  '13-barber-appointments': {
    findings: {
      'not-needed-by-deployment @ Container / Build the container': made(0),
      'image-without-layer-cache @ Container / Build the container': made(
        1,
        'Not to build it before the deployment would save more.',
      ),
    },
    missed: [],
  },
  '14-picnic-planner': { findings: { 'image-after-tests @ Check and deploy / Image': made(0) }, missed: [] },
  '17-lichen-graph': {
    findings: { 'built-in-sequence @ Images / Client and Cache cleaner': made(0) },
    missed: [],
  },
  '19-model-sandbox': {
    findings: {
      'image-after-tests @ Image / Build and push': made(0),
      'image-without-layer-cache @ Image / Build and push': made(
        1,
        'The advice does not say that a plain `docker build` may need Buildx for it, nor that the cache of such a large image belongs in the registry.',
      ),
    },
    missed: [],
  },
  '20-canteen-menus': {
    findings: {
      'no-compiler-cache @ Build and deploy / Build': made(
        0,
        'The title speaks of compiling, but the advice is about the downloads, as the expert says.',
      ),
    },
    missed: [],
  },
};
