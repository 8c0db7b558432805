import { allSteps, type FileJob, type FileStep } from '../../model/workflow-file.ts';
import type { CriticalPath, PathJob, PathStep } from '../critical-path.ts';
import { commandsIn, runsAny } from './commands.ts';
import { isOpaque, jobsWhere, jobYaml, type Rule, scriptOf, stepsWhere } from './rule.ts';

/** Rules about jobs and steps that do not have to run before the deployment. */

const PROVISION =
  /^(?:(?:terraform|tofu) (?:-chdir=\S+ )?apply|terragrunt (?:run-all )?apply|pulumi up|(?:npx )?cdk deploy|aws cloudformation (?:deploy|create-stack|update-stack)|az deployment \w* ?create)\b/;
const TESTS = /\b(?:test|tests|jest|vitest|pytest|rspec|phpunit|spec)\b/i;
const ANALYSIS =
  /\b(?:eslint|lint|sonar\w*|codeql|semgrep|phpstan|psalm|mypy|pylint|flake8|rubocop|clippy|checkstyle|spotbugs|trivy|snyk|bandit|cypress|playwright|selenium|e2e|end-to-end)\b/i;
/** A command that also tests or builds is not an analysis. */
const BUILDS = /\b(?:build|test|compile|package)\b/i;
const BROWSER_TESTS = /\b(?:cypress|playwright|selenium|e2e|end-to-end)\b/i;
/** A command that only installs a tool. */
const INSTALLS = /\b(?:install|setup|npm ci)\b/i;
/** Commands that may leave something for another job that `needs` does not show: an image, a package or a file. */
const PUBLISHING =
  /\b(?:docker (?:push|buildx build .*--push|compose push)|buildah push|skopeo copy|ko (?:build|publish)|helm push|npm publish|twine upload|gem push|cargo publish|aws s3 (?:cp|sync)|gsutil|gcloud (?:storage|builds)|az storage|gh release|curl .*-T|scp|rsync|rclone)\b/;
const PUBLISHING_ACTIONS =
  /^(?:actions\/(?:cache|upload-artifact|upload-pages-artifact)|docker\/(?:build-push-action|bake-action)|softprops\/action-gh-release|goreleaser\/|ko-build\/|\.\/)/;

export const provisionedInPath: Rule = {
  id: 'provisioned-in-path',
  title: 'Every deployment also applies infrastructure',
  advice: 'Apply infrastructure in its own workflow, when it changes. Let this workflow only deploy.',
  yaml: null,
  remains: [0, 0.5],
  find: (evidence) =>
    stepsWhere((step) => runsAny(scriptOf(step), PROVISION) && !isTheDeploy(step, evidence.path))(evidence),
};

/** True if a step is the last of the job that deploys: then it is the deployment, whatever tool it uses. */
function isTheDeploy({ job: name, workflow, fileJob, fileStep }: PathStep, { jobs }: CriticalPath): boolean {
  const isDeploy = jobs.some((job) => job.job === name && job.workflow === workflow && job.isDeploy);
  return isDeploy && fileStep !== null && fileJob?.steps.at(-1) === fileStep;
}

export const environmentHop: Rule = {
  id: 'environment-hop',
  title: 'Changes pass through another environment first',
  advice: 'Deploy to both environments in parallel, unless you need the first one as a check.',
  yaml: null,
  remains: [0, 0.3],
  find: jobsWhere((job, { environment }) => {
    const other = job.fileJob?.environment ?? null;
    return !job.isDeploy && other !== null && other.toLowerCase() !== environment.toLowerCase();
  }),
};

export const needlessSequence: Rule = {
  id: 'needless-sequence',
  title: 'A job waits for a job that it does not need',
  isOfOrder: true,
  advice:
    'Remove the `needs` between the two jobs, so that they run in parallel. Let the next job need both.',
  yaml: ({ fileJob }, { path }) => {
    if (!fileJob) return null;
    const fileJobs = path.jobs.flatMap((job) => job.fileJob ?? []);
    const before = fileJobs.find(({ id }) => fileJob.needs.includes(id));
    const after = fileJobs.find(({ needs }) => needs.includes(fileJob.id));
    if (!before || !after || ![fileJob, before, after].every(({ id }) => /^[\w-]+$/.test(id))) return null;
    const needs = [...new Set([...after.needs, before.id, fileJob.id])];
    return `jobs:\n  ${after.id}:\n    needs: [${needs.join(', ')}]`;
  },
  remains: [0, 0.4],
  find: (evidence) =>
    jobsWhere((job, { path }) => {
      const before = runBefore(job, path);
      return (
        !job.isDeploy &&
        job.fileJob !== null &&
        before?.fileJob != null &&
        job.fileJob.needs.includes(before.fileJob.id) &&
        !job.fileJob.takesFromOthers &&
        !isOpaque(job.fileJob) &&
        !isOpaque(before.fileJob) &&
        !publishes(before.fileJob)
      );
    })(evidence).map((hit) => {
      // In parallel, two jobs take as long as the longer one. The time of the shorter one is saved.
      const job = evidence.path.jobs.find((job) => job.fileJob === hit.fileJob);
      const before = job && runBefore(job, evidence.path);
      return { ...hit, atStakeSeconds: Math.min(hit.medianSeconds, before?.medianSeconds ?? 0) };
    }),
};

/** The job that ran before this one on the path. */
const runBefore = ({ after, workflow }: PathJob, { jobs }: CriticalPath): PathJob | undefined =>
  jobs.find((other) => other.job === after && other.workflow === workflow);

const publishes = ({ steps }: FileJob): boolean =>
  allSteps(steps).some(
    (step) =>
      PUBLISHING_ACTIONS.test(step.uses ?? '') ||
      commandsIn(step.run ?? '').some((command) => PUBLISHING.test(command)),
  );

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
  find: (evidence) =>
    jobsWhere(
      (job, { path }) =>
        !job.isDeploy &&
        job.share >= 0.3 &&
        job.fileJob !== null &&
        job.fileJob.environment === null &&
        !job.fileJob.matrix &&
        job.fileJob.steps.some((step) => isTest(step) && !/shard/i.test(step.run ?? '')) &&
        isLong(job, path),
    )(evidence).map((hit) => ({
      ...hit,
      atStakeSeconds: testSeconds(hit.where, evidence.path) ?? hit.medianSeconds,
    })),
};

/** Shorter tests are over before several runners would be ready. Seconds. */
const LONG = 240;

const isTest = ({ run, name }: Pick<FileStep, 'run' | 'name'>): boolean =>
  TESTS.test(run === null ? (name ?? '') : commandsIn(run).join('\n'));

/** Median seconds of the tests of a job; `null` if its steps are unknown. */
function testSeconds(job: string, path: CriticalPath): number | null {
  const steps = path.steps.filter((step) => step.job === job);
  if (steps.length === 0) return null;
  return steps
    .filter((step) => (step.fileStep ? isTest(step.fileStep) : TESTS.test(step.step)))
    .reduce((total, step) => total + step.medianSeconds, 0);
}

/** True if the tests are long, and at least half of the job. A job whose steps are unknown counts as tests. */
function isLong({ job, medianSeconds }: PathJob, path: CriticalPath): boolean {
  const tests = testSeconds(job, path) ?? medianSeconds;
  return tests >= LONG && tests * 2 >= medianSeconds;
}

const isAnalysis = (text: string): boolean =>
  ANALYSIS.test(text) && (BROWSER_TESTS.test(text) || !BUILDS.test(text));

export const analysisInPath: Rule = {
  id: 'analysis-in-path',
  title: 'Checks of the code delay the deployment',
  advice:
    'Run them on the pull request, and in parallel with the deployment. A failure then alerts the team without blocking the deployment.',
  yaml: null,
  remains: [0, 0.3],
  find: stepsWhere((step) => {
    if (ANALYSIS.test(step.fileStep?.uses ?? '')) return true;
    const commands = commandsIn(scriptOf(step)).filter((command) => !INSTALLS.test(command));
    if (commands.some(isAnalysis)) return true;
    return step.fileStep !== null && isAnalysis(step.step) && !INSTALLS.test(step.step);
  }),
};
