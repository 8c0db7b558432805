import { max, min } from 'date-fns';
import type { Oid } from '../../model/facts.ts';
import type { View } from '../reading.ts';
import type { Request } from '../request.ts';
import { branchTarget, canWalk } from './branch.ts';

/** Commits read to prove what an old branch stands on; past that the proof is left out, and that is said. */
const PROOF_LIMIT = 3000;
/** So few pages are read with the pull requests, as some of their commits are asked about anyway. */
const FEW_PAGES = 2;
/** A proof may lead back this far at least, in milliseconds: thirty days. */
const SHORTEST_PROOF = 30 * 86_400_000;

/**
 * Parents below what was read of the branch: it is read on to them, a long way without pull requests. As each stretch
 * shows still older ones, each is at least as long as all before it.
 */
export function oldParents(view: View): Request[] {
  const { history } = view;
  const below = provableParents(view)
    .map((oid) => view.dateOf(oid))
    .filter((date) => date < history.readTo);
  if (below.length === 0) return [];
  const target = branchTarget(view);
  const twiceAsFar = new Date(history.readTo.getTime() - (target.getTime() - history.readTo.getTime()));
  const since = min([...below, max([twiceAsFar, horizonOf(view)])]);
  return [{ kind: 'branch', since, isBare: history.pagesTo(since) > FEW_PAGES }];
}

/** Unread parents that the answer stands on, and that are not too old to be read. */
export function provableParents(view: View): Oid[] {
  const horizon = horizonOf(view);
  return missingParents(view).filter((oid) => view.dateOf(oid) >= horizon);
}

/** Unread parents that the answer stands on, and that are too old to be read. */
export function unprovedParents(view: View): Oid[] {
  const horizon = horizonOf(view);
  return missingParents(view).filter((oid) => view.dateOf(oid) < horizon);
}

function missingParents(view: View): Oid[] {
  const { places } = view.reading;
  const all = places.flatMap((place) => (canWalk(view, place) ? view.walkOf(place).missing : []));
  return [...new Set(all)].filter((oid) => !view.reading.gone.has(oid));
}

/**
 * How far back a proof may lead: about {@link PROOF_LIMIT} commits more, at the pace of those that the window needs. The
 * oldest fifth is left out of the pace, as one commit with a wild date would stretch it.
 */
function horizonOf(view: View): Date {
  const known = horizons.get(view);
  if (known) return known;
  const target = branchTarget(view);
  const times = [...view.history.commits.values()]
    .map((each) => each.committedAt.getTime())
    .filter((time) => time >= target.getTime())
    .sort((a, b) => b - a);
  const most = Math.floor(times.length * 0.8);
  const pace = ((times[0] ?? 0) - (times[most] ?? 0)) / Math.max(1, most);
  const horizon = new Date(target.getTime() - Math.max(pace * PROOF_LIMIT, SHORTEST_PROOF));
  horizons.set(view, horizon);
  return horizon;
}

const horizons = new WeakMap<View, Date>();
