import { writeFileSync } from 'node:fs';
import { GuardError, oneLine } from '../model/guard-error.ts';
import type { Answer } from './run.ts';

/** The files that a run leaves: the report and the page. */

export function writeReport({ report }: Answer, file: string): void {
  save(file, `${JSON.stringify(report, null, 2)}\n`);
}

/** The page, whose charting library is as large as all the rest and is loaded only here. */
export async function writePage({ answer }: Answer, file: string): Promise<void> {
  const { page } = await import('../report/page.ts');
  save(file, page(answer));
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
