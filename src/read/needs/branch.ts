import { max, min } from 'date-fns';
import type { Destination } from '../reading.ts';
import type { View } from '../view.ts';
import type { Request } from '../request.ts';
import { isUnsettled } from './deployment-pages.ts';

/** The base branch, back to the window's beginning and to what was live before it. */
export function branch(view: View): Request[] {
  const since = branchTarget(view);
  return view.history.readTo > since ? [{ kind: 'branch', since, isBare: false }] : [];
}

/** Commits that are read to get to what was live before the window; what is older is met by its name alone. */
const MOST_TO_LIVE = 3000;
/** That far back at least, in milliseconds: thirty days. */
const SHORTEST_TO_LIVE = 30 * 86_400_000;

/** How far back the branch has to be read, as far as that is known. */
export function branchTarget(view: View): Date {
  const { question, history, reading } = view;
  const pace = Math.max(history.pace * MOST_TO_LIVE, SHORTEST_TO_LIVE);
  const furthest = new Date(question.from.getTime() - pace);
  const live = reading.destinations.flatMap((destination) => liveBefore(view, destination));
  return max([furthest, min([question.from, ...live])]);
}

/** True if the branch is known as far back as it has to be, or more of it cannot be read. */
export const isBranchKnown = (view: View): boolean =>
  view.history.readTo <= branchTarget(view) || view.isGivenUp('branch');

/** True if the branch and a destination's deployments are known as far as the walk between them needs. */
export const canWalk = (view: View, destination: Destination): boolean =>
  isBranchKnown(view) &&
  !view.isSilent(destination) &&
  (!isUnsettled(view, destination) || view.isGivenUp('page', destination));

/** The date of the newest commit that was live before the window, as far as it is known. */
function liveBefore({ history, boundaryOf }: View, destination: Destination): Date[] {
  const live = boundaryOf(destination).settled.flatMap(
    (outcome) => history.dateOf(outcome.deployment.sha) ?? [],
  );
  return live.length > 0 ? [max(live)] : [];
}
