import { firstParents } from '../../model/commit-graph.ts';
import type { Commit, Oid } from '../../model/facts.ts';
import { isIntoBase } from '../../model/mergesets.ts';
import type { View } from '../view.ts';
import type { Request } from '../request.ts';

const MOST_PROMOTIONS = 20;

/**
 * Reads the commits of a branch that is squashed onto the base branch again and again, for the pull requests that were
 * merged there. (Those of a merge commit are part of the base branch's history.)
 */
export function promotions(view: View): Request[] {
  return repeatedPromotions(view)
    .filter(({ head }) => !view.history.commits.has(head))
    .map(({ head }) => ({ kind: 'below', oid: head }));
}

/** Squash commits in the window, of branches that were merged more than once, with the branch's head. */
export function repeatedPromotions({ facts, question }: Pick<View, 'facts' | 'question'>): {
  commit: Commit;
  head: Oid;
}[] {
  const landed = firstParents(facts.commits, facts.tips[0]).flatMap((commit) =>
    (commit.pullRequests ?? [])
      .filter(
        (pullRequest) =>
          isIntoBase(facts, pullRequest) &&
          pullRequest.mergeCommit === commit.oid &&
          pullRequest.headName !== '',
      )
      .map(({ head, headName, mergedAt }) => ({ commit, head, headName, mergedAt })),
  );
  const times = new Map<string, number>();
  for (const { headName } of landed) times.set(headName, (times.get(headName) ?? 0) + 1);
  return landed
    .filter(({ commit, mergedAt }) => commit.parents.length === 1 && mergedAt >= question.from)
    .flatMap(({ commit, head, headName }) =>
      head !== null && head !== '' && (times.get(headName) ?? 0) > 1 ? [{ commit, head }] : [],
    )
    .slice(0, MOST_PROMOTIONS);
}

/** Records in every squash commit which head it promotes, unless that is gone. */
export function notePromotions(view: Pick<View, 'facts' | 'question' | 'reading'>): void {
  for (const { commit, head } of repeatedPromotions(view))
    if (!view.reading.gone.has(head)) commit.promotes = head;
}
