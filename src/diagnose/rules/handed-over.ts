import type { PathStep } from '../critical-path.ts';
import { commandsIn, runsAny, scriptIn } from './commands.ts';
import {
  artifactsIn,
  does,
  DOWNLOAD,
  type Evidence,
  findingOf,
  type Rule,
  scriptOf,
  UPLOAD,
} from './rule.ts';

/** Rules about what one job hands to the next. */

const artifactOf = ({ fileStep }: PathStep, action: RegExp): string | undefined =>
  artifactsIn(fileStep ? [fileStep] : [], action)[0];
/** Commands that write an image to a file or read one. */
const IMAGE_FILES = /^docker (?:image )?(?:save|load|import|export)\b/;
const hasImageFile = (step: PathStep): boolean =>
  runsAny(scriptOf(step), IMAGE_FILES) ||
  /type=(?:docker|oci|tar),dest=/.test(JSON.stringify(step.fileStep?.with ?? {}));

/** The steps that hand artifacts from one job to the next. The time of an action that also does other work is not theirs. */
const handOvers = (evidence: Evidence): PathStep[] =>
  evidence.path.steps.filter(
    (step) =>
      (artifactOf(step, UPLOAD) ?? artifactOf(step, DOWNLOAD)) !== undefined &&
      !does(step, 'test', 'check', 'build', 'image', 'database', 'infrastructure', 'deploy'),
  );

const carriesImage = ({ path }: Evidence): boolean =>
  path.steps.some((step) => hasImageFile(step) && /save|dest=|export/.test(JSON.stringify(step.fileStep)));

export const imageAsArtifact: Rule = {
  id: 'image-as-artifact',
  title: 'An image travels between jobs as a file',
  advice:
    'Push the image to a registry in the job that builds it, and pull it in the others. Tag it for the deployment later. Then only changed layers travel. Pull requests from forks cannot push.',
  remains: [0, 0.4],
  find: (evidence) => {
    if (!carriesImage(evidence)) return [];
    const steps = evidence.path.steps.filter(
      (step) =>
        // The step of an action may build the image, too.
        !does(step, 'image') &&
        (handOvers(evidence).includes(step) ||
          isMostlyImageFile(step) ||
          /scp-action/.test(step.fileStep?.uses ?? '')),
    );
    return findingOf(evidence, steps);
  },
};

const isMostlyImageFile = (step: PathStep): boolean =>
  commandsIn(scriptOf(step)).some((command) => IMAGE_FILES.test(command));

export const largeArtifact: Rule = {
  id: 'large-artifact',
  title: 'A large artifact is handed from job to job',
  advice:
    'Upload only what later jobs need, with `compression-level: 0` if it is compressed already. Use a cache for packages. Upload reports after the deployment.',
  remains: [0.1, 0.6],
  find: (evidence) => {
    if (carriesImage(evidence)) return [];
    const steps = handOvers(evidence);
    const names = new Set(
      steps.flatMap((step) => artifactOf(step, UPLOAD) ?? artifactOf(step, DOWNLOAD) ?? []),
    );
    return [...names].flatMap((name) => {
      const uploads = steps.filter((step) => artifactOf(step, UPLOAD) === name);
      const downloads = steps.filter((step) => [name, '*'].includes(artifactOf(step, DOWNLOAD) ?? ''));
      const own = [...new Set([...uploads, ...downloads])];
      const isPackages = own.some(
        (step) =>
          PACKAGES.test(JSON.stringify(step.fileStep?.with)) ||
          (uploads.includes(step) && isWholeFolder(step)) ||
          (uploads.includes(step) && copiesPackages(step)),
      );
      const remains: [number, number] =
        downloads.length === 0 ? [0, 0.1] : isPackages ? [0.1, 0.4] : [0.4, 0.7];
      return findingOf(evidence, own, { remains }).filter(
        ({ medianSeconds }) => medianSeconds >= (isPackages ? LARGE_PACKAGES : LARGE),
      );
    });
  },
};

const PACKAGES = /node_modules|vendor|venv/;
/** True if the job of an upload copies packages into what it uploads. */
const copiesPackages = ({ fileStep, fileJob }: PathStep): boolean => {
  const path = String(fileStep?.with.path ?? '').replace(/^\.\/|\/$/g, '');
  const isCopy = (command: string) =>
    /^(?:cp|mv|rsync|tar|zip) /.test(command) && PACKAGES.test(command) && command.includes(path);
  return path !== '' && (fileJob?.steps ?? []).some((step) => commandsIn(scriptIn(step)).some(isCopy));
};

/** True if an upload takes everything of a job that installs packages into its folder. */
const isWholeFolder = ({ fileStep, fileJob }: PathStep): boolean =>
  /^\.?\/?$/.test(String(fileStep?.with.path ?? '')) &&
  (fileJob?.steps ?? []).some(({ run }) =>
    runsAny(run ?? '', /^(?:npm|yarn|pnpm|bun) (?:ci|i|install)\b|^yarn$/),
  );

/** Handing over a smaller artifact takes less. Many small files, such as packages, need not be so many. Seconds. */
const LARGE = 75;
const LARGE_PACKAGES = 45;
