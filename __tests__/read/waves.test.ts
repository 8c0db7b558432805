import { describe, expect, test } from '@jest/globals';
import { type LoggedRequest, longestChain } from '../../src/fake-github/loopback.ts';
import { story } from '../../src/fake-github/story.ts';
import type { World } from '../../src/fake-github/world.ts';
import { ask } from '../support/ask.ts';
import { withGitHub } from '../support/github.ts';
import { numbersFrom, randomTeam } from '../support/random-team.ts';
import { readFactsLikeRun, factsInOrder, type ReadQuestion } from '../support/reading.ts';
import { hasRequest } from '../support/requests.ts';
import { answeredInRounds } from '../support/rounds.ts';
import { steadyTeam } from '../support/steady-team.ts';

/** Missing data is requested in waves. A wave is one round trip, and the order of the needs does not matter. */

/** The items in a random order. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = numbersFrom(seed);
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

/** A team that deploys a hotfix of an old release, without the changes that were merged after that release. */
function hotfixTeam() {
  const team = story('acme', 'shop', '2026-01-01T09:00:00Z');
  team.deploy(team.tip(), '2026-01-01T09:10:00Z');
  const at = (day: number, time: string) => `2026-01-${String(day).padStart(2, '0')}T${time}Z`;
  let release = team.tip();
  for (let day = 2; day <= 28; day++) {
    team.merge(day, at(day, '10:00:00'), { method: 'merge', from: release, commits: 3 });
    if (day % 7 !== 0) continue;
    release = team.tip();
    team.deploy(release, at(day, '12:00:00'));
  }
  const hotfix = team.push(at(29, '08:00:00'), { branch: 'hotfix', from: release });
  team.deploy(hotfix, at(29, '09:00:00'));
  team.merge(29, at(29, '10:00:00'), { method: 'merge', from: hotfix });
  team.deploy(team.tip(), at(29, '12:00:00'));
  return { world: team.world, now: at(30, '00:00:00') };
}

const randomWorld = (seed: number) => {
  const { world, ends } = randomTeam(seed, 320);
  return { world, now: new Date(ends).toISOString() };
};
const manyDeployments = () => steadyTeam({ commits: 400, days: 12, deployEvery: 1, rollbackEvery: 6 });
const mergeCommits = () =>
  steadyTeam({ commits: 500, days: 20, deployEvery: 8, rollbackEvery: 5, mergeCommits: true });

describe('the order of the needs does not matter', () => {
  test.each<[string, () => { world: World; now: string }, string]>([
    ['a team that does everything', () => randomWorld(2113896429), '2d'],
    ['another team that does everything', () => randomWorld(1773223073), '1d'],
    ['a third team that does everything', () => randomWorld(7), '5d'],
    ['a team that merges old branches and rolls back', mergeCommits, '7d'],
    ['a team that deploys a hotfix branch', hotfixTeam, '3d'],
    ['a team whose deployments take several pages', manyDeployments, '9d'],
  ])('for %s', async (_, createTeam, window) => {
    const { world, now } = createTeam();
    const question: ReadQuestion = { now, inputs: { window } };
    // Pages of deployments are requested while the branch is read, so the order of the answers must be fixed.
    const isPaged = world.deployments.length > 100;
    await withGitHub(world, isPaged ? answeredInRounds() : {}, async (github) => {
      const expected = await readFactsLikeRun(github, world, question);
      expect(expected.repository.commits.size).toBeGreaterThan(20);
      for (const seed of isPaged ? [1, 2] : [1, 2, 3, 4]) {
        const facts = await factsInOrder(github, world, question, (needs) => shuffled(needs, seed));
        expect(facts).toEqual(expected);
      }
    });
  });
});

/** True if each request began before the other one ended. */
const areAtOnce = (request: LoggedRequest, other: LoggedRequest) =>
  request.began < other.ended && other.began < request.ended;

const MONTH = { window: '30d', target: '1h', stages: 'none' };

describe('independent requests run at the same time:', () => {
  /** Returns the requests of a kind, in the order in which they began. */
  const monthOfRequests = async () => {
    const { world, now } = steadyTeam({ commits: 900, days: 30, deployEvery: 2 });
    const { requests } = await ask(world, { now, inputs: MONTH, github: answeredInRounds() });
    return (name: string) => requests.filter((request) => hasRequest(request, name));
  };

  test('pages of deployments and pages of the branch', async () => {
    const requestsFor = await monthOfRequests();
    const overlapsBranch = (page: LoggedRequest) =>
      requestsFor('History').some((history) => areAtOnce(page, history));
    expect(requestsFor('Deployments').filter(overlapsBranch).length).toBeGreaterThanOrEqual(2);
  });

  test('stretches of the branch', async () => {
    const [first, second] = (await monthOfRequests())('History');
    expect(first && second && areAtOnce(first, second)).toBe(true);
  });
});

test.each([
  ['squashes each change', { commits: 400, days: 30, deployEvery: 1 }],
  ['merges branches', { commits: 900, days: 30, deployEvery: 2, mergeCommits: true }],
])('a month of a team that %s takes at most six requests in a row', async (_, options) => {
  const { world, now } = steadyTeam(options);
  const { requests, report } = await ask(world, { now, inputs: MONTH, github: answeredInRounds() });
  expect(report.leadTime.count).toBeGreaterThanOrEqual(395);
  expect(longestChain(requests)).toBeLessThanOrEqual(6);
});
