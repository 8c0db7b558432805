import { max, min } from 'date-fns';
import type { Place, View } from '../reading.ts';
import type { Request } from '../request.ts';
import { isUnsettled } from './deployments.ts';

/** The base branch, back to the window's beginning and to what was live before it. */
export function branch(view: View): Request[] {
  const since = branchTarget(view);
  return view.history.readTo > since ? [{ kind: 'branch', since, isBare: false }] : [];
}

/** How far back the branch has to be read, as far as that is known. */
export function branchTarget(view: View): Date {
  return min([view.question.from, ...view.reading.places.flatMap((place) => liveBefore(view, place))]);
}

/** Whether the branch is known as far back as it has to be, or more of it cannot be read. */
export const isBranchKnown = (view: View): boolean =>
  view.history.readTo <= branchTarget(view) || view.isGivenUp('branch');

/** Whether the branch and a place's deployments are known as far as the walk between them needs. */
export const canWalk = (view: View, place: Place): boolean =>
  isBranchKnown(view) &&
  !view.isSilent(place) &&
  (!isUnsettled(view, place) || view.isGivenUp('page', place));

/** The date of the newest commit that was live before the window, as far as it is known. */
function liveBefore({ history, boundaryOf }: View, place: Place): Date[] {
  const live = boundaryOf(place).settled.flatMap((each) => history.dateOf(each.deployment.sha) ?? []);
  return live.length > 0 ? [max(live)] : [];
}
