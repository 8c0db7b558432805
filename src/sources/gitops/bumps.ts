import * as v from 'valibot';
import { firstPageOf, instant, type Page, pageOf } from '../../github/answers.ts';
import { withFittingPage, inGroups, PAGE } from '../../github/paging.ts';
import { queryEach } from '../../github/query-each.ts';
import type { Repo } from '../../github/repo.ts';
import { matches } from '../../model/pattern.ts';
import { isArgo } from '../../model/statuses.ts';

/**
 * The history of a file in another repository: every commit that changed it, the text of the file, when the commit
 * arrived on the branch, and proofs that it was deployed.
 */

export interface Proof {
  state: 'success' | 'failure' | 'running';
  at: Date;
}

export interface Bump {
  oid: string;
  url: string;
  /** `null`: the commit deleted the file, or it is not text. */
  text: string | null;
  /** GitHub truncates texts of more than half a megabyte. */
  isCut: boolean;
  /** When its pull request was merged; without one, the commit date. */
  arrivedAt: Date;
  author: string | null;
  /** From the commit's `continuous-delivery/*` statuses. */
  proofs: Proof[];
}

const bump = v.object({
  oid: v.string(),
  url: v.string(),
  committedDate: instant,
  author: v.nullable(
    v.object({ name: v.nullable(v.string()), user: v.nullable(v.object({ login: v.string() })) }),
  ),
  file: v.nullable(
    v.object({
      object: v.nullable(
        v.object({ text: v.optional(v.nullable(v.string())), isTruncated: v.optional(v.boolean()) }),
      ),
    }),
  ),
  associatedPullRequests: v.object({
    nodes: v.array(v.object({ merged: v.boolean(), mergedAt: v.nullable(instant), baseRefName: v.string() })),
  }),
  status: v.nullable(
    v.object({ contexts: v.array(v.object({ context: v.string(), state: v.string(), createdAt: instant })) }),
  ),
});

/** One page costs one point, because only one list is nested in the list of commits. */
const BUMPS = `
query Bumps($owner: String!, $name: String!, $file: String!, $path: String!, $first: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    deployments(first: 1) { totalCount }
    defaultBranchRef {
      name
      target {
        ... on Commit {
          history(first: $first, after: $after, path: $path) {
            pageInfo { hasNextPage endCursor }
            nodes {
              oid url committedDate
              author { name user { login } }
              file(path: $file) { object { ... on Blob { text isTruncated } } }
              associatedPullRequests(first: 10) { nodes { merged mergedAt baseRefName } }
              status { contexts { context state createdAt } }
            }
          }
        }
      }
    }
  }
}`;

const answer = v.object({
  repository: v.object({
    deployments: v.object({ totalCount: v.number() }),
    defaultBranchRef: v.nullable(
      v.object({ name: v.string(), target: v.nullable(v.object({ history: pageOf(bump) })) }),
    ),
  }),
});

export interface BumpPage extends Page<Bump> {
  /** True if the repository has deployments, which may prove that a commit was deployed. */
  hasDeployments: boolean;
}

/** One page of a file's history, newest first. */
export async function bumpsOf(repo: Repo, file: string, after: string | null): Promise<BumpPage> {
  const { repository } = await withFittingPage({ size: PAGE }, (first) =>
    repo.graphql(BUMPS, { file, path: file, after, first }, answer),
  );
  const branch = repository.defaultBranchRef?.name ?? '';
  const { pageInfo, nodes } = repository.defaultBranchRef?.target?.history ?? {
    pageInfo: { hasNextPage: false, endCursor: null },
    nodes: [],
  };
  return {
    pageInfo,
    hasDeployments: repository.deployments.totalCount > 0,
    nodes: nodes.map((node) => {
      const pullRequest = node.associatedPullRequests.nodes.find(
        ({ merged, baseRefName }) => merged && baseRefName === branch,
      );
      return {
        oid: node.oid,
        url: node.url,
        text: node.file?.object?.text ?? null,
        isCut: node.file?.object?.isTruncated === true,
        arrivedAt: new Date(pullRequest?.mergedAt ?? node.committedDate),
        author: node.author?.user?.login ?? node.author?.name ?? null,
        proofs: (node.status?.contexts ?? []).flatMap(({ context, state, createdAt }) =>
          context.startsWith('continuous-delivery/')
            ? [{ state: stateOf(state), at: new Date(createdAt) }]
            : [],
        ),
      };
    }),
  };
}

const stateOf = (state: string): Proof['state'] =>
  state === 'SUCCESS' ? 'success' : state === 'FAILURE' || state === 'ERROR' ? 'failure' : 'running';

const deploymentsThere = v.object({
  deployments: firstPageOf(
    v.object({
      environment: v.string(),
      statuses: firstPageOf(
        v.object({ state: v.string(), createdAt: instant, logUrl: v.nullable(v.string()) }),
      ),
    }),
  ),
});

const DEPLOYMENTS = `
  pageInfo { hasNextPage }
  nodes { environment statuses(first: 100) { pageInfo { hasNextPage } nodes { state createdAt logUrl } } }`;

/** Deployments of a commit that are read at first. A page of 100 statuses costs no more, and the oldest come last. */
const FEW = 5;
/** Commits in one request. */
const GROUP = 20;

export interface Proofs {
  proofs: Proof[];
  isArgo: boolean;
  /** True if there are more deployments or statuses than were read, so that the first success may be missing. */
  isCut: boolean;
}

/**
 * Proofs from the GitHub deployments to an environment that Argo CD and Flux record under the commits of the repository
 * they read. Commits with many deployments are read again with a larger page.
 */
export async function proofsOf(
  repo: Repo,
  oids: readonly string[],
  environment: string,
): Promise<Map<string, Proofs>> {
  const proofs = new Map<string, Proofs>();
  const ask = async (group: readonly string[], first: number): Promise<void> => {
    const commits = await queryEach(repo, group, {
      query: 'Proofs',
      alias: 'commit',
      variables: { oid: ['GitObjectID!', (oid) => oid] },
      shared: { first: ['Int!', first] },
      field: (i) =>
        `object(oid: $oid${i}) { ... on Commit { deployments(first: $first) { ${DEPLOYMENTS} } } }`,
      answer: deploymentsThere,
    });
    const withMore: string[] = [];
    for (const [i, oid] of group.entries()) {
      const deployments = commits[i]?.deployments;
      if (!deployments) continue;
      if (deployments.pageInfo.hasNextPage && first < PAGE) {
        withMore.push(oid);
        continue;
      }
      const toEnvironment = deployments.nodes.filter((node) =>
        matches(environment.toLowerCase(), node.environment.toLowerCase()),
      );
      const statuses = toEnvironment.flatMap((deployment) => deployment.statuses.nodes);
      proofs.set(oid, {
        isArgo: statuses.some((status) => isArgo(status.logUrl)),
        isCut:
          deployments.pageInfo.hasNextPage ||
          toEnvironment.some((deployment) => deployment.statuses.pageInfo.hasNextPage),
        proofs: statuses.flatMap(({ state, createdAt }) =>
          state === 'INACTIVE' ? [] : [{ state: stateOf(state), at: new Date(createdAt) }],
        ),
      });
    }
    for (const oid of withMore) await ask([oid], PAGE);
  };
  await inGroups([...new Set(oids)], GROUP, (group) => ask(group, FEW));
  return proofs;
}
