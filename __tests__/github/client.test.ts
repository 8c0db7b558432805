import { describe, expect, test } from '@jest/globals';
import { GuardError } from '../../src/model/guard-error.ts';
import { connect, connectWriter } from '../../src/github/client.ts';
import { type RecordedRequest, startServer } from '../support/http-server.ts';

const TOKEN = 'ghs_0123456789abcdef';

/** A server whose answers are JSON. */
const startApi = (
  answer: (request: RecordedRequest) => { status: number; location?: string; body?: unknown },
) =>
  startServer((response, request) => {
    const { status, location, body = {} } = answer(request);
    response.writeHead(status, { 'content-type': 'application/json', ...(location ? { location } : {}) });
    response.end(JSON.stringify(body));
  });

const optionsFor = (apiUrl: string) => ({ token: TOKEN, apiUrl, graphqlUrl: `${apiUrl}/graphql` });
const clientOf = (apiUrl: string) => connect(optionsFor(apiUrl));
const authorizations = ({ requests }: { requests: RecordedRequest[] }) =>
  requests.map(({ path, headers }) => ({ path, authorization: headers.authorization }));

describe('the token is sent only to the host of the API', () => {
  test('a redirect to another host is followed without the token', async () => {
    const other = await startApi(() => ({
      status: 200,
      body: { data: { repository: null }, total_count: 0 },
    }));
    const api = await startApi(({ method, path }) => ({
      status: method === 'GET' ? 301 : 307,
      location: `${other.urlAt('localhost')}${path}`,
    }));
    const client = clientOf(api.url);
    await client.get('/repos/acme/shop/actions/workflows', {});
    await client.graphql('query { repository { id } }', {});
    expect(authorizations(api).map(({ authorization }) => authorization)).toEqual([
      `token ${TOKEN}`,
      `token ${TOKEN}`,
    ]);
    expect(authorizations(other)).toEqual([
      { path: '/repos/acme/shop/actions/workflows', authorization: undefined },
      { path: '/graphql', authorization: undefined },
    ]);
  });

  test('a redirect on the same host, such as for a renamed repository, keeps the token', async () => {
    const api = await startApi(({ path }) =>
      path === '/repositories/1/actions/workflows'
        ? { status: 200, body: { total_count: 0 } }
        : { status: 301, location: '/repositories/1/actions/workflows' },
    );
    await clientOf(api.url).get('/repos/acme/shop/actions/workflows', {});
    expect(authorizations(api)[1]).toEqual({
      path: '/repositories/1/actions/workflows',
      authorization: `token ${TOKEN}`,
    });
  });
});

test.each([401, 403, 404, 422])('an error with status %i does not contain the token', async (status) => {
  const api = await startApi(() => ({ status, body: { message: 'No.' } }));
  const client = clientOf(api.url);
  for (const request of [
    client.get('/repos/acme/shop', {}),
    client.graphql('query { viewer { login } }', {}),
  ]) {
    const error: unknown = await request.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GuardError);
    expect(String(error)).not.toContain(TOKEN);
  }
});

test('a large number in an answer stays a number', async () => {
  const api = await startApi(() => ({ status: 200, body: { data: { total: 2 ** 60 }, total: 2 ** 60 } }));
  const client = clientOf(api.url);
  expect(await client.get('/repos/acme/shop', {})).toMatchObject({ total: 2 ** 60 });
  expect(await client.graphql('query { total }', {})).toEqual({ total: 2 ** 60 });
});

test('writes are a second apart by default, as GitHub asks', async () => {
  const times: number[] = [];
  const api = await startApi(() => {
    times.push(performance.now());
    return { status: 201 };
  });
  const writer = connectWriter(optionsFor(api.url));
  const write = () => writer.write('POST', '/repos/acme/shop/issues/1/comments', { body: '' });
  await Promise.all([write(), write()]);
  // Timers can fire a few milliseconds early, and a busy machine only makes the pause longer.
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(900);
});
