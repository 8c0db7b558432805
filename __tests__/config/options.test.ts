import { describe, expect, test } from '@jest/globals';
import { readConfig } from '../../src/config/file.ts';
import {
  type Door,
  type OptionCommand,
  appliesTo,
  OPTION_NAMES,
  type OptionName,
  OPTIONS,
  optionsAt,
} from '../../src/config/options.ts';
import { organizationSettings, rollupSettings } from '../../src/config/organization-settings.ts';
import { surroundingsOf } from '../../src/config/surroundings.ts';
import { CONFIG_FILE, planOf } from '../../src/config/plan.ts';
import { parse } from '../../src/entries/command/flags.ts';
import { inputsFor } from '../../src/organization/repository-walk.ts';
import { SOURCE_INPUTS, SOURCES } from '../../src/sources/registry.ts';

/** Every option changes the plan in every place where it can be set. */

/** A value other than the default. */
const OTHER_VALUES: Record<OptionName, string> = {
  target: '20m',
  environment: 'staging',
  'deploy-source': 'releases',
  'deploy-workflow': 'deploy.yml',
  window: '3d',
  'fail-on': 'batch',
  comment: 'never',
  issue: 'never',
  'deploy-job': 'ship',
  'deploy-tag': 'release-*',
  'deploy-task': 'deploy:web',
  'deploy-event': 'push',
  'events-file': 'other.jsonl',
  'events-url': 'https://example.com/deploys.jsonl',
  'gitops-repository': 'octo-org/other',
  'gitops-file': 'other.yaml',
  'gitops-pattern': 'tag: (.*)',
  live: 'last',
  'live-url': 'https://shop.example/version',
  'live-match': 'revision: (\\w+)',
  'base-branch': 'develop',
  'direct-pushes': 'count',
  authors: 'people',
  tolerance: '50%',
  statistic: 'p90',
  objective: '90%',
  'max-batch': '3',
  'min-samples': '9',
  widen: 'none',
  weeks: '12',
  stages: 'none',
  html: 'report.html',
  mention: 'authors',
  'issue-label': 'slow',
  'issue-repository': 'octo-org/ops',
  otel: 'never',
  mode: 'scheduled',
  'pull-request': '7',
  'as-of': '2026-03-01',
  repository: 'octo-org/other',
  config: 'other.yml',
  'github-token': 'other',
  timeout: '1m',
  'max-requests': '50',
  repositories: 'octo-org/web-*',
  topic: 'tier-1',
  property: 'tier=1',
  shard: '2/3',
  reports: 'kept',
  'roll-up': 'kept',
  'budget-points': '100',
  'budget-time': '10m',
};

/** Other options that an option needs. `events-url` replaces `events-file`. */
const REQUIRED: Partial<Record<OptionName, Partial<Record<OptionName, string>>>> = {
  'live-match': { 'live-url': 'https://shop.example/version' },
  'deploy-tag': { 'deploy-source': 'tags' },
  'deploy-event': { 'deploy-source': 'workflow', 'deploy-workflow': 'deploy.yml' },
  'events-file': { 'deploy-source': 'events', 'events-file': 'deploys.jsonl' },
  'events-url': { 'deploy-source': 'events', 'events-file': 'deploys.jsonl' },
  'gitops-repository': {
    'deploy-source': 'gitops',
    'gitops-repository': 'octo-org/clusters',
    'gitops-file': 'a.yaml',
  },
  'gitops-file': {
    'deploy-source': 'gitops',
    'gitops-repository': 'octo-org/clusters',
    'gitops-file': 'a.yaml',
  },
  'gitops-pattern': {
    'deploy-source': 'gitops',
    'gitops-repository': 'octo-org/clusters',
    'gitops-file': 'a.yaml',
  },
};
const optionsWithout = (name: OptionName): Partial<Record<OptionName, string>> => REQUIRED[name] ?? {};
const optionsWith = (name: OptionName): Partial<Record<OptionName, string>> => {
  const { 'events-file': _, ...others } = optionsWithout(name);
  return { ...(name === 'events-url' ? others : optionsWithout(name)), [name]: OTHER_VALUES[name] };
};

const surroundings = surroundingsOf({
  now: new Date('2026-03-02T12:00:00Z'),
  repository: 'acme/shop',
  apiUrl: 'https://api.github.com',
  graphqlUrl: 'https://api.github.com/graphql',
});
/** The plan without its function, which is another one in each plan. */
function plan(inputs: object, file: string | null) {
  const { services, settings } = planOf(
    { 'github-token': 't', ...inputs },
    surroundings,
    file === null ? null : readConfig(file, CONFIG_FILE),
  );
  return { services, settings: { ...settings, locate: null } };
}
const yaml = (values: object, indent: string) =>
  Object.entries(values)
    .map(([name, value]) => `${indent}${name}: ${JSON.stringify(value)}\n`)
    .join('');
const asInputs = (options: object) => plan(options, null);
const atTopLevel = (options: object) => plan({}, `$schema: x\n${yaml(options, '')}`);
const inDefaults = (options: object) =>
  plan({}, `defaults:\n${yaml({ 'max-batch': 7, ...options }, '  ')}services: { api: { paths: api } }\n`);
const inService = (options: object) =>
  plan({}, `services:\n  api:\n    paths: api\n${yaml(options, '    ')}`);
/** Flags of a command, parsed by the command line. */
const asFlags =
  (command: OptionCommand, planOfInputs: (inputs: object) => unknown = asInputs) =>
  (options: object): unknown => {
    const subjects = { demo: [], check: ['octo-org/shop'], organization: ['octo-org'], rollup: ['reports'] };
    const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    const { values } = parse([command, ...subjects[command], ...flags]);
    return planOfInputs(Object.fromEntries(optionsAt(command).map((name) => [name, values[name] ?? ''])));
  };
/** The plan of one repository of an organization. */
const forRepository = (inputs: object) =>
  plan(inputsFor('octo-org/shop', inputs, plan(inputs, null).settings.window), null);
const forOrganization = (options: object) => organizationSettings({ repositories: 'octo-org/*', ...options });

const namesAt = (door: Door) => optionsAt(door).map((name): [OptionName] => [name]);
/** Options that apply to every repository of an organization. */
const perRepository = (door: Door) => namesAt(door).filter(([name]) => appliesTo(name, 'run'));
const fileKeys = optionsAt('file');
const serviceKeys = fileKeys.filter((name) => appliesTo(name, 'service')).map((name): [OptionName] => [name]);

describe.each<[string, [OptionName][], (options: object) => unknown]>([
  ['an input', namesAt('input'), asInputs],
  ['a flag of demo', namesAt('demo'), asFlags('demo')],
  ['a flag of check', namesAt('check'), asFlags('check')],
  // The findings that fail many repositories are those of their roll-up.
  ['a flag of organization', perRepository('organization'), asFlags('organization', forRepository)],
  ['an input of the organization action', perRepository('organization input'), forRepository],
  ['a flag of rollup', namesAt('rollup'), asFlags('rollup', rollupSettings)],
  ['a key at the top level of the file', namesAt('file'), atTopLevel],
  ['a key of defaults', serviceKeys, inDefaults],
  ['a key of a service', serviceKeys, inService],
  [
    'an option for organizations',
    // roll-up replaces measuring, so it is not part of the plan.
    namesAt('organization').filter(([name]) => appliesTo(name, 'organization') && name !== 'roll-up'),
    forOrganization,
  ],
])('%s', (_, names, planWith) => {
  test.each(names)('%s changes the plan', (name) => {
    expect(planWith(optionsWith(name))).not.toEqual(planWith(optionsWithout(name)));
  });
});

test('the table has the options of every source', () => {
  const names = SOURCES.flatMap((source) => Object.keys(source.inputs));
  expect([...new Set(names)].toSorted()).toEqual(Object.keys(SOURCE_INPUTS).toSorted());
});

test('every option can be set somewhere, and accepts its default', () => {
  const now = new Date();
  for (const name of OPTION_NAMES) {
    const row = OPTIONS[name];
    expect([name, row.doors.length > 0]).toEqual([name, true]);
    expect(() => row.parse(row.default, name, now)).not.toThrow();
  }
});

test('every option of a service is also a key of the file', () => {
  for (const name of OPTION_NAMES)
    if (appliesTo(name, 'service')) expect([name, fileKeys.includes(name)]).toEqual([name, true]);
});
