import type { View } from '../view.ts';
import type { Request } from '../request.ts';
import { canWalk } from './branch.ts';

/**
 * What lies below the places where the walk from what was live broke off: each once, at first all of them, and then
 * those that are as young as the oldest change in doubt, as what contains it is.
 */
export function liveEdge(view: View): Request[] {
  return view.reading.destinations.flatMap((destination): Request[] => {
    const edge = canWalk(view, destination) ? view.walkOf(destination).liveEdge : null;
    if (edge === null) return [];
    const looked = view.lookedBelow.get(destination) ?? new Set();
    return edge.oids
      .filter((oid) => !looked.has(oid) && (looked.size === 0 || view.dateOf(oid) >= edge.doubted))
      .map((oid) => ({ kind: 'below', oid, edgeOf: destination }));
  });
}
