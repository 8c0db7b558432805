import { arguable, type Judged, made, real } from './judging.ts';

/** The findings on the closing set, judged one by one by a reviewer who had not read the rules. */
export const JUDGED: Record<string, Judged> = {
  '01-door-passes': {
    findings: {
      'image-after-tests @ image (issuer)': made(0),
      'image-without-layer-cache @ image (issuer) / Build and push': {
        ...arguable(
          'The layers keep the modules, but Go compiles everything after each change without a kept build cache. Both jobs of the matrix write the same scope. Beside the tests, at most 16 s remain.',
        ),
        expert: 1,
      },
    },
    missed: [],
  },
  '03-tenants-help': {
    findings: {
      'image-after-tests @ build': made(0),
      'image-without-layer-cache @ build / Build': made(
        1,
        'It saves nothing once the build runs beside the tests, and says so.',
      ),
    },
    missed: [],
  },
  '04-crate-rehearsals': {
    findings: { 'image-without-layer-cache @ image / Build the image': made(0) },
    missed: [],
  },
  '05-classroom-visits': {
    findings: {
      'one-long-test-job @ specs': made(0, 'The advice does not name the features as the next longest.'),
      'environment-hop @ development': made(
        1,
        'Named by the environment that is left out of the way; the expert names the one that waits.',
      ),
    },
    missed: [],
  },
  '08-school-groups': {
    findings: {
      'image-without-layer-cache @ image / build / Build and push': made(0),
      'environment-hop @ test': made(1, 'The browser tests ran on development.'),
    },
    missed: [],
  },
  '09-law-handbook': {
    findings: {
      'image-without-layer-cache @ build / images / Image of PHP': made(
        0,
        'The image of nginx has to go to the same builder, or it builds those stages again. The advice does not say so.',
      ),
    },
    missed: [],
  },
  '10-short-addresses': {
    findings: {
      'provisioned-in-path @ deploy / Apply the hosted zone, Apply the network and Apply the API': made(1),
      'image-after-tests @ image': made(
        0,
        'The step pushes `latest` as well. The diff leaves it there, but the advice says to move it.',
      ),
      'image-without-layer-cache @ image / Build': made(2),
    },
    missed: [],
  },
  '11-recipe-notes': {
    findings: {
      'image-after-tests @ Fly / To production': made(
        0,
        'A question: how much of the step is the build cannot be seen.',
      ),
    },
    missed: [],
  },
  '13-town-square': {
    findings: {
      'needless-sequence @ deploy / Pages of the front end': real(
        'The build takes nothing from the database, Terraform or the workers before it, and it ends before them even if it installs all packages again. It cannot save more than its 94 s.',
      ),
      'install-without-cache @ deploy / Packages': made(0),
    },
    missed: [],
  },
  '14-statute-search': {
    findings: {
      'rolled-out-in-sequence @ EKS / Watch the workers and Watch the indexer': made(0),
    },
    missed: [],
  },
  '16-radio-guide': {
    findings: {
      'built-twice @ publish / Bundle for the deployment service / Production build': made(0),
    },
    missed: [],
  },
  '17-lab-letters': {
    findings: {
      'provisioned-in-path @ staging / Build and release / Terraform apply and production / Build and release / Terraform apply':
        made(1),
    },
    missed: [],
  },
  '19-survey-drones': {
    findings: {
      'image-without-layer-cache @ Images (frontend) / Build and push / Image': made(
        0,
        'A cache in the registry is right here: each release is another tag.',
      ),
    },
    missed: [],
  },
};
