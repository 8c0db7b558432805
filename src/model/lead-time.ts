import type { Statistic } from './terms.ts';
import { type Observation, quantile, ROUNDING, survivalCurve } from './survival.ts';

/** Times in seconds. A quantile is `null` if too many changes are pending, and every time is `null` without changes. */
export interface LeadTime {
  count: number;
  deployed: number;
  pending: number;
  p50: number | null;
  p75: number | null;
  p90: number | null;
  p95: number | null;
  /** A lower bound if changes are pending, because each counts with its waiting time so far. The same holds for `max`. */
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

/** A statistic in seconds, and its lower bound if the statistic is unknown or a lower bound itself. */
export interface StatisticValue {
  seconds: number | null;
  atLeastSeconds: number | null;
}

/** The lower bound of an unknown quantile is the longest time. */
export function statisticOf(leadTime: LeadTime, statistic: Statistic): StatisticValue {
  const seconds = leadTime[statistic];
  const atLeastSeconds = isLowerBound(leadTime, statistic) ? (seconds ?? leadTime.max) : null;
  return { seconds, atLeastSeconds };
}

const SHARE: Partial<Record<Statistic, number>> = { p50: 0.5, p75: 0.75, p90: 0.9, p95: 0.95 };

/** One statistic of {@link leadTimeOf}. It is faster without pending changes: a quantile is then the time of that rank. */
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
