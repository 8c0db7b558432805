import { describe, expect, test } from '@jest/globals';
import { sampleTeam } from '../../src/demo/sample.ts';
import type { LoopbackOptions } from '../../src/fake-github/loopback.ts';
import type { World } from '../../src/fake-github/world.ts';
import { withGitHub } from '../support/github.ts';
import { withOpenPull } from '../support/open-pull.ts';
import type { StepOptions } from '../support/runner.ts';
import {
  commentsOn,
  DRIFTED,
  notices,
  opened,
  performOn,
  shippedBy,
  weekWith,
  writes,
} from '../support/written.ts';

/** GitHub defers comments and issues, through the real client with its plugins. */

const SECONDARY =
  'You have exceeded a secondary rate limit and have been temporarily blocked from content creation. Please retry your request again later.';
const ANSWERS: Record<string, [status: number, body: object]> = {
  'a secondary limit': [403, { message: SECONDARY }],
  'a secondary limit with status 429': [429, { message: SECONDARY }],
  'an older wording': [
    403,
    {
      message:
        'You have triggered an abuse detection mechanism and have been temporarily blocked from content creation.',
    },
  ],
  'a rejection for speed': [
    422,
    {
      message: 'Validation Failed',
      errors: [{ resource: 'IssueComment', code: 'unprocessable', message: 'was submitted too quickly' }],
    },
  ],
};

/** Defers the first `count` writes, for `seconds` each. */
function deferring(
  count: number,
  seconds: number,
  [status, body]: [number, object] = [403, { message: SECONDARY }],
): Pick<LoopbackOptions, 'interfere'> {
  let deferred = 0;
  return {
    interfere: async (request, response) => {
      if (request.url?.endsWith('/graphql') || request.method === 'GET' || deferred++ >= count) return false;
      response.writeHead(status, { 'content-type': 'application/json', 'retry-after': String(seconds) });
      response.end(JSON.stringify(body));
      return true;
    },
  };
}

const stepOn = async (world: World, options: Partial<StepOptions>, answers: LoopbackOptions) =>
  withGitHub(world, answers, async (github) => {
    const startedAt = performance.now();
    const result = await performOn(world, github, options);
    return { ...result, writes: writes(github), seconds: (performance.now() - startedAt) / 1000 };
  });

describe.each(Object.entries(ANSWERS))('%s', (_, answer) => {
  test('once: the comment is written on the second try', async () => {
    const world = withOpenPull();
    const { code, log, writes } = await stepOn(world, opened, deferring(1, 1, answer));
    expect(code).toBe(0);
    expect(writes).toEqual(['POST /issues/500/comments', 'POST /issues/500/comments']);
    expect(commentsOn(world, 500)).toHaveLength(1);
    expect(notices(log)).toEqual([]);
  });

  test('again and again: one further try, then a notice, and the text is in the summary', async () => {
    const world = withOpenPull();
    const { code, log, writes, summary } = await stepOn(world, opened, deferring(99, 1, answer));
    expect(code).toBe(0);
    expect(writes).toHaveLength(2);
    expect(notices(log)).toHaveLength(1);
    expect(notices(log)[0]).toContain('GitHub defers new comments and issues');
    expect(summary).toContain('Merged now, it goes live in about 24m 35s.');
  });
});

test('several comments that GitHub defers wait once together', async () => {
  const world = sampleTeam();
  const { log, writes } = await stepOn(world, shippedBy(9010), deferring(99, 1));
  expect(writes).toEqual(['POST /issues/419/comments', 'POST /issues/419/comments']);
  expect(notices(log)[0]).toContain('No comment on #419, #420: GitHub defers new comments and issues');
});

test('the issue gets one further try, and then its text is in the summary', async () => {
  const world = sampleTeam();
  const { code, log, writes, summary } = await stepOn(world, weekWith(DRIFTED), deferring(99, 1));
  expect(code).toBe(0);
  expect(writes).toEqual(['POST /issues', 'POST /issues']);
  expect(notices(log)).toHaveLength(1);
  expect(summary).toContain('This issue closes when lead time has been back at 15m for a day.');
});

test('an issue that is accepted on the second try is the only one', async () => {
  const world = sampleTeam();
  await stepOn(world, weekWith(DRIFTED), deferring(1, 1));
  expect(world.issues).toHaveLength(1);
});

test('a wait of more than a minute is not waited for', async () => {
  const { seconds, writes, log } = await stepOn(withOpenPull(), opened, deferring(99, 61));
  expect(writes).toHaveLength(1);
  expect(seconds).toBeLessThan(20);
  expect(notices(log)).toHaveLength(1);
});

test('the verdict, the outputs and the summary are out before the wait', async () => {
  const step = { ...opened, inputs: { timeout: '3s' } };
  const { code, log, outputs, summary } = await stepOn(withOpenPull(), step, deferring(99, 50));
  expect(code).toBe(0);
  expect(outputs.status).toBe('drifted');
  expect(summary).toContain('Half of the changes take more than 24m 35s');
  expect(log.indexOf('Half of')).toBeLessThan(log.indexOf('GitHub defers what this run writes'));
  expect(notices(log)[0]).toContain('The run took longer than "timeout"');
});
