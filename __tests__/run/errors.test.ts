import { describe, expect, test } from '@jest/globals';
import type { LoopbackOptions } from '../../src/fake-github/loopback.ts';
import { sampleTeam } from '../../src/demo/sample.ts';
import { story } from '../../src/fake-github/story.ts';
import type { World } from '../../src/fake-github/world.ts';
import { withGitHub } from '../support/github.ts';
import { performStep } from '../support/in-process.ts';

/** Every mistake of a user fails the step with one line that says what to do. `e2e/errors` tests the built action. */

const sample = sampleTeam();

async function refusal(
  inputs: Record<string, string>,
  { github = {}, world = sample }: { github?: LoopbackOptions; world?: World } = {},
) {
  return withGitHub(world, github, async (server) => {
    const { code, log, outputs } = await performStep({
      apiUrl: server.apiUrl,
      repository: `${world.owner}/${world.name}`,
      inputs,
    });
    const errors = log.split('\n').filter((line) => line.startsWith('::error'));
    expect(code).toBe(1);
    expect(errors).toHaveLength(1);
    expect(outputs).toEqual({});
    return { line: errors[0] ?? '', requests: server.requests.length };
  });
}

describe('an invalid input fails before any request', () => {
  test.each<[string, string, string]>([
    ['mode', 'watch', 'auto, guard, pull-request, scheduled'],
    ['tolerance', '-25%', 'a percentage from 0% to 999999%'],
    ['target', 'soon', 'a duration such as'],
    ['window', '0d', 'longer than zero'],
    ['repository', 'storefront', 'owner/name'],
    ['as-of', '2999-01-01T00:00:00Z', 'not in the future'],
    ['statistic', 'median', 'p50, p75, p90, p95, mean, max'],
  ])('%s: %s', async (name, value, accepted) => {
    const { line, requests } = await refusal({ [name]: value });
    expect(line).toContain(`Input "${name}" is "${value}"; accepted: `);
    expect(line).toContain(accepted);
    expect(requests).toBe(0);
  });

  test('a missing token', async () => {
    const { line, requests } = await refusal({ 'github-token': '' });
    expect(line).toContain('Input "github-token" is empty');
    expect(line).toContain('permissions: contents: read, deployments: read, pull-requests: read');
    expect(requests).toBe(0);
  });
});

describe('something does not exist on GitHub', () => {
  test('an unknown environment: the error lists the existing ones', async () => {
    const { line } = await refusal({ environment: 'prod' });
    expect(line).toContain(
      'Input "environment" is "prod"; there is no such environment. Accepted: production.',
    );
  });

  test('an environment without deployments: the error lists those with deployments', async () => {
    const { line } = await refusal(
      { environment: 'preview' },
      { world: { ...sample, environments: ['preview'] } },
    );
    expect(line).toContain('Input "environment" is "preview"; it has no deployments. Accepted: production.');
  });

  test('no deployments at all: the error names other sources', async () => {
    const { line } = await refusal({}, { world: story().world });
    expect(line).toContain(
      'set "deploy-source: workflow" with "deploy-workflow", or "deploy-source: releases"',
    );
  });

  test('a repository that does not exist or that the token cannot read', async () => {
    const { line } = await refusal({ repository: 'larkspur/nothing' });
    expect(line).toContain('Input "repository"');
    expect(line).toContain('"contents: read"');
  });

  test('a branch that does not exist', async () => {
    const { line } = await refusal({ 'base-branch': 'master' });
    expect(line).toContain('Input "base-branch" is "master"; larkspur/storefront has no such branch.');
  });
});

describe('a value of the file that does not exist on GitHub has its line', () => {
  const refusalIn = (file: string, inputs: Record<string, string> = {}) =>
    refusal(inputs, { world: { ...sample, files: { '.github/deploy-latency.yml': file } } });
  const at = (line: number) => `.github/deploy-latency.yml, line ${line}: `;

  test.each<[string, string, string]>([
    ['environment', 'target: 5m\nenvironment: prod\n', `${at(2)}"environment" is "prod"; there is no such`],
    ['a stage', 'target: 5m\nenvironments: [prod]\n', `${at(2)}"environments" is "prod"; there is no such`],
    [
      'a service',
      'services:\n  api:\n    paths: api\n    environment: prod\n',
      `${at(4)}services.api: "environment" is "prod"; there is no such`,
    ],
    [
      'a short key',
      'services:\n  api:\n    workflow: a.yml\n',
      `${at(3)}services.api: "workflow" is "a.yml"; the repository has no such workflow`,
    ],
    [
      'several services',
      'services:\n  api:\n    environment: prod\n  web:\n    environment: qa\n',
      `web: ${at(5)}services.web: "environment" is "qa"; there is no such`,
    ],
    ['a branch', 'target: 5m\nbase-branch: master\n', `${at(2)}"base-branch" is "master"; larkspur`],
  ])('%s', async (_, file, words) => {
    expect((await refusalIn(file)).line).toContain(words);
  });

  test('and one of an input has not', async () => {
    const { line } = await refusalIn('environment: production\n', { environment: 'prod' });
    expect(line).toContain('::Input "environment" is "prod"; there is no such environment.');
  });
});

describe('the token has too few permissions', () => {
  test('a bad token', async () => {
    const { line } = await refusal({ 'github-token': 'wrong' }, { github: { token: 'right' } });
    expect(line).toContain('GitHub rejected the token (401 Bad credentials). Set input "github-token"');
  });

  test.each([
    ['deployments', 'permissions: deployments: read'],
    ['pull-requests', 'permissions: pull-requests: read'],
  ])('a token without %s', async (denied, permission) => {
    const { line } = await refusal({ 'as-of': '2026-03-13T17:00:00Z' }, { github: { denied: [denied] } });
    expect(line).toContain(permission);
  });
});
