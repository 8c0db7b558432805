import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { leadTimeOf } from '../../src/model/lead-time.ts';
import { type Entry, entriesOf as teamsOf } from '../../src/organization/entries.ts';
import { pageOfRollup } from '../../src/organization/rollup-page.ts';
import { rollUp } from '../../src/organization/rollup.ts';
import { blocksOf, csvOfRollup, jsonOf } from '../../src/organization/write.ts';
import type { Report } from '../../src/report/contract.ts';
import { successesIn } from '../../src/report/parts.ts';
import { markdown } from '../../src/report/render/markdown.ts';
import { savedIn } from '../../src/report/saved.ts';
import { ask } from '../support/ask.ts';
import { MANY_NOW, teamOf } from '../support/organization.ts';

/** The roll-up: many repositories' reports as one. */

const reports = new Map<string, object>();
/** A report as the guard writes it. */
async function reportOf(name: string, options: Parameters<typeof teamOf>[1] = {}, inputs = {}) {
  const key = JSON.stringify([name, options, inputs]);
  const known =
    reports.get(key) ??
    (
      await ask(teamOf(name, options), {
        now: MANY_NOW,
        inputs: { 'as-of': MANY_NOW, window: '7d', stages: 'none', widen: '7d', ...inputs },
      })
    ).report;
  reports.set(key, known);
  return known as Report;
}
const three = () =>
  Promise.all([
    reportOf('fast', { minutes: 5 }),
    reportOf('slow', { minutes: 60, waiting: true }),
    reportOf('middle', { minutes: 17, changes: 9 }),
  ]);
const entriesIn = (text: string, file: string): Entry[] => savedIn(text, file).flatMap(teamsOf);
const entriesOf = (all: readonly object[]): Entry[] =>
  all.flatMap((each, i) => entriesIn(JSON.stringify(each), `${i}.json`));
const failed = (repository: string) => ({
  schemaVersion: 1,
  repository,
  generatedAt: MANY_NOW,
  window: { from: '2026-03-02T12:00:00.000Z', to: '2026-03-09T12:00:00.000Z' },
  failed: 'It is gone.',
});

/** Everything that a roll-up is told as. */
function bytesOf(entries: readonly Entry[]): string {
  const rollup = rollUp(entries, null);
  return createHash('sha256')
    .update(JSON.stringify(jsonOf(rollup, null)))
    .update(csvOfRollup(rollup))
    .update(markdown(blocksOf(rollup, null), { surface: 'summary' }))
    .update(pageOfRollup(rollup, null))
    .digest('hex');
}

/** As far apart as can be, the same each time. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const order = (item: number) => createHash('sha256').update(`${seed} ${item}`).digest('hex');
  return items
    .map((item, i) => ({ item, by: order(i) }))
    .sort((a, b) => (a.by < b.by ? -1 : 1))
    .map(({ item }) => item);
}

describe('pooled', () => {
  test('pooled p50 is Kaplan–Meier over all samples, those that wait included', async () => {
    const all = await three();
    const samples = all.flatMap(({ mergesets }) =>
      mergesets.map((mergeset) => ({
        seconds: mergeset.leadTimeSeconds ?? mergeset.waitingSeconds ?? 0,
        shipped: mergeset.leadTimeSeconds !== null,
      })),
    );
    expect(samples.some((sample) => !sample.shipped)).toBe(true);
    const rollup = rollUp(entriesOf(all), null);
    expect(rollup.leadTime).toEqual(
      leadTimeOf(samples.toSorted((a, b) => a.seconds - b.seconds || Number(a.shipped) - Number(b.shipped))),
    );
    expect(rollup.leadTime.count).toBe(21);
  });

  test('median of medians: never', async () => {
    // Two teams with one change a day, one with many: the median of the three would be the middle team's.
    const all = await Promise.all([
      reportOf('a', { minutes: 60 }),
      reportOf('b', { minutes: 50 }),
      reportOf('c', { minutes: 5, changes: 17 }),
    ]);
    expect(rollUp(entriesOf(all), null).leadTime.p50).toBe(300);
  });

  test.each([1, 7, 256])('split into %i files in any order: the same bytes', async (files) => {
    const all = (await three()).concat(
      await Promise.all([reportOf('zeta'), reportOf('eta', { minutes: 31 })]),
    );
    // Many repositories: the same reports under other names.
    const many = Array.from({ length: 300 }, (_, i) => ({
      ...all[i % all.length],
      repository: `acme/repository-${i}`,
    }));
    const expected = bytesOf(entriesOf(many));
    for (const seed of [1, 2]) {
      const parts = Array.from({ length: files }, (): object[] => []);
      for (const [i, each] of shuffled(many, seed).entries()) parts[i % files]?.push(each);
      const texts = parts.map((some, i) =>
        i % 2 === 0 ? JSON.stringify(some) : some.map((each) => JSON.stringify(each)).join('\n'),
      );
      const read = texts.filter((text) => text !== '').flatMap((text, i) => entriesIn(text, `${i}.json`));
      expect(bytesOf(shuffled(read, seed + 7))).toBe(expected);
    }
  });

  test('a unit that is told twice counts once, the last one', async () => {
    const one = await reportOf('fast', { minutes: 5 });
    const later = { ...(await reportOf('fast', { minutes: 60 })), generatedAt: '2026-03-09T13:00:00.000Z' };
    const rollup = rollUp(entriesOf([later, one, failed('acme/fast')]), null);
    expect([rollup.reports.length, rollup.failed.length, rollup.leadTime.p50]).toEqual([1, 0, 3600]);
  });

  test('two reports of a team that differ are said, and twice the same report is not', async () => {
    const one = await reportOf('fast', { minutes: 5 });
    const later = { ...(await reportOf('fast', { minutes: 60 })), generatedAt: '2026-03-09T13:00:00.000Z' };
    const again = { ...later, generatedAt: '2026-03-09T12:30:00.000Z' };
    const rollup = rollUp(entriesOf([later, one, again]), null);
    expect(rollup.conflicts).toEqual([
      { repository: 'acme/fast', service: null, reports: 2, generatedAt: '2026-03-09T13:00:00.000Z' },
    ]);
    expect(markdown(blocksOf(rollup, null), { surface: 'summary' })).toContain(
      '- acme/fast has 2 reports that differ. The newest counts, made 2026-03-09 13:00 UTC.',
    );
    expect(jsonOf(rollup, null)).toMatchObject({ conflicts: rollup.conflicts });
    expect(rollUp(entriesOf([later, again]), null).conflicts).toEqual([]);
  });
});

describe('refused', () => {
  test('mixed windows', async () => {
    const all = [await reportOf('fast', { minutes: 5 }), await reportOf('slow', {}, { window: '14d' })];
    expect(() => rollUp(entriesOf(all), null)).toThrow('The reports are of several windows: 2026-02-23');
  });

  test('mixed environments, unless they are named', async () => {
    const all = [
      await reportOf('fast', { minutes: 5 }),
      await reportOf('other', { environment: 'prod' }, { environment: 'prod' }),
    ];
    expect(() => rollUp(entriesOf(all), null)).toThrow(
      'The reports are of several environments: prod (1), production (1).',
    );
    const rollup = rollUp(entriesOf(all), ['prod', 'production']);
    expect(rollup.environments).toEqual({ prod: 1, production: 1 });
    expect(markdown(blocksOf(rollup, null), { surface: 'summary' })).toContain(
      'Taken for the same: prod (1)',
    );
  });

  test('schema versions', async () => {
    const one = await reportOf('fast', { minutes: 5 });
    expect(() => entriesIn(JSON.stringify({ ...one, schemaVersion: 2 }), 'x.json')).toThrow(
      '"x.json": not a report of schema version 1 (its "schemaVersion" is 2).',
    );
    expect(() => entriesIn(`${JSON.stringify(one)}\n{"a": 1}\n`, 'x.jsonl')).toThrow(
      '"x.jsonl", line 2: not a report of schema version 1',
    );
    expect(() => entriesIn(`${JSON.stringify(one)}\n{`, 'x.jsonl')).toThrow('"x.jsonl", line 2: not JSON');
    expect(() => entriesIn(JSON.stringify({ ...one, mergesets: 3 }), 'x.json')).toThrow(
      '"x.json": not a report, because "mergesets" is missing or has an unexpected value.',
    );
    expect(() => rollUp([], null)).toThrow('There is no report.');
  });
});

describe('what files hold', () => {
  test('a byte order mark at the beginning is no error', async () => {
    const one = JSON.stringify(await reportOf('fast', { minutes: 5 }));
    for (const text of [`\uFEFF${one}`, `\uFEFF${one}\n${one}\n`])
      expect(rollUp(entriesIn(text, 'x.json'), null).reports).toHaveLength(1);
  });

  test.each([1e308, -1e308, 1e13, '1e999'])('a number that no report has: %s', async (value) => {
    const report = await reportOf('fast', { minutes: 5 });
    const text = JSON.stringify({ ...report, leadTime: { ...report.leadTime, p50: 'P50' } });
    expect(() => entriesIn(text.replace('"P50"', String(value)), 'folder/x.json')).toThrow(
      '"folder/x.json": not a report, because "leadTime.p50" is missing or has an unexpected value.',
    );
  });

  test('a time that is none', async () => {
    const report = { ...(await reportOf('fast', { minutes: 5 })), generatedAt: '2026-03-02T10:00:00+01' };
    expect(() => entriesIn(JSON.stringify(report), 'x.json')).toThrow(
      '"x.json": not a report, because "generatedAt" is',
    );
  });

  test('a field of a newer version is passed over; one that is missing is named', async () => {
    const { policy, ...report } = await reportOf('fast', { minutes: 5 });
    const newer = { ...report, policy, target: { ...report.target, fresh: 1 }, later: true };
    expect(rollUp(entriesOf([newer]), null).reports).toHaveLength(1);
    expect(() => entriesIn(JSON.stringify(report), 'x.json')).toThrow(
      '"x.json": not a report, because "policy" is',
    );
  });
});

describe('what is told', () => {
  test('how many teams are on target, drifted and without data; one that fails has its reason and never a zero', async () => {
    const all = [...(await three()), await reportOf('idle', { changes: 0 }), failed('acme/gone')];
    const rollup = rollUp(entriesOf(all), null);
    expect(rollup.teams).toEqual({
      'on-target': 1,
      slipping: 1,
      drifted: 1,
      'insufficient-data': 1,
      failed: 1,
    });
    expect(rollup.failed).toMatchObject([{ repository: 'acme/gone', failed: 'It is gone.' }]);
    const rows = csvOfRollup(rollup).split('\r\n');
    expect(rows.find((row) => row.startsWith('acme/gone'))).toBe('acme/gone,,,failed,,,,,,,,,,,,It is gone.');
    expect(markdown(blocksOf(rollup, null), { surface: 'summary' })).toContain('| acme/gone | It is gone. |');
  });

  test('what the same suspect would save across all: of each deployment, times the deployments', async () => {
    const suspect = (low: number, high: number) => ({
      rule: 'fixed-wait',
      title: 'A step waits for a fixed time',
      where: 'x',
      medianSeconds: 1,
      times: 1,
      share: 1,
      saving: { low, high },
      advice: '',
      yaml: null,
      runs: [],
    });
    const [fast, slow] = await three();
    const all = [
      { ...fast, suspects: [suspect(10, 20), suspect(1, 2)] },
      { ...slow, suspects: [suspect(100, 100)] },
    ];
    const rollup = rollUp(entriesOf(all), null);
    const deployments = Object.fromEntries(
      rollup.reports.map((report) => [report.repository, successesIn(report).length] as const),
    );
    const [a = 0, b = 0] = [deployments['acme/fast'], deployments['acme/slow']];
    expect([a, b]).toEqual([6, 5]);
    expect(rollup.suspects).toEqual([
      {
        rule: 'fixed-wait',
        title: 'A step waits for a fixed time',
        services: 2,
        saving: { low: 11 * a + 100 * b, high: 22 * a + 100 * b },
      },
    ]);
  });

  test('who grew: by how much, the most first', async () => {
    const [fast, slow, middle] = await three();
    const grown = (beforeSeconds: number, afterSeconds: number) => ({
      change: {
        what: 'runner',
        stage: null,
        beforeSeconds,
        afterSeconds,
        deployments: { before: 9, after: 9 },
        p: 0.001,
        noticedAt: MANY_NOW,
        lastGood: { deployment: 1, at: MANY_NOW },
        firstBad: { deployment: 2, at: MANY_NOW },
        pullRequests: [],
        files: null,
      },
    });
    const all = [{ ...fast, ...grown(100, 200) }, { ...slow, ...grown(300, 900) }, middle];
    const rollup = rollUp(entriesOf(all), null);
    expect(rollup.grew.map((report) => report.repository)).toEqual(['acme/slow', 'acme/fast']);
  });

  test('a report of several services is a team each, and one of which nothing can be told has its reason', async () => {
    const [fast, slow] = await three();
    const run = {
      schemaVersion: 1,
      repository: 'acme/mono',
      baseBranch: 'main',
      status: 'drifted',
      elsewhere: 0,
      generatedAt: MANY_NOW,
      window: { from: '2026-03-02T12:00:00.000Z', to: '2026-03-09T12:00:00.000Z' },
      units: [
        { ...fast, repository: 'acme/mono', service: 'api' },
        { ...slow, repository: 'acme/mono', service: 'web' },
      ],
      untold: [{ service: 'mailer', environment: 'mail', reason: 'Nothing was deployed.' }],
    };
    const rollup = rollUp(entriesOf([run]), null);
    expect(rollup.reports.map((report) => report.service).sort()).toEqual(['api', 'web']);
    expect(rollup.failed).toMatchObject([{ service: 'mailer', failed: 'Nothing was deployed.' }]);
    expect(rollup.leadTime.count).toBe(12);
  });

  test('text of reports is inert: in the summary, on the page, in a spreadsheet', async () => {
    const hostile = '<img src=x onerror=alert(1)> @everyone [x](http://evil)';
    const [fast] = await three();
    const rollup = rollUp(
      entriesOf([
        { ...fast, repository: `=1+1 ${hostile}` },
        { ...failed(`acme/x`), failed: hostile },
      ]),
      null,
    );
    const summary = markdown(blocksOf(rollup, null), { surface: 'summary' });
    expect(summary).not.toMatch(/<img|(?<!\u200b)@everyone|\]\(http:\/\/evil/);
    expect(pageOfRollup(rollup, null)).not.toContain('<img src=x');
    expect(csvOfRollup(rollup)).toContain("\r\n'=1+1");
  });

  test('samples of what could not be read are not pooled, and that is said', async () => {
    const [fast, slow] = await three();
    const gap = { what: 'Deployments could not be read.', consequence: '', verdictAtRisk: true };
    const rollup = rollUp(
      entriesOf([{ ...slow, completeness: { complete: false, gaps: [gap] } }, fast as object]),
      null,
    );
    expect(rollup.leadTime.count).toBe(6);
    expect(rollup.notPooled.map((each) => each.reason)).toEqual(['Deployments could not be read.']);
  });
});
