/**
 * What a report says, before it is drawn: Markdown and the terminal draw the same blocks. Every text is taken as
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

export type Block =
  | { kind: 'heading'; level: 2 | 3; text: Inline }
  | { kind: 'paragraph'; text: Inline }
  | { kind: 'note'; text: Inline }
  | Table
  /** A chart in Mermaid's language, of our own labels alone; where it cannot be drawn, nothing is lost. */
  | { kind: 'mermaid'; source: string }
  /** Something of ours to paste. */
  | { kind: 'code'; language: string; text: string }
  | { kind: 'details'; summary: string; blocks: Block[] }
  /** The only way to name somebody so that GitHub tells them: logins or teams, without the @. */
  | { kind: 'mention'; handles: string[] };
