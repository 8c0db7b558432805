import { expect, test } from '@jest/globals';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import { page, pageOfRun } from '../../src/report/page.ts';
import { runReportOf } from '../../src/run/reporting/report-of.ts';
import { reportText } from '../../src/report/report-file.ts';
import { ask } from '../support/ask.ts';

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
  expect(html.match(/href="#service-/g)).toHaveLength(20);
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
