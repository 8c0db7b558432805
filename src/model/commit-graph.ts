import type { Commit, Oid } from './facts.ts';

/**
 * The commits that `tips` contain: themselves and their known ancestors. A pull request's squash commit on another
 * branch contains the head of that pull request, too.
 *
 * @param visited - a set to add to. A commit in it counts as visited with all its ancestors, so walks that share one
 *   set cost O(commits + parents) together.
 * @param visit - called for each commit that was not in `visited` before.
 */
export function containedCommits(
  commits: ReadonlyMap<Oid, Commit>,
  tips: Iterable<Oid>,
  visited: Set<Oid> = new Set(),
  visit: (commit: Commit) => void = () => {},
): Set<Oid> {
  const open = [...tips];
  for (let oid = open.pop(); oid !== undefined; oid = open.pop()) {
    const commit = commits.get(oid);
    if (commit === undefined || visited.has(oid)) continue;
    visited.add(oid);
    visit(commit);
    for (const parent of commit.parents) open.push(parent);
    if (commit.promotes !== null) open.push(commit.promotes);
  }
  return visited;
}

/** The tip of a branch and its known first parents, newest first, down to a commit at which `isEnd` is true. */
export function firstParents(
  commits: ReadonlyMap<Oid, Commit>,
  tip: Oid | undefined,
  isEnd: (oid: Oid) => boolean = () => false,
): Commit[] {
  const line: Commit[] = [];
  for (let oid = tip; oid !== undefined; oid = line.at(-1)?.parents[0]) {
    const commit = commits.get(oid);
    if (commit === undefined || isEnd(oid)) break;
    line.push(commit);
  }
  return line;
}
