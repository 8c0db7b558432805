import type { FindingKind } from '../model/terms.ts';
import type { ByHand } from '../diagnose/by-hand.ts';
import type { MeasuredDeployment, MeasuredMergeset, Measures } from '../measure/measure.ts';

export type Severity = 'notice' | 'warning' | 'error';

/** Something that a person should know, and what shows it. */
export type Finding = { severity: Severity } & (
  | { kind: 'drift' | 'no-data' }
  | { kind: 'batch'; deployment: MeasuredDeployment }
  | { kind: 'slow'; mergeset: MeasuredMergeset; deployment: number | string }
  | { kind: 'stuck'; mergeset: MeasuredMergeset }
  | { kind: 'manual'; deployment: MeasuredDeployment; hand: ByHand }
);

type Unweighed = Finding extends infer F ? (F extends Finding ? Omit<F, 'severity'> : never) : never;

/**
 * What the measures show. Guard mode judges the deployment just made, scheduled mode every one of the window, and
 * pull-request mode none, as there the change at hand is not deployed yet; the window itself is judged in each.
 */
export function findingsOf(
  measures: Omit<Measures, 'findings'>,
  failOn: ReadonlySet<FindingKind>,
): Finding[] {
  const { status, target, judged, pending } = measures;
  const found: Unweighed[] = [];
  if (status === 'drifted') found.push({ kind: 'drift' });
  if (status === 'insufficient-data') found.push({ kind: 'no-data' });

  const isScheduled = measures.mode === 'scheduled';
  const deployments = measures.deployments.filter((each) => isScheduled || each === judged);
  const shipped = isScheduled ? measures.mergesets : deployments.flatMap((each) => each.mergesets);
  for (const deployment of deployments) if (deployment.batched) found.push({ kind: 'batch', deployment });
  for (const mergeset of shipped) {
    const { deployment, leadTimeSeconds } = mergeset;
    if (deployment !== null && leadTimeSeconds !== null && leadTimeSeconds > target.thresholdSeconds)
      found.push({ kind: 'slow', mergeset, deployment });
  }
  for (const mergeset of pending) {
    if ((mergeset.waitingSeconds ?? 0) > target.thresholdSeconds) found.push({ kind: 'stuck', mergeset });
  }
  return found.map((each) => ({ ...each, severity: severityOf(each.kind, failOn) }) as Finding);
}

/** An error where `fail-on` names it. */
export function severityOf(kind: FindingKind, failOn: ReadonlySet<FindingKind>): Severity {
  if (failOn.has(kind)) return 'error';
  return kind === 'no-data' ? 'notice' : 'warning';
}
