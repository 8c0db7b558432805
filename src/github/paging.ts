import type { DeploymentFeed } from '../model/deployment-feed.ts';
import type { Deployment } from '../model/facts.ts';
import { TooLarge } from './errors.ts';
import type { PageList } from './once.ts';
import type { Share } from './query-batching.ts';

/** Keeps queries small enough for GitHub to answer in time. */

/** Maximum items on a page. */
export const PAGE = 100;
/** A page's share of a request. */
export const SHARE_OF_A_PAGE: Share = 0.25;
/** The number of items on the pages of a list. It becomes smaller if GitHub cannot answer, and stays so for the next pages. */
export interface PageSize {
  size: number;
}

/** Asks for a page, and halves its size as long as GitHub cannot answer in time, down to one item. */
export async function withFittingPage<T>(page: PageSize, ask: (size: number) => Promise<T>): Promise<T> {
  const { size } = page;
  try {
    return await ask(size);
  } catch (error) {
    if (!(error instanceof TooLarge) || size <= 1) throw error;
    page.size = Math.min(page.size, Math.floor(size / 2));
    return withFittingPage(page, ask);
  }
}

/**
 * Asks about `items` in groups of at most `size`, in parallel. A group that GitHub cannot answer in time is split in half,
 * and the halves follow one after the other.
 *
 * @param ask - receives a group and its share of a request.
 */
export async function inGroups<T>(
  items: readonly T[],
  size: number,
  ask: (group: readonly T[], share: Share) => Promise<void>,
): Promise<void> {
  const askOrSplit = async (group: readonly T[], share: Share): Promise<void> => {
    try {
      await ask(group, share);
    } catch (error) {
      if (!(error instanceof TooLarge) || group.length < 2) throw error;
      for (const half of groupsOf(group, Math.ceil(group.length / 2))) await askOrSplit(half, 1);
    }
  };
  await Promise.all(groupsOf(items, size).map((group) => askOrSplit(group, group.length / size)));
}

export function groupsOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}

/** Turns a paged list into a feed of deployments and reads its first page. `convert` returns `null` to skip an item. */
export async function pagedFeed<Node, Item extends Deployment = Deployment>(
  list: PageList<Node>,
  convert: (node: Node) => Item | null,
): Promise<Omit<DeploymentFeed, 'items'> & { readonly items: readonly Item[] }> {
  const items: Item[] = [];
  let pages = 0;
  const feed = {
    items,
    complete: false,
    readTo: new Date(8.64e15),
    async next() {
      const { nodes, isLast } = await list.page(pages);
      pages += 1;
      for (const node of nodes) {
        const item = convert(node);
        if (item === null) continue;
        items.push(item);
        if (item.createdAt < feed.readTo) feed.readTo = item.createdAt;
      }
      feed.complete = isLast;
    },
  };
  await feed.next();
  return feed;
}
