import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { messagesIn } from '../../scripts/messages.ts';

/** docs/messages.md has every message that the sources can print, and none that they cannot. */

const rows = readFileSync('docs/messages.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (?:Message|---)/.test(line))
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
  .map(([, message = '', cause = '', mend = '']) => ({
    begins: message.replace(/…$/, '').trim(),
    cause,
    mend,
  }));
const messages = messagesIn();
/** The row that tells most of a message. */
const rowOf = (text: string) =>
  rows.filter((row) => text.startsWith(row.begins)).sort((a, b) => b.begins.length - a.begins.length)[0];

test('there are many, and each row has a cause and a mend', () => {
  expect(messages.length).toBeGreaterThan(140);
  for (const row of rows)
    expect([row.begins, row.cause, row.mend]).toEqual([
      expect.any(String),
      expect.stringMatching(/^.{3,}\.$/),
      expect.stringMatching(/^.{3,}[.*]$/),
    ]);
});

test('every message of the sources has a row', () => {
  expect(
    messages.filter(({ text }) => rowOf(text) === undefined).map(({ file, text }) => `${file}: ${text}`),
  ).toEqual([]);
});

test('every row is of a message that there is', () => {
  const told = new Set(messages.map(({ text }) => rowOf(text)));
  expect(rows.filter((row) => !told.has(row)).map((row) => row.begins)).toEqual([]);
});
