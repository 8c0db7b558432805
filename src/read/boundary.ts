import type { Deployment, Oid } from '../model/facts.ts';
import { contained } from '../model/commit-graph.ts';
import { type BranchFacts, mergesetsOf } from '../model/mergesets.ts';
import { type Outcome, successes } from '../model/outcome.ts';

/** Where the window begins among the deployments of a destination. */
export interface Boundary {
  /**
   * The successes that say what was live before the window: all that came before it, or, in an environment that has
   * none, its first. What they contain need not be told apart, only recognised.
   */
  settled: Outcome[];
  later: Outcome[];
}

interface Asked {
  from: Date;
  to: Date;
  runId: number | null;
}

/** @param isComplete - whether the deployments go back to the environment's first. */
export function boundaryOf(
  deployments: readonly Deployment[],
  isComplete: boolean,
  { from, to, runId }: Asked,
): Boundary {
  // A success of a commit that is gone says nothing.
  const all = successes(deployments, to, runId).filter((success) => success.deployment.commitExists);
  const before = all.filter((outcome) => outcome.at < from);
  const settled = before.length > 0 ? before : isComplete ? all.slice(0, 1) : [];
  return { settled, later: all.slice(settled.length) };
}

/** Commits of the base branch that are looked at to tell whether deployments hold changes of it. */
const MOST_COMMON = 20;

/**
 * The newest commits of the base branch that successful deployments hold, where none of what they hold is known to be a
 * change that was merged into it; empty where one is.
 */
export function unexplainedOf(
  facts: BranchFacts,
  { settled, later }: Boundary,
  branch: ReadonlySet<Oid>,
  countDirectPushes: boolean,
): Oid[] {
  const held = contained(
    facts.commits,
    [...settled, ...later].map((outcome) => outcome.deployment.sha),
  );
  const common = [...held].filter((oid) => branch.has(oid));
  const landed = new Set(mergesetsOf(facts, countDirectPushes).map((mergeset) => mergeset.mergeCommit));
  if (common.some((oid) => landed.has(oid))) return [];
  const time = (oid: Oid) => facts.commits.get(oid)?.committedAt.getTime() ?? 0;
  return common.toSorted((a, b) => time(b) - time(a)).slice(0, MOST_COMMON);
}
