import { expect, test } from '@jest/globals';
import { ask } from '../support/ask.ts';
import { steadyTeam } from '../support/steady-team.ts';

test('requested weeks are read without a limit on requests', async () => {
  const { world, now } = steadyTeam({ commits: 2600, days: 170, deployEvery: 1 });
  const { requests, report } = await ask(world, { now, inputs: { weeks: '24', stages: 'none' } });
  expect(requests.length).toBeGreaterThan(20);
  expect(report.completeness.gaps).toEqual([]);
  expect((report.weeks ?? []).filter((week) => week.deployments > 0)).toHaveLength(24);
});
