import type { Diagnosis } from '../diagnose/diagnose.ts';
import type { MeasuredDeployment, Measurement } from '../measure/measure.ts';
import type { Gap } from '../model/facts.ts';
import type { FindingKind, Mode, Target } from '../model/terms.ts';
import { type Finding, findingsOf } from './findings.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** What the team holds itself to. */
export interface Policy {
  target: Target;
  minSamples: number;
  failOn: ReadonlySet<FindingKind>;
}

/** Why it is asked now. */
export interface Trigger {
  mode: Mode;
  /** The deployment that the event is about; without one, guard mode judges the newest success. */
  eventDeployment: { id: number; environment: string } | null;
}

export interface Judgement {
  verdict: Verdict;
  findings: Finding[];
  /** The deployment that guard mode judges. */
  judged: MeasuredDeployment | null;
  /** All that could not be read, and what that does to the answer. */
  gaps: Gap[];
}

/** Holds what was measured and diagnosed against the policy. */
export function judge(
  measurement: Measurement,
  diagnosis: Diagnosis,
  policy: Policy,
  trigger: Trigger,
): Judgement {
  const { target, minSamples, failOn } = policy;
  const measured = verdictOf(measurement.leadTime, target, minSamples);
  const gaps = [...measurement.gaps, ...goneCommits(measurement, measured, policy)];
  const verdict: Verdict = gaps.some((each) => each.verdictAtRisk)
    ? { ...measured, status: 'insufficient-data', reason: 'unreadable' }
    : measured;
  const judged = judgedOf(measurement, trigger);
  const findings = findingsOf({
    measurement,
    diagnosis,
    verdict,
    judged,
    target,
    mode: trigger.mode,
    failOn,
  });
  return { verdict, findings, judged, gaps: [...gaps, ...diagnosis.gaps] };
}

/** The event's deployment, or the newest success; none outside guard mode, or where the event is about another environment. */
export function judgedOf(
  { deployments }: Pick<Measurement, 'deployments'>,
  { mode, eventDeployment }: Trigger,
): MeasuredDeployment | null {
  if (mode !== 'guard') return null;
  if (eventDeployment) return deployments.find((each) => each.id === eventDeployment.id) ?? null;
  return deployments.findLast((each) => each.outcome === 'success') ?? null;
}

/**
 * Deployments of commits that are gone. Where the verdict would be another if they had shipped all that was merged
 * before them, there is none.
 */
function goneCommits(
  { gone, window }: Measurement,
  { status }: Verdict,
  { target, minSamples }: Policy,
): Gap[] {
  const verdictAtRisk = verdictOf(gone.leadTime, target, minSamples).status !== status;
  return gone.deployments
    .filter((each) => each.createdAt >= window.from)
    .map((each) => ({
      what: `Deployment ${each.id} is of commit ${each.sha.slice(0, 7) || '(none)'}, which the repository no longer has; it was skipped.`,
      consequence: `What it shipped is counted with the deployment after it.${verdictAtRisk ? ' The verdict would be another if it had shipped all that was merged before, so there is none.' : ''}`,
      verdictAtRisk,
    }));
}
