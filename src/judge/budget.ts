import { firstIndex, type Timeline } from '../measure/timeline.ts';
import { BUDGET_DAYS } from '../model/terms.ts';
import { atLeast } from './binomial.ts';

/**
 * An objective, such as 90% of changes live within the limit, and what is left of what it allows: its error budget.
 * (Beyer et al., "The Site Reliability Workbook", chapters 2 and 5, whose burn rate is counted here in deployments, as at
 * an objective of 90% no rate above ten exists and time windows hold too few.)
 */
export interface Budget {
  /** The share that is to be live within the limit, from 0 to 1. */
  objective: number;
  /** Changes of the last {@link BUDGET_DAYS} days of which it is known whether they were late. */
  changes: number;
  /** Of them past the limit, or still waiting past it. */
  late: number;
  /** The share live within the limit; `null` without changes. */
  share: number | null;
  /** The error budget left, from 1 (all) down; below 0 it is overspent. `null` without changes. */
  left: number | null;
  /** How many times as fast as the objective allows the last deployments spend it; `null` where there are fewer. */
  burn: { of5: number | null; of20: number | null };
  /** Surely spent: were the objective kept, chance would show so many late ones one time in twenty at most. */
  isSpent: boolean;
  /** That chance. */
  chance: number;
  /** Spent three times too fast over the last twenty and the last five deployments. */
  isBurning: boolean;
}

/** Deployments that the burn rate is told over. */
const BURN_OVER = 20;
const BURN_LATELY = 5;
const DAY = 86_400_000;
const SURE = 0.05;
const FAST = 3;

/**
 * @param objective - from 0 to 1, both excluded.
 * @param limit - seconds.
 * @param at - now, in milliseconds.
 */
export function budgetOf(
  { changes, deployments }: Timeline,
  { objective, limit, at }: { objective: number; limit: number; at: number },
): Budget {
  const allowed = 1 - objective;
  let [count, late] = [0, 0];
  for (
    let i = firstIndex(changes, (change) => change.mergedAt >= at - BUDGET_DAYS * DAY);
    i < changes.length;
    i++
  ) {
    const { mergedAt, liveAt, seconds } = changes[i] as Timeline['changes'][number];
    if (mergedAt > at) break;
    const isLive = liveAt !== null && liveAt <= at && seconds !== null;
    const isLate = (isLive ? seconds : (at - mergedAt) / 1000) > limit;
    // One that waits within the limit is neither yet.
    if (isLive || isLate) count += 1;
    if (isLate) late += 1;
  }
  const shipping = deployments.filter((deployment) => deployment.at <= at && deployment.seconds.length > 0);
  const burn = (over: number): number | null => {
    if (shipping.length < over) return null;
    const times = shipping.slice(-over).flatMap((deployment) => deployment.seconds);
    return times.filter((time) => time > limit).length / times.length / allowed;
  };
  const [of5, of20] = [burn(BURN_LATELY), burn(BURN_OVER)];
  const chance = atLeast(count, late, allowed);
  return {
    objective,
    changes: count,
    late,
    share: count > 0 ? (count - late) / count : null,
    left: count > 0 ? 1 - late / count / allowed : null,
    burn: { of5, of20 },
    isSpent: count > 0 && late / count > allowed && chance <= SURE,
    chance,
    isBurning: of5 !== null && of20 !== null && of5 >= FAST && of20 >= FAST,
  };
}
