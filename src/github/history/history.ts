import { addSeconds } from 'date-fns';
import type { Commit, Oid } from '../../model/facts.ts';
import type { Page } from '../answers.ts';
import { withFittingPage, groupsOf, inGroups, PAGE } from '../paging.ts';
import type { Repo } from '../repo.ts';
import {
  type AnyCommit,
  type BareCommit,
  commitOf,
  type FullCommit,
  historyQuery,
  promotionOf,
  readBelow,
  readCommits,
  type Slice,
  unplacedIn,
} from './commits.ts';

/** Pull requests per commit in the opening query: nearly always enough. More would cost more points. */
export const PULL_REQUESTS = 5;
/** Share of commits that must get all their pull requests at once. The others take another request. */
const USUAL_SHARE = 0.95;

/**
 * A long part of the branch is read in slices, in parallel. Each slice can leave a page partly empty, and a request holds
 * the pages of `perRequest` slices. Eight slices therefore take an eighth of the time and at most one request more.
 */
const FULL = { slices: 8, perRequest: 4 };
const BARE = { slices: 16, perRequest: 8 };
/** Number of commits for {@link History.oldestPace}. */
const PACE_SAMPLE = 200;
/** Reads more slices than estimated: one too many costs a page, but one too few costs a request in sequence. */
const SLICE_MARGIN = 1.5;
/** Commits to read below a followed commit the first time, and below an edge. */
const FIRST_BELOW = 25;
const BELOW_EDGE = 5;
const FEW_EDGES = 20;
/** GitHub accepts half a million nodes per query. A commit and its parents can take 102. */
const MAX_NODES = 450_000;
const NODES_PER_COMMIT = 102;

/** The base branch, read backwards from its tip as far as needed, and other commits that deployments refer to. */
export interface History {
  readonly commits: ReadonlyMap<Oid, Commit>;
  /** Merged pull requests whose merge commit GitHub does not name, by number. */
  readonly pullRequestsWithoutMergeCommit: ReadonlyMap<number, { base: string; mergedAt: Date }>;
  /** The branch was read from its tip back to this date. */
  readonly readTo: Date;
  /** Average milliseconds between the newest commits. */
  readonly pace: number;
  /** Average milliseconds between the oldest commits that were read. */
  readonly oldestPace: number;
  /** Estimated number of pages from the oldest commit that was read back to a date. */
  pagesTo(since: Date): number;
  /** The branch's tip. If the branch is read from an earlier time: all its commits without a known child. */
  heads(): Oid[];
  /** Reads the base branch back to commits of the date `since`. `bare` leaves out their pull requests. */
  reachBack(since: Date, bare?: boolean): Promise<void>;
  /** The date of a commit that was read, or that is a parent of one. */
  dateOf(oid: Oid): Date | undefined;
  /** Adds a commit from another answer. */
  add(node: AnyCommit): void;
  /** Records the date of a commit that was not read. */
  noteDate(oid: Oid, date: Date): void;
  /**
   * Reads commits on any branch, with the newest commits below each: few below an edge, and otherwise more with every
   * call. Resolves to the commits that do not exist.
   */
  follow(starts: readonly { oid: Oid; isEdge: boolean }[]): Promise<Oid[]>;
  /** Reads the pull requests of commits that were read without them. */
  readPullRequests(oids: readonly Oid[]): Promise<void>;
}

/**
 * @param url - the repository's page.
 * @param branch - `live`: whether it is read from its tip, not from an earlier time.
 * @param first - the newest page of the branch, from the opening query.
 */
export function historyOf(
  repo: Repo,
  url: string,
  branch: { name: string; tip: Oid; live: boolean },
  first: Page<FullCommit>,
): History {
  const commits = new Map<Oid, Commit>();
  /** Dates of commits that were named, but not read. */
  const dates = new Map<Oid, Date>();
  const crowded = new Set<Oid>();
  const unplaced = new Map<number, { base: string; mergedAt: Date }>();
  const onBranch = new Set<Oid>();
  let followed = 0;
  const pageSize = { size: PAGE };

  const add = (node: AnyCommit, replace = false): void => {
    const commit = commitOf(node, url, branch.name);
    const earlier = commits.get(node.oid);
    if (!replace && earlier && detailOf(earlier) >= detailOf(commit)) return;
    // Only the query for deployed commits reads these.
    if (earlier && earlier.pickedFrom.length > 0) commit.pickedFrom = earlier.pickedFrom;
    if (earlier && earlier.promotes !== null) commit.promotes = earlier.promotes;
    if (earlier?.mergedElsewhere) commit.mergedElsewhere = earlier.mergedElsewhere;
    for (const parent of node.parents.nodes)
      if (!commits.has(parent.oid)) dates.set(parent.oid, new Date(parent.committedDate));
    dates.delete(node.oid);
    commits.set(node.oid, commit);
    if (!('associatedPullRequests' in node)) return;
    if (node.associatedPullRequests.pageInfo.hasNextPage) crowded.add(node.oid);
    for (const { number, ...merge } of unplacedIn(node)) unplaced.set(number, merge);
  };
  const addBranchPage = (page: Page<BareCommit | FullCommit>): void => {
    for (const node of page.nodes) {
      add(node);
      onBranch.add(node.oid);
    }
  };

  addBranchPage(first);
  const usualPullRequests = usualPullRequestsOf(first.nodes);
  let readTo = first.pageInfo.hasNextPage ? oldestOf(first) : new Date(0);
  const pace = paceOf(first.nodes.map((node) => Date.parse(node.committedDate)));
  const oldestPace = () => {
    const times = [...onBranch].map((oid) => commits.get(oid)?.committedAt.getTime() ?? 0);
    return paceOf(
      times
        .filter((time) => time >= readTo.getTime())
        .sort((a, b) => a - b)
        .slice(0, PACE_SAMPLE),
    );
  };
  const pagesTo = (since: Date) => Math.max(0, readTo.getTime() - since.getTime()) / (oldestPace() * PAGE);

  /** Reads slices in parallel, page by page. The slice without a lower bound is read until it reaches `goal`. */
  async function readSlices(slices: Slice[], goal: Date, bare: boolean): Promise<void> {
    const { perRequest } = bare ? BARE : FULL;
    let open = slices;
    let reached = readTo;
    const reach = (date: Date) => {
      reached = date;
      return date <= goal;
    };
    while (open.length > 0) {
      const unfinished = groupsOf(open, perRequest).map((group) => readNextPages(group, reach, bare));
      open = (await Promise.all(unfinished)).flat();
    }
    // Set only now, when there are no gaps left between the slices.
    readTo = reached;
  }

  /**
   * Reads the next page of each slice and resolves to the slices that have more.
   *
   * @param reach - receives the date that the slice without a lower bound was read to, and returns whether that is enough.
   */
  async function readNextPages(
    slices: Slice[],
    reach: (date: Date) => boolean,
    bare: boolean,
  ): Promise<Slice[]> {
    const { query, variables, answer } = historyQuery(slices, bare);
    const { repository } = await withFittingPage(pageSize, (first) =>
      repo.graphql(
        query,
        { ...variables, tip: branch.tip, first, ...(bare ? {} : { pullRequests: usualPullRequests }) },
        answer,
        slices.length / (bare ? BARE : FULL).perRequest,
      ),
    );
    return slices.flatMap((slice, i) => {
      const page = repository.object[`slice${i}`];
      if (!page) return [];
      addBranchPage(page);
      const { hasNextPage, endCursor } = page.pageInfo;
      if (slice.since === null && reach(hasNextPage ? oldestOf(page) : new Date(0))) return [];
      return hasNextPage ? [{ ...slice, after: endCursor }] : [];
    });
  }

  async function askPullRequests(oids: readonly Oid[], pullRequests = usualPullRequests): Promise<void> {
    await inGroups(oids, PAGE, async (group, share) => {
      for (const node of await readCommits(repo, group, pullRequests, share)) add(node, true);
    });
  }

  /** Reads commits with more pull requests than requested again: first with the usual maximum, then with a full page. */
  async function askCrowded(): Promise<void> {
    for (const pullRequests of [PULL_REQUESTS, PAGE]) {
      const oids = [...crowded];
      crowded.clear();
      if (oids.length > 0) await askPullRequests(oids, pullRequests);
    }
    crowded.clear();
  }

  return {
    commits,
    pullRequestsWithoutMergeCommit: unplaced,
    get readTo() {
      return readTo;
    },
    pace,
    get oldestPace() {
      return oldestPace();
    },
    pagesTo,
    heads: () => (branch.live ? [branch.tip] : childless(onBranch, commits)),
    add: (node) => add(node),
    dateOf: (oid) => commits.get(oid)?.committedAt ?? dates.get(oid),
    noteDate: (oid, date) => void dates.set(oid, date),
    async readPullRequests(oids) {
      await askPullRequests(oids);
      await askCrowded();
    },
    async reachBack(since, bare = false) {
      if (since < readTo) {
        const { slices } = bare ? BARE : FULL;
        const count = Math.max(1, Math.min(slices, Math.ceil(pagesTo(since) * SLICE_MARGIN)));
        await readSlices(slicesOf(since, readTo, count), since, bare);
      }
      await askCrowded();
    },
    async follow(starts) {
      const missing: Oid[] = [];
      const size = Math.min(PAGE, FIRST_BELOW * 2 ** followed++);
      const read = async (oids: readonly Oid[], maxBelow: number) => {
        const below = { size: maxBelow };
        const groupSize = Math.min(PAGE, Math.floor(MAX_NODES / (maxBelow * NODES_PER_COMMIT)));
        await inGroups(oids, groupSize, async (group, share) => {
          const nodes = await withFittingPage(below, (first) => readBelow(repo, group, first, share));
          nodes.forEach((node, i) => {
            const oid = group[i] as Oid;
            if (!node) {
              missing.push(oid);
              return;
            }
            for (const below of node.history.nodes) add(below);
            const commit = commits.get(oid);
            const { promotes, mergedElsewhere } = promotionOf(oid, node.promotedBy, branch.name);
            if (commit) commit.promotes ??= promotes;
            if (commit && mergedElsewhere) commit.mergedElsewhere = mergedElsewhere;
          });
        });
      };
      const edges = starts.filter(({ isEdge }) => isEdge).map(({ oid }) => oid);
      const others = starts.filter(({ isEdge }) => !isEdge).map(({ oid }) => oid);
      // A few edges are not worth a request of their own.
      if (others.length === 0) await read(edges, BELOW_EDGE);
      else if (edges.length <= FEW_EDGES) await read([...others, ...edges], size);
      else await Promise.all([read(others, size), read(edges, BELOW_EDGE)]);
      return missing;
    },
  };
}

/**
 * Cuts a period into `count` slices of whole seconds that do not overlap. The oldest slice has no lower bound: its last
 * page costs the same when it is full, and earlier commits are often needed next.
 */
function slicesOf(since: Date, until: Date, count: number): Slice[] {
  const seconds = (until.getTime() - since.getTime()) / 1000;
  const edge = (i: number) => addSeconds(since, Math.floor((seconds * i) / count));
  return Array.from({ length: count }, (_, i) => ({
    since: i === 0 ? null : edge(i).toISOString(),
    until: (i === count - 1 ? until : addSeconds(edge(i + 1), -1)).toISOString(),
    after: null,
  }));
}

/** Average milliseconds between times. */
function paceOf(times: readonly number[]): number {
  return times.length > 1 ? (Math.max(...times) - Math.min(...times)) / (times.length - 1) : 0;
}

/** Number of pull requests that is enough for nearly all commits of the branch. */
function usualPullRequestsOf(commits: readonly FullCommit[]): number {
  const counts = commits
    .map(({ associatedPullRequests: { nodes, pageInfo } }) => nodes.length + (pageInfo.hasNextPage ? 1 : 0))
    .sort((a, b) => a - b);
  const usual = counts[Math.ceil(counts.length * USUAL_SHARE) - 1] ?? PULL_REQUESTS;
  return Math.min(PULL_REQUESTS, Math.max(1, usual));
}

/** Ranks how much was read of a commit: 0 only its place, 1 also its identity, 2 also its pull requests. */
function detailOf({ pullRequests, authoredAt }: Commit): number {
  return pullRequests !== null ? 2 : authoredAt !== null ? 1 : 0;
}

/** The date of the last commit on a page, which is the oldest. */
function oldestOf(page: Page<BareCommit>): Date {
  return new Date(page.nodes.at(-1)?.committedDate ?? 0);
}

function childless(oids: ReadonlySet<Oid>, commits: ReadonlyMap<Oid, Commit>): Oid[] {
  const parents = new Set<Oid>();
  for (const oid of oids) for (const parent of commits.get(oid)?.parents ?? []) parents.add(parent);
  return [...oids].filter((oid) => !parents.has(oid));
}
