/**
 * Takes the pictures in README and docs: texts that the built action wrote, as GitHub shows them, and its page in a browser.
 * `npm run pictures` writes them to docs/pictures/. `npm run pictures -- FOLDER` writes every text in light and dark, at 980 and
 * 390 pixels, for teams of 12, 119 and 500 changes and for three services, to look at before a release.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { type Browser, chromium } from 'playwright-core';
import { withGitHub } from '../__tests__/support/github.ts';
import { withOpenPull } from '../__tests__/support/open-pull.ts';
import { runStep } from '../__tests__/support/runner.ts';
import { steadyTeam } from '../__tests__/support/steady-team.ts';
import { runWorkflow } from '../__tests__/support/workflow.ts';
import { commentsOn, opened } from '../__tests__/support/written.ts';
import { sampleMonorepo } from '../src/demo/monorepo.ts';
import { SAMPLE_NOW, sampleTeam } from '../src/demo/sample.ts';
import type { World } from '../src/fake-github/world.ts';

const require = createRequire(import.meta.url);
const MERMAID = join(dirname(require.resolve('mermaid/package.json')), 'dist/mermaid.min.js');
const STYLE = readFileSync(require.resolve('github-markdown-css/github-markdown.css'), 'utf8');
type Scheme = 'light' | 'dark';

/** Draws the status marks as circles, because a machine without an emoji font shows boxes. */
const DRAW_MARKS = `(() => {
  const colors = { '🔴': '#dd2e44', '🟡': '#fdcb58', '🟢': '#78b159', '⚪': '#e6e7e8' };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const marked = [];
  while (texts.nextNode()) if (/[🔴🟡🟢⚪]/u.test(texts.currentNode.data)) marked.push(texts.currentNode);
  for (const node of marked) {
    const span = document.createElement('span');
    for (const part of node.data.split(/([🔴🟡🟢⚪])/u)) {
      if (!colors[part]) { span.append(part); continue; }
      const circle = document.createElement('span');
      circle.style.cssText = 'display:inline-block;width:.8em;height:.8em;border-radius:50%;vertical-align:-.05em;background:' + colors[part];
      span.append(circle);
    }
    node.replaceWith(span);
  }
})()`;

interface Texts {
  comment: string;
  issue: string;
  summary: string;
  page: string;
}

/** The texts that the built action writes about a team, as it would on GitHub. */
async function textsOf(world: World, now: string, inputs: Record<string, string> = {}): Promise<Texts> {
  const step = (options: { event: string; payload?: object }) =>
    withGitHub(world, {}, ({ apiUrl }) =>
      runStep({
        apiUrl,
        repository: `${world.owner}/${world.name}`,
        ...options,
        inputs: { 'as-of': now, comment: 'always', issue: 'always', html: 'page.html', ...inputs },
      }),
    );
  await step(opened);
  const week = await step({ event: 'schedule' });
  return {
    comment: commentsOn(world, 500)[0]?.body ?? '',
    issue: world.issues?.[0]?.body ?? '',
    summary: week.summary,
    page: week.page ?? '',
  };
}

/** Markdown with GitHub's style sheet and Mermaid, cut at a height. */
async function markdownPicture(
  browser: Browser,
  markdown: string,
  { scheme, width, height }: { scheme: Scheme; width: number; height?: number },
  file: string,
): Promise<void> {
  const tab = await browser.newPage({
    colorScheme: scheme,
    viewport: { width, height: 400 },
    deviceScaleFactor: 2,
  });
  const body = micromark(markdown, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  // Without a doctype the style sheet's dark colors do not reach the tables.
  await tab.setContent(
    `<!doctype html><style>${STYLE} body { margin: 0; } .markdown-body { padding: 16px; } .markdown-body svg { max-width: 100%; height: auto; }</style><article class="markdown-body">${body}</article>`,
  );
  await tab.addScriptTag({ path: MERMAID });
  await tab.evaluate(`(async () => {
    mermaid.initialize({ startOnLoad: false, theme: ${JSON.stringify(scheme === 'dark' ? 'dark' : 'default')} });
    for (const [i, code] of [...document.querySelectorAll('code.language-mermaid')].entries()) {
      const { svg } = await mermaid.render('chart' + i, code.textContent);
      code.parentElement.outerHTML = svg;
    }
  })()`);
  await tab.evaluate(DRAW_MARKS);
  if (height !== undefined)
    await tab.addStyleTag({ content: `article { height: ${height}px; overflow: hidden; }` });
  await tab.locator('article').screenshot({ path: file });
  await tab.close();
}

/** A page in a browser, its first screen or all of it. */
async function pagePicture(
  browser: Browser,
  html: string,
  { scheme = 'light' as Scheme, width = 1100, height = 900, fullPage = false },
  file: string,
): Promise<void> {
  const tab = await browser.newPage({ colorScheme: scheme, viewport: { width, height } });
  await tab.setContent(html);
  await tab.screenshot({ path: file, fullPage });
  await tab.close();
}

/** The job summary that the README's own workflow writes after a deployment of the sample team. */
async function summaryOfReadme(): Promise<string> {
  const [, workflow = ''] = /```yaml\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? [];
  const ended = { id: 1, conclusion: 'success', event: 'push', head_branch: 'main' };
  const step = await withGitHub(sampleTeam(), {}, ({ apiUrl }) =>
    runWorkflow(workflow, {
      apiUrl,
      repository: 'larkspur/storefront',
      event: 'workflow_run',
      payload: { action: 'completed', workflow_run: ended },
      inputs: { 'as-of': SAMPLE_NOW },
    }),
  );
  if (step === null) throw new Error('The end of a deployment does not start the workflow in README.md.');
  return step.summary;
}

async function picturesOfDocs(browser: Browser, folder: string): Promise<void> {
  const sample = await textsOf(withOpenPull(), SAMPLE_NOW);
  const readme = await summaryOfReadme();
  for (const scheme of ['light', 'dark'] as const) {
    const file = (name: string) => join(folder, `${name}-${scheme}.png`);
    await markdownPicture(browser, readme, { scheme, width: 860, height: 420 }, file('ten-lines'));
    await markdownPicture(browser, sample.comment, { scheme, width: 760 }, file('comment'));
    await markdownPicture(browser, sample.issue, { scheme, width: 760 }, file('issue'));
    await markdownPicture(browser, sample.summary, { scheme, width: 980 }, file('summary'));
    await pagePicture(browser, sample.page, { scheme }, file('page'));
  }
  await pagePicture(browser, sample.page, { width: 390, height: 844 }, join(folder, 'page-390.png'));
  for (const [commits, deployEvery] of [
    [5, 1],
    [500, 3],
  ] as const) {
    const { world, now } = steadyTeam({ commits, days: 30, deployEvery });
    const { page } = await textsOf(world, now, { window: '30d' });
    await pagePicture(browser, page, {}, join(folder, `page-of-${commits}.png`));
  }
  const services = await textsOf(sampleMonorepo(), SAMPLE_NOW);
  await pagePicture(browser, services.page, {}, join(folder, 'services.png'));
  const paper = await browser.newPage({ colorScheme: 'dark', viewport: { width: 688, height: 970 } });
  await paper.setContent(sample.page);
  await paper.emulateMedia({ media: 'print' });
  await paper.screenshot({ path: join(folder, 'page-print.png') });
}

async function picturesToLookAt(browser: Browser, folder: string): Promise<void> {
  const steady = (commits: number) => steadyTeam({ commits, days: 30, deployEvery: 3 });
  const teams: [string, World, string, Record<string, string>][] = [
    ['12', withOpenPull(), SAMPLE_NOW, {}],
    ...[119, 500].map((commits): [string, World, string, Record<string, string>] => {
      const { world, now } = steady(commits);
      return [String(commits), world, now, { window: '30d', target: '1m' }];
    }),
    ['services', sampleMonorepo(), SAMPLE_NOW, {}],
  ];
  for (const [team, world, now, inputs] of teams) {
    const { page, ...texts } = await textsOf(world, now, inputs);
    for (const scheme of ['light', 'dark'] as const)
      for (const width of [980, 390]) {
        const file = (name: string) => join(folder, `${name}-${team}-${scheme}-${width}.png`);
        for (const [name, text] of Object.entries(texts))
          if (text !== '') await markdownPicture(browser, text, { scheme, width }, file(name));
        await pagePicture(browser, page, { scheme, width, fullPage: true }, file('page'));
      }
  }
}

async function main(): Promise<void> {
  const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
    (path) => path !== undefined && existsSync(path),
  );
  if (executablePath === undefined)
    throw new Error('No browser was found. Install Chromium, or name one in CHROMIUM.');
  const [, , folder] = process.argv;
  const target = folder ?? 'docs/pictures';
  mkdirSync(target, { recursive: true });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    await (folder === undefined ? picturesOfDocs(browser, target) : picturesToLookAt(browser, target));
  } finally {
    await browser.close();
  }
}

await main();
