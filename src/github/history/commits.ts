import * as v from 'valibot';
import type { Commit, Oid, Person } from '../../model/facts.ts';
import { firstPageOf, instant, pageOf } from '../answers.ts';
import { type QueryEach, queryEach } from '../query-each.ts';
import type { Share } from '../query-batching.ts';
import type { Repo } from '../repo.ts';
import { PULL_REQUEST, pullRequestFields, pullRequestOf } from './pull-request.ts';

/**
 * Queries for commits: bare, with only their place in the graph, or full, with their pull requests. GitHub counts points
 * by connections, and only a connection inside the items of a list multiplies. All others ask for 100 items.
 */

const BARE_COMMIT = 'oid committedDate parents(first: 100) { nodes { oid committedDate } }';

/** Fields that identify a commit cherry-picked to another branch, or deployed from one. */
const IDENTITY = 'authoredDate messageHeadline author { name user { login } } tree { oid }';

/** Fields of a commit that may not be on the base branch, with those that identify its copy there. */
const OFF_BRANCH_COMMIT = `${BARE_COMMIT} ${IDENTITY} messageBody`;

/** The pull request that put a commit on its branch. Its head identifies the changes that the commit contains. */
const PROMOTION =
  'promotedBy: associatedPullRequests(first: 3) { nodes { number merged baseRefName headRefOid mergeCommit { oid } } }';

/** Fields of a commit that was deployed, from any branch. */
export const DEPLOYED_COMMIT = `${OFF_BRANCH_COMMIT} ${PROMOTION}`;

const FULL_COMMIT = `
  ${BARE_COMMIT}
  ${IDENTITY}
  url
  associatedPullRequests(first: $pullRequests) {
    pageInfo { hasNextPage }
    nodes {
      ${PULL_REQUEST}
      mergeCommit { oid }
    }
  }`;

const bare = {
  oid: v.string(),
  committedDate: instant,
  parents: v.object({ nodes: v.array(v.object({ oid: v.string(), committedDate: instant })) }),
};

const pullRequest = v.pipe(
  v.object({ ...pullRequestFields, mergeCommit: v.nullable(v.object({ oid: v.string() })) }),
  v.forward(
    v.check(({ merged, mergedAt }) => !merged || mergedAt !== null),
    ['mergedAt'],
  ),
);

const identity = {
  authoredDate: instant,
  messageHeadline: v.string(),
  author: v.nullable(
    v.object({ name: v.nullable(v.string()), user: v.nullable(v.object({ login: v.string() })) }),
  ),
  tree: v.object({ oid: v.string() }),
};
const bareCommit = v.object(bare);
const offBranchCommit = v.object({ ...bare, ...identity, messageBody: v.string() });
const promotedBy = v.object({
  nodes: v.array(
    v.object({
      number: v.number(),
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
  ...identity,
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

/** Authors by login. A team has far fewer of them than commits. */
const authors = new Map<string, Person>();

function authorOf(login: string): Person {
  const author = authors.get(login) ?? { login, isBot: false };
  authors.set(login, author);
  return author;
}

/**
 * @param repository - the repository's URL. Commits of a fork can also belong to pull requests of other repositories,
 *   which are left out.
 * @param baseBranch - the name of the base branch, to recognize pull requests into other branches.
 */
export function commitOf(node: AnyCommit, repository: string, baseBranch: string): Commit {
  const login = 'author' in node ? (node.author?.user?.login ?? node.author?.name) : null;
  const committedAt = new Date(node.committedDate);
  // A squash has the same two dates. A `Date` takes a hundred bytes.
  const dateOf = (text: string) => (text === node.committedDate ? committedAt : new Date(text));
  const sameOid = (oid: Oid) => (oid === node.oid ? node.oid : oid);
  return {
    oid: node.oid,
    parents: node.parents.nodes.map((parent) => parent.oid),
    committedAt,
    authoredAt: 'authoredDate' in node ? dateOf(node.authoredDate) : null,
    authorName: 'author' in node ? (node.author?.name ?? null) : null,
    tree: 'tree' in node ? node.tree.oid : null,
    headline: 'messageHeadline' in node ? node.messageHeadline : '',
    pickedFrom: 'messageBody' in node ? pickedFromIn(node.messageBody) : [],
    ...('promotedBy' in node ? promotionOf(node.oid, node.promotedBy, baseBranch) : { promotes: null }),
    author: login ? authorOf(login) : null,
    url: 'url' in node ? node.url : '',
    pullRequests:
      'associatedPullRequests' in node
        ? node.associatedPullRequests.nodes
            .filter((node) => node.url.toLowerCase().startsWith(`${repository.toLowerCase()}/pull/`))
            .flatMap((node) =>
              node.merged && node.mergedAt !== null && node.mergeCommit
                ? [pullRequestOf(node, node.mergedAt, sameOid(node.mergeCommit.oid), dateOf)]
                : [],
            )
        : null,
  };
}

/** The pull request that this commit merged into a branch other than the base branch, and its head. */
export function promotionOf(
  oid: Oid,
  { nodes }: v.InferOutput<typeof promotedBy>,
  baseBranch: string,
): Pick<Commit, 'promotes' | 'mergedElsewhere'> {
  const merge = nodes.find(
    (node) => node.merged && node.baseRefName !== baseBranch && node.mergeCommit?.oid === oid,
  );
  if (!merge) return { promotes: null };
  const { number, baseRefName: branch, headRefOid: head } = merge;
  return { promotes: head && head !== oid ? head : null, mergedElsewhere: { number, branch } };
}

/** The commits that `git cherry-pick -x` names in a message. */
function pickedFromIn(message: string): Oid[] {
  return [...message.matchAll(/cherry picked from commit ([0-9a-f]{40})/g)].map(([, oid = '']) => oid);
}

/** A commit's merged pull requests whose merge commit GitHub does not name. */
export function unplacedIn(node: FullCommit): { number: number; base: string; mergedAt: Date }[] {
  return node.associatedPullRequests.nodes.flatMap(
    ({ merged, mergedAt, mergeCommit, number, baseRefName }) =>
      merged && mergedAt !== null && mergeCommit === null
        ? [{ number, base: baseRefName, mergedAt: new Date(mergedAt) }]
        : [],
  );
}

/** A part of the base branch between two commit dates, and the cursor of its next page. */
export interface Slice {
  /** `null`: no lower bound. */
  since: string | null;
  until: string;
  after: string | null;
}

/** A query for the next page of each slice. `isBare` leaves out pull requests. */
export function historyQuery(slices: readonly Slice[], isBare: boolean) {
  const forEachSlice = (text: (i: number) => string) => slices.map((_, i) => text(i)).join(' ');
  const page = isBare ? BARE_PAGE : FULL_PAGE;
  const query = `
query History($owner: String!, $name: String!, $tip: GitObjectID!, $first: Int!${isBare ? '' : ', $pullRequests: Int!'}, ${forEachSlice(
    (i) => `$since${i}: GitTimestamp, $until${i}: GitTimestamp!, $after${i}: String`,
  )}) {
  repository(owner: $owner, name: $name) {
    object(oid: $tip) {
      ... on Commit {
        ${forEachSlice((i) => `slice${i}: history(first: $first, since: $since${i}, until: $until${i}, after: $after${i}) { ${page} }`)}
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

/** @param pullRequests - maximum number of pull requests per commit. */
export function readCommits(
  repo: Repo,
  oids: readonly Oid[],
  pullRequests: number,
  share: Share,
): Promise<FullCommit[]> {
  const shared = { pullRequests: ['Int!', pullRequests] } as const;
  return queryEach(repo, oids, commitQuery(FULL_COMMIT, shared, fullCommit), share);
}

/** Reads the newest `first` commits below each of `oids`; `null` for a commit that does not exist. */
export function readBelow(repo: Repo, oids: readonly Oid[], first: number, share: Share) {
  const fields = `oid ${PROMOTION} history(first: $first) { ${OFF_BRANCH_PAGE} }`;
  const below = v.nullable(v.object({ oid: v.string(), promotedBy, history: offBranchPage }));
  return queryEach(repo, oids, commitQuery(fields, { first: ['Int!', first] }, below), share);
}

function commitQuery<Answer extends v.GenericSchema>(
  fields: string,
  shared: NonNullable<QueryEach<Oid, Answer>['shared']>,
  answer: Answer,
): QueryEach<Oid, Answer> {
  return {
    query: 'Commits',
    alias: 'commit',
    variables: { oid: ['GitObjectID!', (oid) => oid] },
    shared,
    field: (i) => `object(oid: $oid${i}) { ... on Commit { ${fields} } }`,
    answer,
  };
}
