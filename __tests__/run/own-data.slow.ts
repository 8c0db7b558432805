import { describe, expect, test } from '@jest/globals';
import type { LoggedRequest } from '../../src/fake-github/loopback.ts';
import { story } from '../../src/fake-github/story.ts';
import { type RunJobOptions, recordRun } from '../support/actions.ts';
import { ask, changeOf, deploymentOf, type StepAnswer } from '../support/ask.ts';
import { at, begun, day } from '../support/day.ts';
import { startGitHub } from '../support/github.ts';
import { performStep } from '../support/in-process.ts';
import { hasRequest } from '../support/requests.ts';

/** A guard that runs in the deploy job must not distort its own data when it fails or is still running. */

const GUARD = 'Run deploy-latency-guard/deploy-latency-guard@v1';
const remarksIn = ({ report }: StepAnswer) => report.remarks.map((remark) => remark.what).join('\n');

const failing = (steps: RunJobOptions['steps']): RunJobOptions[] => [
  { name: 'deploy', from: at('10:01:00'), to: at('10:11:00'), conclusion: 'failure', steps: steps ?? [] },
];

/** Asks about one change, deployed by a job that failed with these steps. */
async function askAfterFailure(steps: RunJobOptions['steps'], file?: string) {
  const team = begun();
  if (file) team.world.files = { '.github/workflows/deploy.yml': file };
  recordRun(team, team.merge(1, at('10:00:00')), { id: 51, jobs: failing(steps) });
  return ask(team.world, { ...day, inputs: { ...day.inputs, stages: 'none' } });
}

/** Requests other than the one for workflow files, which explain a slow change. */
const isNotForWorkflowFiles = (request: LoggedRequest) => !hasRequest(request, 'WorkflowFiles');

describe("a deployment whose job failed only in the guard's own step", () => {
  test('counts as live at the end of the step before it, and a remark says so', async () => {
    const answer = await askAfterFailure([
      ['Run ./deploy.sh', at('10:10:00')],
      [GUARD, at('10:10:30'), 'failure'],
      ['Post Run actions/checkout@v5', at('10:11:00')],
    ]);
    expect(changeOf(answer, 1)).toMatchObject({ deployment: 510, leadTimeSeconds: 600 });
    expect(deploymentOf(answer, 510)).toMatchObject({ outcome: 'success', failedInGuard: true });
    expect(remarksIn(answer)).toContain("1 deployment failed only in this guard's own step");
    expect(answer.requests).toHaveLength(2);
  });

  test('counts as live if the workflow gives the step another name', async () => {
    const answer = await askAfterFailure(
      [
        ['Run ./deploy.sh', at('10:10:00')],
        ['How long?', at('10:10:30'), 'failure'],
      ],
      'jobs:\n  deploy:\n    steps:\n      - run: ./deploy.sh\n      - name: How long?\n        uses: deploy-latency-guard/deploy-latency-guard@v1\n',
    );
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 600 });
  });

  test('failed if another step failed', async () => {
    const answer = await askAfterFailure([
      ['Run ./deploy.sh', at('10:10:00')],
      ['Run ./smoke-test.sh', at('10:10:30'), 'failure'],
    ]);
    expect(changeOf(answer, 1)).toMatchObject({ deployment: null });
  });

  test('failed if a step before it failed too', async () => {
    const answer = await askAfterFailure([
      ['Run ./deploy.sh', at('10:10:00'), 'failure'],
      [GUARD, at('10:10:30'), 'failure'],
    ]);
    expect(changeOf(answer, 1)).toMatchObject({ deployment: null });
  });

  test('costs no request if it was repeated with success', async () => {
    const team = begun();
    const merged = team.merge(1, at('10:00:00'));
    recordRun(team, merged, { id: 51, jobs: failing([[GUARD, at('10:10:30'), 'failure']]) });
    recordRun(team, merged, { id: 52, jobs: [{ name: 'deploy', from: at('10:20:00'), to: at('10:25:00') }] });
    const answer = await ask(team.world, { ...day, inputs: { ...day.inputs, stages: 'none' } });
    expect(answer.requests.filter(isNotForWorkflowFiles)).toHaveLength(1);
    expect(changeOf(answer, 1)).toMatchObject({ deployment: 520 });
  });

  test('without "checks: read" it is taken as failed, and that is said', async () => {
    const team = begun();
    recordRun(team, team.merge(1, at('10:00:00')), {
      id: 51,
      jobs: failing([[GUARD, at('10:10:30'), 'failure']]),
    });
    const answer = await ask(team.world, {
      ...day,
      inputs: { ...day.inputs, stages: 'none' },
      github: { denied: ['checks'] },
    });
    expect(changeOf(answer, 1)).toMatchObject({ deployment: null });
    expect(answer.report.completeness.gaps[0]?.consequence).toContain('checks: read');
  });

  test('costs one request for twenty', async () => {
    const team = story('acme', 'shop', '2026-02-01T00:00:00Z');
    team.deploy(team.tip(), '2026-02-01T00:10:00Z');
    const iso = (minutes: number) =>
      new Date(Date.parse('2026-02-24T00:00:00Z') + minutes * 60_000).toISOString();
    for (let i = 1; i <= 100; i++)
      recordRun(team, team.merge(i, iso(i * 60)), {
        id: 5000 + i,
        jobs: [
          {
            name: 'deploy',
            from: iso(i * 60 + 1),
            to: iso(i * 60 + 12),
            conclusion: 'failure',
            steps: [
              ['Run ./deploy.sh', iso(i * 60 + 10)],
              [GUARD, iso(i * 60 + 12), 'failure'],
            ],
          },
        ],
      });
    const answer = await ask(team.world, {
      now: '2026-03-01T00:00:00Z',
      inputs: { window: '7d', stages: 'none' },
    });
    expect(answer.report.leadTime).toMatchObject({ count: 100, deployed: 100, p50: 600 });
    expect(answer.requests.length).toBeLessThanOrEqual(8);
  });
});

describe('the deployment that is running the guard', () => {
  const running = (jobs: RunJobOptions[]) => {
    const team = begun();
    recordRun(team, team.merge(1, at('10:00:00')), { id: 4242, jobs });
    return team;
  };
  const askFrom = (team: ReturnType<typeof begun>, job: string | null) =>
    ask(team.world, {
      now: at('10:20:00'),
      inputs: { window: '10h', 'fail-on': 'drift' },
      surroundings: { runId: 4242, job },
    });
  const deploy: RunJobOptions = { name: 'deploy', from: at('10:05:00'), to: null };
  const guard: RunJobOptions = { name: 'guard', from: at('10:05:00'), to: null, deploys: false };

  test('counts as live now if the guard is in the deploy job', async () => {
    const answer = await askFrom(running([deploy]), 'deploy');
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 1200 });
    expect(deploymentOf(answer, 42420)).toMatchObject({ assumed: true });
  });

  test('counts as live now in a job of a matrix', async () => {
    const eu = { ...deploy, name: 'deploy (eu)' };
    expect(changeOf(await askFrom(running([eu]), 'deploy'), 1)).toMatchObject({ leadTimeSeconds: 1200 });
  });

  test('does not count as live if the guard is in a parallel job', async () => {
    const answer = await askFrom(running([deploy, guard]), 'guard');
    expect(changeOf(answer, 1)).toMatchObject({ deployment: null, waitingSeconds: 1200 });
    expect(deploymentOf(answer, 42420)).toMatchObject({ outcome: 'running', assumed: false });
  });

  test('is found by the workflow file if the jobs have display names', async () => {
    const team = running([
      { ...deploy, name: 'To production' },
      { ...guard, name: 'Latency' },
    ]);
    team.world.files = {
      '.github/workflows/deploy.yml':
        'jobs:\n  deploy:\n    name: To production\n    environment: production\n  guard:\n    name: Latency\n',
    };
    expect(changeOf(await askFrom(team, 'guard'), 1)).toMatchObject({ deployment: null });
    expect(changeOf(await askFrom(team, 'deploy'), 1)).toMatchObject({ leadTimeSeconds: 1200 });
  });

  test('is found by the workflow source too', async () => {
    const team = running([deploy, guard]);
    recordRun(team, team.world.commits[1]?.oid ?? '', {
      id: 41,
      jobs: [{ name: 'deploy', from: '2026-03-01T10:01:00Z', to: '2026-03-01T10:05:00Z' }],
    });
    const changeFrom = async (job: string, extra: Record<string, string> = {}) =>
      changeOf(
        await ask(team.world, {
          now: at('10:20:00'),
          inputs: { window: '10h', 'deploy-source': 'workflow', 'deploy-workflow': 'deploy.yml', ...extra },
          surroundings: { runId: 4242, job },
        }),
        1,
      );
    for (const extra of [{}, { 'deploy-job': 'deploy' }] as Record<string, string>[])
      expect(await changeFrom('guard', extra)).toMatchObject({ deployment: null });
    expect(await changeFrom('deploy', { 'deploy-job': 'deploy' })).toMatchObject({ leadTimeSeconds: 1200 });
  });

  test('gets one warning with the fix if the guard is about to fail it', async () => {
    const { annotations, failed } = await askFrom(running([deploy]), 'deploy');
    expect(failed).toBe(true);
    const warnings = annotations.filter(
      (annotation) => annotation.title === 'The guard is part of the deployment',
    );
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.message).toMatch(/^This step fails the job that deploys [0-9a-f]{7}, so/);
    expect(warnings[0]?.message).toContain('"needs:"');
  });

  test('gets no warning if the guard is in a later job', async () => {
    const done = { ...deploy, to: at('10:19:00') };
    const { annotations, failed } = await askFrom(running([done, guard]), 'guard');
    expect(failed).toBe(true);
    expect(annotations.map((annotation) => annotation.title)).not.toContain(
      'The guard is part of the deployment',
    );
  });
});

test('failures do not repeat themselves: of 30 deployments with the guard as their last step, those fail that run while lead time is over the limit', async () => {
  const team = story('acme', 'shop', '2026-03-01T00:00:00Z');
  team.deploy(team.tip(), '2026-03-01T00:10:00Z');
  const start = Date.parse('2026-03-02T00:00:00Z');
  const iso = (time: number) => new Date(time).toISOString().replace('.000Z', 'Z');
  const times: number[] = [];
  const failed: boolean[] = [];
  const expected: boolean[] = [];
  const leadTimes: (number | null)[] = [];
  for (let i = 0; i < 30; i++) {
    const mergedAt = start + i * 7_200_000;
    const seconds = i < 6 ? 2400 : 600;
    const ended = mergedAt + seconds * 1000;
    const id = 7000 + i;
    const sha = team.merge(i + 1, iso(mergedAt));
    const [deployment] = recordRun(team, sha, {
      id,
      jobs: [{ name: 'deploy', from: iso(mergedAt + 60_000), to: null }],
    });
    const github = await startGitHub(team.world);
    const { code, report, log } = await performStep(
      {
        apiUrl: github.apiUrl,
        inputs: { window: '7d', comment: 'never', stages: 'none', 'fail-on': 'drift' },
      },
      { now: new Date(ended), runId: id, job: 'deploy', sha },
    );
    await github.close();
    if (report === null) throw new Error(log);
    failed.push(code === 1);
    leadTimes.push(report.leadTimeSeconds);
    // The median of all times so far is over the limit, once there are five.
    times.push(seconds);
    const sorted = times.toSorted((a, b) => a - b);
    expected.push(times.length >= 5 && (sorted[Math.ceil(sorted.length / 2) - 1] ?? 0) > 1125);
    const run = team.world.runs?.at(-1);
    const job = run?.jobs[0];
    if (!run || !job || !deployment) throw new Error('no run');
    const after = iso(ended + 5000);
    Object.assign(run, {
      status: 'completed',
      conclusion: code === 1 ? 'failure' : 'success',
      updatedAt: after,
    });
    Object.assign(job, {
      conclusion: code === 1 ? 'failure' : 'success',
      completedAt: after,
      steps: [
        { name: 'Run ./deploy.sh', startedAt: iso(mergedAt + 60_000), completedAt: iso(ended) },
        {
          name: GUARD,
          startedAt: iso(ended),
          completedAt: after,
          conclusion: code === 1 ? 'failure' : 'success',
        },
      ],
    });
    const logUrl = deployment.statuses[0]?.logUrl ?? '';
    deployment.statuses.push({ state: code === 1 ? 'FAILURE' : 'SUCCESS', createdAt: after, logUrl });
  }
  expect(failed).toEqual(expected);
  expect(failed.filter(Boolean)).toHaveLength(7);
  expect(leadTimes.at(-1)).toBeLessThanOrEqual(605);
});
