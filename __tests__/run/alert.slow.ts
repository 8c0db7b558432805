import { describe, expect, test } from '@jest/globals';
import { atLeast } from '../../src/judge/binomial.ts';
import { ask, summaryText } from '../support/ask.ts';
import { withGitHub } from '../support/github.ts';
import { pacedTeam, minutesOf } from '../support/paced-team.ts';
import type { Execute } from '../../src/fake-github/execute.ts';
import { executeAsGitHub } from '../support/schema.ts';
import { commentsOn, performOn, writes } from '../support/written.ts';
import { story } from '../../src/fake-github/story.ts';
import { inPagesOf } from '../support/requests.ts';

/** The alert, the error budget and slowdowns, which depend on history before the window. */

const at = (now: string, inputs = {}) => ({
  now,
  inputs: { stages: 'none' as const, 'min-samples': '5', ...inputs },
});

describe('a window with fewer than ten changes', () => {
  const slowPaced = () => pacedTeam(minutesOf([14, 10]), { every: 48 });

  test('is widened to the last ten, and the report and the summary say so', async () => {
    const team = slowPaced();
    const { report, summary } = await ask(team.world, at(team.last));
    expect(report.leadTime.count).toBe(10);
    expect(report.mergesets).toHaveLength(10);
    expect(report.status).toBe('on-target');
    expect(report.window.from < (report.window.askedFrom ?? '')).toBe(true);
    expect(summaryText({ summary })).toContain(
      '10 changes merged into main in the 18d 10m up to 31 Jan, 00:10 UTC, widened from 7d:',
    );
  });

  test('is not widened with "widen: none"', async () => {
    const team = slowPaced();
    const { report } = await ask(team.world, at(team.last, { widen: 'none' }));
    expect([report.leadTime.count, report.status]).toEqual([4, 'insufficient-data']);
    expect(report.window.askedFrom).toBeUndefined();
  });

  test('has no findings for deployments before the requested window', async () => {
    const team = pacedTeam([...minutesOf([8, 60]), ...minutesOf([4, 10])], { every: 48 });
    const { report } = await ask(team.world, at(team.last, { mode: 'scheduled' }));
    expect(report.mergesets).toHaveLength(10);
    expect(report.findings.filter((finding) => finding.kind === 'slow')).toEqual([]);
  });

  test('is not widened if earlier changes cannot be read, and a gap says so', async () => {
    const team = slowPaced();
    /** Serves pages of four and fails after this many answers. */
    const failAfter = (answers: number) => {
      let requests = 0;
      const execute: Execute = (root, request) => {
        requests += 1;
        if (requests > answers) throw new Error('GitHub is down');
        return executeAsGitHub(root, inPagesOf(4, request));
      };
      return { github: { execute } };
    };
    const plain = await ask(team.world, { ...at(team.last, { widen: 'none' }), ...failAfter(100) });
    // One answer fewer each time, until there are just enough for the requested window.
    for (let answers = plain.requests.length; answers > 0; answers--) {
      const { report } = await ask(team.world, { ...at(team.last), ...failAfter(answers) });
      const { gaps } = report.completeness;
      if (!gaps.some((gap) => gap.consequence.startsWith('The window was not widened'))) continue;
      expect(report.leadTime).toEqual(plain.report.leadTime);
      expect(report.window.askedFrom).toBeUndefined();
      expect(gaps.every((gap) => !gap.verdictAtRisk)).toBe(true);
      return;
    }
    throw new Error('the window was widened, or had no verdict, however little could be read');
  });
});

describe('a drift is', () => {
  test('sure, and the sentence has the votes, the chance and the start of the alert', async () => {
    const team = pacedTeam(minutesOf([25, 10], [9, 40]));
    const { report, sentence, failed } = await ask(team.world, at(team.last, { window: '3d' }));
    expect(report.confidence).toBe('sure');
    expect(sentence).toContain(
      '9 of the last 10 deployments were over the limit of 18m 45s, so this is unlikely to be chance (1 in 93).',
    );
    expect(sentence).toContain(' The alert started on 15 Jan, 16:18 UTC, while #33 waited.');
    expect(report.alert).toEqual({
      on: true,
      since: { at: expect.any(String), deployment: team.ids[31], orBefore: false },
    });
    expect(failed).toBe(true);
  });

  test('likely, which is a warning unless "fail-on" names drift', async () => {
    const team = pacedTeam(minutesOf([25, 10], [6, 40]));
    const answer = await ask(team.world, at(team.last, { window: '3d' }));
    expect([answer.report.status, answer.report.confidence, answer.failed]).toEqual([
      'drifted',
      'likely',
      false,
    ]);
    expect(answer.annotations[0]).toMatchObject({ severity: 'warning', title: 'Deploy latency has drifted' });
    const strict = await ask(team.world, at(team.last, { window: '3d', 'fail-on': 'drift' }));
    expect(strict.failed).toBe(true);
  });
});

const isUnder = ({ of, over }: { of: number; over: number }) => atLeast(of, of - over) <= 0.1;

test('the replayed alert is the same as one updated at each deployment', async () => {
  const team = pacedTeam([
    ...minutesOf([10, 10], [8, 40], [3, 16]),
    ...[40, 40, 10, 40, 10, 10, 10, 10, 10, 10],
  ]);
  let isOn = false;
  const seen = new Set<string>();
  for (const [i, now] of team.ends.entries()) {
    if (i < 9) continue;
    const { report } = await ask(team.world, at(now, { window: '3d' }));
    if (report.confidence === 'sure') isOn = true;
    else if (report.status === 'on-target') isOn = false;
    else if (report.status === 'slipping' && isUnder(report.votes)) isOn = false;
    expect([i, report.alert.on]).toEqual([i, isOn]);
    seen.add(`${report.status} ${report.alert.on}`);
  }
  // The alert stays on while lead time only slips, so the cases above include one that depends on history.
  expect([...seen].sort()).toEqual(
    expect.arrayContaining(['drifted true', 'on-target false', 'slipping true']),
  );
}, 60_000);

describe('the weekly issue follows the alert', () => {
  /** Fast deployments, then slow ones, then slipping ones, then fast ones again. */
  const team = pacedTeam(minutesOf([25, 10], [20, 40], [6, 17], [30, 10]));

  test('it opens when drift is sure, stays open with the alert, and closes at the target', async () => {
    await withGitHub(team.world, {}, async (github) => {
      const states: (string | undefined)[] = [];
      // Drift is likely, drift is sure, lead time slips, lead time is on target.
      for (const i of [36, 44, 48, 75]) {
        const { code } = await performOn(team.world, github, {
          event: 'schedule',
          at: team.ends[i] ?? '',
          inputs: { 'min-samples': '5', window: '7d', issue: 'always' },
        });
        expect(code).toBe(0);
        states.push(team.world.issues?.[0]?.state);
        if (i === 48) expect(team.world.issues?.[0]?.body).toMatch(/Past alerts: 1 in \d+ weeks, confirmed/);
      }
      expect(states).toEqual([undefined, 'open', 'open', 'closed']);
      expect(commentsOn(team.world, 1 + team.world.pulls.length)[0]?.body ?? '').toContain(
        'Lead time is back at the target',
      );
      expect(writes(github).filter((write) => write === 'POST /issues')).toHaveLength(1);
    });
  });
});

/** Monday, 5 January 2026. */
const BEGINS = Date.parse('2026-01-05T00:00:00Z');
const DAY = 86_400_000;
const iso = (days: number) => new Date(BEGINS + days * DAY).toISOString().replace('.000Z', 'Z');

/** A team with merges and deployments in days after a Monday. A deployment ships what was merged before it. */
function rareTeam(merges: readonly number[], deployments: readonly number[]) {
  const team = story('acme', 'shop', iso(-30));
  team.deploy(team.tip(), iso(-29));
  const merged = [...merges];
  let number = 0;
  for (const day of [...deployments, Number.POSITIVE_INFINITY]) {
    while ((merged[0] ?? Number.POSITIVE_INFINITY) < day) team.merge(++number, iso(merged.shift() ?? 0));
    if (Number.isFinite(day)) team.deploy(team.tip(), iso(day), { takes: 60 });
  }
  return team.world;
}
const inDays = (count: number, apart: number, first = 0) =>
  Array.from({ length: count }, (_, i) => first + i * apart);

describe('the issue of a team that deploys rarely', () => {
  const weekly = (days: number, inputs = {}) => ({
    event: 'schedule' as const,
    at: iso(days),
    inputs: { 'min-samples': '5', issue: 'always', ...inputs },
  });
  /** Five changes a week. */
  const merges = inDays(100, 1.4);

  test.each([14, 21])(
    'opens once and stays open, deploying every %i days at seven times the target',
    async (apart) => {
      const world = rareTeam(merges, inDays(6, apart, apart + 0.4));
      await withGitHub(world, {}, async (github) => {
        for (let day = 28.25; day < 6 * apart; day += 7) {
          const { report } = await performOn(world, github, weekly(day, { target: '1d', window: '7d' }));
          expect([day, report.status, world.issues?.[0]?.state]).toEqual([day, 'drifted', 'open']);
          expect(report.alerts.all).toHaveLength(1);
        }
        expect(world.issues?.[0]?.body).toMatch(/Past alerts: 1 in \d+ weeks,.* still on/);
      });
    },
  );

  test('shows in each week without a deployment how long the oldest change has waited', async () => {
    // Six changes of the first week go live in the fifth.
    const world = rareTeam(inDays(6, 0.5, 1), [32]);
    await withGitHub(world, {}, async (github) => {
      for (const day of [7.25, 14.25, 21.25, 28.25])
        await performOn(world, github, weekly(day, { target: '1d', window: '7d' }));
      const body = world.issues?.[0]?.body ?? '';
      expect([...body.matchAll(/\| (\d+d [^|]*) \|(?: [^|]* \|)?$/gm)].map(([, waited]) => waited)).toEqual([
        '27d 6h',
        '20d 6h',
        '13d 6h',
        '6d 6h',
      ]);
    });
    const { report, summary } = await ask(world, {
      ...at(iso(35), { target: '1d', weeks: '5', mode: 'scheduled' }),
    });
    const waits = report.weeks?.map(({ oldestWaitingSeconds }) =>
      Math.floor((oldestWaitingSeconds ?? 0) / 86_400),
    );
    expect(waits).toEqual([6, 13, 20, 27, 0]);
    expect(summaryText({ summary })).toContain('Oldest pending');
  });

  test('closes when lead time is back for a day, not at the first run on target', async () => {
    // One slow deployment a day for twenty days, and then two fast ones a day.
    const slow = inDays(20, 1);
    const fast = inDays(40, 0.5, 20);
    const team = story('acme', 'shop', iso(-30));
    team.deploy(team.tip(), iso(-29));
    [...slow, ...fast].forEach((day, i) => {
      const sha = team.merge(i + 1, iso(day));
      team.deploy(sha, iso(day + (i < slow.length ? 0.4 : 0.005)), { takes: 60 });
    });
    const { world } = team;
    await withGitHub(world, {}, async (github) => {
      const states: string[] = [];
      for (const day of [14.25, 21.8, 22.8, 23.1]) {
        const { report, log } = await performOn(world, github, weekly(day, { target: '1h' }));
        states.push([report.status, world.issues?.[0]?.state, report.alert.on].join(' '));
        if (day === 22.8) expect(log).toContain('The alert ends when this has lasted for a day.');
      }
      expect(states).toEqual([
        'drifted open true',
        'drifted open true',
        'on-target open true',
        'on-target closed false',
      ]);
    });
  });
});

describe('what makes a drift sure, in words', () => {
  /** Single deployments that take ten minutes, and others that ship twelve changes after a time; all in hours. */
  const team = (singles: readonly number[], trains: readonly number[], wait: number) => {
    const { world, ...team } = story('acme', 'shop', iso(-30));
    team.deploy(team.tip(), iso(-29));
    let number = 0;
    const sizes = [
      ...singles.map((hour) => ({ hour, size: 1 })),
      ...trains.map((hour) => ({ hour, size: 12 })),
    ];
    for (const { hour, size } of sizes.sort((a, b) => a.hour - b.hour)) {
      for (let i = 0; i < size; i++) team.merge(++number, iso(hour / 24));
      team.deploy(team.tip(), iso((hour + (size === 1 ? 1 / 6 : wait)) / 24), { takes: 60 });
    }
    return world;
  };
  const weeks = inDays(7, 168);

  test('a train beside single deployments is sure after four windows', async () => {
    const world = team(
      weeks.flatMap((start) => inDays(8, 20, start + 5)),
      weeks.map((start) => start + 100),
      0.55,
    );
    const { report, sentence, failed } = await ask(world, at(iso(48.5), { mode: 'scheduled', window: '7d' }));
    expect(report.votes).toMatchObject({ of: 9, over: 1 });
    expect([report.confidence, report.alert.on, failed]).toEqual(['sure', true, false]);
    expect(sentence).toMatch(
      /Each of the last \d windows was over the limit of 18m 45s, and they share no change, so this is unlikely to be chance\./,
    );
    expect(report.alerts.all).toMatchObject([{ by: 'lasting' }]);
    const { report: past } = await ask(world, at(iso(48.5), { mode: 'scheduled', window: '7d', weeks: '6' }));
    expect(past.weeks?.map(({ confidence }) => confidence)).toEqual([
      'likely',
      'likely',
      'sure',
      'sure',
      'sure',
      'sure',
    ]);
  });

  test('changes that waited through a pause are named, and the drift is only likely', async () => {
    const world = team(inDays(28, 5), [140], 12 * 24);
    const { report, sentence } = await ask(world, at(iso(17), { window: '7d' }));
    expect([report.status, report.confidence, report.alert.on]).toEqual(['drifted', 'likely', false]);
    expect(sentence).toContain(' Nothing was merged or deployed from 10 Jan, 20:00 to 22 Jan, 00:00 UTC.');
  });
});

describe('an objective and its budget', () => {
  /** A quarter of the changes is late, but the median is on target. */
  const quarterLate = () => pacedTeam(Array.from({ length: 80 }, (_, i) => (i % 4 === 3 ? 40 : 10)));

  test('is a row with a bar, and only if it is set', async () => {
    const team = quarterLate();
    const withoutObjective = await ask(team.world, at(team.last));
    expect(withoutObjective.report.budget).toBeNull();
    const { report, summary } = await ask(team.world, at(team.last, { objective: '90%' }));
    expect(report.status).toBe('on-target');
    expect(report.budget).toMatchObject({ objective: 0.9, share: 0.75, spent: true });
    expect(summaryText({ summary })).toMatch(/\| 90% \| \*\*75%\*\* \| ░{10} -\d+% \|/);
  });

  test('fails the step if the budget is surely spent and "fail-on" names "budget-spent"', async () => {
    const team = quarterLate();
    const { report, failed } = await ask(
      team.world,
      at(team.last, { objective: '90%', 'fail-on': 'budget-spent' }),
    );
    expect(report.findings.map((finding) => [finding.kind, finding.severity])).toContainEqual([
      'budget-spent',
      'error',
    ]);
    expect(failed).toBe(true);
  });

  test('has no finding if the budget is overspent but may be so by chance', async () => {
    const team = pacedTeam([...minutesOf([17, 10]), 40, 40, 40]);
    const { report } = await ask(team.world, at(team.last, { objective: '90%' }));
    expect(report.budget).toMatchObject({ spent: false, changes: 20, late: 3 });
    expect(report.budget?.left).toBeLessThan(0);
    expect(report.findings.map((finding) => finding.kind)).not.toContain('budget-spent');
  });

  test('has a finding if the budget burns fast over 20 and over 5 deployments', async () => {
    const team = pacedTeam([
      ...minutesOf([60, 10]),
      ...Array.from({ length: 20 }, (_, i) => (i % 5 < 2 ? 40 : 10)),
    ]);
    const { report } = await ask(team.world, at(team.last, { objective: '90%' }));
    expect(report.budget?.burn).toEqual({ of5: 4, of20: 4 });
    expect(report.findings.map((finding) => finding.kind)).toContain('budget-burning');
  });
});

describe("a slowdown against the team's own past", () => {
  const slowedDown = () =>
    pacedTeam(minutesOf([40, 8], [14, 10]), {
      files: { 41: ['package-lock.json', 'src/a.ts'], 42: ['src/b.ts'] },
    });

  test('is reported below the limit with its pull request and lock file, and does not fail', async () => {
    const team = slowedDown();
    const { report, summary, failed } = await ask(team.world, at(team.last, { 'fail-on': 'drift, slow' }));
    expect(report.status).toBe('on-target');
    expect(failed).toBe(false);
    expect(report.change).toMatchObject({
      what: null,
      beforeSeconds: 480,
      afterSeconds: 600,
      lastGood: { deployment: team.ids[39] },
      firstBad: { deployment: team.ids[40] },
      pullRequests: [41],
      files: [{ path: 'package-lock.json', kind: 'lock' }],
    });
    expect(summaryText({ summary })).toContain(
      'A file of the pipeline changed then: package-lock.json (lock).',
    );
  });

  test('is not reported if nothing changes', async () => {
    const team = pacedTeam(Array.from({ length: 60 }, (_, i) => 8 + (i % 3)));
    expect((await ask(team.world, at(team.last))).report.change).toBeNull();
  });
});

test('weeks have verdicts, alerts, deployments and batches, from at most six requests', async () => {
  const team = pacedTeam(minutesOf([42, 10], [21, 40], [42, 10]));
  const { report, summary, requests } = await ask(
    team.world,
    at(team.last, { weeks: '4', mode: 'scheduled' }),
  );
  expect(report.weeks?.map((week) => [week.status, week.alert, week.deployments, week.batches])).toEqual([
    ['on-target', false, 21, 0],
    ['drifted', true, 20, 0],
    ['on-target', false, 22, 0],
    ['on-target', false, 21, 0],
  ]);
  expect(summaryText({ summary })).toContain('<summary>Week by week</summary>');
  expect(requests.length).toBeLessThanOrEqual(6);
});
