import { describe, expect, test } from '@jest/globals';
import { NO_PIPELINES, type Pipeline, type Pipelines } from '../../src/model/pipeline.ts';
import { measure, type MeasuredByHand } from '../support/by-hand.ts';
import type { MeasuredDeployment } from '../../src/measure/measured.ts';
import { worthOpening } from '../support/by-hand.ts';
import { quantileOf } from '../../src/model/survival.ts';
import { stageReport } from '../../src/diagnose/stage-report.ts';
import { at, deployment, facts, job, line, person, pipeline, question, run } from '../support/facts.ts';

const opened = (byDeployment: [number, Pipeline][], more: Partial<Pipelines> = {}): Pipelines => ({
  ...NO_PIPELINES,
  byDeployment: new Map(byDeployment),
  ...more,
});

/** Three changes, each deployed by its own run: merged at 100, 1000 and 2000, and live 160, 260 and 400 seconds later. */
const history = facts(line(-100, 100, 1000, 2000), [
  deployment(1, 'c1', -90),
  deployment(2, 'c2', 200, { run: 20 }),
  deployment(3, 'c3', 1200, { run: 30 }),
  deployment(4, 'c4', 2340, { run: 40 }),
]);
const runs: [number, Pipeline][] = [
  [2, pipeline(run(20, 100, [job('test', 110, 200), job('deploy', 200, 260, { id: 2, created: 200 })]))],
  [
    3,
    pipeline(run(30, 1000, [job('test', 1020, 1200), job('deploy', 1200, 1260, { id: 2, created: 1200 })])),
  ],
  [
    4,
    pipeline(run(40, 2000, [job('test', 2020, 2340), job('deploy', 2340, 2400, { id: 2, created: 2340 })])),
  ],
];
const measures = measure(history, question(9000));

describe('the report', () => {
  const report = stageReport(measures, opened(runs));

  test('cuts every shipped change whose run was opened', () => {
    expect(report).toMatchObject({ shipped: 3, opened: 3, inActions: true });
    expect(
      report.staged.map((change) => [change.mergeset.number, change.leadTimeSeconds, change.seconds]),
    ).toEqual([
      [2, 160, { runner: 10, checks: 90, deploy: 60 }],
      [3, 260, { runner: 20, checks: 180, deploy: 60 }],
      [4, 400, { runner: 20, checks: 320, deploy: 60 }],
    ]);
  });

  test('has the slowest change and the median one, the faster of two', () => {
    expect(report.slowest?.mergeset.number).toBe(4);
    expect(report.median?.mergeset.number).toBe(3);
    const two = stageReport(measures, opened(runs.slice(1)));
    expect(two.median?.mergeset.number).toBe(3);
  });

  test('has a row for each stage, in order, with its share of all the time', () => {
    expect(report.rows).toEqual([
      { stage: 'runner', medianSeconds: 20, p90Seconds: 20, share: 50 / 820, beforeSeconds: null },
      { stage: 'checks', medianSeconds: 180, p90Seconds: 320, share: 590 / 820, beforeSeconds: null },
      { stage: 'deploy', medianSeconds: 60, p90Seconds: 60, share: 180 / 820, beforeSeconds: null },
    ]);
  });

  test('does not cut changes whose run was not opened', () => {
    expect(stageReport(measures, opened(runs.slice(0, 1)))).toMatchObject({ shipped: 3, opened: 1 });
    expect(stageReport(measures, NO_PIPELINES)).toMatchObject({
      shipped: 3,
      opened: 0,
      inActions: false,
      staged: [],
      rows: [],
      slowest: null,
      median: null,
    });
  });
});

test('a deployment from outside GitHub Actions has two stages, before and after it was created', () => {
  const outside = measure(
    facts(line(-100, 100), [deployment(1, 'c1', -90), deployment(2, 'c2', 300)]),
    question(9000),
  );
  expect(stageReport(outside, NO_PIPELINES)).toMatchObject({
    inActions: false,
    opened: 1,
    rows: [
      { stage: 'before-deployment', medianSeconds: 200 },
      { stage: 'deploying', medianSeconds: 60 },
    ],
  });
});

test('changes without a lead time are not cut, even if their deployment shipped a timed one', () => {
  const answer = measure(
    facts(line(10, 100, 200), [deployment(1, 'c2', 150), deployment(2, 'c3', 300)]),
    question(9000),
  );
  expect(stageReport(answer, NO_PIPELINES)).toMatchObject({
    shipped: 1,
    staged: [{ mergeset: { number: 3 } }],
  });
});

test('a change that was live at once has no stages and no shares', () => {
  const answer = measure(
    facts(line(-100, 300), [deployment(1, 'c1', -90), deployment(2, 'c2', 240)]),
    question(9000),
  );
  expect(stageReport(answer, NO_PIPELINES)).toMatchObject({
    rows: [],
    staged: [{ leadTimeSeconds: 0, segments: [] }],
  });
  const before = [{ pipeline: runs[0]?.[1] as Pipeline, mergedAt: at(-100), liveAt: at(-40) }];
  expect(stageReport(answer, opened([], { earlierRuns: before })).rows.every((row) => row.share === 0)).toBe(
    true,
  );
});

describe('started by a person', () => {
  const dispatched = pipeline(
    run(20, 200, [job('deploy', 200, 260)], { event: 'workflow_dispatch', actor: person('ada') }),
  );
  test('the time before the run was spent waiting for them', () => {
    expect(stageReport(measures, opened([[2, dispatched]])).staged[0]?.seconds).toEqual({
      'by-hand': 100,
      deploy: 60,
    });
  });

  test('a person who made a deployment from outside GitHub Actions does not change its stages', () => {
    const answer = measure(
      facts(line(-100, 100), [
        deployment(1, 'c1', -90),
        deployment(2, 'c2', 300, { creator: person('ada') }),
      ]),
      question(9000),
    );
    expect(stageReport(answer, NO_PIPELINES).staged[0]?.seconds).toEqual({
      'before-deployment': 200,
      deploying: 60,
    });
  });
});

test('only an earlier deployment can hold up another one', () => {
  const queued = measure(
    facts(line(-100, 100, 150), [
      deployment(1, 'c1', -90),
      deployment(2, 'c2', 110, { statuses: [['SUCCESS', 400]] }),
      deployment(3, 'c3', 410, { run: 30, statuses: [['SUCCESS', 470]] }),
      deployment(4, 'c3', 200, { statuses: [['SUCCESS', 900]] }),
    ]),
    question(9000),
  );
  const waiting = pipeline(run(30, 410, [job('deploy', 410, 470)]));
  expect(
    stageReport(queued, opened([[3, waiting]])).staged.find((change) => change.mergeset.number === 3)
      ?.seconds,
  ).toEqual({
    behind: 250,
    starting: 10,
    deploy: 60,
  });
});

describe('the period before', () => {
  const before = [
    { pipeline: runs[0]?.[1] as Pipeline, mergedAt: at(90), liveAt: at(260) },
    { pipeline: runs[1]?.[1] as Pipeline, mergedAt: at(1000), liveAt: at(1260) },
  ];

  test('is cut into the same stages', () => {
    const report = stageReport(measures, opened(runs, { earlierRuns: before }));
    expect(report.before.map((change) => [change.leadTimeSeconds, change.seconds])).toEqual([
      [170, { starting: 10, runner: 10, checks: 90, deploy: 60 }],
      [260, { runner: 20, checks: 180, deploy: 60 }],
    ]);
    expect(report.rows.map((row) => [row.stage, row.beforeSeconds])).toEqual([
      ['runner', 10],
      ['checks', 90],
      ['deploy', 60],
    ]);
  });

  test('adds a row for a stage that takes no time now', () => {
    const slow = before.map((change) => ({ ...change, mergedAt: at(0) }));
    const row = stageReport(measures, opened(runs, { earlierRuns: slow })).rows.find(
      (stage) => stage.stage === 'starting',
    );
    expect(row).toEqual({ stage: 'starting', medianSeconds: 0, p90Seconds: 0, share: 0, beforeSeconds: 100 });
  });
});

test('the slowest change need not be the last one', () => {
  const answer = measure(
    facts(line(-100, 100, 1000, 3000), [
      deployment(1, 'c1', -90),
      deployment(2, 'c2', 700),
      deployment(3, 'c3', 1100),
      deployment(4, 'c4', 3200),
    ]),
    question(9000),
  );
  const report = stageReport(answer, NO_PIPELINES);
  expect(report.slowest?.mergeset.number).toBe(2);
  expect(report.median?.mergeset.number).toBe(4);
});

test('a quantile is the smallest value that covers the share', () => {
  expect(quantileOf([40, 10, 30, 20], 0.5)).toBe(20);
  expect(quantileOf([40, 10, 30, 20], 0.9)).toBe(40);
  expect(quantileOf([], 0.5)).toBe(0);
});

describe('the deployments to open', () => {
  /** Deployments in order, each with one change that took this many seconds, or has no lead time. */
  const shipping = (times: (number | null)[], judged: number | null = null): MeasuredByHand => {
    const deployments = times.map(
      (leadTimeSeconds, i) =>
        ({ id: i, at: at(i), mergesets: [{ leadTimeSeconds }] }) as unknown as MeasuredDeployment,
    );
    return {
      deployments,
      judged: judged === null ? null : (deployments[judged] ?? null),
      target: { thresholdSeconds: 1125 },
    } as unknown as MeasuredByHand;
  };
  const ids = (...parameters: Parameters<typeof worthOpening>) =>
    worthOpening(...parameters).map((deployment) => deployment.id);
  const many = (count: number, seconds: number) => Array.from({ length: count }, () => seconds);

  test('are none with "none"', () => {
    expect(worthOpening(shipping([60, 2000]), 'none')).toEqual([]);
  });

  test('are all with a timed change if there are few', () => {
    expect(ids(shipping([60, null, 2000, 60]), 'auto')).toEqual([0, 2, 3]);
    expect(ids(shipping([60, null, 2000, 60]), 'full')).toEqual([0, 2, 3]);
  });

  test('are an even sample of 30 if all are fast', () => {
    const sample = ids(shipping(many(90, 60)), 'auto');
    expect(sample).toHaveLength(30);
    expect(sample).toEqual(Array.from({ length: 30 }, (_, i) => i * 3));
  });

  test('include all that are past the threshold, and a sample of the others', () => {
    const times = [...many(60, 1125), ...many(20, 1126)];
    const chosen = ids(shipping(times), 'auto');
    expect(chosen.filter((id) => Number(id) >= 60)).toHaveLength(20);
    expect(chosen.filter((id) => Number(id) < 60)).toEqual([0, 6, 12, 18, 24, 30, 36, 42, 48, 54]);
    expect(chosen).toEqual([...chosen].sort((a, b) => Number(a) - Number(b)));
  });

  test('are the newest 100 slow ones if there are more slow ones than the sample has room for', () => {
    const chosen = ids(shipping([...many(10, 60), ...many(120, 2000)]), 'auto');
    expect(chosen).toHaveLength(100);
    expect(chosen[0]).toBe(30);
    expect(ids(shipping([...many(10, 60), ...many(30, 2000)]), 'auto')).toHaveLength(30);
    expect(ids(shipping([...many(10, 60), ...many(29, 2000)]), 'auto')).toHaveLength(30);
  });

  test('include a deployment with one slow change, and one with one timed change', () => {
    const measures = shipping(many(90, 60));
    const changes = (...times: (number | null)[]) => times.map((leadTimeSeconds) => ({ leadTimeSeconds }));
    Object.assign(measures.deployments[1] ?? {}, { mergesets: changes(60, 2000) });
    Object.assign(measures.deployments[2] ?? {}, { mergesets: changes(null, 2000) });
    Object.assign(measures.deployments[4] ?? {}, { mergesets: [] });
    expect(ids(measures, 'auto').slice(0, 3)).toEqual([0, 1, 2]);
    expect(ids(measures, 'full')).not.toContain(4);
  });

  test('include the judged one, however fast it was', () => {
    const chosen = ids(shipping(many(90, 60), 88), 'auto');
    expect(chosen).toContain(88);
    expect(chosen).toHaveLength(30);
  });

  test('are the newest 100 with "full"', () => {
    const chosen = ids(shipping(many(130, 60)), 'full');
    expect([chosen.length, chosen[0], chosen.at(-1)]).toEqual([100, 30, 129]);
  });
});
