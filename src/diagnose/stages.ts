import type { Job, Pipeline, Run } from '../model/pipeline.ts';
import type { Stage } from '../model/terms.ts';
import { type FileJob, needsOf, type RunJob, runJobsOf } from '../model/workflow-file.ts';

/** A part of the time from merge to live, in whole seconds since the epoch. */
export interface Segment {
  stage: Stage;
  from: number;
  to: number;
  /** The name of the job; `null` for a wait. */
  name: string | null;
  /** The cause of a wait, as the workflow file spells it: a concurrency group, or `max-parallel` of a matrix. */
  cause?: string;
}

/** The time that a run, or one of its jobs, was in a concurrency group. */
export interface GroupUse extends Span {
  run: number;
  /** `null` if the group is that of the workflow or a caller. */
  job: number | null;
}

export interface Interval {
  from: Date;
  to: Date;
}

export interface StageFacts {
  mergedAt: Date;
  liveAt: Date;
  /** When the deployment was created. */
  createdAt: Date;
  /** `null` if the deployment was made outside GitHub Actions or was not opened. */
  pipeline: Pipeline | null;
  /** True if a person started the deployment. */
  byHand: boolean;
  /** The times when other deployments to the environment were running. Not needed without a pipeline. */
  others: readonly Interval[];
  /** Workflow files by path, for the `needs` of their jobs. Without them, times alone decide which job waited for which. */
  files?: ReadonlyMap<string, FileJob[]>;
  /** Uses of concurrency groups by the runs that were read, by the group's name. */
  groups?: ReadonlyMap<string, GroupUse[]>;
  /** True if wait timers held the job, and nobody had to approve it. */
  isTimer?: boolean;
  /** The stages of jobs that made a part of the deployment, by name. */
  parts?: ReadonlyMap<string, Stage>;
  /** The checks of the deployed commit, if the deployment was made outside GitHub Actions. */
  checks?: Run | null;
}

/** Whole seconds since the epoch. */
export const seconds = (instant: Date): number => Math.floor(instant.getTime() / 1000);

/** A job is created when the last job it needs has ended. GitHub may take this many seconds longer. */
const SCHEDULING = 15;

/**
 * Cuts the time from merge to live into stages without gaps or overlaps. They add up to the lead time, to the second.
 *
 * The function goes back from the moment the change was live: the deploy job, its approval, the job that it waited for,
 * and so on to the first job of the run. Then come earlier attempts, the runs before it (`workflow_run`) and the time
 * between the merge and the first run. Without a pipeline there are two stages: before and after the deployment was
 * created.
 *
 * @returns segments in order of time, each of at least one second; an empty list for a lead time of 0.
 */
export function segmentsOf(facts: StageFacts): Segment[] {
  const from = seconds(facts.mergedAt);
  const to = Math.max(from, seconds(facts.liveAt));
  const path = new Path(from, to);
  if (facts.pipeline === null) {
    path.back('deploying', seconds(facts.createdAt), null);
    const last = facts.checks && lastJobOf(facts.checks, path.at);
    if (facts.checks && last?.completedAt) {
      path.back('before-deployment', seconds(last.completedAt), null);
      follow(path, facts.checks, last, 'checks', [], [], facts);
      path.back('starting', from, null);
    }
    path.back('before-deployment', from, null);
    return path.segments();
  }
  const { run, upstream, deployJob, holds } = facts.pipeline;
  const deploy = run.jobs.find((job) => job.id === deployJob) ?? lastJobOf(run, to);
  const held: Wait = { spans: spansOf(holds), stage: facts.isTimer ? 'wait-timer' : 'approval' };
  const behind: Wait = { spans: spansOf(facts.others), stage: 'behind' };
  follow(path, run, deploy, 'deploy', [held], [behind], facts);
  for (const earlierRun of upstream) {
    const last = lastJobOf(earlierRun, path.at);
    path.backThrough([behind], 'starting', last?.completedAt ? seconds(last.completedAt) : path.at);
    follow(path, earlierRun, last, 'checks', [], [behind], facts);
  }
  const first = upstream.at(-1) ?? run;
  if (facts.byHand) path.back('by-hand', from, null);
  else if (first.event === 'schedule') path.back('schedule', from, null);
  else path.backThrough([behind], 'starting', from);
  return path.segments();
}

const spansOf = (intervals: readonly Interval[]): Span[] =>
  intervals.map(({ from, to }) => ({ from: seconds(from), to: seconds(to) }));

/**
 * Goes back along one run, from its last job on the path (a job of the stage `lastStage`) to its creation.
 *
 * @param holds - what held the jobs that deploy.
 * @param behind - the times when other deployments were running.
 */
function follow(
  path: Path,
  run: Run,
  last: Job | undefined,
  lastStage: Stage,
  holds: readonly Wait[],
  behind: readonly Wait[],
  { files = new Map(), groups, parts }: StageFacts,
): void {
  const start = seconds(run.attemptStartedAt);
  let job = last;
  let stage = parts?.get(last?.name ?? '') ?? lastStage;
  let limit: string | undefined;
  const visited = new Set<number>();
  while (job?.startedAt) {
    visited.add(job.id);
    path.back(stage, seconds(job.startedAt), job.name, limit);
    const jobsInFile: RunJob[] = runJobsOf(files, run.file ?? '', job.name, run.event);
    const inFile = jobsInFile.length === 1 ? jobsInFile[0] : undefined;
    const { waits, cause } = groupWaits(run, job, inFile, groups, behind);
    const needed = previousJob(run, job, visited, start, files, waits.length > 0);
    const blocking = blockingLeg(run, job, inFile, visited, files);
    const isLimited = blocking && end(blocking.job) > (needed ? end(needed) : 0);
    const previous: Job | undefined = isLimited ? blocking.job : needed;
    const created = job.createdAt ? Math.max(start, seconds(job.createdAt)) : start;
    const ready = previous ? Math.max(start, end(previous)) : waits.length > 0 ? start : created;
    const held = stage === 'checks' || stage === 'serial' ? waits : [...holds, ...waits];
    // A job that its group held may be created only when the group lets it go.
    if (!previous) path.backThrough(held, 'runner', created, cause);
    path.backThrough(held, previous ? 'runner' : 'starting', ready, previous ? cause : undefined);
    job = previous;
    limit = isLimited ? blocking.limit : undefined;
    stage = parts?.get(job?.name ?? '') ?? (isLimited ? 'serial' : 'checks');
  }
  path.backThrough(behind, 'starting', start);
  if (run.attempt > 1) path.back('re-runs', seconds(run.createdAt), null);
  else path.backThrough(behind, 'starting', seconds(run.createdAt));
}

/**
 * The times when other jobs and runs were in a concurrency group that may hold a job.
 *
 * @returns `cause`: a group that may also have held it when nothing that was read used the group.
 */
function groupWaits(
  run: Run,
  job: Job,
  inFile: RunJob | undefined,
  groups: StageFacts['groups'],
  behind: readonly Wait[],
): { waits: Wait[]; cause: string | undefined } {
  const holding = inFile?.groups.filter(({ mayHold }) => mayHold) ?? [];
  const waits = holding.flatMap(({ name, isOwn }): Wait[] => {
    const others = (groups?.get(name) ?? []).filter(
      (use) => use.run !== run.id || (isOwn && use.job !== null && use.job !== job.id),
    );
    return [{ spans: others, stage: 'behind', cause: name }];
  });
  const [first] = holding;
  const deployments = first ? behind.map((wait) => ({ ...wait, cause: first.name })) : [];
  return { waits: [...waits, ...deployments], cause: holding.find(({ cancels }) => !cancels)?.name };
}

const end = ({ completedAt }: Job): number => (completedAt ? seconds(completedAt) : 0);

/** The last job of the leg of a matrix whose end let this job start, if `max-parallel` held it. */
function blockingLeg(
  run: Run,
  job: Job,
  inFile: RunJob | undefined,
  visited: ReadonlySet<number>,
  files: ReadonlyMap<string, FileJob[]>,
): { job: Job; limit: string } | undefined {
  const starting = job.startedAt ? seconds(job.startedAt) : 0;
  for (const { matrix, leg, maxParallel } of inFile?.slots.filter(({ isFirst }) => isFirst) ?? []) {
    const legs = new Map<string, { from: number; to: number; last: Job }>();
    for (const other of run.jobs) {
      const [otherInFile] = runJobsOf(files, run.file ?? '', other.name, run.event);
      const slot = otherInFile?.slots.find((slot) => slot.matrix === matrix && slot.leg !== leg);
      if (!slot || !other.startedAt || !other.completedAt || other.conclusion === 'skipped') continue;
      const [from, to] = [seconds(other.startedAt), end(other)];
      const span = legs.get(slot.leg);
      legs.set(slot.leg, {
        from: Math.min(from, span?.from ?? from),
        to: Math.max(to, span?.to ?? to),
        last: span && span.to >= to ? span.last : other,
      });
    }
    const spans = [...legs.values()];
    const [last] = spans
      .filter(({ to, last: { id } }) => to <= starting && !visited.has(id))
      .filter(({ to }) => spans.filter((other) => other.from < to && other.to >= to).length >= maxParallel)
      .sort((a, b) => b.to - a.to);
    if (last) return { job: last.last, limit: `max-parallel: ${maxParallel}` };
  }
  return undefined;
}

/**
 * The job that this one waited for: the last to end of the jobs it needs, according to its workflow file. If the file does
 * not say, or has changed since and names no job of the run, the times decide.
 */
function previousJob(
  run: Run,
  job: Job,
  visited: ReadonlySet<number>,
  start: number,
  files: ReadonlyMap<string, FileJob[]>,
  isInGroup: boolean,
): Job | undefined {
  const ready = seconds(job.createdAt ?? job.startedAt ?? run.attemptStartedAt);
  const before = run.jobs.filter(
    (other) =>
      !visited.has(other.id) &&
      other.conclusion !== 'skipped' &&
      other.startedAt !== null &&
      seconds(other.startedAt) >= start &&
      other.completedAt !== null &&
      seconds(other.completedAt) <= ready,
  );
  const needs = needsOf(files, run.file ?? '', job.name, run.event);
  const needed = needs?.any ? before.filter((other) => needs.includes(other.name)) : [];
  if (needed.length > 0) return lastToEnd(needed);
  // A job that ended when the group let this one go looks like one that it needed.
  if (isInGroup && needs?.any === false) return undefined;
  return lastToEnd(
    before.filter(
      (other) => job.createdAt === null || seconds(other.completedAt ?? run.createdAt) >= ready - SCHEDULING,
    ),
  );
}

/** The job that ended last, in whole seconds, and the first of several. */
function lastToEnd(jobs: readonly Job[]): Job | undefined {
  let last: Job | undefined;
  for (const job of jobs)
    if (job.completedAt && (!last?.completedAt || seconds(job.completedAt) > seconds(last.completedAt)))
      last = job;
  return last;
}

/** The job of a run that ended last, no later than `at`. */
const lastJobOf = ({ jobs }: Run, at: number): Job | undefined =>
  lastToEnd(
    jobs.filter(
      ({ conclusion, startedAt, completedAt }) =>
        conclusion !== 'skipped' && startedAt && completedAt && seconds(completedAt) <= at,
    ),
  );

interface Span {
  from: number;
  to: number;
}

/** Times when something made a job wait. */
interface Wait {
  spans: readonly Span[];
  stage: Stage;
  cause?: string;
}

/** Adjoining segments, added from the end backwards and never beyond the merge. */
class Path {
  readonly #from: number;
  readonly #segments: Segment[] = [];
  /** The start of the earliest segment so far. */
  at: number;

  constructor(from: number, to: number) {
    this.#from = from;
    this.at = to;
  }

  back(stage: Stage, to: number, name: string | null, cause?: string): void {
    const from = Math.max(this.#from, Math.min(to, this.at));
    const next = this.#segments.at(-1);
    const isSame =
      next && name === null && next.name === null && next.stage === stage && next.cause === cause;
    if (from < this.at && isSame) next.from = from;
    else if (from < this.at)
      this.#segments.push({ stage, from, to: this.at, name, ...(cause === undefined ? {} : { cause }) });
    this.at = from;
  }

  /** Goes back to `to`. Each second belongs to the first wait that covers it, or else to the stage `otherwise`. */
  backThrough(waits: readonly Wait[], otherwise: Stage, to: number, cause?: string): void {
    const until = Math.max(to, this.#from);
    const relevant = waits.map((wait) => ({
      ...wait,
      spans: wait.spans.filter(({ from, to }) => to > from && from < this.at && to > until),
    }));
    const edges = relevant.flatMap(({ spans }) => spans.flatMap(({ from, to }) => [from, to]));
    while (this.at > until) {
      const { at } = this;
      const wait = relevant.find(({ spans }) => spans.some(({ from, to }) => from < at && to >= at));
      const next = Math.max(until, ...edges.filter((edge) => edge < at));
      this.back(wait?.stage ?? otherwise, next, null, wait ? wait.cause : cause);
    }
  }

  segments(): Segment[] {
    return this.#segments.toReversed();
  }
}

/** Seconds in each stage that took any time. */
export function secondsByStage(segments: readonly Segment[]): Partial<Record<Stage, number>> {
  const sums: Partial<Record<Stage, number>> = {};
  for (const { stage, from, to } of segments) sums[stage] = (sums[stage] ?? 0) + (to - from);
  return sums;
}
