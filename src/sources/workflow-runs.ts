import { min } from 'date-fns';
import type { ListedJob } from '../github/actions/jobs.ts';
import { jobsOf, jobsOfRun } from '../github/actions/run-jobs.ts';
import {
  earlierAttempts,
  eventsOf,
  isAtMerge,
  type ListedRun,
  type RunStream,
  readToOf,
  workflowFileNames,
} from '../github/actions/runs.ts';
import { NotFound, recoverFrom } from '../github/errors.ts';
import { existingRefs } from '../github/history/names.ts';
import { readOnce } from '../github/once.ts';
import type { Repo } from '../github/repo.ts';
import type { DeploymentFeed, FeedContext } from '../model/deployment-feed.ts';
import type { Deployment, DeploymentStatus, Oid, PullRequest, Remark } from '../model/facts.ts';
import { GuardError, oneLine } from '../model/guard-error.ts';
import { isJobNamed } from '../model/job-name.ts';
import type { Service } from '../model/service.ts';
import { type FileJob, fileJobsNamed } from '../model/workflow-file.ts';
import { deployingJobs } from './deploying-jobs.ts';
import { counted, firstOf, noteIf } from './phrases.ts';
import type { SourceIO } from './source.ts';
import { triggeringCommits, WITH_INPUTS } from './triggering-commits.ts';
import { workflowJobs } from './workflow-jobs.ts';
import type { WorkflowOptions } from './workflow-options.ts';

/**
 * Runs of one workflow file as deployments. A success gets the time at which the last job completed, because a run's own
 * `updated_at` changes afterwards. Its `created_at` is the first attempt's.
 */

/** Filled while runs are read, for an error that names a missing job. */
interface JobsSeen {
  /** True if any run had the job of "deploy-job". */
  job: boolean;
  /** A successful run, whose jobs the error lists. */
  finishedRun: number | null;
}

/** Runs for a change that is not on the base branch yet, unless its merge started them. */
const OF_PULL_REQUESTS = /^pull_request/;
/** Events without a branch of their own, or whose branch is about to be merged into the base branch. */
const ON_ANY_BRANCH = new Set([
  'merge_group',
  'release',
  'repository_dispatch',
  'schedule',
  'workflow_dispatch',
  'workflow_run',
]);
/** Events with a list of their own if most runs are for pull requests. */
const USUAL_EVENTS = ['push', 'release', 'workflow_dispatch'];
const isOfPullRequest = ({ event }: ListedRun): boolean => OF_PULL_REQUESTS.test(event);

export async function openRuns(
  io: SourceIO,
  service: Service,
  options: WorkflowOptions,
): Promise<DeploymentFeed> {
  const { repo, once, runs, baseBranch, until, history } = io;
  const { file, job, events } = options;
  const seen: JobsSeen = { job: false, finishedRun: null };
  const reader = readerOf(io, service, options, seen);
  const triggering = triggeringCommits(io, `.github/workflows/${file}`, service.environment);
  let streams: RunStream[] = events
    ? events.map((event) => runs.stream(file, { event }))
    : [runs.stream(file, {})];
  const items: Deployment[] = [];
  const readRuns = new Set<number>();
  /** Runs that may or may not belong to the base branch. */
  let undecided: ListedRun[] = [];
  /** Runs for unmerged pull requests, by run id. */
  const ofPullRequests = new Set<number>();
  const isTag = new Map<string, boolean>();
  /** Start of the longest window that was asked about; far in the future before the first question. */
  let windowStart = new Date(8.64e15);

  const add = async (added: readonly ListedRun[], shaOf?: (run: ListedRun) => string) => {
    for (const run of added) if (run.committedAt && !shaOf) history.noteDate(run.sha, run.committedAt);
    const triggered = added.filter((run) => run.event === 'workflow_run' && run.conclusion !== 'skipped');
    const checkedOut = await triggering.commitsOf(triggered);
    const isChosen = (run: ListedRun) => WITH_INPUTS.has(run.event) && run.conclusion === 'success';
    const canChoose = added.some(isChosen) && (await triggering.canChoose());
    const chosen = new Set(canChoose ? added.filter(isChosen).map(({ id }) => id) : []);
    const withSha = added.map((run) => ({ ...run, sha: shaOf?.(run) ?? run.sha }));
    const deployments = await reader.asDeployments(withSha);
    items.push(
      ...deployments.map((deployment) => ({
        ...deployedAt(deployment, checkedOut.get(Number(deployment.id))),
        ...(chosen.has(Number(deployment.id)) ? { mayBeOlder: 'input' as const } : {}),
      })),
    );
    items.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  };

  /** The pull request whose merge started a run. */
  const mergeOf = (run: ListedRun): PullRequest | undefined =>
    isOfPullRequest(run) ? mergedWith(run, history) : undefined;

  /** Undecided runs that can be decided now: at once, or by asking whether their branch names are tags. */
  function decidable(wasOnBranch: FeedContext['wasOnBranch']) {
    const merges = undecided.filter((run) => mergeOf(run));
    const allPushes = undecided.filter((run) => run.event === 'push');
    const ofBase = allPushes.filter((run) => run.branch === null && wasOnBranch(run.sha, run.createdAt));
    const pushes = allPushes.filter((run) => run.branch !== null);
    return { merges, ofBase, pushes };
  }

  async function decide(wasOnBranch: FeedContext['wasOnBranch'] = () => false): Promise<void> {
    const { merges, ofBase, pushes } = decidable(wasOnBranch);
    const names = [...new Set(pushes.flatMap((run) => run.branch ?? []))].filter((name) => !isTag.has(name));
    if (names.length > 0) {
      const areTags = await once('names of tags', async () =>
        readOnce(async (candidates: readonly string[]) => {
          const tags = await existingRefs(repo, 'refs/tags/', candidates);
          return new Map(candidates.map((name) => [name, tags.has(name)]));
        }),
      );
      for (const [name, answer] of await areTags(names)) isTag.set(name, answer);
    }
    const decided = new Set([...pushes, ...merges, ...ofBase]);
    undecided = undecided.filter((run) => !decided.has(run));
    for (const run of undecided) if (run.event !== 'push') ofPullRequests.add(run.id);
    for (const run of merges) ofPullRequests.delete(run.id);
    await add([...pushes.filter((run) => isTag.get(run.branch ?? '')), ...ofBase]);
    await add(merges, (run) => mergeOf(run)?.mergeCommit ?? run.sha);
  }

  const feed: DeploymentFeed & { complete: boolean; readTo: Date } = {
    items,
    complete: false as boolean,
    readTo: until,
    get remarks() {
      return [...pullRequestRuns(ofPullRequests.size), ...reader.remarks(), ...triggering.remarks];
    },
    get gaps() {
      return triggering.gapsSince(windowStart);
    },
    async next() {
      const open = streams.filter((stream) => !stream.complete);
      const behind = open.filter((stream) => stream.readTo >= feed.readTo);
      const page = (
        await Promise.all((behind.length > 0 ? behind : open).map((stream) => stream.next()))
      ).flat();
      const fresh = page.filter((run) => !readRuns.has(run.id));
      for (const run of fresh) readRuns.add(run.id);
      const certain = fresh.filter((run) => isOfBase(run, baseBranch));
      undecided.push(
        ...fresh.filter((run) => !certain.includes(run) && (run.event === 'push' || isOfPullRequest(run))),
      );
      await add(certain);
      if (events === null && streams.length === 1 && !streams[0]?.complete && needsStreams(fresh, certain))
        streams = byEvent(fresh);
      feed.complete = streams.every((stream) => stream.complete);
      feed.readTo = readToOf(streams);
    },
    neededLookups({ from, wasOnBranch }: FeedContext) {
      windowStart = min([windowStart, from]);
      const { merges, ofBase, pushes } = decidable(wasOnBranch);
      return [...merges, ...ofBase, ...pushes].map((run) => `run ${run.id}`);
    },
    lookUp: ({ wasOnBranch }: FeedContext) => decide(wasOnBranch),
  };

  /** True if most runs of a page are for unmerged pull requests, so that a list for each other event takes fewer pages. */
  function needsStreams(fresh: readonly ListedRun[], certain: readonly ListedRun[]): boolean {
    const pullRequestRuns = fresh.filter(isOfPullRequest);
    return (
      pullRequestRuns.length > fresh.length / 2 &&
      certain.length > 0 &&
      !pullRequestRuns.some((run) => mergeOf(run))
    );
  }

  function byEvent(fresh: readonly ListedRun[]): RunStream[] {
    const otherEvents = fresh.filter((run) => !isOfPullRequest(run)).map((run) => run.event);
    return [...new Set([...USUAL_EVENTS, ...otherEvents])].map((event) =>
      runs.stream(file, event === 'push' ? { event, branch: baseBranch } : { event }),
    );
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

function isOfBase(run: ListedRun, baseBranch: string): boolean {
  if (isOfPullRequest(run)) return false;
  // If a run names no branch, the history decides later whether a push was to the base branch. Other events count.
  if (run.branch === null) return run.event !== 'push';
  return ON_ANY_BRANCH.has(run.event) || run.branch === baseBranch;
}

/** The pull request whose merge started a run: they have the same head, and the run began at the merge. */
function mergedWith(
  run: ListedRun,
  { commits }: Pick<SourceIO['history'], 'commits'>,
): PullRequest | undefined {
  for (const { oid, pullRequests } of commits.values()) {
    const merge = pullRequests?.find(
      ({ head, mergeCommit, mergedAt }) =>
        head === run.sha && mergeCommit === oid && isAtMerge(run, mergedAt),
    );
    if (merge) return merge;
  }
  return undefined;
}

/** Converts runs to deployments, many at once. */
function readerOf(
  io: SourceIO,
  { environment, liveWith }: Service,
  { file, job }: WorkflowOptions,
  seen: JobsSeen,
) {
  const { repo, commitRuns, asker } = io;
  let runsWithSkippedDeploy = 0;
  /** Names of jobs that deploy and failed in successful runs. */
  const failedJobs: string[] = [];

  const path = `.github/workflows/${file}`;
  /** The jobs of workflow files; none if they cannot be read, so that only their names say what they do. */
  const readFiles = (): Promise<Map<string, FileJob[]>> =>
    workflowJobs(io).catch(recoverFrom(GuardError, () => new Map()));

  /** The jobs of a run that deploy, by name with all attempts. */
  async function deployingIn(jobs: readonly ListedJob[]): Promise<Attempts[]> {
    const isDeploying = deployingJobs(await readFiles(), path, environment);
    return attemptsByName(jobs).filter(({ name }) => isDeploying(name));
  }

  /** True if a job that deploys was skipped in every attempt, so that nothing, or not everything, went live. */
  async function hasSkippedDeploy(jobs: readonly ListedJob[]): Promise<boolean> {
    if (!attemptsByName(jobs).some(isSkipped)) return false;
    return jobs.every((job) => job.conclusion === 'skipped') || (await deployingIn(jobs)).some(isSkipped);
  }

  /** The jobs that deploy, if one had failed when the run succeeded, as with `continue-on-error`; otherwise none. */
  async function deployingWithFailure(
    jobs: readonly ListedJob[],
    statuses: readonly DeploymentStatus[],
  ): Promise<Attempts[]> {
    const end = statuses.find(({ state }) => state === 'SUCCESS')?.createdAt ?? io.until;
    const failed = attemptsByName(jobs).filter((attempts) => hasFailedBy(attempts, end));
    if (failed.length === 0) return [];
    const deploying = await deployingIn(jobs);
    const names = failed.map(({ name }) => name).filter((name) => deploying.some((leg) => leg.name === name));
    for (const name of names) failedJobs.push(name);
    return names.length > 0 ? deploying : [];
  }

  /** `null`: the run is not a deployment. */
  async function statusesOf(run: ListedRun, jobs: readonly ListedJob[]): Promise<DeploymentStatus[] | null> {
    if (job !== null) return statusesOfJob(run, jobs);
    if (run.conclusion === 'success' && (await hasSkippedDeploy(jobs))) {
      runsWithSkippedDeploy += 1;
      return null;
    }
    return statusesOfRun(repo, run, jobs);
  }

  const isGuardRun = (run: ListedRun): boolean => !run.isOver && run.id === asker.runId && asker.job !== null;

  /** True if another job of the guard's own run is deploying: the job of "deploy-job", or any without that input. */
  async function isOfAnotherJob(run: ListedRun, jobs: readonly ListedJob[]): Promise<boolean> {
    const guardJob = asker.job ?? '';
    const running = (job: ListedJob) => job.completedAt === null && job.startedAt !== null;
    const others = jobs.filter((job) => running(job) && !isJobNamed(guardJob, job.name));
    if (others.length === 0) return false;
    const allJobs = job === null ? jobs : ((await jobsOf(repo, commitRuns, [run], null)).get(run.id) ?? []);
    if (allJobs.some((job) => running(job) && isJobNamed(guardJob, job.name))) return true;
    const fileJobs = (await readFiles()).get(path) ?? [];
    return others.some((job) => {
      const named = fileJobsNamed(fileJobs, job.name);
      return named.length > 0 && named.every(({ id }) => id !== guardJob);
    });
  }

  return {
    remarks: (): Remark[] => [...skippedDeploys(runsWithSkippedDeploy), ...failedDeploys(failedJobs)],
    async asDeployments(runs: readonly ListedRun[]): Promise<Deployment[]> {
      const withJobs = runs.filter((run) =>
        job === null ? run.conclusion === 'success' || isGuardRun(run) : run.conclusion !== 'skipped',
      );
      const jobsByRun = await jobsOf(repo, commitRuns, withJobs, job);
      const deployments = await Promise.all(
        runs.map(async (run) => {
          const jobs = jobsByRun.get(run.id) ?? [];
          if (jobs.length > 0) seen.job = true;
          if (run.conclusion === 'success') seen.finishedRun ??= run.id;
          const statuses = await statusesOf(run, jobs);
          if (statuses === null) return null;
          const ofAnotherJob = isGuardRun(run) && (await isOfAnotherJob(run, jobs));
          const asPart = (statusesOfPart: DeploymentStatus[]): Deployment => ({
            ...asDeployment(run, statusesOfPart),
            ...(ofAnotherJob ? { isOfAnotherJob: true } : {}),
          });
          const legs = await (job === null ? deployingWithFailure(jobs, statuses) : attemptsByName(jobs));
          const deploying = legs.filter((leg) => !isSkipped(leg));
          if (deploying.length < (job === null ? 1 : 2)) return asPart(statuses);
          const parts = deploying.map(({ name, jobs: attempts }) => ({
            job: name,
            attempts: [asPart(attempts.flatMap((attempt) => statusOfJob(run, attempt)).sort(byTime))],
          }));
          return { ...asPart(statuses), parts, liveWith: job === null ? 'last' : liveWith };
        }),
      );
      return deployments.filter((deployment) => deployment !== null);
    },
  };
}

/** The deployment of another commit than its run's. */
function deployedAt(deployment: Deployment, sha: Oid | undefined): Deployment {
  if (sha === undefined || sha === deployment.sha) return deployment;
  const { parts } = deployment;
  const attemptsAt = (attempts: readonly Deployment[]) => attempts.map((attempt) => deployedAt(attempt, sha));
  return {
    ...deployment,
    sha,
    runSha: deployment.sha,
    ...(parts ? { parts: parts.map((part) => ({ ...part, attempts: attemptsAt(part.attempts) })) } : {}),
  };
}

function asDeployment(run: ListedRun, statuses: DeploymentStatus[]): Deployment {
  const success = statuses.find(({ state }) => state === 'SUCCESS');
  const isAgain = run.attempt > 1 && success !== undefined && success.createdAt > run.attemptStartedAt;
  return {
    id: run.id,
    sha: run.sha,
    commitExists: true,
    createdAt: run.createdAt,
    state: statuses.at(-1)?.state ?? 'PENDING',
    statuses: untilSuccess(statuses),
    ...(isAgain ? { restartedAt: run.attemptStartedAt } : {}),
    creator: run.actor,
    trigger: run.event,
    url: run.url,
    ref: run.branch,
  };
}

/** A later attempt of the run that fails does not take back what an earlier one put live. */
function untilSuccess(statuses: readonly DeploymentStatus[]): DeploymentStatus[] {
  const success = statuses.findIndex(({ state }) => state === 'SUCCESS');
  return statuses.filter(({ state }, i) => success === -1 || i <= success || state !== 'FAILURE');
}

const status = (state: DeploymentStatus['state'], createdAt: Date, logUrl: string): DeploymentStatus => ({
  state,
  createdAt,
  logUrl,
});

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

const byTime = (a: DeploymentStatus, b: DeploymentStatus): number =>
  a.createdAt.getTime() - b.createdAt.getTime();

function statusOfJob(run: ListedRun, job: ListedJob): DeploymentStatus[] {
  if (job.completedAt === null) return job.startedAt ? [status('IN_PROGRESS', job.startedAt, run.url)] : [];
  if (job.conclusion === 'success') return [status('SUCCESS', job.completedAt, run.url)];
  return job.conclusion === 'skipped' ? [] : [status('FAILURE', job.completedAt, run.url)];
}

/** The jobs of a run with one name, one for each attempt. */
interface Attempts {
  name: string;
  jobs: ListedJob[];
}

function attemptsByName(jobs: readonly ListedJob[]): Attempts[] {
  const byName = new Map<string, ListedJob[]>();
  for (const job of jobs) byName.set(job.name, [...(byName.get(job.name) ?? []), job]);
  return [...byName].map(([name, attempts]) => ({ name, jobs: attempts }));
}

const isSkipped = ({ jobs }: Attempts): boolean => jobs.every((job) => job.conclusion === 'skipped');

/** True if an attempt had failed by `end`, and none had succeeded. */
function hasFailedBy({ jobs }: Attempts, end: Date): boolean {
  const ended = jobs.filter((job) => job.completedAt !== null && job.completedAt <= end);
  return (
    ended.some(({ conclusion }) => conclusion !== 'success' && conclusion !== 'skipped') &&
    !ended.some(({ conclusion }) => conclusion === 'success')
  );
}

function statusesOfJob(run: ListedRun, jobs: readonly ListedJob[]): DeploymentStatus[] | null {
  const statuses = jobs.flatMap((job) => statusOfJob(run, job));
  if (statuses.length > 0) return statuses.sort(byTime);
  if (!run.isOver) return [{ state: 'QUEUED', createdAt: run.createdAt, logUrl: null }];
  const deliberate = run.conclusion === 'success' || run.conclusion === 'skipped';
  return deliberate ? null : [status('FAILURE', run.updatedAt, run.url)];
}

function lastCompletion(jobs: readonly ListedJob[]): Date | null {
  const times = jobs.map((job) => job.completedAt?.getTime() ?? 0);
  return times.length > 0 && Math.max(...times) > 0 ? new Date(Math.max(...times)) : null;
}

function pullRequestRuns(count: number): Remark[] {
  return noteIf(count > 0, {
    what: `Skipped ${counted(count, 'pull request run')} that no merge started.`,
    consequence: 'Before the merge, a run does not deploy the base branch.',
  });
}

function skippedDeploys(count: number): Remark[] {
  return noteIf(count > 0, {
    what: `Skipped ${counted(count, 'successful run')} whose deploy job was skipped.`,
    consequence: 'If another job deploys, name it with "deploy-job".',
  });
}

function failedDeploys(jobs: readonly string[]): Remark[] {
  return noteIf(jobs.length > 0, {
    what: `A deploy job failed in ${counted(jobs.length, 'successful run')} (${firstOf([...new Set(jobs)], 5)}).`,
    consequence:
      'The job has "continue-on-error", so GitHub shows a success. Its changes are live when a retry or a later run succeeds. If another job deploys, name it with "deploy-job".',
  });
}

async function noSuchWorkflow(repo: Repo, file: string): Promise<GuardError> {
  const files = await workflowFileNames(repo);
  return new GuardError(
    `Input "deploy-workflow" is "${oneLine(file)}"; the repository has no such workflow. Accepted: ${oneLine(files.join(', ')) || 'none, because the repository has no workflows'}.`,
  );
}

async function noSuchJob(repo: Repo, job: string, run: number): Promise<GuardError> {
  const jobs = await jobsOfRun(repo, run);
  const names = [...new Set(jobs.map((job) => job.name))].join(', ');
  return new GuardError(
    `Input "deploy-job" is "${oneLine(job)}"; no run has a job with that name. Accepted: the name on the run's page${names && `, such as ${oneLine(names)}`}.`,
  );
}

/** Why no run counts as a deployment, and what would be accepted. */
export async function explainNoRuns(
  { repo, baseBranch }: Pick<SourceIO, 'repo' | 'baseBranch'>,
  { file, events }: WorkflowOptions,
): Promise<string> {
  const counts = await eventsOf(repo, file);
  const newest = counts.map(({ event, count }) => `${event} (${count})`).join(', ');
  const filter = events ? ` for ${events.join(' or ')} (input "deploy-event")` : '';
  const why =
    counts.length === 0
      ? 'it has no runs'
      : `none of its runs on the base branch${filter} counts as a deployment. Its newest runs were started by ${newest}`;
  return `Input "deploy-workflow" is "${oneLine(file)}"; ${why}. Accepted: a workflow that has deployed ${oneLine(baseBranch, 60)} at least once. Pull request runs count only if the merge started them.`;
}
