import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runStep, type StepOptions, type StepResult } from '../../__tests__/support/runner.ts';
import { executeAsGitHub } from '../../__tests__/support/schema.ts';
import { executeWithoutSchema } from '../../src/fake-github/execute.ts';
import { type LoggedRequest, longestChain, startLoopback } from '../../src/fake-github/loopback.ts';
import type { World } from '../../src/fake-github/world.ts';
import { iso } from './history.ts';

/** Runs the built action as a runner does, on a GitHub of this machine, and measures what that takes. */

/** One run of the action. */
export interface Run {
  world: World;
  /** What the clocks of the runner and of GitHub say. */
  now: number;
  step: Omit<StepOptions, 'apiUrl' | 'dist'>;
}

/** A repository and what the action is asked about it. */
export interface Scenario {
  /** What sets it apart from the other scenarios of its group. */
  name: string;
  /** The runs, one after the other: each keeps the issues and comments of those before it. The last one is measured. */
  runs: () => Run[];
  /** The status that a right build reports, if the scenario has only one. */
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
  /** Bytes of `dist` that were loaded, if they were asked for. */
  bytesToVerdict: number;
  bytesToEnd: number;
  /** The status of the run, then of each service if there are several. */
  status: string;
  services: Record<string, string>;
  log: string;
}

/** Milliseconds before each answer: requests that are under way at once overlap. */
const LATENCY = 20;
const PROBE = join(import.meta.dirname, 'probe.cjs');

interface Used {
  milliseconds: number;
  mebibytes: number;
  files: string[];
  lines: { line: string; files: number }[];
}

/** Variables that load the probe into a process, and what it writes about it. */
function probe(variables: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const file = join(folder, 'used.json');
  return {
    env: { NODE_OPTIONS: `--require ${JSON.stringify(PROBE)}`, BENCH_USED: file, ...variables },
    used(): Used {
      const used = JSON.parse(readFileSync(file, 'utf8')) as Used;
      rmSync(folder, { recursive: true });
      return used;
    },
  };
}

export async function costOf(scenario: Scenario, dist: string, { files = false } = {}): Promise<Cost> {
  const runs = scenario.runs();
  let kept: Pick<World, 'issues' | 'comments'> = {};
  for (const [i, run] of runs.entries()) {
    const world = { ...run.world, ...kept };
    const cost = await costOfRun({ ...run, world }, scenario, dist, files && i === runs.length - 1);
    if (i === runs.length - 1) return cost;
    kept = { issues: world.issues ?? [], comments: world.comments ?? [] };
  }
  throw new RangeError(`${scenario.name} has no runs`);
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
    const { milliseconds, mebibytes, ...loaded } = used();
    return {
      requests: github.requests,
      points: github.requests.reduce((sum, each) => sum + (each.points ?? 0), 0),
      chain: longestChain(github.requests),
      milliseconds,
      mebibytes,
      ...bytesOf(loaded),
      status: result.outputs.status || 'none',
      services: servicesIn(result),
      log: result.log,
    };
  } finally {
    await github.close();
  }
}

/** The verdict is the last line of the log that is no annotation. */
function bytesOf({ files, lines }: Pick<Used, 'files' | 'lines'>) {
  const bytes = (some: readonly string[]) =>
    some
      .filter((each) => /\/(?:index|chunks\/[^/]+)\.js$/.test(each))
      .reduce((sum, each) => sum + statSync(fileURLToPath(each)).size, 0);
  const verdict = lines.findLast(({ line }) => !line.startsWith('::'));
  return { bytesToVerdict: bytes(files.slice(0, verdict?.files ?? 0)), bytesToEnd: bytes(files) };
}

/** The status of each service that has a report. */
function servicesIn({ report }: StepResult): Record<string, string> {
  const units: { service?: string; status: string }[] = report?.units ?? [];
  return Object.fromEntries(units.map(({ service = '', status }) => [service, status]));
}

/** Milliseconds of processor time that Node needs to start and end. */
export function millisecondsOfNode(): number {
  const times = Array.from({ length: 11 }, () => {
    const { env, used } = probe({});
    execFileSync(process.execPath, ['-e', '0'], { env: { PATH: process.env.PATH ?? '', ...env } });
    return used().milliseconds;
  });
  return median(times);
}

export const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
