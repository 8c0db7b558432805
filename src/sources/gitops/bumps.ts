import * as v from 'valibot';
import { instant, type Page, pageOf } from '../../github/answers.ts';
import { fitting, inGroups, PAGE } from '../../github/paging.ts';
import type { Repo } from '../../github/repo.ts';
import { matches } from '../../model/pattern.ts';
import { isArgo } from '../../model/statuses.ts';

/** The history of one file of another repository: each commit that changed it, with its text then, when it arrived and what proves it. */

export interface Proof {
  state: 'success' | 'failure' | 'running';
  at: Date;
}

export interface Bump {
  oid: string;
  url: string;
  /** `null`: the file is gone there, or no text. */
  text: string | null;
  /** GitHub cuts what is larger than half a megabyte. */
  isCut: boolean;
  /** When its pull request was merged, or else the commit's date. */
  arrivedAt: Date;
  author: string | null;
  /** What statuses `continuous-delivery/*` say of it. */
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

/** A page costs a point: lists are counted, and of those in a list's items there is one. */
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
  /** Whether the repository has deployments, which may prove one. */
  hasDeployments: boolean;
  branch: string;
}

/** One page of a file's history, newest first. */
export async function bumpsOf(repo: Repo, file: string, after: string | null): Promise<BumpPage> {
  const { repository } = await fitting(PAGE, (first) =>
    repo.graphql(BUMPS, { file, path: file, after, first }, answer),
  );
  const branch = repository.defaultBranchRef?.name ?? '';
  const { pageInfo, nodes } = repository.defaultBranchRef?.target?.history ?? {
    pageInfo: { hasNextPage: false, endCursor: null },
    nodes: [],
  };
  return {
    pageInfo,
    branch,
    hasDeployments: repository.deployments.totalCount > 0,
    nodes: nodes.map((node) => {
      const pull = node.associatedPullRequests.nodes.find(
        (other) => other.merged && other.baseRefName === branch,
      );
      return {
        oid: node.oid,
        url: node.url,
        text: node.file?.object?.text ?? null,
        isCut: node.file?.object?.isTruncated === true,
        arrivedAt: new Date(pull?.mergedAt ?? node.committedDate),
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
  deployments: v.object({
    pageInfo: v.object({ hasNextPage: v.boolean() }),
    nodes: v.array(
      v.object({
        environment: v.string(),
        statuses: v.object({
          pageInfo: v.object({ hasNextPage: v.boolean() }),
          nodes: v.array(v.object({ state: v.string(), createdAt: instant, logUrl: v.nullable(v.string()) })),
        }),
      }),
    ),
  }),
});

const DEPLOYMENTS = `
  pageInfo { hasNextPage }
  nodes { environment statuses(first: 100) { pageInfo { hasNextPage } nodes { state createdAt logUrl } } }`;

/** Of one commit there are few deployments; a longer list of statuses costs no more, and the oldest come last. */
const FEW = 5;
const AT_ONCE = 20;

export interface Proofs {
  proofs: Proof[];
  isArgo: boolean;
  /** Whether there are more deployments or statuses than a page has, so that the first success may be among those. */
  isCut: boolean;
}

/**
 * What GitHub deployments of an environment say of commits, as Argo CD and Flux record them in the repository that they
 * read. A commit with more deployments than most have is asked about again, by itself.
 */
export async function proofsOf(
  repo: Repo,
  oids: readonly string[],
  environment: string,
): Promise<Map<string, Proofs>> {
  const found = new Map<string, Proofs>();
  const ask = async (group: readonly string[], first: number): Promise<void> => {
    const { repository } = await repo.graphql(
      `
query Proofs($owner: String!, $name: String!, $first: Int!, ${group.map((_, i) => `$oid${i}: GitObjectID!`).join(', ')}) {
  repository(owner: $owner, name: $name) {
    ${group.map((_, i) => `commit${i}: object(oid: $oid${i}) { ... on Commit { deployments(first: $first) { ${DEPLOYMENTS} } } }`).join('\n    ')}
  }
}`,
      { first, ...Object.fromEntries(group.map((oid, i) => [`oid${i}`, oid])) },
      v.object({
        repository: v.object(Object.fromEntries(group.map((_, i) => [`commit${i}`, deploymentsThere]))),
      }),
    );
    const longer: string[] = [];
    for (const [i, oid] of group.entries()) {
      const told = repository[`commit${i}`]?.deployments;
      if (!told) continue;
      if (told.pageInfo.hasNextPage && first < PAGE) {
        longer.push(oid);
        continue;
      }
      const all = told.nodes.filter((node) =>
        matches(environment.toLowerCase(), node.environment.toLowerCase()),
      );
      const statuses = all.flatMap((each) => each.statuses.nodes);
      found.set(oid, {
        isArgo: statuses.some((status) => isArgo(status.logUrl)),
        isCut: told.pageInfo.hasNextPage || all.some((each) => each.statuses.pageInfo.hasNextPage),
        proofs: statuses.flatMap(({ state, createdAt }) =>
          state === 'INACTIVE' ? [] : [{ state: stateOf(state), at: new Date(createdAt) }],
        ),
      });
    }
    for (const oid of longer) await ask([oid], PAGE);
  };
  await inGroups([...new Set(oids)], AT_ONCE, (group) => ask(group, FEW));
  return found;
}
