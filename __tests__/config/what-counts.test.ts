import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

/** The reference of what counts, against the names of the tests that hold it. */

const ROWS = readFileSync('docs/what-counts.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| ---') && !line.startsWith('| Case '))
  .map((line) => line.split(' | ')[0]?.slice(2) ?? '');

const bare = (text: string) => text.toLowerCase().replace(/[`\\]/g, '');

/** What tests and their groups are called; a name that is made of rows is told with each row's first word in its place. */
const NAMES = ['__tests__/run', '__tests__/sources'].flatMap((folder) =>
  readdirSync(folder).flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const names = [
      ...text.matchAll(/\b(?:test|describe)\(\s*(['"`])((?:\\.|(?!\1).)*)\1/g),
      ...text.matchAll(/\]\s*(?:as const\s*)?\)\(\s*(['"`])((?:\\.|(?!\1).)*)\1/g),
    ].map(([, , name = '']) => bare(name));
    const values = [...text.matchAll(/^\s+\[?'([^']+)'[,\]]/gm)].map(([, value = '']) => value);
    const each = [...text.matchAll(/\.each\(\[([^\]]*)\]\)/g)].flatMap(([, list = '']) =>
      [...list.matchAll(/'([^']+)'/g)].map(([, value = '']) => value),
    );
    return names.flatMap((name) =>
      name.includes('%s') && !name.endsWith('%s')
        ? [...values, ...each].map((value) => name.replace('%s', bare(value)))
        : [name],
    );
  }),
);

test('there are rows to check', () => {
  expect(ROWS.length).toBeGreaterThan(50);
});

test.each(ROWS)('%s: there is a test of that name', (row) => {
  expect(NAMES.filter((name) => name.startsWith(bare(row)))).not.toEqual([]);
});

test('each row stands once', () => {
  expect(new Set(ROWS).size).toBe(ROWS.length);
});
