import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { SAMPLE_NOW } from '../../src/demo/sample.ts';
import type { World } from '../../src/fake-github/world.ts';
import { withGitHub } from '../support/github.ts';
import { withOpenPull } from '../support/open-pull.ts';
import { performStep } from '../support/in-process.ts';

/**
 * What docs/permissions.md gives each feature is enough, and no less would be: GitHub here refuses everything that was not
 * granted, and then each grant is taken away in turn.
 */

type Grants = Record<string, 'read' | 'write'>;

const PAGE = readFileSync('docs/permissions.md', 'utf8');
const EVERY = ['contents', 'deployments', 'actions', 'checks', 'pull-requests', 'issues'];

/** The rows of the page's table: what a feature takes. */
const TABLE = new Map(
  (/<!-- permissions -->([\s\S]*)<!-- \/permissions -->/.exec(PAGE)?.[1] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| For') && !line.startsWith('| ---'))
    .map((line) => {
      const [, feature = '', takes = ''] = line.split('|').map((cell) => cell.trim());
      const grants = [...takes.matchAll(/`([a-z-]+): (read|write)`/g)].map(([, name, level]) => [
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
    if (!grants) throw new Error(`docs/permissions.md has no row for ${feature}`);
    for (const [name, level] of Object.entries(grants)) if (all[name] !== 'write') all[name] = level;
  }
  return all;
}

/** The recipes that tell of deployments: what starts each, and its permissions. */
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
  const job = Object.values(workflow.jobs).find((each) =>
    each.steps.some((step) => step.uses?.includes('deploy-latency-guard')),
  );
  const event = typeof workflow.on === 'string' ? workflow.on : Object.keys(workflow.on as object)[0];
  return [event ?? '', job?.permissions ?? {}] as const;
});

function denied(grants: Grants): string[] {
  return EVERY.flatMap((name) =>
    grants[name] === 'write' ? [] : grants[name] === 'read' ? [`${name}:write`] : [name, `${name}:write`],
  );
}

const PAYLOADS: Record<string, object> = {
  // The deployment's own run is found without it: the newest deployment is judged.
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

/** Each grant a step down: `write` becomes `read`, `read` nothing. */
function lessened(grants: Grants): [string, Grants][] {
  return Object.entries(grants).map(([name, level]) => {
    const { [name]: _, ...rest } = grants;
    return level === 'write' ? [`${name}: write`, { ...rest, [name]: 'read' }] : [`${name}: read`, rest];
  });
}

const FEATURES: [string, string[], string, Record<string, string>][] = [
  ['deployments alone', ['any answer', 'deployments'], 'push', { stages: 'none', comment: 'never' }],
  [
    "a workflow's runs alone",
    ['any answer', "a workflow's runs"],
    'push',
    { 'deploy-source': 'workflow', 'deploy-workflow': 'deploy.yml', stages: 'none', comment: 'never' },
  ],
  [
    'one job of them',
    ['any answer', "a workflow's runs"],
    'push',
    {
      'deploy-source': 'workflow',
      'deploy-workflow': 'deploy.yml',
      'deploy-job': 'deploy',
      stages: 'none',
      comment: 'never',
    },
  ],
  ['releases alone', ['any answer', 'releases'], 'push', { 'deploy-source': 'releases', comment: 'never' }],
  ['where the time goes', ['any answer', 'deployments', 'where the time goes'], 'push', { comment: 'never' }],
  ['comments', ['any answer', 'deployments', 'comments'], 'pull_request', { stages: 'none' }],
  ['the weekly issue', ['any answer', 'deployments', 'the weekly issue'], 'schedule', { stages: 'none' }],
];

describe('a feature does with what the page says it takes', () => {
  test('every row of the table is one of those below', () => {
    expect([...TABLE.keys()].sort()).toEqual([...new Set(FEATURES.flatMap(([, rows]) => rows))].sort());
  });

  describe.each(FEATURES)('%s', (_, rows, event, inputs) => {
    const grants = grantsOf(...rows);

    test(`${Object.entries(grants).map((entry) => entry.join(': '))}: nothing is missing`, async () => {
      const { report, log, outputs } = await run(grants, event, inputs);
      expect(log).not.toContain('::error');
      expect(report.completeness.gaps).toEqual([]);
      expect(log).not.toContain('Not written');
      if (rows.includes('comments')) expect(outputs['comment-url']).toMatch(/^https:/);
      if (rows.includes('the weekly issue')) expect(outputs['issue-url']).toMatch(/^https:/);
    });

    test.each(lessened(grants))('without "%s" that is named', async (grant, less) => {
      const { report, log } = await run(less, event, inputs);
      const gaps = (report?.completeness.gaps ?? []).map((gap: { what: string }) => gap.what);
      const said = [...log.split('\n').filter((line) => /^::(error|notice|warning)/.test(line)), ...gaps];
      expect(said.join('\n')).toContain(grant);
    });
  });
});

describe('the recipes have what they take, and no more', () => {
  const more = grantsOf('any answer', 'deployments', 'where the time goes');

  test.each(WORKFLOWS)('on %s', async (event, permissions) => {
    const options = event === 'schedule' ? grantsOf('the weekly issue') : grantsOf('comments');
    expect(permissions).toEqual({ ...more, ...options });
    const { report, log, outputs } = await run(permissions, event);
    expect(report.completeness.gaps).toEqual([]);
    expect(log).not.toContain('Not written');
    if (event !== 'push') expect(outputs['comment-url'] || outputs['issue-url']).toMatch(/^https:/);
  });
});
