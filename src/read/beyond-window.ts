import { max } from 'date-fns';
import { PAGE } from '../github/paging.ts';
import { isComplete, type Session, sessionOf } from './session.ts';
import type { Reading } from './reading.ts';
import type { Need } from './request.ts';

/** Estimates how far back a number of further requests would lead, for commits and every destination's deployments. */
export function reachOf({ opened: { history }, destinations }: Reading, requests: number, to: Date): Date {
  const byCommits = history.readTo.getTime() - requests * history.oldestPace * PAGE;
  const byDeployments = destinations.map(
    ({ feed: { complete, listed = PAGE, requestsAPage = 1, readTo } }) =>
      complete
        ? 0
        : readTo.getTime() -
          ((requests / requestsAPage) * PAGE * (to.getTime() - readTo.getTime())) / Math.max(1, listed),
  );
  return new Date(Math.max(0, byCommits, ...byDeployments));
}

/** Starting points that are tried, from the oldest that was read up to the window. */
const TRIES = 3;

/** The session with the earliest start, not before `from`, for which everything was read; `null` if there is none. */
export function recalled(
  { reading, question, readers }: Session,
  from: Date,
  needs: readonly Need[],
): Session | null {
  const oldest = max([
    from,
    reading.opened.history.readTo,
    ...reading.destinations.map(({ feed }) => (feed.complete ? new Date(0) : feed.readTo)),
  ]);
  const step = Math.max(0, question.from.getTime() - oldest.getTime()) / TRIES;
  const starts = Array.from({ length: TRIES }, (_, i) => new Date(oldest.getTime() + i * step));
  for (const start of starts.filter((start) => start < question.from || start >= from)) {
    const session = sessionOf(reading, { ...question, from: start }, readers);
    if (isComplete(session, needs)) return session;
  }
  return null;
}
