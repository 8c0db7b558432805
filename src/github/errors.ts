import { GuardError } from '../model/guard-error.ts';

export interface GraphqlError {
  type?: string;
  path?: (string | number)[];
  message: string;
}

/**
 * Data that may exist but could not be read this time: GitHub was down or slow, or a limit was reached. The guard can
 * still report what it read before, with a note about the missing part.
 */
export class Unreadable extends GuardError {}

/** The guard has used all the requests it may make. */
export class BudgetSpent extends Unreadable {
  /** Octokit passes an `AbortError` through without another try. */
  override name = 'AbortError';

  /** @param budget - requests allowed for the run; `null`: only the budget for optional data is used up. */
  constructor(budget: number | null, isShort = false) {
    super(
      isShort
        ? 'Less than a tenth of the points that the token has each hour is left, so optional data is not read.'
        : budget === null
          ? 'This takes more requests than a run spends on optional data.'
          : `The budget of ${budget} requests is used up (input "max-requests"). Raise it, or shorten "window".`,
    );
  }
}

/** GitHub could not answer a query in time. A smaller query may succeed. */
export class TooLarge extends Unreadable {}

/** A rate limit is reached, so GitHub would refuse the next requests too. */
export class RateLimited extends Unreadable {}

/** Nothing exists at a REST path, or the token cannot see it. */
export class NotFound extends GuardError {}

/** GitHub, or a proxy in front of it, refused a request. Trying again does not help. */
export class Refused extends GuardError {
  constructor(
    message: string,
    /** Other requests that would be refused for the same reason. */
    readonly reach: Reach,
  ) {
    super(message);
  }
}

/** The token may read, but may not make this write. */
export class NotAllowed extends Refused {}

/** For `catch`: returns what replaces the answer after an error of a class, and throws any other error again. */
export const recoverFrom =
  <E extends Error, T>(kind: abstract new (...parameters: never[]) => E, replacement: (error: E) => T) =>
  (error: unknown): T => {
    if (error instanceof kind) return replacement(error);
    throw error;
  };

/** One issue or pull request, all writes to a repository, or all requests with this token. */
export type Reach = 'thread' | 'repository' | 'token';
