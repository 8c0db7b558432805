import { describe, expect, test } from '@jest/globals';
import type { Execute } from '../../src/fake-github/execute.ts';
import type { Files } from '../../src/fake-github/story.ts';
import { at, begun } from '../support/day.ts';
import { filed } from '../support/filed.ts';
import { executeAsGitHub } from '../support/schema.ts';
import { commentsOn } from '../support/written.ts';
import { asksFor, queriesIn } from '../support/requests.ts';

/** A repository of several services: what concerns which, and what waits for which. */

const TWO = `
services:
  api:
    paths: [services/api/**, libs/shared]
    environment: production-api
  web:
    paths: web/
    environment: production-web
`;

/** A team that has all of it from the beginning, and has deployed both. */
function team() {
  const made = begun();
  const all = made.push('2026-03-01T11:00:00Z', {
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
    made.deploy(all, '2026-03-01T11:05:00Z', { environment });
  return made;
}

/** A change in the morning, and both services deployed at noon. */
async function of(files: Files | Files[], options: Parameters<ReturnType<typeof team>['merge']>[2] = {}) {
  const made = team();
  made.merge(1, at('09:00:00'), { ...options, files });
  for (const environment of ['production-api', 'production-web'])
    made.deploy(made.tip(), at('12:00:00'), { environment });
  const told = await filed(made.world, TWO);
  return { api: told.changes('api'), web: told.changes('web'), elsewhere: told.report.elsewhere, ...told };
}

describe('a mergeset concerns a service where an entry of its paths differs between just before and just after', () => {
  test('a squash', async () => {
    expect(await of(['services/api/a.ts'])).toMatchObject({ api: [1], web: [], elsewhere: 0 });
  });

  test('a merge commit: whatever the commits of its branch did', async () => {
    expect(await of([['services/api/a.ts'], ['web/w.ts']], { method: 'merge', commits: 2 })).toMatchObject({
      api: [1],
      web: [1],
    });
  });

  test('a merge commit of an old branch: the first parent is what was before', async () => {
    const made = team();
    const old = made.tip();
    made.merge(1, at('08:00:00'), { files: ['services/api/a.ts'] });
    made.merge(2, at('09:00:00'), { method: 'merge', from: old, files: { 'web/w.ts': 'new' } });
    const told = await filed(made.world, TWO);
    expect([told.changes('api'), told.changes('web')]).toEqual([[1], [2]]);
  });

  test('a rebase merge of three commits', async () => {
    expect(
      await of([['services/api/a.ts'], ['README.md'], ['services/api/b.ts']], {
        method: 'rebase',
        commits: 3,
      }),
    ).toMatchObject({ api: [1], web: [] });
  });

  test('a change that its own rebase undoes is none', async () => {
    const back: Files[] = [{ 'web/w.ts': 'x' }, ['services/api/a.ts'], { 'web/w.ts': 'web/w.ts@3' }];
    const made = team();
    const was = made.world.commits.at(-1)?.files?.['web/w.ts'] ?? '';
    made.merge(1, at('09:00:00'), { method: 'rebase', commits: 3, files: back });
    const last = made.world.commits.at(-1);
    if (last?.files) last.files['web/w.ts'] = was;
    const told = await filed(made.world, TWO);
    expect([told.changes('api'), told.changes('web')]).toEqual([[1], []]);
  });

  test('a path that appears, and one that disappears', async () => {
    const made = team();
    made.merge(1, at('08:00:00'), { files: { 'libs/shared/s.ts': null } });
    made.merge(2, at('09:00:00'), { files: ['libs/shared/new.ts'] });
    expect((await filed(made.world, TWO)).changes('api')).toEqual([1, 2]);
  });

  test('a file that is moved from one into the other concerns both', async () => {
    expect(await of({ 'web/w.ts': null, 'services/api/w.ts': 'same' })).toMatchObject({ api: [1], web: [1] });
  });

  test('a new mode alone, of a path that is a file', async () => {
    const made = team();
    made.push('2026-03-01T12:00:00Z', { files: { 'deploy.sh': 'text' } });
    made.merge(1, at('09:00:00'), { files: { 'deploy.sh': 'text 33261' } });
    const file = 'services: { tool: { paths: deploy.sh }, rest: { paths: web } }\n';
    made.deploy(made.tip(), at('12:00:00'));
    expect((await filed(made.world, file)).changes('tool')).toEqual([1]);
  });

  test('a submodule that is set to another commit', async () => {
    const made = team();
    made.push('2026-03-01T12:00:00Z', { files: { 'libs/shared/module': 'commit1 57344' } });
    made.merge(1, at('09:00:00'), { files: { 'libs/shared/module': 'commit2 57344' } });
    expect((await filed(made.world, TWO)).changes('api')).toEqual([1]);
  });

  test('a shared library concerns those whose paths name it, and no other', async () => {
    expect(await of(['libs/shared/s.ts'])).toMatchObject({ api: [1], web: [] });
  });

  test('two services: one of each, with a lead time of its own in each', async () => {
    const made = team();
    made.merge(1, at('09:00:00'), { files: ['services/api/a.ts', 'web/w.ts'] });
    made.deploy(made.tip(), at('09:10:00'), { environment: 'production-api' });
    made.deploy(made.tip(), at('10:00:00'), { environment: 'production-web' });
    const told = await filed(made.world, TWO);
    expect([told.times('api'), told.times('web')]).toEqual([{ 1: 660 }, { 1: 3660 }]);
  });

  test('none: pending nowhere, and counted as elsewhere', async () => {
    const told = await of(['README.md']);
    expect(told).toMatchObject({ api: [], web: [], elsewhere: 1 });
    expect(told.outputs.pending).toBe('0');
    expect(told.summary).toContain('1 change of the window concerns none of them, and waits for none.');
  });

  test('a direct push, where those count', async () => {
    const made = team();
    const oid = made.push(at('09:00:00'), { files: ['web/w.ts'] });
    const told = await filed(made.world, TWO, { inputs: { 'direct-pushes': 'count' } });
    expect([told.changes('api'), told.changes('web')]).toEqual([[], [oid]]);
  });

  test('a group of a merge queue: each has its own commit on the line', async () => {
    const made = team();
    made.merge(1, at('09:00:00'), { files: ['web/w.ts'] });
    made.merge(2, at('09:00:01'), { files: ['services/api/a.ts'] });
    const told = await filed(made.world, TWO);
    expect([told.changes('api'), told.changes('web')]).toEqual([[2], [1]]);
  });
});

describe('a deployment ships what concerns its service', () => {
  test("at a commit that holds another's changes too: a batch counts its own", async () => {
    const made = team();
    made.merge(1, at('09:00:00'), { files: ['services/api/a.ts'] });
    made.merge(2, at('09:05:00'), { files: ['web/w.ts'] });
    made.deploy(made.tip(), at('09:10:00'), { environment: 'production-api' });
    const told = await filed(made.world, TWO);
    expect(told.unit('api').deployments.at(-1)).toMatchObject({ mergesets: [1], batched: false });
    expect(told.times('web')).toEqual({ 2: null });
  });

  test('whose job was skipped as nothing of it changed: nothing of it is pending', async () => {
    const made = team();
    made.merge(1, at('09:00:00'), { files: ['web/w.ts'] });
    made.deploy(made.tip(), at('09:10:00'), { environment: 'production-web' });
    const told = await filed(made.world, TWO);
    expect(told.unit('api')).toMatchObject({ mergesets: [], status: 'insufficient-data' });
    expect(told.report.findings).toBeUndefined();
    expect(told.unit('api').findings.filter((finding: { kind: string }) => finding.kind === 'stuck')).toEqual(
      [],
    );
  });

  test('for the first time, in an old repository: it claims no history', async () => {
    const made = team();
    made.merge(1, at('09:00:00'), { files: ['web/w.ts'] });
    made.merge(2, at('09:05:00'), { files: ['new/n.ts'] });
    made.deploy(made.tip(), at('09:10:00'), { environment: 'production-new' });
    const told = await filed(made.world, `${TWO}  new: { paths: new, environment: production-new }\n`);
    expect(told.unit('new').mergesets).toMatchObject([{ number: 2, untimed: true }]);
  });

  test('without paths: the whole repository', async () => {
    const made = team();
    made.merge(1, at('09:00:00'), { files: ['README.md'] });
    made.deploy(made.tip(), at('09:10:00'));
    const told = await filed(made.world, 'services: { all: { environment: production } }\n');
    expect(told.times('all')).toEqual({ 1: 660 });
  });
});

test('a path that is nowhere is told: no change concerns it', async () => {
  const made = team();
  made.merge(1, at('09:00:00'), { files: ['services/api/a.ts'] });
  const file =
    'services: { one: { environment: production, paths: services/Api }, two: { environment: production, paths: web } }\n';
  const { unit: service, summary } = await filed(made.world, file);
  expect(service('one').remarks[0].what).toContain('services/Api: there is no such path');
  expect(summary).toContain('Check how it is spelled, capitals too.');
});

test('a folder with brackets in its name is a folder', async () => {
  const made = team();
  made.push('2026-03-01T12:00:00Z', { files: ['app/(shop)/[id]/page.ts'] });
  made.merge(1, at('09:00:00'), { files: ['app/(shop)/[id]/page.ts'] });
  made.merge(2, at('09:10:00'), { files: ['web/w.ts'] });
  const file =
    'services: { one: { environment: production, paths: "app/(shop)/[id]/**" }, two: { environment: production, paths: web } }\n';
  expect((await filed(made.world, file)).changes('one')).toEqual([1]);
});

test('an open pull request that changes a folder with brackets concerns its service', async () => {
  const made = team();
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
  made.world.pulls.push(open);
  const file =
    'services: { shop: { environment: production, paths: "app/(shop)/**" }, web: { environment: production, paths: web } }\n';
  const event = { event: 'pull_request', payload: { pull_request: { number: 500 } } };
  const { written } = await filed(made.world, file, event);
  expect(written).toEqual(['POST /issues/500/comments']);
  expect(commentsOn(made.world, 500)[0]?.body).toContain('shop: Merged now');
  expect(commentsOn(made.world, 500)[0]?.body).not.toContain('web: Merged now');
});

test('entries that GitHub does not bring are no verdict, and are told', async () => {
  const made = team();
  const merged = made.merge(1, at('09:00:00'), { files: ['web/w.ts'] });
  for (const environment of ['production-api', 'production-web'])
    made.deploy(made.tip(), at('09:05:00'), { environment });
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
  const { unit: service } = await filed(made.world, TWO, { github: { execute } });
  expect(service('api').status).toBe('insufficient-data');
  expect(service('api').completeness.gaps[0].what).toContain(
    `The entries of the paths at ${merged.slice(0, 7)}`,
  );
});

describe('patterns', () => {
  const by = (paths: string) =>
    `services:\n  one: { environment: production, paths: ${paths} }\n  two: { environment: production, paths: web }\n`;

  async function concerned(paths: string, files: string[], more: Partial<{ changedFiles: number }> = {}) {
    const made = team();
    made.merge(1, at('09:00:00'), { files });
    made.deploy(made.tip(), at('09:10:00'));
    Object.assign(made.world.pulls.at(-1) ?? {}, more);
    return filed(made.world, by(paths));
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
    ['exclusions alone take all the others', '["!docs/**"]', ['services/api/a.ts'], true],
  ])('%s', async (_, paths, files, is) => {
    expect((await concerned(paths, files)).changes('one')).toEqual(is ? [1] : []);
  });

  test('more than a hundred files are read on', async () => {
    const files = [...Array.from({ length: 150 }, (_, i) => `docs/${i}.md`), 'services/api/z.ts'];
    expect((await concerned('["services/*/z.ts"]', files)).changes('one')).toEqual([1]);
  });

  test('more files than GitHub lists: it concerns the service, and that is said', async () => {
    const told = await concerned('["services/*/z.ts"]', ['docs/1.md'], { changedFiles: 3001 });
    expect(told.changes('one')).toEqual([1]);
    expect(told.unit('one').completeness.gaps[0].what).toContain('The files of #1 could not be read in full');
  });

  test('of a direct push the files of its commit', async () => {
    const made = team();
    const oid = made.push(at('09:00:00'), { files: ['services/api/z.ts'] });
    const told = await filed(made.world, by('["services/*/z.ts"]'), { inputs: { 'direct-pushes': 'count' } });
    expect(told.changes('one')).toEqual([oid]);
  });
});

describe('one run, one voice', () => {
  const slow = () => {
    const made = team();
    for (let i = 1; i <= 8; i++) {
      const merged = made.merge(i, at(`0${i}:00:00`), { files: [i % 2 ? 'web/w.ts' : 'services/api/a.ts'] });
      made.deploy(merged, at(`0${i}:${i % 2 ? '50' : '05'}:00`), {
        environment: i % 2 ? 'production-web' : 'production-api',
      });
    }
    return made;
  };

  test('a table of the units, then the stories, the worst first; the status is the worst', async () => {
    const { summary, outputs, report } = await filed(slow().world, TWO);
    expect(outputs.status).toBe('drifted');
    expect(report.status).toBe('drifted');
    expect(summary).toContain('| **web (production-web)** | 🔴 Drifted | p50 51m | 15m | 4 | 0 | 0 |');
    expect(summary).toContain('| **api (production-api)** | 🟢 On target | p50 6m | 15m | 4 | 0 | 0 |');
    expect(summary.indexOf('→ web (production-web)')).toBeLessThan(summary.indexOf('→ api (production-api)'));
  });

  test('units is JSON for a matrix', async () => {
    const { outputs } = await filed(slow().world, TWO);
    expect(JSON.parse(outputs.units ?? '')).toMatchObject([
      { service: 'api', status: 'on-target', 'lead-time-seconds': 360 },
      { service: 'web', status: 'drifted', 'lead-time-seconds': 3060 },
    ]);
  });

  test('one weekly issue, with a section for each that has drifted', async () => {
    const made = slow();
    const { written } = await filed(made.world, TWO);
    expect(written).toEqual(['POST /issues']);
    const [issue] = made.world.issues ?? [];
    expect(issue?.title).toBe('Deploy latency of services: web (production-web) has drifted');
    expect(issue?.body).toContain('### web (production-web)');
    expect(issue?.body).not.toContain('### api (production-api)');
  });

  test('the one issue is closed when all are back, though one has too few changes for a verdict', async () => {
    const made = slow();
    await filed(made.world, TWO);
    const { log } = await filed(made.world, `${TWO}  idle: { paths: old, environment: production }\n`, {
      inputs: { target: '1h' },
    });
    expect(log).not.toContain('Not written');
    expect(made.world.issues?.map((issue) => issue.state)).toEqual(['closed']);
    expect(commentsOn(made.world, made.world.issues?.[0]?.number ?? 0)).toHaveLength(1);
  });

  test('an issue of the whole repository goes on as that of the service with its environment', async () => {
    const made = slow();
    await filed(made.world, null, { inputs: { environment: 'production-web' } });
    await filed(made.world, `issue: per-service\n${TWO}`);
    expect(made.world.issues).toHaveLength(1);
    expect(made.world.issues?.[0]?.body).toContain('Deploy latency guard of web, production-web');
  });

  test('issue: per-service: one for each that has drifted', async () => {
    const made = slow();
    await filed(made.world, `issue: per-service\ntarget: 3m\n${TWO}`);
    expect(made.world.issues?.map((issue) => issue.title)).toEqual([
      expect.stringContaining('p50 is 6m in production-api'),
      expect.stringContaining('p50 is 51m in production-web'),
    ]);
    expect(made.world.issues?.[0]?.body).toContain('Deploy latency guard of api, production-api');
  });

  test('one comment on a pull request, of the services that it concerns', async () => {
    const made = slow();
    made.world.pulls.push({
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
    const { written } = await filed(made.world, TWO, event);
    expect(written).toEqual(['POST /issues/500/comments']);
    const [comment] = commentsOn(made.world, 500);
    expect(comment?.body).toContain('### 🔴 web: Merged now, live in about 51m');
    expect(comment?.body).not.toContain('api: Merged now');
  });

  test('one comment on a change that a service shipped, with where it is with the other', async () => {
    const made = team();
    made.merge(1, at('09:00:00'), { files: ['services/api/a.ts', 'web/w.ts'] });
    const late = made.deploy(made.tip(), at('10:00:00'), { environment: 'production-api' });
    const event = {
      event: 'deployment_status',
      payload: { deployment: { id: late.id, environment: 'production-api' } },
    };
    const { written } = await filed(made.world, TWO, event);
    expect(written).toEqual(['POST /issues/1/comments']);
    const [comment] = commentsOn(made.world, 1);
    expect(comment?.body).toContain('### 🔴 api: live in production-api 1h 1m after the merge');
    expect(comment?.body).toContain('web (production-web): not live yet, 11h after the merge.');
  });

  test("in guard mode another service's drift does not fail the deployment of one that is on target", async () => {
    const made = slow();
    const last = made.world.deployments
      .filter((deployment) => deployment.environment === 'production-api')
      .at(-1);
    const event = (environment: string, id = 0) => ({
      event: 'deployment_status',
      payload: { deployment: { id, environment } },
    });
    const fine = await filed(made.world, TWO, event('production-api', last?.id));
    expect([fine.code, fine.outputs.status]).toEqual([0, 'drifted']);
    expect(fine.log).not.toContain('::error');
    const slowest = made.world.deployments
      .filter((deployment) => deployment.environment === 'production-web')
      .at(-1);
    expect((await filed(made.world, TWO, event('production-web', slowest?.id))).code).toBe(1);
  });

  test('forty services that have drifted: the worst are told, and the issue stays below the limit', async () => {
    const made = begun();
    const names = Array.from({ length: 40 }, (_, i) => `s${i}`);
    made.push('2026-03-01T11:00:00Z', { files: names.map((name) => `${name}/x.ts`) });
    made.deploy(made.tip(), '2026-03-01T11:05:00Z');
    for (let i = 0; i < 160; i++) {
      made.merge(i + 1, made.later(at('01:00:00'), i * 60), { files: [`s${i % 40}/x.ts`] });
      // Four times all of them, each after hours.
      if (i % 40 === 39) made.deploy(made.tip(), made.later(at('05:00:00'), i * 60));
    }
    const file = `services:\n${names.map((name) => `  ${name}: { paths: ${name}, environment: production }`).join('\n')}\n`;
    const { units: services, written } = await filed(made.world, file);
    expect(services).toHaveLength(40);
    expect(written).toEqual(['POST /issues']);
    const body = made.world.issues?.[0]?.body ?? '';
    expect(body).toContain('40 have drifted. The 15 worst are shown below.');
    expect(body.length).toBeLessThan(65_536);
  });

  test('a service that nothing was ever deployed of keeps no other from its answer', async () => {
    const {
      units: services,
      report,
      summary,
    } = await filed(slow().world, `${TWO}  tool: { paths: tools, environment: production-tool }\n`);
    expect(services).toHaveLength(2);
    expect(report.untold).toMatchObject([{ service: 'tool' }]);
    expect(summary).toContain('there is no such environment');
  });

  test('one service alone says its name, and its report has the fields where they were', async () => {
    const { report, outputs } = await filed(
      slow().world,
      'services: { api: { paths: services/api, environment: production-api } }',
    );
    expect(report).toMatchObject({ service: 'api', environment: 'production-api', status: 'on-target' });
    expect(JSON.parse(outputs.units ?? '')).toHaveLength(1);
  });
});

test('twelve services take at most two requests more than one', async () => {
  const made = begun();
  const names = Array.from({ length: 12 }, (_, i) => `s${i}`);
  made.push('2026-03-01T11:00:00Z', { files: names.map((name) => `${name}/x.ts`) });
  for (let i = 1; i <= 100; i++)
    made.deploy(
      made.merge(i, made.later(at('00:30:00'), i * 600), { files: [`s${i % 12}/x.ts`] }),
      made.later(at('00:32:00'), i * 600),
    );
  const file = `services:\n${names.map((name) => `  ${name}: { paths: ${name}/**, environment: production }`).join('\n')}\n`;
  const one = await filed(made.world, null);
  const twelve = await filed(made.world, file);
  expect(twelve.units).toHaveLength(12);
  const deployments = twelve.requests.filter((request) => asksFor(request, 'Deployments')).length;
  expect(deployments).toBeLessThanOrEqual(12);
  expect(twelve.requests.length - deployments).toBeLessThanOrEqual(one.requests.length + 2);
});

describe("without services, what the deploy workflow's own paths leave out", () => {
  const workflow = (on: string) =>
    `on: { push: { branches: [main], ${on} } }\njobs: { deploy: { environment: production, steps: [{ run: ./deploy.sh }] } }\n`;

  /** Code that is live in eight minutes, and documentation that rides along seven hours later. */
  function documented(on: string) {
    const made = begun();
    made.push('2026-03-01T11:00:00Z', { files: ['src/a.ts', 'docs/d.md'] });
    made.deploy(made.tip(), '2026-03-01T11:05:00Z');
    for (const hour of [1, 8, 15]) {
      made.deploy(
        made.merge(hour * 10, at(`${String(hour).padStart(2, '0')}:00:00`), { files: ['src/a.ts'] }),
        at(`${String(hour).padStart(2, '0')}:07:00`),
      );
      if (hour < 15)
        for (const minute of [10, 20])
          made.merge(hour * 10 + minute / 10, at(`${String(hour).padStart(2, '0')}:${minute}:00`), {
            files: ['docs/d.md'],
          });
    }
    made.world.files = { '.github/workflows/deploy.yml': workflow(on) };
    return made;
  }

  test.each([
    ['paths', 'paths: ["src/**"]'],
    ['paths-ignore', 'paths-ignore: ["docs/**"]'],
  ])('by %s: deploys nothing by itself, and is neither slow, stuck nor part of a batch', async (_, on) => {
    const { report, summary } = await filed(documented(on).world, null);
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
      why: 'deploys nothing by itself',
    });
    expect(summary).toContain('deploy nothing by themselves, as the deploy workflow');
  });

  test('a workflow without paths leaves none out', async () => {
    const { report } = await filed(documented('tags: [v1]').world, null);
    expect(report.status).toBe('drifted');
  });

  test('one request reads the workflow, and none where nothing is to be explained', async () => {
    const made = begun();
    made.deploy(made.merge(1, at('09:00:00'), { files: ['src/a.ts'] }), at('09:05:00'));
    const { requests } = await filed(made.world, null);
    expect(requests.some((request) => asksFor(request, 'WorkflowFiles'))).toBe(false);
  });
});

describe('the file of settings', () => {
  test('is the one that input "config" names', async () => {
    const made = team();
    made.merge(1, at('09:00:00'), { files: ['web/w.ts'] });
    made.world.files = { 'ops/latency.yml': TWO };
    const { units: services } = await filed(made.world, null, { inputs: { config: './ops/latency.yml' } });
    expect(services.map((service) => service.service)).toEqual(['api', 'web']);
  });

  test('ends with .yaml as well; where there are two, it is said', async () => {
    const made = team();
    made.merge(1, at('09:00:00'), { files: ['web/w.ts'] });
    made.world.files = { '.github/deploy-latency.yaml': TWO };
    const { units: services } = await filed(made.world, null);
    expect(services.map((service) => service.service)).toEqual(['api', 'web']);
    const { code, log } = await filed(made.world, TWO);
    expect([code, log.includes('There are two files of settings')]).toEqual([1, true]);
  });

  test('that an input names and that is not there ends it, with what is accepted', async () => {
    const { code, log } = await filed(team().world, null, { inputs: { config: 'ops/latency.yml' } });
    expect(code).toBe(1);
    expect(log).toContain(
      'Input "config" is "ops/latency.yml"; accepted: a file on branch main of the repository.',
    );
  });

  test('with a fault in it ends it, with its line', async () => {
    const { code, log } = await filed(team().world, 'services:\n  api:\n    path: x\n');
    expect(code).toBe(1);
    expect(log).toContain(
      '::error::.github/deploy-latency.yml, line 3: "path" is not a key of services.api; did you mean "paths"?',
    );
  });

  test('may allow other limits than the inputs', async () => {
    const made = team();
    made.merge(1, at('09:00:00'), { files: ['web/w.ts'] });
    const { log, units: services } = await filed(made.world, `max-requests: 2\n${TWO}`);
    expect(`${log}${JSON.stringify(services)}`).toContain('The budget of 2 requests is used up');
  });
});
