import type { Deployment, Gap, Oid, Person } from './facts.ts';
import { oldestFirst } from './statuses.ts';
import { calledBy, type FileJob } from './workflow-file.ts';

/** How a deployment came about in GitHub Actions: the run that made it, its jobs, what held it. */

export interface Step {
  name: string;
  startedAt: Date | null;
  completedAt: Date | null;
}

export interface Job {
  id: number;
  name: string;
  /** When it could have started: its needs were met. `null` where GitHub was not asked, or did not say. */
  createdAt: Date | null;
  startedAt: Date | null;
  completedAt: Date | null;
  /** Lower case: `success`, `skipped`, …; `null` while it is not over. */
  conclusion: string | null;
  steps: Step[];
}

export interface Run {
  id: number;
  /** The workflow's name, and its file where that is known. */
  workflow: string;
  file: string | null;
  event: string;
  actor: Person | null;
  url: string;
  /** When its first attempt was made. */
  createdAt: Date;
  /** When its last attempt began. */
  attemptStartedAt: Date;
  attempt: number;
  /** Those of the last attempt. */
  jobs: Job[];
}

/** A run that its concurrency group replaced by a newer one before it had begun. */
export interface Evicted {
  id: number;
  sha: Oid;
  url: string;
  at: Date;
}

export interface Pipeline {
  run: Run;
  /** The runs that it waited for through `workflow_run`, nearest first. */
  upstream: Run[];
  /** The job that deployed. */
  deployJob: number | null;
  /** While the environment's protection rules held it. */
  holds: { from: Date; to: Date }[];
  /** Who let it go on, where somebody had to. */
  approvedBy: Person | null;
}

/** A run of the period before, as far as it can be told without its deployment. */
export interface Earlier {
  pipeline: Pipeline;
  /** Its commit's date, near enough to the merge. */
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
  /** By deployment id; those that were not opened, or were made from outside Actions, are not in it. */
  byDeployment: ReadonlyMap<Deployment['id'], Pipeline>;
  before: readonly Earlier[];
  evicted: readonly Evicted[];
  /** The jobs of workflow files by path, as they are on the base branch. */
  files: ReadonlyMap<string, FileJob[]>;
  /** Commits since the period before that changed one of them. */
  fileChanges: readonly FileChange[];
  gaps: readonly Gap[];
}

export const NO_PIPELINES: Pipelines = {
  byDeployment: new Map(),
  before: [],
  evicted: [],
  files: new Map(),
  fileChanges: [],
  gaps: [],
};

/** Of what was read for several units, what belongs to some deployments: their runs, and what ran by the same files. */
export function partOf(all: Pipelines, deployments: readonly Deployment[]): Pipelines {
  const byDeployment = new Map(
    deployments.flatMap(({ id }) => {
      const own = all.byDeployment.get(id);
      return own ? [[id, own] as const] : [];
    }),
  );
  const files = new Set([...byDeployment.values()].flatMap((pipeline) => pipeline.run.file ?? []));
  const called = new Set(calledBy([...files].flatMap((file) => all.files.get(file) ?? [])));
  return {
    ...all,
    byDeployment,
    before: all.before.filter(({ pipeline }) => pipeline.run.file !== null && files.has(pipeline.run.file)),
    files: new Map([...all.files].filter(([path]) => files.has(path) || called.has(path))),
    fileChanges: all.fileChanges.filter((fileChange) => files.has(fileChange.path)),
  };
}

/**
 * The run and the job whose log a deployment's statuses point to, the newest if they differ; `null` for one made from
 * outside Actions.
 */
export function runOf({ statuses }: Pick<Deployment, 'statuses'>): RunOfDeployment | null {
  const known = runs.get(statuses);
  if (known !== undefined) return known;
  const run = runIn(statuses);
  runs.set(statuses, run);
  return run;
}

interface RunOfDeployment {
  run: number;
  job: number | null;
}

/** A run asks for the same deployment's run a dozen times. */
const runs = new WeakMap<Deployment['statuses'], RunOfDeployment | null>();

function runIn(statuses: Deployment['statuses']): RunOfDeployment | null {
  const logs = oldestFirst(statuses).flatMap(({ logUrl }) => {
    const match = /\/actions\/runs\/(\d+)(?:\/job\/(\d+))?/.exec(logUrl ?? '');
    return match ? [{ run: Number(match[1]), job: match[2] === undefined ? null : Number(match[2]) }] : [];
  });
  const newest = logs.at(-1) ?? null;
  return logs.findLast((each) => each.run === newest?.run && each.job !== null) ?? newest;
}

/** When protection rules held a deployment: from each `WAITING` status to the one after it. */
export function holdsOf({ statuses }: Pick<Deployment, 'statuses'>): Pipeline['holds'] {
  const inOrder = oldestFirst(statuses);
  return inOrder.flatMap((status, i) => {
    const next = inOrder[i + 1];
    return status.state === 'WAITING' && next ? [{ from: status.createdAt, to: next.createdAt }] : [];
  });
}
