import { arguable, type Judged, made } from './judging.ts';

/** The findings on the fresh set, judged one by one by a reviewer who had not read the rules. */
export const JUDGED: Record<string, Judged> = {
  '02-school-meals': {
    findings: {
      'rolled-out-in-sequence @ Release to production / Rollout / Services / Queue service': made(
        0,
        'A question: the file does not show whether the queue needs the new web service.',
      ),
    },
    missed: [],
  },
  '03-cover-letters': {
    findings: {
      'image-after-tests @ deploy / Image': made(0),
    },
    missed: [],
  },
  '04-timetable-sandbox': {
    findings: {
      'image-without-layer-cache @ Image of the frontend / Build and push': made(0),
    },
    missed: [],
  },
  '05-sign-on-service': {
    findings: {
      'image-after-tests @ image': made(0),
      'image-without-layer-cache @ image / Build, tag and push': made(
        1,
        'It hardly adds to the other finding, and the advice says so.',
      ),
    },
    missed: [],
  },
  '06-tree-felling-notices': {
    findings: {
      'image-after-tests @ image': made(0),
      'image-without-layer-cache @ image / Build': made(
        1,
        'It hardly adds to the other finding, and the advice says so.',
      ),
    },
    missed: [],
  },
  '08-roof-quotes': {
    findings: {
      'image-without-layer-cache @ service (newsletter) / Build': made(
        0,
        'All four services build alike. The step names one of them, but the change is for all.',
      ),
    },
    missed: [],
  },
  '09-studio-bookings': {
    findings: {
      'image-after-tests @ image': made(0),
      'image-without-layer-cache @ image / Build and push': made(
        1,
        'It hardly adds to the other finding, and the advice says so.',
      ),
    },
    missed: [],
  },
  '11-legal-forms': {
    findings: { 'image-after-tests @ image': made(0) },
    missed: [],
  },
  '12-study-mates': {
    findings: {
      'image-without-layer-cache @ backend / Image': made(
        0,
        'The advice keeps the secrets that the job writes out of the cache of GitHub.',
      ),
    },
    missed: [],
  },
  '13-package-handbook': {
    findings: {
      'install-without-cache @ Handbook / Run conda-incubator/setup-miniconda@v3': made(0),
    },
    missed: [],
  },
  '15-match-servers': {
    findings: {
      'provisioned-in-path @ infrastructure-production / Run games-club/actions/terraform-plan-and-apply@v1':
        made(1),
      'environment-hop @ infrastructure-development and site-development': made(
        0,
        'A question: somebody may look at development first.',
      ),
    },
    missed: [],
  },
  '17-consent-register': {
    findings: {
      'environment-hop @ Account of preproduction and Preproduction': made(
        0,
        'A question: a failed rollout may be meant to stop production.',
      ),
      'image-after-tests @ Images / register/record': made(1),
      'image-without-layer-cache @ Images / register/record / Build the image': made(
        2,
        'The modules are kept, but the sources are still compiled. The low end of the range is the likely one.',
      ),
    },
    missed: [],
  },
  '18-hiking-routes': {
    findings: {
      'built-in-sequence @ Build and deploy / Image of the frontend': made(0),
      'image-without-layer-cache @ Build and deploy / Image of the frontend': made(
        1,
        'Once the frontend has its own job, the cache saves little more.',
      ),
    },
    missed: [],
  },
  '20-queue-check': {
    findings: {
      'install-without-cache @ deploy / Packages and Packages for the function': arguable(
        'No step uses what Poetry installs: the step should go, not be cached. For the packages of the function, a cache of downloads saves less than 20 s.',
      ),
    },
    missed: [],
  },
};
