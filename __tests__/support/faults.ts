import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoopbackOptions } from '../../src/fake-github/loopback.ts';

/** Faults of GitHub and of the network. Each answers a request instead of the fake GitHub. */

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<boolean> | boolean;

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
    return true;
  };
const inSeconds = (seconds: number) => String(Math.ceil(Date.now() / 1000) + seconds);
const limited =
  (reset: number): Answer =>
  (request, response) =>
    json(
      403,
      { message: 'API rate limit exceeded for installation.' },
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(reset) },
    )(request, response);

const html =
  (status: number): Answer =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'text/html' });
    response.end('<html><body>Unicorn!</body></html>');
    return true;
  };
const SECONDARY = { message: 'You have exceeded a secondary rate limit.' };
/** How GitHub says that a query took too long. The retry plugin turns it into a status 500. */
const TOO_LONG = {
  message:
    'Something went wrong while executing your query. This may be the result of a timeout, or it could be a GitHub bug.',
};
const SAML = {
  type: 'FORBIDDEN',
  extensions: { saml_failure: true },
  message: 'Resource protected by organization SAML enforcement.',
};

/** Replaces the first entry of each outer list by null, with errors that say why. */
function withholdIn(value: unknown, path: (string | number)[], errors: object[]): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, field] of Object.entries(value))
    if (!Array.isArray(field)) withholdIn(field, [...path, key], errors);
    else if (field.length > 0) {
      field[0] = null;
      errors.push({ ...SAML, path: [...path, key, 0] });
    }
}

export const FAULTS: Record<string, Answer> = {
  '500': json(500, { message: 'Server Error' }),
  '502': json(502, { message: 'Bad Gateway' }),
  '500 with an HTML body': html(500),
  '502 with an HTML body': html(502),
  '503 with an HTML body': html(503),
  '504 with an HTML body': html(504),
  '200 with an HTML body': html(200),
  '504': json(504, { message: 'Gateway Timeout' }),
  'connection reset': (request) => {
    request.socket.destroy();
    return true;
  },
  'the answer is lost after all was done': (request, response) => {
    response.end = () => {
      request.socket.destroy();
      return response;
    };
    return false;
  },
  'cut in the middle': (request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
    response.write('{"data":{"repository":{"nameWith');
    setTimeout(() => request.socket.destroy(), 20);
    return true;
  },
  'cut without a length': (request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"data":{"repository":{"nameWith');
    setTimeout(() => request.socket.destroy(), 20);
    return true;
  },
  'an empty body': (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end();
    return true;
  },
  'half of the JSON': (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('{"data":{"repository":{"nameWith');
    return true;
  },
  '10 s of silence': async () => {
    await sleep(10_000, undefined, { ref: false });
    return false;
  },
  '403 with retry-after': json(403, SECONDARY, { 'retry-after': '1' }),
  '429 with retry-after': json(429, SECONDARY, { 'retry-after': '1' }),
  '403 without retry-after': json(403, SECONDARY),
  '429 without retry-after': json(429, SECONDARY),
  'primary limit, reset in 5 s': limited(5),
  'primary limit, reset in an hour': limited(3600),
  'GraphQL RATE_LIMITED': (request, response) =>
    json(
      200,
      { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] },
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(2) },
    )(request, response),
  'GraphQL RESOURCE_LIMITS_EXCEEDED': json(200, {
    errors: [{ type: 'RESOURCE_LIMITS_EXCEEDED', message: 'Resource limits for this query exceeded.' }],
  }),
  'errors next to data': json(200, {
    data: { repository: null },
    errors: [{ message: 'Something went wrong while executing your query.', path: ['repository'] }],
  }),
  'errors without data': json(200, { errors: [{ message: 'The moon is in the wrong phase.' }] }),
  'took too long': json(200, { data: null, errors: [TOO_LONG] }),
  'took too long, in one entry': json(200, {
    data: { repository: { nodes: [null] } },
    errors: [{ ...TOO_LONG, path: ['repository', 'nodes', 0] }],
  }),
  'SAML for everything': json(200, {
    data: { repository: null },
    errors: [{ ...SAML, path: ['repository'] }],
  }),
  'SAML for the first entry of every list': (request, response) => {
    if (!request.url?.endsWith('/graphql')) return false;
    const end = response.end.bind(response);
    response.end = ((text: string) => {
      const body = JSON.parse(text);
      const errors: object[] = body.errors ?? [];
      withholdIn(body.data, [], errors);
      return end(JSON.stringify({ ...body, ...(errors.length > 0 ? { errors } : {}) }));
    }) as typeof response.end;
    return false;
  },
  'a redirect for a renamed repository': (request, response) => {
    if (request.url?.includes('moved=1')) return false;
    const joint = request.url?.includes('?') ? '&' : '?';
    response.writeHead(request.method === 'GET' ? 301 : 307, { location: `${request.url}${joint}moved=1` });
    response.end();
    return true;
  },
  'a clock an hour off': (_, response) => {
    response.setHeader('date', new Date(Date.now() - 3_600_000).toUTCString());
    return false;
  },
  '401': json(401, { message: 'Bad credentials' }),
  '404': json(404, { message: 'Not Found' }),
};

/** Gives the request number `at` of a run a fault, or all requests from there on. */
export function faultAt(fault: Answer, at: number, forever: boolean): Pick<LoopbackOptions, 'interfere'> {
  let index = -1;
  return {
    interfere: async (request, response) => {
      index += 1;
      return index === at || (forever && index > at) ? fault(request, response) : false;
    },
  };
}
