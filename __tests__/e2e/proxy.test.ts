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
import { runCli } from '../support/cli.ts';
import { withGitHub } from '../support/github.ts';
import { at, begun, NOW } from '../support/day.ts';
import { startCollector } from '../support/collector.ts';
import { CERTIFICATE, KEY } from '../support/certificate.ts';
import { runStep } from '../support/runner.ts';

/** A runner behind a proxy, or with a private certificate authority. */

const proxiedHosts: string[] = [];
const tunnels = new Set<Duplex>();
let proxy: Server;

const listen = (server: Server) => new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
const portOf = (server: Server) => (server.address() as AddressInfo).port;
const addressOf = (server: Server) => `http://127.0.0.1:${portOf(server)}`;
const close = (server: Server) => {
  server.closeAllConnections();
  return new Promise((done) => server.close(done));
};

beforeAll(async () => {
  proxy = createServer();
  // Every requested host is this machine.
  proxy.on('connect', (request, client) => {
    tunnels.add(client);
    proxiedHosts.push(request.url ?? '');
    const port = Number(/:(\d+)$/.exec(request.url ?? '')?.[1]);
    const server = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      server.pipe(client).pipe(server);
    });
    server.on('error', () => client.destroy());
    client.on('error', () => server.destroy());
  });
  await listen(proxy);
});

afterAll(() => {
  for (const tunnel of tunnels) tunnel.destroy();
  return new Promise((done) => proxy.close(done));
});

test('requests go through the proxy in HTTP_PROXY', async () => {
  await withGitHub(sampleTeam(), {}, async (github) => {
    const apiUrl = github.apiUrl.replace('127.0.0.1', 'github.test');
    const { code, outputs } = await runStep({
      apiUrl,
      repository: 'larkspur/storefront',
      inputs: { 'as-of': SAMPLE_NOW, comment: 'never', 'fail-on': 'none' },
      env: { HTTP_PROXY: addressOf(proxy) },
    });
    expect([code, outputs.status]).toEqual([0, 'drifted']);
    expect(new Set(proxiedHosts)).toEqual(new Set([apiUrl.replace('http://', '')]));
  });
});

test('"init" goes through the proxy, too', async () => {
  await withGitHub(sampleTeam(), { token: 'laptop' }, async (github) => {
    proxiedHosts.length = 0;
    const { code, err } = await runCli(['init', 'larkspur/storefront'], {
      GITHUB_API_URL: github.apiUrl.replace('127.0.0.1', 'github.test'),
      GITHUB_TOKEN: 'laptop',
      HTTP_PROXY: addressOf(proxy),
    });
    expect([code, err]).toEqual([0, expect.stringContaining('Environment "production"')]);
    expect(proxiedHosts.length).toBeGreaterThan(0);
  });
});

test('traces and gauges go through the proxy in HTTP_PROXY', async () => {
  const collector = await startCollector();
  await withGitHub(sampleTeam(), {}, async (github) => {
    await runStep({
      apiUrl: github.apiUrl,
      repository: 'larkspur/storefront',
      event: 'schedule',
      inputs: { 'as-of': SAMPLE_NOW, comment: 'never', issue: 'never' },
      env: {
        HTTP_PROXY: addressOf(proxy),
        NO_PROXY: '127.0.0.1',
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint.replace('127.0.0.1', 'collector.test'),
      },
    });
  });
  await collector.close();
  expect(collector.received.map(({ path }) => path).sort()).toEqual(['/v1/metrics', '/v1/traces']);
  expect(proxiedHosts).toContain(collector.endpoint.replace('http://127.0.0.1', 'collector.test'));
});

test('HTTPS works with a private certificate authority and compressed responses', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'https-'));
  writeFileSync(join(folder, 'ca.pem'), CERTIFICATE);
  await withGitHub(sampleTeam(), {}, async (github) => {
    const secure = createSecureServer({ key: KEY, cert: CERTIFICATE }, (incoming, response) => {
      const { method, headers } = incoming;
      const forwarded = request(`${github.apiUrl}${incoming.url}`, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 0, { ...answer.headers, 'content-encoding': 'gzip' });
        answer.pipe(createGzip()).pipe(response);
      });
      incoming.pipe(forwarded);
    });
    await listen(secure);
    const { code, outputs } = await runStep({
      apiUrl: `https://127.0.0.1:${portOf(secure)}`,
      repository: 'larkspur/storefront',
      inputs: { 'as-of': SAMPLE_NOW, comment: 'never', 'fail-on': 'none' },
      env: { NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') },
    });
    await close(secure);
    expect([code, outputs.status]).toEqual([0, 'drifted']);
  });
  rmSync(folder, { recursive: true });
});

describe('the error names the obstacle', () => {
  async function errorWith(server: Server, options: (port: number) => Parameters<typeof runStep>[0]) {
    await listen(server);
    const { code, log } = await runStep(options(portOf(server)));
    await close(server);
    const errors = log.split('\n').filter((line) => line.startsWith('::error'));
    expect([code, errors.length]).toEqual([1, 1]);
    expect(errors[0]).not.toContain('permissions:');
    return errors[0] ?? '';
  }

  test('a proxy that needs credentials', async () => {
    const server = createServer();
    server.on('connect', (_, client) => client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'));
    const line = await errorWith(server, (port) => ({
      apiUrl: 'http://github.test:8080',
      env: { HTTP_PROXY: `http://127.0.0.1:${port}` },
    }));
    expect(line).toContain('The proxy between the runner and GitHub asks for credentials');
    expect(line).toContain('HTTPS_PROXY (http://user:password@host:port)');
  });

  test('a transparent proxy that needs credentials', async () => {
    const server = createServer((_, response) => response.writeHead(407).end());
    const line = await errorWith(server, (port) => ({ apiUrl: `http://127.0.0.1:${port}` }));
    expect(line).toContain('The proxy between the runner and GitHub asks for credentials (407, ');
  });

  test('an unknown certificate authority', async () => {
    const secure = createSecureServer({ key: KEY, cert: CERTIFICATE }, (_, response) => response.end('{}'));
    const line = await errorWith(secure, (port) => ({ apiUrl: `https://127.0.0.1:${port}` }));
    expect(line).toContain('Node.js does not trust the certificate of GitHub');
    expect(line).toContain('NODE_EXTRA_CA_CERTS');
  });
});

describe('an events file at an address', () => {
  async function readEvents(
    answer: (request: IncomingMessage, response: ServerResponse) => void,
    { env = {}, host = '127.0.0.1' }: { env?: Record<string, string>; host?: string } = {},
  ) {
    const requests: IncomingMessage[] = [];
    const folder = mkdtempSync(join(tmpdir(), 'events-'));
    writeFileSync(join(folder, 'ca.pem'), CERTIFICATE);
    const secure = createSecureServer({ key: KEY, cert: CERTIFICATE }, (request, response) => {
      requests.push(request);
      answer(request, response);
    });
    await listen(secure);
    const port = portOf(secure);
    const team = begun();
    const first = team.tip();
    const sha = team.merge(1, at('10:00:00'));
    const settings = `deploy-source: events\nevents-url: https://${host}:${port}/deploys.jsonl\n`;
    const world = {
      ...team.world,
      deployments: [],
      files: { '.github/deploy-latency.yml': settings },
    };
    const lines = [
      [first, '2026-03-01T12:00:00Z'],
      [sha, at('10:12:00')],
    ].map(([sha, time]) => JSON.stringify({ time, sha, environment: 'production', status: 'success' }));
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
        return { ...step, requests, address: `${host}:${port}` };
      });
    } finally {
      await close(secure);
      rmSync(folder, { recursive: true });
    }
  }
  let text = '';
  const throughProxy = () => ({
    HTTP_PROXY: addressOf(proxy),
    HTTPS_PROXY: addressOf(proxy),
    NO_PROXY: '127.0.0.1',
  });

  test('is read without the token', async () => {
    const { code, outputs, requests } = await readEvents((_, response) => response.end(text));
    expect([code, outputs['lead-time-seconds']]).toEqual([0, '720']);
    expect(requests.map((message) => [message.url, message.headers.authorization])).toEqual([
      ['/deploys.jsonl', undefined],
    ]);
  });

  test('is read through the proxy', async () => {
    const { code, outputs, requests, address } = await readEvents((_, response) => response.end(text), {
      env: throughProxy(),
      host: 'github.test',
    });
    expect([code, outputs['lead-time-seconds']]).toEqual([0, '720']);
    expect(proxiedHosts).toContain(address);
    expect(requests.map((message) => message.headers.authorization)).toEqual([undefined]);
  });

  test.each([
    ['directly', () => ({})],
    ['through the proxy', () => ({ env: throughProxy(), host: 'github.test' })],
  ])('is not read from a redirect %s', async (_, options) => {
    const { code, log, requests } = await readEvents(
      (__, response) => response.writeHead(302, { location: '/other' }).end(),
      options(),
    );
    expect([code, requests.length]).toEqual([1, 1]);
    expect(log).toContain('the server returned 302; redirects are not followed');
  });
});
