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
const plan = (inputs: Partial<Record<OptionName, string>> = {}, more: Partial<Surroundings> = {}) =>
  planOf({ 'github-token': 't', ...inputs }, { ...surroundings, ...more });

describe('the error for an invalid input has its name, its value and the accepted values', () => {
  test.each<[OptionName, string, string]>([
    ['mode', 'watch', 'auto, guard, pull-request, scheduled'],
    ['repository', 'shop', 'owner/name, such as octo-org/shop'],
    ['repository', 'acme/shop/x', 'owner/name'],
    ['deploy-source', 'guesses', 'deployments, workflow, releases, tags'],
    ['target', 'soon', 'a duration such as 90s, 15m, 1h30m, 7d or PT15M, longer than zero'],
    ['target', '0s', 'longer than zero'],
    ['window', '0d', 'longer than zero'],
    ['window', '9999d', 'at most 1830 days'],
    ['tolerance', '-25%', 'a percentage from 0% to 999999%, such as 25%'],
    ['tolerance', '25', 'a percentage'],
    ['statistic', 'p99', 'p50, p75, p90, p95, mean, max'],
    ['as-of', '2026-03-02T12:00:01Z', 'an ISO 8601 date or time that is not in the future'],
    ['as-of', 'yesterday', 'an ISO 8601 date or time'],
    ['as-of', '2026-02-30', 'an ISO 8601 date or time'],
    ['as-of', '2026-03-01T10:00', 'an ISO 8601 date or time'],
    ['min-samples', '0', 'a whole number from 1 to 999999'],
    ['widen', '29d', 'none, or a duration such as 90s, 15m, 1h30m, 7d or PT15M, at most 28 days'],
    ['widen', 'yes', 'none, or a duration'],
    ['objective', '100%', 'a percentage above 0% and below 100%, such as 90%, or none'],
    ['objective', '0.9', 'a percentage above 0%'],
    ['weeks', '0', 'a whole number from 1 to 104'],
    ['max-batch', 'one', 'a whole number from 1 to 999999'],
    [
      'fail-on',
      'drift, lateness',
      'auto, none, or a list of sure-drift, drift, batch, slow, stuck, manual, not-live, no-data, budget-spent, budget-burning',
    ],
    ['direct-pushes', 'yes', 'ignore, count'],
    ['comment', 'sometimes', 'auto, always, overdue, never'],
    ['issue', 'sometimes', 'auto, always, per-service, never'],
    [
      'html',
      '../report.html',
      'the path of a file in the workspace, such as report.html, or an absolute path',
    ],
    ['html', 'out\\..\\..\\report.html', 'the path of a file in the workspace'],
    ['mention', '@octocat <!here>', 'none, authors, or handles'],
    ['deploy-workflow', 'deploy', 'the file name of the workflow that deploys'],
    [
      'deploy-event',
      'push',
      'no value with "deploy-source: deployments". Remove it, or set deploy-source to workflow',
    ],
    [
      'deploy-tag',
      'v1.*',
      'no value with "deploy-source: deployments". Remove it, or set deploy-source to tags or releases',
    ],
  ])('%s: %j', (name, value, accepted) => {
    const planning = () => plan({ [name]: value });
    expect(planning).toThrow(GuardError);
    expect(planning).toThrow(`Input "${name}" is "${value}"; accepted: `);
    expect(planning).toThrow(accepted);
  });

  test('deploy-source workflow needs deploy-workflow', () => {
    expect(() => plan({ 'deploy-source': 'workflow' })).toThrow('Input "deploy-workflow" is ""');
  });

  test('the error is one line, even if the value has line breaks', () => {
    expect(() => plan({ mode: 'a\n::error::b' })).toThrow('Input "mode" is "a ::error::b"; accepted');
  });

  test('the error for a missing token lists the permissions', () => {
    expect(() => planOf({}, surroundings)).toThrow(
      'permissions: contents: read, deployments: read, pull-requests: read',
    );
  });
});

describe('a window', () => {
  test('shorter than twice the limit is an error with window, target and tolerance', () => {
    expect(() => plan({ target: '8d' })).toThrow(
      'Input "window" is "7d"; accepted: at least 20d, twice the limit of 10d (target 8d plus 25%). Raise "window" or lower "target".',
    );
    expect(() => plan({ window: '37m' })).toThrow('Input "window" is "37m"; accepted: at least 37m30s');
  });

  test('of twice the limit is accepted', () => {
    expect(plan({ target: '8d', window: '20d' }).services[0]?.target.seconds).toBe(8 * 86_400);
  });
});

describe('without options', () => {
  test('every setting has its default', () => {
    const { settings, services } = plan();
    expect(services).toEqual([
      {
        id: 'production',
        environment: 'production',
        environments: ['production'],
        service: null,
        paths: null,
        live: 'first',
        liveWith: 'last',
        stages: [],
        authors: { only: [], exclude: [] },
        source: { kind: 'deployments', options: { file: null, job: null, task: null } },
        baseBranch: null,
        addresses: [],
        liveMatch: null,
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
      endsNow: true,
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
    const { settings, services } = plan({}, { eventName });
    expect([settings.mode, [...(services[0]?.policy.failOn ?? [])]]).toEqual([mode, failOn]);
  });
});

test('every documented form of a value is accepted', () => {
  const { settings, services } = plan({
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
    endsNow: false,
    mention: { authors: true, handles: ['octocat', 'octo-org/platform'] },
  });
});

test.each([
  ['https://api.github.com', 'https://api.github.com/graphql'],
  ['https://git.example.com/api/v3', 'https://git.example.com/api/graphql'],
  ['http://127.0.0.1:3000/', 'http://127.0.0.1:3000/graphql'],
])('the GraphQL API for the REST API at %s is at %s', (rest, graphql) => {
  expect(graphqlUrlOf(rest)).toBe(graphql);
});
