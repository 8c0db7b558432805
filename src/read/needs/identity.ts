import type { View } from '../view.ts';
import type { Request } from '../request.ts';
import { hasCandidates, isUnsettled } from './deployment-pages.ts';

/**
 * Identifies deployments that do not say themselves whether they count. All are looked up at once when it is clear how far
 * back they matter, or earlier if that depends on the lookup.
 */
export function identity(view: View): Request[] {
  return view.reading.destinations.flatMap((destination): Request[] => {
    const isEarly = !view.isBranchRead || isUnsettled(view, destination);
    if (isEarly && !hasCandidates(view, destination)) return [];
    const unknown = destination.feed.neededLookups?.(view.feedQuestion) ?? [];
    return unknown.length > 0 ? [{ kind: 'identity', destination, unknown }] : [];
  });
}
