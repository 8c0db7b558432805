import type { Gap } from '../model/facts.ts';
import type { Window } from '../model/terms.ts';
import { counted, noteIf } from '../sources/phrases.ts';
import { MOST_WAVES } from './session.ts';
import { unprovedParents } from './needs/old-parents.ts';
import { placedIn, type Reading } from './reading.ts';
import type { View } from './view.ts';

/**
 * Gaps that remain although no request failed.
 *
 * @param isComplete - false if the limit of waves was reached, so that anything may be missing.
 */
export function unknownsOf(view: View, isComplete: boolean): Gap[] {
  const count = unprovedParents(view).length;
  return noteIf(!isComplete || count > 0, {
    what: `History before ${view.history.readTo.toISOString().slice(0, 16).replace('T', ' ')} UTC was not read${count > 0 ? `, although merged branches start at ${counted(count, 'older commit')}` : ''}.`,
    consequence: isComplete
      ? 'A change merged before the window may be missing from the pending changes, or be listed with a deployment although it was live before.'
      : `The commits of deployments were not all found in ${MOST_WAVES} rounds of requests, so there is no verdict. Shorten "window".`,
    verdictAtRisk: !isComplete,
  });
}

/** Gaps for merged pull requests without a merge commit on GitHub. A commit headline may name them. */
export function unplacedOf(
  { opened: { history, baseBranch }, named: byHeadline }: Reading,
  window: Window,
): Gap[] {
  const placed = placedIn(history.commits.values());
  const named = new Set([...byHeadline.values()].map(({ number }) => number));
  const unplaced = [...history.pullRequestsWithoutMergeCommit]
    .filter(([number, { base }]) => base === baseBranch && !placed.has(number))
    .map(([number, { mergedAt }]) => ({ number, mergedAt }));
  const unnamed = unplaced.filter(({ number }) => !named.has(number));
  const inWindow = unnamed.filter(({ mergedAt }) => mergedAt >= window.from && mergedAt <= window.to);
  return [
    ...withoutCommit(
      unplaced.filter(({ number }) => named.has(number)),
      'The commit whose headline on the branch names it is used.',
      false,
    ),
    ...(inWindow.length > 0
      ? withoutCommit(inWindow, 'Without that, the time to live is unknown, so there is no verdict.', true)
      : withoutCommit(
          unnamed,
          'They were merged outside the window and may be missing from the pending changes.',
          false,
        )),
  ];
}

function withoutCommit(
  pullRequests: readonly { number: number }[],
  consequence: string,
  verdictAtRisk: boolean,
): Gap[] {
  const names = pullRequests.slice(0, 20).map(({ number }) => `#${number}`);
  return noteIf(names.length > 0, {
    what: `GitHub does not say which ${names.length === 1 ? 'commit' : 'commits'} merged ${names.join(', ')}.`,
    consequence,
    verdictAtRisk,
  });
}
