import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sampleMonorepo } from '../../src/demo/monorepo.ts';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import { story } from '../../src/fake-github/story.ts';
import type { World } from '../../src/fake-github/world.ts';
import { oneLine, shortened } from '../../src/model/guard-error.ts';
import { entriesOf } from '../../src/organization/entries.ts';
import { pageOfRollup } from '../../src/organization/rollup-page.ts';
import { rollUp } from '../../src/organization/rollup.ts';
import { blocksOf, headlineOf } from '../../src/organization/write.ts';
import { type Block, type Inline, table } from '../../src/report/blocks.ts';
import type { Report } from '../../src/report/contract.ts';
import { csvOf } from '../../src/report/csv.ts';
import { html } from '../../src/report/render/html.ts';
import { markdown } from '../../src/report/render/markdown.ts';
import { terminal } from '../../src/report/render/terminal.ts';
import { savedIn } from '../../src/report/saved-reports.ts';
import { withShortNames } from '../../src/report/short-names.ts';
import { textsOf } from '../../src/run/texts.ts';
import { withGitHub } from '../support/github.ts';
import { performStep } from '../support/in-process.ts';
import type { StepOptions, StepResult } from '../support/runner.ts';

/** Every name that comes from outside has 5,000 letters. No text shows one in full; JSON and CSV do. */

const KINDS = {
  'many words': (word: string) => `${word} `.repeat(5000).slice(0, 4999).trim(),
  'letters with accents': (word: string) => `${word[0]}\u0301${word.slice(1)}`.repeat(5000).slice(0, 5000),
};
type Names = Record<(typeof NAMES)[number], string>;
const NAMES = [
  'Environment',
  'Title',
  'Author',
  'Workflow',
  'Job',
  'Step',
  'Tag',
  'Label',
  'File',
  'Branch',
  'Runner',
  'Reviewer',
  'Approver',
  'Task',
] as const;

/** A team whose deployments are slow, so that every part of the texts has something to show. */
function teamWith(name: Names): World {
  const team = story();
  const { world } = team;
  const jobs = (scale: number) => [
    {
      name: `${name.Job} build`,
      steps: [[`${name.Step} npm ci`, 300 * scale] as [string, number], ['test', 120] as [string, number]],
    },
    { name: `${name.Job} deploy`, queue: 90, steps: [['deploy', 120] as [string, number]] },
  ];
  const environment = name.Environment;
  team.deploy(team.tip(), '2026-02-20T09:10:00Z', { environment });
  for (let i = 0; i < 24; i++) {
    const at = team.later('2026-03-02T08:00:00Z', i * 7200);
    const sha = team.merge(i + 1, at, {
      title: `${name.Title} ${i}`,
      author: name.Author,
      labels: [name.Label],
      files: [`src/${name.File}`],
    });
    if (i % 5 !== 4 && i < 22)
      team.ship(sha, at, {
        environment,
        workflow: `${name.Workflow}.yml`,
        hold: 600,
        approvedBy: name.Approver,
        failedFor: i % 3 === 0 ? 400 : 0,
        jobs: jobs(i > 12 ? 4 : 1),
      });
    if (i % 4 === 0)
      world.releases?.push({
        tag: `v${i}-${name.Tag}`,
        sha,
        createdAt: at,
        publishedAt: at,
        author: name.Author,
      });
  }
  world.files = {
    [`.github/workflows/${name.Workflow}.yml`]: `name: "${name.Workflow}"
on: push
jobs:
  build:
    name: "${name.Job} build"
    runs-on: "${name.Runner}"
    steps:
      - { name: "${name.Step} npm ci", run: npm ci }
      - { name: test, run: npm test }
  deploy:
    name: "${name.Job} deploy"
    needs: build
    runs-on: "${name.Runner}"
    environment: "${environment}"
    concurrency: "${name.Branch}"
    steps: [{ name: deploy, run: ./deploy }]
`,
  };
  world.pulls.push({
    number: 500,
    title: name.Title,
    createdAt: '2026-03-04T08:00:00Z',
    mergedAt: null,
    mergeCommit: null,
    base: 'main',
    author: name.Author,
    commits: [],
    head: name.Branch,
  });
  return world;
}

const RUNS: [string, Partial<StepOptions> & { inputs?: Record<string, string> }][] = [
  ['guard mode', { event: 'push' }],
  ['an open pull request', { event: 'pull_request', payload: { pull_request: { number: 500 } } }],
  ['the weekly run', { event: 'schedule', inputs: { weeks: '4', objective: '90%', splits: 'label:*' } }],
  ['the comments on overdue changes', { event: 'schedule', inputs: { comment: 'overdue' } }],
  ['releases', { event: 'push', inputs: { 'deploy-source': 'releases' } }],
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'long-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Every text of a run, by what it is. */
async function textsIn(result: StepResult, world: World): Promise<Record<string, string>> {
  const texts = result.report ? await textsOf(result.report as Report) : { summary: [], annotations: [] };
  return {
    log: result.log,
    summary: result.summary,
    page: result.page ?? '',
    annotations: texts.annotations.map(({ title, message }) => `${title} ${message}`).join('\n'),
    terminal: terminal(texts.summary.flat()),
    comments: (world.comments ?? []).map(({ body }) => body).join('\n'),
    issues: (world.issues ?? []).map(({ title, body }) => `${title}\n${body}`).join('\n'),
  };
}

/** Names that a text shows in more than `most` letters. */
const longIn = (text: string, names: Names, most = 320): string[] =>
  Object.entries(names).flatMap(([key, name]) => {
    // Markdown breaks nothing in letters and spaces.
    const piece = name.slice(0, most);
    return text.includes(piece) || text.replace(/\s+/g, ' ').includes(piece) ? [key] : [];
  });

describe.each(Object.entries(KINDS))('names of 5,000 letters: %s', (_, nameOf) => {
  const names = Object.fromEntries(NAMES.map((word) => [word, nameOf(word)])) as Names;

  test.each(RUNS)('are cut in every text of %s', async (_, options) => {
    const world = teamWith(names);
    const result = await withGitHub(world, {}, ({ apiUrl }) =>
      performStep({
        apiUrl,
        event: 'push',
        ...options,
        inputs: {
          'as-of': '2026-03-04T12:00:00Z',
          window: '3d',
          environment: names.Environment,
          comment: 'always',
          issue: 'always',
          mention: 'authors',
          html: join(folder, 'page.html'),
          'max-batch': '1',
          ...options.inputs,
        },
      }),
    );
    expect(result.report).not.toBeNull();
    for (const [text, content] of Object.entries(await textsIn(result, world)))
      expect([text, longIn(content, names)]).toEqual([text, []]);
    // Data for programs is not cut.
    const report = result.report as unknown as Report;
    expect(report.environment).toBe(names.Environment);
    expect(csvOf([report])).toContain(names.Title);
    const rollup = rollUp(savedIn(JSON.stringify(report), 'a.json').flatMap(entriesOf), null);
    for (const text of [
      markdown(blocksOf(rollup, null), { surface: 'summary' }),
      pageOfRollup(rollup, null),
      headlineOf(rollup),
    ])
      expect(longIn(text, names)).toEqual([]);
  });

  test.each<[string, Record<string, string>]>([
    ['target', { target: names.Title }],
    ['environment', { environment: names.Branch }],
    ['base-branch', { 'base-branch': names.Branch }],
    ['deploy-workflow', { 'deploy-source': 'workflow', 'deploy-workflow': `${names.File}.yml` }],
    [
      'deploy-job',
      { 'deploy-source': 'workflow', 'deploy-workflow': `${names.Workflow}.yml`, 'deploy-job': names.Tag },
    ],
    ['config', { config: `${names.File}.yml` }],
    ['repository', { repository: `acme/${names.File}` }],
    ['deploy-task', { 'deploy-task': names.Tag }],
    ['deploy-tag', { 'deploy-source': 'releases', 'deploy-tag': names.File }],
    ['events-file', { 'deploy-source': 'events', 'events-file': names.File }],
  ])('are cut in the error for input "%s"', async (_, inputs) => {
    const world = teamWith(names);
    const { log, code } = await withGitHub(world, {}, ({ apiUrl }) =>
      performStep({ apiUrl, event: 'push', inputs: { 'as-of': '2026-03-04T12:00:00Z', ...inputs } }),
    );
    expect(code).toBe(1);
    expect(longIn(log, names)).toEqual([]);
  });
});

test('a renderer cuts each text of each block, whoever made it', () => {
  const long = 'Long'.repeat(1250);
  const address = `https://github.com/acme/shop/releases/tag/${long}`;
  const text: Inline = [long, { text: long, href: address }, { text: long, code: true }];
  const blocks: Block[] = [
    { kind: 'heading', level: 2, text },
    { kind: 'paragraph', text },
    { kind: 'note', text },
    { kind: 'list', items: [text] },
    table([long], [[text]], 'row'),
    { kind: 'figures', items: [{ name: long, value: long }] },
    { kind: 'code', language: 'yaml', text: long },
    { kind: 'details', summary: long, blocks: [{ kind: 'paragraph', text }] },
    { kind: 'mention', handles: [long] },
  ];
  const head = {
    title: long,
    status: 'drifted' as const,
    about: long,
    headline: long,
    against: long,
    verdict: text,
    scope: long,
    foot: long,
  };
  for (const drawn of [
    markdown(blocks, { surface: 'summary' }),
    markdown(blocks, { surface: 'thread' }),
    html(head, blocks),
    terminal(blocks),
  ])
    expect(/(?:Long){300}/.exec(drawn.replace(/\s/g, ''))).toBeNull();
});

test.each<[string, () => World]>([
  ['the sample team', sampleTeam],
  ['the sample monorepo', sampleMonorepo],
])('the report of %s has no long name, so its texts show the original', async (_, make) => {
  const world = make();
  const { report } = await withGitHub(world, {}, ({ apiUrl }) =>
    performStep({
      apiUrl,
      event: 'schedule',
      repository: `${world.owner}/${world.name}`,
      inputs: { 'as-of': SAMPLE_NOW, weeks: '4' },
    }),
  );
  expect(withShortNames(report)).toBe(report);
});

describe('a text is cut', () => {
  test.each<[string, string, number, string]>([
    ['not if it fits', 'abc', 3, 'abc'],
    ['after its letters', 'abcd', 3, 'ab…'],
    ['after an accent', 'e\u0301e\u0301e\u0301e\u0301', 3, 'e\u0301e\u0301…'],
    ['between flags', '🇩🇪🇫🇷🇮🇹🇪🇸', 3, '🇩🇪🇫🇷…'],
    ['between emojis of families', '👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 2, '👩‍👩‍👧‍👦👩‍👩‍👧‍👦'],
    ['before a letter with a thousand accents', `ab${`c${'\u0301'.repeat(1000)}`}`, 5, 'ab…'],
  ])('%s', (_, text, max, expected) => {
    expect(shortened(text, max)).toBe(expected);
  });

  test('in a line of a log, too', () => {
    expect(oneLine('👍🏽'.repeat(300), 3)).toBe('👍🏽👍🏽…');
  });
});
