import { max } from 'date-fns';
import { GuardError, oneLine } from '../model/guard-error.ts';
import type { Deployment, DeploymentStatus } from '../model/facts.ts';
import { listIn } from '../github/answers.ts';
import type { GitHub } from '../github/client.ts';
import type { DeploymentList } from './deployments.ts';
import { NotFound } from '../github/errors.ts';
import { inGroups, PAGE } from '../github/paging.ts';
import type { Place } from '../github/history/history.ts';
import { CHECK_RUNS, type CheckRunNode, type CheckRunsAnswer } from '../github/queries.ts';

/** GitHub gives no more than this many runs of a filtered list, however far it is paged. */
const LIST_CAP = 1000;

export interface WorkflowSource {
  file: string;
  /** The job whose success is the deploy; `null`: the whole run's. */
  job: string | null;
}

interface Run {
  id: number;
  head_sha: string;
  head_commit: { timestamp: string } | null;
  event: string;
  status: string | null;
  conclusion: string | null;
  run_attempt?: number;
  created_at: string;
  updated_at: string;
  html_url: string;
  check_suite_node_id?: string;
  actor: { login: string; type: string } | null;
}

interface Job {
  name: string;
  /** Lower case, as REST says it; `null` while it is not over. */
  conclusion: string | null;
  startedAt: Date | null;
  completedAt: Date | null;
}

/** Whether any run had the job that was asked for, and a successful run to name its jobs by. */
interface Seen {
  job: boolean;
  finishedRun: number | null;
}

/** Events whose runs are of a change that is not on the base branch yet, although a fork may name its branch alike. */
const BEFORE_MERGE = new Set(['pull_request', 'pull_request_target', 'merge_group']);

/**
 * Runs of one workflow file, told as deployments: those on the base branch, and those that somebody dispatched on
 * any. The time of success is a job's completion, from GraphQL's check runs in bulk; a run's own `updated_at`
 * moves afterwards, and its `created_at` is the first attempt's.
 */
export async function workflowRunsOf(
  github: GitHub,
  place: Place,
  source: WorkflowSource,
  baseBranch: string,
  until: Date,
  onCommit: (sha: string, date: Date) => void,
): Promise<DeploymentList> {
  const seen: Seen = { job: false, finishedRun: null };
  const streams = [
    runs(github, place, source.file, { branch: baseBranch }, until),
    runs(github, place, source.file, { event: 'workflow_dispatch' }, until),
  ];
  const items: Deployment[] = [];
  const known = new Set<number>();

  const list: DeploymentList & { complete: boolean; readTo: Date } = {
    items,
    complete: false,
    readTo: until,
    async next() {
      const open = streams.filter((stream) => !stream.complete);
      const behind = open.filter((stream) => stream.readTo >= list.readTo);
      const found = (
        await Promise.all((behind.length > 0 ? behind : open).map((stream) => stream.next()))
      ).flat();
      const fresh = found.filter((run) => !BEFORE_MERGE.has(run.event) && !known.has(run.id));
      for (const run of fresh) {
        known.add(run.id);
        if (run.head_commit) onCommit(run.head_sha, new Date(run.head_commit.timestamp));
      }
      items.push(...(await asDeployments(github, place, source.job, fresh, seen)));
      items.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
      const still = streams.filter((stream) => !stream.complete);
      list.complete = still.length === 0;
      list.readTo = max([new Date(0), ...still.map((each) => each.readTo)]);
    },
  };
  try {
    await list.next();
  } catch (error) {
    throw error instanceof NotFound ? await noSuchWorkflow(github, place, source.file) : error;
  }
  if (source.job !== null && seen.finishedRun !== null && !seen.job)
    throw await noSuchJob(github, place, source.job, seen.finishedRun);
  return list;
}

/** One filtered list of runs, newest first; sliced by date where GitHub's cap is met. */
function runs(
  github: GitHub,
  place: Place,
  file: string,
  filter: Record<string, string>,
  until: Date,
): { complete: boolean; readTo: Date; next(): Promise<Run[]> } {
  let page = 1;
  let created = `*..${until.toISOString()}`;
  const stream = {
    complete: false,
    readTo: until,
    async next(): Promise<Run[]> {
      const answer = await github.get<{ total_count: number; workflow_runs: Run[] }>(
        `/repos/${place.owner}/${place.name}/actions/workflows/${encodeURIComponent(file)}/runs`,
        { ...filter, created, per_page: PAGE, page },
      );
      const found = listIn<Run>(answer, 'workflow_runs');
      const oldest = found.at(-1);
      stream.complete = found.length < PAGE;
      if (oldest) {
        const readTo = new Date(oldest.created_at);
        // A whole list of runs of one second cannot be sliced further; nothing older would ever come.
        if (page * PAGE >= LIST_CAP) {
          const next = `*..${readTo.toISOString()}`;
          if (next === created) stream.complete = true;
          created = next;
          page = 1;
        } else page += 1;
        stream.readTo = readTo;
      }
      return found;
    },
  };
  return stream;
}

async function asDeployments(
  github: GitHub,
  place: Place,
  job: string | null,
  found: readonly Run[],
  seen: Seen,
): Promise<Deployment[]> {
  const worthOpening = found.filter((run) =>
    job === null ? run.conclusion === 'success' : run.conclusion !== 'skipped',
  );
  const jobs = await jobsOf(github, place, worthOpening, job);
  const deployments = await Promise.all(
    found.map(async (run) => {
      const own = jobs.get(run.id) ?? [];
      if (own.length > 0) seen.job = true;
      if (run.conclusion === 'success') seen.finishedRun ??= run.id;
      const statuses = job === null ? await statusesOfRun(github, place, run, own) : statusesOfJob(run, own);
      return statuses && asDeployment(run, statuses);
    }),
  );
  return deployments.filter((each) => each !== null);
}

function asDeployment(run: Run, statuses: DeploymentStatus[]): Deployment {
  return {
    id: run.id,
    sha: run.head_sha,
    commitExists: true,
    createdAt: new Date(run.created_at),
    state: statuses.at(-1)?.state ?? 'PENDING',
    statuses,
    creator: run.actor && { login: run.actor.login, isBot: run.actor.type === 'Bot' },
    trigger: run.event,
    url: run.html_url,
  };
}

const status = (state: DeploymentStatus['state'], createdAt: Date, logUrl: string): DeploymentStatus => ({
  state,
  createdAt,
  logUrl,
});

/** `null`: this run was no deploy. */
async function statusesOfRun(
  github: GitHub,
  place: Place,
  run: Run,
  jobs: readonly Job[],
): Promise<DeploymentStatus[] | null> {
  if (run.conclusion === 'skipped') return null;
  const statuses: DeploymentStatus[] = [];
  for (const attempt of await earlierAttempts(github, place, run)) {
    if (attempt.conclusion === 'success')
      statuses.push(status('SUCCESS', new Date(attempt.updated_at), run.html_url));
  }
  if (run.conclusion === 'success')
    statuses.push(status('SUCCESS', lastCompletion(jobs) ?? new Date(run.updated_at), run.html_url));
  else if (run.status === 'completed')
    statuses.push(status('FAILURE', new Date(run.updated_at), run.html_url));
  else statuses.push(status('IN_PROGRESS', new Date(run.created_at), run.html_url));
  return statuses;
}

function statusesOfJob(run: Run, jobs: readonly Job[]): DeploymentStatus[] | null {
  const statuses = jobs.flatMap((job) => {
    if (job.completedAt === null)
      return job.startedAt ? [status('IN_PROGRESS', job.startedAt, run.html_url)] : [];
    if (job.conclusion === 'success') return [status('SUCCESS', job.completedAt, run.html_url)];
    return job.conclusion === 'skipped' ? [] : [status('FAILURE', job.completedAt, run.html_url)];
  });
  if (statuses.length > 0) return statuses.sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  if (run.status !== 'completed')
    return [{ state: 'QUEUED', createdAt: new Date(run.created_at), logUrl: null }];
  const deliberate = run.conclusion === 'success' || run.conclusion === 'skipped';
  return deliberate ? null : [status('FAILURE', new Date(run.updated_at), run.html_url)];
}

function lastCompletion(jobs: readonly Job[]): Date | null {
  const times = jobs.map((job) => job.completedAt?.getTime() ?? 0);
  return times.length > 0 && Math.max(...times) > 0 ? new Date(Math.max(...times)) : null;
}

/** A run that was made again may have succeeded the first time. */
async function earlierAttempts(github: GitHub, place: Place, run: Run): Promise<Run[]> {
  const numbers = Array.from({ length: (run.run_attempt ?? 1) - 1 }, (_, i) => i + 1);
  return Promise.all(
    numbers.map((number) =>
      github.get<Run>(`/repos/${place.owner}/${place.name}/actions/runs/${run.id}/attempts/${number}`, {}),
    ),
  );
}

/** The jobs of runs: all, or those of one name. In bulk; run by run only where the bulk has nothing. */
async function jobsOf(
  github: GitHub,
  place: Place,
  found: readonly Run[],
  name: string | null,
): Promise<Map<number, Job[]>> {
  const jobs = new Map<number, Job[]>();
  const bySuite = new Map<string, Run>();
  for (const run of found) if (run.check_suite_node_id) bySuite.set(run.check_suite_node_id, run);
  await inGroups([...bySuite.keys()], PAGE, async (ids) => {
    const answer = await github.graphql<CheckRunsAnswer>(CHECK_RUNS, { ids, job: name });
    for (const node of answer.nodes) {
      const run = node && bySuite.get(node.id);
      if (!run || !node.checkRuns || node.checkRuns.pageInfo.hasNextPage) continue;
      jobs.set(run.id, (node.checkRuns.nodes ?? []).filter((each) => each !== null).map(jobOfCheckRun));
    }
  });
  await Promise.all(
    found
      .filter((run) => !jobs.has(run.id))
      .map(async (run) => jobs.set(run.id, await jobsOfRun(github, place, run.id, name))),
  );
  return jobs;
}

const jobOfCheckRun = (node: CheckRunNode): Job => ({
  name: node.name,
  conclusion: node.conclusion?.toLowerCase() ?? null,
  startedAt: node.startedAt ? new Date(node.startedAt) : null,
  completedAt: node.completedAt ? new Date(node.completedAt) : null,
});

interface RestJob {
  name: string;
  conclusion: string | null;
  started_at: string | null;
  completed_at: string | null;
}

async function jobsOfRun(github: GitHub, place: Place, id: number, name: string | null): Promise<Job[]> {
  const jobs: RestJob[] = [];
  for (let page = 1; ; page++) {
    const answer = await github.get<{ jobs: RestJob[] }>(
      `/repos/${place.owner}/${place.name}/actions/runs/${id}/jobs`,
      { filter: 'all', per_page: PAGE, page },
    );
    const found = listIn<RestJob>(answer, 'jobs');
    jobs.push(...found);
    if (found.length < PAGE) break;
  }
  return jobs
    .filter((job) => name === null || job.name === name)
    .map((job) => ({
      name: job.name,
      conclusion: job.conclusion,
      startedAt: job.started_at ? new Date(job.started_at) : null,
      completedAt: job.completed_at ? new Date(job.completed_at) : null,
    }));
}

async function noSuchWorkflow(github: GitHub, place: Place, file: string): Promise<GuardError> {
  const answer = await github.get<{ workflows: { path: string }[] }>(
    `/repos/${place.owner}/${place.name}/actions/workflows`,
    { per_page: PAGE },
  );
  const files = listIn<{ path: string }>(answer, 'workflows').map((each) => each.path.replace(/^.*\//, ''));
  return new GuardError(
    `Input "deploy-workflow" is "${oneLine(file)}"; the repository has no such workflow. Accepted: ${oneLine(files.join(', ')) || 'none, as it has no workflows'}.`,
  );
}

async function noSuchJob(github: GitHub, place: Place, job: string, run: number): Promise<GuardError> {
  const jobs = await jobsOfRun(github, place, run, null);
  const names = [...new Set(jobs.map((each) => each.name))].join(', ');
  return new GuardError(
    `Input "deploy-job" is "${oneLine(job)}"; no run has a job of that name. Accepted: the name as the run's page shows it${names && `, such as ${oneLine(names)}`}.`,
  );
}
