import type { CriticalPath, PathJob, PathStep } from '../critical-path.ts';
import { commandsIn, isMostly, runsAny } from './commands.ts';
import { WORTH_SPLITTING } from './in-turn.ts';
import { WORTH_MOVING } from './job-order.ts';
import {
  deploymentsIn,
  does,
  type Evidence,
  findingOf,
  type Hit,
  jobsWhere,
  jobYaml,
  parallelSaving,
  type Rule,
  scriptOf,
  secondsOf,
  stepsOf,
  usesAction,
} from './rule.ts';
import { inFolder, INSTALL } from './setting-up.ts';

/** Rules about tests that take long on one runner. */

const SHARD = `$\{{ matrix.shard }}/4`;
/** Test runners that run a shard of the tests if an option says so. */
const SHARDS = /\b(?:playwright test|vitest|jest)\b/;

export const oneLongTestJob: Rule = {
  id: 'one-long-test-job',
  title: 'All tests run on one runner',
  advice: 'Split the tests over several runners.',
  yaml: (hit) => {
    const tests = hit.fileJob?.steps.filter(({ run }) => SHARDS.test(run ?? '')) ?? [];
    const [test] = tests;
    const command = test?.run?.trim() ?? '';
    // The options of the job's own command stay.
    if (tests.length !== 1 || /[\n|;&]|\$\(|npm (?:run|test)(?!.* -- )/.test(command)) return null;
    const folder = test?.directory ? [`  working-directory: ${test.directory}`] : [];
    return (
      jobYaml(hit, [`- run: ${command} --shard=${SHARD}`, ...folder])?.replace(
        '    steps:',
        '    strategy:\n      matrix:\n        shard: [1, 2, 3, 4]\n    steps:',
      ) ?? null
    );
  },
  remains: [0.3, 0.6],
  find: (evidence) => {
    // Two suites are two jobs already.
    const again = testsRunAgain(evidence);
    const suites = [
      ...again,
      ...testsOfTwoTools(evidence).filter(({ id }) => !again.some((hit) => hit.id === id)),
    ];
    const long = jobsWhere(
      (job, { path }) =>
        !suites.some(({ id }) => id === job.id) &&
        job.share >= 0.3 &&
        job.fileJob !== null &&
        (job.isDeploy || job.fileJob.environment === null) &&
        !job.fileJob.matrix &&
        // Each runner would have to start the services, too.
        (!job.fileJob.services ||
          servicesStart(job, path) <= Math.max(QUICK_SERVICES, 0.1 * (testSeconds(job, path) ?? 0))) &&
        job.fileJob.steps.some(
          (fileStep) =>
            does({ fileStep }, 'test') &&
            !/shard/i.test(fileStep.run ?? '') &&
            !runsAny(fileStep.run ?? '', OF_ALL) &&
            !WAITS_FOR_CHECKS.test(fileStep.uses ?? ''),
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
      return findingOf(evidence, tests).filter(({ medianSeconds }) => medianSeconds >= LONG);
    });
    return [...suites, ...long];
  },
};

/** Tests that a job runs plainly, and once more for their coverage. */
const testsRunAgain = (evidence: Evidence): Hit[] =>
  evidence.path.jobs.flatMap((job): Hit[] => {
    const tests = stepsOf(job, evidence.path).filter(
      (step) => does(step, 'test') && !does(step, 'build', 'image', 'deploy', 'database'),
    );
    const isPlain = (step: PathStep, measured: PathStep) =>
      !measures(step) && suiteOf(step) !== null && suiteOf(step) === suiteOf(measured);
    const measured = tests.find((step) => measures(step) && tests.some((other) => isPlain(other, step)));
    if (!measured) return [];
    const plain = tests.filter((step) => isPlain(step, measured));
    return findingOf(evidence, plain, {
      remains: [0, 0.1],
      advice: `The same tests run again for the coverage, in \`${measured.step}\`. Run them once, with coverage.`,
    });
  });

/** Long tests of different tools, or those of different folders with their packages, in one job, one after the other. */
const testsOfTwoTools = (evidence: Evidence): Hit[] =>
  evidence.path.jobs.flatMap((job): Hit[] => {
    const own = stepsOf(job, evidence.path);
    const all = own.filter((step) => does(step, 'test') && !does(step, 'image', 'deploy'));
    const tests = all.filter((step) => !does(step, 'build', 'database'));
    const folders = [...new Set(all.map((step) => inFolder(step, '')))].map((folder) => {
      const inside = all.filter((step) => inFolder(step, '') === folder);
      const packages = own.filter(
        (step) => inFolder(step, '') === folder && isMostly(scriptOf(step), INSTALL),
      );
      return { tests: inside, medianSeconds: secondsOf([...inside, ...packages]), least: WORTH_SPLITTING };
    });
    const tools = tests
      .filter((step) => step.medianSeconds >= WORTH_MOVING)
      .map((step) => ({ tests: [step], medianSeconds: step.medianSeconds, least: WORTH_MOVING }));
    const areSlow = job.fileJob?.services && servicesStart(job, evidence.path) > QUICK_SERVICES;
    const [ofFolders, ofTools] = [folders, tools].map((parts) =>
      parts.filter(({ medianSeconds, least }) => medianSeconds >= least),
    );
    const parts = (ofFolders && ofFolders.length > 1 ? ofFolders : ofTools) ?? [];
    const commands = new Set(
      parts.map(({ tests }) => tests.map((step) => `${inFolder(step, '')} ${scriptOf(step).trim()}`).join()),
    );
    if (job.isDeploy || commands.size !== parts.length || parts.length < 2 || areSlow) return [];
    const steps = parts.flatMap(({ tests }) => tests);
    return findingOf(evidence, steps, {
      remains: [0, 0.3],
      atStakeSeconds: parallelSaving(parts),
      advice: 'Run them in two jobs at the same time. Let the deployment need both.',
      doubt: 'Both may use the same data.',
    });
  });

/** Words of a command that measures coverage. */
const COVERAGE = /[:. -]*-?-?\bcov(?:erage)?\b\S*/gi;

const measures = (step: PathStep): boolean => scriptOf(step).search(COVERAGE) >= 0;

/** The command of a step that does nothing else but test, without what measures coverage. */
function suiteOf(step: PathStep): string | null {
  const commands = commandsIn(scriptOf(step));
  const [command = ''] = commands;
  const suite = command
    .replace(COVERAGE, '')
    .replace(/ run(?= test)/, '')
    .trim();
  return commands.length === 1 ? `${inFolder(step, '')} ${suite}` : null;
}

/** Commands that compile, check and test, so that nothing shows how long the tests take. */
const OF_ALL =
  /^(?:(?:\.\/)?gradlew? (?!.*\btest\b).*(?:check|build)\b|(?:\.\/)?mvnw? (?!.*\btest\b).*(?:verify|install|package)\b)/;

/** Actions that wait for the checks of other workflows. */
const WAITS_FOR_CHECKS = /wait-(?:for|on)-/;

/** Services that start sooner are worth it on each runner. Seconds. */
const QUICK_SERVICES = 40;

const servicesStart = (job: PathJob, path: CriticalPath): number =>
  stepsOf(job, path).find(({ step }) => step === 'Initialize containers')?.medianSeconds ??
  Number.POSITIVE_INFINITY;

/** Shorter tests are hardly faster on several runners, because each has to be set up. Seconds. */
const LONG = 360;

/** The same, if their job takes half of the time. Seconds. */
const LONG_OF_HALF = 280;

/** Playwright and Cypress share tests out by themselves, and start soon. Seconds. */
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
  const isInBrowser = stepsOf(job, path).some(
    (step) =>
      runsAny(scriptOf(step), /^(?:playwright test|cypress run)\b/) ||
      usesAction(step, /^cypress-io\/github-action@/),
  );
  const least = isInBrowser ? LONG_IN_BROWSER : job.share >= 0.5 ? LONG_OF_HALF : LONG;
  return tests >= least && tests * 2 >= job.medianSeconds;
}
