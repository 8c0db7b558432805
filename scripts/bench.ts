/**
 * What a check costs, for reaches of 1,000, 10,000 and 100,000 commits with one deployment per ten:
 *
 *     npm run bench
 *
 * Requests and the longest chain of them are counted at a GitHub on loopback; measuring is timed by itself; memory
 * is the peak of a process that only reads and measures. Machines differ, so compare ratios.
 */
import { execFile, spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { promisify } from 'node:util';
import { measured } from '../__tests__/support/measured.ts';
import { steadyTeam } from '../__tests__/support/steady-team.ts';
import { longestChain, startLoopback } from '../src/fake-github/loopback.ts';
import { surroundingsOf } from '../src/config/surroundings.ts';
import { planOf } from '../src/config/units.ts';
import { connect } from '../src/github/client.ts';
import { repoOf } from '../src/github/repo.ts';
import { collect } from '../src/run/collect.ts';

const DAYS = 365;
/** Milliseconds before each answer: enough for requests that are under way at once to be seen as such. */
const LATENCY = 20;
const REACHES = [1_000, 10_000, 100_000];

interface Cost {
  measuringMs: number;
  peakMiB: number;
  mergesets: number;
}

if (process.argv[2] === 'read') {
  console.log(JSON.stringify(await readAndMeasure(process.argv[3] ?? '', process.argv[4] ?? '')));
} else {
  await reaches();
  await aWeekOfTheLargest();
  await startUp();
}

async function reaches(): Promise<void> {
  console.log('  commits  deployments  requests  bound  longest chain  measuring  per commit  peak memory');
  for (const commits of REACHES) {
    const { world, now } = steadyTeam({ commits, days: DAYS, deployEvery: 10, rollbackEvery: 50 });
    const github = await startLoopback(world, { latency: LATENCY });
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...process.execArgv,
      import.meta.filename,
      'read',
      github.apiUrl,
      now,
    ]);
    const { measuringMs, peakMiB, mergesets } = JSON.parse(stdout) as Cost;
    const deployments = world.deployments.length;
    console.log(
      [
        String(commits).padStart(9),
        String(deployments).padStart(11),
        String(github.requests.length).padStart(8),
        String(2 + Math.ceil(commits / 100) + Math.ceil(deployments / 100)).padStart(5),
        String(longestChain(github.requests)).padStart(13),
        `${measuringMs.toFixed(0)} ms`.padStart(9),
        `${((measuringMs * 1000) / commits).toFixed(2)} µs`.padStart(10),
        `${peakMiB.toFixed(0)} MiB`.padStart(11),
      ].join('  '),
    );
    if (mergesets !== commits) throw new Error(`${mergesets} mergesets were measured, not ${commits}`);
    await github.close();
  }
}

/** 100,000 commits and pull requests and 10,000 deployments are there; the built action is asked about the last week. */
async function aWeekOfTheLargest(): Promise<void> {
  const { world, now } = steadyTeam({
    commits: 100_000,
    days: DAYS,
    deployEvery: 10,
    begins: '2025-01-01T00:00:00Z',
  });
  const github = await startLoopback(world);
  const { PATH = '' } = process.env;
  const env = {
    PATH,
    'INPUT_GITHUB-TOKEN': 't',
    INPUT_REPOSITORY: 'acme/shop',
    'INPUT_AS-OF': now,
    'INPUT_FAIL-ON': 'none',
    INPUT_COMMENT: 'never',
    GITHUB_API_URL: github.apiUrl,
  };
  const peak = 'process.on("exit", () => console.error(process.resourceUsage().maxRSS))';
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(peak)}`, 'dist/index.js'],
    { env },
  );
  const verdict = stdout.split('\n').find((line) => /^(?:On target|Slipping|Drifted|No verdict)/.test(line));
  console.log(
    `\na week of ${world.commits.length} commits, ${world.pulls.length} pull requests, ${world.deployments.length} deployments: ${github.requests.length} requests, ${(Number(stderr.trim().split('\n').at(-1)) / 1024).toFixed(0)} MiB\n  ${verdict}`,
  );
  await github.close();
}

async function readAndMeasure(apiUrl: string, now: string): Promise<Cost> {
  const to = new Date(now);
  const window = { from: new Date(to.getTime() - DAYS * 86_400_000), to };
  const { units, settings } = planOf(
    { 'github-token': 'bench', repository: 'acme/shop', window: `${DAYS}d` },
    surroundingsOf({
      now: to,
      repository: '',
      eventName: 'schedule',
      apiUrl,
      graphqlUrl: `${apiUrl}/graphql`,
    }),
  );
  const client = connect({ token: 'bench', apiUrl, graphqlUrl: `${apiUrl}/graphql` });
  const facts = await collect(repoOf(client, { owner: 'acme', name: 'shop' }), units, {
    window: settings.window,
    live: true,
    asker: { now: settings.window.to, runId: null, job: null, action: null },
    outside: { workspace: '.', proxied: false },
    clock: client.clock,
  });
  const [own] = facts.units;
  if (!own || own instanceof Error) throw new Error('no facts');
  const began = performance.now();
  const { mergesets } = measured(facts.repository, own, {
    window,
    maxBatch: 1,
    countDirectPushes: false,
    runId: null,
  });
  return {
    measuringMs: performance.now() - began,
    peakMiB: process.resourceUsage().maxRSS / 1024,
    mergesets: mergesets.length,
  };
}

/** The bundle's size, and how long it takes to its first log line against a Node that does nothing. */
async function startUp(): Promise<void> {
  const env = { PATH: process.env.PATH ?? '', INPUT_MODE: 'none of them' };
  /** Milliseconds until the process says something, or ends without a word. */
  const time = (args: string[]) =>
    new Promise<number>((done) => {
      const began = performance.now();
      const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
      child.stdout.once('data', () => done(performance.now() - began));
      child.once('close', () => done(performance.now() - began));
    });
  const median = async (args: string[]) => {
    const times: number[] = [];
    for (let i = 0; i < 21; i++) times.push(await time(args));
    return times.sort((a, b) => a - b)[10] ?? 0;
  };
  const bare = await median(['-e', '0']);
  const action = await median(['dist/index.js']);
  const bytes = statSync('dist/index.js').size;
  console.log(
    `\ndist/index.js: ${bytes} bytes; to its first log line in ${(action / bare).toFixed(1)} times \`node -e 0\``,
  );
}
