import { min } from 'date-fns';
import { numberIn } from '../../github/history/named.ts';
import { firstParents } from '../../model/commit-graph.ts';
import { type BranchFacts, isIntoBase, withoutPullRequest } from '../../model/mergesets.ts';
import type { View } from '../view.ts';
import type { Request } from '../request.ts';

/** Names that the branch may have had. */
const MOST_NAMES = 20;

/** True if names that the branch may have had are branches still: one that it had is none any more. */
export function branchNames(view: View): Request[] {
  if (!view.isBranchRead) return [];
  return possibleFormerNames(view.facts).map((name) => ({ kind: 'branchName', name }));
}

/** Pull requests that GitHub does not link with a commit whose headline names them. */
export function headlines(view: View): Request[] {
  const isNamed = branchNames(view).every(
    (request) => request.kind === 'branchName' && view.isAsked(`branchName ${request.name}`),
  );
  if (!view.isBranchRead || !isNamed) return [];
  return withoutPullRequest(view.facts)
    .filter((commit) => commit.committedAt >= view.question.from && numberIn(commit.headline) !== null)
    .map(({ oid }) => ({ kind: 'headline', oid }));
}

/**
 * Names that what landed on the branch's own line was merged into, all before the first merge into the name that it has.
 * (A commit that is of a merge into this one as well was merged there elsewhere: a stack, a backport.)
 */
function possibleFormerNames(facts: BranchFacts): string[] {
  const all = firstParents(facts.commits, facts.tips[0]).map((commit) => ({
    commit,
    pullRequests: commit.pullRequests ?? [],
  }));
  const renamed = min(
    all.flatMap(({ pullRequests }) =>
      pullRequests
        .filter((pullRequest) => isIntoBase(facts, pullRequest))
        .map((pullRequest) => pullRequest.mergedAt),
    ),
  );
  const others = all
    .filter(({ pullRequests }) => pullRequests.every((pullRequest) => !isIntoBase(facts, pullRequest)))
    .flatMap(({ commit, pullRequests }) =>
      pullRequests.filter((pullRequest) => pullRequest.mergeCommit === commit.oid),
    );
  const late = new Set(
    others.filter((pullRequest) => pullRequest.mergedAt >= renamed).map((pullRequest) => pullRequest.base),
  );
  return [...new Set(others.map((pullRequest) => pullRequest.base))]
    .filter((each) => !late.has(each))
    .slice(0, MOST_NAMES);
}
