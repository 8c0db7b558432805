import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { pointsOf } from './cost.ts';
import { type Execute, executeWithoutSchema, type GraphqlRequest } from './execute.ts';
import { type GraphOptions, graphOf, isCalled, prefixOf, repositoriesOf } from './graphql.ts';
import { propertiesAt, restOf, writesOf } from './rest.ts';
import type { World } from './world.ts';

export interface LoopbackOptions extends GraphOptions {
  execute?: Execute;
  /** Milliseconds before each answer. */
  latency?: number;
  /** Called before each answer. Resolves to true if it has answered instead. */
  interfere?: (request: IncomingMessage, response: ServerResponse, body: string) => Promise<boolean>;
  /** The only accepted token; any token by default. */
  token?: string;
  /** GitHub's hourly points. Queries use them up, and responses contain the remaining points. */
  points?: { limit: number };
  /** Clock of the `Date` header; no header by default. */
  date?: () => Date;
}

/** A request with its start and end in milliseconds. */
export interface LoggedRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  graphql?: GraphqlRequest;
  points?: number;
  body?: Record<string, unknown>;
  began: number;
  ended: number;
}

export interface Loopback {
  /** Value for `GITHUB_API_URL`. */
  apiUrl: string;
  graphqlUrl: string;
  requests: LoggedRequest[];
  close(): Promise<void>;
}

const USED_UP = {
  errors: [{ type: 'RATE_LIMITED', message: 'API rate limit already exceeded for installation ID 1.' }],
};

/** Serves a world on 127.0.0.1 like GitHub, and like GitHub Enterprise Server below `/api`. */
export async function startLoopback(world: World, options: LoopbackOptions = {}): Promise<Loopback> {
  const { execute = executeWithoutSchema, latency = 0 } = options;
  const graph = graphOf(world, options);
  const repositories = repositoriesOf(world);
  const restApis = new Map<World, ReturnType<typeof restOf>>();
  /** The name in a REST path, and the position of its repository; -1: there is none. */
  const repositoryIn = (path: string) => {
    const [, name = ''] = /^\/repos\/([^/]+\/[^/]+)/.exec(path) ?? [];
    return { name, index: repositories.findIndex((repository) => isCalled(repository, name)) };
  };
  const restApiFor = (path: string) => {
    const index = Math.max(0, repositoryIn(path).index);
    const repository = repositories[index] ?? world;
    const api = restApis.get(repository) ?? restOf(repository, options.denied, prefixOf(index));
    restApis.set(repository, api);
    return api;
  };
  /** The id of a repository that a REST path calls by a former name; 0: none. */
  const formerIdIn = (path: string): number => {
    const { name, index } = repositoryIn(path);
    const { owner = '', name: current = '' } = repositories[index] ?? {};
    return name.toLowerCase() === `${owner}/${current}`.toLowerCase() ? 0 : index + 1;
  };
  const write = writesOf(world, options.denied);
  const requests: LoggedRequest[] = [];
  let remaining = options.points?.limit ?? Number.POSITIVE_INFINITY;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const began = performance.now();
    const { pathname: fullPath, searchParams } = new URL(request.url ?? '/', apiUrl);
    // GitHub Enterprise Server has REST at /api/v3 and GraphQL at /api/graphql.
    const asked = fullPath.replace(/^\/api(?:\/v3)?(?=\/)/, '');
    const pathname = asked.replace(/^\/repositories\/(\d+)(?=\/)/, (_, id: string) => {
      const repository = repositories[Number(id) - 1] ?? world;
      return `/repos/${repository.owner}/${repository.name}`;
    });
    const send = (status: number, body: unknown, headers: Record<string, string> = {}) => {
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
      response.end(status === 204 ? undefined : JSON.stringify(body));
    };
    const logged: LoggedRequest = {
      method: request.method ?? '',
      path: pathname,
      query: Object.fromEntries(searchParams),
      began,
      ended: began,
    };
    requests.push(logged);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    if (request.method === 'POST' && pathname === '/graphql')
      logged.graphql = JSON.parse(body) as GraphqlRequest;
    else if (request.method !== 'GET') logged.body = JSON.parse(body || '{}') as Record<string, unknown>;
    if (latency > 0) await sleep(latency, undefined, { ref: false });
    if (await options.interfere?.(request, response, body)) {
      logged.ended = performance.now();
      return;
    }

    if (options.token !== undefined && request.headers.authorization !== `token ${options.token}`) {
      send(401, { message: 'Bad credentials', documentation_url: 'https://docs.github.com/rest' });
    } else if (formerIdIn(pathname) > 0) {
      // GitHub redirects the former name of a repository to its id.
      const url = `${apiUrl}/repositories/${formerIdIn(pathname)}${pathname.replace(/^\/repos\/[^/]+\/[^/]+/, '')}${searchParams.size > 0 ? `?${searchParams}` : ''}`;
      send(request.method === 'GET' ? 301 : 307, { message: 'Moved Permanently', url }, { location: url });
    } else if (logged.graphql) {
      logged.points = pointsOf(logged.graphql);
      remaining -= logged.points;
      const headers = options.points && {
        'x-ratelimit-limit': String(options.points.limit),
        'x-ratelimit-remaining': String(Math.max(0, remaining)),
        'x-ratelimit-reset': '1800000000',
        'x-ratelimit-resource': 'graphql',
      };
      send(200, remaining < 0 ? USED_UP : await execute(graph, logged.graphql), headers ?? {});
    } else if (logged.body) {
      const { status, body } = write(logged.method, pathname, logged.body);
      send(status, body);
    } else {
      const { status, body, headers } =
        propertiesAt(repositories, pathname, searchParams) ??
        restApiFor(pathname)(pathname, searchParams, apiUrl);
      send(status, body, headers);
    }
    logged.ended = performance.now();
  }

  const server = createServer((request, response) => {
    response.sendDate = false;
    if (options.date) response.setHeader('date', options.date().toUTCString());
    answer(request, response).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(String(error));
    });
  });
  let apiUrl = 'http://127.0.0.1';
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    apiUrl,
    graphqlUrl: `${apiUrl}/graphql`,
    requests,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** Length of the longest chain of requests in which each began after the previous one had ended. */
export function longestChain(requests: readonly LoggedRequest[]): number {
  const byStart = [...requests].sort((a, b) => a.began - b.began);
  const lengths = new Map<LoggedRequest, number>();
  for (const request of byStart) {
    const before = byStart
      .filter((other) => other.ended <= request.began)
      .map((request) => lengths.get(request) ?? 0);
    lengths.set(request, 1 + Math.max(0, ...before));
  }
  return Math.max(0, ...lengths.values());
}
