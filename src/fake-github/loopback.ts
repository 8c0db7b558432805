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
  /** Called before each answer; resolves to whether it has answered itself. */
  interfere?: (request: IncomingMessage, response: ServerResponse, body: string) => Promise<boolean>;
  /** The only token it accepts; without one, any. */
  token?: string;
  /** GitHub's points of an hour: each query takes what it costs, and answers say what is left. */
  points?: { limit: number };
  /** What its clock says; without one its answers have no `Date`. */
  date?: () => Date;
}

/** A request as it was asked, with when it began and ended, in milliseconds. */
export interface LoggedRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  graphql?: GraphqlRequest;
  /** What the query cost. */
  points?: number;
  /** What was to be written. */
  body?: Record<string, unknown>;
  began: number;
  ended: number;
}

export interface Loopback {
  /** What `GITHUB_API_URL` would be. */
  apiUrl: string;
  graphqlUrl: string;
  requests: LoggedRequest[];
  close(): Promise<void>;
}

const USED_UP = {
  errors: [{ type: 'RATE_LIMITED', message: 'API rate limit already exceeded for installation ID 1.' }],
};

/** Serves a world on 127.0.0.1 as GitHub would: GraphQL at `/graphql`, REST beside it; at `/api` as GHES does, too. */
export async function startLoopback(world: World, options: LoopbackOptions = {}): Promise<Loopback> {
  const { execute = executeWithoutSchema, latency = 0 } = options;
  const graph = graphOf(world, options);
  const all = repositoriesOf(world);
  const rests = new Map<World, ReturnType<typeof restOf>>();
  /** The REST resources of the repository that a path is below. */
  const restAt = (path: string) => {
    const [, name = ''] = /^\/repos\/([^/]+\/[^/]+)/.exec(path) ?? [];
    const place = Math.max(
      0,
      all.findIndex((world) => isCalled(world, name)),
    );
    const one = all[place] ?? world;
    const known = rests.get(one) ?? restOf(one, options.denied, prefixOf(place));
    rests.set(one, known);
    return known;
  };
  const write = writesOf(world, options.denied);
  const requests: LoggedRequest[] = [];
  let remaining = options.points?.limit ?? Number.POSITIVE_INFINITY;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const began = performance.now();
    const { pathname: asked, searchParams } = new URL(request.url ?? '/', apiUrl);
    // GitHub Enterprise Server keeps REST at /api/v3 and GraphQL at /api/graphql.
    const pathname = asked.replace(/^\/api(?:\/v3)?(?=\/)/, '');
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
    } else if (logged.graphql) {
      logged.points = pointsOf(logged.graphql);
      remaining -= logged.points;
      const left = options.points && {
        'x-ratelimit-limit': String(options.points.limit),
        'x-ratelimit-remaining': String(Math.max(0, remaining)),
        'x-ratelimit-reset': '1800000000',
        'x-ratelimit-resource': 'graphql',
      };
      send(200, remaining < 0 ? USED_UP : await execute(graph, logged.graphql), left ?? {});
    } else if (logged.body) {
      const written = write(logged.method, pathname, logged.body);
      send(written.status, written.body);
    } else {
      const found =
        propertiesAt(all, pathname, searchParams) ?? restAt(pathname)(pathname, searchParams, apiUrl);
      send(found.status, found.body, found.headers);
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

/** The longest chain of requests each of which began after the one before it had ended. */
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
