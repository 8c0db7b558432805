import { max, min } from 'date-fns';
import { containedCommits } from '../model/commit-graph.ts';
import type { Commit, Oid } from '../model/facts.ts';
import { type BranchFacts, mergesetsOf } from '../model/mergesets.ts';
import type { Boundary } from './boundary.ts';
import { oldestMergedLater, successesToFollow } from './doubtful-changes.ts';

/**
 * The walk from the base branch and the window's deployments down to what was live before the window. If it ends at an
 * unread parent, that parent is missing, unless the walk from what was live ends there, too.
 */
export interface Walk {
  boundary: Boundary;
  /** Unread commits of deployments, on any branch. */
  deployed: Oid[];
  /** Unread parents. */
  missing: Oid[];
  /** Commits of the base branch that were not live before the window and whose pull requests were not read. */
  withoutPullRequests: Oid[];
  /** Merge date of the oldest change that was merged before the window, but not live: an older deployment may have shipped it. */
  doubtFrom: Date | null;
  /**
   * The unread parents where the walk from what was live ends, if they may hide changes. Such a change was not found below
   * what was live, but was merged before that was deployed, or may have been deployed from its own branch first.
   * `doubted` is the date of the oldest one.
   */
  liveEdge: { oids: Oid[]; doubted: Date } | null;
}

export interface BranchWalk {
  /** All commits of the base branch that were read. */
  commits: ReadonlySet<Oid>;
  /** Their unread parents. */
  edge: ReadonlySet<Oid>;
}

export function branchWalk({ commits, tips }: BranchFacts): BranchWalk {
  const edge = new Set<Oid>();
  return {
    commits: containedCommits(commits, tips, new Set(), (commit) => noteParents(commit, commits, edge)),
    edge,
  };
}

/** @param dateOf - date of any commit that was read or named. */
export function walkOf(
  facts: BranchFacts,
  branch: BranchWalk,
  boundary: Boundary,
  question: { from: Date; to: Date; countDirectPushes: boolean },
  dateOf: (oid: Oid) => Date | undefined,
): Walk {
  const { commits, tips } = facts;
  const { settled, later } = boundary;
  const shippedLater = later.map((outcome) => outcome.deployment.sha);
  const deployed = new Set(shippedLater.filter((sha) => !commits.has(sha)));
  const isLate = (oid: Oid) => (dateOf(oid) ?? question.to) >= question.from;
  const lacksPullRequests = (oid: Oid) => commits.get(oid)?.pullRequests === null;
  // Nothing is known to be live. The window's changes are listed nevertheless, even below a commit with an old date.
  if (settled.length === 0)
    return {
      boundary,
      deployed: [...deployed],
      missing: [...branch.edge].filter(isLate),
      withoutPullRequests: [...branch.commits].filter((oid) => isLate(oid) && lacksPullRequests(oid)),
      doubtFrom: null,
      liveEdge: null,
    };

  const liveEdge = new Set<Oid>();
  const offBranchEdge = new Set<Oid>();
  const live = containedCommits(
    commits,
    settled.map((outcome) => outcome.deployment.sha),
    new Set(),
    (commit) => {
      noteParents(commit, commits, liveEdge);
      if (!branch.commits.has(commit.oid)) noteParents(commit, commits, offBranchEdge);
    },
  );
  const edge = new Set<Oid>();
  const walked = new Set(live);
  const since = new Map<Oid, Commit>();
  containedCommits(commits, tips, walked, (commit) => {
    noteParents(commit, commits, edge);
    since.set(commit.oid, commit);
  });
  containedCommits(commits, shippedLater, walked, (commit) => {
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
  for (const outcome of successesToFollow(settled, doubtFrom, early))
    if (!commits.has(outcome.deployment.sha)) deployed.add(outcome.deployment.sha);
  const candidates = new Set(since.keys());
  // The environment's first success is in the window. The window's changes that it contains are listed, too.
  if (settled.some((outcome) => outcome.at >= question.from)) {
    for (const oid of branch.edge) if (isLate(oid)) missing.add(oid);
    for (const oid of branch.commits) if (isLate(oid)) candidates.add(oid);
  }
  return {
    boundary,
    deployed: [...deployed],
    missing: [...missing],
    withoutPullRequests: [...candidates].filter(lacksPullRequests),
    doubtFrom,
    liveEdge: edgeOf(isInDoubt ? liveEdge : offBranchEdge, oldest, early),
  };
}

function edgeOf(oids: ReadonlySet<Oid>, ...doubts: (Date | null)[]): Walk['liveEdge'] {
  const dates = doubts.filter((doubt) => doubt !== null);
  return dates.length > 0 ? { oids: [...oids], doubted: min(dates) } : null;
}

function noteParents(commit: Commit, commits: ReadonlyMap<Oid, Commit>, edge: Set<Oid>): void {
  for (const parent of commit.parents) if (!commits.has(parent)) edge.add(parent);
}
