import { describe, expect, test } from '@jest/globals';
import { sampleTeam } from '../../src/demo/sample.ts';
import { VIEWER } from '../../src/fake-github/graphql.ts';
import type { Loopback } from '../../src/fake-github/loopback.ts';
import { edit } from '../../src/fake-github/rest.ts';
import type { World, WorldText } from '../../src/fake-github/world.ts';
import { withGitHub } from '../support/github.ts';
import { withOpenPull } from '../support/open-pull.ts';
import type { StepResult } from '../support/runner.ts';
import {
  commentsOn,
  DRIFTED,
  FINE,
  notices,
  opened,
  performOn,
  shippedBy,
  SLIPPING,
  weekWith,
  writes,
} from '../support/written.ts';

/** A person with write access edits the guard's comment or issue. */

const LATER = { at: '2026-03-13T17:20:00Z' };
const textIn = (texts: readonly WorldText[] | undefined): WorldText => {
  const [text] = texts ?? [];
  if (!text) throw new Error('The guard wrote nothing.');
  return text;
};

/** Runs a step, edits its text as `editor`, and runs `next`. Returns the writes of `next` and the text after it. */
async function afterEdit(
  world: World,
  first: Parameters<typeof performOn>[2],
  next: Parameters<typeof performOn>[2],
  change: (body: string) => string,
  { editor = 'mira', denied = false } = {},
): Promise<StepResult & { writes: string[]; before: string; after: string; queries: number }> {
  const texts = () => (world.comments?.length ? world.comments : world.issues);
  return withGitHub(world, denied ? { interfere: refusesHistory } : {}, async (github) => {
    await performOn(world, github, first);
    const text = textIn(texts());
    edit(text, change(text.body), editor);
    const before = text.body;
    const count = writes(github).length;
    const result = await performOn(world, github, next);
    return {
      ...result,
      writes: writes(github).slice(count),
      before,
      after: textIn(texts()).body,
      queries: historyQueries(github),
    };
  });
}

const historyQueries = ({ requests }: Loopback) =>
  requests.filter(({ graphql }) => graphql?.query.includes('userContentEdits')).length;

const refusesHistory = async (
  _: unknown,
  response: import('node:http').ServerResponse,
  body: string,
): Promise<boolean> => {
  if (!body.includes('userContentEdits')) return false;
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({ data: null, errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible' }] }),
  );
  return true;
};

describe('a comment whose text a person replaced', () => {
  test.each<[string, (body: string) => string]>([
    ['with its markers gone', () => 'We know. Noor is on it.'],
    [
      'within its markers',
      (body) => body.replace(/\n\*\*🔴[\s\S]*?<sub>/, '\n\nWe know. Noor is on it.\n\n<sub>'),
    ],
    ['to nothing', () => ''],
  ])('%s, stays as it is, and no other comment is written', async (_, change) => {
    const world = withOpenPull();
    const { code, log, summary, outputs, ...edited } = await afterEdit(
      world,
      opened,
      { ...opened, ...LATER },
      change,
    );
    expect([code, edited.writes]).toEqual([0, []]);
    expect(edited.after).toBe(edited.before);
    expect(commentsOn(world, 500)).toHaveLength(1);
    expect(notices(log)).toHaveLength(1);
    expect(notices(log)[0]).toContain(
      "No comment on #500: mira replaced the text of the guard's comment, so it was left alone. Delete that comment to get a new one. The text is in the job summary.",
    );
    expect(summary).toContain('Merged now, it goes live in about 24m 35s.');
    expect(outputs['comment-url']).toBe('');
  });

  test('is left alone by every later run', async () => {
    const world = withOpenPull();
    await withGitHub(world, {}, async (github) => {
      await performOn(world, github, opened);
      edit(textIn(world.comments), 'We know.', 'mira');
      for (const minute of [10, 20, 30])
        await performOn(world, github, { ...opened, at: `2026-03-13T17:${minute}:00Z` });
      expect(writes(github)).toEqual(['POST /issues/500/comments']);
    });
  });

  test('on one shipped pull request does not affect the others', async () => {
    const world = sampleTeam();
    const { log, ...edited } = await afterEdit(
      world,
      shippedBy(9010),
      { ...shippedBy(9010), inputs: { target: '10m' } },
      () => 'Ours.',
    );
    expect(edited.writes).toEqual(['PATCH /issues/comments/3000000002']);
    expect(notices(log)[0]).toContain('No comment on #419: mira replaced');
  });

  test('once deleted, is written again', async () => {
    const world = withOpenPull();
    await withGitHub(world, {}, async (github) => {
      await performOn(world, github, opened);
      edit(textIn(world.comments), 'We know.', 'mira');
      world.comments?.splice(0);
      await performOn(world, github, opened);
      expect(commentsOn(world, 500)).toHaveLength(1);
    });
  });
});

describe('a comment that a person edited', () => {
  test('around its text is still updated', async () => {
    const edited = await afterEdit(
      withOpenPull(),
      opened,
      { ...opened, ...LATER },
      (body) => `Seen. Noor\n\n${body}`,
    );
    expect(edited.writes).toEqual(['PATCH /issues/comments/3000000001']);
    expect(edited.after).toContain('Seen. Noor');
  });

  test('and that lost only its hidden lines is still updated', async () => {
    const edited = await afterEdit(withOpenPull(), opened, { ...opened, ...LATER }, (body) =>
      body.replace(/^<!-- guard: .*\n/m, '').replace(/^<!-- \/.*\n/m, ''),
    );
    expect(edited.writes).toEqual(['PATCH /issues/comments/3000000001']);
  });

  test('takes no request for its history if nobody edited it', async () => {
    const edited = await afterEdit(withOpenPull(), opened, { ...opened, ...LATER }, (body) => body);
    expect(edited.queries).toBe(0);
  });

  test('is found by its marker alone if GitHub does not show its history', async () => {
    const edited = await afterEdit(
      withOpenPull(),
      opened,
      { ...opened, ...LATER },
      (body) => `Seen.\n\n${body}`,
      {
        denied: true,
      },
    );
    expect(edited.writes).toEqual(['PATCH /issues/comments/3000000001']);
  });
});

test("another action's comment that a person replaced does not keep the guard from writing its own", async () => {
  const world = withOpenPull();
  const foreign = {
    id: 1,
    number: 500,
    author: VIEWER,
    body: 'Coverage: 80%',
    createdAt: '2026-03-13T10:00:00Z',
  };
  edit(foreign, 'Coverage is fine.', 'mira');
  world.comments = [foreign];
  await withGitHub(world, {}, async (github) => {
    const { log } = await performOn(world, github, opened);
    expect(writes(github)).toEqual(['POST /issues/500/comments']);
    expect(notices(log)).toEqual([]);
  });
});

describe('an issue whose text a person replaced', () => {
  test.each([
    ['while the alert is on', DRIFTED],
    ['while it is slipping', SLIPPING],
    ['on target', FINE],
  ])('stays as it is %s, no second issue is opened, and a notice says so', async (_, target) => {
    const world = sampleTeam();
    const { code, log, ...edited } = await afterEdit(
      world,
      weekWith(DRIFTED),
      { ...weekWith(target), at: '2026-03-14T17:00:00Z' },
      () => 'Mira owns this.',
    );
    expect([code, edited.writes]).toEqual([0, []]);
    expect(edited.after).toBe('Mira owns this.');
    expect(world.issues).toHaveLength(1);
    expect(notices(log)[0]).toContain(
      'mira replaced the text of issue #424, so it was left alone and no second issue was opened. Close it to get a new one.',
    );
  });

  test('and closed, is followed by a new one', async () => {
    const world = sampleTeam();
    await withGitHub(world, {}, async (github) => {
      await performOn(world, github, weekWith(DRIFTED));
      const text = textIn(world.issues);
      edit(text, 'Mira owns this.', 'mira');
      Object.assign(text, { state: 'closed' });
      for (const at of ['2026-03-14T17:00:00Z', '2026-03-15T17:00:00Z'])
        await performOn(world, github, { ...weekWith(DRIFTED), at });
      expect(world.issues?.map(({ state }) => state)).toEqual(['closed', 'open']);
      expect(text.body).toBe('Mira owns this.');
    });
  });

  test('around the text only, is updated', async () => {
    const world = sampleTeam();
    const edited = await afterEdit(
      world,
      weekWith(DRIFTED),
      { ...weekWith(FINE), at: '2026-03-14T17:00:00Z' },
      (body) => `Mira owns this.\n\n${body}`,
    );
    expect(edited.writes.at(-1)).toBe('PATCH /issues/424');
  });
});
