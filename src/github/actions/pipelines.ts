import type { Deployment, Gap, Oid } from '../../model/facts.ts';
import { GuardError } from '../../model/guard-error.ts';
import {
  type Earlier,
  type Evicted,
  type FileChange,
  holdsOf,
  type Job,
  type Pipeline,
  type Pipelines,
  type Run,
  runOf,
} from '../../model/pipeline.ts';
import type { FileJob } from '../../model/workflow-file.ts';
import { listIn } from '../answers.ts';
import type { GitHub } from '../client.ts';
import { inGroups, PAGE } from '../paging.ts';
import type { Place } from '../history/history.ts';
import { type FirstPage, filesQuery, type SuiteJobNode, type SuiteNode, suitesQuery } from '../queries.ts';

/**
 * How deployments came about: workflow runs, jobs and steps in bulk through GraphQL, ten commits a request; through
 * REST only what GraphQL lacks, and only where it is needed: attempts (a list of a workflow's runs), and the moment
 * from which a job could have started, for the runs with the longest waits.
 */

export interface PipelinesRequest {
  from: Date;
  to: Date;
  baseBranch: string;
  /** The name of the job that deploys, where an input says it. */
  deployJob: string | null;
}

const COMMITS_AT_ONCE = 10;
/** Pages of a workflow's runs: newest first, so what is left out is the oldest of the period before. */
const MOST_PAGES = 3;
/** Runs that are asked for the moment from which their jobs could have started. */
const MOST_CREATIONS = 5;
/** Held runs that are asked who let them go on. */
const MOST_APPROVALS = 3;
/** Runs of the period before that are opened, to compare with. */
const MOST_BEFORE = 20;
/** A wait of less than so many milliseconds is not worth a request. */
const WORTH_ASKING = 30_000;
/** A run is evicted at the moment a newer one arrives, give or take so many milliseconds. */
const SAME_MOMENT = 15_000;

interface RunNode {
  id: number;
  path: string;
  name: string;
  event: string;
  conclusion: string | null;
  run_attempt?: number;
  run_started_at?: string;
  created_at: string;
  updated_at: string;
  html_url: string;
  head_sha: string;
  head_commit: { timestamp: string } | null;
  actor: { login: string; type: string } | null;
}

/** Never rejects for what GitHub does not let it read: that is a gap, and the stages stay coarse. */
export async function collectPipelines(
  github: GitHub,
  place: Place,
  deployments: readonly Deployment[],
  request: PipelinesRequest,
): Promise<Pipelines> {
  const made = deployments.filter((each) => runOf(each) !== null);
  const found = {
    byDeployment: new Map<Deployment['id'], Pipeline>(),
    before: [] as Earlier[],
    evicted: [] as Evicted[],
    files: new Map<string, FileJob[]>(),
    fileChanges: [] as FileChange[],
    gaps: [] as Gap[],
  };
  if (made.length === 0) return found;
  try {
    const { suites, cut } = await suitesOf(github, place, [...new Set(made.map((each) => each.sha))]);
    if (cut)
      found.gaps.push(
        leftOut('Some commits have more workflows, jobs or steps than are looked at (6, 30 and 50).'),
      );
    const paths = new Set<string>();
    for (const deployment of made) {
      const own = runOf(deployment);
      const path = runsIn(suites.get(deployment.sha)).find((each) => each.id === own?.run)?.file;
      if (path) paths.add(path);
    }
    const lists = await Promise.all([...paths].map((path) => listRuns(github, place, path, request)));
    const listed = lists.flatMap((each) => each.runs);
    if (lists.some((each) => each.cut))
      found.gaps.push(
        leftOut(
          `The deploying workflow has more runs in the window and the period before than are listed (${MOST_PAGES * PAGE}).`,
        ),
      );
    const byId = new Map(listed.map((each) => [each.id, each]));
    for (const deployment of made) {
      const pipeline = pipelineOf(deployment, suites.get(deployment.sha), byId, request.deployJob);
      if (pipeline) found.byDeployment.set(deployment.id, pipeline);
    }
    found.evicted.push(...evictedAmong(listed));
    await askCreations(github, place, [...found.byDeployment.values()]);
    await askApprovals(github, place, [...found.byDeployment.values()]);
    found.before.push(...(await earlier(github, place, listed, request)));
    const { files, changes } = await filesOf(github, place, [...paths], request);
    // The YAML reader is a file of its own, read only when there is a workflow file to read.
    if (files.length > 0) {
      const { jobsInFile } = await import('./workflow-yaml.ts');
      for (const [path, text] of files) found.files.set(path, jobsInFile(text));
    }
    found.fileChanges.push(...changes);
  } catch (error) {
    if (!(error instanceof GuardError)) throw error;
    found.gaps.push({
      what: `How the deployments came about could not be read in full: ${error.message}`,
      consequence:
        'The stages are told as far as they are known. (Runs and jobs take "permissions: actions: read, checks: read".)',
      verdictAtRisk: false,
    });
  }
  return found;
}

function leftOut(what: string): Gap {
  return {
    what,
    consequence:
      'Stages and suspects are told of those; a run that is not listed is taken as its first attempt.',
    verdictAtRisk: false,
  };
}

/** `cut`: there is more than the one page of each list that is looked at. */
async function suitesOf(
  github: GitHub,
  place: Place,
  oids: readonly Oid[],
): Promise<{ suites: Map<Oid, SuiteNode[]>; cut: boolean }> {
  const found = new Map<Oid, SuiteNode[]>();
  let cut = false;
  await inGroups(oids, COMMITS_AT_ONCE, async (group) => {
    const { query, variables } = suitesQuery(group);
    const answer = await github.graphql<{
      repository: Record<string, { checkSuites?: FirstPage<SuiteNode> | null } | null> | null;
    }>(query, { ...place, ...variables });
    group.forEach((oid, i) => {
      const page = answer.repository?.[`commit${i}`]?.checkSuites;
      const nodes = (page?.nodes ?? []).filter((each) => each !== null);
      found.set(oid, nodes);
      if (page?.pageInfo.hasNextPage || nodes.some(isCut)) cut = true;
    });
  });
  return { suites: found, cut };
}

function isCut({ workflowRun, checkRuns }: SuiteNode): boolean {
  if (workflowRun === null || checkRuns === null) return false;
  return (
    checkRuns.pageInfo.hasNextPage ||
    (checkRuns.nodes ?? []).some((each) => each?.steps?.pageInfo.hasNextPage === true)
  );
}

/** The runs of one commit, as GraphQL tells them: of one attempt, begun when they were created. */
function runsIn(suites: readonly SuiteNode[] | undefined): Run[] {
  return (suites ?? []).flatMap(({ workflowRun, checkRuns }) => {
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
        jobs: (checkRuns?.nodes ?? []).filter((each) => each !== null).map(jobOf),
      },
    ];
  });
}

const date = (text: string | null): Date | null => (text === null ? null : new Date(text));

function jobOf(node: SuiteJobNode): Job {
  const id = /\/job\/(\d+)/.exec(node.detailsUrl ?? '')?.[1] ?? /(\d+)$/.exec(node.permalink)?.[1];
  return {
    id: Number(id ?? 0),
    name: node.name,
    createdAt: null,
    startedAt: date(node.startedAt),
    completedAt: date(node.completedAt),
    conclusion: node.conclusion?.toLowerCase() ?? null,
    steps: (node.steps?.nodes ?? [])
      .filter((each) => each !== null)
      .map((each) => ({
        name: each.name,
        startedAt: date(each.startedAt),
        completedAt: date(each.completedAt),
      })),
  };
}

function pipelineOf(
  deployment: Deployment,
  suites: readonly SuiteNode[] | undefined,
  listed: ReadonlyMap<number, RunNode>,
  deployJob: string | null,
): Pipeline | null {
  const own = runOf(deployment);
  const runs = runsIn(suites);
  const found = runs.find((each) => each.id === own?.run);
  if (!found) return null;
  const run = withAttempts(found, listed.get(found.id));
  const named = deployJob === null ? undefined : run.jobs.find((each) => each.name === deployJob);
  return {
    run,
    upstream: upstreamOf(run, runs),
    deployJob: own?.job ?? named?.id ?? null,
    holds: holdsOf(deployment),
    approvedBy: null,
  };
}

function withAttempts(run: Run, node: RunNode | undefined): Run {
  if (!node) return run;
  return {
    ...run,
    createdAt: new Date(node.created_at),
    attemptStartedAt: new Date(node.run_started_at ?? node.created_at),
    attempt: node.run_attempt ?? 1,
    actor: node.actor && { login: node.actor.login, isBot: node.actor.type !== 'User' },
  };
}

/**
 * The runs before a `workflow_run`: GitHub does not say which run started it, but it was one of the same commit, and
 * the last that had ended by then.
 */
function upstreamOf(run: Run, runs: readonly Run[]): Run[] {
  if (run.event !== 'workflow_run') return [];
  const ended = (each: Run) => Math.max(0, ...each.jobs.map((job) => job.completedAt?.getTime() ?? 0));
  const before = runs
    .filter(
      (each) =>
        each.id !== run.id &&
        ended(each) > 0 &&
        ended(each) <= run.createdAt.getTime() &&
        each.createdAt < run.createdAt,
    )
    .sort((a, b) => ended(b) - ended(a))[0];
  return before ? [before, ...upstreamOf(before, runs)] : [];
}

/** The runs of a workflow since the period before, newest first; `cut`: there may be more than were listed. */
async function listRuns(
  github: GitHub,
  place: Place,
  path: string,
  { from, to }: PipelinesRequest,
): Promise<{ runs: RunNode[]; cut: boolean }> {
  const since = periodBefore(from, to);
  const found: RunNode[] = [];
  for (let page = 1; page <= MOST_PAGES; page++) {
    const answer = await github.get(
      `/repos/${place.owner}/${place.name}/actions/workflows/${encodeURIComponent(path.replace(/^.*\//, ''))}/runs`,
      { created: `${since.toISOString()}..${to.toISOString()}`, per_page: PAGE, page },
    );
    const runs = listIn<RunNode>(answer, 'workflow_runs');
    found.push(...runs);
    if (runs.length < PAGE) return { runs: found, cut: false };
  }
  return { runs: found, cut: true };
}

function evictedAmong(runs: readonly RunNode[]): Evicted[] {
  return runs
    .filter((each) => each.conclusion === 'cancelled')
    .filter((each) =>
      runs.some(
        (newer) =>
          newer.id !== each.id &&
          Date.parse(newer.created_at) > Date.parse(each.created_at) &&
          Math.abs(Date.parse(newer.created_at) - Date.parse(each.updated_at)) <= SAME_MOMENT,
      ),
    )
    .map((each) => ({ id: each.id, sha: each.head_sha, url: each.html_url, at: new Date(each.updated_at) }));
}

/** Asks for the moment from which jobs could have started, for the runs in which a job waited longest. */
async function askCreations(github: GitHub, place: Place, pipelines: readonly Pipeline[]): Promise<void> {
  const waits = pipelines
    .map(({ run }) => ({ run, wait: longestWait(run) }))
    .filter((each) => each.wait >= WORTH_ASKING)
    .sort((a, b) => b.wait - a.wait)
    .slice(0, MOST_CREATIONS);
  await Promise.all(
    waits.map(async ({ run }) => {
      const answer = await github.get(`/repos/${place.owner}/${place.name}/actions/runs/${run.id}/jobs`, {
        filter: 'latest',
        per_page: PAGE,
      });
      const jobs = listIn<{ id: number; name: string; created_at?: string }>(answer, 'jobs');
      for (const job of run.jobs) {
        const told = jobs.find((each) => each.id === job.id) ?? jobs.find((each) => each.name === job.name);
        if (told?.created_at) job.createdAt = new Date(told.created_at);
      }
    }),
  );
}

/** Asks who let go on what protection rules held longest. A wait timer holds too, and then it was nobody. */
async function askApprovals(github: GitHub, place: Place, pipelines: readonly Pipeline[]): Promise<void> {
  const heldFor = ({ holds }: Pipeline) =>
    holds.reduce((sum, each) => sum + each.to.getTime() - each.from.getTime(), 0);
  const held = pipelines
    .filter((each) => heldFor(each) > 0)
    .sort((a, b) => heldFor(b) - heldFor(a))
    .slice(0, MOST_APPROVALS);
  await Promise.all(
    held.map(async (pipeline) => {
      const answer = await github.get(
        `/repos/${place.owner}/${place.name}/actions/runs/${pipeline.run.id}/approvals`,
        {},
      );
      const approvals = listIn<{ state: string; user: { login: string; type: string } | null }>(answer);
      const user = approvals.find((each) => each.state === 'approved')?.user;
      if (user) pipeline.approvedBy = { login: user.login, isBot: user.type !== 'User' };
    }),
  );
}

/** The longest time in a run in which a job had not started although nothing of the run had just ended. */
function longestWait({ jobs, attemptStartedAt }: Run): number {
  const ends = [
    attemptStartedAt,
    ...jobs.flatMap((each) => (each.completedAt ? [each.completedAt] : [])),
  ].map((each) => each.getTime());
  return Math.max(
    0,
    ...jobs.flatMap((job) => {
      if (!job.startedAt) return [];
      const started = job.startedAt.getTime();
      return [started - Math.max(...ends.filter((end) => end <= started), attemptStartedAt.getTime())];
    }),
  );
}

/** A fair sample of the period before: evenly spaced among its successful runs. */
async function earlier(
  github: GitHub,
  place: Place,
  listed: readonly RunNode[],
  { from, deployJob }: PipelinesRequest,
): Promise<Earlier[]> {
  const runs = listed.filter(
    (each) => each.conclusion === 'success' && Date.parse(each.created_at) < from.getTime(),
  );
  const every = Math.max(1, runs.length / MOST_BEFORE);
  const chosen = runs.filter((_, i) => Math.floor(i / every) !== Math.floor((i - 1) / every));
  if (chosen.length === 0) return [];
  const { suites } = await suitesOf(github, place, [...new Set(chosen.map((each) => each.head_sha))]);
  return chosen.flatMap((node) => {
    const runsThere = runsIn(suites.get(node.head_sha));
    const found = runsThere.find((each) => each.id === node.id);
    if (!found || !node.head_commit) return [];
    const run = withAttempts(found, node);
    const deploy = run.jobs.find((each) => each.name === deployJob) ?? lastEnded(run.jobs);
    if (!deploy?.completedAt) return [];
    const pipeline = {
      run,
      upstream: upstreamOf(run, runsThere),
      deployJob: deploy.id,
      holds: [],
      approvedBy: null,
    };
    return [{ pipeline, mergedAt: new Date(node.head_commit.timestamp), liveAt: deploy.completedAt }];
  });
}

function lastEnded(jobs: readonly Job[]): Job | undefined {
  return jobs
    .filter((each) => each.completedAt !== null && each.conclusion === 'success')
    .sort((a, b) => (b.completedAt?.getTime() ?? 0) - (a.completedAt?.getTime() ?? 0))[0];
}

async function filesOf(
  github: GitHub,
  place: Place,
  paths: readonly string[],
  { baseBranch, from, to }: PipelinesRequest,
): Promise<{ files: [string, string][]; changes: FileChange[] }> {
  const files: [string, string][] = [];
  const changes: FileChange[] = [];
  await inGroups(paths, PAGE, async (group) => {
    const { query, variables } = filesQuery(baseBranch, group, periodBefore(from, to));
    const answer = await github.graphql<{
      repository: Record<
        string,
        { text?: string | null; history?: { nodes: ({ oid: string; url: string } | null)[] | null } } | null
      > | null;
    }>(query, { ...place, ...variables });
    group.forEach((path, i) => {
      const text = answer.repository?.[`file${i}`]?.text;
      if (text) files.push([path, text]);
      for (const each of answer.repository?.[`changes${i}`]?.history?.nodes ?? [])
        if (each) changes.push({ path, sha: each.oid, url: each.url });
    });
  });
  return { files, changes };
}

/** Where the period before begins: it is as long as the window. */
function periodBefore(from: Date, to: Date): Date {
  return new Date(from.getTime() - (to.getTime() - from.getTime()));
}
