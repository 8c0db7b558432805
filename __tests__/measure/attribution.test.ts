import { describe, expect, test } from '@jest/globals';
import type { Commit } from '../../src/model/facts.ts';
import { attribute } from '../support/by-hand.ts';
import { at, commit, deployment, facts, line } from '../support/facts.ts';

const asked = (seconds: number) => ({ asOf: at(seconds), runId: null, countDirectPushes: false });
const shipped = (it: ReturnType<typeof attribute>) =>
  it.shipments.map((shipment) => [
    shipment.deployment.id,
    shipment.mergesets.map((mergeset) => mergeset.number),
  ]);

test('each success ships what none before it contained', () => {
  const it = attribute(
    facts(line(0, 100, 200, 300), [
      deployment(1, 'c1', 10),
      deployment(2, 'c3', 210),
      deployment(3, 'c4', 310),
    ]),
    asked(999),
  );
  expect(shipped(it)).toEqual([
    [1, [1]],
    [2, [2, 3]],
    [3, [4]],
  ]);
  expect(it.shipments.map((shipment) => shipment.position)).toEqual([0, 1, 2]);
  expect(it.shipmentOf('c3')?.deployment.id).toBe(2);
  expect(it.shipmentOf('nowhere')).toBeUndefined();
});

test('what was merged after the instant asked about is not there yet; at the very instant it is', () => {
  const history = facts(line(0, 100, 200), [deployment(1, 'c1', 10), deployment(2, 'c3', 20)]);
  expect(shipped(attribute(history, asked(99)))).toEqual([
    [1, [1]],
    [2, []],
  ]);
  expect(shipped(attribute(history, asked(100)))).toEqual([
    [1, [1]],
    [2, [2]],
  ]);
});

test('a commit can be the merge of several pull requests; those of one moment are in the order of their numbers', () => {
  const together: Commit = { ...commit('c2', ['c1'], 100, { number: 9 }) };
  const also = commit('c2', ['c1'], 100, { number: 4 });
  together.pullRequests = [...(together.pullRequests ?? []), ...(also.pullRequests ?? [])];
  const it = attribute(
    facts([commit('c1', [], 0), together], [deployment(1, 'c1', 10), deployment(2, 'c2', 110)]),
    asked(999),
  );
  expect(shipped(it)).toEqual([
    [1, [1]],
    [2, [4, 9]],
  ]);
});

test('they are in the order of their merging, not of the graph', () => {
  const commits = [
    commit('c1', [], 0),
    commit('c2', ['c1'], 100, { merged: 300 }),
    commit('c3', ['c2'], 200, { merged: 200 }),
  ];
  const it = attribute(facts(commits, [deployment(1, 'c1', 10), deployment(2, 'c3', 310)]), asked(999));
  expect(shipped(it)[1]).toEqual([2, [3, 2]]);
});

describe('the first success', () => {
  test('is where the telling begins, where there is nothing before it', () => {
    const first = (deploymentsComplete: boolean) =>
      attribute(
        facts(line(0, 100), [deployment(1, 'c1', 10), deployment(2, 'c2', 110)], { deploymentsComplete }),
        asked(999),
      ).shipments.map((shipment) => shipment.seed);
    expect(first(true)).toEqual([true, false]);
    expect(first(false)).toEqual([false, false]);
  });

  test('a success of a commit that is gone is not it', () => {
    const it = attribute(
      facts(line(0, 100), [deployment(1, 'gone', 1, { gone: true }), deployment(2, 'c1', 10)]),
      asked(999),
    );
    expect(it.shipments.map((shipment) => [shipment.deployment.id, shipment.seed])).toEqual([[2, true]]);
  });
});

test('again, back, and back again', () => {
  const it = attribute(
    facts(line(0, 100, 200), [
      deployment(1, 'c1', 10),
      deployment(2, 'c2', 110),
      deployment(3, 'c2', 120),
      deployment(4, 'c1', 130),
      deployment(5, 'c2', 140),
    ]),
    asked(999),
  );
  expect(it.shipments.map(({ deployment: { id }, rollback, redeploy }) => [id, rollback, redeploy])).toEqual([
    [1, false, false],
    [2, false, false],
    [3, false, true],
    [4, true, false],
    [5, false, true],
  ]);
});

test('a branch that is beside what is live is no rollback, though all of it was live before', () => {
  const commits = [commit('c1', [], 0), commit('c2', ['c1'], 100), commit('c3', ['c1'], 200)];
  const it = attribute(
    facts(commits, [
      deployment(1, 'c1', 10),
      deployment(2, 'c2', 110),
      deployment(3, 'c3', 210),
      deployment(4, 'c2', 310),
    ]),
    asked(999),
  );
  expect(it.shipments.map(({ rollback, redeploy }) => [rollback, redeploy])).toEqual([
    [false, false],
    [false, false],
    [false, false],
    [false, true],
  ]);
});
