import type { View } from '../view.ts';
import type { Request } from '../request.ts';
import { canWalk } from './branch.ts';
import { provableParents } from './old-parents.ts';

/** Reads deployed commits and parents on other branches, which can only be found by name. */
export function namedCommits(view: View): Request[] {
  const { history } = view;
  const deployed = view.reading.destinations.flatMap((destination) =>
    canWalk(view, destination) ? view.walkOf(destination).deployed : [],
  );
  // The branch was read that far, so a newer unread commit is on another branch.
  const onOtherBranches = provableParents(view).filter((oid) => view.dateOf(oid) >= history.readTo);
  return [...deployed, ...onOtherBranches].map((oid) => ({ kind: 'below', oid }));
}
