import { verdictOf } from '../judge/verdict.ts';
import type { Measurement } from '../measure/measure.ts';
import { observationsOf } from '../measure/measured.ts';
import type { Deployment } from '../model/facts.ts';
import { leadTimeOf } from '../model/lead-time.ts';
import type { Mergeset } from '../model/mergesets.ts';
import type { Service } from '../model/service.ts';

/** The waiting changes, oldest first, if they alone make a drift and nothing was deployed since the oldest was merged. */
export function changesThatMakeADrift(
  { leadTime, mergesets, pending, attribution, gaps, isForeign, isFrozen }: Measurement,
  { target, policy: { minSamples } }: Service,
): readonly Mergeset[] | null {
  const waiting = pending.filter((mergeset) => mergeset.excludedBecause === null);
  const [oldest] = waiting;
  if (!oldest || isForeign || isFrozen || gaps.some((gap) => gap.verdictAtRisk)) return null;
  if (verdictOf(leadTime, target, minSamples).status !== 'drifted') return null;
  const shipped = leadTimeOf(observationsOf(mergesets).filter((observation) => observation.shipped));
  if (verdictOf(shipped, target, 1).status === 'drifted') return null;
  const isLater = ({ createdAt }: Deployment) =>
    createdAt >= oldest.mergedAt && createdAt <= attribution.asOf;
  return attribution.facts.deployments.some(isLater) ? null : waiting;
}
