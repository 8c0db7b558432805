import { describe, expect, test } from '@jest/globals';
import { verdictOf } from '../../src/judge/verdict.ts';
import { leadTimeOf } from '../../src/model/lead-time.ts';
import { type Statistic, type Target, thresholdOf } from '../../src/model/terms.ts';

const target = (statistic: Statistic = 'p50', seconds = 900, tolerance = 0.25): Target => ({
  seconds,
  tolerance,
  statistic,
});
const live = (...seconds: number[]) => seconds.map((time) => ({ seconds: time, shipped: true }));
const waiting = (...seconds: number[]) => seconds.map((time) => ({ seconds: time, shipped: false }));
const verdict = (observations: ReturnType<typeof live>, at = target(), minSamples = 1) =>
  verdictOf(leadTimeOf(observations), at, minSamples);

describe('insufficient data', () => {
  test('fewer changes than min-samples have no verdict, even if they are slow', () => {
    expect(verdict(live(99_999, 99_999), target(), 3).status).toBe('insufficient-data');
  });

  test('no changes have no verdict', () => {
    expect(verdict([])).toEqual({
      status: 'insufficient-data',
      reason: 'too-few',
      leadTimeSeconds: null,
      leadTimeAtLeastSeconds: null,
      driftPercent: null,
    });
  });

  test('an unknown quantile whose lower bound is at the limit has no verdict', () => {
    expect(verdict([...live(60), ...waiting(1125, 1125)])).toMatchObject({
      status: 'insufficient-data',
      leadTimeSeconds: null,
      leadTimeAtLeastSeconds: 1125,
    });
  });
});

describe('drifted', () => {
  test('lead time one second over the limit has drifted, and at the limit it is slipping', () => {
    expect(verdict(live(1126)).status).toBe('drifted');
    expect(verdict(live(1125)).status).toBe('slipping');
  });

  test('an unknown quantile whose lower bound is over the limit has drifted', () => {
    expect(verdict([...live(60), ...waiting(1126, 1126)])).toMatchObject({
      status: 'drifted',
      leadTimeSeconds: null,
    });
  });

  test('a mean with pending changes is reported as a lower bound', () => {
    expect(verdict([...live(600), ...waiting(3000)], target('mean'))).toMatchObject({
      status: 'drifted',
      leadTimeSeconds: 1800,
      leadTimeAtLeastSeconds: 1800,
      driftPercent: 100,
    });
  });
});

describe('lower bounds', () => {
  const lowerBound = (statistic: Statistic, observations: ReturnType<typeof live>) =>
    verdict(observations, target(statistic)).leadTimeAtLeastSeconds;

  test('mean and max are lower bounds while a change is pending', () => {
    expect(lowerBound('max', [...live(60), ...waiting(600)])).toBe(600);
    expect(lowerBound('mean', [...live(60), ...waiting(600)])).toBe(330);
    expect(lowerBound('max', live(60, 600))).toBeNull();
    expect(lowerBound('mean', live(60, 600))).toBeNull();
  });

  test('a known quantile is not a lower bound, even with pending changes', () => {
    expect(lowerBound('p50', [...live(60, 70), ...waiting(600)])).toBeNull();
    expect(lowerBound('p90', [...live(60, 70), ...waiting(600)])).toBe(600);
  });
});

test('lead time at the target is on target, and one second over it is slipping', () => {
  expect(verdict(live(900))).toMatchObject({
    status: 'on-target',
    driftPercent: 0,
    leadTimeAtLeastSeconds: null,
  });
  expect(verdict(live(901)).status).toBe('slipping');
  expect(verdict(live(450))).toMatchObject({ status: 'on-target', driftPercent: -50 });
});

test('the verdict uses the statistic of the target', () => {
  const times = live(10, 20, 30, 40, 100);
  const values = (['p50', 'p75', 'p90', 'p95', 'mean', 'max'] as const).map(
    (statistic) => verdict(times, target(statistic)).leadTimeSeconds,
  );
  expect(values).toEqual([30, 40, 100, 100, 40, 100]);
});

test('the limit has no floating-point noise', () => {
  expect(thresholdOf(target('p50', 700, 0.15))).toBe(805);
  expect(thresholdOf(target('p50', 900, 0.1))).toBe(990);
  expect(thresholdOf(target('p50', 90, 0.25))).toBe(112.5);
  expect(verdict(live(805), target('p50', 700, 0.15)).status).toBe('slipping');
});
