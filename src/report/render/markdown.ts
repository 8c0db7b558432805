import { codeLines, counted, partOfLine } from '../words.ts';
import { type Block, type Inline, LONGEST_ADDRESS, type Span, type Table } from '../blocks.ts';

/** Bytes of a job summary, with a reserve. GitHub drops a summary of more than 1 MiB less two bytes. */
export const SUMMARY_LIMIT = 1_048_576 - 4_096;
/** Longest body of a comment or an issue, in characters. Here it limits the bytes, which are never fewer. */
export const THREAD_LIMIT = 65_536;

/** Visible rows of a table. Further rows are folded. */
const ROWS_SHOWN = 10;

export interface Style {
  /**
   * A `thread` is a comment or an issue. A link to another pull request would leave a "mentioned" entry there, so links
   * go to the merge commit instead. (redirect.github.com, which update bots use, does not exist for Enterprise Server.)
   */
  surface: 'summary' | 'thread';
  /** Bytes; defaults to the surface's limit. */
  limit?: number;
  /** Hidden lines before and after the text. The guard finds it again by them. */
  marker?: { head: string; end: string };
}

const ZERO_WIDTH = '\u200B';

/**
 * Any text as inert Markdown: one line without markup, links, mentions or references.
 *
 * Control, format and line-breaking characters are removed, including bidirectional overrides. Markdown's characters are
 * escaped. A zero-width space breaks what GitHub reads after Markdown: `@name`, `#1`, `GH-1`, `https://…`, `www.…`,
 * `:emoji:` and a commit's hex.
 */
export function escapeMarkdown(text: string): string {
  return escapeMarkup(
    partOfLine(text)
      .replace(/[@#]/g, `$&${ZERO_WIDTH}`)
      .replace(/GH-(?=\d)/gi, `$&${ZERO_WIDTH}`)
      .replace(/:(?=\/\/)/g, `:${ZERO_WIDTH}`)
      .replace(/www(?=\.)/gi, `$&${ZERO_WIDTH}`)
      .replace(/:(?=[a-z+-][\w+-]*:)/gi, `:${ZERO_WIDTH}`)
      .replace(/(?<![0-9a-f])(?=[0-9]*[a-f])(?=[a-f]*[0-9])([0-9a-f]{6})(?=[0-9a-f])/gi, `$1${ZERO_WIDTH}`),
  );
}

const escapeMarkup = (text: string) =>
  text
    .replace(/[\\`*_[\]~|$!]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/^(\s*)([-+=]|\d+(?=[.)](?:\s|$)))/, (_, space: string, mark: string) =>
      /\d/.test(mark) ? `${space}${mark}\\` : `${space}\\${mark}`,
    );

/** A team has at most 39 letters for its organization, and its own name. */
const LONGEST_HANDLE = 150;
const HANDLE = /^[A-Za-z0-9][A-Za-z0-9-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)?$/;
/** Addresses for which GitHub adds an entry on the linked page. */
const REFERENCE = /\/(?:pull|issues|discussions)\//;

function inlineFor(surface: Style['surface']): (text: Inline) => string {
  const span = (part: string | Span): string => {
    if (typeof part === 'string') return escapeMarkdown(part);
    if (part.code) return `\`${partOfLine(part.text).replace(/[`|]/g, '')}\``;
    const href = surface === 'thread' ? (part.quiet ?? part.href) : part.href;
    const isLinked = href !== undefined && !(surface === 'thread' && REFERENCE.test(href));
    return isLinked ? link(part.text, href) : escapeMarkdown(part.text);
  };
  return (text) => {
    const runs: { text: string; isBold: boolean }[] = [];
    for (const part of text) {
      const isBold = typeof part !== 'string' && part.strong === true;
      const last = runs.at(-1);
      if (last?.isBold === isBold) last.text += span(part);
      else runs.push({ text: span(part), isBold });
    }
    // One pair of asterisks around adjacent bold parts: Markdown misreads `****` between them, and a space inside.
    return runs
      .map((run) => (run.isBold ? run.text.replace(/^(\s*)([\s\S]*\S)(\s*)$/, '$1**$2**$3') : run.text))
      .join('');
  };
}

/**
 * A link, if `href` is clearly an address; otherwise text. GitHub does not read the text of a link as a reference, so only
 * markup is escaped there.
 */
function link(text: string, href: string): string {
  const safe = href.length <= LONGEST_ADDRESS && /^https?:\/\/[\w.:/\-~%@+,=&?#]+$/.test(href);
  return safe ? `[${escapeMarkup(partOfLine(text))}](${href.replace(/&/g, '&amp;')})` : escapeMarkdown(text);
}

/**
 * Draws blocks as Markdown within the surface's limit. If there is too little room, the oldest rows of each table are left
 * out, and the text says how many. Each table may use half of the room that is still free.
 */
export function markdown(blocks: readonly Block[], style: Style): string {
  const limit = (style.limit ?? (style.surface === 'summary' ? SUMMARY_LIMIT : THREAD_LIMIT)) - 1;
  const inline = inlineFor(style.surface);
  const row = (cells: Inline[]) => `| ${cells.map((cell) => inline(cell).trim() || ' ').join(' | ')} |`;

  const table = (block: Table, rows: readonly string[]): string => {
    const omitted = block.rows.length - rows.length;
    const head = [
      row(block.columns.map((column) => [column.title])),
      `| ${block.columns.map((column) => (column.align === 'right' ? '---:' : '---')).join(' | ')} |`,
    ];
    const folded = rows.slice(ROWS_SHOWN);
    const parts =
      rows.length > 0 || omitted === 0 ? [[...head, ...rows.slice(0, ROWS_SHOWN)].join('\n')] : [];
    if (folded.length > 0)
      parts.push(details(`${counted(folded.length, `more ${block.noun}`)}`, [...head, ...folded].join('\n')));
    if (omitted > 0)
      parts.push(
        `_${counted(omitted, `older ${block.noun}`)} left out because of GitHub's size limit. The report has all of them._`,
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
      // These are the page's. Tables repeat their numbers.
      case 'figure':
      case 'figures':
      case 'overview':
        return '';
      case 'mermaid':
        return `\`\`\`mermaid\n${block.source.replaceAll('`', '')}\n\`\`\``;
      case 'code':
        return `\`\`\`${block.language}\n${codeLines(block.text).replaceAll('`', '')}\n\`\`\``;
      case 'details':
        return details(block.summary, draw(block.blocks, rowsOf));
      case 'mention':
        return `cc ${block.handles
          .filter((handle) => handle.length <= LONGEST_HANDLE && HANDLE.test(handle))
          .map((handle) => `@${handle}`)
          .join(' ')}`;
    }
  };
  const draw = (contents: readonly Block[], rowsOf: (block: Table) => string[]): string =>
    contents.map((block) => drawOne(block, rowsOf)).join('\n\n');

  const textWith = (rowsOf: (block: Table) => string[]) =>
    [style.marker?.head, draw(blocks, rowsOf), style.marker?.end, '']
      .filter((line) => line !== undefined)
      .join('\n');
  let drawnBytes = 0;
  const complete = textWith((block) => {
    const rows: string[] = [];
    for (const cells of block.rows) {
      if (drawnBytes > limit) break;
      const drawn = row(cells);
      drawnBytes += bytes(drawn);
      rows.push(drawn);
    }
    return rows;
  });
  if (drawnBytes <= limit && bytes(complete) <= limit) return complete;
  let room = limit - bytes(textWith(() => [])) - tablesIn(blocks) * FOLD_COST;
  return textWith((block) => {
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
/** Upper bound in bytes of a table's fold and its second head. */
const FOLD_COST = 500;

/** A summary is HTML, not Markdown. GitHub still reads mentions and references in it. */
const details = (summary: string, content: string) =>
  `<details><summary>${inHtml(summary)}</summary>\n\n${content}\n\n</details>`;

const inHtml = (text: string): string =>
  partOfLine(text)
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
