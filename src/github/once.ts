import DataLoader from 'dataloader';
import type { Page } from './answers.ts';

/** What a run asks GitHub for once, whoever needs it. */

/** Reads a value for each key; a key that GitHub has nothing for has none. */
export type ReadEach<Key, Value> = (keys: readonly Key[]) => Promise<Map<Key, Value>>;

/**
 * Remembers what `read` found for each key. Keys that several callers ask for in one turn are read together. A key that
 * could not be read is asked for again the next time.
 *
 * @param keyOf - what makes two keys the same; the key itself by default.
 */
export function readOnce<Key, Value>(
  read: ReadEach<Key, Value>,
  keyOf: (key: Key) => unknown = (key) => key,
): ReadEach<Key, Value> {
  const loader = new DataLoader<Key, { value: Value | undefined }, unknown>(
    async (keys) => {
      const values = await read(keys);
      return keys.map((key) => ({ value: values.get(key) }));
    },
    { cacheKeyFn: keyOf },
  );
  return async (keys) => {
    const values = new Map<Key, Value>();
    await Promise.all(
      keys.map(async (key) => {
        const { value } = await loader.load(key);
        if (value !== undefined) values.set(key, value);
      }),
    );
    return values;
  };
}

/** Runs a read the first time it is named, and hands its result to everyone who names it later. */
export type Once = <T>(name: string, read: () => Promise<T>) => Promise<T>;

/** A read that fails is run again the next time it is named. */
export function onceEach(): Once {
  const results = new Map<string, Promise<unknown>>();
  return <T>(name: string, read: () => Promise<T>): Promise<T> => {
    const known = results.get(name) as Promise<T> | undefined;
    if (known) return known;
    const reading = read().catch((error: unknown) => {
      results.delete(name);
      throw error;
    });
    results.set(name, reading);
    return reading;
  };
}

/** A list behind a cursor. Several readers may go through it, each at its own pace; each page is read once. */
export interface PageList<Node> {
  /** @param index - from 0; pages before it have to be read first. */
  page(index: number): Promise<{ nodes: readonly Node[]; isLast: boolean }>;
}

/** @param first - the first page, where it came with another answer. */
export function pageListOf<Node>(
  fetchPage: (after: string | null) => Promise<Page<Node>>,
  first: Page<Node> | null = null,
): PageList<Node> {
  const pages = new Map<number, Promise<Page<Node>>>();
  if (first) pages.set(0, Promise.resolve(first));
  const read = async (index: number): Promise<Page<Node>> => {
    if (index === 0) return fetchPage(null);
    const before = await pageAt(index - 1);
    if (!before.pageInfo.hasNextPage) throw new RangeError(`there is no page ${index}`);
    return fetchPage(before.pageInfo.endCursor);
  };
  const pageAt = (index: number): Promise<Page<Node>> => {
    const known = pages.get(index);
    if (known) return known;
    const reading = read(index).catch((error: unknown) => {
      pages.delete(index);
      throw error;
    });
    pages.set(index, reading);
    return reading;
  };
  return {
    async page(index) {
      const { nodes, pageInfo } = await pageAt(index);
      return { nodes, isLast: !pageInfo.hasNextPage };
    },
  };
}
