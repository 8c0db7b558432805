import { describe, expect, test } from '@jest/globals';
import type { Deployment } from '../../src/model/facts.ts';
import { attribute } from '../support/by-hand.ts';
import { causesIn, paceOf } from '../../src/measure/batches.ts';
import { at, commit, deployment, facts, line } from '../support/facts.ts';

/** The causes of the last success of a history. */
function causes(commits: ReturnType<typeof line>, deployments: Deployment[]) {
  const history = facts(commits, deployments);
  const attribution = attribute(history, { asOf: at(9999), runId: null, countDirectPushes: false });
  const last = attribution.shipments.at(-1);
  return last ? causesIn(attribution)(last) : null;
}
const failed = (id: number, sha: string, created: number, ended: number) =>
  deployment(id, sha, created, { statuses: [['FAILURE', ended]] });

describe('landed together', () => {
  test('merges within five seconds landed together', () => {
    const merged = (...times: number[]) =>
      causes(line(0, ...times), [deployment(1, 'c1', 10), deployment(2, `c${times.length + 1}`, 900)]);
    expect(merged(100, 105)).toEqual([{ kind: 'landed-together', count: 2, at: at(100) }]);
    expect(merged(100, 106)).toEqual([]);
    expect(merged(100)).toEqual([]);
  });

  test('every moment is a cause, with its number of changes', () => {
    const result = causes(line(0, 100, 101, 102, 300, 500, 504), [
      deployment(1, 'c1', 10),
      deployment(2, 'c7', 900),
    ]);
    expect(result).toEqual([
      { kind: 'landed-together', count: 3, at: at(100) },
      { kind: 'landed-together', count: 2, at: at(500) },
    ]);
  });
});

describe('failed before', () => {
  test('a failed deployment of the same commits is a cause', () => {
    const result = causes(line(0, 100, 300), [
      deployment(1, 'c1', 10),
      failed(2, 'c2', 110, 150),
      failed(3, 'c2', 160, 170),
      deployment(4, 'c3', 310),
    ]);
    expect(result).toEqual([
      { kind: 'failed-before', deployment: 2, at: at(150) },
      { kind: 'failed-before', deployment: 3, at: at(170) },
    ]);
  });

  test('a deployment that failed after the success is not a cause', () => {
    const ended = (time: number) =>
      causes(line(0, 100, 300), [
        deployment(1, 'c1', 10),
        failed(2, 'c2', 110, time),
        deployment(3, 'c3', 310),
      ]);
    expect(ended(370)).toHaveLength(1);
    expect(ended(371)).toEqual([]);
  });

  test('deployments of older commits, of commits that never went live, and running ones are not causes', () => {
    const commits = [...line(0, 100, 300), commit('side', ['c2'], 310)];
    const result = causes(commits, [
      deployment(1, 'c1', 10),
      failed(2, 'c1', 20, 30),
      failed(3, 'side', 311, 312),
      deployment(4, 'c2', 200, { statuses: [['IN_PROGRESS', 210]] }),
      deployment(5, 'c3', 320),
    ]);
    expect(result).toEqual([]);
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

  test('has the time between merges, the time of the last one, and the time that others were running', () => {
    const others = [deployed(1, 0, 400), deployed(2, 300, 600), deployed(3, 650, 2000)];
    expect(paceOf(batch, [...others, batch])).toEqual({
      apartSeconds: 60,
      takesSeconds: 720,
      busySeconds: 550,
    });
  });

  test('counts only other deployments as running', () => {
    expect(paceOf(batch, [batch])).toMatchObject({ busySeconds: 0 });
  });

  test('needs at least two changes, all with a lead time', () => {
    expect(paceOf({ ...batch, mergesets: [change(100, 1000)] }, [])).toBeNull();
    expect(paceOf({ ...batch, mergesets: [change(100, 1000), change(200, null)] }, [])).toBeNull();
  });
});
