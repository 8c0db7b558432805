import type { DeploymentFeed } from '../model/deployment-feed.ts';
import type { Deployment } from '../model/facts.ts';
import { TooLarge } from './errors.ts';
import type { PageList } from './once.ts';
import type { Share } from './together.ts';

/** How a question is made as large as GitHub can answer in its time, and no larger. */

/** The most items GitHub gives a page. */
export const PAGE = 100;
/** How much of a request a page takes. */
export const SHARE_OF_A_PAGE: Share = 0.25;
/** A page of so few that GitHub cannot bring it will not come. */
const SMALLEST = 10;

/** Asks for a page of `size`, and for a smaller one while that is more than GitHub can answer in its time. */
export async function fitting<T>(size: number, ask: (size: number) => Promise<T>): Promise<T> {
  try {
    return await ask(size);
  } catch (error) {
    if (!(error instanceof TooLarge) || size <= SMALLEST) throw error;
    return fitting(Math.floor(size / 2), ask);
  }
}

/**
 * Asks about `items`, so many at a time and all at once; about half of a group, and then the other half, where a group
 * is more than GitHub can answer in its time.
 *
 * @param ask - is told how much of a request the group takes.
 */
export async function inGroups<T>(
  items: readonly T[],
  size: number,
  ask: (group: readonly T[], share: Share) => Promise<void>,
): Promise<void> {
  await Promise.all(groupsOf(items, size).map((group) => inHalves(group, group.length / size, ask)));
}

async function inHalves<T>(
  group: readonly T[],
  share: Share,
  ask: (group: readonly T[], share: Share) => Promise<void>,
): Promise<void> {
  try {
    await ask(group, share);
  } catch (error) {
    if (!(error instanceof TooLarge) || group.length < 2) throw error;
    for (const half of groupsOf(group, Math.ceil(group.length / 2))) await inHalves(half, 1, ask);
  }
}

export function groupsOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}

/** A list behind a cursor as a feed of deployments, its first page read; `convert` may leave an item out. */
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
      items.push(...nodes.map(convert).filter((each) => each !== null));
      for (const { createdAt } of items) if (createdAt < feed.readTo) feed.readTo = createdAt;
      feed.complete = isLast;
    },
  };
  await feed.next();
  return feed;
}
