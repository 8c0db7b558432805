/** What production answered, and the commits in it. */

export interface Answer {
  status: number;
  /** Names are in lower case. */
  headers: ReadonlyMap<string, string>;
  text: string;
}

/** Headers that may name a commit. The values of others, such as `etag`, only look like one. */
const COMMIT_HEADER = /commit|revision|version|release|build|sha\b/;
const UUID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi;
/** A name, possibly after the `g` of `git describe`. */
const NAME = /(?<![0-9a-z])g?([0-9a-f]{7,40})(?![0-9a-z])/gi;

/** The names in an answer that can be commits: full ones, or abbreviated ones if there are no full ones. */
export function commitsIn(
  { headers, text }: Answer,
  find: ((text: string) => string | null) | null,
): string[] {
  if (find !== null) {
    const lines = [...headers].map(([name, value]) => `${name}: ${value}`);
    const name = find([...lines, '', text].join('\n'))?.toLowerCase() ?? '';
    return /^[0-9a-f]{7,40}$/.test(name) ? [name] : [];
  }
  const values = [...headers].flatMap(([name, value]) => (COMMIT_HEADER.test(name) ? [value] : []));
  const names = new Set(
    [...[text, ...values].join('\n').replace(UUID, '').matchAll(NAME)].map(([, name = '']) =>
      name.toLowerCase(),
    ),
  );
  const full = [...names].filter((name) => name.length === 40);
  if (full.length > 0) return full;
  // Next to a name with a letter, digits alone are a time or a count.
  const withLetters = [...names].filter((name) => /[a-f]/.test(name));
  return withLetters.length > 0 ? withLetters : [...names];
}

/** Whether a cache answered instead of production. */
export const isCached = ({ headers }: Answer): boolean =>
  Number(headers.get('age') ?? 0) > 0 ||
  ['x-cache', 'cf-cache-status', 'x-vercel-cache', 'cdn-cache'].some((name) =>
    /\bhit\b/i.test(headers.get(name) ?? ''),
  );
