import type { Commit, Oid } from '../model/facts.ts';

/**
 * True if `descendant` contains `ancestor`. Only shipped commits are considered.
 *
 * A commit's ancestors went live with it or before it, so the walk stops at commits that were shipped before `ancestor`.
 *
 * @param positionOf - the position, in the order of success, of the deployment that shipped a commit; `undefined` if no
 * deployment did.
 */
export function isAncestor(
  commits: ReadonlyMap<Oid, Commit>,
  positionOf: (oid: Oid) => number | undefined,
  ancestor: Oid,
  descendant: Oid,
): boolean {
  const floor = positionOf(ancestor);
  if (floor === undefined) return false;
  const visited = new Set<Oid>();
  const open = [descendant];
  for (let oid = open.pop(); oid !== undefined; oid = open.pop()) {
    if (oid === ancestor) return true;
    const position = positionOf(oid);
    if (position === undefined || position < floor || visited.has(oid)) continue;
    visited.add(oid);
    const commit = commits.get(oid);
    open.push(...(commit?.parents ?? []));
    if (commit?.promotes) open.push(commit.promotes);
  }
  return false;
}
