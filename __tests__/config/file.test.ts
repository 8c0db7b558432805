import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { load } from 'js-yaml';
import { readConfig } from '../../src/config/file.ts';
import { surroundingsOf } from '../../src/config/surroundings.ts';
import { CONFIG_FILE, planOf } from '../../src/config/plan.ts';
import { GuardError } from '../../src/model/guard-error.ts';

/** The file of settings: what it says, what inputs say over it, and what is wrong with it, on which line. */

const around = surroundingsOf({
  now: new Date('2026-03-02T12:00:00Z'),
  repository: 'acme/shop',
  apiUrl: 'https://api.github.com',
  graphqlUrl: 'https://api.github.com/graphql',
});
const plan = (text: string, inputs: Record<string, string> = {}) =>
  planOf({ 'github-token': 't', ...inputs }, around, readConfig(text, CONFIG_FILE));
const lineOf = (text: string, inputs: Record<string, string> = {}): string => {
  try {
    plan(text, inputs);
  } catch (error) {
    if (error instanceof GuardError) return error.message;
    throw error;
  }
  throw new Error('it was taken');
};

const WHOLE = `$schema: docs/config.schema.json
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

describe('what it says', () => {
  test('a unit for each service, with what is its own and what all have', () => {
    const { services, settings } = plan(WHOLE);
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

  test('at the top level widen, weeks and otel apply to the run', () => {
    const { settings } = plan('widen: 14d\nweeks: 12\notel: never\nservices: { api: { paths: api } }\n');
    expect(settings).toMatchObject({ widen: 14 * 86_400, weeks: 12, otel: 'never' });
  });

  test('inputs override it; it overrides defaults', () => {
    const { services } = plan(WHOLE, { target: '5m' });
    expect(services.map((service) => service.target.seconds)).toEqual([300, 300]);
    expect(plan('window: 3d\n').settings.window.from).toEqual(new Date('2026-02-27T12:00:00Z'));
  });

  test('stages in order, the last of which is judged', () => {
    const [service] = plan('environments: [staging, { name: "prod-*", live: last }]\n').services;
    expect(service).toMatchObject({ stages: ['staging'], environments: ['prod-*'], live: 'last' });
  });

  test('an input "environment" is in place of the stages', () => {
    const [service] = plan('environments: [staging, production]\n', { environment: 'qa' }).services;
    expect(service).toMatchObject({ stages: [], environments: ['qa'] });
  });

  test.each([
    ['authors: people', { only: [], exclude: ['bots'] }],
    ['authors: { exclude: [bots, mira] }', { only: [], exclude: ['bots', 'mira'] }],
    ['authors: ["!renovate*", ada]', { only: ['ada'], exclude: ['renovate*'] }],
  ])('%s', (text, authors) => {
    expect(plan(text).services[0]?.authors).toEqual(authors);
  });

  test('the JSON Schema for editors takes what the guard takes, and not what it refuses', () => {
    const check = new Ajv2020({ strict: false }).compile(
      JSON.parse(readFileSync('docs/config.schema.json', 'utf8')),
    );
    expect(check(load(WHOLE))).toBe(true);
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

  test('an empty file says nothing', () => {
    expect(plan('').services[0]).toMatchObject({ environment: 'production', service: null });
  });
});

describe('what is wrong with it is told with its line, and what is accepted', () => {
  test.each([
    ['a key that is none', 'target: 5m\ntargt: 5m\n', 2, '"targt" is no key; did you mean "target"?'],
    [
      'a key that is none of a service',
      'services:\n  api:\n    path: x\n',
      3,
      '"path" is no key of services.api; did you mean "paths"?',
    ],
    ['a value of an input', 'window: 7d\ntarget: soon\n', 2, '"target" is "soon"; accepted: a duration'],
    [
      'a value of an input in a service',
      'services:\n  api:\n    target: soon\n',
      3,
      'services.api: "target" is "soon"; accepted: a duration',
    ],
    ['a choice', 'statistic: median\n', 1, '"statistic" is "median"; accepted: p50, p75'],
    ['a map where a value should be', 'target: { a: b }\n', 1, '"target" is a map'],
    ['a list where services should be', 'services: [api]\n', 1, '"services" is'],
    [
      'paths that are a map',
      'services:\n  api:\n    paths: { a: b }\n',
      3,
      'accepted: a path or a list of one path or more',
    ],
    ['a freeze without an end', 'freezes:\n  - from: 2026-12-20\n', 2, '"freezes.0.to" is'],
    [
      'a freeze that ends before it begins',
      'freezes:\n  - { from: 2026-12-20, to: 2026-12-01 }\n',
      2,
      'which is not after "from"',
    ],
    [
      'a day that is none',
      'freezes:\n  - { from: yesterday, to: 2026-12-01 }\n',
      2,
      'a day or an instant in UTC',
    ],
    [
      'a source without what it needs',
      'services:\n  web:\n    deploy-source: workflow\n',
      2,
      '"deploy-workflow" is ""',
    ],
    [
      'an input of another source',
      'services:\n  web:\n    deploy-tag: v*\n',
      3,
      '"deploy-tag" is "v*"; accepted: nothing',
    ],
    ['no stage', 'environments: []\n', 1, 'a list of names'],
    [
      'stages of runs',
      'deploy-source: workflow\ndeploy-workflow: d.yml\nenvironments: [staging, production]\n',
      3,
      'stages and regions go with deploy-source deployments',
    ],
    [
      'a stage that is no name',
      'environments:\n  - { nam: x }\n',
      2,
      '"nam" is no key of environments.0; did you mean "name"?',
    ],
    [
      'a key that is one of another service',
      'services:\n  api:\n    splits: [service]\n',
      3,
      'Move it to the top level',
    ],
    ['a key of a service at the top', 'target: 5m\npaths: api\n', 2, 'Move it below services.NAME'],
    ['a key of many repositories', 'topic: x\n', 1, 'an input of the organization action'],
    [
      'a name and stages side by side',
      'target: 5m\nenvironment: production\nenvironments: [staging]\n',
      2,
      '"environment" and "environments" are both set',
    ],
    [
      'a day that there is not',
      'freezes:\n  - { from: 2026-02-30, to: 2026-03-02 }\n',
      2,
      'a day or an instant',
    ],
    [
      'the 29th in a year that has none',
      'freezes:\n  - { from: 2026-02-29, to: 2026-03-02 }\n',
      2,
      'a day or an instant',
    ],
    ['no path', 'services:\n  api:\n    paths: []\n', 3, 'a list of one path or more'],
    [
      'a ! that is not quoted',
      'environment:\n  - prod-*\n  - !prod-us\ntarget: 5m\n',
      3,
      'tags (!) are not accepted',
    ],
    ['a stage that leaves out', 'environments: [staging, "!prod"]\n', 1, 'stands in "environment"'],
    ['nothing but what is left out', 'environment: "!prod-us"\n', 1, 'a name or a pattern beside'],
    ['twice the same key', 'target: 5m\ntarget: 6m\n', 2, '"target" stands there twice'],
    ['two documents', 'target: 5m\n---\ntarget: 6m\n', 2, 'several documents'],
    ['no YAML', 'services:\n  api: [\n', 3, 'no YAML that can be read'],
    [
      'a key of a run',
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
    ['a text in place of a map', 'production\n', 1, 'accepted: a map of keys'],
  ])('%s', (_, text, line, words) => {
    const told = lineOf(text);
    expect(told).toContain(`${CONFIG_FILE}, line ${line}: `);
    expect(told).toContain(words);
    expect(told.split('\n')).toHaveLength(1);
  });
});

describe('fifty hostile ones are refused at once', () => {
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

  test('there are fifty', () => expect(hostile.length).toBeGreaterThanOrEqual(50));

  test.each(hostile.map((text, i) => [i, text.slice(0, 40).replaceAll('\n', ' '), text] as const))(
    '%i: %s',
    (_, __, text) => {
      const told = lineOf(text);
      expect(told.split('\n')).toHaveLength(1);
      expect(told.length).toBeLessThan(3000);
      expect(told).toMatch(/^\.github\/deploy-latency\.yml, line \d+: /);
    },
  );
});
