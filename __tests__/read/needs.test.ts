import { describe, expect, test } from '@jest/globals';
import type { Commit } from '../../src/model/facts.ts';
import { branch } from '../../src/read/needs/branch.ts';
import { branchNames, headlines } from '../../src/read/needs/branch-names.ts';
import { deploymentPages } from '../../src/read/needs/deployment-pages.ts';
import { liveEdge } from '../../src/read/needs/live-edge.ts';
import { namedCommits } from '../../src/read/needs/named-commits.ts';
import { oldParents } from '../../src/read/needs/old-parents.ts';
import { promotions } from '../../src/read/needs/promotions.ts';
import { pullRequests } from '../../src/read/needs/pull-requests.ts';
import type { Request } from '../../src/read/request.ts';
import { at, commit, deployment, line } from '../support/facts.ts';
import { viewByHand } from '../support/view.ts';

/** Every need looks at what was read and requests what is missing. All windows begin at 0 seconds. */

const MINUTE = 60;
const HOUR = 3600;
const DAY = 24 * HOUR;

/** A commit whose pull requests were not read. */
const bare = (oid: string, parents: string[], committed: number): Commit => ({
  ...commit(oid, parents, committed),
  pullRequests: null,
});

/** Commits that the requests are for. */
const oidsIn = (requests: readonly Request[]) =>
  requests.map((request) => ('oid' in request ? request.oid : request.kind));

describe('the branch', () => {
  test('is read back to the beginning of the window', () => {
    const view = viewByHand({ commits: line(HOUR), from: 0, to: DAY, readTo: HOUR });
    expect(branch(view)).toEqual([{ kind: 'branch', since: at(0), isBare: false }]);
  });

  test('is read back to what was live before the window', () => {
    const view = viewByHand({
      commits: line(HOUR),
      deployments: [deployment(1, 'live', -HOUR)],
      unread: { live: -2 * HOUR },
      from: 0,
      to: DAY,
      readTo: HOUR,
    });
    expect(branch(view)).toEqual([{ kind: 'branch', since: at(-2 * HOUR), isBare: false }]);
  });

  test('is not read on if it was read that far', () => {
    expect(branch(viewByHand({ commits: line(HOUR), from: 0, to: DAY, readTo: -HOUR }))).toEqual([]);
  });
});

test('a list of deployments that was read to its end is not read on', () => {
  expect(deploymentPages(viewByHand({ commits: line(HOUR), from: 0, to: DAY }))).toEqual([]);
});

describe('former names of the branch', () => {
  const into = (oid: string, parents: string[], committed: number, base: string) =>
    commit(oid, parents, committed, { base });
  const renamed = [
    into('c1', [], 10, 'master'),
    into('c2', ['c1'], 20, 'master'),
    into('c3', ['c2'], 30, 'main'),
  ];

  test('are the names that changes were merged into before the first merge into main', () => {
    expect(branchNames(viewByHand({ commits: renamed, from: 0, to: DAY }))).toEqual([
      { kind: 'branchName', name: 'master' },
    ]);
  });

  test('do not include a branch that changes were merged into later', () => {
    const commits = [...renamed, into('c4', ['c3'], 40, 'master')];
    expect(branchNames(viewByHand({ commits, from: 0, to: DAY }))).toEqual([]);
  });

  test('are not looked up before the branch was read back to the window', () => {
    expect(branchNames(viewByHand({ commits: renamed, from: 0, to: DAY, readTo: 15 }))).toEqual([]);
  });

  test('are looked up before headlines are', () => {
    const headline = { ...commit('c4', ['c3'], 40, { merged: null }), headline: 'Fix the cart (#7)' };
    const question = { commits: [...renamed, headline], from: 0, to: DAY };
    expect(headlines(viewByHand(question))).toEqual([]);
    expect(headlines(viewByHand({ ...question, requested: ['branchName master'] }))).toEqual([
      { kind: 'headline', oid: 'c4' },
    ]);
  });
});

describe('below what was live', () => {
  // Release r1 was live before the window. It may contain c1, because the parents of r1 were not read.
  const main = [commit('c1', ['root'], -3 * HOUR), commit('c2', ['c1'], HOUR)];
  const question = {
    deployments: [deployment(2, 'c2', 2 * HOUR), deployment(1, 'r1', -HOUR)],
    from: 0,
    to: DAY,
    readTo: -4 * HOUR,
  };
  const unread = { root: -9 * HOUR, r0: -8 * HOUR, young: -2 * HOUR, old: -5 * HOUR };

  test('every commit where the walk ended is read, however old', () => {
    const commits = [bare('r1', ['r0'], -2 * HOUR), ...main];
    expect(oidsIn(liveEdge(viewByHand({ ...question, commits, unread })))).toEqual(['r0']);
  });

  test('further down, only commits as new as the oldest change in doubt are read', () => {
    const commits = [bare('r0', ['young', 'old'], -8 * HOUR), bare('r1', ['r0'], -2 * HOUR), ...main];
    const view = viewByHand({ ...question, commits, unread, lookedBelow: ['r0'] });
    expect(oidsIn(liveEdge(view))).toEqual(['young']);
  });

  test('no commit is read twice', () => {
    const commits = [bare('r1', ['r0'], -2 * HOUR), ...main];
    expect(liveEdge(viewByHand({ ...question, commits, unread, lookedBelow: ['r0'] }))).toEqual([]);
  });

  test('no commit is read if no change is in doubt', () => {
    const commits = [commit('c1', ['root'], -3 * HOUR), commit('c2', ['c1'], HOUR)];
    const live = [deployment(2, 'c2', 2 * HOUR), deployment(1, 'c1', -HOUR)];
    expect(liveEdge(viewByHand({ ...question, deployments: live, commits, unread }))).toEqual([]);
  });
});

describe('promotions', () => {
  const squash = (oid: string, parent: string, committed: number, headName: string): Commit => {
    const squashed = commit(oid, [parent], committed);
    const head = `head of ${oid}`;
    return {
      ...squashed,
      pullRequests: (squashed.pullRequests ?? []).map((pullRequest) => ({ ...pullRequest, head, headName })),
    };
  };

  test('of a branch that is squashed onto main again and again are read', () => {
    const commits = [
      commit('c1', [], 10),
      squash('c2', 'c1', 20, 'develop'),
      squash('c3', 'c2', 30, 'topic'),
      squash('c4', 'c3', 40, 'develop'),
    ];
    expect(oidsIn(promotions(viewByHand({ commits, from: 0, to: DAY })))).toEqual([
      'head of c4',
      'head of c2',
    ]);
  });

  test('before the window count, but are not read', () => {
    const commits = [squash('c2', 'c1', -20, 'develop'), squash('c3', 'c2', 30, 'develop')];
    expect(oidsIn(promotions(viewByHand({ commits, from: 0, to: DAY })))).toEqual(['head of c3']);
  });

  test('are not read again', () => {
    const commits = [
      bare('head of c3', [], 5),
      squash('c2', 'c1', 20, 'develop'),
      squash('c3', 'c2', 30, 'develop'),
    ];
    expect(oidsIn(promotions(viewByHand({ commits, from: 0, to: DAY })))).toEqual(['head of c2']);
  });
});

describe('missing pull requests of commits', () => {
  /** Commits without pull requests on top of what was live; `isMerge`: the last one merges an unread branch. */
  const viewWith = (count: number, isMerge: boolean) => {
    const commits = [commit('live', [], -HOUR)];
    for (let i = 1; i <= count; i++) {
      const parents = [i === 1 ? 'live' : `c${i - 1}`, ...(isMerge && i === count ? ['unread'] : [])];
      commits.push(bare(`c${i}`, parents, i * MINUTE));
    }
    return viewByHand({
      commits,
      deployments: [deployment(1, 'live', -HOUR + MINUTE)],
      unread: { unread: MINUTE },
      from: 0,
      to: DAY,
      readTo: -HOUR,
    });
  };

  test('are read for any number of commits if nothing else is missing', () => {
    expect(oidsIn(pullRequests(viewWith(150, false)))).toHaveLength(150);
  });

  test('of many commits wait while parents are missing, because some commits may have been live', () => {
    expect(pullRequests(viewWith(150, true))).toEqual([]);
  });

  test('of few commits do not wait', () => {
    expect(oidsIn(pullRequests(viewWith(50, true)))).toHaveLength(50);
  });
});

describe('old parents', () => {
  const WEEK = 7 * 24;

  /**
   * A change an hour for a week, on top of what was live an hour before. The newest one merges branches that started at
   * `cuts`. Main was read back to `readTo`. Both are in hours before the window.
   */
  function viewBackTo(readTo: number, ...cuts: number[]) {
    const commits: Commit[] = [];
    for (let hour = -readTo; hour < WEEK; hour++)
      commits.push(commit(`c${hour}`, [`c${hour - 1}`], hour * HOUR, { number: hour + 10_000 }));
    commits.push(commit('merge', [`c${WEEK - 1}`, ...cuts.map((cut) => `old${cut}`)], WEEK * HOUR));
    return viewByHand({
      commits,
      deployments: [deployment(1, 'c-1', -HOUR + MINUTE)],
      unread: Object.fromEntries(cuts.map((cut) => [`old${cut}`, -cut * HOUR])),
      from: 0,
      to: (WEEK + 1) * HOUR,
      readTo: -readTo * HOUR,
      pace: HOUR,
    });
  }

  /** Hours of each stretch on the way to a parent, if each stretch shows another parent just below it. */
  function stretchesTo(cut: number): number[] {
    const stretches: number[] = [];
    for (let readTo = 1; readTo < cut; ) {
      const [request] = oldParents(viewBackTo(readTo, readTo + 1, cut));
      if (request?.kind !== 'branch') break;
      const goal = Math.round((at(0).getTime() - request.since.getTime()) / HOUR / 1000);
      stretches.push(goal - readTo);
      readTo = goal;
    }
    return stretches;
  }

  test('are reached in stretches that are as long as all stretches before', () => {
    // The last one ends at the limit of 3000 commits before the window.
    expect(stretchesTo(2600)).toEqual([500, 500, 1000, 1000]);
  });

  test('are reached at once if there is only one', () => {
    expect(oldParents(viewBackTo(1, 2600))).toEqual([
      { kind: 'branch', since: at(-2600 * HOUR), isBare: true },
    ]);
  });

  test('are read with pull requests if they are near', () => {
    expect(oldParents(viewBackTo(1, 100))).toEqual([
      { kind: 'branch', since: at(-100 * HOUR), isBare: false },
    ]);
  });

  test('are not read if they are more than 3000 commits away', () => {
    expect(oldParents(viewBackTo(1, 4000))).toEqual([]);
  });

  test('that are newer than what was read of main are on another branch, and are looked up by name', () => {
    const view = viewBackTo(100, 50);
    expect(oldParents(view)).toEqual([]);
    expect(namedCommits(view)).toEqual([{ kind: 'below', oid: 'old50' }]);
  });
});
