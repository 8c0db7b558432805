import { expect, test } from '@jest/globals';
import { parseHTML } from 'linkedom';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import { page, pageOfRun } from '../../src/report/page.ts';
import { markdown } from '../../src/report/render/markdown.ts';
import { runBlocks } from '../../src/report/services.ts';
import { runReportOf } from '../../src/run/reporting/report-of.ts';
import { reportText } from '../../src/report/report-file.ts';
import { ask } from '../support/ask.ts';

/** A week of a report. */
const template = {
  from: '2026-03-02T00:00:00.000Z',
  to: '2026-03-09T00:00:00.000Z',
  leadTimeAtLeastSeconds: null,
  confidence: null,
  alert: false,
  deployments: 3,
  batches: 1,
};

const sample = () => ask(sampleTeam(), { now: SAMPLE_NOW });

test('the page has no script, sends no request, and forbids both', async () => {
  const html = page((await sample()).report);
  expect(html).not.toMatch(/<script|<img|<link rel="stylesheet"|@import|url\(/);
  expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
});

test('a page of very many changes shows the newest and says how many are left out', async () => {
  const { report } = await sample();
  const [change] = report.mergesets;
  if (!change) throw new Error('the sample team has changes');
  const mergesets = Array.from({ length: 7000 }, (_, i) => ({ ...change, number: i }));
  const html = page({ ...report, mergesets });
  expect(html).toContain('7000 changes merged into main');
  expect(html).toContain('The 2000 oldest are left out below. The JSON report has all of them.');
  expect(html).toContain('All changes (5000)');
});

test('the same report makes the same page', async () => {
  const { report } = await sample();
  expect(page(report)).toBe(page(report));
});

test('every change is a point that leads to its pull request, and its shape shows batches and pending changes', async () => {
  const { report } = await sample();
  const { document } = parseHTML(page(report));
  const points = [...(document.querySelector('.plot')?.querySelectorAll('.mark') ?? [])];
  expect(points.map((point) => point.getAttribute('href'))).toEqual(report.mergesets.map(({ url }) => url));
  expect(points.filter((point) => point.classList.contains('pending'))).toHaveLength(1);
  const batched = points.filter((point) => point.classList.contains('batch'));
  expect(batched.map((point) => point.getAttribute('aria-label')?.slice(0, 4))).toEqual([
    '#415',
    '#416',
    '#419',
    '#420',
  ]);
});

test('the first screen has the verdict, one chart, three numbers and what to do', async () => {
  const { document } = parseHTML(page((await sample()).report));
  expect(document.querySelector('h1')?.textContent).toBe(' Drifted: p50 24m 35s target 15m, limit 18m 45s');
  const [chart, numbers, plan, ...others] = document.querySelector('.overview')?.children ?? [];
  expect([chart?.tagName, others]).toEqual(['FIGURE', []]);
  expect([...(numbers?.querySelectorAll('dd:not(.note)') ?? [])].map((number) => number.textContent)).toEqual(
    ['24m 35s', '1', '2'],
  );
  expect([...(plan?.querySelectorAll('strong') ?? [])].map((label) => label.textContent)).toEqual([
    'Why:',
    'First:',
    'Waiting now:',
  ]);
});

test('the curve says what it shows, and a table has its numbers', async () => {
  const html = page((await sample()).report);
  expect(html).toContain(
    'After 15m (the target), 83% of changes were not live yet. Half went live within 24m 35s.',
  );
  expect(html).toContain('<td>30m</td><td class="right">17%</td>');
});

test('the table of several services has the weeks of each, as bars with words on the page and as blocks in Markdown', async () => {
  const { report } = await sample();
  const week = { ...template, status: 'on-target' as const };
  const weeks = [
    { ...week, status: 'insufficient-data' as const, leadTimeSeconds: null },
    { ...week, leadTimeSeconds: 0 },
    { ...week, leadTimeSeconds: 900 },
    { ...week, leadTimeSeconds: 3600 },
  ];
  const run = runReportOf(
    [
      { ...report, weeks },
      { ...report, service: 'new' },
    ],
    [],
    null,
  );
  expect(markdown(runBlocks(run), { surface: 'summary' })).toContain(
    '| Service | Verdict | Weeks | Lead time |',
  );
  expect(markdown(runBlocks(run), { surface: 'summary' })).toContain('| 🔴 Drifted | ·▁▂█ | p50 24m 35s |');
  expect(markdown(runBlocks(run), { surface: 'summary' })).toContain('| 🔴 Drifted | – | p50 24m 35s |');
  expect(pageOfRun(run)).toContain('aria-label="Weeks, oldest first: no verdict, 0s, 15m and 1h"');
});

test('an empty window still makes a page', async () => {
  const { report } = await ask(sampleTeam(), { now: '2026-02-28T00:00:00Z', inputs: { window: '1h' } });
  expect(report.mergesets).toEqual([]);
  expect(page(report)).toContain('No verdict');
});

test('a page of many services describes the worst ones and says how many others there are', async () => {
  const { report } = await sample();
  const reports = Array.from({ length: 100 }, (_, i) => ({ ...report, service: `service-${i}` }));
  const html = pageOfRun(runReportOf(reports, [], null));
  expect(html.match(/<h2 id="service-/g)).toHaveLength(20);
  expect(html.match(/href="#service-[^"]*production"/g)).toHaveLength(20);
  const tables = [...html.matchAll(/href="#(service-[^"]*-changes)"/g)].map(([, anchor]) => `id="${anchor}"`);
  expect(tables.filter((anchor) => html.split(anchor).length === 2)).toHaveLength(20);
  expect(html).toContain('service-99 (production)');
  expect(html).toContain(
    'The 20 worst are described below. The JSON report has the details of the other 80.',
  );
  expect(html.length).toBeLessThan(3_000_000);
});

test('the report file has one line per list entry, and all fields', async () => {
  const { report } = await sample();
  const run = runReportOf([report, report], [], 3);
  for (const written of [report, run])
    expect(JSON.parse(reportText(written))).toEqual(JSON.parse(JSON.stringify(written)));
  const lines = reportText(report).split('\n');
  expect(lines.filter((line) => line.includes('"kind":"pull-request"'))).toHaveLength(
    report.mergesets.length + report.earlier.length,
  );
});
