import type { Measurement } from '../measure/measure.ts';
import type { MeasuredDeployment, MeasuredMergeset } from '../measure/measured.ts';
import type { Gap } from '../model/facts.ts';
import { looksDeploying } from '../model/job-name.ts';
import { type Job, type Pipeline, type Pipelines, type Run, runOf } from '../model/pipeline.ts';
import { quantileOf } from '../model/survival.ts';
import { type Stage, STAGES } from '../model/terms.ts';
import { needsOf, runJobsOf } from '../model/workflow-file.ts';
import { byHandOf, isStartedByHand } from './by-hand.ts';
import { type GroupUse, type Segment, seconds, secondsByStage, segmentsOf } from './stages.ts';

/** Deployments to open: `auto` opens the slow ones and a sample of the others. */
export type StageDepth = 'auto' | 'full' | 'none';

/** The most deployments to open. */
const MAX_OPENED = 100;
/** A suspect must be seen in this many runs. */
export const MIN_RUNS = 5;
/** With `auto`, fast deployments are opened only until this many are open. */
const SAMPLE = 30;

/** A shipped change with its time cut into stages. */
export interface Staged {
  mergeset: MeasuredMergeset;
  deployment: MeasuredDeployment;
  pipeline: Pipeline | null;
  segments: Segment[];
  seconds: Partial<Record<Stage, number>>;
  leadTimeSeconds: number;
}

export interface StageRow {
  stage: Stage;
  medianSeconds: number;
  p90Seconds: number;
  /** Share of all time from merge to live, from 0 to 1. */
  share: number;
  /** The median of the period before; `null` if nothing is known about that period. */
  beforeSeconds: number | null;
}

export interface StageReport {
  /** Deployments that shipped a timed change, and the number of them that are cut into stages. */
  shipped: number;
  opened: number;
  /** True if any workflow run could be read. If not, only two coarse stages are known. */
  inActions: boolean;
  staged: Staged[];
  rows: StageRow[];
  slowest: Staged | null;
  median: Staged | null;
  /** The job that deploys, and jobs after it with the same environment, if there are any. */
  borrowers: { deploy: string; after: string[] } | null;
  /** The stages of each opened run of the period before. */
  before: (Pick<Staged, 'seconds' | 'segments' | 'pipeline' | 'leadTimeSeconds'> & { liveAt: Date })[];
}

export interface Opening {
  depth: StageDepth;
  /** A deployment is slow if one of its changes took longer than this. */
  thresholdSeconds: number;
  /** The deployment of this run. It is always opened. */
  judged: MeasuredDeployment | null;
}

/**
 * The deployments worth opening: the one that is judged, the newest slow ones, and an even sample of the others.
 *
 * @returns in order of time.
 */
export function worthOpening(
  measurement: Pick<Measurement, 'deployments'>,
  { depth, thresholdSeconds, judged }: Opening,
): MeasuredDeployment[] {
  if (depth === 'none') return [];
  const shipped = timedDeployments(measurement);
  if (depth === 'full') return shipped.slice(-MAX_OPENED);
  const isSlow = (deployment: MeasuredDeployment) =>
    deployment === judged ||
    deployment.mergesets.some((mergeset) => (mergeset.leadTimeSeconds ?? 0) > thresholdSeconds);
  const slow = shipped.filter(isSlow).slice(-MAX_OPENED);
  const others = shipped.filter((deployment) => !isSlow(deployment));
  const count = Math.max(0, SAMPLE - slow.length);
  const interval = Math.max(1, others.length / Math.max(1, count));
  const sample = others
    .filter((_, i) => Math.floor(i / interval) !== Math.floor((i - 1) / interval))
    .slice(0, count);
  return [...slow, ...sample].sort((a, b) => a.at.getTime() - b.at.getTime());
}

function timedDeployments({ deployments }: Pick<Measurement, 'deployments'>): MeasuredDeployment[] {
  return deployments.filter((deployment) =>
    deployment.mergesets.some((mergeset) => mergeset.leadTimeSeconds !== null),
  );
}

/** Milliseconds by which a job may seem to end before it starts, because GitHub rounds times. */
const ROUNDING = 2000;

/** Leaves out runs with jobs whose times are missing or out of order. Nobody knows what the other jobs waited for. */
export function withKnownTimes(pipelines: Pipelines): Pipelines {
  const { files, byDeployment, earlierRuns } = pipelines;
  const isKnown = ({ run, upstream }: Pipeline) =>
    [run, ...upstream].every((run) => !run.jobs.some((job) => isUnknown(job, run)));
  const isUnknown = (job: Job, run: Run): boolean => {
    if (job.conclusion === 'skipped') return false;
    const { startedAt, completedAt } = job;
    const hasEnded = ['success', 'failure', 'timed_out'].includes(job.conclusion ?? '');
    if (startedAt && completedAt) return hasEnded && completedAt.getTime() < startedAt.getTime() - ROUNDING;
    const known = startedAt ?? completedAt;
    // A job that another one has waited for has ended.
    return (
      hasEnded ||
      run.jobs.some(
        (later) =>
          later.startedAt !== null &&
          later.conclusion !== 'skipped' &&
          (needsOf(files, run.file ?? '', later.name, run.event)?.includes(job.name) ??
            (known !== null && known <= later.startedAt)),
      )
    );
  };
  const known = [...byDeployment].filter(([, pipeline]) => isKnown(pipeline));
  const earlier = earlierRuns.filter(({ pipeline }) => isKnown(pipeline));
  const count = byDeployment.size - known.length + earlierRuns.length - earlier.length;
  const undated = known.filter(([, { run }]) => run.isUndated).length;
  const gaps: Gap[] = [];
  if (count > 0)
    gaps.push({
      what: `${count === 1 ? '1 run has' : `${count} runs have`} jobs whose times are missing or out of order.`,
      consequence: 'Stages and suspects leave these runs out.',
      verdictAtRisk: false,
    });
  if (undated > 0)
    gaps.push({
      what: `GitHub did not say when the jobs of ${undated === 1 ? '1 run' : `${undated} runs`} could have started.`,
      consequence:
        'The time before these jobs may be more than a wait for a runner, so no advice is based on it.',
      verdictAtRisk: false,
    });
  if (gaps.length === 0) return pipelines;
  return {
    ...pipelines,
    byDeployment: new Map(known),
    earlierRuns: earlier,
    gaps: [...pipelines.gaps, ...gaps],
  };
}

/** Cuts the opened deployments, and those made outside GitHub Actions, into stages and summarizes them. */
export function stageReport(
  measurement: Pick<Measurement, 'deployments'>,
  pipelines: Pipelines,
): StageReport {
  const shipped = timedDeployments(measurement);
  const intervals = measurement.deployments.map((deployment) => ({
    from: deployment.deployment.createdAt,
    to: deployment.at,
  }));
  const { files, checks } = pipelines;
  const hasChecks = [...checks.values()].some((runs) => runs.length > 0);
  const opened = shipped.flatMap((deployment) => {
    const pipeline = pipelines.byDeployment.get(deployment.id) ?? null;
    const isRead = !hasChecks || checks.has(deployment.deployment.sha);
    return pipeline || (runOf(deployment.deployment) === null && isRead) ? [{ deployment, pipeline }] : [];
  });
  const { parts, borrowers } = partsOf(opened);
  const known = { files, groups: groupUses(pipelines), isTimer: isTimer(opened), parts };
  const staged = opened.flatMap(({ deployment, pipeline }) => {
    const { createdAt, sha } = deployment.deployment;
    const facts = {
      ...known,
      createdAt,
      pipeline,
      byHand: pipeline !== null && isStartedByHand(byHandOf(deployment, pipeline)),
      others: pipeline === null ? [] : intervals.filter((interval) => interval.to < deployment.at),
      checks: checksBefore(createdAt, checks.get(sha) ?? []),
    };
    return deployment.mergesets.flatMap((mergeset): Staged[] => {
      const { mergedAt, deployedAt, leadTimeSeconds } = mergeset;
      if (leadTimeSeconds === null || deployedAt === null) return [];
      const segments = segmentsOf({ ...facts, mergedAt, liveAt: deployedAt });
      const seconds = secondsByStage(segments);
      return [{ mergeset, deployment, pipeline, segments, seconds, leadTimeSeconds }];
    });
  });
  const before = pipelines.earlierRuns.map(({ pipeline, mergedAt, liveAt }) => {
    const segments = segmentsOf({
      ...known,
      mergedAt,
      liveAt,
      createdAt: mergedAt,
      pipeline,
      byHand: false,
      others: [],
    });
    const leadTimeSeconds = segments.reduce((sum, segment) => sum + segment.to - segment.from, 0);
    return { seconds: secondsByStage(segments), segments, pipeline, leadTimeSeconds, liveAt };
  });
  const bySpeed = staged.toSorted((a, b) => a.leadTimeSeconds - b.leadTimeSeconds);
  return {
    shipped: shipped.length,
    opened: new Set(staged.map((change) => change.deployment)).size,
    borrowers,
    inActions: staged.some((change) => change.pipeline !== null),
    staged,
    rows: rowsOf(staged, before),
    slowest: bySpeed.at(-1) ?? null,
    median: bySpeed[Math.floor((bySpeed.length - 1) / 2)] ?? null,
    before,
  };
}

function rowsOf(staged: readonly Staged[], before: StageReport['before']): StageRow[] {
  const total = staged.reduce((sum, change) => sum + change.leadTimeSeconds, 0);
  return STAGES.flatMap((stage) => {
    const times = staged.map((change) => change.seconds[stage] ?? 0);
    const sum = times.reduce((subtotal, time) => subtotal + time, 0);
    const earlier = before.map(({ seconds }) => seconds[stage] ?? 0);
    const beforeSeconds = earlier.length > 0 ? quantileOf(earlier, 0.5) : null;
    if (sum === 0 && !beforeSeconds) return [];
    return [
      {
        stage,
        medianSeconds: quantileOf(times, 0.5),
        p90Seconds: quantileOf(times, 0.9),
        share: total > 0 ? sum / total : 0,
        beforeSeconds,
      },
    ];
  });
}

type Opened = { deployment: MeasuredDeployment; pipeline: Pipeline | null }[];

const isTest = (name: string): boolean => /\b(?:e2e|end-to-end|tests?|verify|check)\b/i.test(name);
const ownName = (name: string): string => name.split(' / ').at(-1) ?? name;

/**
 * The jobs that made parts of deployments. A job that starts after the one that deploys, and does not deploy itself, such
 * as end-to-end tests, only borrows the environment. GitHub records a deployment for it all the same.
 */
function partsOf(opened: Opened): { parts: Map<string, Stage>; borrowers: StageReport['borrowers'] } {
  const parts = new Map<string, Stage>();
  let borrowers: StageReport['borrowers'] = null;
  for (const { deployment, pipeline } of opened) {
    const ids = (deployment.deployment.parts ?? []).flatMap(({ attempts }) =>
      attempts.map((attempt) => runOf(attempt)?.job),
    );
    const jobs = pipeline?.run.jobs.filter(({ id }) => ids.includes(id)) ?? [];
    const startsAfter = (job: Job, other: Job) =>
      job.startedAt !== null && other.completedAt !== null && job.startedAt >= other.completedAt;
    const after = jobs.filter(
      (job) =>
        !looksDeploying(ownName(job.name)) &&
        jobs.some((other) => startsAfter(job, other) && (looksDeploying(other.name) || isTest(job.name))),
    );
    const deploying = jobs.filter((job) => !after.includes(job));
    for (const [i, { name }] of deploying.entries())
      if (looksDeploying(name) || i === deploying.length - 1) parts.set(name, 'deploy');
    for (const { name } of after) parts.set(name, 'after-deploy');
    const deploy = deploying.at(-1)?.name;
    if (after.length > 0 && deploy !== undefined)
      borrowers = { deploy, after: after.map(({ name }) => name) };
  }
  return { parts, borrowers };
}

/** Seconds that GitHub may take to notice that a wait timer has ended. */
const TIMER_DELAY = 45;

/** True if every hold took the same whole number of minutes and nobody approved any, so that wait timers explain them. */
function isTimer(opened: Opened): boolean {
  const held = opened.flatMap(({ pipeline }) => (pipeline && pipeline.holds.length > 0 ? [pipeline] : []));
  const seconds = held.flatMap(({ holds }) =>
    holds.map(({ from, to }) => (to.getTime() - from.getTime()) / 1000),
  );
  const minutes = Math.floor(Math.min(...seconds) / 60);
  // Only one run's approval was read. A few equal times are no accident.
  const isKnown = held.length > 2 || held.some(({ approvedBy }) => approvedBy === null);
  return (
    minutes > 0 &&
    isKnown &&
    !held.some(({ approvedBy }) => approvedBy) &&
    seconds.every((hold) => hold - minutes * 60 <= TIMER_DELAY)
  );
}

/** The times when runs, and jobs with groups of their own, were in concurrency groups, by the groups' names. */
function groupUses({ byDeployment, files }: Pipelines): Map<string, GroupUse[]> {
  const uses = new Map<string, Map<string, GroupUse>>();
  const runs = new Map(
    [...byDeployment.values()].flatMap(({ run, upstream }) => [run, ...upstream].map((run) => [run.id, run])),
  );
  for (const run of runs.values())
    for (const job of run.jobs) {
      if (!job.startedAt || !job.completedAt || job.conclusion === 'skipped') continue;
      const [inFile, ...others] = runJobsOf(files, run.file ?? '', job.name, run.event);
      if (!inFile || others.length > 0) continue;
      for (const { name, isOwn } of inFile.groups) {
        const ofGroup = uses.get(name) ?? new Map<string, GroupUse>();
        const key = `${run.id} ${isOwn ? job.id : ''}`;
        const [from, to] = [seconds(job.startedAt), seconds(job.completedAt)];
        const use = ofGroup.get(key);
        ofGroup.set(key, {
          run: run.id,
          job: isOwn ? job.id : null,
          from: Math.min(from, use?.from ?? from),
          to: Math.max(to, use?.to ?? to),
        });
        uses.set(name, ofGroup);
      }
    }
  return new Map([...uses].map(([name, ofGroup]) => [name, [...ofGroup.values()]]));
}

/** The run of a commit that ended last before its deployment was created, without a failure. */
function checksBefore(createdAt: Date, runs: readonly Run[]): Run | null {
  const ended = runs.flatMap((run) => {
    const ends = run.jobs.map(({ completedAt }) => completedAt?.getTime() ?? Number.POSITIVE_INFINITY);
    const hasFailed = run.jobs.some(({ conclusion }) => conclusion === 'failure');
    return run.jobs.length === 0 || hasFailed ? [] : [{ run, end: Math.max(...ends) }];
  });
  const before = ended.filter(({ end }) => end <= createdAt.getTime()).sort((a, b) => b.end - a.end);
  return before[0]?.run ?? null;
}
