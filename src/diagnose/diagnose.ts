import type { BatchCause } from '../measure/batches.ts';
import type { Measurement } from '../measure/measure.ts';
import type { MeasuredDeployment } from '../measure/measured.ts';
import type { Deployment, Gap } from '../model/facts.ts';
import type { Pipelines } from '../model/pipeline.ts';
import { type ByHand, byHandOf } from './by-hand.ts';
import { type CriticalPath, criticalPath } from './critical-path.ts';
import { type Regression, regressionOf, type ShippedChange } from './regression.ts';
import { type StageReport, stageReport } from './stage-report.ts';
import { type Suspect, suspectsIn } from './suspects.ts';

/** Where the time goes, who is suspected, what grew, and how the deployments came about. */
export interface Diagnosis {
  stages: StageReport | null;
  /** Jobs and steps on the critical path, now and in the period before. */
  path: { now: CriticalPath; before: CriticalPath } | null;
  suspects: Suspect[];
  regression: Regression | null;
  /** The deployments that a person started or let go on. */
  hands: { deployment: MeasuredDeployment; hand: ByHand }[];
  /** What started a deployment, where its run was opened. */
  origins: ReadonlyMap<Deployment['id'], { trigger: string; url: string }>;
  /** Of a batch: the runs for its changes that were replaced before they began. */
  evictions: ReadonlyMap<Deployment['id'], BatchCause[]>;
  /** What could not be read of the pipelines. */
  gaps: readonly Gap[];
}

export interface DiagnoseOptions {
  environment: string;
  /** Whether stages are wanted at all. */
  withStages: boolean;
}

/** From what was measured, and how the deployments came about, to where the time goes and why. */
export function diagnose(
  measurement: Measurement,
  pipelines: Pipelines,
  { environment, withStages }: DiagnoseOptions,
): Diagnosis {
  const stages = withStages ? stageReport(measurement, pipelines) : null;
  const path = stages && {
    now: criticalPath(stages.staged, pipelines.files),
    before: criticalPath(stages.before, pipelines.files),
  };
  return {
    stages,
    path,
    suspects: stages && path ? suspectsIn(path.now, stages, pipelines.evicted, environment) : [],
    regression: stages && path ? regressionOf(stages, path, shippedChanges(measurement, pipelines)) : null,
    hands: handsIn(measurement, pipelines),
    origins: new Map(
      [...pipelines.byDeployment].map(([id, { run }]) => [id, { trigger: run.event, url: run.url }]),
    ),
    evictions: evictionsIn(measurement, pipelines),
    gaps: pipelines.gaps,
  };
}

function handsIn({ deployments }: Measurement, { byDeployment }: Pipelines): Diagnosis['hands'] {
  return deployments.flatMap((deployment) => {
    const hand =
      deployment.outcome === 'success' ? byHandOf(deployment, byDeployment.get(deployment.id) ?? null) : null;
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
          .filter((evicted) => deployment.mergesets.some((change) => change.mergeCommit === evicted.sha))
          .map((evicted) => ({ kind: 'evicted' as const, run: evicted.id, at: evicted.at })),
      ]),
  );
}

function shippedChanges({ attribution }: Measurement, { fileChanges }: Pipelines): ShippedChange[] {
  return fileChanges.map((change) => ({
    change,
    deployment: attribution.shipmentOf(change.sha)?.deployment.id ?? null,
  }));
}
