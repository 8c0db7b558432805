import type { Measurement } from '../measure/measure.ts';
import type { MeasuredDeployment, MeasuredMergeset } from '../measure/measured.ts';
import { type Pipeline, type Pipelines, runOf } from '../model/pipeline.ts';
import { quantileOf } from '../model/survival.ts';
import { type Stage, STAGES } from '../model/terms.ts';
import { byHandOf, isStartedByHand } from './by-hand.ts';
import { type Segment, secondsByStage, segmentsOf } from './stages.ts';

/** Deployments to open: `auto` opens the slow ones and a sample of the others. */
export type StageDepth = 'auto' | 'full' | 'none';

/** The most deployments to open. */
const MAX_OPENED = 100;
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
  const staged = shipped.flatMap((deployment) => {
    const pipeline = pipelines.byDeployment.get(deployment.id) ?? null;
    if (pipeline === null && runOf(deployment.deployment) !== null) return [];
    const facts = {
      createdAt: deployment.deployment.createdAt,
      pipeline,
      byHand: pipeline !== null && isStartedByHand(byHandOf(deployment, pipeline)),
      others: intervals.filter((interval) => interval.to < deployment.at),
      files: pipelines.files,
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
