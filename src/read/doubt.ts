import { min } from 'date-fns';
import type { Oid } from '../model/facts.ts';
import { type BranchFacts, isIntoBase } from '../model/mergesets.ts';
import type { Outcome } from '../model/outcome.ts';

/** Which successes before the window can have shipped what it may count. */

/**
 * Of the settled successes, the newest, and those that can have shipped a change in doubt: merged since, or made before
 * them and merged after the window began (`early`).
 */
export function worthFollowing(
  settled: readonly Outcome[],
  doubtFrom: Date | null,
  early: Date | null,
): Outcome[] {
  const newest = settled.at(-1);
  const since = [doubtFrom, early].filter((each) => each !== null);
  return settled.filter((outcome) => outcome === newest || since.some((date) => outcome.at >= date));
}

/**
 * The date of the oldest commit that was live before the window, and whose pull request was merged in it: deployed from
 * its branch, it may have been by any of the settled successes.
 */
export function oldestMergedLater(
  facts: BranchFacts,
  live: ReadonlySet<Oid>,
  branch: ReadonlySet<Oid>,
  from: Date,
): Date | null {
  const dates = [...branch].flatMap((oid) => {
    const commit = live.has(oid) ? facts.commits.get(oid) : undefined;
    const isLater = commit?.pullRequests?.some(
      (pullRequest) =>
        isIntoBase(facts, pullRequest) && pullRequest.mergeCommit === oid && pullRequest.mergedAt >= from,
    );
    return commit && isLater ? [commit.committedAt] : [];
  });
  return dates.length > 0 ? min(dates) : null;
}
