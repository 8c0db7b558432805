import type { Facts } from '../model/facts.ts';
import type { Pipelines } from '../model/pipeline.ts';
import { attribute } from '../measure/attribution.ts';
import { type ByHand, byHandOf } from './by-hand.ts';
import { type Cost, costOf } from './cost.ts';
import { type Finding, severityOf } from '../judge/findings.ts';
import type { MeasuredDeployment, MeasureOptions, Measures } from '../measure/measure.ts';
import { type CriticalPath, criticalPath } from './critical-path.ts';
import { type Regression, regressionOf, type ShippedChange } from './regression.ts';
import { type StageReport, stageReport } from './stage-report.ts';
import { type Suspect, suspectsIn } from './suspects.ts';

/** Where the time goes, who is suspected, what grew, and what it costs. */
export interface Diagnosis {
  stages: StageReport | null;
  /** Jobs and steps on the critical path, now and in the period before. */
  path: { now: CriticalPath; before: CriticalPath } | null;
  suspects: Suspect[];
  regression: Regression | null;
  cost: Cost | null;
}

export interface DiagnoseOptions extends MeasureOptions {
  /** Whether stages are wanted at all. */
  withStages: boolean;
  engineers: { count: number; cost: number } | null;
}

/**
 * Adds to the measures what is known of how the deployments came about: what started them, evictions among the causes
 * of batches, findings of deployments by hand, and the diagnosis.
 */
export function diagnose(
  measures: Measures,
  facts: Facts,
  pipelines: Pipelines,
  options: DiagnoseOptions,
): Measures {
  const known = withPipelines(measures, pipelines);
  const hands = known.deployments.flatMap((deployment) => {
    const hand =
      deployment.outcome === 'success'
        ? byHandOf(deployment, pipelines.byDeployment.get(deployment.id) ?? null)
        : null;
    return hand ? [{ deployment, hand }] : [];
  });
  const stages = options.withStages ? stageReport(known, pipelines) : null;
  const path = stages && {
    now: criticalPath(stages.staged, pipelines.files),
    before: criticalPath(stages.before, pipelines.files),
  };
  const seconds = known.leadTimeSeconds ?? known.leadTimeAtLeastSeconds;
  return {
    ...known,
    findings: [...known.findings, ...byHandFindings(known, hands, options)],
    gaps: [...known.gaps, ...pipelines.gaps],
    diagnosis: {
      stages,
      path,
      suspects: stages && path ? suspectsIn(path.now, stages, pipelines.evicted, known.environment) : [],
      regression:
        stages && path ? regressionOf(stages, path, shippedChanges(facts, pipelines, options)) : null,
      cost:
        options.engineers && seconds !== null
          ? costOf(seconds, options.engineers.count, options.engineers.cost)
          : null,
    },
  };
}

function withPipelines(measures: Measures, { byDeployment, evicted }: Pipelines): Measures {
  const renewed = new Map(
    measures.deployments.map((each): [MeasuredDeployment, MeasuredDeployment] => {
      const run = byDeployment.get(each.id)?.run;
      const replaced = each.batched
        ? evicted.filter((one) => each.mergesets.some((change) => change.mergeCommit === one.sha))
        : [];
      return [
        each,
        {
          ...each,
          deployment: run
            ? { ...each.deployment, trigger: run.event, url: each.deployment.url ?? run.url }
            : each.deployment,
          causes: [
            ...each.causes,
            ...replaced.map((one) => ({ kind: 'evicted' as const, run: one.id, at: one.at })),
          ],
        },
      ];
    }),
  );
  const renew = (each: MeasuredDeployment) => renewed.get(each) ?? each;
  return {
    ...measures,
    deployments: measures.deployments.map(renew),
    judged: measures.judged && renew(measures.judged),
    findings: measures.findings.map((each) =>
      each.kind === 'batch' ? { ...each, deployment: renew(each.deployment) } : each,
    ),
  };
}

function byHandFindings(
  measures: Measures,
  hands: readonly { deployment: MeasuredDeployment; hand: ByHand }[],
  { failOn }: MeasureOptions,
): Finding[] {
  const judged =
    measures.mode === 'scheduled' ? hands : hands.filter((each) => each.deployment === measures.judged);
  return judged.map((each) => ({ kind: 'manual', ...each, severity: severityOf('manual', failOn) }));
}

function shippedChanges(facts: Facts, { fileChanges }: Pipelines, options: MeasureOptions): ShippedChange[] {
  if (fileChanges.length === 0) return [];
  const { shipmentOf } = attribute(facts, {
    asOf: options.window.to,
    runId: options.runId,
    countDirectPushes: false,
  });
  return fileChanges.map((change) => ({ change, deployment: shipmentOf(change.sha)?.deployment.id ?? null }));
}
