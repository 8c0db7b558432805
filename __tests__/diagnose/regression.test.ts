import { describe, expect, test } from '@jest/globals';
import type { CriticalPath, PathStep } from '../../src/diagnose/critical-path.ts';
import { regressionOf, type ShippedChange } from '../../src/diagnose/regression.ts';
import type { StageReport, Staged } from '../../src/diagnose/stage-report.ts';
import type { Segment } from '../../src/diagnose/stages.ts';
import type { Stage } from '../../src/model/terms.ts';
import { at, pipeline, run } from '../support/facts.ts';

const EMPTY: CriticalPath = { runs: 0, jobs: [], steps: [], graphs: [] };
const NO_PATHS = { now: EMPTY, before: EMPTY };

type Times = Partial<Record<Stage, number>>;
const sum = (seconds: Times) => Object.values(seconds).reduce((total, time) => total + time, 0);

/** A change that went live at `order`, with its seconds in each stage and in each job of the checks. */
function staged(seconds: Times, order = 0, jobs: Record<string, number> = {}): Staged {
  const segments: Segment[] = Object.entries(jobs).map(([name, duration]) => ({
    stage: 'checks',
    from: 0,
    to: duration,
    name,
  }));
  return {
    pipeline: pipeline(run(order, 0, [])),
    seconds,
    segments,
    leadTimeSeconds: sum(seconds),
    deployment: { id: order, at: at(order), mergesets: [{ number: order * 10 }, { number: null }] },
  } as unknown as Staged;
}
const regression = (
  before: Staged[],
  now: Staged[],
  { path = NO_PATHS, changes = [] as ShippedChange[] } = {},
) => regressionOf({ staged: now, before } as unknown as StageReport, path, changes);
const five = (seconds: Times, jobs?: Record<string, number>, from = 1) =>
  Array.from({ length: 5 }, (_, i) => staged(seconds, from + i, jobs));

describe('there is no regression', () => {
  test('with fewer than five changes, now or before', () => {
    const [before, now] = [five({ checks: 100 }), five({ checks: 500 })];
    expect(regression(before, now)).not.toBeNull();
    expect(regression(before.slice(1), now)).toBeNull();
    expect(regression(before, now.slice(1))).toBeNull();
  });

  test('with fewer than five changes that GitHub Actions deployed', () => {
    const now = five({ checks: 500 });
    const [first, ...others] = now;
    expect(regression(five({ checks: 100 }), [{ ...first, pipeline: null } as Staged, ...others])).toBeNull();
  });

  test('if the window is slower by less than half a minute, or by less than a tenth', () => {
    expect(regression(five({ checks: 100 }), five({ checks: 129 }))).toBeNull();
    expect(regression(five({ checks: 100 }), five({ checks: 130 }))).toMatchObject({
      beforeSeconds: 100,
      nowSeconds: 130,
    });
    expect(regression(five({ checks: 1000 }), five({ checks: 1099 }))).toBeNull();
    expect(regression(five({ checks: 1000 }), five({ checks: 1100 }))).toMatchObject({
      stageGrewSeconds: 100,
    });
    expect(regression(five({ checks: 500 }), five({ checks: 100 }))).toBeNull();
  });
});

describe('the cause', () => {
  test('is the stage with at least half of the growth', () => {
    const before = five({ checks: 100, deploy: 100, runner: 100 });
    expect(regression(before, five({ checks: 150, deploy: 130, runner: 120 }))).toMatchObject({
      stage: 'checks',
      stageGrewSeconds: 50,
    });
    expect(regression(before, five({ checks: 149, deploy: 131, runner: 120 }))).toEqual({
      beforeSeconds: 300,
      nowSeconds: 400,
      stage: null,
      stageGrewSeconds: null,
      job: null,
      step: null,
      since: null,
    });
  });

  test('may be a stage that took no time before', () => {
    expect(regression(five({ checks: 100 }), five({ checks: 100, approval: 60 }))).toMatchObject({
      stage: 'approval',
      stageGrewSeconds: 60,
    });
  });

  test('may be the only stage that grew', () => {
    expect(regression(five({ runner: 100, checks: 100 }), five({ runner: 40, checks: 240 }))).toMatchObject({
      stage: 'checks',
      stageGrewSeconds: 140,
    });
  });
});

describe('the job and the step', () => {
  const step = (job: string, name: string, medianSeconds: number) =>
    ({ job, step: name, medianSeconds }) as PathStep;

  test('are those that grew most, also if they are new', () => {
    const before = five({ checks: 100 }, { lint: 40, test: 60 });
    expect(regression(before, five({ checks: 300 }, { lint: 50, test: 250 }))).toMatchObject({ job: 'test' });
    expect(regression(before, five({ checks: 300 }, { lint: 40, test: 60, browser: 200 }))).toMatchObject({
      job: 'browser',
    });
  });

  test('belong to the stage that grew', () => {
    const before = five({ checks: 100, deploy: 50 }, { test: 100 });
    expect(regression(before, five({ checks: 100, deploy: 250 }, { test: 900 }))).toMatchObject({
      stage: 'deploy',
      job: null,
      step: null,
    });
    expect(regression(before, five({ checks: 300, deploy: 50 }, { test: 100 }))).toMatchObject({
      stage: 'checks',
      job: null,
      step: null,
    });
  });

  test('the step is compared with the same step before', () => {
    const path = {
      before: {
        ...EMPTY,
        steps: [step('test', 'install', 30), step('test', 'run', 60), step('lint', 'run', 5)],
      },
      now: {
        ...EMPTY,
        steps: [step('test', 'install', 90), step('test', 'run', 100), step('lint', 'run', 500)],
      },
    };
    const grew = (paths: typeof path) =>
      regression(five({ checks: 100 }, { test: 100 }), five({ checks: 300 }, { test: 300 }), { path: paths });
    expect(grew(path)).toMatchObject({ job: 'test', step: 'install' });
    expect(grew({ ...path, before: EMPTY })).toMatchObject({ step: 'run' });
    expect(grew({ ...path, now: path.before })).toMatchObject({ job: 'test', step: null });
    expect(grew({ ...path, now: EMPTY })).toMatchObject({ step: null });
  });
});

describe('since when', () => {
  const slow = (order: number) => staged({ checks: 500 }, order);
  const fast = (order: number) => staged({ checks: 100 }, order);
  const since = (now: Staged[], changes: ShippedChange[] = []) =>
    regression(five({ checks: 100 }), now, { changes })?.since;

  test('is the first slow deployment, whatever the order of the list', () => {
    const now = [fast(1), fast(2), slow(3), slow(4), slow(5), slow(6)];
    const expected = { deployment: 3, at: at(3), pullRequests: [30], workflowChange: null };
    expect(since(now)).toEqual(expected);
    expect(since(now.toReversed())).toEqual(expected);
  });

  test('ignores a single slow deployment before and a single fast one after', () => {
    const now = [fast(1), slow(2), fast(3), fast(4), slow(5), slow(6), slow(7), fast(8), slow(9), slow(10)];
    expect(since(now)?.deployment).toBe(5);
  });

  test('is the first deployment if all of them are slow', () => {
    expect(since([slow(1), slow(2), slow(3), slow(4), slow(5)])?.deployment).toBe(1);
  });

  test('counts a time halfway between the medians as slow', () => {
    const between = (checks: number) =>
      since([fast(1), staged({ checks }, 2), slow(3), slow(4), slow(5)])?.deployment;
    expect(between(300)).toBe(2);
    expect(between(299)).toBe(3);
  });

  test('has the workflow file change that this deployment shipped', () => {
    const change = (sha: string) => ({ path: 'deploy.yml', sha, url: '' });
    const now = [fast(1), slow(2), slow(3), slow(4), slow(5)];
    const changes = [
      { change: change('a'), deployment: 1 },
      { change: change('b'), deployment: 2 },
      { change: change('c'), deployment: null },
    ];
    expect(since(now, changes)?.workflowChange?.sha).toBe('b');
    expect(since(now, changes.slice(2))?.workflowChange).toBeNull();
  });

  test('counts a missing stage as no time', () => {
    const now = [staged({ runner: 90 }, 1), ...[2, 3, 4, 5].map((order) => staged({ approval: 300 }, order))];
    expect(regression(five({ runner: 90 }), now)).toMatchObject({
      stage: 'approval',
      since: { deployment: 2 },
    });
  });
});
