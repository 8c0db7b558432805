import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { atLeast } from '../../src/judge/binomial.ts';

/** Cumulative binomial probabilities P(X ≤ k) from published tables, to four places. */
const TABLE: [n: number, p: number, k: number, atMost: number][] = [
  [5, 0.5, 1, 0.1875],
  [5, 0.5, 4, 0.9688],
  [10, 0.5, 2, 0.0547],
  [10, 0.5, 5, 0.623],
  [10, 0.5, 7, 0.9453],
  [15, 0.5, 7, 0.5],
  [15, 0.5, 10, 0.9408],
  [20, 0.5, 5, 0.0207],
  [20, 0.5, 13, 0.9423],
  [10, 0.1, 0, 0.3487],
  [10, 0.1, 2, 0.9298],
  [20, 0.1, 3, 0.867],
  [20, 0.2, 6, 0.9133],
  [25, 0.1, 4, 0.902],
  [15, 0.3, 4, 0.5155],
  [20, 0.9, 17, 0.3231],
];

describe('the chance of at least k successes', () => {
  test.each(TABLE)('agrees with the tables: n = %i, p = %f, k = %i', (n, p, k, atMost) => {
    expect(1 - atLeast(n, k + 1, p)).toBeCloseTo(atMost, 4);
  });

  test('is at most 1 in 10 for 5 of 5, 8 of 10 and 11 of 15, and not for one fewer', () => {
    for (const [n, k] of [
      [5, 5],
      [10, 8],
      [15, 11],
    ] as const) {
      expect(atLeast(n, k)).toBeLessThanOrEqual(0.1);
      expect(atLeast(n, k - 1)).toBeGreaterThan(0.1);
    }
    expect(atLeast(10, 9)).toBeCloseTo(11 / 1024, 12);
  });

  test('is 1 for no successes and 0 for more than n', () => {
    expect([atLeast(0, 0), atLeast(0, 1), atLeast(5, 0), atLeast(5, 6)]).toEqual([1, 0, 1, 0]);
    expect([atLeast(5, 5, 0), atLeast(5, 5, 1), atLeast(5, 1, 1)]).toEqual([0, 1, 1]);
  });

  test('works for large n, and is complementary to the chance of the failures', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(0.05, 0.1, 0.5, 0.8),
        (n, share, p) => {
          const k = Math.round(n * share);
          const tail = atLeast(n, k, p);
          expect(tail).toBeGreaterThanOrEqual(0);
          expect(tail).toBeLessThanOrEqual(1);
          // At least k successes are at most n − k failures.
          expect(tail + atLeast(n, n - k + 1, 1 - p)).toBeCloseTo(1, 9);
        },
      ),
      { numRuns: 100 },
    );
  });
});
