import { describe, expect, test } from '@jest/globals';
import type { Surroundings } from '../../src/config/surroundings.ts';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import type { World } from '../../src/fake-github/world.ts';
import { withGitHub } from '../support/github.ts';
import { performStep } from '../support/in-process.ts';
import { withOpenPull } from '../support/open-pull.ts';

/** The guard writes in the right place, and nowhere else. */

const HERE = 'larkspur/storefront';

interface StepSetup {
  event: string;
  around?: Partial<Surroundings>;
  inputs?: Record<string, string>;
  repository?: string;
  world?: World;
}

/** Runs a step, with the requests that wrote something. */
async function runStep({
  event,
  around = {},
  inputs = {},
  repository = HERE,
  world = sampleTeam(),
}: StepSetup) {
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
  test('that is merged runs in guard mode, because many teams deploy on that event', async () => {
    const { report, written, log } = await runStep({
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

  test('that is closed without a merge writes nothing', async () => {
    const { code, written, summary, log } = await runStep({
      event: 'pull_request',
      world: withOpenPull(),
      around: { eventAction: 'closed' },
    });
    expect([code, written, summary]).toEqual([0, [], '']);
    expect(log).toContain('closed without being merged');
  });

  test('into another branch than the base branch gets no comment', async () => {
    const { code, written, log } = await runStep({
      event: 'pull_request',
      world: withOpenPull(),
      around: { pullRequestBase: 'release/2' },
    });
    expect([code, written]).toEqual([0, []]);
    expect(log).toContain(
      'Lead time is measured for "main", and this pull request goes into "release/2", so no comment was posted.',
    );
  });

  test('into the base branch gets a comment', async () => {
    const { written } = await runStep({
      event: 'pull_request',
      world: withOpenPull(),
      around: { pullRequestBase: 'main' },
    });
    expect(written).toEqual([`POST /repos/${HERE}/issues/500/comments`]);
  });

  test('gets no comment if the guard measures another repository', async () => {
    for (const event of ['pull_request', 'push']) {
      const { written, log, summary } = await runStep({
        event,
        world: withOpenPull(),
        repository: 'acme/other',
        inputs: { repository: HERE },
      });
      expect(written).toEqual([]);
      expect(log).toContain('Input "repository" names another repository, so no comment was posted there.');
      expect(summary).toContain('Deploy latency: larkspur/storefront');
    }
  });

  test('runs in pull-request mode on a review', async () => {
    const { written } = await runStep({ event: 'pull_request_review', world: withOpenPull() });
    expect(written).toEqual([`POST /repos/${HERE}/issues/500/comments`]);
  });

  test('without a token, as from forks and Dependabot, gets a notice and the summary, and passes', async () => {
    const { code, log, summary } = await runStep({ event: 'pull_request', inputs: { 'github-token': '' } });
    expect(code).toBe(0);
    expect(log).toContain("cannot read a workflow's own secrets");
    expect(summary).toContain('Input "github-token" is empty');
  });
});

describe('guard mode comments on shipped pull requests', () => {
  const batch = sampleTeam().deployments.find((deployment) => deployment.id === 9005);
  const shipped = { sha: batch?.sha ?? '', runId: null };

  test.each(['push', 'workflow_dispatch', 'repository_dispatch'])(
    'if %s made the deployment',
    async (event) => {
      expect((await runStep({ event, around: shipped })).written).not.toEqual([]);
    },
  );

  test.each(['status', 'watch', 'registry_package'])(
    'but not if %s started the run: it only judges, and says so',
    async (event) => {
      const { written, log, report } = await runStep({ event, around: shipped });
      expect(written).toEqual([]);
      expect(log).toContain(
        'The event that started this run made no deployment, so the newest one was judged again and no comment was posted.',
      );
      expect(report.findings.length).toBeGreaterThan(0);
    },
  );

  test('nor if a release was edited', async () => {
    const { written } = await runStep({ event: 'release', around: { ...shipped, eventAction: 'edited' } });
    expect(written).toEqual([]);
  });
});

describe('the weekly issue', () => {
  test("is kept in the workflow's repository", async () => {
    const { written, log } = await runStep({
      event: 'schedule',
      repository: 'acme/platform',
      inputs: { repository: HERE },
    });
    // The fake has no such repository. The request for it is what counts.
    expect(written).toEqual([]);
    expect(log).toContain("Could not resolve to a Repository with the name 'acme/platform'");
  });

  test('or in the one that "issue-repository" names', async () => {
    const { written } = await runStep({
      event: 'schedule',
      repository: 'acme/platform',
      inputs: { repository: HERE, 'issue-repository': HERE },
    });
    expect(written).toEqual([`POST /repos/${HERE}/issues`]);
  });
});
