import { describe, expect, test } from '@jest/globals';
import { EXTREMES } from '../../scripts/bench/extremes.ts';
import { costOf } from '../../scripts/bench/measuring.ts';

/** Repositories that are far larger in one respect than any team's. `npm run bench -- --only scale` shows what they cost. */

const EXPECTED: Record<string, { status: string; changes: number; requests: number }> = {
  'a branch of 100,000 commits': { status: 'drifted', changes: 3000, requests: 20 },
  '10 environments': { status: 'on-target', changes: 288, requests: 20 },
  '50 environments': { status: 'on-target', changes: 288, requests: 55 },
  'one batch of 10,000 changes': { status: 'drifted', changes: 10_000, requests: 45 },
  '5,000 pending changes': { status: 'drifted', changes: 5000, requests: 30 },
  'a file of 60,000 events': { status: 'on-target', changes: 3000, requests: 90 },
};

describe('a run ends with its verdict, with short lines and within bounds, on', () => {
  test.each(EXTREMES.map((scenario) => [scenario.name, scenario] as const))(
    '%s',
    async (name, scenario) => {
      const { status, changes, requests, log, mebibytes } = await costOf(scenario, 'dist', {});
      const expected = EXPECTED[name];
      expect({ status, changes }).toEqual({ status: expected?.status, changes: expected?.changes });
      expect(requests.length).toBeLessThanOrEqual(expected?.requests ?? 0);
      expect(mebibytes).toBeLessThan(600);
      const lines = log.split('\n');
      expect(lines.length).toBeLessThan(40);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(1100);
    },
    240_000,
  );
});
