import { describe, expect, test } from '@jest/globals';
import type { Pipeline } from '../../src/model/pipeline.ts';
import { criticalPath, type OpenedChange } from '../../src/diagnose/critical-path.ts';
import { segmentsOf } from '../../src/diagnose/stages.ts';
import { at, fileJob, job, pipeline, run } from '../support/facts.ts';

function opened(pipeline: Pipeline, merged: number, live: number): OpenedChange {
  const segments = segmentsOf({
    mergedAt: at(merged),
    liveAt: at(live),
    createdAt: at(merged),
    pipeline,
    byHand: false,
    others: [],
  });
  return { pipeline, segments, leadTimeSeconds: live - merged };
}

const pathOf = (...changes: OpenedChange[]) => criticalPath(changes, new Map());

const FILE = '.github/workflows/deploy.yml';
/** A test with two steps, a lint of 40 s in parallel, and then a deploy of 60 s. */
const deployRun = (id: number, begin: number, testSeconds = 100) => {
  const end = begin + testSeconds;
  return pipeline(
    run(id, begin, [
      job('lint', begin, begin + 40, { id: id * 10, created: begin }),
      job('test', begin, end, {
        id: id * 10 + 1,
        created: begin,
        steps: [
          ['install', 30],
          ['run', testSeconds - 30],
        ],
      }),
      job('deploy', end, end + 60, { id: id * 10 + 2, created: end, steps: [['ship', 60]] }),
    ]),
  );
};

describe('jobs', () => {
  const path = pathOf(opened(deployRun(1, 0), 0, 160), opened(deployRun(2, 1000, 200), 1000, 1260));

  test('are those on the path, with each run that shows them', () => {
    expect(path.runs).toBe(2);
    expect(path.jobs.map((job) => job.job)).toEqual(['test', 'deploy']);
    expect(path.jobs[0]).toMatchObject({
      workflow: 'deploy',
      seen: [
        { seconds: 100, run: 1, url: 'https://github.com/acme/shop/actions/runs/1/job/11' },
        { seconds: 200, run: 2, url: 'https://github.com/acme/shop/actions/runs/2/job/21' },
      ],
      medianSeconds: 100,
      after: null,
      isDeploy: false,
      fileJob: null,
    });
    expect(path.jobs[1]).toMatchObject({ medianSeconds: 60, after: 'test', isDeploy: true });
  });

  test('have a share of all time from merge to live', () => {
    expect(path.jobs[0]?.share).toBeCloseTo(300 / 420, 10);
    expect(path.jobs[1]?.share).toBeCloseTo(120 / 420, 10);
  });

  test('have as slack the time until a parallel job would decide the path', () => {
    expect(path.jobs[0]?.slackSeconds).toBe(60);
    expect(path.jobs[1]?.slackSeconds).toBeNull();
  });
});

describe('slack', () => {
  const slackOfTest = (...others: ReturnType<typeof job>[]) =>
    pathOf(
      opened(
        pipeline(run(1, 0, [job('test', 10, 110, { id: 8 }), ...others, job('deploy', 110, 170, { id: 9 })])),
        0,
        170,
      ),
    ).jobs.find((job) => job.job === 'test')?.slackSeconds;

  test('is the time to the last job that ended meanwhile', () => {
    expect(slackOfTest(job('lint', 0, 50, { id: 1 }), job('types', 0, 80, { id: 2 }))).toBe(30);
    expect(slackOfTest(job('lint', 0, 110, { id: 1 }))).toBe(0);
  });

  test('ignores jobs that ended before it started or after it ended', () => {
    expect(slackOfTest(job('lint', 0, 10, { id: 1 }))).toBeNull();
    expect(slackOfTest(job('lint', 0, 11, { id: 1 }))).toBe(99);
    expect(slackOfTest(job('lint', 0, 111, { id: 1 }))).toBeNull();
  });

  test('ignores jobs that were skipped or never ended', () => {
    expect(
      slackOfTest(job('lint', 0, 50, { id: 1, conclusion: 'skipped' }), job('types', 0, null, { id: 2 })),
    ).toBeNull();
  });

  test('is known if at least half of the runs have it', () => {
    const alone = (id: number, begin: number) =>
      pipeline(
        run(id, begin, [
          job('test', begin, begin + 100, { id: id * 10 }),
          job('deploy', begin + 100, begin + 160, { id: id * 10 + 1 }),
        ]),
      );
    const slack = (...changes: OpenedChange[]) =>
      pathOf(...changes).jobs.find((job) => job.job === 'test')?.slackSeconds;
    const withLint = opened(deployRun(1, 0), 0, 160);
    const without = (id: number) => opened(alone(id, id * 1000), id * 1000, id * 1000 + 160);
    expect(slack(withLint, without(2))).toBe(60);
    expect(slack(withLint, without(2), without(3))).toBeNull();
    expect(slack(without(2))).toBeNull();
  });
});

test('a run with several changes counts once, with the change that took longest', () => {
  const deploying = deployRun(1, 100);
  const path = pathOf(opened(deploying, 90, 260), opened(deploying, 0, 260), opened(deploying, 50, 260));
  expect(path.runs).toBe(1);
  expect(path.jobs[0]).toMatchObject({ seen: [{ seconds: 100 }], share: 100 / 260 });
});

test('changes that were deployed outside GitHub Actions have no path', () => {
  expect(pathOf({ pipeline: null, segments: [], leadTimeSeconds: 9 })).toEqual({
    runs: 0,
    graphs: [],
    jobs: [],
    steps: [],
  });
});

test('a change that was live at once has a path, and shares of 0', () => {
  const path = pathOf({ ...opened(deployRun(1, 0), 0, 160), leadTimeSeconds: 0 });
  expect(path.jobs.map((job) => job.share)).toEqual([0, 0]);
});

describe('steps', () => {
  const path = pathOf(opened(deployRun(1, 0), 0, 160), opened(deployRun(2, 1000, 200), 1000, 1260));

  test('are those of the jobs on the path', () => {
    expect(path.steps.map((step) => [step.job, step.step, step.medianSeconds, step.seen.length])).toEqual([
      ['test', 'install', 30, 2],
      ['test', 'run', 70, 2],
      ['deploy', 'ship', 60, 2],
    ]);
    expect(path.steps[0]?.share).toBeCloseTo(60 / 420, 10);
    expect(path.steps[0]?.seen[1]).toEqual({
      seconds: 30,
      run: 2,
      url: 'https://github.com/acme/shop/actions/runs/2/job/21',
    });
  });

  test('count from the merge on, and only if they ended', () => {
    const late = pathOf(opened(deployRun(1, 0), 20, 160));
    expect(late.steps.map((step) => [step.step, step.medianSeconds])).toEqual([
      ['install', 10],
      ['run', 70],
      ['ship', 60],
    ]);
    const deploying = deployRun(1, 0);
    const [, tests] = deploying.run.jobs;
    if (tests)
      tests.steps = [
        ...tests.steps,
        { name: 'stuck', startedAt: at(50), completedAt: null },
        { name: 'queued', startedAt: null, completedAt: at(60) },
      ];
    expect(pathOf(opened(deploying, 0, 160)).steps.map((step) => step.step)).toEqual([
      'install',
      'run',
      'ship',
    ]);
  });

  test('do not count if they ended before the merge', () => {
    const late = pathOf(opened(deployRun(1, 0), 31, 160));
    expect(late.steps.map((step) => step.step)).toEqual(['run', 'ship']);
    expect(pathOf(opened(deployRun(1, 0), 30, 160)).steps[0]).toMatchObject({
      step: 'install',
      medianSeconds: 0,
    });
  });
});

describe('the workflow file of a job and a step', () => {
  test('is the file of their run, which may be an earlier run', () => {
    const upstream = run(5, 0, [job('build', 0, 100, { id: 50 })], {
      workflow: 'build',
      file: 'build.yml',
      url: 'u5',
    });
    const deploying = pipeline(
      run(6, 105, [job('deploy', 105, 165, { id: 60, steps: [['Run ./ship', 60]] })]),
      {
        upstream: [upstream],
      },
    );
    const files = new Map([
      ['build.yml', [fileJob({ id: 'build', name: 'build', matrix: true })]],
      [
        FILE,
        [
          fileJob({
            id: 'deploy',
            name: 'deploy',
            steps: [{ name: null, uses: null, run: './ship', with: {} }],
          }),
        ],
      ],
    ]);
    const path = criticalPath([opened(deploying, 0, 165)], files);
    expect(
      path.jobs.map((job) => [job.workflow, job.job, job.seen[0]?.run, job.seen[0]?.url, job.fileJob?.id]),
    ).toEqual([
      ['build', 'build', 5, 'u5/job/50', 'build'],
      ['deploy', 'deploy', 6, 'https://github.com/acme/shop/actions/runs/6/job/60', 'deploy'],
    ]);
    expect(path.steps[0]).toMatchObject({ fileJob: { id: 'deploy' }, fileStep: { run: './ship' } });
  });

  test('is unknown if the file or the step is missing', () => {
    const elsewhere = pipeline(
      run(6, 0, [job('deploy', 0, 60, { id: 60, steps: [['ship', 60]] })], { file: null }),
    );
    const path = criticalPath(
      [opened(elsewhere, 0, 60)],
      new Map([[FILE, [fileJob({ id: 'deploy', name: 'deploy' })]]]),
    );
    expect(path.jobs[0]?.fileJob).toBeNull();
    expect(path.steps[0]).toMatchObject({ fileJob: null, fileStep: null });
    const known = criticalPath(
      [opened(deployRun(1, 0), 0, 160)],
      new Map([[FILE, [fileJob({ id: 'test', name: 'test' })]]]),
    );
    expect(known.steps[0]).toMatchObject({ fileJob: { id: 'test' }, fileStep: null });
  });
});

test('the job before another is the one that precedes it in most runs', () => {
  const chain = (id: number, first: string) => {
    const begin = id * 1000;
    return opened(
      pipeline(
        run(id, begin, [
          job(first, begin, begin + 100, { id: id * 10 }),
          job('deploy', begin + 100, begin + 160, { id: id * 10 + 1 }),
        ]),
      ),
      begin,
      begin + 160,
    );
  };
  const path = pathOf(chain(1, 'lint'), chain(2, 'test'), chain(3, 'test'));
  expect(path.jobs.find((job) => job.job === 'deploy')?.after).toBe('test');
});

test('jobs with the same name in two workflows are different jobs', () => {
  const inWorkflow = (id: number, workflow: string) =>
    opened(
      pipeline(run(id, id * 1000, [job('deploy', id * 1000, id * 1000 + 60, { id })], { workflow })),
      id * 1000,
      id * 1000 + 60,
    );
  expect(pathOf(inWorkflow(1, 'a'), inWorkflow(2, 'b')).jobs.map((job) => job.workflow)).toEqual(['a', 'b']);
});

describe('jobs with the same name', () => {
  test('in two runs are both on the path', () => {
    const upstream = run(5, 0, [job('deploy', 0, 100, { id: 50 })], { workflow: 'build' });
    const deploying = pipeline(run(6, 105, [job('deploy', 105, 165, { id: 60 })]), { upstream: [upstream] });
    expect(pathOf(opened(deploying, 0, 165)).jobs.map((job) => job.seen[0]?.run)).toEqual([5, 6]);
  });

  test('in one run: the last one that ended is on the path', () => {
    const deploying = pipeline(
      run(6, 0, [
        job('lint', 0, 900, { id: 1 }),
        job('test', 0, 40, { id: 2, steps: [['first try', 40]] }),
        job('test', 50, 100, { id: 3, steps: [['second try', 50]] }),
        job('deploy', 100, 160, { id: 4, created: 100 }),
      ]),
    );
    const path = pathOf(opened(deploying, 45, 160));
    expect(path.jobs.map((job) => job.job)).toEqual(['test', 'deploy']);
    expect(path.steps.map((step) => step.step)).toEqual(['second try']);
  });
});

test('the deploy job of the current run is on the path while it runs', () => {
  const deploying = pipeline(
    run(6, 0, [job('test', 0, 100, { id: 1 }), job('deploy', 100, null, { id: 2 })]),
  );
  const path = pathOf(opened(deploying, 0, 160));
  expect(path.jobs.map((job) => [job.job, job.medianSeconds, job.isDeploy])).toEqual([
    ['test', 100, false],
    ['deploy', 60, true],
  ]);
});
