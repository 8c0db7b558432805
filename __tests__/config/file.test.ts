import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { load } from 'js-yaml';
import { readConfig } from '../../src/config/file.ts';
import { surroundingsOf } from '../../src/config/surroundings.ts';
import { CONFIG_FILE, planOf } from '../../src/config/plan.ts';
import { GuardError } from '../../src/model/guard-error.ts';

/** The configuration file: its settings, inputs that override it, and errors with their line numbers. */

const surroundings = surroundingsOf({
  now: new Date('2026-03-02T12:00:00Z'),
  repository: 'acme/shop',
  apiUrl: 'https://api.github.com',
  graphqlUrl: 'https://api.github.com/graphql',
});
const plan = (text: string, inputs: Record<string, string> = {}) =>
  planOf({ 'github-token': 't', ...inputs }, surroundings, readConfig(text, CONFIG_FILE));
const errorFor = (text: string, inputs: Record<string, string> = {}): string => {
  try {
    plan(text, inputs);
  } catch (error) {
    if (error instanceof GuardError) return error.message;
    throw error;
  }
  throw new Error('The file was accepted.');
};

const FULL_FILE = `$schema: docs/config.schema.json
target: 20m
defaults:
  max-batch: 2
services:
  api:
    paths: [services/api/**, libs/shared/**]
    environment: production-api
    target: 10m
  web:
    paths: [web/**]
    workflow: deploy-web.yml
    job: ship
splits: [label:team/*]
freezes:
  - { from: 2026-12-20, to: 2027-01-02, why: holidays }
`;

describe('settings', () => {
  test('every service combines its own and the shared settings', () => {
    const { services, settings } = plan(FULL_FILE);
    expect(services).toMatchObject([
      {
        service: 'api',
        paths: ['services/api/**', 'libs/shared/**'],
        environment: 'production-api',
        target: { seconds: 600 },
        policy: { maxBatch: 2 },
        source: { kind: 'deployments' },
      },
      {
        service: 'web',
        paths: ['web/**'],
        target: { seconds: 1200 },
        policy: { maxBatch: 2 },
        source: { kind: 'workflow', options: { file: 'deploy-web.yml', job: 'ship' } },
      },
    ]);
    expect(settings.splits).toEqual(['label:team/*']);
    expect(settings.freezes).toEqual([
      {
        from: new Date('2026-12-20T00:00:00Z'),
        to: new Date('2027-01-02T23:59:59.999Z'),
        why: 'holidays',
      },
    ]);
  });

  test('widen, weeks and otel apply to the entire run', () => {
    const { settings } = plan('widen: 14d\nweeks: 12\notel: never\nservices: { api: { paths: api } }\n');
    expect(settings).toMatchObject({ widen: 14 * 86_400, weeks: 12, otel: 'never' });
  });

  test('inputs override the file, and the file overrides the defaults', () => {
    const { services } = plan(FULL_FILE, { target: '5m' });
    expect(services.map((service) => service.target.seconds)).toEqual([300, 300]);
    expect(plan('window: 3d\n').settings.window.from).toEqual(new Date('2026-02-27T12:00:00Z'));
  });

  test('the last of several stages is the environment to judge', () => {
    const [service] = plan('environments: [staging, { name: "prod-*", live: last }]\n').services;
    expect(service).toMatchObject({ stages: ['staging'], environments: ['prod-*'], live: 'last' });
  });

  test('input "environment" replaces the stages', () => {
    const [service] = plan('environments: [staging, production]\n', { environment: 'qa' }).services;
    expect(service).toMatchObject({ stages: [], environments: ['qa'] });
  });

  test.each([
    ['authors: people', { only: [], exclude: ['bots'] }],
    ['authors: { exclude: [bots, mira] }', { only: [], exclude: ['bots', 'mira'] }],
    ['authors: { only: "@ada", exclude: ["@mira"] }', { only: ['ada'], exclude: ['mira'] }],
    ['authors: ["!renovate*", ada]', { only: ['ada'], exclude: ['renovate*'] }],
  ])('%s', (text, authors) => {
    expect(plan(text).services[0]?.authors).toEqual(authors);
  });

  test('the JSON Schema accepts what the guard accepts, and refuses what it refuses', () => {
    const check = new Ajv2020({ strict: false }).compile(
      JSON.parse(readFileSync('docs/config.schema.json', 'utf8')),
    );
    expect(check(load(FULL_FILE))).toBe(true);
    expect(
      check({
        'max-batch': 2,
        freezes: ['weekends'],
        environments: ['staging', { name: 'p-*', live: 'last' }],
      }),
    ).toBe(true);
    for (const wrong of [
      { targt: '5m' },
      { services: { api: { path: 'x' } } },
      { services: { api: { widen: '14d' } } },
      { services: { api: { weeks: '12' } } },
      { services: { api: { otel: 'never' } } },
      { defaults: { widen: '14d' } },
      { freezes: [{ from: 'x' }] },
      [],
    ])
      expect(check(wrong)).toBe(false);
  });

  test('an empty file changes nothing', () => {
    expect(plan('').services[0]).toMatchObject({ environment: 'production', service: null });
  });
});

describe('an error has its line number and the accepted values', () => {
  test.each([
    ['an unknown key', 'target: 5m\ntargt: 5m\n', 2, '"targt" is not a key; did you mean "target"?'],
    [
      'an unknown key of a service',
      'services:\n  api:\n    path: x\n',
      3,
      '"path" is not a key of services.api; did you mean "paths"?',
    ],
    ['an invalid value', 'window: 7d\ntarget: soon\n', 2, '"target" is "soon"; accepted: a duration'],
    [
      'an invalid value in a service',
      'services:\n  api:\n    target: soon\n',
      3,
      'services.api: "target" is "soon"; accepted: a duration',
    ],
    ['an invalid choice', 'statistic: median\n', 1, '"statistic" is "median"; accepted: p50, p75'],
    ['a map instead of a value', 'target: { a: b }\n', 1, '"target" is a map'],
    ['a list instead of services', 'services: [api]\n', 1, '"services" is'],
    [
      'a map instead of paths',
      'services:\n  api:\n    paths: { a: b }\n',
      3,
      'accepted: a path or a list of paths',
    ],
    ['a freeze without an end', 'freezes:\n  - from: 2026-12-20\n', 2, '"freezes.0.to" is missing'],
    [
      'a freeze that ends before it begins',
      'freezes:\n  - { from: 2026-12-20, to: 2026-12-01 }\n',
      2,
      'which is not after "from"',
    ],
    [
      'a day that is not a date',
      'freezes:\n  - { from: yesterday, to: 2026-12-01 }\n',
      2,
      'a day or an instant in UTC',
    ],
    [
      'a source without a required option',
      'services:\n  web:\n    deploy-source: workflow\n',
      3,
      '"deploy-workflow" is ""',
    ],
    [
      'an option of another source',
      'services:\n  web:\n    deploy-tag: v*\n',
      3,
      '"deploy-tag" is "v*"; accepted: no value with "deploy-source: deployments"',
    ],
    ['an empty list of stages', 'environments: []\n', 1, 'a list of up to 20 names'],
    [
      'stages with workflow runs',
      'deploy-source: workflow\ndeploy-workflow: d.yml\nenvironments: [staging, production]\n',
      3,
      'Stages and regions need "deploy-source: deployments"',
    ],
    [
      'an unknown key of a stage',
      'environments:\n  - { nam: x }\n',
      2,
      '"nam" is not a key of environments.0; did you mean "name"?',
    ],
    [
      'a top-level key in a service',
      'services:\n  api:\n    splits: [service]\n',
      3,
      'Move it to the top level',
    ],
    ['a key of a service at the top level', 'target: 5m\npaths: api\n', 2, 'Move it below services.NAME'],
    ['an option for organizations', 'topic: x\n', 1, 'an input of the organization action'],
    [
      'environment and environments together',
      'target: 5m\nenvironment: production\nenvironments: [staging]\n',
      2,
      '"environment" and "environments" are both set',
    ],
    [
      'a day that does not exist',
      'freezes:\n  - { from: 2026-02-30, to: 2026-03-02 }\n',
      2,
      'a day or an instant',
    ],
    [
      '29 February in a year without one',
      'freezes:\n  - { from: 2026-02-29, to: 2026-03-02 }\n',
      2,
      'a day or an instant',
    ],
    [
      'an empty list of paths',
      'services:\n  api:\n    paths: []\n',
      3,
      '"services.api.paths" is empty; accepted: a path or a list of paths',
    ],
    ['an unquoted !', 'environment:\n  - prod-*\n  - !prod-us\ntarget: 5m\n', 3, 'tags (!) are not accepted'],
    [
      'an empty item',
      'target: 5m\nenvironments:\n  - staging\n  -\n  - production\n',
      4,
      '"environments.1" is empty',
    ],
    [
      'the second of two empty items',
      'services:\n  a:\n    paths:\n      - a\n      - # later\n',
      5,
      '"services.a.paths.1" is empty',
    ],
    [
      'a wrong item of a list',
      'fail-on:\n  - drift\n  - stuck\n  - not_live\n',
      4,
      '"fail-on" is "not_live"; accepted: auto, none, or a list of',
    ],
    [
      'a wrong path of a list',
      'services:\n  a:\n    paths:\n      - "!x"\n      - "b/{c,d"\n',
      5,
      '"paths" is "b/{c,d"',
    ],
    [
      'an unknown key of authors in defaults',
      'defaults:\n  authors:\n    exlude: [bots]\n',
      3,
      'did you mean "exclude"? Accepted: exclude, only.',
    ],
    ['an empty author', 'authors:\n  - mira\n  -\n', 3, '"authors.1" is empty'],
    [
      'people and a login',
      'authors: [people, mira]\n',
      1,
      '"people" alone or with exclusions such as !octocat',
    ],
    ['all and bots', 'authors: all, bots\n', 1, '"all" alone or with exclusions'],
    ['another word for weekends', 'freezes: [weekend]\n', 1, 'a list of weekends or { from, to, why }'],
    ['a stage with !', 'environments: [staging, "!prod"]\n', 1, 'Use "environment" to exclude some'],
    ['an environment with only !', 'environment: "!prod-us"\n', 1, 'at least one name or pattern without !'],
    ['a duplicate key', 'target: 5m\ntarget: 6m\n', 2, '"target" is set twice'],
    ['two documents', 'target: 5m\n---\ntarget: 6m\n', 2, 'several documents'],
    ...['services: {\n', 'services: [a,\n\n', 'environment: "x\n', "environment: 'x", 'services: { a: b'].map(
      (end): [string, string, number, string] => [
        `an end of the file after ${end.trim()}`,
        `target: 5m\n${end}`,
        2,
        'the file is not valid YAML (a bracket or a quote is not closed).',
      ],
    ),
    [
      'a bracket that is not closed before the next key',
      'mention: [a, b\nwindow: 7d\n',
      2,
      '(a bracket or a quote is not closed, or its lines are not indented).',
    ],
    ['other invalid YAML', 'a: b: c\n', 1, 'the file is not valid YAML (bad indentation of a mapping entry)'],
    [
      'an input that is not a key',
      'github-token: x\n',
      1,
      '"github-token" cannot be set in a file. Make it an input of the action.',
    ],
    ...['window', 'widen', 'weeks', 'otel'].flatMap((key): [string, string, number, string][] => [
      [
        `${key} of a service`,
        `target: 5m\nservices:\n  api:\n    target: 5m\n    ${key}: x\n`,
        5,
        `"${key}" applies to all services, so services.api cannot set it. Move it to the top level of the file.`,
      ],
      [
        `${key} in defaults`,
        `defaults:\n  ${key}: x\n`,
        2,
        `"${key}" applies to all services, so defaults cannot set it. Move it to the top level of the file.`,
      ],
    ]),
    ['text instead of a map', 'production\n', 1, 'the file is text; accepted: a map of keys'],
    ['a list instead of a map', '- target: 5m\n', 1, 'the file is a list; accepted: a map of keys'],
    ...[
      ['workflow', 'deploy-workflow', 'a.yml'],
      ['job', 'deploy-job', 'ship'],
    ].map(([short, name, value]): [string, string, number, string] => [
      `${short} and ${name} together`,
      `services:\n  api:\n    ${name}: ${value}\n    ${short}: ${value}\n`,
      4,
      `"${short}" and "${name}" are both set. Keep one.`,
    ]),
    [
      'a short key with an invalid value',
      'services:\n  api:\n    target: 5m\n    workflow: deploy\n',
      4,
      'services.api: "workflow" is "deploy"; accepted: the file name of the workflow',
    ],
    [
      'a short key of another source',
      'services:\n  api:\n    deploy-source: tags\n    workflow: deploy.yml\n',
      4,
      'services.api: "workflow" is "deploy.yml"; accepted: no value with "deploy-source: tags"',
    ],
    ...['b/{c,d', 'src/[a-', '[z-a]', '@(a|b)', '+(a|b)/**', 'x!(y)', 'a/**, b/**'].map(
      (path): [string, string, number, string] => [
        `the path ${path}`,
        `services:\n  api:\n    target: 5m\n    paths: [libs, "${path}"]\n`,
        4,
        `services.api: "paths" is "${path}"; accepted: a path such as`,
      ],
    ),
    ['several values in an item', 'fail-on:\n  - drift, stuck\n', 2, 'one value in each item'],
    ['an empty list of authors', 'authors: { exclude: [] }\n', 1, 'all, people, a list of logins'],
    ['a list of authors in a map', 'authors:\n  exclude: ["!bots"]\n', 1, '"authors" is "!!bots"'],
    [
      'a stage with another value of live',
      'environments:\n  - name: x\n    live: some\n',
      3,
      'first or last',
    ],
    [
      'the same stage twice',
      'environments: [qa, { name: qa }]\n',
      1,
      '"environments" is a list with duplicates',
    ],
    [
      'live-match without live-url',
      'target: 5m\nlive-match: "(x)"\n',
      2,
      '"live-match" is "(x)"; accepted: no value without "live-url"',
    ],
    [
      'a service with the name of a key',
      'services: { environments: { target: [5m] } }\n',
      1,
      'accepted: one value, like',
    ],
    ['no service', 'services: {}\n', 1, '"services" is empty; accepted: a map of up to 100 services'],
  ])('%s', (_, text, line, words) => {
    const error = errorFor(text);
    expect(error).toContain(`${CONFIG_FILE}, line ${line}: `);
    expect(error).toContain(words);
    expect(error.split('\n')).toHaveLength(1);
  });
});

test.each(['as-of: yesterday', 'deploy-workflow: deploy', 'authors: { only: [a b!] }'])(
  'an input does not hide the error in %s',
  (text) => {
    const inputs = { 'as-of': '2026-03-01', 'deploy-workflow': 'd.yml', authors: 'people' };
    expect(errorFor(`target: 5m\n${text}\n`, inputs)).toContain(`${CONFIG_FILE}, line 2: "`);
  },
);

describe('values of several places', () => {
  const targets = (file: string, inputs: object = {}) =>
    planOf({ 'github-token': 't', ...inputs }, surroundings, readConfig(file, CONFIG_FILE)).services.map(
      ({ target }) => target.seconds / 60,
    );
  const SERVICES = 'services:\n  api: { target: 5m }\n  web: { paths: web }\n';

  test('a service overrides defaults, and defaults override the top level', () => {
    expect(targets(`target: 20m\ndefaults: { target: 10m }\n${SERVICES}`)).toEqual([5, 10]);
    expect(targets(`target: 20m\n${SERVICES}`)).toEqual([5, 20]);
  });

  test('an input overrides all of them, also if it repeats the default', () => {
    expect(targets(`target: 20m\n${SERVICES}`, { target: '15m' })).toEqual([15, 15]);
  });

  test('an input replaces the source of the file with its options', () => {
    const gitops = 'deploy-source: gitops\ngitops-repository: a/b\ngitops-file: c.yml\n';
    const kinds = (inputs: object) =>
      planOf({ 'github-token': 't', ...inputs }, surroundings, readConfig(gitops, CONFIG_FILE)).services.map(
        ({ source }) => source.kind,
      );
    expect([kinds({}), kinds({ 'deploy-source': 'deployments' })]).toEqual([['gitops'], ['deployments']]);
  });

  test('authors are known in any case', () => {
    const authorsOf = (authors: string) =>
      planOf({ 'github-token': 't', authors }, surroundings).services[0]?.authors;
    expect(authorsOf('People, !Mira')).toEqual({ only: [], exclude: ['bots', 'Mira'] });
    expect(authorsOf('ALL')).toEqual({ only: [], exclude: [] });
    expect(authorsOf('Bots, mira')).toEqual({ only: ['bots', 'mira'], exclude: [] });
    expect(authorsOf('!Renovate[BOT]')).toEqual({ only: [], exclude: ['Renovate[BOT]'] });
    for (const authors of ['!people', '!ALL'])
      expect(() => authorsOf(authors)).toThrow('exclusions of bots or logins');
  });

  test('an error about an input names no line of the file', () => {
    const plan = (file: string, inputs: object) => () => targets(file, inputs);
    expect(plan('target: 4d\n', { window: '2d' })).toThrow(/^Input "window" is "2d"; accepted: at least 10d/);
    expect(plan('target: 5m\n', { 'live-match': '(x)' })).toThrow(
      /^Input "live-match" is "\(x\)"; accepted: no value/,
    );
    expect(() => planOf({ 'github-token': 't', 'live-match': '(x)' }, surroundings)).toThrow(
      'Input "live-match"',
    );
    expect(plan('weeks: 4\n', { target: '10d' })).toThrow(/^Input "window" is "7d"/);
    expect(plan('weeks: 4\n', { 'deploy-source': 'workflow' })).toThrow(/^Input "deploy-workflow" is ""/);
    expect(plan('weeks: 4\n\ntarget: 10d\n', {})).toThrow(
      /^\.github\/deploy-latency\.yml, line 3: "window" is "7d"/,
    );
    expect(plan('services:\n  web: { target: 10d }\n', {})).toThrow(
      /^\.github\/deploy-latency\.yml, line 2: "window" is "7d"/,
    );
    expect(plan('target: 4d\n', {})).toThrow(/^\.github\/deploy-latency\.yml, line 1: "window" is "7d"/);
  });
});

describe('fifty hostile files are refused at once', () => {
  const deep = (open: string, close: string, levels: number) =>
    `target: ${open.repeat(levels)}${close.repeat(levels)}`;
  const bombs = Array.from({ length: 10 }, (_, i) =>
    [
      'a0: &a0 [x, x, x, x, x, x, x, x, x]',
      ...Array.from(
        { length: i + 3 },
        (__, j) => `a${j + 1}: &a${j + 1} [${Array(9).fill(`*a${j}`).join(', ')}]`,
      ),
    ].join('\n'),
  );
  const hostile: string[] = [
    ...bombs,
    // A pattern of paths must not try every way to read them.
    ...['[!a]', '[^a]', '{a,b}', '\\\\a', 'a,', '{{a}}'].map(
      (part) => `services:\n  a:\n    paths: ["${part.repeat(2000)}{"]\n`,
    ),
    ...[20, 200, 2000, 20_000, 30_000].flatMap((levels) => [
      deep('[', ']', levels),
      deep('{a: ', '}', levels),
    ]),
    ...[
      '!!js/function "x"',
      '!!python/object:os.system',
      '!include /etc/passwd',
      '!!binary aGk=',
      '!x y',
    ].map((tag) => `target: ${tag}`),
    'a: &a { b: *a }',
    'target: &t 5m\nwindow: *t',
    '<<: { target: 5m }',
    `target: ${'5'.repeat(1_000_000)}`,
    `#${' '.repeat(1_000_000)}`,
    `services: {${Array.from({ length: 5000 }, (_, i) => `s${i}: {}`).join(', ')}}`,
    `services:\n${Array.from({ length: 101 }, (_, i) => `  s${i}: { environment: e${i} }`).join('\n')}`,
    'target: "\u0000"',
    '\u0000',
    '\t- x',
    '? [a, b]\n: c',
    '? { a: b }\n: c',
    '__proto__: { target: 5m }',
    'constructor: 5m',
    'services: { __proto__: { target: soon } }',
    'toString: x',
    'hasOwnProperty: y',
    '%YAML 9.9\n---\nx: y',
    '--- |\n text',
    '"unterminated',
    "'unterminated",
    'a: b: c',
    '- target: 5m',
    '[]',
    '42',
    'true',
    '@reserved',
    '`reserved`',
    'config: other.yml',
    'repository: other/repo',
    'pull-request: 5',
    `splits: ${'[a, '.repeat(20)}`,
    `freezes: ${'9'.repeat(70_000)}`,
    'mode: ../../../etc/passwd',
    'timeout: 99999999999999999999d',
  ];

  test('the list has at least fifty files', () => expect(hostile.length).toBeGreaterThanOrEqual(50));

  test.each(hostile.map((text, i) => [i, text.slice(0, 40).replaceAll('\n', ' '), text] as const))(
    '%i: %s',
    (_, __, text) => {
      const error = errorFor(text);
      expect(error.split('\n')).toHaveLength(1);
      expect(error.length).toBeLessThan(3000);
      expect(error).toMatch(/^\.github\/deploy-latency\.yml, line \d+: /);
    },
  );
});

describe('more than a run could read', () => {
  const names = (count: number) => Array.from({ length: count }, (_, i) => `e${i + 1}`).join(', ');

  test('51 environments are refused, and 50 are not', () => {
    expect(errorFor(`environment: [${names(51)}]\n`)).toBe(
      `${CONFIG_FILE}, line 1: "environment" is "51 names"; accepted: at most 50 names; use a pattern such as prod-*.`,
    );
    expect(plan(`environment: [${names(50)}]\n`).services[0]?.environments).toHaveLength(50);
  });

  test('21 stages are refused, and 20 are not', () => {
    expect(errorFor(`environments: [${names(21)}]\n`)).toContain(
      '"environments" is a list of 21; accepted: a list of up to 20 names',
    );
    expect(plan(`environments: [${names(20)}]\n`).services[0]?.stages).toHaveLength(19);
  });
});
