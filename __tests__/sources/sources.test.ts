import { describe, expect, test } from '@jest/globals';
import { story } from '../../src/fake-github/story.ts';
import type { WorldJob, WorldRun } from '../../src/fake-github/world.ts';
import { ask, changeOf, deploymentOf } from '../support/ask.ts';

const NOW = '2026-03-02T20:00:00Z';
const at = (time: string) => `2026-03-02T${time}Z`;

describe('deploy-source: releases', () => {
  const inputs = { window: '20h', 'deploy-source': 'releases' };

  function released() {
    const team = story();
    const release = (tag: string, sha: string, publishedAt: string | null, more = {}) =>
      team.world.releases?.push({
        tag,
        sha,
        createdAt: publishedAt ?? NOW,
        publishedAt,
        author: 'ada',
        ...more,
      });
    release('v1', team.tip(), '2026-03-01T09:30:00Z');
    return { team, release };
  }

  test('a published release is a deployment whose id is its tag and whose time is its publication', async () => {
    const { team, release } = released();
    release('v2', team.merge(1, at('10:00:00')), at('10:30:00'), { createdAt: at('09:00:00') });
    const answer = await ask(team.world, { now: NOW, inputs });
    expect(changeOf(answer, 1)).toMatchObject({ deployment: 'v2', leadTimeSeconds: 1800 });
    expect(deploymentOf(answer, 'v2')).toMatchObject({
      trigger: 'release',
      url: 'https://github.com/acme/shop/releases/tag/v2',
      mergesets: [1],
    });
  });

  test('drafts and prereleases do not count', async () => {
    const { team, release } = released();
    const merged = team.merge(1, at('10:00:00'));
    release('v2-rc', merged, at('10:10:00'), { prerelease: true });
    release('v2', merged, null, { draft: true });
    expect(changeOf(await ask(team.world, { now: NOW, inputs }), 1)).toMatchObject({ deployment: null });
  });

  test('a repository without releases is an error', async () => {
    await expect(ask(story().world, { now: NOW, inputs })).rejects.toThrow(
      'Input "deploy-source" is "releases"; the repository has no published releases.',
    );
  });
});

describe('deploy-source: workflow', () => {
  const inputs = { window: '20h', 'deploy-source': 'workflow', 'deploy-workflow': 'deploy.yml' };
  const job = (
    name: string,
    completedAt: string | null,
    conclusion: string | null = 'success',
  ): WorldJob => ({
    name,
    conclusion: completedAt === null ? null : conclusion,
    startedAt: at('09:00:00'),
    completedAt,
  });

  function deploying() {
    const team = story();
    const run = (id: number, sha: string, createdAt: string, more: Partial<WorldRun> = {}) => {
      const added: WorldRun = {
        id,
        workflow: 'deploy.yml',
        sha,
        branch: 'main',
        event: 'push',
        status: 'completed',
        conclusion: 'success',
        createdAt,
        updatedAt: team.later(createdAt, 7200),
        actor: 'ada',
        jobs: [job('deploy', team.later(createdAt, 300))],
        ...more,
      };
      team.world.runs?.push(added);
      return added;
    };
    run(1, team.tip(), '2026-03-01T09:10:00Z');
    return { team, run };
  }

  test('a run succeeds when its last job completes, not when the run is updated later', async () => {
    const { team, run } = deploying();
    run(2, team.merge(1, at('10:00:00')), at('10:00:30'), {
      jobs: [job('build', at('10:04:00')), job('deploy', at('10:09:00'))],
    });
    const answer = await ask(team.world, { now: NOW, inputs });
    expect(changeOf(answer, 1)).toMatchObject({ deployment: 2, leadTimeSeconds: 540 });
    expect(deploymentOf(answer, 2)).toMatchObject({
      trigger: 'push',
      url: 'https://github.com/acme/shop/actions/runs/2',
      createdAt: '2026-03-02T10:00:30.000Z',
    });
  });

  test('with deploy-job, the time at which that job completes counts, even if the run fails afterwards', async () => {
    const { team, run } = deploying();
    run(2, team.merge(1, at('10:00:00')), at('10:00:30'), {
      conclusion: 'failure',
      jobs: [job('deploy', at('10:05:00')), job('smoke test', at('10:09:00'), 'failure')],
    });
    const answer = await ask(team.world, { now: NOW, inputs: { ...inputs, 'deploy-job': 'deploy' } });
    expect(changeOf(answer, 1)).toMatchObject({ deployment: 2, leadTimeSeconds: 300 });
  });

  test('a run that skipped the deploy job on purpose does not count; a run that failed before it is a failure', async () => {
    const { team, run } = deploying();
    run(2, team.merge(1, at('10:00:00')), at('10:00:30'), {
      jobs: [job('deploy', at('10:01:00'), 'skipped')],
    });
    run(3, team.merge(2, at('11:00:00')), at('11:00:30'), {
      conclusion: 'failure',
      jobs: [job('test', at('11:02:00'), 'failure'), job('deploy', at('11:02:00'), 'skipped')],
    });
    const answer = await ask(team.world, { now: NOW, inputs: { ...inputs, 'deploy-job': 'deploy' } });
    expect(deploymentOf(answer, 2)).toBeUndefined();
    expect(deploymentOf(answer, 3)).toMatchObject({ outcome: 'failure', mergesets: [] });
    expect(changeOf(answer, 1)).toMatchObject({ deployment: null });
  });

  test('a run that was started again keeps the time of its first successful attempt', async () => {
    const { team, run } = deploying();
    run(2, team.merge(1, at('10:00:00')), at('10:00:30'), {
      attempt: 3,
      earlier: [
        { conclusion: 'failure', updatedAt: at('10:05:00') },
        { conclusion: 'success', updatedAt: at('10:20:00') },
      ],
      jobs: [job('deploy', at('15:00:00'))],
    });
    expect(changeOf(await ask(team.world, { now: NOW, inputs }), 1)).toMatchObject({ leadTimeSeconds: 1200 });
  });

  test('dispatched runs on other branches count; other runs on them and pull request runs do not', async () => {
    const { team, run } = deploying();
    const merged = team.merge(1, at('10:00:00'));
    run(2, merged, at('10:01:00'), { event: 'pull_request' });
    run(3, merged, at('10:02:00'), { branch: 'side' });
    run(4, merged, at('10:03:00'), { branch: 'v1.2', event: 'workflow_dispatch' });
    const answer = await ask(team.world, { now: NOW, inputs });
    expect(answer.report.deployments.map((deployment) => deployment.id)).toEqual([4]);
    expect(changeOf(answer, 1)).toMatchObject({ deployment: 4, leadTimeSeconds: 480 });
  });

  test.each([
    ['cancelled', 'failure'],
    ['timed_out', 'failure'],
    ['startup_failure', 'failure'],
  ])('a run that ends with %s deploys nothing', async (conclusion, outcome) => {
    const { team, run } = deploying();
    run(2, team.merge(1, at('10:00:00')), at('10:00:30'), { conclusion });
    expect(deploymentOf(await ask(team.world, { now: NOW, inputs }), 2)).toMatchObject({
      outcome,
      mergesets: [],
    });
  });

  test("the guard's own run counts as successful now", async () => {
    const { team, run } = deploying();
    run(2, team.merge(1, at('10:00:00')), at('10:00:30'), {
      status: 'in_progress',
      conclusion: null,
      jobs: [job('deploy', null)],
    });
    const now = at('10:10:00');
    const answer = await ask(team.world, { now, inputs, surroundings: { runId: 2 } });
    expect(deploymentOf(answer, 2)).toMatchObject({ assumed: true, mergesets: [1] });
    expect(deploymentOf(await ask(team.world, { now, inputs, surroundings: { runId: 3 } }), 2)).toMatchObject(
      {
        outcome: 'running',
        assumed: false,
      },
    );
  });

  test("the guard's own run does not count before its deploy job starts", async () => {
    const { team, run } = deploying();
    run(2, team.merge(1, at('10:00:00')), at('10:00:30'), {
      status: 'in_progress',
      conclusion: null,
      jobs: [job('test', null)],
    });
    const answer = await ask(team.world, {
      now: at('10:10:00'),
      inputs: { ...inputs, 'deploy-job': 'deploy' },
      surroundings: { runId: 2 },
    });
    expect(deploymentOf(answer, 2)).toMatchObject({ outcome: 'running', assumed: false });
  });

  test('beyond the 1,000 runs that GitHub lists, older ones are read by date, once each', async () => {
    const { team, run } = deploying();
    const live = team.tip();
    team.merge(1, '2026-03-01T09:30:00Z');
    for (let i = 0; i < 2300; i++)
      run(100 + i, live, team.later('2026-03-01T10:00:00Z', i * 15), { conclusion: 'failure', jobs: [] });
    const { id } = run(9999, team.tip(), at('19:50:00'));
    const answer = await ask(team.world, { now: NOW, inputs: { ...inputs, stages: 'none' } });
    expect(deploymentOf(answer, id)).toMatchObject({ mergesets: [1], batched: false, seed: false });
    const pages = answer.requests.filter((request) => request.path.endsWith('/deploy.yml/runs'));
    expect(pages.length).toBeLessThanOrEqual(26);
  });

  test('one request reads the jobs of a hundred runs', async () => {
    const { team, run } = deploying();
    for (let i = 0; i < 90; i++)
      run(
        100 + i,
        team.merge(i + 1, team.later(at('00:30:00'), i * 600)),
        team.later(at('00:31:00'), i * 600),
      );
    const answer = await ask(team.world, { now: NOW, inputs: { ...inputs, stages: 'none' } });
    expect(answer.report.leadTime.deployed).toBe(90);
    expect(answer.requests.length).toBeLessThanOrEqual(5);
  });

  test('an error names the permission that is missing', async () => {
    const { team } = deploying();
    await expect(ask(team.world, { now: NOW, inputs, github: { denied: ['checks'] } })).rejects.toThrow(
      'permissions: checks: read',
    );
    await expect(ask(team.world, { now: NOW, inputs, github: { denied: ['actions'] } })).rejects.toThrow(
      'permissions: actions: read',
    );
  });

  test('an unknown workflow or job is an error that lists those that exist', async () => {
    const { team, run } = deploying();
    run(2, team.merge(1, at('10:00:00')), at('10:00:30'), {
      jobs: [job('build', at('10:02:00')), job('Deploy', at('10:04:00'))],
    });
    await expect(
      ask(team.world, { now: NOW, inputs: { ...inputs, 'deploy-workflow': 'ship.yml' } }),
    ).rejects.toThrow(
      'Input "deploy-workflow" is "ship.yml"; the repository has no such workflow. Accepted: deploy.yml.',
    );
    await expect(ask(team.world, { now: NOW, inputs: { ...inputs, 'deploy-job': 'ship' } })).rejects.toThrow(
      'Input "deploy-job" is "ship"; no run has a job with that name. Accepted: the name on the run\'s page, such as build, Deploy.',
    );
  });
});

test('a deployment with more than a hundred statuses has the time of its first success', async () => {
  const team = story();
  team.deploy(team.tip(), '2026-03-01T09:10:00Z');
  const deployment = team.deploy(team.merge(1, at('10:00:00')), at('10:05:00'));
  for (let i = 0; i < 250; i++)
    deployment.statuses.push({
      state: i % 2 ? 'SUCCESS' : 'IN_PROGRESS',
      createdAt: team.later(at('11:00:00'), i * 60),
    });
  const answer = await ask(team.world, { now: NOW, inputs: { window: '20h' } });
  expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 360 });
});

test('all pull requests of a commit are read, even if it has more than a page of them', async () => {
  const team = story();
  team.deploy(team.tip(), '2026-03-01T09:10:00Z');
  const merged = team.merge(99, at('10:00:00'));
  const pullRequest = team.world.pulls.pop();
  for (let i = 1; i <= 40; i++) {
    team.world.pulls.push({
      number: i,
      title: '',
      createdAt: NOW,
      mergedAt: at('09:00:00'),
      mergeCommit: '0'.repeat(40),
      base: 'other',
      author: 'ada',
      commits: [merged],
    });
  }
  if (pullRequest) team.world.pulls.push(pullRequest);
  const { id } = team.deploy(merged, at('10:05:00'));
  const answer = await ask(team.world, { now: NOW, inputs: { window: '20h' } });
  expect(deploymentOf(answer, id)).toMatchObject({ mergesets: [99] });
});
