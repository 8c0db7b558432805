import type { Job, Pipeline, Run } from '../model/pipeline.ts';
import type { Stage } from '../model/terms.ts';
import { type FileJob, needsOf } from '../model/workflow-file.ts';

/** A part of the time from merge to live, in whole seconds since the epoch. */
export interface Segment {
  stage: Stage;
  from: number;
  to: number;
  /** The name of the job; `null` for a wait. */
  name: string | null;
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
  /** The times when other deployments to the environment were running. */
  others: readonly Interval[];
  /** Workflow files by path, for the `needs` of their jobs. Without them, times alone decide which job waited for which. */
  files?: ReadonlyMap<string, FileJob[]>;
}

const seconds = (instant: Date): number => Math.floor(instant.getTime() / 1000);

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
    path.back('before-deployment', from, null);
    return path.segments();
  }
  const { run, upstream, deployJob, holds } = facts.pipeline;
  const busy = spansOf(facts.others);
  const files = facts.files ?? new Map();
  const deploy = run.jobs.find((job) => job.id === deployJob) ?? lastJobOf(run, to);
  follow(path, run, deploy, 'deploy', spansOf(holds), busy, files);
  for (const earlierRun of upstream) {
    const last = lastJobOf(earlierRun, path.at);
    path.backThrough(busy, 'behind', 'starting', last?.completedAt ? seconds(last.completedAt) : path.at);
    follow(path, earlierRun, last, 'checks', [], busy, files);
  }
  if (facts.byHand) path.back('by-hand', from, null);
  else path.backThrough(busy, 'behind', 'starting', from);
  return path.segments();
}

const spansOf = (intervals: readonly Interval[]): Span[] =>
  intervals.map(({ from, to }) => ({ from: seconds(from), to: seconds(to) }));

/** Goes back along one run, from its last job on the path (a job of the stage `lastStage`) to its creation. */
function follow(
  path: Path,
  run: Run,
  last: Job | undefined,
  lastStage: Stage,
  holds: readonly Span[],
  busy: readonly Span[],
  files: ReadonlyMap<string, FileJob[]>,
): void {
  const start = seconds(run.attemptStartedAt);
  let job = last;
  let stage = lastStage;
  const visited = new Set<number>();
  while (job?.startedAt) {
    visited.add(job.id);
    path.back(stage, seconds(job.startedAt), job.name);
    const previous = previousJob(run, job, visited, start, files);
    const readyAt = previous?.completedAt ?? job.createdAt;
    const ready = readyAt ? Math.max(start, seconds(readyAt)) : start;
    path.backThrough(stage === 'deploy' ? holds : [], 'approval', 'runner', ready);
    job = previous;
    stage = 'checks';
  }
  path.backThrough(busy, 'behind', 'starting', start);
  if (run.attempt > 1) path.back('re-runs', seconds(run.createdAt), null);
  else path.backThrough(busy, 'behind', 'starting', seconds(run.createdAt));
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
  const needs = needsOf(files, run.file ?? '', job.name);
  const needed = needs?.any ? before.filter((other) => needs.includes(other.name)) : [];
  if (needed.length > 0) return lastToEnd(needed);
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
function lastJobOf(run: Run, at: number): Job | undefined {
  let last: Job | undefined;
  for (const job of run.jobs) {
    if (job.conclusion === 'skipped' || !job.startedAt || !job.completedAt || seconds(job.completedAt) > at)
      continue;
    if (!last?.completedAt || job.completedAt > last.completedAt) last = job;
  }
  return last;
}

interface Span {
  from: number;
  to: number;
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

  back(stage: Stage, to: number, name: string | null): void {
    const from = Math.max(this.#from, Math.min(to, this.at));
    if (from < this.at) this.#segments.push({ stage, from, to: this.at, name });
    this.at = from;
  }

  /** Goes back to `to`: as the stage `inside` while a span covers the time, and as `outside` otherwise. */
  backThrough(spans: readonly Span[], inside: Stage, outside: Stage, to: number): void {
    const latestFirst = spans.filter((span) => span.to > span.from).sort((a, b) => b.to - a.to);
    for (const span of latestFirst) {
      if (span.from >= this.at || span.to <= to) continue;
      this.back(outside, Math.max(to, span.to), null);
      this.back(inside, Math.max(to, span.from), null);
    }
    this.back(outside, to, null);
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
