import { describe, expect, test } from '@jest/globals';
import { readConfig } from '../../src/config/file.ts';
import {
  type Door,
  isOf,
  OPTION_NAMES,
  type OptionName,
  OPTIONS,
  optionsAt,
} from '../../src/config/options.ts';
import { organizationOf } from '../../src/config/many.ts';
import { surroundingsOf } from '../../src/config/surroundings.ts';
import { CONFIG_FILE, planOf } from '../../src/config/plan.ts';
import { parse } from '../../src/entries/command/flags.ts';
import { SOURCE_INPUTS, SOURCES } from '../../src/sources/registry.ts';

/** Every option said once in every place where the table has it: it changes what is planned, or it would do nothing. */

/** A value that is not the default. */
const OTHER: Record<OptionName, string> = {
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

/** What a value needs beside it to be taken at all; `events-url` is in place of a file. */
const BESIDE: Partial<Record<OptionName, Partial<Record<OptionName, string>>>> = {
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
const without = (name: OptionName): Partial<Record<OptionName, string>> => BESIDE[name] ?? {};
const withIt = (name: OptionName): Partial<Record<OptionName, string>> => {
  const { 'events-file': _, ...others } = without(name);
  return { ...(name === 'events-url' ? others : without(name)), [name]: OTHER[name] };
};

const around = surroundingsOf({
  now: new Date('2026-03-02T12:00:00Z'),
  repository: 'acme/shop',
  apiUrl: 'https://api.github.com',
  graphqlUrl: 'https://api.github.com/graphql',
});
const planned = (inputs: object, file: string | null) =>
  planOf({ 'github-token': 't', ...inputs }, around, file === null ? null : readConfig(file, CONFIG_FILE));
const yaml = (values: object, indent: string) =>
  Object.entries(values)
    .map(([name, value]) => `${indent}${name}: ${JSON.stringify(value)}\n`)
    .join('');
const inputs = (some: object) => planned(some, null);
const atTop = (some: object) => planned({}, `$schema: x\n${yaml(some, '')}`);
const asDefault = (some: object) =>
  planned({}, `defaults:\n  max-batch: 7\n${yaml(some, '  ')}services: { api: { paths: api } }\n`);
const ofService = (some: object) => planned({}, `services:\n  api:\n    paths: api\n${yaml(some, '    ')}`);
/** As flags of a command, by the command line's own reading of them. */
const flagsOf =
  (command: 'check' | 'organization') =>
  (some: object): unknown => {
    const subject = command === 'check' ? 'octo-org/shop' : 'octo-org';
    const flags = Object.entries(some).flatMap(([name, value]) => [`--${name}`, value]);
    const { values } = parse([command, subject, ...flags]);
    return planned(Object.fromEntries(optionsAt(command).map((name) => [name, values[name] ?? ''])), null);
  };
const ofMany = (some: object) => organizationOf({ repositories: 'octo-org/*', ...some });

const namesAt = (door: Door) => optionsAt(door).map((name): [OptionName] => [name]);
/** What is said for many repositories, and holds for each of them. */
const ofEach = (door: Door) => namesAt(door).filter(([name]) => isOf(name, 'run'));
const fileNames = optionsAt('file');
const ofServices = fileNames.filter((name) => isOf(name, 'service')).map((name): [OptionName] => [name]);

describe.each<[string, [OptionName][], (some: object) => unknown]>([
  ['an input', namesAt('input'), inputs],
  ['a flag of check', namesAt('check'), flagsOf('check')],
  ['a flag of organization', ofEach('organization'), flagsOf('organization')],
  ['an input for organizations, of each', ofEach('organization input'), inputs],
  ['a key at the top of the file', namesAt('file'), atTop],
  ['a default of services', ofServices.filter(([name]) => name !== 'max-batch'), asDefault],
  ['a key of a service', ofServices, ofService],
  [
    'an option of many repositories',
    // Which reports are rolled up is no part of what is measured.
    namesAt('organization').filter(([name]) => isOf(name, 'organization') && name !== 'roll-up'),
    ofMany,
  ],
])('%s', (_, names, plan) => {
  test.each(names)('%s changes what is planned', (name) => {
    expect(plan(withIt(name))).not.toEqual(plan(without(name)));
  });
});

test('the options of every source are in the table', () => {
  const own = SOURCES.flatMap((source) => Object.keys(source.inputs));
  expect([...new Set(own)].toSorted()).toEqual(Object.keys(SOURCE_INPUTS).toSorted());
});

test('every option has a door, and a default that it takes', () => {
  const now = new Date();
  for (const name of OPTION_NAMES) {
    const row = OPTIONS[name];
    expect([name, row.doors.length > 0]).toEqual([name, true]);
    expect(() => row.parse(row.default, name, now)).not.toThrow();
  }
});

test('every option of one service can be said of the file, too', () => {
  for (const name of OPTION_NAMES)
    if (isOf(name, 'service')) expect([name, fileNames.includes(name)]).toEqual([name, true]);
});
