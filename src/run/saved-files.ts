import { readFileSync } from 'node:fs';
import { GuardError, oneLine } from '../model/guard-error.ts';
import type { Report, RunReport } from '../report/contract.ts';
import { type Saved, savedIn } from '../report/saved.ts';

/**
 * The reports of a file.
 *
 * @throws {GuardError} where it cannot be read, or holds something else.
 */
export function savedReports(file: string): Saved[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new GuardError(
      `"${oneLine(file)}" cannot be read (${oneLine((error as Error).message)}). Give files of reports.`,
    );
  }
  return savedIn(text, file);
}

/**
 * The one report of a file, to be drawn again without a request: its texts, page and rows are those of the run.
 *
 * @throws {GuardError} where the file holds none, several, or only why there is no answer.
 */
export function savedReport(file: string): Report | RunReport {
  const [only, ...others] = savedReports(file);
  if (only === undefined || others.length > 0)
    throw new GuardError(
      `"${oneLine(file)}" holds ${only === undefined ? 'no report' : `${others.length + 1} reports`}. Give a file with one report; "rollup" draws several together.`,
    );
  if ('failed' in only)
    throw new GuardError(`"${oneLine(file)}" holds no answer: ${oneLine(only.failed, 500)}`);
  return only;
}
