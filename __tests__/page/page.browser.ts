import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { surroundingsOf } from '../../src/config/surroundings.ts';
import { sampleMonorepo } from '../../src/demo/monorepo.ts';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import { rollUp } from '../../src/organization/rollup.ts';
import { pageOfRollup } from '../../src/organization/rollup-page.ts';
import { page as render } from '../../src/report/page.ts';
import { prepare } from '../../src/run/context.ts';
import { run } from '../../src/run/run.ts';
import { pageOf } from '../../src/run/texts.ts';
import { ask } from '../support/ask.ts';
import { withGitHub } from '../support/github.ts';
import { MANY_NOW, teamOf } from '../support/organization.ts';
import { pacedTeam } from '../support/paced-team.ts';
import { steadyTeam } from '../support/steady-team.ts';

/**
 * The page in a real browser: `npm run test:page`. CHROMIUM names the browser where it is not in one of the usual
 * places; SCREENSHOTS a folder to keep what was seen.
 */

const BROWSERS = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const folder = mkdtempSync(join(tmpdir(), 'page-'));
const shots = process.env.SCREENSHOTS ?? folder;
const axe = createRequire(import.meta.url).resolve('axe-core');

let browser: Browser;
beforeAll(async () => {
  const executablePath = BROWSERS.find((each) => each !== undefined && existsSync(each));
  if (executablePath === undefined)
    throw new Error('No browser was found. Install Chromium, or name one in CHROMIUM.');
  mkdirSync(shots, { recursive: true });
  browser = await chromium.launch({ executablePath, args: FLAGS });

  const sample = await ask(sampleTeam(), { now: SAMPLE_NOW });
  writeFileSync(join(folder, 'sample.html'), render(sample.report));
  await sampleOfServices(join(folder, 'services.html'));
  const { world, now } = steadyTeam({ commits: 2000, days: 30, deployEvery: 2 });
  for (let i = 0; i < 30; i++) world.deployments.pop();
  const large = await ask(world, { now, inputs: { window: '30d' } });
  expect(large.report.mergesets).toHaveLength(2000);
  writeFileSync(join(folder, 'large.html'), render(large.report));
  for (const [name, commits, days] of [
    ['five', 5, 7],
    ['month', 119, 30],
    ['many', 500, 30],
  ] as const) {
    const team = steadyTeam({ commits, days, deployEvery: commits > 5 ? 3 : 1 });
    const asked = await ask(team.world, { now: team.now, inputs: { window: `${days}d` } });
    writeFileSync(join(folder, `${name}.html`), render(asked.report));
  }
  await tellPaced(join(folder, 'weeks.html'));
  const teams = [
    { name: 'slow', minutes: 60, waiting: true },
    { name: 'fast', minutes: 5 },
  ].map(({ name, ...team }) =>
    ask(teamOf(name, team), { now: MANY_NOW, inputs: { window: '7d', widen: '7d', weeks: '8' } }),
  );
  const reports = (await Promise.all(teams)).map(({ report }) => report);
  writeFileSync(join(folder, 'rollup.html'), pageOfRollup(rollUp(reports, null), null));
}, 60_000);
afterAll(() => browser?.close());

/** The page of the sample with several services, as the command line writes it. */
async function sampleOfServices(file: string): Promise<void> {
  const world = sampleMonorepo();
  await withGitHub(world, {}, async ({ apiUrl, graphqlUrl }) => {
    const surroundings = surroundingsOf({
      now: new Date(SAMPLE_NOW),
      repository: `${world.owner}/${world.name}`,
      eventName: 'schedule',
      apiUrl,
      graphqlUrl,
    });
    const made = await prepare({ inputs: { 'github-token': 't' }, surroundings, client: { pace: 0 } });
    const told = await run(made.github, made.services, made.settings, surroundings, { opened: made.opened });
    writeFileSync(file, await pageOf(told.report));
  });
}

/** A page with the weeks on it: a team that was fast, and then slow. */
async function tellPaced(file: string): Promise<void> {
  const team = pacedTeam(
    Array.from({ length: 200 }, (_, i) => (i < 130 ? 9 + (i % 4) : 45 + i)),
    { every: 16 },
  );
  const asked = await ask(team.world, { now: team.last, inputs: { mode: 'scheduled', weeks: '17' } });
  writeFileSync(file, render(asked.report));
}

/** Of all texts that are seen in the pictures: which are outside their drawing, and which are over one another. */
const TEXTS = `(() => {
  const wrong = [];
  for (const svg of document.querySelectorAll('svg')) {
    const plot = svg.closest('figure');
    if (plot === null || svg.getBoundingClientRect().width === 0) continue;
    const frame = plot.getBoundingClientRect();
    const texts = [...svg.querySelectorAll('text')]
      .filter((each) => getComputedStyle(each).display !== 'none' && each.textContent.trim() !== '')
      .map((each) => ({ words: each.textContent, box: each.getBoundingClientRect() }));
    for (const [i, { words, box }] of texts.entries()) {
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
        wrong.push('outside: ' + words);
      for (const other of texts.slice(i + 1)) {
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        if (across > 1 && down > 2) wrong.push(words + ' over ' + other.words);
      }
    }
  }
  return [...new Set(wrong)];
})()`;

describe.each([
  ['five', 5],
  ['month', 119],
  ['many', 500],
  ['large', 2000],
  ['sample', 12],
  ['weeks', 0],
] as const)('the pictures of %s (%i changes)', (name, _) => {
  test.each([1100, 390])('at %i pixels, no text leaves its chart or covers another text', async (width) => {
    const { page, close } = await open(name, 'light', width);
    await openAll(page);
    await page.screenshot({ path: join(shots, `${name}-${width}.png`) });
    expect(await page.locator('svg:visible text').count()).toBeGreaterThan(20);
    expect(await page.evaluate(TEXTS)).toEqual([]);
    await close();
  });
});

test('the keyboard reaches every change, sees its text next to it, and follows it to its pull request', async () => {
  const { page, close } = await open('sample', 'light', 390);
  const points = page.locator('.plot').first().locator('a.mark');
  expect(await points.count()).toBe(12);
  await page.getByRole('link', { name: 'As a table', exact: true }).focus();
  const seen: unknown[] = [];
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press('Tab');
    seen.push(await page.evaluate('document.activeElement.getAttribute("href")'));
    expect(await page.evaluate('getComputedStyle(document.activeElement, "::after").content')).toMatch(
      /^"#\d+: .*merged \d+ \w+, \d\d:\d\d/,
    );
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  }
  expect(seen).toEqual(await points.evaluateAll((all) => all.map((each) => each.getAttribute('href'))));
  expect(seen[0]).toMatch(/\/larkspur\/storefront\/pull\/\d+$/);
  await close();
});

test('the verdict stays in sight while scrolling, and paper has no element that only scrolls', async () => {
  const { page, close } = await open('sample', 'dark', 1100);
  await page.evaluate('scrollTo(0, 1500)');
  const box = await page.locator('h1').boundingBox();
  expect(box?.y).toBe(0);
  await page.emulateMedia({ media: 'print' });
  expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
  const pdf = await page.pdf({ format: 'A4', path: join(shots, 'page-print.pdf') });
  expect(pdf.length).toBeGreaterThan(10_000);
  await page.setViewportSize({ width: 680, height: 960 });
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(680);
  await close();
});

async function open(name: string, colorScheme: 'light' | 'dark', width: number) {
  const context = await browser.newContext({
    colorScheme,
    viewport: { width, height: 900 },
    bypassCSP: true,
  });
  const page = await context.newPage();
  const seen: string[] = [];
  page.on('console', (message) => seen.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => seen.push(`error: ${error.message}`));
  page.on('request', (request) => seen.push(`request: ${request.url()}`));
  await page.goto(`file://${join(folder, `${name}.html`)}`);
  return { page, seen, close: () => context.close() };
}

const openAll = (page: Page) =>
  page.evaluate('document.querySelectorAll("details").forEach((details) => { details.open = true; })');

/** What axe finds wrong, as text. */
async function axeFindings(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: axe });
  return page.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: axe puts itself on the page's window.
    const { violations } = await (globalThis as any).axe.run();
    return violations.map(
      (violation: { id: string; nodes: { html: string }[] }) =>
        `${violation.id}: ${violation.nodes.map((node) => node.html.slice(0, 120)).join(' ; ')}`,
    );
  });
}

describe.each([
  ['light', 'light', 1100],
  ['dark', 'dark', 1100],
  ['phone', 'light', 390],
] as const)('%s', (name, scheme, width) => {
  test('the page logs nothing, requests nothing else, has no finding of axe, and fits the width of the screen', async () => {
    const { page, seen, close } = await open('sample', scheme, width);
    await page.screenshot({ path: join(shots, `page-${name}.png`), fullPage: true });
    expect(seen).toEqual([`request: file://${join(folder, 'sample.html')}`]);
    await openAll(page);
    expect(await axeFindings(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    expect(await page.locator('.plot:visible').count()).toBe(3);
    await close();
  });
});

describe.each([
  ['light', 'light', 1100],
  ['dark', 'dark', 1100],
  ['phone', 'light', 390],
] as const)('several services, %s', (name, scheme, width) => {
  test('the table of services links to each of them; the page has no finding of axe and fits the width of the screen', async () => {
    const { page, seen, close } = await open('services', scheme, width);
    await page.screenshot({ path: join(shots, `services-${name}.png`) });
    expect(seen).toEqual([`request: file://${join(folder, 'services.html')}`]);
    const picks = page.locator('main table a[href^="#"]');
    expect(await picks.allTextContents()).toEqual([
      'mailer (mailer-production)',
      'api (api-prod-*)',
      'web (web-production)',
    ]);
    await picks.nth(2).click();
    const target = page.locator(':target');
    expect(await target.textContent()).toContain('web (web-production)');
    await page.screenshot({ path: join(shots, `services-${name}-picked.png`) });
    await openAll(page);
    expect(await axeFindings(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    await close();
  });
});

test.each([
  ['sample', 768],
  ['sample', 1600],
  ['weeks', 390],
  ['weeks', 1600],
  ['many', 768],
  ['rollup', 390],
  ['rollup', 1100],
  ['rollup', 1600],
])('%s at %i pixels has no finding of axe and fits the width, in light and dark', async (name, width) => {
  for (const scheme of ['light', 'dark'] as const) {
    const { page, close } = await open(name, scheme, width);
    await openAll(page);
    expect(await axeFindings(page)).toEqual([]);
    expect(await page.evaluate(TEXTS)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    await close();
  }
});

test('at 1100 pixels, the first screen ends below what to do; at 1600, the numbers are next to the chart', async () => {
  const small = await open('sample', 'light', 1100);
  const plan = await small.page.locator('.plan').boundingBox();
  expect((plan?.y ?? 900) + (plan?.height ?? 0)).toBeLessThanOrEqual(900);
  await small.close();
  const wide = await open('sample', 'light', 1600);
  const [chart, numbers] = [
    await wide.page.locator('.overview figure').boundingBox(),
    await wide.page.locator('.numbers').boundingBox(),
  ];
  expect(numbers?.x).toBeGreaterThan((chart?.x ?? 0) + (chart?.width ?? 0));
  expect(numbers?.y).toBeLessThan((chart?.y ?? 0) + (chart?.height ?? 0));
  await wide.close();
});

test('the keyboard reaches the tables with Tab, opens them with Enter and scrolls them with the arrows', async () => {
  const { page, close } = await open('large', 'light', 1100);
  // The first stop leads past the pictures.
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.textContent')).toBe('All changes as a table');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.textContent')).toBe('All changes (2000)');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('All changes (2000)');
  await page.keyboard.press('End');
  await page.waitForFunction('document.activeElement.scrollTop > 1000');
  await close();
});

test('a screen reader finds each chart as a group that describes it in words', async () => {
  const { page, close } = await open('sample', 'light', 1100);
  const labels = await page
    .locator('.plot[role=group]')
    .evaluateAll((all) => all.map((each) => each.getAttribute('aria-label')));
  expect(labels[0]).toMatch(/^Lead time of 12 changes .* Live: 11, 9 of them over the limit\. Pending: 1, /);
  expect(labels[1]).toContain('After 15m (the target), 83% of changes were not live yet');
  expect(labels[2]).toMatch(/^11 deployments in the window, .* 2 batches/);
  await close();
});

test('2,000 changes are 2,000 points, and the longest frame while scrolling is printed', async () => {
  const { page, close } = await open('large', 'light', 1100);
  expect(await page.locator('.plot').first().locator('a.mark').count()).toBe(2000);
  await openAll(page);
  // Text, as it runs in the page and not here.
  const longest = await page.evaluate<number>(`(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    let [last, worst] = [await frame(), 0];
    for (let i = 0; i < 60; i++) {
      scrollBy(0, 80);
      const now = await frame();
      worst = Math.max(worst, now - last);
      last = now;
    }
    return worst;
  })()`);
  console.log(`longest frame while scrolling 2,000 changes: ${longest.toFixed(0)} ms`);
  await close();
});
