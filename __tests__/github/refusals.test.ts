import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { sampleTeam } from '../../src/demo/sample.ts';
import { withGitHub } from '../support/github.ts';
import { DRIFTED, notices, performOn, shippedBy, weekWith } from '../support/written.ts';

/** A refusal by GitHub becomes a line with the problem, GitHub's own words and a remedy. */

type Refusal = [status: number, message: string, problem: string, remedy: string];

const ANY_REQUEST: Refusal[] = [
  [
    403,
    'Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.',
    'SAML single sign-on',
    'Authorize the token for the organization',
  ],
  [
    403,
    'Although you appear to have the correct authorization credentials, the `larkspur` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.',
    'has an IP allow list',
    "Add the runner's address to the list",
  ],
  [
    403,
    '`larkspur` forbids access via a personal access token (classic). Please use a GitHub App, OAuth App, or a personal access token with fine-grained permissions.',
    'does not allow this type of token',
    'a type of token that it allows',
  ],
  [451, 'Repository access blocked', 'GitHub has blocked the repository', 'the notice that GitHub sent'],
  [403, 'Sorry. Your account was suspended.', 'is suspended', 'Lift the suspension'],
];
const WRITES: Refusal[] = [
  [403, 'Repository was archived so is read-only.', 'The repository is archived', 'Unarchive it'],
  [403, 'Unable to create comment because issue is locked.', 'The conversation is locked', 'Unlock it'],
  [
    403,
    'Interactions on this repository have been restricted to collaborators only.',
    'limits who can interact',
    'Lift the limit',
  ],
  [403, 'User is blocked', 'is blocked there', 'Unblock the account'],
];
const ISSUES: Refusal[] = [
  [410, 'Issues are disabled for this repo', 'Issues are turned off', '"issue-repository"'],
  [
    410,
    'Issues has been disabled in this repository.',
    'Issues are turned off',
    'Turn them on in its settings',
  ],
  [403, 'Repository was archived so is read-only.', 'The repository is archived', 'Unarchive it'],
];

const refusing =
  ([status, message]: Refusal, requests: RegExp) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    if (!requests.test(`${request.method} ${request.url}`)) return false;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ message, documentation_url: 'https://docs.github.com' }));
    return true;
  };

/** Expects the problem, the remedy, the status and GitHub's message, and no advice that would not help. */
function expectLine(line: string, [status, message, problem, remedy]: Refusal): void {
  expect(line).toContain(problem);
  expect(line).toContain(remedy);
  expect(line).toContain(String(status));
  expect(line).toContain(message.slice(0, 60));
  expect(line).not.toContain('permissions:');
  expect(line).not.toContain('githubstatus');
}

test.each(ANY_REQUEST)('a refused read fails the run: %i %s', async (...refusal) => {
  await withGitHub(sampleTeam(), { interfere: refusing(refusal, /POST \/graphql/) }, async (github) => {
    const { code, log } = await performOn(sampleTeam(), github, shippedBy(9010));
    expect(code).toBe(1);
    const errors = log.split('\n').filter((line) => line.startsWith('::error'));
    expect(errors).toHaveLength(1);
    expectLine(errors[0] ?? '', refusal);
  });
});

describe('a refused write leaves the verdict as it is', () => {
  test.each([...ANY_REQUEST, ...WRITES])('comment: %i %s', async (...refusal) => {
    const world = sampleTeam();
    await withGitHub(world, { interfere: refusing(refusal, /comments$/) }, async (github) => {
      const { code, log } = await performOn(world, github, { ...shippedBy(9010), inputs: { target: '1h' } });
      expect(code).toBe(0);
      expect(notices(log)).toHaveLength(1);
      expectLine(notices(log)[0] ?? '', refusal);
    });
  });

  test.each([...ANY_REQUEST, ...ISSUES])('issue: %i %s', async (...refusal) => {
    const world = sampleTeam();
    await withGitHub(world, { interfere: refusing(refusal, /\/issues$/) }, async (github) => {
      const { code, log, summary } = await performOn(world, github, weekWith(DRIFTED));
      expect(code).toBe(0);
      expectLine(notices(log)[0] ?? '', refusal);
      expect(summary).toContain('This issue closes when lead time has been back at 15m for a day.');
    });
  });
});

test('a refusal in the errors of a GraphQL answer gets the same line', async () => {
  const interfere = async (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const message = ANY_REQUEST[0]?.[1];
    const errors = [{ type: 'FORBIDDEN', path: ['repository'], extensions: { saml_failure: true }, message }];
    response.end(JSON.stringify({ data: { repository: null }, errors }));
    return true;
  };
  await withGitHub(sampleTeam(), { interfere }, async (github) => {
    const { log } = await performOn(sampleTeam(), github, shippedBy(9010));
    expect(log).toContain('Authorize the token for the organization');
    expect(log).not.toContain('permissions:');
  });
});

test('an unknown refusal is quoted, and no permission is suggested', async () => {
  const refusal: Refusal = [403, 'Pigeons may not read this on a Tuesday.', '', ''];
  await withGitHub(sampleTeam(), { interfere: refusing(refusal, /graphql/) }, async (github) => {
    const { log } = await performOn(sampleTeam(), github, shippedBy(9010));
    expect(log).toContain('Pigeons may not read this on a Tuesday.');
    expect(log).not.toContain('permissions:');
  });
});

test('a missing permission is named', async () => {
  const world = sampleTeam();
  await withGitHub(world, { denied: ['issues:write'] }, async (github) => {
    const { log } = await performOn(world, github, weekWith(DRIFTED));
    expect(notices(log)[0]).toContain('Add "permissions: issues: write" to the job.');
  });
});
