import type { Deployment, Gap, Oid, Person } from './facts.ts';
import { oldestFirst } from './statuses.ts';
import { type FileJob, withCalled } from './workflow-file.ts';

/** The GitHub Actions run behind a deployment: its jobs, its triggers and its approvals. */

export interface Step {
  name: string;
  startedAt: Date | null;
  completedAt: Date | null;
  /** Lower case, such as `success` or `skipped`; missing if it was not read. */
  conclusion?: string | null;
}

export interface Job {
  id: number;
  name: string;
  /** When its `needs` were met; `null` if unknown. */
  createdAt: Date | null;
  startedAt: Date | null;
  completedAt: Date | null;
  /** Lower case, such as `success` or `skipped`; `null` while it runs. */
  conclusion: string | null;
  steps: Step[];
}

export interface Run {
  id: number;
  workflow: string;
  /** Path of the workflow file; `null` if unknown. */
  file: string | null;
  event: string;
  actor: Person | null;
  url: string;
  /** When its first attempt was created. */
  createdAt: Date;
  /** When its last attempt began. */
  attemptStartedAt: Date;
  attempt: number;
  /** Jobs of the last attempt. */
  jobs: Job[];
  /** True if neither GitHub nor a workflow file says when its jobs could have started. */
  isUndated?: boolean;
}

/** A run whose deployment somebody waits for. */
export interface RunNow extends Pick<Run, 'id' | 'workflow' | 'file' | 'event' | 'createdAt' | 'url'> {
  /** Lower case, such as `queued`, `pending` or `completed`. */
  status: string;
  /** Lower case; `null` while it runs. */
  conclusion: string | null;
  /** Jobs of the last attempt. */
  jobs: (Pick<Job, 'name' | 'startedAt' | 'completedAt' | 'conclusion'> & { status: string })[];
  /** The step that failed, or its job if no step is known; `null` without a failure. */
  failedAt: string | null;
}

/** What a run's protection rules wait for. */
export interface Hold {
  /** Logins and teams that can approve it. */
  reviewers: string[];
  hasTimer: boolean;
}

/** A run that its concurrency group cancelled for a newer one before it started. */
export interface EvictedRun {
  id: number;
  sha: Oid;
  url: string;
  at: Date;
}

export interface Pipeline {
  run: Run;
  /** Runs that triggered it through `workflow_run`, the latest first. */
  upstream: Run[];
  deployJob: number | null;
  /** When the environment's protection rules made it wait. */
  holds: { from: Date; to: Date }[];
  /** The reviewer; `null` if nobody had to approve it, and `undefined` if that was not read. */
  approvedBy: Person | null | undefined;
}

/** A run of the period before the window, without its deployment. */
export interface EarlierRun {
  pipeline: Pipeline;
  /** The commit's date, as an estimate of the merge. */
  mergedAt: Date;
  /** When its deploy job ended. */
  liveAt: Date;
}

export interface FileChange {
  path: string;
  sha: Oid;
  url: string;
}

export interface Pipelines {
  /** Keys are deployment ids. Deployments whose run was not read, or that were made outside of Actions, are missing. */
  byDeployment: ReadonlyMap<Deployment['id'], Pipeline>;
  earlierRuns: readonly EarlierRun[];
  /** Runs of the pushes of commits that were deployed from outside of Actions, by commit, without steps. */
  checks: ReadonlyMap<Oid, Run[]>;
  evicted: readonly EvictedRun[];
  /** Jobs of the base branch's workflow files, by path. */
  files: ReadonlyMap<string, FileJob[]>;
  /** Commits that changed these files, since the start of the period before. */
  fileChanges: readonly FileChange[];
  gaps: readonly Gap[];
}

export const NO_PIPELINES: Pipelines = {
  byDeployment: new Map(),
  earlierRuns: [],
  checks: new Map(),
  evicted: [],
  files: new Map(),
  fileChanges: [],
  gaps: [],
};

/** The pipelines of some deployments, with the earlier runs and changes of the same workflow files. */
export function pipelinesFor(pipelines: Pipelines, deployments: readonly Deployment[]): Pipelines {
  const byDeployment = new Map(
    deployments.flatMap(({ id }) => {
      const pipeline = pipelines.byDeployment.get(id);
      return pipeline ? [[id, pipeline] as const] : [];
    }),
  );
  const files = new Set([...byDeployment.values()].flatMap((pipeline) => pipeline.run.file ?? []));
  const triggering = [...byDeployment.values()].flatMap(({ upstream }) =>
    upstream.flatMap(({ file }) => file ?? []),
  );
  const withReusable = withCalled(pipelines.files, [...files, ...triggering]);
  return {
    ...pipelines,
    byDeployment,
    earlierRuns: pipelines.earlierRuns.filter(
      ({ pipeline }) => pipeline.run.file !== null && files.has(pipeline.run.file),
    ),
    files: new Map([...pipelines.files].filter(([path]) => withReusable.has(path))),
    fileChanges: pipelines.fileChanges.filter(
      // Actions are not among the workflow files.
      ({ path }) => withReusable.has(path) || !pipelines.files.has(path),
    ),
  };
}

/** The newest run, and its job, that the logs of a deployment point to; `null` if it was made outside of Actions. */
export function runOf({ statuses }: Pick<Deployment, 'statuses'>): RunOfDeployment | null {
  const cached = runs.get(statuses);
  if (cached !== undefined) return cached;
  const run = runIn(statuses);
  runs.set(statuses, run);
  return run;
}

interface RunOfDeployment {
  run: number;
  job: number | null;
}

/** The same deployment is looked up a dozen times. */
const runs = new WeakMap<Deployment['statuses'], RunOfDeployment | null>();

function runIn(statuses: Deployment['statuses']): RunOfDeployment | null {
  const logs = oldestFirst(statuses).flatMap(({ logUrl }) => {
    const match = /\/actions\/runs\/(\d+)(?:\/job\/(\d+))?/.exec(logUrl ?? '');
    return match ? [{ run: Number(match[1]), job: match[2] === undefined ? null : Number(match[2]) }] : [];
  });
  const newest = logs.at(-1) ?? null;
  return logs.findLast(({ run, job }) => run === newest?.run && job !== null) ?? newest;
}

/** When protection rules made a deployment wait: from each `WAITING` status to the next one. */
export function holdsOf({ statuses }: Pick<Deployment, 'statuses'>): Pipeline['holds'] {
  const inOrder = oldestFirst(statuses);
  return inOrder.flatMap((status, i) => {
    const next = inOrder[i + 1];
    return status.state === 'WAITING' && next ? [{ from: status.createdAt, to: next.createdAt }] : [];
  });
}
