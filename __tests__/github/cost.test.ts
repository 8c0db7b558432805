import { expect, test } from '@jest/globals';
import { connect } from '../../src/github/client.ts';
import { sampleTeam } from '../../src/demo/sample.ts';
import { withGitHub } from '../support/github.ts';
import { performOn, weekWith } from '../support/written.ts';

/** What a run says of its cost. */

const runWith = (limit: number) =>
  withGitHub(sampleTeam(), { points: { limit } }, async (github) => {
    const { log } = await performOn(sampleTeam(), github, {
      ...weekWith('15m'),
      inputs: { target: '15m', issue: 'never' },
    });
    return { log, requests: github.requests.length };
  });

test('the last line of the log has the requests and the points that are left', async () => {
  const { log, requests } = await runWith(1000);
  expect(log.split('\n').at(-1)).toMatch(
    new RegExp(
      `^Read with ${requests} requests?\\. The token has \\d+ of 1000 GraphQL points left this hour\\.$`,
    ),
  );
});

test('with less than a tenth of the points left, optional data is not read', async () => {
  await withGitHub(sampleTeam(), { points: { limit: 1 } }, async ({ apiUrl, graphqlUrl }) => {
    const github = connect({ token: 'test-token', apiUrl, graphqlUrl, pace: 0 });
    const query =
      'query Name($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { nameWithOwner } }';
    const read = () => github.graphql(query, { owner: 'larkspur', name: 'storefront' });
    await read();
    await expect(github.withinBudget(0.5, 10, read)).rejects.toThrow('Less than a tenth of the points');
  });
});
