import * as v from 'valibot';
import type { Job } from '../../model/pipeline.ts';
import { firstPageOf, instant } from '../answers.ts';
import { inGroups, PAGE } from '../paging.ts';
import type { Repo } from '../repo.ts';
import type { ListedRun } from './runs.ts';

/** The jobs of runs, every attempt's: in bulk through GraphQL, run by run through REST where the bulk has nothing. */

export interface ListedJob {
  name: string;
  /** Lower case, as REST says it; `null` while it is not over. */
  conclusion: string | null;
  startedAt: Date | null;
  completedAt: Date | null;
}

/** A job that is over says when and how, and one that ran says since when. */
const isWhole = (it: {
  status: string;
  conclusion: string | null;
  startedAt: string | null;
  completedAt: string | null;
}) => {
  const status = it.status.toLowerCase();
  if (status === 'in_progress') return it.startedAt !== null;
  if (status !== 'completed') return true;
  if (it.conclusion === null || it.completedAt === null) return false;
  return it.startedAt !== null || !['success', 'failure', 'timed_out'].includes(it.conclusion.toLowerCase());
};

/** A check run's fields that make it a job, for every query that reads some. */
export const JOB_FIELDS = 'name status conclusion startedAt completedAt';
const jobFields = {
  name: v.string(),
  status: v.string(),
  conclusion: v.nullable(v.string()),
  startedAt: v.nullable(instant),
  completedAt: v.nullable(instant),
};
/** A check run with these fields and more; `startedAt` is named where it is not whole. */
export const jobNode = <E extends v.ObjectEntries>(more: E) =>
  v.pipe(
    v.object({ ...jobFields, ...more }),
    v.check((it) => isWhole(it as v.InferOutput<typeof bareJob>)),
  );
const bareJob = v.object(jobFields);

const CHECK_RUNS = `
query CheckRuns($ids: [ID!]!, $job: String) {
  nodes(ids: $ids) {
    id
    ... on CheckSuite {
      checkRuns(first: 100, filterBy: { checkType: ALL, checkName: $job }) {
        pageInfo { hasNextPage }
        nodes { ${JOB_FIELDS} }
      }
    }
  }
}`;
const checkRuns = v.object({
  // A suite that is gone is asked for by its run.
  nodes: v.array(v.nullable(v.object({ id: v.string(), checkRuns: v.nullish(firstPageOf(jobNode({}))) }))),
});

const date = (text: string | null): Date | null => (text === null ? null : new Date(text));

/** The jobs of runs: all, or those of one name. */
export async function jobsOf(
  repo: Repo,
  runs: readonly ListedRun[],
  name: string | null,
): Promise<Map<number, ListedJob[]>> {
  const jobs = new Map<number, ListedJob[]>();
  const bySuite = new Map<string, ListedRun>();
  for (const run of runs) if (run.checkSuite !== null) bySuite.set(run.checkSuite, run);
  await inGroups([...bySuite.keys()], PAGE, async (ids) => {
    const answer = await repo.graphql(CHECK_RUNS, { ids, job: name }, checkRuns);
    for (const node of answer.nodes) {
      const run = node && bySuite.get(node.id);
      if (!run || !node.checkRuns || node.checkRuns.pageInfo.hasNextPage) continue;
      jobs.set(
        run.id,
        node.checkRuns.nodes.map((each) => ({
          name: each.name,
          conclusion: each.conclusion?.toLowerCase() ?? null,
          startedAt: date(each.startedAt),
          completedAt: date(each.completedAt),
        })),
      );
    }
  });
  await Promise.all(
    runs
      .filter((run) => !jobs.has(run.id))
      .map(async (run) => jobs.set(run.id, await jobsOfRun(repo, run.id, name))),
  );
  return jobs;
}

const restJob = v.pipe(
  v.object({
    name: v.string(),
    status: v.optional(v.string(), 'unknown'),
    conclusion: v.nullable(v.string()),
    started_at: v.nullable(instant),
    completed_at: v.nullable(instant),
  }),
  v.check((it) => isWhole({ ...it, startedAt: it.started_at, completedAt: it.completed_at })),
);
const restJobs = v.object({ jobs: v.array(restJob) });

/** The jobs of one run, through REST, over all pages; of one name, or all. */
export async function jobsOfRun(repo: Repo, id: number, name: string | null): Promise<ListedJob[]> {
  const jobs: v.InferOutput<typeof restJob>[] = [];
  for (let page = 1; ; page++) {
    const { jobs: found } = await repo.get(
      `/actions/runs/${id}/jobs`,
      { filter: 'all', per_page: PAGE, page },
      restJobs,
    );
    jobs.push(...found);
    if (found.length < PAGE) break;
  }
  return jobs
    .filter((job) => name === null || job.name === name)
    .map((job) => ({
      name: job.name,
      conclusion: job.conclusion,
      startedAt: date(job.started_at),
      completedAt: date(job.completed_at),
    }));
}

const creations = v.object({
  jobs: v.array(v.object({ id: v.number(), name: v.string(), created_at: v.optional(instant) })),
});

/** From when on each job of a run's last attempt could have started; missing before GHES 3.9. */
export async function jobCreations(
  repo: Repo,
  run: number,
): Promise<{ id: number; name: string; createdAt: Date | null }[]> {
  const { jobs } = await repo.get(
    `/actions/runs/${run}/jobs`,
    { filter: 'latest', per_page: PAGE },
    creations,
  );
  return jobs.map(({ id, name, created_at }) => ({
    id,
    name,
    createdAt: created_at === undefined ? null : new Date(created_at),
  }));
}

const attemptJobs = v.object({
  jobs: v.array(
    v.object({
      id: v.number(),
      name: v.string(),
      run_attempt: v.optional(v.number(), 1),
      created_at: v.optional(instant),
      started_at: v.nullable(instant),
      completed_at: v.nullable(instant),
      conclusion: v.nullable(v.string()),
      steps: v.optional(
        v.array(
          v.object({
            name: v.string(),
            started_at: v.nullish(instant),
            completed_at: v.nullish(instant),
          }),
        ),
        [],
      ),
    }),
  ),
});

/** The jobs of each attempt of a run, with their steps, by the attempt's number. */
export async function jobsByAttempt(repo: Repo, run: number): Promise<Map<number, Job[]>> {
  const { jobs } = await repo.get(
    `/actions/runs/${run}/jobs`,
    { filter: 'all', per_page: PAGE },
    attemptJobs,
  );
  const attempts = new Map<number, Job[]>();
  for (const each of jobs)
    attempts.set(each.run_attempt, [
      ...(attempts.get(each.run_attempt) ?? []),
      {
        id: each.id,
        name: each.name,
        createdAt: date(each.created_at ?? null),
        startedAt: date(each.started_at),
        completedAt: date(each.completed_at),
        conclusion: each.conclusion,
        steps: each.steps.map((one) => ({
          name: one.name,
          startedAt: date(one.started_at ?? null),
          completedAt: date(one.completed_at ?? null),
        })),
      },
    ]);
  return attempts;
}
