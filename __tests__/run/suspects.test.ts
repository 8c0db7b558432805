import { describe, expect, test } from '@jest/globals';
import { RULES } from '../../src/diagnose/suspects.ts';
import { type PipelineTeamOptions, pipelineTeam, workflowFile } from '../support/pipeline-team.ts';

/** For each suspect, a team that has it and one that only looks like it. */

interface Case {
  caught: PipelineTeamOptions;
  where: string;
  medianSeconds: number;
  saving: { low: number; high: number };
  nearMiss: [why: string, team: PipelineTeamOptions];
}

const deploy = { name: 'deploy', takes: 60 };
const build = (steps: [string, number][]) => ({ jobs: [{ name: 'build', steps }, deploy] });
const file = (steps: object[]) =>
  workflowFile({
    build: { 'runs-on': 'ubuntu-latest', steps },
    deploy: { needs: 'build', environment: 'production', steps: [{ run: './deploy.sh' }] },
  });
const run = (script: string, name?: string) => ({ ...(name ? { name } : {}), run: script });

const CASES: Record<string, Case> = {
  'install-without-cache': {
    caught: {
      ship: build([
        ['Run npm ci', 100],
        ['Run npm test', 20],
      ]),
      file: file([run('npm ci'), run('npm test')]),
    },
    where: 'build / Run npm ci',
    medianSeconds: 100,
    saving: { low: 40, high: 80 },
    nearMiss: [
      'the setup action keeps a cache',
      {
        ship: build([['Run npm ci', 100]]),
        file: file([{ uses: 'actions/setup-node@v4', with: { cache: 'npm' } }, run('npm ci')]),
      },
    ],
  },
  'full-history': {
    caught: {
      ship: build([['Run actions/checkout@v5', 90]]),
      file: file([{ uses: 'actions/checkout@v5', with: { 'fetch-depth': 0 } }]),
    },
    where: 'build / Run actions/checkout@v5',
    medianSeconds: 90,
    saving: { low: 54, high: 81 },
    nearMiss: [
      'the checkout is slow but fetches only one commit',
      { ship: build([['Run actions/checkout@v5', 90]]), file: file([{ uses: 'actions/checkout@v5' }]) },
    ],
  },
  'full-history-with-files': {
    caught: {
      ship: build([['Run actions/checkout@v5', 90]]),
      file: file([
        { uses: 'actions/checkout@v5', with: { 'fetch-depth': 0 } },
        run('npx semantic-release', 'Release'),
      ]),
    },
    where: 'build / Run actions/checkout@v5',
    medianSeconds: 90,
    saving: { low: 36, high: 72 },
    nearMiss: [
      'the checkout leaves out old files',
      {
        ship: build([['Run actions/checkout@v5', 90]]),
        file: file([
          { uses: 'actions/checkout@v5', with: { 'fetch-depth': 0, filter: 'blob:none' } },
          run('npx semantic-release', 'Release'),
        ]),
      },
    ],
  },
  'image-without-layer-cache': {
    caught: {
      ship: build([['Build the image', 200]]),
      file: file([run('docker build -t app .', 'Build the image')]),
    },
    where: 'build / Build the image',
    medianSeconds: 200,
    saving: { low: 60, high: 140 },
    nearMiss: [
      'it has a layer cache',
      {
        ship: build([['Build the image', 200]]),
        file: file([run('docker build --cache-from app -t app .', 'Build the image')]),
      },
    ],
  },
  'provisioned-in-path': {
    caught: {
      ship: build([['Infrastructure', 120]]),
      file: file([run('terraform apply -auto-approve', 'Infrastructure')]),
    },
    where: 'build / Infrastructure',
    medianSeconds: 120,
    saving: { low: 60, high: 120 },
    nearMiss: [
      'it only plans',
      { ship: build([['Infrastructure', 120]]), file: file([run('terraform plan', 'Infrastructure')]) },
    ],
  },
  'environment-hop': {
    caught: {
      ship: { jobs: [{ name: 'staging', takes: 300 }, deploy] },
      file: workflowFile({
        staging: { environment: 'staging', steps: [] },
        deploy: { needs: 'staging', environment: 'production', steps: [] },
      }),
    },
    where: 'staging',
    medianSeconds: 300,
    saving: { low: 210, high: 300 },
    nearMiss: [
      'a job only has the name of an environment',
      {
        ship: { jobs: [{ name: 'staging', takes: 300 }, deploy] },
        file: workflowFile({
          staging: { steps: [] },
          deploy: { needs: 'staging', environment: 'production', steps: [] },
        }),
      },
    ],
  },
  'runner-starvation': {
    caught: { ship: { jobs: [{ name: 'build', queue: 240, takes: 100 }, deploy] } },
    where: 'waiting for a runner',
    medianSeconds: 240,
    saving: { low: 120, high: 216 },
    nearMiss: [
      'the wait takes only seconds',
      { ship: { jobs: [{ name: 'build', queue: 8, takes: 100 }, deploy] } },
    ],
  },
  'needless-sequence': {
    caught: {
      ship: { jobs: [{ name: 'lint', takes: 90 }, { name: 'unit', takes: 120 }, deploy] },
      file: workflowFile({
        lint: { steps: [] },
        unit: { needs: 'lint', steps: [run('true')] },
        deploy: { needs: 'unit', environment: 'production', steps: [] },
      }),
    },
    where: 'unit',
    medianSeconds: 120,
    saving: { low: 54, high: 90 },
    nearMiss: [
      'the later job uses an artifact of the earlier one',
      {
        ship: { jobs: [{ name: 'lint', takes: 90 }, { name: 'unit', takes: 120 }, deploy] },
        file: workflowFile({
          lint: { steps: [] },
          unit: { needs: 'lint', steps: [{ uses: 'actions/download-artifact@v4' }] },
          deploy: { needs: 'unit', environment: 'production', steps: [] },
        }),
      },
    ],
  },
  'one-long-test-job': {
    caught: { ship: build([['Run npm test', 900]]), file: file([run('npm test')]) },
    where: 'build',
    medianSeconds: 900,
    saving: { low: 360, high: 630 },
    nearMiss: [
      'it is sharded',
      { ship: build([['Run npm test -- --shard=1/4', 900]]), file: file([run('npm test -- --shard=1/4')]) },
    ],
  },
  'toolchain-from-scratch': {
    caught: {
      ship: build([['Tools', 120]]),
      file: file([run('sudo apt-get install -y build-essential', 'Tools')]),
    },
    where: 'build / Tools',
    medianSeconds: 120,
    saving: { low: 60, high: 108 },
    nearMiss: [
      'the step is too short to matter',
      {
        ship: build([
          ['Tools', 12],
          ['Work', 600],
        ]),
        file: file([run('sudo apt-get install -y jq', 'Tools'), run('./work', 'Work')]),
      },
    ],
  },
  'built-twice': {
    caught: {
      ship: {
        jobs: [
          { name: 'build', steps: [['Run npm run build', 150]] },
          {
            name: 'deploy',
            steps: [
              ['Run npm run build', 140],
              ['Run ./deploy.sh', 20],
            ],
          },
        ],
      },
      file: workflowFile({
        build: { steps: [run('npm run build')] },
        deploy: {
          needs: 'build',
          environment: 'production',
          steps: [run('npm run build'), run('./deploy.sh')],
        },
      }),
    },
    where: 'deploy / Run npm run build',
    medianSeconds: 140,
    saving: { low: 112, high: 140 },
    nearMiss: [
      'something else is built',
      {
        ship: {
          jobs: [
            { name: 'build', steps: [['Run npm run build', 150]] },
            { name: 'deploy', steps: [['Run make', 140]] },
          ],
        },
        file: workflowFile({
          build: { steps: [run('npm run build')] },
          deploy: { needs: 'build', environment: 'production', steps: [run('make')] },
        }),
      },
    ],
  },
  'analysis-in-path': {
    caught: {
      ship: build([['Browser tests', 400]]),
      file: file([run('npx playwright test', 'Browser tests')]),
    },
    where: 'build / Browser tests',
    medianSeconds: 400,
    saving: { low: 280, high: 400 },
    nearMiss: ['the workflow file is unknown', { ship: build([['Browser e2e', 400]]) }],
  },
  'fixed-wait': {
    caught: { ship: build([['Settle', 95]]), file: file([run('sleep 90', 'Settle')]) },
    where: 'build / Settle',
    medianSeconds: 95,
    saving: { low: 67, high: 95 },
    nearMiss: [
      'a sleep is not what takes the time',
      {
        ship: build([['Settle', 60]]),
        file: file([run('for i in 1 2 3; do curl -f localhost && break; sleep 100; done', 'Settle')]),
      },
    ],
  },
  're-runs': {
    caught: { ship: { failedFor: 600 } },
    where: 'earlier attempts',
    medianSeconds: 600,
    saving: { low: 480, high: 600 },
    nearMiss: [
      'it happened once',
      {
        ship: {},
        record: (team) =>
          void team.ship(team.merge(90, '2026-03-09T06:00:00Z'), '2026-03-09T06:00:00Z', {
            jobs: [deploy],
            failedFor: 600,
          }),
      },
    ],
  },
  'queued-behind': {
    caught: { ship: { delay: 400 }, record: (team) => busy(team, 390) },
    where: 'waiting for another deployment',
    medianSeconds: 390,
    saving: { low: 156, high: 351 },
    nearMiss: ['the run starts late but no other deployment is running', { ship: { delay: 400 } }],
  },
  evicted: {
    caught: { ship: {}, changes: 0, record: (team) => evictions(team, 6, true) },
    where: 'the concurrency group',
    medianSeconds: 365,
    saving: { low: 0, high: 365 },
    nearMiss: [
      'somebody cancelled the runs',
      { ship: {}, changes: 0, record: (team) => evictions(team, 6, false) },
    ],
  },
  approval: {
    caught: { ship: { hold: 1200, approvedBy: 'ben' } },
    where: 'approval or other protection rule',
    medianSeconds: 1200,
    saving: { low: 1200, high: 1200 },
    nearMiss: ['nobody has to approve', { ship: {} }],
  },
  'by-the-calendar': {
    caught: { ship: { delay: 7200, event: 'workflow_dispatch' } },
    where: 'waiting for the workflow to start',
    medianSeconds: 7200,
    saving: { low: 6480, high: 7200 },
    nearMiss: ['a push starts the workflow late', { ship: { delay: 7200 } }],
  },
};

type Team = Parameters<NonNullable<PipelineTeamOptions['record']>>[0];

/** A redeploy that begins just after each day's merge and takes `seconds`. */
function busy(team: Team, seconds: number): void {
  for (let i = 0; i < 6; i++)
    team.deploy(team.tip(), team.later('2026-03-09T10:00:00Z', i * 86_400), {
      takes: seconds,
      creator: 'deploy-bot',
    });
}

/** Pairs of merges. The first merge's run is cancelled when the second merge's run starts, or hours later. */
function evictions(team: Team, count: number, byArrival: boolean): void {
  for (let i = 0; i < count; i++) {
    const first = team.later('2026-03-09T14:00:00Z', i * 86_400);
    const second = team.later(first, 300);
    const cancelled = team.merge(100 + i, first);
    team.world.runs?.push({
      id: 7000 + i,
      workflow: 'deploy.yml',
      sha: cancelled,
      branch: 'main',
      event: 'push',
      status: 'completed',
      conclusion: 'cancelled',
      createdAt: team.later(first, 5),
      updatedAt: byArrival ? team.later(second, 6) : team.later(second, 9000),
      actor: 'ada',
      jobs: [],
    });
    team.ship(team.merge(200 + i, second), second, { jobs: [deploy] });
  }
}

describe.each(RULES.map((rule) => [rule.id, rule.title] as const))('%s: %s', (id) => {
  const example = CASES[id];
  test('has an example', () => {
    expect(example).toBeDefined();
  });
  if (!example) return;

  test('is found, with its evidence', async () => {
    const { report } = await pipelineTeam(example.caught);
    const suspect = report.suspects.find((suspect) => suspect.rule === id);
    expect(suspect).toMatchObject({
      where: example.where,
      medianSeconds: example.medianSeconds,
      times: 6,
      saving: example.saving,
    });
    expect(suspect?.share).toBeGreaterThan(0.05);
    expect(suspect?.runs.length).toBeGreaterThan(0);
    for (const url of suspect?.runs ?? [])
      expect(url).toMatch(/^https:\/\/github\.com\/acme\/shop\/actions\/runs\/\d+/);
  });

  test(`is not found if ${example.nearMiss[0]}`, async () => {
    const { report } = await pipelineTeam(example.nearMiss[1]);
    expect(report.stages?.opened).toBeGreaterThanOrEqual(5);
    expect(report.suspects.filter((suspect) => suspect.rule === id)).toEqual([]);
  });
});

test('a step named "Wait" is a suspect without a workflow file if it always takes the same time', async () => {
  const fixed = await pipelineTeam({ ship: build([['Wait for the cache', 120]]) });
  expect(fixed.report.suspects).toContainEqual(
    expect.objectContaining({ rule: 'fixed-wait', where: 'build / Wait for the cache', medianSeconds: 120 }),
  );
  const varied = await pipelineTeam({
    ship: build([['Wait for the cache', 120]]),
    changes: 5,
    record: (team) =>
      void team.ship(
        team.merge(90, '2026-03-09T06:00:00Z'),
        '2026-03-09T06:00:00Z',
        build([['Wait for the cache', 31]]),
      ),
  });
  expect(varied.report.suspects.filter((suspect) => suspect.rule === 'fixed-wait')).toEqual([]);
});

test('four runs are too few for a suspect', async () => {
  const caught = CASES['install-without-cache']?.caught;
  if (!caught) throw new Error('no such case');
  const { report } = await pipelineTeam({ ...caught, changes: 4 });
  expect(report.suspects).toEqual([]);
});

test('a parallel job limits the saving', async () => {
  const { report } = await pipelineTeam({
    ship: {
      jobs: [
        { name: 'build', steps: [['Run npm ci', 100]] },
        { name: 'lint', takes: 70, parallel: true },
        deploy,
      ],
    },
    file: file([run('npm ci')]),
  });
  expect(report.suspects.find((suspect) => suspect.rule === 'install-without-cache')?.saving).toEqual({
    low: 30,
    high: 30,
  });
});
