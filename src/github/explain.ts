import { setTimeout as sleep } from 'node:timers/promises';
import { GuardError, oneLine } from '../model/guard-error.ts';
import {
  type GraphqlError,
  NotAllowed,
  NotFound,
  RateLimited,
  type Reach,
  Refused,
  TooLarge,
  Unreadable,
} from './errors.ts';

/** Error messages for failed requests. The client loads this module only when a request fails. */

interface KnownRefusal {
  /** Matches the status followed by the messages and codes of the failure and its causes. */
  pattern: RegExp;
  problem: string;
  remedy: string;
  reach: Reach;
}

/** The first match applies. */
const REFUSALS: readonly KnownRefusal[] = [
  {
    pattern: /SAML enforcement|saml_failure/i,
    problem: 'The organization enforces SAML single sign-on, and the token is not authorized for it',
    remedy:
      'Authorize the token for the organization ("Configure SSO" in your token settings), or leave out input "github-token" to use the job\'s own token',
    reach: 'token',
  },
  {
    pattern: /IP allow list/i,
    problem: "The organization has an IP allow list, and the runner's address is not on it",
    remedy: "Add the runner's address to the list, or use a runner whose address is on it",
    reach: 'token',
  },
  {
    pattern: /forbids access via a/i,
    problem: 'The organization does not allow this type of token',
    remedy:
      'Set input "github-token" to a type of token that it allows, or leave it out to use the job\'s own token',
    reach: 'token',
  },
  {
    pattern: /archived/i,
    problem: 'The repository is archived, so it is read-only',
    remedy: 'Unarchive it, or turn off comments and issues ("comment: never", "issue: never")',
    reach: 'repository',
  },
  {
    pattern:
      /\b(?:issue|conversation|thread|discussion)\b.*\blocked|\blocked\b.*\b(?:issue|conversation|thread)/i,
    problem: 'The conversation is locked',
    remedy: 'Unlock it to let the guard comment',
    reach: 'thread',
  },
  {
    pattern: /issues? (?:is|are|has been|have been) disabled|disabled issues/i,
    problem: 'Issues are turned off in the repository',
    remedy:
      'Turn them on in its settings, choose another repository ("issue-repository"), or do without the issue ("issue: never")',
    reach: 'repository',
  },
  {
    pattern: /^410 .*deleted/i,
    problem: 'The issue or pull request was deleted',
    remedy: 'There is nothing to do',
    reach: 'thread',
  },
  {
    pattern: /interaction|restricted to (?:collaborators|contributors|existing|prior)|temporarily limited/i,
    problem: 'The repository temporarily limits who can interact with it',
    remedy: 'Lift the limit ("Interaction limits" in its settings), or wait until it expires',
    reach: 'repository',
  },
  {
    pattern: /user is blocked|you (?:have been|are) blocked|^403 blocked/i,
    problem: "The token's account is blocked there",
    remedy: 'Unblock the account, or set input "github-token" to the token of another account',
    reach: 'repository',
  },
  {
    pattern: /suspended/i,
    problem: "The token's account or app installation is suspended",
    remedy: 'Lift the suspension, or set input "github-token" to another token',
    reach: 'token',
  },
  {
    pattern: /^451 |access blocked|legal reasons|dmca/i,
    problem: 'GitHub has blocked the repository for legal reasons',
    remedy:
      'Nobody can read or write there until the block is lifted. Its owner can see why in the notice that GitHub sent',
    reach: 'repository',
  },
  {
    pattern: /^407\b|\(407\)|proxy authentication/i,
    problem: 'The proxy between the runner and GitHub asks for credentials',
    remedy:
      'Add them to HTTPS_PROXY (http://user:password@host:port), or bypass the proxy for GitHub with NO_PROXY',
    reach: 'token',
  },
  {
    pattern:
      /\b(?:SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?|CERT_[A-Z_]+|ERR_TLS_[A-Z_]+)\b|self.signed certificate|unable to (?:verify|get)[\w ]*(?:certificate|issuer)/i,
    problem: 'Node.js does not trust the certificate of GitHub, or of a proxy in front of it',
    remedy:
      'Set NODE_EXTRA_CA_CERTS in the "env" of the step to a file with the certificate of its authority',
    reach: 'token',
  },
  {
    // The HTTP client for proxies fails on a 407 without naming it.
    pattern: /^fetch failed$/,
    problem: 'The connection failed without a reason, which can mean that a proxy asks for credentials (407)',
    remedy:
      'If there is a proxy, set HTTPS_PROXY to its address with credentials (http://user:password@host:port)',
    reach: 'token',
  },
  {
    pattern: /\b(?:ENOTFOUND|EAI_AGAIN)\b/,
    problem: 'The host name of the API could not be resolved',
    remedy: 'Check GITHUB_API_URL, the DNS of the runner, and whether the runner needs a proxy (HTTPS_PROXY)',
    reach: 'token',
  },
];

/** Permissions of a workflow's token by the fields and paths that need them. */
const PERMISSION_FOR: [RegExp, string][] = [
  [/associatedPullRequests|pullRequests?|\bpull\d*$/i, 'pull-requests: read'],
  [/deployments?|environments?/i, 'deployments: read'],
  [/checkSuite|checkRuns|nodes/i, 'checks: read'],
  [/actions\/(?:runs|workflows)/i, 'actions: read'],
  [/^(?:POST|PATCH|DELETE) .*comments/, 'pull-requests: write'],
  [/^(?:POST|PATCH|DELETE) .*\/issues/, 'issues: write'],
  [/\bissues?\b|issueOrPullRequest|thread\d/i, 'issues: read'],
];

function permissionFor(target: string): string {
  return PERMISSION_FOR.find(([pattern]) => pattern.test(target))?.[1] ?? 'contents: read';
}

/** GitHub's wording for a missing permission. Every other refusal has another reason. */
const LACKS_A_PERMISSION =
  /not accessible by|must have (?:admin|push|write|read)|insufficient (?:scope|permission)|required scopes/i;

interface HttpFailure {
  name?: string;
  status?: number;
  message?: string;
  errors?: GraphqlError[];
  cause?: unknown;
  response?: { headers?: Record<string, string | number | undefined>; data?: unknown };
}

/** The messages and system error codes of a failure and its causes. */
function messagesOf(thrown: unknown): string {
  const messages: string[] = [];
  let error = thrown;
  for (let depth = 0; typeof error === 'object' && error !== null && depth < 5; depth++) {
    const { message, code, cause } = error as { message?: string; code?: unknown; cause?: unknown };
    messages.push(message ?? '', typeof code === 'string' ? code : '');
    error = cause;
  }
  return messages.filter((message) => message !== '').join(' ');
}

function knownRefusal(
  status: number | undefined,
  messages: string,
  request: string,
  quote: string,
): Refused | null {
  const known = REFUSALS.find(({ pattern }) => pattern.test(`${status ?? ''} ${messages}`.trim()));
  if (!known) return null;
  const source = status === undefined ? request : `${status}, ${request}`;
  return new Refused(`${known.problem} (${source}: ${quote}). ${known.remedy}.`, known.reach);
}

/** Turns a failed request into one line: what happened, which request failed, and what to do. */
export function explain(thrown: unknown, request: string): GuardError {
  if (thrown instanceof GuardError) return thrown;
  const error = thrown as HttpFailure;
  if (error.cause instanceof GuardError) return error.cause;
  if (/aborted due to timeout/.test(error.message ?? ''))
    return new Unreadable(
      `GitHub did not answer in time (${request}). Check the connection to the API, then run it again.`,
    );
  if (error.errors) return explainGraphql(error.errors, request);
  const quote = oneLine(error.message || messagesOf(thrown) || String(thrown));
  const { status } = error;

  if (status === 401)
    return new Refused(
      'GitHub rejected the token (401 Bad credentials). Set input "github-token" to a valid token that has not expired. In a workflow, leave it out to use the job\'s own token.',
      'token',
    );
  if (isLimited(error)) {
    const reset = Number(error.response?.headers?.['x-ratelimit-reset']);
    const next = reset > 0 ? `after ${new Date(reset * 1000).toISOString().slice(11, 16)} UTC` : 'later';
    return new RateLimited(
      `GitHub's rate limit is used up (${status ?? 'GraphQL'}, ${request}). Run it again ${next}, or set input "github-token" to a token with its own limit.`,
    );
  }
  // Octokit reports a broken connection as a 500 without a response.
  const known = knownRefusal(error.response ? status : undefined, messagesOf(thrown), request, quote);
  if (known) return known;
  if (status === 403)
    return LACKS_A_PERMISSION.test(quote)
      ? new Refused(
          `The token may not read this (403, ${request}: ${quote}). Add "permissions: ${permissionFor(request)}" to the job, or set input "github-token" to a token with that permission.`,
          'token',
        )
      : new Refused(
          `GitHub refused the request (403, ${request}: ${quote}). Check whether the settings of the repository and the organization allow it.`,
          'thread',
        );
  if (status === 502 || status === 504)
    return new TooLarge(
      `GitHub did not answer in time (${status}, ${request}). Run it again later, or with a shorter "window".`,
    );
  if (status === 422)
    return new Refused(
      `GitHub rejected the content of the request (422, ${request}: ${quote}). This is a bug in the guard: report it with this line.`,
      'thread',
    );
  return new Unreadable(
    `The request to GitHub failed (${request}: ${quote}). Check https://www.githubstatus.com and the connection to the API, then run it again.`,
  );
}

function isLimited({ status, message, response }: HttpFailure): boolean {
  return (
    status === 429 ||
    response?.headers?.['x-ratelimit-remaining'] === '0' ||
    /rate limit|blocked from content creation|submitted too quickly|abuse detection/i.test(message ?? '')
  );
}

/** GitHub asks to wait this many seconds if a limit has no time. */
const USUAL_WAIT = 60;

/** Seconds until GitHub accepts a write that it did not make because of a limit; `null`: it failed for another reason. */
function deferralOf(thrown: unknown): number | null {
  const error = thrown as HttpFailure;
  if (![403, 422, 429].includes(error.status ?? 0) || !isLimited(error)) return null;
  const headers = error.response?.headers ?? {};
  const after = Number(headers['retry-after']);
  if (after > 0) return Math.ceil(after);
  const reset = headers['x-ratelimit-remaining'] === '0' ? Number(headers['x-ratelimit-reset']) : 0;
  return reset > 0 ? Math.max(1, Math.ceil(reset - Date.now() / 1000) + 1) : USUAL_WAIT;
}

function explainGraphql(errors: GraphqlError[], request: string): GuardError {
  const [first] = errors;
  const quote = oneLine(first?.message ?? 'no reason given');
  const field = first?.path?.join('.') ?? '';
  const hasType = (...types: string[]) =>
    errors.some(({ type }) => type !== undefined && types.includes(type));

  if (hasType('NOT_FOUND') && field === 'repository')
    return new NotFound(
      `Input "repository": GitHub has no such repository, or the token may not see it (${quote}). Check the spelling, or set input "github-token" to a token with "contents: read" there.`,
    );
  if (hasType('RATE_LIMITED', 'RATE_LIMIT'))
    return new RateLimited(
      `GitHub's GraphQL rate limit is used up (${quote}). Run it again in an hour, or set input "github-token" to a token with its own limit.`,
    );
  const known = knownRefusal(undefined, quote, request, quote);
  if (known) return known;
  if (hasType('FORBIDDEN', 'INSUFFICIENT_SCOPES') || LACKS_A_PERMISSION.test(quote))
    return new Refused(
      `The token may not read ${field || 'this'} (${quote}). Add "permissions: ${permissionFor(field)}" to the job, or set input "github-token" to a token with that permission.`,
      'token',
    );
  if (hasType('RESOURCE_LIMITS_EXCEEDED') || /timed? ?out|timeout|something went wrong/i.test(quote))
    return new TooLarge(
      `GitHub gave up on a query (${quote}). Run it again later, or with a shorter "window".`,
    );
  return new Refused(
    `GitHub refused a query (${request}${field && `, ${field}`}: ${quote}). This is a bug in the guard: report it with this line.`,
    'token',
  );
}

/** What the entries of a list are, by its path. */
const NOUNS: readonly [RegExp, string][] = [
  [/PullRequests|pull\d/, 'pull requests'],
  [/deployments/, 'deployments'],
  [/check|suite/i, 'jobs or runs'],
  [/history|commit|object/, 'commits'],
];

type Path = readonly (string | number)[];

/** Whether a key of a path names one entry of a list, or one of several fields with a number. */
const isEntry = (key: string | number | undefined): boolean =>
  typeof key === 'number' || /\d$/.test(key ?? '');

/**
 * Separates errors about single entries of a list, such as a pull request of an organization that the token is not
 * authorized for. Removes these entries from `data`, because a null without an error means that the list was not read.
 *
 * @param withheld - receives what was withheld and why, by kind.
 * @returns the errors that the rest of the answer cannot be used with.
 */
export function withoutWithheld(
  data: object,
  errors: readonly GraphqlError[],
  withheld: Map<string, string>,
): GraphqlError[] {
  const lists = new Set<unknown[]>();
  const serious = errors.filter((error) => {
    const path = pathOfNull(data, error.path ?? []);
    if (!path?.some(isEntry) || !isRefusal(error)) return true;
    const noun = NOUNS.find(([pattern]) => pattern.test(path.join('.')))?.[1] ?? 'entries';
    const key = `${noun} ${error.type}`;
    // If no entry can be read, a permission is missing.
    if (LACKS_A_PERMISSION.test(error.message) && !withheld.has(key) && !hasOther(data, path)) return true;
    const list = valueAt(data, path.slice(0, -1));
    const last = path.at(-1);
    if (Array.isArray(list) && typeof last === 'number') {
      list[last] = undefined;
      lists.add(list);
    }
    const fields = path.flatMap((key) => (typeof key === 'number' ? [] : [key.replace(/\d+$/, '')]));
    const reason =
      error.type === 'NOT_FOUND'
        ? `GitHub has nothing there, or the token may not see it (${oneLine(error.message)}).`
        : explainGraphql([{ ...error, path: fields }], 'POST /graphql').message;
    if (!withheld.has(key)) withheld.set(key, `${noun}. ${reason}`);
    return false;
  });
  for (const list of lists) list.splice(0, list.length, ...list.filter((entry) => entry !== undefined));
  return serious;
}

const isRefusal = ({ type = '', message }: GraphqlError): boolean =>
  ['FORBIDDEN', 'NOT_FOUND', 'INSUFFICIENT_SCOPES'].includes(type) || /SAML enforcement/i.test(message);

const valueAt = (data: unknown, path: Path): unknown =>
  path.reduce((value, key) => (value as Record<string | number, unknown> | null | undefined)?.[key], data);

/** The part of an error's path that leads to a null; `null` if there is none. */
function pathOfNull(data: unknown, path: Path): Path | null {
  const length = path.findIndex((_, i) => valueAt(data, path.slice(0, i + 1)) === null);
  return length < 0 ? null : path.slice(0, length + 1);
}

/** Whether the same field of another entry has a value. */
function hasOther(value: unknown, [key, ...rest]: Path): boolean {
  if (key === undefined) return value != null;
  if (typeof value !== 'object' || value === null) return false;
  const stem = String(key).replace(/\d+$/, '');
  return Object.entries(value).some(
    ([name, field]) =>
      (isEntry(key) ? name.replace(/\d+$/, '') === stem : name === key) && hasOther(field, rest),
  );
}

export function notFound(path: string): NotFound {
  return new NotFound(
    `GitHub has nothing at ${path} (404). Check the name, and whether the token may see it ("permissions: ${permissionFor(path)}").`,
  );
}

/** Like {@link explain}, but for writes: names the permission that a refused write needs. */
function explainWrite(thrown: unknown, request: string): GuardError {
  const { status, message = '' } = thrown as HttpFailure;
  const quote = oneLine(message);
  if (status === 404 || (status === 410 && !/disabled/i.test(quote)))
    return new NotFound(
      `GitHub has nothing there, or the token may not see it (${status}, ${request}: ${quote}).`,
    );
  if (deferralOf(thrown) !== null)
    return new RateLimited(
      `GitHub defers new comments and issues, because there were too many with this token (${status}, ${request}: ${quote}). The next run writes it. With many runs at once, set input "github-token" to a token with its own limit.`,
    );
  if (status !== 403 || !LACKS_A_PERMISSION.test(quote)) return explain(thrown, request);
  return new NotAllowed(
    `The token may not write this (403, ${request}: ${quote}). Add "permissions: ${permissionFor(request)}" to the job.`,
    'token',
  );
}

/** Longest wait for a write that GitHub defers, in seconds. */
const LONGEST_DEFERRAL = 60;

/**
 * Sends a write again that GitHub deferred, once in a run, since the limit is the same for all writes.
 *
 * @throws {GuardError} which explains the failure.
 */
export async function afterFailure<T>(
  thrown: unknown,
  request: string,
  send: () => Promise<T>,
  run: { hasWaited: boolean; signal?: AbortSignal; onNotice?: (line: string) => void },
): Promise<T> {
  const seconds = deferralOf(thrown);
  if (run.hasWaited || seconds === null || seconds > LONGEST_DEFERRAL) throw explainWrite(thrown, request);
  run.hasWaited = true;
  run.onNotice?.(`GitHub defers what this run writes. Trying once more in ${seconds} s.`);
  try {
    await sleep(seconds * 1000, undefined, run.signal ? { signal: run.signal } : {});
    return await send();
  } catch (error) {
    run.signal?.throwIfAborted();
    throw explainWrite(error, request);
  }
}
