import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

/** What the sources do not do at all: nothing that others send can reach what is not there. */

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ({ path, text: readFileSync(join('src', path), 'utf8') }));
const having = (pattern: RegExp) => sources.filter(({ text }) => pattern.test(text)).map(({ path }) => path);

test('no shell, and no other program but those that the command line asks: git, gh, the browser', () => {
  expect(having(/child_process|\bexecFile\b|\bspawn\b/)).toEqual(['entries/command/programs.ts']);
  expect(having(/shell: *true|\bexec\(['"`]/)).toEqual([]);
});

test('no text that is run as code', () => {
  expect(having(/\beval\(|new Function|node:vm/)).toEqual([]);
});

test('no regular expression made of text but the one that an input is: the other is of a number', () => {
  expect(having(/\bRegExp\(/)).toEqual([
    'config/file.ts',
    'config/option-types.ts',
    'config/options.ts',
    'model/outcome.ts',
    'diagnose/rules/commands.ts',
    'sources/gitops/value-pattern.ts',
  ]);
  // Made of constants of the file itself.
  for (const file of ['config/file.ts', 'config/option-types.ts'])
    for (const [made] of readFileSync(`src/${file}`, 'utf8').matchAll(/RegExp\(.*/g))
      expect([file, made]).toEqual([file, expect.stringMatching(/^RegExp\((?:`\^\$\{)?[A-Z_]+/)]);
  // Made of the constants in the rows of the sources.
  expect(readFileSync('src/config/options.ts', 'utf8').match(/RegExp\(.*?\)/g)).toEqual([
    'RegExp(row.accepts.pattern)',
  ]);
  // Made of lists of words in the file itself.
  for (const [made] of readFileSync('src/diagnose/rules/commands.ts', 'utf8').matchAll(/RegExp\(.*/g))
    expect(made).toMatch(/^RegExp\(`(?:\\\\b\(\?:\$\{words|\$\{SCRIPT\})/);
  expect(readFileSync('src/model/outcome.ts', 'utf8')).toContain('runId: number): boolean');
});

test('files are written in one place alone', () => {
  expect(
    having(/\b(?:writeFile|writeFileSync|appendFile|appendFileSync|createWriteStream|mkdir|rm)\b\(/),
  ).toEqual(['run/files.ts']);
});
