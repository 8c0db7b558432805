import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import { withGitHub } from '../support/github.ts';
import { runStep } from '../support/runner.ts';

/** A runner behind a proxy: what it asks of GitHub goes through it, and what NO_PROXY names does not. */

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
