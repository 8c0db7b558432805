import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { GuardError } from '../../src/model/guard-error.ts';
import { connect, connectWriter } from '../../src/github/client.ts';

/** Where the token goes. */

const TOKEN = 'ghs_0123456789abcdef';
const servers: Server[] = [];

/** A server that keeps who asked it with what; `answer` may send a redirect. */
async function serve(
  answer: (request: IncomingMessage) => { status: number; location?: string; body?: unknown },
) {
  const asked: { path: string; authorization: string | undefined }[] = [];
  const server = createServer((request, response) => {
    asked.push({ path: request.url ?? '', authorization: request.headers.authorization });
    const { status, location, body } = answer(request);
    response.writeHead(status, { 'content-type': 'application/json', ...(location ? { location } : {}) });
    response.end(JSON.stringify(body ?? {}));
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return { asked, at: (host: string) => `http://${host}:${port}` };
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done))));
});

const clientOf = (apiUrl: string) => connect({ token: TOKEN, apiUrl, graphqlUrl: `${apiUrl}/graphql` });

describe('the token is sent to the host of the API, and to no other', () => {
  test('a redirect to another host is followed without it', async () => {
    const other = await serve(() => ({ status: 200, body: { data: { repository: null }, total_count: 0 } }));
    const api = await serve((request) => ({
      status: request.method === 'GET' ? 301 : 307,
      location: `${other.at('localhost')}${request.url}`,
    }));
    const client = clientOf(api.at('127.0.0.1'));
    await client.get('/repos/acme/shop/actions/workflows', {});
    await client.graphql('query { repository { id } }', {});
    expect(api.asked.map((each) => each.authorization)).toEqual([`token ${TOKEN}`, `token ${TOKEN}`]);
    expect(other.asked).toEqual([
      { path: '/repos/acme/shop/actions/workflows', authorization: undefined },
      { path: '/graphql', authorization: undefined },
    ]);
  });

  test('a redirect on the same host, as of a renamed repository, keeps it', async () => {
    const api = await serve((request) =>
      request.url === '/repositories/1/actions/workflows'
        ? { status: 200, body: { total_count: 0 } }
        : { status: 301, location: '/repositories/1/actions/workflows' },
    );
    await clientOf(api.at('127.0.0.1')).get('/repos/acme/shop/actions/workflows', {});
    expect(api.asked[1]).toEqual({
      path: '/repositories/1/actions/workflows',
      authorization: `token ${TOKEN}`,
    });
  });
});

test.each([401, 403, 404, 422])('an error (%i) does not tell the token', async (status) => {
  const api = await serve(() => ({ status, body: { message: 'No.' } }));
  const client = clientOf(api.at('127.0.0.1'));
  for (const ask of [client.get('/repos/acme/shop', {}), client.graphql('query { viewer { login } }', {})]) {
    const error: unknown = await ask.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GuardError);
    expect(String(error)).not.toContain(TOKEN);
  }
});

test('a number of an answer is a number, however large', async () => {
  const api = await serve(() => ({ status: 200, body: { data: { total: 2 ** 60 }, total: 2 ** 60 } }));
  const client = clientOf(api.at('127.0.0.1'));
  expect(await client.get('/repos/acme/shop', {})).toMatchObject({ total: 2 ** 60 });
  expect(await client.graphql('query { total }', {})).toEqual({ total: 2 ** 60 });
});

test('writes are a second apart, as GitHub asks, where nobody says otherwise', async () => {
  const times: number[] = [];
  const api = await serve(() => {
    times.push(performance.now());
    return { status: 201, body: {} };
  });
  const apiUrl = api.at('127.0.0.1');
  const writer = connectWriter({ token: TOKEN, apiUrl, graphqlUrl: `${apiUrl}/graphql` });
  const write = () => writer.write('POST', '/repos/acme/shop/issues/1/comments', { body: '' });
  await Promise.all([write(), write()]);
  // A busy machine makes it longer and never shorter; timers are a few milliseconds early.
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(900);
});
