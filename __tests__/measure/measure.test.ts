import { describe, expect, test } from '@jest/globals';
import { measure } from '../support/by-hand.ts';
import { at, commit, deployment, facts, line, question, eventOn } from '../support/facts.ts';

const changes = (answer: ReturnType<typeof measure>) =>
  answer.mergesets.map(({ number, deployment: by, leadTimeSeconds, waitingSeconds, untimed }) => [
    number,
    by,
    leadTimeSeconds,
    waitingSeconds,
    untimed,
  ]);
const deployments = (answer: ReturnType<typeof measure>) =>
  answer.deployments.map(({ id, outcome, mergesets }) => [
    id,
    outcome,
    mergesets.map((mergeset) => mergeset.number),
  ]);

describe('times', () => {
  test('are from merge to success, or to now while a change waits, in whole seconds', () => {
    const history = facts(line(-100, 100, 200), [deployment(1, 'c1', -90), deployment(2, 'c2', 400)]);
    const answer = measure(history, question(1000));
    expect(changes(answer)).toEqual([
      [2, 2, 360, null, false],
      [3, null, null, 800, false],
    ]);
    expect(answer.mergesets[0]?.deployedAt).toEqual(at(460));
    expect(answer.mergesets.map((mergeset) => mergeset.notes)).toEqual([[], []]);
    expect(answer.leadTime).toMatchObject({ count: 2, deployed: 1, pending: 1, max: 800 });
  });

  test('are rounded down to whole seconds', () => {
    const history = facts(line(-100, 100.9), [deployment(1, 'c1', -90), deployment(2, 'c2', 101)]);
    expect(measure(history, question(1000)).mergesets[0]?.leadTimeSeconds).toBe(60);
  });

  test('are 0 with a note for a change that was live before its merge', () => {
    const history = facts(line(-100, 500), [deployment(1, 'c1', -90), deployment(2, 'c2', 400)]);
    expect(measure(history, question(1000)).mergesets[0]).toMatchObject({
      leadTimeSeconds: 0,
      notes: ['before-merge'],
    });
  });

  test('are 0 without a note for a change that was live in the second of its merge', () => {
    const history = facts(line(-100, 500), [deployment(1, 'c1', -90), deployment(2, 'c2', 440)]);
    expect(measure(history, question(1000)).mergesets[0]).toMatchObject({ leadTimeSeconds: 0, notes: [] });
  });

  test('end now, with a note, for a change that the current run deploys', () => {
    const history = facts(line(-100, 100), [
      deployment(1, 'c1', -90),
      deployment(2, 'c2', 120, { statuses: [['IN_PROGRESS', 125]], run: 7 }),
    ]);
    const answer = measure(history, question(400, { runId: 7 }));
    expect(answer.mergesets[0]).toMatchObject({
      deployment: 2,
      leadTimeSeconds: 300,
      notes: ['assumed'],
    });
    expect(answer.judged).toMatchObject({ id: 2, assumed: true });
  });
});

describe('changes without a lead time', () => {
  test("are those of the environment's first success", () => {
    const history = facts(line(-100, 100, 200), [deployment(1, 'c2', 150), deployment(2, 'c3', 250)]);
    const answer = measure(history, question(1000));
    expect(changes(answer)).toEqual([
      [2, 1, null, null, true],
      [3, 2, 110, null, false],
    ]);
    expect(answer.mergesets[0]?.notes).toEqual(['first-success']);
    // It lists its changes of the window, but is not a batch.
    expect(answer.deployments[0]).toMatchObject({ isFirstSuccess: true, batched: false, authors: ['ada'] });
    expect(deployments(answer)).toEqual([
      [1, 'success', [2]],
      [2, 'success', [3]],
    ]);
    expect(answer.leadTime.count).toBe(1);
  });

  test('do not make the first success a batch, however many it contains', () => {
    const history = facts(line(10, 20, 30), [deployment(1, 'c3', 150)]);
    const answer = measure(history, question(1000));
    expect(answer.deployments[0]).toMatchObject({ isFirstSuccess: true, batched: false, causes: [] });
    expect(answer.deployments[0]?.mergesets).toHaveLength(3);
  });

  test('are those of a deployment whose statuses are gone', () => {
    const history = facts(line(-100, 100), [
      deployment(1, 'c1', -90),
      deployment(2, 'c2', 200, { statuses: [], state: 'INACTIVE' }),
    ]);
    const answer = measure(history, question(1000));
    expect(changes(answer)).toEqual([[2, 2, null, null, true]]);
    expect(answer.mergesets[0]?.notes).toEqual(['statuses-gone']);
  });
});

describe('the window, both ends included', () => {
  const history = facts(line(-101, -100, 0, 1000, 1001), [
    deployment(1, 'c1', -500, { statuses: [['SUCCESS', -99]] }),
    deployment(2, 'c4', 700, { statuses: [['SUCCESS', 1000]] }),
    deployment(3, 'c4', 800, { statuses: [['FAILURE', 1001]] }),
  ]);

  test('contains changes by their merge', () => {
    const answer = measure(history, question(1000));
    expect(changes(answer)).toEqual([
      [3, 2, 1000, null, false],
      [4, 2, 0, null, false],
    ]);
  });

  test('contains deployments by their end, with all their changes, and running ones by their start', () => {
    expect(deployments(measure(history, question(1000)))).toEqual([
      [2, 'success', [2, 3, 4]],
      [3, 'running', []],
    ]);
    const idsStartedAt = (created: number) =>
      measure(
        facts(line(-100), [
          deployment(1, 'c1', -90),
          deployment(2, 'c1', created, { statuses: [['IN_PROGRESS', created]] }),
        ]),
        question(1000),
      ).deployments.map((deployment) => deployment.id);
    expect(idsStartedAt(0)).toEqual([2]);
    expect(idsStartedAt(-1)).toEqual([]);
    const idsEndedAt = (time: number) =>
      measure(
        facts(line(-100), [
          deployment(1, 'c1', -90),
          deployment(2, 'c1', -80, { statuses: [['FAILURE', time]] }),
        ]),
        question(1000),
      ).deployments.map((deployment) => deployment.id);
    expect(idsEndedAt(0)).toEqual([2]);
    expect(idsEndedAt(-1)).toEqual([]);
  });

  test('does not limit pending changes, which are listed oldest first', () => {
    const answer = measure(facts(line(-300, -200, -100, 100), [deployment(1, 'c1', -250)]), question(1000));
    expect(answer.pending.map((mergeset) => [mergeset.number, mergeset.waitingSeconds])).toEqual([
      [2, 1200],
      [3, 1100],
      [4, 900],
    ]);
    expect(answer.leadTime.pending).toBe(1);
  });

  test('does not contain changes that were merged and shipped before it', () => {
    const answer = measure(
      facts(line(-300, -200), [deployment(1, 'c1', -250), deployment(2, 'c2', -150)]),
      question(9),
    );
    expect(answer.pending).toEqual([]);
    expect(answer.mergesets).toEqual([]);
  });

  test('lists a pending change once that was merged at its very start', () => {
    const answer = measure(facts(line(-100, 0, 50), [deployment(1, 'c1', -90)]), question(1000));
    expect(answer.pending.map((mergeset) => mergeset.number)).toEqual([2, 3]);
    const shipped = measure(
      facts(line(-100, 0, 50), [deployment(1, 'c1', -90), deployment(2, 'c2', 10)]),
      question(1000),
    );
    expect(shipped.pending.map((mergeset) => mergeset.number)).toEqual([3]);
  });

  test('contains all pending changes if nothing was ever live', () => {
    const failed = deployment(1, 'c1', 50, { statuses: [['FAILURE', 60]] });
    const answer = measure(facts(line(-300, -200, 100), [failed]), question(1000));
    expect(answer.pending.map((mergeset) => mergeset.number)).toEqual([3]);
  });
});

test('a failed or running deployment is not a seed, a redeploy or a rollback', () => {
  const history = facts(line(-100, 100), [
    deployment(1, 'c1', -90),
    deployment(2, 'c2', 110, { statuses: [['FAILURE', 120]] }),
    deployment(3, 'c2', 130, { statuses: [['IN_PROGRESS', 140]] }),
  ]);
  const nothing = {
    mergesets: [],
    batched: false,
    causes: [],
    redeploy: false,
    rollback: false,
    isFirstSuccess: false,
  };
  expect(measure(history, question(1000)).deployments).toMatchObject([nothing, nothing]);
});

test('redeploys and rollbacks are marked', () => {
  const history = facts(line(-200, -100), [
    deployment(1, 'c1', -190),
    deployment(2, 'c2', -90),
    deployment(3, 'c2', 10),
    deployment(4, 'c1', 110),
  ]);
  expect(measure(history, question(1000)).deployments).toMatchObject([
    { id: 3, redeploy: true, rollback: false },
    { id: 4, redeploy: false, rollback: true },
  ]);
});

test('a later deployment is ignored, and a change is timed once', () => {
  const history = facts(line(-100, 100), [
    deployment(1, 'c1', -90),
    deployment(2, 'c2', 110),
    deployment(3, 'c2', 1001),
  ]);
  const answer = measure(history, question(1000));
  expect(answer.deployments.map((deployment) => deployment.id)).toEqual([2]);
  expect(answer.deployments[0]?.mergesets[0]).toBe(answer.mergesets[0]);
});

test('deployments are in the order in which they ended', () => {
  const history = facts(line(-100, 100), [
    deployment(3, 'c2', 300),
    deployment(2, 'c2', 110),
    deployment(1, 'c1', -90),
  ]);
  expect(measure(history, question(1000)).deployments.map((deployment) => deployment.id)).toEqual([2, 3]);
});

test('the first success lists a change that was merged at the very start of the window', () => {
  const answer = measure(facts(line(-1, 0), [deployment(1, 'c2', 150)]), question(1000));
  expect(answer.deployments[0]?.mergesets.map((mergeset) => mergeset.number)).toEqual([2]);
});

describe('batches', () => {
  const history = facts(
    [
      commit('c1', [], -100),
      commit('c2', ['c1'], 100, { author: 'ada' }),
      commit('c3', ['c2'], 101, { author: null }),
      commit('c4', ['c3'], 200, { author: 'ben' }),
      commit('c5', ['c4'], 300, { author: 'ada' }),
    ],
    [deployment(1, 'c1', -90), deployment(2, 'c5', 310)],
  );

  test('have more changes than max-batch, and list their causes and each author once', () => {
    const answer = measure(history, question(1000, { maxBatch: 3 }));
    expect(answer.deployments[0]).toMatchObject({
      batched: true,
      authors: ['ada', 'ben'],
      causes: [{ kind: 'landed-together', count: 2 }],
    });
  });

  test('do not include a deployment with exactly max-batch changes', () => {
    expect(measure(history, question(1000, { maxBatch: 4 })).deployments[0]).toMatchObject({
      batched: false,
      causes: [],
    });
  });
});

describe('the judged deployment', () => {
  const history = facts(line(-100, 100, 200), [
    deployment(1, 'c1', -90),
    deployment(2, 'c2', 110),
    deployment(3, 'c3', 210, { statuses: [['FAILURE', 220]] }),
  ]);

  test('is the newest success, even if a later deployment failed', () => {
    expect(measure(history, question(1000)).judged?.id).toBe(2);
  });

  test("is the event's deployment if it shipped a change", () => {
    expect(measure(history, question(1000, { event: eventOn(2) })).judged?.id).toBe(2);
  });

  test("is none if the event's deployment failed, and never the newest success instead", () => {
    expect(measure(history, question(1000, { event: eventOn(3) }))).toMatchObject({
      judged: null,
      unjudged: { why: 'failure', deployment: 3 },
    });
  });

  test('is none in the other modes, and without deployments', () => {
    for (const mode of ['pull-request', 'scheduled'] as const)
      expect(measure(history, question(1000, { mode })).judged).toBeNull();
    expect(measure(facts(line(-100), [deployment(1, 'c1', -90)]), question(9)).judged).toBeNull();
  });
});

describe('a deployment of a commit that the repository no longer has', () => {
  const missing = (created: number, succeeded: number) =>
    deployment(2, 'deadbeef00', created, { statuses: [['SUCCESS', succeeded]], gone: true });
  const answerWith = (other: ReturnType<typeof deployment>, merged = 100, shippedAt = 400, now = 3000) =>
    measure(
      facts(line(-100, merged), [
        deployment(1, 'c1', -90),
        other,
        deployment(3, 'c2', shippedAt, { statuses: [['SUCCESS', shippedAt]] }),
      ]),
      question(now),
    );

  test('is skipped, with a message', () => {
    const answer = answerWith(missing(300, 350));
    expect(changes(answer)).toEqual([[2, 3, 300, null, false]]);
    expect(answer.deployments.map((deployment) => deployment.id)).toEqual([3]);
    expect(answer.gaps).toEqual([
      {
        what: 'Deployment 2 was skipped, because the repository no longer has its commit deadbee.',
        consequence: 'Its changes count for the next deployment.',
        verdictAtRisk: false,
      },
    ]);
    expect(answer.status).toBe('on-target');
  });

  test('leaves no verdict if the verdict would change had it shipped everything merged before', () => {
    const answer = answerWith(missing(300, 350), 100, 2000);
    expect(answer.gaps[0]).toMatchObject({ verdictAtRisk: true });
    expect(answer.gaps[0]?.consequence).toContain('There is no verdict, because');
    expect(answer.status).toBe('insufficient-data');
    expect(answer.leadTimeSeconds).toBe(1900);
  });

  test('cannot have shipped changes that were merged after it', () => {
    expect(answerWith(missing(50, 99), 100, 2000)).toMatchObject({
      status: 'drifted',
      gaps: [{ verdictAtRisk: false }],
    });
    expect(answerWith(missing(50, 100), 100, 2000)).toMatchObject({ gaps: [{ verdictAtRisk: true }] });
  });

  test('shipped nothing if it failed', () => {
    const failed = deployment(2, 'deadbeef00', 300, { statuses: [['FAILURE', 350]], gone: true });
    expect(answerWith(failed, 100, 2000)).toMatchObject({
      status: 'drifted',
      gaps: [{ verdictAtRisk: false }],
    });
  });

  test('may have shipped changes that seem to wait', () => {
    const answer = measure(
      facts(line(-100, 100), [deployment(1, 'c1', -90), missing(300, 350)]),
      question(3000),
    );
    expect(answer).toMatchObject({ status: 'insufficient-data', gaps: [{ verdictAtRisk: true }] });
  });

  test('is not reported if it was made before or after the window', () => {
    expect(answerWith(missing(-50, -40)).gaps).toEqual([]);
    expect(answerWith(missing(0, 40)).gaps).toHaveLength(1);
    expect(answerWith(missing(2999, 3000)).gaps).toHaveLength(1);
    expect(answerWith(missing(3001, 3002)).gaps).toEqual([]);
  });

  test('puts the verdict at risk only if the verdict would change', () => {
    // The median still waits. It would be known, and on target, had the missing commit shipped it.
    const waits = measure(
      facts(line(-100, 100, 200, 300), [
        deployment(1, 'c1', -90),
        missing(310, 320),
        deployment(3, 'c2', 1500, { statuses: [['SUCCESS', 1500]] }),
      ]),
      question(1600),
    );
    expect(waits.gaps[0]).toMatchObject({ verdictAtRisk: true });
    // It succeeded after the change was live, so it cannot matter.
    const late = measure(
      facts(line(-100, 100), [deployment(1, 'c1', -90), deployment(3, 'c2', 110), missing(300, 350)]),
      question(3000),
    );
    expect(late).toMatchObject({ status: 'on-target', gaps: [{ verdictAtRisk: false }] });
    // The sample is too small either way.
    const early = measure(facts(line(-100, 100), [deployment(1, 'c1', -90), missing(50, 60)]), question(300));
    expect(early).toMatchObject({ status: 'insufficient-data', gaps: [{ verdictAtRisk: false }] });
  });

  test('has "(none)" for a missing commit id', () => {
    const nameless = deployment(2, '', 300, { gone: true });
    expect(answerWith(nameless).gaps[0]?.what).toContain('its commit (none).');
  });

  test('does not affect changes without a lead time', () => {
    const answer = measure(
      facts(line(50, 100, 300), [
        deployment(1, 'c2', 200),
        deployment(2, 'deadbeef00', 210, { gone: true }),
        deployment(3, 'c3', 310),
      ]),
      question(9999, { minSamples: 2 }),
    );
    expect(answer).toMatchObject({ status: 'insufficient-data', gaps: [{ verdictAtRisk: false }] });
  });
});

test('a gap that puts the verdict at risk leaves no verdict, and another gap does not', () => {
  const gap = (verdictAtRisk: boolean) => ({ what: 'A page failed.', consequence: '', verdictAtRisk });
  const answerWith = (verdictAtRisk: boolean) =>
    measure(
      facts(line(-100, 100), [deployment(1, 'c1', -90), deployment(2, 'c2', 110)], {
        gaps: [gap(verdictAtRisk)],
      }),
      question(1000),
    );
  expect(answerWith(false).status).toBe('on-target');
  expect(answerWith(true)).toMatchObject({ status: 'insufficient-data', findings: [{ kind: 'no-data' }] });
});

test('direct pushes are changes if they are counted', () => {
  const commits = [...line(-100), commit('c2', ['c1'], 100, { merged: null })];
  const history = facts(commits, [deployment(1, 'c1', -90), deployment(2, 'c2', 110)]);
  expect(measure(history, question(1000)).mergesets).toEqual([]);
  expect(measure(history, question(1000, { countDirectPushes: true })).mergesets).toMatchObject([
    { kind: 'direct-push', title: 'commit c2', leadTimeSeconds: 70 },
  ]);
});
