import { describe, expect, test } from '@jest/globals';
import type { CriticalPath, PathStep } from '../../src/diagnose/critical-path.ts';
import { regressionOf, type ShippedChange } from '../../src/diagnose/regression.ts';
import type { StageReport, Staged } from '../../src/diagnose/stage-report.ts';
import type { Segment } from '../../src/diagnose/stages.ts';
import type { Stage } from '../../src/model/terms.ts';
import { at, pipeline, run } from '../support/facts.ts';

const EMPTY: CriticalPath = { runs: 0, jobs: [], steps: [] };
const NO_PATHS = { now: EMPTY, before: EMPTY };

type Times = Partial<Record<Stage, number>>;
const sum = (seconds: Times) => Object.values(seconds).reduce((all, each) => all + each, 0);

/** A change live at `order`, cut into stages; jobs are told with the seconds of each. */
function staged(seconds: Times, order = 0, jobs: Record<string, number> = {}): Staged {
  const segments: Segment[] = Object.entries(jobs).map(([name, took]) => ({
    stage: 'checks',
    from: 0,
    to: took,
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
const told = (before: Staged[], now: Staged[], { path = NO_PATHS, changes = [] as ShippedChange[] } = {}) =>
  regressionOf({ staged: now, before } as unknown as StageReport, path, changes);
const five = (seconds: Times, jobs?: Record<string, number>, from = 1) =>
  Array.from({ length: 5 }, (_, i) => staged(seconds, from + i, jobs));

describe('nothing to say', () => {
  test('where fewer than five of either are known', () => {
    const [before, now] = [five({ checks: 100 }), five({ checks: 500 })];
    expect(told(before, now)).not.toBeNull();
    expect(told(before.slice(1), now)).toBeNull();
    expect(told(before, now.slice(1))).toBeNull();
  });

  test('changes from outside Actions do not count', () => {
    const now = five({ checks: 500 });
    const [first, ...rest] = now;
    expect(told(five({ checks: 100 }), [{ ...first, pipeline: null } as Staged, ...rest])).toBeNull();
  });

  test('where it is slower by less than half a minute, or by less than a tenth', () => {
    expect(told(five({ checks: 100 }), five({ checks: 129 }))).toBeNull();
    expect(told(five({ checks: 100 }), five({ checks: 130 }))).toMatchObject({
      beforeSeconds: 100,
      nowSeconds: 130,
    });
    expect(told(five({ checks: 1000 }), five({ checks: 1099 }))).toBeNull();
    expect(told(five({ checks: 1000 }), five({ checks: 1100 }))).toMatchObject({ stageGrewSeconds: 100 });
    expect(told(five({ checks: 500 }), five({ checks: 100 }))).toBeNull();
  });
});

describe('the cause', () => {
  test('is the stage that grew by half of it at least', () => {
    const before = five({ checks: 100, deploy: 100, runner: 100 });
    expect(told(before, five({ checks: 150, deploy: 130, runner: 120 }))).toMatchObject({
      stage: 'checks',
      stageGrewSeconds: 50,
    });
    expect(told(before, five({ checks: 149, deploy: 131, runner: 120 }))).toEqual({
      beforeSeconds: 300,
      nowSeconds: 400,
      stage: null,
      stageGrewSeconds: null,
      job: null,
      step: null,
      since: null,
    });
  });

  test('may be a stage that was not there before', () => {
    expect(told(five({ checks: 100 }), five({ checks: 100, approval: 60 }))).toMatchObject({
      stage: 'approval',
      stageGrewSeconds: 60,
    });
  });

  test('is found among stages that shrank', () => {
    expect(told(five({ runner: 100, checks: 100 }), five({ runner: 40, checks: 240 }))).toMatchObject({
      stage: 'checks',
      stageGrewSeconds: 140,
    });
  });
});

describe('the job and the step', () => {
  const step = (job: string, name: string, medianSeconds: number) =>
    ({ job, step: name, medianSeconds }) as PathStep;

  test('that grew most, a new one from nothing', () => {
    const before = five({ checks: 100 }, { lint: 40, test: 60 });
    expect(told(before, five({ checks: 300 }, { lint: 50, test: 250 }))).toMatchObject({ job: 'test' });
    expect(told(before, five({ checks: 300 }, { lint: 40, test: 60, browser: 200 }))).toMatchObject({
      job: 'browser',
    });
  });

  test('of the stage that grew, and only where one did', () => {
    const before = five({ checks: 100, deploy: 50 }, { test: 100 });
    expect(told(before, five({ checks: 100, deploy: 250 }, { test: 900 }))).toMatchObject({
      stage: 'deploy',
      job: null,
      step: null,
    });
    expect(told(before, five({ checks: 300, deploy: 50 }, { test: 100 }))).toMatchObject({
      stage: 'checks',
      job: null,
      step: null,
    });
  });

  test('the step of that job, held against the same step before', () => {
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
      told(five({ checks: 100 }, { test: 100 }), five({ checks: 300 }, { test: 300 }), { path: paths });
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
    told(five({ checks: 100 }), now, { changes })?.since;

  test('the deployment where the series goes from the old to the new, in whatever order it is listed', () => {
    const now = [fast(1), fast(2), slow(3), slow(4), slow(5), slow(6)];
    const expected = { deployment: 3, at: at(3), pullRequests: [30], workflowChange: null };
    expect(since(now)).toEqual(expected);
    expect(since(now.toReversed())).toEqual(expected);
  });

  test('a slow one on its own before, and a fast one after, are noise', () => {
    const now = [fast(1), slow(2), fast(3), fast(4), slow(5), slow(6), slow(7), fast(8), slow(9), slow(10)];
    expect(since(now)?.deployment).toBe(5);
  });

  test('from the first on, where all are of the new', () => {
    expect(since([slow(1), slow(2), slow(3), slow(4), slow(5)])?.deployment).toBe(1);
  });

  test('halfway is new already', () => {
    const between = (checks: number) =>
      since([fast(1), staged({ checks }, 2), slow(3), slow(4), slow(5)])?.deployment;
    expect(between(300)).toBe(2);
    expect(between(299)).toBe(3);
  });

  test('with the change of a workflow file that went in there', () => {
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

  test('a stage that was not told of one is none there', () => {
    const now = [staged({ runner: 90 }, 1), ...[2, 3, 4, 5].map((order) => staged({ approval: 300 }, order))];
    expect(told(five({ runner: 90 }), now)).toMatchObject({ stage: 'approval', since: { deployment: 2 } });
  });
});
