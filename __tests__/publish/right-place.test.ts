import { describe, expect, test } from '@jest/globals';
import type { Surroundings } from '../../src/config/surroundings.ts';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import type { World } from '../../src/fake-github/world.ts';
import { withGitHub } from '../support/github.ts';
import { performStep } from '../support/in-process.ts';
import { withOpenPull } from '../support/open-pull.ts';

/** It writes in the right place, and nowhere else. */

const HERE = 'larkspur/storefront';

interface Asked {
  event: string;
  around?: Partial<Surroundings>;
  inputs?: Record<string, string>;
  repository?: string;
  world?: World;
}

async function told({ event, around = {}, inputs = {}, repository = HERE, world = sampleTeam() }: Asked) {
  return withGitHub(world, {}, async (github) => {
    const step = await performStep(
      {
        apiUrl: github.apiUrl,
        repository,
        event,
        inputs: { 'as-of': SAMPLE_NOW, stages: 'none', ...inputs },
        payload: event.startsWith('pull_request') ? { pull_request: { number: 500 } } : {},
      },
      { now: new Date(SAMPLE_NOW), ...around },
    );
    const written = github.requests
      .filter((request) => ['POST', 'PATCH'].includes(request.method) && request.path !== '/graphql')
      .map((request) => `${request.method} ${request.path}`);
    return { ...step, written };
  });
}

describe('a pull request', () => {
  test('closed by merging is guard mode: it is how many teams deploy', async () => {
    const { report, written, log } = await told({
      event: 'pull_request',
      world: withOpenPull(),
      around: {
        eventAction: 'closed',
        isMerged: true,
        runId: null,
        sha: sampleTeam().deployments[4]?.sha ?? '',
      },
    });
    expect(log).toContain('Mode guard, because the event is pull_request.');
    expect(report.findings.some((finding: { kind: string }) => finding.kind === 'drift')).toBe(true);
    expect(written).not.toContain(`POST /repos/${HERE}/issues/500/comments`);
  });

  test('closed without being merged says nothing', async () => {
    const { code, written, summary, log } = await told({
      event: 'pull_request',
      world: withOpenPull(),
      around: { eventAction: 'closed' },
    });
    expect([code, written, summary]).toEqual([0, [], '']);
    expect(log).toContain('closed without being merged');
  });

  test('into another branch than the base branch gets no preview', async () => {
    const { code, written, log } = await told({
      event: 'pull_request',
      world: withOpenPull(),
      around: { pullRequestBase: 'release/2' },
    });
    expect([code, written]).toEqual([0, []]);
    expect(log).toContain('goes into release/2, and lead time is told of main');
  });

  test('into the base branch gets one', async () => {
    const { written } = await told({
      event: 'pull_request',
      world: withOpenPull(),
      around: { pullRequestBase: 'main' },
    });
    expect(written).toEqual([`POST /repos/${HERE}/issues/500/comments`]);
  });

  test('here, of a guard that measures another repository, is not commented there', async () => {
    for (const event of ['pull_request', 'push']) {
      const { written, log, summary } = await told({
        event,
        world: withOpenPull(),
        repository: 'acme/other',
        inputs: { repository: HERE },
      });
      expect(written).toEqual([]);
      expect(log).toContain('names another repository than the one that this workflow is in');
      expect(summary).toContain('Deploy latency: larkspur/storefront');
    }
  });

  test('a review of it is pull-request mode', async () => {
    const { written } = await told({ event: 'pull_request_review', world: withOpenPull() });
    expect(written).toEqual([`POST /repos/${HERE}/issues/500/comments`]);
  });

  test('without a token, as of forks and of Dependabot: a notice, the summary, exit 0', async () => {
    const { code, log, summary } = await told({ event: 'pull_request', inputs: { 'github-token': '' } });
    expect(code).toBe(0);
    expect(log).toContain("a workflow's own secrets are empty");
    expect(summary).toContain('Input "github-token" is empty');
  });
});

describe('guard mode comments on shipped pull requests', () => {
  const batch = sampleTeam().deployments.find((deployment) => deployment.id === 9005);
  const shipped = { sha: batch?.sha ?? '', runId: null };

  test.each(['push', 'workflow_dispatch', 'repository_dispatch'])(
    'where %s made the deployment',
    async (event) => {
      expect((await told({ event, around: shipped })).written).not.toEqual([]);
    },
  );

  test.each(['status', 'watch', 'registry_package'])(
    'but not where the run was started by %s: it judges, and says so',
    async (event) => {
      const { written, log, report } = await told({ event, around: shipped });
      expect(written).toEqual([]);
      expect(log).toContain('made no deployment');
      expect(report.findings.length).toBeGreaterThan(0);
    },
  );

  test('nor where a release was edited', async () => {
    const { written } = await told({ event: 'release', around: { ...shipped, eventAction: 'edited' } });
    expect(written).toEqual([]);
  });
});

describe('the weekly issue', () => {
  test('is kept where the workflow is', async () => {
    const { written, log } = await told({
      event: 'schedule',
      repository: 'acme/platform',
      inputs: { repository: HERE },
    });
    // There is no such repository here: that it was looked for there is what counts.
    expect(written).toEqual([]);
    expect(log).toContain("Could not resolve to a Repository with the name 'acme/platform'");
  });

  test('or where issue-repository says', async () => {
    const { written } = await told({
      event: 'schedule',
      repository: 'acme/platform',
      inputs: { repository: HERE, 'issue-repository': HERE },
    });
    expect(written).toEqual([`POST /repos/${HERE}/issues`]);
  });
});
