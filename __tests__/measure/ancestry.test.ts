import { expect, test } from '@jest/globals';
import type { Commit } from '../../src/model/facts.ts';
import { isAncestor } from '../../src/measure/ancestry.ts';
import { commit } from '../support/facts.ts';

/** A line of commits c0 … c999, shipped ten at a time, and two branches from c990 that are merged in `top`. */
const commits = new Map<string, Commit>();
for (let i = 0; i < 1000; i++) commits.set(`c${i}`, commit(`c${i}`, i === 0 ? [] : [`c${i - 1}`], i));
commits.set('left', commit('left', ['c990'], 1001));
commits.set('right', commit('right', ['c990'], 1002));
commits.set('top', commit('top', ['left', 'right'], 1003));
const positions = new Map([...commits.keys()].map((oid, i) => [oid, Math.ceil(i / 10)]));
const positionOf = (oid: string) => positions.get(oid);

test('a commit contains itself and its ancestors', () => {
  expect(isAncestor(commits, positionOf, 'c5', 'c5')).toBe(true);
  expect(isAncestor(commits, positionOf, 'c980', 'c999')).toBe(true);
  expect(isAncestor(commits, positionOf, 'right', 'top')).toBe(true);
  expect(isAncestor(commits, positionOf, 'c990', 'top')).toBe(true);
});

test('a commit does not contain its descendants or a parallel branch', () => {
  expect(isAncestor(commits, positionOf, 'c999', 'c980')).toBe(false);
  expect(isAncestor(commits, positionOf, 'left', 'right')).toBe(false);
});

test('a commit that was never shipped is not an ancestor', () => {
  const shipped = (oid: string) => (oid === 'c990' || oid === 'c3' ? undefined : positionOf(oid));
  expect(isAncestor(commits, shipped, 'c990', 'top')).toBe(false);
  // A path through a commit that was not shipped does not count.
  expect(isAncestor(commits, shipped, 'c980', 'top')).toBe(false);
});

test('the walk stops at earlier deployments and visits each commit once', () => {
  const visited: string[] = [];
  const counting = new Map(commits);
  counting.get = (oid) => {
    visited.push(oid);
    return commits.get(oid);
  };
  expect(isAncestor(counting, positionOf, 'c995', 'top')).toBe(false);
  expect(visited.length).toBeLessThan(8);
  expect(new Set(visited).size).toBe(visited.length);

  visited.length = 0;
  expect(isAncestor(counting, () => undefined, 'c995', 'top')).toBe(false);
  expect(visited).toEqual([]);
});

test('the walk ends where the history ends', () => {
  const partial = new Map([...commits].slice(500));
  expect(isAncestor(partial, () => 1, 'c1', 'c600')).toBe(false);
});
