import { expect, test } from '@jest/globals';
import { sampleTeam } from '../../src/demo/sample.ts';
import { withGitHub } from '../support/github.ts';
import { runStep } from '../support/runner.ts';

/** Errors of the built action: exit code 1, one line in the log, the same line in the summary, and no outputs. Both link to help. */

test.each<[string, Record<string, string>, string[], string, string]>([
  [
    'an invalid input',
    { tolerance: '-25%' },
    ['Input "tolerance" is "-25%25"; accepted: ', 'a percentage'],
    'Input "tolerance" is "-25%"; accepted: ',
    'input-tolerance',
  ],
  [
    'an unknown environment',
    { environment: 'prod' },
    ['Input "environment" is "prod"; there is no such environment. Accepted: production.'],
    'Input "environment" is "prod"; there is no such environment. Accepted: production.',
    'input-environment',
  ],
  [
    'an unknown repository',
    { repository: 'larkspur/nothing' },
    ['Input "repository"', '"contents: read"'],
    'GitHub has no such repository',
    'input-repository',
  ],
  [
    'an invalid token',
    { 'github-token': 'wrong' },
    ['GitHub rejected the token (401 Bad credentials). Set input "github-token"'],
    'GitHub rejected the token',
    'token-and-permissions',
  ],
])('%s', async (_, inputs, inLog, inSummary, section) => {
  await withGitHub(sampleTeam(), { token: 'test-token' }, async (github) => {
    const { code, log, outputs, summary } = await runStep({
      apiUrl: github.apiUrl,
      repository: 'larkspur/storefront',
      inputs,
    });
    const errors = log.split('\n').filter((line) => line.startsWith('::error'));
    expect([code, errors.length, outputs]).toEqual([1, 1, {}]);
    for (const words of inLog) expect(errors[0]).toContain(words);
    expect(summary).toContain('Deploy latency could not be measured');
    expect(summary).toContain(inSummary);
    const link = `https://github.com/deploy-latency-guard/deploy-latency-guard/blob/main/docs/messages.md#${section}`;
    expect(errors[0]?.endsWith(` Help: ${link}`)).toBe(true);
    expect(summary.split(link)).toHaveLength(2);
  });
});

test.each<[string, Record<string, string>, boolean, string]>([
  [
    'a key of the configuration file',
    { mention: 'authors' },
    false,
    'Input "mention" can only be set in the configuration file. Move it to',
  ],
  [
    'an input of the organization action',
    { repositories: 'acme/*' },
    false,
    'Input "repositories" belongs to the organization action.',
  ],
  [
    'an option of each repository, in the organization action',
    { repositories: 'acme/*', weeks: '4' },
    true,
    'Input "weeks" can only be set for each repository. Move it to',
  ],
  ['a misspelled input', { tagret: '5m' }, false, 'Input "tagret" does not exist; did you mean "target"?'],
  ['an underscore', { fail_on: 'batch' }, false, 'Input "fail_on" does not exist; did you mean "fail-on"?'],
  [
    'comments, in the organization action',
    { repositories: 'acme/*', comment: 'never' },
    true,
    'Input "comment" has no effect in the organization action',
  ],
  [
    'an input of the other action, in the organization action',
    { repositories: 'acme/*', 'pull-request': '7' },
    true,
    'Input "pull-request" has no effect in the organization action',
  ],
])('the error for a misplaced input names its place: %s', async (_, inputs, isOfMany, words) => {
  const { code, log } = await runStep({
    apiUrl: 'http://127.0.0.1:9',
    inputs,
    ...(isOfMany ? { action: 'organization' as const } : {}),
  });
  expect(code).toBe(1);
  expect(log.split('\n').filter((line) => line.startsWith('::error'))).toEqual([
    expect.stringContaining(words),
  ]);
});
