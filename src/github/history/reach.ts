import { max, min } from 'date-fns';
import type { Commit, Deployment, Oid, RepositoryFacts } from '../../model/facts.ts';
import { contained } from '../../model/commit-graph.ts';
import { type BranchFacts, isIntoBase, mergesetsOf } from '../../model/mergesets.ts';
import { type Outcome, successes } from '../../model/outcome.ts';

/** What the question is, as far as it decides what has to be read. */
export interface Question {
  from: Date;
  to: Date;
  runId: number | null;
  countDirectPushes: boolean;
}

/**
 * The successes that say what was live before the window: all that came before it, or, in an environment that has
 * none, its first. (A success of a commit that is gone says nothing.) What they contain need not be told apart, only recognised.
 */
export function boundary(deployments: readonly Deployment[], complete: boolean, question: Question) {
  const all = successes(deployments, question.to, question.runId).filter(
    (each) => each.deployment.commitExists,
  );
  const before = all.filter((each) => each.at < question.from);
  const settled = before.length > 0 ? before : complete ? all.slice(0, 1) : [];
  return { settled, later: all.filter((each) => !settled.includes(each)) };
}

export interface Unread {
  /** Commits that deployments stand on, and that were not read: by name alone they are found, from whatever branch. */
  deployed: Oid[];
  /** Commits that the answer stands on and that were not read. */
  commits: Oid[];
  /** Commits of the base branch, not yet live before the window, whose pull requests were not asked for. */
  withoutPullRequests: Oid[];
  /** Mergesets as old as this turn up after the boundary: an older deployment may have shipped them. */
  doubtFrom: Date | null;
  /**
   * Where the walk down from what was live broke off, if there are mergesets in doubt (the oldest at `doubted`): not
   * met below it, and yet merged before that was deployed, or possibly on a branch of its own that was deployed first.
   * A commit dated before its own parents would hide them, and so would a branch of its own.
   */
  liveEdge: { oids: Oid[]; doubted: Date } | null;
}

/**
 * What is still to be read for a certain answer. The walk goes from the base branch and the window's deployments
 * down to what was live before; a parent where it breaks off is unread unless what was live breaks off there too.
 *
 * @param dateOf - the commit date of anything that was read or named.
 */
export function unread(
  facts: BranchFacts,
  deployments: readonly Deployment[],
  complete: boolean,
  question: Question,
  dateOf: (oid: Oid) => Date | undefined,
): Unread {
  const { commits, tips } = facts;
  const { settled, later } = boundary(deployments, complete, question);
  const shipping = later.map((each) => each.deployment.sha);
  const deployed = new Set(shipping.filter((sha) => !commits.has(sha)));
  const missing = new Set<Oid>();
  const isLate = (oid: Oid) => (dateOf(oid) ?? question.to) >= question.from;
  if (settled.length === 0) {
    // Nothing is known to be live; what the window merged is listed all the same, also below a commit of an old date.
    const edge = new Set<Oid>();
    const branch = contained(commits, tips, new Set(), (commit) => noteParents(commit, commits, edge));
    return {
      deployed: [...deployed],
      commits: [...edge].filter(isLate),
      withoutPullRequests: [...branch].filter(
        (oid) => isLate(oid) && commits.get(oid)?.pullRequests === null,
      ),
      doubtFrom: null,
      liveEdge: null,
    };
  }

  const liveEdge = new Set<Oid>();
  const besideBranch = new Set<Oid>();
  const branchEdge = new Set<Oid>();
  const wholeBranch = contained(commits, tips, new Set(), (commit) =>
    noteParents(commit, commits, branchEdge),
  );
  const live = contained(
    commits,
    settled.map((each) => each.deployment.sha),
    new Set(),
    (commit) => {
      noteParents(commit, commits, liveEdge);
      if (!wholeBranch.has(commit.oid)) noteParents(commit, commits, besideBranch);
    },
  );
  const edge = new Set<Oid>();
  const since = new Map<Oid, Commit>();
  const note = (commit: Commit) => {
    noteParents(commit, commits, edge);
    since.set(commit.oid, commit);
  };
  const onBranch = new Set(live);
  contained(commits, tips, onBranch, note);
  const branch = new Map(since);
  contained(commits, shipping, onBranch, (commit) => {
    note(commit);
    if (commit.promotes !== null && !wholeBranch.has(commit.oid) && !commits.has(commit.promotes))
      deployed.add(commit.promotes);
  });
  for (const oid of edge) if (!liveEdge.has(oid)) missing.add(oid);

  const unshipped = mergesetsOf({ ...facts, commits: branch }, question.countDirectPushes);
  const doubtFrom = unshipped.find((each) => each.mergedAt < question.from)?.mergedAt ?? null;
  const liveSince = max(settled.map((each) => each.deployment.createdAt));
  const oldest = unshipped[0]?.mergedAt ?? null;
  const late = oldest !== null && oldest <= liveSince;
  const early = oldestMergedLater(facts, live, wholeBranch, question.from);
  for (const each of worthFollowing(settled, doubtFrom, early)) {
    if (!commits.has(each.deployment.sha)) deployed.add(each.deployment.sha);
  }
  const toAsk = new Set(branch.keys());
  // What the environment's first success contains is named, as far as it is of the window.
  if (settled.some((each) => each.at >= question.from)) {
    for (const oid of branchEdge) if (isLate(oid)) missing.add(oid);
    for (const oid of wholeBranch) if (isLate(oid)) toAsk.add(oid);
  }
  return {
    deployed: [...deployed],
    commits: [...missing],
    withoutPullRequests: [...toAsk].filter((oid) => commits.get(oid)?.pullRequests === null),
    doubtFrom,
    liveEdge: edgeOf(late ? liveEdge : besideBranch, oldest, early),
  };
}

/**
 * Of the settled successes, the newest, and those that can have shipped a mergeset in doubt: merged since, or made before
 * them and merged after the window began (`early`).
 */
function worthFollowing(settled: readonly Outcome[], doubtFrom: Date | null, early: Date | null): Outcome[] {
  const newest = settled.at(-1);
  const since = [doubtFrom, early].filter((each) => each !== null);
  return settled.filter((each) => each === newest || since.some((date) => each.at >= date));
}

/**
 * The date of the oldest commit that was live before the window, and whose pull request was merged in it: deployed
 * from its branch, it may have been by any of the settled successes.
 */
function oldestMergedLater(
  { commits, ...names }: Pick<RepositoryFacts, 'commits' | 'baseBranch' | 'formerNames'>,
  live: ReadonlySet<Oid>,
  wholeBranch: ReadonlySet<Oid>,
  from: Date,
): Date | null {
  const dates = [...wholeBranch].flatMap((oid) => {
    const commit = live.has(oid) ? commits.get(oid) : undefined;
    const isLater = commit?.pullRequests?.some(
      (each) => isIntoBase(names, each) && each.mergeCommit === oid && each.mergedAt >= from,
    );
    return commit && isLater ? [commit.committedAt] : [];
  });
  return dates.length > 0 ? min(dates) : null;
}

function edgeOf(oids: ReadonlySet<Oid>, ...doubts: (Date | null)[]): Unread['liveEdge'] {
  const dates = doubts.filter((each) => each !== null);
  return dates.length > 0 ? { oids: [...oids], doubted: min(dates) } : null;
}

function noteParents(commit: Commit, commits: ReadonlyMap<Oid, Commit>, edge: Set<Oid>): void {
  for (const parent of commit.parents) if (!commits.has(parent)) edge.add(parent);
}

/** What the successful deployments of a unit hold of the base branch, as far as it was read. */
export interface Common {
  /** Whether any holds a change that was merged into it. */
  holdsChanges: boolean;
  /** The newest commits of the base branch that they hold, where none of those is known to be such a change. */
  newest: Oid[];
  /** The deployments that were asked about: successes of commits that are there. */
  successes: Outcome[];
}

export function commonWith(
  facts: BranchFacts,
  deployments: readonly Deployment[],
  question: Question,
): Common {
  const all = successes(deployments, question.to, question.runId).filter(
    (each) => each.deployment.commitExists,
  );
  const branch = contained(facts.commits, facts.tips);
  const held = contained(
    facts.commits,
    all.map((each) => each.deployment.sha),
  );
  const common = [...held].filter((oid) => branch.has(oid));
  const landed = new Set(mergesetsOf(facts, question.countDirectPushes).map((each) => each.mergeCommit));
  const newest = common
    .toSorted(
      (a, b) =>
        (facts.commits.get(b)?.committedAt.getTime() ?? 0) -
        (facts.commits.get(a)?.committedAt.getTime() ?? 0),
    )
    .slice(0, 20);
  return { holdsChanges: common.some((oid) => landed.has(oid)), newest, successes: all };
}
