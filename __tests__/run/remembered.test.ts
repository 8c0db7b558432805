import { expect, test } from '@jest/globals';
import { sampleMonorepo } from '../../src/demo/monorepo.ts';
import { SAMPLE_NOW } from '../../src/demo/sample.ts';
import type { World } from '../../src/fake-github/world.ts';
import { withGitHub } from '../support/github.ts';
import { performStep } from '../support/in-process.ts';
import { pacedTeam, minutesOf } from '../support/paced-team.ts';

/** The weekly issue saves the alert, so that the next run continues from it. */

/** A team with four deployments a day, which is slow for the last six weeks of half a year. */
const slowTeam = () => pacedTeam(minutesOf([700, 10], [170, 40]), { every: 6 });
const WEEK = 7 * 86_400_000;

/** A weekly run, some weeks before the team's last deployment. */
async function weekly(world: World, last: string, weeksAgo: number, inputs: Record<string, string> = {}) {
  const now = new Date(Date.parse(last) - weeksAgo * WEEK);
  return withGitHub(world, {}, async ({ apiUrl, requests }) => {
    const { report, log } = await performStep(
      {
        apiUrl,
        repository: `${world.owner}/${world.name}`,
        event: 'schedule',
        inputs: { stages: 'none', 'as-of': now.toISOString(), issue: 'always', 'fail-on': 'none', ...inputs },
      },
      { now },
    );
    return { report, log, requests: requests.length };
  });
}

test('a saved alert saves the requests for history, and the alerts are the same', async () => {
  const team = slowTeam();
  const first = await weekly(team.world, team.last, 1);
  const next = await weekly(team.world, team.last, 0);
  expect([first.report.status, next.report.status]).toEqual(['drifted', 'drifted']);
  expect(next.requests).toBeLessThan(first.requests - 5);
  const { world } = slowTeam();
  const replayed = await weekly(world, team.last, 0);
  expect(next.report.alerts.all).toEqual(replayed.report.alerts.all);
  expect(next.report.alerts.all).toHaveLength(1);
});

test.each<[string, (world: World) => void, Record<string, string>]>([
  [
    'somebody else edited the issue',
    ({ issues = [] }) => {
      for (const issue of issues)
        Object.assign(issue, { editedAt: '2026-01-01T00:00:00Z', editor: 'mallory' });
    },
    {},
  ],
  [
    'the saved line is gone',
    ({ issues = [] }) => {
      for (const issue of issues) issue.body = issue.body.replace(/<!-- alerts: .* -->/, '');
    },
    {},
  ],
  ['the target changed', () => {}, { target: '16m' }],
])('if %s, the alert is replayed from history', async (_, change, inputs) => {
  const team = slowTeam();
  const first = await weekly(team.world, team.last, 1);
  change(team.world);
  const next = await weekly(team.world, team.last, 0, inputs);
  expect(next.report.status).toBe('drifted');
  expect(next.report.alerts.all).toHaveLength(1);
  expect(next.requests).toBeGreaterThanOrEqual(first.requests - 2);
});

test('a forged record changes neither the verdict nor the alert', async () => {
  const team = slowTeam();
  await weekly(team.world, team.last, 1);
  const [issue] = team.world.issues ?? [];
  if (!issue) throw new Error('no issue');
  const line = /<!-- alerts: (\S+) -->/.exec(issue.body)?.[1] ?? '';
  const record = JSON.parse(Buffer.from(line, 'base64').toString());
  record.records[''].spells = [];
  issue.body = issue.body.replace(line, Buffer.from(JSON.stringify(record)).toString('base64'));
  Object.assign(issue, { editedAt: '2026-01-01T00:00:00Z', editor: 'mallory' });
  const next = await weekly(team.world, team.last, 0);
  expect(next.report.status).toBe('drifted');
  expect(next.report.alerts.all).toHaveLength(1);
});

test('services on target are saved too, so the issue does not change', async () => {
  const world = sampleMonorepo();
  const bodyAfter = async () => {
    await weekly(world, SAMPLE_NOW, 0);
    return world.issues?.[0]?.body;
  };
  const first = await bodyAfter();
  expect(first).toContain('<!-- alerts: ');
  expect(await bodyAfter()).toBe(first);
});

test('a run on target continues a saved alert, so its end is on the record, and then reads no more', async () => {
  const team = pacedTeam(minutesOf([400, 10], [60, 40], [80, 10]), { every: 6 });
  const runs: [string, string | undefined, number][] = [];
  // Drifted, just back on target, and a week later.
  for (const weeksAgo of [3, 1, 0]) {
    const { report, requests } = await weekly(team.world, team.last, weeksAgo);
    runs.push([report.status, team.world.issues?.[0]?.state, requests]);
    if (weeksAgo === 1)
      expect(report.alerts.all.map(({ left }: { left: string }) => left)).toEqual(['on-target']);
  }
  expect(runs.map(([status, state]) => [status, state])).toEqual([
    ['drifted', 'open'],
    ['on-target', 'closed'],
    ['on-target', 'closed'],
  ]);
  expect(team.world.issues?.[0]?.body).toMatch(/Past alerts: 1 in \d+ weeks/);
  const [, closing = 0, later = 0] = runs.map(([, , requests]) => requests);
  expect(closing).toBeLessThanOrEqual(7);
  expect(later).toBe(2);
});
