import { describe, expect, test } from '@jest/globals';
import type { WorldDeployment } from '../../src/fake-github/world.ts';
import { recordRun } from '../support/actions.ts';
import { ask, changeOf, deploymentOf, type StepAnswer } from '../support/ask.ts';
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
