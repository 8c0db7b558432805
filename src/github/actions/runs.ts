import * as v from 'valibot';
import { max } from 'date-fns';
import type { Person } from '../../model/facts.ts';
import { instant } from '../answers.ts';
import { PAGE } from '../paging.ts';
import { account, personOf } from '../person.ts';
import type { Repo } from '../repo.ts';

/** The runs of a workflow file, newest first, and what was read of them already. */

/** GitHub gives no more than this many runs of a filtered list, however far it is paged. */
const LIST_CAP = 1000;
/** Pages of an unfiltered list: what is left out is the oldest. */
const MOST_PAGES = 3;

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
    v.check((it) => it.conclusion !== null || (it.status !== null && it.status !== 'completed')),
    ['conclusion'],
  ),
);
const runPage = v.object({ workflow_runs: v.array(runNode) });

/** A run as a list tells it: of its last attempt, without its jobs. */
export interface ListedRun {
  id: number;
  event: string;
  /** Whether it is over, and what it came to. */
  isOver: boolean;
  conclusion: string | null;
  attempt: number;
  createdAt: Date;
  /** When its last attempt began. */
  attemptStartedAt: Date;
  /** Moves after its end, too. */
  updatedAt: Date;
  url: string;
  sha: string;
  /** The name of the branch or of the tag that it ran on; of a pull request its own branch. */
  branch: string | null;
  /** `null`: the commit is gone. */
  committedAt: Date | null;
  checkSuite: string | null;
  actor: Person | null;
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
  /** Every run that was created after this instant has been read. */
  readonly readTo: Date;
  /** Reads one more page, and resolves to it. */
  next(): Promise<ListedRun[]>;
}

/** The lists of a repository's runs up to an instant: each page is read once, whoever asks. */
export interface RunLists {
  /** One filtered list of a file's runs, from its newest page on. */
  stream(file: string, filter: Record<string, string>): RunStream;
  /**
   * The runs of a file since an instant: from the lists that are open already, read on as far as it takes; else from
   * one of all its runs. `cut`: there may be more than were listed.
   */
  since(file: string, since: Date): Promise<{ runs: ListedRun[]; cut: boolean }>;
}

export function runListsOf(repo: Repo, until: Date): RunLists {
  const lists = new Map<string, RunList>();
  const listOf = (file: string, filter: Record<string, string>): RunList => {
    const key = JSON.stringify([file, filter]);
    const list = lists.get(key) ?? { file, pages: [], page: pagesOf(repo, file, filter, until) };
    lists.set(key, list);
    return list;
  };
  return {
    stream: (file, filter) => streamOf(listOf(file, filter), until),
    async since(file, since) {
      const open = [...lists.values()].filter((list) => list.file === file);
      let cut = false;
      const found = await Promise.all(
        (open.length > 0 ? open : [listOf(file, {})]).map(async (list) => {
          const stream = streamOf(list, until);
          const runs: ListedRun[] = [];
          while (!stream.complete && (runs.length === 0 || stream.readTo >= since)) {
            if (runs.length >= MOST_PAGES * PAGE) {
              cut = true;
              break;
            }
            runs.push(...(await stream.next()));
          }
          return [...runs, ...list.pages.flatMap((page) => page.runs)];
        }),
      );
      const byId = new Map(found.flat().map((run) => [run.id, run] as const));
      const runs = [...byId.values()]
        .filter((run) => run.createdAt >= since)
        .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || b.id - a.id);
      return { runs, cut };
    },
  };
}

interface RunPage {
  runs: ListedRun[];
  isLast: boolean;
  /** Every run of the list that was created after this instant is on this page or one before it. */
  readTo: Date;
}

interface RunList {
  file: string;
  /** Those that were read, in order. */
  pages: RunPage[];
  page(index: number): Promise<RunPage>;
}

/** One reader's way through a list. */
function streamOf(list: RunList, until: Date): RunStream {
  let read = 0;
  const stream = {
    complete: false,
    readTo: until,
    async next() {
      const page = await list.page(read);
      list.pages[read] = page;
      read += 1;
      stream.complete = page.isLast;
      stream.readTo = page.readTo;
      return page.runs;
    },
  };
  return stream;
}

/** Pages of one filtered list, newest first; sliced by date where GitHub's cap is met. */
function pagesOf(
  repo: Repo,
  file: string,
  filter: Record<string, string>,
  until: Date,
): (index: number) => Promise<RunPage> {
  let page = 1;
  let created = `*..${until.toISOString()}`;
  let before = until;
  const read = async (): Promise<RunPage> => {
    const { workflow_runs: found } = await repo.get(
      `/actions/workflows/${encodeURIComponent(file)}/runs`,
      { ...filter, created, per_page: PAGE, page },
      runPage,
    );
    let isLast = found.length < PAGE;
    const oldest = found.at(-1);
    if (oldest) {
      before = new Date(oldest.created_at);
      // A whole list of runs of one second cannot be sliced further; nothing older would ever come.
      if (page * PAGE >= LIST_CAP) {
        const next = `*..${before.toISOString()}`;
        if (next === created) isLast = true;
        created = next;
        page = 1;
      } else page += 1;
    }
    return { runs: found.map(runOf), isLast, readTo: before };
  };
  const pages: Promise<RunPage>[] = [];
  return (index) => {
    pages[index] ??= read().catch((error: unknown) => {
      delete pages[index];
      throw error;
    });
    return pages[index];
  };
}

/** A run that was made again may have succeeded the first time: what each attempt before the last came to. */
export async function earlierAttempts(repo: Repo, run: ListedRun): Promise<ListedRun[]> {
  const numbers = Array.from({ length: run.attempt - 1 }, (_, i) => i + 1);
  return Promise.all(
    numbers.map(async (number) =>
      runOf(await repo.get(`/actions/runs/${run.id}/attempts/${number}`, {}, runNode)),
    ),
  );
}

/** How far several lists were read together: every run after this instant is known. */
export function readToOf(streams: readonly RunStream[]): Date {
  return max([new Date(0), ...streams.filter((stream) => !stream.complete).map((stream) => stream.readTo)]);
}

/** The events of a file's newest runs, those of most first. */
export async function eventsOf(repo: Repo, file: string): Promise<{ event: string; count: number }[]> {
  const { workflow_runs: found } = await repo.get(
    `/actions/workflows/${encodeURIComponent(file)}/runs`,
    { per_page: PAGE, page: 1 },
    runPage,
  );
  const counts = new Map<string, number>();
  for (const { event } of found) counts.set(event, (counts.get(event) ?? 0) + 1);
  return [...counts]
    .map(([event, count]) => ({ event, count }))
    .sort((a, b) => b.count - a.count || (a.event < b.event ? -1 : 1));
}

const workflowPage = v.object({ workflows: v.array(v.object({ path: v.string() })) });

/** The names of the workflow files that the repository has, the first hundred. */
export async function workflowFiles(repo: Repo): Promise<string[]> {
  const { workflows } = await repo.get('/actions/workflows', { per_page: PAGE }, workflowPage);
  return workflows.map((workflow) => workflow.path.replace(/^.*\//, ''));
}
