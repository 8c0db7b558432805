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
  /** Most important first: what does not fit is left out from the end. */
  rows: Inline[][];
  /** What a row is, for saying how many were left out: `older deployment`. */
  noun: string;
}

export type Block =
  | { kind: 'heading'; level: 2 | 3; text: Inline }
  | { kind: 'paragraph'; text: Inline }
  | { kind: 'note'; text: Inline }
  | Table;
