import { describe, expect, test } from '@jest/globals';
import type { Pipeline } from '../../src/model/pipeline.ts';
import { secondsByStage, segmentsOf } from '../../src/diagnose/stages.ts';
import type { Stage } from '../../src/model/terms.ts';
import type { FileJob } from '../../src/model/workflow-file.ts';
import { at, fileJob, job, pipeline, run } from '../support/facts.ts';

/** One case at a time. `stages.test.ts` has random combinations. */

interface Circumstances {
  merged?: number;
  live?: number;
  others?: [number, number][];
  byHand?: boolean;
}

function stages(
  pipeline: Pipeline,
  { merged = 0, live = 500, others = [], byHand = false }: Circumstances = {},
) {
  const segments = segmentsOf({
    mergedAt: at(merged),
    liveAt: at(live),
    createdAt: at(merged),
    pipeline,
    byHand,
    others: others.map(([from, to]) => ({ from: at(from), to: at(to) })),
  });
  const sum = segments.reduce((total, segment) => total + segment.to - segment.from, 0);
  expect(sum).toBe(live - merged);
  return secondsByStage(segments);
}
const deploy = (from: number, to: number, created = from) => job('deploy', from, to, { id: 9, created });

describe('before the first job', () => {
  test('the change waits for the run, and then for a runner', () => {
    const deployRun = run(1, 100, [deploy(200, 500, 140)], { attemptStartedAt: at(140) });
    expect(stages(pipeline(deployRun))).toEqual({ starting: 140, runner: 60, deploy: 300 });
  });

  test('earlier attempts are re-runs', () => {
    const inAttempt = (attempt: number) =>
      run(1, 100, [deploy(200, 500, 140)], { attemptStartedAt: at(140), attempt });
    expect(stages(pipeline(inAttempt(2)))).toEqual({ starting: 100, 're-runs': 40, runner: 60, deploy: 300 });
    expect(stages(pipeline(inAttempt(1)))).not.toHaveProperty('re-runs');
  });

  test('the change waits behind another deployment that is running', () => {
    const deployRun = run(1, 100, [deploy(200, 500, 140)], { attemptStartedAt: at(140) });
    expect(
      stages(pipeline(deployRun), {
        others: [
          [10, 60],
          [110, 130],
        ],
      }),
    ).toEqual({
      behind: 50 + 20,
      starting: 140 - 70,
      runner: 60,
      deploy: 300,
    });
  });

  test('all time before a run that a person started was spent waiting for them', () => {
    const deployRun = run(1, 100, [deploy(100, 500)]);
    expect(stages(pipeline(deployRun), { byHand: true, others: [[10, 60]] })).toEqual({
      'by-hand': 100,
      deploy: 400,
    });
  });
});

describe('held by protection rules', () => {
  const held = (...holds: [number, number][]): Partial<Pipeline> => ({
    holds: holds.map(([from, to]) => ({ from: at(from), to: at(to) })),
  });

  test('the deploy job waits for the approval, and then for a runner', () => {
    const deployRun = run(1, 0, [job('test', 0, 100, { id: 1 }), deploy(300, 500, 100)]);
    expect(stages(pipeline(deployRun, held([110, 290])))).toEqual({
      checks: 100,
      runner: 20,
      approval: 180,
      deploy: 200,
    });
  });

  test('another job does not wait for the approval', () => {
    const deployRun = run(1, 0, [job('test', 60, 100, { id: 1, created: 0 }), deploy(100, 500)]);
    expect(stages(pipeline(deployRun, held([10, 50])))).toEqual({ runner: 60, checks: 40, deploy: 400 });
  });
});

describe('the job that another job waited for', () => {
  const waiting = (other: ReturnType<typeof job>, created: number | null = 200, attempt = 0) =>
    stages(
      pipeline(
        run(1, attempt, [other, job('deploy', 200, 500, { id: 9, created })], {
          attemptStartedAt: at(attempt),
        }),
      ),
    );

  test('ended when it was ready, give or take fifteen seconds', () => {
    expect(waiting(job('test', 0, 185, { id: 1 }))).toEqual({ checks: 185, runner: 15, deploy: 300 });
    expect(waiting(job('test', 0, 184, { id: 1 }))).toEqual({ starting: 200, deploy: 300 });
  });

  test('may have ended long before if GitHub does not say when the job was ready', () => {
    expect(waiting(job('test', 0, 100, { id: 1 }), null)).toEqual({ checks: 100, runner: 100, deploy: 300 });
  });

  test('is none that was skipped, or never ran, or had not ended', () => {
    expect(waiting(job('test', 0, 200, { id: 1, conclusion: 'skipped' }))).not.toHaveProperty('checks');
    expect(waiting(job('test', null, 200, { id: 1 }))).not.toHaveProperty('checks');
    expect(waiting(job('test', 0, null, { id: 1 }))).not.toHaveProperty('checks');
    expect(waiting(job('test', 0, 201, { id: 1 }))).not.toHaveProperty('checks');
  });

  test('did not run in an earlier attempt', () => {
    expect(waiting(job('test', 50, 190, { id: 1 }), 200, 60)).not.toHaveProperty('checks');
    expect(waiting(job('test', 60, 190, { id: 1 }), 200, 60)).toMatchObject({ checks: 130 });
  });

  test('is the last of several that ended', () => {
    const deployRun = run(1, 0, [
      job('a', 0, 190, { id: 1 }),
      job('b', 0, 195, { id: 2 }),
      job('c', 0, 192, { id: 3 }),
      deploy(200, 500),
    ]);
    expect(stages(pipeline(deployRun))).toEqual({ checks: 195, runner: 5, deploy: 300 });
  });
});

describe('if the deploy job is unknown', () => {
  const last = (...jobs: ReturnType<typeof job>[]) => stages(pipeline(run(1, 0, jobs), { deployJob: null }));

  test('it is the last job that ended before the change was live', () => {
    const early = job('early', 0, 300, { id: 1 });
    const late = job('late', 300, 480, { id: 2 });
    expect(last(late, early)).toEqual({ checks: 300, deploy: 180 + 20 });
    expect(last(early, late)).toEqual({ checks: 300, deploy: 180 + 20 });
    expect(last(early, job('after', 490, 501, { id: 3 }))).toEqual({ deploy: 500 });
    expect(last(early, job('at once', 400, 500, { id: 3, created: 300 }))).toEqual({
      checks: 300,
      runner: 100,
      deploy: 100,
    });
  });

  test('it is not a job that was skipped, never ran or has not ended', () => {
    const early = job('early', 0, 300, { id: 1 });
    for (const other of [
      job('other', 350, 400, { id: 2, conclusion: 'skipped' }),
      job('other', null, 400, { id: 2 }),
      job('other', 350, null, { id: 2 }),
    ])
      expect(last(early, other)).toEqual({ deploy: 500 });
  });

  test('a run without jobs was only starting', () => {
    expect(last()).toEqual({ starting: 500 });
  });
});

describe('behind other deployments', () => {
  const queued = (...others: [number, number][]): Partial<Record<Stage, number>> =>
    stages(pipeline(run(1, 400, [deploy(400, 500)])), { merged: 100, others });

  test('their order and overlaps do not matter', () => {
    for (const others of [
      [
        [150, 200],
        [250, 300],
      ],
      [
        [250, 300],
        [150, 200],
      ],
      [
        [150, 200],
        [250, 300],
        [160, 190],
      ],
      [
        [250, 300],
        [150, 190],
        [180, 200],
      ],
    ] as [number, number][][])
      expect(queued(...others)).toEqual({ behind: 100, starting: 200, deploy: 100 });
  });

  test('only the time of this wait counts', () => {
    expect(queued([50, 150])).toEqual({ behind: 50, starting: 250, deploy: 100 });
    expect(queued([350, 450])).toEqual({ behind: 50, starting: 250, deploy: 100 });
    expect(queued([0, 900])).toEqual({ behind: 300, deploy: 100 });
    expect(queued([0, 100], [400, 900])).toEqual({ starting: 300, deploy: 100 });
  });

  test('a deployment that took no time, or ends before it begins, does not count', () => {
    expect(queued([200, 200], [300, 250])).toEqual({ starting: 300, deploy: 100 });
  });
});

describe('earlier runs that started this one (workflow_run)', () => {
  test('their jobs are checks, and the time between the runs is starting or behind another deployment', () => {
    const upstream = run(1, 10, [job('build', 20, 200, { id: 1, created: 20 })], {
      attemptStartedAt: at(10),
    });
    const deploying = pipeline(run(2, 260, [deploy(260, 500)]), { upstream: [upstream] });
    expect(stages(deploying)).toEqual({ starting: 20 + 60, checks: 180, deploy: 240 });
    expect(stages(deploying, { others: [[210, 250]] })).toEqual({
      behind: 40,
      starting: 40,
      checks: 180,
      deploy: 240,
    });
  });

  test('an earlier run without a job that ended was only starting', () => {
    const deploying = pipeline(run(2, 260, [deploy(260, 500)]), { upstream: [run(1, 10, [])] });
    expect(stages(deploying)).toEqual({ starting: 260, deploy: 240 });
  });
});

describe('the job that the deploy job waited for', () => {
  const jobs = [
    job('build', 0, 188, { id: 1, created: 0 }),
    job('lint', 0, 190, { id: 2, created: 0 }),
    job('deploy', 200, 500, { id: 9, created: 190 }),
  ];
  const deployRun = run(1, 0, jobs, { file: '.github/workflows/deploy.yml' });
  const names = (files?: ReadonlyMap<string, FileJob[]>) =>
    segmentsOf({
      mergedAt: at(0),
      liveAt: at(500),
      createdAt: at(0),
      pipeline: pipeline(deployRun),
      byHand: false,
      others: [],
      ...(files ? { files } : {}),
    }).flatMap((segment) => segment.name ?? []);
  const file = (needs: string[]) =>
    new Map([
      [
        '.github/workflows/deploy.yml',
        ['build', 'lint', 'deploy'].map((id) =>
          fileJob({ id, name: id, needs: id === 'deploy' ? needs : [] }),
        ),
      ],
    ]);

  test('is one that its workflow file names in "needs"', () => {
    expect(names(file(['build']))).toEqual(['build', 'deploy']);
    expect(names(file(['build', 'lint']))).toEqual(['lint', 'deploy']);
  });

  test('is the last that ended if the file is unknown or names no job that ran', () => {
    expect(names()).toEqual(['lint', 'deploy']);
    expect(names(file(['package']))).toEqual(['lint', 'deploy']);
  });
});
