import type { Commit, Oid } from '../model/facts.ts';

/**
 * Whether `descendant` contains `ancestor`, both of them shipped.
 *
 * A commit's ancestors went live with it or before, so their places in the order of shipping are no later than its
 * own. The walk need not go below commits of an earlier turn than the ancestor's: it costs what was shipped since.
 *
 * @param turnOf - the place in the order of success of the deployment that shipped a commit; `undefined` for none.
 */
export function isAncestor(
  commits: ReadonlyMap<Oid, Commit>,
  turnOf: (oid: Oid) => number | undefined,
  ancestor: Oid,
  descendant: Oid,
): boolean {
  const floor = turnOf(ancestor);
  if (floor === undefined) return false;
  const seen = new Set<Oid>();
  const open = [descendant];
  for (let oid = open.pop(); oid !== undefined; oid = open.pop()) {
    if (oid === ancestor) return true;
    const turn = turnOf(oid);
    if (turn === undefined || turn < floor || seen.has(oid)) continue;
    seen.add(oid);
    const commit = commits.get(oid);
    open.push(...(commit?.parents ?? []));
    if (commit?.promotes) open.push(commit.promotes);
  }
  return false;
}
