import { verdictOf } from '../judge/verdict.ts';
import type { Measurement } from '../measure/measure.ts';
import { type MeasuredMergeset, observationsOf } from '../measure/measured.ts';
import { leadTimeOf } from '../model/lead-time.ts';
import type { Service } from '../model/service.ts';

/** The changes that wait since the last deployment was created, oldest first. Its failure may let earlier ones wait, too. */
export function changesSinceDeployment({ pending, attribution }: Measurement): {
  last: Date;
  waiting: MeasuredMergeset[];
} {
  let last = new Date(0);
  for (const { createdAt } of attribution.facts.deployments)
    if (createdAt > last && createdAt <= attribution.asOf) last = createdAt;
  const isLater = ({ mergedAt, excludedBecause }: MeasuredMergeset) =>
    excludedBecause === null && mergedAt > last;
  return { last, waiting: pending.filter(isLater) };
}

/** These changes, if the target would be met better if they were live. Their deployments may be recorded elsewhere. */
export function changesThatDecide(
  measurement: Measurement,
  { target, policy: { minSamples } }: Service,
): readonly MeasuredMergeset[] | null {
  const { leadTime, mergesets, gaps, isForeign, isFrozen } = measurement;
  if (isForeign || isFrozen || gaps.some((gap) => gap.verdictAtRisk)) return null;
  const { status } = verdictOf(leadTime, target, minSamples);
  if (status !== 'drifted' && status !== 'slipping') return null;
  const { waiting } = changesSinceDeployment(measurement);
  const isWaiting = new Set(waiting);
  const best = mergesets.map((mergeset) =>
    isWaiting.has(mergeset) ? { ...mergeset, leadTimeSeconds: 0, waitingSeconds: null } : mergeset,
  );
  return verdictOf(leadTimeOf(observationsOf(best)), target, 1).status === status ? null : waiting;
}
