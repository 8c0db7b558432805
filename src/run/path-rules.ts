import { type PathRule, plainPath, plainPathsIn } from '../model/concerns.ts';

/**
 * What a service's paths are told by: the entries of plain ones; where there are other wildcards, or exclusions, the files
 * that a change has. Of patterns the last that matches counts, as GitHub's own `paths:` has it; each is picomatch's.
 */
export async function pathRuleOf(patterns: readonly string[]): Promise<PathRule> {
  const plain = plainPathsIn(patterns);
  if (plain !== null) return { kind: 'entries', paths: plain };
  return { kind: 'files', matches: await fileMatcher(patterns) };
}

/** Whether a file is one of those that patterns name. A list that only excludes takes all the others. */
export async function fileMatcher(patterns: readonly string[]): Promise<(file: string) => boolean> {
  const rules = await Promise.all(
    patterns.map(async (pattern) => {
      const isExcluding = pattern.startsWith('!');
      const bare = pattern
        .replace(/^!/, '')
        .replace(/^\.?\//, '')
        .replace(/\/$/, '/**');
      const plain = plainPath(bare);
      const matches =
        plain === null
          ? await globMatcher(bare)
          : (file: string) => file === plain || file.startsWith(`${plain}/`);
      return { isExcluding, matches };
    }),
  );
  const startsAs = rules.every((rule) => rule.isExcluding);
  return (file) =>
    rules.reduce((is, { isExcluding, matches }) => (matches(file) ? !isExcluding : is), startsAs);
}

/** The matcher of globs is loaded by those alone who have one that is no plain path. */
async function globMatcher(pattern: string): Promise<(file: string) => boolean> {
  const { default: picomatch } = await import('picomatch');
  return picomatch(pattern, { dot: true });
}
