import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { type Message, messagesIn } from '../../scripts/messages.ts';
import { NoToken } from '../../src/config/plan.ts';
import * as errors from '../../src/github/errors.ts';
import { GuardError, OutOfTime } from '../../src/model/guard-error.ts';
import { NothingDeployed } from '../../src/read/nothing-deployed.ts';
import { helpLink } from '../../src/run/help-link.ts';

/** docs/messages.md lists exactly the messages that the source code can print, and errors link to their section. */

interface Row {
  section: string;
  start: string;
  cause: string;
  fix: string;
}

/** GitHub's anchor for a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');

const page = readFileSync('docs/messages.md', 'utf8');
const rows = page
  .split('\n### ')
  .slice(1)
  .flatMap((text): Row[] => {
    const [heading = '', ...lines] = text.split('\n');
    return lines
      .filter((line) => line.startsWith('| ') && !/^\| (?:Message|---)/.test(line))
      .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
      .map(([, message = '', cause = '', fix = '']) => ({
        section: anchorOf(heading),
        start: message.replace(/…$/, '').trim(),
        cause,
        fix,
      }));
  });
const messages = messagesIn();

const CLASSES: Record<string, { prototype: object }> = {
  ...errors,
  GuardError,
  NoToken,
  NothingDeployed,
  OutOfTime,
};

/** The section that an error links to; `null` for a message that is not an error of a run. */
function sectionOf({ file, error, text }: Message): string | null {
  // These are notices: a text that cannot be written does not end a run.
  if (file.startsWith('github/threads/')) return null;
  if (text.startsWith('Deploy latency guard has a bug')) return sectionIn(helpLink(new TypeError(text)));
  if (error === null && !text.startsWith('Input "')) return null;
  const { prototype } = CLASSES[error ?? 'GuardError'] ?? { prototype: null };
  const subject = file.startsWith('config/') ? '.github/deploy-latency.yml' : 'deploys.jsonl';
  const message = (file === 'report/saved-reports.ts' ? text.replace('…', '"report.json"') : text)
    .replace(/^…, line (?:…|1)/, `${subject}, line 7`)
    .replaceAll('…', 'x');
  return sectionIn(helpLink(Object.assign(Object.create(prototype), { message })));
}

const sectionIn = (link: string) => link.split('#')[1] ?? '';

/** The most specific row for a message, in the section that its error links to. */
function rowOf(message: Message): Row | undefined {
  const section = sectionOf(message);
  return rows
    .filter((row) => message.text.startsWith(row.start) && (section === null || row.section === section))
    .sort((a, b) => b.start.length - a.start.length)[0];
}

test('every row has a cause and a fix', () => {
  expect(messages.length).toBeGreaterThan(200);
  for (const row of rows)
    expect([row.start, row.cause, row.fix]).toEqual([
      expect.any(String),
      expect.stringMatching(/^.{3,}\.$/),
      expect.stringMatching(/^.{3,}[.*]$/),
    ]);
});

test('every message has a row, and every error has it in the section that it links to', () => {
  expect(
    messages
      .filter((message) => rowOf(message) === undefined)
      .map((message) => `${message.file}: ${message.text} (${sectionOf(message)})`),
  ).toEqual([]);
});

test('every row belongs to a message', () => {
  const used = new Set(messages.map((message) => rowOf(message)));
  expect(rows.filter((row) => !used.has(row)).map((row) => `${row.section}: ${row.start}`)).toEqual([]);
});

test('every section is one heading, so that links reach it', () => {
  const anchors = page
    .split('\n')
    .flatMap((line) => (/^#+ /.test(line) ? [anchorOf(line.replace(/^#+ /, ''))] : []));
  expect(anchors.filter((anchor, i) => anchors.indexOf(anchor) !== i)).toEqual([]);
  for (const [, anchor = ''] of page.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(anchor);
});

test('a link names the page in the repository of the guard', () => {
  expect(helpLink(new GuardError('Input "environment" is "prod"; there is no such environment.'))).toBe(
    'https://github.com/deploy-latency-guard/deploy-latency-guard/blob/main/docs/messages.md#input-environment',
  );
});
