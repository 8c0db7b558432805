import { describe, expect, test } from '@jest/globals';
import { story } from '../../src/fake-github/story.ts';
import { recordRun, type RunJobOptions, type RunOptions } from '../support/actions.ts';
import { ask, changeOf, type StepAnswer } from '../support/ask.ts';
import { workflowFile } from '../support/pipeline-team.ts';

/** Shapes of pipelines, drawn in docs/stages.md, with the stages that their times must have. Times are seconds after 10:00. */

const DAY = '2026-03-09T10:00:00Z';
const at = (seconds: number, day = 0) =>
  new Date(Date.parse(DAY) + (day * 86_400 + seconds) * 1000).toISOString().replace('.000Z', 'Z');

type JobShape = [name: string, from: number, to: number, more?: { created?: number; deploys?: boolean }];

interface RunShape {
  merged: number;
  jobs: JobShape[];
  /** Defaults to the merge. */
  created?: number;
  more?: Partial<RunOptions>;
}

interface Shape {
  files?: Record<string, string>;
  runs: RunShape[];
  inputs?: Record<string, string>;
  record?: (team: ReturnType<typeof story>) => void;
}

/** Measures a day on which changes 1, 2, … were merged and deployed by these runs. */
async function measured({ files = {}, runs, inputs = {}, record }: Shape): Promise<StepAnswer> {
  const team = story();
  team.deploy(team.tip(), '2026-03-01T09:10:00Z');
  runs.forEach(({ merged, jobs, created = merged, more }, i) => {
    const sha = team.merge(i + 1, at(merged));
    recordRun(team, sha, {
      id: 7000 + i,
      createdAt: at(created),
      jobs: jobs.map(
        ([name, from, to, { created: ready, deploys = name.startsWith('deploy') } = {}]): RunJobOptions => ({
          name,
          from: at(from),
          to: at(to),
          deploys,
          ...(ready === undefined ? {} : { createdAt: at(ready) }),
        }),
      ),
      ...more,
    });
  });
  record?.(team);
  team.world.files = Object.fromEntries(
    Object.entries(files).map(([name, text]) => [
      name.includes('/') ? name : `.github/workflows/${name}`,
      text,
    ]),
  );
  return ask(team.world, {
    now: '2026-03-16T00:00:00Z',
    inputs: { window: '7d', mode: 'scheduled', stages: 'full', ...inputs },
  });
}

/** The segments of a change: stage, seconds, and the job or the cause. They add up to its lead time. */
function segmentsOf(answer: StepAnswer, number: number): string[] {
  const change = answer.report.stages?.mergesets.find(({ mergeset }) => mergeset === number);
  const segments = change?.segments ?? [];
  expect(segments.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(
    changeOf(answer, number)?.leadTimeSeconds,
  );
  return segments.map(({ stage, seconds, name, cause }) =>
    [stage, `${seconds}`, ...(name ? [name] : []), ...(cause ? [`[${cause}]`] : [])].join(' '),
  );
}

const rulesOf = ({ report }: StepAnswer) => report.suspects.map(({ rule }) => rule);
const steps = [{ run: './run.sh' }];
const expression = (text: string) => `$\{{ ${text} }}`;

describe('a deploy job with its own concurrency group', () => {
  const file = (concurrency: unknown = { group: 'production', 'cancel-in-progress': false }) => ({
    'deploy.yml': workflowFile({
      test: { steps },
      deploy: { needs: 'test', environment: 'production', concurrency, steps },
    }),
  });
  /** Change 2 is ready to deploy at 160, while change 1 deploys until 700. */
  const runs = (created?: number): RunShape[] => [
    {
      merged: 0,
      jobs: [
        ['test', 10, 100],
        ['deploy', 105, 700],
      ],
    },
    {
      merged: 60,
      jobs: [
        ['test', 70, 160],
        ['deploy', 710, 900, created === undefined ? {} : { created }],
      ],
    },
  ];
  const expected = [
    'runner 10',
    'checks 90 test',
    'behind 540 [production]',
    'runner 10 [production]',
    'deploy 190 deploy',
  ];

  test('waits behind another deployment, however GitHub dates it', async () => {
    for (const created of [undefined, 160, 700])
      expect(segmentsOf(await measured({ files: file(), runs: runs(created) }), 2)).toEqual(expected);
  });

  test('waits behind two others if several are pending', async () => {
    const third: RunShape = {
      merged: 120,
      jobs: [
        ['test', 130, 220],
        ['deploy', 905, 1000],
      ],
    };
    const queued = { group: 'production', queue: 'max' };
    const answer = await measured({ files: file(queued), runs: [...runs(), third] });
    expect(segmentsOf(answer, 3)).toEqual([
      'runner 10',
      'checks 90 test',
      'behind 480 [production]',
      'runner 10 [production]',
      'behind 190 [production]',
      'runner 5 [production]',
      'deploy 95 deploy',
    ]);
  });

  test('waits for a runner after it cancelled the one in progress', async () => {
    const cancelled: RunShape = {
      merged: 0,
      jobs: [
        ['test', 10, 100],
        ['deploy', 105, 170],
      ],
      more: { conclusion: 'cancelled' },
    };
    const next: RunShape = {
      merged: 60,
      jobs: [
        ['test', 70, 160],
        ['deploy', 250, 400],
      ],
    };
    const answer = await measured({
      files: file({ group: 'production', 'cancel-in-progress': true }),
      runs: [cancelled, next],
    });
    expect(segmentsOf(answer, 2)).toEqual([
      'runner 10',
      'checks 90 test',
      'behind 10 [production]',
      'runner 80',
      'deploy 150 deploy',
    ]);
  });

  test('in the workflow that it calls waits like any other', async () => {
    const called = (group: object) => ({
      'deploy.yml': workflowFile({
        test: { steps },
        deploy: { needs: 'test', uses: './.github/workflows/ship.yml', with: { to: 'production' } },
      }),
      'ship.yml': JSON.stringify({
        on: { workflow_call: { inputs: { to: { type: 'string' } } } },
        ...('concurrency' in group ? group : {}),
        jobs: {
          push: {
            environment: expression('inputs.to'),
            steps,
            ...('job' in group ? (group.job as object) : {}),
          },
        },
      }),
    });
    const group = `deploy-${expression('inputs.to')}`;
    for (const where of [{ job: { concurrency: group } }, { concurrency: { group } }]) {
      const names = runs().map((run) => ({
        ...run,
        jobs: run.jobs.map(
          ([name, ...rest]): JobShape => [name === 'deploy' ? 'deploy / push' : name, ...rest],
        ),
      }));
      expect(segmentsOf(await measured({ files: called(where), runs: names }), 2)).toEqual([
        'runner 10',
        'checks 90 test',
        'behind 540 [deploy-production]',
        'runner 10 [deploy-production]',
        'deploy 190 deploy / push',
      ]);
    }
  });

  test('that a job without a deployment holds waits behind it, too', async () => {
    const files = {
      'deploy.yml': workflowFile({
        migrate: { concurrency: 'production', steps },
        deploy: { needs: 'migrate', environment: 'production', concurrency: 'production', steps },
      }),
    };
    const answer = await measured({
      files,
      runs: [
        {
          merged: 0,
          jobs: [
            ['migrate', 10, 300],
            ['deploy', 310, 400],
          ],
        },
        {
          merged: 60,
          jobs: [
            ['migrate', 405, 450],
            ['deploy', 455, 600],
          ],
        },
      ],
    });
    expect(segmentsOf(answer, 2)).toEqual([
      'behind 240 [production]',
      'runner 10 [production]',
      'behind 90 [production]',
      'runner 5 [production]',
      'checks 45 migrate',
      'runner 5 [production]',
      'deploy 145 deploy',
    ]);
  });

  test('that a re-run waited for is behind, after the earlier attempt', async () => {
    const [first] = runs();
    const again: RunShape = {
      merged: 60,
      jobs: [
        ['test', 170, 260],
        ['deploy', 710, 900],
      ],
      more: { attempt: 2, startedAt: at(160) },
    };
    expect(segmentsOf(await measured({ files: file(), runs: [first as RunShape, again] }), 2)).toEqual([
      're-runs 100',
      'runner 10',
      'checks 90 test',
      'behind 440 [production]',
      'runner 10 [production]',
      'deploy 190 deploy',
    ]);
  });

  test('is a suspect that names the group, and never lacks runners', async () => {
    const many = Array.from({ length: 12 }, (_, i): RunShape => {
      const from = i * 600;
      return {
        merged: i * 60,
        jobs: [
          ['test', i * 60 + 5, i * 60 + 50],
          ['deploy', from + 60, from + 655],
        ],
      };
    });
    const answer = await measured({ files: file(), runs: many });
    expect(rulesOf(answer)).toContain('queued-behind');
    expect(rulesOf(answer)).not.toContain('runner-starvation');
    expect(answer.report.suspects[0]).toMatchObject({
      rule: 'queued-behind',
      where: 'waiting for another deployment (group production)',
    });
  });

  test('gets no advice about runners, even if nothing that was read covers the wait', async () => {
    const apart = Array.from({ length: 6 }, (_, i): RunShape => {
      const from = i * 3000;
      const jobs: JobShape[] = [
        ['test', from + 5, from + 50],
        ['deploy', from + 500, from + 600],
      ];
      return { merged: from, jobs };
    });
    const answer = await measured({ files: file(), runs: apart });
    expect(segmentsOf(answer, 3)).toEqual([
      'runner 5',
      'checks 45 test',
      'runner 450 [production]',
      'deploy 100 deploy',
    ]);
    expect(rulesOf(answer)).not.toContain('runner-starvation');
    const free = { 'deploy.yml': workflowFile({ test: { steps }, deploy: { needs: 'test', steps } }) };
    expect(rulesOf(await measured({ files: free, runs: apart }))).toContain('runner-starvation');
  });

  test('waits for a runner if no group holds it', async () => {
    const files = { 'deploy.yml': workflowFile({ test: { steps }, deploy: { needs: 'test', steps } }) };
    expect(segmentsOf(await measured({ files, runs: runs() }), 2)).toEqual([
      'runner 10',
      'checks 90 test',
      'runner 550',
      'deploy 190 deploy',
    ]);
  });
});

test('A workflow with a concurrency group waits before its first job', async () => {
  const files = {
    'deploy.yml': JSON.stringify({
      on: 'push',
      concurrency: `release-${expression('github.ref')}`,
      jobs: { deploy: { environment: 'production', steps } },
    }),
  };
  const answer = await measured({
    files,
    runs: [
      { merged: 0, jobs: [['deploy', 5, 400]] },
      { merged: 60, jobs: [['deploy', 410, 600]] },
    ],
  });
  expect(segmentsOf(answer, 2)).toEqual([
    `behind 340 [release-${expression('github.ref')}]`,
    `runner 10 [release-${expression('github.ref')}]`,
    'deploy 190 deploy',
  ]);
});

describe('a matrix with "max-parallel: 1"', () => {
  const matrix = (matrix: unknown, more: object = {}) => ({
    'deploy.yml': workflowFile({
      test: { steps },
      deploy: {
        needs: 'test',
        strategy: { 'max-parallel': 1, matrix },
        environment: expression('matrix.to'),
        steps,
        ...more,
      },
    }),
  });
  const jobs = (created?: number): JobShape[] => [
    ['test', 10, 100],
    ['deploy (staging)', 105, 396, { deploys: false }],
    ['deploy (production)', 400, 500, created === undefined ? {} : { created }],
  ];
  const expected = [
    'runner 10',
    'checks 90 test',
    'runner 5',
    'serial 291 deploy (staging) [max-parallel: 1]',
    'runner 4',
    'deploy 100 deploy (production)',
  ];

  test('runs production after staging, however GitHub dates it', async () => {
    for (const created of [undefined, 100, 396])
      for (const legs of [
        { to: ['staging', 'production'] },
        { include: [{ to: 'staging' }, { to: 'production' }] },
        expression('fromJSON(vars.LEGS)'),
      ])
        expect(
          segmentsOf(await measured({ files: matrix(legs), runs: [{ merged: 0, jobs: jobs(created) }] }), 1),
        ).toEqual(expected);
  });

  test('never lacks runners', async () => {
    const runs = Array.from({ length: 6 }, (_, i): RunShape => {
      const later = jobs().map(
        ([name, from, to, more]): JobShape => [name, from + i * 900, to + i * 900, more ?? {}],
      );
      return { merged: i * 900, jobs: later };
    });
    const files = matrix({ to: ['staging', 'production'] });
    expect(rulesOf(await measured({ files, runs }))).not.toContain('runner-starvation');
  });

  test('runs the calls of a workflow one after the other', async () => {
    const files = {
      ...matrix(
        { to: ['staging', 'production'] },
        { uses: './.github/workflows/ship.yml', environment: undefined, steps: undefined },
      ),
      'ship.yml': workflowFile({
        build: { steps },
        push: { needs: 'build', environment: 'production', steps },
      }),
    };
    const answer = await measured({
      files,
      runs: [
        {
          merged: 0,
          jobs: [
            ['test', 10, 100],
            ['deploy (staging) / build', 105, 200, { deploys: false }],
            ['deploy (staging) / push', 205, 396, { deploys: false }],
            ['deploy (production) / build', 400, 450, { deploys: false }],
            ['deploy (production) / push', 455, 500],
          ],
        },
      ],
    });
    expect(segmentsOf(answer, 1)).toEqual([
      'runner 10',
      'checks 90 test',
      'runner 5',
      'checks 95 deploy (staging) / build',
      'runner 5',
      'serial 191 deploy (staging) / push [max-parallel: 1]',
      'runner 4',
      'checks 50 deploy (production) / build',
      'runner 5',
      'deploy 45 deploy (production) / push',
    ]);
  });

  test('with room for all does not hold a job', async () => {
    const files = matrix(
      { to: ['staging', 'production'] },
      { strategy: { 'max-parallel': 2, matrix: { to: ['staging', 'production'] } } },
    );
    const answer = await measured({ files, runs: [{ merged: 0, jobs: jobs() }] });
    expect(segmentsOf(answer, 1)).toEqual([
      'runner 10',
      'checks 90 test',
      'runner 300',
      'deploy 100 deploy (production)',
    ]);
  });
});

describe('two jobs whose names fit one another', () => {
  const upgrade = (needs: string[], matrix: unknown) => ({
    name: `upgrade-${expression('matrix.to')}`,
    needs,
    strategy: { matrix },
    steps,
  });
  const jobs: JobShape[] = [
    ['test', 10, 100],
    ['upgrade-staging', 105, 535, { deploys: false }],
    ['upgrade-production', 110, 300, { deploys: true }],
  ];

  test('are told apart by the values of their matrices', async () => {
    const files = {
      'deploy.yml': workflowFile({
        test: { steps },
        staging: upgrade(['test'], { to: ['staging'] }),
        production: upgrade(['staging'], { to: ['production'] }),
      }),
    };
    const inOrder: JobShape[] = [...jobs.slice(0, 2), ['upgrade-production', 540, 700, { deploys: true }]];
    const answer = await measured({ files, runs: [{ merged: 0, jobs: inOrder }] });
    expect(segmentsOf(answer, 1)).toEqual([
      'runner 10',
      'checks 90 test',
      'runner 5',
      'checks 430 upgrade-staging',
      'runner 5',
      'deploy 160 upgrade-production',
    ]);
    const beside = {
      ...files,
      'deploy.yml': files['deploy.yml'].replace('"needs":["staging"]', '"needs":["test"]'),
    };
    expect(segmentsOf(await measured({ files: beside, runs: [{ merged: 0, jobs }] }), 1)).toEqual([
      'runner 10',
      'checks 90 test',
      'runner 10',
      'deploy 190 upgrade-production',
    ]);
  });

  const twoCallers = (second: string) => ({
    'deploy.yml': workflowFile({
      test: { steps },
      scan: { steps },
      first: { name: 'Production Deploy', needs: 'test', uses: './.github/workflows/one.yml' },
      second: { name: 'Production Deploy', needs: 'scan', uses: `./.github/workflows/${second}` },
    }),
    'one.yml': workflowFile({ push: { environment: 'production', steps } }),
    'two.yml': workflowFile({ deploy: { environment: 'production', steps } }),
  });
  const called = (job: string): RunShape => ({
    merged: 0,
    jobs: [
      ['test', 10, 95],
      ['scan', 10, 98],
      [`Production Deploy / ${job}`, 100, 300, { deploys: true }],
    ],
  });

  test('are told apart by the files of their callers', async () => {
    const path = (job: string) =>
      measured({ files: twoCallers('two.yml'), runs: [called(job)] }).then((answer) => segmentsOf(answer, 1));
    expect(await path('push')).toEqual([
      'runner 10',
      'checks 85 test',
      'runner 5',
      'deploy 200 Production Deploy / push',
    ]);
    expect(await path('deploy')).toEqual([
      'runner 10',
      'checks 88 scan',
      'runner 2',
      'deploy 200 Production Deploy / deploy',
    ]);
  });

  test('are said to be ambiguous if nothing tells them apart, and get no advice', async () => {
    const runs = Array.from({ length: 6 }, (_, i): RunShape => {
      const { jobs } = called('push');
      const moved = jobs.map(
        ([name, from, to, more]): JobShape => [name, from + i * 900, to + i * 900, more ?? {}],
      );
      return { merged: i * 900, jobs: moved, more: {} };
    });
    const { report } = await measured({ files: twoCallers('one.yml'), runs });
    expect(report.suspects.filter(({ where }) => where.startsWith('Production Deploy'))).toEqual([]);
    const said = report.remarks.filter(({ what }) => what.includes('fits several jobs'));
    expect(said).toEqual([
      {
        what: 'The job name "Production Deploy / push" fits several jobs in the workflow files (first / push and second / push).',
        consequence: expect.stringContaining('Give these jobs different names.'),
      },
    ]);
  });
});

describe('A job after the deployment that uses its environment', () => {
  const files = {
    'deploy.yml': workflowFile({
      build: { steps },
      deploy: { needs: 'build', environment: 'production', steps },
      e2e: { needs: 'deploy', environment: 'production', steps: [{ run: 'npx playwright test' }] },
    }),
  };
  const runs = Array.from({ length: 6 }, (_, i): RunShape => {
    const from = i * 2000;
    return {
      merged: from,
      jobs: [
        ['build', from + 10, from + 100],
        ['deploy', from + 105, from + 200],
        ['e2e', from + 205, from + 605, { deploys: true }],
      ],
    };
  });

  test('stands after it, and is said once with "deploy-job"', async () => {
    const answer = await measured({ files, runs });
    expect(segmentsOf(answer, 1)).toEqual([
      'runner 10',
      'checks 90 build',
      'runner 5',
      'deploy 95 deploy',
      'runner 5',
      'after-deploy 400 e2e',
    ]);
    expect(answer.report.suspects.filter(({ where }) => where.startsWith('e2e'))).toEqual([]);
    const said = answer.report.remarks.filter(({ consequence }) =>
      consequence.includes('"deploy-job: deploy"'),
    );
    expect(said).toHaveLength(1);
    expect(said[0]?.what).toMatch(/^Jobs after the deployment also use the environment production \(e2e\)/);
  });

  test('does not count with "deploy-job"', async () => {
    const answer = await measured({ files, runs, inputs: { 'deploy-job': 'deploy' } });
    expect(segmentsOf(answer, 1)).toEqual(['runner 10', 'checks 90 build', 'runner 5', 'deploy 95 deploy']);
    expect(answer.report.remarks.map(({ what }) => what)).not.toContainEqual(expect.stringContaining('e2e'));
  });

  test('is a part of the deployment if it deploys itself', async () => {
    const regions = runs.map((run) => ({
      ...run,
      jobs: run.jobs.map(([name, ...rest]): JobShape => [name === 'e2e' ? 'deploy-us' : name, ...rest]),
    }));
    const answer = await measured({ runs: regions });
    expect(segmentsOf(answer, 1)).toEqual([
      'runner 10',
      'checks 90 build',
      'runner 5',
      'deploy 95 deploy',
      'runner 5',
      'deploy 400 deploy-us',
    ]);
    expect(answer.report.remarks).toEqual([]);
  });
});

describe('a deployment by an external tool', () => {
  const external = (jobs: JobShape[], more: Partial<RunOptions> = {}) =>
    measured({
      runs: [{ merged: 0, jobs, created: 10, more: { workflow: 'ci.yml', ...more } }],
      record: (team) => team.deploy(team.tip(), at(500), { takes: 100, creator: 'argo' }),
    });

  test('has the checks of its commit as a stage', async () => {
    const answer = await external([
      ['build', 15, 150],
      ['test', 155, 300],
    ]);
    expect(segmentsOf(answer, 1)).toEqual([
      'starting 10',
      'runner 5',
      'checks 135 build',
      'runner 5',
      'checks 145 test',
      'before-deployment 200',
      'deploying 100',
    ]);
  });

  test('has no checks that had not ended, had failed or ran for another reason', async () => {
    const coarse = ['before-deployment 500', 'deploying 100'];
    expect(segmentsOf(await external([['test', 15, 501]]), 1)).toEqual(coarse);
    expect(segmentsOf(await external([['test', 15, 300]], { event: 'schedule' }), 1)).toEqual(coarse);
  });

  test('takes one request for all of them, and none with "stages: none"', async () => {
    const requests = async (stages: string) =>
      (
        await measured({
          runs: [],
          inputs: { stages },
          record: (team) => {
            for (let i = 0; i < 20; i++) team.deploy(team.merge(i + 1, at(i * 900)), at(i * 900 + 300));
          },
        })
      ).requests.length;
    expect((await requests('full')) - (await requests('none'))).toBe(1);
  });
});

describe('a pipeline that waits for the clock', () => {
  test('waits for the schedule if one started it', async () => {
    const answer = await measured({
      runs: [
        {
          merged: 0,
          created: 1800,
          jobs: [
            ['test', 1810, 1900],
            ['deploy', 1905, 2000],
          ],
          more: { event: 'schedule' },
        },
      ],
    });
    expect(segmentsOf(answer, 1)).toEqual([
      'schedule 1800',
      'runner 10',
      'checks 90 test',
      'runner 5',
      'deploy 95 deploy',
    ]);
  });

  const held = async (holds: number[], approvedBy?: string) => {
    const team = story();
    team.deploy(team.tip(), '2026-03-01T09:10:00Z');
    holds.forEach((hold, i) => {
      team.ship(team.merge(i + 1, at(0, i)), at(0, i), {
        jobs: [
          { name: 'test', takes: 90 },
          { name: 'deploy', takes: 100 },
        ],
        hold,
        ...(approvedBy ? { approvedBy } : {}),
      });
    });
    return ask(team.world, { now: '2026-03-16T00:00:00Z', inputs: { window: '7d', stages: 'full' } });
  };
  const stagesOf = (answer: StepAnswer) => segmentsOf(answer, 1);

  test('waits for a timer if nobody approved it and it always takes the same minutes', async () => {
    expect(stagesOf(await held([605, 603, 610]))).toEqual([
      'starting 5',
      'checks 90 test',
      'wait-timer 605',
      'deploy 100 deploy',
    ]);
    expect(stagesOf(await held([302]))).toContain('wait-timer 302');
  });

  test('waits for an approval if somebody gave one, or times differ', async () => {
    expect(stagesOf(await held([605, 603, 610], 'ben'))).toContain('approval 605');
    expect(stagesOf(await held([605, 903, 1210]))).toContain('approval 605');
    expect(stagesOf(await held([350]))).toContain('approval 350');
  });
});

describe('composite actions and called workflows of the same repository', () => {
  const jobs: JobShape[] = [
    ['build', 10, 210],
    ['test', 215, 415],
    ['deploy', 420, 500],
  ];
  const runs = Array.from({ length: 6 }, (_, i): RunShape => {
    const later = jobs.map(([name, from, to]): JobShape => [name, from + i * 2000, to + i * 2000]);
    return { merged: i * 2000, jobs: later };
  });
  const action = (...inner: object[]) => JSON.stringify({ runs: { using: 'composite', steps: inner } });
  const CHECK = '.github/actions/check/action.yml';
  const team = (uses: string, more: Record<string, string> = {}) =>
    measured({
      files: {
        'deploy.yml': workflowFile({
          build: { steps: [{ run: 'make' }] },
          test: { needs: 'build', steps: [{ uses }] },
          deploy: { needs: 'test', environment: 'production', steps },
        }),
        ...more,
      },
      runs,
    });
  const sequences = (answer: StepAnswer) => rulesOf(answer).filter((rule) => rule === 'needless-sequence');
  const local = './.github/actions/check';

  test('are opened, so that what they need from others is known', async () => {
    const nested = action({ uses: 'actions/download-artifact@v4' });
    expect(sequences(await team(local, { [CHECK]: action({ run: 'make test' }) }))).toHaveLength(1);
    for (const inner of [action({ uses: 'actions/download-artifact@v4' }), action({ uses: './nested' })])
      expect(sequences(await team(local, { [CHECK]: inner, 'nested/action.yaml': nested }))).toEqual([]);
  });

  test('stay opaque if they are not composite or cannot be read', async () => {
    expect(sequences(await team(local))).toEqual([]);
    expect(sequences(await team(local, { [CHECK]: JSON.stringify({ runs: { using: 'node24' } }) }))).toEqual(
      [],
    );
  });

  test('take one request for all that the files use, and none without any', async () => {
    const requests = async (...question: Parameters<typeof team>) =>
      (await team(...question)).requests.length;
    const none = await requests('actions/checkout@v5');
    const files = {
      [CHECK]: action({ run: 'make test' }),
      '.github/workflows/ship.yml': workflowFile({ a: { steps } }),
    };
    expect((await requests(local, files)) - none).toBe(1);
    const calling = workflowFile({
      build: { uses: './.github/workflows/ship.yml' },
      test: { needs: 'build', steps: [{ uses: local }] },
      deploy: { needs: 'test', environment: 'production', steps },
    });
    expect((await requests(local, { ...files, 'deploy.yml': calling })) - none).toBe(1);
    expect((await requests(local, { ...files, [CHECK]: action({ uses: './nested' }) })) - none).toBe(2);
  });
});
