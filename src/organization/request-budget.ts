import type { Meter } from '../github/client.ts';
import { GuardError } from '../model/guard-error.ts';

/**
 * What all repositories share: GitHub's points, the time, and the response-seconds of a minute that GitHub takes for the
 * work of its own machines (60 of them a minute for GraphQL; docs.github.com, "Rate limits for the GraphQL API").
 */

export interface Limits {
  /** Points that may be used in all; `null`: as many as there are. */
  points: number | null;
  /** Milliseconds from the beginning. */
  time: number;
}

/** There is no more budget: it is no fault of the repository that is at hand. */
export class OutOfBudget extends GuardError {
  /** So that Octokit hands it on as it is: trying again cannot help. */
  override name = 'AbortError';
}

/** Of a minute: for GraphQL, and for GraphQL and REST together; GitHub's own bounds are 60 and 90. */
const GRAPHQL_SECONDS = 50;
const ALL_SECONDS = 75;
const MINUTE = 60_000;
/** Of the points that an hour has, so many are left to whoever else uses the token. */
const RESERVE = 0.1;

export interface RequestBudget extends Meter {
  /** Begins with the next repository, unless there is no budget for one that costs as much as the most so far: then it says why. */
  begin(): string | null;
  /** Why a request was refused in the middle of a repository, whose report is none then; `null`: none was. */
  refused(): string | null;
  used(): { points: number; requests: number; milliseconds: number; waited: number };
}

/**
 * @param clock - milliseconds, of any clock that goes on, and how to wait for some.
 */
export function requestBudgetOf(
  limits: Limits,
  clock: { now(): number; sleep(milliseconds: number): Promise<unknown> },
): RequestBudget {
  const began = clock.now();
  let points = 0;
  let requests = 0;
  let waited = 0;
  let refused: string | null = null;
  /** As the newest answer says it. */
  let hour: { remaining: number; limit: number; reset: string } | null = null;
  /** When answers came, and how long they took. */
  let recent: { at: number; milliseconds: number; isGraphql: boolean }[] = [];

  /** When the repository at hand was begun, and the most points that one has cost. */
  let begunAt: number | null = null;
  let most = 0;

  const spent = (): string | null => {
    if (clock.now() - began >= limits.time) return 'The time for all is over.';
    if (limits.points !== null && points + most > limits.points)
      return `Of the budget of ${limits.points} points ${points} are used, and the next repository may take ${most}.`;
    if (hour !== null && hour.remaining - most < hour.limit * RESERVE)
      return `Of GitHub's ${hour.limit} points an hour ${hour.remaining} are left, and a tenth is kept for others.`;
    return null;
  };
  return {
    begin() {
      if (begunAt !== null) most = Math.max(most, points - begunAt);
      const why = spent();
      begunAt = points;
      return why;
    },
    refused: () => refused,
    limited(why) {
      refused ??= why;
    },
    used: () => ({ points, requests, milliseconds: clock.now() - began, waited }),
    async before(isGraphql) {
      if (isGraphql && hour !== null && hour.remaining <= 0) {
        refused = "GitHub's points of this hour are used up.";
        throw new OutOfBudget(refused);
      }
      for (;;) {
        const now = clock.now();
        recent = recent.filter((each) => each.at > now - MINUTE);
        const taken = (some: typeof recent) => some.reduce((sum, each) => sum + each.milliseconds, 0) / 1000;
        const ofGraphql = isGraphql ? taken(recent.filter((each) => each.isGraphql)) : 0;
        const [oldest] = recent;
        if ((ofGraphql < GRAPHQL_SECONDS && taken(recent) < ALL_SECONDS) || !oldest) return;
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
      // Answers that were under way together come in any order; a new hour begins with all points.
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
