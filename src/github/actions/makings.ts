import * as v from 'valibot';
import type { Oid } from '../../model/facts.ts';
import { firstPageOf, instant } from '../answers.ts';
import { inGroups } from '../paging.ts';
import type { Repo } from '../repo.ts';

/**
 * What made deployments: the runs on some commits with the names of their jobs, and the steps of those that failed. In
 * bulk, for the few deployments whose statuses alone do not say what they are.
 */

const COMMITS_AT_ONCE = 20;
const FAILED = new Set(['FAILURE', 'TIMED_OUT']);

const CHECK_RUN = 'name conclusion detailsUrl permalink';
const SUITES = `checkSuites(first: 10) {
  pageInfo { hasNextPage }
  nodes {
    workflowRun { event url file { path } }
    checkRuns(first: 60, filterBy: { checkType: ALL }) { pageInfo { hasNextPage } nodes { ${CHECK_RUN} } }
    failed: checkRuns(first: 10, filterBy: { checkType: ALL, conclusions: [FAILURE, TIMED_OUT] }) {
      pageInfo { hasNextPage }
      nodes { ${CHECK_RUN} steps(first: 60) { pageInfo { hasNextPage } nodes { name conclusion startedAt completedAt } } }
    }
  }
}`;

const checkRun = v.object({
  name: v.string(),
  conclusion: v.nullable(v.string()),
  detailsUrl: v.nullable(v.string()),
  permalink: v.string(),
});
const step = v.pipe(
  v.object({
    name: v.string(),
    conclusion: v.nullable(v.string()),
    startedAt: v.nullable(instant),
    completedAt: v.nullable(instant),
  }),
  v.check((it) => it.conclusion !== 'FAILURE' || it.startedAt !== null),
);
const anySuite = v.union([
  // Another app's.
  v.object({ workflowRun: v.null() }),
  v.object({
    workflowRun: v.object({
      event: v.string(),
      url: v.string(),
      file: v.nullable(v.object({ path: v.string() })),
    }),
    checkRuns: firstPageOf(checkRun),
    failed: firstPageOf(v.object({ ...checkRun.entries, steps: firstPageOf(step) })),
  }),
]);
/** `null`: the commit is gone. */
const commitSuites = v.nullable(v.object({ checkSuites: firstPageOf(anySuite) }));

export interface MadeStep {
  name: string;
  /** Lower case; `null` while it is not over. */
  conclusion: string | null;
  startedAt: Date | null;
  completedAt: Date | null;
}

export interface MadeJob {
  id: number;
  name: string;
  /** Lower case; `null` while it is not over. */
  conclusion: string | null;
  /** Of a job that failed: all of them, in their order, or `null` where GitHub's list ends before; empty for any other. */
  steps: MadeStep[] | null;
}

/** A run, as far as it says what its deployments are. */
export interface Making {
  event: string;
  /** The path of its workflow's file; `null` where GitHub does not say it. */
  file: string | null;
  /** Every attempt's. */
  jobs: MadeJob[];
}

/** The runs on some commits, by their numbers. */
export async function makingsOf(repo: Repo, oids: readonly Oid[]): Promise<Map<number, Making>> {
  const makings = new Map<number, Making>();
  await inGroups(oids, COMMITS_AT_ONCE, async (group) => {
    const query = `
query Makings($owner: String!, $name: String!, ${group.map((_, i) => `$oid${i}: GitObjectID!`).join(', ')}) {
  repository(owner: $owner, name: $name) {
    ${group.map((_, i) => `commit${i}: object(oid: $oid${i}) { ... on Commit { ${SUITES} } }`).join('\n    ')}
  }
}`;
    const { repository } = await repo.graphql(
      query,
      Object.fromEntries(group.map((oid, i) => [`oid${i}`, oid])),
      v.object({
        repository: v.object(Object.fromEntries(group.map((_, i) => [`commit${i}`, commitSuites]))),
      }),
    );
    for (const commit of Object.values(repository))
      for (const suite of commit?.checkSuites.nodes ?? []) {
        if (suite.workflowRun === null) continue;
        const run = Number(/\/runs\/(\d+)/.exec(suite.workflowRun.url)?.[1] ?? 0);
        makings.set(run, {
          event: suite.workflowRun.event,
          file: suite.workflowRun.file?.path ?? null,
          jobs: jobsIn(suite),
        });
      }
  });
  return makings;
}

type Suite = Extract<v.InferOutput<typeof anySuite>, { failed: unknown }>;

const idOf = ({ detailsUrl, permalink }: v.InferOutput<typeof checkRun>): number =>
  Number(/\/job\/(\d+)/.exec(detailsUrl ?? '')?.[1] ?? /(\d+)$/.exec(permalink)?.[1] ?? 0);

function jobsIn({ checkRuns, failed }: Suite): MadeJob[] {
  const steps = new Map(
    failed.nodes
      .filter((each) => !each.steps.pageInfo.hasNextPage)
      .map((each) => [idOf(each), each.steps.nodes] as const),
  );
  const date = (text: string | null) => (text === null ? null : new Date(text));
  const stepsOf = (job: v.InferOutput<typeof checkRun>): MadeStep[] | null => {
    if (!FAILED.has(job.conclusion ?? '')) return [];
    const found = steps.get(idOf(job));
    if (!found) return null;
    return found.map((one) => ({
      name: one.name,
      conclusion: one.conclusion?.toLowerCase() ?? null,
      startedAt: date(one.startedAt),
      completedAt: date(one.completedAt),
    }));
  };
  return checkRuns.nodes.map((each) => ({
    id: idOf(each),
    name: each.name,
    conclusion: each.conclusion?.toLowerCase() ?? null,
    steps: stepsOf(each),
  }));
}
