import { max, min } from 'date-fns';
import { contained } from '../model/commit-graph.ts';
import type { Commit, Oid } from '../model/facts.ts';
import { type BranchFacts, mergesetsOf } from '../model/mergesets.ts';
import type { Boundary } from './boundary.ts';
import { oldestMergedLater, worthFollowing } from './doubt.ts';

/**
 * The walk from the base branch and the window's deployments down to what was live before the window. A parent where it
 * breaks off is unread, unless what was live breaks off there too.
 */
export interface Walk {
  boundary: Boundary;
  /** Commits that deployments name and that were not read. They are found by name, on whatever branch they are. */
  deployed: Oid[];
  /** Parents that were not read. */
  missing: Oid[];
  /** Commits of the base branch, not live before the window, whose pull requests were not asked for. */
  withoutPullRequests: Oid[];
  /** The date of the oldest change after the boundary that was merged before the window: an older deployment may have shipped it. */
  doubtFrom: Date | null;
  /**
   * Where the walk down from what was live broke off, if there are changes in doubt (the oldest at `doubted`): not met
   * below it, and yet merged before that was deployed, or possibly on a branch of its own that was deployed first. A
   * commit dated before its own parents would hide them, and so would a branch of its own.
   */
  liveEdge: { oids: Oid[]; doubted: Date } | null;
}

export interface BranchWalk {
  /** Every commit of the base branch that was read. */
  commits: ReadonlySet<Oid>;
  /** Parents of those that were not read. */
  edge: ReadonlySet<Oid>;
}

export function branchWalk({ commits, tips }: BranchFacts): BranchWalk {
  const edge = new Set<Oid>();
  return {
    commits: contained(commits, tips, new Set(), (commit) => noteParents(commit, commits, edge)),
    edge,
  };
}

/** @param dateOf - the commit date of anything that was read or named. */
export function walkOf(
  facts: BranchFacts,
  branch: BranchWalk,
  boundary: Boundary,
  question: { from: Date; to: Date; countDirectPushes: boolean },
  dateOf: (oid: Oid) => Date | undefined,
): Walk {
  const { commits, tips } = facts;
  const { settled, later } = boundary;
  const shipping = later.map((outcome) => outcome.deployment.sha);
  const deployed = new Set(shipping.filter((sha) => !commits.has(sha)));
  const isLate = (oid: Oid) => (dateOf(oid) ?? question.to) >= question.from;
  const isUnasked = (oid: Oid) => commits.get(oid)?.pullRequests === null;
  // Nothing is known to be live. What the window merged is listed all the same, also below a commit of an old date.
  if (settled.length === 0)
    return {
      boundary,
      deployed: [...deployed],
      missing: [...branch.edge].filter(isLate),
      withoutPullRequests: [...branch.commits].filter((oid) => isLate(oid) && isUnasked(oid)),
      doubtFrom: null,
      liveEdge: null,
    };

  const liveEdge = new Set<Oid>();
  const besideBranch = new Set<Oid>();
  const live = contained(
    commits,
    settled.map((outcome) => outcome.deployment.sha),
    new Set(),
    (commit) => {
      noteParents(commit, commits, liveEdge);
      if (!branch.commits.has(commit.oid)) noteParents(commit, commits, besideBranch);
    },
  );
  const edge = new Set<Oid>();
  const walked = new Set(live);
  const since = new Map<Oid, Commit>();
  contained(commits, tips, walked, (commit) => {
    noteParents(commit, commits, edge);
    since.set(commit.oid, commit);
  });
  contained(commits, shipping, walked, (commit) => {
    noteParents(commit, commits, edge);
    if (commit.promotes !== null && !branch.commits.has(commit.oid) && !commits.has(commit.promotes))
      deployed.add(commit.promotes);
  });
  const missing = new Set([...edge].filter((oid) => !liveEdge.has(oid)));

  const unshipped = mergesetsOf({ ...facts, commits: since }, question.countDirectPushes);
  const doubtFrom = unshipped.find((mergeset) => mergeset.mergedAt < question.from)?.mergedAt ?? null;
  const liveSince = max(settled.map((outcome) => outcome.deployment.createdAt));
  const oldest = unshipped[0]?.mergedAt ?? null;
  const isInDoubt = oldest !== null && oldest <= liveSince;
  const early = oldestMergedLater(facts, live, branch.commits, question.from);
  for (const outcome of worthFollowing(settled, doubtFrom, early))
    if (!commits.has(outcome.deployment.sha)) deployed.add(outcome.deployment.sha);
  const toAsk = new Set(since.keys());
  // What the environment's first success contains is named, as far as it is of the window.
  if (settled.some((outcome) => outcome.at >= question.from)) {
    for (const oid of branch.edge) if (isLate(oid)) missing.add(oid);
    for (const oid of branch.commits) if (isLate(oid)) toAsk.add(oid);
  }
  return {
    boundary,
    deployed: [...deployed],
    missing: [...missing],
    withoutPullRequests: [...toAsk].filter(isUnasked),
    doubtFrom,
    liveEdge: edgeOf(isInDoubt ? liveEdge : besideBranch, oldest, early),
  };
}

function edgeOf(oids: ReadonlySet<Oid>, ...doubts: (Date | null)[]): Walk['liveEdge'] {
  const dates = doubts.filter((doubt) => doubt !== null);
  return dates.length > 0 ? { oids: [...oids], doubted: min(dates) } : null;
}

function noteParents(commit: Commit, commits: ReadonlyMap<Oid, Commit>, edge: Set<Oid>): void {
  for (const parent of commit.parents) if (!commits.has(parent)) edge.add(parent);
}
