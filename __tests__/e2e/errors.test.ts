import { expect, test } from '@jest/globals';
import { sampleTeam } from '../../src/demo/sample.ts';
import { withGitHub } from '../support/github.ts';
import { runStep } from '../support/runner.ts';

/** How the built action ends without an answer: exit 1, one line in the log, the same in the summary, and no outputs. */

test.each<[string, Record<string, string>, string[], string]>([
  [
    'an input that cannot be used',
    { tolerance: '-25%' },
    ['Input "tolerance" is "-25%25"; accepted: ', 'a percentage of zero or more'],
    'Input "tolerance" is "-25%"; accepted: ',
  ],
  [
    'an environment that is not there',
    { environment: 'prod' },
    ['Input "environment" is "prod"; there is no such environment. Accepted: production.'],
    'Input "environment" is "prod"; there is no such environment. Accepted: production.',
  ],
  [
    'a repository that is not there',
    { repository: 'larkspur/nothing' },
    ['Input "repository"', '"contents: read"'],
    'GitHub has no such repository',
  ],
  [
    'a token that is not accepted',
    { 'github-token': 'wrong' },
    ['GitHub rejected the token (401 Bad credentials). Set input "github-token"'],
    'GitHub rejected the token',
  ],
])('%s', async (_, inputs, inLog, inSummary) => {
  await withGitHub(sampleTeam(), { token: 'test-token' }, async (github) => {
    const { code, log, outputs, summary } = await runStep({
      apiUrl: github.apiUrl,
      repository: 'larkspur/storefront',
      inputs,
    });
    const errors = log.split('\n').filter((line) => line.startsWith('::error'));
    expect([code, errors.length, outputs]).toEqual([1, 1, {}]);
    for (const each of inLog) expect(errors[0]).toContain(each);
    expect(summary).toContain('Deploy latency could not be measured');
    expect(summary).toContain(inSummary);
  });
});

test.each<[string, Record<string, string>, boolean, string]>([
  [
    'a key of the file',
    { mention: 'authors' },
    false,
    'Input "mention" can only be set in the configuration file. Move it to',
  ],
  [
    'of many repositories',
    { repositories: 'acme/*' },
    false,
    'Input "repositories" belongs to the organization action.',
  ],
  [
    'of one repository',
    { repositories: 'acme/*', comment: 'never' },
    true,
    'Input "comment" can only be set in the configuration file',
  ],
  [
    'of one run',
    { repositories: 'acme/*', 'pull-request': '7' },
    true,
    'Input "pull-request" has no effect where many repositories',
  ],
])('an input that belongs elsewhere says where: %s', async (_, inputs, isOfMany, words) => {
  const { code, log } = await runStep({ apiUrl: 'http://127.0.0.1:9', inputs, isOfMany });
  expect(code).toBe(1);
  expect(log.split('\n').filter((line) => line.startsWith('::error'))).toEqual([
    expect.stringContaining(words),
  ]);
});
