import * as v from 'valibot';
import { jobsNamed } from '../../model/job-name.ts';
import type { Job } from '../../model/pipeline.ts';
import { instant } from '../answers.ts';
import { PAGE } from '../paging.ts';
import type { Repo } from '../repo.ts';
import { dateOrNull, isComplete, type JobsOfSuite, jobsOfSuites, type ListedJob } from './jobs.ts';
import type { ListedRun } from './runs.ts';
import type { CommitRuns } from './suites.ts';

/**
 * The jobs of all attempts of listed runs, by run. Runs whose jobs GraphQL cannot return in full take a REST request each.
 *
 * @param name - the name of the jobs to return; `null`: all jobs.
 */
export async function jobsOf(
  repo: Repo,
  { jobsOf: bySuite }: Pick<CommitRuns, 'jobsOf'>,
  runs: readonly ListedRun[],
  name: string | null,
): Promise<Map<number, ListedJob[]>> {
  const ids = runs.flatMap((run) => run.checkSuite ?? []);
  const suites = await bySuite.all(ids);
  const truncated = name === null ? [] : ids.filter((id) => suites.get(id)?.isTruncated);
  const namedOnly = truncated.length > 0 ? await jobsOfSuites(repo, truncated, 'all', name) : new Map();
  const jobs = new Map<number, ListedJob[]>();
  await Promise.all(
    runs.map(async (run) => {
      const named: JobsOfSuite | undefined = namedOnly.get(run.checkSuite ?? '');
      // A filter by name returns no other legs of a matrix, whose place a skipped job has.
      const isFound = named?.jobs.some((job) => job.conclusion !== 'skipped');
      const suite: JobsOfSuite | undefined = isFound ? named : suites.get(run.checkSuite ?? '');
      const runJobs = suite && !suite.isTruncated ? suite.jobs : await jobsOfRun(repo, run.id);
      jobs.set(run.id, name === null ? runJobs : jobsNamed(name, runJobs));
    }),
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
  v.check((job) => isComplete({ ...job, startedAt: job.started_at, completedAt: job.completed_at })),
);
const restJobs = v.object({ jobs: v.array(restJob) });

/** All jobs of all attempts of a run. */
export async function jobsOfRun(repo: Repo, id: number): Promise<ListedJob[]> {
  const jobs: ListedJob[] = [];
  for (let page = 1; ; page++) {
    const answer = await repo.get(
      `/actions/runs/${id}/jobs`,
      { filter: 'all', per_page: PAGE, page },
      restJobs,
    );
    for (const { name, conclusion, started_at, completed_at } of answer.jobs)
      jobs.push({
        name,
        conclusion,
        startedAt: dateOrNull(started_at),
        completedAt: dateOrNull(completed_at),
      });
    if (answer.jobs.length < PAGE) return jobs;
  }
}

const creations = v.object({
  jobs: v.array(v.object({ id: v.number(), name: v.string(), created_at: v.optional(instant) })),
});

/** When each job of a run's last attempt could have started; `null` before GitHub Enterprise Server 3.9. */
export async function jobCreations(
  repo: Repo,
  run: number,
): Promise<{ id: number; name: string; createdAt: Date | null }[]> {
  const { jobs } = await repo.get(
    `/actions/runs/${run}/jobs`,
    { filter: 'latest', per_page: PAGE },
    creations,
  );
  return jobs.map(({ id, name, created_at }) => ({ id, name, createdAt: dateOrNull(created_at) }));
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

/** The jobs of a run with their steps, by the number of the attempt. */
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
        createdAt: dateOrNull(job.created_at),
        startedAt: dateOrNull(job.started_at),
        completedAt: dateOrNull(job.completed_at),
        conclusion: job.conclusion,
        steps: job.steps.map((step) => ({
          name: step.name,
          startedAt: dateOrNull(step.started_at),
          completedAt: dateOrNull(step.completed_at),
        })),
      },
    ]);
  return attempts;
}
