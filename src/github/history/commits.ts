import * as v from 'valibot';
import type { Commit, Oid, PullRequest } from '../../model/facts.ts';
import { firstPageOf, instant, pageOf } from '../answers.ts';
import { actor, personOf } from '../person.ts';

/**
 * Commits as GraphQL tells them: bare, for the graph alone, or full, with their pull requests. `first` is 100 where that
 * costs nothing: points are counted by the connections asked for, so only a connection inside a list's items multiplies.
 */

export const BARE_COMMIT = 'oid committedDate parents(first: 100) { nodes { oid committedDate } }';

export const FULL_COMMIT = `
  ${BARE_COMMIT}
  messageHeadline
  url
  author { name user { login } }
  associatedPullRequests(first: $pullRequests) {
    pageInfo { hasNextPage }
    nodes {
      number title url merged mergedAt baseRefName
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
    mergeCommit: v.nullable(v.object({ oid: v.string() })),
    author: actor,
    commits: v.object({ nodes: v.array(v.object({ commit: v.object({ authoredDate: instant }) })) }),
  }),
  v.forward(
    v.check((it) => !it.merged || it.mergedAt !== null),
    ['mergedAt'],
  ),
);

export const bareCommit = v.object(bare);
export const fullCommit = v.object({
  ...bare,
  messageHeadline: v.string(),
  url: v.string(),
  author: v.nullable(
    v.object({ name: v.nullable(v.string()), user: v.nullable(v.object({ login: v.string() })) }),
  ),
  associatedPullRequests: firstPageOf(pullRequest),
});
export const barePage = pageOf(bareCommit);
export const fullPage = pageOf(fullCommit);

export const BARE_PAGE = `pageInfo { hasNextPage endCursor } nodes { ${BARE_COMMIT} }`;
export const FULL_PAGE = `pageInfo { hasNextPage endCursor } nodes { ${FULL_COMMIT} }`;

export type BareCommit = v.InferOutput<typeof bareCommit>;
export type FullCommit = v.InferOutput<typeof fullCommit>;

/**
 * @param repository - where it is, as the start of its pages' addresses: a fork's commits may also belong to pull
 *   requests elsewhere.
 */
export function commitOf(node: BareCommit | FullCommit, repository: string): Commit {
  const known = {
    oid: node.oid,
    parents: node.parents.nodes.map((parent) => parent.oid),
    committedAt: new Date(node.committedDate),
  };
  if (!('associatedPullRequests' in node))
    return { ...known, headline: '', author: null, url: '', pullRequests: null };
  const login = node.author?.user?.login ?? node.author?.name;
  return {
    ...known,
    headline: node.messageHeadline,
    author: login ? { login, isBot: false } : null,
    url: node.url,
    pullRequests: node.associatedPullRequests.nodes
      .filter((each) => each.url.toLowerCase().startsWith(`${repository.toLowerCase()}/pull/`))
      .flatMap((each) =>
        each.merged && each.mergedAt !== null && each.mergeCommit
          ? [landed(each, each.mergedAt, each.mergeCommit.oid)]
          : [],
      ),
  };
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
  const below = v.nullable(v.object({ history: barePage }));
  return named(oids, `history(first: $first) { ${BARE_PAGE} }`, '$first: Int!', below);
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
