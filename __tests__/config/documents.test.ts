import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { readConfig } from '../../src/config/file.ts';
import { OPTION_NAMES, OPTIONS, optionsAt } from '../../src/config/options.ts';
import { ACTION_OUTPUTS, ORGANIZATION_OUTPUTS, OUTPUTS } from '../../src/report/outputs.ts';
import { VERSION } from '../../src/model/version.ts';
import { WRITTEN } from '../../scripts/docs.ts';

const ACTIONS = [
  ['action.yml', 'input', ACTION_OUTPUTS, 'dist/index.js'],
  ['organization/action.yml', 'organization input', ORGANIZATION_OUTPUTS, '../dist/organization.js'],
] as const;
const configurationPage = readFileSync('docs/configuration.md', 'utf8');

/** The rows of a table: what each line's cells say, code marks taken off. */
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
        .map((cell) => cell.trim().replaceAll('`', '')),
    );
}

describe('the tables of docs/configuration.md', () => {
  test('say every option, its default and its description', () => {
    const told = rows('inputs').map(([name, fallback, , description]) => [name, fallback, description]);
    expect(told.toSorted()).toEqual(
      OPTION_NAMES.map((name) => [name, OPTIONS[name].default, OPTIONS[name].description]).toSorted(),
    );
  });

  test('say every output and its description', () => {
    expect(rows('outputs')).toEqual(Object.entries(OUTPUTS).map((entry) => [...entry]));
  });
});

test.each(ACTIONS)(
  '%s has the inputs that it reads, with their defaults, and the outputs that it writes',
  (file, door, outputs, main) => {
    const action = parse(readFileSync(file, 'utf8'));
    expect(Object.keys(action.inputs).toSorted()).toEqual(optionsAt(door).toSorted());
    expect(Object.keys(action.outputs)).toEqual([...outputs]);
    for (const name of optionsAt(door))
      expect(action.inputs[name]).toEqual({
        description: OPTIONS[name].description,
        required: false,
        default: name === 'github-token' ? '${' + '{ github.token }}' : OPTIONS[name].default,
      });
    expect(action.runs).toEqual({ using: 'node24', main });
  },
);

test('action.yml has thirty inputs at most, and begins with the eight that matter first', () => {
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

test.each(Object.entries(WRITTEN))('%s is as `npm run docs` writes it', (file, write) => {
  const current = readFileSync(file, 'utf8');
  expect(write(current)).toBe(current);
});

const EXAMPLES = readdirSync('examples', { recursive: true, encoding: 'utf8' }).filter((each) =>
  each.endsWith('.yml'),
);
const example = (name: string) => readFileSync(`examples/${name}`, 'utf8');

test('README and recipes have no workflow that is not a file of examples/, and leave none out', () => {
  const shown = ['README.md', 'docs/recipes.md'].flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/```ya?ml\n([\s\S]*?)```/g)].map(([, text = '']) => text),
  );
  expect(shown.toSorted()).toEqual(EXAMPLES.map(example).toSorted());
});

test.each(EXAMPLES.filter((each) => !each.endsWith('deploy-latency.yml')))(
  'examples/%s asks for permissions, and uses inputs that there are',
  (name) => {
    const workflow = parse(example(name));
    const jobs = Object.values<{ permissions?: object; steps: { uses?: string; with?: object }[] }>(
      workflow.jobs,
    );
    for (const job of jobs) expect(job.permissions ?? workflow.permissions).toBeDefined();
    const ours = jobs
      .flatMap((job) => job.steps)
      .filter((step) => step.uses?.startsWith('deploy-latency-guard/'));
    const isOfMany = name === 'organization.yml';
    const action = `deploy-latency-guard/deploy-latency-guard${isOfMany ? '/organization' : ''}@v1`;
    expect(ours.map((step) => step.uses)).toEqual([action]);
    for (const input of Object.keys(ours[0]?.with ?? {}))
      expect(optionsAt(isOfMany ? 'organization input' : 'input')).toContain(input);
  },
);

test('the ten lines are ten', () => {
  expect(example('ten-lines.yml').trimEnd().split('\n')).toHaveLength(10);
});

test('every page of docs/ is in the one table of contents, and every link of a page leads somewhere', () => {
  const readme = readFileSync('README.md', 'utf8');
  const pages = readdirSync('docs').filter((each) => each.endsWith('.md'));
  for (const page of pages) expect([page, readme.includes(`(docs/${page})`)]).toEqual([page, true]);
  for (const file of ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...pages.map((page) => `docs/${page}`)])
    for (const [, link = ''] of readFileSync(file, 'utf8').matchAll(
      /\]\((?!https?:|#)([^)#\s]+)[^)]*\)|src(?:set)?="(?!https?:)/g,
    )) {
      if (link === '') continue;
      expect([file, link, existsSync(join(dirname(file), link))]).toEqual([file, link, true]);
    }
});

test('this version is that of package.json', () => {
  expect(VERSION).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version);
});

test.each([
  ['docs/recipes.md', /```yaml\n(services:[\s\S]*?)```/g, 1],
  ['docs/configuration.md', /```yaml\n([\s\S]*?)```/g, 2],
] as const)('every file of settings in %s is one', (file, pattern, count) => {
  const files = [...readFileSync(file, 'utf8').matchAll(pattern)].map(([, text = '']) => text);
  expect(files).toHaveLength(count);
  for (const other of files) expect(readConfig(other, file)).toMatchObject({ path: file });
});
