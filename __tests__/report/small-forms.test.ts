import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { parseHTML } from 'linkedom';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import { badgeOf } from '../../src/report/badge.ts';
import { right, table } from '../../src/report/blocks.ts';
import { csv, csvOf } from '../../src/report/csv.ts';
import { terminal } from '../../src/report/render/terminal.ts';
import { ask } from '../support/ask.ts';
import { at, begun, day } from '../support/day.ts';

/** The badge, the CSV rows, and a table on a narrow terminal. */

describe('the badge', () => {
  test.each([
    ['on-target', '9m 40s', 'brightgreen'],
    ['slipping', '17m', 'yellow'],
    ['drifted', '24m 35s', 'red'],
  ] as const)('%s shows %s in %s', (status, time, color) => {
    const { svg, endpoint } = badgeOf(status, time);
    expect(endpoint).toEqual({ schemaVersion: 1, label: 'merge to live', message: time, color });
    const { document } = parseHTML(svg);
    expect(document.querySelector('svg')?.getAttribute('aria-label')).toBe(`merge to live: ${time}`);
    expect([...document.querySelectorAll('text')].map((text) => text.textContent)).toEqual([
      'merge to live',
      time,
    ]);
  });

  test('says so if there is no verdict', () => {
    expect(badgeOf('insufficient-data', '').endpoint).toMatchObject({
      message: 'no verdict',
      color: 'lightgrey',
    });
  });
});

describe('CSV rows', () => {
  test('a title that looks like a formula is text, and one with commas and quotes is one cell', async () => {
    const team = begun();
    team.merge(2, at('12:00:00'), { title: '=HYPERLINK("http://x","y")' });
    team.merge(3, at('13:00:00'), { title: 'a, "b"' });
    const { report } = await ask(team.world, day);
    const text = csvOf([report]);
    expect(text).toContain(`,"'=HYPERLINK(""http://x"",""y"")",`);
    expect(text).toContain(',"a, ""b""",');
    expect(text.split('\r\n')).toHaveLength(report.mergesets.length + 2);
  });
});

describe('a CSV cell', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1+1', "'-1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', '"\'\r=1"'],
    ['\u0000=1', "'=1"],
    ['a;=1+1', "a;'=1+1"],
    ['a; "=1', `"a;' ""=1"`],
    ['a; b', 'a; b'],
    ['\u001b]0;x\u0007\u009b31mred', ']0;x31mred'],
  ])('%j is %j', (text, cell) => {
    expect(csv([[text]])).toBe(`${cell}\r\n`);
  });
});

describe('a table on a narrow terminal', () => {
  const drawTable = (rows: string[][]) =>
    terminal(
      [
        {
          kind: 'table',
          columns: [{ title: 'Change' }, { title: 'Where' }, { title: 'Time', align: 'right' }],
          rows: rows.map((row) => row.map((cell) => [cell])),
          noun: 'row',
        },
      ],
      { columns: 40 },
    );

  test('wraps its cells between words', () => {
    expect(drawTable([['Retry the payment provider with a limit', 'browser tests', '24m 35s']])).toBe(
      [
        'Change            Where             Time',
        'Retry the         browser tests  24m 35s',
        'payment provider',
        'with a limit',
        '',
      ].join('\n'),
    );
  });

  /** Lines as a terminal draws them: a Japanese letter or an emoji takes two columns. */
  const drawn = (text: string) =>
    text
      .replace(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}]/gu, 'xx')
      .replace(/\p{Mark}/gu, '')
      .split('\n');

  test('keeps its columns aligned with Japanese, an emoji or a combined accent', () => {
    expect(
      drawn(
        drawTable([
          ['支払いを直す', 'browser tests', '24m 35s'],
          ['Ship it 🚀 and retry', 'ビルド', '1h'],
          ['Cafe\u0301 menu', 'build', '9m'],
        ]),
      ),
    ).toEqual([
      'Change             Where            Time',
      'xxxxxxxxxxxx       browser       24m 35s',
      '                   tests',
      'Ship it xx and     xxxxxx             1h',
      'retry',
      'Café menu          build              9m',
      '',
    ]);
  });

  test('puts the first cell on a line of its own if the words are too long, and names the others', () => {
    const text = drawTable([
      ['a'.repeat(30), 'b'.repeat(20), '1m'],
      ['c', '', '–'],
    ]);
    expect(text).toBe(`${'a'.repeat(30)}\n  Where: ${'b'.repeat(20)}; Time: 1m\nc\n`);
  });
});

describe('colors in the terminal', () => {
  test.each([40, 80, 120])(
    'at %i columns, no line is wider, and nothing sets a color that a light background could hide',
    async (columns) => {
      const { summary } = await ask(sampleTeam(), { now: SAMPLE_NOW });
      const text = terminal(
        summary.filter(({ kind }) => kind !== 'code'),
        { columns, colour: true },
      );
      // Bold, underlined and dim, and their ends.
      const codes = [...text.matchAll(/\u001b\[(\d+)m/g)].map(([, code]) => code);
      expect(new Set(codes)).toEqual(new Set(['1', '2', '4', '22', '24']));
      const lines = stripVTControlCharacters(text).split('\n');
      const long = lines.filter((line) => line.length > columns && !line.startsWith('    '));
      expect(long).toEqual([]);
    },
  );

  test('a time over the limit is bold in its cell, and without color there is no escape sequence', () => {
    const blocks = [table(['Change', right('Time')], [[['#1'], [{ text: '1h', strong: true }]]], 'change')];
    expect(terminal(blocks, { colour: true })).toContain('\u001b[1m1h\u001b[22m');
    expect(terminal(blocks)).not.toContain('\u001b');
  });
});
