import type { Measurement } from '../measure/measure.ts';
import type { Mergeset } from '../model/mergesets.ts';
import type { Service } from '../model/service.ts';

/**
 * The changes that wait since the last deployment was created, oldest first, if any change has waited longer than the
 * target: their deployments may be recorded elsewhere. Earlier changes can wait because a deployment failed.
 */
export function changesWithoutDeployment(
  { pending, attribution, gaps, isForeign, isFrozen }: Measurement,
  { target }: Service,
): readonly Mergeset[] | null {
  if (isForeign || isFrozen || gaps.some((gap) => gap.verdictAtRisk)) return null;
  let last = new Date(0);
  for (const { createdAt } of attribution.facts.deployments)
    if (createdAt > last && createdAt <= attribution.asOf) last = createdAt;
  const counted = pending.filter(({ excludedBecause }) => excludedBecause === null);
  const waiting = counted.filter(({ mergedAt }) => mergedAt > last);
  const isLate = counted.some(({ waitingSeconds }) => (waitingSeconds ?? 0) > target.seconds);
  return isLate && waiting.length > 0 ? waiting : null;
}
