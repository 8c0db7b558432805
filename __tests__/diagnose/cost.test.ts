import { expect, test } from '@jest/globals';
import { costOf } from '../../src/diagnose/cost.ts';

const HOUR = 3600;
const DAY = 86_400;

test.each([
  ['minutes', 1, 0, HOUR - 1],
  ['hours', 2, HOUR, DAY - 1],
  ['days', 4, DAY, 7 * DAY - 1],
  ['weeks', 8, 7 * DAY, 30 * DAY - 1],
  ['months', 16, 30 * DAY, 400 * DAY],
] as const)('%s: %i times the engineers, from %i to %i seconds', (shipsIn, factor, least, most) => {
  for (const seconds of [least, most])
    expect(costOf(seconds, 10, 150_000)).toEqual({
      shipsIn,
      engineers: 10,
      needed: 10 * factor,
      extraCostPerYear: 10 * (factor - 1) * 150_000,
      currency: 'USD',
    });
});
