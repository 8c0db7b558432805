import { addSeconds } from 'date-fns';
import type { Commit, Oid } from '../../model/facts.ts';
import type { Page } from '../answers.ts';
import { fitting, groupsOf, inGroups, PAGE } from '../paging.ts';
import type { Repo } from '../repo.ts';
import {
  type AnyCommit,
  type BareCommit,
  belowQuery,
  commitOf,
  commitsQuery,
  type FullCommit,
  historyQuery,
  promotedIn,
  type Slice,
  unplacedIn,
} from './commits.ts';

/** How many pull requests of a commit the opening asks for: nearly always all, and each place costs points. */
export const PULL_REQUESTS = 5;
/** So large a share of commits has to come with all its pull requests; the others are asked about again. */
const MOST_COMMITS = 0.95;

/**
 * How a long stretch is read. Each slice can leave one page partly empty, and a request carries the pages of
 * `together` slices: eight slices cost at most one request more than one slice would, and take an eighth of the time.
 */
const FULL = { slices: 8, together: 4 };
const BARE = { slices: 16, together: 8 };
/** Commits by which the pace of the oldest that were read is told. */
const PACE_OF = 200;
/** One slice too many is a page; one too few is one more request after the other. */
const MORE = 1.5;
/** Commits below a named one that are read the first time, and below one that is only looked at. */
const FIRST_BELOW = 25;
const BELOW_EDGE = 5;
const FEW_EDGES = 20;
/** GitHub takes half a million nodes a query; below a named commit each of some commits brings up to a hundred parents. */
const MOST_NODES = 450_000;
const NODES_A_COMMIT = 102;

/** The base branch, read backwards from its tip as far as it turns out to be needed. */
export interface History {
  readonly commits: ReadonlyMap<Oid, Commit>;
  /** Merged pull requests of which GitHub does not say as which commit, by number. */
  readonly unplaced: ReadonlyMap<number, { base: string; mergedAt: Date }>;
  /** The branch was read from its tip back to this date. */
  readonly readTo: Date;
  /** Milliseconds between two of the newest commits. */
  readonly pace: number;
  /** Milliseconds between two of the oldest commits of what was read of the branch. */
  readonly oldestPace: number;
  /** About how many pages of commits there are from what was read back to a date. */
  pagesTo(since: Date): number;
  /** The branch's tip, or, where it is read from an earlier time on, all of its commits that have no known child. */
  tips(): Oid[];
  /** Reads the base branch back to commits of the date `since`; `bare` leaves their pull requests out. */
  reachBack(since: Date, bare?: boolean): Promise<void>;
  /** The commit date of anything that was read, or that something read names as its parent. */
  dateOf(oid: Oid): Date | undefined;
  /** Takes in a commit that came with something else. */
  add(node: AnyCommit): void;
  /** Notes the date of a commit that was named but not read. */
  noteDate(oid: Oid, date: Date): void;
  /**
   * Reads these commits and the newest below each, wherever they are: a stretch that grows from call to call, or, for
   * those that are only looked at (`isEdge`), a few. Resolves to those that do not exist.
   */
  follow(named: readonly { oid: Oid; isEdge: boolean }[]): Promise<Oid[]>;
  /** Reads the pull requests of commits that were read without. */
  askPullRequests(oids: readonly Oid[]): Promise<void>;
}

/**
 * @param branch - its name, its tip, and whether it is read from there on (`live`) or from an earlier time.
 * @param first - the newest page of the branch, as the opening query brought it.
 * @param url - the repository's page.
 */
export function historyOf(
  repo: Repo,
  url: string,
  branch: { name: string; tip: Oid; live: boolean },
  first: Page<FullCommit>,
): History {
  const commits = new Map<Oid, Commit>();
  const dates = new Map<Oid, Date>();
  const crowded = new Set<Oid>();
  const unplaced = new Map<number, { base: string; mergedAt: Date }>();
  const onBranch = new Set<Oid>();
  let followed = 0;
  /** What GitHub could bring last time. */
  let pageSize = PAGE;

  const add = (node: AnyCommit, again = false): void => {
    const commit = commitOf(node, url, branch.name);
    const before = commits.get(node.oid);
    if (!again && before && knownOf(before) >= knownOf(commit)) return;
    // A deployed commit tells what its message says in full; with its pull requests it does not come.
    if (before && before.pickedFrom.length > 0) commit.pickedFrom = before.pickedFrom;
    if (before && before.promotes !== null) commit.promotes = before.promotes;
    for (const parent of node.parents.nodes) dates.set(parent.oid, new Date(parent.committedDate));
    commits.set(node.oid, commit);
    if (!('associatedPullRequests' in node)) return;
    if (node.associatedPullRequests.pageInfo.hasNextPage) crowded.add(node.oid);
    for (const { number, ...each } of unplacedIn(node)) unplaced.set(number, each);
  };
  const addBranchPage = (page: Page<BareCommit | FullCommit>): void => {
    for (const node of page.nodes) {
      add(node);
      onBranch.add(node.oid);
    }
  };

  addBranchPage(first);
  const usualPullRequests = enoughPullRequests(first.nodes);
  const firstDates = first.nodes.map((node) => new Date(node.committedDate));
  /** The branch is read from its tip back to here. */
  let readTo = first.pageInfo.hasNextPage ? oldestOf(first) : new Date(0);
  const pace = paceOf(firstDates.map((firstDate) => firstDate.getTime()));
  const oldestPace = () => {
    const times = [...onBranch].map((oid) => commits.get(oid)?.committedAt.getTime() ?? 0);
    return paceOf(
      times
        .filter((time) => time >= readTo.getTime())
        .sort((a, b) => a - b)
        .slice(0, PACE_OF),
    );
  };
  const pagesTo = (since: Date) => Math.max(0, readTo.getTime() - since.getTime()) / (oldestPace() * PAGE);

  /** Reads slices page by page, all at once; the one without an end is read until it gets to `goal`. */
  async function readSlices(slices: Slice[], goal: Date, bare: boolean): Promise<void> {
    const { together } = bare ? BARE : FULL;
    let open = slices;
    let reached = readTo;
    const reach = (date: Date) => {
      reached = date;
      return date <= goal;
    };
    while (open.length > 0) {
      const goOn = await Promise.all(groupsOf(open, together).map((group) => readOnce(group, reach, bare)));
      open = goOn.flat();
    }
    // Only now is nothing missing between the slices.
    readTo = reached;
  }

  /**
   * The next page of each slice; resolves to the slices that go on.
   *
   * @param reach - takes the date that the slice without an end was read to, and returns whether that is far enough.
   */
  async function readOnce(slices: Slice[], reach: (date: Date) => boolean, bare: boolean): Promise<Slice[]> {
    const { query, variables, answer } = historyQuery(slices, bare);
    const found = await fitting(pageSize, async (size) => {
      const page = await repo.graphql(
        query,
        {
          ...variables,
          tip: branch.tip,
          first: size,
          ...(bare ? {} : { pullRequests: usualPullRequests }),
        },
        answer,
        slices.length / (bare ? BARE : FULL).together,
      );
      pageSize = Math.min(pageSize, size);
      return page;
    });
    return slices.flatMap((slice, i) => {
      const page = found.repository.object[`slice${i}`];
      if (!page) return [];
      addBranchPage(page);
      const { hasNextPage, endCursor } = page.pageInfo;
      if (slice.since === null && reach(hasNextPage ? oldestOf(page) : new Date(0))) return [];
      return hasNextPage ? [{ ...slice, after: endCursor }] : [];
    });
  }

  async function askPullRequests(oids: readonly Oid[], pullRequests = usualPullRequests): Promise<void> {
    await inGroups(oids, PAGE, async (group, share) => {
      const { query, variables, answer } = commitsQuery(group);
      const { repository } = await repo.graphql(query, { ...variables, pullRequests }, answer, share);
      for (const node of Object.values(repository)) {
        add(node, true);
      }
    });
  }

  /** A commit of more pull requests than were asked for is asked about again, at last for all that a page holds. */
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
    unplaced,
    get readTo() {
      return readTo;
    },
    pace,
    get oldestPace() {
      return oldestPace();
    },
    pagesTo,
    tips: () => (branch.live ? [branch.tip] : childless(onBranch, commits)),
    add: (node) => add(node),
    dateOf: (oid) => commits.get(oid)?.committedAt ?? dates.get(oid),
    noteDate: (oid, date) => void dates.set(oid, date),
    async askPullRequests(oids) {
      await askPullRequests(oids);
      await askCrowded();
    },
    async reachBack(since, bare = false) {
      if (since < readTo) {
        const until = readTo;
        const limits = bare ? BARE : FULL;
        const count = Math.max(1, Math.min(limits.slices, Math.ceil(pagesTo(since) * MORE)));
        await readSlices(slicesOf(since, until, count), since, bare);
      }
      await askCrowded();
    },
    async follow(named) {
      const missing: Oid[] = [];
      const size = Math.min(PAGE, FIRST_BELOW * 2 ** followed++);
      const ask = async (oids: readonly Oid[], most: number) => {
        const together = Math.min(PAGE, Math.floor(MOST_NODES / (most * NODES_A_COMMIT)));
        await inGroups(oids, together, async (group, share) => {
          const { query, variables, answer } = belowQuery(group);
          const { repository } = await fitting(most, (first) =>
            repo.graphql(query, { ...variables, first }, answer, share),
          );
          group.forEach((oid, i) => {
            const found = repository[`commit${i}`];
            if (!found) {
              missing.push(oid);
              return;
            }
            for (const node of found.history.nodes) add(node);
            const commit = commits.get(oid);
            if (commit) commit.promotes ??= promotedIn(oid, found.promotedBy, branch.name);
          });
        });
      };
      const stretches = named.filter((each) => !each.isEdge).map((each) => each.oid);
      const edges = named.filter((each) => each.isEdge).map((each) => each.oid);
      // A few of one kind are not worth a request of their own.
      if (stretches.length === 0 || edges.length <= FEW_EDGES)
        await ask([...stretches, ...edges], stretches.length === 0 ? BELOW_EDGE : size);
      else await Promise.all([ask(stretches, size), ask(edges, BELOW_EDGE)]);
      return missing;
    },
  };
}

/**
 * Cuts a stretch of time into `count` slices of whole seconds that share no second. The oldest has no end: a page
 * that is asked for anyway may as well be full, and what comes before the stretch is often what is asked for next.
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

/** Milliseconds between two of some instants. */
function paceOf(times: readonly number[]): number {
  return times.length > 1 ? (Math.max(...times) - Math.min(...times)) / (times.length - 1) : 0;
}

/** How many pull requests a commit of this branch mostly has, and no more than the opening asks for. */
function enoughPullRequests(commits: readonly FullCommit[]): number {
  const counts = commits
    .map(({ associatedPullRequests: { nodes, pageInfo } }) => nodes.length + (pageInfo.hasNextPage ? 1 : 0))
    .sort((a, b) => a - b);
  const most = counts[Math.ceil(counts.length * MOST_COMMITS) - 1] ?? PULL_REQUESTS;
  return Math.min(PULL_REQUESTS, Math.max(1, most));
}

/** How much is known of a commit: its place, then what makes it known again, then its pull requests. */
function knownOf({ pullRequests, authoredAt }: Commit): number {
  return pullRequests !== null ? 2 : authoredAt !== null ? 1 : 0;
}

/** The commit date that a page ends at; its last commit's, as pages come newest first. */
function oldestOf(page: Page<BareCommit>): Date {
  return new Date(page.nodes.at(-1)?.committedDate ?? 0);
}

function childless(oids: ReadonlySet<Oid>, commits: ReadonlyMap<Oid, Commit>): Oid[] {
  const parents = new Set<Oid>();
  for (const oid of oids) for (const parent of commits.get(oid)?.parents ?? []) parents.add(parent);
  return [...oids].filter((oid) => !parents.has(oid));
}
