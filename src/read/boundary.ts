import type { Deployment, Oid } from '../model/facts.ts';
import { containedCommits } from '../model/commit-graph.ts';
import { type BranchFacts, mergesetsOf } from '../model/mergesets.ts';
import { type Outcome, successes } from '../model/outcome.ts';
import type { Window } from '../model/terms.ts';

/** The successes of a destination, split at the beginning of the window. */
export interface Boundary {
  /** All successes before the window. If there are none, the environment's first success, if that was read. */
  settled: Outcome[];
  later: Outcome[];
}

/** A window, and the workflow run that asks; `null`: none. */
export interface Period extends Window {
  runId: number | null;
}

/** @param isComplete - true if the deployments go back to the environment's first. */
export function boundaryOf(
  deployments: readonly Deployment[],
  isComplete: boolean,
  { from, to, runId }: Period,
): Boundary {
  // Without its commit, a deployment does not show what was live.
  const outcomes = successes(deployments, to, runId).filter((success) => success.deployment.commitExists);
  const before = outcomes.filter((outcome) => outcome.at < from);
  const settled = before.length > 0 ? before : isComplete ? outcomes.slice(0, 1) : [];
  return { settled, later: outcomes.slice(settled.length) };
}

/** Commits whose pull requests are read. */
const MOST_UNEXPLAINED = 20;

/**
 * The newest commits that the base branch and successful deployments have in common, if none of those is known to be a
 * change. Their pull requests may show that they are changes after all.
 */
export function unexplainedOf(
  facts: BranchFacts,
  { settled, later }: Boundary,
  branch: ReadonlySet<Oid>,
  countDirectPushes: boolean,
): Oid[] {
  const deployed = containedCommits(
    facts.commits,
    [...settled, ...later].map((outcome) => outcome.deployment.sha),
  );
  const common = [...deployed].filter((oid) => branch.has(oid));
  const landed = new Set(mergesetsOf(facts, countDirectPushes).map((mergeset) => mergeset.mergeCommit));
  if (common.some((oid) => landed.has(oid))) return [];
  const time = (oid: Oid) => facts.commits.get(oid)?.committedAt.getTime() ?? 0;
  return common.toSorted((a, b) => time(b) - time(a)).slice(0, MOST_UNEXPLAINED);
}
