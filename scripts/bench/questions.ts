import { type SteadyOptions, steadyTeam } from '../../__tests__/support/steady-team.ts';
import type { World, WorldDeployment, WorldRun } from '../../src/fake-github/world.ts';
import { DAY, HOUR, iso, MINUTE } from './history.ts';
import type { Run, Scenario } from './measuring.ts';
import { SHAPES, type Shape, teamOf } from './teams.ts';

/** Runs of the action: after a deployment, on a schedule and on a pull request. */

/** A Friday afternoon. */
export const FRIDAY = Date.parse('2026-06-12T15:30:00Z');
/** The Monday after it, when the schedule starts the action. */
export const MONDAY = Date.parse('2026-06-15T07:00:00Z');

type Inputs = Record<string, string>;
/** A world up to an instant. */
type WorldUntil = (until: number) => World;

/**
 * After the newest deployment: as a job of the run that deployed (`push`), or started by that run (`workflow_run`).
 */
export function afterDeployment(
  worldUntil: WorldUntil,
  inputs: Inputs,
  event = 'push',
  friday = FRIDAY,
): Run {
  const { success, run } = newestDeployment(worldUntil(friday));
  const now = Date.parse(success) + (event === 'push' ? 20_000 : 3 * MINUTE);
  const isOwnRun = event === 'push';
  return {
    world: worldUntil(now),
    now,
    step: {
      inputs,
      event,
      payload: isOwnRun
        ? { ref: `refs/heads/${run.branch}`, after: run.sha }
        : { action: 'completed', workflow_run: { id: run.id, head_sha: run.sha, conclusion: 'success' } },
      env: {
        GITHUB_JOB: isOwnRun ? 'latency' : 'guard',
        GITHUB_RUN_ID: isOwnRun ? String(run.id) : '7999999',
        GITHUB_SHA: run.sha,
        ...ACTION,
      },
    },
  };
}

/** On a schedule. */
export function scheduled(worldUntil: WorldUntil, inputs: Inputs, now = MONDAY): Run {
  const world = worldUntil(now);
  return {
    world,
    now,
    step: {
      inputs,
      event: 'schedule',
      payload: { schedule: '0 7 * * 1' },
      env: { GITHUB_JOB: 'weekly', GITHUB_RUN_ID: '7999998', GITHUB_SHA: world.head, ...ACTION },
    },
  };
}

/** On a pull request that was opened an hour ago. */
export function onPullRequest(worldUntil: WorldUntil, inputs: Inputs): Run {
  const world = worldUntil(FRIDAY);
  const number = 90_001;
  const head = world.commits.at(-1)?.oid ?? world.head;
  const open = {
    number,
    title: 'Add a filter',
    createdAt: iso(FRIDAY - HOUR),
    mergedAt: null,
    mergeCommit: null,
    base: world.defaultBranch,
    author: 'ben',
    commits: [head],
    files: ['src/app.ts'],
  };
  return {
    world: { ...world, pulls: [...world.pulls, open] },
    now: FRIDAY,
    step: {
      inputs,
      event: 'pull_request',
      payload: { action: 'synchronize', pull_request: { number, base: { ref: world.defaultBranch } } },
      env: { GITHUB_JOB: 'preview', GITHUB_RUN_ID: '7999997', GITHUB_SHA: head, ...ACTION },
    },
  };
}

const ACTION = { GITHUB_ACTION_REPOSITORY: 'deploy-latency-guard/deploy-latency-guard' };

/** The newest deployment to production that succeeded, with its run. */
function newestDeployment({ deployments, runs = [], defaultBranch }: World): {
  success: string;
  run: WorldRun;
} {
  const successOf = ({ environment, statuses }: WorldDeployment) =>
    environment.startsWith('production')
      ? statuses.find((status) => status.state === 'SUCCESS')?.createdAt
      : undefined;
  const successes = deployments
    .flatMap((deployment) => {
      const success = successOf(deployment);
      const id = Number(/\/runs\/(\d+)/.exec(deployment.statuses[0]?.logUrl ?? '')?.[1]);
      const run = runs.find((run) => run.id === id && run.branch === defaultBranch);
      return success && run ? [{ success, run }] : [];
    })
    .sort((a, b) => Date.parse(a.success) - Date.parse(b.success));
  const newest = successes.at(-1);
  if (!newest) throw new RangeError('nothing was deployed');
  return newest;
}

/** A team with a steady pace and a long window, without a limit of requests. */
export function steadily(team: SteadyOptions, window: string): Run {
  const { world, now } = steadyTeam(team);
  return {
    world,
    now: Date.parse(now),
    step: { inputs: { window, ...NO_LIMIT }, event: 'push', env: { GITHUB_SHA: world.head, ...ACTION } },
  };
}

const NO_LIMIT = { 'max-requests': '5000', timeout: '20m' };

/** The same runs for each team. */
export function ofEachTeam(
  ask: (worldUntil: WorldUntil, shape: Shape) => Run[],
  more: Partial<Scenario> & { slowSince?: number; shapes?: readonly Shape[] } = {},
): Scenario[] {
  const { slowSince, name = '', shapes = SHAPES, ...others } = more;
  return shapes.map((shape) => ({
    name: [shape, name].filter(Boolean).join(', '),
    runs: () =>
      ask((until) => teamOf({ shape, until, ...(slowSince === undefined ? {} : { slowSince }) }), shape),
    ...others,
  }));
}

/** The event that starts the guard at each team. */
export const EVENTS: Record<Shape, string> = {
  squashes: 'push',
  'merge commits': 'workflow_run',
  'hotfixes and rollbacks': 'push',
  'long-lived branches': 'push',
};

/** Mondays of the last weeks, oldest first. */
export const mondays = (weeks: number): number[] =>
  Array.from({ length: weeks }, (_, i) => MONDAY - (weeks - 1 - i) * 7 * DAY);
