import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import { withGitHub } from '../support/github.ts';
import { CERTIFICATE, KEY } from '../support/certificate.ts';
import { runStep } from '../support/runner.ts';

/** A runner behind a proxy: what it asks of GitHub goes through it, and what NO_PROXY names does not; and what can be wrong with one. */

const asked: string[] = [];
let proxy: Server;

beforeAll(async () => {
  proxy = createServer();
  // Whatever host is asked for is on this machine.
  proxy.on('connect', (request, client) => {
    asked.push(request.url ?? '');
    const port = Number(/:(\d+)$/.exec(request.url ?? '')?.[1]);
    const server = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      server.pipe(client).pipe(server);
    });
    server.on('error', () => client.destroy());
    client.on('error', () => server.destroy());
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
});

afterAll(() => {
  proxy.closeAllConnections();
  return new Promise((done) => proxy.close(done));
});

test('requests go through the proxy that HTTP_PROXY names', async () => {
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  await withGitHub(sampleTeam(), {}, async (github) => {
    const apiUrl = github.apiUrl.replace('127.0.0.1', 'github.test');
    const { code, outputs } = await runStep({
      apiUrl,
      repository: 'larkspur/storefront',
      inputs: { 'as-of': SAMPLE_NOW, comment: 'never', 'fail-on': 'none' },
      env: { HTTP_PROXY: address },
    });
    expect([code, outputs.status]).toEqual([0, 'drifted']);
    expect(new Set(asked)).toEqual(new Set([apiUrl.replace('http://', '')]));
  });
});

describe('what stands on the way is told for what it is', () => {
  async function lineOf(server: Server, settings: (port: number) => Parameters<typeof runStep>[0]) {
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { code, log } = await runStep(settings((server.address() as AddressInfo).port));
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    const errors = log.split('\n').filter((line) => line.startsWith('::error'));
    expect([code, errors.length]).toEqual([1, 1]);
    expect(errors[0]).not.toContain('permissions:');
    return errors[0] ?? '';
  }

  test('a proxy that asks for credentials: 407', async () => {
    const asking = createServer();
    asking.on('connect', (_, client) => client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'));
    const line = await lineOf(asking, (port) => ({
      apiUrl: 'http://github.test:8080',
      env: { HTTP_PROXY: `http://127.0.0.1:${port}` },
    }));
    expect(line).toContain('The proxy on the way to GitHub asks for credentials');
    expect(line).toContain('HTTPS_PROXY (http://user:password@host:port)');
  });

  test('one that nobody has named, and that answers 407 itself', async () => {
    const asking = createServer((_, response) => response.writeHead(407).end());
    const line = await lineOf(asking, (port) => ({ apiUrl: `http://127.0.0.1:${port}` }));
    expect(line).toContain('(407)');
  });

  test('an authority of its own: NODE_EXTRA_CA_CERTS', async () => {
    const secure = createSecureServer({ key: KEY, cert: CERTIFICATE }, (_, response) => response.end('{}'));
    const line = await lineOf(secure, (port) => ({ apiUrl: `https://127.0.0.1:${port}` }));
    expect(line).toContain('is of an authority that Node.js does not know');
    expect(line).toContain('NODE_EXTRA_CA_CERTS');
  });
});
