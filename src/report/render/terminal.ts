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

/**
 * Draws blocks for a terminal of `columns` columns. In colour, they are bold, underlined or dim: relative to the terminal's own
 * colours, so that they are readable on any background.
 */
export function terminal(blocks: readonly Block[], { columns = 100, colour = false } = {}): string {
  const styled =
    (style: Parameters<typeof styleText>[0]) =>
    (text: string): string =>
      colour ? styleText(style, text, CALLER_DECIDES) : text;
  const [bold, underlined, dim] = [styled('bold'), styled('underline'), styled('dim')];
  const emphasized = (text: Inline): string =>
    text
      .map((part) => (typeof part !== 'string' && part.strong ? bold(plain([part])) : plain([part])))
      .join('');

  const wrap = (text: string): string => linesOf(text, columns).join('\n');

  const drawTable = (table: Table): string => {
    const rows = table.rows
      .slice(0, ROWS_SHOWN)
      .map((cells) => cells.map((cell) => shorten(emphasized(cell))));
    const titles = table.columns.map((column) => plain([column.title]));
    const omitted = table.rows.length - rows.length;
    const more = omitted > 0 ? [dim(`… and ${counted(omitted, `more ${table.noun}`)} in the report`)] : [];
    const widths = widthsFor([titles, ...rows], columns);
    // If a row is too wide for the terminal, its first cell is a line, and the others follow with their titles.
    if (widths === null)
      return [
        ...rows.map(([first = '', ...others]) => {
          const named = others.flatMap((cell, i) =>
            cell === '' || cell === '–' ? [] : [`${titles[i + 1] ?? ''}: ${cell}`],
          );
          const lines = [bold(wrap(first)), hanging('  ', named.join('; '), columns)];
          return lines.slice(0, named.length > 0 ? 2 : 1).join('\n');
        }),
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
    return [line(titles.map(underlined)), ...rows.map(line), ...more].join('\n');
  };

  const drawOne = (block: Block): string => {
    switch (block.kind) {
      case 'table':
        return drawTable(block);
      case 'details':
        return `${bold(wrap(`${plain([block.summary]).replace(/\.$/, '')}:`))}\n${draw(block.blocks)}`;
      case 'code':
        return codeLines(block.text).replace(/^/gm, '    ');
      case 'list':
        return block.items.map((item) => hanging('- ', emphasized(item), columns)).join('\n');
      case 'heading':
        return bold(wrap(plain(block.text)));
      case 'note':
        return dim(wrap(plain(block.text)));
      case 'paragraph':
        return wrap(emphasized(block.text));
      // A terminal shows no charts and mentions nobody.
      default:
        return '';
    }
  };
  const draw = (contents: readonly Block[]): string =>
    contents
      .map(drawOne)
      .filter((text) => text !== '')
      .join('\n\n');
  return `${draw(blocks)}\n`;
}
