import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { noticeAt, pipelineFilesIn, slipIn } from '../../src/diagnose/change.ts';
import { pettitt } from '../../src/diagnose/pettitt.ts';

/** Pettitt's own example (1979, table 1), with the published results K = 232, a change after the 17th value and p = 0.0146. */
const PUBLISHED = [
  -1.05, 0.96, 1.22, 0.58, -0.98, -0.03, -1.54, -0.71, -0.35, 0.66, 0.44, 0.91, -0.02, -1.42, 1.26, -1.02,
  -0.81, 1.66, 1.05, 0.97, 2.14, 1.22, -0.24, 1.6, 0.72, -0.12, 0.44, 0.03, 0.66, 0.56, 1.37, 1.66, 0.1, 0.8,
  1.29, 0.49, -0.07, 1.18, 3.29, 1.84,
];

describe("Pettitt's test", () => {
  test('gives the published statistic, position and significance for the published example', () => {
    const result = pettitt(PUBLISHED);
    expect(result).toMatchObject({ before: 17, u: -232 });
    expect(result?.p).toBeCloseTo(0.0146, 4);
  });

  test('finds no change in a constant series: U is 0 and p is 1', () => {
    expect(pettitt([5, 5, 5, 5])).toMatchObject({ u: 0, p: 1 });
  });

  test('uses ranks only: a logarithm changes nothing, and a negation changes the sign', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 2, maxLength: 60 }),
        (series) => {
          const result = pettitt(series);
          expect(pettitt(series.map(Math.log))).toEqual(result);
          expect(Math.abs(pettitt(series.map((value) => -value))?.u ?? 0)).toBe(Math.abs(result?.u ?? 0));
        },
      ),
      { numRuns: 100 },
    );
  });

  test('gives no result for a series that is shorter than its margins', () => {
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

describe("a slip against the team's own past", () => {
  test('has the last good and the first bad deployment, and the medians and counts before and after', () => {
    const notice = noticeAt(series([...level(600, 20), ...level(750, 15)]), NOW);
    expect(notice).toMatchObject({
      lastGood: { id: 20 },
      firstBad: { id: 21 },
      before: 610,
      after: 760,
      counts: { before: 20, after: 15 },
    });
  });

  test('is reported even for short times, but not for a series that became faster', () => {
    expect(slipIn(series([...level(60, 20), ...level(90, 15)]))).not.toBeNull();
    expect(slipIn(series([...level(90, 20), ...level(60, 15)]))).toBeNull();
  });

  test('needs at least five values on each side, and a median that is a tenth higher', () => {
    expect(slipIn(series([...level(600, 20), ...level(900, 4)]))).toBeNull();
    expect(slipIn(series([...level(600, 30), ...level(650, 30)]))).toBeNull();
  });

  test('is reported for 28 days', () => {
    // Two deployments a day. The slip shows within a week, and the report ends four weeks later.
    const slowFor = (days: number) => series([...level(600, 61), ...level(750, days * 2)]);
    expect(noticeAt(slowFor(14), NOW)).toMatchObject({ firstBad: { id: 62 } });
    expect(noticeAt(slowFor(35), NOW)).toBeNull();
  });

  test('lists the workflow, lock and image files that changed, without duplicates', () => {
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
