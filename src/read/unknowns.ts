import type { Gap } from '../model/facts.ts';
import type { Window } from '../model/terms.ts';
import { MOST_WAVES } from './loop.ts';
import { unprovedParents } from './needs/old-parents.ts';
import type { Reading } from './reading.ts';
import type { View } from './view.ts';

/** What the reading leaves open although nothing failed. */
export function unknownsOf(view: View, isComplete: boolean): Gap[] {
  const unproved = unprovedParents(view).length;
  if (!isComplete || unproved > 0) return [notProved(unproved, view.history.readTo, !isComplete)];
  return [];
}

/** @param isBroken - whether the reading itself was broken off, so that anything may be missing. */
function notProved(count: number, readTo: Date, isBroken: boolean): Gap {
  return {
    what: `History before ${readTo.toISOString()} was not read${count > 0 ? `, although ${count} older commits are built upon` : ''}.`,
    consequence: isBroken
      ? `What the deployments stand on was not found in ${MOST_WAVES} rounds of reading, so there is no verdict. A shorter "window" asks about less.`
      : 'A change merged before the window may be missing among the pending ones, or be listed with a deployment although it was live before.',
    verdictAtRisk: isBroken,
  };
}

/**
 * Merged pull requests of which GitHub does not say what commit put them on the base branch: those that a headline names,
 * and those that nothing does.
 */
export function unplacedOf(
  { opened: { history, baseBranch }, named: byHeadline }: Reading,
  window: Window,
): Gap[] {
  const placed = new Set(
    [...history.commits.values()].flatMap((commit) =>
      (commit.pullRequests ?? [])
        .filter((pull) => pull.mergeCommit === commit.oid)
        .map((pull) => pull.number),
    ),
  );
  const named = new Set([...byHeadline.values()].map((pull) => pull.number));
  const lost: { number: number; mergedAt: Date }[] = [];
  const found: number[] = [];
  for (const [number, { base, mergedAt }] of history.unplaced) {
    if (base !== baseBranch || placed.has(number)) continue;
    if (named.has(number)) found.push(number);
    else lost.push({ number, mergedAt });
  }
  const inWindow = lost.filter(({ mergedAt }) => mergedAt >= window.from && mergedAt <= window.to);
  const isInWindow = inWindow.length > 0;
  const listed = (isInWindow ? inWindow : lost).map(({ number }) => number);
  return [
    ...(found.length > 0
      ? [asWhichCommit(found, 'A headline of the branch names it, and that commit is taken.', false)]
      : []),
    ...(lost.length > 0
      ? [
          asWhichCommit(
            listed,
            isInWindow
              ? 'When they were live cannot be told, so there is no verdict.'
              : 'They were merged outside the window; they may be missing among the pending ones.',
            isInWindow,
          ),
        ]
      : []),
  ];
}

function asWhichCommit(numbers: readonly number[], consequence: string, verdictAtRisk: boolean): Gap {
  const names = numbers.slice(0, 20).map((number) => `#${number}`);
  return {
    what: `GitHub does not say as which commit ${names.join(', ')} ${names.length === 1 ? 'was' : 'were'} merged.`,
    consequence,
    verdictAtRisk,
  };
}
