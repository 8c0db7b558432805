/**
 * What an organization costs: `npm run organization [-- REPOSITORIES [FLAGS]]`. Four hundred repositories by default, on a GitHub on
 * loopback that answers after 100 ms, a twentieth of them broken in all ways; the built command line asks about them, is
 * killed in the middle, and goes on. Prints time, requests, points an hour and memory.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SAMPLE_NOW, sampleTeam } from '../src/demo/sample.ts';
import { startLoopback } from '../src/fake-github/loopback.ts';
import type { World } from '../src/fake-github/world.ts';

const COUNT = Number(process.argv[2] ?? 400);
/** Further flags, such as --stages none. */
const MORE = process.argv.slice(3);
const BROKEN = Math.round(COUNT / 20);
const LATENCY = 100;
const WAYS = [
  'no deployment',
  'no permission',
  'an error of the server',
  'no JSON',
  'a connection that is cut',
  'no answer',
  'gone',
] as const;
const wayOf = (name: string) => WAYS[Number(/^broken-(\d+)$/.exec(name)?.[1] ?? Number.NaN) % WAYS.length];

const sample = sampleTeam();
const named = (name: string): World => ({
  ...sample,
  owner: 'acme',
  name,
  ...(wayOf(name) === 'no deployment' ? { deployments: [] } : {}),
});
const [first, ...beside] = Array.from({ length: COUNT }, (_, i) =>
  named(i < BROKEN ? `broken-${i}` : `team-${i}`),
);
if (!first) throw new RangeError('no repository');

const github = await startLoopback(
  { ...first, others: beside },
  {
    latency: LATENCY,
    // All of them in one go: what an hour has is held against it below.
    points: { limit: 1_000_000 },
    async interfere(request, response, body) {
      const [, name = ''] = /"name":"([^"]+)"/.exec(body) ?? [];
      const [, inPath = ''] = /^\/repos\/acme\/([^/]+)/.exec(request.url ?? '') ?? [];
      const way = wayOf(name || inPath);
      const send = (status: number, text: string) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(text);
        return true;
      };
      switch (way) {
        case 'no permission':
          return send(403, '{"message": "Resource not accessible by integration"}');
        case 'an error of the server':
          return send(502, '{"message": "Server Error"}');
        case 'no JSON':
          return send(200, '{"data": {');
        case 'a connection that is cut':
          request.socket.destroy();
          return true;
        case 'no answer':
          return true;
        case 'gone':
          return send(
            200,
            '{"data": {"repository": null}, "errors": [{"type": "NOT_FOUND", "path": ["repository"], "message": "Could not resolve"}]}',
          );
        default:
          return false;
      }
    },
  },
);
const folder = mkdtempSync(join(tmpdir(), 'organization-'));
const reports = join(folder, 'reports');
const kept = () => {
  try {
    return readdirSync(reports).filter((each) => /^[^.]+\.json$/.test(each)).length;
  } catch {
    return 0;
  }
};

/** One run of the command line; `until`: how many reports there are when it is killed. */
async function ask(until = Number.POSITIVE_INFINITY) {
  const began = performance.now();
  const before = github.requests.length;
  const child = spawn(
    process.execPath,
    [
      'dist/cli.js',
      'organization',
      'acme',
      ...['--reports', reports, '--as-of', SAMPLE_NOW, '--timeout', '20s', '--budget-time', '2h'],
      ...MORE,
      ...['--html', join(folder, 'all.html'), '--report', join(folder, 'all.json')],
    ],
    {
      env: { PATH: process.env.PATH ?? '', GITHUB_TOKEN: 'x', GITHUB_API_URL: github.apiUrl },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let told = '';
  child.stdout.on('data', (chunk) => (told += chunk));
  child.stderr.on('data', (chunk) => (told += chunk));
  let memory = 0;
  const look = setInterval(() => {
    try {
      const [, most = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
      memory = Math.max(memory, Number(most) / 1024);
    } catch {
      // It is over, or this is no Linux.
    }
    if (kept() >= until) child.kill('SIGKILL');
  }, 100);
  const code = await new Promise((done) => child.on('close', done));
  clearInterval(look);
  const requests = github.requests.slice(before);
  return {
    code,
    seconds: Math.round((performance.now() - began) / 1000),
    requests: requests.length,
    points: requests.reduce((sum, request) => sum + (request.points ?? 0), 0),
    memory: Math.round(memory),
    reports: kept(),
    told,
  };
}

try {
  const halves = [await ask(COUNT / 2), await ask()];
  for (const { told: _, ...each } of halves) console.log(JSON.stringify(each));
  const [a, b] = halves;
  const [seconds, points] = [(a?.seconds ?? 0) + (b?.seconds ?? 0), (a?.points ?? 0) + (b?.points ?? 0)];
  console.log(
    `${COUNT} repositories, killed at ${a?.reports} and resumed: ${seconds} s, ${(a?.requests ?? 0) + (b?.requests ?? 0)} requests, ${points} points: ${Math.round((points / seconds) * 3600)} an hour at this pace, where an App has 5,000, so that it takes ${(points / 5000).toFixed(1)} hours of points.`,
  );
  console.log(b?.told.split('\n').slice(-60).join('\n'));
  const { teams, leadTime, failed } = JSON.parse(readFileSync(join(folder, 'all.json'), 'utf8'));
  console.log(JSON.stringify({ teams, leadTime }, null, 1));
  for (const each of failed)
    console.log(`${each.repository} (${wayOf(each.repository.split('/')[1])}): ${each.reason}`);
} finally {
  await github.close();
  rmSync(folder, { recursive: true });
}
