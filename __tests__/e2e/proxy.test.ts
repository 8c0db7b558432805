import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { createGzip } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import { withGitHub } from '../support/github.ts';
import { at, begun, NOW } from '../support/day.ts';
import { CERTIFICATE, KEY } from '../support/certificate.ts';
import { runStep } from '../support/runner.ts';

/** A runner behind a proxy: what it asks of GitHub goes through it, and what NO_PROXY names does not; and what can be wrong with one. */

const asked: string[] = [];
const tunnels = new Set<Duplex>();
let proxy: Server;

beforeAll(async () => {
  proxy = createServer();
  // Whatever host is asked for is on this machine.
  proxy.on('connect', (request, client) => {
    tunnels.add(client);
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
  for (const tunnel of tunnels) tunnel.destroy();
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

test('https, with an authority of its own and packed answers, as GitHub has it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'https-'));
  writeFileSync(join(folder, 'ca.pem'), CERTIFICATE);
  await withGitHub(sampleTeam(), {}, async (github) => {
    const secure = createSecureServer({ key: KEY, cert: CERTIFICATE }, (asking, response) => {
      const { method, headers } = asking;
      const onward = request(`${github.apiUrl}${asking.url}`, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 0, { ...answer.headers, 'content-encoding': 'gzip' });
        answer.pipe(createGzip()).pipe(response);
      });
      asking.pipe(onward);
    });
    await new Promise<void>((done) => secure.listen(0, '127.0.0.1', done));
    const { code, outputs } = await runStep({
      apiUrl: `https://127.0.0.1:${(secure.address() as AddressInfo).port}`,
      repository: 'larkspur/storefront',
      inputs: { 'as-of': SAMPLE_NOW, comment: 'never', 'fail-on': 'none' },
      env: { NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') },
    });
    secure.closeAllConnections();
    await new Promise((done) => secure.close(done));
    expect([code, outputs.status]).toEqual([0, 'drifted']);
  });
  rmSync(folder, { recursive: true });
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
    expect(line).toContain('The proxy between the runner and GitHub asks for credentials');
    expect(line).toContain('HTTPS_PROXY (http://user:password@host:port)');
  });

  test('one that nobody has named, and that answers 407 itself', async () => {
    const asking = createServer((_, response) => response.writeHead(407).end());
    const line = await lineOf(asking, (port) => ({ apiUrl: `http://127.0.0.1:${port}` }));
    expect(line).toContain('The proxy between the runner and GitHub asks for credentials (407, ');
  });

  test('an authority of its own: NODE_EXTRA_CA_CERTS', async () => {
    const secure = createSecureServer({ key: KEY, cert: CERTIFICATE }, (_, response) => response.end('{}'));
    const line = await lineOf(secure, (port) => ({ apiUrl: `https://127.0.0.1:${port}` }));
    expect(line).toContain('Node.js does not trust the certificate of GitHub');
    expect(line).toContain('NODE_EXTRA_CA_CERTS');
  });
});

describe('a file of events at an address', () => {
  async function readAt(
    answer: (asked: IncomingMessage, response: ServerResponse) => void,
    { env = {}, host = '127.0.0.1' }: { env?: Record<string, string>; host?: string } = {},
  ) {
    const heard: IncomingMessage[] = [];
    const folder = mkdtempSync(join(tmpdir(), 'events-'));
    writeFileSync(join(folder, 'ca.pem'), CERTIFICATE);
    const secure = createSecureServer({ key: KEY, cert: CERTIFICATE }, (request, response) => {
      heard.push(request);
      answer(request, response);
    });
    await new Promise<void>((done) => secure.listen(0, '127.0.0.1', done));
    const { port } = secure.address() as AddressInfo;
    const made = begun();
    const first = made.tip();
    const sha = made.merge(1, at('10:00:00'));
    const settings = `deploy-source: events\nevents-url: https://${host}:${port}/deploys.jsonl\n`;
    const world = {
      ...made.world,
      deployments: [],
      files: { '.github/deploy-latency.yml': settings },
    };
    const lines = [
      [first, '2026-03-01T12:00:00Z'],
      [sha, at('10:12:00')],
    ].map(([each, time]) =>
      JSON.stringify({ time, sha: each, environment: 'production', status: 'success' }),
    );
    text = lines.join('\n');
    try {
      return await withGitHub(world, {}, async (github) => {
        const step = await runStep({
          apiUrl: github.apiUrl,
          repository: `${world.owner}/${world.name}`,
          inputs: {
            'as-of': NOW,
            window: '20h',
            'min-samples': '1',
            comment: 'never',
            'fail-on': 'none',
          },
          env: { NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'), ...env },
        });
        return { ...step, heard, address: `${host}:${port}` };
      });
    } finally {
      secure.closeAllConnections();
      await new Promise((done) => secure.close(done));
      rmSync(folder, { recursive: true });
    }
  }
  let text = '';
  const throughProxy = () => {
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    return { HTTP_PROXY: address, HTTPS_PROXY: address, NO_PROXY: '127.0.0.1' };
  };

  test('is read without the token', async () => {
    const { code, outputs, heard } = await readAt((_, response) => response.end(text));
    expect([code, outputs['lead-time-seconds']]).toEqual([0, '720']);
    expect(heard.map((message) => [message.url, message.headers.authorization])).toEqual([
      ['/deploys.jsonl', undefined],
    ]);
  });

  test('through the proxy, too', async () => {
    const { code, outputs, heard, address } = await readAt((_, response) => response.end(text), {
      env: throughProxy(),
      host: 'github.test',
    });
    expect([code, outputs['lead-time-seconds']]).toEqual([0, '720']);
    expect(asked).toContain(address);
    expect(heard.map((message) => message.headers.authorization)).toEqual([undefined]);
  });

  test.each([
    ['directly', () => ({})],
    ['through the proxy', () => ({ env: throughProxy(), host: 'github.test' })],
  ])('a redirect is followed nowhere: %s', async (_, how) => {
    const { code, log, heard } = await readAt(
      (__, response) => response.writeHead(302, { location: '/other' }).end(),
      how(),
    );
    expect([code, heard.length]).toEqual([1, 1]);
    expect(log).toContain('the server returned 302; redirects are not followed');
  });
});
