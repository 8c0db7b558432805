import { describe, expect, test } from '@jest/globals';
import { type Answer, commitsIn, isCached } from '../../src/production/production-answer.ts';
import { NoAnswer } from '../../src/production/ask.ts';
import { type Waiting, wait } from '../../src/production/wait.ts';
import { groupFinder } from '../../src/model/linear-pattern.ts';
import { after, isLive, none, NOTHING_SEEN, type Sighting } from '../../src/production/watch.ts';

/** How answers are read and how long the action waits, with an invented clock. */

const NEW = '1234567890abcdef1234567890abcdef12345678';
const OLD = 'fedcba0987654321fedcba0987654321fedcba09';
const answer = (text: string, headers: Record<string, string> = {}): Answer => ({
  status: 200,
  headers: new Map(Object.entries(headers)),
  text,
});

describe('the commits in an answer', () => {
  test.each<[string, Answer, string[]]>([
    ['a full commit alone', answer(`${NEW}\n`), [NEW]],
    ['in capitals', answer(NEW.toUpperCase()), [NEW]],
    ['in JSON', answer(JSON.stringify({ commit: NEW, time: 1772625600, image: 'a'.repeat(64) })), [NEW]],
    ['the same one twice', answer(`${NEW} ${NEW}`), [NEW]],
    ['with its abbreviation', answer(`${NEW} (1234567)`), [NEW]],
    ['in the output of git describe', answer('v1.4-12-g1234567'), ['1234567']],
    ['in a tag with other digits', answer('2026.03.04+1234567a.1772625600'), ['1234567a']],
    ['of digits alone', answer('1234567'), ['1234567']],
    ['in a header for it', answer('ok', { 'x-git-commit': NEW }), [NEW]],
    ['in a header with a version', answer('ok', { 'x-version': '1.4.0-g1234567' }), ['1234567']],
    ['not in a header about the content', answer('ok', { etag: `"${NEW}"`, 'x-request-id': NEW }), []],
    ['not in a UUID', answer('123e4567-e89b-12d3-a456-426614174000'), []],
    ['not in a longer name', answer(`${NEW}0 x1234567 1234567z`), []],
    ['two commits', answer(`${NEW} ${OLD}`), [NEW, OLD]],
    ['a header and a body that differ', answer(OLD, { 'x-revision': NEW }), [OLD, NEW]],
  ])('%s', (_, given, expected) => {
    expect(commitsIn(given, null)).toEqual(expected);
  });

  test('"match" finds the commit in the body or in a header', () => {
    expect(commitsIn(answer(`old=${OLD} new=${NEW}`), groupFinder('new=(\\w+)'))).toEqual([NEW]);
    expect(commitsIn(answer('', { etag: `"${NEW}"` }), groupFinder('^etag: "(\\w+)"'))).toEqual([NEW]);
  });

  test('"match" finds nothing if its group is no commit', () => {
    expect(commitsIn(answer('version=latest'), groupFinder('version=(\\w+)'))).toEqual([]);
    expect(commitsIn(answer(NEW), groupFinder('version=(\\w+)'))).toEqual([]);
  });
});

test.each<[Record<string, string>, boolean]>([
  [{}, false],
  [{ age: '0' }, false],
  [{ age: '12' }, true],
  [{ 'x-cache': 'Miss from cloudfront' }, false],
  [{ 'x-cache': 'Hit from cloudfront' }, true],
  [{ 'cf-cache-status': 'DYNAMIC' }, false],
  [{ 'cf-cache-status': 'HIT' }, true],
])('an answer with %j comes from a cache: %s', (headers, expected) => {
  expect(isCached(answer('', headers))).toBe(expected);
});

describe('the change is live', () => {
  const live: Sighting = { kind: 'live', commit: NEW };
  const other: Sighting = { kind: 'other', commit: OLD, relation: 'behind' };
  const seen = (...sightings: Sighting[]) => sightings.reduce(after, NOTHING_SEEN);
  const times = (count: number, sighting: Sighting) => Array.from({ length: count }, () => sighting);

  test('with "first" after one answer, even if the others differ', () => {
    expect(isLive(seen(), 'first')).toBe(false);
    expect(isLive(seen(other), 'first')).toBe(false);
    expect(isLive(seen(other, live), 'first')).toBe(true);
  });

  test('with "last" after ten answers in a row', () => {
    expect(isLive(seen(...times(9, live)), 'last')).toBe(false);
    expect(isLive(seen(other, ...times(10, live)), 'last')).toBe(true);
  });

  test.each<[string, Sighting]>([
    ['another commit', other],
    ['no commit', none('status', '503')],
  ])('with "last" not if %s interrupts the row', (_, interruption) => {
    const row = seen(...times(9, live), interruption, ...times(9, live));
    expect(isLive(row, 'last')).toBe(false);
    expect(isLive(after(row, live), 'last')).toBe(true);
  });

  test('with "last" not from a cache', () => {
    expect(isLive(seen(...times(20, { ...live, cached: true })), 'last')).toBe(false);
    expect(isLive(seen({ ...live, cached: true }), 'first')).toBe(true);
  });
});

describe('the wait', () => {
  /** Waits for answers that take some seconds. */
  async function waitFor(ask: (i: number) => Answer, options: Partial<Waiting> & { takes?: number } = {}) {
    let now = 0;
    let asked = 0;
    const waited = await wait({
      url: new URL('https://shop.example/version'),
      find: null,
      live: 'last',
      timeout: 60,
      ask: async () => {
        now += (options.takes ?? 0) * 1000;
        return ask(asked++);
      },
      judge: async ([name = '']) =>
        name === NEW
          ? { kind: 'live', commit: name }
          : { kind: 'other', commit: name, relation: 'not-compared' },
      clock: {
        now: () => now,
        sleep: async (milliseconds) => {
          now += milliseconds;
        },
      },
      ...options,
    });
    return { ...waited, asked };
  }

  test('ends with the tenth answer', async () => {
    expect(await waitFor(() => answer(NEW))).toMatchObject({ isLive: true, asked: 10, seconds: 9 });
  });

  test('counts the time that answers take', async () => {
    expect(await waitFor(() => answer(NEW), { takes: 5, timeout: 30 })).toMatchObject({
      isLive: false,
      asked: 6,
      seconds: 35,
    });
  });

  test('is never longer than the timeout and one answer', async () => {
    for (const takes of [0, 1, 3, 10]) {
      const { seconds } = await waitFor(() => answer(OLD), { takes, timeout: 45 });
      expect(seconds).toBeLessThanOrEqual(45 + takes);
    }
  });

  test('asks once even if the timeout is shorter than the pause', async () => {
    expect(await waitFor(() => answer(OLD), { timeout: 1 })).toMatchObject({ isLive: false, asked: 1 });
  });

  test('reports each new answer once', async () => {
    const sightings: Sighting[] = [];
    const texts = [OLD, OLD, '', '', NEW];
    await waitFor(
      (i) => {
        if (texts[i] === '') throw new NoAnswer('connection', 'ECONNREFUSED');
        return answer(texts[i] ?? NEW);
      },
      { onChange: (sighting) => sightings.push(sighting) },
    );
    expect(sightings.map(({ kind }) => kind)).toEqual(['other', 'none', 'live']);
  });

  test('ends with an error of the program at once', async () => {
    const bug = new TypeError('bug');
    await expect(
      waitFor(() => {
        throw bug;
      }),
    ).rejects.toBe(bug);
  });
});
