import { describe, expect, test } from '@jest/globals';
import { onceByName, pageListOf, readOnce } from '../../src/github/once.ts';

/** Several services of a run need the same lists and keys. Each one is requested from GitHub once. */

/** A list of three pages behind cursors, which fails at the cursors in `failing`, and the cursors that were requested. */
function threePages() {
  const requested: (string | null)[] = [];
  const failing = new Set<string | null>();
  const fetchPage = async (after: string | null) => {
    requested.push(after);
    if (failing.has(after)) throw new Error('GitHub did not answer');
    const number = Number(after ?? 1);
    return {
      nodes: [`item ${number}`],
      pageInfo: { hasNextPage: number < 3, endCursor: String(number + 1) },
    };
  };
  return { requested, failing, fetchPage };
}

describe('a list of pages', () => {
  test('requests each page once for all readers', async () => {
    const { requested, fetchPage } = threePages();
    const list = pageListOf(fetchPage);
    const readAll = async () => [
      ...(await list.page(0)).nodes,
      ...(await list.page(1)).nodes,
      ...(await list.page(2)).nodes,
    ];
    const [first, second] = await Promise.all([readAll(), readAll()]);
    expect(first).toEqual(['item 1', 'item 2', 'item 3']);
    expect(second).toEqual(first);
    expect(await readAll()).toEqual(first);
    expect(requested).toEqual([null, '2', '3']);
  });

  test('says which page is the last, and refuses to read beyond it', async () => {
    const list = pageListOf(threePages().fetchPage);
    expect(await list.page(1)).toEqual({ nodes: ['item 2'], isLast: false });
    expect(await list.page(2)).toEqual({ nodes: ['item 3'], isLast: true });
    await expect(list.page(3)).rejects.toThrow('there is no page 3');
  });

  test('does not request a first page that came with another answer', async () => {
    const { requested, fetchPage } = threePages();
    const list = pageListOf(fetchPage, {
      nodes: ['item of the opening'],
      pageInfo: { hasNextPage: true, endCursor: '2' },
    });
    expect((await list.page(0)).nodes).toEqual(['item of the opening']);
    expect((await list.page(1)).nodes).toEqual(['item 2']);
    expect(requested).toEqual(['2']);
  });

  test('requests a failed page again, and none of the pages before it', async () => {
    const { requested, failing, fetchPage } = threePages();
    const list = pageListOf(fetchPage);
    failing.add('2');
    await expect(Promise.all([list.page(1), list.page(1)])).rejects.toThrow('GitHub did not answer');
    expect(requested).toEqual([null, '2']);
    failing.clear();
    expect((await list.page(1)).nodes).toEqual(['item 2']);
    expect(requested).toEqual([null, '2', '2']);
  });
});

/** Reads the length of each word, and notes the words of each read. `nothing` has no length. */
function lengths() {
  const reads: string[][] = [];
  const failing = new Set<string>();
  const lengthsOf = readOnce(async (words: readonly string[]) => {
    reads.push([...words]);
    if (words.some((word) => failing.has(word))) throw new Error('GitHub did not answer');
    return new Map(words.flatMap((word) => (word === 'nothing' ? [] : [[word, word.length] as const])));
  });
  return { reads, failing, lengthsOf };
}

describe('keys', () => {
  test('of several callers are read together', async () => {
    const { reads, lengthsOf } = lengths();
    const [first, second] = await Promise.all([lengthsOf(['api', 'web']), lengthsOf(['web', 'docs'])]);
    expect(reads).toEqual([['api', 'web', 'docs']]);
    expect(first).toEqual(
      new Map([
        ['api', 3],
        ['web', 3],
      ]),
    );
    expect(second).toEqual(
      new Map([
        ['web', 3],
        ['docs', 4],
      ]),
    );
  });

  test('are read once: later callers read only what is new', async () => {
    const { reads, lengthsOf } = lengths();
    await lengthsOf(['api']);
    expect([...(await lengthsOf(['api', 'web'])).keys()].sort()).toEqual(['api', 'web']);
    expect(reads).toEqual([['api'], ['web']]);
  });

  test('that GitHub has nothing for are left out, and are not read again', async () => {
    const { reads, lengthsOf } = lengths();
    expect(await lengthsOf(['nothing', 'api'])).toEqual(new Map([['api', 3]]));
    expect(await lengthsOf(['nothing'])).toEqual(new Map());
    expect(reads).toHaveLength(1);
  });

  test('that could not be read are read again the next time', async () => {
    const { reads, failing, lengthsOf } = lengths();
    failing.add('web');
    await expect(lengthsOf(['web'])).rejects.toThrow('GitHub did not answer');
    failing.clear();
    expect(await lengthsOf(['web'])).toEqual(new Map([['web', 3]]));
    expect(reads).toEqual([['web'], ['web']]);
  });

  test('are the same if the given function makes them equal', async () => {
    const reads: string[][] = [];
    const read = readOnce(
      async (words: readonly string[]) => {
        reads.push([...words]);
        return new Map(words.map((word) => [word, word.length]));
      },
      (word) => word.toLowerCase(),
    );
    expect(await read(['Api'])).toEqual(new Map([['Api', 3]]));
    expect(await read(['api'])).toEqual(new Map([['api', 3]]));
    expect(reads).toEqual([['Api']]);
  });
});

describe('a named read', () => {
  test('runs once, and all callers get its result', async () => {
    const once = onceByName();
    let runs = 0;
    const read = async () => ++runs;
    expect(await Promise.all([once('files', read), once('files', read)])).toEqual([1, 1]);
    expect(await once('files', read)).toBe(1);
    expect(await once('tags', read)).toBe(2);
  });

  test('runs again if it failed', async () => {
    const once = onceByName();
    await expect(once('files', () => Promise.reject(new Error('GitHub did not answer')))).rejects.toThrow();
    expect(await once('files', async () => 'read')).toBe('read');
  });
});
