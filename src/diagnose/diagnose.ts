import type { BatchCause } from '../measure/batches.ts';
import type { Measurement } from '../measure/measure.ts';
import type { MeasuredDeployment } from '../measure/measured.ts';
import type { Deployment, Gap } from '../model/facts.ts';
import type { Pipelines } from '../model/pipeline.ts';
import { type ByHand, byHandOf } from './by-hand.ts';
import { type CriticalPath, criticalPath } from './critical-path.ts';
import type { DoubtfulDeployments } from './doubtful-deployments.ts';
import { type Regression, regressionOf, type ShippedChange } from './regression.ts';
import { type StageReport, stageReport, withKnownTimes } from './stage-report.ts';

/** The stages of the time to live, a regression if there is one, and how the deployments were started. */
export interface Diagnosis {
  stages: StageReport | null;
  /** Jobs and steps on the critical path, in the window and in the period before it. */
  path: { now: CriticalPath; before: CriticalPath } | null;
  regression: Regression | null;
  /** The deployments that a person started or approved. */
  manualDeployments: { deployment: MeasuredDeployment; hand: ByHand }[];
  /** The event and the address of each run that was opened, by its deployment. */
  origins: ReadonlyMap<Deployment['id'], { trigger: string; url: string }>;
  /** The runs for the changes of a batch that were replaced before they started, by its deployment. */
  evictions: ReadonlyMap<Deployment['id'], BatchCause[]>;
  doubtful: DoubtfulDeployments;
  /** Parts of the pipelines that could not be read. */
  gaps: readonly Gap[];
}

export interface DiagnoseOptions {
  withStages: boolean;
  /** By default there are none. */
  doubtful?: DoubtfulDeployments;
}

/** Explains a measurement with the pipelines behind its deployments. */
export function diagnose(
  measurement: Measurement,
  pipelines: Pipelines,
  { withStages, doubtful = { skippedSteps: [], gaps: [] } }: DiagnoseOptions,
): Diagnosis {
  const timed = withStages ? withKnownTimes(pipelines) : pipelines;
  const stages = withStages ? stageReport(measurement, timed) : null;
  const path = stages && {
    now: criticalPath(stages.staged, pipelines.files),
    before: criticalPath(stages.before, pipelines.files),
  };
  return {
    stages,
    path,
    regression: stages && path ? regressionOf(stages, path, shippedChanges(measurement, pipelines)) : null,
    manualDeployments: handsIn(measurement, pipelines),
    origins: new Map(
      [...pipelines.byDeployment].map(([id, { run }]) => [id, { trigger: run.event, url: run.url }]),
    ),
    evictions: evictionsIn(measurement, pipelines),
    doubtful,
    gaps: timed.gaps,
  };
}

function handsIn({ deployments }: Measurement, { byDeployment }: Pipelines): Diagnosis['manualDeployments'] {
  return deployments.flatMap((deployment) => {
    if (deployment.outcome !== 'success') return [];
    const hand = byHandOf(deployment, byDeployment.get(deployment.id) ?? null);
    return hand ? [{ deployment, hand }] : [];
  });
}

function evictionsIn({ deployments }: Measurement, { evicted }: Pipelines): Diagnosis['evictions'] {
  return new Map(
    deployments
      .filter((deployment) => deployment.batched)
      .map((deployment) => [
        deployment.id,
        evicted
          .filter((run) => deployment.mergesets.some((change) => change.mergeCommit === run.sha))
          .map((run) => ({ kind: 'evicted' as const, run: run.id, at: run.at })),
      ]),
  );
}

function shippedChanges({ attribution }: Measurement, { fileChanges }: Pipelines): ShippedChange[] {
  return fileChanges.map((change) => ({
    change,
    deployment: attribution.shipmentOf(change.sha)?.deployment.id ?? null,
  }));
}
