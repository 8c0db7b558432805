import { describe, expect, test } from '@jest/globals';
import type { Execute } from '../../src/fake-github/execute.ts';
import { sampleTeam } from '../../src/demo/sample.ts';
import { connect, connectWriter } from '../../src/github/client.ts';
import { repoOf } from '../../src/github/repo.ts';
import { markerOf } from '../../src/publish/marker.ts';
import { keepComments } from '../../src/github/threads/comments.ts';
import { findIssues } from '../../src/github/threads/issues.ts';
import { page } from '../../src/report/page.ts';
import { markdown } from '../../src/report/render/markdown.ts';
import { previewComment } from '../../src/publish/texts/preview.ts';
import { ask } from '../support/ask.ts';
import { withGitHub } from '../support/github.ts';
import { executeAsGitHub } from '../support/schema.ts';
import { steadyTeam } from '../support/steady-team.ts';
import { queriesIn } from '../support/requests.ts';

/** A list that GitHub leaves out of an answer without an error was not read. It must not count as empty. */

const without =
  (query: RegExp, remove: (repository: Record<string, unknown>) => void): Execute =>
  async (root, request) => {
    const answer = await executeAsGitHub(root, request);
    const data = (answer.data ?? {}) as Record<string, Record<string, unknown>>;
    for (const { name, prefix } of queriesIn(request)) {
      const repository = data[`${prefix}repository`];
      if (repository && query.test(name)) remove(repository);
    }
    return answer;
  };

describe('a verdict', () => {
  const { world, now } = steadyTeam({ commits: 600, days: 30, deployEvery: 2 });

  test.each<[string, string, (repository: Record<string, unknown>) => void]>([
    ['object', 'History', (repository) => Object.assign(repository, { object: null })],
    ['deployments', 'Deployments', (repository) => Object.assign(repository, { deployments: null })],
  ])('is not given without repository.%s, and the report names it', async (field, query, remove) => {
    const { report } = await ask(world, {
      now,
      inputs: { window: '25d', stages: 'none' },
      github: { execute: without(new RegExp(`^${query}$`), remove) },
    });
    expect(report.status).toBe('insufficient-data');
    expect(report.completeness.gaps.map(({ what }) => what).join()).toContain(
      `GitHub's answer has no readable repository.${field}`,
    );
  });
});

test('a token that gets null for every pull request, without an error, is told the permission', async () => {
  const withoutPulls: Execute = async (root, request) => {
    const answer = await executeAsGitHub(root, request);
    const text = JSON.stringify(answer, (key, value) => (key === 'associatedPullRequests' ? null : value));
    return JSON.parse(text) as typeof answer;
  };
  const { world, now } = steadyTeam({ commits: 20, days: 7, deployEvery: 2 });
  await expect(ask(world, { now, github: { execute: withoutPulls } })).rejects.toThrow(
    /no readable .*associatedPullRequests \(.*\)\. Grant "permissions: pull-requests: read" to the token/,
  );
});

test('a pull request that is null without an error was not read, and the gap names the permission', async () => {
  const withoutNamed: Execute = async (root, request) => {
    const answer = await executeAsGitHub(root, request);
    const text = JSON.stringify(answer, (key, value) => (/^(?:q\d_)?pull\d/.test(key) ? null : value));
    return JSON.parse(text) as typeof answer;
  };
  const { world, now } = steadyTeam({ commits: 20, days: 7, deployEvery: 2 });
  const [pull] = world.pulls.slice(-3);
  if (pull) pull.unlinked = true;
  const { report } = await ask(world, { now, github: { execute: withoutNamed } });
  expect(report.status).toBe('insufficient-data');
  expect(report.completeness.gaps[0]?.what).toMatch(
    /no readable repository\.pull0 \(.*\)\. Grant "permissions: pull-requests: read" to the token/,
  );
});

describe('comments and issues', () => {
  const repository = { owner: 'larkspur', name: 'storefront' };
  const withClients = <T>(
    execute: Execute,
    use: (clients: ReturnType<typeof clientsOf>, writeCount: () => number) => Promise<T>,
  ) =>
    withGitHub(sampleTeam(), { execute }, (github) =>
      use(clientsOf(github.apiUrl), () => github.requests.filter((request) => request.body).length),
    );
  const clientsOf = (apiUrl: string) => {
    const options = { token: 'test-token', apiUrl, graphqlUrl: `${apiUrl}/graphql`, pace: 0 };
    return [repoOf(connect(options), repository), connectWriter(options)] as const;
  };

  test('without the comments of a pull request, none is written, as one may exist', async () => {
    const execute = without(/^Comments$/, (repository) => Object.assign(repository, { thread0: null }));
    await withClients(execute, async ([github, writer], writeCount) => {
      const marker = markerOf('preview', {
        environment: 'production',
        source: 'deployments',
        baseBranch: 'main',
      });
      const { written, failed } = await keepComments(github, writer, marker, new Map([[419, () => 'text']]));
      expect(written.size).toBe(0);
      expect(failed.get(419)?.message).toContain('GitHub does not show it');
      expect(writeCount()).toBe(0);
    });
  });

  test('without the labels of an issue, reading it fails, as an update would delete them', async () => {
    const execute = without(/Issues/, (repository) => {
      const { nodes } = repository.issues as { nodes: Record<string, unknown>[] };
      for (const node of nodes) node.labels = null;
    });
    const world = sampleTeam();
    const labels = ['deploy-latency'];
    world.issues = [{ number: 90, title: 'mine', body: 'mark', state: 'open', labels, author: 'ada' }];
    await withGitHub(world, { execute }, async ({ apiUrl }) => {
      const [github] = clientsOf(apiUrl);
      await expect(findIssues(github, 'deploy-latency', '"mark"')).rejects.toThrow(
        /has no readable repository\.issues\.nodes\.0\.labels/,
      );
    });
  });

  test('without the list of issues, reading fails', async () => {
    const execute = without(/Issues/, (repository) => Object.assign(repository, { issues: null }));
    await withClients(execute, async ([github], writeCount) => {
      await expect(findIssues(github, 'deploy-latency', '"mark"')).rejects.toThrow(
        "GitHub's answer has no readable repository.issues",
      );
      expect(writeCount()).toBe(0);
    });
  });
});

test('a comment without a verdict lists what could not be read', async () => {
  const { world, now } = steadyTeam({ commits: 600, days: 30, deployEvery: 2 });
  const { report } = await ask(world, {
    now,
    inputs: { window: '25d', stages: 'none' },
    surroundings: { eventName: 'pull_request' },
    github: { execute: without(/^History$/, (repository) => Object.assign(repository, { object: null })) },
  });
  const comment = markdown(previewComment(report, 500), { surface: 'thread' });
  expect(comment).toContain('The gaps are listed below.');
  expect(comment).toContain('### What could not be read');
  expect(comment).toContain("GitHub's answer has no readable repository.object");
  expect(page(report)).toContain('<h2>What could not be read</h2>');
  const advice = report.findings.map((finding) => finding.message).join();
  expect(advice).toContain('a wider window does not help');
});
