import { expect, test } from '@jest/globals';
import { type RunJobOptions, recordRun } from '../support/actions.ts';
import { ask, changeOf, deploymentOf } from '../support/ask.ts';
import { at, begun, day } from '../support/day.ts';

/** A deploy job whose last step waits until production answers with the commit. */

const LIVE = 'Run deploy-latency-guard/deploy-latency-guard/live@v1';
const GUARD = 'Run deploy-latency-guard/deploy-latency-guard@v1';
const ACTION = 'deploy-latency-guard/deploy-latency-guard';

async function askAfter(
  steps: NonNullable<RunJobOptions['steps']>,
  { conclusion = 'failure', file = '' } = {},
) {
  const team = begun();
  if (file) team.world.files = { '.github/workflows/deploy.yml': file };
  recordRun(team, team.merge(1, at('10:00:00')), {
    id: 51,
    jobs: [{ name: 'deploy', from: at('10:01:00'), to: at('10:11:00'), conclusion, steps }],
  });
  return ask(team.world, {
    ...day,
    inputs: { ...day.inputs, stages: 'full' },
    surroundings: { action: ACTION },
  });
}

const failed = { deployment: null };

test('a job that failed in the step that asks production: the deployment failed', async () => {
  const answer = await askAfter([
    ['Run ./deploy.sh', at('10:06:00')],
    [LIVE, at('10:11:00'), 'failure'],
  ]);
  expect(changeOf(answer, 1)).toMatchObject(failed);
  expect(deploymentOf(answer, 510)).toMatchObject({ outcome: 'failure' });
});

test('a step that asks production under the name of the guard fails the deployment too', async () => {
  const answer = await askAfter(
    [
      ['Run ./deploy.sh', at('10:06:00')],
      ['deploy-latency-guard', at('10:11:00'), 'failure'],
    ],
    {
      file: `jobs:\n  deploy:\n    steps:\n      - run: ./deploy.sh\n      - name: deploy-latency-guard\n        uses: ${ACTION}/live@v1\n`,
    },
  );
  expect(changeOf(answer, 1)).toMatchObject(failed);
});

test('a guard that failed after a step that asked production in vain does not make the deployment live', async () => {
  const answer = await askAfter([
    ['Run ./deploy.sh', at('10:06:00')],
    [LIVE, at('10:10:30'), 'failure'],
    [GUARD, at('10:11:00'), 'failure'],
  ]);
  expect(changeOf(answer, 1)).toMatchObject(failed);
});

test('a guard that failed after production had answered: live when it had answered', async () => {
  const answer = await askAfter([
    ['Run ./deploy.sh', at('10:06:00')],
    [LIVE, at('10:10:00')],
    [GUARD, at('10:11:00'), 'failure'],
  ]);
  expect(changeOf(answer, 1)).toMatchObject({ deployment: 510, leadTimeSeconds: 600 });
});

test('the wait for production is a step of the deploy job, and part of the lead time', async () => {
  const answer = await askAfter(
    [
      ['Run ./deploy.sh', at('10:06:00')],
      [LIVE, at('10:11:00')],
    ],
    { conclusion: 'success' },
  );
  expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 660 });
  const { rows, steps } = answer.report.stages ?? {};
  expect(rows).toContainEqual(expect.objectContaining({ stage: 'deploy', medianSeconds: 600 }));
  expect(steps?.map(({ job, step, medianSeconds }) => [job, step, medianSeconds])).toEqual([
    ['deploy', 'Run ./deploy.sh', 300],
    ['deploy', LIVE, 300],
  ]);
});
