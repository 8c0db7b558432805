import type { story } from '../../src/fake-github/story.ts';
import type { WorldDeployment, WorldJob, WorldRun } from '../../src/fake-github/world.ts';

/** Records a workflow run with its jobs and their deployments, like GitHub. */

type Team = ReturnType<typeof story>;

export interface RunJobOptions {
  name: string;
  from: string;
  /** `null`: still running. */
  to: string | null;
  conclusion?: string;
  /** When it could have started, as REST reports it. */
  createdAt?: string;
  /** `false`: the job has no environment. */
  deploys?: boolean;
  attempt?: number;
  /** Steps one after the other: name, end, conclusion. */
  steps?: [name: string, to: string, conclusion?: string][];
  /** The runner died, so that the deployment has no final status. */
  dead?: boolean;
}

export interface RunOptions {
  id: number;
  jobs: RunJobOptions[];
  event?: string;
  workflow?: string;
  branch?: string;
  environment?: string;
  /** Ref of its deployments. */
  ref?: string;
  createdAt?: string;
  conclusion?: string | null;
  attempt?: number;
  startedAt?: string;
  actor?: string;
}

export function recordRun(team: Team, sha: string, options: RunOptions): WorldDeployment[] {
  const { world } = team;
  const { id, jobs, event = 'push', workflow = 'deploy.yml', environment = 'production' } = options;
  const ended = jobs.every((job) => job.to !== null);
  const deployments: WorldDeployment[] = [];
  const run: WorldRun = {
    id,
    workflow,
    sha,
    branch: options.branch ?? world.defaultBranch,
    event,
    status: ended ? 'completed' : 'in_progress',
    conclusion:
      options.conclusion ??
      (!ended
        ? null
        : jobs.every((job) => (job.conclusion ?? 'success') !== 'failure')
          ? 'success'
          : 'failure'),
    createdAt: options.createdAt ?? jobs[0]?.from ?? '',
    updatedAt:
      jobs
        .map((job) => job.to ?? job.from)
        .sort()
        .at(-1) ?? '',
    actor: options.actor ?? 'ada',
    ...(options.attempt ? { attempt: options.attempt } : {}),
    ...(options.startedAt ? { startedAt: options.startedAt } : {}),
    jobs: [],
  };
  jobs.forEach((other, i) => {
    const conclusion = other.to === null ? null : (other.conclusion ?? 'success');
    let from = other.from;
    const job: WorldJob = {
      id: id * 100 + i,
      name: other.name,
      conclusion,
      ...(other.createdAt ? { createdAt: other.createdAt } : {}),
      startedAt: other.from,
      completedAt: other.to,
      attempt: other.attempt ?? 1,
      steps: (other.steps ?? []).map(([name, to, result]) => {
        const step = { name, startedAt: from, completedAt: to, conclusion: result ?? 'success' };
        from = to;
        return step;
      }),
    };
    run.jobs.push(job);
    if (other.deploys === false) return;
    const logUrl = `https://github.com/${world.owner}/${world.name}/actions/runs/${id}/job/${job.id}`;
    const ending =
      conclusion === null || other.dead
        ? []
        : [{ state: conclusion === 'success' ? 'SUCCESS' : 'FAILURE', createdAt: other.to ?? '', logUrl }];
    const deployment: WorldDeployment = {
      id: id * 10 + i,
      environment,
      sha,
      createdAt: other.from,
      creator: 'github-actions[bot]',
      ...(options.ref ? { ref: options.ref } : {}),
      statuses: [{ state: 'IN_PROGRESS', createdAt: other.from, logUrl }, ...ending],
    };
    world.deployments.push(deployment);
    deployments.push(deployment);
  });
  world.runs?.push(run);
  return deployments;
}
