import * as v from 'valibot';
import type { Oid } from '../../model/facts.ts';
import type { Run } from '../../model/pipeline.ts';
import { firstPageOf, instant } from '../answers.ts';
import { readOnce, type ReadEach } from '../once.ts';
import { inGroups } from '../paging.ts';
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

/** The workflow runs on commits. Their jobs are asked for apart, for the runs that matter: a commit has many more. */

/** A check suite that GitHub Actions made for a workflow run. */
export interface Suite {
  /** GraphQL's id, by which its jobs are found. */
  id: string;
  /** The run's number. */
  run: number;
  workflow: string;
  /** The path of its workflow file; `null` where GitHub does not say it. */
  file: string | null;
  event: string;
  createdAt: Date;
  url: string;
}

export interface SuitesOfCommit {
  suites: readonly Suite[];
  /** Whether the commit has more check suites than one page holds. */
  isCut: boolean;
}

/** Check suites of a commit, those of other apps among them. */
export const MOST_SUITES = 20;
/** With their jobs so many are looked at, as each costs points. */
const MOST_WITH_JOBS = 10;

const suiteFields = {
  id: v.string(),
  // `null`: another app's.
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
const SUITE = 'id workflowRun { event createdAt url file { path } workflow { name } }';

/** Another app's check runs are not looked at, and need not be whole. */
const suiteWithJobs = v.union([
  v.object({ ...suiteFields, workflowRun: v.null() }),
  v.object({ ...suiteFields, all: checkRunPage, failed: checkRunPage }),
]);

/** Asks for the check suites of commits, `together` of them a request at the most. */
async function askSuites<S extends v.GenericSchema<unknown, { workflowRun: unknown }>>(
  repo: Repo,
  oids: readonly Oid[],
  { together, first, selection, node }: { together: number; first: number; selection: string; node: S },
  take: (oid: Oid, nodes: v.InferOutput<S>[], isCut: boolean) => void,
): Promise<void> {
  // `null`: the commit is gone.
  const commit = v.nullable(v.object({ checkSuites: firstPageOf(node) }));
  await inGroups(oids, together, async (group, share) => {
    const query = `
query Suites($owner: String!, $name: String!, ${group.map((_, i) => `$oid${i}: GitObjectID!`).join(', ')}) {
  repository(owner: $owner, name: $name) {
    ${group.map((_, i) => `commit${i}: object(oid: $oid${i}) { ...Suites }`).join('\n    ')}
  }
}
fragment Suites on Commit {
  checkSuites(first: ${first}) { pageInfo { hasNextPage } nodes { ${selection} } }
}`;
    const { repository } = await repo.graphql(
      query,
      Object.fromEntries(group.map((oid, i) => [`oid${i}`, oid])),
      v.object({ repository: v.object(Object.fromEntries(group.map((_, i) => [`commit${i}`, commit]))) }),
      share,
    );
    group.forEach((oid, i) => {
      const page = repository[`commit${i}`]?.checkSuites;
      take(oid, page?.nodes ?? [], page?.pageInfo.hasNextPage ?? false);
    });
  });
}

async function suitesOf(repo: Repo, oids: readonly Oid[]): Promise<Map<Oid, SuitesOfCommit>> {
  const found = new Map<Oid, SuitesOfCommit>();
  await askSuites(
    repo,
    oids,
    { together: 200, first: MOST_SUITES, selection: SUITE, node: suiteNode },
    (oid, nodes, isCut) => {
      found.set(oid, { suites: nodes.flatMap(suiteOf), isCut });
    },
  );
  return found;
}

/** A commit's runs with what tells which job made a deployment, and how one failed. */
export interface MadeRuns extends SuitesOfCommit {
  /** By the suites' ids; a suite of which there is more than was asked for is in neither. */
  all: ReadonlyMap<string, JobsOfSuite>;
  failed: ReadonlyMap<string, JobsOfSuite>;
}

/** The runs on a few commits and their jobs, in one request: it costs more points than one after the other. */
async function madeRunsOf(repo: Repo, oids: readonly Oid[]): Promise<Map<Oid, MadeRuns>> {
  const found = new Map<Oid, MadeRuns>();
  const selection = `${SUITE} all: ${jobsSelection('all', 60)} failed: ${jobsSelection('failed', 3)}`;
  await askSuites(
    repo,
    oids,
    { together: 50, first: MOST_WITH_JOBS, selection, node: suiteWithJobs },
    (oid, nodes, isCut) => {
      const whole = (which: 'all' | 'failed') =>
        new Map(
          nodes.flatMap((node) => {
            const jobs = 'all' in node ? jobsIn(node[which]) : null;
            return jobs && !jobs.isCut ? [[node.id, jobs] as const] : [];
          }),
        );
      found.set(oid, { suites: nodes.flatMap(suiteOf), isCut, all: whole('all'), failed: whole('failed') });
    },
  );
  return found;
}

function suiteOf({ id, workflowRun }: v.InferOutput<typeof suiteNode>): Suite[] {
  if (workflowRun === null) return [];
  const { event, createdAt, url, file, workflow } = workflowRun;
  const run = Number(/\/runs\/(\d+)/.exec(url)?.[1] ?? 0);
  return [
    {
      id,
      run,
      workflow: workflow.name,
      file: file?.path ?? null,
      event,
      createdAt: new Date(createdAt),
      url,
    },
  ];
}

/** The workflow runs on commits and their jobs, each read once for all who ask. */
export interface CommitRuns {
  suitesOf: ReadEach<Oid, SuitesOfCommit>;
  /** The runs on a few commits with their jobs. */
  madeRunsOf: ReadEach<Oid, MadeRuns>;
  /** The jobs of check suites by the suites' ids: which of them, and how much of each. */
  jobsOf: Readonly<Record<SuiteJobs, ReadEach<string, JobsOfSuite>>>;
}

export function commitRunsOf(repo: Repo): CommitRuns {
  const jobs = (which: SuiteJobs) => readOnce((ids: readonly string[]) => jobsOfSuites(repo, ids, which));
  return {
    suitesOf: readOnce((oids: readonly Oid[]) => suitesOf(repo, oids)),
    madeRunsOf: readOnce((oids: readonly Oid[]) => madeRunsOf(repo, oids)),
    jobsOf: { all: jobs('all'), failed: jobs('failed'), latest: jobs('latest') },
  };
}

export interface RunsOfCommits {
  /** Each as of one attempt that began when it was created: GraphQL tells no attempts. */
  runs: ReadonlyMap<Oid, Run[]>;
  /** Whether there is more than the one page of each list that is looked at, or a run's jobs did not come. */
  isCut: boolean;
}

/**
 * Runs with their jobs and steps, by commit. Of a run that a `workflow_run` event started, the other runs of its commit
 * come too, since one of them started it.
 *
 * @param wanted - `suite`: its check suite, where that is known from a list; then the commit is not asked about.
 */
export async function runsOfCommits(
  { suitesOf: read, jobsOf }: CommitRuns,
  wanted: readonly { sha: Oid; run: number; suite?: Suite | null }[],
): Promise<RunsOfCommits> {
  const isKnown = ({ suite }: { suite?: Suite | null }) => suite && suite.event !== 'workflow_run';
  const unknown = wanted.filter((each) => !isKnown(each));
  const commits = await read([...new Set(unknown.map((each) => each.sha))]);
  for (const { sha, suite } of wanted)
    if (suite && !commits.has(sha)) commits.set(sha, { suites: [], isCut: false });
  const numbers = new Set(unknown.map((each) => each.run));
  const suites = [...commits].flatMap(([oid, commit]) => {
    const own = commit.suites.filter((suite) => numbers.has(suite.run));
    const isStartedByAnother = own.some((suite) => suite.event === 'workflow_run');
    return (isStartedByAnother ? commit.suites : own).map((suite) => ({ oid, suite }));
  });
  for (const { sha, suite } of wanted.filter(isKnown)) if (suite) suites.push({ oid: sha, suite });
  const jobs = await jobsOf.latest(suites.map(({ suite }) => suite.id));
  const runs = new Map<Oid, Run[]>([...commits.keys()].map((oid) => [oid, []]));
  for (const { oid, suite } of suites) runs.get(oid)?.push(runOf(suite, jobs.get(suite.id)?.jobs ?? []));
  return {
    runs,
    isCut:
      [...commits.values()].some((commit) => commit.isCut) ||
      suites.some(({ suite }) => jobs.get(suite.id)?.isCut !== false),
  };
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
    jobs: jobs.map(({ steps, hasAllSteps: _, ...job }) => ({
      ...job,
      createdAt: null,
      steps: (steps ?? []).map(({ name, startedAt, completedAt }) => ({ name, startedAt, completedAt })),
    })),
  };
}
