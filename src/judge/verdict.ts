import { type LeadTime, statisticOf, type StatisticValue } from '../model/lead-time.ts';
import { type Status, type Target, thresholdOf } from '../model/terms.ts';

export interface Verdict {
  status: Status;
  /**
   * `measured`, or why there is no verdict: the sample has `too-few` changes, `too-many-waiting` of them are still pending,
   * or facts that decide the verdict are `unreadable`.
   */
  reason: 'measured' | 'too-few' | 'too-many-waiting' | 'unreadable';
  /** The team's statistic; `null` if it is unknown. */
  leadTimeSeconds: number | null;
  /** A lower bound of the statistic if it is not known exactly. */
  leadTimeAtLeastSeconds: number | null;
  /** (statistic − target) / target, in percent. */
  driftPercent: number | null;
}

/**
 * Compares the statistic with the target. Lead time has drifted if it is past the threshold, and not if it equals it. A
 * lower bound past the threshold also means a drift. Otherwise an unknown statistic gives no verdict.
 */
export function verdictOf(leadTime: LeadTime, target: Target, minSamples: number): Verdict {
  return verdictFrom(leadTime.count, statisticOf(leadTime, target.statistic), target, minSamples);
}

/** The verdict for a statistic that was computed from `count` changes. */
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
