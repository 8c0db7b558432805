import { describe, expect, test } from '@jest/globals';
import type { LoopbackOptions } from '../../src/fake-github/loopback.ts';
import { story } from '../../src/fake-github/story.ts';
import type { World } from '../../src/fake-github/world.ts';
import { withGitHub } from '../support/github.ts';
import { requestCounts } from '../support/requests.ts';
import { steadyTeam } from '../support/steady-team.ts';
import { performOn } from '../support/written.ts';

/** Reading the time before the window may fail or stop early. The verdict on the window stays the same. */

const DAY = 86_400_000;
const iso = (time: number) => new Date(time).toISOString().replace('.000Z', 'Z');

interface LastWeek {
  world: World;
  now: string;
  inputs?: Record<string, string>;
  github?: LoopbackOptions;
}

/** Runs the guard for the last week of a world. */
const askAbout = ({ world, now, inputs = {}, github = {} }: LastWeek) =>
  withGitHub(world, github, async (server) => {
    const { report } = await performOn(world, server, {
      at: now,
      event: 'push',
      inputs: { window: '7d', 'fail-on': 'none', ...inputs },
    });
    const gaps: { what: string; consequence: string; verdictAtRisk: boolean }[] = report.completeness.gaps;
    return { status: report.status, alert: report.alert, gaps, requests: server.requests };
  });

/** Each change is live after two minutes. */
const IS_ON_TARGET = { target: '15m' };
const IS_DRIFTING = { target: '1m' };
const WEEKS_OF_HISTORY = { commits: 1500, days: 60, deployEvery: 1 };
const BEFORE_NOT_READ = expect.objectContaining({
  what: expect.stringContaining('The time before the window could not be read in full.'),
  verdictAtRisk: false,
});

/** Number of requests for the window alone, which are all that a team on target makes. */
async function requestsOfWindow(): Promise<number> {
  const { requests } = await askAbout({ ...steadyTeam(WEEKS_OF_HISTORY), inputs: IS_ON_TARGET });
  return requests.length;
}

describe('the verdict of a team that drifts', () => {
  test('comes with the time before the window if "max-requests" allows it', async () => {
    const { status, alert, gaps, requests } = await askAbout({
      ...steadyTeam(WEEKS_OF_HISTORY),
      inputs: IS_DRIFTING,
    });
    expect(status).toBe('drifted');
    expect(alert.on).toBe(true);
    expect(gaps).toEqual([]);
    expect(requests.length).toBeGreaterThan((await requestsOfWindow()) + 6);
  });

  test.each([0, 1, 2, 6])(
    'is the same with only %d requests more than the window takes, and a gap says what was not read',
    async (more) => {
      const limit = (await requestsOfWindow()) + more;
      const { status, gaps, requests } = await askAbout({
        ...steadyTeam(WEEKS_OF_HISTORY),
        inputs: { ...IS_DRIFTING, 'max-requests': String(limit) },
      });
      expect(requests.length).toBeLessThanOrEqual(limit);
      expect(status).toBe('drifted');
      expect(gaps.filter((gap) => gap.verdictAtRisk)).toEqual([]);
      expect(gaps).toContainEqual(BEFORE_NOT_READ);
    },
  );

  test('is the same if GitHub does not answer for the time before, and a gap says so', async () => {
    const answered = await requestsOfWindow();
    let requested = 0;
    const { status, gaps } = await askAbout({
      ...steadyTeam(WEEKS_OF_HISTORY),
      inputs: IS_DRIFTING,
      github: {
        interfere: async (_request, response) => {
          requested += 1;
          if (requested <= answered) return false;
          response.writeHead(502).end();
          return true;
        },
      },
    });
    expect(requested).toBeGreaterThan(answered);
    expect(status).toBe('drifted');
    expect(gaps.filter((gap) => gap.verdictAtRisk)).toEqual([]);
    expect(gaps).toContainEqual(BEFORE_NOT_READ);
  });

  test('is withheld if the window itself cannot be read', async () => {
    const { status, gaps } = await askAbout({
      ...steadyTeam(WEEKS_OF_HISTORY),
      inputs: { ...IS_DRIFTING, 'max-requests': String((await requestsOfWindow()) - 1) },
    });
    expect(status).toBe('insufficient-data');
    expect(gaps.some((gap) => gap.verdictAtRisk)).toBe(true);
  });

  test('comes without duplicate gaps', async () => {
    const { gaps } = await askAbout({
      ...steadyTeam(WEEKS_OF_HISTORY),
      inputs: { ...IS_DRIFTING, 'max-requests': '1' },
    });
    expect(gaps.map((gap) => gap.what)).toEqual([...new Set(gaps.map((gap) => gap.what))]);
  });
});

describe('a team on target', () => {
  test('requests nothing beyond its window, however long its history is', async () => {
    const short = await askAbout({
      ...steadyTeam({ commits: 175, days: 7, deployEvery: 1 }),
      inputs: IS_ON_TARGET,
    });
    const long = await askAbout({ ...steadyTeam(WEEKS_OF_HISTORY), inputs: IS_ON_TARGET });
    expect([short.status, long.status]).toEqual(['on-target', 'on-target']);
    expect(requestCounts(long.requests)).toEqual(requestCounts(short.requests));
  });
});

describe('five thousand old commits', () => {
  const NOW = Date.parse('2026-03-09T00:00:00Z');
  const BEGINS = NOW - 900 * DAY;
  /** Dates of the old commits, spread over this many days. */
  const oldTimes = (days: number) =>
    Array.from({ length: 5000 }, (_, i) => BEGINS + ((i + 1) * days * DAY) / 5000);

  /** Ten deployed changes a day for forty days. One, two days old, merges a branch that starts at `old`. */
  function fortyDays(team: ReturnType<typeof story>, old: string) {
    for (let number = 1; number <= 400; number++) {
      const at = NOW - 40 * DAY + (number * DAY) / 10 - 3_600_000;
      team.merge(number, iso(at), number === 380 ? { method: 'merge', from: old } : {});
      team.deploy(team.tip(), iso(at + 60_000));
    }
    return { world: team.world, now: iso(NOW), inputs: IS_ON_TARGET };
  }

  /** A release branch of more than two years. */
  function releaseBranch() {
    const team = story('acme', 'shop', iso(BEGINS));
    let tip = team.tip();
    for (const time of oldTimes(850)) tip = team.push(iso(time), { branch: 'release', from: tip });
    return { team, tip };
  }

  /** The same, with a merge for every commit. */
  function branchOfMerges() {
    const team = story('acme', 'shop', iso(BEGINS));
    let tip = team.tip();
    for (const time of oldTimes(850)) {
      const topic = team.commit(iso(time), [tip]);
      tip = team.land('release', team.commit(iso(time + 60_000), [tip, topic]));
    }
    return { team, tip };
  }

  /** A branch of one commit that started from main nine months ago. */
  function oldBranch() {
    const team = story('acme', 'shop', iso(NOW - 280 * DAY));
    const old = team.tip();
    for (const time of oldTimes(235)) team.push(iso(time + 625 * DAY));
    return { team, tip: team.push(iso(NOW - 3 * DAY), { branch: 'topic', from: old }) };
  }

  test.each([
    ['on a release branch', releaseBranch],
    ['merged into a release branch', branchOfMerges],
    ['on main since a branch started', oldBranch],
  ])('%s take at most sixty requests, and the window has its verdict', async (_, createTeam) => {
    const { team, tip } = createTeam();
    const { status, gaps, requests } = await askAbout(fortyDays(team, tip));
    expect(status).toBe('on-target');
    expect(gaps.filter((gap) => gap.verdictAtRisk)).toEqual([]);
    expect(requests.length).toBeLessThanOrEqual(60);
  });
});
