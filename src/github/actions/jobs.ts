import * as v from 'valibot';
import type { Job } from '../../model/pipeline.ts';
import { firstPageOf, instant } from '../answers.ts';
import { inGroups, PAGE } from '../paging.ts';
import type { Repo } from '../repo.ts';

/** Reads the jobs of many runs at once, through their check suites. */

export type ListedJob = Pick<Job, 'name' | 'startedAt' | 'completedAt' | 'conclusion'>;
export type EndedStep = ListedJob;

export interface SuiteJob extends ListedJob, Pick<Job, 'id'> {
  /** Lower case, such as `queued` or `waiting`. */
  status: string;
  /** In order; `null` if they were not read. */
  steps: EndedStep[] | null;
  /** Whether all steps of the job were read. */
  hasAllSteps: boolean;
}

export interface JobsOfSuite {
  jobs: SuiteJob[];
  /** Whether some jobs or steps did not fit on a page. */
  isTruncated: boolean;
}

/** The jobs of all attempts, without steps; the failed jobs, with steps; or the jobs of the last attempt, with steps. */
export type SuiteJobs = 'all' | 'failed' | 'latest';

const SELECTIONS = {
  all: { first: 100, filter: 'checkType: ALL', steps: 0 },
  failed: { first: 10, filter: 'checkType: ALL, conclusions: [FAILURE, TIMED_OUT]', steps: 60 },
  latest: { first: 30, filter: 'checkType: LATEST', steps: 50 },
  /** The jobs of the last attempt, without steps, and those of them that failed, with steps. */
  now: { first: 30, filter: 'checkType: LATEST', steps: 0 },
  failedNow: { first: 3, filter: 'checkType: LATEST, conclusions: [FAILURE, TIMED_OUT]', steps: 60 },
} as const satisfies Record<SuiteJobs | 'now' | 'failedNow', object>;

/**
 * The GraphQL field of a check suite that holds its jobs.
 *
 * @param first - maximum number of jobs.
 * @param name - the variable that holds the name of the only job to read.
 */
export function jobsSelection(
  which: keyof typeof SELECTIONS,
  first: number = SELECTIONS[which].first,
  name?: string,
): string {
  const { filter, steps } = SELECTIONS[which];
  const nameFilter = name === undefined ? '' : `, checkName: ${name}`;
  const stepsField =
    steps > 0
      ? `steps(first: ${steps}) { pageInfo { hasNextPage } nodes { name status conclusion startedAt completedAt } }`
      : '';
  return `checkRuns(first: ${first}, filterBy: { ${filter}${nameFilter} }) {
    pageInfo { hasNextPage }
    nodes { name status conclusion startedAt completedAt detailsUrl permalink ${stepsField} }
  }`;
}

const ended = v.object({
  name: v.string(),
  status: v.string(),
  conclusion: v.nullable(v.string()),
  startedAt: v.nullable(instant),
  completedAt: v.nullable(instant),
});
type EndedNode = v.InferOutput<typeof ended>;

/** Whether a job has the times and the conclusion that its status requires. */
export const isComplete = ({ status, conclusion, startedAt, completedAt }: Omit<EndedNode, 'name'>) => {
  if (status.toLowerCase() === 'in_progress') return startedAt !== null;
  if (status.toLowerCase() !== 'completed') return true;
  if (conclusion === null || completedAt === null) return false;
  return startedAt !== null || !['success', 'failure', 'timed_out'].includes(conclusion.toLowerCase());
};

const step = v.pipe(
  ended,
  // A skipped or cancelled step may lack its times.
  v.check(({ status, conclusion, startedAt, completedAt }) => {
    if (status !== 'COMPLETED') return true;
    if (conclusion === null) return false;
    if (conclusion === 'FAILURE') return startedAt !== null;
    return conclusion !== 'SUCCESS' || (startedAt !== null && completedAt !== null);
  }),
);
const checkRun = v.pipe(
  v.object({
    ...ended.entries,
    detailsUrl: v.nullable(v.string()),
    permalink: v.string(),
    steps: v.optional(firstPageOf(step)),
  }),
  v.check((job) => isComplete(job)),
);
/** The answer to {@link jobsSelection}. */
export const checkRunPage = firstPageOf(checkRun);
/** Lists of 100 ids, GitHub's maximum, per request. */
const LISTS_PER_REQUEST = 2;

const suites = v.object({
  // `null`: the suite is gone.
  nodes: v.array(v.nullable(v.object({ id: v.string(), checkRuns: v.nullish(checkRunPage) }))),
});

export const dateOrNull = (text: string | null | undefined): Date | null =>
  text == null ? null : new Date(text);

/** The jobs of check suites by id, without suites that are gone. */
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
  const jobs = new Map<string, JobsOfSuite>();
  await inGroups(ids, PAGE, async (group, share) => {
    const answer = await repo.graphql(query, { ids: group, job: name }, suites, share / LISTS_PER_REQUEST);
    for (const suite of answer.nodes) if (suite?.checkRuns) jobs.set(suite.id, jobsIn(suite.checkRuns));
  });
  return jobs;
}

export function jobsIn({ nodes, pageInfo }: v.InferOutput<typeof checkRunPage>): JobsOfSuite {
  return {
    jobs: nodes.map((node) => ({
      id: Number(/\/job\/(\d+)/.exec(node.detailsUrl ?? '')?.[1] ?? /(\d+)$/.exec(node.permalink)?.[1] ?? 0),
      status: node.status.toLowerCase(),
      ...endedOf(node),
      steps: node.steps ? node.steps.nodes.map(endedOf) : null,
      hasAllSteps: node.steps?.pageInfo.hasNextPage === false,
    })),
    isTruncated: pageInfo.hasNextPage || nodes.some((node) => node.steps?.pageInfo.hasNextPage),
  };
}

const endedOf = ({ name, conclusion, startedAt, completedAt }: EndedNode): ListedJob => ({
  name,
  conclusion: conclusion?.toLowerCase() ?? null,
  startedAt: dateOrNull(startedAt),
  completedAt: dateOrNull(completedAt),
});
