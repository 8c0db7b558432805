import { max, min } from 'date-fns';
import type { Oid } from '../../model/facts.ts';
import type { View } from '../view.ts';
import type { Request } from '../request.ts';
import { branchTarget, canWalk } from './branch.ts';
import { proofHorizon, readBeyond } from './proof.ts';

/** Up to this many pages are read with pull requests, because some of those are needed anyway. */
const FEW_PAGES = 2;
/** Commits of the first stretch. */
const FIRST_STRETCH = 500;

/**
 * Reads the branch on to parents that are older than what was read; long stretches come without pull requests. A stretch
 * can show still older parents, so every stretch is as long as all before it.
 */
export function oldParents(view: View): Request[] {
  if (view.isGivenUp('branch')) return [];
  const { history } = view;
  const below = provableParents(view)
    .map((oid) => view.dateOf(oid))
    .filter((date) => date < history.readTo);
  if (below.length === 0) return [];
  const target = branchTarget(view);
  const twiceAsFar = new Date(history.readTo.getTime() - (target.getTime() - history.readTo.getTime()));
  const stretch = Math.max(FIRST_STRETCH, readBeyond(view, target));
  const affordable = new Date(history.readTo.getTime() - history.oldestPace * stretch);
  const since = max([min([...below, twiceAsFar]), affordable, proofHorizon(view, target)]);
  // The newest parent is read in any case.
  const goal = min([since, max(below)]);
  return [{ kind: 'branch', since: goal, isBare: history.pagesTo(goal) > FEW_PAGES }];
}

/** Unread parents that the answer needs and that are not too old to be read. */
export function provableParents(view: View): Oid[] {
  const horizon = proofHorizon(view, branchTarget(view));
  return missingParents(view).filter((oid) => view.dateOf(oid) >= horizon);
}

/** Unread parents that the answer needs and that are too old to be read. */
export function unprovedParents(view: View): Oid[] {
  const horizon = proofHorizon(view, branchTarget(view));
  return missingParents(view).filter((oid) => view.dateOf(oid) < horizon);
}

function missingParents(view: View): Oid[] {
  const { destinations, gone } = view.reading;
  const missing = destinations.flatMap((destination) =>
    canWalk(view, destination) ? view.walkOf(destination).missing : [],
  );
  return [...new Set(missing)].filter((oid) => !gone.has(oid));
}
