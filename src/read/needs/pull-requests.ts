import { containedCommits } from '../../model/commit-graph.ts';
import { unexplainedOf } from '../boundary.ts';
import type { View } from '../view.ts';
import type { Request } from '../request.ts';
import { canWalk } from './branch.ts';
import { repeatedPromotions } from './promotions.ts';

/** Commits of promoted branches whose pull requests are read. */
const MOST_PROMOTED = 200;

/** Commits whose pull requests are read before it is known if they were live before the window. */
const FEW = 100;

/** Reads missing pull requests of commits that may be changes. */
export function pullRequests(view: View): Request[] {
  return view.reading.destinations.flatMap((destination): Request[] => {
    if (!canWalk(view, destination)) return [];
    const { missing, withoutPullRequests } = view.walkOf(destination);
    if (missing.length > 0 && withoutPullRequests.length > FEW) return [];
    return withoutPullRequests.map((oid) => ({ kind: 'pullRequests', oid }));
  });
}

/** Reads pull requests of the newest commits in common, if deployments contain no known change of the branch. */
export function pullRequestsInCommon(view: View): Request[] {
  return view.reading.destinations
    .flatMap((destination) =>
      unexplainedOf(
        view.facts,
        view.boundaryOf(destination),
        view.branch.commits,
        destination.service.countDirectPushes,
      ),
    )
    .filter((oid) => view.history.commits.get(oid)?.pullRequests === null)
    .map((oid) => ({ kind: 'pullRequests', oid }));
}

/** Reads the pull requests merged into a branch that is promoted onto the base branch again and again. */
export function promotedPullRequests(view: View): Request[] {
  const { commits } = view.history;
  const heads = repeatedPromotions(view).map((promotion) => promotion.head);
  return [...containedCommits(commits, heads)]
    .filter((oid) => {
      const commit = commits.get(oid);
      return commit?.pullRequests === null && commit.committedAt >= view.question.from;
    })
    .slice(0, MOST_PROMOTED)
    .map((oid) => ({ kind: 'pullRequests', oid }));
}
