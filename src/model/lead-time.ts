import type { Statistic } from './terms.ts';
import { type Observation, quantile, ROUNDING, survivalCurve } from './survival.ts';

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

export function leadTimeOf(observations: readonly Observation[]): LeadTime {
  const curve = survivalCurve(observations);
  const count = observations.length;
  const deployed = observations.filter((observation) => observation.shipped).length;
  const sum = observations.reduce((total, observation) => total + observation.seconds, 0);
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

/** A statistic, and what it is at least where it is unknown or a lower bound; seconds. */
export interface StatisticValue {
  seconds: number | null;
  atLeastSeconds: number | null;
}

/** An unknown quantile is at least the longest time seen. */
export function statisticOf(leadTime: LeadTime, statistic: Statistic): StatisticValue {
  const seconds = leadTime[statistic];
  const atLeastSeconds = isLowerBound(leadTime, statistic) ? (seconds ?? leadTime.max) : null;
  return { seconds, atLeastSeconds };
}

const SHARE: Partial<Record<Statistic, number>> = { p50: 0.5, p75: 0.75, p90: 0.9, p95: 0.95 };

/**
 * One statistic alone, the same as of {@link leadTimeOf}: of complete times a quantile is the one of that rank, and
 * nothing else is worked out.
 */
export function statisticIn(observations: readonly Observation[], statistic: Statistic): StatisticValue {
  const share = SHARE[statistic];
  if (
    share === undefined ||
    observations.length === 0 ||
    observations.some((observation) => !observation.shipped)
  )
    return statisticOf(leadTimeOf(observations), statistic);
  const times = Float64Array.from(observations, (observation) => observation.seconds).sort();
  return { seconds: times[Math.ceil(share * times.length - ROUNDING) - 1] ?? null, atLeastSeconds: null };
}

function isLowerBound(leadTime: LeadTime, statistic: Statistic): boolean {
  if (leadTime[statistic] === null) return true;
  return (statistic === 'mean' || statistic === 'max') && leadTime.pending > 0;
}
