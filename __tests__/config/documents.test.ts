import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { readConfig } from '../../src/config/file.ts';
import { INPUT_NAMES, INPUTS } from '../../src/config/inputs.ts';
import { OUTPUTS } from '../../src/report/outputs.ts';
import { WRITTEN } from '../../scripts/docs.ts';

const action = parse(readFileSync('action.yml', 'utf8'));
const readme = readFileSync('README.md', 'utf8');

/** The rows of a README table: what each line's cells say, code marks taken off. */
function rows(name: string): string[][] {
  const [, table = ''] = new RegExp(`<!-- ${name} -->([\\s\\S]*?)<!-- /${name} -->`).exec(readme) ?? [];
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

describe("the README's tables say what action.yml says", () => {
  test('inputs: the same names in the same order, the same defaults and descriptions', () => {
    expect(rows('inputs')).toEqual(
      Object.entries<{ default: string; description: string }>(action.inputs).map(([name, input]) => [
        name,
        name === 'github-token' ? '' : input.default,
        input.description,
      ]),
    );
  });

  test('outputs: the same names in the same order, the same descriptions', () => {
    expect(rows('outputs')).toEqual(
      Object.entries<{ description: string }>(action.outputs).map(([name, output]) => [
        name,
        output.description,
      ]),
    );
  });
});

test('action.yml has the inputs and outputs that the code reads and writes', () => {
  expect(Object.keys(action.inputs)).toEqual(INPUT_NAMES);
  expect(Object.keys(action.outputs)).toEqual(Object.keys(OUTPUTS));
  for (const name of INPUT_NAMES) {
    expect(action.inputs[name].default).toBe(
      name === 'github-token' ? '${' + '{ github.token }}' : INPUTS[name].default,
    );
    expect(action.inputs[name].required).toBe(false);
  }
  expect(action.runs).toEqual({ using: 'node24', main: 'dist/index.js' });
});

test.each(Object.entries(WRITTEN))('%s is as `npm run docs` writes it', (file, write) => {
  const current = readFileSync(file, 'utf8');
  expect(write(current)).toBe(current);
});

test('every workflow in the README is YAML that asks for permissions and uses inputs that there are', () => {
  const workflows = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => parse(text ?? ''));
  const steps = workflows.flatMap((each) =>
    Object.values<{ permissions?: object; steps: { uses?: string; with?: object }[] }>(each.jobs).flatMap(
      (job) => {
        expect(job.permissions ?? each.permissions).toBeDefined();
        return job.steps;
      },
    ),
  );
  const ours = steps.filter((step) => step.uses?.includes('deploy-latency-guard'));
  expect(ours.length).toBeGreaterThanOrEqual(4);
  for (const step of ours)
    for (const input of Object.keys(step.with ?? {})) expect(INPUT_NAMES).toContain(input);
});

test.each([
  ['README.md', /```yml\n(services:[\s\S]*?)```/g, 1],
  ['docs/config.md', /```yaml\n([\s\S]*?)```/g, 2],
] as const)('every file of settings in %s is one', (file, pattern, count) => {
  const files = [...readFileSync(file, 'utf8').matchAll(pattern)].map(([, text = '']) => text);
  expect(files).toHaveLength(count);
  for (const each of files) expect(readConfig(each, file)).toMatchObject({ path: file });
});
