import type { Job, Pipeline, Run } from '../model/pipeline.ts';
import type { Stage } from '../model/terms.ts';
import { type FileJob, needsOf } from '../model/workflow-file.ts';

/** A stretch of the time from merge to live, in whole seconds since the epoch; `name` is the job's, where it is one. */
export interface Segment {
  stage: Stage;
  from: number;
  to: number;
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
  /** `null`: made from outside Actions, or not opened. */
  pipeline: Pipeline | null;
  /** Whether a person set it off. */
  byHand: boolean;
  /** When other deployments to the environment were under way. */
  others: readonly Interval[];
  /** The workflow files, by their paths, for what a job needs; without, that is told by the times alone. */
  files?: ReadonlyMap<string, FileJob[]>;
}

const seconds = (instant: Date): number => Math.floor(instant.getTime() / 1000);

/** A job with needs is created when the last of them ends, give or take the scheduler's own time, in seconds. */
const SCHEDULING = 15;

/**
 * Cuts the time from merge to live into stages, without gap or overlap: they sum to the lead time, to the second.
 *
 * The path is followed backwards from the moment it was live: the deploy job, what held it, the job whose end it
 * waited for, and so on to the run's first job; then earlier attempts, the runs before it (`workflow_run`), and what
 * was left between the merge and the first run. Where GitHub tells nothing of a run there are two stages only, before
 * and after the deployment was created.
 *
 * @returns segments in order of time, none empty; none at all for a lead time of 0.
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
  const busy = facts.others.map((interval) => ({ from: seconds(interval.from), to: seconds(interval.to) }));
  const last = run.jobs.find((job) => job.id === deployJob) ?? lastOf(run, to);
  const files = facts.files ?? new Map();
  follow(path, run, last, 'deploy', holds, busy, files);
  for (const before of upstream) {
    const lastBefore = lastOf(before, path.at);
    path.backThrough(
      busy,
      'behind',
      'starting',
      lastBefore?.completedAt ? seconds(lastBefore.completedAt) : path.at,
    );
    follow(path, before, lastBefore, 'checks', [], busy, files);
  }
  if (facts.byHand) path.back('by-hand', from, null);
  else path.backThrough(busy, 'behind', 'starting', from);
  return path.segments();
}

/** Goes back along one run, from its last job on the path to its creation. */
function follow(
  path: Path,
  run: Run,
  last: Job | undefined,
  stage: Stage,
  holds: readonly Interval[],
  busy: Span[],
  files: ReadonlyMap<string, FileJob[]>,
): void {
  const begun = seconds(run.attemptStartedAt);
  let job = last;
  let of = stage;
  const passed = new Set<number>();
  while (job?.startedAt) {
    passed.add(job.id);
    path.back(of, seconds(job.startedAt), job.name);
    const waited = waitedFor(run, job, passed, begun, files);
    const ready = waited?.completedAt
      ? seconds(waited.completedAt)
      : job.createdAt
        ? seconds(job.createdAt)
        : begun;
    const held =
      of === 'deploy' ? holds.map((hold) => ({ from: seconds(hold.from), to: seconds(hold.to) })) : [];
    path.backThrough(held, 'approval', 'runner', Math.max(begun, ready));
    job = waited;
    of = 'checks';
  }
  path.backThrough(busy, 'behind', 'starting', begun);
  if (run.attempt > 1) path.back('re-runs', seconds(run.createdAt), null);
  else path.backThrough(busy, 'behind', 'starting', seconds(run.createdAt));
}

/**
 * The job whose end this one waited for: of those that ended before it was ready, the last; of those that it needs, where
 * its file says which these are. A file that has changed since may name none that ran, and then the times decide.
 */
function waitedFor(
  run: Run,
  job: Job,
  passed: ReadonlySet<number>,
  begun: number,
  files: ReadonlyMap<string, FileJob[]>,
): Job | undefined {
  const ready = seconds(job.createdAt ?? job.startedAt ?? run.attemptStartedAt);
  const before = run.jobs.filter(
    (job) =>
      !passed.has(job.id) &&
      job.conclusion !== 'skipped' &&
      job.startedAt !== null &&
      seconds(job.startedAt) >= begun &&
      job.completedAt !== null &&
      seconds(job.completedAt) <= ready,
  );
  const needs = needsOf(files, run.file ?? '', job.name);
  const needed = needs?.any ? before.filter((job) => needs.includes(job.name)) : [];
  if (needed.length > 0) return lastToEnd(needed);
  // A job is created when the last that it needs has ended.
  return lastToEnd(
    before.filter(
      (other) => job.createdAt === null || seconds(other.completedAt ?? run.createdAt) >= ready - SCHEDULING,
    ),
  );
}

/** In seconds; of several the first. */
function lastToEnd(jobs: readonly Job[]): Job | undefined {
  let found: Job | undefined;
  for (const job of jobs)
    if (job.completedAt && (!found?.completedAt || seconds(job.completedAt) > seconds(found.completedAt)))
      found = job;
  return found;
}

/** The job of a run that ended last, no later than `at`. */
function lastOf(run: Run, at: number): Job | undefined {
  let found: Job | undefined;
  for (const job of run.jobs) {
    if (job.conclusion === 'skipped' || !job.startedAt || !job.completedAt || seconds(job.completedAt) > at)
      continue;
    if (!found?.completedAt || job.completedAt > found.completedAt) found = job;
  }
  return found;
}

interface Span {
  from: number;
  to: number;
}

/** Segments from the end backwards, always touching, never before the merge. */
class Path {
  readonly #from: number;
  readonly #segments: Segment[] = [];
  /** How far back it has come. */
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

  /** Goes back to `to`: as `inside` where a span covers the time, as `outside` elsewhere. */
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

/** Seconds in each stage; only those that took any. */
export function secondsByStage(segments: readonly Segment[]): Partial<Record<Stage, number>> {
  const sums: Partial<Record<Stage, number>> = {};
  for (const { stage, from, to } of segments) sums[stage] = (sums[stage] ?? 0) + (to - from);
  return sums;
}
