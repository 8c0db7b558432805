import { min } from 'date-fns';
import type { Oid } from '../model/facts.ts';
import { type BranchFacts, isIntoBase } from '../model/mergesets.ts';
import type { Outcome } from '../model/outcome.ts';

/**
 * The newest success before the window, and those that may have shipped a change in doubt.
 *
 * @param doubtFrom - merge date of the oldest change that an older success may have shipped.
 * @param early - date of the oldest commit that was live before its pull request was merged in the window.
 */
export function successesToFollow(
  settled: readonly Outcome[],
  doubtFrom: Date | null,
  early: Date | null,
): Outcome[] {
  const newest = settled.at(-1);
  const doubts = [doubtFrom, early].filter((date) => date !== null);
  return settled.filter((outcome) => outcome === newest || doubts.some((date) => outcome.at >= date));
}

/**
 * Date of the oldest commit that was live before the window and merged in it. It was deployed from its own branch, by any
 * of the successes before the window.
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
