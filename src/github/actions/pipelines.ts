import { min } from 'date-fns';
import type { Deployment, Gap } from '../../model/facts.ts';
import { GuardError } from '../../model/guard-error.ts';
import {
  type EarlierRun,
  type EvictedRun,
  type FileChange,
  holdsOf,
  type Job,
  NO_PIPELINES,
  type Pipeline,
  type Pipelines,
  type Run,
  runOf,
} from '../../model/pipeline.ts';
import { jobsNamed } from '../../model/job-name.ts';
import { finalOutcome, outcomeOf } from '../../model/outcome.ts';
import { calledBy, type FileJob } from '../../model/workflow-file.ts';
import { recoverFrom } from '../errors.ts';
import type { Repo } from '../repo.ts';
import { filesOf } from './workflow-files.ts';
import { jobCreations, jobsByAttempt } from './run-jobs.ts';
import { approverOf, type ListedRun, type RunLists } from './runs.ts';
import {
  type CommitRuns,
  MAX_SUITES,
  pushRunsOf,
  type RunsOfCommits,
  runsOfCommits,
  type Suite,
} from './suites.ts';

/**
 * Reads the workflow runs, jobs and steps that made deployments. GraphQL reads them in bulk. REST adds what GraphQL lacks:
 * the attempts of runs, and, for the runs with the longest waits, when a job could have started.
 */

/** Readers that share their results with the rest of the run. */
export interface PipelineReaders {
  repo: Repo;
  lists: RunLists;
  commitRuns: CommitRuns;
}

export interface PipelinesRequest {
  from: Date;
  to: Date;
  baseBranch: string;
  /** The name of the job that deploys, if an input sets it. */
  deployJob: string | null;
}

/** Runs to read over REST, for an approval or for the times at which jobs could have started. */
const MAX_REST_RUNS = 2;
/** Runs that were repeated after they had deployed and whose earlier attempts are read. */
const MAX_REPEATED_RUNS = 5;
/** Runs of the previous period that are read for comparison. */
const MAX_EARLIER_RUNS = 20;
/** Shortest wait that is worth a request, in milliseconds. */
const MIN_WAIT = 30_000;
/** Longest time between the end of an evicted run and the creation of the run that replaced it, in milliseconds. */
const EVICTION_TOLERANCE = 15_000;

/** Reads how deployments were made. Data that GitHub does not return becomes a gap, and the stages stay coarse. */
export async function collectPipelines(
  { repo, lists, commitRuns }: PipelineReaders,
  deployments: readonly Deployment[],
  request: PipelinesRequest,
): Promise<Pipelines> {
  const deployed = deployments.filter((deployment) => runOf(deployment) !== null);
  const byDeployment = new Map<Deployment['id'], Pipeline>();
  const gaps: Gap[] = [];
  const checks = await checksOf(commitRuns, deployments);
  const pipelines: Pipelines = { ...NO_PIPELINES, byDeployment, checks, gaps };
  if (deployed.length === 0) return pipelines;
  // The previous period is as long as the window.
  const since = new Date(2 * request.from.getTime() - request.to.getTime());
  const note = (what: string) =>
    gaps.push({
      what,
      consequence:
        'Stages and suspects use only what was read. A run that is not listed counts as a first attempt.',
      verdictAtRisk: false,
    });
  try {
    const requested = await withSuites(commitRuns, deployed);
    const workflows = new Map(
      requested.flatMap(({ suite }) => (suite?.file ? [[suite.file, suite.workflow] as const] : [])),
    );
    const paths = [...workflows.keys()];
    const workflowRuns = await Promise.all(paths.map((path) => lists.since(fileName(path), since)));
    const sample = paths.flatMap((path, i) => sampleBefore(workflowRuns[i]?.runs ?? [], request.from, path));
    // Started in the same turn, so that their queries share requests.
    const [files, current, previous] = await Promise.all([
      jobsInFiles(repo, request.baseBranch, paths, since),
      runsOfCommits(commitRuns, requested),
      runsOfCommits(
        commitRuns,
        sample.map(({ run, path }) => ({
          sha: run.sha,
          run: run.id,
          suite: suiteOf(run, path, workflows.get(path) ?? ''),
        })),
      ),
    ]);
    if (current.isTruncated)
      note(
        `Some commits have more workflows, jobs or steps than the guard reads (${MAX_SUITES}, 30 and 50).`,
      );
    const runs = deployed.map((deployment) => runOfDeployment(deployment, current));
    for (const gap of missingRuns(runs, current)) note(gap);
    if (workflowRuns.some(({ cut }) => cut))
      note(
        'The deploying workflow has more runs in the window and the previous period than the guard reads (300).',
      );
    if (files.missing.length > 0)
      note(`${files.missing.join(', ')} could not be read on ${request.baseBranch}.`);
    pipelines.files = files.jobs;
    pipelines.fileChanges = files.changes;
    const listedRuns = workflowRuns.flatMap(({ runs }) => runs);
    const byId = new Map(listedRuns.map((run) => [run.id, run]));
    deployed.forEach((deployment, i) => {
      const run = runs[i];
      if (run) byDeployment.set(deployment.id, pipelineOf(deployment, run, current, byId, request.deployJob));
    });
    const triggering = [...byDeployment.values()].flatMap(({ upstream }) =>
      upstream.flatMap(({ file }) => (file && !files.jobs.has(file) ? file : [])),
    );
    if (triggering.length > 0) {
      const more = await jobsInFiles(repo, request.baseBranch, [...new Set(triggering)], since);
      pipelines.files = new Map([...files.jobs, ...more.jobs]);
      pipelines.fileChanges = [...files.changes, ...more.changes];
    }
    pipelines.evicted = evictedAmong(listedRuns);
    const skipped = await readAttempts(repo, deployed, byDeployment, request.to);
    await readByRest(repo, [...byDeployment.values()], pipelines.files);
    if (skipped > 0)
      note(
        `${skipped === 1 ? '1 run was' : `${skipped} runs were`} repeated after deploying. The jobs of earlier attempts were not read.`,
      );
    pipelines.earlierRuns = earlierRuns(
      sample.map(({ run }) => run),
      previous,
      request,
    );
    const missing = sample.length - pipelines.earlierRuns.length;
    if (missing > 0)
      note(`${missing} of ${sample.length} runs of the previous period could not be read for comparison.`);
  } catch (error) {
    if (!(error instanceof GuardError)) throw error;
    gaps.push({
      what: `The runs that made the deployments could not be read in full: ${error.message}`,
      consequence:
        'The stages show only what was read. (Reading runs and jobs needs "permissions: actions: read, checks: read".)',
      verdictAtRisk: false,
    });
  }
  return pipelines;
}

/** The runs of commits that were deployed from outside of GitHub Actions. */
async function checksOf(
  commitRuns: CommitRuns,
  deployments: readonly Deployment[],
): Promise<Map<string, Run[]>> {
  const outside = deployments.filter((deployment) => runOf(deployment) === null);
  if (outside.length === 0) return new Map();
  // Reading runs needs permissions that such teams do not have to grant. Their stages are only less detailed.
  return pushRunsOf(commitRuns, [...new Set(outside.map(({ sha }) => sha))]).catch(
    recoverFrom(GuardError, () => new Map()),
  );
}

/** The runs that made deployments, with their check suites if the commits show them. */
async function withSuites(
  { suitesOf }: CommitRuns,
  deployed: readonly Deployment[],
): Promise<{ sha: string; run: number; suite: Suite | null }[]> {
  const commits = await suitesOf([...new Set(deployed.map(({ sha, runSha }) => runSha ?? sha))]);
  return deployed.map((deployment) => {
    const run = runOf(deployment)?.run ?? 0;
    const suites = commits.get(deployment.runSha ?? deployment.sha)?.suites ?? [];
    return { sha: deployment.sha, run, suite: suites.find((suite) => suite.run === run) ?? null };
  });
}

/** The check suite of a listed run; `null` if the list does not contain its id. */
function suiteOf(run: ListedRun, file: string, workflow: string): Suite | null {
  return run.checkSuite === null ? null : { ...run, id: run.checkSuite, run: run.id, workflow, file };
}

/** How deep reusable workflows and composite actions are followed. Each level is one request. */
const MAX_LEVELS = 4;

/**
 * The jobs in workflow files and in the reusable workflows that they call, with the steps of the composite actions of the
 * same repository, and the commits that changed these files.
 */
async function jobsInFiles(
  repo: Repo,
  branch: string,
  paths: readonly string[],
  since: Date,
): Promise<{ jobs: Map<string, FileJob[]>; changes: FileChange[]; missing: string[] }> {
  const jobs = new Map<string, FileJob[]>();
  const actions = new Map<string, string>();
  let files = await filesOf(repo, branch, paths, since);
  const missing = paths.filter((path) => !files.texts.has(path));
  const { changes } = files;
  if (files.texts.size === 0) return { jobs, changes, missing };
  // The YAML parser is loaded only when a workflow file needs it.
  const { actionFilesOf, jobsInFile, withActions } = await import('./workflow-yaml.ts');
  const requested = new Set(paths);
  for (let level = 0; ; level++) {
    for (const [path, text] of files.texts)
      if (/(?:^|\/)action\.ya?ml$/.test(path)) actions.set(path, text);
      else jobs.set(path, jobsInFile(text));
    const used = [...calledBy([...jobs.values()].flat()), ...actionFilesOf(jobs, actions)];
    const next = [...new Set(used)].filter((path) => !requested.has(path));
    if (next.length === 0 || level === MAX_LEVELS) break;
    for (const path of next) requested.add(path);
    files = await filesOf(repo, branch, next, since);
    changes.unshift(...files.changes);
  }
  return { jobs: actions.size > 0 ? withActions(jobs, actions) : jobs, changes, missing };
}

const fileName = (path: string): string => path.replace(/^.*\//, '');

function runOfDeployment(deployment: Deployment, { runs }: RunsOfCommits): Run | undefined {
  const id = runOf(deployment)?.run;
  return runs.get(deployment.sha)?.find((run) => run.id === id);
}

/** Sentences about deploying runs that were not found, or whose workflow file is unknown. */
function missingRuns(runs: readonly (Run | undefined)[], { isTruncated }: RunsOfCommits): string[] {
  const missing = runs.filter((run) => run === undefined).length;
  const withoutFile = new Set(runs.filter((run) => run?.file === null)).size;
  return [
    ...(missing > 0 && !isTruncated
      ? [`${missing} of ${runs.length} deploying runs were not found with their commits.`]
      : []),
    ...(withoutFile > 0 ? [`GitHub did not name the workflow file of ${withoutFile} deploying runs.`] : []),
  ];
}

function pipelineOf(
  deployment: Deployment,
  commitRun: Run,
  { runs }: RunsOfCommits,
  listed: ReadonlyMap<number, ListedRun>,
  deployJob: string | null,
): Pipeline {
  const run = withAttempts(commitRun, listed.get(commitRun.id));
  const legs = deployJob === null ? [] : jobsNamed(deployJob, run.jobs);
  const liveAt = finalOutcome(deployment)?.succeededAt?.getTime();
  const named = legs.find((job) => job.completedAt?.getTime() === liveAt) ?? legs.at(-1);
  return {
    run,
    upstream: upstreamOf(run, runs.get(deployment.sha) ?? []),
    deployJob: runOf(deployment)?.job ?? named?.id ?? null,
    holds: holdsOf(deployment),
    approvedBy: undefined,
  };
}

function withAttempts(run: Run, listed: ListedRun | undefined): Run {
  if (!listed) return run;
  const { createdAt, attemptStartedAt, attempt, actor } = listed;
  return { ...run, createdAt, attemptStartedAt, attempt, actor };
}

/**
 * The runs before a `workflow_run`. GitHub does not show which run triggered it, but it was a run of the same commit: the
 * last one that had ended by then.
 */
function upstreamOf(run: Run, runs: readonly Run[]): Run[] {
  if (run.event !== 'workflow_run') return [];
  const ended = (run: Run) => Math.max(0, ...run.jobs.map((job) => job.completedAt?.getTime() ?? 0));
  const before = runs
    .filter(
      (other) =>
        other.id !== run.id &&
        ended(other) > 0 &&
        ended(other) <= run.createdAt.getTime() &&
        other.createdAt < run.createdAt,
    )
    .sort((a, b) => ended(b) - ended(a))[0];
  return before ? [before, ...upstreamOf(before, runs)] : [];
}

/**
 * Replaces the last attempt of runs that were repeated after they had deployed, such as for a rollback, with the attempt
 * that deployed.
 *
 * @returns the number of repeated runs that were skipped, whose jobs are unknown.
 */
async function readAttempts(
  repo: Repo,
  deployed: readonly Deployment[],
  byDeployment: Map<Deployment['id'], Pipeline>,
  to: Date,
): Promise<number> {
  const repeated = deployed.flatMap((deployment) => {
    const pipeline = byDeployment.get(deployment.id);
    const liveAt = outcomeOf(deployment, to, null)?.succeededAt ?? null;
    return pipeline && liveAt !== null && pipeline.run.attempt > 1 && pipeline.run.attemptStartedAt > liveAt
      ? [{ deployment, pipeline, liveAt }]
      : [];
  });
  await Promise.all(
    repeated.map(async ({ deployment, pipeline, liveAt }, i) => {
      const attempts = i < MAX_REPEATED_RUNS ? [...(await jobsByAttempt(repo, pipeline.run.id))] : [];
      const loggedJob = runOf(deployment)?.job;
      // An unknown attempt leaves only the creation of the run and the time it went live.
      const [attempt, jobs] = attempts.find(([, jobs]) => jobs.some((job) => job.id === loggedJob)) ??
        attempts.findLast(([, jobs]) => jobs.some((job) => job.completedAt && job.completedAt <= liveAt)) ?? [
          1,
          [],
        ];
      const starts = jobs.map((job) => job.createdAt ?? job.startedAt).filter((start) => start !== null);
      const attemptStartedAt = attempt === 1 ? pipeline.run.createdAt : min([...starts, liveAt]);
      byDeployment.set(deployment.id, {
        ...pipeline,
        run: { ...pipeline.run, attempt, attemptStartedAt, jobs },
        deployJob: jobs.find((job) => job.id === loggedJob)?.id ?? lastEnded(jobs)?.id ?? null,
      });
    }),
  );
  return Math.max(0, repeated.length - MAX_REPEATED_RUNS);
}

function evictedAmong(runs: readonly ListedRun[]): EvictedRun[] {
  return runs
    .filter((run) => run.conclusion === 'cancelled')
    .filter((run) =>
      runs.some(
        (newer) =>
          newer.id !== run.id &&
          newer.createdAt > run.createdAt &&
          Math.abs(newer.createdAt.getTime() - run.updatedAt.getTime()) <= EVICTION_TOLERANCE,
      ),
    )
    .map((run) => ({ id: run.id, sha: run.sha, url: run.url, at: run.updatedAt }));
}

async function readByRest(
  repo: Repo,
  pipelines: readonly Pipeline[],
  files: Pipelines['files'],
): Promise<void> {
  const held = heldLongest(pipelines);
  await Promise.all([
    held &&
      approverOf(repo, held.run.id).then((approver) => {
        held.approvedBy = approver;
      }),
    readCreations(repo, pipelines, files, held ? MAX_REST_RUNS - 1 : MAX_REST_RUNS),
  ]);
}

/** Reads when jobs could have started, for the runs with the longest waits. */
async function readCreations(
  repo: Repo,
  pipelines: readonly Pipeline[],
  files: Pipelines['files'],
  count: number,
): Promise<void> {
  const waits = pipelines
    .map(({ run }) => ({ run, wait: longestWait(run) }))
    .filter(({ wait }) => wait >= MIN_WAIT)
    .sort((a, b) => b.wait - a.wait)
    .slice(0, count);
  await Promise.all(
    waits.map(async ({ run }) => {
      const created = await jobCreations(repo, run.id);
      for (const job of run.jobs) {
        const match =
          created.find(({ id }) => id === job.id) ?? created.find(({ name }) => name === job.name);
        if (match?.createdAt) job.createdAt = match.createdAt;
        else if (job.startedAt && job.conclusion !== 'skipped' && !files.get(run.file ?? '')?.length)
          run.isUndated = true;
      }
    }),
  );
}

/** The pipeline that protection rules held longest. */
function heldLongest(pipelines: readonly Pipeline[]): Pipeline | undefined {
  const heldFor = ({ holds }: Pipeline) =>
    holds.reduce((sum, hold) => sum + hold.to.getTime() - hold.from.getTime(), 0);
  return pipelines.filter((pipeline) => heldFor(pipeline) > 0).sort((a, b) => heldFor(b) - heldFor(a))[0];
}

/** The longest time between the start of a job and the end of the job before it, or the start of the run. */
function longestWait({ jobs, attemptStartedAt }: Run): number {
  const ends = [attemptStartedAt, ...jobs.flatMap((job) => job.completedAt ?? [])].map((end) =>
    end.getTime(),
  );
  return Math.max(
    0,
    ...jobs.flatMap((job) => {
      if (!job.startedAt) return [];
      const started = job.startedAt.getTime();
      return [started - Math.max(...ends.filter((end) => end <= started), attemptStartedAt.getTime())];
    }),
  );
}

/** An evenly spaced sample of a workflow's successful runs in the previous period. */
function sampleBefore(
  listed: readonly ListedRun[],
  from: Date,
  path: string,
): { run: ListedRun; path: string }[] {
  const succeeded = listed.filter((run) => run.conclusion === 'success' && run.createdAt < from);
  const step = Math.max(1, succeeded.length / MAX_EARLIER_RUNS);
  return succeeded
    .filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step))
    .map((run) => ({ run, path }));
}

/** The sampled runs as pipelines, without those that GitHub did not return in full. */
function earlierRuns(
  sample: readonly ListedRun[],
  { runs }: RunsOfCommits,
  { deployJob }: PipelinesRequest,
): EarlierRun[] {
  return sample.flatMap((listed): EarlierRun[] => {
    const commitRuns = runs.get(listed.sha) ?? [];
    const commitRun = commitRuns.find(({ id }) => id === listed.id);
    if (!commitRun || listed.committedAt === null) return [];
    const run = withAttempts(commitRun, listed);
    const deploy = lastEnded(deployJob === null ? [] : jobsNamed(deployJob, run.jobs)) ?? lastEnded(run.jobs);
    if (!deploy?.completedAt) return [];
    const upstream = upstreamOf(run, commitRuns);
    const pipeline = { run, upstream, deployJob: deploy.id, holds: [], approvedBy: null };
    return [{ pipeline, mergedAt: listed.committedAt, liveAt: deploy.completedAt }];
  });
}

function lastEnded(jobs: readonly Job[]): Job | undefined {
  return jobs
    .filter((job) => job.completedAt !== null && job.conclusion === 'success')
    .sort((a, b) => (b.completedAt?.getTime() ?? 0) - (a.completedAt?.getTime() ?? 0))[0];
}
