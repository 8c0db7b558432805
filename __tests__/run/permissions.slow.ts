import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { SAMPLE_NOW } from '../../src/demo/sample.ts';
import type { World } from '../../src/fake-github/world.ts';
import { withGitHub } from '../support/github.ts';
import { withOpenPull } from '../support/open-pull.ts';
import { performStep } from '../support/in-process.ts';

/**
 * Checks the permissions in docs/security.md. GitHub here refuses everything that was not granted, so the listed permissions
 * have to be enough. Then each one is taken away in turn, and the guard has to name it.
 */

type Grants = Record<string, 'read' | 'write'>;

const PAGE = readFileSync('docs/security.md', 'utf8');
const ALL_PERMISSIONS = ['contents', 'deployments', 'actions', 'checks', 'pull-requests', 'issues'];

/** The permissions of each feature, from the page's table. */
const TABLE = new Map(
  (/<!-- permissions -->([\s\S]*)<!-- \/permissions -->/.exec(PAGE)?.[1] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| Feature') && !line.startsWith('| ---'))
    .map((line) => {
      const [, feature = '', permissions = ''] = line.split('|').map((cell) => cell.trim());
      const grants = [...permissions.matchAll(/`([a-z-]+): (read|write)`/g)].map(([, name, level]) => [
        name,
        level,
      ]);
      return [feature.replace(/ \(.*/, ''), Object.fromEntries(grants) as Grants];
    }),
);

function grantsOf(...features: string[]): Grants {
  const all: Grants = {};
  for (const feature of features) {
    const grants = TABLE.get(feature);
    if (!grants) throw new Error(`docs/security.md has no row for ${feature}`);
    for (const [name, level] of Object.entries(grants)) if (all[name] !== 'write') all[name] = level;
  }
  return all;
}

/** Recipes that measure deployments: the event that starts each, and its permissions. */
const WORKFLOWS = [
  'after-deploy-job',
  'after-deploy-workflow',
  'after-deployment',
  'pull-request',
  'weekly',
].map((name) => {
  const text = readFileSync(`examples/${name}.yml`, 'utf8');
  const workflow = load(text) as {
    on: unknown;
    jobs: Record<string, { permissions: Grants; steps: { uses?: string }[] }>;
  };
  const job = Object.values(workflow.jobs).find(({ steps }) =>
    steps.some((step) => step.uses?.includes('deploy-latency-guard')),
  );
  const event = typeof workflow.on === 'string' ? workflow.on : Object.keys(workflow.on as object)[0];
  return [event ?? '', job?.permissions ?? {}] as const;
});

function denied(grants: Grants): string[] {
  return ALL_PERMISSIONS.flatMap((name) =>
    grants[name] === 'write' ? [] : grants[name] === 'read' ? [`${name}:write`] : [name, `${name}:write`],
  );
}

const PAYLOADS: Record<string, object> = {
  // Without a run in the payload, the newest deployment is judged.
  workflow_run: {},
  pull_request: { pull_request: { number: 500 } },
  deployment_status: {
    deployment: { id: 9010, environment: 'production' },
    deployment_status: { state: 'success' },
  },
};

function world(): World {
  const team = withOpenPull();
  team.releases = team.deployments.map((deployment, i) => ({
    tag: `v${i}`,
    sha: deployment.sha,
    createdAt: deployment.createdAt,
    publishedAt: deployment.createdAt,
    author: 'mira',
  }));
  return team;
}

async function run(grants: Grants, event: string, inputs: Record<string, string> = {}) {
  return withGitHub(world(), { denied: denied(grants) }, (github) =>
    performStep({
      apiUrl: github.apiUrl,
      repository: 'larkspur/storefront',
      event,
      payload: PAYLOADS[event] ?? {},
      inputs: { 'as-of': SAMPLE_NOW, 'fail-on': 'none', comment: 'always', issue: 'always', ...inputs },
    }),
  );
}

/** The grants with one of them lowered: `write` to `read`, `read` to nothing. */
function lessened(grants: Grants): [string, Grants][] {
  return Object.entries(grants).map(([name, level]) => {
    const { [name]: _, ...rest } = grants;
    return level === 'write' ? [`${name}: write`, { ...rest, [name]: 'read' }] : [`${name}: read`, rest];
  });
}

const FEATURES: [string, string[], string, Record<string, string>][] = [
  ['deployments only', ['any report', 'deployments'], 'push', { stages: 'none', comment: 'never' }],
  [
    'workflow runs only',
    ['any report', 'workflow runs'],
    'push',
    { 'deploy-source': 'workflow', 'deploy-workflow': 'deploy.yml', stages: 'none', comment: 'never' },
  ],
  [
    'one job of workflow runs',
    ['any report', 'workflow runs'],
    'push',
    {
      'deploy-source': 'workflow',
      'deploy-workflow': 'deploy.yml',
      'deploy-job': 'deploy',
      stages: 'none',
      comment: 'never',
    },
  ],
  ['releases only', ['any report', 'releases'], 'push', { 'deploy-source': 'releases', comment: 'never' }],
  ['stages', ['any report', 'deployments', 'stages'], 'push', { comment: 'never' }],
  ['comments', ['any report', 'deployments', 'comments'], 'pull_request', { stages: 'none' }],
  ['the weekly issue', ['any report', 'deployments', 'the weekly issue'], 'schedule', { stages: 'none' }],
];

describe('a feature works with the permissions in docs/security.md', () => {
  test('every row of the table has a test', () => {
    expect([...TABLE.keys()].sort()).toEqual([...new Set(FEATURES.flatMap(([, rows]) => rows))].sort());
  });

  describe.each(FEATURES)('%s', (_, rows, event, inputs) => {
    const grants = grantsOf(...rows);

    test(`${Object.entries(grants).map((entry) => entry.join(': '))}: no gaps`, async () => {
      const { report, log, outputs } = await run(grants, event, inputs);
      expect(log).not.toContain('::error');
      expect(report.completeness.gaps).toEqual([]);
      expect(log).not.toContain('Not written');
      if (rows.includes('comments')) expect(outputs['comment-url']).toMatch(/^https:/);
      if (rows.includes('the weekly issue')) expect(outputs['issue-url']).toMatch(/^https:/);
    });

    test.each(lessened(grants))('without "%s" the guard names it', async (grant, fewer) => {
      const { report, log } = await run(fewer, event, inputs);
      const gaps = (report?.completeness.gaps ?? []).map((gap: { what: string }) => gap.what);
      const messages = [...log.split('\n').filter((line) => /^::(error|notice|warning)/.test(line)), ...gaps];
      expect(messages.join('\n')).toContain(grant);
    });
  });
});

describe('the recipes have exactly the permissions they need', () => {
  const common = grantsOf('any report', 'deployments', 'stages');

  test.each(WORKFLOWS)('on %s', async (event, permissions) => {
    const options = event === 'schedule' ? grantsOf('the weekly issue') : grantsOf('comments');
    expect(permissions).toEqual({ ...common, ...options });
    const { report, log, outputs } = await run(permissions, event);
    expect(report.completeness.gaps).toEqual([]);
    expect(log).not.toContain('Not written');
    if (event !== 'push') expect(outputs['comment-url'] || outputs['issue-url']).toMatch(/^https:/);
  });
});
