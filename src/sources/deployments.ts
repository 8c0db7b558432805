import type { Deployment, DeploymentState } from '../model/facts.ts';
import { present } from '../github/answers.ts';
import type { GitHub } from '../github/client.ts';
import { fitting, PAGE } from '../github/paging.ts';
import type { Place } from '../github/history/history.ts';
import {
  type BareCommitNode,
  DEPLOYMENTS,
  type DeploymentNode,
  type Page,
  STATUSES,
  type StatusNode,
} from '../github/queries.ts';

/** Deployments of any source, newest first by creation, read page by page as far as it turns out to be needed. */
export interface DeploymentList {
  readonly items: readonly Deployment[];
  /** Whether the list was read to its end. */
  readonly complete: boolean;
  /** Every deployment that was created after this instant has been read. */
  readonly readTo: Date;
  /** Reads one more page. */
  next(): Promise<void>;
}

/**
 * The deployments of an environment.
 *
 * @param first - the newest page, as the opening query brought it.
 * @param onCommit - told of each commit that came with a deployment.
 */
export async function deploymentsOf(
  github: GitHub,
  place: Place,
  environment: string,
  first: Page<DeploymentNode>,
  onCommit: (node: BareCommitNode) => void,
): Promise<DeploymentList> {
  return pagedList(
    first,
    (node) => deployment(github, node, onCommit),
    async (after) => {
      const answer = await fitting(PAGE, (size) =>
        github.graphql<{ repository: { deployments: Page<DeploymentNode> } | null }>(DEPLOYMENTS, {
          ...place,
          environments: [environment],
          after,
          first: size,
        }),
      );
      return present(answer.repository?.deployments, 'deployments');
    },
  );
}

/** A list behind a GraphQL cursor; `convert` may leave an item out. */
export async function pagedList<Node>(
  first: Page<Node>,
  convert: (node: Node) => Promise<Deployment | null> | Deployment | null,
  fetchPage: (after: string | null) => Promise<Page<Node>>,
): Promise<DeploymentList> {
  const items: Deployment[] = [];
  let cursor: string | null = null;
  const list = {
    items,
    complete: false,
    readTo: new Date(8.64e15),
    async next() {
      await take(await fetchPage(cursor));
    },
  };
  const take = async (page: Page<Node>): Promise<void> => {
    const nodes = (page.nodes ?? []).filter((each) => each !== null);
    items.push(...(await Promise.all(nodes.map(convert))).filter((each) => each !== null));
    for (const { createdAt } of items) if (createdAt < list.readTo) list.readTo = createdAt;
    cursor = page.pageInfo.endCursor;
    list.complete = !page.pageInfo.hasNextPage;
  };
  await take(first);
  return list;
}

async function deployment(
  github: GitHub,
  node: DeploymentNode,
  onCommit: (node: BareCommitNode) => void,
): Promise<Deployment> {
  if (node.commit) onCommit(node.commit);
  return {
    id: node.databaseId ?? node.id,
    sha: node.commitOid,
    commitExists: node.commit !== null,
    createdAt: new Date(node.createdAt),
    state: (node.state ?? 'PENDING') as DeploymentState,
    statuses: (await everyStatus(github, node)).map((each) => ({
      state: each.state as DeploymentState,
      createdAt: new Date(each.createdAt),
      logUrl: each.logUrl,
    })),
    creator: node.creator && { login: node.creator.login, isBot: node.creator.__typename !== 'User' },
    trigger: null,
    url: null,
  };
}

/** All of a deployment's statuses: the first success may be the oldest of more than a page. */
async function everyStatus(github: GitHub, node: DeploymentNode): Promise<StatusNode[]> {
  const statuses: StatusNode[] = [];
  let page = node.statuses;
  while (page) {
    statuses.push(...(page.nodes ?? []).filter((each) => each !== null));
    if (!page.pageInfo.hasNextPage) break;
    const answer: { node: { statuses: Page<StatusNode> | null } | null } = await github.graphql(STATUSES, {
      id: node.id,
      after: page.pageInfo.endCursor,
    });
    page = present(answer.node?.statuses, 'statuses');
  }
  return statuses;
}
