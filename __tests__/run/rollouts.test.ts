import { describe, expect, test } from '@jest/globals';
import type { LoggedRequest } from '../../src/fake-github/loopback.ts';
import { recordRun } from '../support/actions.ts';
import { ask, changeOf, deploymentOf } from '../support/ask.ts';
import { at, begun, day } from '../support/day.ts';
import { asksFor } from '../support/requests.ts';

/** One rollout, several deployments: a test for each row of what counts. */

const remarks = (answer: Awaited<ReturnType<typeof ask>>) =>
  answer.report.remarks.map((remark) => remark.what).join('\n');

/** What a slow change is explained by is asked for apart. */
const notOfTheWorkflow = (request: LoggedRequest) => !asksFor(request, 'WorkflowFiles');

describe('several jobs of one run deploy one commit', () => {
  test('live when the last of them succeeds; its row lists its parts', async () => {
    const team = begun();
    const merged = team.merge(1, at('10:00:00'));
    recordRun(team, merged, {
      id: 51,
      jobs: [
        { name: 'deploy (eu)', from: at('10:02:00'), to: at('10:05:00') },
        { name: 'deploy (us)', from: at('10:02:00'), to: at('10:45:00') },
      ],
    });
    const answer = await ask(team.world, day);
    expect(changeOf(answer, 1)).toMatchObject({ deployment: 511, leadTimeSeconds: 2700 });
    expect(answer.report.deployments).toHaveLength(1);
    expect(deploymentOf(answer, 511)).toMatchObject({
      outcome: 'success',
      redeploy: false,
      parts: [
        { id: 510, outcome: 'success', succeededAt: '2026-03-02T10:05:00.000Z' },
        { id: 511, outcome: 'success', succeededAt: '2026-03-02T10:45:00.000Z' },
      ],
    });
    expect(answer.summary).toContainEqual(expect.objectContaining({ kind: 'table' }));
  });

  test('parts that surely are parts cost no request', async () => {
    const team = begun();
    const merged = team.merge(1, at('10:00:00'));
    recordRun(team, merged, {
      id: 51,
      jobs: [
        { name: 'deploy (eu)', from: at('10:02:00'), to: at('10:05:00') },
        { name: 'deploy (us)', from: at('10:02:00'), to: at('10:45:00') },
      ],
    });
    const { requests } = await ask(team.world, { ...day, inputs: { ...day.inputs, stages: 'none' } });
    expect(requests.filter(notOfTheWorkflow)).toHaveLength(1);
  });

  test('failed where one failed and was not tried again with success; the row names the part', async () => {
    const team = begun();
    const merged = team.merge(1, at('10:00:00'));
    recordRun(team, merged, {
      id: 51,
      jobs: [
        { name: 'deploy (eu)', from: at('10:02:00'), to: at('10:05:00') },
        { name: 'deploy (us)', from: at('10:02:00'), to: at('10:07:00'), conclusion: 'failure' },
      ],
    });
    const answer = await ask(team.world, day);
    expect(changeOf(answer, 1)).toMatchObject({ deployment: null, waitingSeconds: 36_000 });
    expect(deploymentOf(answer, 511)).toMatchObject({
      outcome: 'failure',
      parts: [{ outcome: 'success' }, { job: 'deploy (us)', outcome: 'failure' }],
    });
    expect(JSON.stringify(answer.summary)).toContain('failed in deploy (us), 1 of 2 parts');
    const stuck = answer.report.findings.find((finding) => finding.kind === 'stuck');
    expect(stuck?.message).toContain('deploy (us)');
  });

  test('a part that failed and was tried again with success counts from then', async () => {
    const team = begun();
    const merged = team.merge(1, at('10:00:00'));
    recordRun(team, merged, {
      id: 51,
      attempt: 2,
      jobs: [
        { name: 'deploy (eu)', from: at('10:02:00'), to: at('10:05:00') },
        { name: 'deploy (us)', from: at('10:02:00'), to: at('10:07:00'), conclusion: 'failure' },
        { name: 'deploy (us)', from: at('10:20:00'), to: at('10:25:00'), attempt: 2 },
      ],
    });
    const answer = await ask(team.world, day);
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 1500 });
    expect(answer.report.deployments).toHaveLength(1);
  });

  test('still running while one of them is', async () => {
    const team = begun();
    const merged = team.merge(1, at('10:00:00'));
    recordRun(team, merged, {
      id: 51,
      jobs: [
        { name: 'deploy (eu)', from: at('10:02:00'), to: at('10:05:00') },
        { name: 'deploy (us)', from: at('10:02:00'), to: null },
      ],
    });
    const answer = await ask(team.world, { ...day, now: at('10:20:00') });
    expect(changeOf(answer, 1)).toMatchObject({ deployment: null, waitingSeconds: 1200 });
    expect(deploymentOf(answer, 511)).toMatchObject({ outcome: 'running' });
  });
});

test('a build job that uses the environment only for its secrets: the deploy job decides when the rollout is live', async () => {
  const team = begun();
  const merged = team.merge(1, at('10:00:00'));
  recordRun(team, merged, {
    id: 51,
    jobs: [
      { name: 'build', from: at('10:00:10'), to: at('10:03:00') },
      { name: 'deploy', from: at('10:10:00'), to: at('10:35:00') },
    ],
  });
  const answer = await ask(team.world, day);
  expect(changeOf(answer, 1)).toMatchObject({ deployment: 511, leadTimeSeconds: 2100 });
  expect(answer.report.deployments).toHaveLength(1);
  expect(deploymentOf(answer, 511)).toMatchObject({
    redeploy: false,
    parts: [{ job: 'build' }, { job: 'deploy' }],
  });
});

test('the same commit again, from another run: a redeploy', async () => {
  const team = begun();
  const merged = team.merge(1, at('10:00:00'));
  recordRun(team, merged, { id: 51, jobs: [{ name: 'deploy', from: at('10:01:00'), to: at('10:05:00') }] });
  recordRun(team, merged, { id: 52, jobs: [{ name: 'deploy', from: at('11:01:00'), to: at('11:05:00') }] });
  const answer = await ask(team.world, day);
  expect(changeOf(answer, 1)).toMatchObject({ deployment: 510, leadTimeSeconds: 300 });
  expect(deploymentOf(answer, 520)).toMatchObject({ redeploy: true, mergesets: [] });
});

describe('a pull_request run that uses the environment', () => {
  test('is never live, by the ref of its deployment; counted and said once', async () => {
    const team = begun();
    const merged = team.merge(1, at('10:00:00'));
    const plan = team.commit(at('10:01:00'), [merged], { message: 'Merge into main' });
    for (const [i, minute] of ['02', '03', '04'].entries())
      recordRun(team, plan, {
        id: 60 + i,
        event: 'pull_request',
        ref: 'refs/pull/7/merge',
        jobs: [{ name: 'plan', from: at(`10:${minute}:00`), to: at(`10:${minute}:30`) }],
      });
    const shipped = team.deploy(merged, at('10:30:00'));
    const answer = await ask(team.world, day);
    expect(changeOf(answer, 1)).toMatchObject({ deployment: shipped.id, leadTimeSeconds: 1860 });
    expect(answer.report.deployments).toHaveLength(1);
    expect(remarks(answer)).toContain('Skipped 3 deployments by pull request runs');
  });

  test('is never live, by the event of its run, where the branch is gone or says nothing', async () => {
    const team = begun();
    const head = team.push(at('09:00:00'), { branch: 'topic', from: team.tip() });
    recordRun(team, head, {
      id: 60,
      event: 'pull_request',
      branch: 'topic',
      jobs: [{ name: 'plan', from: at('09:02:00'), to: at('09:03:00') }],
    });
    const merged = team.commit(at('10:00:00'), [team.tip(), head], { message: 'Merge pull request #1' });
    team.world.head = merged;
    team.world.pulls.push({
      number: 1,
      title: 'Change 1',
      createdAt: at('08:00:00'),
      mergedAt: at('10:00:00'),
      mergeCommit: merged,
      base: 'main',
      author: 'ada',
      commits: [head],
    });
    const shipped = team.deploy(merged, at('10:30:00'));
    const answer = await ask(team.world, day);
    expect(changeOf(answer, 1)).toMatchObject({ deployment: shipped.id, leadTimeSeconds: 1860 });
    expect(remarks(answer)).toContain('Skipped 1 deployment by pull request runs');
  });
});

describe('a task other than deploy', () => {
  const migrated = () => {
    const team = begun();
    const merged = team.merge(1, at('10:00:00'));
    team.deploy(merged, at('10:01:00'), { task: 'deploy:migrations' });
    const shipped = team.deploy(merged, at('10:30:00'));
    return { team, shipped };
  };

  test('is not a deploy; said', async () => {
    const { team, shipped } = migrated();
    const answer = await ask(team.world, day);
    expect(changeOf(answer, 1)).toMatchObject({ deployment: shipped.id, leadTimeSeconds: 1860 });
    expect(remarks(answer)).toContain(
      'Skipped 1 deployment with another task than "deploy" (deploy:migrations)',
    );
  });

  test('deploy-task chooses', async () => {
    const { team } = migrated();
    const answer = await ask(team.world, {
      ...day,
      inputs: { ...day.inputs, 'deploy-task': 'deploy:migrations' },
    });
    expect(answer.report.deployments).toHaveLength(1);
    expect(remarks(answer)).toContain('with another task than "deploy:migrations" (deploy)');
  });
});

describe('INACTIVE without a success', () => {
  const inactive = (when: string) => {
    const team = begun();
    const merged = team.merge(1, at('10:00:00'));
    const dead = team.deploy(merged, when);
    dead.statuses = [{ state: 'INACTIVE', createdAt: when }];
    return { team, dead };
  };

  test('younger than 90 days: never succeeded, as its statuses are still there', async () => {
    const { team, dead } = inactive(at('10:05:00'));
    const answer = await ask(team.world, day);
    expect(changeOf(answer, 1)).toMatchObject({ deployment: null, waitingSeconds: 36_000 });
    expect(deploymentOf(answer, dead.id)).toMatchObject({ outcome: 'failure' });
  });

  test('older: a success at an unknown time', async () => {
    const { team } = inactive(at('10:05:00'));
    const answer = await ask(team.world, {
      now: '2026-08-01T00:00:00Z',
      inputs: { window: '20h', 'as-of': '2026-03-02T20:00:00Z' },
    });
    expect(changeOf(answer, 1)).toMatchObject({ untimed: true });
  });
});

test('a part that fails after the other was live: the rollout is not live, and the finding names the part', async () => {
  const team = begun();
  for (const [i, hour] of ['10', '12'].entries()) {
    const merged = team.merge(i + 1, at(`${hour}:00:00`));
    recordRun(team, merged, {
      id: 51 + i,
      jobs: [
        { name: 'deploy (eu)', from: at(`${hour}:02:00`), to: at(`${hour}:05:00`) },
        { name: 'deploy (us)', from: at(`${hour}:06:00`), to: at(`${hour}:08:00`), conclusion: 'failure' },
      ],
    });
  }
  const answer = await ask(team.world, day);
  expect(answer.report.leadTime).toMatchObject({ count: 2, pending: 2 });
  const stuck = answer.report.findings.filter((finding) => finding.kind === 'stuck');
  expect(stuck).toHaveLength(2);
  expect(stuck[0]?.message).toContain('deploy (us)');
});

test('an IN_PROGRESS left over from an earlier attempt is ignored once a later attempt exists', async () => {
  const team = begun();
  const merged = team.merge(1, at('10:00:00'));
  recordRun(team, merged, {
    id: 51,
    attempt: 2,
    jobs: [
      { name: 'deploy', from: at('10:02:00'), to: at('10:10:00'), conclusion: 'cancelled', dead: true },
      { name: 'deploy', from: at('10:20:00'), to: at('10:25:00'), attempt: 2 },
    ],
  });
  const answer = await ask(team.world, day);
  expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 1500 });
  expect(answer.report.deployments).toHaveLength(1);
});

describe('a third of the deployments repeat a commit or roll back', () => {
  test('one line says that not everything there looks like a deploy, and which inputs tell them apart', async () => {
    const team = begun();
    for (let i = 1; i <= 3; i++) {
      const merged = team.merge(i, at(`1${i}:00:00`));
      team.deploy(merged, at(`1${i}:05:00`));
      if (i > 1) team.deploy(merged, at(`1${i}:30:00`));
    }
    const answer = await ask(team.world, day);
    const said = answer.report.remarks.filter((remark) => remark.what.includes('same commit again'));
    expect(said).toHaveLength(1);
    expect(said[0]?.what).toContain('2 of 5 successful deployments');
    expect(said[0]?.consequence).toContain('"deploy-job"');
  });

  test('one in five is worth no line', async () => {
    const team = begun();
    for (let i = 1; i <= 4; i++) team.deploy(team.merge(i, at(`1${i}:00:00`)), at(`1${i}:05:00`));
    team.deploy(team.tip(), at('15:00:00'));
    const answer = await ask(team.world, day);
    expect(remarks(answer)).not.toContain('same commit again');
  });
});

describe('deploy-job and deploy-workflow with deploy-source: deployments', () => {
  const two = () => {
    const team = begun();
    for (const [i, workflow] of ['deploy.yml', 'worker.yml'].entries())
      recordRun(team, team.tip(), {
        id: 41 + i,
        workflow,
        jobs: [
          { name: 'warm', from: at('00:11:00'), to: at('00:12:00') },
          { name: 'deploy', from: at('00:13:00'), to: at('00:14:00') },
        ],
      });
    const merged = team.merge(1, at('10:00:00'));
    recordRun(team, merged, {
      id: 51,
      jobs: [
        { name: 'warm', from: at('10:01:00'), to: at('10:02:00') },
        { name: 'deploy', from: at('10:03:00'), to: at('10:10:00') },
      ],
    });
    recordRun(team, merged, {
      id: 52,
      workflow: 'worker.yml',
      jobs: [{ name: 'deploy', from: at('10:01:00'), to: at('10:40:00') }],
    });
    return team;
  };
  const told = async (inputs: Record<string, string>) =>
    changeOf(await ask(two().world, { ...day, inputs: { ...day.inputs, ...inputs } }), 1);

  test('the job of the log is the one that deploys', async () => {
    expect(await told({ 'deploy-job': 'warm' })).toMatchObject({ leadTimeSeconds: 120 });
  });

  test('two services in one environment are told apart by their workflows', async () => {
    expect(await told({ 'deploy-workflow': 'worker.yml' })).toMatchObject({ leadTimeSeconds: 2400 });
    expect(await told({ 'deploy-workflow': 'deploy.yml' })).toMatchObject({ leadTimeSeconds: 600 });
  });
});

test('deploy-job where the runs may not be read: no verdict, and why', async () => {
  const team = begun();
  const merged = team.merge(1, at('10:00:00'));
  recordRun(team, merged, { id: 51, jobs: [{ name: 'deploy', from: at('10:01:00'), to: at('10:05:00') }] });
  const { report } = await ask(team.world, {
    ...day,
    inputs: { ...day.inputs, 'deploy-job': 'deploy', stages: 'none' },
    github: { denied: ['checks'] },
  });
  expect(report.status).toBe('insufficient-data');
  expect(report.completeness.gaps.some((gap) => gap.verdictAtRisk)).toBe(true);
  expect(report.completeness.gaps[0]?.consequence).toContain('checks: read');
});

test('a successful run that is re-run later to roll back: the first success counts, with the stages of that attempt', async () => {
  const team = begun();
  const merged = team.merge(1, at('10:00:00'));
  recordRun(team, merged, {
    id: 51,
    attempt: 2,
    createdAt: at('10:00:10'),
    startedAt: at('14:00:00'),
    jobs: [
      { name: 'deploy', from: at('10:00:20'), to: at('10:10:00') },
      { name: 'deploy', from: at('14:00:10'), to: at('14:08:00'), attempt: 2 },
    ],
  });
  const later = team.deploy(team.merge(2, at('12:00:00')), at('12:05:00'));
  const answer = await ask(team.world, day);
  expect(changeOf(answer, 1)).toMatchObject({ deployment: 510, leadTimeSeconds: 600 });
  expect(changeOf(answer, 2)).toMatchObject({ deployment: later.id });
  expect(deploymentOf(answer, 511)).toMatchObject({ rollback: true, mergesets: [] });
  const stages = answer.report.stages?.mergesets.find((mergeset) => mergeset.mergeset === 1)?.seconds ?? {};
  expect(stages).toEqual({ starting: 10, runner: 10, deploy: 580 });
});

describe('without the runs, the times decide', () => {
  const blind = (team: ReturnType<typeof begun>) => {
    team.world.runs = [];
    return ask(team.world, { ...day, inputs: { ...day.inputs, stages: 'none' } });
  };
  const ran = (jobs: Parameters<typeof recordRun>[2]['jobs']) => {
    const team = begun();
    recordRun(team, team.merge(1, at('10:00:00')), { id: 51, jobs });
    return team;
  };

  test('what comes after a success in the same hour is a part of its own', async () => {
    const team = ran([
      { name: 'build', from: at('10:00:10'), to: at('10:03:00') },
      { name: 'deploy', from: at('10:10:00'), to: at('10:35:00') },
    ]);
    const answer = await blind(team);
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 2100 });
    expect(answer.report.completeness.gaps[0]?.consequence).toContain('grouped by their times');
  });

  test('what comes after a failure is that tried again', async () => {
    const team = ran([
      { name: 'deploy', from: at('10:01:00'), to: at('10:03:00'), conclusion: 'failure' },
      { name: 'deploy', from: at('10:10:00'), to: at('10:15:00') },
    ]);
    expect(changeOf(await blind(team), 1)).toMatchObject({ leadTimeSeconds: 900 });
  });

  test('what never ended is overtaken by what came after it', async () => {
    const team = ran([
      { name: 'deploy', from: at('10:01:00'), to: at('10:03:00'), dead: true },
      { name: 'deploy', from: at('10:10:00'), to: at('10:15:00') },
    ]);
    expect(changeOf(await blind(team), 1)).toMatchObject({ leadTimeSeconds: 900 });
  });

  test('what comes after another commit was live is a rollback', async () => {
    const team = ran([
      { name: 'deploy', from: at('10:01:00'), to: at('10:03:00') },
      { name: 'deploy', from: at('10:40:00'), to: at('10:42:00') },
    ]);
    team.deploy(team.merge(2, at('10:20:00')), at('10:25:00'));
    const answer = await blind(team);
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 180 });
    expect(deploymentOf(answer, 511)).toMatchObject({ rollback: true });
  });
});
