import { DEPLOYED_COMMIT } from '../github/history/commits.ts';

/** GraphQL selections for tags and releases, also used in the opening query. */

const TAG_PAGE = `
  pageInfo { hasNextPage endCursor }
  nodes {
    name
    target {
      __typename
      ... on Commit { ${DEPLOYED_COMMIT} }
      ... on Tag { tagger { date } target { __typename ... on Commit { ${DEPLOYED_COMMIT} } } }
    }
  }`;
const BY_COMMIT = 'refPrefix: "refs/tags/", orderBy: { field: TAG_COMMIT_DATE, direction: DESC }';
/** A page of tags; `after` is an argument such as `, after: $after`. */
export const tagsFrom = (after = ''): string => `refs(first: $first${after}, ${BY_COMMIT}) { ${TAG_PAGE} }`;

const RELEASE_PAGE = `
  pageInfo { hasNextPage endCursor }
  nodes {
    tagName isDraft isPrerelease createdAt publishedAt url
    author { login }
    tagCommit { ${DEPLOYED_COMMIT} }
  }`;
const NEWEST_FIRST = 'orderBy: { field: CREATED_AT, direction: DESC }';
/** A page of releases; `after` as above. */
export const releasesFrom = (after = ''): string =>
  `releases(first: $first${after}, ${NEWEST_FIRST}) { ${RELEASE_PAGE} }`;
