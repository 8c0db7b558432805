import * as v from 'valibot';
import type { Commit, Oid, PullRequest } from '../../model/facts.ts';
import { firstPageOf, instant, pageOf } from '../answers.ts';
import { actor, personOf } from '../person.ts';

/**
 * Commits as GraphQL tells them: bare, for the graph alone, or full, with their pull requests. `first` is 100 where that
 * costs nothing: points are counted by the connections asked for, so only a connection inside a list's items multiplies.
 */

const BARE_COMMIT = 'oid committedDate parents(first: 100) { nodes { oid committedDate } }';

/** What makes a commit known again where it was picked to another branch, or its files were deployed from one. */
const TOLD_AGAIN = 'authoredDate messageHeadline author { name user { login } } tree { oid }';

/** A commit that is not on the base branch, or may not be: bare, and what it may be on the base branch. */
const OFF_BRANCH_COMMIT = `${BARE_COMMIT} ${TOLD_AGAIN} messageBody`;

/** Which pull request put a commit where it is, as far as it takes to know what it carries. */
const PROMOTION =
  'promotedBy: associatedPullRequests(first: 3) { nodes { merged baseRefName headRefOid mergeCommit { oid } } }';

/** A commit that was deployed, from whatever branch. */
export const DEPLOYED_COMMIT = `${OFF_BRANCH_COMMIT} ${PROMOTION}`;

const FULL_COMMIT = `
  ${BARE_COMMIT}
  ${TOLD_AGAIN}
  url
  associatedPullRequests(first: $pullRequests) {
    pageInfo { hasNextPage }
    nodes {
      number title url merged mergedAt baseRefName headRefName headRefOid
      mergeCommit { oid }
      author { __typename login }
      commits(first: 1) { nodes { commit { authoredDate } } }
    }
  }`;

const bare = {
  oid: v.string(),
  committedDate: instant,
  parents: v.object({ nodes: v.array(v.object({ oid: v.string(), committedDate: instant })) }),
};

const pullRequest = v.pipe(
  v.object({
    number: v.number(),
    title: v.string(),
    url: v.string(),
    merged: v.boolean(),
    mergedAt: v.nullable(instant),
    baseRefName: v.string(),
    headRefName: v.string(),
    headRefOid: v.string(),
    mergeCommit: v.nullable(v.object({ oid: v.string() })),
    author: actor,
    commits: v.object({ nodes: v.array(v.object({ commit: v.object({ authoredDate: instant }) })) }),
  }),
  v.forward(
    v.check((it) => !it.merged || it.mergedAt !== null),
    ['mergedAt'],
  ),
);

const toldAgain = {
  authoredDate: instant,
  messageHeadline: v.string(),
  author: v.nullable(
    v.object({ name: v.nullable(v.string()), user: v.nullable(v.object({ login: v.string() })) }),
  ),
  tree: v.object({ oid: v.string() }),
};
const bareCommit = v.object(bare);
const offBranchCommit = v.object({ ...bare, ...toldAgain, messageBody: v.string() });
const promotedBy = v.object({
  nodes: v.array(
    v.object({
      merged: v.boolean(),
      baseRefName: v.string(),
      headRefOid: v.string(),
      mergeCommit: v.nullable(v.object({ oid: v.string() })),
    }),
  ),
});
export const deployedCommit = v.object({ ...offBranchCommit.entries, promotedBy });
const fullCommit = v.object({
  ...bare,
  ...toldAgain,
  url: v.string(),
  associatedPullRequests: firstPageOf(pullRequest),
});
const barePage = pageOf(bareCommit);
export const fullPage = pageOf(fullCommit);
const offBranchPage = pageOf(offBranchCommit);

const BARE_PAGE = `pageInfo { hasNextPage endCursor } nodes { ${BARE_COMMIT} }`;
const OFF_BRANCH_PAGE = `pageInfo { hasNextPage endCursor } nodes { ${OFF_BRANCH_COMMIT} }`;
export const FULL_PAGE = `pageInfo { hasNextPage endCursor } nodes { ${FULL_COMMIT} }`;

export type BareCommit = v.InferOutput<typeof bareCommit>;
export type OffBranchCommit = v.InferOutput<typeof offBranchCommit>;
export type DeployedCommit = v.InferOutput<typeof deployedCommit>;
export type FullCommit = v.InferOutput<typeof fullCommit>;
export type AnyCommit = BareCommit | OffBranchCommit | DeployedCommit | FullCommit;

/**
 * @param repository - where it is, as the start of its pages' addresses: a fork's commits may also belong to pull
 *   requests elsewhere.
 * @param baseBranch - what another branch is told from.
 */
export function commitOf(node: AnyCommit, repository: string, baseBranch: string): Commit {
  const login = 'author' in node ? (node.author?.user?.login ?? node.author?.name) : null;
  return {
    oid: node.oid,
    parents: node.parents.nodes.map((parent) => parent.oid),
    committedAt: new Date(node.committedDate),
    authoredAt: 'authoredDate' in node ? new Date(node.authoredDate) : null,
    authorName: 'author' in node ? (node.author?.name ?? null) : null,
    tree: 'tree' in node ? node.tree.oid : null,
    headline: 'messageHeadline' in node ? node.messageHeadline : '',
    pickedFrom: 'messageBody' in node ? pickedFromIn(node.messageBody) : [],
    promotes: 'promotedBy' in node ? promotedIn(node.oid, node.promotedBy, baseBranch) : null,
    author: login ? { login, isBot: false } : null,
    url: 'url' in node ? node.url : '',
    pullRequests:
      'associatedPullRequests' in node
        ? node.associatedPullRequests.nodes
            .filter((node) => node.url.toLowerCase().startsWith(`${repository.toLowerCase()}/pull/`))
            .flatMap((node) =>
              node.merged && node.mergedAt !== null && node.mergeCommit
                ? [landed(node, node.mergedAt, node.mergeCommit.oid)]
                : [],
            )
        : null,
  };
}

/** The head of the pull request that this commit put on another branch than the base branch. */
export function promotedIn(
  oid: Oid,
  { nodes }: v.InferOutput<typeof promotedBy>,
  baseBranch: string,
): Oid | null {
  const by = nodes.find(
    (node) => node.merged && node.baseRefName !== baseBranch && node.mergeCommit?.oid === oid,
  );
  return by && by.headRefOid !== oid ? by.headRefOid : null;
}

/** `git cherry-pick -x` writes what it picked. */
function pickedFromIn(message: string): Oid[] {
  return [...message.matchAll(/cherry picked from commit ([0-9a-f]{40})/g)].map(([, oid = '']) => oid);
}

function landed(node: v.InferOutput<typeof pullRequest>, mergedAt: string, mergeCommit: Oid): PullRequest {
  const [first] = node.commits.nodes;
  return {
    number: node.number,
    title: node.title,
    url: node.url,
    author: node.author && personOf(node.author.login, node.author.__typename),
    mergedAt: new Date(mergedAt),
    base: node.baseRefName,
    mergeCommit,
    head: node.headRefOid,
    headName: node.headRefName,
    firstCommitAt: first ? new Date(first.commit.authoredDate) : null,
  };
}

/** Merged pull requests of a commit of which GitHub does not say what commit put them on their base. */
export function unplacedIn(node: FullCommit): { number: number; base: string; mergedAt: Date }[] {
  return node.associatedPullRequests.nodes.flatMap(
    ({ merged, mergedAt, mergeCommit, number, baseRefName }) =>
      merged && mergedAt !== null && mergeCommit === null
        ? [{ number, base: baseRefName, mergedAt: new Date(mergedAt) }]
        : [],
  );
}

/** A stretch of the base branch between two commit dates, and where in it to go on. */
export interface Slice {
  /** `null`: as far back as its pages go. */
  since: string | null;
  until: string;
  after: string | null;
}

/** The next page of several stretches at once. `isBare` leaves the pull requests out. */
export function historyQuery(slices: readonly Slice[], isBare: boolean) {
  const each = (text: (i: number) => string) => slices.map((_, i) => text(i)).join(' ');
  const page = isBare ? BARE_PAGE : FULL_PAGE;
  const query = `
query History($owner: String!, $name: String!, $tip: GitObjectID!, $first: Int!${isBare ? '' : ', $pullRequests: Int!'}, ${each(
    (i) => `$since${i}: GitTimestamp, $until${i}: GitTimestamp!, $after${i}: String`,
  )}) {
  repository(owner: $owner, name: $name) {
    object(oid: $tip) {
      ... on Commit {
        ${each((i) => `slice${i}: history(first: $first, since: $since${i}, until: $until${i}, after: $after${i}) { ${page} }`)}
      }
    }
  }
}`;
  const variables = Object.fromEntries(
    slices.flatMap(({ since, until, after }, i) => [
      [`since${i}`, since],
      [`until${i}`, until],
      [`after${i}`, after],
    ]),
  );
  const pages = Object.fromEntries(slices.map((_, i) => [`slice${i}`, isBare ? barePage : fullPage]));
  return { query, variables, answer: v.object({ repository: v.object({ object: v.object(pages) }) }) };
}

/** Named commits with their pull requests. */
export function commitsQuery(oids: readonly Oid[]) {
  return named(oids, FULL_COMMIT, '$pullRequests: Int!', fullCommit);
}

/** The newest commits below each of some named ones; `null` for one that does not exist. */
export function belowQuery(oids: readonly Oid[]) {
  const below = v.nullable(v.object({ oid: v.string(), promotedBy, history: offBranchPage }));
  return named(oids, `oid ${PROMOTION} history(first: $first) { ${OFF_BRANCH_PAGE} }`, '$first: Int!', below);
}

function named<S extends v.GenericSchema>(
  oids: readonly Oid[],
  fields: string,
  declaration: string,
  answer: S,
) {
  const query = `
query Commits($owner: String!, $name: String!, ${declaration}, ${oids.map((_, i) => `$oid${i}: GitObjectID!`).join(', ')}) {
  repository(owner: $owner, name: $name) {
    ${oids.map((_, i) => `commit${i}: object(oid: $oid${i}) { ... on Commit { ${fields} } }`).join('\n    ')}
  }
}`;
  return {
    query,
    variables: Object.fromEntries(oids.map((oid, i) => [`oid${i}`, oid])),
    answer: v.object({
      repository: v.object(Object.fromEntries(oids.map((_, i) => [`commit${i}`, answer]))),
    }),
  };
}
