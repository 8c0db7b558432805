import { describe, expect, test } from '@jest/globals';
import type { Execute } from '../../src/fake-github/execute.ts';
import type { Files } from '../../src/fake-github/story.ts';
import { at, begun } from '../support/day.ts';
import { runWithConfigFile } from '../support/config-file.ts';
import { executeAsGitHub } from '../support/schema.ts';
import { commentsOn } from '../support/written.ts';
import { hasRequest, queriesIn } from '../support/requests.ts';

/** Several services in one repository. */

const TWO = `
services:
  api:
    paths: [services/api/**, libs/shared]
    environment: production-api
  web:
    paths: web/
    environment: production-web
`;

/** A team that has deployed both services before. */
function teamOfTwo() {
  const team = begun();
  const sha = team.push('2026-03-01T11:00:00Z', {
    files: [
      'services/api/a.ts',
      'services/api/b.ts',
      'libs/shared/s.ts',
      'web/w.ts',
      'README.md',
      'old/o.ts',
    ],
  });
  for (const environment of ['production-api', 'production-web'])
    team.deploy(sha, '2026-03-01T11:05:00Z', { environment });
  return team;
}

/** Asks about a change to these files, merged in the morning, with both services deployed at noon. */
async function askAbout(
  files: Files | Files[],
  options: Parameters<ReturnType<typeof teamOfTwo>['merge']>[2] = {},
) {
  const team = teamOfTwo();
  team.merge(1, at('09:00:00'), { ...options, files });
  for (const environment of ['production-api', 'production-web'])
    team.deploy(team.tip(), at('12:00:00'), { environment });
  const run = await runWithConfigFile(team.world, TWO);
  return { api: run.changes('api'), web: run.changes('web'), elsewhere: run.report.elsewhere, ...run };
}

describe('a change touches a service if it changes a tree entry of its paths', () => {
  test('a squashed pull request', async () => {
    expect(await askAbout(['services/api/a.ts'])).toMatchObject({ api: [1], web: [], elsewhere: 0 });
  });

  test('a merge commit, with any commit of its branch', async () => {
    expect(
      await askAbout([['services/api/a.ts'], ['web/w.ts']], { method: 'merge', commits: 2 }),
    ).toMatchObject({
      api: [1],
      web: [1],
    });
  });

  test('a merge commit of an old branch, compared with its first parent', async () => {
    const team = teamOfTwo();
    const old = team.tip();
    team.merge(1, at('08:00:00'), { files: ['services/api/a.ts'] });
    team.merge(2, at('09:00:00'), { method: 'merge', from: old, files: { 'web/w.ts': 'new' } });
    const run = await runWithConfigFile(team.world, TWO);
    expect([run.changes('api'), run.changes('web')]).toEqual([[1], [2]]);
  });

  test('a rebase merge of three commits', async () => {
    expect(
      await askAbout([['services/api/a.ts'], ['README.md'], ['services/api/b.ts']], {
        method: 'rebase',
        commits: 3,
      }),
    ).toMatchObject({ api: [1], web: [] });
  });

  test('a rebase merge that undoes its own change does not touch it', async () => {
    const undone: Files[] = [{ 'web/w.ts': 'x' }, ['services/api/a.ts'], { 'web/w.ts': 'web/w.ts@3' }];
    const team = teamOfTwo();
    const original = team.world.commits.at(-1)?.files?.['web/w.ts'] ?? '';
    team.merge(1, at('09:00:00'), { method: 'rebase', commits: 3, files: undone });
    const last = team.world.commits.at(-1);
    if (last?.files) last.files['web/w.ts'] = original;
    const run = await runWithConfigFile(team.world, TWO);
    expect([run.changes('api'), run.changes('web')]).toEqual([[1], []]);
  });

  test('an added file and a deleted file', async () => {
    const team = teamOfTwo();
    team.merge(1, at('08:00:00'), { files: { 'libs/shared/s.ts': null } });
    team.merge(2, at('09:00:00'), { files: ['libs/shared/new.ts'] });
    expect((await runWithConfigFile(team.world, TWO)).changes('api')).toEqual([1, 2]);
  });

  test('a file moved between services touches both', async () => {
    expect(await askAbout({ 'web/w.ts': null, 'services/api/w.ts': 'same' })).toMatchObject({
      api: [1],
      web: [1],
    });
  });

  test('a new mode of a file', async () => {
    const team = teamOfTwo();
    team.push('2026-03-01T12:00:00Z', { files: { 'deploy.sh': 'text' } });
    team.merge(1, at('09:00:00'), { files: { 'deploy.sh': 'text 33261' } });
    const file = 'services: { tool: { paths: deploy.sh }, rest: { paths: web } }\n';
    team.deploy(team.tip(), at('12:00:00'));
    expect((await runWithConfigFile(team.world, file)).changes('tool')).toEqual([1]);
  });

  test('a submodule at another commit', async () => {
    const team = teamOfTwo();
    team.push('2026-03-01T12:00:00Z', { files: { 'libs/shared/module': 'commit1 57344' } });
    team.merge(1, at('09:00:00'), { files: { 'libs/shared/module': 'commit2 57344' } });
    expect((await runWithConfigFile(team.world, TWO)).changes('api')).toEqual([1]);
  });

  test('a shared library touches only the services that list it', async () => {
    expect(await askAbout(['libs/shared/s.ts'])).toMatchObject({ api: [1], web: [] });
  });

  test('a change to two services has a lead time in each', async () => {
    const team = teamOfTwo();
    team.merge(1, at('09:00:00'), { files: ['services/api/a.ts', 'web/w.ts'] });
    team.deploy(team.tip(), at('09:10:00'), { environment: 'production-api' });
    team.deploy(team.tip(), at('10:00:00'), { environment: 'production-web' });
    const run = await runWithConfigFile(team.world, TWO);
    expect([run.times('api'), run.times('web')]).toEqual([{ 1: 660 }, { 1: 3660 }]);
  });

  test('a change to no service is not pending and counts as elsewhere', async () => {
    const run = await askAbout(['README.md']);
    expect(run).toMatchObject({ api: [], web: [], elsewhere: 1 });
    expect(run.outputs.pending).toBe('0');
    expect(run.summary).toContain('1 change touches no service.');
  });

  test('a direct push, if direct pushes count', async () => {
    const team = teamOfTwo();
    const oid = team.push(at('09:00:00'), { files: ['web/w.ts'] });
    const run = await runWithConfigFile(team.world, TWO, { inputs: { 'direct-pushes': 'count' } });
    expect([run.changes('api'), run.changes('web')]).toEqual([[], [oid]]);
  });

  test('pull requests of a merge queue, each with its own commit', async () => {
    const team = teamOfTwo();
    team.merge(1, at('09:00:00'), { files: ['web/w.ts'] });
    team.merge(2, at('09:00:01'), { files: ['services/api/a.ts'] });
    const run = await runWithConfigFile(team.world, TWO);
    expect([run.changes('api'), run.changes('web')]).toEqual([[2], [1]]);
  });
});

describe('a deployment ships the changes of its service', () => {
  test('and is a batch only with several of them', async () => {
    const team = teamOfTwo();
    team.merge(1, at('09:00:00'), { files: ['services/api/a.ts'] });
    team.merge(2, at('09:05:00'), { files: ['web/w.ts'] });
    team.deploy(team.tip(), at('09:10:00'), { environment: 'production-api' });
    const run = await runWithConfigFile(team.world, TWO);
    expect(run.unit('api').deployments.at(-1)).toMatchObject({ mergesets: [1], batched: false });
    expect(run.times('web')).toEqual({ 2: null });
  });

  test('and nothing is pending if its job was skipped without changes', async () => {
    const team = teamOfTwo();
    team.merge(1, at('09:00:00'), { files: ['web/w.ts'] });
    team.deploy(team.tip(), at('09:10:00'), { environment: 'production-web' });
    const run = await runWithConfigFile(team.world, TWO);
    expect(run.unit('api')).toMatchObject({ mergesets: [], status: 'insufficient-data' });
    expect(run.report.findings).toBeUndefined();
    expect(run.unit('api').findings.filter((finding: { kind: string }) => finding.kind === 'stuck')).toEqual(
      [],
    );
  });

  test('and the first one has no lead times for older changes', async () => {
    const team = teamOfTwo();
    team.merge(1, at('09:00:00'), { files: ['web/w.ts'] });
    team.merge(2, at('09:05:00'), { files: ['new/n.ts'] });
    team.deploy(team.tip(), at('09:10:00'), { environment: 'production-new' });
    const run = await runWithConfigFile(
      team.world,
      `${TWO}  new: { paths: new, environment: production-new }\n`,
    );
    expect(run.unit('new').mergesets).toMatchObject([{ number: 2, untimed: true }]);
  });

  test('and all changes of the repository if the service has no paths', async () => {
    const team = teamOfTwo();
    team.merge(1, at('09:00:00'), { files: ['README.md'] });
    team.deploy(team.tip(), at('09:10:00'));
    const run = await runWithConfigFile(team.world, 'services: { all: { environment: production } }\n');
    expect(run.times('all')).toEqual({ 1: 660 });
  });
});

test('a path that does not exist gets a remark', async () => {
  const team = teamOfTwo();
  team.merge(1, at('09:00:00'), { files: ['services/api/a.ts'] });
  const file =
    'services: { one: { environment: production, paths: services/Api }, two: { environment: production, paths: web } }\n';
  const { unit: service, summary } = await runWithConfigFile(team.world, file);
  expect(service('one').remarks[0].what).toBe('No commit that was read contains "services/Api".');
  expect(service('one').sentence).toBe(
    'No verdict. "paths" of this service matches nothing on main: "services/Api". Check the spelling, including upper and lower case.',
  );
  expect(summary).toContain('Check the spelling, including upper and lower case.');
});

test('a folder with brackets in its name is a folder', async () => {
  const team = teamOfTwo();
  team.push('2026-03-01T12:00:00Z', { files: ['app/(shop)/[id]/page.ts'] });
  team.merge(1, at('09:00:00'), { files: ['app/(shop)/[id]/page.ts'] });
  team.merge(2, at('09:10:00'), { files: ['web/w.ts'] });
  const file =
    'services: { one: { environment: production, paths: "app/(shop)/[id]/**" }, two: { environment: production, paths: web } }\n';
  expect((await runWithConfigFile(team.world, file)).changes('one')).toEqual([1]);
});

test('an open pull request in a folder with brackets touches its service', async () => {
  const team = teamOfTwo();
  const open = {
    number: 500,
    title: 'Open',
    createdAt: at('10:00:00'),
    mergedAt: null,
    mergeCommit: null,
    base: 'main',
    author: 'mira',
    commits: [],
    files: ['app/(shop)/page.ts'],
  };
  team.world.pulls.push(open);
  const file =
    'services: { shop: { environment: production, paths: "app/(shop)/**" }, web: { environment: production, paths: web } }\n';
  const event = { event: 'pull_request', payload: { pull_request: { number: 500 } } };
  const { written } = await runWithConfigFile(team.world, file, event);
  expect(written).toEqual(['POST /issues/500/comments']);
  expect(commentsOn(team.world, 500)[0]?.body).toContain('shop: Merge when it is ready.');
  expect(commentsOn(team.world, 500)[0]?.body).not.toContain('web: Merged now');
});

test('without tree entries from GitHub there is no verdict, and a gap says so', async () => {
  const team = teamOfTwo();
  const merged = team.merge(1, at('09:00:00'), { files: ['web/w.ts'] });
  for (const environment of ['production-api', 'production-web'])
    team.deploy(team.tip(), at('09:05:00'), { environment });
  const execute: Execute = async (root, request) => {
    const answer = await executeAsGitHub(root, request);
    const data = answer.data as Record<string, Record<string, unknown>>;
    for (const { name, variables, prefix } of queriesIn(request)) {
      const at = Object.entries(variables).find(([, value]) => value === merged)?.[0] ?? '';
      const repository = data[`${prefix}repository`];
      if (name === 'Entries' && repository) repository[at.replace('oid', 'commit')] = null;
    }
    return answer;
  };
  const { unit: service } = await runWithConfigFile(team.world, TWO, { github: { execute } });
  expect(service('api').status).toBe('insufficient-data');
  expect(service('api').completeness.gaps[0].what).toContain(
    `The entries of the paths at ${merged.slice(0, 7)}`,
  );
});

describe('patterns', () => {
  const fileWith = (paths: string) =>
    `services:\n  one: { environment: production, paths: ${paths} }\n  two: { environment: production, paths: web }\n`;

  async function runWith(paths: string, files: string[], pull: Partial<{ changedFiles: number }> = {}) {
    const team = teamOfTwo();
    team.merge(1, at('09:00:00'), { files });
    team.deploy(team.tip(), at('09:10:00'));
    Object.assign(team.world.pulls.at(-1) ?? {}, pull);
    return runWithConfigFile(team.world, fileWith(paths));
  }

  test.each([
    ['a wildcard inside', '["services/*/a.ts"]', ['services/api/a.ts'], true],
    ['a wildcard stops at a slash', '["services/*.ts"]', ['services/api/a.ts'], false],
    ['a dot file', '["**/*.yml"]', ['.github/workflows/x.yml'], true],
    ['an exclusion after a match', '["services/**", "!**/*.md"]', ['services/api/x.md'], false],
    [
      'a match after an exclusion',
      '["services/**", "!**/*.md", "services/api/x.md"]',
      ['services/api/x.md'],
      true,
    ],
    ['exclusions only include all other files', '["!docs/**"]', ['services/api/a.ts'], true],
  ])('%s', async (_, paths, files, isMatch) => {
    expect((await runWith(paths, files)).changes('one')).toEqual(isMatch ? [1] : []);
  });

  test('more than a hundred files are all read', async () => {
    const files = [...Array.from({ length: 150 }, (_, i) => `docs/${i}.md`), 'services/api/z.ts'];
    expect((await runWith('["services/*/z.ts"]', files)).changes('one')).toEqual([1]);
  });

  test('a change with more files than GitHub lists touches the service, and a gap says so', async () => {
    const run = await runWith('["services/*/z.ts"]', ['docs/1.md'], { changedFiles: 3001 });
    expect(run.changes('one')).toEqual([1]);
    expect(run.unit('one').completeness.gaps[0].what).toContain('The files of #1 could not be read in full');
  });

  test('a direct push has the files of its commit', async () => {
    const team = teamOfTwo();
    const oid = team.push(at('09:00:00'), { files: ['services/api/z.ts'] });
    const run = await runWithConfigFile(team.world, fileWith('["services/*/z.ts"]'), {
      inputs: { 'direct-pushes': 'count' },
    });
    expect(run.changes('one')).toEqual([oid]);
  });
});

describe('one run reports all services together', () => {
  const slow = () => {
    const team = teamOfTwo();
    for (let i = 1; i <= 8; i++) {
      const merged = team.merge(i, at(`0${i}:00:00`), { files: [i % 2 ? 'web/w.ts' : 'services/api/a.ts'] });
      team.deploy(merged, at(`0${i}:${i % 2 ? '50' : '05'}:00`), {
        environment: i % 2 ? 'production-web' : 'production-api',
      });
    }
    return team;
  };

  test('with a table and a section for each, the worst first, and the worst status', async () => {
    const { summary, outputs, report } = await runWithConfigFile(slow().world, TWO);
    expect(outputs.status).toBe('drifted');
    expect(report.status).toBe('drifted');
    expect(summary).toContain('| **web (production-web)** | 🔴 Drifted | p50 51m | 15m | 4 | 0 | 0 |');
    expect(summary).toContain('| **api (production-api)** | 🟢 On target | p50 6m | 15m | 4 | 0 | 0 |');
    expect(summary.indexOf('→ web (production-web)')).toBeLessThan(summary.indexOf('→ api (production-api)'));
  });

  test('with output "units" as JSON for a matrix', async () => {
    const { outputs } = await runWithConfigFile(slow().world, TWO);
    expect(JSON.parse(outputs.units ?? '')).toMatchObject([
      { service: 'api', status: 'on-target', 'lead-time-seconds': 360 },
      { service: 'web', status: 'drifted', 'lead-time-seconds': 3060 },
    ]);
  });

  test('in one weekly issue, with a section for each that has drifted', async () => {
    const team = slow();
    const { written } = await runWithConfigFile(team.world, TWO);
    expect(written).toEqual(['POST /issues']);
    const [issue] = team.world.issues ?? [];
    expect(issue?.title).toBe('Deploy latency of services: web (production-web) over target');
    expect(issue?.body).toContain('### web (production-web)');
    expect(issue?.body).not.toContain('### api (production-api)');
  });

  test('and closes the issue when all are back on target, even if one has too few changes', async () => {
    const team = slow();
    await runWithConfigFile(team.world, TWO);
    const { log } = await runWithConfigFile(
      team.world,
      `${TWO}  idle: { paths: old, environment: production }\n`,
      {
        inputs: { target: '1h' },
      },
    );
    expect(log).not.toContain('Not written');
    expect(team.world.issues?.map((issue) => issue.state)).toEqual(['closed']);
    expect(commentsOn(team.world, team.world.issues?.[0]?.number ?? 0)).toHaveLength(1);
  });

  test('and keeps the issue of the repository for the service with the same environment', async () => {
    const team = slow();
    await runWithConfigFile(team.world, null, { inputs: { environment: 'production-web' } });
    await runWithConfigFile(team.world, `issue: per-service\n${TWO}`);
    expect(team.world.issues).toHaveLength(1);
    expect(team.world.issues?.[0]?.body).toContain('Deploy latency guard · web, production-web ·');
  });

  test('in one issue for each that has drifted, with "issue: per-service"', async () => {
    const team = slow();
    await runWithConfigFile(team.world, `issue: per-service\ntarget: 3m\n${TWO}`);
    expect(team.world.issues?.map((issue) => issue.title)).toEqual([
      expect.stringContaining('6m in production-api (api), target 3m'),
      expect.stringContaining('51m in production-web (web), target 3m'),
    ]);
    expect(team.world.issues?.[0]?.body).toContain('Deploy latency guard · api, production-api ·');
  });

  test('in one comment on a pull request, for the services that it touches', async () => {
    const team = slow();
    team.world.pulls.push({
      number: 500,
      title: 'Open',
      createdAt: at('10:00:00'),
      mergedAt: null,
      mergeCommit: null,
      base: 'main',
      author: 'mira',
      commits: [],
      files: ['web/w.ts'],
    });
    const event = { event: 'pull_request', payload: { pull_request: { number: 500 } } };
    const { written } = await runWithConfigFile(team.world, TWO, event);
    expect(written).toEqual(['POST /issues/500/comments']);
    const [comment] = commentsOn(team.world, 500);
    expect(comment?.body).toMatch(
      /🔴 web: Merge when it is ready[\s\S]*Merged now, it goes live in about 51m\./,
    );
    expect(comment?.body).not.toContain('api: ');
  });

  test('in one comment on a shipped change, with its state in the other service', async () => {
    const team = teamOfTwo();
    team.merge(1, at('09:00:00'), { files: ['services/api/a.ts', 'web/w.ts'] });
    const late = team.deploy(team.tip(), at('10:00:00'), { environment: 'production-api' });
    const event = {
      event: 'deployment_status',
      payload: { deployment: { id: late.id, environment: 'production-api' } },
    };
    const { written } = await runWithConfigFile(team.world, TWO, event);
    expect(written).toEqual(['POST /issues/1/comments']);
    const [comment] = commentsOn(team.world, 1);
    expect(comment?.body).toContain('### 🔴 api: live in production-api 1h 1m after the merge');
    expect(comment?.body).toContain('web (production-web): not live yet, 11h after the merge.');
  });

  test('and a deployment on target does not fail because another service has drifted', async () => {
    const team = slow();
    const last = team.world.deployments
      .filter((deployment) => deployment.environment === 'production-api')
      .at(-1);
    const event = (environment: string, id = 0) => ({
      event: 'deployment_status',
      payload: { deployment: { id, environment } },
    });
    const fine = await runWithConfigFile(team.world, TWO, event('production-api', last?.id));
    expect([fine.code, fine.outputs.status]).toEqual([0, 'drifted']);
    expect(fine.log).not.toContain('::error');
    const slowest = team.world.deployments
      .filter((deployment) => deployment.environment === 'production-web')
      .at(-1);
    expect((await runWithConfigFile(team.world, TWO, event('production-web', slowest?.id))).code).toBe(1);
  });

  test('and an issue about 40 services shows the worst and stays below the size limit', async () => {
    const team = begun();
    const names = Array.from({ length: 40 }, (_, i) => `s${i}`);
    team.push('2026-03-01T11:00:00Z', { files: names.map((name) => `${name}/x.ts`) });
    team.deploy(team.tip(), '2026-03-01T11:05:00Z');
    for (let i = 0; i < 160; i++) {
      team.merge(i + 1, team.later(at('01:00:00'), i * 60), { files: [`s${i % 40}/x.ts`] });
      // Every 40 changes go live together, hours later.
      if (i % 40 === 39) team.deploy(team.tip(), team.later(at('05:00:00'), i * 60));
    }
    const file = `services:\n${names.map((name) => `  ${name}: { paths: ${name}, environment: production }`).join('\n')}\n`;
    const { units: services, written } = await runWithConfigFile(team.world, file);
    expect(services).toHaveLength(40);
    expect(written).toEqual(['POST /issues']);
    const body = team.world.issues?.[0]?.body ?? '';
    expect(body).toContain('40 services drifted. The 15 worst are shown below.');
    expect(body.length).toBeLessThan(65_536);
  });

  test('even if one of them was never deployed', async () => {
    const file = `${TWO}  tool: { paths: tools, environment: production-tool }\n`;
    const { units: services, report, summary } = await runWithConfigFile(slow().world, file);
    expect(services).toHaveLength(2);
    expect(report.untold).toMatchObject([{ service: 'tool' }]);
    expect(summary).toContain('there is no such environment');
  });

  test('and a single service has a plain report with its name', async () => {
    const { report, outputs } = await runWithConfigFile(
      slow().world,
      'services: { api: { paths: services/api, environment: production-api } }',
    );
    expect(report).toMatchObject({ service: 'api', environment: 'production-api', status: 'on-target' });
    expect(JSON.parse(outputs.units ?? '')).toHaveLength(1);
  });
});

test('twelve services take at most two requests more than one service', async () => {
  const team = begun();
  const names = Array.from({ length: 12 }, (_, i) => `s${i}`);
  team.push('2026-03-01T11:00:00Z', { files: names.map((name) => `${name}/x.ts`) });
  for (let i = 1; i <= 100; i++)
    team.deploy(
      team.merge(i, team.later(at('00:30:00'), i * 600), { files: [`s${i % 12}/x.ts`] }),
      team.later(at('00:32:00'), i * 600),
    );
  const file = `services:\n${names.map((name) => `  ${name}: { paths: ${name}/**, environment: production }`).join('\n')}\n`;
  const single = await runWithConfigFile(team.world, null);
  const twelve = await runWithConfigFile(team.world, file);
  expect(twelve.units).toHaveLength(12);
  const deployments = twelve.requests.filter((request) => hasRequest(request, 'Deployments')).length;
  expect(deployments).toBeLessThanOrEqual(12);
  expect(twelve.requests.length - deployments).toBeLessThanOrEqual(single.requests.length + 2);
});

describe('a change that the path filter of the deploy workflow leaves out', () => {
  const workflow = (on: string) =>
    `on: { push: { branches: [main], ${on} } }\njobs: { deploy: { environment: production, steps: [{ run: ./deploy.sh }] } }\n`;

  /** Code that is live in eight minutes, and documentation that goes live with code seven hours later. */
  function teamWithDocs(on: string) {
    const team = begun();
    team.push('2026-03-01T11:00:00Z', { files: ['src/a.ts', 'docs/d.md'] });
    team.deploy(team.tip(), '2026-03-01T11:05:00Z');
    for (const hour of [1, 8, 15]) {
      team.deploy(
        team.merge(hour * 10, at(`${String(hour).padStart(2, '0')}:00:00`), { files: ['src/a.ts'] }),
        at(`${String(hour).padStart(2, '0')}:07:00`),
      );
      if (hour < 15)
        for (const minute of [10, 20])
          team.merge(hour * 10 + minute / 10, at(`${String(hour).padStart(2, '0')}:${minute}:00`), {
            files: ['docs/d.md'],
          });
    }
    team.world.files = { '.github/workflows/deploy.yml': workflow(on) };
    return team;
  }

  test.each([
    ['paths', 'paths: ["src/**"]'],
    ['paths-ignore', 'paths-ignore: ["docs/**"]'],
  ])('is not slow, stuck or part of a batch (%s)', async (_, on) => {
    const { report, summary } = await runWithConfigFile(teamWithDocs(on).world, null);
    expect(report).toMatchObject({ status: 'on-target', leadTimeSeconds: 480 });
    expect(report.leadTime.count).toBe(3);
    expect(
      report.findings.filter((finding: { kind: string }) =>
        ['slow', 'stuck', 'batch'].includes(finding.kind),
      ),
    ).toEqual([]);
    expect(report.mergesets[1]).toMatchObject({
      number: 11,
      counted: false,
      why: 'deploys nothing on its own',
    });
    expect(summary).toContain('start no deployment, because the deploy workflow');
  });

  test('does not exist without a path filter', async () => {
    const { report } = await runWithConfigFile(teamWithDocs('tags: [v1]').world, null);
    expect(report.status).toBe('drifted');
  });

  test('costs no request if nothing is slow', async () => {
    const team = begun();
    team.deploy(team.merge(1, at('09:00:00'), { files: ['src/a.ts'] }), at('09:05:00'));
    const { requests } = await runWithConfigFile(team.world, null);
    expect(requests.some((request) => hasRequest(request, 'WorkflowFiles'))).toBe(false);
  });
});

describe('the configuration file', () => {
  test('can be named by input "config"', async () => {
    const team = teamOfTwo();
    team.merge(1, at('09:00:00'), { files: ['web/w.ts'] });
    team.world.files = { 'ops/latency.yml': TWO };
    const { units: services } = await runWithConfigFile(team.world, null, {
      inputs: { config: './ops/latency.yml' },
    });
    expect(services.map((service) => service.service)).toEqual(['api', 'web']);
  });

  test('can end with .yaml, but two files are an error', async () => {
    const team = teamOfTwo();
    team.merge(1, at('09:00:00'), { files: ['web/w.ts'] });
    team.world.files = { '.github/deploy-latency.yaml': TWO };
    const { units: services } = await runWithConfigFile(team.world, null);
    expect(services.map((service) => service.service)).toEqual(['api', 'web']);
    const { code, log } = await runWithConfigFile(team.world, TWO);
    expect(code).toBe(1);
    expect(log).toContain('There are two configuration files');
  });

  test('must exist if input "config" names it', async () => {
    const { code, log } = await runWithConfigFile(teamOfTwo().world, null, {
      inputs: { config: 'ops/latency.yml' },
    });
    expect(code).toBe(1);
    expect(log).toContain(
      'Input "config" is "ops/latency.yml"; accepted: a file on branch main of the repository.',
    );
  });

  test('is refused with the line of its error', async () => {
    const { code, log } = await runWithConfigFile(teamOfTwo().world, 'services:\n  api:\n    path: x\n');
    expect(code).toBe(1);
    expect(log).toContain(
      '::error::.github/deploy-latency.yml, line 3: "path" is not a key of services.api; did you mean "paths"?',
    );
  });

  test('can change the limits of the inputs', async () => {
    const team = teamOfTwo();
    team.merge(1, at('09:00:00'), { files: ['web/w.ts'] });
    const { log, units: services } = await runWithConfigFile(team.world, `max-requests: 2\n${TWO}`);
    expect(`${log}${JSON.stringify(services)}`).toContain('The budget of 2 requests is used up');
  });
});
