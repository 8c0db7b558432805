/**
 * Compares the results of this build with those of an earlier one, byte for byte:
 *
 *     npm run same-answers -- REVISION [--figures]
 *
 * Takes `dist/` of that revision from git and runs both builds on the same worlds, in every mode and with every source
 * of GitHub. It compares exit codes, outputs, JSON reports, summaries, annotations, comments and issues, and
 * prints where each difference begins. Exits 1 if there is a difference. A new field in the report is not a difference.
 * `--figures` compares exit codes, outputs and reports only, without the report's sentences for people.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomTeam } from '../__tests__/support/random-team.ts';
import { runStep, type StepOptions } from '../__tests__/support/runner.ts';
import { sampleFor, SOURCES } from '../__tests__/support/every-source.ts';
import { executeAsGitHub } from '../__tests__/support/schema.ts';
import { SAMPLE_NOW } from '../src/demo/sample.ts';
import { startLoopback } from '../src/fake-github/loopback.ts';
import { story } from '../src/fake-github/story.ts';
import type { World } from '../src/fake-github/world.ts';

interface Case {
  name: string;
  world: () => World;
  step: Partial<StepOptions>;
  denied?: string[];
  /** Number of runs on the same world. */
  times?: number;
}

const SEEDS = [11, 22, 33, 44, 55, 66, 77, 88];
const MODES: [string, Partial<StepOptions>][] = [
  ['guard', { event: 'push' }],
  [
    'pull-request',
    { event: 'pull_request', payload: { pull_request: { number: 500, base: { ref: 'main' } } } },
  ],
  ['scheduled', { event: 'schedule' }],
];

const cases: Case[] = [
  ...MODES.flatMap(([mode, step]) =>
    SOURCES.map(([source, inputs]) => ({
      name: `sample, ${mode}, ${source}`,
      world: () => withFile(source),
      step: {
        ...step,
        inputs: {
          ...inputs,
          'as-of': SAMPLE_NOW,
          'direct-pushes': 'count',
          comment: 'always',
          issue: 'always',
        },
      },
      times: 2,
    })),
  ),
  ...MODES.flatMap(([mode, step]) =>
    SEEDS.map((seed) => ({
      name: `random team ${seed}, ${mode}`,
      world: () => withPull(randomTeam(seed, 200).world),
      step: {
        ...step,
        inputs: {
          'as-of': endOf(seed),
          window: '5d',
          comment: 'always',
          issue: 'always',
          'fail-on': 'drift,batch,slow,stuck',
        },
      },
    })),
  ),
  ...['deployments', 'pull-requests', 'actions', 'checks', 'issues:write', 'pull-requests:write'].flatMap(
    (permission) =>
      MODES.map(([mode, step]) => ({
        name: `sample without ${permission}, ${mode}`,
        world: () => sampleFor('releases', 3),
        denied: [permission],
        step: { ...step, inputs: { 'as-of': SAMPLE_NOW } },
      })),
  ),
  {
    name: 'a deployment of a commit that is gone',
    world: withGone,
    step: { event: 'schedule', inputs: { 'as-of': '2026-03-02T20:00:00Z', 'min-samples': '1' } },
  },
  {
    name: 'no deployments',
    world: () => ({ ...sampleFor('releases', 3), deployments: [] }),
    step: { event: 'pull_request', payload: { pull_request: { number: 500, base: { ref: 'main' } } } },
  },
];

/** The sample team with a configuration file. */
function withFile(source: string): World {
  const world = sampleFor(source, 3);
  return { ...world, files: { ...world.files, '.github/deploy-latency.yml': 'mention: authors @lead\n' } };
}

function withPull(world: World): World {
  world.pulls.push({
    number: 500_000,
    title: 'Open',
    createdAt: '2026-01-05T08:00:00Z',
    mergedAt: null,
    mergeCommit: null,
    base: 'main',
    author: 'ada',
    commits: [],
  });
  for (const pull of world.pulls) if (pull.number === 500_000) pull.number = 500;
  return world;
}

function withGone(): World {
  const team = story();
  team.deploy(team.tip(), '2026-03-01T09:10:00Z');
  team.merge(1, '2026-03-02T08:00:00Z');
  team.deploy('f'.repeat(40), '2026-03-02T08:10:00Z');
  team.deploy(team.merge(2, '2026-03-02T10:00:00Z'), '2026-03-02T10:10:00Z');
  return team.world;
}

function endOf(seed: number): string {
  return new Date(randomTeam(seed, 200).ends - 3_600_000).toISOString();
}

/** Outputs that are paths. They differ from run to run. */
const FILES = new Set(['report', 'html', 'badge', 'rows']);

async function answersOf({ world: makeWorld, step, denied = [], times = 1 }: Case, dist: string) {
  const world = makeWorld();
  const github = await startLoopback(world, { execute: executeAsGitHub, denied });
  const results: Record<string, unknown>[] = [];
  for (let i = 0; i < times; i++) {
    const { code, log, outputs, summary, report } = await runStep({
      apiUrl: github.apiUrl,
      repository: `${world.owner}/${world.name}`,
      ...step,
      dist,
    });
    const values = Object.fromEntries(Object.entries(outputs).filter(([name]) => !FILES.has(name)));
    results.push({
      outputs: { code, ...values },
      report: { ...report, generatedAt: null },
      summary,
      annotations: log.split('\n').filter((line) => line.startsWith('::')),
      comments: world.comments?.map(({ number, body }) => ({ number, body })),
      issues: structuredClone(world.issues),
    });
  }
  await github.close();
  return results;
}

/** The new value without new fields. */
function asBefore(after: unknown, before: unknown): unknown {
  if (Array.isArray(after) && Array.isArray(before)) return after.map((item, i) => asBefore(item, before[i]));
  if (!isObject(after) || !isObject(before)) return after;
  return Object.fromEntries(
    Object.entries(after)
      .filter(([key]) => key in before)
      .map(([key, value]) => [key, asBefore(value, before[key])]),
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Fields of the report with sentences for people. */
const SENTENCES = new Set([
  'sentence',
  'message',
  'notes',
  'why',
  'title',
  'advice',
  'where',
  'remarks',
  'what',
  'consequence',
]);
const isOnlyFigures = process.argv.includes('--figures');
const PARTS = isOnlyFigures ? ['outputs', 'report'] : null;

function withoutSentences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSentences);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !SENTENCES.has(key))
      .map(([key, field]) => [key, withoutSentences(field)]),
  );
}

/** The first difference, for people; `null` if there is none. */
function difference(before: unknown, after: unknown): string | null {
  const lines = (value: unknown) =>
    (typeof value === 'string'
      ? value
      : (JSON.stringify(value, null, 1) ?? '').replaceAll('\\n', '\n')
    ).split('\n');
  const [old, current] = [lines(before), lines(after)];
  const at = Array.from({ length: Math.max(old.length, current.length) }).findIndex(
    (_, i) => old[i] !== current[i],
  );
  return at === -1
    ? null
    : `line ${at + 1}\n  - ${old[at]?.slice(0, 300)}\n  + ${current[at]?.slice(0, 300)}`;
}

const revision = process.argv[2];
if (revision === undefined) {
  console.error('usage: npm run same-answers -- REVISION');
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'build-'));
execFileSync('sh', ['-c', `git archive "$1" dist | tar -x -C "$2"`, 'sh', revision, folder]);
let differences = 0;
try {
  for (let i = 0; i < cases.length; i += 2) {
    await Promise.all(
      cases.slice(i, i + 2).map(async (run) => {
        const before = await answersOf(run, join(folder, 'dist'));
        const after = await answersOf(run, 'dist');
        const lines = after.flatMap((result, j) =>
          Object.entries(result).flatMap(([part, value]) => {
            if (PARTS !== null && !PARTS.includes(part)) return [];
            const compared = (data: unknown) => (isOnlyFigures ? withoutSentences(data) : data);
            const old = before[j]?.[part];
            const differs = difference(
              compared(old),
              compared(part === 'report' ? asBefore(value, old) : value),
            );
            return differs === null ? [] : [`${run.name}: ${part}, ${differs}`];
          }),
        );
        if (lines.length > 0) differences += 1;
        for (const line of lines) console.log(line);
      }),
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`${cases.length} cases against ${revision}: ${differences} differ`);
process.exitCode = differences === 0 ? 0 : 1;
