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

/** Appends to one of the runner's command files, such as `GITHUB_OUTPUT`. */
export const addTo = (file: string, content: string): void => appendFileSync(file, content);

/**
 * Writes the page to the path of input `html`. The page is an extra: if it cannot be written, the run only warns.
 *
 * @returns the absolute path of the page, or an empty string if it was not written.
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
    return warn(`The page could not be drawn (${oneLine(String(error))}). Report this as a bug.`);
  }
  try {
    const file = resolve(workspace, path);
    if (!isAbsolute(path)) assertInside(workspace, dirname(file));
    mkdirSync(dirname(file), { recursive: true });
    // A checkout may contain a link of that name, which must not be followed. The page replaces it.
    rmSync(file, { force: true });
    writeFileSync(file, page, { flag: 'wx' });
    return file;
  } catch (error) {
    return warn(
      `Input "html" is "${oneLine(path)}", but the page could not be written there (${oneLine((error as Error).message)}). Give a path that the job can write to, such as report.html. The verdict is not affected.`,
    );
  }
}

/** @throws if a link on the path leads out of the workspace. */
function assertInside(workspace: string, folder: string): void {
  const root = realpathSync(workspace);
  let existing = folder;
  while (!existsSync(existing)) existing = dirname(existing);
  const below = relative(root, realpathSync(existing));
  if (below.split(/[/\\]/)[0] === '..' || isAbsolute(below))
    throw new Error('a symbolic link on that path leads out of the workspace');
}

/** Length of the parts that {@link save} writes at once, in characters. */
const WRITTEN_AT_ONCE = 65_536;

/**
 * @param content - the text, or its parts.
 * @throws {GuardError} if the file cannot be written.
 */
export function save(file: string, content: string | Iterable<string>): void {
  try {
    writeFileSync(file, '');
    let text = '';
    for (const part of typeof content === 'string' ? [content] : content) {
      text += part;
      if (text.length < WRITTEN_AT_ONCE) continue;
      appendFileSync(file, text);
      text = '';
    }
    appendFileSync(file, text);
  } catch (error) {
    throw new GuardError(
      `"${oneLine(file)}" cannot be written (${oneLine((error as Error).message)}). Give a path in an existing folder that you can write to.`,
    );
  }
}

/** Writes to a temporary file and renames it, so that a killed run leaves no incomplete file. */
export function saveFile(file: string, content: string): void {
  save(`${file}.part`, content);
  renameSync(`${file}.part`, file);
}

/**
 * Writes new files and creates their folders.
 *
 * @throws {GuardError} if one of the files exists. Then none is written.
 */
export function writeNew(files: readonly { path: string; text: string }[]): void {
  const existing = files.filter(({ path }) => existsSync(path)).map(({ path }) => `"${path}"`);
  if (existing.length > 0)
    throw new GuardError(
      `${existing.join(' and ')} already ${existing.length === 1 ? 'exists' : 'exist'}, so nothing was written. Move ${existing.length === 1 ? 'it' : 'them'} away, or run without --write to print the files.`,
    );
  for (const { path, text } of files) {
    mkdirSync(dirname(path), { recursive: true });
    save(path, text);
  }
}
