import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStep, type StepOptions, type StepResult } from '../../__tests__/support/runner.ts';
import { executeAsGitHub } from '../../__tests__/support/schema.ts';
import { executeWithoutSchema } from '../../src/fake-github/execute.ts';
import { type LoggedRequest, longestChain, startLoopback } from '../../src/fake-github/loopback.ts';
import type { World } from '../../src/fake-github/world.ts';
import { iso } from './history.ts';
import { bytesOf, type Loaded, type LoadedBytes } from './loaded.ts';

/** Runs the built action like a runner on the fake GitHub, and measures its cost. */

/** One run of the action. */
export interface Run {
  world: World;
  /** The time on the clocks of the runner and of GitHub. */
  now: number;
  step: Omit<StepOptions, 'apiUrl' | 'dist'>;
}

/** A repository and the runs on it. */
export interface Scenario {
  /** Names it within its group. */
  name: string;
  /** The runs, one after the other. Each keeps the issues and comments of earlier runs. The last one is measured. */
  runs: () => Run[];
  /** The expected status, if all runs of the scenario have the same. */
  status?: string;
  /** Answers queries without GitHub's schema, which is faster. */
  large?: boolean;
}

export interface Cost {
  requests: readonly LoggedRequest[];
  points: number;
  chain: number;
  /** Processor time, user and system. */
  milliseconds: number;
  mebibytes: number;
  /** Longest time that the event loop was held, in milliseconds. */
  longestTurn: number;
  /** Bytes of `dist` that were loaded. Zero if the group does not measure files. */
  loaded: LoadedBytes;
  /** The status of the run, then of each service if there are several. */
  status: string;
  services: Record<string, string>;
  /** Changes that the statistic counts. */
  changes: number;
  log: string;
}

/** Milliseconds before each response, so that parallel requests overlap. */
const LATENCY = 20;
const PROBE = join(import.meta.dirname, 'probe.cjs');
/** Node reads additional certificates at every start. They count in every process, or in none. */
const { NODE_EXTRA_CA_CERTS } = process.env;

interface Used extends Loaded {
  milliseconds: number;
  mebibytes: number;
  longestTurn: number;
}

/** Variables that load the probe into a process, and a function that reads its results. */
function probe(variables: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const file = join(folder, 'used.json');
  return {
    env: {
      NODE_OPTIONS: `--require ${JSON.stringify(PROBE)}`,
      ...(NODE_EXTRA_CA_CERTS ? { NODE_EXTRA_CA_CERTS } : {}),
      BENCH_USED: file,
      ...variables,
    },
    used(): Used {
      const used = JSON.parse(readFileSync(file, 'utf8')) as Used;
      rmSync(folder, { recursive: true });
      return used;
    },
  };
}

export interface HowMeasured {
  /** Measures the loaded files, too. That takes longer. */
  files?: boolean;
  /** Number of times the last run is repeated. The run with the median processor time counts. */
  times?: number;
}

export async function costOf(
  scenario: Scenario,
  dist: string,
  { files = false, times = 1 }: HowMeasured,
): Promise<Cost> {
  const runs = scenario.runs();
  const last = runs.pop();
  if (!last) throw new RangeError(`${scenario.name} has no runs`);
  let threads: Pick<World, 'issues' | 'comments'> = {};
  for (const run of runs) {
    const world = { ...run.world, ...threads };
    await costOfRun({ ...run, world }, scenario, dist, false);
    threads = { issues: world.issues ?? [], comments: world.comments ?? [] };
  }
  const costs: Cost[] = [];
  for (let i = 0; i < times; i++) {
    const world = { ...last.world, ...structuredClone(threads) };
    costs.push(await costOfRun({ ...last, world }, scenario, dist, files));
  }
  costs.sort((a, b) => a.milliseconds - b.milliseconds);
  return costs[Math.floor(costs.length / 2)] as Cost;
}

async function costOfRun(
  { world, now, step }: Run,
  { large = false }: Scenario,
  dist: string,
  files: boolean,
): Promise<Cost> {
  const github = await startLoopback(world, {
    execute: large ? executeWithoutSchema : executeAsGitHub,
    latency: LATENCY,
    date: () => new Date(now),
  });
  const { env, used } = probe({ BENCH_NOW: iso(now), ...(files ? { BENCH_FILES: 'yes' } : {}) });
  try {
    const result = await runStep({
      ...step,
      apiUrl: github.apiUrl,
      dist,
      repository: `${world.owner}/${world.name}`,
      env: { ...step.env, ...env },
    });
    const { milliseconds, mebibytes, longestTurn, ...loaded } = used();
    return {
      requests: github.requests,
      points: github.requests.reduce((sum, request) => sum + (request.points ?? 0), 0),
      chain: longestChain(github.requests),
      milliseconds,
      mebibytes,
      longestTurn,
      loaded: bytesOf(loaded),
      status: result.outputs.status || 'none',
      services: servicesIn(result),
      changes: Number(result.outputs.mergesets ?? 0),
      log: result.log,
    };
  } finally {
    await github.close();
  }
}

/** The status of each service that has a report. */
function servicesIn({ report }: StepResult): Record<string, string> {
  const services: { service?: string; status: string }[] = report?.units ?? [];
  return Object.fromEntries(services.map(({ service = '', status }) => [service, status]));
}

let nodeAlone: number | null = null;

/** Milliseconds of processor time that `node -e 0` takes: the median of several processes. */
export function millisecondsOfNode(): number {
  if (nodeAlone !== null) return nodeAlone;
  const times = Array.from({ length: 15 }, () => {
    const { env, used } = probe();
    execFileSync(process.execPath, ['-e', '0'], { env: { PATH: process.env.PATH ?? '', ...env } });
    return used().milliseconds;
  });
  nodeAlone = median(times);
  return nodeAlone;
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
