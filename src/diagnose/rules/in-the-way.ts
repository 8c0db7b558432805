import type { FileJob, FileStep } from '../../model/workflow-file.ts';
import type { CriticalPath, PathJob, PathStep } from '../critical-path.ts';
import { commandsIn, runsAny } from './commands.ts';
import { type Evidence, type Hit, isOpaque, job, script, step, type Rule } from './rule.ts';

/** What need not stand between a merge and its deploy. */

const PROVISION =
  /^(?:(?:terraform|tofu) (?:-chdir=\S+ )?apply|terragrunt (?:run-all )?apply|pulumi up|(?:npx )?cdk deploy|aws cloudformation (?:deploy|create-stack|update-stack)|az deployment \w* ?create)\b/;
const TESTS = /\b(?:test|tests|jest|vitest|pytest|rspec|phpunit|spec)\b/i;
const ANALYSIS =
  /\b(?:eslint|lint|sonar\w*|codeql|semgrep|phpstan|psalm|mypy|pylint|flake8|rubocop|clippy|checkstyle|spotbugs|trivy|snyk|bandit|cypress|playwright|selenium|e2e|end-to-end)\b/i;
/** A command that tests or builds as well is no analysis. */
const BUILDS = /\b(?:build|test|compile|package)\b/i;
const BROWSERS = /\b(?:cypress|playwright|selenium|e2e|end-to-end)\b/i;
/** What only fetches such a tool. */
const INSTALLS = /\b(?:install|setup|npm ci)\b/i;
/** What a job may leave for another without a word of it in "needs": an image, a package, a cache, a file somewhere. */
const HANDS_OVER =
  /\b(?:docker (?:push|buildx build .*--push|compose push)|buildah push|skopeo copy|ko (?:build|publish)|helm push|npm publish|twine upload|gem push|cargo publish|aws s3 (?:cp|sync)|gsutil|gcloud (?:storage|builds)|az storage|gh release|curl .*-T|scp|rsync|rclone)\b/;
const HANDS_OVER_BY =
  /^(?:actions\/(?:cache|upload-artifact|upload-pages-artifact)|docker\/(?:build-push-action|bake-action)|softprops\/action-gh-release|goreleaser\/|ko-build\/|\.\/)/;

export const provisionedInPath: Rule = {
  id: 'provisioned-in-path',
  title: 'Infrastructure is provisioned on the way to live',
  advice: 'Provision when the infrastructure changes, in a workflow of its own, and only deploy here.',
  yaml: null,
  remains: [0, 0.5],
  find: (evidence) =>
    step((step) => runsAny(script(step), PROVISION) && !isTheDeploy(step, evidence.path))(evidence),
};

/** The last step of the job that deploys is the deploy itself, whatever it is made with. */
function isTheDeploy({ job: name, workflow, fileJob, fileStep }: PathStep, { jobs }: CriticalPath): boolean {
  const isDeploy = jobs.some((job) => job.job === name && job.workflow === workflow && job.isDeploy);
  return isDeploy && fileStep !== null && fileJob?.steps.at(-1) === fileStep;
}

export const environmentHop: Rule = {
  id: 'environment-hop',
  title: 'Another environment is passed through first',
  advice: 'Deploy to production when the checks pass, and to the other environment beside it.',
  yaml: null,
  remains: [0, 0.3],
  find: job((job, { environment }) => {
    const other = job.fileJob?.environment ?? null;
    return !job.isDeploy && other !== null && other.toLowerCase() !== environment.toLowerCase();
  }),
};

export const needlessSequence: Rule = {
  id: 'needless-sequence',
  title: 'Jobs run one after the other that share nothing',
  isOfOrder: true,
  advice: 'Drop the "needs" between them, and let what comes after need both.',
  yaml: ({ fileJob }, evidence) => {
    const before = jobBefore(fileJob, evidence);
    const after = laterThan(fileJob, evidence);
    if (!fileJob || !before || !after || ![fileJob, before, after].every(({ id }) => /^[\w-]+$/.test(id)))
      return null;
    const needs = [...new Set([...after.needs, before.id, fileJob.id])];
    return `jobs:\n  ${after.id}:\n    needs: [${needs.join(', ')}]`;
  },
  remains: [0, 0.4],
  find: (evidence) =>
    job((job, { path }) => {
      const before = runBefore(job, path);
      return (
        !job.isDeploy &&
        job.fileJob !== null &&
        before?.fileJob != null &&
        job.fileJob.needs.includes(before.fileJob.id) &&
        !job.fileJob.takesFromOthers &&
        !isOpaque(job.fileJob) &&
        !isOpaque(before.fileJob) &&
        !handsOver(before.fileJob)
      );
    })(evidence).map((hit) => {
      // Side by side they take as long as the longer: what is saved is the shorter.
      const own = evidence.path.jobs.find((job) => job.fileJob === hit.fileJob);
      const before = own && runBefore(own, evidence.path);
      return { ...hit, atStakeSeconds: Math.min(hit.medianSeconds, before?.medianSeconds ?? 0) };
    }),
};

/** The job that ran before this one on the path. */
const runBefore = ({ after, workflow }: PathJob, { jobs }: CriticalPath): PathJob | undefined =>
  jobs.find((other) => other.job === after && other.workflow === workflow);

const handsOver = ({ steps }: FileJob): boolean =>
  steps.some(
    (step) =>
      HANDS_OVER_BY.test(step.uses ?? '') ||
      commandsIn(step.run ?? '').some((command) => HANDS_OVER.test(command)),
  );

/** The job on the path that this one needs. */
function jobBefore(fileJob: FileJob | null | undefined, { path }: Evidence): FileJob | null {
  const found = path.jobs.find((job) => job.fileJob !== null && fileJob?.needs.includes(job.fileJob.id));
  return found?.fileJob ?? null;
}

/** The job on the path that needs this one. */
function laterThan(fileJob: FileJob | null | undefined, { path }: Evidence): FileJob | null {
  const found = path.jobs.find((job) => fileJob && job.fileJob?.needs.includes(fileJob.id));
  return found?.fileJob ?? null;
}

const SHARD = `$\{{ matrix.shard }}/4`;
/** How the usual test runners are told which part of the tests is theirs. */
const SHARDS: readonly { is: RegExp; run: string }[] = [
  { is: /\bplaywright test\b/, run: `npx playwright test --shard=${SHARD}` },
  { is: /\bvitest\b/, run: `npx vitest run --shard=${SHARD}` },
  { is: /\bjest\b/, run: `npx jest --shard=${SHARD}` },
];

export const oneLongTestJob: Rule = {
  id: 'one-long-test-job',
  title: 'One test job takes most of the path, in one piece',
  advice: 'Split it over several runners.',
  yaml: ({ fileJob }) => {
    const runner = SHARDS.find(({ is }) => fileJob?.steps.some((step) => is.test(step.run ?? '')));
    if (!fileJob || !runner || !/^[\w-]+$/.test(fileJob.id)) return null;
    return [
      'jobs:',
      `  ${fileJob.id}:`,
      '    strategy:',
      '      matrix:',
      '        shard: [1, 2, 3, 4]',
      '    steps:',
      `      - run: ${runner.run}`,
    ].join('\n');
  },
  remains: [0.3, 0.6],
  find: (evidence) =>
    job(
      (job, { path }) =>
        !job.isDeploy &&
        job.share >= 0.3 &&
        job.fileJob !== null &&
        job.fileJob.environment === null &&
        !job.fileJob.matrix &&
        job.fileJob.steps.some((step) => isTest(step) && !/shard/i.test(step.run ?? '')) &&
        isLong(job, path),
    )(evidence).map((hit) => ({ ...hit, atStakeSeconds: testsIn(hit, evidence.path) ?? hit.medianSeconds })),
};

/** Tests that take less are sooner over than several runners are up, in seconds. */
const LONG = 240;

const isTest = (pick: Pick<FileStep, 'run' | 'name'>): boolean =>
  TESTS.test(pick.run === null ? (pick.name ?? '') : commandsIn(pick.run).join('\n'));

/** Seconds of a job's tests, the median; `null`: its steps are not known. */
function testsIn(
  { where, job: name = where }: Pick<Hit, 'where' | 'job'>,
  { steps }: CriticalPath,
): number | null {
  const own = steps.filter((step) => step.job === name);
  if (own.length === 0) return null;
  return own
    .filter((step) => (step.fileStep ? isTest(step.fileStep) : TESTS.test(step.step)))
    .reduce((total, step) => total + step.medianSeconds, 0);
}

/** Whether the tests are long, and at least half of the job, as far as its steps are known. */
function isLong({ job: name, medianSeconds }: PathJob, path: CriticalPath): boolean {
  const tests = testsIn({ where: name }, path) ?? medianSeconds;
  return tests >= LONG && tests * 2 >= medianSeconds;
}

const isAnalysis = (text: string): boolean =>
  ANALYSIS.test(text) && (BROWSERS.test(text) || !BUILDS.test(text));

export const analysisInPath: Rule = {
  id: 'analysis-in-path',
  title: 'Static analysis or browser tests stand before the deploy',
  advice: 'Run them on the pull request, and beside the deploy; let them alarm instead of hold.',
  yaml: null,
  remains: [0, 0.3],
  find: step((step) => {
    if (ANALYSIS.test(step.fileStep?.uses ?? '')) return true;
    const own = commandsIn(script(step)).filter((command) => !INSTALLS.test(command));
    if (own.some(isAnalysis)) return true;
    return step.fileStep !== null && isAnalysis(step.step) && !INSTALLS.test(step.step);
  }),
};
