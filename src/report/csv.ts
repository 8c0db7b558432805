import type { Report } from './contract.ts';
import { COLUMNS, rowsOf } from './rows.ts';

/** Rows as RFC 4180 has them: for a spreadsheet, or whatever reads one. */

/** The changes of some units that were merged in their windows, oldest first, below a row of names. */
export function csvOf(reports: readonly Report[]): string {
  return csv([COLUMNS.map(({ name }) => name), ...rowsOf(reports)]);
}

/** @param rows - the names of the columns first. */
export function csv(rows: readonly (readonly (string | number | boolean | null)[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** A text that begins as a formula does is none: a spreadsheet would run what an outsider called their pull request. */
function cell(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
