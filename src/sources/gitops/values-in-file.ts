/** Finds the commit SHA or image tag that a configuration file declares. */

/** `image: host/name:TAG`, `tag: TAG`, `newTag: TAG`. */
const IMAGE =
  /(?:^|[\s{,"'-])(?:image["']?\s*[:=]\s*["']?[^\s"'#,}]*[:@]|(?:tag|newTag)["']?\s*[:=]\s*["']?)(\w[\w.+-]*)(?=["'\s,}#]|$)/gm;
/** Keys of Helm and Argo CD, such as `appVersion` and `targetRevision`. */
const CHART =
  /(?:^|[\s{,"'-])(?:appVersion|targetRevision|revision|version)["']?\s*[:=]\s*["']?(\w[\w.+-]*)(?=["'\s,}#]|$)/gm;
/** 7 to 12 hexadecimal digits between other characters. */
const SHORT = /(?<![0-9A-Za-z.])[0-9a-f]{7,12}(?![0-9A-Za-z.])/g;
const isMixed = (text: string): boolean => /\d/.test(text) && /[a-f]/.test(text);

/**
 * Values that a file may declare, the most likely first.
 *
 * Without a pattern, that is the first SHA of 40 digits. Otherwise it is a short SHA in the version of an image (one with
 * letters first, because a date has only digits) and then that version as a tag. Without an image, or if its version may
 * be a moving tag, it is a short SHA with letters and digits anywhere in the file.
 *
 * @param pattern - its first group is the value, or the whole match if it has no group.
 */
export function valuesIn(text: string, find: ((text: string) => string | null) | null): string[] {
  if (find !== null) {
    const value = find(text);
    return value ? [versionIn(value)] : [];
  }
  const fullSha = /(?<![0-9A-Za-z])[0-9a-f]{40}(?![0-9A-Za-z])/.exec(text)?.[0];
  if (fullSha) return [fullSha];
  const [version] = [...text.matchAll(IMAGE), ...text.matchAll(CHART)].map(([, tag = '']) => tag);
  const anywhere = [...text.matchAll(SHORT)].map(([sha]) => sha).find(isMixed);
  if (version === undefined) return anywhere === undefined ? [] : [anywhere];
  const shorts = [...version.matchAll(SHORT)].map(([sha]) => sha);
  const [short = shorts[0]] = shorts.filter(isMixed);
  const values = [short, version, short === undefined && !isPinned(version) ? anywhere : undefined];
  return [...new Set(values.filter((value) => value !== undefined))];
}

/** True if a version may be a fixed tag, unlike `latest` or `main`. */
const isPinned = (version: string): boolean => /\d/.test(version);

/** The version at the end of an image name, or the value itself. */
const versionIn = (value: string): string => /[:@]([\w][\w.+-]*)$/.exec(value)?.[1] ?? value;
