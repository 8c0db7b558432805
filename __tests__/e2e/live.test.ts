import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { expect, test } from '@jest/globals';
import { CERTIFICATE, KEY } from '../support/certificate.ts';
import { withGitHub } from '../support/github.ts';
import { startServer } from '../support/http-server.ts';
import { deployedTeam } from '../support/production.ts';
import { runStep, type StepOptions } from '../support/runner.ts';

/** The built action `live`, started like on a runner. */

const team = deployedTeam();
const live = (options: Partial<StepOptions>) =>
  withGitHub(team.world, {}, ({ apiUrl }) =>
    runStep({ apiUrl, action: 'live', ...options, env: { GITHUB_SHA: team.deployed, ...options.env } }),
  );

test('production answers with a newer commit: the step succeeds and outputs it', async () => {
  const production = await startServer((response) => response.end(team.newer));
  const { code, log, outputs, summary } = await live({ inputs: { url: production.url, live: 'first' } });
  expect([code, outputs, summary]).toEqual([0, { commit: team.newer }, '']);
  expect(log.split('\n').filter((line) => line !== '' && !line.startsWith('::'))).toEqual([
    'Deploy latency guard: does production run this commit?',
    `Waiting until ${production.url.replace('http://', '')} answers with ${team.deployed.slice(0, 7)}.`,
    `Production answers with ${team.newer.slice(0, 7)}, which contains ${team.deployed.slice(0, 7)}.`,
    expect.stringMatching(`^Production runs ${team.deployed.slice(0, 7)}, seen after \\d+s\\.$`),
  ]);
});

test('production answers with an old commit: the step fails with one error, a link and a summary', async () => {
  const production = await startServer((response) => response.end(team.old));
  const { code, log, outputs, summary } = await live({
    inputs: { url: production.url, timeout: '1s', 'github-token': 'ghs_secret' },
  });
  expect([code, outputs.commit]).toEqual([1, team.old]);
  const [error, ...others] = log.split('\n').filter((line) => line.startsWith('::error'));
  expect(others).toEqual([]);
  expect(error).toMatch(
    new RegExp(
      `^::error::Production answers with ${team.old.slice(0, 7)} after 0s, not with ${team.deployed.slice(0, 7)}\\. ${team.old.slice(0, 7)} lacks 3 changes, the oldest merged .* ago\\. Check the rollout, or raise "timeout"\\. Help: https://.*/docs/messages\\.md#production$`,
    ),
  );
  expect(summary).toMatch(/^## 🔴 Production does not run this commit\n/);
  expect(JSON.stringify(production.requests)).not.toContain('ghs_secret');
});

test('the guard asks "live-url" once, on a schedule, and outputs the finding', async () => {
  const production = await startServer((response) => response.end(team.old));
  const { world, deployed } = deployedTeam();
  const statuses = [{ state: 'SUCCESS', createdAt: '2026-03-04T12:00:00Z' }];
  world.deployments.push(
    ...[world.commits[0]?.oid ?? '', deployed].map((sha, id) => ({
      id,
      environment: 'production',
      sha,
      createdAt: `2026-03-0${id + 1}T09:30:00Z`,
      creator: 'ada',
      statuses,
    })),
  );
  world.files = { '.github/deploy-latency.yml': `live-url: { production: "${production.url}" }\n` };
  const { log, report } = await withGitHub(world, {}, ({ apiUrl }) =>
    runStep({ apiUrl, event: 'schedule', inputs: { window: '1000d', issue: 'never' } }),
  );
  expect(report.seen).toMatchObject([{ state: 'older', commit: team.old, behind: 3 }]);
  expect(log).toContain('::warning title=Recorded as live%2C but not running::Production runs #1');
  expect(production.requests).toHaveLength(1);
});

test('an invalid input fails before any request', async () => {
  const { code, log } = await live({ inputs: { url: 'http://shop.example' } });
  expect(code).toBe(1);
  expect(log).toMatch(/::error::Input "url" is "http:\/\/shop.example"; .* Help: https:.*#input-url/);
});

test('https is asked through the proxy', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'live-'));
  writeFileSync(join(folder, 'ca.pem'), CERTIFICATE);
  const headers: unknown[] = [];
  const secure = createSecureServer({ key: KEY, cert: CERTIFICATE }, (request, response) => {
    headers.push([request.headers.authorization, request.headers.connection]);
    response.end(team.deployed);
  });
  const hosts: (string | undefined)[] = [];
  const tunnels = new Set<Duplex>();
  const proxy = createServer().on('connect', (request, client) => {
    hosts.push(request.url);
    const server = connect((secure.address() as AddressInfo).port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      server.pipe(client).pipe(server);
    });
    for (const socket of [server, client]) {
      tunnels.add(socket);
      socket.on('error', () => socket.destroy());
    }
  });
  for (const server of [secure, proxy])
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  try {
    const { code, log } = await live({
      inputs: { url: 'https://github.test/version', live: 'first' },
      env: {
        HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
        NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
      },
    });
    expect([code, log]).toEqual([0, expect.stringContaining('the deployed commit.')]);
    expect(hosts).toEqual(['github.test:443']);
    expect(headers).toEqual([[undefined, 'close']]);
  } finally {
    for (const tunnel of tunnels) tunnel.destroy();
    for (const server of [secure, proxy]) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
    rmSync(folder, { recursive: true });
  }
});
