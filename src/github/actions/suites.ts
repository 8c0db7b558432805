import * as v from 'valibot';
import type { Oid } from '../../model/facts.ts';
import type { Run } from '../../model/pipeline.ts';
import { firstPageOf, instant } from '../answers.ts';
import { readOnce, type ReadByKey } from '../once.ts';
import { queryInGroups } from '../query-each.ts';
import type { Repo } from '../repo.ts';
import {
  checkRunPage,
  jobsIn,
  type JobsOfSuite,
  jobsOfSuites,
  jobsSelection,
  type SuiteJob,
  type SuiteJobs,
} from './jobs.ts';
import { type NamedRun, runsById } from './runs.ts';

/** Reads the workflow runs of commits, and the jobs of the runs that matter. */

/** A check suite of a workflow run. */
export interface Suite {
  /** The GraphQL id, to read its jobs. */
  id: string;
  /** The run's id. */
  run: number;
  workflow: string;
  /** The path of the workflow file; `null` if unknown. */
  file: string | null;
  event: string;
  createdAt: Date;
  url: string;
}

export interface SuitesOfCommit {
  suites: readonly Suite[];
  /** Whether some check suites did not fit on a page. */
  isTruncated: boolean;
}

/** Check suites per commit, including those of other apps. */
export const MAX_SUITES = 20;
/** Check suites per commit when their jobs are read too, which costs points. */
const MAX_SUITES_WITH_JOBS = 10;
/** Commits per request when the jobs of their runs are read too. */
const MAX_COMMITS_WITH_JOBS = 50;

export const suiteFields = {
  id: v.string(),
  // `null`: the suite belongs to another app.
  workflowRun: v.nullable(
    v.object({
      event: v.string(),
      createdAt: instant,
      url: v.string(),
      file: v.nullable(v.object({ path: v.string() })),
      workflow: v.object({ name: v.string() }),
    }),
  ),
};
const suiteNode = v.object(suiteFields);
export const SUITE = 'id workflowRun { event createdAt url file { path } workflow { name } }';

/** The check runs of other apps are not used, so they may be incomplete. */
const suiteWithJobs = v.union([
  v.object({ ...suiteFields, workflowRun: v.null() }),
  v.object({ ...suiteFields, all: checkRunPage, failed: checkRunPage }),
]);

/** Reads the check suites of commits, with `size` commits per request and up to `first` suites per commit. */
export async function readSuites<S extends v.GenericSchema<unknown, v.InferOutput<typeof suiteNode>>, T>(
  repo: Repo,
  oids: readonly Oid[],
  { size, first, selection, node }: { size: number; first: number; selection: string; node: S },
  jobsOf: (nodes: v.InferOutput<S>[]) => T,
): Promise<Map<Oid, SuitesOfCommit & T>> {
  const commits = await queryInGroups(repo, oids, size, {
    query: 'Suites',
    alias: 'commit',
    variables: { oid: ['GitObjectID!', (oid) => oid] },
    field: (i) => `object(oid: $oid${i}) { ...Suites }`,
    fragment: `fragment Suites on Commit {
  checkSuites(first: ${first}) { pageInfo { hasNextPage } nodes { ${selection} } }
}`,
    // `null`: the commit is gone.
    answer: v.nullable(v.object({ checkSuites: firstPageOf(node) })),
  });
  return new Map(
    oids.map((oid, i) => {
      const page = commits[i]?.checkSuites;
      const nodes = page?.nodes ?? [];
      const isTruncated = page?.pageInfo.hasNextPage ?? false;
      return [oid, { suites: nodes.flatMap(suiteOf), isTruncated, ...jobsOf(nodes) }];
    }),
  );
}

function suitesOf(repo: Repo, oids: readonly Oid[]): Promise<Map<Oid, SuitesOfCommit>> {
  const query = { size: 200, first: MAX_SUITES, selection: SUITE, node: suiteNode };
  return readSuites(repo, oids, query, () => ({}));
}

/** A commit's runs with the jobs that show which of them made a deployment, and why one failed. */
export interface RunsWithJobs extends SuitesOfCommit {
  /** By the suites' ids, without suites whose jobs did not all fit on a page. */
  all: ReadonlyMap<string, JobsOfSuite>;
  failed: ReadonlyMap<string, JobsOfSuite>;
}

/** The runs of a few commits with their jobs. One request is faster than two, but costs more points. */
function madeRunsOf(repo: Repo, oids: readonly Oid[]): Promise<Map<Oid, RunsWithJobs>> {
  const selection = `${SUITE} all: ${jobsSelection('all', 60)} failed: ${jobsSelection('failed', 3)}`;
  const query = { size: MAX_COMMITS_WITH_JOBS, first: MAX_SUITES_WITH_JOBS, selection, node: suiteWithJobs };
  return readSuites(repo, oids, query, (nodes) => {
    const completeJobs = (which: 'all' | 'failed') =>
      new Map(
        nodes.flatMap((node) => {
          const jobs = 'all' in node ? jobsIn(node[which]) : null;
          return jobs && !jobs.isTruncated ? [[node.id, jobs] as const] : [];
        }),
      );
    return { all: completeJobs('all'), failed: completeJobs('failed') };
  });
}

export function suiteOf({ id, workflowRun }: v.InferOutput<typeof suiteNode>): Suite[] {
  if (workflowRun === null) return [];
  const { event, createdAt, url, file, workflow } = workflowRun;
  const run = Number(/\/runs\/(\d+)/.exec(url)?.[1] ?? 0);
  const path = file?.path ?? null;
  return [{ id, run, workflow: workflow.name, file: path, event, createdAt: new Date(createdAt), url }];
}

/** The workflow runs of commits and their jobs. Callers share what was read. */
export interface CommitRuns {
  suitesOf: ReadByKey<Oid, SuitesOfCommit>;
  /** Runs by id. */
  runsById: ReadByKey<number, NamedRun>;
  runsWithJobsOf: ReadByKey<Oid, RunsWithJobs>;
  /** The jobs of check suites, by the ids of the suites. */
  jobsOf: Readonly<Record<SuiteJobs, ReadByKey<string, JobsOfSuite>>>;
}

export function commitRunsOf(repo: Repo): CommitRuns {
  const jobs = (which: SuiteJobs) => readOnce((ids: readonly string[]) => jobsOfSuites(repo, ids, which));
  return {
    runsById: readOnce((ids: readonly number[]) => runsById(repo, ids)),
    suitesOf: readOnce((oids: readonly Oid[]) => suitesOf(repo, oids)),
    runsWithJobsOf: readOnce((oids: readonly Oid[]) => madeRunsOf(repo, oids)),
    jobsOf: { all: jobs('all'), failed: jobs('failed'), latest: jobs('latest') },
  };
}

export interface RunsOfCommits {
  /** GraphQL does not show attempts, so each run looks like a first attempt that started when it was created. */
  runs: ReadonlyMap<Oid, Run[]>;
  /** Whether some runs, jobs or steps did not fit on a page, or jobs are missing. */
  isTruncated: boolean;
}

/**
 * Reads runs with their jobs and steps, by commit. If a `workflow_run` event started a run, the other runs of its commit
 * are included, since one of them triggered the event.
 *
 * @param requested - `suite`: the run's check suite, if a list already contained it. The commit is not read then.
 */
export async function runsOfCommits(
  { suitesOf: readSuitesOf, jobsOf }: CommitRuns,
  requested: readonly { sha: Oid; run: number; suite?: Suite | null }[],
): Promise<RunsOfCommits> {
  const isKnown = ({ suite }: { suite?: Suite | null }) => suite && suite.event !== 'workflow_run';
  const unknown = requested.filter((request) => !isKnown(request));
  const commits = await readSuitesOf([...new Set(unknown.map(({ sha }) => sha))]);
  for (const { sha, suite } of requested)
    if (suite && !commits.has(sha)) commits.set(sha, { suites: [], isTruncated: false });
  const ids = new Set(unknown.map(({ run }) => run));
  const suites = [...commits].flatMap(([oid, commit]) => {
    const matching = commit.suites.filter(({ run }) => ids.has(run));
    // A run that checked out the commit that triggered it has another commit itself.
    const elsewhere = requested.flatMap(({ sha, suite }) =>
      sha === oid && suite && !isKnown({ suite }) && !matching.some(({ id }) => id === suite.id)
        ? [suite]
        : [],
    );
    const isTriggered = [...matching, ...elsewhere].some(({ event }) => event === 'workflow_run');
    return [...(isTriggered ? commit.suites : matching), ...elsewhere].map((suite) => ({ oid, suite }));
  });
  for (const { sha, suite } of requested.filter(isKnown)) if (suite) suites.push({ oid: sha, suite });
  const jobs = await jobsOf.latest(suites.map(({ suite }) => suite.id));
  const runs = new Map<Oid, Run[]>([...commits.keys()].map((oid) => [oid, []]));
  for (const { oid, suite } of suites) runs.get(oid)?.push(runOf(suite, jobs.get(suite.id)?.jobs ?? []));
  return {
    runs,
    isTruncated:
      [...commits.values()].some(({ isTruncated }) => isTruncated) ||
      suites.some(({ suite }) => jobs.get(suite.id)?.isTruncated !== false),
  };
}

/** The runs that the push of each commit started, in one request. */
export async function pushRunsOf(
  { runsWithJobsOf }: CommitRuns,
  oids: readonly Oid[],
): Promise<Map<Oid, Run[]>> {
  const commits = await runsWithJobsOf(oids.slice(-MAX_COMMITS_WITH_JOBS));
  return new Map(
    [...commits].map(([oid, { suites, all }]) => [
      oid,
      suites
        .filter(({ event }) => event === 'push')
        .map((suite) => runOf(suite, all.get(suite.id)?.jobs ?? [])),
    ]),
  );
}

function runOf({ run, workflow, file, event, url, createdAt }: Suite, jobs: readonly SuiteJob[]): Run {
  return {
    id: run,
    workflow,
    file,
    event,
    actor: null,
    url,
    createdAt,
    attemptStartedAt: createdAt,
    attempt: 1,
    jobs: jobs.map(({ steps, hasAllSteps: _, status: __, ...job }) => ({
      ...job,
      createdAt: null,
      steps: steps ?? [],
    })),
  };
}
