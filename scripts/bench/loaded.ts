import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Bytes of `dist` that a process loaded, from the probe's list. */

export interface Loaded {
  /** File URLs, in the order of loading. */
  files: string[];
  /** Lines of the log, each with the number of files loaded so far. */
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
  const bundled = (urls: readonly string[]) =>
    urls.filter((url) => /\/(?:index|chunks\/[^/]+)\.js$/.test(url)).map((url) => fileURLToPath(url));
  // Lines after the verdict are annotations, and at the end what the run cost.
  const verdict = lines.findLast(({ line }) => !line.startsWith('::') && !line.startsWith('Read with '));
  const all = bundled(files);
  return {
    toVerdict: sizeOf(bundled(files.slice(0, verdict?.files ?? 0))),
    toEnd: sizeOf(all),
    withoutPage: sizeOf(withoutPage(all)),
  };
}

const sizeOf = (files: readonly string[]): number =>
  files.reduce((sum, file) => sum + statSync(file).size, 0);

/** The files that are loaded without the page. */
function withoutPage(files: readonly string[]): string[] {
  const imports = new Map(files.map((file) => [file, importsOf(file)]));
  const imported = new Set([...imports.values()].flat());
  const open = files.filter((file) => !imported.has(file) && !/\/page-[^/]+$/.test(file));
  const reached = new Set<string>();
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    open.push(...(imports.get(file) ?? []));
  }
  return files.filter((file) => reached.has(file));
}

/** Static imports of a file. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import)\s*"(\.{1,2}\/[^"]+)"/g)].map(([, path = '']) =>
    join(dirname(file), path),
  );
}
