import { describe, expect, test } from '@jest/globals';
import type { Pipeline } from '../../src/model/pipeline.ts';
import { criticalPath, type OpenedChange } from '../../src/diagnose/critical-path.ts';
import { segmentsOf } from '../../src/diagnose/stages.ts';
import { at, fileJob, job, pipeline, run } from '../support/facts.ts';

function travelled(of: Pipeline, merged: number, live: number): OpenedChange {
  const segments = segmentsOf({
    mergedAt: at(merged),
    liveAt: at(live),
    createdAt: at(merged),
    pipeline: of,
    byHand: false,
    others: [],
  });
  return { pipeline: of, segments, leadTimeSeconds: live - merged };
}

const FILE = '.github/workflows/deploy.yml';
/** A test of 100 s with two steps beside a lint of 40 s; then a deploy of 60 s. */
const week = (id: number, begin: number, testTakes = 100) => {
  const end = begin + testTakes;
  return pipeline(
    run(id, begin, [
      job('lint', begin, begin + 40, { id: id * 10, created: begin }),
      job('test', begin, end, {
        id: id * 10 + 1,
        created: begin,
        steps: [
          ['install', 30],
          ['run', testTakes - 30],
        ],
      }),
      job('deploy', end, end + 60, { id: id * 10 + 2, created: end, steps: [['ship', 60]] }),
    ]),
  );
};

describe('jobs', () => {
  const path = criticalPath(
    [travelled(week(1, 0), 0, 160), travelled(week(2, 1000, 200), 1000, 1260)],
    new Map(),
  );

  test('those on the path, with each run that they were seen in', () => {
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

  test('their share is of all time from merge to live', () => {
    expect(path.jobs[0]?.share).toBeCloseTo(300 / 420, 10);
    expect(path.jobs[1]?.share).toBeCloseTo(120 / 420, 10);
  });

  test('how much sooner one could end before another would hold the path', () => {
    expect(path.jobs[0]?.slackSeconds).toBe(60);
    expect(path.jobs[1]?.slackSeconds).toBeNull();
  });
});

describe('slack', () => {
  const beside = (...others: ReturnType<typeof job>[]) =>
    criticalPath(
      [
        travelled(
          pipeline(
            run(1, 0, [job('test', 10, 110, { id: 8 }), ...others, job('deploy', 110, 170, { id: 9 })]),
          ),
          0,
          170,
        ),
      ],
      new Map(),
    ).jobs.find((job) => job.job === 'test')?.slackSeconds;

  test('is to the last that ended while it ran', () => {
    expect(beside(job('lint', 0, 50, { id: 1 }), job('types', 0, 80, { id: 2 }))).toBe(30);
    expect(beside(job('lint', 0, 110, { id: 1 }))).toBe(0);
  });

  test('what ended before it began, or after it, holds nothing up', () => {
    expect(beside(job('lint', 0, 10, { id: 1 }))).toBeNull();
    expect(beside(job('lint', 0, 11, { id: 1 }))).toBe(99);
    expect(beside(job('lint', 0, 111, { id: 1 }))).toBeNull();
  });

  test('neither does what was skipped or never ended', () => {
    expect(
      beside(job('lint', 0, 50, { id: 1, conclusion: 'skipped' }), job('types', 0, null, { id: 2 })),
    ).toBeNull();
  });

  test('is told where half of the runs have it', () => {
    const alone = (id: number, begin: number) =>
      pipeline(
        run(id, begin, [
          job('test', begin, begin + 100, { id: id * 10 }),
          job('deploy', begin + 100, begin + 160, { id: id * 10 + 1 }),
        ]),
      );
    const slack = (...all: OpenedChange[]) =>
      criticalPath(all, new Map()).jobs.find((job) => job.job === 'test')?.slackSeconds;
    const withLint = travelled(week(1, 0), 0, 160);
    const without = (id: number) => travelled(alone(id, id * 1000), id * 1000, id * 1000 + 160);
    expect(slack(withLint, without(2))).toBe(60);
    expect(slack(withLint, without(2), without(3))).toBeNull();
    expect(slack(without(2))).toBeNull();
  });
});

test('of several changes of one run, the one that took longest', () => {
  const of = week(1, 100);
  const path = criticalPath(
    [travelled(of, 90, 260), travelled(of, 0, 260), travelled(of, 50, 260)],
    new Map(),
  );
  expect(path.runs).toBe(1);
  expect(path.jobs[0]).toMatchObject({ seen: [{ seconds: 100 }], share: 100 / 260 });
});

test('changes from outside Actions have no path, and nothing has none', () => {
  expect(criticalPath([{ pipeline: null, segments: [], leadTimeSeconds: 9 }], new Map())).toEqual({
    runs: 0,
    jobs: [],
    steps: [],
  });
});

test('live in no time: a path, and no share of nothing', () => {
  const path = criticalPath([{ ...travelled(week(1, 0), 0, 160), leadTimeSeconds: 0 }], new Map());
  expect(path.jobs.map((job) => job.share)).toEqual([0, 0]);
});

describe('steps', () => {
  const path = criticalPath(
    [travelled(week(1, 0), 0, 160), travelled(week(2, 1000, 200), 1000, 1260)],
    new Map(),
  );

  test('of the jobs on the path', () => {
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

  test('as far as they were on it: after the merge, and over', () => {
    const late = criticalPath([travelled(week(1, 0), 20, 160)], new Map());
    expect(late.steps.map((step) => [step.step, step.medianSeconds])).toEqual([
      ['install', 10],
      ['run', 70],
      ['ship', 60],
    ]);
    const of = week(1, 0);
    const [, tests] = of.run.jobs;
    if (tests)
      tests.steps = [
        ...tests.steps,
        { name: 'stuck', startedAt: at(50), completedAt: null },
        { name: 'queued', startedAt: null, completedAt: at(60) },
      ];
    expect(criticalPath([travelled(of, 0, 160)], new Map()).steps.map((step) => step.step)).toEqual([
      'install',
      'run',
      'ship',
    ]);
  });

  test('one that was over before the merge is not on it', () => {
    const late = criticalPath([travelled(week(1, 0), 31, 160)], new Map());
    expect(late.steps.map((step) => step.step)).toEqual(['run', 'ship']);
    expect(criticalPath([travelled(week(1, 0), 30, 160)], new Map()).steps[0]).toMatchObject({
      step: 'install',
      medianSeconds: 0,
    });
  });
});

describe('what the workflow file says of them', () => {
  test('by the file of the run that they were in, also one before it', () => {
    const upstream = run(5, 0, [job('build', 0, 100, { id: 50 })], {
      workflow: 'build',
      file: 'build.yml',
      url: 'u5',
    });
    const of = pipeline(run(6, 105, [job('deploy', 105, 165, { id: 60, steps: [['Run ./ship', 60]] })]), {
      upstream: [upstream],
    });
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
    const path = criticalPath([travelled(of, 0, 165)], files);
    expect(
      path.jobs.map((job) => [job.workflow, job.job, job.seen[0]?.run, job.seen[0]?.url, job.fileJob?.id]),
    ).toEqual([
      ['build', 'build', 5, 'u5/job/50', 'build'],
      ['deploy', 'deploy', 6, 'https://github.com/acme/shop/actions/runs/6/job/60', 'deploy'],
    ]);
    expect(path.steps[0]).toMatchObject({ fileJob: { id: 'deploy' }, fileStep: { run: './ship' } });
  });

  test('nothing, where the file or the step is not there', () => {
    const elsewhere = pipeline(
      run(6, 0, [job('deploy', 0, 60, { id: 60, steps: [['ship', 60]] })], { file: null }),
    );
    const path = criticalPath(
      [travelled(elsewhere, 0, 60)],
      new Map([[FILE, [fileJob({ id: 'deploy', name: 'deploy' })]]]),
    );
    expect(path.jobs[0]?.fileJob).toBeNull();
    expect(path.steps[0]).toMatchObject({ fileJob: null, fileStep: null });
    const known = criticalPath(
      [travelled(week(1, 0), 0, 160)],
      new Map([[FILE, [fileJob({ id: 'test', name: 'test' })]]]),
    );
    expect(known.steps[0]).toMatchObject({ fileJob: { id: 'test' }, fileStep: null });
  });
});

test('the job before it is the one that mostly was', () => {
  const chain = (id: number, first: string) => {
    const begin = id * 1000;
    return travelled(
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
  const path = criticalPath([chain(1, 'lint'), chain(2, 'test'), chain(3, 'test')], new Map());
  expect(path.jobs.find((job) => job.job === 'deploy')?.after).toBe('test');
});

test('jobs of one name in two workflows are two', () => {
  const of = (id: number, workflow: string) =>
    travelled(
      pipeline(run(id, id * 1000, [job('deploy', id * 1000, id * 1000 + 60, { id })], { workflow })),
      id * 1000,
      id * 1000 + 60,
    );
  expect(criticalPath([of(1, 'a'), of(2, 'b')], new Map()).jobs.map((job) => job.workflow)).toEqual([
    'a',
    'b',
  ]);
});

describe('of several jobs of one name', () => {
  test('in two runs, each is seen in its own', () => {
    const upstream = run(5, 0, [job('deploy', 0, 100, { id: 50 })], { workflow: 'build' });
    const of = pipeline(run(6, 105, [job('deploy', 105, 165, { id: 60 })]), { upstream: [upstream] });
    expect(criticalPath([travelled(of, 0, 165)], new Map()).jobs.map((job) => job.seen[0]?.run)).toEqual([
      5, 6,
    ]);
  });

  test('in one run, the one that ended last; another name beside it is another job', () => {
    const of = pipeline(
      run(6, 0, [
        job('lint', 0, 900, { id: 1 }),
        job('test', 0, 40, { id: 2, steps: [['first try', 40]] }),
        job('test', 50, 100, { id: 3, steps: [['second try', 50]] }),
        job('deploy', 100, 160, { id: 4, created: 100 }),
      ]),
    );
    const path = criticalPath([travelled(of, 45, 160)], new Map());
    expect(path.jobs.map((job) => job.job)).toEqual(['test', 'deploy']);
    expect(path.steps.map((step) => step.step)).toEqual(['second try']);
  });
});

test('a deploy that this very run is still in is on the path', () => {
  const of = pipeline(run(6, 0, [job('test', 0, 100, { id: 1 }), job('deploy', 100, null, { id: 2 })]));
  const path = criticalPath([travelled(of, 0, 160)], new Map());
  expect(path.jobs.map((job) => [job.job, job.medianSeconds, job.isDeploy])).toEqual([
    ['test', 100, false],
    ['deploy', 60, true],
  ]);
});
