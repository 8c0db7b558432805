import { branch } from './needs/branch.ts';
import { branchNames, headlines } from './needs/branch-names.ts';
import { changedPaths, labels } from './needs/changes.ts';
import { deploymentPages } from './needs/deployment-pages.ts';
import { identity } from './needs/identity.ts';
import { liveEdge } from './needs/live-edge.ts';
import { namedCommits } from './needs/named-commits.ts';
import { oldParents } from './needs/old-parents.ts';
import { promotions } from './needs/promotions.ts';
import { pullRequests, pullRequestsInCommon } from './needs/pull-requests-need.ts';

/** What an answer stands on. The order means nothing: all that they ask for in a wave is asked for side by side. */
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
/** What memory stands on. A deployment that does not say what it is counts as it stands. */
export const NEEDS_OF_MEMORY = NEEDS.filter((need) => need !== identity);
/** What makes it clearer, once all of that is known. */
export const NEEDS_OF_WHAT_IS_KNOWN = [pullRequestsInCommon, promotions];
