import { describe, expect, test } from '@jest/globals';
import { recordRun } from '../support/actions.ts';
import { runWithConfigFile } from '../support/config-file.ts';
import { at, begun } from '../support/day.ts';
import { hasRequest, requestCounts } from '../support/requests.ts';
import { commentsOn } from '../support/written.ts';

/** One service in several environments: regions that are live together, and stages before production. */

const FIRST = 'environment: prod-*\n';
const LAST = 'environment: prod-*\nlive: last\n';

/** A team that has deployed to two regions before. */
function teamWithRegions() {
  const team = begun();
  const sha = team.push('2026-03-01T12:00:00Z');
  for (const environment of ['prod-eu', 'prod-us']) team.deploy(sha, '2026-03-01T12:05:00Z', { environment });
  return team;
}

const eu = { environment: 'prod-eu' };
const us = { environment: 'prod-us' };

/** A change merged at 9:00, live in the first region at 9:05 and in the second at 9:30. */
function teamWithRollout() {
  const team = teamWithRegions();
  const sha = team.merge(1, at('09:00:00'));
  team.deploy(sha, at('09:04:00'), eu);
  team.deploy(sha, at('09:29:00'), us);
  return team;
}

describe('a change is live', () => {
  test('with the first region by default', async () => {
    expect((await runWithConfigFile(teamWithRollout().world, FIRST)).times('prod-*')).toEqual({ 1: 300 });
  });

  test('with the last region with "live: last"', async () => {
    expect((await runWithConfigFile(teamWithRollout().world, LAST)).times('prod-*')).toEqual({ 1: 1800 });
  });

  test('in a list of regions in the configuration file', async () => {
    const file = 'environment: [prod-eu, prod-us]\nlive: last\n';
    expect((await runWithConfigFile(teamWithRollout().world, file)).times('prod-eu, prod-us')).toEqual({
      1: 1800,
    });
  });

  test('without waiting for a region that "!" excludes', async () => {
    const { units: services } = await runWithConfigFile(
      teamWithRollout().world,
      'environment: [prod-*, "!prod-us"]\nlive: last\n',
    );
    expect(services[0].mergesets[0].leadTimeSeconds).toBe(300);
    expect(JSON.stringify(services[0])).not.toContain('"prod-us"');
  });

  test('in regions of an input, without a configuration file', async () => {
    const { units: services } = await runWithConfigFile(teamWithRollout().world, null, {
      inputs: { environment: 'prod-eu\nprod-us', live: 'last' },
    });
    expect(services[0].mergesets[0].leadTimeSeconds).toBe(1800);
  });
});

test('a deployment is the rollout of one commit, with its parts', async () => {
  const { unit: service } = await runWithConfigFile(teamWithRollout().world, LAST);
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

describe('a deployment fails in one region', () => {
  const failing = () => {
    const team = teamWithRegions();
    const sha = team.merge(1, at('09:00:00'));
    team.deploy(sha, at('09:04:00'), eu);
    team.deploy(sha, at('09:05:00'), { ...us, outcome: 'FAILURE' });
    return team;
  };

  test('the change is live in the other with "live: first"', async () => {
    expect((await runWithConfigFile(failing().world, FIRST)).times('prod-*')).toEqual({ 1: 300 });
  });

  test('the change is pending with "live: last"', async () => {
    expect((await runWithConfigFile(failing().world, LAST)).times('prod-*')).toEqual({ 1: null });
  });

  test('the change is live once a later deployment to that region contains it', async () => {
    const team = failing();
    const next = team.merge(2, at('10:00:00'));
    team.deploy(next, at('10:04:00'), eu);
    team.deploy(next, at('10:09:00'), us);
    expect((await runWithConfigFile(team.world, LAST)).times('prod-*')).toEqual({ 1: 4200, 2: 600 });
  });
});

test('a region that skips a commit gets it with the next one', async () => {
  const team = teamWithRegions();
  team.deploy(team.merge(1, at('09:00:00')), at('09:04:00'), eu);
  const next = team.merge(2, at('10:00:00'));
  team.deploy(next, at('10:04:00'), eu);
  team.deploy(next, at('10:09:00'), us);
  expect((await runWithConfigFile(team.world, LAST)).times('prod-*')).toEqual({ 1: 4200, 2: 600 });
});

test('a region that was marked failed after the next success keeps its time', async () => {
  const team = teamWithRollout();
  const next = team.merge(2, at('10:00:00'));
  team.deploy(next, at('10:04:00'), eu);
  team.deploy(next, at('10:09:00'), us);
  const [first] = team.world.deployments.filter(
    ({ environment, createdAt }) => environment === 'prod-eu' && createdAt === at('09:04:00'),
  );
  first?.statuses.push({ state: 'FAILURE', createdAt: at('10:30:00') });
  expect((await runWithConfigFile(team.world, LAST)).times('prod-*')).toEqual({ 1: 1800, 2: 600 });
});

describe('a run that can get its commit as an input deploys to one of two regions,', () => {
  const ref = '${' + '{ inputs.sha || github.sha }}';
  const notesWith = async (file: string, usAt = '09:29:00') => {
    const team = teamWithRegions();
    const sha = team.merge(1, at('09:00:00'));
    const jobs = [{ name: 'deploy', from: at('09:04:00'), to: at('09:05:00') }];
    recordRun(team, sha, { id: 42, event: 'workflow_dispatch', jobs, environment: 'prod-eu' });
    team.deploy(sha, at(usAt), us);
    team.world.files = {
      '.github/workflows/deploy.yml': `on: [push, workflow_dispatch]\njobs:\n  deploy:\n    environment: prod-eu\n    steps:\n      - uses: actions/checkout@v4\n        with:\n          ref: ${ref}\n`,
    };
    const { units: services } = await runWithConfigFile(team.world, file);
    return services[0].mergesets[0].notes;
  };
  const doubt = ['an older commit may have been deployed, so it may have gone live later'];

  test('so with "live: last" the change is in doubt', async () => {
    expect(await notesWith(LAST)).toEqual(doubt);
  });

  test('and with "live: first" it is, too', async () => {
    expect(await notesWith(FIRST)).toEqual(doubt);
  });

  test('and with "live: first" it is not if the other region was live before', async () => {
    expect(await notesWith(FIRST, '09:02:00')).toEqual([]);
  });
});

test('a retired region gets a remark, and changes do not wait for it', async () => {
  const team = begun();
  team.deploy(team.tip(), '2026-03-01T11:30:00Z', { environment: 'prod-old' });
  const sha = team.push('2026-03-01T12:00:00Z');
  for (const environment of ['prod-eu', 'prod-us']) team.deploy(sha, '2026-03-01T12:05:00Z', { environment });
  const merged = team.merge(1, at('09:00:00'));
  team.deploy(merged, at('09:04:00'), eu);
  team.deploy(merged, at('09:09:00'), us);
  const { times, unit: service } = await runWithConfigFile(team.world, LAST);
  expect(times('prod-*')).toEqual({ 1: 600 });
  expect(service('prod-*').remarks[0].what).toContain(
    'Retired regions: prod-old. They had no deployments in the window',
  );
});

test('a region that nothing was ever deployed to gets a remark, because its name may be misspelled', async () => {
  const team = teamWithRegions();
  team.deploy(team.merge(1, at('09:00:00')), at('09:04:00'), eu);
  const { unit: service } = await runWithConfigFile(
    team.world,
    'environment: [prod-eu, prod-uss]\nlive: last\n',
  );
  expect(service('prod-eu, prod-uss').remarks).toContainEqual({
    what: 'Region "prod-uss" has no deployments.',
    consequence: 'No change waits for it. Check the spelling.',
  });
});

describe('a region given up inside the window with "live: last"', () => {
  /** Changes every half hour from 10:00 on. The second region gets only the first `until` of them. */
  const givenUp = (changes = 8, until = 2) => {
    const team = teamWithRegions();
    for (let i = 1; i <= changes; i++) {
      const hour = String(9 + Math.floor(i / 2)).padStart(2, '0');
      const minute = i % 2 === 0 ? '0' : '3';
      const sha = team.merge(i, at(`${hour}:${minute}0:00`));
      team.deploy(sha, at(`${hour}:${minute}4:00`), eu);
      if (i <= until) team.deploy(sha, at(`${hour}:${minute}6:00`), us);
    }
    return team;
  };
  const target = { inputs: { target: '15m' } };

  test('is named in the verdict with its last deployment, and makes no drift certain', async () => {
    const { unit: service } = await runWithConfigFile(givenUp().world, LAST, target);
    const report = service('prod-*');
    expect(report).toMatchObject({
      status: 'drifted',
      confidence: 'likely',
      idleRegions: [{ name: 'prod-us', since: '2026-03-02T10:06:00.000Z' }],
    });
    expect(report.sentence).toContain('prod-us has had no deployment since 2 Mar, 10:06 UTC.');
    expect(report.remarks.map((remark: { what: string }) => remark.what).join()).toContain(
      '6 changes wait only for prod-us.',
    );
  });

  test('leaves no change stuck that waits for it alone, and none to deploy first', async () => {
    const { unit: service, summary } = await runWithConfigFile(givenUp().world, LAST, {
      inputs: { ...target.inputs, mode: 'scheduled' },
    });
    const { findings } = service('prod-*');
    expect(findings.map(({ kind }: { kind: string }) => kind)).not.toContain('stuck');
    expect(summary).not.toContain('deploy #3');
    expect(summary).not.toContain('(over the limit)');
  });

  test('leaves a change stuck that waits for another region, too', async () => {
    const team = givenUp();
    team.merge(20, at('14:00:00'));
    const { unit: service } = await runWithConfigFile(team.world, LAST, target);
    const stuck = service('prod-*').findings.filter(({ kind }: { kind: string }) => kind === 'stuck');
    expect(stuck).toMatchObject([{ subject: 'mergeset 20' }]);
  });

  test('ships nothing together with an open pull request', async () => {
    const { summary } = await runWithConfigFile(givenUp().world, LAST, { inputs: { mode: 'pull-request' } });
    expect(summary).not.toContain('would ship together');
  });

  test('runs nothing in the report, the texts or the page', async () => {
    const { unit: service, summary } = await runWithConfigFile(givenUp().world, LAST, target);
    const last = service('prod-*').deployments.at(-1);
    expect(last).toMatchObject({ waitsFor: ['prod-us'], parts: [{ job: 'prod-eu', outcome: 'success' }] });
    expect(last.notes).toContain('not deployed to prod-us yet');
    expect(summary).not.toMatch(/still running|is running/);
  });

  test('is not running in a comment on a pull request', async () => {
    const team = givenUp();
    const { summary } = await runWithConfigFile(team.world, LAST, { inputs: { mode: 'pull-request' } });
    expect(summary).not.toMatch(/has been running|are running/);
  });

  test('is not running in a comment on an overdue change', async () => {
    const { world } = givenUp();
    await runWithConfigFile(world, LAST, { inputs: { target: '15m', comment: 'overdue', issue: 'never' } });
    expect(commentsOn(world, 3)[0]?.body).toContain('not live. Waiting for: a deployment to prod-us.');
  });

  test('does not hide changes that the other region waits for', async () => {
    const team = givenUp();
    for (let i = 20; i < 28; i++) team.merge(i, at('14:00:00'));
    const { unit: service } = await runWithConfigFile(team.world, LAST, target);
    expect(service('prod-*').confidence).toBe('sure');
  });

  test('does not hide slow deployments', async () => {
    const team = teamWithRegions();
    for (let i = 1; i <= 6; i++) {
      const sha = team.merge(i, at(`0${i}:00:00`));
      team.deploy(sha, at(`0${i}:40:00`), eu);
      team.deploy(sha, at(`0${i}:50:00`), us);
    }
    for (let i = 7; i <= 9; i++) team.deploy(team.merge(i, at(`0${i}:00:00`)), at(`0${i}:04:00`), eu);
    const { unit: service } = await runWithConfigFile(team.world, LAST, target);
    expect(service('prod-*')).toMatchObject({ confidence: 'sure', votes: { of: 6, over: 6 } });
  });

  test.each([
    ['environment: [prod-*, "!prod-us"]\nlive: last\n', 'prod-*, !prod-us'],
    ['environment: [prod-eu, prod-us, "!prod-us"]\nlive: last\n', 'prod-eu, prod-us, !prod-us'],
  ])('is left out by "!prod-us" (%#)', async (file, name) => {
    const { unit: service } = await runWithConfigFile(givenUp().world, file, target);
    expect(service(name)).toMatchObject({ status: 'on-target', leadTime: { pending: 0 } });
    expect(service(name).sentence).not.toContain('no deployment since');
  });

  test('is not named while only one rollout has passed it', async () => {
    const { unit: service } = await runWithConfigFile(givenUp(8, 7).world, LAST, target);
    expect(service('prod-*').idleRegions).toBeUndefined();
    expect(service('prod-*').sentence).not.toContain('no deployment since');
  });

  test('is not named if only the same commit was deployed again elsewhere', async () => {
    const team = teamWithRollout();
    for (const time of ['10:00:00', '11:00:00', '12:00:00']) team.deploy(team.tip(), at(time), eu);
    const { unit: service } = await runWithConfigFile(team.world, LAST, target);
    expect(service('prod-*').idleRegions).toBeUndefined();
  });

  test('is not named for a time before the others went on without it', async () => {
    const { unit: service } = await runWithConfigFile(givenUp().world, LAST, { at: at('10:10:00') });
    expect(service('prod-*').idleRegions).toBeUndefined();
  });

  test('does not matter with "live: first"', async () => {
    const { unit: service } = await runWithConfigFile(givenUp().world, FIRST, target);
    expect(service('prod-*')).toMatchObject({ status: 'on-target' });
    expect(service('prod-*').sentence).not.toContain('no deployment since');
  });
});

test('a region that lags behind and catches up keeps its lead times, and the drift is certain', async () => {
  const team = teamWithRegions();
  for (let i = 1; i <= 9; i++) {
    const sha = team.merge(i, at(`0${i}:00:00`));
    team.deploy(sha, at(`0${i}:04:00`), eu);
    if (i % 2 === 0) team.deploy(sha, at(`0${i}:50:00`), us);
  }
  team.deploy(team.tip(), at('10:50:00'), us);
  const { unit: service, times } = await runWithConfigFile(team.world, LAST, { inputs: { target: '15m' } });
  expect(times('prod-*')).toMatchObject({ 1: 6660, 2: 3060, 9: 6660 });
  expect(service('prod-*')).toMatchObject({ status: 'drifted', confidence: 'sure' });
  expect(service('prod-*').sentence).not.toContain('no deployment since');
});

test('changes wait for a new region from its first success on', async () => {
  const team = teamWithRollout();
  const next = team.merge(2, at('11:00:00'));
  for (const environment of ['prod-eu', 'prod-us', 'prod-asia'])
    team.deploy(next, at('11:04:00'), { environment });
  expect((await runWithConfigFile(team.world, LAST)).times('prod-*')).toEqual({ 1: 1800, 2: 300 });
});

test('a rollback in one region changes no lead time', async () => {
  const team = teamWithRollout();
  team.deploy(team.world.commits.at(-2)?.oid ?? '', at('12:00:00'), us);
  const { times } = await runWithConfigFile(team.world, LAST);
  expect(times('prod-*')).toEqual({ 1: 1800 });
});

test('environments of several services are refused as regions, and the error names "services"', async () => {
  const team = begun();
  for (const environment of ['Production – api', 'Production – web'])
    team.deploy(team.tip(), '2026-03-01T12:05:00Z', { environment });
  const { code, log } = await runWithConfigFile(team.world, null, {
    inputs: { environment: 'Production – *' },
  });
  expect(code).toBe(1);
  expect(log).toContain(
    'Production – api, Production – web are separate projects, not regions of one service',
  );
  expect(log).toContain('"services"');
});

describe('the name of an environment', () => {
  const dashed = () => {
    const team = begun();
    team.deploy(team.tip(), '2026-03-01T12:05:00Z', { environment: 'Production – web' });
    team.deploy(team.merge(1, at('09:00:00')), at('09:04:00'), { environment: 'Production – web' });
    return team;
  };

  test('matches with its en dash', async () => {
    const { units: services } = await runWithConfigFile(dashed().world, null, {
      inputs: { environment: 'Production – web' },
    });
    expect(services[0].mergesets[0].leadTimeSeconds).toBe(300);
    expect(services[0].remarks).toEqual([]);
  });

  test('matches with a hyphen, and a remark gives the spelling', async () => {
    const { units: services } = await runWithConfigFile(dashed().world, null, {
      inputs: { environment: 'Production - web' },
    });
    expect(services[0].mergesets[0].leadTimeSeconds).toBe(300);
    expect(services[0].remarks[0].what).toContain('GitHub spells it "Production – web"');
  });
});

describe('stages', () => {
  const STAGES = 'environments: [staging, production]\n';
  const staged = () => {
    const team = begun();
    team.deploy(team.tip(), '2026-03-01T10:30:00Z', { environment: 'staging' });
    return team;
  };

  test('each change has a time in each stage, the steps add up, and only the last stage is judged', async () => {
    const team = staged();
    const sha = team.merge(1, at('09:00:00'));
    team.deploy(sha, at('09:04:00'), { environment: 'staging' });
    team.deploy(sha, at('09:29:00'));
    const { units: services, summary } = await runWithConfigFile(team.world, STAGES);
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

  test('a hotfix straight to production skipped staging, and its entire time counts for production', async () => {
    const team = staged();
    team.deploy(team.merge(1, at('09:00:00')), at('09:09:00'));
    const { units: services, summary } = await runWithConfigFile(team.world, STAGES);
    expect(services[0].way).toMatchObject({
      steps: [{ from: 'merge', to: 'live', seconds: [600] }],
      skipped: [{ stage: 'staging' }],
    });
    expect(summary).toContain('[#1](https://github.com/acme/shop/pull/1) skipped staging.');
  });

  test('a change that reaches staging after production skipped it, so no step is negative', async () => {
    const team = staged();
    const sha = team.merge(1, at('09:00:00'));
    team.deploy(sha, at('09:09:00'));
    team.deploy(sha, at('10:00:00'), { environment: 'staging' });
    const { units: services } = await runWithConfigFile(team.world, STAGES);
    expect(services[0].way.steps).toEqual([{ from: 'merge', to: 'live', seconds: [600] }]);
    expect(services[0].way.skipped).toHaveLength(1);
  });

  test('a stage of several environments is refused', async () => {
    const team = staged();
    team.deploy(team.tip(), '2026-03-01T10:30:00Z', { environment: 'staging-2' });
    const { code, log } = await runWithConfigFile(team.world, 'environments: ["staging*", production]\n');
    expect(code).toBe(1);
    expect(log).toContain('a stage that is one environment; this pattern matches staging, staging-2');
  });

  test('a stage without deployments gets a remark', async () => {
    const { units: services } = await runWithConfigFile(
      staged().world,
      'environments: [stagng, production]\n',
    );
    expect(services[0].remarks[0].what).toContain('Stage "stagng" has no deployments.');
  });

  test('a change that waits in staging is pending, with its first step', async () => {
    const team = staged();
    team.deploy(team.merge(1, at('09:00:00')), at('09:04:00'), { environment: 'staging' });
    const { units: services } = await runWithConfigFile(team.world, STAGES);
    expect(services[0].mergesets[0].leadTimeSeconds).toBeNull();
    expect(services[0].way).toMatchObject({ steps: [{ to: 'staging', seconds: [300] }], skipped: [] });
  });
});

test('twelve environments take one query each, in at most three requests', async () => {
  const team = begun();
  const names = Array.from({ length: 12 }, (_, i) => `prod-${i}`);
  for (const environment of names) team.deploy(team.tip(), '2026-03-01T12:05:00Z', { environment });
  const sha = team.merge(1, at('09:00:00'));
  for (const environment of names) team.deploy(sha, at('09:04:00'), { environment });
  const { requests, times } = await runWithConfigFile(team.world, LAST);
  expect(times('prod-*')).toEqual({ 1: 300 });
  expect(requestCounts(requests).Deployments).toBe(12);
  expect(requests.filter((request) => hasRequest(request, 'Deployments')).length).toBeLessThanOrEqual(3);
});
