import { styleText } from 'node:util';
import type { Block, Inline, Table } from '../blocks.ts';
import { counted } from '../words.ts';

const ROWS_SHOWN = 20;

/** Whether there is colour is told from outside, not read off a stream. */
const CALLER_DECIDES = { validateStream: false };

/** Any text made fit for one cell of a terminal: no control characters, so no escape sequences. */
function plain(text: Inline): string {
  return text
    .map((part) => (typeof part === 'string' ? part : part.text))
    .join('')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ');
}

const width = (text: string): number => [...text].length;

function shorten(text: string, room: number): string {
  return width(text) > room ? `${[...text].slice(0, Math.max(0, room - 1)).join('')}…` : text;
}

/** Draws blocks for a terminal of `columns` characters, in colour if that is wanted. */
export function terminal(blocks: readonly Block[], { columns = 100, colour = false } = {}): string {
  const bold = (text: string) => (colour ? styleText('bold', text, CALLER_DECIDES) : text);
  const dim = (text: string) => (colour ? styleText('dim', text, CALLER_DECIDES) : text);

  const wrap = (text: string): string => {
    const lines = [''];
    for (const word of text.split(' ')) {
      const last = lines.at(-1) ?? '';
      if (last !== '' && width(last) + width(word) + 1 > columns) lines.push(word);
      else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
    }
    return lines.join('\n');
  };

  const drawTable = (table: Table): string => {
    const rows = table.rows.slice(0, ROWS_SHOWN).map((cells) => cells.map(plain));
    const titles = table.columns.map((column) => column.title);
    const widths = titles.map((title, i) =>
      Math.max(width(title), ...rows.map((cells) => width(cells[i] ?? ''))),
    );
    const over = widths.reduce((sum, each) => sum + each + 2, -2) - columns;
    const widest = widths.indexOf(Math.max(...widths));
    if (over > 0) widths[widest] = Math.max(12, (widths[widest] ?? 0) - over);
    const line = (cells: readonly string[]) =>
      cells
        .map((cell, i) => {
          const room = widths[i] ?? 0;
          const text = shorten(cell, room);
          const space = ' '.repeat(Math.max(0, room - width(text)));
          return table.columns[i]?.align === 'right' ? space + text : text + space;
        })
        .join('  ')
        .trimEnd();
    const left = table.rows.length - rows.length;
    return [
      dim(line(titles)),
      ...rows.map(line),
      ...(left > 0 ? [dim(`… and ${counted(left, `more ${table.noun}`)}, in the report`)] : []),
    ].join('\n');
  };

  const draw = (some: readonly Block[]): string =>
    some
      .map((block) => {
        if (block.kind === 'table') return drawTable(block);
        if (block.kind === 'details') return `${dim(`${block.summary}:`)}\n${draw(block.blocks)}`;
        if (block.kind === 'code') return block.text.replace(/^/gm, '    ');
        if (block.kind === 'list') return block.items.map((item) => wrap(`- ${plain(item)}`)).join('\n');
        if (block.kind === 'figures')
          return wrap(block.items.map(({ name, value }) => plain([`${name}: ${value}`])).join(', '));
        // A terminal draws no picture, and names nobody.
        if (block.kind === 'mermaid' || block.kind === 'figure' || block.kind === 'mention') return '';
        const text = plain(block.text);
        if (block.kind === 'heading') return bold(text);
        if (block.kind === 'note') return dim(wrap(text));
        return block.text.some((part) => typeof part !== 'string' && part.strong)
          ? bold(wrap(text))
          : wrap(text);
      })
      .filter((text) => text !== '')
      .join('\n\n');
  return `${draw(blocks)}\n`;
}
