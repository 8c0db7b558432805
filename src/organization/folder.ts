import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { GuardError, oneLine } from '../model/guard-error.ts';
import type { Window } from '../model/terms.ts';
import { saveFile } from '../run/files.ts';
import { savedReports } from '../run/saved-files.ts';
import { requestedWindow } from './entries.ts';

/** The folder that keeps a report for each repository, and the state of the current round. */

const ROUND = '.round.json';
const ROWS = '.rows.jsonl';
const DAY = 86_400_000;

/** A server's answer names the repository, so only the characters that GitHub allows are kept. */
export const fileOf = (folder: string, repository: string): string =>
  join(folder, `${repository.replace('/', '__').replace(/[^\w.-]/g, '_')}.json`);

export const saveReport = (folder: string, repository: string, report: object): void =>
  saveFile(fileOf(folder, repository), JSON.stringify(report));

/** A row for each change, next to the report: `read_json('reports/*.rows.jsonl')` loads a whole organization. */
export const saveRows = (folder: string, repository: string, rows: string): void =>
  saveFile(fileOf(folder, repository).replace(/\.json$/, ROWS), rows);

/** @throws {GuardError} if the folder does not exist and cannot be created. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new GuardError(
      `"${oneLine(folder)}" could not be created (${oneLine((error as Error).message)}). Set "reports" to a folder you can write to, such as reports.`,
    );
  }
}

/** The instant that all reports of a round share: that of an unfinished round less than a day old, otherwise `now`. */
export function roundIn(folder: string, now: Date): Date {
  const round = readRound(folder);
  const asOf = new Date(round?.asOf ?? Number.NaN);
  const isOpen = round?.done === false && now.getTime() - asOf.getTime() < DAY && asOf <= now;
  return isOpen ? asOf : now;
}

export const saveRound = (folder: string, asOf: Date, done: boolean): void =>
  saveFile(join(folder, ROUND), JSON.stringify({ asOf: asOf.toISOString(), done }));

function readRound(folder: string): { asOf?: string; done?: boolean } | null {
  try {
    return JSON.parse(readFileSync(join(folder, ROUND), 'utf8').replace(/^\uFEFF/, ''));
  } catch {
    return null;
  }
}

/** The window of a repository's saved report, and whether it measured; `null` if there is no report this version reads. */
export function savedWindow(
  folder: string,
  repository: string,
): { window: Window; isMeasured: boolean } | null {
  try {
    const [saved] = savedReports(fileOf(folder, repository));
    if (!saved) return null;
    return { window: requestedWindow(saved.window), isMeasured: !('failed' in saved) };
  } catch (error) {
    if (!(error instanceof GuardError)) throw error;
    return null;
  }
}

/**
 * The report files at these paths. A folder means all reports in it and its subfolders.
 *
 * @throws {GuardError} if a path does not exist or there is no report.
 */
export function filesIn(paths: readonly string[]): string[] {
  const files = paths.flatMap((path) => {
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory();
    if (isFolder === undefined)
      throw new GuardError(
        `"${oneLine(path)}" does not exist. Give report files or a folder of them, such as reports/.`,
      );
    if (!isFolder) return [path];
    return readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((file) => /(?:^|[\\/])[^.\\/][^\\/]*\.jsonl?$/.test(file) && !file.endsWith(ROWS))
      .sort()
      .map((file) => join(path, file));
  });
  if (files.length === 0)
    throw new GuardError(
      `"${oneLine(paths.join(', '))}" contains no reports. Give report files or a folder of them, such as reports/.`,
    );
  return files;
}
