import { numbersFrom } from '../../__tests__/support/random-team.ts';
import { story } from '../../src/fake-github/story.ts';
import type { World } from '../../src/fake-github/world.ts';
import { asOf, chancesOf, DAY, HOUR, iso, MINUTE, workingTimes } from './history.ts';
import { pipelineOf } from './pipeline.ts';

/**
 * A release branch that lives for months, in a repository of 28,000 commits. It gets hotfixes, merges of old branches, repairs of
 * the previous release, and a merge of `main` once a week.
 */

export const RELEASE = 'release/8';
const BEFORE = 'release/7';
/** Age of the repository in days, and merges a working day. Both paces have 28,000 commits. */
const PACES = {
  slow: { begins: 1870, mergesADay: 7 },
  fast: { begins: 410, mergesADay: 32 },
};

interface ReleaseOptions {
  pace: keyof typeof PACES;
  /** Age of the branch in days. */
  age: number;
  /** Days from the start of the previous release branch to the start of this one. */
  kept: number;
  /** True if production ran repairs of the previous release, and not only its first commit. */
  isRepaired: boolean;
  /** Production runs the newest commits of the branch, commits that are a month old, or sometimes `main`. */
  runs: 'new' | 'old' | 'mixed';
}

const RELEASES = {
  'after a release with repairs': { pace: 'slow', age: 80, kept: 200, isRepaired: true, runs: 'new' },
  'after years on one commit': { pace: 'slow', age: 80, kept: 1600, isRepaired: false, runs: 'new' },
  'a month behind': { pace: 'slow', age: 95, kept: 1600, isRepaired: false, runs: 'old' },
  'main is deployed, too': { pace: 'fast', age: 92, kept: 200, isRepaired: true, runs: 'mixed' },
} satisfies Record<string, ReleaseOptions>;
type Release = keyof typeof RELEASES;
export const RELEASE_NAMES = Object.keys(RELEASES) as Release[];

export function releaseBranch(name: Release, until: number): World {
  const { pace, age, kept, isRepaired, runs }: ReleaseOptions = RELEASES[name];
  const { begins, mergesADay } = PACES[pace];
  const beginsAt = Math.floor(until / DAY - begins) * DAY;
  const chances = chancesOf(numbersFrom(8000 + age));
  const team = story('acme', 'suite', iso(beginsAt));
  const { world } = team;
  const pipeline = pipelineOf(team, chances);
  const cutAt = until - age * DAY;
  const previousCutAt = cutAt - kept * DAY;
  const dates = new Map([[team.tip(), beginsAt]]);
  let number = 0;

  /** Merges a branch of one to three commits, made between its start and the merge. */
  function merge(at: number, base: string, from: string): string {
    const before = world.commits.length;
    const commits = chances.between(1, 3);
    const sha = team.merge(++number, iso(at), { method: 'merge', base, from, commits });
    const branchedAt = dates.get(from) ?? at - DAY;
    world.commits.slice(before, -1).forEach((commit, i) => {
      const share = (i + 1) / (commits + 1);
      commit.committedDate = iso(Math.floor((branchedAt + (at - branchedAt) * share) / 1000) * 1000);
      commit.authoredDate = commit.committedDate;
    });
    dates.set(sha, at);
    return sha;
  }

  const main = [team.tip()];
  for (const at of workingTimes(chances, beginsAt + DAY, until, mergesADay)) {
    const mergesEarlier = chances.upTo(chances.happens(0.1) ? 2000 : 20);
    main.push(merge(at, 'main', main[Math.max(0, main.length - 1 - mergesEarlier)] ?? ''));
    if (at < previousCutAt) team.land(BEFORE, team.tip());
    if (at < cutAt) team.land(RELEASE, team.tip());
  }
  const mainAt = (at: number) => main.findLast((oid) => (dates.get(oid) ?? at) < at) ?? '';

  const repairs = [team.tip(BEFORE)];
  for (const at of workingTimes(chances, previousCutAt + DAY, cutAt + 20 * DAY, 1)) {
    repairs.push(merge(at, BEFORE, repairs.at(-1) ?? ''));
    const deployedAt = at + chances.between(1, 3) * DAY;
    if (deployedAt < cutAt + DAY)
      pipeline.deploy({
        sha: (isRepaired ? repairs.at(-1 - chances.upTo(4)) : repairs[0]) ?? '',
        at: deployedAt,
        branch: BEFORE,
      });
  }

  // Features with months of work, a commit every other day, are merged to the release branch.
  const features = [20, 50].map((days) => {
    let tip = mainAt(until - 280 * DAY);
    const mergedAt = until - days * DAY;
    for (let at = until - 279 * DAY; at < mergedAt; at += chances.between(30, 60) * HOUR)
      tip = team.commit(iso(at), [tip], { author: 'cleo' });
    dates.set(tip, mergedAt - HOUR);
    return { tip, mergedAt };
  });

  const line = [team.tip(RELEASE)];
  const cutBefore = main.filter((oid) => (dates.get(oid) ?? 0) < cutAt);
  for (const at of workingTimes(chances, cutAt + DAY, until, 3)) {
    const kind = chances.upTo(100);
    const feature = features.findIndex(({ mergedAt }) => mergedAt < at);
    if (feature >= 0) line.push(merge(at, RELEASE, features.splice(feature, 1)[0]?.tip ?? ''));
    else if (kind < 40) line.push(team.merge(++number, iso(at), { base: RELEASE }));
    else if (kind < 85) line.push(merge(at, RELEASE, cutBefore[chances.upTo(cutBefore.length)] ?? ''));
    else if (kind < 93) line.push(merge(at, RELEASE, repairs[chances.upTo(repairs.length)] ?? ''));
    else if (runs !== 'mixed') line.push(merge(at, RELEASE, mainAt(at - HOUR)));
    if (chances.happens(0.5)) continue;
    const waited = runs === 'old' ? chances.between(60, 90) : chances.upTo(3);
    const isOfMain = runs === 'mixed' && chances.happens(0.2);
    pipeline.deploy({
      sha: isOfMain ? mainAt(at - HOUR) : (line.at(-1 - waited) ?? line[0] ?? ''),
      at: at + chances.between(10, 30 * 60) * MINUTE,
      branch: isOfMain ? 'main' : RELEASE,
    });
  }
  return asOf(world, until);
}
