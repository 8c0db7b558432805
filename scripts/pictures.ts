/**
 * Takes the pictures in README and docs: texts as GitHub shows them, and the page in a browser. `npm run pictures` writes them
 * to docs/pictures/, and `-- FOLDER` to another folder. Needs Chromium, an emoji font and an up-to-date build.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { type Browser, chromium } from 'playwright-core';
import { ask } from '../__tests__/support/ask.ts';
import { steadyTeam } from '../__tests__/support/steady-team.ts';
import { SAMPLE_NOW, sampleTeam } from '../src/demo/sample.ts';
import type { Block } from '../src/report/blocks.ts';
import { page } from '../src/report/page.ts';
import { previewComment } from '../src/report/preview.ts';
import { markdown } from '../src/report/render/markdown.ts';

const folder = process.argv[2] ?? 'docs/pictures';
const require = createRequire(import.meta.url);
const MERMAID = join(dirname(require.resolve('mermaid/package.json')), 'dist/mermaid.min.js');
const STYLE = readFileSync(require.resolve('github-markdown-css/github-markdown.css'), 'utf8');
type Scheme = 'light' | 'dark';

/** Blocks in GitHub's Markdown, style sheet and Mermaid. */
async function drawn(
  browser: Browser,
  blocks: readonly Block[],
  { surface, scheme, width }: { surface: 'summary' | 'thread'; scheme: Scheme; width: number },
  file: string,
): Promise<void> {
  const tab = await browser.newPage({
    colorScheme: scheme,
    viewport: { width, height: 400 },
    deviceScaleFactor: 2,
  });
  const body = micromark(markdown(blocks, { surface }), {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  await tab.setContent(
    `<style>${STYLE} body { margin: 0; } .markdown-body { padding: 16px; } .markdown-body svg { max-width: 100%; height: auto; }</style><article class="markdown-body">${body}</article>`,
  );
  await tab.addScriptTag({ path: MERMAID });
  await tab.evaluate(`(async () => {
    mermaid.initialize({ startOnLoad: false, theme: ${JSON.stringify(scheme === 'dark' ? 'dark' : 'default')} });
    for (const [i, code] of [...document.querySelectorAll('code.language-mermaid')].entries()) {
      const { svg } = await mermaid.render('chart' + i, code.textContent);
      code.parentElement.outerHTML = svg;
    }
  })()`);
  await tab.locator('article').screenshot({ path: join(folder, file) });
  await tab.close();
}

/** A page as a browser shows it, whole or the first screen of it. */
async function shown(
  browser: Browser,
  html: string,
  { scheme = 'light' as Scheme, width = 1100, height = 900, fullPage = false },
  file: string,
): Promise<void> {
  const tab = await browser.newPage({ colorScheme: scheme, viewport: { width, height } });
  await tab.setContent(html);
  await tab.screenshot({ path: join(folder, file), fullPage });
  await tab.close();
}

async function main(): Promise<void> {
  const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
    (path) => path !== undefined && existsSync(path),
  );
  if (executablePath === undefined)
    throw new Error('No browser was found. Install Chromium, or name one in CHROMIUM.');
  mkdirSync(folder, { recursive: true });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const sample = await ask(sampleTeam(), { now: SAMPLE_NOW });
    const sampleHtml = page(sample.report);
    for (const scheme of ['light', 'dark'] as const) {
      await drawn(
        browser,
        previewComment(sample.report, null),
        { surface: 'thread', scheme, width: 760 },
        `comment-${scheme}.png`,
      );
      await drawn(
        browser,
        sample.summary,
        { surface: 'summary', scheme, width: 980 },
        `summary-${scheme}.png`,
      );
      await shown(browser, sampleHtml, { scheme }, `page-${scheme}.png`);
    }
    await shown(browser, sampleHtml, { width: 390, height: 844 }, 'page-390.png');
    for (const [commits, every] of [
      [5, 1],
      [500, 3],
    ] as const) {
      const { world, now } = steadyTeam({ commits, days: 30, deployEvery: every });
      const { report } = await ask(world, { now, inputs: { window: '30d' } });
      await shown(browser, page(report), {}, `page-of-${commits}.png`);
    }
    const servicesHtml = join(mkdtempSync(join(tmpdir(), 'services-')), 'page.html');
    execFileSync('node', ['dist/cli.js', 'demo', '--sample', 'monorepo', '--quiet', '--html', servicesHtml]);
    await shown(browser, readFileSync(servicesHtml, 'utf8'), {}, 'services.png');
    const paper = await browser.newPage({ colorScheme: 'dark' });
    await paper.setContent(sampleHtml);
    const pdf = join(mkdtempSync(join(tmpdir(), 'paper-')), 'page.pdf');
    writeFileSync(pdf, await paper.pdf({ preferCSSPageSize: true }));
    console.log(`PDF: ${pdf}`);
    await paper.emulateMedia({ media: 'print' });
    await paper.setViewportSize({ width: 688, height: 970 });
    await paper.screenshot({ path: join(folder, 'page-print.png') });
  } finally {
    await browser.close();
  }
}

await main();
