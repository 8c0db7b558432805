import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import type { World } from '../../src/fake-github/world.ts';
import { withGitHub } from '../support/github.ts';
import { withOpenPull } from '../support/open-pull.ts';
import { performStep } from '../support/in-process.ts';
import {
  commentsOn,
  DRIFTED,
  notices,
  performOn,
  opened,
  shippedBy,
  weekWith,
  writes,
} from '../support/written.ts';
import { hasRequest } from '../support/requests.ts';

/** The mode of a run, its pull request, its clock, and the order of its writes. */

const firstLine = (log: string) => log.split('\n')[0];

describe('a workflow that is started manually', () => {
  const manualRun = (text: string | null) => {
    const world: World = {
      ...sampleTeam(),
      files: text === null ? {} : { '.github/workflows/weekly.yml': text },
    };
    const workflow = {
      owner: world.owner,
      name: world.name,
      path: '.github/workflows/weekly.yml',
      commit: world.head,
    };
    return { world, options: { event: 'workflow_dispatch', around: { workflow } } };
  };

  test('runs in scheduled mode if it has a schedule: it passes, and writes the issue but no comment', async () => {
    const { world, options } = manualRun('on:\n  schedule: [{cron: "0 6 * * 1"}]\n  workflow_dispatch:\n');
    await withGitHub(world, {}, async (github) => {
      const { code, log } = await performOn(world, github, options);
      expect(code).toBe(0);
      expect(firstLine(log)).toBe(
        'Mode scheduled, because the event is workflow_dispatch and the workflow has a schedule.',
      );
      expect(writes(github)).toEqual(['POST /issues']);
    });
  });

  test('runs in guard mode if it has no schedule', async () => {
    const { world, options } = manualRun('on: [push, workflow_dispatch]\n');
    await withGitHub(world, {}, async (github) => {
      const { code, log } = await performOn(world, github, options);
      expect(code).toBe(1);
      expect(firstLine(log)).toBe(
        'Mode guard, because the event is workflow_dispatch and the workflow has no schedule.',
      );
    });
  });

  test.each([
    ['is missing', null],
    ['is not YAML', 'on: ['],
  ])('runs in guard mode if its file %s', async (_, text) => {
    const { world, options } = manualRun(text);
    await withGitHub(world, {}, async (github) => {
      const { log } = await performOn(world, github, options);
      expect(firstLine(log)).toMatch(/^Mode guard, because the event is workflow_dispatch/);
    });
  });

  test('runs in the mode of the input, without reading the file', async () => {
    const { world, options } = manualRun('on: { schedule: [{cron: "0 6 * * 1"}] }');
    await withGitHub(world, {}, async (github) => {
      const { log } = await performOn(world, github, { ...options, inputs: { mode: 'guard' } });
      expect(firstLine(log)).toBe('Mode guard, set by option "mode".');
      expect(github.requests.some((request) => hasRequest(request, 'File'))).toBe(false);
    });
  });
});

describe('mode pull-request on an event without a pull request', () => {
  const inputs = { mode: 'pull-request' };

  test.each(['workflow_run', 'push'])(
    'on %s, a notice says so and the summary has the text',
    async (event) => {
      const world = withOpenPull();
      await withGitHub(world, {}, async (github) => {
        const { code, log, summary } = await performOn(world, github, { event, inputs });
        expect([code, writes(github)]).toEqual([0, []]);
        expect(notices(log)[0]).toContain(
          `The event "${event}" has no pull request, so no comment was posted. The text is in the job summary. Set "pull-request" to the number of one.`,
        );
        expect(summary).toContain('Merged now, it goes live in about');
      });
    },
  );

  test('the input "pull-request" names the one to comment on', async () => {
    const world = withOpenPull();
    await withGitHub(world, {}, async (github) => {
      await performOn(world, github, { event: 'workflow_run', inputs: { ...inputs, 'pull-request': '500' } });
      expect(writes(github)).toEqual(['POST /issues/500/comments']);
    });
  });

  test('a pull request into another branch gets no comment', async () => {
    const world = withOpenPull();
    for (const pull of world.pulls) if (pull.number === 500) pull.base = 'release/2';
    await withGitHub(world, {}, async (github) => {
      const { log } = await performOn(world, github, {
        event: 'workflow_run',
        inputs: { ...inputs, 'pull-request': '500' },
      });
      expect(writes(github)).toEqual([]);
      expect(notices(log)[0]).toContain('this pull request goes into "release/2"');
    });
  });
});

describe("a runner's clock", () => {
  const event = {
    event: 'deployment_status',
    payload: { deployment: { id: 9099, environment: 'production' }, deployment_status: { state: 'success' } },
  };
  /** The sample, with a deployment that has succeeded this moment. */
  function justDeployed(): World {
    const world = sampleTeam();
    world.deployments.push({
      id: 9099,
      environment: 'production',
      sha: world.head,
      createdAt: '2026-03-13T16:57:00Z',
      creator: 'deploy-bot',
      statuses: [{ state: 'SUCCESS', createdAt: '2026-03-13T16:59:50Z' }],
    });
    return world;
  }
  const live = (world: World, apiUrl: string, now: string) =>
    performStep(
      { apiUrl, repository: `${world.owner}/${world.name}`, ...event, inputs: { stages: 'none' } },
      { now: new Date(now) },
    );

  test("is replaced by GitHub's, so that the event's deployment is live", async () => {
    const world = justDeployed();
    await withGitHub(world, { date: () => new Date(SAMPLE_NOW) }, async (github) => {
      const { outputs, report } = await live(world, github.apiUrl, '2026-03-13T16:52:00Z');
      expect(report.window.to).toBe(new Date(SAMPLE_NOW).toISOString());
      expect(outputs.pending).toBe('0');
      expect(commentsOn(world, 423)).toHaveLength(1);
    });
  });

  test('is kept if it is later', async () => {
    const world = justDeployed();
    await withGitHub(world, { date: () => new Date('2026-03-13T16:50:00Z') }, async (github) => {
      const { report } = await live(world, github.apiUrl, SAMPLE_NOW);
      expect(report.window.to).toBe(new Date(SAMPLE_NOW).toISOString());
    });
  });
});

describe('a run whose time is up while it writes', () => {
  const hanging = async (request: IncomingMessage) => {
    if (request.method !== 'POST' || !request.url?.endsWith('/issues/420/comments')) return false;
    await sleep(60_000, undefined, { ref: false });
    return true;
  };

  test('has the verdict, the summary, the report and the outputs, and says which comment is missing', async () => {
    const world = sampleTeam();
    await withGitHub(world, { interfere: hanging }, async (github) => {
      const { code, log, outputs, summary, report } = await performOn(world, github, {
        ...shippedBy(9010),
        inputs: { target: '1h', timeout: '3s' },
      });
      expect(code).toBe(0);
      expect(log).not.toContain('::error');
      expect(report.status).toBe('on-target');
      expect(outputs.status).toBe('on-target');
      expect(summary).toContain('On target');
      expect(outputs['comment-url']).toContain('/issues/419#');
      expect(notices(log)).toHaveLength(1);
      expect(notices(log)[0]).toContain('#420: The run took longer than "timeout" (3 s)');
      expect(summary.match(/Live in production/g)).toHaveLength(1);
    });
  });
});

describe('a name that is too long for GitHub is cut, and a notice says so', () => {
  test('a label', async () => {
    const world = sampleTeam();
    await withGitHub(world, {}, async (github) => {
      const label = 'a-label-that-is-longer-than-the-fifty-characters-it-may-have';
      const { log } = await performOn(world, github, weekWith(DRIFTED, { 'issue-label': label }));
      expect(world.issues?.[0]?.labels).toEqual([`${label.slice(0, 49)}…`]);
      expect(notices(log)[0]).toContain(
        `Input "issue-label" was cut to "${label.slice(0, 49)}…", because a label has at most 50 characters.`,
      );
    });
  });

  test('a title with an environment of 255 characters', async () => {
    const world = sampleTeam();
    const environment = `production-${'🚀'.repeat(122)}`;
    for (const deployment of world.deployments) deployment.environment = environment;
    await withGitHub(world, {}, async (github) => {
      const { log } = await performOn(world, github, weekWith(DRIFTED, { environment }));
      const { length } = world.issues?.[0]?.title ?? '';
      expect([255, 256]).toContain(length);
      expect(notices(log)[0]).toContain(
        "The issue's title was cut, because GitHub accepts at most 256 characters.",
      );
      await performOn(world, github, weekWith(DRIFTED, { environment }));
      expect(writes(github)).toEqual(['POST /issues']);
    });
  });
});

test('a review of a pull request updates its comment', async () => {
  const world = withOpenPull();
  await withGitHub(world, {}, async (github) => {
    await performOn(world, github, { ...opened, event: 'pull_request_review' });
    expect(writes(github)).toEqual(['POST /issues/500/comments']);
  });
});
