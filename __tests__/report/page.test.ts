import { expect, test } from '@jest/globals';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import { page, pageOfRun } from '../../src/report/page.ts';
import { runReportOf } from '../../src/run/reporting/report-of.ts';
import { reportText } from '../../src/report/written.ts';
import { ask } from '../support/ask.ts';

const sample = () => ask(sampleTeam(), { now: SAMPLE_NOW });

test('the page holds no script, asks for nothing, and forbids both', async () => {
  const html = page((await sample()).report);
  expect(html).not.toMatch(/<script|<img|<link rel="stylesheet"|@import|url\(/);
  expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
});

test('of more changes than a browser scrolls gladly the newest are shown, and it says so', async () => {
  const { report } = await sample();
  const [one] = report.mergesets;
  if (!one) throw new Error('the sample team has changes');
  const mergesets = Array.from({ length: 7000 }, (_, i) => ({ ...one, number: i }));
  const html = page({ ...report, mergesets });
  expect(html).toContain('7000 changes merged into main');
  expect(html).toContain('The 2000 oldest are left out below; the JSON report has all.');
  expect(html).toContain('All changes (5000)');
});

test('the same answer make the same page', async () => {
  const { report } = await sample();
  expect(page(report)).toBe(page(report));
});

test('a window with nothing in it still makes a page', async () => {
  const { report } = await ask(sampleTeam(), { now: '2026-02-28T00:00:00Z', inputs: { window: '1h' } });
  expect(report.mergesets).toEqual([]);
  expect(page(report)).toContain('No verdict');
});

test('of many services the worst have a story, and it says that the others have none', async () => {
  const { report } = await sample();
  const reports = Array.from({ length: 100 }, (_, i) => ({ ...report, service: `service-${i}` }));
  const html = pageOfRun(runReportOf(reports, [], null));
  expect(html.match(/<h2 id="unit-/g)).toHaveLength(20);
  expect(html.match(/href="#unit-/g)).toHaveLength(20);
  expect(html).toContain('service-99 (production)');
  expect(html).toContain('The 20 worst are shown below. The table has the other 80,');
  expect(html.length).toBeLessThan(3_000_000);
});

test('the file of a report has a line for each entry of a list, and the same fields', async () => {
  const { report } = await sample();
  const run = runReportOf([report, report], [], 3);
  for (const other of [report, run])
    expect(JSON.parse(reportText(other))).toEqual(JSON.parse(JSON.stringify(other)));
  const lines = reportText(report).split('\n');
  expect(lines.filter((line) => line.includes('"kind":"pull-request"'))).toHaveLength(
    report.mergesets.length + report.earlier.length,
  );
});
