import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { sampleTeam } from '../../src/demo/sample.ts';
import { withGitHub } from '../support/github.ts';
import { DRIFTED, notices, on, shippedBy, weekWith } from '../support/written.ts';

/** What GitHub answers when it says no: what it is, what to do, its own words; never a permission that is there. */

type Row = [status: number, says: string, what: string, todo: string];

const OF_ALL: Row[] = [
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
const OF_WRITES: Row[] = [
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
const OF_ISSUES: Row[] = [
  [410, 'Issues are disabled for this repo', 'Issues are turned off', '"issue-repository"'],
  [
    410,
    'Issues has been disabled in this repository.',
    'Issues are turned off',
    'Turn them on in its settings',
  ],
  [403, 'Repository was archived so is read-only.', 'The repository is archived', 'Unarchive it'],
];

const answering =
  (row: Row, which: RegExp) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    if (!which.test(`${request.method} ${request.url}`)) return false;
    response.writeHead(row[0], { 'content-type': 'application/json' });
    response.end(JSON.stringify({ message: row[1], documentation_url: 'https://docs.github.com' }));
    return true;
  };

/** The line says all four, and nothing that is beside the point. */
function expectLine(line: string, [status, says, what, todo]: Row): void {
  expect(line).toContain(what);
  expect(line).toContain(todo);
  expect(line).toContain(String(status));
  expect(line).toContain(says.slice(0, 60));
  expect(line).not.toContain('permissions:');
  expect(line).not.toContain('githubstatus');
}

test.each(OF_ALL)('to a read: %i %s', async (...row) => {
  await withGitHub(sampleTeam(), { interfere: answering(row, /POST \/graphql/) }, async (github) => {
    const { code, log } = await on(sampleTeam(), github, shippedBy(9010));
    expect(code).toBe(1);
    const errors = log.split('\n').filter((line) => line.startsWith('::error'));
    expect(errors).toHaveLength(1);
    expectLine(errors[0] ?? '', row);
  });
});

describe('to a write, which changes nothing about the verdict', () => {
  test.each([...OF_ALL, ...OF_WRITES])('a comment: %i %s', async (...row) => {
    const world = sampleTeam();
    await withGitHub(world, { interfere: answering(row, /comments$/) }, async (github) => {
      const { code, log } = await on(world, github, { ...shippedBy(9010), inputs: { target: '1h' } });
      expect(code).toBe(0);
      expect(notices(log)).toHaveLength(1);
      expectLine(notices(log)[0] ?? '', row);
    });
  });

  test.each([...OF_ALL, ...OF_ISSUES])('the issue: %i %s', async (...row) => {
    const world = sampleTeam();
    await withGitHub(world, { interfere: answering(row, /\/issues$/) }, async (github) => {
      const { code, log, summary } = await on(world, github, weekWith(DRIFTED));
      expect(code).toBe(0);
      expectLine(notices(log)[0] ?? '', row);
      expect(summary).toContain('Closes when a window is back at the target, or surely under the limit.');
    });
  });
});

test('GraphQL says the same in errors beside its data', async () => {
  const interfere = async (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const message = OF_ALL[0]?.[1];
    const errors = [{ type: 'FORBIDDEN', path: ['repository'], extensions: { saml_failure: true }, message }];
    response.end(JSON.stringify({ data: { repository: null }, errors }));
    return true;
  };
  await withGitHub(sampleTeam(), { interfere }, async (github) => {
    const { log } = await on(sampleTeam(), github, shippedBy(9010));
    expect(log).toContain('Authorize the token for the organization');
    expect(log).not.toContain('permissions:');
  });
});

test('a refusal that nobody has heard of is quoted, and no permission is made up for it', async () => {
  const row: Row = [403, 'Pigeons may not read this on a Tuesday.', '', ''];
  await withGitHub(sampleTeam(), { interfere: answering(row, /graphql/) }, async (github) => {
    const { log } = await on(sampleTeam(), github, shippedBy(9010));
    expect(log).toContain('Pigeons may not read this on a Tuesday.');
    expect(log).not.toContain('permissions:');
  });
});

test('a permission that lacks is named', async () => {
  const world = sampleTeam();
  await withGitHub(world, { denied: ['issues:write'] }, async (github) => {
    const { log } = await on(world, github, weekWith(DRIFTED));
    expect(notices(log)[0]).toContain('Add "permissions: issues: write" to the job.');
  });
});
