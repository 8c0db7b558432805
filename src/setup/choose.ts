import type { Survey, SurveyedWorkflow } from '../github/survey.ts';
import { GuardError, oneLine } from '../model/guard-error.ts';
import { counted } from '../report/words.ts';

/** Chooses how the guard measures a repository, from how the repository deploys. */

/** The event that starts the guard after a deployment. */
export type Start =
  | {
      on: 'workflow_run';
      workflows: string[];
      branch: string | null;
      /** Key and file of the single job that deploys. The guard could be a job in that file instead. */
      job: { file: string; id: string } | null;
    }
  | { on: 'deployment_status'; environment: string }
  | { on: 'release' }
  | { on: 'push-of-tags'; pattern: string }
  /** No event, so only the weekly workflow measures. */
  | { on: 'nothing' };

export interface Choice {
  /** Inputs of the action that select deployments. */
  inputs: Record<string, string>;
  source: 'deployments' | 'workflow' | 'releases' | 'tags';
  start: Start;
  /** Time of the last deployment, if that is long ago. Measurements end there. `null`: now. */
  asOf: Date | null;
  /** Reasons for the choice, and alternatives, as sentences. */
  reasons: string[];
}

/** Milliseconds. An older deployment does not show how a team deploys now. */
const RECENT_MS = 90 * 86_400_000;
const PREVIEW = /preview|^review\b|(?:^|[-_/ ])pr[-_ ]?\d+/i;
const BEFORE_PRODUCTION =
  /(?:^|[-_/ ])(?:staging|stage|stg|dev|development|test|testing|qa|uat|sandbox|demo|pre-?prod(?:uction)?|non-?prod(?:uction)?|canary)(?:[-_/ ]|$)/i;
const DEPLOYS = /deploy|release|publish|promote|roll-?out|\bship\b/i;
const GITHUB_ITSELF = /^github-actions(?:\[bot\])?$/;

/** Likelihood that an environment is production, from 0 (most likely) to 3. */
function rankOf(environment: string): number {
  if (/^prod(?:uction)?$/i.test(environment)) return 0;
  if (BEFORE_PRODUCTION.test(environment)) return 3;
  return /prod|live/i.test(environment) ? 1 : 2;
}

/** @throws {GuardError} if there is no sign of a deployment. */
export function choose(survey: Survey, now: Date): Choice {
  const last = lastOf(survey);
  const asOf = last !== null && now.getTime() - last.getTime() > RECENT_MS ? last : null;
  const at = asOf ?? now;
  const choice = byDeployments(survey, at) ?? byWorkflow(survey) ?? byReleases(survey, at) ?? byTags(survey);
  if (choice === null)
    throw new GuardError(
      'Nothing shows how this repository deploys. It has no successful deployment, no job with a name like "deploy", no release and no annotated tag. Add "environment:" to the job that deploys and run this again after it succeeds, or copy a workflow from docs/recipes.md.',
    );
  if (asOf !== null)
    choice.reasons.unshift(
      `The last deployment was on ${dayOf(asOf)}, so everything below is as of that day.`,
    );
  if (survey.readTo !== null)
    choice.reasons.push(
      `Deployments before ${dayOf(survey.readTo)} were not read. Environments with only older ones are missing here.`,
    );
  return { ...choice, asOf };
}

const dayOf = (instant: Date) => instant.toISOString().slice(0, 10);

type Candidate = Omit<Choice, 'asOf'>;

/** Time of the newest deployment, or of the newest release. */
function lastOf({ deployments, releases }: Survey): Date | null {
  const deployed = deployments.find(
    (deployment) => deployment.isSuccess && !PREVIEW.test(deployment.environment),
  )?.at;
  return deployed ?? releases[0]?.publishedAt ?? null;
}

function byDeployments({ deployments, workflows, baseBranch }: Survey, now: Date): Candidate | null {
  const recent = deployments.filter(
    (deployment) => deployment.isSuccess && now.getTime() - deployment.at.getTime() <= RECENT_MS,
  );
  const previews = new Set(recent.map(({ environment }) => environment).filter((name) => PREVIEW.test(name)));
  const counts = new Map<string, number>();
  for (const { environment } of recent)
    if (!previews.has(environment)) counts.set(environment, (counts.get(environment) ?? 0) + 1);
  const ranked = [...counts].sort(
    (a, b) => rankOf(a[0]) - rankOf(b[0]) || b[1] - a[1] || (a[0] < b[0] ? -1 : 1),
  );
  const [first] = ranked;
  if (first === undefined) return null;
  const [environment, count] = first;
  const alternatives = ranked
    .slice(1)
    .filter(([name]) => Math.min(rankOf(name), 1) === Math.min(rankOf(environment), 1));
  const stages = ranked.filter(([name]) => rankOf(name) === 3 && name !== environment).map(([name]) => name);
  const creators = [
    ...new Set(recent.filter((other) => other.environment === environment).map(({ creator }) => creator)),
  ];
  const likelihood =
    rankOf(environment) === 0
      ? 'and its name suggests production'
      : ranked.length === 1
        ? 'and no other environment has any'
        : 'and no other environment is more likely to be production';
  const reasons = [
    `Environment "${oneLine(environment, 60)}" has ${counted(count, 'successful deployment')} in the last 90 days, ${likelihood}.`,
  ];
  if (alternatives.length > 0)
    reasons.push(
      `Also possible: ${alternatives.map(([name, times]) => `"${oneLine(name, 60)}" (${counted(times, 'deployment')})`).join(', ')}. If they are services, list each under "services" in .github/deploy-latency.yml. If they are regions, list them under "environment", one per line.`,
    );
  if (stages.length > 0)
    reasons.push(
      `Earlier stages, judging by their names: ${stages
        .slice(0, 5)
        .map((name) => oneLine(name, 40))
        .join(', ')}.`,
    );
  if (previews.size > 0) reasons.push(`Skipped: ${counted(previews.size, 'preview environment')}.`);
  const choice = { inputs: { environment }, source: 'deployments' as const };
  const deploying = workflowsThatDeploy(workflows, (workflow) =>
    workflow.jobs.some(
      (job) => job.makesDeployment && job.environment?.toLowerCase() === environment.toLowerCase(),
    ),
  );
  if (deploying.length > 0) {
    const jobs = deploying.flatMap(({ file, jobs }) =>
      jobs
        .filter((job) => job.environment?.toLowerCase() === environment.toLowerCase())
        .map(({ id, name }) => ({ file, id, name })),
    );
    const [job] = jobs;
    return {
      ...choice,
      start: afterWorkflows(deploying, baseBranch, jobs.length === 1 ? job : undefined),
      reasons: [
        ...reasons,
        `The deployments come from ${filesOf(deploying)}${job ? ` (job "${oneLine(job.name, 60)}")` : ''}, with GITHUB_TOKEN. They do not start workflows, so the guard runs when that workflow has finished ("workflow_run").${jobs.length === 1 ? ' It could also be a job in that file. The comment in deploy-latency.yml shows how.' : ''}`,
      ],
    };
  }
  if (creators.every((login) => login !== null && !GITHUB_ITSELF.test(login)))
    return {
      ...choice,
      start: { on: 'deployment_status', environment },
      reasons: [
        ...reasons,
        `The deployments come from ${creators.map((login) => oneLine(login ?? '', 40)).join(', ')}. They start workflows, so the guard runs after each successful one ("deployment_status").`,
      ],
    };
  const byScript = workflowsThatDeploy(workflows, (workflow) => workflow.makesDeployments);
  if (byScript.length > 0)
    return {
      ...choice,
      start: afterWorkflows(byScript, baseBranch),
      reasons: [
        ...reasons,
        `The deployments use GITHUB_TOKEN, most likely in ${filesOf(byScript)}. They do not start workflows, so the guard runs when that workflow has finished ("workflow_run").`,
      ],
    };
  return {
    ...choice,
    start: { on: 'nothing' },
    reasons: [
      ...reasons,
      'The deployments use a token that does not start workflows, and no workflow file here creates them. So only the weekly check measures them.',
    ],
  };
}

const filesOf = (workflows: readonly SurveyedWorkflow[]) =>
  workflows.map(({ file }) => oneLine(file, 60)).join(', ');

/** Workflows that deploy or call one that does, except those that run only for pull requests. */
function workflowsThatDeploy(
  workflows: readonly SurveyedWorkflow[],
  deploys: (workflow: SurveyedWorkflow) => boolean,
): SurveyedWorkflow[] {
  const direct = workflows.filter(deploys);
  const callers = workflows.filter((workflow) =>
    workflow.jobs.some((job) => direct.some(({ file }) => job.calls === `./.github/workflows/${file}`)),
  );
  return [...new Set([...direct, ...callers])].filter((workflow) =>
    workflow.events.some((event) => event !== 'workflow_call' && !event.startsWith('pull_request')),
  );
}

/** Runs for releases and tags have no branch, so the branch filter needs workflows that only run on branches. */
function afterWorkflows(
  workflows: readonly SurveyedWorkflow[],
  baseBranch: string,
  job?: { file: string; id: string },
): Start {
  const runOnBranches = workflows.every((workflow) =>
    workflow.events.every(
      (event) =>
        ['push', 'workflow_dispatch', 'schedule', 'merge_group', 'workflow_call'].includes(event) ||
        event.startsWith('pull_request'),
    ),
  );
  return {
    on: 'workflow_run',
    workflows: workflows.map(({ name }) => name),
    branch: runOnBranches ? baseBranch : null,
    job: job && /^[\w-]+$/.test(job.id) ? { file: job.file, id: job.id } : null,
  };
}

function byWorkflow({ workflows, baseBranch }: Survey): Candidate | null {
  const [first, ...others] = workflows
    .filter((workflow) =>
      workflow.events.some((event) => ['push', 'release', 'workflow_dispatch', 'schedule'].includes(event)),
    )
    .flatMap((workflow) =>
      workflow.jobs
        .filter((job) => DEPLOYS.test(job.name) || DEPLOYS.test(job.id))
        .map((job) => ({ workflow, job })),
    )
    .sort((a, b) => Number(DEPLOYS.test(b.workflow.file)) - Number(DEPLOYS.test(a.workflow.file)));
  if (first === undefined) return null;
  const { workflow, job } = first;
  const isAlone = workflow.jobs.length === 1 || job.matrix || job.calls !== null;
  return {
    inputs: {
      'deploy-source': 'workflow',
      'deploy-workflow': workflow.file,
      ...(isAlone ? {} : { 'deploy-job': job.name }),
    },
    source: 'workflow',
    start: afterWorkflows([workflow], baseBranch),
    reasons: [
      'No environment has a deployment in the last 90 days.',
      `Job "${oneLine(job.name, 60)}" in ${oneLine(workflow.file, 60)} seems to deploy, judging by its name. Each successful ${isAlone ? 'run' : 'job'} counts as a deployment. With "environment:" in that job, GitHub would record each one.`,
      ...(others.length > 0
        ? [
            `Also possible: ${others
              .slice(0, 5)
              .map((other) => `"${oneLine(other.job.name, 40)}" in ${oneLine(other.workflow.file, 40)}`)
              .join(', ')}.`,
          ]
        : []),
    ],
  };
}

function byReleases({ releases }: Survey, now: Date): Candidate | null {
  const recent = releases.filter((release) => now.getTime() - release.publishedAt.getTime() <= RECENT_MS);
  const [newest] = recent;
  if (newest === undefined) return null;
  const isByJob = newest.author !== null && GITHUB_ITSELF.test(newest.author);
  return {
    inputs: { 'deploy-source': 'releases' },
    source: 'releases',
    start: isByJob ? { on: 'nothing' } : { on: 'release' },
    reasons: [
      'No environment has a deployment in the last 90 days, and no job has a name like "deploy".',
      `Found ${recent.length === releases.length && recent.length >= 100 ? 'at least ' : ''}${counted(recent.length, 'release')} from the last 90 days, the newest ${oneLine(newest.tag, 60)}. Each release counts as a deployment.`,
      isByJob
        ? 'The releases use GITHUB_TOKEN and do not start workflows, so only the weekly check measures them.'
        : 'The guard runs after each release.',
    ],
  };
}

function byTags({ tags }: Survey): Candidate | null {
  const annotated = tags.filter((tag) => tag.isAnnotated);
  const [newest] = annotated;
  if (newest === undefined) return null;
  const [, prefix = ''] = /^(.*?)\d/.exec(newest.name) ?? [];
  const pattern = `${prefix}*`;
  return {
    inputs: { 'deploy-source': 'tags', 'deploy-tag': pattern },
    source: 'tags',
    start: { on: 'push-of-tags', pattern },
    reasons: [
      'No environment has a deployment in the last 90 days, no job has a name like "deploy", and there are no releases.',
      `Found annotated tags, the newest ${oneLine(newest.name, 60)}. Each tag that matches ${oneLine(pattern, 60)} counts as a deployment at the time it was tagged.`,
    ],
  };
}
