import { describe, expect, test } from '@jest/globals';
import { graphqlUrlOf, type Surroundings, surroundingsOf } from '../../src/config/surroundings.ts';
import { planOf } from '../../src/config/plan.ts';
import type { OptionName } from '../../src/config/options.ts';
import { GuardError } from '../../src/model/guard-error.ts';

const surroundings = surroundingsOf({
  now: new Date('2026-03-02T12:00:00Z'),
  repository: 'acme/shop',
  eventName: 'push',
  runId: 1,
  apiUrl: 'https://api.github.com',
  graphqlUrl: 'https://api.github.com/graphql',
});
const config = (inputs: Partial<Record<OptionName, string>> = {}, more: Partial<Surroundings> = {}) =>
  planOf({ 'github-token': 't', ...inputs }, { ...surroundings, ...more });

describe('an input that cannot be used names itself, its value and what is accepted', () => {
  test.each<[OptionName, string, string]>([
    ['mode', 'watch', 'auto, guard, pull-request, scheduled'],
    ['repository', 'shop', 'owner/name, such as octo-org/shop'],
    ['repository', 'acme/shop/x', 'owner/name'],
    ['deploy-source', 'guesses', 'deployments, workflow, releases, tags'],
    ['target', 'soon', 'a duration such as 90s, 15m, 1h30m, 7d or PT15M, longer than zero'],
    ['target', '0s', 'longer than zero'],
    ['window', '0d', 'longer than zero'],
    ['window', '9999d', 'at most 1830 days'],
    ['tolerance', '-25%', 'a percentage of zero or more, such as 25%'],
    ['tolerance', '25', 'a percentage'],
    ['statistic', 'p99', 'p50, p75, p90, p95, mean, max'],
    ['as-of', '2026-03-02T12:00:01Z', 'an ISO 8601 instant that is not in the future'],
    ['as-of', 'yesterday', 'an ISO 8601 instant'],
    ['as-of', '2026-02-30', 'an ISO 8601 instant'],
    ['as-of', '2026-03-01T10:00', 'an ISO 8601 instant'],
    ['min-samples', '0', 'a whole number from 1 up'],
    ['widen', '29d', 'none, or a duration such as 90s, 15m, 1h30m, 7d or PT15M, at most 28 days'],
    ['widen', 'yes', 'none, or a duration'],
    ['objective', '100%', 'a percentage above 0% and below 100%, such as 90%, or none'],
    ['objective', '0.9', 'a percentage above 0%'],
    ['weeks', '0', 'a whole number from 1 to 104'],
    ['max-batch', 'one', 'a whole number from 1 up'],
    [
      'fail-on',
      'drift, lateness',
      'auto, none, or a list of sure-drift, drift, batch, slow, stuck, manual, no-data, budget-spent, budget-burning',
    ],
    ['direct-pushes', 'yes', 'ignore, count'],
    ['comment', 'sometimes', 'auto, always, never'],
    ['issue', 'sometimes', 'auto, always, per-service, never'],
    [
      'html',
      '../report.html',
      'the path of a file in the workspace, such as report.html, or an absolute path',
    ],
    ['html', 'out\\..\\..\\report.html', 'the path of a file in the workspace'],
    ['mention', '@octocat <!here>', 'none, authors, or handles'],
    ['deploy-workflow', 'deploy', 'the file name of the workflow that deploys'],
    ['deploy-event', 'push', 'nothing, as deploy-source is deployments; it goes with deploy-source workflow'],
    ['deploy-tag', 'v1.*', 'nothing, as deploy-source is deployments; it goes with deploy-source tags'],
  ])('%s: %j', (name, value, accepted) => {
    const refused = () => config({ [name]: value });
    expect(refused).toThrow(GuardError);
    expect(refused).toThrow(`Input "${name}" is "${value}"; accepted: `);
    expect(refused).toThrow(accepted);
  });

  test('deploy-source workflow without the file', () => {
    expect(() => config({ 'deploy-source': 'workflow' })).toThrow('Input "deploy-workflow" is ""');
  });

  test('in one line, even where the value has several', () => {
    expect(() => config({ mode: 'a\n::error::b' })).toThrow('Input "mode" is "a ::error::b"; accepted');
  });

  test('no token: says which permissions it needs', () => {
    expect(() => planOf({}, surroundings)).toThrow(
      'permissions: contents: read, deployments: read, pull-requests: read',
    );
  });
});

describe('a window in which no drift can show', () => {
  test('is a bad input that names the window, the target and the tolerance', () => {
    expect(() => config({ target: '8d' })).toThrow(
      'Input "window" is "7d"; accepted: at least 20d, which is twice the limit: target 8d and tolerance 25% make 10d',
    );
    expect(() => config({ window: '37m' })).toThrow('Input "window" is "37m"; accepted: at least 37m30s');
  });

  test('twice the limit is enough', () => {
    expect(config({ target: '8d', window: '20d' }).services[0]?.target.seconds).toBe(8 * 86_400);
  });
});

describe('what is left out is its default', () => {
  test('the contract', () => {
    const { settings, services } = config();
    expect(services).toEqual([
      {
        id: 'production',
        environment: 'production',
        environments: ['production'],
        service: null,
        paths: null,
        live: 'first',
        stages: [],
        authors: { only: [], exclude: [] },
        source: { kind: 'deployments', options: { file: null, job: null, task: null } },
        baseBranch: null,
        countDirectPushes: false,
        target: { seconds: 900, tolerance: 0.25, statistic: 'p50' },
        policy: { minSamples: 5, maxBatch: 1, objective: null, failOn: new Set(['sure-drift']) },
      },
    ]);
    expect(settings).toMatchObject({
      owner: 'acme',
      repo: 'shop',
      mode: 'guard',
      window: { from: new Date('2026-02-23T12:00:00Z'), to: new Date('2026-03-02T12:00:00Z') },
      live: true,
      comment: 'auto',
      issue: 'auto',
      issueLabel: 'deploy-latency',
      html: null,
      mention: { authors: false, handles: [] },
    });
  });

  test.each([
    ['push', 'guard', ['sure-drift']],
    ['deployment_status', 'guard', ['sure-drift']],
    ['workflow_dispatch', 'guard', ['sure-drift']],
    ['pull_request', 'pull-request', []],
    ['pull_request_target', 'pull-request', []],
    ['merge_group', 'pull-request', []],
    ['schedule', 'scheduled', []],
  ])('on %s the mode is %s', (eventName, mode, failOn) => {
    const { settings, services } = config({}, { eventName });
    expect([settings.mode, [...(services[0]?.policy.failOn ?? [])]]).toEqual([mode, failOn]);
  });
});

test('values are read as the contract writes them', () => {
  const { settings, services } = config({
    repository: 'octo-org/site.io',
    mode: 'scheduled',
    'deploy-source': 'workflow',
    'deploy-workflow': '.github/workflows/deploy.yml',
    'deploy-job': 'Deploy to production',
    'base-branch': 'refs/heads/trunk',
    'direct-pushes': 'count',
    target: 'PT1H',
    tolerance: '12.5 %',
    statistic: 'p90',
    window: '30d',
    'as-of': '2026-03-01',
    'fail-on': 'drift, stuck\nno-data',
    mention: 'authors @octocat octo-org/platform',
  });
  expect(services).toMatchObject([
    {
      source: { kind: 'workflow', options: { file: 'deploy.yml', job: 'Deploy to production' } },
      baseBranch: 'trunk',
      countDirectPushes: true,
      target: { seconds: 3600, tolerance: 0.125, statistic: 'p90' },
      policy: { failOn: new Set(['drift', 'stuck', 'no-data']) },
    },
  ]);
  expect(settings).toMatchObject({
    owner: 'octo-org',
    repo: 'site.io',
    window: { from: new Date('2026-01-30T00:00:00Z'), to: new Date('2026-03-01T00:00:00Z') },
    live: false,
    mention: { authors: true, handles: ['octocat', 'octo-org/platform'] },
  });
});

test.each([
  ['https://api.github.com', 'https://api.github.com/graphql'],
  ['https://git.example.com/api/v3', 'https://git.example.com/api/graphql'],
  ['http://127.0.0.1:3000/', 'http://127.0.0.1:3000/graphql'],
])('beside REST at %s, GraphQL is at %s', (rest, graphql) => {
  expect(graphqlUrlOf(rest)).toBe(graphql);
});
