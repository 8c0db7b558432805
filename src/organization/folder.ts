import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { GuardError, oneLine } from '../model/guard-error.ts';
import type { Window } from '../model/terms.ts';
import { savedReports } from '../run/saved-files.ts';
import { saveFile } from '../run/files.ts';

/** The folder that keeps a report for each repository, and the round that they are of. */

const ROUND = '.round.json';
const DAY = 86_400_000;

export const fileOf = (folder: string, repository: string): string =>
  join(folder, `${repository.replace('/', '__')}.json`);

export const keep = (file: string, value: object): void => saveFile(file, JSON.stringify(value));

const ROWS = '.rows.jsonl';

/** A row for each change, beside the report: `read_json('reports/*.rows.jsonl')` is all of an organization. */
export const keepRows = (folder: string, repository: string, rows: string): void =>
  saveFile(fileOf(folder, repository).replace(/\.json$/, ROWS), rows);

/** @throws {GuardError} where it is not there and cannot be made. */
export function make(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new GuardError(
      `Nothing can be written to "${oneLine(folder)}" (${oneLine((error as Error).message)}). Give "reports" a folder that you may write to.`,
    );
  }
}

/**
 * The instant that all answers of a round hold at: that of a round which was begun less than a day ago and did not come
 * to its end, else a new one.
 */
export function roundIn(folder: string, now: Date): Date {
  const known = read(join(folder, ROUND)) as { asOf?: string; done?: boolean } | null;
  const asOf = new Date(known?.asOf ?? Number.NaN);
  const isOpen = known?.done === false && now.getTime() - asOf.getTime() < DAY && asOf <= now;
  return isOpen ? asOf : now;
}

export const noteRound = (folder: string, asOf: Date, done: boolean): void =>
  keep(join(folder, ROUND), { asOf: asOf.toISOString(), done });

/** What is kept of a repository: the window that it is of, and whether it is an answer; `null`: nothing that this version reads. */
export function keptOf(folder: string, repository: string): { window: Window; isAnswer: boolean } | null {
  try {
    const [saved] = savedReports(fileOf(folder, repository));
    if (!saved) return null;
    const { window } = saved;
    const from = ('askedFrom' in window ? window.askedFrom : undefined) ?? window.from;
    return { window: { from: new Date(from), to: new Date(window.to) }, isAnswer: !('failed' in saved) };
  } catch (error) {
    if (!(error instanceof GuardError)) throw error;
    return null;
  }
}

function read(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch {
    return null;
  }
}

/**
 * The files that are meant by some paths: of a folder all reports in it, whatever folders they are in.
 *
 * @throws {GuardError} where there is none.
 */
export function filesIn(paths: readonly string[]): string[] {
  const files = paths.flatMap((path) => {
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory();
    if (isFolder === undefined)
      throw new GuardError(`There is no "${oneLine(path)}". Give files of reports, or a folder of them.`);
    if (!isFolder) return [path];
    return readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((each) => /(?:^|[\\/])[^.\\/][^\\/]*\.jsonl?$/.test(each) && !each.endsWith(ROWS))
      .sort()
      .map((each) => join(path, each));
  });
  if (files.length === 0)
    throw new GuardError(
      `There is no report in ${oneLine(paths.join(', '))}. Give files of reports, or a folder of them.`,
    );
  return files;
}
