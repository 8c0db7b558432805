import type { Commit, Oid, PathFacts, RepositoryFacts } from './facts.ts';
import type { Mergeset } from './mergesets.ts';

/**
 * Which mergesets concern a service: those by which the tree entry of one of its paths differs between the base branch
 * just before and just after. (`history(path:)` leaves out what a merge brought, and cannot tell.)
 */

/** A service's paths, as what they are told by. */
export type PathRule =
  | { kind: 'entries'; paths: readonly string[] }
  /** Patterns of which the last that matches counts. */
  | { kind: 'files'; matches: (file: string) => boolean };

/**
 * The branch just before a mergeset: the first parent of the first of its commits on the branch's own line. A
 * rebase-merged pull request has several of them; what they changed and undid is no change.
 */
export function beforeOf(
  commits: ReadonlyMap<Oid, Commit>,
  { mergeCommit, number }: Pick<Mergeset, 'mergeCommit' | 'number'>,
): Oid | undefined {
  let first = commits.get(mergeCommit);
  while (first?.parents.length === 1 && number !== null) {
    const parent = commits.get(first.parents[0] ?? '');
    const isOfIt =
      parent?.parents.length === 1 &&
      parent.pullRequests?.some(
        (pullRequest) => pullRequest.number === number && pullRequest.mergeCommit === mergeCommit,
      );
    if (!parent || !isOfIt) break;
    first = parent;
  }
  return first?.parents[0];
}

/** Tells of each mergeset whether it concerns what a rule names; `null`: that is not known. */
export function concernsOf(
  { commits }: Pick<RepositoryFacts, 'commits'>,
  { paths, entries, files }: PathFacts,
  rule: PathRule,
): (mergeset: Mergeset) => boolean | null {
  if (rule.kind === 'files')
    return ({ mergeCommit }) => files.get(mergeCommit)?.some((each) => rule.matches(each)) ?? null;
  const at = rule.paths.map((path) => paths.indexOf(path));
  return (mergeset) => {
    const before = beforeOf(commits, mergeset);
    const after = entries.get(mergeset.mergeCommit);
    // The branch's very first commit brings all that it has.
    const earlier = before === undefined ? paths.map(() => null) : entries.get(before);
    if (!after || !earlier) return null;
    return at.some((each) => after[each] !== earlier[each]);
  };
}

/**
 * What a pattern says that is a path, or a folder and all in it (`dir/`, `dir/**`); `null`: it has other wildcards. Brackets
 * alone are letters, as folders are called so (`app/(shop)`, `app/[id]`).
 */
export function plainPath(pattern: string): string | null {
  const path = pattern.replace(/^\.?\//, '').replace(/\/(?:\*\*)?$/, '');
  return path !== '' && !/[*?{}]|^!/.test(path) ? path : null;
}

/** The paths whose entries tell what concerns a service; `null`: its files do. */
export function plainPathsIn(patterns: readonly string[]): string[] | null {
  const plain = patterns.map(plainPath);
  return plain.every((each) => each !== null) ? plain : null;
}

/** Plain paths among patterns that none of the commits that were looked at has: nothing concerns them. */
export function pathsNowhere(patterns: readonly string[], { paths, entries }: PathFacts): string[] {
  if (entries.size === 0) return [];
  return (plainPathsIn(patterns) ?? []).filter((path) => {
    const at = paths.indexOf(path);
    return [...entries.values()].every((entry) => entry[at] === null);
  });
}
