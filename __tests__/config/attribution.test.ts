import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

/** Every case in docs/attribution.md has a test whose name starts with the case. */

const CASES = readFileSync('docs/attribution.md', 'utf8')
  .split('\n| Case | Result |\n')
  .slice(1)
  .flatMap((table) => (table.split('\n\n')[0] ?? '').split('\n'))
  .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
  .map((line) => line.split(' | ')[0]?.slice(2) ?? '');

const bare = (text: string) => text.toLowerCase().replace(/[`\\]/g, '');

/** The names of tests and their groups. A placeholder inside a name becomes the first word of each of its rows. */
const NAMES = ['__tests__/run', '__tests__/sources'].flatMap((folder) =>
  readdirSync(folder).flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const names = [
      ...text.matchAll(/\b(?:test|describe)\(\s*(['"`])((?:\\.|(?!\1).)*)\1/g),
      ...text.matchAll(/\]\s*(?:as const\s*)?\)\(\s*(['"`])((?:\\.|(?!\1).)*)\1/g),
    ].map(([, , name = '']) => bare(name));
    const rows = [...text.matchAll(/^\s+\[?'([^']+)'[,\]]/gm)].map(([, value = '']) => value);
    const inline = [...text.matchAll(/\.each\(\[([^\]]*)\]\)/g)].flatMap(([, list = '']) =>
      [...list.matchAll(/'([^']+)'/g)].map(([, value = '']) => value),
    );
    return names.flatMap((name) =>
      name.includes('%s') && !name.endsWith('%s')
        ? [...rows, ...inline].map((value) => name.replace('%s', bare(value)))
        : [name],
    );
  }),
);

test('the page lists more than 50 cases', () => {
  expect(CASES.length).toBeGreaterThan(50);
});

test.each(CASES)('%s: a test has this name', (name) => {
  expect(NAMES.filter((testName) => testName.startsWith(bare(name)))).not.toEqual([]);
});

test('every case is listed once', () => {
  expect(new Set(CASES).size).toBe(CASES.length);
});
