/** What a file of a GitOps repository says is to run: a commit's sha, or an image's tag. */

/** `image: host/name:TAG`, `tag: TAG`, `newTag: TAG`. */
const IMAGE =
  /(?:^|[\s{,"'-])(?:image["']?\s*[:=]\s*["']?[^\s"'#,}]*[:@]|(?:tag|newTag)["']?\s*[:=]\s*["']?)(\w[\w.+-]*)(?=["'\s,}#]|$)/gm;
/** Where Helm and Argo CD have it: `appVersion`, `targetRevision`. */
const CHART =
  /(?:^|[\s{,"'-])(?:appVersion|targetRevision|revision|version)["']?\s*[:=]\s*["']?(\w[\w.+-]*)(?=["'\s,}#]|$)/gm;
/** Seven to twelve hexadecimal digits that stand for themselves. */
const SHORT = /(?<![0-9A-Za-z.])[0-9a-f]{7,12}(?![0-9A-Za-z.])/g;
const isMixed = (text: string): boolean => /\d/.test(text) && /[a-f]/.test(text);

/**
 * What a file names at a commit, in the order in which it is looked for; none: it names nothing.
 *
 * Without a pattern: the first forty hexadecimal digits; else seven to twelve of them in the version of an image (those of
 * letters and digits first: a date has digits alone), and that version as a whole, a tag; else such digits of both kinds
 * anywhere.
 *
 * @param pattern - its first group is the value, or else all that it matches.
 */
export function valuesIn(text: string, pattern: RegExp | null): string[] {
  if (pattern !== null) {
    const found = pattern.exec(text);
    const value = found?.[1] ?? found?.[0];
    return value ? [versionIn(value)] : [];
  }
  const whole = /(?<![0-9A-Za-z])[0-9a-f]{40}(?![0-9A-Za-z])/.exec(text)?.[0];
  if (whole) return [whole];
  const [version] = [...text.matchAll(IMAGE), ...text.matchAll(CHART)].map(([, each = '']) => each);
  const anywhere = [...text.matchAll(SHORT)].map(([each]) => each).find(isMixed);
  if (version === undefined) return anywhere === undefined ? [] : [anywhere];
  const shorts = [...version.matchAll(SHORT)].map(([each]) => each);
  const [short = shorts[0]] = shorts.filter(isMixed);
  const values = [short, version, short === undefined && !isPinned(version) ? anywhere : undefined];
  return [...new Set(values.filter((value) => value !== undefined))];
}

/** Whether a version can be a tag that stays: `latest` and `main` are none. */
const isPinned = (version: string): boolean => /\d/.test(version);

/** An image's name with its version is its version. */
const versionIn = (value: string): string => /[:@]([\w][\w.+-]*)$/.exec(value)?.[1] ?? value;
