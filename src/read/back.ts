import { max } from 'date-fns';
import { PAGE } from '../github/paging.ts';
import { isComplete, type Session, sessionOf } from './loop.ts';
import type { Destination, Reading } from './reading.ts';
import type { Need } from './request.ts';

/** How far back a reading goes beyond its window, and how far more pages would lead. */

/** About how far back so many more requests lead, for commits and for the deployments of each destination. */
export function reachOf({ opened: { history }, destinations }: Reading, more: number, to: Date): Date {
  const byCommits = history.readTo.getTime() - more * history.oldestPace * PAGE;
  const byDeployments = destinations.map(
    ({ feed: { complete, listed = PAGE, requestsAPage = 1, readTo: read } }) =>
      complete
        ? 0
        : read.getTime() -
          ((more / requestsAPage) * PAGE * (to.getTime() - read.getTime())) / Math.max(1, listed),
  );
  return new Date(Math.max(0, byCommits, ...byDeployments));
}

/** Beginnings that are tried between the window's and the oldest that was read. */
const TRIES = 3;

/** A session of a longer time in which no need lacks anything: of the longest there is, back to `from` at most. */
export function recalled(
  { reading, question, readers }: Session,
  from: Date,
  needs: readonly Need[],
): Session | null {
  const oldest = max([
    from,
    reading.opened.history.readTo,
    ...reading.destinations.map(({ feed }) => readTo(feed)),
  ]);
  const step = Math.max(0, question.from.getTime() - oldest.getTime()) / TRIES;
  const begins = Array.from({ length: TRIES }, (_, tries) => new Date(oldest.getTime() + tries * step));
  for (const begin of begins.filter((begin) => begin < question.from || begin >= from)) {
    const session = sessionOf(reading, { ...question, from: begin }, readers);
    if (isComplete(session, needs)) return session;
  }
  return null;
}

const readTo = ({ complete, readTo: read }: Destination['feed']): Date => (complete ? new Date(0) : read);
