import { GuardError, oneLine } from '../model/guard-error.ts';

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

  constructor(most: number) {
    super(`The budget of ${most} requests is used up (input "max-requests"). Raise it, or shorten "window".`);
  }
}

/** GitHub could not answer so large a question in its time; a smaller one may do. */
export class TooLarge extends Unreadable {}

/** What a REST path names is not there, or not for this token. */
export class NotFound extends GuardError {}

/** The token may read, but not write this. */
export class NotAllowed extends GuardError {}

/** Which permission of a workflow's token lets it read a field of the answer. */
const PERMISSION_FOR: [RegExp, string][] = [
  [/associatedPullRequests|pullRequests?/i, 'pull-requests: read'],
  [/deployments?|environments?/i, 'deployments: read'],
  [/checkSuite|checkRuns|nodes/i, 'checks: read'],
  [/actions\/(?:runs|workflows)/i, 'actions: read'],
];

function permissionFor(where: string): string {
  return PERMISSION_FOR.find(([pattern]) => pattern.test(where))?.[1] ?? 'contents: read';
}

interface HttpFailure {
  name?: string;
  status?: number;
  message?: string;
  errors?: GraphqlError[];
  response?: { headers?: Record<string, string | number | undefined>; data?: unknown };
}

/** Turns any failure of a request into one line: what happened, to which request, and what to do about it. */
export function explain(thrown: unknown, request: string): GuardError {
  if (thrown instanceof GuardError) return thrown;
  const cause = (thrown as { cause?: unknown }).cause;
  if (cause instanceof GuardError) return cause;
  const error = thrown as HttpFailure;
  if (/aborted due to timeout/.test(error.message ?? ''))
    return new Unreadable(
      `GitHub did not answer in time (${request}). Check the connection to the API, then run it again.`,
    );
  if (error.errors) return explainGraphql(error.errors, request);
  const said = oneLine(error.message ?? String(thrown));
  const { status } = error;
  const headers = error.response?.headers ?? {};

  if (status === 401)
    return new GuardError(
      'GitHub does not accept the token (401 Bad credentials). Give input "github-token" a token that is valid and not expired; in a workflow leave the input out to use the job\'s own.',
    );
  if (status === 429 || headers['x-ratelimit-remaining'] === '0' || /rate limit/i.test(said)) {
    const reset = Number(headers['x-ratelimit-reset']);
    const until = reset > 0 ? ` It is free again at ${new Date(reset * 1000).toISOString()}.` : '';
    return new Unreadable(
      `GitHub's rate limit is used up (${status ?? 'GraphQL'}, ${request}).${until} Run it again then, or give input "github-token" a token with a limit of its own.`,
    );
  }
  if (status === 403)
    return new GuardError(
      `The token may not read this (403, ${request}: ${said}). Add "permissions: ${permissionFor(request)}" to the job, or give input "github-token" a token that has it.`,
    );
  if (status === 502 || status === 504)
    return new TooLarge(
      `GitHub did not answer in time (${status}, ${request}). Run it again later, or with a shorter "window".`,
    );
  return new Unreadable(
    `The request to GitHub failed (${request}: ${said}). Check https://www.githubstatus.com and the connection to the API, then run it again.`,
  );
}

function explainGraphql(errors: GraphqlError[], request: string): GuardError {
  const [first] = errors;
  const said = oneLine(first?.message ?? 'no reason given');
  const where = first?.path?.join('.') ?? '';
  const kind = (type: string) => errors.some((each) => each.type === type);

  if (kind('NOT_FOUND') && where === 'repository')
    return new GuardError(
      `Input "repository": GitHub knows no such repository, or the token may not see it (${said}). Check the spelling, or give input "github-token" a token with "contents: read" there.`,
    );
  if (kind('RATE_LIMITED') || kind('RATE_LIMIT'))
    return new Unreadable(
      `GitHub's GraphQL rate limit is used up (${said}). Run it again within the hour, or give input "github-token" a token with a limit of its own.`,
    );
  if (kind('FORBIDDEN') || kind('INSUFFICIENT_SCOPES') || /not accessible by/i.test(said))
    return new GuardError(
      `The token may not read ${where || 'this'} (${said}). Add "permissions: ${permissionFor(where)}" to the job, or give input "github-token" a token that has it.`,
    );
  if (kind('RESOURCE_LIMITS_EXCEEDED') || /timed? ?out|timeout|something went wrong/i.test(said))
    return new TooLarge(
      `GitHub gave up on a query (${said}). Run it again later, or with a shorter "window".`,
    );
  return new GuardError(
    `GitHub refused a query (${request}${where && `, ${where}`}: ${said}). Please report this as a bug.`,
  );
}

export function notFound(path: string): NotFound {
  return new NotFound(
    `GitHub has nothing at ${path} (404). Check the name, and that the token may see it ("permissions: ${permissionFor(path)}").`,
  );
}

/** A write that was refused, in a line that says which permission would let it; any other failure as for a read. */
export function explainWrite(thrown: unknown, request: string): GuardError {
  const { status, message, response } = thrown as HttpFailure;
  const limited = response?.headers?.['x-ratelimit-remaining'] === '0' || /rate limit/i.test(message ?? '');
  if (status !== 403 || limited) return explain(thrown, request);
  return new NotAllowed(`The token may not write this (403, ${request}: ${oneLine(message ?? '')}).`);
}
