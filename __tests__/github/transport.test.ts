import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { direct } from '../../src/github/transport.ts';
import { startServer } from '../support/http-server.ts';

/** The transport must do what `fetch` does and Node's own HTTP client does not. */

const SENT = {
  method: 'POST',
  headers: { authorization: 'token t', 'content-type': 'application/json' },
  body: '{"a":"ä"}',
};
const send = (url: string, signal = AbortSignal.timeout(5000), sent: Partial<typeof SENT> = {}) =>
  direct(url, { ...SENT, ...sent, signal });

test('the request and the answer arrive complete', async () => {
  const { requests, url: at } = await startServer((response) =>
    response.writeHead(201, { 'X-Limit': '5', 'set-cookie': ['a=1', 'b=2'] }).end('ü'),
  );
  const { status, url, headers, text } = await send(`${at}/graphql`);
  expect([status, url, text]).toEqual([201, `${at}/graphql`, 'ü']);
  expect([headers.get('x-limit'), headers.get('set-cookie')]).toEqual(['5', 'a=1, b=2']);
  expect(requests).toMatchObject([{ method: 'POST', path: '/graphql', body: SENT.body }]);
  expect(requests[0]?.headers).toMatchObject({ authorization: 'token t', 'accept-encoding': 'gzip' });
});

describe('the encoding of an answer', () => {
  const text = JSON.stringify({ data: 'é'.repeat(10_000) });

  test('gzip is unpacked', async () => {
    const { url: at } = await startServer((response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(text)),
    );
    expect((await send(at)).text).toBe(text);
  });

  test.each([
    ['truncated gzip', 'gzip', gzipSync(text).subarray(0, 40)],
    ['an unknown encoding', 'br', Buffer.from(text)],
  ])('%s is a failure', async (_, encoding, body) => {
    const { url: at } = await startServer((response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(body),
    );
    await expect(send(at)).rejects.toThrow(/unexpected end of file|unexpected encoding: br/);
  });
});

describe('redirects are followed as fetch does', () => {
  test.each([
    [301, 'GET', ''],
    [302, 'GET', ''],
    [303, 'GET', ''],
    [307, 'POST', SENT.body],
    [308, 'POST', SENT.body],
  ])('a POST that gets a %i is sent again as a %s', async (status, method, body) => {
    const { requests, url: at } = await startServer((response, { path }) =>
      path === '/moved'
        ? response.end('there')
        : response.writeHead(status, { location: '/moved' }).end('moved'),
    );
    const { url, text } = await send(at);
    expect([url, text]).toEqual([`${at}/moved`, 'there']);
    expect(requests[1]).toMatchObject({ method, body, headers: { authorization: 'token t' } });
  });

  test('the token is not sent to another host', async () => {
    const other = await startServer((response) => response.end('there'));
    const { url: at } = await startServer((response) =>
      response.writeHead(307, { location: `${other.url}/x` }).end(),
    );
    await send(at);
    expect(other.requests[0]?.headers.authorization).toBeUndefined();
  });

  test('a redirect loop fails after 20 redirects', async () => {
    const { requests, url: at } = await startServer((response) =>
      response.writeHead(302, { location: '/' }).end(),
    );
    await expect(send(at)).rejects.toThrow('more than 20 redirects');
    expect(requests).toHaveLength(21);
  });

  test('a redirect to a file fails', async () => {
    const { url: at } = await startServer((response) =>
      response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    );
    await expect(send(at)).rejects.toThrow('neither https nor http: file:');
  });
});

describe('an aborted request fails with the reason of the signal', () => {
  test('before it is sent', async () => {
    const { requests, url: at } = await startServer((response) => response.end());
    await expect(send(at, AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
    expect(requests).toEqual([]);
  });

  test('before the answer, and during the answer', async () => {
    const silent = await startServer(() => {});
    await expect(send(silent.url, AbortSignal.timeout(50))).rejects.toThrow('aborted due to timeout');
    const slow = await startServer((response) => void response.writeHead(200).write('{"half":'));
    const end = new AbortController();
    setTimeout(() => end.abort(new Error('over')), 50);
    await expect(send(slow.url, end.signal)).rejects.toThrow('over');
  });
});

describe('a broken connection is a failure', () => {
  test('before the answer, and during the answer', async () => {
    const none = await startServer((response) => response.destroy());
    await expect(send(none.url)).rejects.toThrow(/socket hang up|ECONNRESET/);
    const half = await startServer((response) => {
      response.writeHead(200, { 'content-length': '5000' }).write('{"half":');
      setTimeout(() => response.destroy(), 20);
    });
    await expect(send(half.url)).rejects.toThrow('aborted');
  });

  test('when no server listens on the port', async () => {
    await expect(send('http://127.0.0.1:1')).rejects.toThrow('ECONNREFUSED');
  });
});
