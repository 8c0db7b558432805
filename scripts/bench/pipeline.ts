import type { WorldJob, WorldRun, WorldStatus } from '../../src/fake-github/world.ts';
import { type Chances, iso, MINUTE, type Story } from './history.ts';

/** Simulated deployments with GitHub Actions: runs, jobs, steps and deployments. */

export interface DeployRun {
  sha: string;
  /** When the run was created. */
  at: number;
  /** When its jobs may start. Defaults to `at`. */
  startsAt?: number;
  workflow?: string;
  event?: string;
  branch?: string;
  actor?: string;
  /** Jobs that deploy to an environment, one after the other. */
  deploys?: { job: string; environment: string; task?: string }[];
  /** Milliseconds that the last job waits for an approval. */
  hold?: number;
  /** Additional milliseconds of the tests. */
  slower?: number;
  /** The last job fails, and with `rerun` it is run again. */
  fails?: 'for good' | 'rerun';
  /** The name of the step that deploys. */
  step?: string;
}

const PRODUCTION: NonNullable<DeployRun['deploys']> = [{ job: 'deploy', environment: 'production' }];

/** Adds runs to a repository and numbers them. */
export function pipelineOf(team: Story, chances: Chances) {
  const { world } = team;
  let runs = 7_000_000;
  let deployments = 9_000_000;
  const { between } = chances;

  function job(
    run: WorldRun,
    name: string,
    createdAt: number,
    steps: [name: string, seconds: number][],
    failed = false,
  ): { job: WorldJob; startedAt: number; endedAt: number } {
    const startedAt = createdAt + between(2, 15) * 1000;
    let at = startedAt;
    const timed = steps.map(([step, seconds], i) => {
      const from = at;
      at += seconds * 1000;
      const conclusion = failed && i === steps.length - 1 ? 'failure' : 'success';
      return { name: step, startedAt: iso(from), completedAt: iso(at), conclusion };
    });
    const created: WorldJob = {
      id: run.id * 100 + run.jobs.length,
      name,
      createdAt: iso(createdAt),
      startedAt: iso(startedAt),
      completedAt: iso(at),
      conclusion: failed ? 'failure' : 'success',
      attempt: run.attempt ?? 1,
      steps: timed,
    };
    run.jobs.push(created);
    return { job: created, startedAt, endedAt: at };
  }

  /** Adds one attempt of the jobs that deploy and returns when it ends. */
  function deployJobs(run: WorldRun, from: number, options: DeployRun, fails: boolean): number {
    const { deploys = PRODUCTION, hold = 0, step = 'Run ./deploy.sh' } = options;
    let at = from;
    deploys.forEach(({ job: name, environment, task }, i) => {
      const isLast = i === deploys.length - 1;
      const createdAt = at;
      const wait = isLast ? hold : 0;
      const deploying: [string, number] = [step, between(40, 100)];
      const steps: [string, number][] = [['Set up job', 2], ['Run actions/checkout@v7', 4], deploying];
      const failed = isLast && fails;
      const deployment = job(
        run,
        name,
        createdAt + wait,
        failed ? steps : [...steps, ['Complete job', 1]],
        failed,
      );
      deployment.job.createdAt = iso(createdAt);
      at = deployment.endedAt;
      const logUrl = `https://github.com/${world.owner}/${world.name}/actions/runs/${run.id}/job/${deployment.job.id}`;
      const status = (state: string, time: number): WorldStatus => ({ state, createdAt: iso(time), logUrl });
      world.deployments.push({
        id: ++deployments,
        environment,
        sha: run.sha,
        createdAt: iso(createdAt),
        creator: 'github-actions[bot]',
        ref: `refs/heads/${run.branch}`,
        ...(task ? { task } : {}),
        statuses: [
          ...(wait > 0 ? [status('WAITING', createdAt)] : []),
          status('IN_PROGRESS', deployment.startedAt),
          status(failed ? 'FAILURE' : 'SUCCESS', deployment.endedAt),
        ],
      });
    });
    return at;
  }

  function begin(run: Pick<WorldRun, 'workflow' | 'sha'> & Partial<WorldRun>, at: number): WorldRun {
    const created: WorldRun = {
      id: ++runs,
      branch: world.defaultBranch,
      event: 'push',
      status: 'completed',
      conclusion: 'success',
      createdAt: iso(at),
      updatedAt: iso(at),
      actor: 'ada',
      jobs: [],
      ...run,
    };
    world.runs?.push(created);
    return created;
  }

  return {
    /** Runs the workflow that deploys and returns when it ends. */
    deploy(options: DeployRun): number {
      const { sha, at, startsAt = at, workflow = 'deploy.yml', event = 'push', actor = 'ada' } = options;
      const { branch = world.defaultBranch } = options;
      const run = begin({ sha, workflow, event, actor, branch, attempt: 1, startedAt: iso(at) }, at);
      const built = job(run, 'build', startsAt, [
        ['Set up job', 2],
        ['Run actions/checkout@v7', 4],
        ['Install', between(15, 40)],
        ['Build', between(40, 110)],
      ]);
      const tested = job(run, 'test', startsAt, [
        ['Set up job', 2],
        ['Install', between(15, 40)],
        ['Test', between(60, 140) + Math.floor((options.slower ?? 0) / 1000)],
      ]);
      let end = deployJobs(
        run,
        Math.max(built.endedAt, tested.endedAt),
        options,
        options.fails !== undefined,
      );
      if (options.fails === 'rerun') {
        const again = end + between(4, 25) * MINUTE;
        run.earlier = [{ conclusion: 'failure', updatedAt: iso(end) }];
        run.attempt = 2;
        run.startedAt = iso(again);
        end = deployJobs(run, again, options, false);
      }
      if (options.fails === 'for good') run.conclusion = 'failure';
      else end = job(run, 'latency', end, [['Run deploy-latency-guard/deploy-latency-guard@v1', 20]]).endedAt;
      run.updatedAt = iso(end);
      return end;
    },
    /** A newer run replaces this one in the queue. */
    evict(sha: string, at: number, evictedAt: number): void {
      begin({ sha, workflow: 'deploy.yml', conclusion: 'cancelled', updatedAt: iso(evictedAt) }, at);
    },
    /** Runs the checks of a commit, without a deployment. */
    check(sha: string, at: number, branch = world.defaultBranch): void {
      const run = begin({ sha, workflow: 'ci.yml', branch }, at);
      run.updatedAt = iso(job(run, 'lint', at, [['Run npm run lint', between(20, 60)]]).endedAt);
    },
  };
}
export type Pipeline = ReturnType<typeof pipelineOf>;

/** A concurrency group: one deployment runs and one waits. A newer push replaces the waiting one. */
export function queueOf(pipeline: Pipeline) {
  let freeAt = 0;
  let waiting: DeployRun | null = null;
  const start = (run: DeployRun, startsAt: number) => {
    freeAt = pipeline.deploy({ ...run, startsAt });
  };
  /** Starts the waiting run, if the queue is free by then. */
  const advance = (at: number) => {
    if (waiting === null || freeAt > at) return;
    const next = waiting;
    waiting = null;
    start(next, freeAt);
  };
  return {
    advance,
    add(run: DeployRun): void {
      advance(run.at);
      if (freeAt <= run.at) start(run, run.at);
      else {
        if (waiting) pipeline.evict(waiting.sha, waiting.at, run.at);
        waiting = run;
      }
    },
  };
}
