import { expect, test } from '@jest/globals';
import { sampleTeam } from '../../src/demo/sample.ts';
import type { Execute, GraphqlResponse } from '../../src/fake-github/execute.ts';
import type { Loopback } from '../../src/fake-github/loopback.ts';
import { connect } from '../../src/github/client.ts';
import { withGitHub } from '../support/github.ts';
import { queriesIn } from '../support/requests.ts';
import { executeAsGitHub } from '../support/schema.ts';

const REPOSITORY = { owner: 'larkspur', name: 'storefront' };
const BRANCH = `
query Branch($owner: String!, $name: String!, $first: Int!) {
  repository(owner: $owner, name: $name) { defaultBranchRef { target { ...Newest } } }
}
fragment Newest on Commit { history(first: $first) { nodes { oid ... on Commit { messageHeadline } } } }`;
const REF = `
query Ref($owner: String!, $name: String!, $ref: String!) {
  repository(owner: $owner, name: $name) { nameWithOwner ref(qualifiedName: $ref) { name } }
}`;
const ISSUES = `
query Issues($owner: String!, $name: String!, $words: String!, $first: Int!) {
  repository(owner: $owner, name: $name) { issues(first: $first) { totalCount } }
  search(query: $words, type: ISSUE, first: $first) { nodes { ... on Issue { title } } }
}`;
const QUERIES: [string, Record<string, unknown>][] = [
  [BRANCH, { first: 3 }],
  [REF, { ref: 'refs/heads/main' }],
  [REF, { ref: 'refs/heads/gone' }],
  [ISSUES, { words: 'repo:larkspur/storefront is:issue', first: 5 }],
];

/** Requests that are sent at once may arrive in any order. */
const inOrder = ([a = '', ...more]: string[], [b = '', ...others]: string[]): number =>
  others.length - more.length || JOINED.indexOf(a) - JOINED.indexOf(b);

/** The answer to each query, and the names of the queries in each request. */
const sendAll = (share: number, execute: Execute = executeAsGitHub) =>
  withGitHub(sampleTeam(), { execute }, (github) => sendAllTo(github, share));

async function sendAllTo({ apiUrl, graphqlUrl, requests }: Loopback, share: number) {
  const client = connect({ token: 'test-token', apiUrl, graphqlUrl, pace: 0 });
  const answers = await Promise.allSettled(
    QUERIES.map(([query, variables]) => client.graphql(query, { ...REPOSITORY, ...variables }, share)),
  );
  return {
    answers: answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : String(answer.reason))),
    names: requests
      .map(({ graphql }) => (graphql ? queriesIn(graphql).map(({ name }) => name) : []))
      .sort(inOrder),
  };
}

/** Changes GitHub's response to a joined request. */
const changingJoined =
  (change: (response: GraphqlResponse) => GraphqlResponse): Execute =>
  async (root, request) => {
    const response = await executeAsGitHub(root, request);
    return queriesIn(request).length > 1 ? change(response) : response;
  };

const ONE_BY_ONE = [['Branch'], ['Ref'], ['Ref'], ['Issues']];
const JOINED = ['Branch', 'Ref', 'Ref', 'Issues'];

test('small queries share a request and get the same answers as alone', async () => {
  const [alone, joined] = [await sendAll(1), await sendAll(0.25)];
  expect(alone.names).toEqual(ONE_BY_ONE);
  expect(joined.names).toEqual([JOINED]);
  expect(joined.answers).toEqual(alone.answers);
  expect(alone.answers[1]).toMatchObject({ repository: { ref: { name: 'main' } } });
});

test('queries that do not fit into one request are split over several', async () => {
  const { names } = await sendAll(0.4);
  expect(names).toEqual([
    ['Branch', 'Ref'],
    ['Ref', 'Issues'],
  ]);
});

test.each<[string, GraphqlResponse]>([
  ['too large', { errors: [{ type: 'RESOURCE_LIMITS_EXCEEDED', message: 'Resource limits exceeded.' }] }],
  ['invalid query', { errors: [{ message: "Field 'fragments' doesn't exist on type 'Issue'" }] }],
  ['no data', { data: null }],
])('if GitHub answers a joined request with "%s", its queries are sent one by one', async (_, refusal) => {
  const { answers, names } = await sendAll(
    0.25,
    changingJoined(() => refusal),
  );
  expect(names).toEqual([JOINED, ...ONE_BY_ONE]);
  expect(answers).toEqual((await sendAll(1)).answers);
});

test('a joined request that fails is not repeated; its queries are sent one by one', async () => {
  let requestCount = 0;
  const { answers, names } = await withGitHub(
    sampleTeam(),
    {
      async interfere(_, response) {
        requestCount += 1;
        if (requestCount > 1) return false;
        response.writeHead(502);
        response.end();
        return true;
      },
    },
    (github) => sendAllTo(github, 0.25),
  );
  expect(names).toEqual([JOINED, ...ONE_BY_ONE]);
  expect(answers.every((answer) => typeof answer === 'object')).toBe(true);
});

test('an error in one joined query fails only that query', async () => {
  const { answers, names } = await sendAll(
    0.25,
    changingJoined(({ data }) => ({
      data,
      errors: [{ type: 'FORBIDDEN', path: ['q1_repository', 'ref'], message: 'Resource not accessible' }],
    })),
  );
  expect(names).toEqual([JOINED]);
  expect(answers[1]).toContain('The token may not read repository.ref');
  expect(answers.filter((answer) => typeof answer === 'string')).toHaveLength(1);
});

test('after a rate limit, the queries are not sent one by one', async () => {
  const { answers, names } = await sendAll(
    0.25,
    changingJoined(() => ({ errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] })),
  );
  // Octokit retries the joined request.
  for (const name of names) expect(name).toEqual(JOINED);
  for (const answer of answers) expect(answer).toContain('rate limit is used up');
});
