import type { View } from '../view.ts';
import type { Request } from '../request.ts';
import { canWalk } from './branch.ts';

/**
 * Reads below the commits where the walk from what was live ended: at first below all of them, then only below those as
 * new as the oldest change in doubt, because no older commit can contain it.
 */
export function liveEdge(view: View): Request[] {
  return view.reading.destinations.flatMap((destination): Request[] => {
    const edge = canWalk(view, destination) ? view.walkOf(destination).liveEdge : null;
    if (edge === null) return [];
    const visited = view.lookedBelow.get(destination) ?? new Set();
    return edge.oids
      .filter((oid) => !visited.has(oid) && (visited.size === 0 || view.dateOf(oid) >= edge.doubted))
      .map((oid) => ({ kind: 'below', oid, edgeOf: destination }));
  });
}
