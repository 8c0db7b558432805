import { min } from 'date-fns';
import { pullRequestNumberIn } from '../../model/headline.ts';
import { firstParents } from '../../model/commit-graph.ts';
import { type BranchFacts, isIntoBase, withoutPullRequest } from '../../model/mergesets.ts';
import type { View } from '../view.ts';
import type { Request } from '../request.ts';

/** Former names that are looked up. */
const MOST_NAMES = 20;

/** Looks up possible former names of the branch: a name it really had no longer exists as a branch. */
export function branchNames(view: View): Request[] {
  if (!view.isBranchRead) return [];
  return possibleFormerNames(view.facts).map((name) => ({ kind: 'branchName', name }));
}

/** Looks up pull requests that a commit's headline names, but that GitHub does not link to the commit. */
export function headlines(view: View): Request[] {
  const areNamesKnown = branchNames(view).every(
    (request) => request.kind === 'branchName' && view.isAsked(`branchName ${request.name}`),
  );
  if (!view.isBranchRead || !areNamesKnown) return [];
  return withoutPullRequest(view.facts)
    .filter(
      (commit) => commit.committedAt >= view.question.from && pullRequestNumberIn(commit.headline) !== null,
    )
    .map(({ oid }) => ({ kind: 'headline', oid }));
}

/**
 * Branches that changes of this branch were merged into, all before the first merge into its present name. A commit that
 * was also merged into the present name is left out: it comes from a stack or a backport.
 */
function possibleFormerNames(facts: BranchFacts): string[] {
  const commits = firstParents(facts.commits, facts.tips[0]);
  const intoBase = commits.flatMap(({ pullRequests }) =>
    (pullRequests ?? []).filter((pullRequest) => isIntoBase(facts, pullRequest)),
  );
  const renamed = min(intoBase.map((pullRequest) => pullRequest.mergedAt));
  const intoOthers = commits
    .filter(({ pullRequests }) => !pullRequests?.some((pullRequest) => isIntoBase(facts, pullRequest)))
    .flatMap(({ oid, pullRequests }) =>
      (pullRequests ?? []).filter((pullRequest) => pullRequest.mergeCommit === oid),
    );
  const stillUsed = new Set(
    intoOthers.filter(({ mergedAt }) => mergedAt >= renamed).map((pullRequest) => pullRequest.base),
  );
  return [...new Set(intoOthers.map((pullRequest) => pullRequest.base))]
    .filter((name) => !stillUsed.has(name))
    .slice(0, MOST_NAMES);
}
