import { describe, expect, test } from '@jest/globals';
import type { LoggedRequest } from '../../src/fake-github/loopback.ts';
import { type RunJobOptions, type RunOptions, recordRun } from '../support/actions.ts';
import { ask, changeOf, deploymentOf, type StepAnswer, summaryText } from '../support/ask.ts';
import { runWithConfigFile } from '../support/config-file.ts';
import { at, begun, day } from '../support/day.ts';
import { hasRequest } from '../support/requests.ts';

/** A rollout puts one commit live with several deployments. The names are those in docs/attribution.md. */

const remarksIn = ({ report }: StepAnswer) => report.remarks.map((remark) => remark.what).join('\n');

/** Requests other than the one for workflow files, which explain a slow change. */
const isNotForWorkflowFiles = (request: LoggedRequest) => !hasRequest(request, 'WorkflowFiles');

const job = (
  name: string,
  from: string,
  to: string | null,
  options: Partial<RunJobOptions> = {},
): RunJobOptions => ({ name, from: at(from), to: to && at(to), ...options });

/** A team whose change 1 was merged at 10:00 and deployed by a run with these jobs. */
function teamWithRun(jobs: RunJobOptions[], options: Partial<RunOptions> = {}) {
  const team = begun();
  recordRun(team, team.merge(1, at('10:00:00')), { id: 51, jobs, ...options });
  return team;
}

const askWith = (team: ReturnType<typeof begun>, inputs: Record<string, string>) =>
  ask(team.world, { ...day, inputs: { ...day.inputs, ...inputs } });

const eu = job('deploy (eu)', '10:02:00', '10:05:00');

describe('several jobs of one run deploy one commit', () => {
  const twoRegions = () => teamWithRun([eu, job('deploy (us)', '10:02:00', '10:45:00')]);

  test('the change is live when the last job succeeds, and the deployment lists its parts', async () => {
    const answer = await ask(twoRegions().world, day);
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

  test('parts that are certain cost no request', async () => {
    const { requests } = await askWith(twoRegions(), { stages: 'none' });
    expect(requests.filter(isNotForWorkflowFiles)).toHaveLength(1);
  });

  test('the rollout fails if one job fails and is not repeated, and the report names that job', async () => {
    const team = teamWithRun([eu, job('deploy (us)', '10:02:00', '10:07:00', { conclusion: 'failure' })]);
    const answer = await ask(team.world, day);
    expect(changeOf(answer, 1)).toMatchObject({ deployment: null, waitingSeconds: 36_000 });
    expect(deploymentOf(answer, 511)).toMatchObject({
      outcome: 'failure',
      parts: [{ outcome: 'success' }, { job: 'deploy (us)', outcome: 'failure' }],
    });
    expect(summaryText(answer)).toContain('failed in deploy (us) (1 of 2 jobs)');
    const stuck = answer.report.findings.find((finding) => finding.kind === 'stuck');
    expect(stuck?.message).toContain('deploy (us)');
  });

  test('a failed job that is repeated with success counts from the repetition', async () => {
    const jobs = [
      eu,
      job('deploy (us)', '10:02:00', '10:07:00', { conclusion: 'failure' }),
      job('deploy (us)', '10:20:00', '10:25:00', { attempt: 2 }),
    ];
    const answer = await ask(teamWithRun(jobs, { attempt: 2 }).world, day);
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 1500 });
    expect(answer.report.deployments).toHaveLength(1);
  });

  test('the rollout is running while one job is running', async () => {
    const team = teamWithRun([eu, job('deploy (us)', '10:02:00', null)]);
    const answer = await ask(team.world, { ...day, now: at('10:20:00') });
    expect(changeOf(answer, 1)).toMatchObject({ deployment: null, waitingSeconds: 1200 });
    expect(deploymentOf(answer, 511)).toMatchObject({ outcome: 'running' });
  });
});

test('a build job that uses the environment only for its secrets: the deploy job decides when the rollout is live', async () => {
  const team = teamWithRun([job('build', '10:00:10', '10:03:00'), job('deploy', '10:10:00', '10:35:00')]);
  const answer = await ask(team.world, day);
  expect(changeOf(answer, 1)).toMatchObject({ deployment: 511, leadTimeSeconds: 2100 });
  expect(answer.report.deployments).toHaveLength(1);
  expect(deploymentOf(answer, 511)).toMatchObject({
    redeploy: false,
    parts: [{ job: 'build' }, { job: 'deploy' }],
  });
});

test('the same commit again, from another run: a redeploy', async () => {
  const team = teamWithRun([job('deploy', '10:01:00', '10:05:00')]);
  recordRun(team, team.tip(), { id: 52, jobs: [job('deploy', '11:01:00', '11:05:00')] });
  const answer = await ask(team.world, day);
  expect(changeOf(answer, 1)).toMatchObject({ deployment: 510, leadTimeSeconds: 300 });
  expect(deploymentOf(answer, 520)).toMatchObject({ redeploy: true, mergesets: [] });
});

describe('a pull_request run that uses the environment', () => {
  test('ships nothing if its ref is that of a pull request, and one remark counts such runs', async () => {
    const team = begun();
    const merged = team.merge(1, at('10:00:00'));
    const plan = team.commit(at('10:01:00'), [merged], { message: 'Merge into main' });
    for (const [i, minute] of ['02', '03', '04'].entries())
      recordRun(team, plan, {
        id: 60 + i,
        event: 'pull_request',
        ref: 'refs/pull/7/merge',
        jobs: [job('plan', `10:${minute}:00`, `10:${minute}:30`)],
      });
    const shipped = team.deploy(merged, at('10:30:00'));
    const answer = await ask(team.world, day);
    expect(changeOf(answer, 1)).toMatchObject({ deployment: shipped.id, leadTimeSeconds: 1860 });
    expect(answer.report.deployments).toHaveLength(1);
    expect(remarksIn(answer)).toContain('Skipped 3 deployments by pull request runs');
  });

  test('ships nothing if its event is that of a pull request, even if its branch is gone', async () => {
    const team = begun();
    const head = team.push(at('09:00:00'), { branch: 'topic', from: team.tip() });
    recordRun(team, head, {
      id: 60,
      event: 'pull_request',
      branch: 'topic',
      jobs: [job('plan', '09:02:00', '09:03:00')],
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
    expect(remarksIn(answer)).toContain('Skipped 1 deployment by pull request runs');
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

  test('ships nothing, and a remark counts it', async () => {
    const { team, shipped } = migrated();
    const answer = await ask(team.world, day);
    expect(changeOf(answer, 1)).toMatchObject({ deployment: shipped.id, leadTimeSeconds: 1860 });
    expect(remarksIn(answer)).toContain(
      'Skipped 1 deployment with another task than "deploy" (deploy:migrations)',
    );
  });

  test('ships changes if "deploy-task" names its task', async () => {
    const answer = await askWith(migrated().team, { 'deploy-task': 'deploy:migrations' });
    expect(answer.report.deployments).toHaveLength(1);
    expect(remarksIn(answer)).toContain('with another task than "deploy:migrations" (deploy)');
  });
});

describe('several tasks and none is deploy', () => {
  const withTasks = (tasks: string[]) => {
    const team = begun();
    for (const deployment of team.world.deployments) deployment.task = tasks[0] ?? '';
    const merged = team.merge(1, at('10:00:00'));
    for (const [i, task] of tasks.entries()) team.deploy(merged, at(`10:1${i}:00`), { task });
    return team;
  };

  test('is an error that lists the tasks with their counts', async () => {
    await expect(ask(withTasks(['ship', 'ship:db', 'ship:db']).world, day)).rejects.toThrow(
      'Input "deploy-task" is not set; the deployments to production have 2 tasks, and none is "deploy". Accepted: one of ship (3), ship:db (2).',
    );
  });

  test('one of them counts if "deploy-task" names it', async () => {
    const answer = await askWith(withTasks(['ship', 'ship:db']), { 'deploy-task': 'ship' });
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 660 });
  });

  test('a single task needs no input', async () => {
    expect(changeOf(await ask(withTasks(['ship']).world, day), 1)).toMatchObject({ leadTimeSeconds: 660 });
  });

  test('a task of pull request runs is not among them', async () => {
    const team = withTasks(['ship']);
    team.deploy(team.tip(), at('10:20:00'), { task: 'plan', ref: 'refs/pull/7/merge' });
    expect(changeOf(await ask(team.world, day), 1)).toMatchObject({ leadTimeSeconds: 660 });
  });

  test('a task of another workflow is not among them if "deploy-workflow" excludes it', async () => {
    const team = withTasks(['ship']);
    for (const [i, workflow] of ['deploy.yml', 'worker.yml'].entries()) {
      const [deployment] = recordRun(team, team.tip(), {
        id: 51 + i,
        workflow,
        jobs: [job('deploy', '10:02:00', '10:05:00')],
      });
      if (deployment) deployment.task = workflow;
    }
    const [before] = recordRun(team, team.world.deployments[0]?.sha ?? '', {
      id: 50,
      jobs: [{ name: 'deploy', from: '2026-03-01T10:02:00Z', to: '2026-03-01T10:05:00Z' }],
    });
    if (before) before.task = 'deploy.yml';
    const answer = await askWith(team, { 'deploy-workflow': 'deploy.yml' });
    expect(changeOf(answer, 1)).toMatchObject({ deployment: 510 });
  });

  test('a task that came after "as-of" is not among them', async () => {
    const team = withTasks(['ship']);
    team.deploy(team.tip(), at('18:00:00'), { task: 'other' });
    const answer = await askWith(team, { 'as-of': at('17:00:00') });
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 660 });
  });

  test('the other services of the repository are measured', async () => {
    const team = withTasks(['ship', 'ship:db']);
    team.deploy(team.world.deployments[0]?.sha ?? '', '2026-03-01T11:00:00Z', { environment: 'api' });
    team.deploy(team.tip(), at('10:30:00'), { environment: 'api' });
    const { times } = await runWithConfigFile(
      team.world,
      'services:\n  api: { environment: api }\n  shop: { environment: production }\n',
    );
    expect(times('api')).toEqual({ 1: 1860 });
  });
});

describe('a deployment of a branch that names no run', () => {
  const ref = 'refs/heads/main';
  const NOTE = 'an older commit may have been deployed, so it may have gone live later';
  const doubtful = ({ report }: Awaited<ReturnType<typeof askWith>>) =>
    report.mergesets.filter(({ notes }) => notes.includes(NOTE)).map(({ number }) => number);

  test('may not contain a change that was merged just before, and the report names it', async () => {
    const team = begun();
    team.merge(1, at('10:00:00'));
    team.deploy(team.merge(2, at('10:04:00')), at('10:05:00'), { ref });
    team.deploy(team.tip(), at('10:12:00'), { ref });
    const answer = await askWith(team, {});
    expect(doubtful(answer)).toEqual([1, 2]);
    expect(JSON.stringify(answer.report.remarks)).toContain(
      '2 changes may have gone live later than reported (#1, #2).',
    );
    expect(answer.report.status).not.toBe('insufficient-data');
  });

  test('is counted in one remark, although no change is in doubt', async () => {
    const said = async (ref?: string) => {
      const team = begun();
      team.deploy(team.merge(1, at('10:04:00')), at('10:05:00'), ref ? { ref } : {});
      return (await askWith(team, {})).report.remarks.filter(({ what }) =>
        what.includes('of the branch for'),
      );
    };
    expect(await said(ref)).toHaveLength(1);
    expect((await said(ref))[0]?.what).toContain('for 1 deployment that names no run.');
    expect(await said()).toEqual([]);
  });

  test('also may not contain it if one region was deployed twice', async () => {
    const team = begun();
    const regions = { environment: 'production-*', live: 'last' };
    for (const name of ['production-eu', 'production-us'])
      team.deploy(team.tip(), '2026-03-01T10:30:00Z', { environment: name });
    const sha = team.merge(1, at('10:00:00'));
    for (const time of ['10:04:00', '10:05:00'])
      for (const name of ['production-eu', 'production-us'])
        team.deploy(sha, at(time), { ref, environment: name, takes: 300 });
    expect(doubtful(await askWith(team, regions))).toEqual([1]);
  });

  test('leaves no verdict if it depends on the change', async () => {
    const team = begun();
    team.push(at('09:59:00'));
    team.deploy(team.merge(1, at('10:00:00')), at('10:05:00'), { ref });
    team.deploy(team.merge(2, at('13:00:00')), at('13:05:00'), { ref });
    const { report } = await askWith(team, { target: '10m', statistic: 'max' });
    expect(report).toMatchObject({ status: 'insufficient-data', reason: 'unreadable' });
    expect(report.completeness.gaps[0]?.what).toContain('a deployment of an older commit than recorded');
  });

  test.each([
    ['one change at a time', ref],
    ['a commit', undefined],
  ])('is not in doubt with %s', async (_, ref) => {
    const team = begun();
    if (ref === undefined) team.merge(1, at('10:00:00'));
    team.deploy(team.merge(2, at('10:04:00')), at('10:05:00'), ref ? { ref } : {});
    team.deploy(team.merge(3, at('10:24:00')), at('10:25:00'), ref ? { ref } : {});
    expect(doubtful(await askWith(team, {}))).toEqual([]);
  });
});

describe('a deployment of a branch after a newer merge', () => {
  const logOf = (id: number, repository = 'acme/shop') =>
    `https://github.com/${repository}/actions/runs/${id}`;
  /** Change 2 is merged while the run for change 1 is under way, and goes live with a run of its own. */
  function overtaken(options: { ref?: string; branch?: string; logUrl?: string } = {}) {
    const team = begun();
    const first = team.merge(1, at('10:00:00'));
    const between = team.merge(2, at('10:04:00'));
    const { ref = 'refs/heads/main', branch = 'main', logUrl = logOf(51) } = options;
    const deploys = { deploys: false };
    recordRun(team, first, { id: 51, branch, jobs: [job('ship', '10:01:00', '10:10:00', deploys)] });
    recordRun(team, between, { id: 52, jobs: [job('ship', '10:11:00', '10:18:00', deploys)] });
    team.deploy(between, at('10:05:00'), { takes: 300, logUrl, ...(ref ? { ref } : {}) });
    team.deploy(between, at('10:12:00'), { takes: 360, logUrl: logOf(52), ref: 'refs/heads/main' });
    return team;
  }
  const leadTimes = async (team: ReturnType<typeof begun>, inputs: Record<string, string> = {}) => {
    const answer = await askWith(team, inputs);
    return [1, 2].map((number) => changeOf(answer, number)?.leadTimeSeconds);
  };

  test('the commit of the run went live, and the change in between with the next deployment', async () => {
    const team = overtaken();
    expect(await leadTimes(team)).toEqual([600, 840]);
    const { report } = await ask(team.world, day);
    expect(report.remarks.filter(({ what }) => what.includes('newer commit of the branch'))).toHaveLength(1);
  });

  test('with "deploy-workflow", the run is found by its id', async () => {
    const team = overtaken();
    recordRun(team, team.world.deployments[0]?.sha ?? '', {
      id: 50,
      jobs: [{ name: 'deploy', from: '2026-03-01T10:02:00Z', to: '2026-03-01T10:05:00Z' }],
    });
    expect(await leadTimes(team, { 'deploy-workflow': 'deploy.yml' })).toEqual([600, 840]);
  });

  test('an old run that is repeated later rolls back', async () => {
    const team = overtaken();
    team.deploy(team.tip(), at('12:00:00'), { logUrl: logOf(51), ref: 'refs/heads/main' });
    const { report } = await ask(team.world, day);
    expect(report.deployments.filter(({ rollback }) => rollback)).toHaveLength(1);
    expect(await leadTimes(team)).toEqual([600, 840]);
  });

  test('a run on another branch does not say what was deployed', async () => {
    const team = overtaken();
    const other = team.push(at('10:00:30'), { branch: 'other', from: team.world.deployments[0]?.sha ?? '' });
    Object.assign(team.world.runs?.[0] ?? {}, { sha: other, branch: 'other' });
    expect(await leadTimes(team)).toEqual([600, 360]);
  });

  test('a run of another repository is not asked for', async () => {
    const team = overtaken({ logUrl: logOf(51, 'acme/deploys') });
    expect(await leadTimes(team)).toEqual([600, 360]);
    const { requests } = await askWith(team, { stages: 'none' });
    expect(requests.filter(({ path }) => path.includes('/actions/runs/'))).toEqual([]);
  });

  test.each([[''], ['refs/tags/v1']])(
    'a deployment of a commit or a tag counts as recorded (%s)',
    async (ref) => {
      const team = overtaken({ ref });
      team.world.tags = [{ name: 'v1', sha: team.tip() }];
      expect(await leadTimes(team)).toEqual([600, 360]);
    },
  );

  test('costs no request if jobs with an environment made all deployments', async () => {
    const team = teamWithRun([job('deploy', '10:01:00', '10:05:00')], { ref: 'refs/heads/main' });
    const { requests } = await askWith(team, { stages: 'none' });
    expect(requests.filter(isNotForWorkflowFiles)).toHaveLength(1);
  });

  test('runs that cannot be read are a gap', async () => {
    const { report } = await ask(overtaken().world, {
      ...day,
      inputs: { ...day.inputs, stages: 'none' },
      github: { denied: ['checks'] },
    });
    expect(report.completeness.gaps[0]?.consequence).toContain('the commit that GitHub recorded');
  });
});

test('a deployment of a commit or a tag, made by a job with an environment, counts as GitHub recorded it', async () => {
  const team = teamWithRun([job('deploy', '10:01:00', '10:05:00')]);
  team.merge(2, at('10:02:00'));
  const answer = await ask(team.world, day);
  expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 300 });
  expect(changeOf(answer, 2)).toMatchObject({ deployment: null });
});

describe('a job that skips its deploy step', () => {
  /** Eight pushes run the job. Its step deploys only some of them. */
  function pushed(stepsOf: (i: number) => [name: string, conclusion: string][]) {
    const team = begun();
    for (let i = 0; i < 8; i++) {
      const from = `1${i}:01:00`;
      recordRun(team, team.merge(i + 1, at(`1${i}:00:00`)), {
        id: 51 + i,
        jobs: [
          job('deploy', from, `1${i}:10:00`, {
            steps: stepsOf(i).map(([name, conclusion], k) => [name, at(`1${i}:0${k + 2}:00`), conclusion]),
          }),
        ],
      });
    }
    return team;
  }
  const skippedIn = async (stepsOf: Parameters<typeof pushed>[0]) => {
    const answer = await askWith(pushed(stepsOf), { stages: 'full' });
    return answer.report.remarks
      .filter(({ what }) => what.includes('step that deploys'))
      .map(({ what }) => what);
  };

  test('is named if the job did other work', async () => {
    const remarks = await skippedIn((i) => [
      ['Set up job', 'success'],
      ['Build', 'success'],
      ['Deploy to production', i < 2 ? 'skipped' : 'success'],
    ]);
    expect(remarks).toEqual([
      'The step that deploys was skipped in 2 successful deployments ("Deploy to production" in 510 and 520).',
    ]);
  });

  test('is named if the job did nothing else', async () => {
    const remarks = await skippedIn((i) => [
      ['Set up job', 'success'],
      ['Run actions/checkout@v4', 'success'],
      ['Roll', i === 3 ? 'skipped' : 'success'],
      ['Complete job', 'success'],
    ]);
    expect(remarks).toEqual([expect.stringContaining('1 successful deployment ("Roll" in 540)')]);
  });

  test('is not a step for failures, or an alternative to a step that ran', async () => {
    const remarks = await skippedIn(() => [
      ['Deploy to blue', 'success'],
      ['Deploy to green', 'skipped'],
      ['Notify about failed deploy', 'skipped'],
    ]);
    expect(remarks).toEqual([]);
  });

  test('asks for nothing more: without stages, the steps are unknown', async () => {
    const team = pushed((i) => [['Deploy', i < 2 ? 'skipped' : 'success']]);
    const answer = await askWith(team, { stages: 'none' });
    expect(remarksIn(answer)).not.toContain('step that deploys');
    expect(answer.requests.filter(isNotForWorkflowFiles)).toHaveLength(1);
  });
});

describe('INACTIVE without a success', () => {
  const inactive = () => {
    const team = begun();
    const deployment = team.deploy(team.merge(1, at('10:00:00')), at('10:05:00'));
    deployment.statuses = [{ state: 'INACTIVE', createdAt: at('10:05:00') }];
    return { team, deployment };
  };

  test('failed if it is younger than 90 days, because GitHub still has all of its statuses', async () => {
    const { team, deployment } = inactive();
    const answer = await ask(team.world, day);
    expect(changeOf(answer, 1)).toMatchObject({ deployment: null, waitingSeconds: 36_000 });
    expect(deploymentOf(answer, deployment.id)).toMatchObject({ outcome: 'failure' });
  });

  test('succeeded at an unknown time if it is older', async () => {
    const answer = await ask(inactive().team.world, {
      now: '2026-08-01T00:00:00Z',
      inputs: { window: '20h', 'as-of': '2026-03-02T20:00:00Z' },
    });
    expect(changeOf(answer, 1)).toMatchObject({ untimed: true });
  });
});

test('a part that fails after the other was live: the change is stuck, and the finding names the part', async () => {
  const team = begun();
  for (const [i, hour] of ['10', '12'].entries())
    recordRun(team, team.merge(i + 1, at(`${hour}:00:00`)), {
      id: 51 + i,
      jobs: [
        job('deploy (eu)', `${hour}:02:00`, `${hour}:05:00`),
        job('deploy (us)', `${hour}:06:00`, `${hour}:08:00`, { conclusion: 'failure' }),
      ],
    });
  const answer = await ask(team.world, day);
  expect(answer.report.leadTime).toMatchObject({ count: 2, pending: 2 });
  const stuck = answer.report.findings.filter((finding) => finding.kind === 'stuck');
  expect(stuck).toHaveLength(2);
  expect(stuck[0]?.message).toContain('deploy (us)');
});

test('an IN_PROGRESS left over from an earlier attempt is ignored once a later attempt exists', async () => {
  const jobs = [
    job('deploy', '10:02:00', '10:10:00', { conclusion: 'cancelled', dead: true }),
    job('deploy', '10:20:00', '10:25:00', { attempt: 2 }),
  ];
  const answer = await ask(teamWithRun(jobs, { attempt: 2 }).world, day);
  expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 1500 });
  expect(answer.report.deployments).toHaveLength(1);
});

describe('a third of the deployments repeat a commit or roll back', () => {
  test('a remark counts them and names the inputs that exclude other jobs', async () => {
    const team = begun();
    for (let i = 1; i <= 3; i++) {
      const merged = team.merge(i, at(`1${i}:00:00`));
      team.deploy(merged, at(`1${i}:05:00`));
      if (i > 1) team.deploy(merged, at(`1${i}:30:00`));
    }
    const { report } = await ask(team.world, day);
    const remarks = report.remarks.filter((remark) => remark.what.includes('redeploy'));
    expect(remarks).toHaveLength(1);
    expect(remarks[0]?.what).toContain('2 of 5 successful deployments');
    expect(remarks[0]?.consequence).toContain('"deploy-job"');
  });

  test('there is no remark if it is only one in five', async () => {
    const team = begun();
    for (let i = 1; i <= 4; i++) team.deploy(team.merge(i, at(`1${i}:00:00`)), at(`1${i}:05:00`));
    team.deploy(team.tip(), at('15:00:00'));
    expect(remarksIn(await ask(team.world, day))).not.toContain('redeploy');
  });
});

describe('deploy-job and deploy-workflow with deploy-source: deployments', () => {
  const twoWorkflows = () => {
    const team = begun();
    for (const [i, workflow] of ['deploy.yml', 'worker.yml'].entries())
      recordRun(team, team.tip(), {
        id: 41 + i,
        workflow,
        jobs: [job('warm', '00:11:00', '00:12:00'), job('deploy', '00:13:00', '00:14:00')],
      });
    const merged = team.merge(1, at('10:00:00'));
    recordRun(team, merged, {
      id: 51,
      jobs: [job('warm', '10:01:00', '10:02:00'), job('deploy', '10:03:00', '10:10:00')],
    });
    recordRun(team, merged, {
      id: 52,
      workflow: 'worker.yml',
      jobs: [job('deploy', '10:01:00', '10:40:00')],
    });
    return team;
  };
  const changeWith = async (inputs: Record<string, string>) =>
    changeOf(await askWith(twoWorkflows(), inputs), 1);

  test('"deploy-job" selects the deployments of one job', async () => {
    expect(await changeWith({ 'deploy-job': 'warm' })).toMatchObject({ leadTimeSeconds: 120 });
  });

  test('"deploy-workflow" separates two services in one environment', async () => {
    expect(await changeWith({ 'deploy-workflow': 'worker.yml' })).toMatchObject({ leadTimeSeconds: 2400 });
    expect(await changeWith({ 'deploy-workflow': 'deploy.yml' })).toMatchObject({ leadTimeSeconds: 600 });
  });

  test('without permission to read runs, there is no verdict and a gap names the permission', async () => {
    const { report } = await ask(teamWithRun([job('deploy', '10:01:00', '10:05:00')]).world, {
      ...day,
      inputs: { ...day.inputs, 'deploy-job': 'deploy', stages: 'none' },
      github: { denied: ['checks'] },
    });
    expect(report.status).toBe('insufficient-data');
    expect(report.completeness.gaps.some((gap) => gap.verdictAtRisk)).toBe(true);
    expect(report.completeness.gaps[0]?.consequence).toContain('checks: read');
  });
});

test('a successful run that is re-run later to roll back: the first success counts, with the stages of its attempt', async () => {
  const jobs = [job('deploy', '10:00:20', '10:10:00'), job('deploy', '14:00:10', '14:08:00', { attempt: 2 })];
  const team = teamWithRun(jobs, { attempt: 2, createdAt: at('10:00:10'), startedAt: at('14:00:00') });
  const later = team.deploy(team.merge(2, at('12:00:00')), at('12:05:00'));
  const answer = await ask(team.world, day);
  expect(changeOf(answer, 1)).toMatchObject({ deployment: 510, leadTimeSeconds: 600 });
  expect(changeOf(answer, 2)).toMatchObject({ deployment: later.id });
  expect(deploymentOf(answer, 511)).toMatchObject({ rollback: true, mergesets: [] });
  const stages = answer.report.stages?.mergesets.find((mergeset) => mergeset.mergeset === 1)?.seconds ?? {};
  expect(stages).toEqual({ starting: 10, runner: 10, deploy: 580 });
});

describe('if runs cannot be read, times decide which deployments belong together', () => {
  const askWithoutRuns = (team: ReturnType<typeof begun>) => {
    team.world.runs = [];
    return askWith(team, { stages: 'none' });
  };

  test('a deployment within an hour after a success is a part of the same rollout', async () => {
    const answer = await askWithoutRuns(
      teamWithRun([job('build', '10:00:10', '10:03:00'), job('deploy', '10:10:00', '10:35:00')]),
    );
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 2100 });
    expect(answer.report.completeness.gaps[0]?.consequence).toContain('grouped by their times');
  });

  test('a deployment after a failure is another attempt', async () => {
    const answer = await askWithoutRuns(
      teamWithRun([
        job('deploy', '10:01:00', '10:03:00', { conclusion: 'failure' }),
        job('deploy', '10:10:00', '10:15:00'),
      ]),
    );
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 900 });
  });

  test('a deployment after one that never ended replaces it', async () => {
    const answer = await askWithoutRuns(
      teamWithRun([
        job('deploy', '10:01:00', '10:03:00', { dead: true }),
        job('deploy', '10:10:00', '10:15:00'),
      ]),
    );
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 900 });
  });

  test('a deployment after another commit was live is a rollback', async () => {
    const team = teamWithRun([job('deploy', '10:01:00', '10:03:00'), job('deploy', '10:40:00', '10:42:00')]);
    team.deploy(team.merge(2, at('10:20:00')), at('10:25:00'));
    const answer = await askWithoutRuns(team);
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 180 });
    expect(deploymentOf(answer, 511)).toMatchObject({ rollback: true });
  });
});
