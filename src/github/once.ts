import DataLoader from 'dataloader';
import type { Page } from './answers.ts';

/** Caches that let several callers share one read. */

/** Reads values by key. The map lacks keys that GitHub has nothing for. */
export type ReadByKey<Key, Value> = (keys: readonly Key[]) => Promise<Map<Key, Value>>;

/**
 * Caches the value of each key. Keys that several callers ask for in the same turn are read together. A key whose read
 * failed is read again the next time.
 *
 * @param keyOf - identifies equal keys; by default the key itself.
 */
export function readOnce<Key, Value>(
  read: ReadByKey<Key, Value>,
  keyOf: (key: Key) => unknown = (key) => key,
): ReadByKey<Key, Value> {
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

/** Runs a read the first time its name is used, and returns the same result for that name afterwards. */
export type Once = <T>(name: string, read: () => Promise<T>) => Promise<T>;

/** A failed read runs again the next time its name is used. */
export function onceByName(): Once {
  const results = new Map<string, Promise<unknown>>();
  return <T>(name: string, read: () => Promise<T>): Promise<T> => {
    const cached = results.get(name) as Promise<T> | undefined;
    if (cached) return cached;
    const reading = read().catch((error: unknown) => {
      results.delete(name);
      throw error;
    });
    results.set(name, reading);
    return reading;
  };
}

/** A list with a cursor. Several readers can share it; every page is read once. */
export interface PageList<Node> {
  /** @param index - from 0. Earlier pages are read first. */
  page(index: number): Promise<{ nodes: readonly Node[]; isLast: boolean }>;
}

/** @param first - the first page, if another answer already contained it. */
export function pageListOf<Node>(
  fetchPage: (after: string | null) => Promise<Page<Node>>,
  first: Page<Node> | null = null,
): PageList<Node> {
  const once = onceByName();
  const pageAt = (index: number): Promise<Page<Node>> =>
    once(`${index}`, async () => {
      if (index === 0) return first ?? fetchPage(null);
      const { pageInfo } = await pageAt(index - 1);
      if (!pageInfo.hasNextPage) throw new RangeError(`there is no page ${index}`);
      return fetchPage(pageInfo.endCursor);
    });
  return {
    async page(index) {
      const { nodes, pageInfo } = await pageAt(index);
      return { nodes, isLast: !pageInfo.hasNextPage };
    },
  };
}
