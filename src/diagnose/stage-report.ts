import type { Pipeline, Pipelines } from '../model/pipeline.ts';
import { runOf } from '../model/pipeline.ts';
import { byHandOf, isStartedByHand } from './by-hand.ts';
import type { Measurement } from '../measure/measure.ts';
import type { MeasuredDeployment, MeasuredMergeset } from '../measure/measured.ts';
import { type Stage, STAGES } from '../model/terms.ts';
import { type Segment, secondsByStage, segmentsOf } from './stages.ts';
import { quantileOf } from '../model/survival.ts';

/** How much is opened: `auto` all of the slow deployments and a sample of the others, `full` all, `none` none. */
export type StageDepth = 'auto' | 'full' | 'none';

/** At most so many deployments are opened, and with `auto` so many of which not all are slow. */
const MOST_OPENED = 100;
const SAMPLE = 30;

/** A shipped mergeset with its time cut into stages. */
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
  /** Of all time from merge to live, from 0 to 1. */
  share: number;
  /** The median of the period before; `null` where nothing of it is known. */
  beforeSeconds: number | null;
}

export interface StageReport {
  /** Deployments that shipped something timed, and how many of them are cut below. */
  shipped: number;
  opened: number;
  /** Whether any was made by a workflow run that could be read; otherwise two coarse stages are all that is known. */
  inActions: boolean;
  staged: Staged[];
  rows: StageRow[];
  slowest: Staged | null;
  median: Staged | null;
  /** Of the period before: the stages of each run that was opened. */
  before: (Pick<Staged, 'seconds' | 'segments' | 'pipeline' | 'leadTimeSeconds'> & { liveAt: Date })[];
}

export interface Opening {
  depth: StageDepth;
  /** What takes longer is slow. */
  thresholdSeconds: number;
  /** The one that is judged: always opened. */
  judged: MeasuredDeployment | null;
}

/** The deployments worth opening: the one judged, all slow ones, newest first, and an even sample of the others. */
export function worthOpening(
  measurement: Pick<Measurement, 'deployments'>,
  { depth, thresholdSeconds, judged }: Opening,
): MeasuredDeployment[] {
  if (depth === 'none') return [];
  const shipped = timedDeployments(measurement);
  if (depth === 'full') return shipped.slice(-MOST_OPENED);
  const isSlow = (deployment: MeasuredDeployment) =>
    deployment === judged ||
    deployment.mergesets.some((mergeset) => (mergeset.leadTimeSeconds ?? 0) > thresholdSeconds);
  const slow = shipped.filter(isSlow).slice(-MOST_OPENED);
  const others = shipped.filter((deployment) => !isSlow(deployment));
  const room = Math.max(0, SAMPLE - slow.length);
  const every = Math.max(1, others.length / Math.max(1, room));
  const sampled =
    room === 0 ? [] : others.filter((_, i) => Math.floor(i / every) !== Math.floor((i - 1) / every));
  return [...slow, ...sampled.slice(0, room)].sort((a, b) => a.at.getTime() - b.at.getTime());
}

function timedDeployments({ deployments }: Pick<Measurement, 'deployments'>): MeasuredDeployment[] {
  return deployments.filter((deployment) =>
    deployment.mergesets.some((mergeset) => mergeset.leadTimeSeconds !== null),
  );
}

/** Cuts what was opened, and what was made from outside Actions, and sums it up. */
export function stageReport(
  measurement: Pick<Measurement, 'deployments'>,
  pipelines: Pipelines,
): StageReport {
  const shipped = timedDeployments(measurement);
  const intervals = measurement.deployments.map((deployment) => ({
    from: deployment.deployment.createdAt,
    to: deployment.at,
  }));
  const staged = shipped.flatMap((deployment) => {
    const pipeline = pipelines.byDeployment.get(deployment.id) ?? null;
    if (pipeline === null && runOf(deployment.deployment) !== null) return [];
    const others = intervals.filter((interval) => interval.to < deployment.at);
    return deployment.mergesets.flatMap((mergeset) =>
      cut(mergeset, deployment, pipeline, others, pipelines.files),
    );
  });
  const before = pipelines.before.map(({ pipeline, mergedAt, liveAt }) => {
    const segments = segmentsOf({
      mergedAt,
      liveAt,
      createdAt: mergedAt,
      pipeline,
      byHand: false,
      others: [],
      files: pipelines.files,
    });
    const leadTimeSeconds = segments.reduce((sum, segment) => sum + segment.to - segment.from, 0);
    return { seconds: secondsByStage(segments), segments, pipeline, leadTimeSeconds, liveAt };
  });
  const bySpeed = staged.toSorted((a, b) => a.leadTimeSeconds - b.leadTimeSeconds);
  return {
    shipped: shipped.length,
    opened: new Set(staged.map((change) => change.deployment)).size,
    inActions: staged.some((change) => change.pipeline !== null),
    staged,
    rows: rowsOf(staged, before),
    slowest: bySpeed.at(-1) ?? null,
    median: bySpeed[Math.floor((bySpeed.length - 1) / 2)] ?? null,
    before,
  };
}

function cut(
  mergeset: MeasuredMergeset,
  deployment: MeasuredDeployment,
  pipeline: Pipeline | null,
  others: readonly { from: Date; to: Date }[],
  files: Pipelines['files'],
): Staged[] {
  if (mergeset.leadTimeSeconds === null || mergeset.deployedAt === null) return [];
  const segments = segmentsOf({
    mergedAt: mergeset.mergedAt,
    liveAt: mergeset.deployedAt,
    createdAt: deployment.deployment.createdAt,
    pipeline,
    byHand: pipeline !== null && isStartedByHand(byHandOf(deployment, pipeline)),
    others,
    files,
  });
  return [
    {
      mergeset,
      deployment,
      pipeline,
      segments,
      seconds: secondsByStage(segments),
      leadTimeSeconds: mergeset.leadTimeSeconds,
    },
  ];
}

function rowsOf(staged: readonly Staged[], before: StageReport['before']): StageRow[] {
  const total = staged.reduce((sum, change) => sum + change.leadTimeSeconds, 0);
  return STAGES.flatMap((stage) => {
    const times = staged.map((change) => change.seconds[stage] ?? 0);
    const sum = times.reduce((all, time) => all + time, 0);
    const earlier = before.map((each) => each.seconds[stage] ?? 0);
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
