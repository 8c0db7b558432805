import * as v from 'valibot';
import type { Job } from '../../model/pipeline.ts';
import { instant } from '../answers.ts';
import { PAGE } from '../paging.ts';
import type { Repo } from '../repo.ts';
import { isComplete, type JobsOfSuite, jobsOfSuites, type ListedJob } from './jobs.ts';
import type { ListedRun } from './runs.ts';
import type { CommitRuns } from './suites.ts';

/** The jobs of runs that are known by their numbers: in bulk where their suites are known, else run by run through REST. */

/** The jobs of listed runs, every attempt's: all, or those of one name. What GraphQL lacks is asked for run by run. */
export async function jobsOf(
  repo: Repo,
  { jobsOf: bySuite }: Pick<CommitRuns, 'jobsOf'>,
  runs: readonly ListedRun[],
  name: string | null,
): Promise<Map<number, ListedJob[]>> {
  const ids = runs.flatMap((run) => run.checkSuite ?? []);
  const found = await bySuite.all(ids);
  const crowded = name === null ? [] : ids.filter((id) => found.get(id)?.isCut);
  const named = crowded.length > 0 ? await jobsOfSuites(repo, crowded, 'all', name) : new Map();
  const jobs = new Map<number, ListedJob[]>();
  await Promise.all(
    runs.map(async (run) => {
      const suite: JobsOfSuite | undefined =
        named.get(run.checkSuite ?? '') ?? found.get(run.checkSuite ?? '');
      const own = suite && !suite.isCut ? suite.jobs : await jobsOfRun(repo, run.id);
      jobs.set(
        run.id,
        own.filter((job) => name === null || job.name === name),
      );
    }),
  );
  return jobs;
}

const date = (text: string | null): Date | null => (text === null ? null : new Date(text));

const restJob = v.pipe(
  v.object({
    name: v.string(),
    status: v.optional(v.string(), 'unknown'),
    conclusion: v.nullable(v.string()),
    started_at: v.nullable(instant),
    completed_at: v.nullable(instant),
  }),
  v.check((it) => isComplete({ ...it, startedAt: it.started_at, completedAt: it.completed_at })),
);
const restJobs = v.object({ jobs: v.array(restJob) });

/** The jobs of one run, through REST, over all pages. */
export async function jobsOfRun(repo: Repo, id: number): Promise<ListedJob[]> {
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
  return jobs.map((job) => ({
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
  for (const job of jobs)
    attempts.set(job.run_attempt, [
      ...(attempts.get(job.run_attempt) ?? []),
      {
        id: job.id,
        name: job.name,
        createdAt: date(job.created_at ?? null),
        startedAt: date(job.started_at),
        completedAt: date(job.completed_at),
        conclusion: job.conclusion,
        steps: job.steps.map((step) => ({
          name: step.name,
          startedAt: date(step.started_at ?? null),
          completedAt: date(step.completed_at ?? null),
        })),
      },
    ]);
  return attempts;
}
