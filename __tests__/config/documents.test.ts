import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { readConfig } from '../../src/config/file.ts';
import { type Door, OPTION_NAMES, OPTIONS, optionsAt } from '../../src/config/options.ts';
import { RULES } from '../../src/diagnose/suspects.ts';
import { LIVE_INPUTS } from '../../src/production/inputs.ts';
import { actionOutputs, LIVE_OUTPUTS, ORGANIZATION_OUTPUTS, OUTPUTS } from '../../src/report/outputs.ts';
import { VERSION } from '../../src/model/version.ts';
import { WRITTEN } from '../../scripts/docs.ts';
import { actionOf, inputsOf } from '../support/workflow.ts';

const ACTIONS = [
  ['action.yml', inputRows('input'), actionOutputs(), 'dist/index.js'],
  [
    'organization/action.yml',
    inputRows('organization input'),
    ORGANIZATION_OUTPUTS,
    '../dist/organization.js',
  ],
  ['live/action.yml', LIVE_INPUTS, LIVE_OUTPUTS, '../dist/live.js'],
] as const;
function inputRows(door: Door): Record<string, { description: string; default: string }> {
  return Object.fromEntries(optionsAt(door).map((name) => [name, OPTIONS[name]]));
}
const configurationPage = readFileSync('docs/configuration.md', 'utf8');

/** The cells of a table, without the backticks of a cell that is entirely code. */
function rows(name: string): string[][] {
  const [, table = ''] =
    new RegExp(`<!-- ${name} -->([\\s\\S]*?)<!-- /${name} -->`).exec(configurationPage) ?? [];
  return table
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim().replace(/^`([^`]*)`$/, '$1')),
    );
}

describe('the tables of docs/configuration.md', () => {
  test('have every option with its default and its description', () => {
    const documented = rows('inputs').map(([name, fallback, , description]) => [name, fallback, description]);
    expect(documented.toSorted()).toEqual(
      OPTION_NAMES.map((name) => [name, OPTIONS[name].default, OPTIONS[name].description]).toSorted(),
    );
  });

  test('have every output with its description', () => {
    expect(rows('outputs')).toEqual(Object.entries(OUTPUTS).map((entry) => [...entry]));
  });
});

test.each(ACTIONS)(
  '%s declares the inputs that the code reads, without a default that would override a file, and the outputs that it writes',
  (file, inputs, outputs, main) => {
    const action = parse(readFileSync(file, 'utf8'));
    expect(Object.keys(action.inputs).toSorted()).toEqual(Object.keys(inputs).toSorted());
    expect(Object.keys(action.outputs)).toEqual([...outputs]);
    for (const [name, row] of Object.entries<{ description: string }>(inputs))
      expect(action.inputs[name]).toEqual({
        description: row.description,
        required: false,
        ...(name === 'github-token' ? { default: '${' + '{ github.token }}' } : {}),
      });
    expect(action.runs).toEqual({ using: 'node24', main });
  },
);

test('action.yml has at most thirty inputs and starts with the eight essential ones', () => {
  const inputs = Object.keys(parse(readFileSync('action.yml', 'utf8')).inputs);
  expect(inputs.length).toBeLessThanOrEqual(30);
  expect(inputs.slice(0, 8)).toEqual([
    'target',
    'environment',
    'deploy-source',
    'deploy-workflow',
    'window',
    'fail-on',
    'comment',
    'issue',
  ]);
});

test.each(Object.entries(WRITTEN))('%s is up to date with `npm run docs`', (file, write) => {
  const current = readFileSync(file, 'utf8');
  expect(write(current)).toBe(current);
});

const EXAMPLES = readdirSync('examples', { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.yml'),
);
const example = (name: string) => readFileSync(`examples/${name}`, 'utf8');

test('README and recipes show every file of examples/, and no other workflow', () => {
  const workflows = ['README.md', 'docs/recipes.md'].flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/```ya?ml\n([\s\S]*?)```/g)].map(([, text = '']) => text),
  );
  expect(workflows.toSorted()).toEqual(EXAMPLES.map(example).toSorted());
});

test.each(EXAMPLES.filter((file) => !file.endsWith('deploy-latency.yml')))(
  'examples/%s sets permissions and uses only inputs that exist',
  (name) => {
    const workflow = parse(example(name));
    const jobs = Object.values<{ permissions?: object; steps: { uses?: string; with?: object }[] }>(
      workflow.jobs,
    );
    for (const job of jobs) expect(job.permissions ?? workflow.permissions).toBeDefined();
    const guardSteps = jobs
      .flatMap((job) => job.steps)
      .filter((step) => step.uses?.startsWith('deploy-latency-guard/'));
    const folder = { 'organization.yml': '/organization', 'ask-production.yml': '/live' }[name] ?? '';
    const action = `deploy-latency-guard/deploy-latency-guard${folder}@v1`;
    expect(guardSteps.map((step) => step.uses)).toEqual([action]);
    for (const input of Object.keys(guardSteps[0]?.with ?? {}))
      expect(inputsOf(actionOf(action))).toContain(input);
  },
);

test('the ten-line workflow has ten lines', () => {
  expect(example('ten-lines.yml').trimEnd().split('\n')).toHaveLength(10);
});

const PAGES = readdirSync('docs').filter((file) => file.endsWith('.md'));
const LINKED = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  ...PAGES.map((page) => `docs/${page}`),
];

/** A page without its code blocks, where `#` begins a comment. */
const prose = (file: string) => readFileSync(file, 'utf8').replace(/^(```+|~~~+)[\s\S]*?^\1/gm, '');

/** The anchors of a page: GitHub's slug of each heading, numbered if it repeats, and explicit ids and names. */
function anchorsOf(file: string): string[] {
  const text = prose(file);
  const counts = new Map<string, number>();
  const slugs = [...text.matchAll(/^#{1,6} +(.+?)(?: +#+)? *$/gm)].map(([, heading = '']) => {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
      .replaceAll(' ', '-');
    const count = counts.get(slug) ?? 0;
    counts.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
  const explicit = [...text.matchAll(/<\w+[^>]*\s(?:id|name)="([^"]+)"/g)].map(([, name = '']) => name);
  return [...slugs, ...explicit];
}

test('docs/suspects.md has a row for every rule, with its title, and none for another', () => {
  const rows = [...readFileSync('docs/suspects.md', 'utf8').matchAll(/^\| `([\w-]+)`<br>(.+?)\. \|/gm)];
  const rules = RULES.map(({ id, title }) => [id, title]);
  expect(rows.map(([, id, title]) => [id, title]).toSorted()).toEqual(rules.toSorted());
});

test('the README links every page of docs/', () => {
  const readme = readFileSync('README.md', 'utf8');
  for (const page of PAGES) expect([page, readme.includes(`(docs/${page})`)]).toEqual([page, true]);
});

test.each(LINKED)('every relative link in %s leads to a file, and every anchor to a heading', (file) => {
  const links = [
    ...prose(file).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)[^)]*\)|src(?:set)?="(?!https?:)([^"]+)"/g),
  ];
  const broken = links
    .map(([, link, source]) => link ?? source ?? '')
    .filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? file : join(dirname(file), path);
      if (!existsSync(target)) return true;
      return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).includes(anchor);
    });
  expect(broken).toEqual([]);
});

test('the version matches package.json', () => {
  expect(VERSION).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version);
});

test.each([
  ['docs/recipes.md', /```yaml\n(services:[\s\S]*?)```/g, 1],
  ['docs/configuration.md', /```yaml\n([\s\S]*?)```/g, 2],
] as const)('every configuration file in %s is valid', (file, pattern, count) => {
  const files = [...readFileSync(file, 'utf8').matchAll(pattern)].map(([, text = '']) => text);
  expect(files).toHaveLength(count);
  for (const content of files) expect(readConfig(content, file)).toMatchObject({ path: file });
});
