import { counted } from '../words.ts';
import type { Block, Inline, Span, Table } from '../blocks.ts';

/** GitHub drops a job summary that is larger than this, in bytes, instead of cutting it. */
export const SUMMARY_LIMIT = 1_048_576;
/** GitHub refuses a longer body of a comment or an issue, in characters; bytes are never fewer. */
export const THREAD_LIMIT = 65_536;

/** Rows of a table that are open to the eye; the rest is folded. */
const ROWS_SHOWN = 10;

export interface Style {
  /**
   * A `thread` is a comment or an issue. There a link to another pull request would leave a "mentioned" entry on it, so
   * links lead to the merge commit instead, on github.com and Enterprise Server alike. (redirect.github.com, which update
   * bots use, exists for github.com only.)
   */
  surface: 'summary' | 'thread';
  /** Bytes; the surface's own limit by default. */
  limit?: number;
  /** Lines around all else that are not to be seen: the markers that the text is found again by. */
  marker?: { begin: string; end: string };
}

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
    .replace(/^(\s*)([-+=]|\d+(?=[.)](?:\s|$)))/, (_, space: string, mark: string) =>
      /\d/.test(mark) ? `${space}${mark}\\` : `${space}\\${mark}`,
    );

const HANDLE = /^[A-Za-z0-9][A-Za-z0-9-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)?$/;
/** A link that GitHub answers with an entry on the linked page. */
const REFERENCE = /\/(?:pull|issues|discussions)\//;

function inlineFor(surface: Style['surface']): (text: Inline) => string {
  const span = (part: string | Span): string => {
    if (typeof part === 'string') return escapeMarkdown(part);
    if (part.code) return `\`${oneLineOf(part.text).replace(/[`|]/g, '')}\``;
    const href = surface === 'thread' ? (part.quiet ?? part.href) : part.href;
    const isLinked = href !== undefined && !(surface === 'thread' && REFERENCE.test(href));
    const text = isLinked ? link(part.text, href) : escapeMarkdown(part.text);
    return part.strong && text.trim() !== '' ? `**${text}**` : text;
  };
  return (text) => text.map(span).join('');
}

/**
 * A link to a page that GitHub named; anything that is not plainly such an address stays text. What is inside a
 * link is not read as a reference, so only markup need be escaped there.
 */
function link(text: string, href: string): string {
  const safe = /^https?:\/\/[\w.:/\-~%@+,=&?#]+$/.test(href);
  return safe ? `[${escapeMarkup(oneLineOf(text))}](${href.replace(/&/g, '&amp;')})` : escapeMarkdown(text);
}

/**
 * Draws blocks as Markdown that stays below the place's limit. What does not fit is left out by whole rows, the
 * oldest of each table first, and the text says how many. Each table may use half of the room that those before it
 * left.
 */
export function markdown(blocks: readonly Block[], style: Style): string {
  const limit = (style.limit ?? (style.surface === 'summary' ? SUMMARY_LIMIT : THREAD_LIMIT)) - 1;
  const inline = inlineFor(style.surface);
  const row = (cells: Inline[]) => `| ${cells.map((cell) => inline(cell).trim() || ' ').join(' | ')} |`;

  const table = (block: Table, rows: readonly string[]): string => {
    const left = block.rows.length - rows.length;
    const head = [
      row(block.columns.map((column) => [column.title])),
      `| ${block.columns.map((column) => (column.align === 'right' ? '---:' : '---')).join(' | ')} |`,
    ];
    const folded = rows.slice(ROWS_SHOWN);
    const parts = rows.length > 0 || left === 0 ? [[...head, ...rows.slice(0, ROWS_SHOWN)].join('\n')] : [];
    if (folded.length > 0)
      parts.push(details(`${counted(folded.length, `more ${block.noun}`)}`, [...head, ...folded].join('\n')));
    if (left > 0)
      parts.push(
        `_${counted(left, `older ${block.noun}`)} left out, to stay below GitHub's limit. The report has all._`,
      );
    return parts.join('\n\n');
  };

  const drawOne = (block: Block, rowsOf: (block: Table) => string[]): string => {
    switch (block.kind) {
      case 'table':
        return table(block, rowsOf(block));
      case 'heading':
        return `${'#'.repeat(block.level)} ${inline(block.text)}`;
      case 'paragraph':
        return inline(block.text);
      case 'note':
        return `<sub>${inline(block.text)}</sub>`;
      case 'list':
        return block.items.map((item) => `- ${inline(item)}`).join('\n');
      // Where there is no room for a picture its figures stand in a table.
      case 'figure':
        return '';
      case 'figures':
        return block.items.map(({ name, value }) => `${inline([name])}: ${inline([value])}`).join(', ');
      case 'mermaid':
        return `\`\`\`mermaid\n${block.source.replaceAll('`', '')}\n\`\`\``;
      case 'code':
        return `\`\`\`${block.language}\n${block.text.replaceAll('`', '')}\n\`\`\``;
      case 'details':
        return details(block.summary, draw(block.blocks, rowsOf));
      case 'mention':
        return `cc ${block.handles
          .filter((handle) => HANDLE.test(handle))
          .map((handle) => `@${handle}`)
          .join(' ')}`;
    }
  };
  const draw = (some: readonly Block[], rowsOf: (block: Table) => string[]): string =>
    some.map((block) => drawOne(block, rowsOf)).join('\n\n');

  const whole = (rowsOf: (block: Table) => string[]) =>
    [style.marker?.begin, draw(blocks, rowsOf), style.marker?.end, '']
      .filter((each) => each !== undefined)
      .join('\n');
  const all = whole((block) => block.rows.map(row));
  if (bytes(all) <= limit) return all;
  let room = limit - bytes(whole(() => [])) - tablesIn(blocks) * FOLD_COST;
  return whole((block) => {
    const budget = room / 2;
    const kept: string[] = [];
    let used = 0;
    for (const cells of block.oldestFirst ? block.rows.toReversed() : block.rows) {
      const drawn = row(cells);
      if (used + bytes(drawn) + 1 > budget) break;
      used += bytes(drawn) + 1;
      kept.push(drawn);
    }
    room -= used;
    return block.oldestFirst ? kept.reverse() : kept;
  });
}

const bytes = (text: string) => Buffer.byteLength(text, 'utf8');
/** What a table's fold and its second head can take, in bytes. */
const FOLD_COST = 500;

/** What is folded stands in HTML, where nothing is Markdown; GitHub still looks there for mentions and references. */
const details = (summary: string, content: string) =>
  `<details><summary>${inHtml(summary)}</summary>\n\n${content}\n\n</details>`;

const inHtml = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[@#]/g, '$&\u200B');

function tablesIn(blocks: readonly Block[]): number {
  return blocks.reduce(
    (sum, block) =>
      sum + (block.kind === 'table' ? 1 : block.kind === 'details' ? tablesIn(block.blocks) : 0),
    0,
  );
}
