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

/** A failed request in words: what happened, and what to do. It is loaded where one fails. */

interface KnownRefusal {
  /** What GitHub, the way to it or the connection's own failure says, with its status or code. */
  says: RegExp;
  is: string;
  remedy: string;
  reach: Reach;
}

/** GitHub's answers and those of what stands before it: what each is, and what to do. The first that fits is taken. */
const REFUSALS: readonly KnownRefusal[] = [
  {
    says: /SAML enforcement|saml_failure/i,
    is: 'The organization enforces SAML single sign-on, and the token is not authorized for it',
    remedy:
      'Authorize the token for the organization (where the token is kept: "Configure SSO"), or leave input "github-token" out to use the job\'s own',
    reach: 'token',
  },
  {
    says: /IP allow list/i,
    is: "The organization has an IP allow list, and the runner's address is not on it",
    remedy: "Put the runner's address on the list, or run on a runner whose address is",
    reach: 'token',
  },
  {
    says: /forbids access via a/i,
    is: "The organization's policy does not take tokens of this kind",
    remedy:
      'Give input "github-token" a token of a kind that it takes, or leave it out to use the job\'s own',
    reach: 'token',
  },
  {
    says: /archived/i,
    is: 'The repository is archived: it can be read and not written to',
    remedy: 'Unarchive it, or say nothing there ("comment: never", "issue: never")',
    reach: 'repository',
  },
  {
    says: /\b(?:issue|conversation|thread|discussion)\b.*\blocked|\blocked\b.*\b(?:issue|conversation|thread)/i,
    is: 'The conversation is locked',
    remedy: 'Unlock it to have it told there',
    reach: 'thread',
  },
  {
    says: /issues? (?:is|are|has been|have been) disabled|disabled issues/i,
    is: 'Issues are off in the repository',
    remedy:
      'Turn them on in its settings, keep the issue elsewhere ("issue-repository"), or keep none ("issue: never")',
    reach: 'repository',
  },
  {
    says: /^410 .*deleted/i,
    is: 'It was deleted',
    remedy: 'Nothing need be done',
    reach: 'thread',
  },
  {
    says: /interaction|restricted to (?:collaborators|contributors|existing|prior)|temporarily limited/i,
    is: 'The repository limits who may interact with it for a time',
    remedy: 'Lift the limit (its settings: "Interaction limits"), or wait until it ends',
    reach: 'repository',
  },
  {
    says: /user is blocked|you (?:have been|are) blocked|^403 blocked/i,
    is: 'Whoever the token belongs to is blocked there',
    remedy: 'Unblock that account, or give input "github-token" the token of another',
    reach: 'repository',
  },
  {
    says: /suspended/i,
    is: 'The account or the installation that the token belongs to is suspended',
    remedy: 'Lift the suspension, or give input "github-token" another token',
    reach: 'token',
  },
  {
    says: /^451 |access blocked|legal reasons|dmca/i,
    is: 'GitHub has blocked the repository for legal reasons',
    remedy: 'Its owner finds the notice that GitHub sent; until then nothing can be read or written there',
    reach: 'repository',
  },
  {
    says: /^407\b|\(407\)|proxy authentication/i,
    is: 'The proxy on the way to GitHub asks for credentials',
    remedy: 'Put them into HTTPS_PROXY (http://user:password@host:port), or let GitHub past it with NO_PROXY',
    reach: 'token',
  },
  {
    says: /\b(?:SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?|CERT_[A-Z_]+|ERR_TLS_[A-Z_]+)\b|self.signed certificate|unable to (?:verify|get)[\w ]*(?:certificate|issuer)/i,
    is: 'The certificate of GitHub, or of a proxy that stands before it, is of an authority that Node.js does not know',
    remedy: 'Name the file of that authority\'s certificate in NODE_EXTRA_CA_CERTS (the "env" of the step)',
    reach: 'token',
  },
  {
    // The client that knows proxies takes no answer 407, and does not say so.
    says: /^fetch failed$/,
    is: 'The connection failed, and nothing says why; a proxy on the way that asks for credentials (407) ends so',
    remedy:
      'Where there is one, name it with its credentials in HTTPS_PROXY (http://user:password@host:port)',
    reach: 'token',
  },
  {
    says: /\b(?:ENOTFOUND|EAI_AGAIN)\b/,
    is: "The name of the API's host cannot be resolved",
    remedy:
      'Check GITHUB_API_URL, the name servers of the runner, and whether it takes a proxy (HTTPS_PROXY)',
    reach: 'token',
  },
];

/** Which permission of a workflow's token lets it read a field of the answer, or write to a path. */
const PERMISSION_FOR: [RegExp, string][] = [
  [/associatedPullRequests|pullRequests?/i, 'pull-requests: read'],
  [/deployments?|environments?/i, 'deployments: read'],
  [/checkSuite|checkRuns|nodes/i, 'checks: read'],
  [/actions\/(?:runs|workflows)/i, 'actions: read'],
  [/^(?:POST|PATCH|DELETE) .*comments/, 'pull-requests: write'],
  [/^(?:POST|PATCH|DELETE) .*\/issues/, 'issues: write'],
  [/\bissues?\b|issueOrPullRequest|thread\d/i, 'issues: read'],
];

function permissionFor(where: string): string {
  return PERMISSION_FOR.find(([pattern]) => pattern.test(where))?.[1] ?? 'contents: read';
}

/** GitHub says so where a permission is what lacks; any other refusal is of another reason. */
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

/** What a failure and all that caused it say, the codes of the system's own errors too. */
function allSaid(thrown: unknown): string {
  const said: string[] = [];
  for (let each = thrown, deep = 0; typeof each === 'object' && each !== null && deep < 5; deep++) {
    const { message, code, cause } = each as { message?: string; code?: unknown; cause?: unknown };
    said.push(message ?? '', typeof code === 'string' ? code : '');
    each = cause;
  }
  return said.filter((each) => each !== '').join(' ');
}

/** The row of the table that a failure is, in words; `null`: it is none of them. */
function refusal(status: number | undefined, said: string, request: string, message: string): Refused | null {
  const found = REFUSALS.find(({ says }) => says.test(`${status ?? ''} ${said}`.trim()));
  if (!found) return null;
  const where = [status, request].filter((each) => each !== undefined).join(', ');
  return new Refused(`${found.is} (${where}: ${message}). ${found.remedy}.`, found.reach);
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
  const said = oneLine(error.message || allSaid(thrown) || String(thrown));
  const { status } = error;

  if (status === 401)
    return new Refused(
      'GitHub does not accept the token (401 Bad credentials). Give input "github-token" a token that is valid and not expired; in a workflow leave the input out to use the job\'s own.',
      'token',
    );
  if (isLimited(error)) {
    const reset = Number(error.response?.headers?.['x-ratelimit-reset']);
    const until = reset > 0 ? ` It is free again at ${new Date(reset * 1000).toISOString()}.` : '';
    return new RateLimited(
      `GitHub's rate limit is used up (${status ?? 'GraphQL'}, ${request}).${until} Run it again then, or give input "github-token" a token with a limit of its own.`,
    );
  }
  // A failure of the connection has no status of its own; the client calls it a 500.
  const known = refusal(error.response ? status : undefined, allSaid(thrown), request, said);
  if (known) return known;
  if (status === 403)
    return LACKS_A_PERMISSION.test(said)
      ? new Refused(
          `The token may not read this (403, ${request}: ${said}). Add "permissions: ${permissionFor(request)}" to the job, or give input "github-token" a token that has it.`,
          'token',
        )
      : new Refused(
          `GitHub refused it (403, ${request}: ${said}). What it says is the reason: see what the repository and the organization allow.`,
          'thread',
        );
  if (status === 502 || status === 504)
    return new TooLarge(
      `GitHub did not answer in time (${status}, ${request}). Run it again later, or with a shorter "window".`,
    );
  if (status === 422)
    return new Refused(
      `GitHub did not take what was sent (422, ${request}: ${said}). Please report it with this line.`,
      'thread',
    );
  return new Unreadable(
    `The request to GitHub failed (${request}: ${said}). Check https://www.githubstatus.com and the connection to the API, then run it again.`,
  );
}

function isLimited({ status, message, response }: HttpFailure): boolean {
  return (
    status === 429 ||
    response?.headers?.['x-ratelimit-remaining'] === '0' ||
    /rate limit/i.test(message ?? '')
  );
}

function explainGraphql(errors: GraphqlError[], request: string): GuardError {
  const [first] = errors;
  const said = oneLine(first?.message ?? 'no reason given');
  const where = first?.path?.join('.') ?? '';
  const kind = (type: string) => errors.some((error) => error.type === type);

  if (kind('NOT_FOUND') && where === 'repository')
    return new NotFound(
      `Input "repository": GitHub knows no such repository, or the token may not see it (${said}). Check the spelling, or give input "github-token" a token with "contents: read" there.`,
    );
  if (kind('RATE_LIMITED') || kind('RATE_LIMIT'))
    return new RateLimited(
      `GitHub's GraphQL rate limit is used up (${said}). Run it again within the hour, or give input "github-token" a token with a limit of its own.`,
    );
  const known = refusal(undefined, said, request, said);
  if (known) return known;
  if (kind('FORBIDDEN') || kind('INSUFFICIENT_SCOPES') || LACKS_A_PERMISSION.test(said))
    return new Refused(
      `The token may not read ${where || 'this'} (${said}). Add "permissions: ${permissionFor(where)}" to the job, or give input "github-token" a token that has it.`,
      'token',
    );
  if (kind('RESOURCE_LIMITS_EXCEEDED') || /timed? ?out|timeout|something went wrong/i.test(said))
    return new TooLarge(
      `GitHub gave up on a query (${said}). Run it again later, or with a shorter "window".`,
    );
  return new Refused(
    `GitHub refused a query (${request}${where && `, ${where}`}: ${said}). Please report this as a bug.`,
    'token',
  );
}

export function notFound(path: string): NotFound {
  return new NotFound(
    `GitHub has nothing at ${path} (404). Check the name, and that the token may see it ("permissions: ${permissionFor(path)}").`,
  );
}

/** A write that was refused, in a line that says which permission would let it; any other failure as for a read. */
export function explainWrite(thrown: unknown, request: string): GuardError {
  const { status, message = '' } = thrown as HttpFailure;
  const said = oneLine(message);
  if (status === 404 || (status === 410 && !/disabled/i.test(said)))
    return new NotFound(`GitHub has nothing there, or not for this token (${status}, ${request}: ${said}).`);
  if (status !== 403 || isLimited(thrown as HttpFailure) || !LACKS_A_PERMISSION.test(said))
    return explain(thrown, request);
  return new NotAllowed(
    `The token may not write this (403, ${request}: ${said}). Add "permissions: ${permissionFor(request)}" to the job.`,
    'token',
  );
}
