import type { Report } from './contract.ts';
import { COLUMNS, rowsOf } from './rows.ts';

/** Rows as CSV (RFC 4180), for a spreadsheet. */

/** The rows of the changes below a row of column names. */
export function csvOf(reports: readonly Report[]): string {
  return csv([COLUMNS.map(({ name }) => name), ...rowsOf(reports)]);
}

/** @param rows - the first one has the column names. */
export function csv(rows: readonly (readonly (string | number | boolean | null)[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/**
 * A leading quote disarms text that a spreadsheet would run as a formula: an outsider may have written it as a title. Control
 * characters are removed, because a terminal would run them. In many countries a semicolon separates cells, even in quotes.
 */
function cell(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const plain = value.replace(/(?![\t\r\n])\p{Cc}/gu, '');
  const text = plain.replace(/^(?=[=+\-@\t\r])|;(?=["\s]*[=+\-@])/g, "$&'");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
