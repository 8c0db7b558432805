import { describe, expect, test } from '@jest/globals';
import { measure } from '../support/by-hand.ts';
import { at, commit, deployment, facts, line, question, eventOn } from '../support/facts.ts';

const changes = (it: ReturnType<typeof measure>) =>
  it.mergesets.map(({ number, deployment: by, leadTimeSeconds, waitingSeconds, untimed }) => [
    number,
    by,
    leadTimeSeconds,
    waitingSeconds,
    untimed,
  ]);
const deployments = (it: ReturnType<typeof measure>) =>
  it.deployments.map(({ id, outcome, mergesets }) => [
    id,
    outcome,
    mergesets.map((mergeset) => mergeset.number),
  ]);

describe('times', () => {
  test('from merge to the success, in whole seconds; so far where it waits', () => {
    const history = facts(line(-100, 100, 200), [deployment(1, 'c1', -90), deployment(2, 'c2', 400)]);
    const it = measure(history, question(1000));
    expect(changes(it)).toEqual([
      [2, 2, 360, null, false],
      [3, null, null, 800, false],
    ]);
    expect(it.mergesets[0]?.deployedAt).toEqual(at(460));
    expect(it.mergesets.map((mergeset) => mergeset.notes)).toEqual([[], []]);
    expect(it.leadTime).toMatchObject({ count: 2, deployed: 1, pending: 1, max: 800 });
  });

  test('a fraction of a second is not a second', () => {
    const history = facts(line(-100, 100.9), [deployment(1, 'c1', -90), deployment(2, 'c2', 101)]);
    expect(measure(history, question(1000)).mergesets[0]?.leadTimeSeconds).toBe(60);
  });

  test('live before it was merged: zero, and said', () => {
    const history = facts(line(-100, 500), [deployment(1, 'c1', -90), deployment(2, 'c2', 400)]);
    expect(measure(history, question(1000)).mergesets[0]).toMatchObject({
      leadTimeSeconds: 0,
      notes: ['before-merge'],
    });
  });

  test('live in the very second of its merge: zero, and nothing to say', () => {
    const history = facts(line(-100, 500), [deployment(1, 'c1', -90), deployment(2, 'c2', 440)]);
    expect(measure(history, question(1000)).mergesets[0]).toMatchObject({ leadTimeSeconds: 0, notes: [] });
  });

  test('this very run still deploys it: live now, and said', () => {
    const history = facts(line(-100, 100), [
      deployment(1, 'c1', -90),
      deployment(2, 'c2', 120, { statuses: [['IN_PROGRESS', 125]], run: 7 }),
    ]);
    const it = measure(history, question(400, { runId: 7 }));
    expect(it.mergesets[0]).toMatchObject({
      deployment: 2,
      leadTimeSeconds: 300,
      notes: ['assumed'],
    });
    expect(it.judged).toMatchObject({ id: 2, assumed: true });
  });
});

describe('left untimed', () => {
  test("what the environment's first success contains", () => {
    const history = facts(line(-100, 100, 200), [deployment(1, 'c2', 150), deployment(2, 'c3', 250)]);
    const it = measure(history, question(1000));
    expect(changes(it)).toEqual([
      [2, 1, null, null, true],
      [3, 2, 110, null, false],
    ]);
    expect(it.mergesets[0]?.notes).toEqual(['first-success']);
    // Of what it contains, those of the window are named; it is no batch for them.
    expect(it.deployments[0]).toMatchObject({ seed: true, batched: false, authors: ['ada'] });
    expect(deployments(it)).toEqual([
      [1, 'success', [2]],
      [2, 'success', [3]],
    ]);
    expect(it.leadTime.count).toBe(1);
  });

  test('the first success is no batch, however many of the window it contains', () => {
    const history = facts(line(10, 20, 30), [deployment(1, 'c3', 150)]);
    const it = measure(history, question(1000));
    expect(it.deployments[0]).toMatchObject({ seed: true, batched: false, causes: [] });
    expect(it.deployments[0]?.mergesets).toHaveLength(3);
  });

  test('what a deployment shipped whose statuses are gone', () => {
    const history = facts(line(-100, 100), [
      deployment(1, 'c1', -90),
      deployment(2, 'c2', 200, { statuses: [], state: 'INACTIVE' }),
    ]);
    const it = measure(history, question(1000));
    expect(changes(it)).toEqual([[2, 2, null, null, true]]);
    expect(it.mergesets[0]?.notes).toEqual(['statuses-gone']);
  });
});

describe('the window, both ends included', () => {
  const history = facts(line(-101, -100, 0, 1000, 1001), [
    deployment(1, 'c1', -500, { statuses: [['SUCCESS', -99]] }),
    deployment(2, 'c4', 700, { statuses: [['SUCCESS', 1000]] }),
    deployment(3, 'c4', 800, { statuses: [['FAILURE', 1001]] }),
  ]);

  test('changes by their merge', () => {
    const it = measure(history, question(1000));
    expect(changes(it)).toEqual([
      [3, 2, 1000, null, false],
      [4, 2, 0, null, false],
    ]);
  });

  test('deployments by what became of them, with whatever they shipped; one under way by its beginning', () => {
    expect(deployments(measure(history, question(1000)))).toEqual([
      [2, 'success', [2, 3, 4]],
      [3, 'running', []],
    ]);
    const began = (created: number) =>
      measure(
        facts(line(-100), [
          deployment(1, 'c1', -90),
          deployment(2, 'c1', created, { statuses: [['IN_PROGRESS', created]] }),
        ]),
        question(1000),
      ).deployments.map((deployment) => deployment.id);
    expect(began(0)).toEqual([2]);
    expect(began(-1)).toEqual([]);
    const ended = (time: number) =>
      measure(
        facts(line(-100), [
          deployment(1, 'c1', -90),
          deployment(2, 'c1', -80, { statuses: [['FAILURE', time]] }),
        ]),
        question(1000),
      ).deployments.map((deployment) => deployment.id);
    expect(ended(0)).toEqual([2]);
    expect(ended(-1)).toEqual([]);
  });

  test('what was merged before it and still waits is pending too, oldest first', () => {
    const it = measure(facts(line(-300, -200, -100, 100), [deployment(1, 'c1', -250)]), question(1000));
    expect(it.pending.map((mergeset) => [mergeset.number, mergeset.waitingSeconds])).toEqual([
      [2, 1200],
      [3, 1100],
      [4, 900],
    ]);
    expect(it.leadTime.pending).toBe(1);
  });

  test('what was merged before it and shipped is not pending', () => {
    const it = measure(
      facts(line(-300, -200), [deployment(1, 'c1', -250), deployment(2, 'c2', -150)]),
      question(9),
    );
    expect(it.pending).toEqual([]);
    expect(it.mergesets).toEqual([]);
  });

  test('what shipped is not pending, and what was merged at its very beginning is pending once', () => {
    const it = measure(facts(line(-100, 0, 50), [deployment(1, 'c1', -90)]), question(1000));
    expect(it.pending.map((mergeset) => mergeset.number)).toEqual([2, 3]);
    const shipped = measure(
      facts(line(-100, 0, 50), [deployment(1, 'c1', -90), deployment(2, 'c2', 10)]),
      question(1000),
    );
    expect(shipped.pending.map((mergeset) => mergeset.number)).toEqual([3]);
  });

  test('where nothing was ever live, only the window waits: before it there is no edge to tell', () => {
    const failed = deployment(1, 'c1', 50, { statuses: [['FAILURE', 60]] });
    const it = measure(facts(line(-300, -200, 100), [failed]), question(1000));
    expect(it.pending.map((mergeset) => mergeset.number)).toEqual([3]);
  });
});

test('a deployment that shipped nothing is neither first, nor again, nor back', () => {
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
    seed: false,
  };
  expect(measure(history, question(1000)).deployments).toMatchObject([nothing, nothing]);
});

test('again and back are told', () => {
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

test('a deployment that is not made yet is none, and each change is timed once', () => {
  const history = facts(line(-100, 100), [
    deployment(1, 'c1', -90),
    deployment(2, 'c2', 110),
    deployment(3, 'c2', 1001),
  ]);
  const it = measure(history, question(1000));
  expect(it.deployments.map((deployment) => deployment.id)).toEqual([2]);
  expect(it.deployments[0]?.mergesets[0]).toBe(it.mergesets[0]);
});

test('deployments are in the order in which they came to what they are', () => {
  const history = facts(line(-100, 100), [
    deployment(3, 'c2', 300),
    deployment(2, 'c2', 110),
    deployment(1, 'c1', -90),
  ]);
  expect(measure(history, question(1000)).deployments.map((deployment) => deployment.id)).toEqual([2, 3]);
});

test('the first success names what was merged at the very beginning of the window', () => {
  const it = measure(facts(line(-1, 0), [deployment(1, 'c2', 150)]), question(1000));
  expect(it.deployments[0]?.mergesets.map((mergeset) => mergeset.number)).toEqual([2]);
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

  test('more than max-batch, with each author once and the causes', () => {
    const it = measure(history, question(1000, { maxBatch: 3 }));
    expect(it.deployments[0]).toMatchObject({
      batched: true,
      authors: ['ada', 'ben'],
      causes: [{ kind: 'landed-together', count: 2 }],
    });
  });

  test('exactly max-batch is none, and has no cause', () => {
    expect(measure(history, question(1000, { maxBatch: 4 })).deployments[0]).toMatchObject({
      batched: false,
      causes: [],
    });
  });
});

describe('which deployment is judged', () => {
  const history = facts(line(-100, 100, 200), [
    deployment(1, 'c1', -90),
    deployment(2, 'c2', 110),
    deployment(3, 'c3', 210, { statuses: [['FAILURE', 220]] }),
  ]);

  test('the newest success, not a later failure', () => {
    expect(measure(history, question(1000)).judged?.id).toBe(2);
  });

  test("the event's, where it put something live", () => {
    expect(measure(history, question(1000, { event: eventOn(2) })).judged?.id).toBe(2);
  });

  test("none where the event's failed, and that is told; never the newest success in its stead", () => {
    expect(measure(history, question(1000, { event: eventOn(3) }))).toMatchObject({
      judged: null,
      unjudged: { why: 'failure', deployment: 3 },
    });
  });

  test('none in the other modes, and none where there is none', () => {
    for (const mode of ['pull-request', 'scheduled'] as const)
      expect(measure(history, question(1000, { mode })).judged).toBeNull();
    expect(measure(facts(line(-100), [deployment(1, 'c1', -90)]), question(9)).judged).toBeNull();
  });
});

describe('a deployment of a commit that the repository no longer has', () => {
  const gone = (created: number, succeeded: number) =>
    deployment(2, 'deadbeef00', created, { statuses: [['SUCCESS', succeeded]], gone: true });
  const asked = (other: ReturnType<typeof deployment>, merged = 100, shippedAt = 400, now = 3000) =>
    measure(
      facts(line(-100, merged), [
        deployment(1, 'c1', -90),
        other,
        deployment(3, 'c2', shippedAt, { statuses: [['SUCCESS', shippedAt]] }),
      ]),
      question(now),
    );

  test('is skipped, and said', () => {
    const it = asked(gone(300, 350));
    expect(changes(it)).toEqual([[2, 3, 300, null, false]]);
    expect(it.deployments.map((deployment) => deployment.id)).toEqual([3]);
    expect(it.gaps).toEqual([
      {
        what: 'Deployment 2 was skipped, because the repository no longer has its commit deadbee.',
        consequence: 'Its changes count for the next deployment.',
        verdictAtRisk: false,
      },
    ]);
    expect(it.status).toBe('on-target');
  });

  test('no verdict, where it would be another had it shipped all that was merged before', () => {
    const it = asked(gone(300, 350), 100, 2000);
    expect(it.gaps[0]).toMatchObject({ verdictAtRisk: true });
    expect(it.gaps[0]?.consequence).toContain('There is no verdict, because');
    expect(it.status).toBe('insufficient-data');
    expect(it.leadTimeSeconds).toBe(1900);
  });

  test('it cannot have shipped what was merged after it', () => {
    expect(asked(gone(50, 99), 100, 2000)).toMatchObject({
      status: 'drifted',
      gaps: [{ verdictAtRisk: false }],
    });
    expect(asked(gone(50, 100), 100, 2000)).toMatchObject({ gaps: [{ verdictAtRisk: true }] });
  });

  test('a failed one shipped nothing', () => {
    const failed = deployment(2, 'deadbeef00', 300, { statuses: [['FAILURE', 350]], gone: true });
    expect(asked(failed, 100, 2000)).toMatchObject({ status: 'drifted', gaps: [{ verdictAtRisk: false }] });
  });

  test('what still waits may have been shipped by it', () => {
    const it = measure(facts(line(-100, 100), [deployment(1, 'c1', -90), gone(300, 350)]), question(3000));
    expect(it).toMatchObject({ status: 'insufficient-data', gaps: [{ verdictAtRisk: true }] });
  });

  test('one from before the window is not worth a line, nor one that is not made yet', () => {
    expect(asked(gone(-50, -40)).gaps).toEqual([]);
    expect(asked(gone(0, 40)).gaps).toHaveLength(1);
    expect(asked(gone(2999, 3000)).gaps).toHaveLength(1);
    expect(asked(gone(3001, 3002)).gaps).toEqual([]);
  });

  test('with others that wait or were quick, it is the verdict that counts', () => {
    // The median waits: had the one that is gone shipped it, it would be known, and on target.
    const waits = measure(
      facts(line(-100, 100, 200, 300), [
        deployment(1, 'c1', -90),
        gone(310, 320),
        deployment(3, 'c2', 1500, { statuses: [['SUCCESS', 1500]] }),
      ]),
      question(1600),
    );
    expect(waits.gaps[0]).toMatchObject({ verdictAtRisk: true });
    // It succeeded later than what shipped it: it can have changed nothing.
    const late = measure(
      facts(line(-100, 100), [deployment(1, 'c1', -90), deployment(3, 'c2', 110), gone(300, 350)]),
      question(3000),
    );
    expect(late).toMatchObject({ status: 'on-target', gaps: [{ verdictAtRisk: false }] });
    // Nothing is known yet, and would not be with it either.
    const early = measure(facts(line(-100, 100), [deployment(1, 'c1', -90), gone(50, 60)]), question(300));
    expect(early).toMatchObject({ status: 'insufficient-data', gaps: [{ verdictAtRisk: false }] });
  });

  test('without a name it is called so', () => {
    const nameless = deployment(2, '', 300, { gone: true });
    expect(asked(nameless).gaps[0]?.what).toContain('its commit (none).');
  });

  test('untimed changes are not in what might be', () => {
    const it = measure(
      facts(line(50, 100, 300), [
        deployment(1, 'c2', 200),
        deployment(2, 'deadbeef00', 210, { gone: true }),
        deployment(3, 'c3', 310),
      ]),
      question(9999, { minSamples: 2 }),
    );
    expect(it).toMatchObject({ status: 'insufficient-data', gaps: [{ verdictAtRisk: false }] });
  });
});

test('a gap that puts the verdict at risk leaves none; another does not', () => {
  const gap = (verdictAtRisk: boolean) => ({ what: 'A page failed.', consequence: '', verdictAtRisk });
  const asked = (verdictAtRisk: boolean) =>
    measure(
      facts(line(-100, 100), [deployment(1, 'c1', -90), deployment(2, 'c2', 110)], {
        gaps: [gap(verdictAtRisk)],
      }),
      question(1000),
    );
  expect(asked(false).status).toBe('on-target');
  expect(asked(true)).toMatchObject({ status: 'insufficient-data', findings: [{ kind: 'no-data' }] });
});

test('direct pushes are changes where they count', () => {
  const commits = [...line(-100), commit('c2', ['c1'], 100, { merged: null })];
  const history = facts(commits, [deployment(1, 'c1', -90), deployment(2, 'c2', 110)]);
  expect(measure(history, question(1000)).mergesets).toEqual([]);
  expect(measure(history, question(1000, { countDirectPushes: true })).mergesets).toMatchObject([
    { kind: 'direct-push', title: 'commit c2', leadTimeSeconds: 70 },
  ]);
});
