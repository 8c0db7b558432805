import type { View } from '../view.ts';
import type { Request } from '../request.ts';
import { hasCandidates, isUnsettled } from './deployment-pages.ts';

/**
 * What the deployments are that do not say it themselves, as far as they decide something: all at once, as soon as it is
 * known how far back they go, or earlier where that depends on it.
 */
export function identity(view: View): Request[] {
  return view.reading.destinations.flatMap((destination): Request[] => {
    const isEarly = !view.isBranchRead || isUnsettled(view, destination);
    if (isEarly && !hasCandidates(view, destination)) return [];
    const unknown = destination.feed.unknown?.(view.feedQuestion) ?? [];
    return unknown.length > 0 ? [{ kind: 'identity', destination, unknown }] : [];
  });
}
