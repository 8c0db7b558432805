import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import { direct } from '../../src/github/transport.ts';

/** One request over HTTP: everything that `fetch` does and Node's own client does not. */

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers) server.closeAllConnections();
  await Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done))));
});

interface Asked {
  method: string | undefined;
  path: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

async function serve(answer: (response: ServerResponse, path: string) => void) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    asked.push({ method: request.method, path: request.url, headers: request.headers, body });
    answer(response, request.url ?? '');
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { asked, at: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const SENT = {
  method: 'POST',
  headers: { authorization: 'token t', 'content-type': 'application/json' },
  body: '{"a":"ä"}',
};
const send = (url: string, signal = AbortSignal.timeout(5000), sent: Partial<typeof SENT> = {}) =>
  direct(url, { ...SENT, ...sent, signal });

test('the request and the answer arrive whole', async () => {
  const { asked, at } = await serve((response) =>
    response.writeHead(201, { 'X-Limit': '5', 'set-cookie': ['a=1', 'b=2'] }).end('ü'),
  );
  const { status, url, headers, text } = await send(`${at}/graphql`);
  expect([status, url, text]).toEqual([201, `${at}/graphql`, 'ü']);
  expect([headers.get('x-limit'), headers.get('set-cookie')]).toEqual(['5', 'a=1, b=2']);
  expect(asked).toMatchObject([{ method: 'POST', path: '/graphql', body: SENT.body }]);
  expect(asked[0]?.headers).toMatchObject({ authorization: 'token t', 'accept-encoding': 'gzip' });
});

describe('an encoding', () => {
  const text = JSON.stringify({ data: 'é'.repeat(10_000) });

  test('gzip is unpacked', async () => {
    const { at } = await serve((response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(text)),
    );
    expect((await send(at)).text).toBe(text);
  });

  test.each([
    ['gzip that is cut short', 'gzip', gzipSync(text).subarray(0, 40)],
    ['another one', 'br', Buffer.from(text)],
  ])('%s is a failure', async (_, encoding, body) => {
    const { at } = await serve((response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(body),
    );
    await expect(send(at)).rejects.toThrow(/unexpected end of file|unexpected encoding: br/);
  });
});

describe('a redirect is followed as fetch follows it', () => {
  test.each([
    [301, 'GET', ''],
    [302, 'GET', ''],
    [303, 'GET', ''],
    [307, 'POST', SENT.body],
    [308, 'POST', SENT.body],
  ])('%i makes of a POST a %s', async (status, method, body) => {
    const { asked, at } = await serve((response, path) =>
      path === '/moved'
        ? response.end('there')
        : response.writeHead(status, { location: '/moved' }).end('moved'),
    );
    const { url, text } = await send(at);
    expect([url, text]).toEqual([`${at}/moved`, 'there']);
    expect(asked[1]).toMatchObject({ method, body, headers: { authorization: 'token t' } });
  });

  test('the token stays with its host', async () => {
    const other = await serve((response) => response.end('there'));
    const { at } = await serve((response) => response.writeHead(307, { location: `${other.at}/x` }).end());
    await send(at);
    expect(other.asked[0]?.headers.authorization).toBeUndefined();
  });

  test('a circle ends', async () => {
    const { asked, at } = await serve((response) => response.writeHead(302, { location: '/' }).end());
    await expect(send(at)).rejects.toThrow('more than 20 redirects');
    expect(asked).toHaveLength(21);
  });

  test('a file is not followed', async () => {
    const { at } = await serve((response) =>
      response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    );
    await expect(send(at)).rejects.toThrow('neither https nor http: file:');
  });
});

describe('a signal ends it with its own reason', () => {
  test('before it was sent', async () => {
    const { asked, at } = await serve((response) => response.end());
    await expect(send(at, AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
    expect(asked).toEqual([]);
  });

  test('while nobody answers, and in the middle of an answer', async () => {
    const silent = await serve(() => {});
    await expect(send(silent.at, AbortSignal.timeout(50))).rejects.toThrow('aborted due to timeout');
    const slow = await serve((response) => void response.writeHead(200).write('{"half":'));
    const end = new AbortController();
    setTimeout(() => end.abort(new Error('over')), 50);
    await expect(send(slow.at, end.signal)).rejects.toThrow('over');
  });
});

describe('a connection that breaks is a failure', () => {
  test('before the answer, and in the middle of it', async () => {
    const none = await serve((response) => response.destroy());
    await expect(send(none.at)).rejects.toThrow(/socket hang up|ECONNRESET/);
    const half = await serve((response) => {
      response.writeHead(200, { 'content-length': '5000' }).write('{"half":');
      setTimeout(() => response.destroy(), 20);
    });
    await expect(send(half.at)).rejects.toThrow('aborted');
  });

  test('nobody listens', async () => {
    await expect(send('http://127.0.0.1:1')).rejects.toThrow('ECONNREFUSED');
  });
});
