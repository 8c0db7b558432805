import { min } from 'date-fns';
import type { Deployment, Gap } from '../../model/facts.ts';
import { GuardError } from '../../model/guard-error.ts';
import {
  type Earlier,
  type Evicted,
  type FileChange,
  holdsOf,
  type Job,
  type Pipeline,
  type Pipelines,
  type Run,
  runOf,
} from '../../model/pipeline.ts';
import { outcomeOf } from '../../model/outcome.ts';
import { calledBy, type FileJob } from '../../model/workflow-file.ts';
import type { Repo } from '../repo.ts';
import { approverOf } from './approvals.ts';
import { filesOf } from './files.ts';
import { jobCreations, jobsByAttempt } from './run-jobs.ts';
import type { ListedRun, RunLists } from './runs.ts';
import { type CommitRuns, MOST_SUITES, type RunsOfCommits, runsOfCommits, type Suite } from './suites.ts';

/**
 * How deployments came about: workflow runs, jobs and steps in bulk through GraphQL; through REST only what GraphQL
 * lacks, and only where it is needed: attempts (a list of a workflow's runs), and the moment from which a job could have
 * started, for the runs with the longest waits.
 */

/** What pipelines are read with; what was read for something else is not read again. */
export interface PipelineReaders {
  repo: Repo;
  lists: RunLists;
  commitRuns: CommitRuns;
}

export interface PipelinesRequest {
  from: Date;
  to: Date;
  baseBranch: string;
  /** The name of the job that deploys, where an input says it. */
  deployJob: string | null;
}

/** Runs that are asked for what only REST tells: who let the one go on that was held longest, and when jobs could start. */
const MOST_BY_REST = 2;
/** Runs that were made again after they had deployed, whose first attempts are asked for. */
const MOST_ATTEMPTS = 5;
/** Runs of the period before that are opened, to compare with. */
const MOST_BEFORE = 20;
/** A wait of less than so many milliseconds is not worth a request. */
const WORTH_ASKING = 30_000;
/** A run is evicted at the moment a newer one arrives, give or take so many milliseconds. */
const SAME_MOMENT = 15_000;

/** Never rejects for what GitHub does not let it read: that is a gap, and the stages stay coarse. */
export async function collectPipelines(
  { repo, lists, commitRuns }: PipelineReaders,
  deployments: readonly Deployment[],
  request: PipelinesRequest,
): Promise<Pipelines> {
  const made = deployments.filter((deployment) => runOf(deployment) !== null);
  const found = {
    byDeployment: new Map<Deployment['id'], Pipeline>(),
    before: [] as Earlier[],
    evicted: [] as Evicted[],
    files: new Map<string, FileJob[]>(),
    fileChanges: [] as FileChange[],
    gaps: [] as Gap[],
  };
  if (made.length === 0) return found;
  const since = periodBefore(request.from, request.to);
  try {
    const wanted = await withSuites(commitRuns, made);
    const workflows = new Map(
      wanted.flatMap(({ suite }) => (suite?.file ? [[suite.file, suite.workflow] as const] : [])),
    );
    const paths = [...workflows.keys()];
    const listed = await Promise.all(paths.map((path) => lists.since(fileName(path), since)));
    const chosen = paths.flatMap((path, i) => chosenBefore(listed[i]?.runs ?? [], request.from, path));
    // Asked for in one turn, they come together.
    const [files, told, toldBefore] = await Promise.all([
      jobsInFiles(repo, request.baseBranch, paths, since),
      runsOfCommits(commitRuns, wanted),
      runsOfCommits(
        commitRuns,
        chosen.map(({ listed: run, path }) => ({
          sha: run.sha,
          run: run.id,
          suite: suiteOf(run, path, workflows.get(path) ?? ''),
        })),
      ),
    ]);
    if (told.isCut)
      found.gaps.push(
        leftOut(
          `Some commits have more workflows, jobs or steps than are looked at (${MOST_SUITES}, 30 and 50).`,
        ),
      );
    const runs = made.map((deployment) => ownRun(deployment, told));
    found.gaps.push(...untold(runs, told));
    if (listed.some((each) => each.cut))
      found.gaps.push(
        leftOut(
          'The deploying workflow has more runs in the window and the period before than are listed (300).',
        ),
      );
    if (files.missing.length > 0)
      found.gaps.push(leftOut(`${files.missing.join(', ')} could not be read on ${request.baseBranch}.`));
    found.files = files.jobs;
    found.fileChanges = files.changes;
    const all = listed.flatMap((each) => each.runs);
    const byId = new Map(all.map((run) => [run.id, run]));
    made.forEach((deployment, i) => {
      const run = runs[i];
      if (run)
        found.byDeployment.set(deployment.id, pipelineOf(deployment, run, told, byId, request.deployJob));
    });
    found.evicted.push(...evictedAmong(all));
    const cut = await askAttempts(repo, made, found.byDeployment, request.to);
    const pipelines = [...found.byDeployment.values()];
    await askByRest(repo, pipelines);
    const before = earlier(
      chosen.map((each) => each.listed),
      toldBefore,
      request,
    );
    if (cut > 0)
      found.gaps.push(
        leftOut(
          `${cut} runs were made again after they had deployed; of those the jobs of the first attempt are not told.`,
        ),
      );
    found.before = before.runs;
    found.gaps.push(...before.gaps);
  } catch (error) {
    if (!(error instanceof GuardError)) throw error;
    found.gaps.push({
      what: `How the deployments came about could not be read in full: ${error.message}`,
      consequence:
        'The stages are told as far as they are known. (Runs and jobs take "permissions: actions: read, checks: read".)',
      verdictAtRisk: false,
    });
  }
  return found;
}

/** The runs that made some deployments, with their check suites as far as their commits show them. */
async function withSuites(
  { suitesOf }: CommitRuns,
  made: readonly Deployment[],
): Promise<{ sha: string; run: number; suite: Suite | null }[]> {
  const commits = await suitesOf([...new Set(made.map((deployment) => deployment.sha))]);
  return made.map((deployment) => {
    const run = runOf(deployment)?.run ?? 0;
    const suites = commits.get(deployment.sha)?.suites ?? [];
    return { sha: deployment.sha, run, suite: suites.find((suite) => suite.run === run) ?? null };
  });
}

/** A listed run as the check suite that it has; `null` where the list does not say it. */
function suiteOf(run: ListedRun, file: string, workflow: string): Suite | null {
  const { checkSuite, id, event, createdAt, url } = run;
  return checkSuite === null ? null : { id: checkSuite, run: id, workflow, file, event, createdAt, url };
}

/** The jobs that workflow files describe, those of the files that they call among them, and the commits that changed them. */
async function jobsInFiles(
  repo: Repo,
  branch: string,
  paths: readonly string[],
  since: Date,
): Promise<{ jobs: Map<string, FileJob[]>; changes: FileChange[]; missing: string[] }> {
  const jobs = new Map<string, FileJob[]>();
  const files = await filesOf(repo, branch, paths, since);
  const missing = paths.filter((path) => !files.texts.has(path));
  if (files.texts.size === 0) return { jobs, changes: files.changes, missing };
  // The YAML reader is loaded only where there is a workflow file to read.
  const { jobsInFile } = await import('./workflow-yaml.ts');
  for (const [path, text] of files.texts) jobs.set(path, jobsInFile(text));
  const called = calledBy([...jobs.values()].flat()).filter((path) => !jobs.has(path));
  if (called.length === 0) return { jobs, changes: files.changes, missing };
  const more = await filesOf(repo, branch, called, since);
  for (const [path, text] of more.texts) jobs.set(path, jobsInFile(text));
  return { jobs, changes: [...more.changes, ...files.changes], missing };
}

const fileName = (path: string): string => path.replace(/^.*\//, '');

function ownRun(deployment: Deployment, { runs }: RunsOfCommits): Run | undefined {
  const own = runOf(deployment);
  return runs.get(deployment.sha)?.find((run) => run.id === own?.run);
}

/** Runs that made a deployment, and were not among their commit's or do not say of which file they are. */
function untold(runs: readonly (Run | undefined)[], { isCut }: RunsOfCommits): Gap[] {
  const gaps: Gap[] = [];
  const lost = runs.filter((run) => run === undefined).length;
  if (lost > 0 && !isCut)
    gaps.push(leftOut(`${lost} of ${runs.length} deploying runs were not found with their commits.`));
  const nameless = new Set(runs.filter((run) => run?.file === null)).size;
  if (nameless > 0) gaps.push(leftOut(`GitHub did not say of which file ${nameless} deploying runs are.`));
  return gaps;
}

function leftOut(what: string): Gap {
  return {
    what,
    consequence:
      'Stages and suspects are told of those; a run that is not listed is taken as its first attempt.',
    verdictAtRisk: false,
  };
}

function pipelineOf(
  deployment: Deployment,
  own: Run,
  { runs }: RunsOfCommits,
  listed: ReadonlyMap<number, ListedRun>,
  deployJob: string | null,
): Pipeline {
  const run = withAttempts(own, listed.get(own.id));
  const named = deployJob === null ? undefined : run.jobs.find((job) => job.name === deployJob);
  return {
    run,
    upstream: upstreamOf(run, runs.get(deployment.sha) ?? []),
    deployJob: runOf(deployment)?.job ?? named?.id ?? null,
    holds: holdsOf(deployment),
    approvedBy: null,
  };
}

function withAttempts(run: Run, listed: ListedRun | undefined): Run {
  if (!listed) return run;
  const { createdAt, attemptStartedAt, attempt, actor } = listed;
  return { ...run, createdAt, attemptStartedAt, attempt, actor };
}

/**
 * The runs before a `workflow_run`: GitHub does not say which run started it, but it was one of the same commit, and
 * the last that had ended by then.
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
 * Of a run that was made again after it had deployed (to roll back), the attempt that deployed is told, not the last.
 *
 * @returns how many were not asked; of them no jobs are told.
 */
async function askAttempts(
  repo: Repo,
  made: readonly Deployment[],
  byDeployment: Map<Deployment['id'], Pipeline>,
  to: Date,
): Promise<number> {
  const again = made.flatMap((deployment) => {
    const pipeline = byDeployment.get(deployment.id);
    const liveAt = outcomeOf(deployment, to, null)?.succeededAt ?? null;
    return pipeline && liveAt !== null && pipeline.run.attempt > 1 && pipeline.run.attemptStartedAt > liveAt
      ? [{ deployment, pipeline, liveAt }]
      : [];
  });
  await Promise.all(
    again.map(async ({ deployment, pipeline, liveAt }, i) => {
      const attempts = i < MOST_ATTEMPTS ? [...(await jobsByAttempt(repo, pipeline.run.id))] : [];
      const log = runOf(deployment)?.job;
      const own =
        attempts.find(([, jobs]) => jobs.some((job) => job.id === log)) ??
        attempts.findLast(([, jobs]) => jobs.some((job) => job.completedAt && job.completedAt <= liveAt));
      // Without it no more is known than that it was made, and when it was live.
      const [attempt, jobs] = own ?? [1, []];
      const begins = jobs.map((job) => job.createdAt ?? job.startedAt).filter((each) => each !== null);
      const attemptStartedAt = attempt === 1 ? pipeline.run.createdAt : min([...begins, liveAt]);
      byDeployment.set(deployment.id, {
        ...pipeline,
        run: { ...pipeline.run, attempt, attemptStartedAt, jobs },
        deployJob: jobs.find((job) => job.id === log)?.id ?? lastEnded(jobs)?.id ?? null,
      });
    }),
  );
  return Math.max(0, again.length - MOST_ATTEMPTS);
}

function evictedAmong(runs: readonly ListedRun[]): Evicted[] {
  return runs
    .filter((run) => run.conclusion === 'cancelled')
    .filter((run) =>
      runs.some(
        (newer) =>
          newer.id !== run.id &&
          newer.createdAt > run.createdAt &&
          Math.abs(newer.createdAt.getTime() - run.updatedAt.getTime()) <= SAME_MOMENT,
      ),
    )
    .map((run) => ({ id: run.id, sha: run.sha, url: run.url, at: run.updatedAt }));
}

async function askByRest(repo: Repo, pipelines: readonly Pipeline[]): Promise<void> {
  const held = heldLongest(pipelines);
  await Promise.all([
    held && askApproval(repo, held),
    askCreations(repo, pipelines, held ? MOST_BY_REST - 1 : MOST_BY_REST),
  ]);
}

/** Asks for the moment from which jobs could have started, for the runs in which a job waited longest. */
async function askCreations(repo: Repo, pipelines: readonly Pipeline[], most: number): Promise<void> {
  const waits = pipelines
    .map(({ run }) => ({ run, wait: longestWait(run) }))
    .filter((each) => each.wait >= WORTH_ASKING)
    .sort((a, b) => b.wait - a.wait)
    .slice(0, most);
  await Promise.all(
    waits.map(async ({ run }) => {
      const jobs = await jobCreations(repo, run.id);
      for (const job of run.jobs) {
        const told =
          jobs.find((other) => other.id === job.id) ?? jobs.find((other) => other.name === job.name);
        if (told?.createdAt) job.createdAt = told.createdAt;
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

/** Asks who let it go on. */
async function askApproval(repo: Repo, pipeline: Pipeline): Promise<void> {
  pipeline.approvedBy = await approverOf(repo, pipeline.run.id);
}

/** The longest time in a run in which a job had not started although nothing of the run had just ended. */
function longestWait({ jobs, attemptStartedAt }: Run): number {
  const ends = [attemptStartedAt, ...jobs.flatMap((job) => (job.completedAt ? [job.completedAt] : []))].map(
    (each) => each.getTime(),
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

/** A fair sample of the period before: evenly spaced among its successful runs. */
function chosenBefore(
  listed: readonly ListedRun[],
  from: Date,
  path: string,
): { listed: ListedRun; path: string }[] {
  const succeeded = listed.filter((run) => run.conclusion === 'success' && run.createdAt < from);
  const every = Math.max(1, succeeded.length / MOST_BEFORE);
  return succeeded
    .filter((_, i) => Math.floor(i / every) !== Math.floor((i - 1) / every))
    .map((run) => ({ listed: run, path }));
}

function earlier(
  chosen: readonly ListedRun[],
  told: RunsOfCommits,
  { deployJob }: PipelinesRequest,
): { runs: Earlier[]; gaps: Gap[] } {
  const runs = chosen.flatMap((other): Earlier[] => {
    const there = told.runs.get(other.sha) ?? [];
    const found = there.find((run) => run.id === other.id);
    if (!found || other.committedAt === null) return [];
    const run = withAttempts(found, other);
    const deploy = run.jobs.find((job) => job.name === deployJob) ?? lastEnded(run.jobs);
    if (!deploy?.completedAt) return [];
    const pipeline = {
      run,
      upstream: upstreamOf(run, there),
      deployJob: deploy.id,
      holds: [],
      approvedBy: null,
    };
    return [{ pipeline, mergedAt: other.committedAt, liveAt: deploy.completedAt }];
  });
  const lost = chosen.length - runs.length;
  const gaps =
    lost > 0
      ? [leftOut(`${lost} of ${chosen.length} runs of the period before could not be read, to compare with.`)]
      : [];
  return { runs, gaps };
}

function lastEnded(jobs: readonly Job[]): Job | undefined {
  return jobs
    .filter((job) => job.completedAt !== null && job.conclusion === 'success')
    .sort((a, b) => (b.completedAt?.getTime() ?? 0) - (a.completedAt?.getTime() ?? 0))[0];
}

/** Where the period before begins: it is as long as the window. */
function periodBefore(from: Date, to: Date): Date {
  return new Date(from.getTime() - (to.getTime() - from.getTime()));
}
