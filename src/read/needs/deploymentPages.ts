import type { Place } from '../reading.ts';
import type { View } from '../view.ts';
import type { Request } from '../request.ts';

/** Deployments back to the last success before the window, and further where an older one may have shipped a change. */
export function deploymentPages(view: View): Request[] {
  return view.reading.places
    .filter(
      (place) =>
        !place.feed.complete &&
        !place.feed.isSpent &&
        (isUnsettled(view, place) ? !hasCandidates(view, place) : isDoubtful(view, place)),
    )
    .map((place) => ({ kind: 'page', place }));
}

/** Whether what was live before the window is not known yet, and may turn up. */
export const isUnsettled = (view: View, place: Place): boolean =>
  view.boundaryOf(place).settled.length === 0 &&
  !place.feed.isSpent &&
  (!place.feed.complete || hasCandidates(view, place));

/** Whether a deployment that is still to be identified may be what was live before the window. */
export const hasCandidates = (view: View, { feed }: Place): boolean =>
  feed.hasCandidates?.(view.feedQuestion) ?? false;

function isDoubtful(view: View, place: Place): boolean {
  if (!view.isBranchRead) return false;
  const { doubtFrom } = view.walkOf(place);
  return doubtFrom !== null && place.feed.readTo > doubtFrom;
}
