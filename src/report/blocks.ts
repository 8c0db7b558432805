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
}

/** Letters of an address that becomes a link. A longer one contains a name that no text shows in full. */
export const LONGEST_ADDRESS = 2000;

export type Inline = (string | Span)[];

export interface Table {
  kind: 'table';
  columns: { title: string; align?: 'right' }[];
  rows: Inline[][];
  /** The noun of a row: `deployment`. If there is no room, the oldest rows are left out. */
  noun: string;
  /** Whether the oldest row comes first; otherwise it comes last. */
  oldestFirst?: boolean;
}

/** SVG text. */
export interface Chart {
  wide: string;
  narrow: string;
}

export type Block =
  /** `anchor`: the target of a link on the same page. */
  | { kind: 'heading'; level: 2 | 3; text: Inline; anchor?: string }
  | { kind: 'paragraph'; text: Inline }
  | { kind: 'note'; text: Inline }
  | { kind: 'list'; items: Inline[] }
  | Table
  /** A chart in Mermaid's language, with our own labels only. A table repeats its figures. */
  | { kind: 'mermaid'; source: string }
  /** A chart for the page, wide and narrow. Its caption says what it shows. */
  | { kind: 'figure'; chart: Chart; caption: Inline }
  /** Figures in a row, with the main one marked. */
  | { kind: 'figures'; items: { name: string; value: string; main?: boolean }[] }
  /** Code to paste. */
  | { kind: 'code'; language: string; text: string }
  /** `anchor`: the target of a link on the same page. */
  | { kind: 'details'; summary: string; blocks: Block[]; anchor?: string }
  /** People to notify: logins or teams without the @. No other block notifies anyone. */
  | { kind: 'mention'; handles: string[] };

export const heading = (level: 2 | 3, text: Inline[number]): Block => ({
  kind: 'heading',
  level,
  text: [text],
});
export const paragraph = (...text: Inline): Block => ({ kind: 'paragraph', text });
export const note = (...text: Inline): Block => ({ kind: 'note', text });

export const figure = (chart: Chart, caption: string): Block => ({
  kind: 'figure',
  chart,
  caption: [caption],
});
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
