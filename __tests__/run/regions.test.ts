import { describe, expect, test } from '@jest/globals';
import { at, begun } from '../support/day.ts';
import { filed } from '../support/filed.ts';
import { asksFor, requestCounts } from '../support/requests.ts';

/** Several environments of one service: live with the first of them, or with the last. */

const FIRST = 'environment: prod-*\n';
const LAST = 'environment: prod-*\nlive: last\n';

/** A team with two regions that have been deployed to before. */
function team(regions = ['prod-eu', 'prod-us']) {
  const made = begun();
  const all = made.push('2026-03-01T12:00:00Z');
  for (const environment of regions) made.deploy(all, '2026-03-01T12:05:00Z', { environment });
  return made;
}

type Team = ReturnType<typeof team>;
const eu = { environment: 'prod-eu' };
const us = { environment: 'prod-us' };

/** A change at nine, in the first region at 9:05 and in the second at 9:30. */
function rolled(): Team {
  const made = team();
  const sha = made.merge(1, at('09:00:00'));
  made.deploy(sha, at('09:04:00'), eu);
  made.deploy(sha, at('09:29:00'), us);
  return made;
}

describe('live', () => {
  test('first: with whichever comes first', async () => {
    expect((await filed(rolled().world, FIRST)).times('prod-*')).toEqual({ 1: 300 });
  });

  test('last: when it is in every one', async () => {
    expect((await filed(rolled().world, LAST)).times('prod-*')).toEqual({ 1: 1800 });
  });

  test('by a list in the file', async () => {
    const file = 'environment: [prod-eu, prod-us]\nlive: last\n';
    expect((await filed(rolled().world, file)).times('prod-eu, prod-us')).toEqual({ 1: 1800 });
  });

  test('with what ! leaves out is no region of it', async () => {
    const { units: services } = await filed(
      rolled().world,
      'environment: [prod-*, "!prod-us"]\nlive: last\n',
    );
    expect(services[0].mergesets[0].leadTimeSeconds).toBe(300);
    expect(JSON.stringify(services[0])).not.toContain('"prod-us"');
  });

  test('by an input, without a file', async () => {
    const { units: services } = await filed(rolled().world, null, {
      inputs: { environment: 'prod-eu\nprod-us', live: 'last' },
    });
    expect(services[0].mergesets[0].leadTimeSeconds).toBe(1800);
  });
});

test('a deployment row is a rollout of one commit, with its parts', async () => {
  const { unit: service } = await filed(rolled().world, LAST);
  expect(service('prod-*').regions).toEqual(['prod-eu', 'prod-us']);
  expect(service('prod-*').deployments.at(-1)).toMatchObject({
    succeededAt: '2026-03-02T09:30:00.000Z',
    mergesets: [1],
    parts: [
      { job: 'prod-eu', outcome: 'success', succeededAt: '2026-03-02T09:05:00.000Z' },
      { job: 'prod-us', outcome: 'success', succeededAt: '2026-03-02T09:30:00.000Z' },
    ],
  });
});

describe('a region that fails', () => {
  const failing = () => {
    const made = team();
    const sha = made.merge(1, at('09:00:00'));
    made.deploy(sha, at('09:04:00'), eu);
    made.deploy(sha, at('09:05:00'), { ...us, outcome: 'FAILURE' });
    return made;
  };

  test('first: is nothing to wait for', async () => {
    expect((await filed(failing().world, FIRST)).times('prod-*')).toEqual({ 1: 300 });
  });

  test('last: it is pending', async () => {
    expect((await filed(failing().world, LAST)).times('prod-*')).toEqual({ 1: null });
  });

  test('last: until that one has a commit that contains it', async () => {
    const made = failing();
    const next = made.merge(2, at('10:00:00'));
    made.deploy(next, at('10:04:00'), eu);
    made.deploy(next, at('10:09:00'), us);
    expect((await filed(made.world, LAST)).times('prod-*')).toEqual({ 1: 4200, 2: 600 });
  });
});

test('a region that skips a commit has it with the next', async () => {
  const made = team();
  made.deploy(made.merge(1, at('09:00:00')), at('09:04:00'), eu);
  const next = made.merge(2, at('10:00:00'));
  made.deploy(next, at('10:04:00'), eu);
  made.deploy(next, at('10:09:00'), us);
  expect((await filed(made.world, LAST)).times('prod-*')).toEqual({ 1: 4200, 2: 600 });
});

test('a region that is retired is named, and nothing waits for it', async () => {
  const made = begun();
  made.deploy(made.tip(), '2026-03-01T11:30:00Z', { environment: 'prod-old' });
  const all = made.push('2026-03-01T12:00:00Z');
  for (const environment of ['prod-eu', 'prod-us']) made.deploy(all, '2026-03-01T12:05:00Z', { environment });
  const sha = made.merge(1, at('09:00:00'));
  made.deploy(sha, at('09:04:00'), eu);
  made.deploy(sha, at('09:09:00'), us);
  const { times, unit: service } = await filed(made.world, LAST);
  expect(times('prod-*')).toEqual({ 1: 600 });
  expect(service('prod-*').remarks[0].what).toContain(
    'Retired regions: prod-old. They had no deployments in the window',
  );
});

test('a region that is new is waited for from its first success on', async () => {
  const made = rolled();
  const next = made.merge(2, at('11:00:00'));
  for (const environment of ['prod-eu', 'prod-us', 'prod-asia'])
    made.deploy(next, at('11:04:00'), { environment });
  expect((await filed(made.world, LAST)).times('prod-*')).toEqual({ 1: 1800, 2: 300 });
});

test('a rollback in one region is tagged, and un-ships nothing', async () => {
  const made = rolled();
  made.deploy(made.world.commits.at(-2)?.oid ?? '', at('12:00:00'), us);
  const { times } = await filed(made.world, LAST);
  expect(times('prod-*')).toEqual({ 1: 1800 });
});

test('several services are no regions: it is refused, and says what to do', async () => {
  const made = begun();
  for (const environment of ['Production – api', 'Production – web'])
    made.deploy(made.tip(), '2026-03-01T12:05:00Z', { environment });
  const { code, log } = await filed(made.world, null, { inputs: { environment: 'Production – *' } });
  expect(code).toBe(1);
  expect(log).toContain(
    'Production – api, Production – web are separate projects, not regions of one service',
  );
  expect(log).toContain('"services"');
});

describe('a name is matched as it is written', () => {
  const dashed = () => {
    const made = begun();
    made.deploy(made.tip(), '2026-03-01T12:05:00Z', { environment: 'Production – web' });
    made.deploy(made.merge(1, at('09:00:00')), at('09:04:00'), { environment: 'Production – web' });
    return made;
  };

  test('with its en dash', async () => {
    const { units: services } = await filed(dashed().world, null, {
      inputs: { environment: 'Production – web' },
    });
    expect(services[0].mergesets[0].leadTimeSeconds).toBe(300);
    expect(services[0].remarks).toEqual([]);
  });

  test('a hyphen finds it, and that is said', async () => {
    const { units: services } = await filed(dashed().world, null, {
      inputs: { environment: 'Production - web' },
    });
    expect(services[0].mergesets[0].leadTimeSeconds).toBe(300);
    expect(services[0].remarks[0].what).toContain('GitHub spells it "Production – web"');
  });
});

describe('stages', () => {
  const STAGES = 'environments: [staging, production]\n';
  const staged = () => {
    const made = begun();
    made.deploy(made.tip(), '2026-03-01T10:30:00Z', { environment: 'staging' });
    return made;
  };

  test('each change has a time in each; the steps sum to the whole, and the last alone is judged', async () => {
    const made = staged();
    const sha = made.merge(1, at('09:00:00'));
    made.deploy(sha, at('09:04:00'), { environment: 'staging' });
    made.deploy(sha, at('09:29:00'));
    const { units: services, summary } = await filed(made.world, STAGES);
    expect(services[0].mergesets[0]).toMatchObject({
      leadTimeSeconds: 1800,
      stages: ['2026-03-02T09:05:00.000Z'],
    });
    expect(services[0].way.steps).toEqual([
      { from: 'merge', to: 'staging', seconds: [300] },
      { from: 'staging', to: 'live', seconds: [1500] },
    ]);
    expect(summary).toContain('| merge → staging | 5m | 5m | 1 |');
    expect(summary).toContain('| staging → production | **25m** | 25m | 1 |');
  });

  test('a hotfix straight to production skipped staging: that is told, and its whole time counts to production', async () => {
    const made = staged();
    made.deploy(made.merge(1, at('09:00:00')), at('09:09:00'));
    const { units: services, summary } = await filed(made.world, STAGES);
    expect(services[0].way).toMatchObject({
      steps: [{ from: 'merge', to: 'live', seconds: [600] }],
      skipped: [{ stage: 'staging' }],
    });
    expect(summary).toContain('#​1 skipped staging.');
  });

  test('a step is never negative: what came to staging after it was live had skipped it', async () => {
    const made = staged();
    const sha = made.merge(1, at('09:00:00'));
    made.deploy(sha, at('09:09:00'));
    made.deploy(sha, at('10:00:00'), { environment: 'staging' });
    const { units: services } = await filed(made.world, STAGES);
    expect(services[0].way.steps).toEqual([{ from: 'merge', to: 'live', seconds: [600] }]);
    expect(services[0].way.skipped).toHaveLength(1);
  });

  test('of several environments at once is refused', async () => {
    const made = staged();
    made.deploy(made.tip(), '2026-03-01T10:30:00Z', { environment: 'staging-2' });
    const { code, log } = await filed(made.world, 'environments: ["staging*", production]\n');
    expect(code).toBe(1);
    expect(log).toContain('a stage that is one environment; this pattern matches staging, staging-2');
  });

  test('one that nothing was deployed to is told', async () => {
    const { units: services } = await filed(staged().world, 'environments: [stagng, production]\n');
    expect(services[0].remarks[0].what).toContain('Stage "stagng" has no deployments.');
  });

  test('what waits in staging is pending, with its first step', async () => {
    const made = staged();
    made.deploy(made.merge(1, at('09:00:00')), at('09:04:00'), { environment: 'staging' });
    const { units: services } = await filed(made.world, STAGES);
    expect(services[0].mergesets[0].leadTimeSeconds).toBeNull();
    expect(services[0].way).toMatchObject({ steps: [{ to: 'staging', seconds: [300] }], skipped: [] });
  });
});

test('twelve environments: one query of deployments for each, in a few requests', async () => {
  const made = begun();
  const names = Array.from({ length: 12 }, (_, i) => `prod-${i}`);
  for (const environment of names) made.deploy(made.tip(), '2026-03-01T12:05:00Z', { environment });
  const sha = made.merge(1, at('09:00:00'));
  for (const environment of names) made.deploy(sha, at('09:04:00'), { environment });
  const { requests, times } = await filed(made.world, LAST);
  expect(times('prod-*')).toEqual({ 1: 300 });
  expect(requestCounts(requests).Deployments).toBe(12);
  expect(requests.filter((request) => asksFor(request, 'Deployments')).length).toBeLessThanOrEqual(3);
});
