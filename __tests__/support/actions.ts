import type { story } from '../../src/fake-github/story.ts';
import type { WorldDeployment, WorldJob, WorldRun } from '../../src/fake-github/world.ts';

/** A workflow run with its jobs, and the deployments of those that have an environment, as GitHub records them. */

type Team = ReturnType<typeof story>;

export interface ToldRunJob {
  name: string;
  from: string;
  /** `null`: still running. */
  to: string | null;
  conclusion?: string;
  /** `false`: the job has no environment. */
  deploys?: boolean;
  attempt?: number;
  /** Steps one after the other: name, end, conclusion. */
  steps?: [name: string, to: string, conclusion?: string][];
  /** The deployment never got a last status: the runner died. */
  dead?: boolean;
}

export interface ToldRun {
  id: number;
  jobs: ToldRunJob[];
  event?: string;
  workflow?: string;
  branch?: string;
  environment?: string;
  /** Of its deployments. */
  ref?: string;
  createdAt?: string;
  conclusion?: string | null;
  attempt?: number;
  startedAt?: string;
  actor?: string;
}

export function tellRun(team: Team, sha: string, told: ToldRun): WorldDeployment[] {
  const { world } = team;
  const { id, jobs, event = 'push', workflow = 'deploy.yml', environment = 'production' } = told;
  const ended = jobs.every((each) => each.to !== null);
  const made: WorldDeployment[] = [];
  const run: WorldRun = {
    id,
    workflow,
    sha,
    branch: told.branch ?? world.defaultBranch,
    event,
    status: ended ? 'completed' : 'in_progress',
    conclusion:
      told.conclusion ??
      (!ended
        ? null
        : jobs.every((each) => (each.conclusion ?? 'success') !== 'failure')
          ? 'success'
          : 'failure'),
    createdAt: told.createdAt ?? jobs[0]?.from ?? '',
    updatedAt:
      jobs
        .map((each) => each.to ?? each.from)
        .sort()
        .at(-1) ?? '',
    actor: told.actor ?? 'ada',
    ...(told.attempt ? { attempt: told.attempt } : {}),
    ...(told.startedAt ? { startedAt: told.startedAt } : {}),
    jobs: [],
  };
  jobs.forEach((each, i) => {
    const conclusion = each.to === null ? null : (each.conclusion ?? 'success');
    let from = each.from;
    const job: WorldJob = {
      id: id * 100 + i,
      name: each.name,
      conclusion,
      startedAt: each.from,
      completedAt: each.to,
      attempt: each.attempt ?? 1,
      steps: (each.steps ?? []).map(([name, to, how]) => {
        const step = { name, startedAt: from, completedAt: to, conclusion: how ?? 'success' };
        from = to;
        return step;
      }),
    };
    run.jobs.push(job);
    if (each.deploys === false) return;
    const logUrl = `https://github.com/${world.owner}/${world.name}/actions/runs/${id}/job/${job.id}`;
    const ending =
      conclusion === null || each.dead
        ? []
        : [{ state: conclusion === 'success' ? 'SUCCESS' : 'FAILURE', createdAt: each.to ?? '', logUrl }];
    const deployment: WorldDeployment = {
      id: id * 10 + i,
      environment,
      sha,
      createdAt: each.from,
      creator: 'github-actions[bot]',
      ...(told.ref ? { ref: told.ref } : {}),
      statuses: [{ state: 'IN_PROGRESS', createdAt: each.from, logUrl }, ...ending],
    };
    world.deployments.push(deployment);
    made.push(deployment);
  });
  world.runs?.push(run);
  return made;
}
