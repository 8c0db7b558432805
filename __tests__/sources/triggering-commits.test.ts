import { describe, expect, test } from '@jest/globals';
import { story } from '../../src/fake-github/story.ts';
import { recordRun } from '../support/actions.ts';
import { ask, changeOf } from '../support/ask.ts';
import { runWithConfigFile } from '../support/config-file.ts';
import { at, NOW } from '../support/day.ts';
import { requestCounts } from '../support/requests.ts';

/** Runs of `workflow_run` that deploy the commit of the run that triggered them, in both sources that read runs. */

type Team = ReturnType<typeof story>;

const CI = '.github/workflows/ci.yml';
const DEPLOY = '.github/workflows/deploy.yml';
const SHA = '${' + '{ github.event.workflow_run.head_sha }}';
const deployFile = (steps: string, types = '') =>
  `on:\n  workflow_run:\n    workflows: [CI]\n${types}jobs:\n  deploy:\n    environment: production\n    steps:\n${steps}`;
const checkout = (ref: string) =>
  deployFile(`      - uses: actions/checkout@v4\n        with:\n          ref: ${ref}\n`);
const PLAIN = deployFile('      - uses: actions/checkout@v4\n');
const ARTIFACT = deployFile(
  `      - uses: actions/download-artifact@v4\n        with:\n          run-id: ${SHA.replace('head_sha', 'id')}\n`,
);
/** A workflow that passes the commit on to a workflow that it calls. */
const caller = (called: string, passes = `    with:\n      at: ${SHA}\n`) =>
  `on:\n  workflow_run:\n    workflows: [CI]\njobs:\n  deploy:\n    uses: ${called}\n${passes}`;
const SHIP = `jobs:\n  ship:\n    environment: production\n    steps:\n      - uses: actions/checkout@v4\n        with:\n          ref: ${SHA.replace('github.event.workflow_run.head_sha', 'inputs.at')}\n`;

const started = () => {
  const team = story();
  const jobs = [{ name: 'deploy', from: '2026-03-01T10:01:00Z', to: '2026-03-01T10:05:00Z' }];
  recordRun(team, team.tip(), { id: 41, jobs });
  return team;
};
const checks = (team: Team, id: number, sha: string, from: string, to: string, branch = 'main') =>
  recordRun(team, sha, {
    id,
    workflow: 'ci.yml',
    branch,
    jobs: [{ name: 'test', from: at(from), to: at(to), deploys: false }],
  });
const deploys = (team: Team, id: number, sha: string, from: string, to: string, event = 'workflow_run') =>
  recordRun(team, sha, { id, event, jobs: [{ name: 'deploy', from: at(from), to: at(to) }] });

/** Change 2 is merged while the checks of change 1 run, so the run that deploys change 1 has the commit of change 2. */
function overtaken(file: string, more: Record<string, string> = {}) {
  const team = started();
  const first = team.merge(1, at('10:00:00'));
  const second = team.merge(2, at('10:04:00'));
  checks(team, 61, first, '10:00:05', '10:05:00');
  checks(team, 62, second, '10:04:05', '10:20:00');
  checks(team, 63, second, '10:00:05', '10:05:02', 'topic');
  deploys(team, 42, second, '10:05:03', '10:10:00');
  deploys(team, 43, second, '10:20:03', '10:30:00');
  team.world.files = {
    [DEPLOY]: file,
    [CI]: 'name: CI\non: push\njobs:\n  test:\n    steps: []\n',
    ...more,
  };
  return team;
}

describe('a run started by hand that can get the commit as an input, with deploy-source: deployments,', () => {
  const chosen = '${' + '{ inputs.sha || github.sha }}';
  const file = (ref: string) => checkout(ref).replace(/workflow_run:\n.*\n/, 'push:\n  workflow_dispatch:\n');
  async function noteOf(text: string, event: string) {
    const team = started();
    deploys(team, 42, team.merge(1, at('10:00:00')), '10:02:00', '10:06:00', event);
    team.world.files = { [DEPLOY]: text };
    const inputs = { window: '20h', stages: 'none' };
    const { report, requests } = await ask(team.world, { now: NOW, inputs });
    return { notes: report.mergesets[0]?.notes, requests: requests.length };
  }

  test('may have deployed an older commit, and the report names the change', async () => {
    expect((await noteOf(file(chosen), 'workflow_dispatch')).notes).toEqual([
      'an older commit may have been deployed, so it may have gone live later',
    ]);
  });

  test('is not in doubt after a push', async () => {
    expect((await noteOf(file(chosen), 'push')).notes).toEqual([]);
  });

  test('costs no request with a plain checkout', async () => {
    expect(
      await noteOf(PLAIN.replace(/workflow_run:\n.*\n/, 'workflow_dispatch:\n'), 'workflow_dispatch'),
    ).toEqual({
      notes: [],
      requests: 1,
    });
  });
});

describe.each([
  ['deployments', {}],
  ['workflow', { 'deploy-workflow': 'deploy.yml' }],
])('a workflow_run that checks out the triggering commit, with deploy-source: %s,', (source, options) => {
  const answerTo = (team: Team, more: Record<string, string> = {}) =>
    ask(team.world, {
      now: NOW,
      inputs: { window: '20h', 'deploy-source': source, stages: 'none', ...options, ...more },
    });
  const leadTimes = async (team: Team) => {
    const answer = await answerTo(team);
    return [1, 2].map((number) => changeOf(answer, number)?.leadTimeSeconds);
  };
  const gapsIn = async (team: Team) => {
    const { report } = await answerTo(team);
    return { status: report.status, gaps: report.completeness.gaps.map(({ what }) => what).join('\n') };
  };

  test('deploys that commit, and one remark says so', async () => {
    const team = overtaken(checkout(SHA));
    expect(await leadTimes(team)).toEqual([600, 1560]);
    const { report } = await answerTo(team);
    expect(report.remarks.map(({ what }) => what)).toContain(
      'deploy.yml checked out the commit that triggered it, not the newest one of the branch, in 1 run.',
    );
    expect(report.completeness.gaps).toEqual([]);
  });

  test('each run has its own trigger, although two checks ended at nearly the same time', async () => {
    const team = overtaken(checkout(SHA));
    const third = team.merge(3, at('11:00:00'));
    const fourth = team.merge(4, at('11:01:00'));
    for (const [id, sha, ended] of [
      [64, fourth, at('11:05:00')],
      [65, third, at('11:05:02')],
    ] as const) {
      const jobs = [{ name: 'test', from: at('11:02:00'), to: ended, deploys: false }];
      recordRun(team, sha, { id, workflow: 'ci.yml', jobs });
    }
    deploys(team, 44, fourth, '11:05:03', '11:08:00');
    deploys(team, 45, fourth, '11:05:04', '11:12:00');
    expect(changeOf(await answerTo(team), 4)).toMatchObject({ leadTimeSeconds: 420 });
  });

  test('has the stages of its own run and of the run that triggered it', async () => {
    const { report } = await answerTo(overtaken(checkout(SHA)), { stages: 'full' });
    expect(report.stages?.mergesets.find(({ mergeset }) => mergeset === 1)?.seconds).toMatchObject({
      deploy: expect.any(Number),
    });
    expect(report.completeness.gaps).toEqual([]);
  });

  test.each([
    ['a script', deployFile(`      - run: git checkout ${SHA}\n`), {}],
    ['an artifact of the triggering run', ARTIFACT, {}],
    [
      'a workflow that it calls',
      caller('./.github/workflows/ship.yml'),
      { '.github/workflows/ship.yml': SHIP },
    ],
    ['a called workflow of another repository', caller('acme/ci/.github/workflows/ship.yml@v1'), {}],
  ])('also with %s', async (_, file, more) => {
    expect(await leadTimes(overtaken(file, more))).toEqual([600, 1560]);
  });

  test('deploys the commit of whichever triggering workflow ended last', async () => {
    const team = overtaken(checkout(SHA).replace('[CI]', '[CI, Lint]'), {
      '.github/workflows/lint.yml': 'name: Lint\non: push\njobs:\n  lint:\n    steps: []\n',
    });
    const [, , second = ''] = team.world.commits.map(({ oid }) => oid).slice(-3);
    recordRun(team, second, {
      id: 64,
      workflow: 'lint.yml',
      jobs: [{ name: 'lint', from: at('10:04:05'), to: at('10:05:01'), deploys: false }],
    });
    expect(await leadTimes(team)).toEqual([600, 360]);
  });

  test('deploys the commit of the attempt that ended last, if the checks ran twice', async () => {
    const team = overtaken(checkout(SHA));
    const ci = team.world.runs?.find(({ id }) => id === 61);
    const [first] = ci?.jobs ?? [];
    if (!ci || !first) throw new Error('no run');
    ci.jobs.push({ ...first, id: 6199, attempt: 2, startedAt: at('11:00:00'), completedAt: at('11:05:00') });
    Object.assign(ci, { attempt: 2, startedAt: at('11:00:00'), updatedAt: at('11:05:00') });
    deploys(team, 44, team.tip(), '11:05:03', '11:10:00');
    const { report } = await answerTo(team);
    expect(await leadTimes(team)).toEqual([600, 1560]);
    expect(report.deployments.at(-1)).toMatchObject({ rollback: true });
  });

  test("a plain checkout deploys the run's own commit", async () => {
    const team = overtaken(PLAIN);
    expect(await leadTimes(team)).toEqual([600, 360]);
    const { report } = await answerTo(team, { stages: 'full' });
    expect(JSON.stringify([report.remarks, report.completeness.gaps])).not.toContain('checked out');
  });

  test.each([
    [
      'a commit that the file does not name',
      checkout(SHA.replace('github.event.workflow_run.head_sha', 'env.AT')),
    ],
    [
      'a run that triggers at its start',
      deployFile(`      - run: git checkout ${SHA}\n`, '    types: [requested]\n'),
    ],
    ['a workflow that is not in the repository', checkout(SHA).replace('[CI]', '[Other]')],
    [
      'a called workflow of another repository that gets no commit',
      caller('acme/ci/.github/workflows/ship.yml@v1', ''),
    ],
  ])('with %s, there is no verdict, and a gap says why', async (_, file) => {
    expect(await gapsIn(overtaken(file))).toEqual({
      status: 'insufficient-data',
      gaps: expect.stringContaining('The commit that deploy.yml checked out is not known for 2 runs'),
    });
  });

  test('a run before the window does not put its verdict at risk, and ends the widened window', async () => {
    const team = overtaken(checkout(SHA));
    recordRun(team, team.world.commits[0]?.oid ?? '', {
      id: 40,
      event: 'workflow_run',
      jobs: [{ name: 'deploy', from: '2026-03-01T09:30:00Z', to: '2026-03-01T09:35:00Z' }],
    });
    const { report } = await answerTo(team);
    expect(report.completeness.gaps).toMatchObject([
      { what: expect.stringContaining('earlier changes could not be read'), verdictAtRisk: false },
    ]);
  });

  test('a run of another event deploys its own commit, and costs no list of runs', async () => {
    const team = started();
    deploys(team, 42, team.merge(1, at('10:00:00')), '10:02:00', '10:06:00', 'push');
    team.world.files = { [DEPLOY]: checkout(SHA), [CI]: 'name: CI\non: push\n' };
    const answer = await answerTo(team);
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 360 });
    expect(JSON.stringify(answer.requests)).not.toContain('ci.yml');
  });
});

describe('a workflow_run that checks out the triggering commit, as GitHub recorded its deployment,', () => {
  const answerTo = (team: Team, more: Record<string, string> = {}) =>
    ask(team.world, { now: NOW, inputs: { window: '20h', stages: 'none', ...more } });

  test.each([
    ['no workflow has that event', 'on: push\njobs:\n  deploy:\n    environment: production\n'],
    ['it checks out its own commit', PLAIN],
    ['it deploys elsewhere', checkout(SHA).replace('production', 'staging')],
  ])('costs no request if %s', async (_, file) => {
    const team = started();
    for (const [i, hour] of [10, 12, 14].entries())
      deploys(team, 42 + i, team.merge(i + 1, at(`${hour}:00:00`)), `${hour}:02:00`, `${hour}:06:00`, 'push');
    team.world.files = { [DEPLOY]: file };
    expect(requestCounts((await answerTo(team)).requests)).toEqual({ Opening: 1 });
  });

  test('costs three requests', async () => {
    const { requests } = await answerTo(overtaken(checkout(SHA)), { target: '1h' });
    expect(requests).toHaveLength(4);
  });

  test('counts for each service of an environment', async () => {
    const team = overtaken(checkout(SHA));
    const { units: services } = await runWithConfigFile(
      team.world,
      'services:\n  api: { workflow: deploy.yml }\n  web: { job: deploy }\n',
    );
    for (const { mergesets } of services)
      expect(mergesets.map(({ leadTimeSeconds }: { leadTimeSeconds: number }) => leadTimeSeconds)).toEqual([
        600, 1560,
      ]);
  });

  test('counts in every region', async () => {
    const file = checkout(SHA).replace('production', '${' + '{ inputs.environment }}');
    const team = overtaken(file);
    for (const deployment of team.world.deployments) deployment.environment = 'prod-eu';
    const us = (id: number, sha: string, from: string, to: string, event: string) =>
      recordRun(team, sha, { id, event, environment: 'prod-us', jobs: [{ name: 'deploy', from, to }] });
    us(31, team.world.commits[0]?.oid ?? '', '2026-03-01T10:01:00Z', '2026-03-01T10:05:00Z', 'push');
    us(52, team.tip(), at('10:05:04'), at('10:12:00'), 'workflow_run');
    us(53, team.tip(), at('10:20:04'), at('10:32:00'), 'workflow_run');
    const { report } = await answerTo(team, { environment: 'prod-*', live: 'last' });
    expect(report.mergesets.map(({ leadTimeSeconds }) => leadTimeSeconds)).toEqual([720, 1680]);
    expect(report.remarks.filter(({ what }) => what.includes('triggered it'))).toHaveLength(1);
  });

  test('has no verdict if its workflow was renamed and the runs are of the former name', async () => {
    const team = overtaken('', { '.github/workflows/release.yml': checkout(SHA) });
    delete team.world.files?.[DEPLOY];
    const { report } = await answerTo(team);
    expect(report.status).toBe('insufficient-data');
    expect(report.completeness.gaps[0]?.what).toContain(
      'The commit that deploy.yml checked out is not known for 2 runs',
    );
  });

  test('has no verdict if its workflow was removed and the stages show the event', async () => {
    const team = overtaken('');
    delete team.world.files?.[DEPLOY];
    const { report } = await answerTo(team, { stages: 'full' });
    expect(report.status).toBe('insufficient-data');
    expect(report.completeness.gaps.map(({ what }) => what)).toContain(
      'The commits that deploy.yml deployed after a workflow_run are not known for 1 deployment.',
    );
  });

  test('has no verdict without permission to read the runs', async () => {
    const { report } = await ask(overtaken(checkout(SHA)).world, {
      now: NOW,
      inputs: { window: '20h', stages: 'none' },
      github: { denied: ['checks'] },
    });
    expect(report.status).toBe('insufficient-data');
    expect(report.completeness.gaps.map(({ what }) => what).join()).toContain(
      'The commit that deploy.yml checked out is not known for 2 runs',
    );
  });

  test('has no verdict if its run was deleted', async () => {
    const team = overtaken(checkout(SHA));
    team.world.runs = team.world.runs?.filter(({ id }) => id !== 42) ?? [];
    const { report } = await answerTo(team);
    expect(report.status).toBe('insufficient-data');
    expect(report.completeness.gaps.map(({ what }) => what).join()).toContain(
      'The commit that deploy.yml checked out is not known for 1 run',
    );
  });
});
