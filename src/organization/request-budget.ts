import type { Meter } from '../github/client.ts';
import { GuardError } from '../model/guard-error.ts';
import { duration } from '../report/words.ts';

/**
 * The budget that all repositories share: GitHub's points, the run's time, and GitHub's response time per minute
 * (docs.github.com, "Rate limits for the GraphQL API").
 */

export interface Limits {
  /** Maximum number of points; `null`: only GitHub's own limit applies. */
  points: number | null;
  /** Milliseconds since the start. */
  time: number;
}

/** The budget ran out. This is not a failure of the current repository. */
export class OutOfBudget extends GuardError {
  /** Octokit does not retry an error of this name. */
  override name = 'AbortError';
}

/** Seconds of response time a minute, for GraphQL and for GraphQL with REST. GitHub's limits are 60 and 90. */
const GRAPHQL_SECONDS = 50;
const ALL_SECONDS = 75;
const MINUTE = 60_000;
/** Share of the hourly points that is kept for other users of the token. */
const RESERVE = 0.1;

export interface RequestBudget extends Meter {
  /**
   * Starts the next repository. Returns why it cannot start if the budget does not cover the points of the most
   * expensive repository so far, otherwise `null`.
   */
  begin(): string | null;
  /** Why a request was refused while a repository was measured, which invalidates its report; `null` if none was. */
  refused(): string | null;
  used(): { points: number; requests: number; milliseconds: number; waited: number };
}

/** @param clock - milliseconds of a monotonic clock, and a function that waits this many. */
export function requestBudgetOf(
  limits: Limits,
  clock: { now(): number; sleep(milliseconds: number): Promise<unknown> },
): RequestBudget {
  const startedAt = clock.now();
  let points = 0;
  let requests = 0;
  let waited = 0;
  let refused: string | null = null;
  /** The hourly limit, according to the latest response. */
  let hour: { remaining: number; limit: number; reset: string } | null = null;
  let recent: { at: number; milliseconds: number; isGraphql: boolean }[] = [];

  /** Points used when the current repository started, and the most that one repository has cost. */
  let pointsBefore: number | null = null;
  let mostPoints = 0;

  const whyExhausted = (): string | null => {
    if (clock.now() - startedAt >= limits.time)
      return `The time budget of ${duration(limits.time / 1000)} is used up.`;
    if (limits.points !== null && points + mostPoints > limits.points)
      return `${points} of the ${limits.points} points in the budget are used, and the next repository may need ${mostPoints}.`;
    if (hour !== null && hour.remaining - mostPoints < hour.limit * RESERVE)
      return `${hour.remaining} of GitHub's ${hour.limit} points for this hour are left, and a tenth is kept for other uses of the token.`;
    return null;
  };
  return {
    begin() {
      if (pointsBefore !== null) mostPoints = Math.max(mostPoints, points - pointsBefore);
      pointsBefore = points;
      return whyExhausted();
    },
    refused: () => refused,
    limited(why) {
      refused ??= why;
    },
    used: () => ({ points, requests, milliseconds: clock.now() - startedAt, waited }),
    async before(isGraphql) {
      if (isGraphql && hour !== null && hour.remaining <= 0) {
        refused = "GitHub's points for this hour are used up.";
        throw new OutOfBudget(refused);
      }
      for (;;) {
        const now = clock.now();
        recent = recent.filter((response) => response.at > now - MINUTE);
        const secondsOf = (responses: typeof recent) =>
          responses.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000;
        const graphqlSeconds = isGraphql ? secondsOf(recent.filter((response) => response.isGraphql)) : 0;
        const [oldest] = recent;
        if ((graphqlSeconds < GRAPHQL_SECONDS && secondsOf(recent) < ALL_SECONDS) || !oldest) return;
        const wait = Math.max(1, oldest.at + MINUTE - now);
        waited += wait;
        await clock.sleep(wait);
      }
    },
    after({ isGraphql, milliseconds, headers }) {
      requests += 1;
      recent.push({ at: clock.now(), milliseconds, isGraphql });
      if (!isGraphql) return;
      const remaining = Number(headers.get('x-ratelimit-remaining') ?? Number.NaN);
      const limit = Number(headers.get('x-ratelimit-limit') ?? Number.NaN);
      const reset = headers.get('x-ratelimit-reset') ?? '';
      if (!Number.isFinite(remaining) || !Number.isFinite(limit)) {
        points += 1;
        return;
      }
      // Parallel responses arrive in any order, and a new hour starts with all points.
      const isSameHour = hour !== null && hour.reset === reset;
      if (!isSameHour) points += hour === null ? 1 : Math.max(1, limit - remaining);
      else if (hour !== null && remaining < hour.remaining) points += hour.remaining - remaining;
      hour = {
        limit,
        reset,
        remaining: isSameHour && hour ? Math.min(hour.remaining, remaining) : remaining,
      };
    },
  };
}
