import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { story } from '../../src/fake-github/story.ts';
import type { World } from '../../src/fake-github/world.ts';
import { withGitHub } from '../support/github.ts';
import { lintErrors, runWorkflow, workflowOf } from '../support/workflow.ts';

/** `init` on a team for each way of deploying: what it prints is linted, and run as GitHub would run it. */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'checkout-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const DAY = 86_400_000;
const NOW = Date.now();
const daysAgo = (days: number, minutes = 0) =>
  new Date(Math.floor((NOW - days * DAY) / 1000) * 1000 + minutes * 60_000)
    .toISOString()
    .replace('.000Z', 'Z');

/** Thirty merges over thirty days; `deploy` says how each goes live, 22 minutes later. */
function team(
  deploy: (made: ReturnType<typeof story>, sha: string, at: string, i: number) => void,
  files: Record<string, string> = {},
) {
  const made = story('acme', 'shop', daysAgo(60));
  Object.assign(made.world, { releases: [], tags: [] });
  deploy(made, made.tip(), daysAgo(50), 0);
  for (let i = 1; i <= 30; i++) deploy(made, made.merge(i, daysAgo(40 - i)), daysAgo(40 - i, 22), i);
  made.world.files = Object.fromEntries(
    Object.entries(files).map(([name, text]) => [`.github/workflows/${name}`, text]),
  );
  return made.world;
}
const to =
  (environment: string, creator: string) => (made: ReturnType<typeof story>, sha: string, at: string) =>
    void made.deploy(sha, at, { environment, creator });

const DEPLOY = `name: Ship it
on: { push: { branches: [main] } }
jobs:
  test: { runs-on: ubuntu-latest, steps: [{ run: npm test }] }
  deploy: { needs: test, runs-on: ubuntu-latest, environment: production, steps: [{ run: ./deploy.sh }] }
`;

function init(world: World, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return withGitHub(
    world,
    { token: 'laptop' },
    ({ apiUrl }) =>
      new Promise((done) => {
        execFile(
          process.execPath,
          [resolve('dist/cli.js'), 'init', 'acme/shop', ...args],
          {
            cwd: folder,
            env: { PATH: process.env.PATH ?? '', GITHUB_API_URL: apiUrl, GITHUB_TOKEN: 'laptop' },
          },
          (error, out, err) => done({ code: error ? Number(error.code) : 0, out, err }),
        );
      }),
  );
}

/** The files in what it prints, by their names. */
const filesIn = (out: string) =>
  Object.fromEntries(
    out
      .split(/^# (?=\.github\/workflows\/)/m)
      .filter((each) => each !== '')
      .map((each) => {
        const [path = '', ...lines] = each.split('\n');
        return [path.replace('.github/workflows/', ''), lines.join('\n')];
      }),
  );

const run = (world: World, text: string, event: string, payload: object = {}) =>
  withGitHub(world, {}, ({ apiUrl }) =>
    runWorkflow(text, { apiUrl, repository: 'acme/shop', event, payload, env: { GITHUB_SHA: world.head } }),
  );

const endedWell = {
  workflow_run: { conclusion: 'success', id: 1, event: 'push', head_branch: 'main' },
  action: 'completed',
};

describe.each<
  [way: string, world: () => World, event: string, payload: object, start: object | string, says: RegExp]
>([
  [
    'a job with an environment',
    () => team(to('production', 'github-actions[bot]'), { 'deploy.yml': DEPLOY }),
    'workflow_run',
    endedWell,
    { workflow_run: { workflows: ['Ship it'], types: ['completed'], branches: ['main'] } },
    /deploy\.yml \(job "deploy"\), with the job's own token/,
  ],
  [
    'a called workflow',
    () =>
      team(to('production', 'github-actions[bot]'), {
        'ship.yml': DEPLOY.replace('{ push: { branches: [main] } }', 'workflow_call').replace(
          'Ship it',
          'Called',
        ),
        'main.yml':
          'name: Main\non: [push, release]\njobs:\n  ship: { uses: ./.github/workflows/ship.yml }\n',
      }),
    'workflow_run',
    endedWell,
    { workflow_run: { workflows: ['Main'], types: ['completed'] } },
    /deployed to by main\.yml/,
  ],
  [
    'an app of its own',
    () => team(to('Production', 'vercel[bot]')),
    'deployment_status',
    { deployment_status: { state: 'success' }, deployment: { environment: 'Production' } },
    'deployment_status',
    /vercel.*whose deployments start workflows/,
  ],
  [
    'a script with the token of a job',
    () =>
      team(to('live', 'github-actions[bot]'), {
        'ship.yml':
          'on: push\njobs:\n  go: { runs-on: ubuntu-latest, permissions: { deployments: write }, steps: [{ run: ./go.sh }] }\n',
      }),
    'workflow_run',
    endedWell,
    { workflow_run: { workflows: ['.github/workflows/ship.yml'], types: ['completed'], branches: ['main'] } },
    /most likely by ship\.yml/,
  ],
  [
    'releases',
    () =>
      team((made, sha, at, i) => {
        made.world.releases?.push({
          tag: `v1.${i}.0`,
          sha,
          createdAt: at,
          publishedAt: at,
          author: 'mira',
        });
      }),
    'release',
    { action: 'published' },
    { release: { types: ['published'] } },
    /^31 releases published|\n31 releases published/,
  ],
  [
    'annotated tags',
    () =>
      team((made, sha, at, i) => {
        made.world.tags?.push({ name: `v1.${i}.0`, sha, taggedAt: at });
      }),
    'push',
    { ref: 'refs/tags/v1.30.0' },
    { push: { tags: ['v*'] } },
    /Annotated tags, the newest v1\./,
  ],
])('%s', (_, world, event, payload, start, says) => {
  test('what it prints passes actionlint and runs green, on the event that there is', async () => {
    const { code, out, err } = await init(world());
    expect([code, err]).toEqual([0, expect.stringMatching(says)]);
    const { 'deploy-latency.yml': after = '', 'deploy-latency-weekly.yml': weekly = '' } = filesIn(out);
    expect(workflowOf(after).on).toEqual(start);
    expect(lintErrors([after, weekly])).toBe('');
    expect(out).toMatch(/uses: deploy-latency-guard\/deploy-latency-guard@v\d+\.\d+\.\d+$/m);
    expect(out).toContain('target: 25m # your median of the last quarter, rounded up; 15m is the goal');
    const guard = await run(world(), after, event, payload);
    expect([guard?.code, guard?.outputs.status]).toEqual([0, expect.stringMatching(/on-target|slipping/)]);
    const week = await run(world(), weekly, 'schedule');
    expect([week?.code, week?.outputs.html]).toEqual([0, expect.stringMatching(/deploy-latency\.html$/)]);
  });
});

describe('a job of a workflow that says it deploys, without an environment', () => {
  test('its success is the deploy', async () => {
    const world = team(
      (made, sha, at, i) => {
        if (i > 0)
          made.ship(sha, at, {
            jobs: [
              { name: 'test', takes: 60 },
              { name: 'deploy to k8s', takes: 60 },
            ],
          });
      },
      {
        'deploy.yml': DEPLOY.replace(' environment: production,', ' name: deploy to k8s,'),
      },
    );
    world.deployments = [];
    const { code, out, err } = await init(world);
    expect([code, err]).toEqual([0, expect.stringContaining('says by its name that it deploys')]);
    const { 'deploy-latency.yml': after = '' } = filesIn(out);
    expect(workflowOf(after).jobs.guard?.steps?.[0]?.with).toMatchObject({
      'deploy-source': 'workflow',
      'deploy-workflow': 'deploy.yml',
      'deploy-job': 'deploy to k8s',
    });
    expect(lintErrors([after])).toBe('');
    expect((await run(world, after, 'workflow_run', endedWell))?.code).toBe(0);
  });
});

test('the same as a job of the workflow that deploys: it needs the deploy, passes actionlint there, and runs green', async () => {
  const world = () => team(to('production', 'github-actions[bot]'), { 'deploy.yml': DEPLOY });
  const { 'deploy-latency.yml': after = '' } = filesIn((await init(world())).out);
  const [, comment = ''] = /a job of deploy\.yml;.*:\n((?:# .*\n)+)/.exec(after) ?? [];
  const whole = `${DEPLOY}${comment.replace(/^# /gm, '')}`;
  expect(workflowOf(whole).jobs.latency).toMatchObject({ needs: 'deploy' });
  expect(lintErrors([whole])).toBe('');
  const guard = await run(world(), whole, 'push', { ref: 'refs/heads/main' });
  expect([guard?.code, guard?.outputs.status]).toEqual([0, 'on-target']);
});

describe('what is ambiguous is said', () => {
  test('previews are left out, stages before are told from production, an equal is named', async () => {
    const world = team((made, sha, at, i) => {
      made.deploy(sha, at, { environment: 'shop-production', creator: 'vercel[bot]' });
      if (i % 2 === 0) made.deploy(sha, at, { environment: 'blog-production', creator: 'vercel[bot]' });
      made.deploy(sha, at, { environment: 'staging', creator: 'vercel[bot]' });
      if (i > 20) made.deploy(sha, at, { environment: `pr-${i}`, creator: 'vercel[bot]' });
    });
    const { out, err } = await init(world);
    expect(out).toContain('environment: shop-production');
    const plain = err.replace(/\s+/g, ' ');
    expect(plain).toContain('Ambiguous: "blog-production" (');
    expect(plain).toContain('Taken for stages before it, by their names: staging.');
    expect(plain).toContain('Left out as previews: 10 environments.');
  });

  test('hundreds of previews hide no production', async () => {
    const world = team((made, sha, at, i) => {
      if (i < 25) made.deploy(sha, at, { environment: 'production', creator: 'vercel[bot]' });
      for (let each = 0; i >= 25 && each < 60; each++)
        made.deploy(sha, made.later(at, each * 5), { environment: 'Preview', creator: 'vercel[bot]' });
    });
    const { out, err } = await init(world);
    expect(out).toContain('environment: production');
    expect(err.replace(/\s+/g, ' ')).toContain('Left out as previews: 1 environment.');
  });

  test('a token that starts nothing, and no file that shows where: the weekly check alone', async () => {
    const { out, err } = await init(team(to('production', 'github-actions[bot]')));
    expect(Object.keys(filesIn(out))).toEqual(['deploy-latency-weekly.yml']);
    expect(err.replace(/\s+/g, ' ')).toContain('so the weekly check alone looks at it');
  });

  test('nothing shows how it deploys: what was looked for, and what to do', async () => {
    const { code, out, err } = await init(story('acme', 'shop', daysAgo(60)).world);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(
      /^error: Nothing shows how this repository deploys: .* or take one of docs\/recipes\.md by hand\.\n$/,
    );
  });
});

test('names that are hostile stay names: quoted in YAML and in expressions', async () => {
  const environment = `prod'] }\\n  evil: "x" #`;
  const { code, out } = await init(team(to(environment, 'vercel[bot]')));
  expect(code).toBe(0);
  const { 'deploy-latency.yml': after = '' } = filesIn(out);
  const [guard] = Object.values(workflowOf(after).jobs);
  expect(guard?.steps?.[0]?.with?.environment).toBe(environment);
  expect(guard?.if).toContain("== 'prod''] }");
  expect(Object.keys(workflowOf(after).jobs)).toEqual(['guard']);
  expect(lintErrors([after])).toBe('');
});

describe('--write', () => {
  const world = () => team(to('production', 'github-actions[bot]'), { 'deploy.yml': DEPLOY });

  test('writes both files into the checkout', async () => {
    const { code, out } = await init(world(), '--write');
    expect([code, out]).toEqual([
      0,
      'Written: .github/workflows/deploy-latency.yml\nWritten: .github/workflows/deploy-latency-weekly.yml\n',
    ]);
    expect(readFileSync(join(folder, '.github/workflows/deploy-latency.yml'), 'utf8')).toContain(
      'workflow_run:',
    );
  });

  test('overwrites nothing: where one of them is there none is written', async () => {
    mkdirSync(join(folder, '.github/workflows'), { recursive: true });
    const own = join(folder, '.github/workflows/deploy-latency-weekly.yml');
    writeFileSync(own, 'mine');
    const { code, err } = await init(world(), '--write');
    expect(code).toBe(2);
    expect(err).toContain(
      'error: ".github/workflows/deploy-latency-weekly.yml" already exists, so nothing was written.',
    );
    expect(readFileSync(own, 'utf8')).toBe('mine');
    expect(existsSync(join(folder, '.github/workflows/deploy-latency.yml'))).toBe(false);
  });
});
