import type { ListedJob } from '../github/actions/jobs.ts';
import { jobsOf, jobsOfRun } from '../github/actions/run-jobs.ts';
import {
  earlierAttempts,
  eventsOf,
  type ListedRun,
  type RunStream,
  readToOf,
  workflowFiles,
} from '../github/actions/runs.ts';
import { NotFound } from '../github/errors.ts';
import { tagsAmong } from '../github/history/named.ts';
import { readOnce } from '../github/once.ts';
import type { Repo } from '../github/repo.ts';
import type { DeploymentFeed, FeedQuestion } from '../model/deployment-feed.ts';
import type { Deployment, DeploymentStatus, PullRequest, Remark } from '../model/facts.ts';
import { GuardError, oneLine } from '../model/guard-error.ts';
import type { Service } from '../model/service.ts';
import { type FileJob, jobNamed } from '../model/workflow-file.ts';
import { isJobNamed } from './job-inputs.ts';
import { jobsInFileAt } from './workflow-jobs.ts';
import type { SourceIO } from './source.ts';
import type { WorkflowOptions } from './workflow-options.ts';

/**
 * Runs of one workflow file, told as deployments. The time of success is a job's completion, from GraphQL's check runs in
 * bulk; a run's own `updated_at` moves afterwards, and its `created_at` is the first attempt's.
 */

/** Whether any run had the job that was asked for, and a successful run to name its jobs by. */
interface JobsSeen {
  job: boolean;
  finishedRun: number | null;
}

/** Runs of a pull request are of a change that is not on the base branch yet, unless they are of its merge. */
const OF_PULL_REQUESTS = /^pull_request/;
/** Events that have no branch of their own, or whose branch is on its way into the base branch. */
const ON_ANY_BRANCH = new Set([
  'merge_group',
  'release',
  'repository_dispatch',
  'schedule',
  'workflow_dispatch',
  'workflow_run',
]);
/** Asked for each on its own where most runs are of pull requests. */
const OFTEN = ['push', 'release', 'workflow_dispatch'];
/** The run of a merge begins within so many milliseconds of it. */
const AT_THE_MERGE = { before: 10_000, after: 600_000 };
/** A job that deploys, by its name, where the workflow's file does not say it. */
const DEPLOYS = /deploy|release|publish|promote|roll-?out|\bship\b/i;
const DEPLOYS_ELSEWHERE = /preview|review|storybook|\bdocs?\b/i;

export async function openRuns(
  io: SourceIO,
  service: Service,
  options: WorkflowOptions,
): Promise<DeploymentFeed> {
  const { repo, once, runs, baseBranch, until, history } = io;
  const { file, job, events } = options;
  const seen: JobsSeen = { job: false, finishedRun: null };
  const reader = readerOf(io, service, options, seen);
  let streams: RunStream[] = events
    ? events.map((event) => runs.stream(file, { event }))
    : [runs.stream(file, {})];
  const items: Deployment[] = [];
  const known = new Set<number>();
  /** Runs of which it is not known yet whether they are of the base branch. */
  let undecided: ListedRun[] = [];
  /** Runs of pull requests, by number, that are of no merge. */
  const ofPulls = new Set<number>();
  const tags = new Map<string, boolean>();

  const add = async (found: readonly ListedRun[], sha?: (run: ListedRun) => string) => {
    for (const run of found) if (run.committedAt && !sha) history.noteDate(run.sha, run.committedAt);
    items.push(...(await reader.asDeployments(found.map((run) => ({ ...run, sha: sha?.(run) ?? run.sha })))));
    items.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  };

  /** The merge that a run of a pull request is of. */
  const mergeOf = (run: ListedRun): PullRequest | undefined =>
    OF_PULL_REQUESTS.test(run.event) ? mergedWith(run, history) : undefined;

  /** What can be said now of the runs that are undecided, and what has to be asked for the rest. */
  function decidable(wasOnBranch: FeedQuestion['wasOnBranch']) {
    const merges = undecided.filter((run) => mergeOf(run));
    const branchless = undecided.filter((run) => run.event === 'push' && run.branch === null);
    const ofBase = branchless.filter((run) => wasOnBranch(run.sha, run.createdAt));
    const pushes = undecided.filter((run) => run.event === 'push' && run.branch !== null);
    const names = [...new Set(pushes.flatMap((run) => run.branch ?? []))].filter((each) => !tags.has(each));
    return { merges, ofBase, pushes, names };
  }

  async function decide(wasOnBranch: FeedQuestion['wasOnBranch'] = () => false): Promise<void> {
    const { merges, ofBase, pushes, names } = decidable(wasOnBranch);
    if (names.length > 0) {
      const areTags = await once('names of tags', async () =>
        readOnce(async (all: readonly string[]) => {
          const found = await tagsAmong(repo, all);
          return new Map(all.map((each) => [each, found.has(each)]));
        }),
      );
      for (const [name, isTag] of await areTags(names)) tags.set(name, isTag);
    }
    const tagged = pushes.filter((run) => tags.get(run.branch ?? ''));
    undecided = undecided.filter(
      (run) => !pushes.includes(run) && !merges.includes(run) && !ofBase.includes(run),
    );
    for (const run of undecided) if (run.event !== 'push') ofPulls.add(run.id);
    for (const run of merges) ofPulls.delete(run.id);
    await add([...tagged, ...ofBase]);
    await add(merges, (run) => mergeOf(run)?.mergeCommit ?? run.sha);
  }

  const feed = {
    items,
    complete: false,
    readTo: until,
    get remarks() {
      return [...pullRequestRuns(ofPulls.size), ...reader.remarks()];
    },
    async next() {
      const open = streams.filter((stream) => !stream.complete);
      const behind = open.filter((stream) => stream.readTo >= feed.readTo);
      const found = (
        await Promise.all((behind.length > 0 ? behind : open).map((stream) => stream.next()))
      ).flat();
      const fresh = found.filter((run) => !known.has(run.id));
      for (const run of fresh) known.add(run.id);
      const certain = fresh.filter((run) => isOfBase(run, baseBranch));
      undecided.push(
        ...fresh.filter(
          (run) => !certain.includes(run) && (run.event === 'push' || OF_PULL_REQUESTS.test(run.event)),
        ),
      );
      await add(certain);
      if (
        events === null &&
        streams.length === 1 &&
        !streams[0]?.complete &&
        isMostlyElsewhere(fresh, certain)
      )
        streams = byEvent(fresh);
      feed.complete = streams.every((stream) => stream.complete);
      feed.readTo = readToOf(streams);
    },
    unknown({ wasOnBranch }: FeedQuestion) {
      const { merges, ofBase, pushes } = decidable(wasOnBranch);
      return [...merges, ...ofBase, ...pushes].map((run) => `run ${run.id}`);
    },
    vet: ({ wasOnBranch }: FeedQuestion) => decide(wasOnBranch),
  };

  /** Most of the list is of pull requests, none of them of a merge: each other event has a list of its own. */
  function isMostlyElsewhere(fresh: readonly ListedRun[], certain: readonly ListedRun[]): boolean {
    const ofPullRequests = fresh.filter((run) => OF_PULL_REQUESTS.test(run.event));
    return (
      ofPullRequests.length > fresh.length / 2 &&
      certain.length > 0 &&
      !ofPullRequests.some((run) => mergeOf(run))
    );
  }

  function byEvent(fresh: readonly ListedRun[]): RunStream[] {
    const kinds = new Set([...OFTEN, ...fresh.map((run) => run.event)]);
    return [...kinds]
      .filter((event) => !OF_PULL_REQUESTS.test(event))
      .map((event) => runs.stream(file, event === 'push' ? { event, branch: baseBranch } : { event }));
  }

  try {
    await feed.next();
  } catch (error) {
    throw error instanceof NotFound ? await noSuchWorkflow(repo, file) : error;
  }
  await decide();
  if (job !== null && seen.finishedRun !== null && !seen.job)
    throw await noSuchJob(repo, job, seen.finishedRun);
  return feed;
}

function isOfBase({ event, branch }: ListedRun, baseBranch: string): boolean {
  if (OF_PULL_REQUESTS.test(event)) return false;
  // Of a run that says no branch the commit tells whether it was a push to the base branch; any other event is not of one.
  if (branch === null) return event !== 'push';
  return ON_ANY_BRANCH.has(event) || branch === baseBranch;
}

/** The pull request whose merge began a run: its head is the run's, and it was merged at that moment. */
function mergedWith(
  run: ListedRun,
  { commits }: Pick<SourceIO['history'], 'commits'>,
): PullRequest | undefined {
  for (const commit of commits.values())
    for (const pullRequest of commit.pullRequests ?? []) {
      const late = run.createdAt.getTime() - pullRequest.mergedAt.getTime();
      const isThen = late >= -AT_THE_MERGE.before && late <= AT_THE_MERGE.after;
      if (pullRequest.head === run.sha && pullRequest.mergeCommit === commit.oid && isThen)
        return pullRequest;
    }
  return undefined;
}

/** Tells runs as deployments, in bulk. */
function readerOf(io: SourceIO, { environment }: Service, { file, job }: WorkflowOptions, seen: JobsSeen) {
  const { repo, commitRuns, asker } = io;
  let idle = 0;

  /** The jobs of the workflow's file, read once; none where it cannot be read: then a job's name says what it does. */
  function readFile(): Promise<FileJob[]> {
    const path = `.github/workflows/${file}`;
    return jobsInFileAt(io, path).catch((error: unknown) => {
      if (error instanceof GuardError) return [];
      throw error;
    });
  }

  /** Whether a job that deploys was skipped, in every attempt: then the run put nothing live, or not all of it. */
  async function skippedDeploy(jobs: readonly ListedJob[]): Promise<boolean> {
    const ran = new Set(jobs.filter((job) => job.conclusion !== 'skipped').map((job) => job.name));
    const skipped = jobs.filter((job) => !ran.has(job.name));
    if (skipped.length === 0) return false;
    if (ran.size === 0) return true;
    const told = await readFile();
    const withEnvironment = told.filter((job) => job.environment !== null);
    const ofThis = withEnvironment.filter(
      (job) => job.environment?.toLowerCase() === environment.toLowerCase(),
    );
    const deploying = ofThis.length > 0 ? ofThis : withEnvironment;
    return skipped.some(({ name }) => {
      const inFile = jobNamed(told, name);
      return deploying.length > 0 && inFile
        ? deploying.includes(inFile)
        : DEPLOYS.test(name) && !DEPLOYS_ELSEWHERE.test(name);
    });
  }

  async function statusesOf(run: ListedRun, jobs: readonly ListedJob[]): Promise<DeploymentStatus[] | null> {
    if (job !== null) return statusesOfJob(run, jobs);
    if (run.conclusion === 'success' && (await skippedDeploy(jobs))) {
      idle += 1;
      return null;
    }
    return statusesOfRun(repo, run, jobs);
  }

  /** Whether it is the run that asks, from a job that is known. */
  const isOwn = (run: ListedRun): boolean => !run.isOver && run.id === asker.runId && asker.job !== null;

  /**
   * Whether the deploy of the run that asks is going on in another job than the one that asks: the job that deploys, or,
   * of a whole run, any.
   */
  async function isAnothers(run: ListedRun, jobs: readonly ListedJob[]): Promise<boolean> {
    const own = asker.job ?? '';
    const running = (job: ListedJob) => job.completedAt === null && job.startedAt !== null;
    const others = jobs.filter((job) => running(job) && !isJobNamed(own, job.name));
    if (others.length === 0) return false;
    const all = job === null ? jobs : ((await jobsOf(repo, commitRuns, [run], null)).get(run.id) ?? []);
    if (all.some((job) => running(job) && isJobNamed(own, job.name))) return true;
    const told = await readFile();
    return others.some((job) => {
      const inFile = jobNamed(told, job.name);
      return inFile !== undefined && inFile.id !== own;
    });
  }

  return {
    remarks: (): Remark[] => skippedRuns(idle),
    async asDeployments(found: readonly ListedRun[]): Promise<Deployment[]> {
      const worthOpening = found.filter((run) =>
        job === null ? run.conclusion === 'success' || isOwn(run) : run.conclusion !== 'skipped',
      );
      const jobs = await jobsOf(repo, commitRuns, worthOpening, job);
      const deployments = await Promise.all(
        found.map(async (run) => {
          const own = jobs.get(run.id) ?? [];
          if (own.length > 0) seen.job = true;
          if (run.conclusion === 'success') seen.finishedRun ??= run.id;
          const statuses = await statusesOf(run, own);
          if (statuses === null) return null;
          const isOfAnotherJob = isOwn(run) && (await isAnothers(run, own));
          return { ...asDeployment(run, statuses), ...(isOfAnotherJob ? { isOfAnotherJob } : {}) };
        }),
      );
      return deployments.filter((deployment) => deployment !== null);
    },
  };
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
    ref: run.branch,
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

function pullRequestRuns(count: number): Remark[] {
  if (count === 0) return [];
  return [
    {
      what: `${count} ${count === 1 ? 'run of the workflow was' : 'runs of the workflow were'} of pull requests and of no merge: not a deploy.`,
      consequence: count === 1 ? 'It ships nothing.' : 'They ship nothing.',
    },
  ];
}

function skippedRuns(count: number): Remark[] {
  if (count === 0) return [];
  return [
    {
      what: `${count} successful ${count === 1 ? 'run' : 'runs'} of the workflow skipped a job that deploys: not a deploy.`,
      consequence:
        '"deploy-job" names the job whose success is the deploy, where another one than that was skipped.',
    },
  ];
}

async function noSuchWorkflow(repo: Repo, file: string): Promise<GuardError> {
  const files = await workflowFiles(repo);
  return new GuardError(
    `Input "deploy-workflow" is "${oneLine(file)}"; the repository has no such workflow. Accepted: ${oneLine(files.join(', ')) || 'none, as it has no workflows'}.`,
  );
}

async function noSuchJob(repo: Repo, job: string, run: number): Promise<GuardError> {
  const jobs = await jobsOfRun(repo, run);
  const names = [...new Set(jobs.map((job) => job.name))].join(', ');
  return new GuardError(
    `Input "deploy-job" is "${oneLine(job)}"; no run has a job of that name. Accepted: the name as the run's page shows it${names && `, such as ${oneLine(names)}`}.`,
  );
}

/** Why there is no run that is a deploy, and what would be accepted. */
export async function explainNoRuns(
  { repo, baseBranch }: Pick<SourceIO, 'repo' | 'baseBranch'>,
  { file, events }: WorkflowOptions,
): Promise<string> {
  const had = await eventsOf(repo, file);
  const told = had.map(({ event, count }) => `${event} (${count})`).join(', ');
  const why =
    had.length === 0
      ? 'it has no runs'
      : `it has no runs on the base branch that are a deploy${events ? ` and of ${events.join(' or ')}, as input "deploy-event" is` : ''}; its newest runs were of ${told}`;
  return `Input "deploy-workflow" is "${oneLine(file)}"; ${why}. Accepted: a workflow that has deployed ${oneLine(baseBranch, 60)} at least once; runs of pull requests count only where they are of a merge.`;
}
