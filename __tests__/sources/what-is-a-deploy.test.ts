import { describe, expect, test } from '@jest/globals';
import { story } from '../../src/fake-github/story.ts';
import { recordRun } from '../support/actions.ts';
import { ask, changeOf } from '../support/ask.ts';
import { at, begun, day, NOW } from '../support/day.ts';

/** Which runs, releases and environments count as deployments. */

type Team = ReturnType<typeof story>;
type Answer = Awaited<ReturnType<typeof ask>>;
const remarks = ({ report }: Answer) => report.remarks.map((remark) => remark.what).join('\n');

describe('deploy-source: workflow', () => {
  const inputs = {
    window: '20h',
    'deploy-source': 'workflow',
    'deploy-workflow': 'deploy.yml',
    stages: 'none',
  };
  const answerTo = (team: Team, more: Record<string, string> = {}) =>
    ask(team.world, { now: NOW, inputs: { ...inputs, ...more } });
  const run = (
    team: Team,
    id: number,
    sha: string,
    from: string,
    to: string,
    more: { event?: string; branch?: string; jobs?: [string, string][] } = {},
  ) =>
    recordRun(team, sha, {
      id,
      ...(more.event ? { event: more.event } : {}),
      ...(more.branch ? { branch: more.branch } : {}),
      jobs: (more.jobs ?? [['deploy', 'success']]).map(([name, conclusion]) => ({
        name,
        from,
        to,
        conclusion,
        deploys: false,
      })),
    });
  const started = () => {
    const team = story();
    run(team, 41, team.tip(), '2026-03-01T10:01:00Z', '2026-03-01T10:05:00Z');
    return team;
  };

  test('a push run without a branch counts if its commit was on the base branch', async () => {
    const team = started();
    const merged = team.merge(1, at('10:00:00'));
    run(team, 42, merged, at('10:02:00'), at('10:06:00'), { event: 'push' });
    for (const deployed of team.world.runs ?? []) if (deployed.id === 42) deployed.branch = null;
    expect(changeOf(await answerTo(team), 1)).toMatchObject({ deployment: 42, leadTimeSeconds: 360 });
  });

  test.each([
    ['for a pushed tag', 'push', 'v1.2.0'],
    ['for a published release', 'release', 'v1.2.0'],
    ['for workflow_run', 'workflow_run', 'main'],
    ['for repository_dispatch', 'repository_dispatch', 'main'],
    ['on a schedule', 'schedule', 'main'],
    ['started by hand on any branch', 'workflow_dispatch', 'hotfix'],
  ])('a run %s counts', async (_, event, branch) => {
    const team = started();
    const merged = team.merge(1, at('10:00:00'));
    if (branch.startsWith('v')) team.world.tags = [{ name: branch, sha: merged }];
    run(team, 42, merged, at('10:02:00'), at('10:06:00'), { event, branch });
    expect(changeOf(await answerTo(team), 1)).toMatchObject({ deployment: 42, leadTimeSeconds: 360 });
  });

  test('a push to another branch does not count', async () => {
    const team = started();
    run(team, 42, team.merge(1, at('10:00:00')), at('10:02:00'), at('10:06:00'), { branch: 'feature' });
    expect(changeOf(await answerTo(team), 1)).toMatchObject({ deployment: null });
  });

  test('a run started by merging a pull request counts for the merged change', async () => {
    const team = started();
    team.merge(1, at('10:00:00'));
    const head = team.world.pulls[0]?.commits.at(-1) ?? '';
    run(team, 42, head, at('10:00:05'), at('10:06:00'), { event: 'pull_request', branch: 'topic-1' });
    const answer = await answerTo(team);
    expect(changeOf(answer, 1)).toMatchObject({ deployment: 42, leadTimeSeconds: 360 });
    expect(remarks(answer)).not.toContain('pull request');
  });

  test('other pull request runs do not count, and are reported', async () => {
    const team = started();
    team.merge(1, at('10:00:00'));
    const head = team.world.pulls[0]?.commits.at(-1) ?? '';
    run(team, 42, head, at('09:30:00'), at('09:36:00'), { event: 'pull_request', branch: 'topic-1' });
    run(team, 43, 'a'.repeat(40), at('11:30:00'), at('11:36:00'), { event: 'pull_request_target' });
    const answer = await answerTo(team);
    expect(changeOf(answer, 1)).toMatchObject({ deployment: null });
    expect(remarks(answer)).toContain('Skipped 2 pull request runs that no merge started.');
  });

  test('no run counts: the error lists the events of the newest runs', async () => {
    const team = story();
    for (let i = 0; i < 3; i++)
      run(team, 50 + i, team.tip(), at('09:30:00'), at('09:36:00'), { event: 'pull_request', branch: 'x' });
    await expect(answerTo(team)).rejects.toThrow('Its newest runs were started by pull_request (3)');
  });

  test('deploy-job is searched in the newest runs of every event', async () => {
    const team = story();
    run(team, 41, team.tip(), '2026-03-01T10:01:00Z', '2026-03-01T10:05:00Z', {
      jobs: [['test', 'success']],
    });
    run(team, 42, team.tip(), '2026-03-01T10:11:00Z', '2026-03-01T10:15:00Z', {
      event: 'release',
      branch: 'v1',
      jobs: [['publish', 'success']],
    });
    const merged = team.merge(1, at('10:00:00'));
    run(team, 43, merged, at('10:02:00'), at('10:06:00'), {
      event: 'release',
      branch: 'v2',
      jobs: [['publish', 'success']],
    });
    expect(changeOf(await answerTo(team, { 'deploy-job': 'publish' }), 1)).toMatchObject({ deployment: 43 });
  });

  test('deploy-event limits the events', async () => {
    const team = started();
    run(team, 40, team.tip(), '2026-03-01T10:01:00Z', '2026-03-01T10:05:00Z', {
      event: 'release',
      branch: 'v0',
    });
    const merged = team.merge(1, at('10:00:00'));
    run(team, 42, merged, at('10:02:00'), at('10:06:00'));
    run(team, 43, merged, at('10:32:00'), at('10:36:00'), { event: 'release', branch: 'v1' });
    expect(changeOf(await answerTo(team, { 'deploy-event': 'release' }), 1)).toMatchObject({
      deployment: 43,
    });
    expect(changeOf(await answerTo(team, { 'deploy-event': 'push, release' }), 1)).toMatchObject({
      deployment: 42,
    });
  });

  test('a run with a skipped deploy job does not count', async () => {
    const team = started();
    const merged = team.merge(1, at('10:00:00'));
    run(team, 42, merged, at('10:02:00'), at('10:06:00'), {
      jobs: [
        ['build', 'success'],
        ['deploy', 'skipped'],
      ],
    });
    run(team, 43, merged, at('10:32:00'), at('10:36:00'), {
      jobs: [
        ['build', 'success'],
        ['notify on failure', 'skipped'],
        ['deploy', 'success'],
      ],
    });
    const answer = await answerTo(team);
    expect(changeOf(answer, 1)).toMatchObject({ deployment: 43 });
    expect(remarks(answer)).toContain('Skipped 1 successful run whose deploy job was skipped.');
  });

  test('the job that deploys is the one whose environment in the workflow file is the measured one', async () => {
    const team = started();
    team.world.files = {
      '.github/workflows/deploy.yml':
        'jobs:\n  build:\n  roll:\n    environment: production\n  deploy-docs:\n    runs-on: x\n',
    };
    const merged = team.merge(1, at('10:00:00'));
    const jobs = (roll: string, docs: string): [string, string][] => [
      ['build', 'success'],
      ['roll', roll],
      ['deploy-docs', docs],
    ];
    run(team, 42, merged, at('10:02:00'), at('10:06:00'), { jobs: jobs('skipped', 'success') });
    run(team, 43, merged, at('10:12:00'), at('10:16:00'), { jobs: jobs('success', 'skipped') });
    expect(changeOf(await answerTo(team), 1)).toMatchObject({ deployment: 43 });
  });

  describe('a successful run whose deploy job failed', () => {
    const green = (team: Team, jobs: [string, string][]) => {
      run(team, 42, team.merge(1, at('10:00:00')), at('10:02:00'), at('10:06:00'), { jobs });
      const recorded = team.world.runs?.at(-1);
      if (recorded) recorded.conclusion = 'success';
      return recorded;
    };
    const file = (text: string) => ({ '.github/workflows/deploy.yml': text });

    test('is not live, and the job is named', async () => {
      const team = started();
      green(team, [
        ['build', 'success'],
        ['deploy', 'failure'],
      ]);
      const answer = await answerTo(team);
      expect(changeOf(answer, 1)).toMatchObject({ deployment: null, waitingSeconds: 36_000 });
      expect(answer.report.findings.find(({ kind }) => kind === 'stuck')?.message).toContain(
        'Its newest deployment failed in deploy.',
      );
      expect(remarks(answer)).toContain('A deploy job failed in 1 successful run (deploy).');
    });

    test('one region of several is enough', async () => {
      const team = started();
      green(team, [
        ['deploy (eu)', 'success'],
        ['deploy (us)', 'failure'],
      ]);
      expect(changeOf(await answerTo(team), 1)).toMatchObject({ deployment: null });
    });

    test('is known by its environment in the workflow file', async () => {
      const team = started();
      team.world.files = file('jobs:\n  roll:\n    environment: production\n  deploy-docs:\n    steps: []\n');
      green(team, [
        ['roll', 'success'],
        ['deploy-docs', 'failure'],
      ]);
      expect(changeOf(await answerTo(team), 1)).toMatchObject({ deployment: 42 });
      const other = started();
      other.world.files = team.world.files;
      green(other, [
        ['roll', 'failure'],
        ['deploy-docs', 'success'],
      ]);
      expect(changeOf(await answerTo(other), 1)).toMatchObject({ deployment: null });
    });

    test('is known by its environment in a called workflow', async () => {
      const team = started();
      team.world.files = {
        ...file('jobs:\n  release:\n    uses: ./.github/workflows/ship.yml\n'),
        '.github/workflows/ship.yml':
          'jobs:\n  roll:\n    environment: production\n  smoke:\n    steps: []\n',
      };
      const other = started();
      other.world.files = team.world.files;
      green(team, [
        ['release / roll', 'failure'],
        ['release / smoke', 'success'],
      ]);
      green(other, [
        ['release / roll', 'success'],
        ['release / smoke', 'failure'],
      ]);
      expect(changeOf(await answerTo(team), 1)).toMatchObject({ deployment: null });
      expect(changeOf(await answerTo(other), 1)).toMatchObject({ deployment: 42 });
    });

    test('counts from the retry that succeeds', async () => {
      const team = started();
      const recorded = green(team, [['deploy', 'failure']]);
      if (!recorded) throw new Error('no run');
      const retry = { name: 'deploy', startedAt: at('11:00:00'), completedAt: at('11:05:00') };
      recorded.jobs.push({ ...retry, conclusion: 'success', attempt: 2 });
      Object.assign(recorded, { attempt: 2, startedAt: at('11:00:00'), updatedAt: at('11:05:00') });
      recorded.earlier = [{ conclusion: 'success', updatedAt: at('10:06:00') }];
      expect(changeOf(await answerTo(team), 1)).toMatchObject({ deployment: 42, leadTimeSeconds: 3900 });
    });

    test('another failed job makes no difference', async () => {
      const team = started();
      green(team, [
        ['lint', 'failure'],
        ['deploy', 'success'],
      ]);
      const answer = await answerTo(team);
      expect(changeOf(answer, 1)).toMatchObject({ deployment: 42, leadTimeSeconds: 360 });
      expect(remarks(answer)).not.toContain('deploy job');
    });
  });

  describe('a run started by hand that can get the commit as an input', () => {
    const EXPRESSION = '${' + '{ inputs.sha || github.sha }}';
    const fileWith = (step: string) =>
      `on:\n  push:\n  workflow_dispatch:\njobs:\n  deploy:\n    environment: production\n    steps:\n      - ${step}\n`;
    const CHECKOUT = `uses: actions/checkout@v4\n        with:\n          ref: ${EXPRESSION}`;
    const SCRIPT = `run: git checkout ${EXPRESSION}`;
    const NOTE = 'an older commit may have been deployed, so it may have gone live later';
    function byHand(step: string, event = 'workflow_dispatch') {
      const team = started();
      run(team, 42, team.merge(1, at('10:00:00')), at('10:02:00'), at('10:06:00'), { event });
      run(team, 43, team.merge(2, at('13:00:00')), at('13:02:00'), at('13:06:00'));
      team.world.files = { '.github/workflows/deploy.yml': fileWith(step) };
      return team;
    }

    test.each([
      ['a checkout', CHECKOUT, 'workflow_dispatch'],
      ['a script', SCRIPT, 'workflow_dispatch'],
      [
        'an event of another system',
        CHECKOUT.replace('inputs', 'github.event.client_payload'),
        'repository_dispatch',
      ],
    ])('may have deployed an older commit, and the report names the change (%s)', async (_, step, event) => {
      const answer = await answerTo(byHand(step, event));
      expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 360, notes: [NOTE] });
      expect(changeOf(answer, 2)?.notes).toEqual([]);
      expect(remarks(answer)).toContain('1 change may have gone live later than reported (#1).');
      expect(answer.report.status).not.toBe('insufficient-data');
    });

    test('leaves no verdict if it depends on the commit', async () => {
      const { report } = await answerTo(byHand(CHECKOUT), { target: '10m', statistic: 'max' });
      expect(report).toMatchObject({ status: 'insufficient-data', reason: 'unreadable' });
    });

    test.each([
      ['a push', CHECKOUT, 'push'],
      ['a plain checkout', 'uses: actions/checkout@v4', 'workflow_dispatch'],
    ])('is not in doubt with %s', async (_, step, event) => {
      expect(changeOf(await answerTo(byHand(step, event)), 1)?.notes).toEqual([]);
    });
  });

  test('a run whose jobs were all skipped does not count', async () => {
    const team = started();
    run(team, 42, team.merge(1, at('10:00:00')), at('10:02:00'), at('10:06:00'), {
      jobs: [['work', 'skipped']],
    });
    expect(changeOf(await answerTo(team), 1)).toMatchObject({ deployment: null });
  });

  test('a run for a pushed tag on a later page counts', async () => {
    const team = started();
    const merged = team.merge(1, at('10:00:00'));
    team.world.tags = [{ name: 'v1', sha: merged }];
    run(team, 42, merged, at('10:02:00'), at('10:06:00'), { branch: 'v1' });
    for (let i = 0; i < 100; i++)
      run(team, 100 + i, team.tip(), at(`11:${10 + Math.floor(i / 60)}:${10 + (i % 50)}`), at('11:50:00'), {
        branch: 'feature',
      });
    expect(changeOf(await answerTo(team), 1)).toMatchObject({ deployment: 42 });
  });

  test('a run without an actor counts like any other', async () => {
    const team = started();
    run(team, 42, team.merge(1, at('10:00:00')), at('10:02:00'), at('10:06:00'));
    for (const run of team.world.runs ?? []) delete run.actor;
    expect(changeOf(await answerTo(team, { stages: 'auto' }), 1)).toMatchObject({ deployment: 42 });
  });

  test('runs of other events are listed separately if most runs are for pull requests', async () => {
    const team = story('acme', 'shop', '2026-02-01T00:00:00Z');
    const iso = (minutes: number) =>
      new Date(Date.parse('2026-02-20T00:00:00Z') + minutes * 60_000).toISOString().replace('.000Z', 'Z');
    for (let i = 0; i < 900; i++) {
      const runAt = (id: number, sha: string, more: { event?: string; branch?: string }) =>
        run(team, id, sha, iso(i * 10 + 1), iso(i * 10 + 5), more);
      if (i % 90 === 0) runAt(1000 + i, team.merge(i + 1, iso(i * 10)), {});
      else runAt(5000 + i, 'b'.repeat(40), { event: 'pull_request', branch: 'x' });
    }
    const answer = await ask(team.world, { now: iso(9000), inputs: { ...inputs, window: '6d' } });
    expect(answer.report.leadTime).toMatchObject({ pending: 0, p50: 300 });
    expect(answer.requests.length).toBeLessThanOrEqual(8);
  });
});

describe('deploy-job names a matrix or a job of a called workflow', () => {
  type Leg = [name: string, to: string | null, conclusion?: string, attempt?: number];
  const deployed = (legs: Leg[], conclusion?: string) => {
    const team = begun();
    recordRun(team, team.tip(), {
      id: 41,
      createdAt: '2026-03-01T11:00:00Z',
      jobs: legs.map(([name]) => ({ name, from: '2026-03-01T11:01:00Z', to: '2026-03-01T11:05:00Z' })),
    });
    recordRun(team, team.merge(1, at('10:00:00')), {
      id: 42,
      ...(conclusion ? { conclusion } : {}),
      jobs: legs.map(([name, to, result = 'success', attempt = 1]) => ({
        name,
        from: at(attempt === 1 ? '10:02:00' : '10:20:00'),
        to: to && at(to),
        conclusion: result,
        attempt,
        deploys: result !== 'skipped' && !name.includes('test'),
      })),
    });
    return team;
  };
  const legs: Leg[] = [
    ['test (20)', '10:04:00'],
    ['deploy (eu)', '10:05:00'],
    ['deploy (us)', '10:30:00'],
  ];
  const sources = [['deployments'], ['workflow']];
  const answerFrom = (source: string, team: Team, more: Record<string, string> = {}, now = NOW) =>
    ask(team.world, {
      now,
      inputs: {
        window: '20h',
        stages: 'none',
        'deploy-source': source,
        'deploy-workflow': 'deploy.yml',
        'deploy-job': 'deploy',
        ...more,
      },
    });
  const leadTimeFrom = async (...asked: Parameters<typeof answerFrom>) =>
    changeOf(await answerFrom(...asked), 1)?.leadTimeSeconds;

  test.each(sources)('a run is live when its last leg has succeeded (%s)', async (source) => {
    expect(await leadTimeFrom(source, deployed(legs))).toBe(1800);
  });

  test.each(sources)('live: first counts the first leg (%s)', async (source) => {
    expect(await leadTimeFrom(source, deployed(legs), { live: 'first' })).toBe(300);
  });

  test.each(sources)('the full name of a leg selects only that leg (%s)', async (source) => {
    expect(await leadTimeFrom(source, deployed(legs), { 'deploy-job': 'deploy (eu)' })).toBe(300);
  });

  test.each(sources)('the job of a called workflow counts by its own name (%s)', async (source) => {
    const called: Leg[] = [
      ['release / test', '10:04:00'],
      ['release / deploy (eu)', '10:05:00'],
      ['release / deploy (us)', '10:30:00'],
    ];
    expect(await leadTimeFrom(source, deployed(called))).toBe(1800);
    expect(await leadTimeFrom(source, deployed(called), { 'deploy-job': 'release / deploy' })).toBe(1800);
  });

  test.each(sources)('a job of another called workflow is no leg of the own job (%s)', async (source) => {
    const both: Leg[] = [
      ['deploy', '10:05:00'],
      ['docs / deploy', '10:30:00'],
    ];
    expect(await leadTimeFrom(source, deployed(both))).toBe(300);
  });

  test.each(sources)(
    'a leg that failed is named, and its repetition makes the run live (%s)',
    async (source) => {
      const failed: Leg[] = [
        ['deploy (eu)', '10:05:00'],
        ['deploy (us)', '10:06:00', 'failure'],
      ];
      const { report } = await answerFrom(source, deployed(failed));
      expect(changeOf({ report }, 1)).toMatchObject({ deployment: null });
      expect(report.deployments.find(({ outcome }) => outcome === 'failure')?.parts).toContainEqual(
        expect.objectContaining({ job: 'deploy (us)', outcome: 'failure' }),
      );
      const repeated = deployed([...failed, ['deploy (us)', '10:25:00', 'success', 2]]);
      expect(await leadTimeFrom(source, repeated)).toBe(1500);
    },
  );

  test.each(sources)('a run is not live while a leg is running (%s)', async (source) => {
    const running = deployed([
      ['deploy (eu)', '10:05:00'],
      ['deploy (us)', null],
    ]);
    const answer = await answerFrom(source, running, {}, at('10:40:00'));
    expect(changeOf(answer, 1)).toMatchObject({ deployment: null, waitingSeconds: 2400 });
  });

  test('a skipped placeholder of the first attempt is no leg', async () => {
    const team = deployed([
      ['deploy', '10:02:00', 'skipped'],
      ['deploy (eu)', '10:25:00', 'success', 2],
      ['deploy (us)', '10:30:00', 'success', 2],
    ]);
    expect(await leadTimeFrom('workflow', team)).toBe(1800);
  });

  test('a run with more than 100 jobs has all legs', async () => {
    const many = Array.from({ length: 120 }, (_, i): Leg => [`test (${i})`, '10:03:00']);
    expect(await leadTimeFrom('workflow', deployed([...many, ...legs]))).toBe(1800);
  });
});

describe('deploy-source: releases', () => {
  const inputs = { window: '20h', 'deploy-source': 'releases' };
  function released() {
    const team = story();
    const release = (tag: string, sha: string, publishedAt: string, author = 'ada') =>
      team.world.releases?.push({ tag, sha, createdAt: publishedAt, publishedAt, author });
    release('v1', team.tip(), '2026-03-01T09:30:00Z');
    return { team, release };
  }

  test('deploy-tag selects releases by pattern, such as those of one component', async () => {
    const { team, release } = released();
    release('api-v1', team.tip(), '2026-03-01T09:40:00Z');
    const merged = team.merge(1, at('10:00:00'));
    release('web-v2', merged, at('10:10:00'));
    release('api-v2', merged, at('10:30:00'));
    const answer = await ask(team.world, { now: NOW, inputs: { ...inputs, 'deploy-tag': 'api-v*' } });
    expect(changeOf(answer, 1)).toMatchObject({ deployment: 'api-v2', leadTimeSeconds: 1800 });
  });

  test('a release older than its commit, such as a moving latest, is not a deployment, and is reported', async () => {
    const { team, release } = released();
    const merged = team.merge(1, at('10:00:00'));
    release('latest', merged, '2026-02-01T00:00:00Z');
    release('v2', merged, at('20:00:00'));
    const answer = await ask(team.world, { now: NOW, inputs });
    expect(changeOf(answer, 1)).toMatchObject({ deployment: 'v2', leadTimeSeconds: 36_000 });
    expect(answer.report.completeness.gaps[0]?.what).toContain('because their tags were moved: latest');
  });

  test.each(['github-actions', 'github-actions[bot]', 'app/github-actions', 'renovate'])(
    'a release by a bot is not made by hand: %s',
    async (author) => {
      const { team, release } = released();
      release('v2', team.merge(1, at('10:00:00')), at('10:30:00'), author);
      const { report } = await ask(team.world, {
        now: NOW,
        inputs,
        surroundings: { eventName: 'schedule' },
      });
      expect(report.findings.map((finding) => finding.kind)).not.toContain('manual');
    },
  );

  test('a release by a person is made by hand', async () => {
    const { team, release } = released();
    release('v2', team.merge(1, at('10:00:00')), at('10:30:00'), 'ada');
    const { report } = await ask(team.world, { now: NOW, inputs, surroundings: { eventName: 'schedule' } });
    expect(report.findings.map((finding) => finding.kind)).toContain('manual');
  });
});

describe('an environment without deployments', () => {
  const crowded = () => {
    const team = begun();
    for (const deployment of team.world.deployments) deployment.environment = 'Production';
    for (let i = 0; i < 150; i++)
      team.deploy(team.tip(), at(`1${i % 10}:${10 + (i % 50)}:00`), { environment: `preview-${i}` });
    return team;
  };
  test('an unknown environment name: the error lists the most similar names first, so that 150 previews do not hide Production', async () => {
    const answer = ask(crowded().world, { ...day, inputs: { ...day.inputs, environment: 'prod' } });
    await expect(answer).rejects.toThrow(
      /Accepted: one of Production, .* and \d+ more\. Last successful deployments: Production \(2026-03-01\)/,
    );
  });

  test('different capitalization is accepted if only one name matches, and is reported', async () => {
    const team = crowded();
    const merged = team.merge(1, at('10:00:00'));
    team.deploy(merged, at('10:05:00'), { environment: 'Production' });
    team.deploy(merged, at('10:06:00'), { environment: 'Production', task: 'deploy:migrations' });
    const answer = await ask(team.world, day);
    expect(remarks(answer)).toContain(
      'Skipped 1 deployment with another task than "deploy" (deploy:migrations)',
    );
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 360 });
    expect(answer.report.environment).toBe('Production');
    expect(remarks(answer)).toContain('GitHub spells it "Production"');
  });

  test('two names that match are an error', async () => {
    const team = crowded();
    team.deploy(team.tip(), at('10:05:00'), { environment: 'PRODUCTION' });
    await expect(ask(team.world, day)).rejects.toThrow('there is no such environment');
  });

  test('a job with deployment: false is named in the error if the workflow file has it', async () => {
    const team = begun();
    for (const deployment of team.world.deployments) deployment.environment = 'staging';
    team.world.files = {
      '.github/workflows/ship.yml':
        'jobs:\n  ship:\n    environment:\n      name: production\n      deployment: false\n    steps: []\n',
    };
    await expect(ask(team.world, day)).rejects.toThrow(
      'Job "ship" in ship.yml uses it with "deployment: false"',
    );
  });
});
