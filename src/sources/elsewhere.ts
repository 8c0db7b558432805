import * as v from 'valibot';
import { instant, pageOf } from '../github/answers.ts';
import { PAGE } from '../github/paging.ts';
import type { Repo } from '../github/repo.ts';
import type { Oid } from '../model/facts.ts';
import type { SourceIO } from './source.ts';

/** The newest deployments to any environment. */

const EVERYWHERE = `
query Everywhere($owner: String!, $name: String!, $first: Int!) {
  repository(owner: $owner, name: $name) {
    deployments(first: $first, orderBy: { field: CREATED_AT, direction: DESC }) {
      pageInfo { hasNextPage endCursor }
      nodes {
        environment createdAt state commitOid
        ref { name }
        commit { parents(first: 10) { nodes { oid } } }
        statuses(first: 10) { nodes { logUrl } }
      }
    }
  }
}`;
const everywhere = v.object({
  repository: v.object({
    deployments: pageOf(
      v.object({
        environment: v.nullable(v.string()),
        createdAt: instant,
        state: v.nullable(v.string()),
        commitOid: v.string(),
        ref: v.nullable(v.object({ name: v.string() })),
        commit: v.nullable(
          v.object({ parents: v.object({ nodes: v.array(v.object({ oid: v.string() })) }) }),
        ),
        statuses: v.object({ nodes: v.array(v.object({ logUrl: v.nullable(v.string()) })) }),
      }),
    ),
  }),
});
/** Leaves room for the runs of changes in the same request. */
const SHARE = 0.5;
const SUCCEEDED = new Set(['ACTIVE', 'INACTIVE', 'SUCCESS']);

export interface DeploymentElsewhere {
  environment: string;
  createdAt: Date;
  succeeded: boolean;
  sha: Oid;
  parents: Oid[];
  ref: string | null;
  logUrl: string | null;
}

/** The newest deployments to any environment, newest first, up to an instant, and how far back they were read. */
export interface Everywhere {
  deployments: DeploymentElsewhere[];
  readTo: Date;
}

/** Reads the list once for all services. */
export const newestEverywhere = ({ repo, once, until }: Pick<SourceIO, 'repo' | 'once' | 'until'>) =>
  once('deployments everywhere', () => readEverywhere(repo, until));

async function readEverywhere(repo: Repo, until: Date): Promise<Everywhere> {
  const { repository } = await repo.graphql(EVERYWHERE, { first: PAGE }, everywhere, SHARE);
  const { nodes, pageInfo } = repository.deployments;
  const deployments = nodes.map((node) => ({
    environment: node.environment ?? '',
    createdAt: new Date(node.createdAt),
    succeeded: SUCCEEDED.has(node.state ?? ''),
    sha: node.commitOid,
    parents: (node.commit?.parents.nodes ?? []).map((parent) => parent.oid),
    ref: node.ref?.name ?? null,
    logUrl: node.statuses.nodes.find((status) => status.logUrl !== null)?.logUrl ?? null,
  }));
  return {
    deployments: deployments.filter(({ createdAt }) => createdAt <= until),
    readTo: pageInfo.hasNextPage ? (deployments.at(-1)?.createdAt ?? until) : new Date(0),
  };
}
