import type { Commit, Oid, PathFacts, RepositoryFacts } from './facts.ts';
import type { Mergeset } from './mergesets.ts';

/**
 * Decides which changes concern a service: those that change the tree entry of one of its paths on the base branch.
 * GitHub's `history(path:)` cannot be used, because it omits changes that a merge commit brought.
 */

/** How a service's paths are compared: plain paths by their tree entries, patterns by the files of a change. */
export type PathRule =
  | { kind: 'entries'; paths: readonly string[] }
  | { kind: 'files'; matches: (file: string) => boolean };

/**
 * The base branch's commit before a mergeset: the first parent of its first commit. A rebase-merged pull request has
 * several commits, and together they may change nothing.
 */
export function beforeOf(
  commits: ReadonlyMap<Oid, Commit>,
  { mergeCommit, number }: Pick<Mergeset, 'mergeCommit' | 'number'>,
): Oid | undefined {
  let first = commits.get(mergeCommit);
  while (first?.parents.length === 1 && number !== null) {
    const parent = commits.get(first.parents[0] ?? '');
    const isSameMergeset =
      parent?.parents.length === 1 &&
      parent.pullRequests?.some(
        (pullRequest) => pullRequest.number === number && pullRequest.mergeCommit === mergeCommit,
      );
    if (!parent || !isSameMergeset) break;
    first = parent;
  }
  return first?.parents[0];
}

/** Returns a function that decides whether a mergeset concerns the paths of a rule; `null`: unknown. */
export function concernCheck(
  { commits }: Pick<RepositoryFacts, 'commits'>,
  { paths, entries, files }: PathFacts,
  rule: PathRule,
): (mergeset: Mergeset) => boolean | null {
  if (rule.kind === 'files')
    return ({ mergeCommit }) => files.get(mergeCommit)?.some((file) => rule.matches(file)) ?? null;
  const indexes = rule.paths.map((path) => paths.indexOf(path));
  return (mergeset) => {
    const before = beforeOf(commits, mergeset);
    const after = entries.get(mergeset.mergeCommit);
    // The first commit of a branch has no parent, so all its entries are new.
    const earlier = before === undefined ? paths.map(() => null) : entries.get(before);
    if (!after || !earlier) return null;
    return indexes.some((index) => after[index] !== earlier[index]);
  };
}

/**
 * The path of a pattern that is a path or a folder (`dir/`, `dir/**`); `null` if it has other wildcards. Brackets and
 * parentheses are letters here, because folders have such names (`app/(shop)`, `app/[id]`).
 */
export function plainPath(pattern: string): string | null {
  const path = pattern.replace(/^\.?\//, '').replace(/\/(?:\*\*)?$/, '');
  return path !== '' && !/[*?{}]|^!/.test(path) ? path : null;
}

/** The plain paths of a service; `null` if a pattern has wildcards. */
export function plainPathsIn(patterns: readonly string[]): string[] | null {
  const plain = patterns.map(plainPath);
  return plain.every((path) => path !== null) ? plain : null;
}

/** The plain paths that no commit contains, such as a misspelled one. */
export function missingPaths(patterns: readonly string[], { paths, entries }: PathFacts): string[] {
  if (entries.size === 0) return [];
  return (plainPathsIn(patterns) ?? []).filter((path) => {
    const index = paths.indexOf(path);
    return [...entries.values()].every((entry) => entry[index] === null);
  });
}
