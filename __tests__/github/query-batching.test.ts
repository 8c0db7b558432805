import { expect, test } from '@jest/globals';
import { sampleTeam } from '../../src/demo/sample.ts';
import type { Execute, GraphqlResponse } from '../../src/fake-github/execute.ts';
import type { Loopback } from '../../src/fake-github/loopback.ts';
import { connect } from '../../src/github/client.ts';
import { withGitHub } from '../support/github.ts';
import { queriesIn } from '../support/requests.ts';
import { executeAsGitHub } from '../support/schema.ts';

/** Queries that are asked for at once, and what GitHub is asked. */

const PLACE = { owner: 'larkspur', name: 'storefront' };
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

/** What each query comes to, and the names of the queries of each request. */
const asked = (share: number, execute: Execute = executeAsGitHub) =>
  withGitHub(sampleTeam(), { execute }, (github) => askedOf(github, share));

async function askedOf({ apiUrl, graphqlUrl, requests }: Loopback, share: number) {
  const client = connect({ token: 'test-token', apiUrl, graphqlUrl, pace: 0 });
  const answers = await Promise.allSettled(
    QUERIES.map(([query, variables]) => client.graphql(query, { ...PLACE, ...variables }, share)),
  );
  return {
    answers: answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : String(answer.reason))),
    names: requests.map(({ graphql }) => (graphql ? queriesIn(graphql).map(({ name }) => name) : [])),
  };
}

/** GitHub answers several queries with this, and one by itself as ever. */
const togetherWith =
  (answer: (whole: GraphqlResponse) => GraphqlResponse): Execute =>
  async (root, request) => {
    const whole = await executeAsGitHub(root, request);
    return queriesIn(request).length > 1 ? answer(whole) : whole;
  };

const ALONE = [['Branch'], ['Ref'], ['Ref'], ['Issues']];
const TOGETHER = ['Branch', 'Ref', 'Ref', 'Issues'];

test('small queries are one request, and each answer is the same as alone', async () => {
  const [alone, together] = [await asked(1), await asked(0.25)];
  expect(alone.names).toEqual(ALONE);
  expect(together.names).toEqual([TOGETHER]);
  expect(together.answers).toEqual(alone.answers);
  expect(alone.answers[1]).toMatchObject({ repository: { ref: { name: 'main' } } });
});

test('no more go together than a request can carry', async () => {
  const { names } = await asked(0.4);
  expect(names).toEqual([
    ['Branch', 'Ref'],
    ['Ref', 'Issues'],
  ]);
});

test.each<[string, GraphqlResponse]>([
  ['too large', { errors: [{ type: 'RESOURCE_LIMITS_EXCEEDED', message: 'Resource limits exceeded.' }] }],
  ['no query', { errors: [{ message: "Field 'fragments' doesn't exist on type 'Issue'" }] }],
  ['nothing', { data: null }],
])('what GitHub answers together with "%s" is asked for alone', async (_, refusal) => {
  const { answers, names } = await asked(
    0.25,
    togetherWith(() => refusal),
  );
  expect(names).toEqual([TOGETHER, ...ALONE]);
  expect(answers).toEqual((await asked(1)).answers);
});

test('what fails together once is asked for alone, and not together again', async () => {
  let asked = 0;
  const { answers, names } = await withGitHub(
    sampleTeam(),
    {
      async interfere(_, response) {
        asked += 1;
        if (asked > 1) return false;
        response.writeHead(502);
        response.end();
        return true;
      },
    },
    (github) => askedOf(github, 0.25),
  );
  expect(names).toEqual([TOGETHER, ...ALONE]);
  expect(answers.every((answer) => typeof answer === 'object')).toBe(true);
});

test('an error in one of them is of that one alone', async () => {
  const { answers, names } = await asked(
    0.25,
    togetherWith(({ data }) => ({
      data,
      errors: [{ type: 'FORBIDDEN', path: ['q1_repository', 'ref'], message: 'Resource not accessible' }],
    })),
  );
  expect(names).toEqual([TOGETHER]);
  expect(answers[1]).toContain('The token may not read repository.ref');
  expect(answers.filter((answer) => typeof answer === 'string')).toHaveLength(1);
});

test('where the limit of requests is reached, none is asked for alone', async () => {
  const { answers, names } = await asked(
    0.25,
    togetherWith(() => ({ errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] })),
  );
  // Octokit tries again by itself.
  for (const name of names) expect(name).toEqual(TOGETHER);
  for (const answer of answers) expect(answer).toContain('rate limit is used up');
});
