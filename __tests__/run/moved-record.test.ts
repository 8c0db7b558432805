import { describe, expect, test } from '@jest/globals';
import { recordRun } from '../support/actions.ts';
import { ask, type AskOptions, type StepAnswer, summaryText } from '../support/ask.ts';
import { at, begun, day } from '../support/day.ts';
import { hasRequest, requestCounts } from '../support/requests.ts';

/** Deployments that are recorded elsewhere since a time, so that changes only seem to wait. */

type Team = ReturnType<typeof begun>;

const inputs = { ...day.inputs, target: '15m' };
const asked = (team: Team, options: Partial<AskOptions> = {}) =>
  ask(team.world, { ...day, inputs, ...options });

/** Eight changes, half an hour apart. `deploy` gets each of them with its time and the time of its deployment. */
function teamThat(deploy: (team: Team, sha: string, i: number, when: (minutes: number) => string) => void) {
  const team = begun();
  for (let i = 1; i <= 8; i++) {
    const minutes = 9 * 60 + i * 30;
    const when = (more: number) => {
      const time = minutes + more;
      return at(`${String(Math.floor(time / 60)).padStart(2, '0')}:${String(time % 60).padStart(2, '0')}:00`);
    };
    deploy(team, team.merge(i, when(0)), i, when);
  }
  return team;
}

/** The first two changes go to `production`, and the others to `prod`. */
const renamed = () =>
  teamThat((team, sha, i, when) =>
    team.deploy(sha, when(4), { environment: i <= 2 ? 'production' : 'prod' }),
  );

const hasDrifted = ({ report }: StepAnswer) => report.status === 'drifted';

describe('deployments that go to another environment', () => {
  test('are named, and there is no verdict', async () => {
    const answer = await asked(renamed());
    expect(answer.report).toMatchObject({ status: 'insufficient-data', reason: 'unreadable' });
    expect(answer.sentence).toBe(
      'No verdict. Since 2 Mar, 10:34 UTC, deployments go to prod. Set "environment: prod".',
    );
    expect(answer.report.findings.map(({ kind }) => kind)).toEqual(['no-data']);
    expect(answer.report.alert.on).toBeNull();
    expect(summaryText(answer)).toContain('deployments go to prod');
    // The reason is known, so nothing asks whether there was a move.
    expect(summaryText(answer)).not.toContain('After a move');
    expect(answer.report.remarks).toEqual([]);
  });

  test('take one request, and none if nothing waits or the drift has other reasons', async () => {
    expect(requestCounts((await asked(renamed())).requests).Everywhere).toBe(1);
    const onTarget = teamThat((team, sha, _, when) => team.deploy(sha, when(4)));
    expect(requestCounts((await asked(onTarget)).requests).Everywhere).toBeUndefined();
    const slow = teamThat((team, sha, i, when) => i < 8 && team.deploy(sha, when(100)));
    expect(requestCounts((await asked(slow)).requests).Everywhere).toBeUndefined();
  });

  test('are found on a release branch', async () => {
    const team = begun();
    team.push('2026-03-01T11:00:00Z', { branch: 'release', from: team.tip() });
    const release = (when: string, environment: string) => {
      const oid = team.commit(when, [team.tip('release'), team.tip()], { message: 'Release' });
      team.deploy(team.land('release', oid), when, { environment, ref: 'refs/heads/release' });
    };
    for (let i = 1; i <= 8; i++) {
      team.merge(i, at(`0${i}:00:00`));
      release(at(`0${i}:05:00`), i <= 2 ? 'production' : 'live');
    }
    expect((await asked(team)).sentence).toContain('deployments go to live.');
  });

  test('are found for several regions', async () => {
    const team = teamThat((team, sha, i, when) => {
      for (const region of ['eu', 'us'])
        team.deploy(sha, when(4), { environment: `${i <= 2 ? 'prod' : 'live'}-${region}` });
    });
    for (const environment of ['prod-eu', 'prod-us'])
      team.deploy(team.world.commits[0]?.oid ?? '', '2026-03-01T12:00:00Z', { environment });
    const answer = await asked(team, { inputs: { ...inputs, environment: 'prod-*' } });
    expect(answer.sentence).toBe(
      'No verdict. Since 2 Mar, 10:34 UTC, deployments go to live-eu and live-us. Set "environment" to live-eu and live-us.',
    );
  });

  test('may be missing from a list that was cut, and a gap says how far back it goes', async () => {
    const team = teamThat((team, sha, i, when) => {
      if (i <= 2) team.deploy(sha, when(4));
      for (let k = 0; k < 20; k++) team.deploy(sha, when(5 + k), { environment: 'staging' });
    });
    const answer = await asked(team);
    expect(hasDrifted(answer)).toBe(true);
    expect(answer.report.completeness.gaps).toContainEqual({
      what: 'Deployments to other environments were read back to 2 Mar, 11:05 UTC only.',
      consequence: 'If the waiting changes were deployed there before, they only seem to wait.',
      verdictAtRisk: false,
    });
  });

  test('are not missing from a list that goes back to the last deployment', async () => {
    const team = teamThat((team, sha, i, when) => {
      if (i <= 2) team.deploy(sha, when(4));
      for (let k = 0; k < 10; k++) team.deploy(sha, when(5 + k), { environment: 'staging' });
    });
    expect((await asked(team)).report.completeness.gaps).toEqual([]);
  });

  test('are found after a failed deployment whose changes wait, too', async () => {
    const team = teamThat((team, sha, i, when) => {
      team.deploy(sha, when(4), i <= 1 ? {} : i === 2 ? { outcome: 'FAILURE' } : { environment: 'prod' });
    });
    expect((await asked(team)).sentence).toContain('deployments go to prod.');
  });

  test('are found if there was a drift before, which the changes that seem to wait would end', async () => {
    const team = teamThat((team, sha, i, when) => {
      team.deploy(sha, when(i === 1 || i === 3 ? 25 : 4), i <= 3 ? {} : { environment: 'prod' });
    });
    expect((await asked(team)).sentence).toContain('deployments go to prod.');
  });

  test('are suspected, without a request, if a change waits longer than the target and the verdict does not depend on it', async () => {
    const team = teamThat((team, sha, i, when) =>
      team.deploy(sha, when(4), i === 8 ? { environment: 'prod' } : {}),
    );
    const { report, requests } = await asked(team);
    const remark = 'No deployment to production was recorded since 2 Mar, 12:34 UTC, and 1 change waits.';
    expect(report.status).toBe('on-target');
    expect(report.remarks.map(({ what }) => what)).toContain(remark);
    expect(requestCounts(requests).Everywhere).toBeUndefined();
    const early = await asked(team, { inputs: { ...inputs, 'as-of': at('13:10:00') } });
    expect(early.report.remarks.map(({ what }) => what)).not.toContain(remark);
  });

  test('are not staging, which was deployed to all the time', async () => {
    const team = teamThat((team, sha, i, when) => {
      team.deploy(sha, when(2), { environment: 'staging' });
      if (i <= 2) team.deploy(sha, when(4));
    });
    expect(hasDrifted(await asked(team))).toBe(true);
  });

  test('are not previews of pull requests', async () => {
    const team = teamThat((team, sha, i, when) => {
      if (i <= 2) team.deploy(sha, when(4));
      const head = team.commit(when(10), [sha]);
      team.deploy(head, when(11), { environment: `preview-${i}`, ref: `refs/heads/topic-${i}` });
    });
    expect(hasDrifted(await asked(team))).toBe(true);
  });

  test('are not deployments of older commits, or failed ones', async () => {
    const team = teamThat((team, sha, i, when) => {
      if (i <= 2) team.deploy(sha, when(4));
      else team.deploy(sha, when(4), { environment: 'prod', outcome: 'FAILURE' });
    });
    team.deploy(team.world.commits[0]?.oid ?? '', at('15:00:00'), { environment: 'prod' });
    expect(hasDrifted(await asked(team))).toBe(true);
  });

  test('do not count before the time of the report', async () => {
    const answer = await asked(renamed(), { inputs: { ...inputs, 'as-of': at('10:31:00') } });
    expect(answer.sentence).not.toContain('deployments go to');
  });

  test('leave no verdict if they could not be read', async () => {
    const answer = await asked(renamed(), {
      github: {
        async interfere(_, response, body) {
          if (!body.includes('query Everywhere')) return false;
          response.writeHead(403, { 'content-type': 'application/json' }).end('{"message":"Forbidden"}');
          return true;
        },
      },
    });
    expect(answer.report.status).toBe('insufficient-data');
    expect(answer.report.completeness.gaps.map(({ what }) => what).join()).toContain(
      'Deployments to other environments could not be read.',
    );
  });
});

test('deployments with another task since a time: no verdict, and "deploy-task" is named', async () => {
  const team = teamThat((team, sha, i, when) =>
    team.deploy(sha, when(4), i <= 2 ? {} : { task: 'deploy:web' }),
  );
  const answer = await asked(team);
  expect(answer.sentence).toBe(
    'No verdict. Since 2 Mar, 10:34 UTC, deployments have the task deploy:web. Set "deploy-task: deploy:web".',
  );
  expect(requestCounts(answer.requests).Everywhere).toBeUndefined();
});

test('deployments with another task all the time do not replace those that count', async () => {
  const team = teamThat((team, sha, i, when) => {
    team.deploy(sha, when(2), { task: 'migrate' });
    if (i <= 2) team.deploy(sha, when(4));
  });
  expect(hasDrifted(await asked(team))).toBe(true);
});

describe('a job that makes no deployment any more', () => {
  const job = (name: string, when: (minutes: number) => string, deploys: boolean) => ({
    name,
    from: when(1),
    to: when(4),
    deploys,
  });

  test('is named, and there is no verdict', async () => {
    const team = teamThat((team, sha, i, when) =>
      recordRun(team, sha, { id: 100 + i, jobs: [job('deploy', when, i <= 2)] }),
    );
    const { sentence, requests } = await asked(team);
    expect(sentence).toContain('job deploy in deploy.yml makes no deployment to production.');
    expect(sentence).toContain(
      '"deploy-source: workflow" with "deploy-workflow: deploy.yml" and "deploy-job: deploy"',
    );
    expect(requests.find((request) => hasRequest(request, 'Everywhere'))).toBe(
      requests.find((request) => hasRequest(request, 'Suites')),
    );
  });

  test('is not a green run without the job that deploys', async () => {
    const team = teamThat((team, sha, i, when) => {
      const jobs = [job('test', when, false), ...(i <= 2 ? [job('deploy', when, true)] : [])];
      recordRun(team, sha, { id: 100 + i, jobs });
    });
    expect(hasDrifted(await asked(team))).toBe(true);
  });

  test('is not a job that deployed to staging', async () => {
    const team = teamThat((team, sha, i, when) => {
      recordRun(team, sha, { id: 100 + i, jobs: [job('deploy', when, true)], environment: 'staging' });
      if (i <= 2) recordRun(team, sha, { id: 200 + i, jobs: [job('deploy', when, true)] });
    });
    expect(hasDrifted(await asked(team))).toBe(true);
  });
});

describe('another workflow that deploys, with a workflow as the source', () => {
  const source = { ...inputs, 'deploy-source': 'workflow', 'deploy-workflow': 'deploy.yml' };
  const runs = (team: Team, sha: string, id: number, when: (minutes: number) => string, workflow: string) =>
    recordRun(team, sha, {
      id,
      workflow,
      jobs: [{ name: 'deploy', from: when(1), to: when(4), deploys: false }],
    });

  test('is named, and there is no verdict', async () => {
    const team = teamThat((team, sha, i, when) =>
      runs(team, sha, 100 + i, when, i <= 2 ? 'deploy.yml' : 'release.yml'),
    );
    recordRun(team, team.world.commits[1]?.oid ?? '', {
      id: 90,
      jobs: [{ name: 'deploy', from: '2026-03-01T10:01:00Z', to: '2026-03-01T10:04:00Z', deploys: false }],
    });
    const { sentence } = await asked(team, { inputs: source });
    expect(sentence).toContain('release.yml runs instead of deploy.yml. Set "deploy-workflow: release.yml".');
  });

  test('is named if it also ran for the last commit that the old one deployed', async () => {
    const team = teamThat((team, sha, i, when) => {
      runs(team, sha, 100 + i, when, i <= 2 ? 'deploy.yml' : 'release.yml');
      if (i === 2) runs(team, sha, 150, (minutes) => when(minutes + 10), 'release.yml');
    });
    recordRun(team, team.world.commits[1]?.oid ?? '', {
      id: 90,
      jobs: [{ name: 'deploy', from: '2026-03-01T10:01:00Z', to: '2026-03-01T10:04:00Z', deploys: false }],
    });
    expect((await asked(team, { inputs: source })).sentence).toContain('Set "deploy-workflow: release.yml".');
  });

  test('is named if the last run deployed the commit that triggered it', async () => {
    const team = teamThat((team, sha, i, when) => {
      if (i === 2) return;
      const options = { event: 'workflow_run', workflow: i <= 3 ? 'deploy.yml' : 'release.yml' };
      const job = { name: 'deploy', from: when(4), to: when(8), deploys: false };
      // The checks of change 2 end after change 3 was merged.
      const ended = i === 3 ? when(2) : when(3);
      const checked =
        i === 3 ? (team.world.pulls.find(({ number }) => number === 2)?.mergeCommit ?? '') : sha;
      recordRun(team, checked, {
        id: 60 + i,
        workflow: 'ci.yml',
        jobs: [{ name: 'test', from: when(i === 3 ? -20 : 1), to: ended, deploys: false }],
      });
      recordRun(team, sha, { id: 100 + i, ...options, jobs: [job] });
    });
    const begin = team.world.commits[1]?.oid ?? '';
    recordRun(team, begin, {
      id: 90,
      jobs: [{ name: 'deploy', from: '2026-03-01T10:01:00Z', to: '2026-03-01T10:04:00Z', deploys: false }],
    });
    const ref = '${' + '{ github.event.workflow_run.head_sha }}';
    team.world.files = {
      '.github/workflows/deploy.yml': `on:\n  workflow_run:\n    workflows: [ci.yml]\njobs:\n  deploy:\n    environment: production\n    steps:\n      - uses: actions/checkout@v4\n        with:\n          ref: ${ref}\n`,
      '.github/workflows/ci.yml': 'name: ci.yml\non: push\njobs:\n  test:\n    steps: []\n',
    };
    expect((await asked(team, { inputs: source })).sentence).toContain('Set "deploy-workflow: release.yml".');
  });

  test('is not a workflow that always ran', async () => {
    const team = teamThat((team, sha, i, when) => {
      runs(team, sha, 200 + i, when, 'ci.yml');
      if (i <= 2) runs(team, sha, 100 + i, when, 'deploy.yml');
    });
    recordRun(team, team.world.commits[1]?.oid ?? '', {
      id: 90,
      jobs: [{ name: 'deploy', from: '2026-03-01T10:01:00Z', to: '2026-03-01T10:04:00Z', deploys: false }],
    });
    expect(hasDrifted(await asked(team, { inputs: source }))).toBe(true);
  });
});

describe('deployments that stop while merges go on', () => {
  const stopped = (deploy: Parameters<typeof teamThat>[0] = () => {}) =>
    teamThat((team, sha, i, when) => {
      if (i <= 2) team.deploy(sha, when(4));
      else deploy(team, sha, i, when);
    });
  const TRIED = 'no deployment has been tried since';
  const green = (team: Team, sha: string, i: number, when: (minutes: number) => string) =>
    recordRun(team, sha, {
      id: 100 + i,
      jobs: [
        { name: 'test', from: when(1), to: when(4), deploys: false },
        ...(i <= 2 ? [{ name: 'deploy', from: when(4), to: when(6) }] : []),
      ],
    });

  test('leave the verdict, and the reason says since when none was tried and which options to set', async () => {
    const answer = await asked(stopped());
    expect(answer.report).toMatchObject({
      status: 'drifted',
      confidence: 'sure',
      stopped: { since: '2026-03-02T10:04:00.000Z' },
    });
    expect(summaryText(answer)).toContain(
      '**Why:** no deployment has been tried since 2 Mar, 10:04 UTC. If deployments are recorded elsewhere now, set "environment" or "deploy-source". **First:** deploy',
    );
  });

  test('are named if the runs of the changes are green and none of them deploys', async () => {
    expect(summaryText(await asked(teamThat(green)))).toContain(TRIED);
  });

  test('are named for a workflow that does not run any more', async () => {
    const team = teamThat((team, sha, i, when) => i <= 3 && green(team, sha, i - 1, when));
    const source = { 'deploy-source': 'workflow', 'deploy-workflow': 'deploy.yml' };
    const { report } = await asked(team, { inputs: { ...inputs, ...source } });
    expect(report.stopped?.reason).toContain('set "deploy-workflow" or "deploy-source".');
  });

  test('cost no more than looking for them elsewhere', async () => {
    const { requests } = await asked(stopped(), { inputs: { ...inputs, stages: 'none' } });
    expect(requestCounts(requests)).toEqual({ Opening: 1, Everywhere: 1 });
  });

  test.each([
    [
      'failed',
      (team: Team, sha: string, _: number, when: (minutes: number) => string) =>
        team.deploy(sha, when(4), { outcome: 'FAILURE' }),
    ],
    [
      'is running',
      (team: Team, sha: string, _: number, when: (minutes: number) => string) =>
        team.deploy(sha, when(4), { outcome: 'IN_PROGRESS' }),
    ],
  ])('are not named if a later one %s', async (_, deploy) => {
    expect((await asked(stopped(deploy))).report.stopped).toBeUndefined();
  });

  test.each([
    ['failed', { to: (when: string) => when, conclusion: 'failure' }],
    ['was cancelled', { to: (when: string) => when, conclusion: 'cancelled' }],
    ['has not ended', { to: () => null }],
  ])('are not named if a run that would have deployed %s', async (_, { to, ...job }) => {
    const team = teamThat((team, sha, i, when) =>
      i <= 2
        ? green(team, sha, i, when)
        : recordRun(team, sha, {
            id: 100 + i,
            jobs: [{ name: 'test', from: when(1), to: to(when(4)), deploys: false, ...job }],
          }),
    );
    const { report } = await asked(team);
    expect(report).toMatchObject({ status: 'drifted' });
    expect(report.stopped).toBeUndefined();
  });

  test('are not named before several of the usual intervals', async () => {
    const { report } = await asked(stopped(), { inputs: { ...inputs, 'as-of': at('12:10:00') } });
    expect(report).toMatchObject({ status: 'drifted' });
    expect(report.stopped).toBeUndefined();
  });

  test('are not named if no change was merged for as long', async () => {
    const team = begun();
    for (const hour of ['07', '08', '09'])
      team.deploy(team.merge(Number(hour), at(`${hour}:00:00`)), at(`${hour}:04:00`));
    for (let i = 11; i <= 18; i++) team.merge(i, at('09:30:00'));
    const { report } = await asked(team);
    expect(report).toMatchObject({ status: 'drifted' });
    expect(report.stopped).toBeUndefined();
  });
});
