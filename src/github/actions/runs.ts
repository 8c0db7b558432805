import * as v from 'valibot';
import { max } from 'date-fns';
import type { Person } from '../../model/facts.ts';
import { instant, type Page } from '../answers.ts';
import { NotFound, recoverFrom } from '../errors.ts';
import { type PageList, pageListOf } from '../once.ts';
import { PAGE } from '../paging.ts';
import { account, personOf } from '../person.ts';
import type { Repo } from '../repo.ts';

/** Reads the runs of a workflow file, newest first, and shares the pages between callers. */

/** GitHub returns at most this many runs of a filtered list. */
const LIST_CAP = 1000;
/** Pages of an unfiltered list. Older runs are not read. */
const MAX_PAGES = 3;

const runNode = v.pipe(
  v.object({
    id: v.number(),
    path: v.optional(v.string()),
    name: v.nullish(v.string()),
    event: v.string(),
    status: v.nullable(v.string()),
    conclusion: v.nullable(v.string()),
    run_attempt: v.optional(v.number()),
    run_started_at: v.optional(instant),
    created_at: instant,
    updated_at: instant,
    html_url: v.string(),
    head_sha: v.string(),
    head_branch: v.nullish(v.string()),
    head_commit: v.nullable(v.object({ timestamp: instant })),
    check_suite_node_id: v.optional(v.string()),
    actor: account,
  }),
  v.forward(
    v.check(({ status, conclusion }) => conclusion !== null || (status !== null && status !== 'completed')),
    ['conclusion'],
  ),
);
const runPage = v.object({ workflow_runs: v.array(runNode) });

/** A run from a list: its last attempt, without jobs. */
export interface ListedRun {
  id: number;
  event: string;
  isOver: boolean;
  conclusion: string | null;
  attempt: number;
  createdAt: Date;
  /** When the last attempt started. */
  attemptStartedAt: Date;
  /** Can change after the run has ended. */
  updatedAt: Date;
  url: string;
  sha: string;
  /** Name of the branch or tag. A run for a pull request has the branch of the pull request. */
  branch: string | null;
  /** `null`: the commit is gone. */
  committedAt: Date | null;
  checkSuite: string | null;
  actor: Person | null;
}

/** How much earlier or later than the merge the run that it started is created, in milliseconds. */
const AROUND_MERGE = { before: 10_000, after: 600_000 };

/** Whether a run was created when a change was merged. */
export function isAtMerge({ createdAt }: ListedRun, mergedAt: Date): boolean {
  const delay = createdAt.getTime() - mergedAt.getTime();
  return delay >= -AROUND_MERGE.before && delay <= AROUND_MERGE.after;
}

function runOf(node: v.InferOutput<typeof runNode>): ListedRun {
  return {
    id: node.id,
    event: node.event,
    isOver: node.conclusion !== null,
    conclusion: node.conclusion,
    attempt: node.run_attempt ?? 1,
    createdAt: new Date(node.created_at),
    attemptStartedAt: new Date(node.run_started_at ?? node.created_at),
    updatedAt: new Date(node.updated_at),
    url: node.html_url,
    sha: node.head_sha,
    branch: node.head_branch ?? null,
    committedAt: node.head_commit && new Date(node.head_commit.timestamp),
    checkSuite: node.check_suite_node_id ?? null,
    actor: node.actor ? personOf(node.actor.login, node.actor.type) : null,
  };
}

export interface RunStream {
  readonly complete: boolean;
  /** Every run created after this date has been read. */
  readonly readTo: Date;
  /** Reads and returns the next page. */
  next(): Promise<readonly ListedRun[]>;
}

/** Lists of a repository's runs up to a date. Callers share the pages. */
export interface RunLists {
  /** A filtered list of a file's runs, from the newest page. */
  stream(file: string, filter: Record<string, string>): RunStream;
  /**
   * The runs of a file since a date, newest first. Continues lists that are already open, or else lists all runs. `cut`:
   * older runs since that date were not read.
   */
  since(file: string, since: Date): Promise<{ runs: ListedRun[]; cut: boolean }>;
}

export function runListsOf(repo: Repo, until: Date): RunLists {
  const lists = new Map<string, RunList>();
  const listOf = (file: string, filter: Record<string, string>): RunList => {
    const key = JSON.stringify([file, filter]);
    const list = lists.get(key) ?? { file, pages: [], list: pagesOf(repo, file, filter, until) };
    lists.set(key, list);
    return list;
  };
  return {
    stream: (file, filter) => streamOf(listOf(file, filter), until),
    async since(file, since) {
      const open = [...lists.values()].filter((list) => list.file === file);
      let cut = false;
      const runsByList = await Promise.all(
        (open.length > 0 ? open : [listOf(file, {})]).map(async (list) => {
          const stream = streamOf(list, until);
          let count = 0;
          while (!stream.complete && (count === 0 || stream.readTo >= since)) {
            if (count >= MAX_PAGES * PAGE) {
              cut = true;
              break;
            }
            count += (await stream.next()).length;
          }
          return list.pages.flat();
        }),
      );
      const byId = new Map(runsByList.flat().map((run) => [run.id, run] as const));
      const runs = [...byId.values()]
        .filter((run) => run.createdAt >= since)
        .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || b.id - a.id);
      return { runs, cut };
    },
  };
}

interface RunList {
  file: string;
  /** The pages that were read, in order. */
  pages: (readonly ListedRun[])[];
  list: PageList<ListedRun>;
}

/** One caller's position in a list. */
function streamOf({ pages, list }: RunList, until: Date): RunStream {
  let read = 0;
  const stream = {
    complete: false,
    readTo: until,
    async next() {
      const { nodes, isLast } = await list.page(read);
      pages[read] = nodes;
      read += 1;
      stream.complete = isLast;
      stream.readTo = nodes.at(-1)?.createdAt ?? stream.readTo;
      return nodes;
    },
  };
  return stream;
}

/** A filtered list, newest first. Past GitHub's cap, a new list starts at the oldest date so far. */
const pagesOf = (repo: Repo, file: string, filter: Record<string, string>, until: Date) =>
  pageListOf(async (cursor): Promise<Page<ListedRun>> => {
    const [created, page] =
      cursor === null ? [`*..${until.toISOString()}`, 1] : (JSON.parse(cursor) as [string, number]);
    const { workflow_runs: nodes } = await repo.get(
      `/actions/workflows/${encodeURIComponent(file)}/runs`,
      { ...filter, created, per_page: PAGE, page },
      runPage,
    );
    const runs = nodes.map(runOf);
    const oldest = page * PAGE >= LIST_CAP ? runs.at(-1) : undefined;
    const next = oldest ? [`*..${oldest.createdAt.toISOString()}`, 1] : [created, page + 1];
    // If a list up to the cap holds runs of a single second, older runs cannot be reached.
    const isStuck = oldest !== undefined && next[0] === created;
    const hasNextPage = runs.length >= PAGE && !isStuck;
    return { nodes: runs, pageInfo: { hasNextPage, endCursor: JSON.stringify(next) } };
  });

/** A run that was read by its id. */
export interface NamedRun extends ListedRun {
  /** Path of the workflow file; `null` if unknown. */
  file: string | null;
  workflow: string;
}

/** Runs by id, without those that were deleted. Each takes one request. */
export async function runsById(repo: Repo, ids: readonly number[]): Promise<Map<number, NamedRun>> {
  const runs = new Map<number, NamedRun>();
  await Promise.all(
    ids.map(async (id) => {
      const node = await repo
        .get(`/actions/runs/${id}`, {}, runNode)
        .catch(recoverFrom(NotFound, () => null));
      if (node === null) return;
      const file = node.path?.replace(/@.*$/, '') ?? null;
      runs.set(id, { ...runOf(node), file, workflow: node.name ?? '' });
    }),
  );
  return runs;
}

/** The attempts of a run before the last one. A run that was repeated may have succeeded before. */
export async function earlierAttempts(repo: Repo, run: ListedRun): Promise<ListedRun[]> {
  const numbers = Array.from({ length: run.attempt - 1 }, (_, i) => i + 1);
  return Promise.all(
    numbers.map(async (number) =>
      runOf(await repo.get(`/actions/runs/${run.id}/attempts/${number}`, {}, runNode)),
    ),
  );
}

/** A run by its id. */
export const oneRun = async (repo: Repo, id: number): Promise<ListedRun> =>
  runOf(await repo.get(`/actions/runs/${id}`, {}, runNode));

const approvals = v.array(v.object({ state: v.string(), user: account }));

/** Who approved a run that protection rules held; `null`: nobody, as after a wait timer. */
export async function approverOf(repo: Repo, run: number): Promise<Person | null> {
  const answer = await repo.get(`/actions/runs/${run}/approvals`, {}, approvals);
  const user = answer.find(({ state }) => state === 'approved')?.user;
  return user ? personOf(user.login, user.type) : null;
}

/** The date after which every run of several lists has been read. */
export function readToOf(streams: readonly RunStream[]): Date {
  return max([new Date(0), ...streams.filter((stream) => !stream.complete).map((stream) => stream.readTo)]);
}

/** The events of a file's newest runs, most frequent first. */
export async function eventsOf(repo: Repo, file: string): Promise<{ event: string; count: number }[]> {
  const { workflow_runs: nodes } = await repo.get(
    `/actions/workflows/${encodeURIComponent(file)}/runs`,
    { per_page: PAGE, page: 1 },
    runPage,
  );
  const counts = new Map<string, number>();
  for (const { event } of nodes) counts.set(event, (counts.get(event) ?? 0) + 1);
  return [...counts]
    .map(([event, count]) => ({ event, count }))
    .sort((a, b) => b.count - a.count || (a.event < b.event ? -1 : 1));
}

const workflowPage = v.object({ workflows: v.array(v.object({ path: v.string() })) });

/** The names of the repository's workflow files, at most 100. */
export async function workflowFileNames(repo: Repo): Promise<string[]> {
  const { workflows } = await repo.get('/actions/workflows', { per_page: PAGE }, workflowPage);
  return workflows.map((workflow) => workflow.path.replace(/^.*\//, ''));
}
