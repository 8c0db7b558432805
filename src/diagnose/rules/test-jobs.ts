import type { CriticalPath, PathJob } from '../critical-path.ts';
import { runsAny } from './commands.ts';
import { WORTH_MOVING } from './job-order.ts';
import {
  deploymentsIn,
  does,
  type Evidence,
  type Hit,
  hitOf,
  jobsWhere,
  jobYaml,
  type Rule,
  scriptOf,
  stepsOf,
  together,
} from './rule.ts';

/** Rules about tests that take long on one runner. */

const SHARD = `$\{{ matrix.shard }}/4`;

/** Commands that run a shard of the tests, by test runner. */
const SHARDS: readonly { runner: RegExp; command: string }[] = [
  { runner: /\bplaywright test\b/, command: `npx playwright test --shard=${SHARD}` },
  { runner: /\bvitest\b/, command: `npx vitest run --shard=${SHARD}` },
  { runner: /\bjest\b/, command: `npx jest --shard=${SHARD}` },
];

export const oneLongTestJob: Rule = {
  id: 'one-long-test-job',
  title: 'All tests run on one runner',
  advice: 'Split the tests over several runners.',
  yaml: (hit) => {
    const shard = SHARDS.find(({ runner }) => hit.fileJob?.steps.some((step) => runner.test(step.run ?? '')));
    const steps = shard && jobYaml(hit, [`- run: ${shard.command}`]);
    return (
      steps?.replace('    steps:', '    strategy:\n      matrix:\n        shard: [1, 2, 3, 4]\n    steps:') ??
      null
    );
  },
  remains: [0.3, 0.6],
  find: (evidence) => [
    ...testsOfTwoTools(evidence),
    ...jobsWhere(
      (job, { path }) =>
        job.share >= 0.3 &&
        job.fileJob !== null &&
        (job.isDeploy || job.fileJob.environment === null) &&
        !job.fileJob.matrix &&
        // Each runner would have to start the services, too.
        (!job.fileJob.services ||
          servicesStart(job, path) <= Math.max(QUICK_SERVICES, 0.1 * (testSeconds(job, path) ?? 0))) &&
        job.fileJob.steps.some(
          (fileStep) => does({ fileStep }, 'test') && !/shard/i.test(fileStep.run ?? ''),
        ) &&
        isLong(job, path),
    )(evidence).flatMap((hit) => {
      const job = evidence.path.jobs.find((job) => job.job === hit.where);
      const atStakeSeconds = (job && testSeconds(job, evidence.path)) ?? hit.medianSeconds;
      if (!job?.isDeploy) return [{ ...hit, atStakeSeconds }];
      // A job that also deploys has to be split first. Tests after the deployment do not delay it.
      const [steps, deployments] = [stepsOf(job, evidence.path), deploymentsIn(evidence)];
      const first = steps.findIndex((step) => deployments.includes(step));
      const tests = steps.slice(0, Math.max(0, first)).filter((step) => does(step, 'test'));
      return together(tests.map((step) => hitOf(step, evidence))).filter(
        ({ medianSeconds }) => medianSeconds >= LONG,
      );
    }),
  ],
};

/** Long tests of different tools in one job, one after the other. */
const testsOfTwoTools = (evidence: Evidence): Hit[] =>
  evidence.path.jobs.flatMap((job): Hit[] => {
    const tests = stepsOf(job, evidence.path).filter(
      (step) =>
        does(step, 'test') &&
        !does(step, 'build', 'image', 'deploy', 'database') &&
        step.medianSeconds >= WORTH_MOVING,
    );
    const commands = new Set(tests.map((step) => scriptOf(step).trim()));
    const areSlow = job.fileJob?.services && servicesStart(job, evidence.path) > QUICK_SERVICES;
    if (job.isDeploy || commands.size !== tests.length || commands.size < 2 || areSlow) return [];
    const times = tests.map(({ medianSeconds }) => medianSeconds);
    return together(tests.map((step) => hitOf(step, evidence))).map((hit) => ({
      ...hit,
      remains: [0, 0.3],
      atStakeSeconds: times.reduce((sum, time) => sum + time, 0) - Math.max(...times),
      advice: 'Run them in two jobs at the same time. Let the deployment need both.',
      doubt: 'Both may use the same data.',
    }));
  });

/** Services that start sooner are worth it on each runner. Seconds. */
const QUICK_SERVICES = 40;

const servicesStart = (job: PathJob, path: CriticalPath): number =>
  stepsOf(job, path).find(({ step }) => step === 'Initialize containers')?.medianSeconds ??
  Number.POSITIVE_INFINITY;

/** Shorter tests are hardly faster on several runners, because each has to be set up. Seconds. */
const LONG = 480;

/** The same, if their job takes half of the time. Seconds. */
const LONG_OF_HALF = 360;

/** Playwright shares tests out by itself, and starts soon. Seconds. */
const LONG_IN_BROWSER = 240;

/** Median seconds of the tests of a job; `null` if its steps are unknown. */
function testSeconds(job: PathJob, path: CriticalPath): number | null {
  const steps = stepsOf(job, path);
  if (steps.length === 0) return null;
  return steps.filter((step) => does(step, 'test')).reduce((total, step) => total + step.medianSeconds, 0);
}

/** True if the tests are long, and at least half of the job. A job whose steps are unknown counts as tests. */
function isLong(job: PathJob, path: CriticalPath): boolean {
  const tests = testSeconds(job, path) ?? job.medianSeconds;
  const isInBrowser = stepsOf(job, path).some((step) => runsAny(scriptOf(step), /^playwright test\b/));
  const least = isInBrowser ? LONG_IN_BROWSER : job.share >= 0.5 ? LONG_OF_HALF : LONG;
  return tests >= least && tests * 2 >= job.medianSeconds;
}
