import type { Commit, Oid } from './facts.ts';

/**
 * Everything that `tips` contain: themselves and their ancestors, as far as the commits are known. A commit by which a
 * pull request was squashed onto another branch stands on that one's head too.
 *
 * @param known - a set to add to; what is in it already is taken as walked, ancestors and all. One set handed
 *   from walk to walk visits each commit once, so any number of walks costs O(commits + parents).
 * @param visit - called for each commit that was not in `known` before.
 */
export function contained(
  commits: ReadonlyMap<Oid, Commit>,
  tips: Iterable<Oid>,
  known: Set<Oid> = new Set(),
  visit: (commit: Commit) => void = () => {},
): Set<Oid> {
  const open = [...tips];
  for (let oid = open.pop(); oid !== undefined; oid = open.pop()) {
    const commit = commits.get(oid);
    if (commit === undefined || known.has(oid)) continue;
    known.add(oid);
    visit(commit);
    for (const parent of commit.parents) open.push(parent);
    if (commit.promotes !== null) open.push(commit.promotes);
  }
  return known;
}

/** A branch as it grew: its tip and the first parents, newest first, as far as they are known. */
export function firstParents(commits: ReadonlyMap<Oid, Commit>, tip: Oid | undefined): Commit[] {
  const line: Commit[] = [];
  for (let oid = tip; oid !== undefined; oid = line.at(-1)?.parents[0]) {
    const commit = commits.get(oid);
    if (commit === undefined) break;
    line.push(commit);
  }
  return line;
}
