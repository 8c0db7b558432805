import { verdictOf } from '../judge/verdict.ts';
import type { Measurement } from '../measure/measure.ts';
import { observationsOf } from '../measure/measured.ts';
import { leadTimeOf } from '../model/lead-time.ts';
import type { Mergeset } from '../model/mergesets.ts';
import type { Service } from '../model/service.ts';

/**
 * The changes that wait since the last deployment was created, oldest first, if there is a drift that could not be if they
 * were live: their deployments may be recorded elsewhere. Earlier changes can wait because a deployment failed.
 */
export function changesThatMakeADrift(
  { leadTime, mergesets, pending, attribution, gaps, isForeign, isFrozen }: Measurement,
  { target, policy: { minSamples } }: Service,
): readonly Mergeset[] | null {
  if (isForeign || isFrozen || gaps.some((gap) => gap.verdictAtRisk)) return null;
  if (verdictOf(leadTime, target, minSamples).status !== 'drifted') return null;
  let last = new Date(0);
  for (const { createdAt } of attribution.facts.deployments)
    if (createdAt > last && createdAt <= attribution.asOf) last = createdAt;
  const waiting = pending.filter(
    ({ mergedAt, excludedBecause }) => excludedBecause === null && mergedAt > last,
  );
  if (waiting.length === 0) return null;
  const isLive = new Set(waiting);
  const best = mergesets.map((mergeset) =>
    isLive.has(mergeset) ? { ...mergeset, leadTimeSeconds: 0, waitingSeconds: null } : mergeset,
  );
  return verdictOf(leadTimeOf(observationsOf(best)), target, 1).status === 'drifted' ? null : waiting;
}
