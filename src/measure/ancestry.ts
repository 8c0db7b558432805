import type { Commit, Oid } from '../model/facts.ts';

/**
 * Whether `descendant` contains `ancestor`, both of them shipped.
 *
 * A commit's ancestors went live with it or before, so their places in the order of shipping are no later than its
 * own. The walk need not go below commits of an earlier place than the ancestor's: it costs what was shipped since.
 *
 * @param placeOf - the place in the order of success of the deployment that shipped a commit; `undefined` for none.
 */
export function isAncestor(
  commits: ReadonlyMap<Oid, Commit>,
  placeOf: (oid: Oid) => number | undefined,
  ancestor: Oid,
  descendant: Oid,
): boolean {
  const floor = placeOf(ancestor);
  if (floor === undefined) return false;
  const seen = new Set<Oid>();
  const open = [descendant];
  for (let oid = open.pop(); oid !== undefined; oid = open.pop()) {
    if (oid === ancestor) return true;
    const place = placeOf(oid);
    if (place === undefined || place < floor || seen.has(oid)) continue;
    seen.add(oid);
    open.push(...(commits.get(oid)?.parents ?? []));
  }
  return false;
}
