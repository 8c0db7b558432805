import { type LeadTime, statisticOf, type StatisticValue } from '../model/lead-time.ts';
import { type Status, type Target, thresholdOf } from '../model/terms.ts';

export interface Verdict {
  status: Status;
  /**
   * Why it is this: it was `measured`; the sample has `too-few` changes; of those that it has, `too-many-waiting` for
   * the statistic to be known; or something that it stands on is `unreadable`.
   */
  reason: 'measured' | 'too-few' | 'too-many-waiting' | 'unreadable';
  /** The team's statistic, or `null` where it is unknown. */
  leadTimeSeconds: number | null;
  /** Where the statistic is a lower bound or unknown: what it is at least. */
  leadTimeAtLeastSeconds: number | null;
  /** (statistic − target) / target, in percent. */
  driftPercent: number | null;
}

/**
 * Holds the statistic against the target. Up to the threshold is no drift, a second more is. What an unknown quantile
 * is at least may be enough to know that it drifted, and is never enough for anything else.
 */
export function verdictOf(leadTime: LeadTime, target: Target, minSamples: number): Verdict {
  return verdictFrom(leadTime.count, statisticOf(leadTime, target.statistic), target, minSamples);
}

/** The same of a statistic that was worked out by itself, over so many changes. */
export function verdictFrom(
  count: number,
  { seconds, atLeastSeconds }: StatisticValue,
  target: Target,
  minSamples: number,
): Verdict {
  const threshold = thresholdOf(target);
  const verdict = (status: Status, reason: Verdict['reason']): Verdict => ({
    status,
    reason,
    leadTimeSeconds: seconds,
    leadTimeAtLeastSeconds: atLeastSeconds,
    driftPercent: seconds === null ? null : ((seconds - target.seconds) / target.seconds) * 100,
  });
  if (count < minSamples) return verdict('insufficient-data', 'too-few');
  if (seconds === null)
    return (atLeastSeconds ?? 0) > threshold
      ? verdict('drifted', 'measured')
      : verdict('insufficient-data', 'too-many-waiting');
  if (seconds <= target.seconds) return verdict('on-target', 'measured');
  return verdict(seconds <= threshold ? 'slipping' : 'drifted', 'measured');
}
