/**
 * Whether this build answers as an earlier one did, byte for byte:
 *
 *     npm run same-answers -- REVISION
 *
 * Takes `dist/` of that revision out of git and puts both builds before the same worlds, in every mode and by every
 * source: exit code, outputs, JSON report, summary, annotations, comments and issues are held against each other. Each
 * difference is printed, with where it begins. Exits 1 if there are any. A field that is new in the report is none.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomTeam } from '../__tests__/support/random-team.ts';
import { runStep, type StepOptions } from '../__tests__/support/runner.ts';
import { withOpenPull } from '../__tests__/support/open-pull.ts';
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
  /** Asked so many times, one after the other, of the same world. */
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
    SOURCES().map(([source, inputs]) => ({
      name: `sample, ${mode}, ${source}`,
      world: withFile,
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
        world: withReleases,
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
    world: () => ({ ...withReleases(), deployments: [] }),
    step: { event: 'pull_request', payload: { pull_request: { number: 500, base: { ref: 'main' } } } },
  },
];

function SOURCES(): [string, Record<string, string>][] {
  return [
    ['deployments', {}],
    ['a whole run', { 'deploy-source': 'workflow', 'deploy-workflow': 'deploy.yml' }],
    ['a job', { 'deploy-source': 'workflow', 'deploy-workflow': 'deploy.yml', 'deploy-job': 'deploy' }],
    ['releases', { 'deploy-source': 'releases' }],
  ];
}

/** That, with what only a file says. */
function withFile(): World {
  const world = withReleases();
  return { ...world, files: { ...world.files, '.github/deploy-latency.yml': 'mention: authors @lead\n' } };
}

/** The sample, whose every third deployment was a release too. */
function withReleases(): World {
  const world = withOpenPull();
  world.releases = world.deployments
    .filter((_, i) => i % 3 === 0)
    .map((deployment, i) => ({
      tag: `v1.${i}`,
      sha: deployment.sha,
      createdAt: deployment.createdAt,
      publishedAt: deployment.statuses.at(-1)?.createdAt ?? deployment.createdAt,
      author: i % 2 === 0 ? 'mira' : 'release-bot[bot]',
    }));
  return world;
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

/** Outputs that name a file. Each run writes to a folder of its own, so these always differ. */
const FILES = new Set(['report', 'html', 'badge', 'rows']);

async function answersOf({ world: make, step, denied = [], times = 1 }: Case, dist: string) {
  const world = make();
  const github = await startLoopback(world, { execute: executeAsGitHub, denied });
  const told: Record<string, unknown>[] = [];
  for (let i = 0; i < times; i++) {
    const { code, log, outputs, summary, report } = await runStep({
      apiUrl: github.apiUrl,
      repository: `${world.owner}/${world.name}`,
      ...step,
      dist,
    });
    const values = Object.fromEntries(Object.entries(outputs).filter(([name]) => !FILES.has(name)));
    told.push({
      outputs: { code, ...values },
      report: { ...report, generatedAt: null },
      summary,
      annotations: log.split('\n').filter((line) => line.startsWith('::')),
      comments: world.comments?.map(({ number, body }) => ({ number, body })),
      issues: structuredClone(world.issues),
    });
  }
  await github.close();
  return told;
}

/** What came after, without the fields that were not there before. */
function asBefore(after: unknown, before: unknown): unknown {
  if (Array.isArray(after) && Array.isArray(before)) return after.map((each, i) => asBefore(each, before[i]));
  if (!isObject(after) || !isObject(before)) return after;
  return Object.fromEntries(
    Object.entries(after)
      .filter(([key]) => key in before)
      .map(([key, value]) => [key, asBefore(value, before[key])]),
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Where two begin to differ, for people; `null`: nowhere. */
function difference(before: unknown, after: unknown): string | null {
  const lines = (value: unknown) =>
    (typeof value === 'string'
      ? value
      : (JSON.stringify(value, null, 1) ?? '').replaceAll('\\n', '\n')
    ).split('\n');
  const [was, is] = [lines(before), lines(after)];
  const at = Array.from({ length: Math.max(was.length, is.length) }).findIndex((_, i) => was[i] !== is[i]);
  return at === -1 ? null : `line ${at + 1}\n  - ${was[at]?.slice(0, 300)}\n  + ${is[at]?.slice(0, 300)}`;
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
      cases.slice(i, i + 2).map(async (each) => {
        const [before, after] = [await answersOf(each, join(folder, 'dist')), await answersOf(each, 'dist')];
        const found = after.flatMap((told, i) =>
          Object.entries(told).flatMap(([part, value]) => {
            const was = before[i]?.[part];
            const differs = difference(was, part === 'report' ? asBefore(value, was) : value);
            return differs === null ? [] : [`${each.name}: ${part}, ${differs}`];
          }),
        );
        if (found.length > 0) differences += 1;
        for (const line of found) console.log(line);
      }),
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`${cases.length} cases against ${revision}: ${differences} differ`);
process.exitCode = differences === 0 ? 0 : 1;
