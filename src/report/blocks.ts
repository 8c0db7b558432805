/**
 * What a report says, before it is drawn: Markdown, the terminal and the page draw the same blocks. Every text is taken as
 * coming from outside; making it inert is the drawing's business, so that no caller can forget it.
 */

export interface Span {
  text: string;
  href?: string;
  strong?: boolean;
}

export type Inline = (string | Span)[];

export interface Table {
  kind: 'table';
  columns: { title: string; align?: 'right' }[];
  rows: Inline[][];
  /** What a row is: `deployment`. What does not fit is left out by whole rows, the oldest first. */
  noun: string;
  /** Whether the oldest row is the first; otherwise it is the last. */
  oldestFirst?: boolean;
}

/** SVG text. */
export interface Chart {
  wide: string;
  narrow: string;
}

export type Block =
  /** `anchor`: what a link on the same page leads to it by. */
  | { kind: 'heading'; level: 2 | 3; text: Inline; anchor?: string }
  | { kind: 'paragraph'; text: Inline }
  | { kind: 'note'; text: Inline }
  | { kind: 'list'; items: Inline[] }
  | Table
  /** A chart in Mermaid's language, of our own labels alone; where it cannot be drawn, nothing is lost. */
  | { kind: 'mermaid'; source: string }
  /** A picture of ours, wide and narrow; only the page has room for it, and it says in words what it shows. */
  | { kind: 'figure'; chart: Chart; caption: Inline }
  /** Figures side by side, the main one marked. */
  | { kind: 'figures'; items: { name: string; value: string; main?: boolean }[] }
  /** Something of ours to paste. */
  | { kind: 'code'; language: string; text: string }
  /** `anchor`: as a heading's. */
  | { kind: 'details'; summary: string; blocks: Block[]; anchor?: string }
  /** The only way to name somebody so that GitHub tells them: logins or teams, without the @. */
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
