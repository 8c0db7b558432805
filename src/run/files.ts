import {
  appendFileSync,
  existsSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { GuardError, oneLine } from '../model/guard-error.ts';
import type { Annotation } from '../report/annotations.ts';

/** All that is written to disk. */

/** Adds to a file of the runner's. */
export const addTo = (file: string, content: string): void => appendFileSync(file, content);

/**
 * Writes the page to the path that input `html` names. The page is an extra: a warning says why it was not written, and
 * the verdict stays.
 *
 * @returns the absolute path of the page, or nothing where it was not written.
 */
export async function writePage(
  draw: () => Promise<string> | string,
  path: string,
  workspace: string,
  { annotate }: { annotate(annotation: Annotation): void },
): Promise<string> {
  const warn = (message: string) => {
    annotate({ severity: 'warning', title: 'No page', message });
    return '';
  };
  let page: string;
  try {
    page = await draw();
  } catch (error) {
    return warn(`The page could not be drawn (${oneLine(String(error))}). Please report it.`);
  }
  try {
    const file = resolve(workspace, path);
    if (!isAbsolute(path)) staysInside(workspace, dirname(file));
    mkdirSync(dirname(file), { recursive: true });
    // A checkout may have a link of that name, which leads elsewhere: the file takes its place.
    rmSync(file, { force: true });
    writeFileSync(file, page, { flag: 'wx' });
    return file;
  } catch (error) {
    return warn(
      `Input "html" is "${oneLine(path)}"; the page could not be written there (${oneLine((error as Error).message)}). Give the path of a file that the job may write, such as report.html. The verdict is not affected.`,
    );
  }
}

/** @throws where a folder on the path is a link that leads out of the workspace. */
function staysInside(workspace: string, folder: string): void {
  const root = realpathSync(workspace);
  let existing = folder;
  while (!existsSync(existing)) existing = dirname(existing);
  const below = relative(root, realpathSync(existing));
  if (below.split(/[/\\]/)[0] === '..' || isAbsolute(below))
    throw new Error('a symbolic link on that path leads out of the workspace');
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
export function saveFile(file: string, content: string): void {
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
