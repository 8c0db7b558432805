import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { story } from '../../src/fake-github/story.ts';
import type { World } from '../../src/fake-github/world.ts';
import { withGitHub } from '../support/github.ts';
import { lintErrors, runWorkflow, workflowOf } from '../support/workflow.ts';

/** `init` for several kinds of deployments. The workflows it prints are linted, and run as GitHub would run them. */

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

/** A team with thirty merges over thirty days. `deploy` makes each one live 22 minutes later. */
function team(
  deploy: (team: ReturnType<typeof story>, sha: string, at: string, i: number) => void,
  files: Record<string, string> = {},
) {
  const team = story('acme', 'shop', daysAgo(60));
  Object.assign(team.world, { releases: [], tags: [] });
  deploy(team, team.tip(), daysAgo(50), 0);
  for (let i = 1; i <= 30; i++) deploy(team, team.merge(i, daysAgo(40 - i)), daysAgo(40 - i, 22), i);
  team.world.files = Object.fromEntries(
    Object.entries(files).map(([name, text]) => [`.github/workflows/${name}`, text]),
  );
  return team.world;
}
const to =
  (environment: string, creator: string) => (team: ReturnType<typeof story>, sha: string, at: string) =>
    void team.deploy(sha, at, { environment, creator });

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

/** The printed files by name. */
const filesIn = (out: string) =>
  Object.fromEntries(
    out
      .split(/^# (?=\.github\/workflows\/)/m)
      .filter((file) => file !== '')
      .map((file) => {
        const [path = '', ...lines] = file.split('\n');
        return [path.replace('.github/workflows/', ''), lines.join('\n')];
      }),
  );

const run = (world: World, text: string, event: string, payload: object = {}) =>
  withGitHub(world, {}, ({ apiUrl }) =>
    runWorkflow(text, { apiUrl, repository: 'acme/shop', event, payload, env: { GITHUB_SHA: world.head } }),
  );

const succeeded = {
  workflow_run: { conclusion: 'success', id: 1, event: 'push', head_branch: 'main' },
  action: 'completed',
};

describe.each<
  [name: string, world: () => World, event: string, payload: object, start: object | string, reason: RegExp]
>([
  [
    'a job with an environment',
    () => team(to('production', 'github-actions[bot]'), { 'deploy.yml': DEPLOY }),
    'workflow_run',
    succeeded,
    { workflow_run: { workflows: ['Ship it'], types: ['completed'], branches: ['main'] } },
    /deploy\.yml \(job "deploy"\), with GITHUB_TOKEN/,
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
    succeeded,
    { workflow_run: { workflows: ['Main'], types: ['completed'] } },
    /deployments come from main\.yml/,
  ],
  [
    'deployments by an app',
    () => team(to('Production', 'vercel[bot]')),
    'deployment_status',
    { deployment_status: { state: 'success' }, deployment: { environment: 'Production' } },
    { deployment_status: null },
    /deployments come from vercel.*They start workflows/,
  ],
  [
    'a script with GITHUB_TOKEN',
    () =>
      team(to('live', 'github-actions[bot]'), {
        'ship.yml':
          'on: push\njobs:\n  go: { runs-on: ubuntu-latest, permissions: { deployments: write }, steps: [{ run: ./go.sh }] }\n',
      }),
    'workflow_run',
    succeeded,
    { workflow_run: { workflows: ['.github/workflows/ship.yml'], types: ['completed'], branches: ['main'] } },
    /most likely in ship\.yml/,
  ],
  [
    'releases',
    () =>
      team((team, sha, at, i) => {
        team.world.releases?.push({
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
    /^Found 31 releases|\nFound 31 releases/,
  ],
  [
    'annotated tags',
    () =>
      team((team, sha, at, i) => {
        team.world.tags?.push({ name: `v1.${i}.0`, sha, taggedAt: at });
      }),
    'push',
    { ref: 'refs/tags/v1.30.0' },
    { push: { tags: ['v*'] } },
    /Found annotated tags, the newest v1\./,
  ],
])('%s', (_, world, event, payload, start, reason) => {
  test('the workflows pass actionlint and succeed on their events', async () => {
    const { code, out, err } = await init(world());
    expect([code, err]).toEqual([0, expect.stringMatching(reason)]);
    const { 'deploy-latency.yml': after = '', 'deploy-latency-weekly.yml': weekly = '' } = filesIn(out);
    const { pull_request: pull, ...others } = workflowOf(after).on as Record<string, unknown>;
    expect([pull, others]).toEqual([null, start]);
    expect(lintErrors([after, weekly])).toBe('');
    expect(out).toMatch(/uses: deploy-latency-guard\/deploy-latency-guard@v\d+\.\d+\.\d+$/m);
    expect(out).toContain('target: 25m # your median was within it in 5 of the last 5 weeks; aim for 15m');
    const guard = await run(world(), after, event, payload);
    expect([guard?.code, guard?.outputs.status]).toEqual([0, expect.stringMatching(/on-target|slipping/)]);
    const week = await run(world(), weekly, 'schedule');
    expect([week?.code, week?.outputs.html]).toEqual([0, expect.stringMatching(/deploy-latency\.html$/)]);
  });
});

describe('a job with a name like "deploy" and without an environment', () => {
  test('counts as the deployment', async () => {
    const world = team(
      (team, sha, at, i) => {
        if (i > 0)
          team.ship(sha, at, {
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
    expect([code, err.replace(/\s+/g, ' ')]).toEqual([
      0,
      expect.stringContaining('seems to deploy, judging by its name'),
    ]);
    const { 'deploy-latency.yml': after = '' } = filesIn(out);
    expect(workflowOf(after).jobs.guard?.steps?.[0]?.with).toMatchObject({
      'deploy-source': 'workflow',
      'deploy-workflow': 'deploy.yml',
      'deploy-job': 'deploy to k8s',
    });
    expect(lintErrors([after])).toBe('');
    expect((await run(world, after, 'workflow_run', succeeded))?.code).toBe(0);
  });
});

test('the alternative job passes actionlint in the workflow that deploys, and succeeds', async () => {
  const world = () => team(to('production', 'github-actions[bot]'), { 'deploy.yml': DEPLOY });
  const { 'deploy-latency.yml': after = '' } = filesIn((await init(world())).out);
  const [, comment = ''] = /add this job to deploy\.yml\..*\n((?:# .*\n)+)/.exec(after) ?? [];
  const extended = `${DEPLOY}${comment.replace(/^# /gm, '')}`;
  expect(workflowOf(extended).jobs.latency).toMatchObject({ needs: 'deploy' });
  expect(lintErrors([extended])).toBe('');
  const guard = await run(world(), extended, 'push', { ref: 'refs/heads/main' });
  expect([guard?.code, guard?.outputs.status]).toEqual([0, 'on-target']);
});

describe('the reasons', () => {
  test('name skipped previews, earlier stages and other possible environments', async () => {
    const world = team((team, sha, at, i) => {
      team.deploy(sha, at, { environment: 'shop-production', creator: 'vercel[bot]' });
      if (i % 2 === 0) team.deploy(sha, at, { environment: 'blog-production', creator: 'vercel[bot]' });
      team.deploy(sha, at, { environment: 'staging', creator: 'vercel[bot]' });
      if (i > 20) team.deploy(sha, at, { environment: `pr-${i}`, creator: 'vercel[bot]' });
    });
    const { out, err } = await init(world);
    expect(out).toContain('environment: shop-production');
    const plain = err.replace(/\s+/g, ' ');
    expect(plain).toContain('Also possible: "blog-production" (');
    expect(plain).toContain('Earlier stages, judging by their names: staging.');
    expect(plain).toContain('Skipped: 10 preview environments.');
  });

  test('find production among hundreds of previews', async () => {
    const world = team((team, sha, at, i) => {
      if (i < 25) team.deploy(sha, at, { environment: 'production', creator: 'vercel[bot]' });
      for (let preview = 0; i >= 25 && preview < 60; preview++)
        team.deploy(sha, team.later(at, preview * 5), { environment: 'Preview', creator: 'vercel[bot]' });
    });
    const { out, err } = await init(world);
    expect(out).toContain('environment: production');
    expect(err.replace(/\s+/g, ' ')).toContain('Skipped: 1 preview environment.');
  });

  test('recommend only pull requests and the weekly check for deployments from an unknown place', async () => {
    const { out, err } = await init(team(to('production', 'github-actions[bot]')));
    const { 'deploy-latency.yml': guard = '', ...others } = filesIn(out);
    expect(workflowOf(guard).on).toEqual({ pull_request: null });
    expect(Object.keys(others)).toEqual(['deploy-latency-weekly.yml']);
    expect(err.replace(/\s+/g, ' ')).toContain('So only pull requests and the weekly check measure them.');
  });

  test('a repository without deployments is an error with the next step', async () => {
    const { code, out, err } = await init(story('acme', 'shop', daysAgo(60)).world);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(
      /^error: Nothing shows how this repository deploys\. .* or copy a workflow from docs\/recipes\.md\. Help: \S+#command-line\n$/,
    );
  });
});

test('hostile names are quoted in YAML and in expressions', async () => {
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

  test('writes both files into the checkout, and prints the commands for a pull request', async () => {
    const { code, out } = await init(world(), '--write');
    expect([code, out]).toEqual([
      0,
      [
        'Written: .github/workflows/deploy-latency.yml',
        'Written: .github/workflows/deploy-latency-weekly.yml',
        '',
        'Open a pull request with:',
        '  git switch -c deploy-latency && git add .github/workflows/deploy-latency.yml .github/workflows/deploy-latency-weekly.yml',
        '  git commit -m "Measure deploy latency" && git push -u origin HEAD',
        '  gh pr create --fill',
        '',
      ].join('\n'),
    ]);
    expect(readFileSync(join(folder, '.github/workflows/deploy-latency.yml'), 'utf8')).toContain(
      'workflow_run:',
    );
  });

  test('writes nothing if one of the files exists', async () => {
    mkdirSync(join(folder, '.github/workflows'), { recursive: true });
    const existing = join(folder, '.github/workflows/deploy-latency-weekly.yml');
    writeFileSync(existing, 'mine');
    const { code, err } = await init(world(), '--write');
    expect(code).toBe(2);
    expect(err).toContain(
      'error: ".github/workflows/deploy-latency-weekly.yml" already exists, so nothing was written.',
    );
    expect(readFileSync(existing, 'utf8')).toBe('mine');
    expect(existsSync(join(folder, '.github/workflows/deploy-latency.yml'))).toBe(false);
  });
});
