import type { ByHand } from '../diagnose/by-hand.ts';
import type { Diagnosis } from '../diagnose/diagnose.ts';
import type { BatchCause } from '../measure/batches.ts';
import type { Measurement } from '../measure/measure.ts';
import type { MeasuredDeployment, MeasuredMergeset } from '../measure/measured.ts';
import { partsOf } from '../model/outcome.ts';
import type { Proof } from '../model/seen.ts';
import type { Service } from '../model/service.ts';
import { type FailKind, type FindingKind, type Mode, thresholdOf, type Window } from '../model/terms.ts';
import type { Budget } from './budget.ts';
import type { Confidence } from './assessment.ts';
import type { Signal } from './signal.ts';
import type { Verdict } from './verdict.ts';

export type Severity = 'notice' | 'warning' | 'error';

/** Something that the team should know, and its evidence. */
export type Finding = { severity: Severity } & (
  | { kind: 'drift'; confidence: Confidence }
  | { kind: 'no-data' }
  | { kind: 'budget-spent' | 'budget-burning'; budget: Budget }
  | { kind: 'batch'; deployment: MeasuredDeployment; causes: BatchCause[] }
  | { kind: 'slow'; mergeset: MeasuredMergeset; deployment: number | string }
  | { kind: 'stuck'; mergeset: MeasuredMergeset; failed: FailedParts | null }
  | ({ kind: 'not-live' } & Proof['overdue'][number])
  | { kind: 'manual'; deployment: MeasuredDeployment; hand: ByHand }
);

/** A deployment that would have shipped a change, and its jobs that failed. */
export interface FailedParts {
  deployment: number | string;
  jobs: string[];
}

type UnratedFinding = Finding extends infer F ? (F extends Finding ? Omit<F, 'severity'> : never) : never;

export interface FindingsInput {
  measurement: Measurement;
  diagnosis: Pick<Diagnosis, 'manualDeployments' | 'evictions'>;
  verdict: Verdict;
  judged: MeasuredDeployment | null;
  service: Pick<Service, 'target' | 'policy'>;
  mode: Mode;
  signal: Pick<Signal, 'confidence' | 'budget'>;
  /** The window that the team set. Deployments and changes from before it are not reported one by one. */
  requestedWindow: Window;
}

/**
 * The findings about the window, and about single deployments and their changes. Guard mode reports the deployment just
 * made. Scheduled mode reports every deployment of the window. Pull-request mode reports no deployment, because its change
 * is not deployed yet.
 */
export function findingsOf(input: FindingsInput): Finding[] {
  const { measurement, diagnosis, verdict, judged, service, mode, requestedWindow } = input;
  const { confidence, budget } = input.signal;
  const { failOn } = service.policy;
  const findings: UnratedFinding[] = [];
  if (verdict.status === 'drifted') findings.push({ kind: 'drift', confidence: confidence ?? 'likely' });
  if (verdict.status === 'insufficient-data') findings.push({ kind: 'no-data' });

  const threshold = thresholdOf(service.target);
  const isScheduled = mode === 'scheduled';
  const isReported = (deployment: MeasuredDeployment) => {
    if (!isScheduled) return deployment === judged;
    const { outcome, at } = deployment;
    return (outcome === 'running' ? deployment.deployment.createdAt : at) >= requestedWindow.from;
  };
  const deployments = measurement.deployments.filter(isReported);
  const changes = isScheduled
    ? measurement.mergesets.filter((mergeset) => mergeset.mergedAt >= requestedWindow.from)
    : deployments.flatMap((deployment) => deployment.mergesets);
  for (const deployment of deployments)
    if (deployment.batched) {
      const causes = [...deployment.causes, ...(diagnosis.evictions.get(deployment.id) ?? [])];
      findings.push({ kind: 'batch', deployment, causes });
    }
  for (const mergeset of changes) {
    const { deployment, leadTimeSeconds, deploysNothing } = mergeset;
    if (deployment !== null && (leadTimeSeconds ?? 0) > threshold && !deploysNothing)
      findings.push({ kind: 'slow', mergeset, deployment });
  }
  // In a freeze, changes are expected to wait. Nobody may ever deploy to an idle region.
  for (const mergeset of measurement.isFrozen || measurement.isMoved ? [] : measurement.pending)
    if (
      !mergeset.deploysNothing &&
      !mergeset.waitsForIdleRegions &&
      (mergeset.waitingSeconds ?? 0) > threshold
    )
      findings.push({ kind: 'stuck', mergeset, failed: failedWith(mergeset, measurement) });
  for (const { deployment, hand } of diagnosis.manualDeployments)
    if (isReported(deployment)) findings.push({ kind: 'manual', deployment, hand });
  for (const overdue of measurement.proof?.overdue ?? []) findings.push({ kind: 'not-live', ...overdue });
  if (budget?.isSpent) findings.push({ kind: 'budget-spent', budget });
  if (budget?.isBurning) findings.push({ kind: 'budget-burning', budget });
  const isSure = confidence === 'sure' && failOn.has('sure-drift');
  const failing = isSure ? new Set([...failOn, 'drift' as const]) : failOn;
  return findings.map((finding) => ({ ...finding, severity: severityOf(finding.kind, failing) }) as Finding);
}

/** The newest failed deployment of a change and its failed jobs; `null` if no part of a deployment failed. */
function failedWith(mergeset: MeasuredMergeset, { attribution, window }: Measurement): FailedParts | null {
  const failure = attribution.failureOf(mergeset);
  if (!failure) return null;
  const jobs = partsOf(failure.deployment, window.to, null)
    .filter((part) => part.outcome === 'failure')
    .map((part) => part.job ?? `${part.deployment.id}`);
  return jobs.length > 0 ? { deployment: failure.deployment.id, jobs } : null;
}

/** A kind that `fail-on` names is an error. */
export function severityOf(kind: FindingKind, failOn: ReadonlySet<FailKind>): Severity {
  if (failOn.has(kind)) return 'error';
  return kind === 'no-data' ? 'notice' : 'warning';
}
