import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { sampleMonorepo } from '../../src/demo/monorepo.ts';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import type { World } from '../../src/fake-github/world.ts';
import { type Report, type RunReport, runReportSchema } from '../../src/report/contract.ts';
import { reportsOf } from '../../src/report/parts.ts';
import { redacted } from '../../src/report/redact.ts';
import { jsonLinesOf } from '../../src/report/rows.ts';
import { runReportOf } from '../../src/run/reporting/report-of.ts';
import { savedReport } from '../../src/run/saved-files.ts';
import { writeParts, summaryOn } from '../../src/run/step-summary.ts';
import { pageOf, textsOf } from '../../src/run/texts.ts';
import { verdictOf } from '../../src/run/run-verdict.ts';
import { ask } from '../support/ask.ts';
import { runWithConfigFile } from '../support/config-file.ts';
import { withGitHub } from '../support/github.ts';
import { performStep } from '../support/in-process.ts';
import { pacedTeam, minutesOf } from '../support/paced-team.ts';
import { randomTeam } from '../support/random-team.ts';

/** A saved report is drawn again without a request, and gives the same texts, byte for byte. */

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'saved-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function saved(content: string) {
  const file = join(folder, 'report.json');
  writeFileSync(file, content);
  return savedReport(file);
}

async function drawn(content: string) {
  const report = saved(content);
  const texts = await textsOf(report);
  let summary = '';
  await writeParts(
    summaryOn({
      async summary(text) {
        summary += text;
      },
    }),
    texts.summary,
  );
  return {
    summary,
    page: await pageOf(report),
    rows: jsonLinesOf(reportsOf(report)),
    annotations: texts.annotations,
    verdict: await verdictOf(report),
  };
}

const random = randomTeam(55, 200);
const paced = pacedTeam(minutesOf([30, 10], [20, 60]));

describe('a saved report gives the same texts as the run', () => {
  test.each<[string, () => World, string, Record<string, string>]>([
    ['one service, in guard mode', sampleTeam, 'push', { 'as-of': SAMPLE_NOW }],
    [
      'one service, with weeks and an objective',
      sampleTeam,
      'schedule',
      { 'as-of': SAMPLE_NOW, weeks: '4', objective: '90%', 'direct-pushes': 'count' },
    ],
    ['several services', sampleMonorepo, 'schedule', { 'as-of': SAMPLE_NOW }],
    [
      'a random team',
      () => random.world,
      'schedule',
      { 'as-of': new Date(random.ends - 3_600_000).toISOString(), window: '5d' },
    ],
    ['a team that became slow', () => paced.world, 'schedule', { 'as-of': paced.last, weeks: '4' }],
  ])('%s', async (_, make, event, inputs) => {
    const world = make();
    const step = await withGitHub(world, {}, ({ apiUrl }) =>
      performStep({
        apiUrl,
        event,
        repository: `${world.owner}/${world.name}`,
        inputs: { ...inputs, comment: 'never', issue: 'never', html: join(folder, 'page.html') },
      }),
    );
    const texts = await drawn(JSON.stringify(step.report));
    expect(texts.summary).toBe(step.summary);
    expect(texts.page).toBe(step.page);
    expect(texts.verdict.outputs).toMatchObject({
      status: step.outputs.status,
      'lead-time': step.outputs['lead-time'],
      pending: step.outputs.pending,
      'drift-percent': step.outputs['drift-percent'],
    });
    expect(step.code).toBe(texts.verdict.failed ? 1 : 0);
    for (const { title } of texts.annotations) expect(step.log).toContain(title);
    expect(texts.rows.split('\n').length).toBeGreaterThan(1);
  });
});

/** A report of the sample team with one change. */
async function damaged(change: (report: Report) => unknown): Promise<string> {
  const { report } = await ask(sampleTeam(), { now: SAMPLE_NOW });
  const copy = structuredClone(report);
  return JSON.stringify(change(copy) ?? copy);
}

describe('an impossible value is refused by its name', () => {
  test.each<[string, string, (report: Report) => unknown]>([
    [
      'a negative number of changes',
      'leadTime.pending',
      (report) => {
        report.leadTime.pending = -2;
      },
    ],
    [
      'half a change',
      'leadTime.count',
      (report) => {
        report.leadTime.count = 3.5;
      },
    ],
    [
      'a number of changes that is not the sum of its parts',
      'leadTime',
      (report) => {
        report.leadTime.count += 1;
      },
    ],
    [
      'a negative lead time',
      'mergesets.0.leadTimeSeconds',
      (report) => {
        Object.assign(report.mergesets[0] ?? {}, { leadTimeSeconds: -100 });
      },
    ],
    [
      'more seconds than a date has',
      'target.seconds',
      (report) => {
        report.target.seconds = 1e308;
      },
    ],
    [
      'a window that ends before it starts',
      'window',
      (report) => {
        report.window.to = '2026-01-01T00:00:00.000Z';
      },
    ],
    [
      '30 February',
      'window.from',
      (report) => {
        report.window.from = '2026-02-30T12:00:00.000Z';
      },
    ],
    [
      'a time in another zone',
      'window.from',
      (report) => {
        report.window.from = '2026-03-06T12:00:00+02:00';
      },
    ],
    ['a run without a service', 'units', (report) => ({ ...runReportOf([report], [], 0), units: [] })],
  ])('%s', async (_, field, change) => {
    const content = await damaged(change);
    expect(() => saved(content)).toThrow(
      `report.json": not a report, because "${field}" is missing or has an unexpected value.`,
    );
  });

  test('a value that is nested deeper than any report', async () => {
    const content = await damaged(() => {});
    const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`;
    expect(() => saved(content.replace('"evidence":{', `"evidence":{"deep":${deep},`))).toThrow(
      'report.json": not a report, because it is nested too deeply.',
    );
    expect(() => saved(`${'['.repeat(5000)}${content}${']'.repeat(5000)}`)).toThrow(
      'report.json", report 1: not a report',
    );
  });
});

describe('a redacted report', () => {
  /** Calls a function with every text of a report: its place, and a way to replace it. */
  function eachText(
    value: unknown,
    path: string,
    see: (path: string, set: (text: string) => void, text: string) => void,
  ) {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, entry] of Object.entries(value)) {
      const place = Array.isArray(value) ? path : `${path}.${key}`;
      const set = (text: string) => Object.assign(value, { [key]: text });
      if (typeof entry === 'string') see(place, set, entry);
      else eachText(entry, place, see);
    }
  }

  test('has no text that may contain a name, wherever it stands', async () => {
    const { report } = await runWithConfigFile(sampleMonorepo(), null, {
      at: SAMPLE_NOW,
      inputs: { weeks: '4', objective: '90%' },
    });
    const { report: single } = await ask(sampleTeam(), { now: SAMPLE_NOW });
    const copy: RunReport = structuredClone({
      ...report,
      units: [...report.units, single],
      untold: [{ service: 'x', environment: 'x', reason: 'x' }],
    });
    Object.assign(copy.units[0] ?? {}, {
      way: { steps: [{ from: 'merge', to: 'x', seconds: [1] }], skipped: [{ mergeCommit: 'x', stage: 'x' }] },
    });
    const places = new Set<string>();
    eachText(copy, '', (place, set, before) => {
      set('Zanzibar');
      // A text from a fixed list cannot be replaced.
      if (!v.is(runReportSchema, copy) || /\.evidence\..*(?:status|confidence|kind|how)$/.test(place))
        set(before);
      else places.add(place);
    });
    expect(places.size).toBeGreaterThan(50);
    const named = new Set<string>();
    eachText(redacted(copy), '', (place, _, text) => text.includes('Zanzibar') && named.add(place));
    expect([...named].toSorted()).toEqual([
      '.units.deployments.trigger',
      '.units.suspects.rule',
      '.units.suspects.title',
    ]);
  });

  test('replaces the same name always the same way', async () => {
    const { report } = await ask(sampleTeam(), { now: SAMPLE_NOW });
    const { mergesets, deployments } = redacted(report);
    expect(mergesets[0]?.author).toMatch(/^author-\d+$/);
    expect(deployments.flatMap(({ authors }) => authors)).toContain(mergesets[0]?.author);
    expect(deployments.map(({ sha }) => sha)).toContain(
      mergesets.find(({ mergeCommit }) => deployments.some(({ sha }) => sha === mergeCommit))?.mergeCommit,
    );
    expect(new Set(deployments.map(({ sha }) => sha)).size).toBe(
      new Set(report.deployments.map(({ sha }) => sha)).size,
    );
  });
});

test('a redacted report is a report, and is drawn without a name', async () => {
  for (const [world, names] of [
    [sampleTeam(), /larkspur|storefront|jonas|noor|Sort search|deploy\.yml/],
    [sampleMonorepo(), /larkspur|mailer|renovate|team\//],
    [random.world, /acme|shop/],
  ] as const) {
    const { report } = await runWithConfigFile(world, null, {
      at: SAMPLE_NOW,
      inputs: { mode: 'scheduled', weeks: '4', objective: '90%', widen: '28d' },
    });
    const { summary, page, rows } = await drawn(JSON.stringify(redacted(report)));
    for (const text of [summary, page, rows]) expect(text).not.toMatch(names);
  }
});

describe('a file that is not a report is refused', () => {
  test.each([
    ['a missing file', null, /^".*none\.json" does not exist\. Give a report file, such as report\.json\.$/],
    [
      'an empty file',
      '',
      /^".*report\.json" contains no report\. Give a file with one report, or combine several with "rollup"\.$/,
    ],
    [
      'other JSON',
      '{}',
      /^".*report\.json": not a report of schema version 1 \(its "schemaVersion" is missing\)/,
    ],
    ['a version that is text', '{"schemaVersion":"1"}', /\(its "schemaVersion" is "1"\)/],
    [
      'a file that was cut off',
      '{\n  "schemaVersion": 1,\n  "repos',
      /^".*report\.json": not JSON \(.+\)\. Give a report/,
    ],
    [
      'UTF-16',
      Buffer.from('{"schemaVersion":1}', 'utf16le').toString(),
      /^".*report\.json": not JSON \(the file is UTF-16; save it as UTF-8\)/,
    ],
    [
      'a run without a report',
      JSON.stringify({
        schemaVersion: 1,
        repository: 'acme/shop',
        generatedAt: SAMPLE_NOW,
        window: { from: SAMPLE_NOW, to: SAMPLE_NOW },
        failed: 'Nothing was deployed.',
      }),
      /^".*report\.json" contains an error, not a report: Nothing was deployed\.$/,
    ],
  ])('%s', (_, content, message) => {
    expect(() => (content === null ? savedReport(join(folder, 'none.json')) : saved(content))).toThrow(
      message,
    );
  });
});
