import type { View } from '../view.ts';

/** Commits that are read to find out what an old branch contains. If more are needed, a gap says so. */
const PROOF_LIMIT = 3000;
/** Parents are read at least this far back, in milliseconds: 30 days. */
const SHORTEST_PROOF = 30 * 86_400_000;

/**
 * How far back parents are read: about {@link PROOF_LIMIT} commits more than the window needs, by the pace of the commits
 * that it needs. Not further than before if that many were read.
 *
 * @param target - how far back the window needs the branch.
 */
export function proofHorizon(view: View, target: Date): Date {
  const cached = horizons.get(view);
  if (cached) return cached;
  const times = timesOf(view);
  const needed = times.filter((time) => time >= target.getTime());
  // The oldest fifth does not count for the pace, because one commit with a wrong date would distort it.
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

/** Number of commits that were read beyond what the window needs. */
export function readBeyond(view: View, target: Date): number {
  const { readTo } = view.history;
  return timesOf(view).filter((time) => time >= readTo.getTime() && time < target.getTime()).length;
}

/** Dates of all commits that were read, newest first. */
const timesOf = ({ history }: View): number[] =>
  [...history.commits.values()].map((commit) => commit.committedAt.getTime()).sort((a, b) => b - a);
