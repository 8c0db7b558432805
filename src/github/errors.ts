import { GuardError } from '../model/guard-error.ts';

export interface GraphqlError {
  type?: string;
  path?: (string | number)[];
  message: string;
}

/**
 * Something that may be there, and could not be read this time: GitHub was down or slow, a limit was reached, time ran
 * out. What was read until then may still be told, with what it lacks.
 */
export class Unreadable extends GuardError {}

/** The requests that the guard may make are used up. */
export class BudgetSpent extends Unreadable {
  /** So that Octokit hands it on as it is: trying again cannot help. */
  override name = 'AbortError';

  /** @param most - how many requests there are in all; `null`: it is what may be spent on an extra that is used up. */
  constructor(most: number | null) {
    super(
      most === null
        ? 'It would take more requests than a run spends on it.'
        : `The budget of ${most} requests is used up (input "max-requests"). Raise it, or shorten "window".`,
    );
  }
}

/** GitHub could not answer so large a question in its time; a smaller one may do. */
export class TooLarge extends Unreadable {}

/** A limit on requests is reached: all that would follow would be refused too. */
export class RateLimited extends Unreadable {}

/** What a REST path names is not there, or not for this token. */
export class NotFound extends GuardError {}

/** GitHub, or what stands before it, says no: trying again does not help. */
export class Refused extends GuardError {
  constructor(
    message: string,
    /** What else would be refused alike. */
    readonly reach: Reach,
  ) {
    super(message);
  }
}

/** The token may read, but not write this. */
export class NotAllowed extends Refused {}

/** One thread, all that is written in a repository, or all that this token asks. */
export type Reach = 'thread' | 'repository' | 'token';
