import * as v from 'valibot';
import type { Oid } from '../../model/facts.ts';
import type { Job, Run } from '../../model/pipeline.ts';
import { firstPageOf, instant } from '../answers.ts';
import { inGroups } from '../paging.ts';
import type { Repo } from '../repo.ts';
import { JOB_FIELDS, jobNode } from './jobs.ts';

/** The workflow runs on commits, with their jobs and steps: ten commits a request. */

const COMMITS_AT_ONCE = 10;

const SUITES = `checkSuites(first: 6) {
  pageInfo { hasNextPage }
  nodes {
    workflowRun { event createdAt url file { path } workflow { name } }
    checkRuns(first: 30, filterBy: { checkType: LATEST }) {
      pageInfo { hasNextPage }
      nodes {
        ${JOB_FIELDS} detailsUrl permalink
        steps(first: 50) { pageInfo { hasNextPage } nodes { name status conclusion startedAt completedAt } }
      }
    }
  }
}`;

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
    return it.conclusion !== 'SUCCESS' || (it.startedAt !== null && it.completedAt !== null);
  }),
);
const checkRun = jobNode({
  detailsUrl: v.nullable(v.string()),
  permalink: v.string(),
  steps: firstPageOf(step),
});
const suite = v.object({
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
  checkRuns: firstPageOf(checkRun),
});
/** Another app's check runs are not looked at, and need not be whole. */
const anySuite = v.pipe(
  v.looseObject({ workflowRun: v.unknown() }),
  v.transform((it) =>
    it.workflowRun === null ? { ...it, checkRuns: { pageInfo: { hasNextPage: false }, nodes: [] } } : it,
  ),
  suite,
);
/** `null`: the commit is gone. */
const commitSuites = v.nullable(v.object({ checkSuites: firstPageOf(anySuite) }));

export interface RunsOfCommits {
  /** Each as of one attempt that began when it was created: GraphQL tells no attempts. */
  runs: ReadonlyMap<Oid, Run[]>;
  /** There is more than the one page of each list that is looked at. */
  cut: boolean;
}

export async function runsOfCommits(repo: Repo, oids: readonly Oid[]): Promise<RunsOfCommits> {
  const runs = new Map<Oid, Run[]>();
  let cut = false;
  await inGroups(oids, COMMITS_AT_ONCE, async (group) => {
    const query = `
query Suites($owner: String!, $name: String!, ${group.map((_, i) => `$oid${i}: GitObjectID!`).join(', ')}) {
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
    group.forEach((oid, i) => {
      const page = repository[`commit${i}`]?.checkSuites;
      runs.set(oid, (page?.nodes ?? []).flatMap(runOf));
      if (page?.pageInfo.hasNextPage || page?.nodes.some(isCut)) cut = true;
    });
  });
  return { runs, cut };
}

type Suite = v.InferOutput<typeof suite>;

function isCut({ workflowRun, checkRuns }: Suite): boolean {
  if (workflowRun === null) return false;
  return checkRuns.pageInfo.hasNextPage || checkRuns.nodes.some((each) => each.steps.pageInfo.hasNextPage);
}

function runOf({ workflowRun, checkRuns }: Suite): Run[] {
  if (!workflowRun) return [];
  const createdAt = new Date(workflowRun.createdAt);
  return [
    {
      id: Number(/\/runs\/(\d+)/.exec(workflowRun.url)?.[1] ?? 0),
      workflow: workflowRun.workflow.name,
      file: workflowRun.file?.path ?? null,
      event: workflowRun.event,
      actor: null,
      url: workflowRun.url,
      createdAt,
      attemptStartedAt: createdAt,
      attempt: 1,
      jobs: checkRuns.nodes.map(jobOf),
    },
  ];
}

const date = (text: string | null): Date | null => (text === null ? null : new Date(text));

function jobOf(node: v.InferOutput<typeof checkRun>): Job {
  const id = /\/job\/(\d+)/.exec(node.detailsUrl ?? '')?.[1] ?? /(\d+)$/.exec(node.permalink)?.[1];
  return {
    id: Number(id ?? 0),
    name: node.name,
    createdAt: null,
    startedAt: date(node.startedAt),
    completedAt: date(node.completedAt),
    conclusion: node.conclusion?.toLowerCase() ?? null,
    steps: node.steps.nodes.map((each) => ({
      name: each.name,
      startedAt: date(each.startedAt),
      completedAt: date(each.completedAt),
    })),
  };
}
