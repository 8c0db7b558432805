import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import { BudgetSpent, type GraphqlError, RateLimited } from './errors.ts';
import { batched, type GraphqlAnswer, type Share } from './query-batching.ts';
import { direct, type Sent, type Transport } from './transport.ts';

export interface ClientOptions {
  token: string;
  apiUrl: string;
  graphqlUrl: string;
  /** Called after each answer, for a progress line. */
  onAnswer?: () => void;
  /** Sees each request and its answer, so that several runs can share a budget. */
  meter?: Meter;
  /** Called with a line for the log when GitHub asks the client to wait. */
  onNotice?: (line: string) => void;
  /** Whether requests go through a proxy. That takes another HTTP client, which makes up most of the bundle. */
  proxied?: boolean;
  /** Ends requests in progress and refuses new ones, with the signal's reason. */
  signal?: AbortSignal;
  /** Maximum number of read requests; unlimited by default. */
  maxRequests?: number;
  /**
   * Milliseconds between two writes, and the base for waits between tries. Defaults to a second, as GitHub asks. A GitHub
   * server on the same machine needs no pause.
   */
  pace?: number;
  /** Time limit for one request, in milliseconds. */
  requestTimeout?: number;
}

/** Counts the cost of requests when several runs share a budget. */
export interface Meter {
  /** Resolves when a request may be made; rejects when the budget is used up. */
  before(isGraphql: boolean): Promise<void>;
  after(answer: {
    isGraphql: boolean;
    milliseconds: number;
    headers: { get(name: string): string | null | undefined };
  }): void;
  /** Called when GitHub's rate limit is reached, so later results are incomplete. */
  limited(why: string): void;
}

/** Reads from GitHub. A failed read rejects with an error that says what to do. */
export interface GitHub {
  /**
   * Resolves to the `data` of the answer. An answer with `errors` is a rejection.
   *
   * @param share - the query's share of a request; by default 1, which sends it alone.
   * @param usesRest - if GitHub withholds some entries of a list, resolves without them, and {@link withheld} has them.
   */
  graphql<T>(
    query: string,
    variables: Record<string, unknown>,
    share?: Share,
    usesRest?: boolean,
  ): Promise<T>;
  /** What GitHub withheld so far, and why. */
  withheld(): string[];
  /** Gets one object, or one page of a REST list. */
  get<T>(path: string, parameters: Record<string, string | number>): Promise<T>;
  /** The `Date` header of the newest answer; `null` before the first. */
  clock(): Date | null;
  /** What the reads cost so far. */
  cost(): Cost;
  /**
   * Runs `work` with a part of the remaining read requests: `share` of them (0 to 1), and at most `most`. Past that,
   * requests reject as if the budget were used up. No other reads may run meanwhile.
   */
  withinBudget<T>(share: number, most: number, work: () => Promise<T>): Promise<T>;
}

export interface Cost {
  requests: number;
  /** Points of the token that are left this hour, and all that it has; `null`: GitHub did not say. */
  points: { left: number; limit: number } | null;
}

/** Optional data is not read any more if less than this share of the token's points is left. */
const RESERVE = 0.1;

/** The longest wait for a rate limit, in seconds. */
const LONGEST_WAIT = 60;
/** Milliseconds between writes, as GitHub asks. */
const PACE = 1000;
/** Time limit for one request, in milliseconds. */
const PATIENCE = 30_000;

/** Replaces a queue of the throttling plugin, whose limit of ten requests at once stays in force. */
const UNSPACED = {
  key: () => ({ schedule: (_options: unknown, task: () => unknown) => task() }),
};

/** Writes to GitHub: one request at a time, a second apart, and without a second try unless GitHub defers the first. */
export interface GitHubWriter {
  /** @throws {NotAllowed} if the token lacks a permission, {NotFound} if nothing is at the path, {Refused} if GitHub refuses. */
  write<T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body: Record<string, unknown>): Promise<T>;
  /** Called before a text is created. Resolves to whether another run may have created it meanwhile. */
  turn?(): Promise<boolean>;
}

let clients = 0;

interface Budget {
  used: number;
  /** Requests allowed for the current work. */
  limit: number;
  points: Cost['points'];
  /** Whether few points are left, so that optional data is not read. */
  isShort: boolean;
  /** Whether the limit is for optional data only, and the verdict could still use more requests. */
  isForOptionalData: boolean;
}

const UNLIMITED = { limit: Number.POSITIVE_INFINITY, isForOptionalData: false, isShort: false };

/** A throttled client that supports the runner's proxy and GitHub Enterprise Server. */
function octokitOf(
  options: ClientOptions,
  plugins: { retry: Record<string, unknown>; throttle: Record<string, unknown> },
  budget: Budget = { used: 0, points: null, ...UNLIMITED },
  noteDate: (header: string | undefined) => void = () => {},
) {
  const notice = options.onNotice ?? (() => {});
  const wait =
    (limit: string) =>
    (seconds: number, _request: unknown, _octokit: unknown, retries: number): boolean => {
      const isRetried = seconds <= LONGEST_WAIT && retries < 2;
      if (isRetried) notice(`GitHub's ${limit} is reached. Trying again in ${seconds} s.`);
      return isRetried;
    };
  return new (Octokit.plugin(throttling, retry))({
    auth: options.token,
    baseUrl: options.apiUrl,
    userAgent: 'deploy-latency-guard',
    log: { debug() {}, info() {}, warn: notice, error() {} },
    request: {
      fetch: fetchOf(options, budget, noteDate),
      // Octokit's own parser is slow and turns large numbers into bigints.
      parseSuccessResponseBody: false,
    },
    retry: plugins.retry,
    throttle: {
      id: `client-${++clients}`,
      onRateLimit: wait('rate limit'),
      onSecondaryRateLimit: wait('secondary rate limit'),
      ...plugins.throttle,
    },
  });
}

/** Node's own HTTP client ignores proxies. The `fetch` of `@actions/github` follows HTTPS_PROXY and NO_PROXY. */
async function transportOf({ proxied }: ClientOptions): Promise<Transport> {
  if (!proxied) return direct;
  const { defaults } = await import('@actions/github/lib/utils');
  const throughProxy = defaults.request?.fetch as typeof fetch;
  return async (url, sent) => {
    const response = await throughProxy(url, sent);
    const { status, headers } = response;
    return { status, url: response.url, headers: new Map(headers), text: await response.text() };
  };
}

/**
 * The `fetch` for Octokit. It sets a time limit for each try and counts requests against the budget. It parses the body
 * itself, so that an incomplete answer is a failure, which the retry plugin tries again.
 *
 * Numbers are exact up to 2^53. GitHub's largest ids, of jobs, are a hundred thousand times smaller, and a comment's
 * `fullDatabaseId` is a string.
 */
function fetchOf(options: ClientOptions, budget: Budget, noteDate: (header: string | undefined) => void) {
  const transport = transportOf(options);
  return async (url: string, sent: Omit<Sent, 'signal'>) => {
    budget.used += 1;
    if (budget.used > Math.min(options.maxRequests ?? Number.POSITIVE_INFINITY, budget.limit))
      throw new BudgetSpent(budget.isForOptionalData ? null : (options.maxRequests ?? 0), budget.isShort);
    const isGraphql = url.endsWith('/graphql');
    await options.meter?.before(isGraphql);
    const timeout = AbortSignal.timeout(options.requestTimeout ?? PATIENCE);
    const signal = options.signal ? AbortSignal.any([timeout, options.signal]) : timeout;
    const startedAt = performance.now();
    const { text, ...received } = await (await transport)(url, { ...sent, signal });
    const { status, headers } = received;
    options.meter?.after({ isGraphql, milliseconds: performance.now() - startedAt, headers });
    noteDate(headers.get('date'));
    if (isGraphql) budget.points = pointsIn(headers) ?? budget.points;
    const isParsed = status >= 200 && status < 300 && status !== 204;
    const body = isParsed ? (JSON.parse(text) as unknown) : null;
    if (isGraphql) markHeavy((body as GraphqlAnswer | null)?.errors);
    // The parts of a `Response` that Octokit reads. It returns `body` unchanged and takes the text of errors only.
    return {
      ...received,
      body,
      text: async () => text,
      arrayBuffer: async () => new ArrayBuffer(0),
    };
  };
}

function pointsIn(headers: { get(name: string): string | null | undefined }): Cost['points'] {
  const [left, limit] = ['remaining', 'limit'].map((name) =>
    Number(headers.get(`x-ratelimit-${name}`) || Number.NaN),
  );
  return left !== undefined && limit !== undefined && limit > 0 && left >= 0 ? { left, limit } : null;
}

/** How GitHub says that a query took too long. */
const TOOK_TOO_LONG = /Something went wrong while executing your query/;

/**
 * Gives that error a type of its own, and another text: by its text, the retry plugin would turn it into a status 500 without
 * `errors` and send the same query twice more, though only a smaller one can succeed.
 */
function markHeavy(errors: unknown): void {
  for (const error of Array.isArray(errors) ? (errors as GraphqlError[]) : [])
    if (TOOK_TOO_LONG.test(error?.message))
      Object.assign(error, {
        type: 'RESOURCE_LIMITS_EXCEEDED',
        message: error.message.replace(TOOK_TOO_LONG, 'The query took too long'),
      });
}

/** Whether an error only reports that an issue or pull request does not exist, which a null in the data reports too. */
function isOnlyMissing({ type, path }: GraphqlError): boolean {
  return (
    type === 'NOT_FOUND' &&
    path?.[0] === 'repository' &&
    path.length === 2 &&
    /^(?:pull|thread)\d+$/.test(String(path[1]))
  );
}

/**
 * Removes pull requests that are null without an error, so that the check of the answer finds them missing. GitHub names
 * every pull request that does not exist, so a token that gets only null may not read it.
 */
function dropUnexplained(data: GraphqlAnswer['data'], errors: readonly GraphqlError[]): void {
  const repository = data?.repository as Record<string, unknown> | null | undefined;
  for (const [name, value] of Object.entries(repository ?? {}))
    if (value === null && /^pull\d+$/.test(name) && !errors.some(({ path }) => path?.[1] === name))
      delete repository?.[name];
}

/** Resolves with `work`, or rejects as soon as the signal aborts, since a plugin's wait would not notice that. */
function abortable<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

export function connect(options: ClientOptions): GitHub {
  let latest: Date | null = null;
  const budget: Budget = { used: 0, points: null, ...UNLIMITED };
  const withheld = new Map<string, string>();
  const octokit = octokitOf(
    options,
    {
      retry: { retries: 2, retryAfterBaseValue: options.pace ?? PACE },
      // GraphQL queries are POST requests, which the plugin would space like writes.
      throttle: { write: UNSPACED },
    },
    budget,
    (header) => {
      const date = new Date(header ?? Number.NaN);
      if (date.getTime() > (latest?.getTime() ?? 0)) latest = date;
    },
  );
  const fail = async (error: unknown, request: string): Promise<never> => {
    options.signal?.throwIfAborted();
    const { explain } = await import('./explain.ts');
    const explained = explain(error, request);
    if (explained instanceof RateLimited) options.meter?.limited(explained.message);
    throw explained;
  };
  const answerTo = batched(async ({ text, variables }, isJoined) => {
    const { data: body } = await abortable(
      options.signal,
      octokit.request('POST /graphql', {
        // The plugins recognize GraphQL by the path "/graphql", which has another base on GitHub Enterprise Server.
        baseUrl: options.graphqlUrl.replace(/\/graphql\/?$/, ''),
        query: text,
        variables,
        ...(isJoined ? { request: { retries: 0 } } : {}),
      }),
    ).catch((error: unknown) => fail(error, 'POST /graphql'));
    options.onAnswer?.();
    return (body ?? {}) as GraphqlAnswer;
  });
  return {
    clock: () => latest,
    cost: () => ({ requests: budget.used, points: budget.points }),
    async withinBudget(share, most, work) {
      const remaining = (options.maxRequests ?? Number.POSITIVE_INFINITY) - budget.used;
      budget.isForOptionalData = most < remaining * share;
      const { points } = budget;
      budget.isShort = points !== null && points.left < points.limit * RESERVE;
      budget.limit = budget.used + (budget.isShort ? 0 : Math.min(Math.floor(remaining * share), most));
      try {
        return await work();
      } finally {
        Object.assign(budget, UNLIMITED);
      }
    },
    withheld: () => [...withheld.values()],
    async graphql<T>(
      query: string,
      variables: Record<string, unknown>,
      share: Share = 1,
      usesRest = false,
    ): Promise<T> {
      const { data, errors = [] } = await answerTo({ text: query, variables }, share);
      dropUnexplained(data, errors);
      let serious = errors.filter((error) => !data || !isOnlyMissing(error));
      if (usesRest && data && serious.length > 0)
        serious = (await import('./explain.ts')).withoutWithheld(data, serious, withheld);
      if (serious.length > 0) return fail({ errors: serious }, 'POST /graphql');
      return (data ?? fail(new Error('the answer has no data'), 'POST /graphql')) as T;
    },
    async get<T>(path: string, parameters: Record<string, string | number>): Promise<T> {
      const answer = await abortable(options.signal, octokit.request(`GET ${path}`, parameters)).catch(
        async (error: unknown) => {
          if ((error as { status?: number }).status === 404)
            throw (await import('./explain.ts')).notFound(path);
          return fail(error, `GET ${path}`);
        },
      );
      options.onAnswer?.();
      return answer.data as T;
    },
  };
}

export function connectWriter(options: ClientOptions): GitHubWriter {
  // Created on first use, as most runs write nothing.
  let octokit: ReturnType<typeof octokitOf> | undefined;
  const deferral = { ...options, hasWaited: false };
  return {
    async write<T>(method: string, path: string, body: Record<string, unknown>): Promise<T> {
      octokit ??= octokitOf(options, {
        // A write whose answer was lost may have succeeded, so a second try could write twice.
        retry: { enabled: false },
        throttle: {
          // The plugin would space comments three seconds apart. Its queue of writes spaces them by one, as GitHub asks.
          notifications: UNSPACED,
          ...(options.pace === 0 ? { write: UNSPACED } : {}),
          onRateLimit: () => false,
          onSecondaryRateLimit: () => false,
        },
      });
      const { request } = octokit;
      const send = () => abortable(options.signal, request(`${method} ${path}`, body));
      const answer = await send().catch(async (error: unknown) => {
        options.signal?.throwIfAborted();
        const { afterFailure } = await import('./explain.ts');
        return afterFailure(error, `${method} ${path}`, send, deferral);
      });
      return answer.data as T;
    },
  };
}
