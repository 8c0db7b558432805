import { type PathRule, plainPath, plainPathsIn } from '../model/concerns.ts';
import type { GlobSyntax } from '../model/linear-pattern.ts';

/**
 * How to decide which changes touch a service's paths: by the tree entries of plain paths, or by the changed files if a
 * pattern has other wildcards or exclusions. As in GitHub's own `paths:`, the last matching pattern decides.
 */
export async function pathRuleOf(patterns: readonly string[]): Promise<PathRule> {
  const plain = plainPathsIn(patterns);
  if (plain !== null) return { kind: 'entries', paths: plain };
  return { kind: 'files', matches: await fileMatcher(patterns, 'service') };
}

/** Tests whether patterns include a file. A list of exclusions only includes all other files. */
export async function fileMatcher(
  patterns: readonly string[],
  syntax: GlobSyntax,
): Promise<(file: string) => boolean> {
  const rules = await Promise.all(
    patterns.map(async (pattern) => {
      const excludes = pattern.startsWith('!');
      const bare = pattern
        .replace(/^!/, '')
        .replace(/^\.?\//, '')
        .replace(/\/$/, '/**');
      const plain = plainPath(bare);
      const matches =
        plain === null
          ? (await import('../model/linear-pattern.ts')).globMatcher(bare, syntax)
          : (file: string) => file === plain || file.startsWith(`${plain}/`);
      return { excludes, matches };
    }),
  );
  const includedByDefault = rules.every((rule) => rule.excludes);
  return (file) => {
    const last = rules.findLast(({ matches }) => matches(file));
    return last ? !last.excludes : includedByDefault;
  };
}
