import { writeFileSync } from 'node:fs';
import { GuardError, oneLine } from '../model/guard-error.ts';
import type { Whole } from './whole.ts';

/** The files that a run leaves: the report and the page. */

export function writeReport({ report }: Whole, file: string): void {
  save(file, `${JSON.stringify(report, null, 2)}\n`);
}

export async function writePage(whole: Whole, file: string): Promise<void> {
  save(file, await whole.page());
}

/** @throws {GuardError} where nothing can be written there, naming the path. */
function save(file: string, content: string): void {
  try {
    writeFileSync(file, content);
  } catch (error) {
    throw new GuardError(
      `Nothing can be written to "${oneLine(file)}" (${oneLine((error as Error).message)}). Give a path in a folder that exists and that you may write to.`,
    );
  }
}
