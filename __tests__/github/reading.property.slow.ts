import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ask } from '../support/ask.ts';
import { knownAnswers } from '../support/oracle.ts';
import { randomTeam } from '../support/random-team.ts';

const DAY = 86_400_000;

/** What once went wrong: `[seed, steps, days, end]`. */
const COUNTER_EXAMPLES: [number, number, number, number][] = [
  // A commit dated days before its own parents hid what was live below it.
  [2113896429, 298, 1, 0.5479335503177869],
  // An old branch's origin was taken as too far back to prove, by the pace of a quiet day.
  [1773223073, 349, 1, 0.9717695868481862],
];

async function compare(seed: number, steps: number, windowDays: number, endsAt: number): Promise<void> {
  const { world, begins, ends } = randomTeam(seed, steps);
  const to = Math.floor((begins + (ends - begins) * endsAt) / 1000) * 1000;
  const { report } = await ask(world, {
    now: new Date(ends).toISOString(),
    inputs: {
      window: `${windowDays}d`,
      stages: 'none',
      ...(to < ends ? { 'as-of': new Date(to).toISOString() } : {}),
    },
  });
  // A window that holds too few changes is widened, and then that one is told.
  const known = knownAnswers(world, 'production', Date.parse(report.window.from), to);
  expect(to - Date.parse(report.window.from)).toBeGreaterThanOrEqual(windowDays * DAY);
  const told = new Map(
    report.mergesets.map((mergeset) => [
      mergeset.number,
      { deployment: mergeset.deployment, seconds: mergeset.leadTimeSeconds },
    ]),
  );
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(known.changes));
  const shipped = report.deployments
    .filter((deployment) => deployment.outcome === 'success' && !deployment.seed)
    .map((deployment) => [deployment.id, [...deployment.mergesets].sort((a, b) => Number(a) - Number(b))]);
  expect(Object.fromEntries(shipped)).toEqual(Object.fromEntries(known.shipped));
  expect(report.completeness.gaps).toEqual([]);
}

test('whatever a team does, reading only the reach of a window gives the answer that all of history gives', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 2 ** 31 }),
      fc.integer({ min: 5, max: 500 }),
      fc.integer({ min: 1, max: 14 }),
      fc.double({ min: 0.3, max: 1, noNaN: true }),
      compare,
    ),
    {
      numRuns: Number(process.env.PROPERTY_RUNS ?? 25),
      examples: COUNTER_EXAMPLES,
    },
  );
}, 600_000);
