/**
 * The questions put to GraphQL, and the shapes of their answers. `first` is 100 where that costs nothing:
 * points are counted by the connections asked for, so only a connection inside a list's items multiplies.
 */

const PARENTS = 'parents(first: 100) { nodes { oid committedDate } }';

const BARE_COMMIT = `oid committedDate ${PARENTS}`;

const FULL_COMMIT = `
  ${BARE_COMMIT}
  messageHeadline
  url
  author { name user { login } }
  associatedPullRequests(first: $pullRequests) {
    pageInfo { hasNextPage }
    nodes {
      number title url merged mergedAt baseRefName
      baseRepository { nameWithOwner }
      mergeCommit { oid }
      author { __typename login }
      commits(first: 1) { nodes { commit { authoredDate } } }
    }
  }`;

const HISTORY_PAGE = `pageInfo { hasNextPage endCursor } nodes { ${FULL_COMMIT} }`;
const BARE_PAGE = `pageInfo { hasNextPage endCursor } nodes { ${BARE_COMMIT} }`;

const DEPLOYMENT_PAGE = `
  pageInfo { hasNextPage endCursor }
  nodes {
    id databaseId commitOid createdAt state
    creator { __typename login }
    commit { ${BARE_COMMIT} }
    statuses(first: 100) { pageInfo { hasNextPage endCursor } nodes { state createdAt logUrl } }
  }`;

const NEWEST_FIRST = 'orderBy: { field: CREATED_AT, direction: DESC }';

export interface Page<T> {
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  nodes: (T | null)[] | null;
}

export interface BareCommitNode {
  oid: string;
  committedDate: string;
  parents: { nodes: ({ oid: string; committedDate: string } | null)[] | null };
}

export interface PullRequestNode {
  number: number;
  title: string;
  url: string;
  merged: boolean;
  mergedAt: string | null;
  baseRefName: string;
  baseRepository: { nameWithOwner: string } | null;
  mergeCommit: { oid: string } | null;
  author: { __typename: string; login: string } | null;
  commits: { nodes: ({ commit: { authoredDate: string } } | null)[] | null };
}

export interface CommitNode extends BareCommitNode {
  messageHeadline: string;
  url: string;
  author: { name: string | null; user: { login: string } | null } | null;
  associatedPullRequests: {
    pageInfo: { hasNextPage: boolean };
    nodes: (PullRequestNode | null)[] | null;
  } | null;
}

export interface StatusNode {
  state: string;
  createdAt: string;
  logUrl: string | null;
}

export interface DeploymentNode {
  id: string;
  databaseId: number | null;
  commitOid: string;
  createdAt: string;
  state: string | null;
  creator: { __typename: string; login: string } | null;
  commit: BareCommitNode | null;
  statuses: Page<StatusNode> | null;
}

export interface ReleaseNode {
  tagName: string;
  isDraft: boolean;
  isPrerelease: boolean;
  createdAt: string;
  publishedAt: string | null;
  url: string;
  author: { login: string } | null;
  tagCommit: BareCommitNode | null;
}

export interface BranchNode {
  name: string;
  target: { oid: string; history?: Page<CommitNode> } | null;
}

export interface OpeningAnswer {
  repository: {
    nameWithOwner: string;
    url: string;
    defaultBranchRef?: BranchNode | null;
    ref?: BranchNode | null;
    deployments?: Page<DeploymentNode>;
    releases?: Page<ReleaseNode>;
  } | null;
}

const RELEASE_PAGE = `
  pageInfo { hasNextPage endCursor }
  nodes {
    tagName isDraft isPrerelease createdAt publishedAt url
    author { login }
    tagCommit { ${BARE_COMMIT} }
  }`;

/** The repository, the newest commits of the base branch and the newest deployments: often the whole answer. */
export const OPENING = `
query Opening(
  $owner: String!, $name: String!, $branch: String!, $named: Boolean!, $until: GitTimestamp,
  $first: Int!, $pullRequests: Int!, $environments: [String!], $deployments: Boolean!, $releases: Boolean!
) {
  repository(owner: $owner, name: $name) {
    nameWithOwner
    url
    defaultBranchRef @skip(if: $named) { name target { oid ...Newest } }
    ref(qualifiedName: $branch) @include(if: $named) { name target { oid ...Newest } }
    deployments(first: $first, environments: $environments, ${NEWEST_FIRST}) @include(if: $deployments) { ${DEPLOYMENT_PAGE} }
    releases(first: $first, ${NEWEST_FIRST}) @include(if: $releases) { ${RELEASE_PAGE} }
  }
}
fragment Newest on Commit { history(first: $first, until: $until) { ${HISTORY_PAGE} } }`;

export const DEPLOYMENTS = `
query Deployments($owner: String!, $name: String!, $first: Int!, $after: String, $environments: [String!]) {
  repository(owner: $owner, name: $name) {
    deployments(first: $first, after: $after, environments: $environments, ${NEWEST_FIRST}) { ${DEPLOYMENT_PAGE} }
  }
}`;

export const RELEASES = `
query Releases($owner: String!, $name: String!, $first: Int!, $after: String) {
  repository(owner: $owner, name: $name) { releases(first: $first, after: $after, ${NEWEST_FIRST}) { ${RELEASE_PAGE} } }
}`;

export const STATUSES = `
query Statuses($id: ID!, $after: String) {
  node(id: $id) {
    ... on Deployment {
      statuses(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { state createdAt logUrl } }
    }
  }
}`;

/** A stretch of the base branch between two commit dates, and where in it to go on. */
export interface Slice {
  /** `null`: as far back as its pages go. */
  since: string | null;
  until: string;
  after: string | null;
}

/** The next page of several stretches at once. `bare` leaves the pull requests out. */
export function historyQuery(slices: readonly Slice[], bare: boolean) {
  const each = (text: (i: number) => string) => slices.map((_, i) => text(i)).join(' ');
  const query = `
query History($owner: String!, $name: String!, $tip: GitObjectID!, $first: Int!${bare ? '' : ', $pullRequests: Int!'}, ${each(
    (i) => `$since${i}: GitTimestamp, $until${i}: GitTimestamp!, $after${i}: String`,
  )}) {
  repository(owner: $owner, name: $name) {
    object(oid: $tip) {
      ... on Commit {
        ${each((i) => `slice${i}: history(first: $first, since: $since${i}, until: $until${i}, after: $after${i}) { ${bare ? BARE_PAGE : HISTORY_PAGE} }`)}
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
  return { query, variables };
}

/** Named commits: with their pull requests (`full`), or each with the `first` newest commits below it. */
export function commitsQuery(oids: readonly string[], full: boolean) {
  const variables = Object.fromEntries(oids.map((oid, i) => [`oid${i}`, oid]));
  const fields = full ? FULL_COMMIT : `history(first: $first) { ${BARE_PAGE} }`;
  const query = `
query Commits($owner: String!, $name: String!, ${full ? '$pullRequests: Int!' : '$first: Int!'}, ${oids.map((_, i) => `$oid${i}: GitObjectID!`).join(', ')}) {
  repository(owner: $owner, name: $name) {
    ${oids.map((_, i) => `commit${i}: object(oid: $oid${i}) { ... on Commit { ${fields} } }`).join('\n    ')}
  }
}`;
  return { query, variables };
}

/** What else the repository deploys to, for the error that lists it. */
export const ENVIRONMENTS = `
query Environments($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) {
    environments(first: 100) { nodes { name } }
    deployments(first: 100, ${NEWEST_FIRST}) { nodes { environment } }
  }
}`;

export interface EnvironmentsAnswer {
  repository: {
    environments: { nodes: ({ name: string } | null)[] | null } | null;
    deployments: { nodes: ({ environment: string | null } | null)[] | null };
  } | null;
}

export interface CheckRunNode {
  name: string;
  status: string;
  conclusion: string | null;
  startedAt: string | null;
  completedAt: string | null;
}

/** The jobs of many workflow runs at once, every attempt's. */
export const CHECK_RUNS = `
query CheckRuns($ids: [ID!]!, $job: String) {
  nodes(ids: $ids) {
    id
    ... on CheckSuite {
      checkRuns(first: 100, filterBy: { checkType: ALL, checkName: $job }) {
        pageInfo { hasNextPage }
        nodes { name status conclusion startedAt completedAt }
      }
    }
  }
}`;

export interface CheckRunsAnswer {
  nodes: ({
    id: string;
    checkRuns?: { pageInfo: { hasNextPage: boolean }; nodes: (CheckRunNode | null)[] | null } | null;
  } | null)[];
}

const COMMENT_PAGE =
  'pageInfo { hasNextPage endCursor } nodes { fullDatabaseId url body createdAt viewerDidAuthor }';

export interface CommentNode {
  /** GitHub's number for it, as text: it is larger than GraphQL's integers. */
  fullDatabaseId: string | null;
  url: string;
  body: string;
  createdAt: string;
  viewerDidAuthor: boolean;
}

/** The comments of several issues or pull requests at once, each from its own cursor on. */
export function commentsQuery(threads: readonly { number: number; after: string | null }[]) {
  const variables = Object.fromEntries(
    threads.flatMap(({ number, after }, i) => [
      [`number${i}`, number],
      [`after${i}`, after],
    ]),
  );
  const page = (i: number) => `comments(first: $first, after: $after${i}) { ${COMMENT_PAGE} }`;
  const query = `
query Comments($owner: String!, $name: String!, $first: Int!, ${threads.map((_, i) => `$number${i}: Int!, $after${i}: String`).join(', ')}) {
  repository(owner: $owner, name: $name) {
    ${threads
      .map(
        (_, i) =>
          `thread${i}: issueOrPullRequest(number: $number${i}) { ... on Issue { ${page(i)} } ... on PullRequest { ${page(i)} } }`,
      )
      .join('\n    ')}
  }
}`;
  return { query, variables };
}

export interface IssueNode {
  number: number;
  title: string;
  body: string;
  state: 'OPEN' | 'CLOSED';
  url: string;
  viewerDidAuthor: boolean;
}

export const ISSUES = `
query Issues($owner: String!, $name: String!, $label: String!, $first: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    issues(first: $first, after: $after, labels: [$label], orderBy: { field: CREATED_AT, direction: ASC }) {
      pageInfo { hasNextPage endCursor }
      nodes { number title body state url viewerDidAuthor }
    }
  }
}`;

const SUITES = `checkSuites(first: 6) {
  pageInfo { hasNextPage }
  nodes {
    id
    workflowRun { event createdAt url file { path } workflow { name } }
    checkRuns(first: 30, filterBy: { checkType: LATEST }) {
      pageInfo { hasNextPage }
      nodes { name status conclusion startedAt completedAt detailsUrl permalink steps(first: 50) { pageInfo { hasNextPage } nodes { name startedAt completedAt } } }
    }
  }
}`;

/** A list of which one page is looked at. */
export interface FirstPage<T> {
  pageInfo: { hasNextPage: boolean };
  nodes: (T | null)[] | null;
}

export interface SuiteNode {
  id: string;
  workflowRun: {
    event: string;
    createdAt: string;
    url: string;
    file: { path: string } | null;
    workflow: { name: string };
  } | null;
  checkRuns: FirstPage<SuiteJobNode> | null;
}

export interface SuiteJobNode extends CheckRunNode {
  detailsUrl: string | null;
  permalink: string;
  steps: FirstPage<{ name: string; startedAt: string | null; completedAt: string | null }> | null;
}

/** The workflow runs on some commits, with their jobs and steps. */
export function suitesQuery(oids: readonly string[]) {
  return {
    query: `
query Suites($owner: String!, $name: String!, ${oids.map((_, i) => `$oid${i}: GitObjectID!`).join(', ')}) {
  repository(owner: $owner, name: $name) {
    ${oids.map((_, i) => `commit${i}: object(oid: $oid${i}) { ... on Commit { ${SUITES} } }`).join('\n    ')}
  }
}`,
    variables: Object.fromEntries(oids.map((oid, i) => [`oid${i}`, oid])),
  };
}

/** Some files of a branch: their text, and the commits since a moment that changed them. */
export function filesQuery(branch: string, paths: readonly string[], since: Date) {
  return {
    query: `
query Files($owner: String!, $name: String!, $branch: String!, $since: GitTimestamp!, ${paths.map((_, i) => `$at${i}: String!, $path${i}: String!`).join(', ')}) {
  repository(owner: $owner, name: $name) {
    ${paths.map((_, i) => `file${i}: object(expression: $at${i}) { ... on Blob { text } }`).join('\n    ')}
    ${paths.map((_, i) => `changes${i}: object(expression: $branch) { ... on Commit { history(first: 50, path: $path${i}, since: $since) { nodes { oid url } } } }`).join('\n    ')}
  }
}`,
    variables: {
      branch,
      since: since.toISOString(),
      ...Object.fromEntries(
        paths.flatMap((path, i) => [
          [`at${i}`, `${branch}:${path}`],
          [`path${i}`, path],
        ]),
      ),
    },
  };
}
