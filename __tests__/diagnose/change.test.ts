import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { noticeAt, pipelineFilesIn, slipIn } from '../../src/diagnose/change.ts';
import { pettitt } from '../../src/diagnose/pettitt.ts';

/** Pettitt's own example (1979, table 1), of which he gives K = 232, a change after the 17th value and p = 0.0146. */
const PUBLISHED = [
  -1.05, 0.96, 1.22, 0.58, -0.98, -0.03, -1.54, -0.71, -0.35, 0.66, 0.44, 0.91, -0.02, -1.42, 1.26, -1.02,
  -0.81, 1.66, 1.05, 0.97, 2.14, 1.22, -0.24, 1.6, 0.72, -0.12, 0.44, 0.03, 0.66, 0.56, 1.37, 1.66, 0.1, 0.8,
  1.29, 0.49, -0.07, 1.18, 3.29, 1.84,
];

describe("Pettitt's test", () => {
  test('of the published example: the published statistic, place and significance', () => {
    const found = pettitt(PUBLISHED);
    expect(found).toMatchObject({ before: 17, u: -232 });
    expect(found?.p).toBeCloseTo(0.0146, 4);
  });

  test('of a series that never changes there is none: U is 0 and p is 1', () => {
    expect(pettitt([5, 5, 5, 5])).toMatchObject({ u: 0, p: 1 });
  });

  test('goes by ranks: the logarithm changes nothing, and turning it round turns the sign', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 2, maxLength: 60 }),
        (series) => {
          const told = pettitt(series);
          expect(pettitt(series.map(Math.log))).toEqual(told);
          expect(Math.abs(pettitt(series.map((series) => -series))?.u ?? 0)).toBe(Math.abs(told?.u ?? 0));
        },
      ),
      { numRuns: 100 },
    );
  });

  test('too short a series for its margins is none', () => {
    expect(pettitt([1])).toBeNull();
    expect(pettitt([1, 2, 3, 4, 5, 6, 7, 8, 9], 5)).toBeNull();
  });
});

const HOUR = 3_600_000;
const NOW = Date.parse('2026-03-16T09:00:00Z');
/** One value every `hours`, the last one at `NOW`. */
const series = (values: number[], hours = 12) => ({
  values,
  points: values.map((_, i) => ({ id: i + 1, at: NOW - (values.length - 1 - i) * hours * HOUR })),
});
const level = (seconds: number, count: number) =>
  Array.from({ length: count }, (_, i) => seconds + (i % 3) * 10);

describe('a slip against the own past', () => {
  test('names the last good and the first bad deployment, the medians and how many stand on either side', () => {
    const found = noticeAt(series([...level(600, 20), ...level(750, 15)]), NOW);
    expect(found).toMatchObject({
      lastGood: { id: 20 },
      firstBad: { id: 21 },
      before: 610,
      after: 760,
      counts: { before: 20, after: 15 },
    });
  });

  test('is told although it ends below any limit, and not where it got faster', () => {
    expect(slipIn(series([...level(60, 20), ...level(90, 15)]))).not.toBeNull();
    expect(slipIn(series([...level(90, 20), ...level(60, 15)]))).toBeNull();
  });

  test('takes at least five on each side, and a tenth more', () => {
    expect(slipIn(series([...level(600, 20), ...level(900, 4)]))).toBeNull();
    expect(slipIn(series([...level(600, 30), ...level(650, 30)]))).toBeNull();
  });

  test('is told for 28 days, and then no more', () => {
    // Two a day, slower since 14 or 35 days: it shows within a week, and the same change is no news four weeks later.
    const slowFor = (days: number) => series([...level(600, 61), ...level(750, days * 2)]);
    expect(noticeAt(slowFor(14), NOW)).toMatchObject({ firstBad: { id: 62 } });
    expect(noticeAt(slowFor(35), NOW)).toBeNull();
  });

  test('what went in there: workflow, lock and image files, each once', () => {
    expect(
      pipelineFilesIn([
        'src/app.ts',
        '.github/workflows/deploy.yml',
        'web/package-lock.json',
        'web/package-lock.json',
        'build/api.Dockerfile',
        'Dockerfile.web',
        'docs/Docker.md',
        'go.sum',
      ]),
    ).toEqual([
      { path: '.github/workflows/deploy.yml', kind: 'workflow' },
      { path: 'Dockerfile.web', kind: 'image' },
      { path: 'build/api.Dockerfile', kind: 'image' },
      { path: 'go.sum', kind: 'lock' },
      { path: 'web/package-lock.json', kind: 'lock' },
    ]);
  });
});
