import { counted } from './words.ts';
import type { Block, Inline, Span, Table } from './blocks.ts';

/** GitHub drops a job summary that is larger than this, in bytes, instead of cutting it. */
export const SUMMARY_LIMIT = 1_048_576;

/** Rows of a table that are open to the eye; the rest is folded. */
const ROWS_SHOWN = 20;

const ZERO_WIDTH = '\u200B';

/**
 * Any text as inert Markdown: one line, and nothing in it is markup, a link, a mention or a reference.
 *
 * Control, format and line-breaking characters go (with them bidirectional overrides and hidden marks), what
 * Markdown reads is escaped, and what GitHub reads after Markdown (`@name`, `#1`, `GH-1`, `https://…`, `www.…`,
 * `:emoji:`, a commit's hex) is broken by a zero-width space.
 */
export function escapeMarkdown(text: string): string {
  return escapeMarkup(
    oneLineOf(text)
      .replace(/[@#]/g, `$&${ZERO_WIDTH}`)
      .replace(/GH-(?=\d)/gi, `$&${ZERO_WIDTH}`)
      .replace(/:(?=\/\/)/g, `:${ZERO_WIDTH}`)
      .replace(/www(?=\.)/gi, `$&${ZERO_WIDTH}`)
      .replace(/:(?=[a-z+-][\w+-]*:)/gi, `:${ZERO_WIDTH}`)
      .replace(/(?<![0-9a-f])(?=[0-9]*[a-f])(?=[a-f]*[0-9])([0-9a-f]{6})(?=[0-9a-f])/gi, `$1${ZERO_WIDTH}`),
  );
}

const oneLineOf = (text: string) =>
  text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').replace(/\s+/g, ' ');

const escapeMarkup = (text: string) =>
  text
    .replace(/[\\`*_[\]~|$!]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/^(\s*)([-+=]|\d+(?=[.)]))/, (_, space: string, mark: string) =>
      /\d/.test(mark) ? `${space}${mark}\\` : `${space}\\${mark}`,
    );

function span(part: string | Span): string {
  if (typeof part === 'string') return escapeMarkdown(part);
  const text = part.href === undefined ? escapeMarkdown(part.text) : link(part.text, part.href);
  return part.strong && text.trim() !== '' ? `**${text}**` : text;
}

/**
 * A link to a page that GitHub named; anything that is not plainly such an address stays text. What is inside a
 * link is not read as a reference, so only markup need be escaped there.
 */
function link(text: string, href: string): string {
  const safe = /^https?:\/\/[\w.:/\-~%@+,=&?#]+$/.test(href);
  return safe ? `[${escapeMarkup(oneLineOf(text))}](${href.replace(/&/g, '&amp;')})` : escapeMarkdown(text);
}

const inline = (text: Inline): string => text.map(span).join('');

function row(cells: Inline[]): string {
  return `| ${cells.map((cell) => inline(cell).trim() || ' ').join(' | ')} |`;
}

function head({ columns }: Table): string[] {
  return [
    row(columns.map((column) => [column.title])),
    `| ${columns.map((column) => (column.align === 'right' ? '---:' : '---')).join(' | ')} |`,
  ];
}

function table(block: Table, rows: readonly string[]): string {
  const left = block.rows.length - rows.length;
  const shown = [...head(block), ...rows.slice(0, ROWS_SHOWN)].join('\n');
  const folded = rows.slice(ROWS_SHOWN);
  const parts = rows.length > 0 || block.rows.length === 0 ? [shown] : [];
  if (folded.length > 0) {
    parts.push(
      `<details><summary>${counted(folded.length, block.noun)}</summary>\n\n${[...head(block), ...folded].join('\n')}\n\n</details>`,
    );
  }
  if (left > 0)
    parts.push(
      `_${counted(left, block.noun)} left out, to stay below GitHub's limit for a summary. The report has all._`,
    );
  return parts.join('\n\n');
}

/**
 * Draws blocks as Markdown of at most `limit` bytes. What does not fit is left out by whole rows, from the end of
 * each table, and the text says how many. Each table may use half of the room that those before it left.
 */
export function markdown(blocks: readonly Block[], limit = SUMMARY_LIMIT): string {
  const bytes = (text: string) => Buffer.byteLength(text, 'utf8');
  const draw = (rowsOf: (block: Table) => string[]) =>
    `${blocks
      .map((block) => {
        if (block.kind === 'table') return table(block, rowsOf(block));
        if (block.kind === 'heading') return `${'#'.repeat(block.level)} ${inline(block.text)}`;
        return block.kind === 'note' ? `<sub>${inline(block.text)}</sub>` : inline(block.text);
      })
      .join('\n\n')}\n`;

  const all = draw((block) => block.rows.map(row));
  if (bytes(all) <= limit) return all;
  let room =
    limit - bytes(draw(() => [])) - bytes('<details><summary></summary></details>') * blocks.length * 8;
  return draw((block) => {
    let share = room / 2;
    const rows: string[] = [];
    for (const cells of block.rows) {
      const drawn = row(cells);
      if (bytes(drawn) + 1 > share) break;
      share -= bytes(drawn) + 1;
      room -= bytes(drawn) + 1;
      rows.push(drawn);
    }
    return rows;
  });
}
