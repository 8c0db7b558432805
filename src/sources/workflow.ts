import { type ListedJob, jobsOf, jobsOfRun } from '../github/actions/jobs.ts';
import { earlierAttempts, type ListedRun, readToOf, workflowFiles } from '../github/actions/runs.ts';
import { NotFound } from '../github/errors.ts';
import type { Repo } from '../github/repo.ts';
import type { DeploymentFeed } from '../model/deployment-feed.ts';
import type { Deployment, DeploymentStatus } from '../model/facts.ts';
import { badInput, GuardError, oneLine } from '../model/guard-error.ts';
import type { DeploySource, SourceIO } from './source.ts';

/**
 * Runs of one workflow file, told as deployments: those on the base branch, and those that somebody dispatched on
 * any. The time of success is a job's completion, from GraphQL's check runs in bulk; a run's own `updated_at`
 * moves afterwards, and its `created_at` is the first attempt's.
 */

interface WorkflowOptions {
  file: string;
  /** The job whose success is the deploy; `null`: the whole run's. */
  job: string | null;
}

/** Whether any run had the job that was asked for, and a successful run to name its jobs by. */
interface JobsSeen {
  job: boolean;
  finishedRun: number | null;
}

/** Events whose runs are of a change that is not on the base branch yet, although a fork may name its branch alike. */
const BEFORE_MERGE = new Set(['pull_request', 'pull_request_target', 'merge_group']);

export const workflow = {
  kind: 'workflow',
  summary: 'runs of deploy-workflow',
  permissions: ['actions: read', 'checks: read'],
  inputs: {
    'deploy-workflow': {
      default: '',
      description: 'With deploy-source workflow: file name of the workflow that deploys, such as deploy.yml.',
    },
    'deploy-job': {
      default: '',
      description:
        'With deploy-source workflow: name of the job whose success is the deploy. The whole run by default.',
    },
  },
  parse(inputs) {
    const given = inputs['deploy-workflow'] ?? '';
    const file = given.replace(/^.*\//, '');
    if (!/^[^/\\?#%]+\.ya?ml$/i.test(file))
      throw badInput(
        'deploy-workflow',
        given,
        'the file name of the workflow that deploys, such as deploy.yml (deploy-source workflow needs it)',
      );
    return { file, job: inputs['deploy-job'] || null };
  },
  opening: () => null,
  open: (io, _unit, options) => openRuns(io, options),
  explainEmpty: async (_repo, _unit, { file }) =>
    `Input "deploy-workflow" is "${oneLine(file)}"; it has no runs on the base branch. Accepted: a workflow that has deployed at least once.`,
  deployJob: ({ job }) => job,
} satisfies DeploySource<WorkflowOptions>;

async function openRuns(
  { repo, runs, baseBranch, until, history }: SourceIO,
  { file, job }: WorkflowOptions,
): Promise<DeploymentFeed> {
  const seen: JobsSeen = { job: false, finishedRun: null };
  const streams = [
    runs.stream(file, { branch: baseBranch }),
    runs.stream(file, { event: 'workflow_dispatch' }),
  ];
  const items: Deployment[] = [];
  const known = new Set<number>();

  const feed = {
    items,
    complete: false,
    readTo: until,
    async next() {
      const open = streams.filter((stream) => !stream.complete);
      const behind = open.filter((stream) => stream.readTo >= feed.readTo);
      const found = (
        await Promise.all((behind.length > 0 ? behind : open).map((stream) => stream.next()))
      ).flat();
      const fresh = found.filter((run) => !BEFORE_MERGE.has(run.event) && !known.has(run.id));
      for (const run of fresh) {
        known.add(run.id);
        if (run.committedAt) history.noteDate(run.sha, run.committedAt);
      }
      items.push(...(await asDeployments(repo, job, fresh, seen)));
      items.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
      feed.complete = streams.every((stream) => stream.complete);
      feed.readTo = readToOf(streams);
    },
  };
  try {
    await feed.next();
  } catch (error) {
    throw error instanceof NotFound ? await noSuchWorkflow(repo, file) : error;
  }
  if (job !== null && seen.finishedRun !== null && !seen.job)
    throw await noSuchJob(repo, job, seen.finishedRun);
  return feed;
}

async function asDeployments(
  repo: Repo,
  job: string | null,
  found: readonly ListedRun[],
  seen: JobsSeen,
): Promise<Deployment[]> {
  const worthOpening = found.filter((run) =>
    job === null ? run.conclusion === 'success' : run.conclusion !== 'skipped',
  );
  const jobs = await jobsOf(repo, worthOpening, job);
  const deployments = await Promise.all(
    found.map(async (run) => {
      const own = jobs.get(run.id) ?? [];
      if (own.length > 0) seen.job = true;
      if (run.conclusion === 'success') seen.finishedRun ??= run.id;
      const statuses = job === null ? await statusesOfRun(repo, run, own) : statusesOfJob(run, own);
      return statuses && asDeployment(run, statuses);
    }),
  );
  return deployments.filter((each) => each !== null);
}

function asDeployment(run: ListedRun, statuses: DeploymentStatus[]): Deployment {
  return {
    id: run.id,
    sha: run.sha,
    commitExists: true,
    createdAt: run.createdAt,
    state: statuses.at(-1)?.state ?? 'PENDING',
    statuses,
    creator: run.actor,
    trigger: run.event,
    url: run.url,
  };
}

const status = (state: DeploymentStatus['state'], createdAt: Date, logUrl: string): DeploymentStatus => ({
  state,
  createdAt,
  logUrl,
});

/** `null`: this run was no deploy. */
async function statusesOfRun(
  repo: Repo,
  run: ListedRun,
  jobs: readonly ListedJob[],
): Promise<DeploymentStatus[] | null> {
  if (run.conclusion === 'skipped') return null;
  const statuses: DeploymentStatus[] = [];
  for (const attempt of await earlierAttempts(repo, run)) {
    if (attempt.conclusion === 'success') statuses.push(status('SUCCESS', attempt.updatedAt, run.url));
  }
  if (run.conclusion === 'success')
    statuses.push(status('SUCCESS', lastCompletion(jobs) ?? run.updatedAt, run.url));
  else if (run.isOver) statuses.push(status('FAILURE', run.updatedAt, run.url));
  else statuses.push(status('IN_PROGRESS', run.createdAt, run.url));
  return statuses;
}

function statusesOfJob(run: ListedRun, jobs: readonly ListedJob[]): DeploymentStatus[] | null {
  const statuses = jobs.flatMap((job) => {
    if (job.completedAt === null) return job.startedAt ? [status('IN_PROGRESS', job.startedAt, run.url)] : [];
    if (job.conclusion === 'success') return [status('SUCCESS', job.completedAt, run.url)];
    return job.conclusion === 'skipped' ? [] : [status('FAILURE', job.completedAt, run.url)];
  });
  if (statuses.length > 0) return statuses.sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  if (!run.isOver) return [{ state: 'QUEUED', createdAt: run.createdAt, logUrl: null }];
  const deliberate = run.conclusion === 'success' || run.conclusion === 'skipped';
  return deliberate ? null : [status('FAILURE', run.updatedAt, run.url)];
}

function lastCompletion(jobs: readonly ListedJob[]): Date | null {
  const times = jobs.map((job) => job.completedAt?.getTime() ?? 0);
  return times.length > 0 && Math.max(...times) > 0 ? new Date(Math.max(...times)) : null;
}

async function noSuchWorkflow(repo: Repo, file: string): Promise<GuardError> {
  const files = await workflowFiles(repo);
  return new GuardError(
    `Input "deploy-workflow" is "${oneLine(file)}"; the repository has no such workflow. Accepted: ${oneLine(files.join(', ')) || 'none, as it has no workflows'}.`,
  );
}

async function noSuchJob(repo: Repo, job: string, run: number): Promise<GuardError> {
  const jobs = await jobsOfRun(repo, run, null);
  const names = [...new Set(jobs.map((each) => each.name))].join(', ');
  return new GuardError(
    `Input "deploy-job" is "${oneLine(job)}"; no run has a job of that name. Accepted: the name as the run's page shows it${names && `, such as ${oneLine(names)}`}.`,
  );
}
