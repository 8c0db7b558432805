import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import { BudgetSpent, type GraphqlError, RateLimited } from './errors.ts';
import { type GraphqlAnswer, type Share, together } from './together.ts';
import { direct, type Sent, type Transport } from './transport.ts';

export interface ClientOptions {
  token: string;
  apiUrl: string;
  graphqlUrl: string;
  /** Called after each answer, for a progress line. */
  onAnswer?: () => void;
  /** Stands before every request, and hears of every answer. */
  meter?: Meter;
  /** A line worth logging: a wait that GitHub asked for. */
  onNotice?: (line: string) => void;
  /** Whether a proxy stands in between: then its HTTP client is loaded, which is most of a bundle. */
  proxied?: boolean;
  /** Ends whatever is under way, and all that would come after, with the signal's reason. */
  signal?: AbortSignal;
  /** How many requests may be made for reading; no bound by default. */
  maxRequests?: number;
  /**
   * Milliseconds between two writes, and what waits before a further try are made of; a second by default, as GitHub
   * asks. A GitHub on this machine needs none.
   */
  pace?: number;
  /** How long one request may take, in milliseconds. */
  patience?: number;
}

/** What requests cost together, where several runs share a budget. */
export interface Meter {
  /** Resolves when a request may be made; rejects where there is no budget left. */
  before(isGraphql: boolean): Promise<void>;
  after(answer: {
    isGraphql: boolean;
    milliseconds: number;
    headers: { get(name: string): string | null | undefined };
  }): void;
  /** GitHub's limit is reached: whatever is made of the answers to come lacks something. */
  limited(why: string): void;
}

/** All that the rooms below need of GitHub. Both reject with an error that says what to do. */
export interface GitHub {
  /**
   * The `data` of a query's answer. An answer with `errors` beside its data is a rejection.
   *
   * @param share - how much of a request it takes; by default all of it, and then it goes alone.
   */
  graphql<T>(query: string, variables: Record<string, unknown>, share?: Share): Promise<T>;
  /** One page of a REST list or one object. */
  get<T>(path: string, parameters: Record<string, string | number>): Promise<T>;
  /** What time it was at GitHub with its latest answer, by the answer's `Date`; `null` before there was one. */
  clock(): Date | null;
  /**
   * What `work` comes to, which may make so large a share of the requests that are left for reading, and no more than
   * `most`; then it rejects as if there were none left. Nothing else may be under way.
   */
  within<T>(share: number, most: number, work: () => Promise<T>): Promise<T>;
}

/** The longest wait for a rate limit that a step should sit through, in seconds. */
const LONGEST_WAIT = 60;
/** GitHub asks for a second between writes. */
const PACE = 1000;
/** A page that GitHub has not brought in so many milliseconds is not going to come. */
const PATIENCE = 30_000;

/**
 * GraphQL queries are POST requests, which the throttling plugin spaces a second apart as if they wrote.
 * These only read: they skip that queue, and the plugin's limit of ten at once still holds.
 */
const READS_UNSPACED = {
  key: () => ({ schedule: (_options: unknown, task: () => unknown) => task() }),
};

/** Comments would be spaced three seconds apart; GitHub asks for one, which the queue of writes keeps. */
const SPACED_BY_WRITES = READS_UNSPACED;

/** What is written to GitHub: one request at a time, a second apart, and never a second try of the same. */
export interface GitHubWriter {
  /** @throws {NotAllowed} where the token may not; {NotFound} where there is nothing at the path; {Refused} where GitHub says no. */
  write<T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body: Record<string, unknown>): Promise<T>;
}

let clients = 0;

/** Requests that were made, and how many may be for now. */
interface Budget {
  used: number;
  most: number;
  /** Whether there would be more for something that the verdict needs. */
  isOfExtra: boolean;
}

const noBudget = (): Budget => ({ used: 0, most: Number.POSITIVE_INFINITY, isOfExtra: false });

/** A client that is throttled, goes through the runner's proxy, and knows GHES. Both of the below are made of it. */
function octokitOf(
  options: ClientOptions,
  more: Record<string, unknown>,
  throttle: Record<string, unknown>,
  noteDate: (header: string | undefined) => void = () => {},
  budget: Budget = noBudget(),
) {
  const notice = options.onNotice ?? (() => {});
  const wait =
    (limit: string) =>
    (seconds: number, _request: unknown, _octokit: unknown, retries: number): boolean => {
      const willing = seconds <= LONGEST_WAIT && retries < 2;
      if (willing) notice(`GitHub's ${limit} is reached; trying again in ${seconds} s.`);
      return willing;
    };
  const Client = Octokit.plugin(throttling, retry);
  return new Client({
    auth: options.token,
    baseUrl: options.apiUrl,
    userAgent: 'deploy-latency-guard',
    log: { debug() {}, info() {}, warn: notice, error() {} },
    request: {
      fetch: careful(transportOf(options), options, noteDate, budget),
      // Octokit's own parser is slow and turns large numbers into bigints.
      parseSuccessResponseBody: false,
    },
    ...more,
    throttle: {
      id: `client-${++clients}`,
      onRateLimit: wait('rate limit'),
      onSecondaryRateLimit: wait('secondary rate limit'),
      ...throttle,
    },
  });
}

/** Node's own client knows no proxy; the `fetch` of `@actions/github` does, and NO_PROXY with it. */
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

/** The parts of a `Response` that Octokit reads. */
interface OctokitResponse {
  status: number;
  url: string;
  headers: ReadonlyMap<string, string>;
  /** Octokit returns it unchanged: see `parseSuccessResponseBody`. */
  body: unknown;
  /** The body of an error. */
  text(): Promise<string>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/**
 * The `fetch` for Octokit. It sets a time limit for each try and counts requests against the budget. It parses the body
 * itself, so that an incomplete answer is a failure, which the retry plugin tries again.
 *
 * Numbers are exact up to 2^53. GitHub's largest ids, of jobs, are a hundred thousand times smaller, and a comment's
 * `fullDatabaseId` is a string.
 */
function careful(
  transport: Promise<Transport>,
  options: ClientOptions,
  noteDate: (header: string | undefined) => void,
  budget: Budget,
) {
  return async (url: string, sent: Omit<Sent, 'signal'>): Promise<OctokitResponse> => {
    budget.used += 1;
    if (budget.used > Math.min(options.maxRequests ?? Number.POSITIVE_INFINITY, budget.most))
      throw new BudgetSpent(budget.isOfExtra ? null : (options.maxRequests ?? 0));
    const isGraphql = url.endsWith('/graphql');
    await options.meter?.before(isGraphql);
    const clock = AbortSignal.timeout(options.patience ?? PATIENCE);
    const signal = options.signal ? AbortSignal.any([clock, options.signal]) : clock;
    const began = performance.now();
    const { text, ...received } = await (await transport)(url, { ...sent, signal });
    const { status, headers } = received;
    options.meter?.after({ isGraphql, milliseconds: performance.now() - began, headers });
    noteDate(headers.get('date'));
    const isParsed = status >= 200 && status < 300 && status !== 204;
    return {
      ...received,
      body: isParsed ? JSON.parse(text) : null,
      text: async () => text,
      arrayBuffer: async () => new ArrayBuffer(0),
    };
  };
}

/** Something in a repository that is asked for by its number and is not there: null in the answer says the same. */
function isOnlyMissing({ type, path }: GraphqlError): boolean {
  return (
    type === 'NOT_FOUND' &&
    path?.[0] === 'repository' &&
    path.length === 2 &&
    /^(?:pull|thread)\d+$/.test(String(path[1]))
  );
}

/**
 * What `work` comes to, or the signal's reason as soon as it is given: a wait that a plugin has begun would not hear of
 * it.
 */
function until<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
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
  const budget = noBudget();
  const octokit = octokitOf(
    options,
    { retry: { retries: 2, retryAfterBaseValue: options.pace ?? PACE } },
    { write: READS_UNSPACED as never },
    (header) => {
      const date = new Date(header ?? Number.NaN);
      if (date.getTime() > (latest?.getTime() ?? 0)) latest = date;
    },
    budget,
  );
  const fail = async (error: unknown, request: string): Promise<never> => {
    options.signal?.throwIfAborted();
    const { explain } = await import('./explain.ts');
    const explained = explain(error, request);
    if (explained instanceof RateLimited) options.meter?.limited(explained.message);
    throw explained;
  };
  const answered = together(async ({ text, variables }, isJoined) => {
    const { data: body } = await until(
      options.signal,
      octokit.request('POST /graphql', {
        // The plugins know GraphQL by the path "/graphql", which is below another base on GHES.
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
    async within(share, most, work) {
      const left = (options.maxRequests ?? Number.POSITIVE_INFINITY) - budget.used;
      budget.isOfExtra = most < left * share;
      budget.most = budget.used + Math.min(Math.floor(left * share), most);
      try {
        return await work();
      } finally {
        Object.assign(budget, { most: Number.POSITIVE_INFINITY, isOfExtra: false });
      }
    },
    async graphql<T>(query: string, variables: Record<string, unknown>, share: Share = 1): Promise<T> {
      const { data, errors = [] } = await answered({ text: query, variables }, share);
      const serious = errors.filter((error) => !data || !isOnlyMissing(error));
      if (serious.length > 0) return fail({ errors: serious }, 'POST /graphql');
      return (data ?? fail(new Error('the answer has no data'), 'POST /graphql')) as T;
    },
    async get<T>(path: string, parameters: Record<string, string | number>): Promise<T> {
      const answer = await until(options.signal, octokit.request(`GET ${path}`, parameters)).catch(
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
  // Most runs write nothing.
  let octokit: ReturnType<typeof octokitOf> | undefined;
  return {
    async write<T>(method: string, path: string, body: Record<string, unknown>): Promise<T> {
      octokit ??= octokitOf(
        options,
        // An answer that got lost may have been a success: trying again could write twice.
        { retry: { enabled: false } },
        {
          notifications: SPACED_BY_WRITES as never,
          ...(options.pace === 0 ? { write: READS_UNSPACED as never } : {}),
        },
      );
      const answer = await until(options.signal, octokit.request(`${method} ${path}`, body)).catch(
        async (error: unknown) => {
          options.signal?.throwIfAborted();
          const { explainWrite } = await import('./explain.ts');
          throw explainWrite(error, `${method} ${path}`);
        },
      );
      return answer.data as T;
    },
  };
}
