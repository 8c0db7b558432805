import type { ByHand } from '../diagnose/by-hand.ts';
import type { Diagnosis } from '../diagnose/diagnose.ts';
import type { BatchCause } from '../measure/batches.ts';
import type { Measurement } from '../measure/measure.ts';
import type { MeasuredDeployment, MeasuredMergeset } from '../measure/measured.ts';
import { partsOf } from '../model/outcome.ts';
import {
  type FailKind,
  type FindingKind,
  type Mode,
  type Target,
  thresholdOf,
  type Window,
} from '../model/terms.ts';
import type { Budget } from './budget.ts';
import type { Confidence } from './look.ts';
import type { Verdict } from './verdict.ts';

export type Severity = 'notice' | 'warning' | 'error';

/** Something that a person should know, and what shows it. */
export type Finding = { severity: Severity } & (
  | { kind: 'drift'; confidence: Confidence }
  | { kind: 'no-data' }
  | { kind: 'budget-spent' | 'budget-burning'; budget: Budget }
  | { kind: 'batch'; deployment: MeasuredDeployment; causes: BatchCause[] }
  | { kind: 'slow'; mergeset: MeasuredMergeset; deployment: number | string }
  | { kind: 'stuck'; mergeset: MeasuredMergeset; failed: FailedParts | null }
  | { kind: 'manual'; deployment: MeasuredDeployment; hand: ByHand }
);

/** A rollout that would have shipped a change, and the jobs in which it failed. */
export interface FailedParts {
  deployment: number | string;
  jobs: string[];
}

type Unweighed = Finding extends infer F ? (F extends Finding ? Omit<F, 'severity'> : never) : never;

export interface Judged {
  measurement: Measurement;
  diagnosis: Pick<Diagnosis, 'hands' | 'evictions'>;
  verdict: Verdict;
  judged: MeasuredDeployment | null;
  target: Target;
  mode: Mode;
  failOn: ReadonlySet<FailKind>;
  /** How sure a drift is. */
  confidence: Confidence | null;
  /** `null`: there is no objective. */
  budget: Budget | null;
  /** The window as it was asked for: what single deployments and changes did before is no news. */
  requestedWindow: Window;
}

/**
 * What there is to say. Guard mode judges the deployment just made, scheduled mode every one of the window, and
 * pull-request mode none, as there the change at hand is not deployed yet; the window itself is judged in each.
 */
export function findingsOf({
  measurement,
  diagnosis,
  verdict,
  judged,
  target,
  mode,
  failOn,
  confidence,
  budget,
  requestedWindow: asked,
}: Judged): Finding[] {
  const found: Unweighed[] = [];
  if (verdict.status === 'drifted') found.push({ kind: 'drift', confidence: confidence ?? 'likely' });
  if (verdict.status === 'insufficient-data') found.push({ kind: 'no-data' });

  const threshold = thresholdOf(target);
  const isScheduled = mode === 'scheduled';
  const isNews = ({ deployment, outcome, at }: MeasuredDeployment) =>
    (outcome === 'running' ? deployment.createdAt : at) >= asked.from;
  const deployments = measurement.deployments.filter((deployment) =>
    isScheduled ? isNews(deployment) : deployment === judged,
  );
  const shipped = isScheduled
    ? measurement.mergesets.filter((mergeset) => mergeset.mergedAt >= asked.from)
    : deployments.flatMap((deployment) => deployment.mergesets);
  for (const deployment of deployments)
    if (deployment.batched) {
      const causes = [...deployment.causes, ...(diagnosis.evictions.get(deployment.id) ?? [])];
      found.push({ kind: 'batch', deployment, causes });
    }
  for (const mergeset of shipped) {
    const { deployment, leadTimeSeconds } = mergeset;
    if (
      deployment !== null &&
      leadTimeSeconds !== null &&
      leadTimeSeconds > threshold &&
      !mergeset.ridesAlong
    )
      found.push({ kind: 'slow', mergeset, deployment });
  }
  // In a freeze nothing is expected to get live.
  for (const mergeset of measurement.isFrozen ? [] : measurement.pending)
    if (!mergeset.ridesAlong && (mergeset.waitingSeconds ?? 0) > threshold)
      found.push({ kind: 'stuck', mergeset, failed: failedWith(mergeset, measurement) });
  for (const { deployment, hand } of diagnosis.hands)
    if (isScheduled ? isNews(deployment) : deployment === judged)
      found.push({ kind: 'manual', deployment, hand });
  if (budget?.isSpent) found.push({ kind: 'budget-spent', budget });
  if (budget?.isBurning) found.push({ kind: 'budget-burning', budget });
  const isSure = confidence === 'sure' && failOn.has('sure-drift');
  const failing = isSure ? new Set([...failOn, 'drift' as const]) : failOn;
  return found.map((each) => ({ ...each, severity: severityOf(each.kind, failing) }) as Finding);
}

function failedWith(mergeset: MeasuredMergeset, { attribution, window }: Measurement): FailedParts | null {
  const failure = attribution.failureOf(mergeset);
  if (!failure) return null;
  const jobs = partsOf(failure.deployment, window.to, null)
    .filter((part) => part.outcome === 'failure')
    .map((part) => part.job ?? `${part.deployment.id}`);
  return jobs.length > 0 ? { deployment: failure.deployment.id, jobs } : null;
}

/** An error where `fail-on` names it. */
export function severityOf(kind: FindingKind, failOn: ReadonlySet<FailKind>): Severity {
  if (failOn.has(kind)) return 'error';
  return kind === 'no-data' ? 'notice' : 'warning';
}
