import { describe, expect, test } from '@jest/globals';
import { story } from '../../src/fake-github/story.ts';
import type { WorldDeployment } from '../../src/fake-github/world.ts';
import { recordRun } from '../support/actions.ts';
import { ask, changeOf, deploymentOf, type StepAnswer, summaryText } from '../support/ask.ts';
import { runWithConfigFile } from '../support/config-file.ts';
import { at, begun, day } from '../support/day.ts';

/** Records that differ from what runs. The names are those in docs/attribution.md. */

const remarksIn = ({ report }: Pick<StepAnswer, 'report'>) =>
  report.remarks.map((remark) => remark.what).join('\n');

const mark = (deployment: WorldDeployment, state: string, time: string) =>
  deployment.statuses.push({ state, createdAt: at(time) });

describe('A success that is marked as failed later', () => {
  /** Change 1 is live at 10:05 and marked as failed at 10:50. Change 2 is live at 11:05. */
  function teamWithMark(state = 'FAILURE') {
    const team = begun();
    const first = team.deploy(team.merge(1, at('10:00:00')), at('10:04:00'));
    mark(first, state, '10:50:00');
    team.deploy(team.merge(2, at('11:00:00')), at('11:04:00'));
    return { team, first };
  }

  test.each(['FAILURE', 'ERROR'])(
    'shipped nothing: its changes go with the next success (%s)',
    async (state) => {
      const { team, first } = teamWithMark(state);
      const answer = await ask(team.world, day);
      expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 3900 });
      expect(deploymentOf(answer, first.id)).toMatchObject({
        outcome: 'failure',
        notes: expect.arrayContaining(['marked failed 45m after it succeeded']),
      });
      expect(remarksIn(answer)).toContain(
        'The deployment of 2 Mar, 10:05 UTC was marked failed 45m after it succeeded.',
      );
    },
  );

  test('was live until then, for a question as of a time in between', async () => {
    const answer = await ask(teamWithMark().team.world, {
      ...day,
      inputs: { ...day.inputs, 'as-of': at('10:30:00') },
    });
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 300 });
    expect(remarksIn(answer)).not.toContain('marked failed');
  });

  test('is live with a success after the failure', async () => {
    const { team, first } = teamWithMark();
    mark(first, 'SUCCESS', '10:55:00');
    const answer = await ask(team.world, day);
    expect(changeOf(answer, 1)).toMatchObject({ deployment: first.id, leadTimeSeconds: 3300 });
    expect(remarksIn(answer)).toContain('was marked failed 45m after it succeeded');
  });

  test('stays failed when GitHub sets it to inactive', async () => {
    const { team, first } = teamWithMark();
    mark(first, 'INACTIVE', '11:05:00');
    expect(changeOf(await ask(team.world, day), 1)).toMatchObject({ leadTimeSeconds: 3900 });
  });

  test('leaves its changes waiting if nothing was deployed since', async () => {
    const team = begun();
    mark(team.deploy(team.merge(1, at('10:00:00')), at('10:04:00')), 'FAILURE', '10:50:00');
    expect(changeOf(await ask(team.world, day), 1)).toMatchObject({
      deployment: null,
      waitingSeconds: 36_000,
    });
  });

  test('in the first region, while the first region counts: the report says so', async () => {
    const team = begun();
    for (const environment of ['prod-eu', 'prod-us'])
      team.deploy(team.tip(), '2026-03-01T12:00:00Z', { environment });
    const sha = team.merge(1, at('10:00:00'));
    mark(team.deploy(sha, at('10:04:00'), { environment: 'prod-eu' }), 'FAILURE', '10:50:00');
    team.deploy(sha, at('10:14:00'), { environment: 'prod-us' });
    const answer = await ask(team.world, {
      ...day,
      inputs: { ...day.inputs, environment: 'prod-*', live: 'first' },
    });
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 900 });
    expect(remarksIn(answer)).toContain('was marked failed 45m after it succeeded');
  });

  test('counts if another success had replaced it before', async () => {
    const team = begun();
    const first = team.deploy(team.merge(1, at('10:00:00')), at('10:04:00'));
    team.deploy(team.merge(2, at('10:20:00')), at('10:24:00'));
    mark(first, 'FAILURE', '10:50:00');
    const answer = await ask(team.world, day);
    expect(changeOf(answer, 1)).toMatchObject({ deployment: first.id, leadTimeSeconds: 300 });
    expect(remarksIn(answer)).toContain('was marked failed 45m after it succeeded');
    expect(JSON.stringify(answer.report.remarks)).toContain('A later deployment had replaced it before');
  });

  test('counts if the success that had replaced it was marked failed later, too', async () => {
    const team = begun();
    const first = team.deploy(team.merge(1, at('10:00:00')), at('10:04:00'));
    const second = team.deploy(team.merge(2, at('10:20:00')), at('10:24:00'));
    mark(first, 'FAILURE', '10:50:00');
    mark(first, 'SUCCESS', '10:53:00');
    mark(second, 'FAILURE', '11:10:00');
    mark(second, 'SUCCESS', '11:30:00');
    expect(changeOf(await ask(team.world, day), 1)).toMatchObject({
      deployment: first.id,
      leadTimeSeconds: 300,
    });
  });

  test('has a remark apart from those that took nothing back', async () => {
    const team = begun();
    const first = team.deploy(team.merge(1, at('10:00:00')), at('10:04:00'));
    const second = team.deploy(team.merge(2, at('10:20:00')), at('10:24:00'));
    mark(first, 'FAILURE', '10:50:00');
    mark(second, 'FAILURE', '11:10:00');
    const { report } = await ask(team.world, day);
    expect(report.remarks.map(({ consequence }) => consequence)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('the figures are too high'),
        expect.stringContaining('A later deployment had replaced it before'),
      ]),
    );
  });

  test('makes a rollout of two jobs fail', async () => {
    const team = begun();
    const jobs = ['deploy (eu)', 'deploy (us)'].map((name) => ({
      name,
      from: at('10:02:00'),
      to: at('10:05:00'),
    }));
    const [, us] = recordRun(team, team.merge(1, at('10:00:00')), { id: 51, jobs });
    if (us) mark(us, 'FAILURE', '10:50:00');
    const answer = await ask(team.world, day);
    expect(changeOf(answer, 1)).toMatchObject({ deployment: null });
    expect(remarksIn(answer)).toContain('was marked failed 45m after it succeeded');
  });

  test('does not fail a rollout whose job was repeated', async () => {
    const team = begun();
    const sha = team.merge(1, at('10:00:00'));
    const job = { name: 'deploy', from: at('10:02:00'), to: at('10:05:00') };
    const [first] = recordRun(team, sha, {
      id: 51,
      jobs: [job, { ...job, from: at('11:00:00'), to: at('11:05:00'), attempt: 2 }],
    });
    if (first) mark(first, 'FAILURE', '10:50:00');
    expect(changeOf(await ask(team.world, day), 1)).toMatchObject({ leadTimeSeconds: 3900 });
  });

  test('counts for the region that it belongs to', async () => {
    const team = begun();
    const before = team.push('2026-03-01T12:00:00Z');
    const [eu, us] = [{ environment: 'prod-eu' }, { environment: 'prod-us' }];
    for (const region of [eu, us]) team.deploy(before, '2026-03-01T12:05:00Z', region);
    const sha = team.merge(1, at('09:00:00'));
    mark(team.deploy(sha, at('09:04:00'), eu), 'FAILURE', '09:20:00');
    team.deploy(sha, at('09:29:00'), us);
    const live = await runWithConfigFile(team.world, 'environment: prod-*\n');
    expect(live.times('prod-*')).toEqual({ 1: 1800 });
    const last = await runWithConfigFile(team.world, 'environment: prod-*\nlive: last\n');
    expect(last.times('prod-*')).toEqual({ 1: null });
  });

  test("counts even if the job had failed in the guard's own step", async () => {
    const team = begun();
    const [deployment] = recordRun(team, team.merge(1, at('10:00:00')), {
      id: 51,
      jobs: [
        {
          name: 'deploy',
          from: at('10:01:00'),
          to: at('10:11:00'),
          conclusion: 'failure',
          steps: [
            ['Run ./deploy.sh', at('10:10:00')],
            ['Run deploy-latency-guard/deploy-latency-guard@v1', at('10:11:00'), 'failure'],
          ],
        },
      ],
    });
    expect(changeOf(await ask(team.world, day), 1)).toMatchObject({ leadTimeSeconds: 600 });
    if (deployment) mark(deployment, 'FAILURE', '10:50:00');
    expect(changeOf(await ask(team.world, day), 1)).toMatchObject({ deployment: null });
  });

  test('is not the failed second attempt of a run, with "deploy-source: workflow"', async () => {
    const team = begun();
    const job = { name: 'deploy', from: at('10:02:00'), to: at('10:05:00') };
    recordRun(team, team.tip(), { id: 50, jobs: [{ ...job, from: at('00:02:00'), to: at('00:05:00') }] });
    const sha = team.merge(1, at('10:00:00'));
    recordRun(team, sha, {
      id: 51,
      attempt: 2,
      jobs: [job, { ...job, from: at('11:00:00'), to: at('11:05:00'), attempt: 2, conclusion: 'failure' }],
    });
    const inputs = { 'deploy-source': 'workflow', 'deploy-workflow': 'deploy.yml', 'deploy-job': 'deploy' };
    const answer = await ask(team.world, { ...day, inputs: { ...day.inputs, ...inputs } });
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 300 });
    expect(remarksIn(answer)).not.toContain('marked failed');
  });
});

test.each([
  [
    'Another run uses the environment before the deployment',
    10,
    'Another run had deployed most of these commits',
  ],
  ['A run deploys each commit once more, hours later', 130, 'If other jobs use the environment too'],
])('%s, and the remark says what that means', async (_, minutes, consequence) => {
  const team = begun();
  const jobs = (from: string, to: string) => [{ name: 'job', from, to }];
  for (let i = 1; i <= 4; i++) {
    const mergedAt = at(`0${2 * i}:00:00`);
    const sha = team.merge(i, mergedAt);
    const after = (more: number) => team.later(mergedAt, more * 60);
    recordRun(team, sha, { id: 50 + i, workflow: 'ci.yml', jobs: jobs(after(1), after(2)) });
    recordRun(team, sha, { id: 60 + i, jobs: jobs(after(minutes), after(minutes + 3)) });
  }
  const { report } = await ask(team.world, day);
  const remark = report.remarks.find(({ what }) => what.includes('put no new commit live'));
  expect(remark?.consequence).toContain(consequence);
});

describe('Two deployments race and the older commit ends last', () => {
  const job = (from: string, to: string) => [{ name: 'deploy', from: at(from), to: at(to) }];
  const WORKFLOW = 'jobs:\n  deploy:\n    environment: production\n    steps:\n      - run: ./deploy.sh\n';

  /** Change 2 is live from 10:10 to 10:20, when the slower deployment of change 1 ends. Change 3 brings it back at 11:05. */
  function teamWithRace({ workflow = WORKFLOW, again = true, olderFrom = '10:01:00' } = {}) {
    const team = begun();
    team.world.files = { '.github/workflows/deploy.yml': workflow };
    const older = team.merge(1, at('10:00:00'));
    const newer = team.merge(2, at('10:02:00'));
    recordRun(team, older, { id: 51, jobs: job(olderFrom, '10:20:00') });
    recordRun(team, newer, { id: 52, jobs: job('10:03:00', '10:10:00') });
    if (again) recordRun(team, team.merge(3, at('11:00:00')), { id: 53, jobs: job('11:01:00', '11:05:00') });
    return team;
  }
  const raceIn = ({ report }: Pick<StepAnswer, 'report'>) =>
    report.remarks.find((remark) => remark.what.includes('raced'));
  const askAbout = (team: ReturnType<typeof begun>, inputs: Record<string, string> = {}) =>
    ask(team.world, { ...day, inputs: { ...day.inputs, ...inputs } });

  test('the report names the race, its minutes and the lines that prevent it', async () => {
    const answer = await askAbout(teamWithRace());
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 600 });
    expect(changeOf(answer, 2)).toMatchObject({ leadTimeSeconds: 480 });
    expect(raceIn(answer)).toMatchObject({
      what: 'Two deployments raced on 2 Mar, 10:20 UTC, and the one with the older commit ended last. #2 was live for 10m, then not for 45m, then again.',
      yaml: 'concurrency:\n  group: deploy-production\n  cancel-in-progress: false\n  queue: max',
    });
    expect(deploymentOf(answer, 510)).toMatchObject({ race: true });
    expect(deploymentOf(answer, 510)?.notes).not.toContain('rollback');
    expect(remarksIn(answer)).not.toContain('Some of them may not be deploys');
    expect(summaryText(answer)).toContain('group: deploy-production');
  });

  test('the report says if the newer change is not live again', async () => {
    expect(raceIn(await askAbout(teamWithRace({ again: false })))?.what).toContain(
      '#2 was live for 10m, and not for the 9h 40m since then.',
    );
  });

  test('runs of a workflow race too', async () => {
    const team = teamWithRace();
    const inputs = { 'deploy-source': 'workflow', 'deploy-workflow': 'deploy.yml' };
    recordRun(team, team.world.commits[0]?.oid ?? '', { id: 50, jobs: job('00:01:00', '00:02:00') });
    expect(raceIn(await askAbout(team, inputs))?.what).toContain('#2 was live for 10m, then not for 45m');
  });

  test('it is a rollback if the older commit was deployed after the newer one was live', async () => {
    const answer = await askAbout(teamWithRace({ olderFrom: '10:11:00' }));
    expect(raceIn(answer)).toBeUndefined();
    expect(deploymentOf(answer, 510)?.notes).toContain('rollback');
  });

  test('it is a rollback if the run of the older commit was repeated later', async () => {
    const team = teamWithRace();
    recordRun(team, team.world.commits[0]?.oid ?? '', { id: 50, jobs: job('00:01:00', '00:02:00') });
    const run = team.world.runs?.find(({ id }) => id === 51);
    Object.assign(run ?? {}, { attempt: 2, startedAt: at('10:15:00') });
    const inputs = { 'deploy-source': 'workflow', 'deploy-workflow': 'deploy.yml' };
    expect(raceIn(await askAbout(team, inputs))).toBeUndefined();
  });

  test.each([
    ['of the workflow', `concurrency: production\n${WORKFLOW}`],
    [
      'of the job',
      WORKFLOW.replace('    environment', '    concurrency:\n      group: prod\n    environment'),
    ],
  ])('it is no race with a concurrency group %s', async (_, workflow) => {
    const answer = await askAbout(teamWithRace({ workflow }));
    expect(raceIn(answer)).toBeUndefined();
    expect(deploymentOf(answer, 510)?.notes).toContain('rollback');
  });

  test('it is no race if the workflow that calls the deploying one has a concurrency group', async () => {
    const team = teamWithRace();
    team.world.files = {
      ...team.world.files,
      '.github/workflows/main.yml':
        'jobs:\n  ship:\n    concurrency: prod\n    uses: ./.github/workflows/deploy.yml\n',
    };
    expect(raceIn(await askAbout(team))).toBeUndefined();
  });

  test('a concurrency group of its own for each run keeps nothing apart', async () => {
    const workflow = `concurrency: deploy-\${{ github.run_id }}\n${WORKFLOW}`;
    expect(raceIn(await askAbout(teamWithRace({ workflow })))).toBeDefined();
  });

  test('other tools get no lines for a workflow', async () => {
    const team = begun();
    const older = team.merge(1, at('10:00:00'));
    const newer = team.merge(2, at('10:02:00'), { method: 'merge' });
    team.deploy(older, at('10:01:00'), { takes: 1140 });
    team.deploy(newer, at('10:03:00'), { takes: 420 });
    const race = raceIn(await askAbout(team));
    expect(race?.what).toContain('#2 was live for 10m');
    expect(race).not.toHaveProperty('yaml');
  });

  test.each([
    ['in the region where the older one ended last', 900, '2 Mar, 10:16 UTC'],
    ['not between regions', 0, undefined],
  ])('%s', async (_, euSeconds, raced) => {
    const team = begun();
    const before = team.push('2026-03-01T12:00:00Z');
    const [eu, us] = [{ environment: 'prod-eu' }, { environment: 'prod-us' }];
    for (const region of [eu, us]) team.deploy(before, '2026-03-01T12:05:00Z', region);
    const older = team.merge(1, at('10:00:00'));
    const newer = team.merge(2, at('10:02:00'));
    team.deploy(older, at('10:01:00'), { ...us, takes: 600 });
    if (euSeconds > 0) team.deploy(older, at('10:01:00'), { ...eu, takes: euSeconds });
    team.deploy(newer, at('10:03:00'), { ...eu, takes: 60 });
    team.deploy(newer, at('10:03:00'), { ...us, takes: 900 });
    const { report } = await runWithConfigFile(team.world, 'environment: prod-*\n');
    expect(raceIn({ report })?.what.match(/\d+ \w+, [\d:]+ UTC/)?.[0]).toBe(raced);
  });
});

describe('A revert that is merged while the change it reverts is being deployed', () => {
  /** Change 1 is live. Change 2 is deployed from 10:01, and change 3, merged at 10:05, brings the old files back. */
  function teamWithRevert(method: 'squash' | 'merge' = 'squash') {
    const team = begun();
    const good = team.merge(1, at('09:00:00'), { method });
    team.deploy(good, at('09:01:00'));
    const bad = team.merge(2, at('10:00:00'), { method });
    const revert = team.merge(3, at('10:05:00'), { method, title: 'Revert "Change 2"' });
    for (const commit of team.world.commits)
      if (commit.oid === good || commit.oid === revert) commit.tree = 'e'.repeat(40);
    return { team, good, bad, revert };
  }
  const timeOf = async ({ team }: ReturnType<typeof teamWithRevert>, asOf?: string) =>
    changeOf(
      await ask(team.world, { ...day, inputs: { ...day.inputs, ...(asOf ? { 'as-of': at(asOf) } : {}) } }),
      3,
    )?.leadTimeSeconds;

  test.each(['squash', 'merge'] as const)('is live with its own deployment (%s)', async (method) => {
    const state = teamWithRevert(method);
    state.team.deploy(state.bad, at('10:01:00'), { takes: 600 });
    state.team.deploy(state.revert, at('10:12:00'), { takes: 180 });
    expect(await timeOf(state)).toBe(600);
    expect(await timeOf(state, '10:08:00')).toBe(0);
    expect(await timeOf(state, '10:13:00')).toBeNull();
  });

  test('waits if nothing has been deployed since the reverted change', async () => {
    const state = teamWithRevert();
    state.team.deploy(state.bad, at('10:01:00'), { takes: 600 });
    expect(await timeOf(state)).toBeNull();
  });

  test('is live with the next deployment if the reverted change ended last', async () => {
    const state = teamWithRevert();
    state.team.deploy(state.bad, at('10:01:00'), { takes: 900 });
    state.team.deploy(state.revert, at('10:06:00'), { takes: 60 });
    state.team.deploy(state.team.merge(4, at('11:00:00')), at('11:04:00'));
    expect(await timeOf(state)).toBe(3600);
  });

  test('takes 0 seconds if the reverted change never went live', async () => {
    const state = teamWithRevert();
    state.team.deploy(state.bad, at('10:01:00'), { takes: 600, outcome: 'FAILURE' });
    state.team.deploy(state.revert, at('10:12:00'), { takes: 180 });
    expect(await timeOf(state)).toBe(0);
  });

  test('takes 0 seconds after a rollback', async () => {
    const state = teamWithRevert();
    state.team.deploy(state.bad, at('10:01:00'));
    state.team.deploy(state.good, at('10:03:00'));
    state.team.deploy(state.revert, at('10:12:00'));
    expect(await timeOf(state)).toBe(0);
  });

  test('stays live if the reverted change is deployed again on purpose', async () => {
    const state = teamWithRevert();
    state.team.deploy(state.bad, at('10:01:00'), { takes: 600 });
    state.team.deploy(state.revert, at('10:12:00'), { takes: 180 });
    state.team.deploy(state.bad, at('12:00:00'));
    state.team.deploy(state.team.merge(4, at('13:00:00')), at('13:04:00'));
    expect(await timeOf(state)).toBe(600);
  });
});

describe("The push of a change makes an environment's first deployment", () => {
  const job = (from: string, to: string) => [{ name: 'deploy', from: at(from), to: at(to) }];

  /** Change 2 is the first that is deployed, 10 minutes after its merge. Change 1 was merged before. */
  function newTeam(
    run: Partial<Parameters<typeof recordRun>[2]> = {},
    method: 'squash' | 'merge' = 'squash',
  ) {
    const team = story();
    team.merge(1, at('08:00:00'), { method });
    const sha = team.merge(2, at('10:00:00'), { method });
    const options = { id: 51, jobs: job('10:02:00', '10:10:00'), createdAt: at('10:00:05'), ...run };
    recordRun(team, sha, options);
    return { team, sha };
  }
  const WORKFLOW = { 'deploy-source': 'workflow', 'deploy-workflow': 'deploy.yml' };
  const timesOf = async ({ team }: ReturnType<typeof newTeam>, inputs: Record<string, string> = {}) => {
    const answer = await ask(team.world, { ...day, inputs: { ...day.inputs, stages: 'none', ...inputs } });
    const [one, two] = [1, 2].map((number) => changeOf(answer, number)?.leadTimeSeconds);
    return { one, two, answer };
  };

  test.each([
    ['deployments, squashed', {}, 'squash'],
    ['deployments, merged', {}, 'merge'],
    ['workflow runs', WORKFLOW, 'squash'],
  ] as const)('so that this change is timed (%s)', async (_, inputs, method) => {
    const { one, two, answer } = await timesOf(newTeam({}, method), inputs);
    expect([one, two]).toEqual([null, 600]);
    expect(answer.report.deployments[0]?.notes).toContain('first deployment to this environment');
  });

  test.each([
    ['a person started the run', { event: 'workflow_dispatch' }],
    ['another branch was pushed', { branch: 'release' }],
    ['the push came later', { createdAt: at('12:00:00'), jobs: job('12:01:00', '12:10:00') }],
    ['it is the second attempt', { attempt: 2, startedAt: at('10:01:00') }],
    ['it is one of three attempts', { attempt: 3, startedAt: at('14:00:00') }],
  ])('but not if %s', async (_, run) => {
    expect((await timesOf(newTeam(run))).two).toBeNull();
  });

  test('also if the run was repeated later', async () => {
    expect((await timesOf(newTeam({ attempt: 2, startedAt: at('14:00:00') }))).two).toBe(600);
  });

  test('but not if the run cannot be read', async () => {
    const { team } = newTeam();
    const inputs = { ...day.inputs, stages: 'none' };
    const answer = await ask(team.world, { ...day, inputs, github: { denied: ['actions'] } });
    expect(changeOf(answer, 2)).toMatchObject({ untimed: true });
  });

  test('and takes one request then, and none if the first deployment is older', async () => {
    const run = (path: string) => /\/actions\/runs\/\d+$/.test(path);
    const count = async (team: ReturnType<typeof story>) =>
      (await ask(team.world, { ...day, inputs: { ...day.inputs, stages: 'none' } })).requests.filter(
        (request) => run(request.path),
      ).length;
    expect(await count(newTeam().team)).toBe(1);
    const { team } = newTeam();
    team.deploy(team.world.commits[0]?.oid ?? '', at('00:01:00'));
    expect(await count(team)).toBe(0);
  });
});

describe('A controller deploys one commit many times', () => {
  const ARGO = { logUrl: 'https://argo.acme.example/applications/shop?operation=true' };

  /** Commit 1 is deployed for 130 applications, commit 2 for one. Both are recorded again hours later. */
  function teamWithController(options: Parameters<ReturnType<typeof story>['deploy']>[2]) {
    const team = begun();
    const older = team.merge(1, at('08:00:00'));
    for (let i = 0; i < 130; i++)
      team.deploy(older, team.later(at('08:05:00'), i), {
        ...options,
        outcome: i < 3 ? 'FAILURE' : 'SUCCESS',
      });
    const newer = team.merge(2, at('10:00:00'));
    team.deploy(newer, at('10:04:00'), options);
    team.deploy(older, at('15:00:00'), options);
    team.deploy(newer, at('16:00:00'), options);
    return team;
  }

  test.each([
    ['Argo CD, by its log', { ...ARGO, creator: 'ada' }],
    ['Flux, by its name', { creator: 'fluxcd-bot' }],
    ['any, by their number', { creator: 'deployer[bot]' }],
  ])('so that there is one row, without a rollback: %s', async (_, options) => {
    const answer = await ask(teamWithController(options).world, day);
    expect(answer.report.deployments.map(({ notes }) => notes)).toEqual([
      ['131 deployments'],
      ['2 deployments'],
    ]);
    expect(answer.report.deployments).toMatchObject([
      { mergesets: [1], records: 131, rollback: false, redeploy: false },
      { mergesets: [2], records: 2, rollback: false, redeploy: false },
    ]);
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 363 });
    expect(changeOf(answer, 2)).toMatchObject({ leadTimeSeconds: 300 });
    expect(remarksIn(answer)).toContain('made 133 deployments of 2 commits');
  });

  test('and an echo of a commit from before the window is no rollback', async () => {
    const team = story();
    const creator = 'argocd[bot]';
    const old = team.tip();
    team.deploy(old, '2026-02-20T09:00:00Z', { creator });
    team.deploy(team.merge(1, '2026-03-01T10:00:00Z'), '2026-03-01T10:05:00Z', { creator });
    team.deploy(team.merge(2, at('10:00:00')), at('10:04:00'), { creator });
    for (let i = 0; i < 120; i++) team.deploy(old, team.later(at('12:00:00'), i), { creator });
    team.deploy(team.merge(3, at('13:00:00')), at('13:04:00'), { creator });
    const answer = await ask(team.world, day);
    expect(answer.report.deployments.some(({ rollback }) => rollback)).toBe(false);
    expect(changeOf(answer, 3)).toMatchObject({ leadTimeSeconds: 300 });
  });

  test('but a few deployments by another tool stay rows of their own', async () => {
    const team = begun();
    const older = team.merge(1, at('08:00:00'));
    team.deploy(older, at('08:05:00'));
    team.deploy(team.merge(2, at('10:00:00')), at('10:04:00'));
    team.deploy(older, at('15:00:00'));
    const { report } = await ask(team.world, day);
    expect(report.deployments.at(-1)?.notes).toContain('rollback');
  });

  test('and guard mode finds each of them by its id', async () => {
    const team = teamWithController({ creator: 'argocd[bot]' });
    const last = team.world.deployments.at(-1);
    const { report } = await ask(team.world, {
      ...day,
      inputs: { ...day.inputs, mode: 'guard' },
      surroundings: { eventName: 'deployment_status', eventDeployment: { id: last?.id ?? 0 } as never },
    });
    expect(report.judged).toBe(report.deployments.at(-1)?.id);
  });
});
