import { describe, expect, test } from '@jest/globals';
import { story } from '../../src/fake-github/story.ts';
import { ask, changeOf, deploymentOf } from '../support/ask.ts';

/** One test for each row of what counts. A day of an invented team, asked through HTTP at its end. */

const NOW = '2026-03-02T20:00:00Z';
const at = (time: string) => `2026-03-02T${time}Z`;

/** A team that has been deploying since the day before: there is something to compare with. */
function begun() {
  const team = story();
  team.deploy(team.tip(), '2026-03-01T09:10:00Z');
  team.deploy(team.push('2026-03-01T10:00:00Z'), '2026-03-01T10:05:00Z');
  return team;
}

const day = { now: NOW, inputs: { window: '20h', widen: 'none' } };

describe('which deployment shipped it', () => {
  test('the successful one that contains the merge commit and succeeded first', async () => {
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

  test('a deployment of another branch that started later than the merge does not count, whatever its date', async () => {
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

  test('another environment does not count', async () => {
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
    'a %s is shipped by the deployment that contains its merge commit',
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

  test('a rebase-merged one is shipped when its last commit is, not with an earlier one', async () => {
    const team = begun();
    team.merge(1, at('10:00:00'), { method: 'rebase', commits: 3 });
    const [first, , last] = team.world.pulls[0]?.commits ?? [];
    team.deploy(first ?? '', at('10:05:00'));
    const whole = team.deploy(last ?? '', at('10:20:00'));
    expect(changeOf(await ask(team.world, day), 1)).toMatchObject({
      deployment: whole.id,
      leadTimeSeconds: 1260,
    });
  });
});

test('merge queue: each pull request is its own mergeset, and the deployment that ships them together is a batch, its cause named', async () => {
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
    'shipped 3 changes at once (#1, #2, #3), by 2 authors, and max-batch is 1',
  );
  expect(batch?.message).toContain(
    '3 of them landed at one moment (2026-03-02 10:00), as a merge queue does',
  );
});

test('stacked pull request: belongs to the pull request that carries it to the base branch; no mergeset of its own', async () => {
  const team = begun();
  team.push(at('09:00:00'), { branch: 'feature', from: team.tip() });
  team.merge(1, at('09:30:00'), { base: 'feature', method: 'merge' });
  const merged = team.merge(2, at('10:00:00'), { method: 'merge', from: team.tip('feature') });
  const { id } = team.deploy(merged, at('10:05:00'));
  const answer = await ask(team.world, day);
  expect(deploymentOf(answer, id)).toMatchObject({ mergesets: [2], batched: false });
  expect(answer.report.mergesets.map((mergeset) => mergeset.number)).toEqual([2]);
});

test('promoted branch: the deployment contains what was merged to main although its own commit is on release', async () => {
  const team = begun();
  team.push('2026-03-01T11:00:00Z', { branch: 'release', from: team.tip() });
  const one = team.merge(1, at('10:00:00'));
  const promote = (when: string, main: string) => {
    const release = team.commit(when, [team.tip('release'), main], { message: 'Promote' });
    if (team.world.branches) team.world.branches.release = release;
    return team.deploy(release, when);
  };
  const first = promote(at('11:00:00'), one);
  const two = team.merge(2, at('12:00:00'));
  const second = promote(at('13:00:00'), two);
  const answer = await ask(team.world, day);
  expect(changeOf(answer, 1)).toMatchObject({ deployment: first.id, leadTimeSeconds: 3660 });
  expect(changeOf(answer, 2)).toMatchObject({ deployment: second.id, leadTimeSeconds: 3660 });
  expect(deploymentOf(answer, second.id)).toMatchObject({ mergesets: [2], batched: false, rollback: false });
});

test('hotfix branch: ships only the mergesets that its commit contains', async () => {
  const team = begun();
  const one = team.merge(1, at('10:00:00'));
  team.merge(2, at('10:10:00'));
  const hotfix = team.deploy(team.push(at('10:20:00'), { branch: 'hotfix', from: one }), at('10:25:00'));
  const answer = await ask(team.world, day);
  expect(deploymentOf(answer, hotfix.id)).toMatchObject({ mergesets: [1] });
  expect(changeOf(answer, 2)).toMatchObject({ deployment: null, waitingSeconds: 35_400 });
});

describe('failed, cancelled, still running deployment', () => {
  test.each([
    ['FAILURE', 'failure'],
    ['ERROR', 'failure'],
    ['IN_PROGRESS', 'running'],
  ] as const)('%s ships nothing; its mergesets go with the next success', async (outcome, word) => {
    const team = begun();
    const lost = team.deploy(team.merge(1, at('10:00:00')), at('10:05:00'), { outcome });
    const next = team.deploy(team.merge(2, at('10:30:00')), at('10:35:00'));
    const answer = await ask(team.world, day);
    expect(deploymentOf(answer, lost.id)).toMatchObject({ outcome: word, mergesets: [], succeededAt: null });
    expect(deploymentOf(answer, next.id)).toMatchObject({ mergesets: [1, 2], batched: true });
    expect(changeOf(answer, 1)).toMatchObject({ deployment: next.id, leadTimeSeconds: 2160 });
  });

  test('the batch that a failure makes names it', async () => {
    const team = begun();
    const lost = team.deploy(team.merge(1, at('10:00:00')), at('10:05:00'), { outcome: 'FAILURE' });
    team.deploy(team.merge(2, at('10:30:00')), at('10:35:00'));
    const { report } = await ask(team.world, day);
    expect(report.findings.find((finding) => finding.kind === 'batch')?.message).toContain(
      `deployment ${lost.id} failed before it (2026-03-02 10:06)`,
    );
  });
});

test('success, later INACTIVE: a success, at the time it succeeded', async () => {
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

test('statuses deleted by GitHub: a success at an unknown time bounds what later ones shipped, and what it shipped is left untimed', async () => {
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

describe('a deployment still in progress that this very run is making', () => {
  const running = () => {
    const team = begun();
    const merged = team.merge(1, at('10:00:00'));
    const { id } = team.deploy(merged, at('10:05:00'), {
      outcome: 'IN_PROGRESS',
      logUrl: 'https://github.com/acme/shop/actions/runs/777/job/1',
    });
    return { world: team.world, id };
  };

  test('counts as succeeding now, marked assumed', async () => {
    const { world, id } = running();
    const answer = await ask(world, {
      now: at('10:10:00'),
      inputs: { window: '20h', widen: 'none' },
      surroundings: { runId: 777 },
    });
    expect(deploymentOf(answer, id)).toMatchObject({ outcome: 'success', assumed: true, mergesets: [1] });
    expect(changeOf(answer, 1)).toMatchObject({ deployment: id, leadTimeSeconds: 600 });
  });

  test('but not while it still waits for its turn or an approval', async () => {
    const { world, id } = running();
    const status = world.deployments.find((deployment) => deployment.id === id)?.statuses[0];
    if (status) status.state = 'WAITING';
    const answer = await ask(world, {
      now: at('10:10:00'),
      inputs: { window: '20h', widen: 'none' },
      surroundings: { runId: 777 },
    });
    expect(deploymentOf(answer, id)).toMatchObject({ outcome: 'running', assumed: false });
  });

  test.each([
    ['another run', 778, undefined],
    ['a run whose number only begins alike', 77, undefined],
    ['a question about the past', 777, at('10:09:00')],
  ])('but not for %s', async (_, runId, asOf) => {
    const { world, id } = running();
    const answer = await ask(world, {
      now: at('10:10:00'),
      inputs: { window: '20h', widen: 'none', ...(asOf ? { 'as-of': asOf } : {}) },
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

test('rollback: ships nothing, is told apart, and what was shipped before keeps its time', async () => {
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

test('rollback that is the last success before the window: what was live before it is not shipped again', async () => {
  const team = begun();
  const good = team.tip();
  team.deploy(team.merge(1, '2026-03-01T12:00:00Z'), '2026-03-01T12:05:00Z');
  team.deploy(good, '2026-03-01T13:00:00Z');
  const next = team.deploy(team.merge(2, at('10:00:00')), at('10:05:00'));
  expect(deploymentOf(await ask(team.world, day), next.id)).toMatchObject({ mergesets: [2], batched: false });
});

test('deployments that succeed out of order: the order is that of success', async () => {
  const team = begun();
  const one = team.merge(1, at('10:00:00'));
  const two = team.merge(2, at('10:01:00'));
  const slow = team.deploy(one, at('10:02:00'), { takes: 1800 });
  const fast = team.deploy(two, at('10:03:00'), { takes: 60 });
  const answer = await ask(team.world, day);
  expect(deploymentOf(answer, fast.id)).toMatchObject({ mergesets: [1, 2] });
  expect(deploymentOf(answer, slow.id)).toMatchObject({ mergesets: [], rollback: true });
  expect(changeOf(answer, 1)).toMatchObject({ deployment: fast.id, leadTimeSeconds: 240 });
});

test('first successful deployment of an environment: its changes have no lead time, and it is never a batch', async () => {
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

test('deployment of a commit the repository no longer has: skipped, and said', async () => {
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

test('where the last success before the window is of such a commit, the one before it says what was live', async () => {
  const team = begun();
  team.merge(1, '2026-03-01T12:00:00Z');
  team.deploy('f'.repeat(40), '2026-03-01T13:00:00Z');
  const next = team.deploy(team.merge(2, at('10:00:00')), at('10:05:00'));
  const answer = await ask(team.world, day);
  expect(deploymentOf(answer, next.id)).toMatchObject({ mergesets: [1, 2], batched: true });
});

test('deployed before the merge, by the clocks: lead time 0, and reported', async () => {
  const team = begun();
  const merged = team.merge(1, at('10:00:00'));
  team.deploy(merged, at('09:58:00'), { takes: 60 });
  expect(changeOf(await ask(team.world, day), 1)).toMatchObject({
    leadTimeSeconds: 0,
    notes: ['deployed before it was merged; counted as 0'],
  });
});

describe('direct push', () => {
  const pushed = () => {
    const team = begun();
    const push = team.push(at('10:00:00'), { message: 'Mend the header' });
    const deployment = team.deploy(push, at('10:05:00'));
    return { world: team.world, push, deployment };
  };

  test('is not listed by default', async () => {
    const { world, deployment } = pushed();
    const answer = await ask(world, day);
    expect(answer.report.mergesets).toEqual([]);
    expect(deploymentOf(answer, deployment.id)).toMatchObject({ mergesets: [] });
  });

  test('is listed and counted with direct-pushes: count; its time starts at its committer date', async () => {
    const { world, push, deployment } = pushed();
    const answer = await ask(world, {
      now: NOW,
      inputs: { window: '20h', widen: 'none', 'direct-pushes': 'count' },
    });
    expect(answer.report.mergesets).toEqual([
      expect.objectContaining({
        kind: 'direct-push',
        number: null,
        title: 'Mend the header',
        mergeCommit: push,
        leadTimeSeconds: 360,
      }),
    ]);
    expect(deploymentOf(answer, deployment.id)).toMatchObject({ mergesets: [push] });
  });
});

test('a commit of several pull requests belongs to the one that was merged into the base branch by it', async () => {
  const team = begun();
  const merged = team.merge(1, at('10:00:00'));
  team.merge(2, at('10:30:00'), { base: 'release-1.x' });
  const backport = team.world.pulls.find((pull) => pull.number === 2);
  backport?.commits.push(merged);
  const { id } = team.deploy(merged, at('11:00:00'));
  expect(deploymentOf(await ask(team.world, day), id)).toMatchObject({ mergesets: [1] });
});

test('the window takes both of its ends', async () => {
  const team = begun();
  team.merge(1, at('00:00:00'));
  team.merge(2, NOW);
  team.deploy(team.merge(3, '2026-03-01T23:59:59Z'), at('10:05:00'));
  expect((await ask(team.world, day)).report.mergesets.map((mergeset) => mergeset.number)).toEqual([1, 2]);
});
