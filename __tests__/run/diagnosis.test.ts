import { describe, expect, test } from '@jest/globals';
import type { LoggedRequest } from '../../src/fake-github/loopback.ts';
import type { ShipOptions } from '../../src/fake-github/story.ts';
import { previewComment } from '../../src/publish/texts/preview.ts';
import { markdown } from '../../src/report/render/markdown.ts';
import { ask, deploymentOf, summaryText } from '../support/ask.ts';
import { pipelineTeam, workflowFile } from '../support/pipeline-team.ts';
import { story } from '../../src/fake-github/story.ts';
import { hasRequest } from '../support/requests.ts';

/** Stages, manual deployments and slowdowns, from the runs of an invented team. */

const deploy = { name: 'deploy', takes: 60 };
const stagesOf = async (ship: Partial<ShipOptions>) =>
  (await pipelineTeam({ ship })).report.stages?.mergesets[0]?.seconds;

/** Requests other than the one for workflow files, which explain a slow change. */
const isNotForWorkflowFiles = (request: LoggedRequest) => !hasRequest(request, 'WorkflowFiles');

describe('the stages of a shipped change, to the second', () => {
  test('jobs in a chain that wait for runners', async () => {
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

  test('the slowest job of a matrix', async () => {
    expect(
      await stagesOf({
        jobs: [{ name: 'test (1)', takes: 200 }, { name: 'test (2)', takes: 90, parallel: true }, deploy],
      }),
    ).toEqual({ starting: 5, checks: 200, deploy: 60 });
  });

  test('an approval after three hours', async () => {
    expect(await stagesOf({ jobs: [deploy], hold: 10_800, approvedBy: 'ben' })).toEqual({
      starting: 5,
      approval: 10_800,
      deploy: 60,
    });
  });

  test('an earlier attempt', async () => {
    expect(await stagesOf({ jobs: [{ name: 'test', takes: 100 }, deploy], failedFor: 500 })).toEqual({
      starting: 5,
      're-runs': 500,
      checks: 100,
      deploy: 60,
    });
  });

  test('a workflow that another workflow starts', async () => {
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

  test('waiting until somebody starts the workflow', async () => {
    expect(await stagesOf({ jobs: [deploy], event: 'workflow_dispatch', delay: 4000 })).toEqual({
      'by-hand': 4000,
      deploy: 60,
    });
  });

  test('a dispatch by a bot is not waiting for a person', async () => {
    expect(
      await stagesOf({ jobs: [deploy], event: 'workflow_dispatch', delay: 4000, actor: 'ci[bot]' }),
    ).toEqual({ starting: 4000, deploy: 60 });
  });
});

describe('a manual deployment', () => {
  const manualFindings = async (ship: Partial<ShipOptions>) =>
    (await pipelineTeam({ ship, changes: 5 })).report.findings.filter((finding) => finding.kind === 'manual');

  test('is one that a person dispatched, and the finding names the person', async () => {
    const findings = await manualFindings({ event: 'workflow_dispatch', actor: 'ben' });
    expect(findings).toHaveLength(5);
    expect(findings[0]).toMatchObject({
      severity: 'warning',
      evidence: { how: 'dispatched', by: 'ben' },
      message: expect.stringContaining('was started manually by ben. Let every merge deploy automatically.'),
    });
  });

  test('is one that a person approved, and the finding gives the wait', async () => {
    const [first] = await manualFindings({ hold: 3600, approvedBy: 'ben' });
    expect(first).toMatchObject({
      evidence: { how: 'approved', by: 'ben', waited: 3600 },
      message: expect.stringContaining('waited 1h for approval by ben'),
    });
  });

  test('is not one that a wait timer held', async () => {
    expect(await manualFindings({ hold: 3600 })).toEqual([]);
  });

  test('is not one that a push or a bot started', async () => {
    expect(await manualFindings({})).toEqual([]);
    expect(await manualFindings({ event: 'workflow_dispatch', actor: 'ci[bot]' })).toEqual([]);
  });

  test('is one that a person, not a bot, created outside Actions', async () => {
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
    ).toEqual([
      'The deployment of 2 Mar, 10:06 UTC was created manually by noor. Let every merge deploy automatically.',
    ]);
  });
});

test('a run replaced in its concurrency group is the cause of a batch', async () => {
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
    'Run 777 was canceled in its concurrency group before it started (2 Mar, 10:03 UTC)',
  );
});

describe('a slowdown', () => {
  const before = { jobs: [{ name: 'test', takes: 100 }, deploy] };

  test('names the stage, the job, the pull request and the workflow change', async () => {
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
    expect(summaryText(answer)).toContain(
      '"Checks before the deploy job" (browser tests) takes 8m 20s more since',
    );
  });

  test('has no single cause if every stage became a little slower', async () => {
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

  test('is not reported if the window is not slower', async () => {
    expect((await pipelineTeam({ before, ship: before })).report.regression).toBeNull();
  });
});

describe('reading runs', () => {
  test('is skipped with "stages: none"', async () => {
    const answer = await pipelineTeam({ ship: {}, inputs: { stages: 'none' } });
    expect(answer.report).toMatchObject({ stages: null, suspects: [], regression: null });
    expect(answer.requests.filter(isNotForWorkflowFiles)).toHaveLength(1);
  });

  test('without permission opens no deployment, and a gap names the permission', async () => {
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

  test('stops at a number of steps and runs, and a gap says so', async () => {
    const steps = Array.from({ length: 51 }, (_, i): [string, number] => [`Step ${i}`, 1]);
    const manySteps = await pipelineTeam({ ship: { jobs: [{ name: 'build', steps }, deploy] } });
    expect(manySteps.report.completeness.gaps.map((gap) => gap.what)).toEqual([
      'Some commits have more workflows, jobs or steps than the guard reads (20, 30 and 50).',
    ]);
    const manyRuns = await pipelineTeam({
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
    expect(manyRuns.report.completeness.gaps.map((gap) => gap.what)).toEqual([
      'The deploying workflow has more runs in the window and the previous period than the guard reads (300).',
    ]);
    expect(manyRuns.report.status).not.toBe('insufficient-data');
    expect((await pipelineTeam({ ship: {} })).report.completeness).toEqual({ complete: true, gaps: [] });
  });

  test('is impossible for a deployment outside Actions, which has two stages and a note', async () => {
    const team = story();
    team.deploy(team.tip(), '2026-03-01T09:10:00Z');
    team.deploy(team.merge(1, '2026-03-02T10:00:00Z'), '2026-03-02T10:05:00Z');
    const answer = await ask(team.world, { now: '2026-03-02T20:00:00Z', inputs: { window: '20h' } });
    expect(answer.report.stages?.mergesets[0]?.seconds).toEqual({ 'before-deployment': 300, deploying: 60 });
    expect(summaryText(answer)).toContain('so only their creation time is known');
  });
});

test('the comment on a pull request has the three longest stages, folded', async () => {
  const answer = await pipelineTeam({ ship: { jobs: [{ name: 'build', queue: 100, takes: 300 }, deploy] } });
  const text = markdown(previewComment(answer.report, null), { surface: 'thread' });
  const [, table = ''] =
    /<summary>Where the time goes<\/summary>\n\n([\s\S]*?)\n\n<\/details>/.exec(text) ?? [];
  expect(table.split('\n').slice(2)).toEqual([
    '| checks before the deploy job | 5m | 5m | 65% | – |',
    '| waiting for a runner | 1m 40s | 1m 40s | 22% | – |',
    '| the deploy job | 1m | 1m | 13% | – |',
  ]);
});
