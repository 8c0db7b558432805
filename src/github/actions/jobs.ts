import * as v from 'valibot';
import { firstPageOf, instant } from '../answers.ts';
import { inGroups, PAGE } from '../paging.ts';
import type { Repo } from '../repo.ts';

/** The jobs of runs in bulk, by their check suites. */

export interface ListedJob {
  name: string;
  /** Lower case, as REST says it; `null` while it is not over. */
  conclusion: string | null;
  startedAt: Date | null;
  completedAt: Date | null;
}

/** A step of a job, with what became of it. */
export interface EndedStep {
  name: string;
  /** Lower case; `null` while it is not over. */
  conclusion: string | null;
  startedAt: Date | null;
  completedAt: Date | null;
}

export interface SuiteJob extends ListedJob {
  id: number;
  /** In order; `null` where they were not asked for. */
  steps: EndedStep[] | null;
  /** Whether the steps are all there are. */
  hasAllSteps: boolean;
}

/** The jobs of a check suite. */
export interface JobsOfSuite {
  jobs: SuiteJob[];
  /** Whether there are more jobs, or more steps of one, than a page holds. */
  isCut: boolean;
}

/** Which jobs of a suite: every attempt's, without steps; those that failed, with steps; the last attempt's, with steps. */
export type SuiteJobs = 'all' | 'failed' | 'latest';

const SELECTIONS = {
  all: { first: 100, filter: 'checkType: ALL', steps: 0 },
  failed: { first: 10, filter: 'checkType: ALL, conclusions: [FAILURE, TIMED_OUT]', steps: 60 },
  latest: { first: 30, filter: 'checkType: LATEST', steps: 50 },
} as const satisfies Record<SuiteJobs, object>;

/**
 * The field of a check suite with its jobs.
 *
 * @param first - how many jobs at the most.
 * @param name - a variable with the name of the only job that is asked for.
 */
export function jobsSelection(
  which: SuiteJobs,
  first: number = SELECTIONS[which].first,
  name?: string,
): string {
  const { filter, steps } = SELECTIONS[which];
  const named = name === undefined ? '' : `, checkName: ${name}`;
  const ofSteps =
    steps > 0
      ? `steps(first: ${steps}) { pageInfo { hasNextPage } nodes { name status conclusion startedAt completedAt } }`
      : '';
  return `checkRuns(first: ${first}, filterBy: { ${filter}${named} }) {
    pageInfo { hasNextPage }
    nodes { name status conclusion startedAt completedAt detailsUrl permalink ${ofSteps} }
  }`;
}

export interface JobTimes {
  status: string;
  conclusion: string | null;
  startedAt: string | null;
  completedAt: string | null;
}

/** A job that is over says when and how, and one that ran says since when. */
export const isComplete = (it: JobTimes) => {
  const status = it.status.toLowerCase();
  if (status === 'in_progress') return it.startedAt !== null;
  if (status !== 'completed') return true;
  if (it.conclusion === null || it.completedAt === null) return false;
  return it.startedAt !== null || !['success', 'failure', 'timed_out'].includes(it.conclusion.toLowerCase());
};

const step = v.pipe(
  v.object({
    name: v.string(),
    status: v.string(),
    conclusion: v.nullable(v.string()),
    startedAt: v.nullable(instant),
    completedAt: v.nullable(instant),
  }),
  // One that ran to its end has both times; one that was skipped or cancelled need not.
  v.check((it) => {
    if (it.status !== 'COMPLETED') return true;
    if (it.conclusion === null) return false;
    if (it.conclusion === 'FAILURE') return it.startedAt !== null;
    return it.conclusion !== 'SUCCESS' || (it.startedAt !== null && it.completedAt !== null);
  }),
);
const checkRun = v.pipe(
  v.object({
    name: v.string(),
    status: v.string(),
    conclusion: v.nullable(v.string()),
    startedAt: v.nullable(instant),
    completedAt: v.nullable(instant),
    detailsUrl: v.nullable(v.string()),
    permalink: v.string(),
    steps: v.optional(firstPageOf(step)),
  }),
  v.check((it) => isComplete(it)),
);
/** A page of a suite's jobs, as {@link jobsSelection} asks for it. */
export const checkRunPage = firstPageOf(checkRun);
/** GitHub takes no more than a hundred ids a list; so many lists go in one request. */
const LISTS_AT_ONCE = 2;

const suites = v.object({
  // A suite that is gone is `null`.
  nodes: v.array(v.nullable(v.object({ id: v.string(), checkRuns: v.nullish(checkRunPage) }))),
});

const date = (text: string | null): Date | null => (text === null ? null : new Date(text));

/** The jobs of check suites; a suite that is gone has none. */
export async function jobsOfSuites(
  repo: Repo,
  ids: readonly string[],
  which: SuiteJobs,
  name: string | null = null,
): Promise<Map<string, JobsOfSuite>> {
  const query = `
query Jobs($ids: [ID!]!, $job: String) {
  nodes(ids: $ids) { id ... on CheckSuite { ${jobsSelection(which, undefined, '$job')} } }
}`;
  const found = new Map<string, JobsOfSuite>();
  await inGroups(ids, PAGE, async (group, share) => {
    const answer = await repo.graphql(query, { ids: group, job: name }, suites, share / LISTS_AT_ONCE);
    for (const suite of answer.nodes) if (suite?.checkRuns) found.set(suite.id, jobsIn(suite.checkRuns));
  });
  return found;
}

export function jobsIn({ nodes, pageInfo }: v.InferOutput<typeof checkRunPage>): JobsOfSuite {
  return {
    jobs: nodes.map((node) => ({
      id: Number(/\/job\/(\d+)/.exec(node.detailsUrl ?? '')?.[1] ?? /(\d+)$/.exec(node.permalink)?.[1] ?? 0),
      name: node.name,
      conclusion: node.conclusion?.toLowerCase() ?? null,
      startedAt: date(node.startedAt),
      completedAt: date(node.completedAt),
      steps: node.steps ? node.steps.nodes.map(stepOf) : null,
      hasAllSteps: node.steps?.pageInfo.hasNextPage === false,
    })),
    isCut: pageInfo.hasNextPage || nodes.some((node) => node.steps?.pageInfo.hasNextPage),
  };
}

const stepOf = ({ name, conclusion, startedAt, completedAt }: v.InferOutput<typeof step>): EndedStep => ({
  name,
  conclusion: conclusion?.toLowerCase() ?? null,
  startedAt: date(startedAt),
  completedAt: date(completedAt),
});
