import type { Statistic, Status, Target } from '../model/terms.ts';
import { type Observation, quantile, survivalCurve } from './survival.ts';

/** Seconds; a quantile is `null` where too many are still pending, everything but the counts where there is nothing. */
export interface LeadTime {
  count: number;
  deployed: number;
  pending: number;
  p50: number | null;
  p75: number | null;
  p90: number | null;
  p95: number | null;
  /** With pending ones a lower bound: each is taken with its waiting so far. So is `max`. */
  mean: number | null;
  max: number | null;
}

export interface Verdict {
  status: Status;
  /** The team's statistic, or `null` where it is unknown. */
  leadTimeSeconds: number | null;
  /** Where the statistic is a lower bound or unknown: what it is at least. */
  leadTimeAtLeastSeconds: number | null;
  /** (statistic − target) / target, in percent. */
  driftPercent: number | null;
}

export function leadTimeOf(observations: readonly Observation[]): LeadTime {
  const curve = survivalCurve(observations);
  const count = observations.length;
  const deployed = observations.filter((each) => each.shipped).length;
  const sum = observations.reduce((total, each) => total + each.seconds, 0);
  return {
    count,
    deployed,
    pending: count - deployed,
    p50: quantile(curve, 0.5),
    p75: quantile(curve, 0.75),
    p90: quantile(curve, 0.9),
    p95: quantile(curve, 0.95),
    mean: count > 0 ? sum / count : null,
    max: curve.at(-1)?.seconds ?? null,
  };
}

/** The time past which lead time has drifted, in seconds: target × (1 + tolerance), free of binary fractions' noise. */
export function thresholdOf(target: Target): number {
  return Math.round(target.seconds * (1 + target.tolerance) * 1e6) / 1e6;
}

/**
 * Holds the statistic against the target. Up to the threshold is no drift, a second more is. An unknown quantile
 * is at least the longest time seen, which may be enough to know that it drifted, and never enough for anything else.
 */
export function verdictOf(leadTime: LeadTime, target: Target, minSamples: number): Verdict {
  const value = leadTime[target.statistic];
  const atLeast = isLowerBound(leadTime, target.statistic) ? (value ?? leadTime.max) : null;
  const verdict = {
    leadTimeSeconds: value,
    leadTimeAtLeastSeconds: atLeast,
    driftPercent: value === null ? null : ((value - target.seconds) / target.seconds) * 100,
  };
  const threshold = thresholdOf(target);
  if (leadTime.count < minSamples) return { status: 'insufficient-data', ...verdict };
  if (value === null)
    return { status: (atLeast ?? 0) > threshold ? 'drifted' : 'insufficient-data', ...verdict };
  if (value <= target.seconds) return { status: 'on-target', ...verdict };
  return { status: value <= threshold ? 'slipping' : 'drifted', ...verdict };
}

function isLowerBound(leadTime: LeadTime, statistic: Statistic): boolean {
  if (leadTime[statistic] === null) return true;
  return (statistic === 'mean' || statistic === 'max') && leadTime.pending > 0;
}
