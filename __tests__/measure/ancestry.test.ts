import { expect, test } from '@jest/globals';
import type { Commit } from '../../src/model/facts.ts';
import { isAncestor } from '../../src/measure/ancestry.ts';
import { commit } from '../support/facts.ts';

/** A long line c0 … c999 of which every tenth commit was shipped, and two branches from c990 that meet again. */
const commits = new Map<string, Commit>();
for (let i = 0; i < 1000; i++) commits.set(`c${i}`, commit(`c${i}`, i === 0 ? [] : [`c${i - 1}`], i));
commits.set('left', commit('left', ['c990'], 1001));
commits.set('right', commit('right', ['c990'], 1002));
commits.set('top', commit('top', ['left', 'right'], 1003));
const places = new Map([...commits.keys()].map((oid, i) => [oid, Math.ceil(i / 10)]));
const placeOf = (oid: string) => places.get(oid);

test('a commit contains itself and whatever it descends from', () => {
  expect(isAncestor(commits, placeOf, 'c5', 'c5')).toBe(true);
  expect(isAncestor(commits, placeOf, 'c980', 'c999')).toBe(true);
  expect(isAncestor(commits, placeOf, 'right', 'top')).toBe(true);
  expect(isAncestor(commits, placeOf, 'c990', 'top')).toBe(true);
});

test('it contains neither its descendants nor a branch beside it', () => {
  expect(isAncestor(commits, placeOf, 'c999', 'c980')).toBe(false);
  expect(isAncestor(commits, placeOf, 'left', 'right')).toBe(false);
});

test('what was never shipped is no ancestor of what was', () => {
  const shipped = (oid: string) => (oid === 'c990' || oid === 'c3' ? undefined : placeOf(oid));
  expect(isAncestor(commits, shipped, 'c990', 'top')).toBe(false);
  // A way that leads through one that was not shipped is none.
  expect(isAncestor(commits, shipped, 'c980', 'top')).toBe(false);
});

test('the walk stops where earlier deployments begin, and looks at each commit once', () => {
  const visited: string[] = [];
  const counting = new Map(commits);
  counting.get = (oid) => {
    visited.push(oid);
    return commits.get(oid);
  };
  expect(isAncestor(counting, placeOf, 'c995', 'top')).toBe(false);
  expect(visited.length).toBeLessThan(8);
  expect(new Set(visited).size).toBe(visited.length);

  visited.length = 0;
  expect(isAncestor(counting, () => undefined, 'c995', 'top')).toBe(false);
  expect(visited).toEqual([]);
});

test('a history that ends early is walked to its end', () => {
  const partial = new Map([...commits].slice(500));
  expect(isAncestor(partial, () => 1, 'c1', 'c600')).toBe(false);
});
