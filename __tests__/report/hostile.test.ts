import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { chartsIn } from '../support/charts.ts';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import { story } from '../../src/fake-github/story.ts';
import type { Block } from '../../src/report/blocks.ts';
import { markdown } from '../../src/report/render/markdown.ts';
import { page } from '../../src/report/page.ts';
import { footerOf, markerOf } from '../../src/publish/marker.ts';
import { shippedIn } from '../../src/report/parts.ts';
import { previewComment } from '../../src/publish/texts/preview.ts';
import { shippedComment } from '../../src/publish/texts/shipped.ts';
import { weeklyIssue } from '../../src/publish/texts/weekly.ts';
import { weekOf } from '../../src/publish/texts/weeks.ts';
import { type StepAnswer, ask } from '../support/ask.ts';
import { hostileText } from '../support/hostile.ts';

/** Hostile text in every field that an outsider can write, in every text that shows it. */

const TITLES = fc.sample(hostileText, { numRuns: 300, seed: 20260313 });
const ENVIRONMENT = 'prod --> <img src=x> @org/team #1 | `\u202e';
const NAME = {
  environment: ENVIRONMENT,
  source: 'workflow deploy.yml, job <img src=x>',
  baseBranch: '@org/--> main',
};

let answer: StepAnswer;
beforeAll(async () => {
  const team = story();
  team.deploy(team.tip(), '2026-03-01T09:10:00Z', { environment: ENVIRONMENT });
  TITLES.forEach((title, i) => {
    const at = team.later('2026-03-02T00:00:00Z', i * 60);
    team.merge(i + 1, at, { title, author: TITLES[(i * 7) % TITLES.length] ?? '' });
    if (i % 3 === 0 && i < 250) team.deploy(team.tip(), at, { environment: ENVIRONMENT, takes: 1800 });
  });
  answer = await ask(team.world, {
    now: '2026-03-03T00:00:00Z',
    inputs: { environment: ENVIRONMENT, mention: 'authors' },
  });
});

const html = (source: string) =>
  micromark(source, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });

/** Text that GitHub would turn into a mention, a reference or a link. */
const LIVE = /(?:^|[^\w`/])@[A-Za-z0-9]|#\d|\bGH-\d|:\/\/|www\.|[\u202a-\u202e\u2066-\u2069]/i;
/** The elements that the guard's own Markdown has. */
const OWN_ELEMENTS = new Set([
  'H2',
  'H3',
  'P',
  'STRONG',
  'EM',
  'SUB',
  'TABLE',
  'THEAD',
  'TBODY',
  'TR',
  'TH',
  'TD',
  'DETAILS',
  'SUMMARY',
  'A',
  'PRE',
  'CODE',
]);

/** Pages of the repository for which GitHub adds an entry to a pull request if a comment or an issue links them. */
const PULL = String.raw`pull/\d+`;
const RUN = 'https://github.com/acme/shop/actions/runs/77';
/** Pages of the repository for which it adds none. */
const QUIET = String.raw`commit/[0-9a-f]{40}|actions/runs/\d+`;

/**
 * Expects only our own elements, links only to `pages` of the repository, and no live text outside of them.
 *
 * @returns the addresses of the links, and the tables.
 */
function expectInert(source: string, pages: string) {
  const { document } = parseHTML(`<html><body>${html(source)}</body></html>`);
  const elements = [...document.body.querySelectorAll('*')];
  expect(
    elements.filter((element) => !OWN_ELEMENTS.has(element.tagName)).map((element) => element.tagName),
  ).toEqual([]);
  const links = elements.filter((element) => element.tagName === 'A');
  for (const link of links)
    expect(link.getAttribute('href')).toMatch(new RegExp(`^https://github\\.com/acme/shop/(?:${pages})$`));
  for (const link of links) link.remove();
  for (const code of elements.filter((element) => element.tagName === 'PRE')) code.remove();
  expect(document.body.textContent ?? '').not.toMatch(LIVE);
  return {
    addresses: links.map((link) => link.getAttribute('href')),
    tables: elements.filter((element) => element.tagName === 'TABLE'),
  };
}

describe('300 hostile titles and authors, and a hostile environment', () => {
  test('the job summary has only our own markup and links, and every row has all its cells', () => {
    const { tables } = expectInert(markdown(answer.summary, { surface: 'summary' }), `${PULL}|${QUIET}`);
    for (const table of tables) {
      const widths = [...table.querySelectorAll('tr')].map((row) => row.children.length);
      expect(new Set(widths).size).toBe(1);
    }
  });

  test.each<[string, () => Block[]]>([
    ['the comment on an open pull request', () => previewComment(answer.report, null)],
    ['the weekly issue', () => weeklyIssue(answer.report, [weekOf(answer.report)], []).blocks],
    [
      'every comment on a shipped pull request',
      () =>
        answer.report.deployments.flatMap((deployment) =>
          shippedIn(answer.report)(deployment).flatMap((mergeset) =>
            shippedComment(mergeset, deployment, answer.report, []),
          ),
        ),
    ],
  ])('%s links only to commits and runs, so GitHub adds no entry to another pull request', (_, blocks) => {
    const footer = footerOf(NAME, { at: new Date(0), runUrl: RUN }, 'comment: never');
    const text = markdown([...blocks(), footer], {
      surface: 'thread',
      marker: markerOf('preview', NAME),
      limit: 10_000_000,
    });
    const { addresses } = expectInert(text, QUIET);
    expect(addresses.length).toBeGreaterThan(1);
    expect(addresses).toContain(RUN);
    for (const address of addresses) expect(address).not.toMatch(/\/(?:pull|issues|discussions)\//);
  });

  test('a hostile environment cannot end the hidden marker', () => {
    const { begin, end } = markerOf('weekly', NAME);
    expect(html(`${begin}\n\nbetween\n\n${end}`)).toBe(`${begin}\n<p>between</p>\n${end}`);
  });

  test("the issue's title has no mention and no reference", () => {
    expect(weeklyIssue(answer.report, [], []).title).not.toMatch(LIVE);
  });

  test('a mention is always a valid login', () => {
    const handles = answer.report.mergesets.map((mergeset) => mergeset.author ?? '');
    const text = markdown([{ kind: 'mention', handles }], { surface: 'thread' });
    for (const [mention] of text.matchAll(/@\S*/g))
      expect(mention).toMatch(/^@[A-Za-z0-9-]+(?:\/[A-Za-z0-9._-]+)?$/);
  });

  test('the page has no element, attribute or address of an outsider', () => {
    const { document } = parseHTML(page(answer.report));
    for (const tag of ['script', 'img', 'iframe', 'b', 'form'])
      expect(document.querySelectorAll(tag)).toHaveLength(0);
    for (const element of document.querySelectorAll('*'))
      for (const { name } of element.attributes) expect(name).not.toMatch(/^on|^src$/);
    for (const link of document.querySelectorAll('a'))
      expect(link.getAttribute('href')).toMatch(/^#changes$|^https:\/\/github\.com\/acme\/shop\//);
    expect(document.querySelectorAll('#changes tbody tr').length).toBeGreaterThanOrEqual(300);
    expect(document.documentElement.textContent).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u001b]/);
  });
});

describe('Mermaid', () => {
  test('the real parser accepts every chart', async () => {
    const { window, document } = parseHTML('<!doctype html><html><head></head><body></body></html>');
    Object.assign(globalThis, { window, document });
    const { default: mermaid } = await import('mermaid');
    await expect(mermaid.parse('xychart-beta\n bad [')).rejects.toThrow();
    const weeks = ['2026-02-09', '2026-02-16', '2026-02-23', '2026-03-02'].map((week) => ({
      ...weekOf(answer.report),
      week,
      to: `${week}T00:00:00Z`,
      seconds: 900,
    }));
    const sample = await ask(sampleTeam(), { now: SAMPLE_NOW });
    const charts = [
      ...answer.summary,
      ...weeklyIssue(answer.report, weeks, []).blocks,
      ...sample.summary,
    ].flatMap(chartsIn);
    expect(charts).toHaveLength(5);
    for (const chart of charts)
      await expect(mermaid.parse(chart.source)).resolves.toMatchObject({
        diagramType: /^gantt/m.test(chart.source) ? 'gantt' : 'xychart',
      });
  });
});
