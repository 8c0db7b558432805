import type { PathJob, PathStep } from '../critical-path.ts';
import { commandsIn, isMostly, kindsOfCommand, plain, runsAny, scriptIn } from './commands.ts';
import { LONG_BUILDS } from './in-turn.ts';
import {
  byCostliest,
  deploymentsIn,
  does,
  DOWNLOAD,
  type Evidence,
  findingOf,
  type Hit,
  hitOf,
  jobOf,
  LONG_STEP,
  namesImage,
  scriptOf,
  secondsOf,
  stepsOf,
  takesOutput,
  UPLOAD,
} from './rule.ts';
import { INSTALL } from './setting-up.ts';

/** Builds that wait for tests which they take nothing from. `job-order.ts` has their rules. */

/** Images that a job builds after tests which they take nothing from. */
export const imagesAfterTests = (evidence: Evidence): Hit[] =>
  evidence.path.jobs.flatMap((job) => {
    const steps = stepsOf(job, evidence.path);
    const isTest = (step: PathStep) =>
      does(step, 'test', 'database', 'check') && !does(step, 'build', 'image', 'infrastructure', 'deploy');
    const first = steps.findIndex(isTest);
    const images = steps.filter(
      (step, i) =>
        first >= 0 &&
        i > first &&
        does(step, 'image') &&
        !does(step, 'test') &&
        step.medianSeconds >= LONG_STEP,
    );
    const [image] = images;
    const before = steps.slice(0, image ? steps.indexOf(image) : 0);
    const builds = before.filter((step) => does(step, 'build') && !does(step, 'image'));
    // A program is packed into the image. What builds a site or a solution for the tests is probably built again in it.
    if (builds.some((step) => !buildsForTests(step))) return [];
    const mayContain = builds.some((step) => !runsAny(scriptOf(step), /^dotnet build\b/));
    if (mayContain && secondsOf(images) < secondsOf(builds)) return [];
    // The image has no use for the packages on the runner either.
    const others = before.filter(
      (step) => isTest(step) || builds.includes(step) || isMostly(scriptOf(step), INSTALL),
    );
    const saved = Math.min(secondsOf(others), secondsOf(images));
    if (saved < 2 * LONG_STEP || secondsOf(before.filter(isTest)) < LONG_STEP) return [];
    return findingOf(evidence, images, {
      atStakeSeconds: saved,
      ...(mayContain ? { doubt: 'The image may contain what the build before it made.' } : {}),
    });
  });

/** Builds of a job that was deployed and tested elsewhere before, with other settings. They take nothing from those tests. */
export const buildsOfNextEnvironment = (evidence: Evidence): Hit[] =>
  evidence.path.jobs.flatMap((job) => {
    const steps = stepsOf(job, evidence.path);
    const builds = steps.filter((step) => does(step, 'build', 'image') && !does(step, 'test', 'deploy'));
    return builds.flatMap((step): Hit[] => {
      const again = (other: PathStep) =>
        other !== step &&
        scriptOf(other).trim() === scriptOf(step).trim() &&
        other.fileStep?.directory === step.fileStep?.directory &&
        JSON.stringify(other.fileStep?.env) !== JSON.stringify(step.fileStep?.env);
      const first = builds.findIndex(again);
      if (scriptOf(step).trim() === '' || first < 0 || first > builds.indexOf(step)) return [];
      const between = steps.slice(steps.indexOf(builds[first] ?? step), steps.indexOf(step));
      const tests = secondsOf(between.filter((other) => does(other, 'test') && !does(other, 'build')));
      const saved = Math.min(tests, step.medianSeconds);
      if (saved < 2 * LONG_STEP || !between.some((other) => does(other, 'deploy'))) return [];
      return [{ ...hitOf(step, evidence), atStakeSeconds: saved, advice: OF_NEXT }];
    });
  });
const OF_NEXT =
  'Build it in a job of its own from the start, and hand the result over as an artifact: it takes nothing from the tests before it. Deploy it after the tests, as now.';

/** Builds that a job makes after it has deployed something else, and before it deploys again. */
export const buildsBetweenDeployments = (evidence: Evidence): Hit[] =>
  evidence.path.jobs.flatMap((job) => {
    const steps = stepsOf(job, evidence.path);
    const rollouts = deploymentsIn(evidence).filter((step) => steps.includes(step) && !does(step, 'build'));
    const [first, last] = [rollouts[0], rollouts.at(-1)].map((step) => (step ? steps.indexOf(step) : -1));
    if (first === undefined || last === undefined || first < 0 || first === last) return [];
    const between = steps.slice(first + 1, last);
    const builds = between.filter(
      (step) => does(step, 'build') && !does(step, 'image', 'test', 'deploy', 'database'),
    );
    const packages = between.filter((step) => isMostly(scriptOf(step), INSTALL));
    const before = steps.slice(0, first + 1);
    const takes = builds.some(({ fileStep }) => takesOutput(fileStep, before));
    const saved = Math.min(secondsOf([...builds, ...packages]), secondsOf(before));
    if (takes || builds.length > 1 || saved < 2 * LONG_STEP) return [];
    // One that waits for the tests of an environment is found as such.
    const late = buildsOfNextEnvironment(evidence).map(({ where }) => where);
    return findingOf(evidence, builds, { atStakeSeconds: saved, advice: OF_OTHER }).filter(
      ({ where }) => !late.includes(where),
    );
  });
const OF_OTHER =
  'Build it in a job of its own from the start, beside the first deployment, and hand the result over as an artifact. Deploy it after the first one, as now.';

/** True if a step builds nothing that is usually copied into an image as it is. */
const buildsForTests = (step: PathStep): boolean =>
  commandsIn(scriptOf(step)).every((command) => {
    const isBuild = kindsOfCommand(plain(command)).includes('build');
    return !isBuild || /^(?:dotnet build|(?:npm|yarn|pnpm|bun)(?: run)? \S*build)\b/.test(plain(command));
  });

/** Tests that look at what was built, so that they need it. */
export const OF_BUILD =
  /e2e|end-to-end|playwright|cypress|selenium|smoke|lhci|lighthouse|browser|integration|acceptance|serve|preview|wait-on|pytest|ctest|docker|storybook|links?|html|a11y|visual|size/i;
/** Tools that build and test apart from one another. Others compile for both, as Cargo does without `--release`. */
const APART =
  /^(?:cargo (?:test|nextest|clippy|check)(?=\s|$)(?!.*--release)|cargo build(?=.*--release)|npm|yarn|pnpm|bun|flutter|jest|vitest|mocha|composer|phpunit|pest|php|rspec|rake|rails|vite|next|ng|webpack|grunt|gulp)\b/;

/** True if another job on the path that does not deploy takes what a job uploads. */
function isTakenBeforeDeployment({ id, fileJob }: PathJob, { path }: Evidence): boolean {
  const uploads = (fileJob?.steps ?? []).some(({ uses }) => UPLOAD.test(uses ?? ''));
  const next = path.jobs.filter((job) => fileJob && job.id !== id && job.fileJob?.needs.includes(fileJob.id));
  const takes = (job: PathJob) => job.fileJob?.steps.some(({ uses }) => DOWNLOAD.test(uses ?? ''));
  return uploads && next.length > 0 && next.every((job) => !job.isDeploy && takes(job));
}

/** Tests and builds of one job that run one after the other, though neither takes anything from the other one. */
export const testsBesideBuilds = (evidence: Evidence): Hit[] =>
  evidence.path.jobs.flatMap((job): Hit[] => {
    const isTaken = isTakenBeforeDeployment(job, evidence);
    const steps = stepsOf(job, evidence.path).filter(
      ({ medianSeconds }) => isTaken || medianSeconds >= LONG_STEP,
    );
    const isApart = ({ fileStep }: PathStep) =>
      fileStep?.run != null &&
      commandsIn(fileStep.run).every((command) => APART.test(plain(command)) || INSTALL.test(command));
    const builds = steps.filter(
      (step) =>
        does(step, 'build') &&
        !does(step, 'test', 'check', 'image', 'deploy', 'publish') &&
        !/upload|sign/i.test(step.step) &&
        isApart(step),
    );
    const [first] = builds;
    const checks = steps.filter(
      (step) =>
        does(step, 'test', 'check') &&
        !does(step, 'build', 'image', 'deploy', 'database') &&
        isApart(step) &&
        !OF_BUILD.test(scriptOf(step)),
    );
    if (
      !first ||
      !checks.some((step) => does(step, 'test')) ||
      new Set([...checks, ...builds].map(({ fileStep }) => fileStep?.directory)).size > 1
    )
      return [];
    const before = checks.filter((step) => steps.indexOf(step) < steps.indexOf(first));
    // What else the job does takes its time beside the tests, too.
    const tests = checks.filter((step) => does(step, 'test'));
    const others = stepsOf(job, evidence.path).filter(
      (step) =>
        !tests.includes(step) && does(step, 'build', 'check', 'image') && !does(step, 'deploy', 'publish'),
    );
    const saved = isTaken
      ? secondsOf(before)
      : Math.max(
          Math.min(secondsOf(checks), secondsOf(builds)),
          Math.min(secondsOf(tests), secondsOf(others)),
        );
    if (saved < 2 * LONG_STEP) return [];
    const later = isTaken ? before : before.length > 0 ? builds : checks;
    return findingOf(evidence, later, {
      atStakeSeconds: saved,
      advice: isTaken ? BUILD_FIRST : IN_TWO_JOBS,
      doubt: 'The tests may look at what is built.',
    }).map(byCostliest);
  });
const BUILD_FIRST =
  'Move the checks to a job of their own, so that the next job starts when the build is done. Let the deployment need both.';
const IN_TWO_JOBS =
  'Run the checks and the build in two jobs at the same time. Let the deployment need both.';

/** Commands that deploy what they build first, as their options show, and can also deploy what was built before. */
const BUILDS_REMOTELY =
  /^(?:fly(?:ctl)? deploy\b(?=.*--(?:build-(?:arg|secret|target)|dockerfile|no-cache|local-only))(?!.*(?:--image|-i)[ =])|gcloud (?:beta )?run deploy\b.*--source|kamal (?:deploy|redeploy)\b(?!.*(?:--skip-push|-P)\b)|copilot (?:svc )?deploy|netlify deploy\b.*--build|skaffold run\b)/;

/** A step that deploys and builds an image for it elsewhere, which takes most of its time; `undefined` without such a step. */
export const buildOnServer = (
  evidence: Evidence,
  id: string,
): { step: PathStep; isRemote: boolean } | undefined => {
  const steps = deploymentsIn(evidence).filter(
    ({ id: own, medianSeconds, fileStep }) => own === id && medianSeconds >= LONG_BUILDS && fileStep !== null,
  );
  const onServer = steps.find(
    ({ fileStep }) =>
      fileStep &&
      /ssh|remote/.test(fileStep.uses ?? '') &&
      runsAny(scriptIn(fileStep), /^(?:docker (?:build|buildx build|compose (?:build|up\b.*--build)))\b/),
  );
  const remote = steps.find((step) => runsAny(scriptOf(step), BUILDS_REMOTELY) && !namesImage(step));
  if (onServer) return { step: onServer, isRemote: false };
  return remote && { step: remote, isRemote: true };
};

/** Deployments that build on another machine after tests in the same job. */
export const builtRemotelyAfterTests = (evidence: Evidence): { step: PathStep; saved: number }[] =>
  evidence.path.jobs.flatMap((job) => {
    const found = buildOnServer(evidence, job.id);
    if (!found?.isRemote) return [];
    const steps = stepsOf(job, evidence.path);
    const before = steps.slice(0, steps.indexOf(found.step));
    const saved = Math.min(
      secondsOf(before.filter((step) => does(step, 'test') && !does(step, 'build', 'deploy'))),
      found.step.medianSeconds * 0.6,
    );
    return saved < 2 * LONG_STEP ? [] : [{ step: found.step, saved }];
  });

/** The seconds of a job until its first step that deploys, and the builds among them. */
export const buildsBefore = (evidence: Evidence, id: string): PathStep[] => {
  const job = jobOf({ id }, evidence.path);
  const steps = job ? stepsOf(job, evidence.path) : [];
  const deploying = deploymentsIn(evidence);
  const first = steps.findIndex((step) => deploying.includes(step));
  return steps
    .slice(0, Math.max(0, first))
    .filter((step) => does(step, 'image', 'build') && !does(step, 'test') && step.medianSeconds >= LONG_STEP);
};
