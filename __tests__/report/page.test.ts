import { expect, test } from '@jest/globals';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import { page } from '../../src/report/page.ts';
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
