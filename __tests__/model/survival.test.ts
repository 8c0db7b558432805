import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Observation, quantile, survivalCurve } from '../../src/model/survival.ts';

const live = (seconds: number): Observation => ({ seconds, shipped: true });
const waiting = (seconds: number): Observation => ({ seconds, shipped: false });

describe('a quantile of lead times', () => {
  test('is unknown without changes', () => {
    expect(quantile(survivalCurve([]), 0.5)).toBeNull();
  });

  test('ends if a time is not a number', () => {
    const unknown = { seconds: Number.NaN, shipped: true };
    expect(survivalCurve([unknown, unknown])).toHaveLength(2);
  });

  test('is unknown if too many changes are pending', () => {
    expect(quantile(survivalCurve([live(10), waiting(20), waiting(30)]), 0.5)).toBeNull();
  });

  test('is the smallest time by which that share is live', () => {
    const curve = survivalCurve([40, 10, 30, 20].map(live));
    expect([0.25, 0.5, 0.75, 0.9].map((q) => quantile(curve, q))).toEqual([10, 20, 30, 40]);
  });

  test('counts a pending change as at risk for the time it has waited', () => {
    // One of three is live after 10. The second is censored at 15, so the third counts for both: S(20) = 0.
    expect(quantile(survivalCurve([live(10), waiting(15), live(20)]), 0.5)).toBe(20);
    expect(quantile(survivalCurve([live(10), live(15), live(20)]), 0.5)).toBe(15);
  });

  test('counts a change that is censored when another goes live as at risk', () => {
    expect(survivalCurve([live(10), waiting(10), live(20)])).toEqual([
      { seconds: 10, survival: expect.closeTo(2 / 3, 12), atRisk: 3, shipped: 1, censored: 1 },
      { seconds: 20, survival: 0, atRisk: 1, shipped: 1, censored: 0 },
    ]);
  });

  test('treats products of fractions that should be one half as one half', () => {
    for (let count = 2; count <= 400; count += 2) {
      const times = Array.from({ length: count }, (_, i) => live(i + 1));
      expect(quantile(survivalCurve(times), 0.5)).toBe(count / 2);
    }
  });
});

describe('published examples', () => {
  const shares = (times: Observation[]) =>
    survivalCurve(times)
      .filter((step) => step.shipped > 0)
      .map((step) => [step.seconds, Number(step.survival.toFixed(3))]);

  test('Kaplan and Meier, 1958, section 2: deaths at 0.8, 3.1, 5.4, 9.2, losses at 1.0, 2.7, 7.0, 12.1', () => {
    const all = [
      live(0.8),
      waiting(1.0),
      waiting(2.7),
      live(3.1),
      live(5.4),
      waiting(7.0),
      live(9.2),
      waiting(12.1),
    ];
    expect(shares(all)).toEqual([
      [0.8, 0.875],
      [3.1, 0.7],
      [5.4, 0.525],
      [9.2, 0.263],
    ]);
  });

  test('Freireich and others, 1963: weeks of remission with 6-MP (as in Kleinbaum and Klein, chapter 2); the median is 23', () => {
    const all = [
      ...[6, 6, 6, 7, 10, 13, 16, 22, 23].map(live),
      ...[6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35].map(waiting),
    ];
    expect(shares(all)).toEqual([
      [6, 0.857],
      [7, 0.807],
      [10, 0.753],
      [13, 0.69],
      [16, 0.627],
      [22, 0.538],
      [23, 0.448],
    ]);
    expect(quantile(survivalCurve(all), 0.5)).toBe(23);
    expect(quantile(survivalCurve(all), 0.75)).toBeNull();
  });
});

const observations = fc.array(fc.record({ seconds: fc.nat(60), shipped: fc.boolean() }), { maxLength: 60 });

/** Redistribution to the right (Efron, 1967): a censored share is divided equally among all later times. */
function byRedistribution(times: readonly Observation[], q: number): number | null {
  const sorted = [...times].sort((a, b) => a.seconds - b.seconds || Number(b.shipped) - Number(a.shipped));
  const mass = sorted.map(() => 1 / sorted.length);
  let gone = 0;
  for (const [i, { seconds, shipped }] of sorted.entries()) {
    const share = mass[i] ?? 0;
    if (shipped) {
      gone += share;
      const ties = sorted.slice(i + 1).some((next) => next.shipped && next.seconds === seconds);
      if (!ties && gone >= q - 1e-9) return seconds;
    } else {
      const later = sorted.length - i - 1;
      for (let next = i + 1; next < sorted.length; next++) mass[next] = (mass[next] ?? 0) + share / later;
    }
  }
  return null;
}

describe('for any observations', () => {
  test('quantiles equal those of redistribution to the right', () => {
    fc.assert(
      fc.property(observations, fc.constantFrom(0.5, 0.75, 0.9, 0.95), (all, q) => {
        expect(quantile(survivalCurve(all), q)).toBe(byRedistribution(all, q));
      }),
      { numRuns: 500 },
    );
  });

  test('the order makes no difference, and the curve never rises', () => {
    fc.assert(
      fc.property(observations, (all) => {
        const curve = survivalCurve(all);
        expect(survivalCurve([...all].reverse())).toEqual(curve);
        for (const [i, step] of curve.entries())
          expect(step.survival).toBeLessThanOrEqual(curve[i - 1]?.survival ?? 1);
      }),
    );
  });

  test('a change that waits longer never makes a quantile smaller', () => {
    fc.assert(
      fc.property(observations, fc.nat(60), fc.nat(60), (all, waited, more) => {
        const before = quantile(survivalCurve([...all, waiting(waited)]), 0.5) ?? Number.POSITIVE_INFINITY;
        const after =
          quantile(survivalCurve([...all, waiting(waited + more)]), 0.5) ?? Number.POSITIVE_INFINITY;
        expect(after).toBeGreaterThanOrEqual(before);
      }),
    );
  });
});
