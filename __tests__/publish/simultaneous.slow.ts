import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { sampleTeam } from '../../src/demo/sample.ts';
import type { World } from '../../src/fake-github/world.ts';
import { withGitHub } from '../support/github.ts';
import { withOpenPull } from '../support/open-pull.ts';
import { numbersFrom } from '../support/random-team.ts';
import { commentsOn, DRIFTED, opened, performOn, shippedBy, weekWith, writes } from '../support/written.ts';

/** Runs of one workflow that start at the same moment, with answers that take up to 60 ms. */

const PATH = '.github/workflows/latency.yml';

/** Gives the world `count` runs of the guard's workflow in progress. */
function withRuns(world: World, count: number, branch = 'main'): World {
  world.runs ??= [];
  for (let i = 0; i < count; i++)
    world.runs.push({
      id: 7000 + i,
      workflow: 'latency.yml',
      sha: world.head,
      branch,
      event: 'pull_request',
      status: 'in_progress',
      conclusion: null,
      createdAt: '2026-03-13T16:59:00Z',
      updatedAt: '2026-03-13T16:59:00Z',
      jobs: [],
    });
  return world;
}

interface Measured {
  creates: number;
  /** Deletes of comments, and updates of issues. */
  others: number;
  /** Texts that were visible at one moment, at most. */
  most: number;
  end: number;
}

/** @param texts - counts the visible texts. */
async function atOnce(
  world: World,
  event: NonNullable<Parameters<typeof performOn>[2]>,
  count: number,
  seed: number,
  texts: () => number,
  { denied = [] as string[], apart = 100 } = {},
): Promise<Measured> {
  const pick = numbersFrom(seed);
  let most = 0;
  const interfere = async () => {
    await sleep(pick() * 60);
    most = Math.max(most, texts());
    return false;
  };
  return withGitHub(world, { interfere, denied }, async (github) => {
    const run = async (i: number) => {
      await sleep(pick() * apart);
      await performOn(world, github, {
        ...event,
        around: {
          runId: 7000 + i,
          guard: `${PATH} guard __action`,
          workflow: { owner: world.owner, name: world.name, path: PATH, commit: world.head },
        },
      });
    };
    await Promise.all(Array.from({ length: count }, (_, i) => run(i)));
    const made = writes(github);
    const creates = made.filter((write) => write.startsWith('POST')).length;
    return { creates, others: made.length - creates, most: Math.max(most, texts()), end: texts() };
  });
}

const SEEDS = [1, 2, 3];

describe.each([2, 5, 8])('%i runs at once', (count) => {
  test.each([0, 100, 300, 1000])('write one comment on the pull request within %i ms', async (apart) => {
    for (const seed of SEEDS) {
      const world = withRuns(withOpenPull(), count);
      const texts = () => commentsOn(world, 500).length;
      const measured = await atOnce(world, opened, count, seed, texts, { apart });
      expect(measured.most).toBeLessThanOrEqual(2);
      expect(measured.end).toBe(1);
      expect(measured.creates + measured.others).toBeLessThanOrEqual(4);
    }
  });

  test('leave one comment without "actions: read"', async () => {
    for (const seed of SEEDS) {
      const world = withRuns(withOpenPull(), count);
      const texts = () => commentsOn(world, 500).length;
      const measured = await atOnce(world, opened, count, seed, texts, { denied: ['actions'] });
      expect(measured.end).toBe(1);
      expect(measured.creates + measured.others).toBeLessThanOrEqual(2.5 * count);
    }
  });

  test('write one comment on each shipped pull request', async () => {
    const world = withRuns(sampleTeam(), count);
    const texts = () => Math.max(...[419, 420].map((number) => commentsOn(world, number).length));
    const measured = await atOnce(world, shippedBy(9010), count, 1, texts);
    // Two texts. A busy machine may let a run write before it sees the text of another, which is then removed.
    expect(measured.most).toBeLessThanOrEqual(2);
    expect(measured.end).toBe(1);
    expect(measured.creates + measured.others).toBeLessThanOrEqual(8);
  });

  test('open one issue', async () => {
    const world = withRuns(sampleTeam(), count);
    const texts = () => (world.issues ?? []).filter(({ state }) => state === 'open').length;
    const measured = await atOnce(world, weekWith(DRIFTED), count, 1, texts);
    expect(measured).toEqual({ creates: 1, others: 0, most: 1, end: 1 });
  });
});

test('runs for other branches are not waited for', async () => {
  const world = withRuns(withRuns(withOpenPull(), 5, 'another'), 1);
  const runs = world.runs ?? [];
  for (const [i, run] of runs.entries()) run.id = 7000 - runs.length + 1 + i;
  const started = performance.now();
  await atOnce(world, opened, 1, 1, () => commentsOn(world, 500).length, { apart: 0 });
  expect(commentsOn(world, 500)).toHaveLength(1);
  expect(performance.now() - started).toBeLessThan(1000);
});
