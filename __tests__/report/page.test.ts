import { expect, test } from '@jest/globals';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import { page } from '../../src/report/render/html.ts';
import { ask } from '../support/ask.ts';

const sample = () => ask(sampleTeam(), { now: SAMPLE_NOW });

test('the page holds no script, asks for nothing, and forbids both', async () => {
  const html = page((await sample()).measures);
  expect(html).not.toMatch(/<script|<img|<link rel="stylesheet"|@import|url\(/);
  expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
});

test('of more changes than a browser scrolls gladly the newest are shown, and it says so', async () => {
  const { measures } = await sample();
  const [one] = measures.mergesets;
  if (!one) throw new Error('the sample team has changes');
  const mergesets = Array.from({ length: 7000 }, (_, i) => ({ ...one, number: i }));
  const html = page({ ...measures, mergesets });
  expect(html).toContain('7000 changes merged into main');
  expect(html).toContain('The 2000 oldest are left out below; the JSON report has all.');
  expect(html).toContain('All changes (5000)');
});

test('the same measures make the same page', async () => {
  const { measures } = await sample();
  expect(page(measures)).toBe(page(measures));
});

test('a window with nothing in it still makes a page', async () => {
  const { measures } = await ask(sampleTeam(), { now: '2026-02-28T00:00:00Z', inputs: { window: '1h' } });
  expect(measures.mergesets).toEqual([]);
  expect(page(measures)).toContain('No verdict');
});
