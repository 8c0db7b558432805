import type {
  Commit,
  Deployment,
  DeploymentState,
  DeploymentStatus,
  RepositoryFacts,
  ServiceFacts,
  Person,
} from '../../src/model/facts.ts';
import type { Job, Pipeline, Run, Step } from '../../src/model/pipeline.ts';
import type { FileJob } from '../../src/model/workflow-file.ts';
import type { DiagnoseOptions } from '../../src/diagnose/diagnose.ts';
import type { Policy, Service } from '../../src/model/service.ts';
import type { Trigger } from '../../src/judge/judge.ts';
import type { MeasuredQuestion } from './measured.ts';

/** Facts written by hand, for tests of the measurement. Times are seconds after noon. */

export type Facts = RepositoryFacts & ServiceFacts;
export type HandQuestion = DiagnoseOptions &
  MeasuredQuestion &
  Policy &
  Pick<Service, 'target'> &
  Trigger & { generatedAt: Date };

const NOON = Date.parse('2026-03-02T12:00:00Z');
export const at = (seconds: number) => new Date(NOON + seconds * 1000);
export const person = (login: string, isBot = false): Person => ({ login, isBot });

/** An event about one deployment. */
export const eventOn = (deployment: number): NonNullable<Trigger['event']> => ({
  deployment,
  run: null,
  tag: null,
  sha: null,
  isNamed: true,
});

export interface CommitOptions {
  /** When its pull request was merged; `null`: it has no pull request. */
  merged?: number | null;
  number?: number;
  author?: string | null;
  base?: string;
}

/** A commit with one pull request that was merged at the same time. */
export function commit(oid: string, parents: string[], made: number, options: CommitOptions = {}): Commit {
  const { merged = made, number = Number(oid.replace(/\D/g, '')), author = 'ada', base = 'main' } = options;
  const pullRequest = {
    number,
    title: `change ${number}`,
    url: `https://github.com/acme/shop/pull/${number}`,
    author: author === null ? null : person(author),
    mergedAt: at(merged ?? 0),
    base,
    mergeCommit: oid,
    head: null,
    headName: '',
    firstCommitAt: null,
  };
  return {
    oid,
    parents,
    committedAt: at(made),
    authoredAt: at(made),
    authorName: 'Ada',
    tree: null,
    pickedFrom: [],
    promotes: null,
    headline: `commit ${oid}`,
    author: person('ada'),
    url: '',
    pullRequests: merged === null ? [] : [pullRequest],
  };
}

export interface DeploymentOptions {
  created?: number;
  /** Statuses with their times. By default it succeeds 60 seconds after its creation. */
  statuses?: [DeploymentState, number][];
  state?: DeploymentState;
  run?: number;
  creator?: Person | null;
  trigger?: string | null;
  gone?: boolean;
  url?: string | null;
}

export function deployment(
  id: number,
  sha: string,
  created: number,
  options: DeploymentOptions = {},
): Deployment {
  const { statuses = [['SUCCESS', created + 60]], run, creator = null, trigger = null, url = null } = options;
  const logUrl = run === undefined ? null : `https://github.com/acme/shop/actions/runs/${run}/job/${run}1`;
  return {
    id,
    sha,
    commitExists: options.gone !== true,
    createdAt: at(created),
    state: options.state ?? statuses.at(-1)?.[0] ?? 'PENDING',
    statuses: statuses.map(
      ([state, seconds]): DeploymentStatus => ({ state, createdAt: at(seconds), logUrl }),
    ),
    creator,
    trigger,
    url,
  };
}

export function facts(commits: Commit[], deployments: Deployment[], more: Partial<Facts> = {}): Facts {
  return {
    repository: 'acme/shop',
    url: 'https://github.com/acme/shop',
    baseBranch: 'main',
    tips: commits.slice(-1).map((commit) => commit.oid),
    commits: new Map(commits.map((commit) => [commit.oid, commit])),
    deployments,
    deploymentsComplete: true,
    gaps: [],
    ...more,
  };
}

/** A line of merges `c1`, `c2`, …. */
export function line(...made: number[]): Commit[] {
  return made.map((seconds, i) => commit(`c${i + 1}`, i === 0 ? [] : [`c${i}`], seconds));
}

/** A question about the day up to `now`, with a target of 15 minutes and at least one change. */
export function question(now: number, more: Partial<HandQuestion> = {}): HandQuestion {
  return {
    target: { seconds: 900, tolerance: 0.25, statistic: 'p50' },
    window: { from: at(0), to: at(now) },
    minSamples: 1,
    maxBatch: 1,
    countDirectPushes: false,
    mode: 'guard',
    failOn: new Set(['drift']),
    runId: null,
    event: null,
    generatedAt: at(now),
    withStages: true,
    ...more,
  };
}

export interface JobOptions {
  id?: number;
  created?: number | null;
  conclusion?: string | null;
  /** Steps one after the other from the job's start: name and seconds. */
  steps?: [string, number][];
}

export function job(name: string, from: number | null, to: number | null, options: JobOptions = {}): Job {
  let now = from ?? 0;
  const steps = (options.steps ?? []).map(([step, seconds]): Step => {
    const startedAt = at(now);
    now += seconds;
    return { name: step, startedAt, completedAt: at(now) };
  });
  const { id = 1, created = null, conclusion = to === null ? null : 'success' } = options;
  return {
    id,
    name,
    createdAt: created === null ? null : at(created),
    startedAt: from === null ? null : at(from),
    completedAt: to === null ? null : at(to),
    conclusion,
    steps,
  };
}

export function run(id: number, created: number, jobs: Job[], more: Partial<Run> = {}): Run {
  return {
    id,
    workflow: 'deploy',
    file: '.github/workflows/deploy.yml',
    event: 'push',
    actor: null,
    url: `https://github.com/acme/shop/actions/runs/${id}`,
    createdAt: at(created),
    attemptStartedAt: at(created),
    attempt: 1,
    jobs,
    ...more,
  };
}

/** The pipeline of a run whose last job deploys. */
export function pipeline(run: Run, more: Partial<Pipeline> = {}): Pipeline {
  return {
    run,
    upstream: [],
    deployJob: run.jobs.at(-1)?.id ?? null,
    holds: [],
    approvedBy: null,
    ...more,
  };
}

/** A job in a workflow file. */
export function fileJob(more: Partial<FileJob> = {}): FileJob {
  return {
    id: 'build',
    name: 'build',
    needs: [],
    environment: null,
    makesDeployment: false,
    matrix: false,
    group: null,
    workflowGroup: null,
    steps: [],
    takes: [],
    calls: null,
    ...more,
  };
}
