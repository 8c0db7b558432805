import type { View } from '../view.ts';

/** Commits read to prove what an old branch stands on; past that the proof is left out, and that is said. */
const PROOF_LIMIT = 3000;
/** A proof may lead back this far at least, in milliseconds: thirty days. */
const SHORTEST_PROOF = 30 * 86_400_000;

/**
 * How far back a proof may lead: about {@link PROOF_LIMIT} commits more than the window needs, at the pace of those that
 * it needs. Where so many were read, no further.
 *
 * @param target - how far back the window needs the branch.
 */
export function proofHorizon(view: View, target: Date): Date {
  const known = horizons.get(view);
  if (known) return known;
  const times = timesOf(view);
  const needed = times.filter((time) => time >= target.getTime());
  // The oldest fifth is left out of the pace, as one commit with a wild date would stretch it.
  const most = Math.floor(needed.length * 0.8);
  const pace = ((needed[0] ?? 0) - (needed[most] ?? 0)) / Math.max(1, most);
  const horizon =
    times.length - needed.length > PROOF_LIMIT
      ? view.history.readTo
      : new Date(target.getTime() - Math.max(pace * PROOF_LIMIT, SHORTEST_PROOF));
  horizons.set(view, horizon);
  return horizon;
}

const horizons = new WeakMap<View, Date>();

/** How many commits were read beyond what the window needs. */
export function readBeyond(view: View, target: Date): number {
  const { readTo } = view.history;
  return timesOf(view).filter((time) => time >= readTo.getTime() && time < target.getTime()).length;
}

/** The dates of all commits that were read, newest first. */
const timesOf = ({ history }: View): number[] =>
  [...history.commits.values()].map((commit) => commit.committedAt.getTime()).sort((a, b) => b - a);
