import { describe, expect, test } from '@jest/globals';
import type { LoggedRequest } from '../../src/fake-github/loopback.ts';
import type { ShipOptions } from '../../src/fake-github/story.ts';
import { previewComment } from '../../src/report/preview.ts';
import { markdown } from '../../src/report/render/markdown.ts';
import { ask, deploymentOf } from '../support/ask.ts';
import { pipelineTeam, workflowFile } from '../support/pipeline-team.ts';
import { story } from '../../src/fake-github/story.ts';
import { asksFor } from '../support/requests.ts';

const deploy = { name: 'deploy', takes: 60 };
const stagesOf = async (ship: Partial<ShipOptions>) =>
  (await pipelineTeam({ ship })).report.stages?.mergesets[0]?.seconds;

/** What a slow change is explained by is asked for apart. */
const notOfTheWorkflow = (request: LoggedRequest) => !asksFor(request, 'WorkflowFiles');

describe('the stages of a shipped change, read through HTTP, to the second', () => {
  test('a chain of jobs that wait for runners', async () => {
    expect(
      await stagesOf({
        delay: 7,
        jobs: [
          { name: 'build', queue: 40, takes: 100 },
          { name: 'test', queue: 10, takes: 200 },
          { ...deploy, queue: 5 },
        ],
      }),
    ).toEqual({ starting: 7, runner: 55, checks: 300, deploy: 60 });
  });

  test('a matrix: the slowest is on the path', async () => {
    expect(
      await stagesOf({
        jobs: [{ name: 'test (1)', takes: 200 }, { name: 'test (2)', takes: 90, parallel: true }, deploy],
      }),
    ).toEqual({ starting: 5, checks: 200, deploy: 60 });
  });

  test('a wait timer and an approver after three hours', async () => {
    expect(await stagesOf({ jobs: [deploy], hold: 10_800, approvedBy: 'ben' })).toEqual({
      starting: 5,
      approval: 10_800,
      deploy: 60,
    });
  });

  test('a second attempt', async () => {
    expect(await stagesOf({ jobs: [{ name: 'test', takes: 100 }, deploy], failedFor: 500 })).toEqual({
      starting: 5,
      're-runs': 500,
      checks: 100,
      deploy: 60,
    });
  });

  test('a workflow that is started by another', async () => {
    expect(
      await stagesOf({
        jobs: [deploy],
        upstream: {
          workflow: 'ci.yml',
          jobs: [
            { name: 'lint', takes: 50 },
            { name: 'test', queue: 20, takes: 300 },
          ],
        },
      }),
    ).toEqual({ starting: 8, runner: 20, checks: 350, deploy: 60 });
  });

  test('until somebody started it', async () => {
    expect(await stagesOf({ jobs: [deploy], event: 'workflow_dispatch', delay: 4000 })).toEqual({
      'by-hand': 4000,
      deploy: 60,
    });
  });

  test('a dispatch by a bot is nobody waiting for a person', async () => {
    expect(
      await stagesOf({ jobs: [deploy], event: 'workflow_dispatch', delay: 4000, actor: 'ci[bot]' }),
    ).toEqual({ starting: 4000, deploy: 60 });
  });
});

describe('by hand', () => {
  const manual = async (ship: Partial<ShipOptions>) =>
    (await pipelineTeam({ ship, changes: 5 })).report.findings.filter((finding) => finding.kind === 'manual');

  test('dispatched, with who', async () => {
    const found = await manual({ event: 'workflow_dispatch', actor: 'ben' });
    expect(found).toHaveLength(5);
    expect(found[0]).toMatchObject({
      severity: 'warning',
      evidence: { how: 'dispatched', by: 'ben' },
      message: expect.stringContaining('was started by hand, by ben. Let every merge deploy by itself.'),
    });
  });

  test('approved, with who and how long', async () => {
    const [first] = await manual({ hold: 3600, approvedBy: 'ben' });
    expect(first).toMatchObject({
      evidence: { how: 'approved', by: 'ben', waited: 3600 },
      message: expect.stringContaining('was held for 1h until ben approved it'),
    });
  });

  test('a wait timer is nobody', async () => {
    expect(await manual({ hold: 3600 })).toEqual([]);
  });

  test('a push is nobody, and so is a bot that dispatches', async () => {
    expect(await manual({})).toEqual([]);
    expect(await manual({ event: 'workflow_dispatch', actor: 'ci[bot]' })).toEqual([]);
  });

  test('a deployment that a person made from outside Actions; one that a bot made is not', async () => {
    const team = story();
    team.deploy(team.tip(), '2026-03-01T09:10:00Z');
    team.deploy(team.merge(1, '2026-03-02T10:00:00Z'), '2026-03-02T10:05:00Z', { creator: 'noor' });
    team.deploy(team.merge(2, '2026-03-02T11:00:00Z'), '2026-03-02T11:05:00Z', { creator: 'deploy-bot' });
    const { report } = await ask(team.world, {
      now: '2026-03-02T20:00:00Z',
      inputs: { mode: 'scheduled', window: '20h' },
    });
    expect(
      report.findings.filter((finding) => finding.kind === 'manual').map((finding) => finding.message),
    ).toEqual(['Deployment 9002 was made by hand, by noor. Let every merge deploy by itself.']);
  });
});

test('a batch after an eviction names it as its cause', async () => {
  const team = story();
  team.ship(team.tip(), '2026-03-01T09:10:00Z', { jobs: [deploy] });
  const lost = team.merge(1, '2026-03-02T10:00:00Z');
  team.world.runs?.push({
    id: 777,
    workflow: 'deploy.yml',
    sha: lost,
    branch: 'main',
    event: 'push',
    status: 'completed',
    conclusion: 'cancelled',
    createdAt: '2026-03-02T10:00:05Z',
    updatedAt: '2026-03-02T10:03:06Z',
    actor: 'ada',
    jobs: [],
  });
  const { id } = team.ship(team.merge(2, '2026-03-02T10:03:00Z'), '2026-03-02T10:03:00Z', { jobs: [deploy] });
  const answer = await ask(team.world, { now: '2026-03-02T20:00:00Z', inputs: { window: '20h' } });
  expect(deploymentOf(answer, id)).toMatchObject({ batched: true, trigger: 'push' });
  expect(answer.report.findings.find((finding) => finding.kind === 'batch')?.message).toContain(
    'run 777 was replaced in its concurrency group before it began (2026-03-02 10:03)',
  );
});

describe('what grew', () => {
  const before = { jobs: [{ name: 'test', takes: 100 }, deploy] };

  test('the stage, the job, since which deployment, with which pull request and workflow change', async () => {
    const answer = await pipelineTeam({
      before,
      ship: { jobs: [{ name: 'test', takes: 100 }, { name: 'browser tests', takes: 500 }, deploy] },
      file: workflowFile({ test: { steps: [] } }),
      record: (team) => {
        const at = '2026-03-09T06:00:00Z';
        const merged = team.merge(77, at);
        team.world.fileChanges = { '.github/workflows/deploy.yml': [merged] };
        team.ship(merged, at, {
          jobs: [{ name: 'test', takes: 100 }, { name: 'browser tests', takes: 480 }, deploy],
        });
      },
    });
    expect(answer.report.regression).toMatchObject({
      beforeSeconds: 165,
      nowSeconds: 665,
      stage: 'checks',
      stageGrewSeconds: 500,
      job: 'browser tests',
      since: { pullRequests: [77], workflowChange: { path: '.github/workflows/deploy.yml' } },
    });
    expect(markdown(answer.summary, { surface: 'summary' })).toContain(
      'Most of it is checks before the deploy job (browser tests): 8m 20s more.',
    );
  });

  test('no single cause, where each stage grew a little', async () => {
    const { report } = await pipelineTeam({
      before: { jobs: [{ name: 'test', queue: 10, takes: 100 }, deploy] },
      ship: {
        delay: 65,
        jobs: [
          { name: 'test', queue: 70, takes: 160 },
          { name: 'deploy', takes: 120 },
        ],
      },
    });
    expect(report.regression).toMatchObject({ stage: null, since: null });
  });

  test('nothing, where the window is not slower', async () => {
    expect((await pipelineTeam({ before, ship: before })).report.regression).toBeNull();
  });
});

describe('how much is opened', () => {
  test('stages: none opens nothing and tells nothing', async () => {
    const answer = await pipelineTeam({ ship: {}, inputs: { stages: 'none' } });
    expect(answer.report).toMatchObject({ stages: null, suspects: [], regression: null });
    expect(answer.requests.filter(notOfTheWorkflow)).toHaveLength(1);
  });

  test('without permission for runs, two coarse stages at most, and what is missing is said', async () => {
    const team = story();
    team.deploy(team.tip(), '2026-03-01T09:10:00Z');
    team.ship(team.merge(1, '2026-03-02T10:00:00Z'), '2026-03-02T10:00:00Z', { jobs: [deploy] });
    const answer = await ask(team.world, {
      now: '2026-03-02T20:00:00Z',
      inputs: { window: '20h' },
      github: { denied: ['checks', 'actions'] },
    });
    expect(answer.report.stages).toMatchObject({ shipped: 1, opened: 0 });
    expect(answer.report.completeness.gaps[0]?.what).toContain('permissions: checks: read');
    expect(answer.failed).toBe(false);
  });

  test('of more steps than are looked at, and of more runs than are listed, it says that there are more', async () => {
    const steps = Array.from({ length: 51 }, (_, i): [string, number] => [`Step ${i}`, 1]);
    const many = await pipelineTeam({ ship: { jobs: [{ name: 'build', steps }, deploy] } });
    expect(many.report.completeness.gaps.map((gap) => gap.what)).toEqual([
      'Some commits have more workflows, jobs or steps than the guard reads (20, 30 and 50).',
    ]);
    const crowded = await pipelineTeam({
      ship: {},
      record: ({ world, later }) => {
        for (let i = 0; i < 320; i++)
          world.runs?.push({
            id: 20_000 + i,
            workflow: 'deploy.yml',
            sha: world.head,
            branch: 'main',
            event: 'push',
            status: 'completed',
            conclusion: 'failure',
            createdAt: later('2026-03-03T00:00:00Z', i * 60),
            updatedAt: later('2026-03-03T00:01:00Z', i * 60),
            actor: 'ada',
            jobs: [],
          });
      },
    });
    expect(crowded.report.completeness.gaps.map((gap) => gap.what)).toEqual([
      'The deploying workflow has more runs in the window and the previous period than the guard reads (300).',
    ]);
    expect(crowded.report.status).not.toBe('insufficient-data');
    expect((await pipelineTeam({ ship: {} })).report.completeness).toEqual({ complete: true, gaps: [] });
  });

  test('a deployment from outside Actions has two stages, and it says that no more is known', async () => {
    const team = story();
    team.deploy(team.tip(), '2026-03-01T09:10:00Z');
    team.deploy(team.merge(1, '2026-03-02T10:00:00Z'), '2026-03-02T10:05:00Z');
    const answer = await ask(team.world, { now: '2026-03-02T20:00:00Z', inputs: { window: '20h' } });
    expect(answer.report.stages?.mergesets[0]?.seconds).toEqual({ 'before-deployment': 300, deploying: 60 });
    expect(markdown(answer.summary, { surface: 'summary' })).toContain(
      'no more is known than when each was created',
    );
  });
});

test('the comment on a pull request has the three stages that take most, folded', async () => {
  const answer = await pipelineTeam({ ship: { jobs: [{ name: 'build', queue: 100, takes: 300 }, deploy] } });
  const text = markdown(previewComment(answer.report, null), { surface: 'thread' });
  const [, table = ''] =
    /<summary>Where the time goes<\/summary>\n\n([\s\S]*?)\n\n<\/details>/.exec(text) ?? [];
  expect(table.split('\n').slice(2)).toEqual([
    '| checks before the deploy job | 5m | 5m | 64.5% | – |',
    '| waiting for a runner | 1m 40s | 1m 40s | 21.5% | – |',
    '| the deploy job | 1m | 1m | 12.9% | – |',
  ]);
});
