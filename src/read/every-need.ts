import { branch } from './needs/branch.ts';
import { branchNames, headlines } from './needs/branchNames.ts';
import { changedPaths, labels } from './needs/changes.ts';
import { deploymentPages } from './needs/deploymentPages.ts';
import { identity } from './needs/identity.ts';
import { liveEdge } from './needs/liveEdge.ts';
import { namedCommits } from './needs/namedCommits.ts';
import { oldParents } from './needs/oldParents.ts';
import { promotions } from './needs/promotions.ts';
import { pullRequests, pullRequestsInCommon } from './needs/pullRequests.ts';

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
