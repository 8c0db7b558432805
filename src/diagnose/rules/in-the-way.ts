import { job, script, step, type Rule } from './rule.ts';

/** What need not stand between a merge and its deploy. */

const PROVISION =
  /\b(?:terraform (?:apply|init)|tofu apply|pulumi up|cdk deploy|aws cloudformation (?:deploy|create-stack|update-stack)|az deployment)\b/;
const TESTS = /\b(?:test|tests|jest|vitest|pytest|rspec|phpunit|spec)\b/i;
const ANALYSIS = /\b(?:eslint|lint|sonar\w*|codeql|semgrep|cypress|playwright|selenium|e2e|end-to-end)\b/i;

export const provisionedInPath: Rule = {
  id: 'provisioned-in-path',
  title: 'Infrastructure is provisioned on the way to live',
  advice: 'Provision when the infrastructure changes, in a workflow of its own, and only deploy here.',
  yaml: 'on:\n  push:\n    paths: [infrastructure/**]',
  remains: [0, 0.5],
  find: step((each) => PROVISION.test(script(each))),
};

export const environmentHop: Rule = {
  id: 'environment-hop',
  title: 'Another environment is passed through first',
  advice: 'Deploy to production when the checks pass, and to the other environment beside it.',
  yaml: null,
  remains: [0, 0.3],
  find: job((each, { environment }) => {
    const other = each.fileJob?.environment ?? null;
    return !each.isDeploy && other !== null && other.toLowerCase() !== environment.toLowerCase();
  }),
};

export const needlessSequence: Rule = {
  id: 'needless-sequence',
  title: 'Jobs run one after the other that share nothing',
  advice: 'Drop the "needs" between them, and let the deploy job need both.',
  yaml: 'deploy:\n  needs: [lint, test]',
  remains: [0, 0.4],
  find: job((each, { path }) => {
    const before = path.jobs.find((other) => other.job === each.after && other.workflow === each.workflow);
    return (
      !each.isDeploy &&
      each.fileJob !== null &&
      before?.fileJob != null &&
      each.fileJob.needs.includes(before.fileJob.id) &&
      !each.fileJob.takesFromOthers
    );
  }),
};

export const oneLongTestJob: Rule = {
  id: 'one-long-test-job',
  title: 'One test job takes most of the path, in one piece',
  advice: 'Split it over several runners.',
  yaml: 'strategy:\n  matrix:\n    shard: [1, 2, 3, 4]\nsteps:\n  - run: npx jest --shard=$SHARD/4',
  remains: [0.3, 0.6],
  find: job(
    (each) =>
      each.share >= 0.3 &&
      each.fileJob !== null &&
      !each.fileJob.matrix &&
      each.fileJob.steps.some(
        (one) => TESTS.test(one.run ?? one.name ?? '') && !/shard/i.test(one.run ?? ''),
      ),
  ),
};

export const analysisInPath: Rule = {
  id: 'analysis-in-path',
  title: 'Static analysis or browser tests stand before the deploy',
  advice: 'Run them on the pull request, and beside the deploy; let them alarm instead of hold.',
  yaml: null,
  remains: [0, 0.3],
  find: step(
    (each) =>
      ANALYSIS.test(script(each)) ||
      ANALYSIS.test(each.fileStep?.uses ?? '') ||
      (each.fileStep !== null && ANALYSIS.test(each.step)),
  ),
};
