import { branch } from './needs/branch.ts';
import { branchNames, headlines } from './needs/branch-names.ts';
import { changedPaths, labels } from './needs/changes.ts';
import { deploymentPages } from './needs/deployment-pages.ts';
import { identity } from './needs/identity.ts';
import { liveEdge } from './needs/live-edge.ts';
import { namedCommits } from './needs/named-commits.ts';
import { oldParents } from './needs/old-parents.ts';
import { promotions } from './needs/promotions.ts';
import { pullRequests, pullRequestsInCommon } from './needs/pull-requests.ts';

/** Needs of an answer. Their order does not matter, because the requests of a wave are made in parallel. */
export const NEEDS = [
  branch,
  deploymentPages,
  identity,
  branchNames,
  headlines,
  namedCommits,
  oldParents,
  pullRequests,
  liveEdge,
  changedPaths,
  labels,
];
/** Needs of the time before the window. There, deployments that would have to be looked up count as recorded. */
export const NEEDS_OF_PAST = NEEDS.filter((need) => need !== identity);
/** Needs that only show once {@link NEEDS} are met. */
export const LATE_NEEDS = [pullRequestsInCommon, promotions];
