import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { GuardError, oneLine } from '../model/guard-error.ts';
import type { Status } from '../model/terms.ts';
import type { UnitAnswer } from '../report/answer.ts';
import { badgeOf } from '../report/badge.ts';
import type { Whole } from './whole.ts';

/** The files that a run leaves: the report, the page, rows, the badge. */

export function writeReport({ report }: Whole, file: string): void {
  save(file, `${JSON.stringify(report, null, 2)}\n`);
}

export async function writePage(whole: Whole, file: string): Promise<void> {
  save(file, await whole.page());
}

/** A row for each change, and a body of DevLake's webhook for each deployment. */
export async function writeRows(
  answers: readonly UnitAnswer[],
  files: { rows: string; devlake: string },
): Promise<void> {
  const [{ jsonLinesOf }, { devlakeLinesOf }] = await Promise.all([
    import('../report/rows.ts'),
    import('../report/devlake.ts'),
  ]);
  save(files.rows, jsonLinesOf(answers));
  save(files.devlake, devlakeLinesOf(answers));
}

/** @param file - ends in `.svg`; the endpoint's JSON goes beside it. */
export function writeBadge({ outputs }: Whole, file: string): void {
  const { status, 'lead-time': time } = outputs({
    report: '',
    html: '',
    badge: '',
    rows: '',
    devlake: '',
    commentUrl: '',
    issueUrl: '',
  });
  const { svg, endpoint } = badgeOf(status as Status, time);
  save(file, svg);
  save(file.replace(/svg$/, 'json'), `${JSON.stringify(endpoint)}\n`);
}

/** @throws {GuardError} where nothing can be written there, naming the path. */
export function save(file: string, content: string): void {
  try {
    writeFileSync(file, content);
  } catch (error) {
    throw new GuardError(
      `Nothing can be written to "${oneLine(file)}" (${oneLine((error as Error).message)}). Give a path in a folder that exists and that you may write to.`,
    );
  }
}

/** Written aside and then put in its place, so that a run that is killed leaves no half of one. */
export function saveWhole(file: string, content: string): void {
  save(`${file}.part`, content);
  renameSync(`${file}.part`, file);
}

/**
 * Writes files that are not there, and their folders.
 *
 * @throws {GuardError} where one is there, and then none is written.
 */
export function writeNew(files: readonly { path: string; text: string }[]): void {
  const there = files.filter(({ path }) => existsSync(path));
  if (there.length > 0)
    throw new GuardError(
      `${there.map(({ path }) => path).join(' and ')} ${there.length === 1 ? 'is' : 'are'} there already; nothing was written. Move ${there.length === 1 ? 'it' : 'them'} away, or take what is printed without --write.`,
    );
  for (const { path, text } of files) {
    mkdirSync(dirname(path), { recursive: true });
    save(path, text);
  }
}
