import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { leadTimeOf } from '../../src/model/lead-time.ts';
import { type Entry, entriesOf as entriesOfSaved } from '../../src/organization/entries.ts';
import { pageOfRollup } from '../../src/organization/rollup-page.ts';
import { rollUp } from '../../src/organization/rollup.ts';
import { blocksOf, csvOfRollup, headlineOf, jsonOf } from '../../src/organization/write.ts';
import type { Report } from '../../src/report/contract.ts';
import { successesIn } from '../../src/report/parts.ts';
import { markdown } from '../../src/report/render/markdown.ts';
import { savedIn } from '../../src/report/saved-reports.ts';
import { ask } from '../support/ask.ts';
import { MANY_NOW, teamOf } from '../support/organization.ts';

/** The roll-up of many repositories' reports. */

const reports = new Map<string, object>();
/** A report as the guard writes it. */
async function reportOf(name: string, options: Parameters<typeof teamOf>[1] = {}, inputs = {}) {
  const key = JSON.stringify([name, options, inputs]);
  const report =
    reports.get(key) ??
    (
      await ask(teamOf(name, options), {
        now: MANY_NOW,
        inputs: { 'as-of': MANY_NOW, window: '7d', stages: 'none', widen: '7d', ...inputs },
      })
    ).report;
  reports.set(key, report);
  return report as Report;
}
const threeReports = () =>
  Promise.all([
    reportOf('fast', { minutes: 5 }),
    reportOf('slow', { minutes: 60, waiting: true }),
    reportOf('middle', { minutes: 17, changes: 9 }),
  ]);
const entriesIn = (text: string, file: string): Entry[] => savedIn(text, file).flatMap(entriesOfSaved);
const entriesOf = (saved: readonly object[]): Entry[] =>
  saved.flatMap((report, i) => entriesIn(JSON.stringify(report), `${i}.json`));
const rollUpOf = (...saved: object[]) => rollUp(entriesOf(saved), null);
const summaryOf = (rollup: ReturnType<typeof rollUp>) =>
  markdown(blocksOf(rollup, null), { surface: 'summary' });
const LATER = '2026-03-09T13:00:00.000Z';
const failed = (repository: string) => ({
  schemaVersion: 1,
  repository,
  generatedAt: MANY_NOW,
  window: { from: '2026-03-02T12:00:00.000Z', to: '2026-03-09T12:00:00.000Z' },
  failed: 'It is gone.',
});

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

/** A hash of everything that a roll-up writes. */
function hashOf(entries: readonly Entry[]): string {
  const rollup = rollUp(entries, null);
  return createHash('sha256')
    .update(JSON.stringify(jsonOf(rollup, null)))
    .update(csvOfRollup(rollup))
    .update(summaryOf(rollup))
    .update(pageOfRollup(rollup, null))
    .digest('hex');
}

/** Shuffled, in the same order every time. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const order = (item: number) => createHash('sha256').update(`${seed} ${item}`).digest('hex');
  return items
    .map((item, i) => ({ item, by: order(i) }))
    .sort((a, b) => (a.by < b.by ? -1 : 1))
    .map(({ item }) => item);
}

describe('two organizations', () => {
  test('keep repositories of the same name apart, in every form', async () => {
    const ours = await reportOf('shop', { minutes: 5 });
    const theirs = await reportOf('shop', { minutes: 60, owner: 'umbrella' });
    const rollup = rollUpOf(ours, theirs);
    expect(rollup.conflicts).toEqual([]);
    expect(rollup.leadTime.count).toBe(12);
    expect(rollup.reports.map(({ repository, status }) => [repository, status])).toEqual([
      ['umbrella/shop', 'drifted'],
      ['acme/shop', 'on-target'],
    ]);
    for (const text of [summaryOf(rollup), csvOfRollup(rollup), pageOfRollup(rollup, null)]) {
      expect(text).toContain('acme/shop');
      expect(text).toContain('umbrella/shop');
    }
  });
});

describe('all changes together', () => {
  test('p50 is Kaplan–Meier over the changes of all services, pending ones included', async () => {
    const all = await threeReports();
    const samples = all.flatMap(({ mergesets }) =>
      mergesets.map((mergeset) => ({
        seconds: mergeset.leadTimeSeconds ?? mergeset.waitingSeconds ?? 0,
        shipped: mergeset.leadTimeSeconds !== null,
      })),
    );
    expect(samples.some((sample) => !sample.shipped)).toBe(true);
    const rollup = rollUpOf(...all);
    expect(rollup.leadTime).toEqual(
      leadTimeOf(samples.toSorted((a, b) => a.seconds - b.seconds || Number(a.shipped) - Number(b.shipped))),
    );
    expect(rollup.leadTime.count).toBe(21);
  });

  test('p50 is not a median of medians', async () => {
    // Team c has most of the changes. The median of the three medians would be 50 minutes.
    const all = await Promise.all([
      reportOf('a', { minutes: 60 }),
      reportOf('b', { minutes: 50 }),
      reportOf('c', { minutes: 5, changes: 17 }),
    ]);
    expect(rollUpOf(...all).leadTime.p50).toBe(300);
  });

  test.each([1, 7, 256])('reports split into %i files in any order give the same bytes', async (files) => {
    const all = (await threeReports()).concat(
      await Promise.all([reportOf('zeta'), reportOf('eta', { minutes: 31 })]),
    );
    // The same reports under many names.
    const many = Array.from({ length: 300 }, (_, i) => ({
      ...all[i % all.length],
      repository: `acme/repository-${i}`,
    }));
    const expected = hashOf(entriesOf(many));
    for (const seed of [1, 2]) {
      const parts = Array.from({ length: files }, (): object[] => []);
      for (const [i, report] of shuffled(many, seed).entries()) parts[i % files]?.push(report);
      const texts = parts.map((part, i) =>
        i % 2 === 0 ? JSON.stringify(part) : part.map((report) => JSON.stringify(report)).join('\n'),
      );
      const read = texts.filter((text) => text !== '').flatMap((text, i) => entriesIn(text, `${i}.json`));
      expect(hashOf(shuffled(read, seed + 7))).toBe(expected);
    }
  });

  test('the newest report of a service counts', async () => {
    const earlier = await reportOf('fast', { minutes: 5 });
    const later = { ...(await reportOf('fast', { minutes: 60 })), generatedAt: LATER };
    const rollup = rollUpOf(later, earlier, failed('acme/fast'));
    expect([rollup.reports.length, rollup.failed.length, rollup.leadTime.p50]).toEqual([1, 0, 3600]);
  });

  test('different reports of a service are named, copies of a report are not', async () => {
    const earlier = await reportOf('fast', { minutes: 5 });
    const later = { ...(await reportOf('fast', { minutes: 60 })), generatedAt: LATER };
    const copy = { ...later, generatedAt: '2026-03-09T12:30:00.000Z' };
    const rollup = rollUpOf(later, earlier, copy);
    expect(rollup.conflicts).toEqual([
      {
        repository: 'acme/fast',
        service: null,
        environment: 'production',
        reports: 2,
        generatedAt: LATER,
        equallyNew: 1,
      },
    ]);
    expect(summaryOf(rollup)).toContain('- acme/fast has 2 different reports. The newest counts (');
    expect(jsonOf(rollup, null)).toMatchObject({ conflicts: rollup.conflicts });
    expect(rollUpOf(later, copy).conflicts).toEqual([]);
  });
});

describe('a failure', () => {
  test('since the newest report does not count and is named, one from before is not', async () => {
    const report = await reportOf('fast', { minutes: 5 });
    const rollup = rollUpOf(report, { ...failed('acme/fast'), generatedAt: LATER });
    expect([rollup.reports.length, rollup.teams.failed]).toEqual([1, 0]);
    const reason =
      'acme/fast could not be measured on 9 Mar, 13:00 UTC, so the report of 9 Mar, 12:00 UTC counts. It is gone.';
    expect(summaryOf(rollup)).toContain(`- ${reason}`);
    expect(jsonOf(rollup, null)).toMatchObject({
      superseded: [{ repository: 'acme/fast', service: null, generatedAt: LATER, reason }],
    });
    expect(rollUpOf({ ...report, generatedAt: LATER }, failed('acme/fast')).superseded).toEqual([]);
  });

  test('of a service is treated the same way, in its own environment', async () => {
    const report = { ...(await reportOf('mono', { minutes: 5 })), service: 'api' };
    const run = (generatedAt: string, environment: string) => ({
      schemaVersion: 1,
      repository: 'acme/mono',
      baseBranch: 'main',
      status: 'insufficient-data',
      elsewhere: 0,
      generatedAt,
      window: failed('').window,
      units: [{ ...report, service: 'web', generatedAt }],
      untold: [{ service: 'api', environment, reason: 'Nothing was deployed.' }],
    });
    expect(rollUpOf(report, run('2026-03-09T11:00:00.000Z', 'production'))).toMatchObject({
      failed: [],
      superseded: [],
    });
    const since = rollUpOf(report, run(LATER, 'production'));
    expect(since).toMatchObject({ failed: [], superseded: [{ entry: { failed: 'Nothing was deployed.' } }] });
    expect(rollUpOf(report, run(MANY_NOW, 'elsewhere')).failed).toHaveLength(1);
  });
});

describe('reports of one repository', () => {
  test('for several environments have their names, and the note says that the changes count twice', async () => {
    const slow = await reportOf('shop', { minutes: 60 });
    const prod = { ...slow, environment: 'prod' };
    const rollup = rollUp(entriesOf([slow, prod, await reportOf('fast', { minutes: 5 })]), [
      'production',
      'prod',
    ]);
    for (const text of [summaryOf(rollup), pageOfRollup(rollup, null)])
      for (const name of ['acme/shop (prod)', 'acme/shop (production)']) expect(text).toContain(name);
    expect(summaryOf(rollup)).toContain(
      '- acme/shop has a report for each of prod and production. "All changes together" counts its changes once for each.',
    );
    expect(summaryOf(rollup)).toContain('[acme/fast](');
    expect(headlineOf(rollup)).toContain('Start with acme/shop (prod).');
  });

  test('with and without services: only the newest kind counts, and the note names the other', async () => {
    const before = { ...(await reportOf('mono', { minutes: 60 })), generatedAt: '2026-03-09T11:00:00.000Z' };
    const after = await reportOf('mono', { minutes: 5 });
    const services = ['api', 'web'].map((service) => ({ ...after, service }));
    const rollup = rollUpOf(before, ...services);
    expect(rollup.reports.map(({ service }) => service)).toEqual(['api', 'web']);
    expect(rollup.leadTime.count).toBe(12);
    expect(summaryOf(rollup)).toContain(
      '- The report of acme/mono from 9 Mar, 11:00 UTC does not count, because the one from 9 Mar, 12:00 UTC has services.',
    );
    const reversed = rollUpOf(...services, { ...before, generatedAt: LATER });
    expect(reversed.reports).toHaveLength(1);
    expect(summaryOf(reversed)).toContain(
      '- The report of acme/mono: web from 9 Mar, 12:00 UTC does not count, because the one from 9 Mar, 13:00 UTC has no services.',
    );
    expect(rollUpOf({ ...before, generatedAt: after.generatedAt }, ...services).reports).toHaveLength(2);
  });
});

describe('reports of a service that are equally new', () => {
  test('the worst counts, in any order, and the note says so', async () => {
    const good = await reportOf('fast', { minutes: 5 });
    const bad = await reportOf('fast', { minutes: 60 });
    const older = { ...(await reportOf('fast', { minutes: 17 })), generatedAt: '2026-03-09T11:00:00.000Z' };
    for (const saved of [
      [good, bad, older],
      [older, bad, good],
    ]) {
      const rollup = rollUpOf(...saved);
      expect(rollup.teams).toMatchObject({ drifted: 1, 'on-target': 0 });
      expect(rollup.conflicts).toMatchObject([{ reports: 3, equallyNew: 2 }]);
      expect(summaryOf(rollup)).toContain(
        '- acme/fast has 3 different reports. 2 are equally new (9 Mar, 12:00 UTC), so the worst verdict counts.',
      );
    }
  });

  test('the order of the keys and fields of a newer version make no difference', async () => {
    const report = await reportOf('slow', { minutes: 60, waiting: true });
    const reversed = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(reversed)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([key, field]) => [key, reversed(field)]),
            )
          : value;
    const newer = { ...report, target: { ...report.target, fresh: 1 }, later: true };
    expect(JSON.stringify(reversed(report))).not.toBe(JSON.stringify(report));
    expect(rollUpOf(report, reversed(report) as object, newer).conflicts).toEqual([]);
  });
});

describe('reports that do not fit together', () => {
  test('different windows are an error', async () => {
    const fast = await reportOf('fast', { minutes: 5 });
    const slow = await reportOf('slow', {}, { window: '14d' });
    expect(() => rollUpOf(fast, slow)).toThrow('The reports have 2 different windows: 2026-02-23');
  });

  test('different environments are an error, unless "environment" lists them', async () => {
    const all = [
      await reportOf('fast', { minutes: 5 }),
      await reportOf('other', { environment: 'prod' }, { environment: 'prod' }),
    ];
    expect(() => rollUpOf(...all)).toThrow(
      'The reports are for different environments: prod (1 in "acme/other"), production (1 in "acme/fast"). Combine each environment alone, or list all names that mean the same in "environment", each on a line of its own.',
    );
    const rollup = rollUp(entriesOf(all), ['prod', 'production']);
    expect(rollup.environments).toEqual({ prod: 1, production: 1 });
    expect(summaryOf(rollup)).toContain(
      '- Environments that count as the same: prod (1) and production (1).',
    );
  });

  test('the error names the files, those of the smallest group first', async () => {
    const window = { from: '2026-02-23T12:00:00.000Z', to: MANY_NOW };
    const files = new Map(
      Array.from({ length: 12 }, (_, i): [Entry, string] => [
        { ...failed(`acme/r${i}`), service: null, environment: null, ...(i === 0 ? { window } : {}) },
        `reports/r${i}.json`,
      ]),
    );
    expect(() => rollUp([...files.keys()], null, files)).toThrow(
      'The reports have 2 different windows: 2026-02-23T12:00:00.000Z to 2026-03-09T12:00:00.000Z (1 in "reports/r0.json"), 2026-03-02T12:00:00.000Z to 2026-03-09T12:00:00.000Z (11 in "reports/r1.json", "reports/r10.json", "reports/r11.json" and 8 more).',
    );
  });

  test('names of environments on one line are an error that says how to list them', async () => {
    const fast = await reportOf('fast', { minutes: 5 });
    expect(() => rollUp(entriesOf([fast]), ['production,prod'])).toThrow(
      'The reports are for environments that "environment" does not list: production (1 in "acme/fast"). It lists "production,prod". List all names that mean the same, each on a line of its own, such as $\'prod\\nproduction\' in a shell.',
    );
  });

  test('another schema version, broken JSON and wrong fields are errors', async () => {
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
    expect(() => rollUp([], null)).toThrow('There are no reports.');
  });
});

describe('report files', () => {
  test('a byte order mark at the beginning is ignored', async () => {
    const report = JSON.stringify(await reportOf('fast', { minutes: 5 }));
    for (const text of [`\uFEFF${report}`, `\uFEFF${report}\n${report}\n`])
      expect(rollUp(entriesIn(text, 'x.json'), null).reports).toHaveLength(1);
  });

  test.each([1e308, -1e308, 1e13, '1e999'])('an impossible number is an error: %s', async (value) => {
    const report = await reportOf('fast', { minutes: 5 });
    const text = JSON.stringify({ ...report, leadTime: { ...report.leadTime, p50: 'P50' } });
    expect(() => entriesIn(text.replace('"P50"', String(value)), 'folder/x.json')).toThrow(
      '"folder/x.json": not a report, because "leadTime.p50" is missing or has an unexpected value.',
    );
  });

  test('an invalid time is an error', async () => {
    const report = { ...(await reportOf('fast', { minutes: 5 })), generatedAt: '2026-03-02T10:00:00+01' };
    expect(() => entriesIn(JSON.stringify(report), 'x.json')).toThrow(
      '"x.json": not a report, because "generatedAt" is',
    );
  });

  test('an unknown field is ignored, and a missing one is named', async () => {
    const { policy, ...report } = await reportOf('fast', { minutes: 5 });
    const newer = { ...report, policy, target: { ...report.target, fresh: 1 }, later: true };
    expect(rollUpOf(newer).reports).toHaveLength(1);
    expect(() => entriesIn(JSON.stringify(report), 'x.json')).toThrow(
      '"x.json": not a report, because "policy" is',
    );
  });
});

describe('content', () => {
  test('teams are counted by verdict, and a failure has its reason and never a zero', async () => {
    const rollup = rollUpOf(
      ...(await threeReports()),
      await reportOf('idle', { changes: 0 }),
      failed('acme/gone'),
    );
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
    expect(summaryOf(rollup)).toContain('| acme/gone | It is gone. |');
    expect(headlineOf(rollup)).toBe(
      '1 of 4 repositories has drifted, 1 is slipping, 1 has no verdict and 1 is on target. 1 could not be measured. Start with acme/slow.',
    );
  });

  test('the table of services comes first, and each service links to its repository', async () => {
    const rollup = rollUpOf(...(await threeReports()));
    const [title, headline, section, head, , firstRow] = summaryOf(rollup).split(/\n+/);
    expect(title).toMatch(/^## Deploy latency: /);
    expect(headline).toBe(`**${headlineOf(rollup)}**`);
    expect([section, head]).toEqual([
      '## Services',
      '| Service | Verdict | Lead time | Target | Changes | Pending | Batches |',
    ]);
    const { repositoryUrl } = await reportOf('slow', { minutes: 60, waiting: true });
    expect(firstRow).toBe(`| [acme/slow](${repositoryUrl}) | 🔴 Drifted | p50 1h | 15m | 6 | 1 | 0 |`);
  });

  test('the headline counts services and repositories, and names the suspect to fix first', async () => {
    const [fast, slow, middle] = await threeReports();
    const mono = (report: Report, service: string) => ({ ...report, repository: 'acme/mono', service });
    const suspects = [suspect(10, 20)];
    expect(headlineOf(rollUpOf(mono(fast, 'api'), mono(slow, 'web'), { ...middle, suspects }))).toBe(
      '1 of 3 services in 2 repositories has drifted, 1 is slipping and 1 is on target. Fix "A step waits for a fixed time" first: it would save the most.',
    );
    expect(headlineOf(rollUpOf(mono(fast, 'api'), mono(fast, 'web')))).toBe(
      '2 services in 1 repository are on target.',
    );
    expect(headlineOf(rollUpOf(fast))).toBe('1 repository is on target.');
    expect(headlineOf(rollUpOf(failed('acme/gone')))).toBe('1 could not be measured.');
  });

  test("a suspect's saving is summed over all deployments of all services", async () => {
    const [fast, slow] = await threeReports();
    const rollup = rollUpOf(
      { ...fast, suspects: [suspect(10, 20), suspect(1, 2)] },
      { ...slow, suspects: [suspect(100, 100)] },
    );
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

  test('a row has the figures of its widened window, all changes together those of the requested one', async () => {
    const inputs = { window: '5d', widen: '14d' };
    const widened = await reportOf('few', { waiting: true }, inputs);
    const busy = await reportOf('busy', { changes: 17 }, inputs);
    expect([widened.window.askedFrom, busy.window.askedFrom]).toEqual([
      '2026-03-04T12:00:00.000Z',
      undefined,
    ]);
    const rollup = rollUpOf({ ...widened, suspects: [suspect(10, 20)] }, busy);
    expect([widened.leadTime.count, busy.leadTime.count, rollup.leadTime.count]).toEqual([6, 14, 17]);
    const row = { repository: 'acme/few', window: widened.window, changes: 6, pending: 1, deployments: 5 };
    expect(jsonOf(rollup, null)).toMatchObject({ units: [{ repository: 'acme/busy' }, row] });
    expect(csvOfRollup(rollup)).toMatch(/^acme\/few,.*,6,1,5,0,,,\r$/m);
    // Two of the five deployments ended in the requested window.
    expect(rollup.suspects[0]?.saving).toEqual({ low: 20, high: 40 });
    const summary = summaryOf(rollup);
    expect(summary).toMatch(/\| \[acme\/few\]\(.*\) \|.*\| 6 \| 1 \| 0 \|/);
    expect(summary).toContain(
      '- Windows widened to contain ten changes: acme/few (5d 20h). Their rows cover the widened window. "All changes together" and "Possible savings" cover 5d for every service.',
    );
    expect(summaryOf(rollUpOf(busy))).not.toContain('widened');
  });

  test('services that are slower than before are listed, the largest growth first', async () => {
    const [fast, slow, middle] = await threeReports();
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
    const rollup = rollUpOf({ ...fast, ...grown(100, 200) }, { ...slow, ...grown(300, 900) }, middle);
    expect(rollup.slower.map((report) => report.repository)).toEqual(['acme/slow', 'acme/fast']);
    expect(headlineOf(rollup)).toContain(' acme/slow slowed down most (');
  });

  test('a report of several services counts each, and a service without an answer has its reason', async () => {
    const [fast, slow] = await threeReports();
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
    const rollup = rollUpOf(run);
    expect(rollup.reports.map((report) => report.service).sort()).toEqual(['api', 'web']);
    expect(rollup.failed).toMatchObject([{ service: 'mailer', failed: 'Nothing was deployed.' }]);
    expect(rollup.leadTime.count).toBe(12);
  });

  test('text from reports is inert in the summary, on the page and in a spreadsheet', async () => {
    const hostile = '<img src=x onerror=alert(1)> @everyone [x](http://evil)';
    const [fast] = await threeReports();
    const rollup = rollUpOf(
      { ...fast, repository: `=1+1 ${hostile}`, repositoryUrl: 'javascript:alert(1)' },
      { ...failed('acme/x'), failed: hostile },
    );
    expect(summaryOf(rollup)).not.toContain('javascript:');
    expect(summaryOf(rollup)).not.toMatch(/<img|(?<!\u200b)@everyone|\]\(http:\/\/evil/);
    expect(pageOfRollup(rollup, null)).not.toContain('<img src=x');
    expect(csvOfRollup(rollup)).toContain("\r\n'=1+1");
  });

  test('changes of a service with missing data are left out of the percentiles, with the reason', async () => {
    const [fast, slow] = await threeReports();
    const gap = { what: 'Deployments could not be read.', consequence: '', verdictAtRisk: true };
    const rollup = rollUpOf({ ...slow, completeness: { complete: false, gaps: [gap] } }, fast);
    expect(rollup.leadTime.count).toBe(6);
    expect(rollup.notPooled.map(({ reason }) => reason)).toEqual(['Deployments could not be read.']);
  });
});
