import type { Commit, Oid } from '../facts/facts.ts';

/** Tells whether one known commit descends from another. */
export type Ancestry = (ancestor: Oid, descendant: Oid) => boolean;

/**
 * Ancestry over the known commits. Each commit gets its generation (one more than its highest parent's), as git's
 * commit-graph does; a walk from the descendant need not go below the ancestor's, so a question costs what lies
 * between the two. The generations are made once, at the first question, in O(commits + parents).
 */
export function ancestryOf(commits: ReadonlyMap<Oid, Commit>): Ancestry {
  let generations: Map<Oid, number> | null = null;
  return (ancestor, descendant) => {
    generations ??= generationsOf(commits);
    const floor = generations.get(ancestor);
    if (floor === undefined) return false;
    const seen = new Set<Oid>();
    const open = [descendant];
    for (let oid = open.pop(); oid !== undefined; oid = open.pop()) {
      if (oid === ancestor) return true;
      const generation = generations.get(oid);
      if (generation === undefined || generation <= floor || seen.has(oid)) continue;
      seen.add(oid);
      open.push(...(commits.get(oid)?.parents ?? []));
    }
    return false;
  };
}

function generationsOf(commits: ReadonlyMap<Oid, Commit>): Map<Oid, number> {
  const generations = new Map<Oid, number>();
  for (const start of commits.keys()) {
    const open = [start];
    for (let oid = open.at(-1); oid !== undefined; oid = open.at(-1)) {
      const parents = (commits.get(oid)?.parents ?? []).filter((parent) => commits.has(parent));
      const unknown = generations.has(oid) ? [] : parents.filter((parent) => !generations.has(parent));
      if (unknown.length > 0) {
        open.push(...unknown);
        continue;
      }
      open.pop();
      let generation = 0;
      for (const parent of parents) generation = Math.max(generation, generations.get(parent) ?? 0);
      generations.set(oid, generation + 1);
    }
  }
  return generations;
}
