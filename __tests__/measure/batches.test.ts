import { describe, expect, test } from '@jest/globals';
import type { Deployment } from '../../src/model/facts.ts';
import { attribute } from '../support/by-hand.ts';
import { causesIn, paceOf } from '../../src/measure/batches.ts';
import { at, commit, deployment, facts, line } from '../support/facts.ts';

/** Why the last success of a history shipped what it did. */
function causes(commits: ReturnType<typeof line>, deployments: Deployment[]) {
  const history = facts(commits, deployments);
  const attribution = attribute(history, { asOf: at(9999), runId: null, countDirectPushes: false });
  const last = attribution.shipments.at(-1);
  return last ? causesIn(attribution)(last) : null;
}
const failed = (id: number, sha: string, created: number, ended: number) =>
  deployment(id, sha, created, { statuses: [['FAILURE', ended]] });

describe('landed together', () => {
  test('within five seconds is one moment, and six are not', () => {
    const merged = (...times: number[]) =>
      causes(line(0, ...times), [deployment(1, 'c1', 10), deployment(2, `c${times.length + 1}`, 900)]);
    expect(merged(100, 105)).toEqual([{ kind: 'landed-together', count: 2, at: at(100) }]);
    expect(merged(100, 106)).toEqual([]);
    expect(merged(100)).toEqual([]);
  });

  test('each moment is told, with how many', () => {
    const it = causes(line(0, 100, 101, 102, 300, 500, 504), [
      deployment(1, 'c1', 10),
      deployment(2, 'c7', 900),
    ]);
    expect(it).toEqual([
      { kind: 'landed-together', count: 3, at: at(100) },
      { kind: 'landed-together', count: 2, at: at(500) },
    ]);
  });
});

describe('failed before', () => {
  test('a deployment of some of the same commits that had failed first', () => {
    const it = causes(line(0, 100, 300), [
      deployment(1, 'c1', 10),
      failed(2, 'c2', 110, 150),
      failed(3, 'c2', 160, 170),
      deployment(4, 'c3', 310),
    ]);
    expect(it).toEqual([
      { kind: 'failed-before', deployment: 2, at: at(150) },
      { kind: 'failed-before', deployment: 3, at: at(170) },
    ]);
  });

  test('at the very moment counts; after it does not', () => {
    const ended = (time: number) =>
      causes(line(0, 100, 300), [
        deployment(1, 'c1', 10),
        failed(2, 'c2', 110, time),
        deployment(3, 'c3', 310),
      ]);
    expect(ended(370)).toHaveLength(1);
    expect(ended(371)).toEqual([]);
  });

  test('neither one of older commits, nor one of commits that never went live, nor one that succeeded', () => {
    const commits = [...line(0, 100, 300), commit('side', ['c2'], 310)];
    const it = causes(commits, [
      deployment(1, 'c1', 10),
      failed(2, 'c1', 20, 30),
      failed(3, 'side', 311, 312),
      deployment(4, 'c2', 200, { statuses: [['IN_PROGRESS', 210]] }),
      deployment(5, 'c3', 320),
    ]);
    expect(it).toEqual([]);
  });
});

describe('pace', () => {
  const change = (merged: number, live: number | null) => ({
    mergedAt: at(merged),
    leadTimeSeconds: live === null ? null : live - merged,
  });
  const deployed = (id: number, from: number, to: number) => ({
    deployment: deployment(id, 'c9', from),
    at: at(to),
  });
  const batch = {
    ...deployed(9, 700, 1000),
    mergesets: [change(100, 1000), change(160, 1000), change(280, 1000)],
  };

  test('how far merges came apart, how long the last took, for how long others were under way', () => {
    const others = [deployed(1, 0, 400), deployed(2, 300, 600), deployed(3, 650, 2000)];
    expect(paceOf(batch, [...others, batch])).toEqual({
      apartSeconds: 60,
      takesSeconds: 720,
      busySeconds: 550,
    });
  });

  test('nobody else was under way', () => {
    expect(paceOf(batch, [batch])).toMatchObject({ busySeconds: 0 });
  });

  test('nothing is told of one change, or of one whose time is not known', () => {
    expect(paceOf({ ...batch, mergesets: [change(100, 1000)] }, [])).toBeNull();
    expect(paceOf({ ...batch, mergesets: [change(100, 1000), change(200, null)] }, [])).toBeNull();
  });
});
