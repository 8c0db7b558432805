import type { Status } from '../model/terms.ts';

/**
 * The contents of a text before it is drawn. Markdown, the terminal and the page draw the same blocks. Every string may
 * come from outside: the renderers make it inert, so that no caller can forget to.
 */

export interface Span {
  text: string;
  href?: string;
  /**
   * The link in a comment or an issue, if `href` would leave a "mentioned" entry there: GitHub adds one
   * for every link to a pull request or an issue, and none for a link to a commit or a run.
   */
  quiet?: string;
  strong?: boolean;
  code?: boolean;
  /** A bar that the page draws instead of the text, from and to a share of its box. */
  bar?: { from: number; to: number; kind: string };
  /** Seconds of past weeks and the limit. The page draws them instead of the text. */
  weeks?: { times: (number | null)[]; limit: number };
}

/** Letters of an address that becomes a link. A longer one contains a name that no text shows in full. */
export const LONGEST_ADDRESS = 2000;

export type Inline = (string | Span)[];

/** The text without its form. */
export const plainText = (parts: Inline): string =>
  parts.map((part) => (typeof part === 'string' ? part : part.text)).join('');

/** The same in bold. */
export const strong = (parts: Inline): Span[] =>
  parts.map((part) => (typeof part === 'string' ? { text: part, strong: true } : { ...part, strong: true }));

export interface Table {
  kind: 'table';
  columns: { title: string; align?: 'right' }[];
  rows: Inline[][];
  /** The noun of a row: `deployment`. If there is no room, the oldest rows are left out. */
  noun: string;
  /** Whether the oldest row comes first; otherwise it comes last. */
  oldestFirst?: boolean;
}

/** HTML that the page shows as it is. */
export type Chart = string;

export type Block =
  /** `anchor`: the target of a link on the same page. */
  | { kind: 'heading'; level: 2 | 3; text: Inline; anchor?: string }
  | { kind: 'paragraph'; text: Inline }
  | { kind: 'note'; text: Inline }
  /** `isPlan`: each item begins with a label in bold. */
  | { kind: 'list'; items: Inline[]; isPlan?: true }
  | Table
  /** A chart in Mermaid's language, with our own labels only. A table repeats its figures. */
  | { kind: 'mermaid'; source: string }
  /** A chart for the page. Its caption says what it shows, and leads to the numbers in a table. */
  | { kind: 'figure'; chart: Chart; caption: Inline }
  /** The first screen of a page or a service: a chart, and what belongs next to it if there is room. */
  | { kind: 'overview'; status: Status; blocks: Block[] }
  /** Figures in a row. */
  | { kind: 'figures'; items: { name: string; value: string; note?: string }[] }
  /** Code to paste. */
  | { kind: 'code'; language: string; text: string }
  /** `anchor`: the target of a link on the same page. */
  | { kind: 'details'; summary: string; blocks: Block[]; anchor?: string; isOpen?: boolean }
  /** People to notify: logins or teams without the @. No other block notifies anyone. */
  | { kind: 'mention'; handles: string[] };

export const heading = (level: 2 | 3, text: Inline[number]): Block => ({
  kind: 'heading',
  level,
  text: [text],
});
export const paragraph = (...text: Inline): Block => ({ kind: 'paragraph', text });
export const note = (...text: Inline): Block => ({ kind: 'note', text });

export const figure = (chart: Chart, ...caption: Inline): Block => ({ kind: 'figure', chart, caption });
export const details = (summary: string, blocks: Block[]): Block => ({ kind: 'details', summary, blocks });

/** A column of figures. */
export const right = (title: string): Table['columns'][number] => ({ title, align: 'right' });

export const table = (
  columns: readonly (string | Table['columns'][number])[],
  rows: Inline[][],
  noun: string,
  more: Pick<Table, 'oldestFirst'> = {},
): Table => ({
  kind: 'table',
  columns: columns.map((column) => (typeof column === 'string' ? { title: column } : column)),
  rows,
  noun,
  ...more,
});
