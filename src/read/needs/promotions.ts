import { firstParents } from '../../model/commit-graph.ts';
import type { Commit, Oid } from '../../model/facts.ts';
import { isIntoBase } from '../../model/mergesets.ts';
import type { View } from '../view.ts';
import type { Request } from '../request.ts';

/** Promotions that are followed. */
const MOST_PROMOTIONS = 20;

/**
 * Where one branch is squashed onto the base branch again and again, what it brought is read too: the pull requests that
 * were merged there. (Of a merge commit it comes with the base branch's history.)
 */
export function promotions(view: View): Request[] {
  return repeatedPromotions(view)
    .filter(({ head }) => !view.history.commits.has(head))
    .map(({ head }) => ({ kind: 'below', oid: head }));
}

/** Squashes of the window, from branches that were squashed onto the base branch more than once. */
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

/** Notes of each squash that it stands on its branch's head, once that was read. */
export function notePromotions(view: Pick<View, 'facts' | 'question' | 'reading'>): void {
  for (const { commit, head } of repeatedPromotions(view))
    if (!view.reading.gone.has(head)) commit.promotes = head;
}
