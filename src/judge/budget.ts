import { between } from '../measure/sorted.ts';
import type { Timeline } from '../measure/timeline.ts';
import { BUDGET_DAYS } from '../model/terms.ts';
import { atLeast } from './binomial.ts';

/**
 * An objective, such as 90% of changes live within the limit, and the error budget that is left. (Beyer et al., "The Site
 * Reliability Workbook", chapters 2 and 5. The burn rate is measured over deployments here instead of time, because time
 * windows contain too few of them, and the rate cannot exceed ten for an objective of 90%.)
 */
export interface Budget {
  /** The share of changes that should be live within the limit, from 0 to 1. */
  objective: number;
  /** Changes of the last {@link BUDGET_DAYS} days that are live or late. */
  changes: number;
  /** Changes past the limit, live or still waiting. */
  late: number;
  /** The share live within the limit; `null` without changes. */
  share: number | null;
  /** The remaining error budget: 1 is all of it, and a negative number is overspent. `null` without changes. */
  left: number | null;
  /**
   * How many times as fast as the objective allows the last deployments spend the budget; `null` with fewer deployments
   * than that.
   */
  burn: { of5: number | null; of20: number | null };
  /** True if the budget is spent, with a `chance` of at most 1 in 20. */
  isSpent: boolean;
  /** The chance of this many late changes if the objective were met. */
  chance: number;
  /** True if the last 5 and the last 20 deployments spend the budget at least three times too fast. */
  isBurning: boolean;
}

const DAY = 86_400_000;
const MAX_CHANCE = 0.05;
const FAST = 3;

/**
 * @param objective - between 0 and 1.
 * @param limit - seconds.
 * @param at - now, in milliseconds.
 */
export function budgetOf(
  { changes, deployments }: Timeline,
  { objective, limit, at }: { objective: number; limit: number; at: number },
): Budget {
  const allowed = 1 - objective;
  const recent = between(changes, (change) => change.mergedAt, at - BUDGET_DAYS * DAY, at);
  let [count, late] = [0, 0];
  for (const { mergedAt, liveAt, seconds } of recent) {
    const isLive = liveAt !== null && liveAt <= at && seconds !== null;
    const isLate = (isLive ? seconds : (at - mergedAt) / 1000) > limit;
    // A change that waits within the limit does not count yet.
    if (isLive || isLate) count += 1;
    if (isLate) late += 1;
  }
  const shipping = deployments.filter((deployment) => deployment.at <= at && deployment.seconds.length > 0);
  const burnRate = (deploymentCount: number): number | null => {
    if (shipping.length < deploymentCount) return null;
    const times = shipping.slice(-deploymentCount).flatMap((deployment) => deployment.seconds);
    return times.filter((time) => time > limit).length / times.length / allowed;
  };
  const [of5, of20] = [burnRate(5), burnRate(20)];
  const chance = atLeast(count, late, allowed);
  return {
    objective,
    changes: count,
    late,
    share: count > 0 ? (count - late) / count : null,
    left: count > 0 ? 1 - late / count / allowed : null,
    burn: { of5, of20 },
    isSpent: count > 0 && late / count > allowed && chance <= MAX_CHANCE,
    chance,
    isBurning: of5 !== null && of20 !== null && of5 >= FAST && of20 >= FAST,
  };
}
