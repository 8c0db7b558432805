import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { messagesIn } from '../../scripts/messages.ts';

/** docs/messages.md lists exactly the messages that the source code can print. */

const rows = readFileSync('docs/messages.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (?:Message|---)/.test(line))
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
  .map(([, message = '', cause = '', fix = '']) => ({
    start: message.replace(/…$/, '').trim(),
    cause,
    fix,
  }));
const messages = messagesIn();
/** The most specific row for a message. */
const rowOf = (text: string) =>
  rows.filter((row) => text.startsWith(row.start)).sort((a, b) => b.start.length - a.start.length)[0];

test('every row has a cause and a fix', () => {
  expect(messages.length).toBeGreaterThan(140);
  for (const row of rows)
    expect([row.start, row.cause, row.fix]).toEqual([
      expect.any(String),
      expect.stringMatching(/^.{3,}\.$/),
      expect.stringMatching(/^.{3,}[.*]$/),
    ]);
});

test('every message has a row', () => {
  expect(
    messages.filter(({ text }) => rowOf(text) === undefined).map(({ file, text }) => `${file}: ${text}`),
  ).toEqual([]);
});

test('every row belongs to a message', () => {
  const used = new Set(messages.map(({ text }) => rowOf(text)));
  expect(rows.filter((row) => !used.has(row)).map((row) => row.start)).toEqual([]);
});
