/**
 * Measures the cost of an organization: `npm run organization [-- REPOSITORIES [FLAGS]]`. The default is 400 repositories. The fake
 * GitHub answers after 100 ms, and one in 20 repositories is broken. The built command line is killed halfway and resumed. Prints
 * time, requests, points an hour and memory.
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
const FAULTS = [
  'no deployment',
  'no permission',
  'server error',
  'broken JSON',
  'connection reset',
  'no answer',
  'gone',
] as const;
const faultOf = (name: string) =>
  FAULTS[Number(/^broken-(\d+)$/.exec(name)?.[1] ?? Number.NaN) % FAULTS.length];

const sample = sampleTeam();
const named = (name: string): World => ({
  ...sample,
  owner: 'acme',
  name,
  ...(faultOf(name) === 'no deployment' ? { deployments: [] } : {}),
});
const [first, ...others] = Array.from({ length: COUNT }, (_, i) =>
  named(i < BROKEN ? `broken-${i}` : `team-${i}`),
);
if (!first) throw new RangeError('no repository');

const github = await startLoopback(
  { ...first, others },
  {
    latency: LATENCY,
    // Enough for a single run. The hourly limit is compared below.
    points: { limit: 1_000_000 },
    async interfere(request, response, body) {
      const [, name = ''] = /"name":"([^"]+)"/.exec(body) ?? [];
      const [, inPath = ''] = /^\/repos\/acme\/([^/]+)/.exec(request.url ?? '') ?? [];
      const fault = faultOf(name || inPath);
      const send = (status: number, text: string) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(text);
        return true;
      };
      switch (fault) {
        case 'no permission':
          return send(403, '{"message": "Resource not accessible by integration"}');
        case 'server error':
          return send(502, '{"message": "Server Error"}');
        case 'broken JSON':
          return send(200, '{"data": {');
        case 'connection reset':
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
const countReports = () => {
  try {
    return readdirSync(reports).filter((file) => /^[^.]+\.json$/.test(file)).length;
  } catch {
    return 0;
  }
};

/** Runs the command line, and kills it as soon as there are `until` reports. */
async function run(until = Number.POSITIVE_INFINITY) {
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
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  let memory = 0;
  const timer = setInterval(() => {
    try {
      const [, most = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
      memory = Math.max(memory, Number(most) / 1024);
    } catch {
      // The process has ended, or this is not Linux.
    }
    if (countReports() >= until) child.kill('SIGKILL');
  }, 100);
  const code = await new Promise((done) => child.on('close', done));
  clearInterval(timer);
  const requests = github.requests.slice(before);
  return {
    code,
    seconds: Math.round((performance.now() - began) / 1000),
    requests: requests.length,
    points: requests.reduce((sum, request) => sum + (request.points ?? 0), 0),
    memory: Math.round(memory),
    reports: countReports(),
    output,
  };
}

try {
  const halves = [await run(COUNT / 2), await run()];
  for (const { output: _, ...figures } of halves) console.log(JSON.stringify(figures));
  const [a, b] = halves;
  const [seconds, points] = [(a?.seconds ?? 0) + (b?.seconds ?? 0), (a?.points ?? 0) + (b?.points ?? 0)];
  console.log(
    `${COUNT} repositories, killed at ${a?.reports} and resumed: ${seconds} s, ${(a?.requests ?? 0) + (b?.requests ?? 0)} requests, ${points} points. That is ${Math.round((points / seconds) * 3600)} points an hour, or ${(points / 5000).toFixed(1)} hours of an App's 5,000 points.`,
  );
  console.log(b?.output.split('\n').slice(-60).join('\n'));
  const { teams, leadTime, failed } = JSON.parse(readFileSync(join(folder, 'all.json'), 'utf8'));
  console.log(JSON.stringify({ teams, leadTime }, null, 1));
  for (const { repository, reason } of failed)
    console.log(`${repository} (${faultOf(repository.split('/')[1])}): ${reason}`);
} finally {
  await github.close();
  rmSync(folder, { recursive: true });
}
