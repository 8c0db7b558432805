import { describe, expect, test } from '@jest/globals';
import type { Commit } from '../../src/model/facts.ts';
import { attribute } from '../support/by-hand.ts';
import { at, commit, deployment, facts, line } from '../support/facts.ts';

const upTo = (seconds: number) => ({ asOf: at(seconds), runId: null, countDirectPushes: false });
const shipped = (attribution: ReturnType<typeof attribute>) =>
  attribution.shipments.map((shipment) => [
    shipment.deployment.id,
    shipment.mergesets.map((mergeset) => mergeset.number),
  ]);

test('a success ships the changes that no earlier success contained', () => {
  const attribution = attribute(
    facts(line(0, 100, 200, 300), [
      deployment(1, 'c1', 10),
      deployment(2, 'c3', 210),
      deployment(3, 'c4', 310),
    ]),
    upTo(999),
  );
  expect(shipped(attribution)).toEqual([
    [1, [1]],
    [2, [2, 3]],
    [3, [4]],
  ]);
  expect(attribution.shipments.map((shipment) => shipment.position)).toEqual([0, 1, 2]);
  expect(attribution.shipmentOf('c3')?.deployment.id).toBe(2);
  expect(attribution.shipmentOf('nowhere')).toBeUndefined();
});

test('changes merged after the instant are ignored', () => {
  const history = facts(line(0, 100, 200), [deployment(1, 'c1', 10), deployment(2, 'c3', 20)]);
  expect(shipped(attribute(history, upTo(99)))).toEqual([
    [1, [1]],
    [2, []],
  ]);
  expect(shipped(attribute(history, upTo(100)))).toEqual([
    [1, [1]],
    [2, [2]],
  ]);
});

test('a commit can merge several pull requests, which are then in the order of their numbers', () => {
  const together: Commit = { ...commit('c2', ['c1'], 100, { number: 9 }) };
  const also = commit('c2', ['c1'], 100, { number: 4 });
  together.pullRequests = [...(together.pullRequests ?? []), ...(also.pullRequests ?? [])];
  const attribution = attribute(
    facts([commit('c1', [], 0), together], [deployment(1, 'c1', 10), deployment(2, 'c2', 110)]),
    upTo(999),
  );
  expect(shipped(attribution)).toEqual([
    [1, [1]],
    [2, [4, 9]],
  ]);
});

test('shipped changes are in the order of their merges, and not of the graph', () => {
  const commits = [
    commit('c1', [], 0),
    commit('c2', ['c1'], 100, { merged: 300 }),
    commit('c3', ['c2'], 200, { merged: 200 }),
  ];
  const attribution = attribute(
    facts(commits, [deployment(1, 'c1', 10), deployment(2, 'c3', 310)]),
    upTo(999),
  );
  expect(shipped(attribution)[1]).toEqual([2, [3, 2]]);
});

describe('the first success', () => {
  test('is a seed only if all deployments were read', () => {
    const first = (deploymentsComplete: boolean) =>
      attribute(
        facts(line(0, 100), [deployment(1, 'c1', 10), deployment(2, 'c2', 110)], { deploymentsComplete }),
        upTo(999),
      ).shipments.map((shipment) => shipment.isFirstSuccess);
    expect(first(true)).toEqual([true, false]);
    expect(first(false)).toEqual([false, false]);
  });

  test('is not a deployment of a missing commit', () => {
    const attribution = attribute(
      facts(line(0, 100), [deployment(1, 'gone', 1, { gone: true }), deployment(2, 'c1', 10)]),
      upTo(999),
    );
    expect(
      attribution.shipments.map((shipment) => [shipment.deployment.id, shipment.isFirstSuccess]),
    ).toEqual([[2, true]]);
  });
});

test('redeploys and rollbacks are marked', () => {
  const attribution = attribute(
    facts(line(0, 100, 200), [
      deployment(1, 'c1', 10),
      deployment(2, 'c2', 110),
      deployment(3, 'c2', 120),
      deployment(4, 'c1', 130),
      deployment(5, 'c2', 140),
    ]),
    upTo(999),
  );
  expect(
    attribution.shipments.map(({ deployment: { id }, rollback, redeploy }) => [id, rollback, redeploy]),
  ).toEqual([
    [1, false, false],
    [2, false, false],
    [3, false, true],
    [4, true, false],
    [5, false, true],
  ]);
});

test('a deployment of a parallel branch is not a rollback, although its commits were live before', () => {
  const commits = [commit('c1', [], 0), commit('c2', ['c1'], 100), commit('c3', ['c1'], 200)];
  const attribution = attribute(
    facts(commits, [
      deployment(1, 'c1', 10),
      deployment(2, 'c2', 110),
      deployment(3, 'c3', 210),
      deployment(4, 'c2', 310),
    ]),
    upTo(999),
  );
  expect(attribution.shipments.map(({ rollback, redeploy }) => [rollback, redeploy])).toEqual([
    [false, false],
    [false, false],
    [false, false],
    [false, true],
  ]);
});
