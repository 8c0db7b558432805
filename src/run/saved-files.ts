import { readFileSync } from 'node:fs';
import { GuardError, oneLine } from '../model/guard-error.ts';
import type { Report, RunReport } from '../report/contract.ts';
import { type Saved, savedIn } from '../report/saved-reports.ts';

/** @throws {GuardError} if the file cannot be read or contains anything but reports. */
export function savedReports(file: string): Saved[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT')
      throw new GuardError(`"${oneLine(file)}" does not exist. Give a report file, such as report.json.`);
    throw new GuardError(
      `"${oneLine(file)}" cannot be read (${oneLine(message)}). Give a report file, such as report.json.`,
    );
  }
  return savedIn(text, file);
}

/**
 * The only report in a file.
 *
 * @throws {GuardError} if the file contains no report, several, or the error of a run without a report.
 */
export function savedReport(file: string): Report | RunReport {
  const [only, ...others] = savedReports(file);
  if (only === undefined || others.length > 0)
    throw new GuardError(
      `"${oneLine(file)}" contains ${only === undefined ? 'no report' : `${others.length + 1} reports`}. Give a file with one report, or combine several with "rollup".`,
    );
  if ('failed' in only)
    throw new GuardError(`"${oneLine(file)}" contains an error, not a report: ${oneLine(only.failed, 500)}`);
  return only;
}
