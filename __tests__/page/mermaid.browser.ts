import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import { ask } from '../support/ask.ts';
import { chartsIn } from '../support/charts.ts';
import { steadyTeam } from '../support/steady-team.ts';

/** The charts of summaries and comments, drawn in a real browser by Mermaid as GitHub draws them, and measured. */

const MERMAID = join(
  dirname(createRequire(import.meta.url).resolve('mermaid/package.json')),
  'dist/mermaid.min.js',
);
let browser: Browser;
let page: Page;
beforeAll(async () => {
  const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
    (each) => each !== undefined && existsSync(each),
  );
  if (executablePath === undefined)
    throw new Error('No browser was found. Install Chromium, or name one in CHROMIUM.');
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  page = await browser.newPage({ viewport: { width: 1000, height: 900 }, timezoneId: 'Pacific/Auckland' });
  await page.setContent('<main></main>');
  await page.addScriptTag({ path: MERMAID });
}, 60_000);
afterAll(() => browser?.close());

/** Draws a chart, and takes the widths and heights of what `selector` names, in pixels. */
async function drawn(source: string, selector: string, theme: 'default' | 'dark' = 'default') {
  return page.evaluate<{ width: number; height: number; left: number; right: number; fill: string }[]>(
    `(async () => {
      mermaid.initialize({ startOnLoad: false, theme: ${JSON.stringify(theme)} });
      const { svg } = await mermaid.render('chart' + Math.floor(performance.now()), ${JSON.stringify(source)});
      document.querySelector('main').innerHTML = svg;
      return [...document.querySelectorAll('main svg ' + ${JSON.stringify(selector)})].map((each) => {
        const { width, height, left, right } = each.getBoundingClientRect();
        return { width, height, left, right, fill: getComputedStyle(each).fill };
      });
    })()`,
  );
}

test("the bars of a change's stages follow one another, and each is as long as its stage, to the pixel", async () => {
  const { report, summary } = await ask(sampleTeam(), { now: SAMPLE_NOW });
  const charts = summary.flatMap(chartsIn).filter((each) => each.source.startsWith('gantt'));
  const { slowest, median } = report.stages ?? {};
  expect(charts).toHaveLength(2);
  for (const [i, staged] of [slowest, median].entries()) {
    const segments = (staged?.segments ?? []).map(({ from, seconds }) => ({
      from: Date.parse(from) / 1000,
      to: Date.parse(from) / 1000 + seconds,
    }));
    const bars = await drawn(charts[i]?.source ?? '', 'rect.task');
    expect(bars).toHaveLength(segments.length);
    const scale =
      ((bars.at(-1)?.right ?? 0) - (bars[0]?.left ?? 0)) /
      ((segments.at(-1)?.to ?? 0) - (segments[0]?.from ?? 0));
    expect(scale).toBeGreaterThan(0);
    for (const [j, { from, to }] of segments.entries()) {
      expect(Math.abs((bars[j]?.width ?? 0) - (to - from) * scale)).toBeLessThan(1.5);
      const left = (bars[0]?.left ?? 0) + (from - (segments[0]?.from ?? 0)) * scale;
      expect(Math.abs((bars[j]?.left ?? 0) - left)).toBeLessThan(1.5);
    }
  }
});

describe.each([12, 119, 2000])('lead times of %i changes', (commits) => {
  test.each(['default', 'dark'] as const)('in the theme %s: labels apart, bars to be seen', async (theme) => {
    const { world, now } = steadyTeam({ commits, days: 30, deployEvery: 3 });
    const { summary } = await ask(world, { now, inputs: { window: '30d' } });
    const [chart] = summary.flatMap(chartsIn).filter((each) => each.source.includes('xychart'));
    const labels = await drawn(chart?.source ?? '', '.bottom-axis .label text', theme);
    expect(labels.length).toBeGreaterThanOrEqual(Math.min(11, commits));
    for (const [i, label] of labels.entries())
      expect(label.right).toBeLessThan(labels[i + 1]?.left ?? Number.POSITIVE_INFINITY);
    const bars = await drawn(chart?.source ?? '', '.bar-plot-0 rect', theme);
    expect(bars).toHaveLength(labels.length);
    expect(new Set(bars.map((bar) => bar.fill))).toEqual(new Set(['rgb(56, 139, 253)']));
  });
});
