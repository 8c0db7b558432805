import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How many bytes of `dist` a process loaded, from the list that the probe wrote. */

export interface Loaded {
  /** Addresses of files, in the order in which they were loaded. */
  files: string[];
  /** Lines of the log, each with how many files were loaded by then. */
  lines: { line: string; files: number }[];
}

export interface LoadedBytes {
  /** Until the verdict is in the log. */
  toVerdict: number;
  toEnd: number;
  /** To the end, without the files that only the page needs. */
  withoutPage: number;
}

export function bytesOf({ files, lines }: Loaded): LoadedBytes {
  const own = (some: readonly string[]) =>
    some.filter((each) => /\/(?:index|chunks\/[^/]+)\.js$/.test(each)).map((each) => fileURLToPath(each));
  // Lines after the verdict are annotations.
  const verdict = lines.findLast(({ line }) => !line.startsWith('::'));
  const all = own(files);
  return {
    toVerdict: sizeOf(own(files.slice(0, verdict?.files ?? 0))),
    toEnd: sizeOf(all),
    withoutPage: sizeOf(withoutPage(all)),
  };
}

const sizeOf = (files: readonly string[]): number =>
  files.reduce((sum, file) => sum + statSync(file).size, 0);

/** The files that are still loaded where nothing asks for the page. */
function withoutPage(files: readonly string[]): string[] {
  const imports = new Map(files.map((file) => [file, importsOf(file)]));
  const imported = new Set([...imports.values()].flat());
  const open = files.filter((file) => !imported.has(file) && !/\/page-[^/]+$/.test(file));
  const found = new Set<string>();
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    open.push(...(imports.get(file) ?? []));
  }
  return files.filter((file) => found.has(file));
}

/** Files that a file imports before it runs. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import)\s*"(\.{1,2}\/[^"]+)"/g)].map(([, path = '']) =>
    join(dirname(file), path),
  );
}
