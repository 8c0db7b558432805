import { max, min } from 'date-fns';
import type { Destination } from '../reading.ts';
import type { View } from '../view.ts';
import type { Request } from '../request.ts';
import { isUnsettled } from './deployment-pages.ts';

/** Reads the base branch back to the beginning of the window and to what was live before it. */
export function branch(view: View): Request[] {
  const since = branchTarget(view);
  return view.history.readTo > since ? [{ kind: 'branch', since, isBare: false }] : [];
}

/** Commits that are read to reach what was live before the window. If that is older, it is looked up by name. */
const MOST_COMMITS = 3000;
/** The branch is read at least this far, in milliseconds: 30 days. */
const LEAST_TIME = 30 * 86_400_000;

/** How far back the branch has to be read, as far as is known yet. */
export function branchTarget(view: View): Date {
  const { question, history, reading } = view;
  const limit = Math.max(history.pace * MOST_COMMITS, LEAST_TIME);
  const furthest = new Date(question.from.getTime() - limit);
  const live = reading.destinations.flatMap((destination) => liveBefore(view, destination));
  return max([furthest, min([question.from, ...live])]);
}

/** True if the branch was read as far back as needed, or as far as possible. */
export const isBranchKnown = (view: View): boolean =>
  view.history.readTo <= branchTarget(view) || view.isGivenUp('branch');

/** True if the branch and a destination's deployments were read as far back as the walk between them needs. */
export const canWalk = (view: View, destination: Destination): boolean =>
  isBranchKnown(view) &&
  !view.hasNoDeployments(destination) &&
  (!isUnsettled(view, destination) || view.isGivenUp('page', destination));

/** Date of the newest commit that was live before the window; none if it is unknown. */
function liveBefore({ history, boundaryOf }: View, destination: Destination): Date[] {
  const live = boundaryOf(destination).settled.flatMap(
    (outcome) => history.dateOf(outcome.deployment.sha) ?? [],
  );
  return live.length > 0 ? [max(live)] : [];
}
