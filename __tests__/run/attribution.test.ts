import { describe, expect, test } from '@jest/globals';
import { story } from '../../src/fake-github/story.ts';
import { ask, changeOf, deploymentOf } from '../support/ask.ts';
import { at, begun, NOW } from '../support/day.ts';

/** Attribution of changes to deployments, over a day of an invented team. The names are those in docs/attribution.md. */

const day = { now: NOW, inputs: { window: '20h', widen: 'none' } };

describe('which deployment shipped it', () => {
  test('the first successful one that contains the merge commit', async () => {
    const team = begun();
    const merged = team.merge(1, at('10:00:00'));
    const first = team.deploy(merged, at('10:05:00'));
    team.deploy(team.push(at('11:00:00')), at('11:05:00'));
    const change = changeOf(await ask(team.world, day), 1);
    expect(change).toMatchObject({
      deployment: first.id,
      deployedAt: '2026-03-02T10:06:00.000Z',
      leadTimeSeconds: 360,
    });
  });

  test('not one of another branch, even if it started after the merge', async () => {
    const team = begun();
    const before = team.tip();
    const merged = team.merge(1, at('10:00:00'));
    team.deploy(team.push(at('10:10:00'), { branch: 'side', from: before }), at('10:15:00'));
    const shipped = team.deploy(merged, at('10:30:00'));
    expect(changeOf(await ask(team.world, day), 1)).toMatchObject({
      deployment: shipped.id,
      leadTimeSeconds: 1860,
    });
  });

  test('not one to another environment', async () => {
    const team = begun();
    const merged = team.merge(1, at('10:00:00'));
    team.deploy(merged, at('10:01:00'), { environment: 'staging' });
    expect(changeOf(await ask(team.world, day), 1)).toMatchObject({
      deployment: null,
      waitingSeconds: 36_000,
    });
  });
});

describe('squash, rebase, merge commit', () => {
  test.each(['squash', 'rebase', 'merge'] as const)(
    'the change goes live with its merge commit (%s)',
    async (method) => {
      const team = begun();
      const merged = team.merge(1, at('10:00:00'), { method, commits: 3 });
      const { id } = team.deploy(merged, at('10:05:00'));
      const answer = await ask(team.world, day);
      expect(changeOf(answer, 1)).toMatchObject({
        deployment: id,
        leadTimeSeconds: 360,
        mergeCommit: merged,
      });
      expect(answer.report.mergesets).toHaveLength(1);
    },
  );

  test('a rebase-merged change goes live with its last commit, not with an earlier one', async () => {
    const team = begun();
    team.merge(1, at('10:00:00'), { method: 'rebase', commits: 3 });
    const [first, , last] = team.world.pulls[0]?.commits ?? [];
    team.deploy(first ?? '', at('10:05:00'));
    const complete = team.deploy(last ?? '', at('10:20:00'));
    expect(changeOf(await ask(team.world, day), 1)).toMatchObject({
      deployment: complete.id,
      leadTimeSeconds: 1260,
    });
  });
});

test('merge queue: pull requests are separate changes, and the deployment that ships them is a batch with that cause', async () => {
  const team = begun();
  team.merge(1, at('10:00:00'), { author: 'ada' });
  team.merge(2, at('10:00:00'), { author: 'ben' });
  const { id } = team.deploy(team.merge(3, at('10:00:01'), { author: 'ada' }), at('10:05:00'));
  const answer = await ask(team.world, day);
  expect(answer.report.mergesets.map((mergeset) => mergeset.number)).toEqual([1, 2, 3]);
  expect(deploymentOf(answer, id)).toMatchObject({
    mergesets: [1, 2, 3],
    batched: true,
    authors: ['ada', 'ben'],
  });
  const [batch] = answer.report.findings.filter((finding) => finding.kind === 'batch');
  expect(batch?.message).toContain(
    '3 changes by 2 authors shipped together on 2 Mar, 10:06 UTC: #1, #2 and #3. "max-batch" allows 1.',
  );
  expect(batch?.message).toContain(
    '3 of them were merged at the same moment, as a merge queue does (2 Mar, 10:00 UTC)',
  );
});

test('stacked pull request: belongs to the pull request that carries it to the base branch', async () => {
  const team = begun();
  team.push(at('09:00:00'), { branch: 'feature', from: team.tip() });
  team.merge(1, at('09:30:00'), { base: 'feature', method: 'merge' });
  const merged = team.merge(2, at('10:00:00'), { method: 'merge', from: team.tip('feature') });
  const { id } = team.deploy(merged, at('10:05:00'));
  const answer = await ask(team.world, day);
  expect(deploymentOf(answer, id)).toMatchObject({ mergesets: [2], batched: false });
  expect(answer.report.mergesets.map((mergeset) => mergeset.number)).toEqual([2]);
});

test('promoted branch: a deployment of release ships the changes of main that it contains', async () => {
  const team = begun();
  team.push('2026-03-01T11:00:00Z', { branch: 'release', from: team.tip() });
  const firstMerge = team.merge(1, at('10:00:00'));
  const promote = (when: string, main: string) => {
    const release = team.commit(when, [team.tip('release'), main], { message: 'Promote' });
    if (team.world.branches) team.world.branches.release = release;
    return team.deploy(release, when);
  };
  const first = promote(at('11:00:00'), firstMerge);
  const second = promote(at('13:00:00'), team.merge(2, at('12:00:00')));
  const answer = await ask(team.world, day);
  expect(changeOf(answer, 1)).toMatchObject({ deployment: first.id, leadTimeSeconds: 3660 });
  expect(changeOf(answer, 2)).toMatchObject({ deployment: second.id, leadTimeSeconds: 3660 });
  expect(deploymentOf(answer, second.id)).toMatchObject({ mergesets: [2], batched: false, rollback: false });
});

test('hotfix branch: a deployment ships only the changes that it contains', async () => {
  const team = begun();
  const merged = team.merge(1, at('10:00:00'));
  team.merge(2, at('10:10:00'));
  const hotfix = team.deploy(team.push(at('10:20:00'), { branch: 'hotfix', from: merged }), at('10:25:00'));
  const answer = await ask(team.world, day);
  expect(deploymentOf(answer, hotfix.id)).toMatchObject({ mergesets: [1] });
  expect(changeOf(answer, 2)).toMatchObject({ deployment: null, waitingSeconds: 35_400 });
});

describe('failed, cancelled, still running deployment', () => {
  test.each([
    ['FAILURE', 'failure'],
    ['ERROR', 'failure'],
    ['IN_PROGRESS', 'running'],
  ] as const)('ships nothing (%s), so its changes go live with the next success', async (state, outcome) => {
    const team = begun();
    const lost = team.deploy(team.merge(1, at('10:00:00')), at('10:05:00'), { outcome: state });
    const next = team.deploy(team.merge(2, at('10:30:00')), at('10:35:00'));
    const answer = await ask(team.world, day);
    expect(deploymentOf(answer, lost.id)).toMatchObject({ outcome, mergesets: [], succeededAt: null });
    expect(deploymentOf(answer, next.id)).toMatchObject({ mergesets: [1, 2], batched: true });
    expect(changeOf(answer, 1)).toMatchObject({ deployment: next.id, leadTimeSeconds: 2160 });
  });

  test('is named as the cause of the batch that follows', async () => {
    const team = begun();
    team.deploy(team.merge(1, at('10:00:00')), at('10:05:00'), { outcome: 'FAILURE' });
    team.deploy(team.merge(2, at('10:30:00')), at('10:35:00'));
    const { report } = await ask(team.world, day);
    expect(report.findings.find((finding) => finding.kind === 'batch')?.message).toContain(
      'The deployment before it failed (2 Mar, 10:06 UTC)',
    );
  });
});

test('success, later INACTIVE: counts at the time it succeeded', async () => {
  const team = begun();
  const first = team.deploy(team.merge(1, at('10:00:00')), at('10:05:00'));
  team.deploy(team.merge(2, at('11:00:00')), at('11:05:00'));
  const answer = await ask(team.world, day);
  expect(deploymentOf(answer, first.id)).toMatchObject({
    outcome: 'success',
    succeededAt: '2026-03-02T10:06:00.000Z',
  });
  expect(changeOf(answer, 1)?.leadTimeSeconds).toBe(360);
});

test('statuses deleted by GitHub: the changes have no lead time, and later deployments do not ship them', async () => {
  const team = begun();
  const old = team.deploy(team.merge(1, at('10:00:00')), at('10:05:00'), { statusesGone: true });
  const next = team.deploy(team.merge(2, at('11:00:00')), at('11:05:00'));
  const answer = await ask(team.world, day);
  expect(changeOf(answer, 1)).toMatchObject({
    deployment: old.id,
    deployedAt: null,
    leadTimeSeconds: null,
    waitingSeconds: null,
    untimed: true,
  });
  expect(deploymentOf(answer, next.id)).toMatchObject({ mergesets: [2], batched: false });
  expect(answer.report.leadTime).toMatchObject({ count: 1, deployed: 1, pending: 0 });
});

describe('a deployment in progress that belongs to this run', () => {
  const during = { now: at('10:10:00'), surroundings: { runId: 777 } };
  const running = () => {
    const team = begun();
    const merged = team.merge(1, at('10:00:00'));
    const { id } = team.deploy(merged, at('10:05:00'), {
      outcome: 'IN_PROGRESS',
      logUrl: 'https://github.com/acme/shop/actions/runs/777/job/1',
    });
    return { world: team.world, id };
  };

  test('counts as live now, marked as assumed', async () => {
    const { world, id } = running();
    const answer = await ask(world, { ...day, ...during });
    expect(deploymentOf(answer, id)).toMatchObject({ outcome: 'success', assumed: true, mergesets: [1] });
    expect(changeOf(answer, 1)).toMatchObject({ deployment: id, leadTimeSeconds: 600 });
  });

  test('does not count while it waits for its turn or an approval', async () => {
    const { world, id } = running();
    const status = world.deployments.find((deployment) => deployment.id === id)?.statuses[0];
    if (status) status.state = 'WAITING';
    const answer = await ask(world, { ...day, ...during });
    expect(deploymentOf(answer, id)).toMatchObject({ outcome: 'running', assumed: false });
  });

  test.each([
    ['another run', 778, undefined],
    ['a run whose number begins with the same digits', 77, undefined],
    ['a question about the past', 777, at('10:09:00')],
  ])('does not count for %s', async (_, runId, asOf) => {
    const { world, id } = running();
    const answer = await ask(world, {
      ...during,
      inputs: { ...day.inputs, ...(asOf ? { 'as-of': asOf } : {}) },
      surroundings: { runId },
    });
    expect(deploymentOf(answer, id)).toMatchObject({ outcome: 'running', assumed: false });
    expect(changeOf(answer, 1)?.deployment).toBeNull();
  });
});

test('same commit deployed again: ships nothing new', async () => {
  const team = begun();
  const merged = team.merge(1, at('10:00:00'));
  const first = team.deploy(merged, at('10:05:00'));
  const again = team.deploy(merged, at('10:05:20'));
  const answer = await ask(team.world, day);
  expect(deploymentOf(answer, again.id)).toMatchObject({
    mergesets: [],
    redeploy: true,
    rollback: false,
    batched: false,
  });
  expect(changeOf(answer, 1)).toMatchObject({ deployment: first.id, leadTimeSeconds: 360 });
});

test('rollback: ships nothing, is marked, and changes no lead time', async () => {
  const team = begun();
  const good = team.merge(1, at('10:00:00'));
  team.deploy(good, at('10:05:00'));
  const second = team.deploy(team.merge(2, at('11:00:00')), at('11:05:00'));
  const back = team.deploy(good, at('11:30:00'));
  const third = team.deploy(team.merge(3, at('12:00:00')), at('12:05:00'));
  const answer = await ask(team.world, day);
  expect(deploymentOf(answer, back.id)).toMatchObject({ mergesets: [], rollback: true, redeploy: false });
  expect(changeOf(answer, 2)).toMatchObject({ deployment: second.id, leadTimeSeconds: 360 });
  expect(deploymentOf(answer, third.id)).toMatchObject({ mergesets: [3], batched: false });
});

test('rollback just before the window: later deployments do not ship the same changes again', async () => {
  const team = begun();
  const good = team.tip();
  team.deploy(team.merge(1, '2026-03-01T12:00:00Z'), '2026-03-01T12:05:00Z');
  team.deploy(good, '2026-03-01T13:00:00Z');
  const next = team.deploy(team.merge(2, at('10:00:00')), at('10:05:00'));
  expect(deploymentOf(await ask(team.world, day), next.id)).toMatchObject({ mergesets: [2], batched: false });
});

test('deployments that succeed out of order: the order of success counts', async () => {
  const team = begun();
  const first = team.merge(1, at('10:00:00'));
  const second = team.merge(2, at('10:01:00'));
  const slow = team.deploy(first, at('10:02:00'), { takes: 1800 });
  const fast = team.deploy(second, at('10:03:00'), { takes: 60 });
  const answer = await ask(team.world, day);
  expect(deploymentOf(answer, fast.id)).toMatchObject({ mergesets: [1, 2] });
  expect(deploymentOf(answer, slow.id)).toMatchObject({ mergesets: [], rollback: true });
  expect(changeOf(answer, 1)).toMatchObject({ deployment: fast.id, leadTimeSeconds: 240 });
});

test('first successful deployment of an environment: not a batch, and its changes have no lead time', async () => {
  const team = story();
  team.merge(1, at('09:00:00'));
  const first = team.deploy(team.merge(2, at('10:00:00')), at('10:05:00'));
  const second = team.deploy(team.merge(3, at('11:00:00')), at('11:05:00'));
  const answer = await ask(team.world, day);
  expect(deploymentOf(answer, first.id)).toMatchObject({ seed: true, batched: false });
  expect(changeOf(answer, 1)).toMatchObject({ untimed: true, leadTimeSeconds: null, waitingSeconds: null });
  expect(deploymentOf(answer, second.id)).toMatchObject({ seed: false, mergesets: [3] });
  expect(answer.report.leadTime.count).toBe(1);
});

test('deployment of a commit the repository no longer has: skipped, and a gap says so', async () => {
  const team = begun();
  team.merge(1, at('10:00:00'));
  const gone = team.deploy('f'.repeat(40), at('10:05:00'));
  const next = team.deploy(team.merge(2, at('11:00:00')), at('11:05:00'));
  const answer = await ask(team.world, day);
  expect(deploymentOf(answer, gone.id)).toBeUndefined();
  expect(deploymentOf(answer, next.id)).toMatchObject({ mergesets: [1, 2] });
  expect(answer.report.completeness.gaps).toEqual([
    {
      what: `Deployment ${gone.id} was skipped, because the repository no longer has its commit fffffff.`,
      consequence: expect.stringContaining('Its changes count for the next deployment.'),
      verdictAtRisk: expect.any(Boolean),
    },
  ]);
});

test('if that is the last success before the window, the success before it decides what was live', async () => {
  const team = begun();
  team.merge(1, '2026-03-01T12:00:00Z');
  team.deploy('f'.repeat(40), '2026-03-01T13:00:00Z');
  const next = team.deploy(team.merge(2, at('10:00:00')), at('10:05:00'));
  const answer = await ask(team.world, day);
  expect(deploymentOf(answer, next.id)).toMatchObject({ mergesets: [1, 2], batched: true });
});

test('deployed before the merge, by the clocks: the lead time is 0, with a note', async () => {
  const team = begun();
  const merged = team.merge(1, at('10:00:00'));
  team.deploy(merged, at('09:58:00'), { takes: 60 });
  expect(changeOf(await ask(team.world, day), 1)).toMatchObject({
    leadTimeSeconds: 0,
    notes: ['deployed before it was merged, counts as 0s'],
  });
});

describe('direct push', () => {
  const pushed = () => {
    const team = begun();
    const push = team.push(at('10:00:00'), { message: 'Fix the header' });
    const deployment = team.deploy(push, at('10:05:00'));
    return { world: team.world, push, deployment };
  };

  test('is not a change by default', async () => {
    const { world, deployment } = pushed();
    const answer = await ask(world, day);
    expect(answer.report.mergesets).toEqual([]);
    expect(deploymentOf(answer, deployment.id)).toMatchObject({ mergesets: [] });
  });

  test('counts from its committer date with "direct-pushes: count"', async () => {
    const { world, push, deployment } = pushed();
    const answer = await ask(world, {
      ...day,
      inputs: { ...day.inputs, 'direct-pushes': 'count' },
    });
    expect(answer.report.mergesets).toEqual([
      expect.objectContaining({
        kind: 'direct-push',
        number: null,
        title: 'Fix the header',
        mergeCommit: push,
        leadTimeSeconds: 360,
      }),
    ]);
    expect(deploymentOf(answer, deployment.id)).toMatchObject({ mergesets: [push] });
  });
});

test('a commit of several pull requests belongs to the one merged into the base branch', async () => {
  const team = begun();
  const merged = team.merge(1, at('10:00:00'));
  team.merge(2, at('10:30:00'), { base: 'release-1.x' });
  const backport = team.world.pulls.find((pull) => pull.number === 2);
  backport?.commits.push(merged);
  const { id } = team.deploy(merged, at('11:00:00'));
  expect(deploymentOf(await ask(team.world, day), id)).toMatchObject({ mergesets: [1] });
});

test('a change merged at either end of the window counts', async () => {
  const team = begun();
  team.merge(1, at('00:00:00'));
  team.merge(2, NOW);
  team.deploy(team.merge(3, '2026-03-01T23:59:59Z'), at('10:05:00'));
  expect((await ask(team.world, day)).report.mergesets.map((mergeset) => mergeset.number)).toEqual([1, 2]);
});
