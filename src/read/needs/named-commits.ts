import type { View } from '../view.ts';
import type { Request } from '../request.ts';
import { canWalk } from './branch.ts';
import { provableParents } from './old-parents.ts';

/** Commits that deployments name, and parents on other branches: both are found by name alone. */
export function namedCommits(view: View): Request[] {
  const { history } = view;
  const deployed = view.reading.destinations.flatMap((destination) =>
    canWalk(view, destination) ? view.walkOf(destination).deployed : [],
  );
  // The branch was read back to there, so what is younger and unread is on another one.
  const beside = provableParents(view).filter((oid) => view.dateOf(oid) >= history.readTo);
  return [...deployed, ...beside].map((oid) => ({ kind: 'below', oid }));
}
