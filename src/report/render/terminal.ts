import { styleText } from 'node:util';
import width from 'string-width';
import wrapAnsi from 'wrap-ansi';
import type { Block, Inline, Table } from '../blocks.ts';
import { codeLines, counted, partOfLine } from '../words.ts';

const ROWS_SHOWN = 20;

/** The caller decides about colour, so no stream is inspected. */
const CALLER_DECIDES = { validateStream: false };

/** Any text as one line without control characters, so without escape sequences. */
const plain = (text: Inline): string =>
  text.map((part) => partOfLine(typeof part === 'string' ? part : part.text)).join('');

/** Widest cell of a table. The report has the full text. */
const LONGEST_CELL = 90;

/** Cuts between two words, or inside a word that is too long for a cell. */
function shorten(text: string): string {
  if (width(text) <= LONGEST_CELL) return text;
  const [kept = ''] = wrapAnsi(text, LONGEST_CELL, { hard: true }).split('\n');
  return `${kept} …`;
}

/** Lines of at most `columns` columns, broken between words. A longer word gets its own line. */
const linesOf = (text: string, columns: number): string[] => wrapAnsi(text, columns).split('\n');

/** A text after a label. Further lines are indented to the first one. */
export function hanging(label: string, text: string, columns: number): string {
  const room = Math.max(24, columns - width(label));
  return linesOf(text, room)
    .map((line, i) => `${i === 0 ? label : ' '.repeat(width(label))}${line}`)
    .join('\n');
}

/**
 * The widths of columns so that a row fits: as wide as the cells if there is room, and never narrower than the longest
 * word.
 *
 * @returns `null` if not even the longest words fit side by side.
 */
function widthsFor(rows: readonly (readonly string[])[], columns: number): number[] | null {
  const count = rows[0]?.length ?? 0;
  const widestBy = (widthOf: (cell: string) => number) =>
    Array.from({ length: count }, (_, i) => Math.max(...rows.map((cells) => widthOf(cells[i] ?? ''))));
  const least = widestBy((cell) => Math.max(...cell.split(' ').map((word) => width(word))));
  const widths = widestBy((cell) => width(cell));
  const sum = () => widths.reduce((total, width) => total + width + 2, -2);
  while (sum() > columns) {
    const slack = widths.map((width, i) => width - (least[i] ?? 0));
    const widest = slack.indexOf(Math.max(...slack));
    if ((slack[widest] ?? 0) <= 0) return null;
    widths[widest] =
      (widths[widest] ?? 0) - Math.min(slack[widest] ?? 0, Math.max(1, Math.ceil((sum() - columns) / 2)));
  }
  return widths;
}

/** Draws blocks for a terminal of `columns` columns, in colour if that is wanted. */
export function terminal(blocks: readonly Block[], { columns = 100, colour = false } = {}): string {
  const bold = (text: string) => (colour ? styleText('bold', text, CALLER_DECIDES) : text);
  const dim = (text: string) => (colour ? styleText('dim', text, CALLER_DECIDES) : text);

  const wrap = (text: string): string => linesOf(text, columns).join('\n');

  const drawTable = (table: Table): string => {
    const rows = table.rows.slice(0, ROWS_SHOWN).map((cells) => cells.map((cell) => shorten(plain(cell))));
    const titles = table.columns.map((column) => plain([column.title]));
    const omitted = table.rows.length - rows.length;
    const more = omitted > 0 ? [dim(`… and ${counted(omitted, `more ${table.noun}`)} in the report`)] : [];
    const widths = widthsFor([titles, ...rows], columns);
    // If a row is too wide for the terminal, its cells go below each other.
    if (widths === null)
      return [
        ...rows.map((cells) =>
          cells
            .map((cell, i) => hanging(`${i === 0 ? '' : '  '}${titles[i] ?? ''}: `, cell, columns))
            .join('\n'),
        ),
        ...more,
      ].join('\n');
    const line = (cells: readonly string[]) => {
      const wrapped = cells.map((cell, i) => linesOf(cell, widths[i] ?? columns));
      return Array.from({ length: Math.max(...wrapped.map((lines) => lines.length)) }, (_, at) =>
        wrapped
          .map((lines, i) => {
            const text = lines[at] ?? '';
            const space = ' '.repeat(Math.max(0, (widths[i] ?? 0) - width(text)));
            return table.columns[i]?.align === 'right' ? space + text : text + space;
          })
          .join('  ')
          .trimEnd(),
      ).join('\n');
    };
    return [dim(line(titles)), ...rows.map(line), ...more].join('\n');
  };

  const draw = (contents: readonly Block[]): string =>
    contents
      .map((block) => {
        if (block.kind === 'table') return drawTable(block);
        if (block.kind === 'details')
          return `${dim(wrap(`${plain([block.summary]).replace(/\.$/, '')}:`))}\n${draw(block.blocks)}`;
        if (block.kind === 'code') return codeLines(block.text).replace(/^/gm, '    ');
        if (block.kind === 'list')
          return block.items.map((item) => hanging('- ', plain(item), columns)).join('\n');
        if (block.kind === 'figures')
          return wrap(block.items.map(({ name, value }) => plain([`${name}: ${value}`])).join(', '));
        // A terminal shows no charts and mentions nobody.
        if (block.kind === 'mermaid' || block.kind === 'figure' || block.kind === 'mention') return '';
        const text = plain(block.text);
        if (block.kind === 'heading') return bold(wrap(text));
        if (block.kind === 'note') return dim(wrap(text));
        return block.text.some((part) => typeof part !== 'string' && part.strong)
          ? bold(wrap(text))
          : wrap(text);
      })
      .filter((text) => text !== '')
      .join('\n\n');
  return `${draw(blocks)}\n`;
}
