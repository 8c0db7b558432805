import type { Destination } from '../reading.ts';
import type { View } from '../view.ts';
import type { Request } from '../request.ts';

/** Reads deployments back to the last success before the window, or further if an older one may have shipped a change. */
export function deploymentPages(view: View): Request[] {
  return view.reading.destinations
    .filter(
      (destination) =>
        !destination.feed.complete &&
        !destination.feed.isExhausted &&
        (isUnsettled(view, destination) ? !hasCandidates(view, destination) : isDoubtful(view, destination)),
    )
    .map((destination) => ({ kind: 'page', destination }));
}

/** True if what was live before the window is still unknown and may be found. */
export const isUnsettled = (view: View, destination: Destination): boolean =>
  view.boundaryOf(destination).settled.length === 0 &&
  !destination.feed.isExhausted &&
  (!destination.feed.complete || hasCandidates(view, destination));

/** True if a deployment that is not identified yet may be what was live before the window. */
export const hasCandidates = (view: View, { feed }: Destination): boolean =>
  feed.hasCandidates?.(view.feedQuestion) ?? false;

function isDoubtful(view: View, destination: Destination): boolean {
  if (!view.isBranchRead) return false;
  const { doubtFrom } = view.walkOf(destination);
  return doubtFrom !== null && destination.feed.readTo > doubtFrom;
}
