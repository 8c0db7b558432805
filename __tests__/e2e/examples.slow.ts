import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { sampleMonorepo } from '../../src/demo/monorepo.ts';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import { story } from '../../src/fake-github/story.ts';
import type { World } from '../../src/fake-github/world.ts';
import { commentsOn } from '../support/written.ts';
import { withGitHub } from '../support/github.ts';
import { startServer } from '../support/http-server.ts';
import type { StepResult } from '../support/runner.ts';
import { holds, runWorkflow, workflowOf } from '../support/workflow.ts';

/** Every workflow of examples/, run as GitHub would run it: the built action on the event that starts it. */

const text = (name: string) => readFileSync(`examples/${name}.yml`, 'utf8');

interface Scenario {
  event: string;
  payload?: object;
  world?: () => World;
  /** Inputs in addition to those of the example. Defaults to the time of the sample. */
  inputs?: (world: World) => Promise<Record<string, string>>;
  /** Exit code. A sure drift fails guard mode. */
  code: 0 | 1;
  check: (step: StepResult, world: World) => void;
}

const pullRequestEvent = (properties: object = {}) => ({
  action: 'opened',
  number: 500,
  pull_request: {
    number: 500,
    merged: false,
    base: { ref: 'main' },
    head: { repo: { full_name: 'larkspur/storefront' } },
    ...properties,
  },
});
const expectDrift = (step: StepResult) => {
  expect(step.outputs.status).toBe('drifted');
  expect(step.log).toContain('::error title=Deploy latency has drifted::');
};
const succeeded = {
  action: 'completed',
  workflow_run: { id: 1, conclusion: 'success', event: 'push', head_branch: 'main' },
};
/** The sample team with changes to its data. */
const sampleWith = (change: (world: World) => void) => () => {
  const world = sampleTeam();
  change(world);
  return world;
};
const withPull = sampleWith((world) => {
  world.pulls.push({
    number: 500,
    title: 'Open',
    createdAt: '2026-03-13T16:00:00Z',
    mergedAt: null,
    mergeCommit: null,
    base: 'main',
    author: 'mira',
    commits: [],
  });
});

/** Files of earlier steps in the workspace. */
const workspace: Record<string, string> = {};

const SCENARIOS: Record<string, Scenario> = {
  'ten-lines': { event: 'workflow_run', payload: succeeded, code: 1, check: expectDrift },
  'after-deploy-job': { event: 'push', payload: { ref: 'refs/heads/main' }, code: 1, check: expectDrift },
  'after-deploy-workflow': { event: 'workflow_run', payload: succeeded, code: 1, check: expectDrift },
  'after-deployment': {
    event: 'deployment_status',
    payload: {
      action: 'created',
      deployment_status: { state: 'success' },
      deployment: { id: 9013, environment: 'production' },
    },
    code: 1,
    check: expectDrift,
  },
  'last-step': {
    event: 'push',
    payload: { ref: 'refs/heads/main' },
    code: 0,
    check: ({ log, outputs }) => {
      expect(outputs.status).toBe('drifted');
      expect(log).toContain('::warning title=Deploy latency has drifted::');
    },
  },
  'pull-request': {
    event: 'pull_request',
    payload: pullRequestEvent(),
    world: withPull,
    code: 0,
    check: (_, world) =>
      expect(commentsOn(world, 500)[0]?.body).toContain('Merged now, it goes live in about'),
  },
  'pull-request-from-forks': {
    event: 'pull_request_target',
    payload: pullRequestEvent({ head: { repo: { full_name: 'stranger/storefront' } } }),
    world: withPull,
    code: 0,
    check: (_, world) =>
      expect(commentsOn(world, 500)[0]?.body).toContain('Merged now, it goes live in about'),
  },
  weekly: {
    event: 'schedule',
    code: 0,
    check: ({ outputs }, world) => {
      expect(outputs.html).toMatch(/deploy-latency\.html$/);
      expect(world.issues?.map((issue) => issue.state)).toEqual(['open']);
    },
  },
  overdue: {
    event: 'schedule',
    world: sampleWith((world) => {
      for (const pull of world.pulls) if (pull.number === 423) pull.mergedAt = '2026-03-13T15:00:00Z';
    }),
    code: 0,
    // The sample's time is past, so the text of the comment is in the summary.
    check: ({ summary }) => expect(summary).toContain('Merged 2h ago, not live.'),
  },
  'workflow-runs': {
    event: 'workflow_run',
    payload: succeeded,
    world: sampleWith((world) => {
      world.deployments = [];
    }),
    code: 1,
    check: ({ report }) => expect(report.deployments.length).toBeGreaterThan(5),
  },
  releases: {
    event: 'release',
    payload: { action: 'published', release: { tag_name: 'v12' } },
    world: sampleWith((world) => {
      world.releases = world.deployments.map(({ sha, createdAt }, i) => ({
        tag: `v${i}`,
        sha,
        createdAt,
        publishedAt: createdAt,
        author: 'mira',
      }));
      world.deployments = [];
    }),
    code: 0,
    check: ({ outputs }) => expect(outputs.status).toBe('on-target'),
  },
  tags: {
    event: 'push',
    payload: { ref: 'refs/tags/v12' },
    world: sampleWith((world) => {
      world.tags = world.deployments.map(({ sha, createdAt }, i) => ({
        name: `v${i}`,
        sha,
        taggedAt: createdAt,
      }));
      world.deployments = [];
    }),
    code: 0,
    check: ({ outputs }) => expect(outputs.status).toBe('on-target'),
  },
  'services/weekly': {
    event: 'schedule',
    world: () => {
      const world = sampleMonorepo();
      world.files = { ...world.files, '.github/deploy-latency.yml': text('services/deploy-latency') };
      return world;
    },
    code: 0,
    check: ({ outputs }) =>
      expect(JSON.parse(outputs.units ?? '').map(({ service }: { service: string }) => service)).toEqual(
        expect.arrayContaining(['api', 'web', 'mailer']),
      ),
  },
  events: {
    event: 'schedule',
    world: sampleWith((world) => {
      const events = world.deployments.map(({ sha, createdAt, environment }) => ({
        time: createdAt,
        sha,
        environment,
        status: 'success',
      }));
      workspace['deploys.jsonl'] = events.map((event) => JSON.stringify(event)).join('\n');
      world.deployments = [];
      world.files = { ...world.files, '.github/deploy-latency.yml': text('events/deploy-latency') };
    }),
    code: 0,
    check: ({ outputs, report }) => {
      // The events have the time when each deployment was created, so lead times are shorter.
      expect(outputs.status).toBe('slipping');
      expect(report.deployments.length).toBeGreaterThan(5);
    },
  },
  gitops: {
    event: 'schedule',
    world: sampleWith((world) => {
      const config = story('octo-org', 'clusters', '2026-01-01T00:00:00Z');
      for (const { sha, createdAt } of world.deployments) {
        config.push(createdAt, { message: 'Deploy' });
        const last = config.world.commits.at(-1);
        if (last) last.texts = { 'shop/values.yaml': `image:\n  tag: ${sha.slice(0, 12)}\n` };
      }
      world.others = [config.world];
      world.deployments = [];
      world.files = { ...world.files, '.github/deploy-latency.yml': text('gitops/deploy-latency') };
    }),
    code: 0,
    check: ({ report }) => {
      expect(report.deployments.length).toBeGreaterThan(5);
      for (const deployment of report.deployments) expect(deployment.declared).toBe(true);
    },
  },
  organization: {
    event: 'schedule',
    world: sampleWith((world) => {
      world.others = [{ ...sampleTeam(), name: 'till' }];
    }),
    code: 0,
    check: ({ outputs, report, summary }) => {
      expect(report.teams).toMatchObject({ drifted: 2, failed: 0 });
      expect(outputs.csv).toMatch(/rollup\.csv$/);
      expect(summary).toContain('larkspur/till');
    },
  },
  badge: {
    event: 'schedule',
    code: 0,
    check: ({ outputs }) => expect(outputs.badge).toMatch(/badge\.svg$/),
  },
  'ask-production': {
    event: 'push',
    payload: { ref: 'refs/heads/main' },
    inputs: async (world) => {
      const production = await startServer((response) =>
        response.end(`{"commit":"${world.deployments.at(-1)?.sha}"}`),
      );
      return { url: production.url };
    },
    code: 0,
    check: ({ log, outputs }, world) => {
      expect(log).toContain('The last 10 answers contained it.');
      expect(outputs.commit).toBe(world.deployments.at(-1)?.sha);
    },
  },
  'self-hosted': {
    event: 'schedule',
    code: 0,
    check: ({ outputs }) => expect(outputs.status).toBe('drifted'),
  },
};

test('every example has a scenario', () => {
  const examples = readdirSync('examples', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yml') && !file.endsWith('deploy-latency.yml'))
    .map((file) => file.replace(/\.yml$/, '').replaceAll('\\', '/'));
  expect(Object.keys(SCENARIOS).toSorted()).toEqual(examples.toSorted());
});

test.each(Object.entries(SCENARIOS))(
  '%s',
  async (name, { event, payload = {}, world: makeWorld = sampleTeam, inputs, code, check }) => {
    const world = makeWorld();
    const repository = `${world.owner}/${world.name}`;
    const folder = mkdtempSync(join(tmpdir(), 'workspace-'));
    for (const [file, content] of Object.entries(workspace)) writeFileSync(join(folder, file), content);
    const additional = (await inputs?.(world)) ?? {
      'as-of': SAMPLE_NOW,
      // The organization action has no such input, and this value is what the other example is about.
      ...(name === 'organization' || name === 'overdue' ? {} : { comment: 'always' }),
      ...(name === 'weekly' ? { issue: 'always' } : {}),
    };
    const step = await withGitHub(world, {}, ({ apiUrl }) =>
      runWorkflow(text(name), {
        apiUrl,
        repository,
        event,
        payload,
        inputs: additional,
        env: { GITHUB_SHA: world.deployments.at(-1)?.sha ?? world.head, GITHUB_WORKSPACE: folder },
      }),
    );
    if (step === null) throw new Error('The event does not start the workflow.');
    expect([step.code, step.log.includes('::error::')]).toEqual([code, false]);
    check(step, world);
  },
);

test.each(['workflow-runs', 'releases', 'tags'])(
  '%s needs the same permissions as the others, without deployments',
  (name) => {
    const permissions = (example: string) => Object.values(workflowOf(text(example)).jobs)[0]?.permissions;
    expect({ ...permissions(name), deployments: 'read' }).toEqual(permissions('after-deployment'));
  },
);

test('after-deployment skips failed deployments and other environments', () => {
  const [guard] = Object.values(workflowOf(text('after-deployment')).jobs);
  const on = (state: string, environment: string) =>
    holds(guard?.if, { event: { deployment_status: { state }, deployment: { environment } } });
  expect([on('success', 'production'), on('failure', 'production'), on('success', 'staging')]).toEqual([
    true,
    false,
    false,
  ]);
});

test('the script of the badge example pushes the badge to its branch', () => {
  const folder = mkdtempSync(join(tmpdir(), 'badge-'));
  try {
    execFileSync('git', ['init', '--quiet', '--bare', join(folder, 'shop.git')]);
    writeFileSync(join(folder, 'badge.svg'), '<svg/>');
    writeFileSync(join(folder, 'badge.json'), '{}');
    const step = workflowOf(text('badge')).jobs.badge?.steps?.find((step) => step.run);
    const script = (step?.run ?? '').replace(/"https:.*"/, `"${join(folder, 'shop.git')}"`);
    execFileSync('bash', ['-e', '-c', script], { env: { ...process.env, BADGE: join(folder, 'badge.svg') } });
    const files = execFileSync(
      'git',
      ['--git-dir', join(folder, 'shop.git'), 'ls-tree', '--name-only', 'badges'],
      {
        encoding: 'utf8',
      },
    );
    expect(files).toBe('badge.json\nbadge.svg\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
