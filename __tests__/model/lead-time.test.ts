import { describe, expect, test } from '@jest/globals';
import { verdictOf } from '../../src/judge/verdict.ts';
import { leadTimeOf } from '../../src/model/lead-time.ts';
import { type Statistic, type Target, thresholdOf } from '../../src/model/terms.ts';

const target = (statistic: Statistic = 'p50', seconds = 900, tolerance = 0.25): Target => ({
  seconds,
  tolerance,
  statistic,
});
const live = (...seconds: number[]) => seconds.map((seconds) => ({ seconds: seconds, shipped: true }));
const waiting = (...seconds: number[]) => seconds.map((seconds) => ({ seconds: seconds, shipped: false }));
const verdict = (observations: ReturnType<typeof live>, at = target(), minSamples = 1) =>
  verdictOf(leadTimeOf(observations), at, minSamples);

describe('insufficient data', () => {
  test('fewer mergesets than min-samples, however slow they are', () => {
    expect(verdict(live(99_999, 99_999), target(), 3).status).toBe('insufficient-data');
  });

  test('no mergesets at all', () => {
    expect(verdict([])).toEqual({
      status: 'insufficient-data',
      reason: 'too-few',
      leadTimeSeconds: null,
      leadTimeAtLeastSeconds: null,
      driftPercent: null,
    });
  });

  test('an unknown quantile that is at least no more than the threshold proves nothing yet', () => {
    expect(verdict([...live(60), ...waiting(1125, 1125)])).toMatchObject({
      status: 'insufficient-data',
      leadTimeSeconds: null,
      leadTimeAtLeastSeconds: 1125,
    });
  });
});

describe('drifted', () => {
  test('a second past the threshold is; exactly at it is not', () => {
    expect(verdict(live(1126)).status).toBe('drifted');
    expect(verdict(live(1125)).status).toBe('slipping');
  });

  test('an unknown quantile that is at least more than the threshold', () => {
    expect(verdict([...live(60), ...waiting(1126, 1126)])).toMatchObject({
      status: 'drifted',
      leadTimeSeconds: null,
    });
  });

  test('a mean with pending ones is a lower bound, and says so', () => {
    expect(verdict([...live(600), ...waiting(3000)], target('mean'))).toMatchObject({
      status: 'drifted',
      leadTimeSeconds: 1800,
      leadTimeAtLeastSeconds: 1800,
      driftPercent: 100,
    });
  });
});

describe('a lower bound', () => {
  const least = (statistic: Statistic, observations: ReturnType<typeof live>) =>
    verdict(observations, target(statistic)).leadTimeAtLeastSeconds;

  test('mean and max are one while anything waits, and none once all is live', () => {
    expect(least('max', [...live(60), ...waiting(600)])).toBe(600);
    expect(least('mean', [...live(60), ...waiting(600)])).toBe(330);
    expect(least('max', live(60, 600))).toBeNull();
    expect(least('mean', live(60, 600))).toBeNull();
  });

  test('a quantile that is known is none, whatever waits', () => {
    expect(least('p50', [...live(60, 70), ...waiting(600)])).toBeNull();
    expect(least('p90', [...live(60, 70), ...waiting(600)])).toBe(600);
  });
});

test('on target up to the target, slipping a second past it', () => {
  expect(verdict(live(900))).toMatchObject({
    status: 'on-target',
    driftPercent: 0,
    leadTimeAtLeastSeconds: null,
  });
  expect(verdict(live(901)).status).toBe('slipping');
  expect(verdict(live(450))).toMatchObject({ status: 'on-target', driftPercent: -50 });
});

test('each statistic is its own', () => {
  const times = live(10, 20, 30, 40, 100);
  const values = (['p50', 'p75', 'p90', 'p95', 'mean', 'max'] as const).map(
    (each) => verdict(times, target(each)).leadTimeSeconds,
  );
  expect(values).toEqual([30, 40, 100, 100, 40, 100]);
});

test('the threshold has no noise of binary fractions', () => {
  expect(thresholdOf(target('p50', 700, 0.15))).toBe(805);
  expect(thresholdOf(target('p50', 900, 0.1))).toBe(990);
  expect(thresholdOf(target('p50', 90, 0.25))).toBe(112.5);
  expect(verdict(live(805), target('p50', 700, 0.15)).status).toBe('slipping');
});
