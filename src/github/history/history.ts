import { addSeconds, max, min } from 'date-fns';
import type { Commit, Oid, Person, PullRequest } from '../../model/facts.ts';
import { present } from '../answers.ts';
import type { GitHub } from '../client.ts';
import { fitting, groupsOf, inGroups, PAGE } from '../paging.ts';
import {
  type BareCommitNode,
  type CommitNode,
  commitsQuery,
  historyQuery,
  type Page,
  type PullRequestNode,
  type Slice,
} from '../queries.ts';

/** How many pull requests of a commit are asked for at first: nearly always all, and each place costs points. */
export const PULL_REQUESTS = 5;

/**
 * How a long stretch is read. Each slice can leave one page partly empty, and a request carries the pages of
 * `together` slices: six slices cost at most three requests more than one slice would, and take a sixth of the time.
 */
const FULL = { slices: 6, together: 2 };
const BARE = { slices: 12, together: 5 };
const NAMED_AT_ONCE = 20;

/** Where a repository is, for every query. */
export interface Place {
  owner: string;
  name: string;
}

/** The base branch, read backwards from its tip as far as it turns out to be needed. */
export interface History {
  readonly commits: ReadonlyMap<Oid, Commit>;
  /** The branch's tip, or, where it is read from an earlier time on, all of its commits that have no known child. */
  tips(): Oid[];
  /** Reads the base branch back to commits of the date `since`; `bare` leaves their pull requests out. */
  reachBack(since: Date, bare?: boolean): Promise<void>;
  /** The commit date of anything that was read, or that something read names as its parent. */
  dateOf(oid: Oid): Date | undefined;
  /** Takes in a commit that came with something else. */
  add(node: BareCommitNode): void;
  /** Notes the date of a commit that was named but not read. */
  noteDate(oid: Oid, date: Date): void;
  /** Reads these commits and the newest below each, wherever they are. Resolves to those that do not exist. */
  follow(oids: readonly Oid[]): Promise<Oid[]>;
  /** Reads the pull requests of commits that were read without. */
  askPullRequests(oids: readonly Oid[]): Promise<void>;
}

/**
 * @param branch - its tip, and whether it is read from there on (`live`) or from an earlier time.
 * @param first - the newest page of the branch, as the opening query brought it.
 * @param repository - `owner/name` as GitHub spells it: a fork's commits may also belong to pull requests elsewhere.
 */
export function historyOf(
  github: GitHub,
  place: Place,
  repository: string,
  branch: { tip: Oid; live: boolean },
  first: Page<CommitNode>,
): History {
  const commits = new Map<Oid, Commit>();
  const dates = new Map<Oid, Date>();
  const crowded = new Set<Oid>();
  const onBranch = new Set<Oid>();
  let followed = 0;
  /** What GitHub could bring last time. */
  let pageSize = PAGE;

  const add = (node: BareCommitNode | CommitNode): void => {
    const pullRequests = 'associatedPullRequests' in node ? landed(node, repository) : null;
    const before = commits.get(node.oid);
    if (before && (before.pullRequests !== null || pullRequests === null)) return;
    const parents = (node.parents.nodes ?? []).filter((each) => each !== null);
    for (const parent of parents) dates.set(parent.oid, new Date(parent.committedDate));
    commits.set(node.oid, {
      oid: node.oid,
      parents: parents.map((parent) => parent.oid),
      committedAt: new Date(node.committedDate),
      headline: 'messageHeadline' in node ? node.messageHeadline : '',
      author: 'author' in node ? person(node.author) : null,
      url: 'url' in node ? node.url : '',
      pullRequests,
    });
    if ('associatedPullRequests' in node && node.associatedPullRequests?.pageInfo.hasNextPage)
      crowded.add(node.oid);
  };
  const addPage = (page: Page<BareCommitNode | CommitNode>): void => {
    for (const node of page.nodes ?? []) if (node) add(node);
  };
  const addBranchPage = (page: Page<CommitNode>): void => {
    addPage(page);
    for (const node of page.nodes ?? []) if (node) onBranch.add(node.oid);
  };

  addBranchPage(first);
  const firstDates = (first.nodes ?? [])
    .filter((each) => each !== null)
    .map((each) => new Date(each.committedDate));
  /** The branch is read from its tip back to here. */
  let readTo = first.pageInfo.hasNextPage ? oldestOf(first) : new Date(0);
  const secondsAPage =
    firstDates.length > 0 ? (max(firstDates).getTime() - min(firstDates).getTime()) / 1000 : 0;

  /** Reads slices page by page, all at once; the one without an end is read until it gets to `goal`. */
  async function readSlices(slices: Slice[], goal: Date, bare: boolean): Promise<void> {
    const { together } = bare ? BARE : FULL;
    let open = slices;
    while (open.length > 0) {
      const goOn = await Promise.all(groupsOf(open, together).map((group) => readOnce(group, goal, bare)));
      open = goOn.flat();
    }
  }

  /** The next page of each slice; resolves to the slices that go on. */
  async function readOnce(slices: Slice[], goal: Date, bare: boolean): Promise<Slice[]> {
    const { query, variables } = historyQuery(slices, bare);
    const answer = await fitting(pageSize, async (size) => {
      const page = await github.graphql<{
        repository: { object: Record<string, Page<CommitNode>> | null } | null;
      }>(query, {
        ...place,
        ...variables,
        tip: branch.tip,
        first: size,
        ...(bare ? {} : { pullRequests: PULL_REQUESTS }),
      });
      pageSize = Math.min(pageSize, size);
      return page;
    });
    return slices.flatMap((slice, i) => {
      const page = present(answer.repository?.object?.[`slice${i}`], 'history');
      addBranchPage(page);
      const { hasNextPage, endCursor } = page.pageInfo;
      if (slice.since === null) {
        readTo = hasNextPage ? oldestOf(page) : new Date(0);
        if (readTo <= goal) return [];
      }
      return hasNextPage ? [{ ...slice, after: endCursor }] : [];
    });
  }

  async function askPullRequests(oids: readonly Oid[], pullRequests = PULL_REQUESTS): Promise<void> {
    await inGroups(oids, NAMED_AT_ONCE, async (group) => {
      const { query, variables } = commitsQuery(group, true);
      const answer = await github.graphql<{ repository: Record<string, CommitNode | null> | null }>(query, {
        ...place,
        ...variables,
        pullRequests,
      });
      group.forEach((oid, i) => {
        const node = present(answer.repository?.[`commit${i}`], `commit ${oid}`);
        commits.delete(oid);
        add(node);
      });
    });
  }

  /** A commit of more pull requests than were asked for is asked again for all that a page holds. */
  async function askCrowded(): Promise<void> {
    const oids = [...crowded];
    crowded.clear();
    if (oids.length > 0) await askPullRequests(oids, PAGE);
    crowded.clear();
  }

  return {
    commits,
    tips: () => (branch.live ? [branch.tip] : childless(onBranch, commits)),
    add,
    dateOf: (oid) => commits.get(oid)?.committedAt ?? dates.get(oid),
    noteDate: (oid, date) => void dates.set(oid, date),
    askPullRequests,
    async reachBack(since, bare = false) {
      if (since < readTo) {
        const until = readTo;
        const limits = bare ? BARE : FULL;
        const pages = (until.getTime() - since.getTime()) / 1000 / secondsAPage;
        const count = Math.max(1, Math.min(limits.slices, Math.round(pages)));
        await readSlices(slicesOf(since, until, count), since, bare);
      }
      await askCrowded();
    },
    async follow(oids) {
      const missing: Oid[] = [];
      const size = Math.min(PAGE, 25 * 2 ** followed++);
      await inGroups(oids, NAMED_AT_ONCE, async (group) => {
        const { query, variables } = commitsQuery(group, false);
        const answer = await fitting(size, (first) =>
          github.graphql<{ repository: Record<string, { history?: Page<BareCommitNode> } | null> | null }>(
            query,
            { ...place, ...variables, first },
          ),
        );
        group.forEach((oid, i) => {
          const page = answer.repository?.[`commit${i}`]?.history;
          if (page) addPage(page);
          else missing.push(oid);
        });
      });
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

/** The commit date that a page ends at; its last commit's, as pages come newest first. */
function oldestOf(page: Page<BareCommitNode>): Date {
  return new Date(page.nodes?.findLast((each) => each !== null)?.committedDate ?? 0);
}

function childless(oids: ReadonlySet<Oid>, commits: ReadonlyMap<Oid, Commit>): Oid[] {
  const parents = new Set<Oid>();
  for (const oid of oids) for (const parent of commits.get(oid)?.parents ?? []) parents.add(parent);
  return [...oids].filter((oid) => !parents.has(oid));
}

/** The merged pull requests of a commit, those of other repositories (a fork's upstream) left out. */
function landed(node: CommitNode, repository: string): PullRequest[] {
  return (node.associatedPullRequests?.nodes ?? [])
    .filter((each) => each !== null)
    .flatMap((each) => {
      const elsewhere =
        each.baseRepository && each.baseRepository.nameWithOwner.toLowerCase() !== repository.toLowerCase();
      if (!each.merged || each.mergedAt === null || !each.mergeCommit || elsewhere) return [];
      return [pullRequest(each, each.mergedAt, each.mergeCommit.oid)];
    });
}

function pullRequest(node: PullRequestNode, mergedAt: string, mergeCommit: Oid): PullRequest {
  const firstCommit = node.commits.nodes?.[0]?.commit.authoredDate;
  return {
    number: node.number,
    title: node.title,
    url: node.url,
    author: node.author && { login: node.author.login, isBot: node.author.__typename !== 'User' },
    mergedAt: new Date(mergedAt),
    base: node.baseRefName,
    mergeCommit,
    firstCommitAt: firstCommit ? new Date(firstCommit) : null,
  };
}

function person(author: CommitNode['author']): Person | null {
  const login = author?.user?.login ?? author?.name;
  return login ? { login, isBot: false } : null;
}
