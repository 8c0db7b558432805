import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { load } from 'js-yaml';
import { readConfig } from '../../src/config/file.ts';
import { surroundingsOf } from '../../src/config/surroundings.ts';
import { CONFIG_FILE, planOf } from '../../src/config/plan.ts';
import { GuardError } from '../../src/model/guard-error.ts';

/** The JSON Schema and the guard accept the same configuration files. */

const surroundings = surroundingsOf({
  now: new Date('2026-03-02T12:00:00Z'),
  repository: 'acme/shop',
  apiUrl: 'https://api.github.com',
  graphqlUrl: 'https://api.github.com/graphql',
});
const schema = new Ajv2020({ strict: false }).compile(
  JSON.parse(readFileSync('docs/config.schema.json', 'utf8')),
);

function isAccepted(text: string): boolean {
  try {
    planOf({ 'github-token': 't' }, surroundings, readConfig(text, CONFIG_FILE));
    return true;
  } catch (error) {
    if (error instanceof GuardError) return false;
    throw error;
  }
}

const VALID = [
  'target: 15m',
  'target: 1h30m',
  'target: PT15M\nwindow: P7D',
  'window: 2w',
  'tolerance: 0%',
  'tolerance: 12.5%',
  'statistic: p90',
  'statistic: mean',
  'objective: 99.5%',
  'objective: none',
  'weeks: 26',
  'weeks: "104"',
  'widen: none',
  'widen: 14d',
  'min-samples: 1',
  'max-batch: 3',
  'max-requests: 999999',
  'timeout: 90s',
  'as-of: 2026-01-31T12:00:00Z',
  'comment: never\nissue: per-service',
  'fail-on: [drift, stuck]',
  'fail-on: drift, batch',
  'fail-on: none',
  'mention: ["@octocat", authors]',
  'mention: "@octo-org/platform"',
  'environment: [prod-*, "!prod-us"]',
  'environment: Production – web',
  'environments: [staging, { name: prod-*, live: last }]',
  'authors: people',
  'authors: [ada, "!renovate*"]',
  'authors: { exclude: [bots], only: ada }',
  'authors: { exclude: "bots, mira" }',
  'deploy-source: workflow\ndeploy-workflow: deploy.yml\ndeploy-event: [push, release]',
  'deploy-source: tags\ndeploy-tag: v*',
  'deploy-source: events\nevents-url: https://example.com/deploys.jsonl',
  'deploy-source: gitops\ngitops-repository: octo-org/clusters\ngitops-file: shop/values.yaml',
  'live-url: https://shop.example/version\nlive-match: "revision: (\\\\w+)"',
  'live-url: { prod-eu: https://eu.shop.example/version, prod-us: http://127.0.0.1:8080 }',
  'base-branch: 1.0',
  'min-samples: 999999',
  'as-of: 2024-02-29',
  'as-of: 2026-01-31T12:00:00.5+01:00',
  'deploy-source: events\nevents-url: https://deploys.example',
  'deploy-source: gitops\ngitops-repository: a/b\ngitops-file: c\ngitops-pattern: "tag: \\\\(x"',
  'deploy-source: gitops\ngitops-repository: a/b\ngitops-file: c\ngitops-pattern: "tag: [(]v\\\\w+"',
  'mention: none',
  'services: { api: { paths: ["**", "!docs/**", "{api,web}/[ab]/\\\\[id]/*", "a,b/{c, {d,e}}"] } }',
  'services: { api: { paths: "api\\nlibs/**" } }',
  'services: { api: { paths: ["!x/**"] }, web: { paths: "!y/**" } }',
  'services: { api: { job: 5 }, web: {} }',
  'deploy-workflow: a.yml\nservices: { api: { workflow: b.yml } }',
  'issue-repository: octo-org/ops\nissue-label: slow deploys',
  'services:\n  api: { paths: [services/api/**], environment: api, target: 10m }\n  web: { paths: web, workflow: web.yml, job: ship }',
  'defaults: { max-batch: 2 }\nservices: { api: { paths: api } }',
  'freezes: [weekends, { from: 2026-12-20, to: 2027-01-02, why: holidays }]\nsplits: ["label:team/*", service]',
];

const WRONG = [
  // Invalid values.
  'target: soon',
  'target: 900',
  'target: 15 minutes',
  'target: 0s',
  'live-url: http://shop.example/version',
  'live-url: https://me:secret@shop.example/',
  'live-url: { prod-eu: shop.example }',
  'live-url: [https://shop.example]',
  'live-url: { prod-eu: { url: https://shop.example } }',
  'target: -5m',
  'target: 1m1h',
  'target: 1.5h',
  'window: 7',
  'window: a week',
  'window: 7 d',
  'timeout: 5',
  'timeout: none',
  'widen: never',
  'widen: 28',
  'tolerance: 25',
  'tolerance: 0.25',
  'tolerance: -5%',
  'tolerance: 25 percent',
  'statistic: median',
  'statistic: P50',
  'statistic: 50',
  'objective: 0%',
  'objective: 100%',
  'objective: 90',
  'objective: 150%',
  'weeks: 0',
  'weeks: 105',
  'weeks: 2.5',
  'weeks: two',
  'min-samples: 0',
  'min-samples: -1',
  'min-samples: 1.5',
  'min-samples: few',
  'max-batch: none',
  'max-requests: 1000000',
  'max-requests: many',
  'as-of: yesterday',
  'as-of: 31.01.2026',
  'comment: yes please',
  'comment: true',
  'issue: weekly',
  'live: both',
  'mode: pr',
  'stages: all',
  'otel: always',
  'direct-pushes: true',
  'fail-on: [drifted]',
  'fail-on: [drift, none]',
  'fail-on: everything',
  'mention: team lead!',
  'mention: ["@octo-org/platform/web"]',
  'environment: "*"',
  'environment: "!prod-us"',
  'environment: { name: production }',
  'deploy-source: deployment',
  'deploy-source: workflow\ndeploy-workflow: deploy',
  'deploy-source: tags\ndeploy-tag: "v 1"',
  'deploy-source: events\nevents-file: /tmp/deploys.jsonl',
  'deploy-source: events\nevents-url: http://example.com/deploys.jsonl',
  'deploy-source: gitops\ngitops-repository: clusters\ngitops-file: a.yaml',
  'issue-repository: ops',
  'authors: [a b!]',
  // Values of another shape.
  'paths: api',
  'services: [api, web]',
  'services: { api: { paths: [] } }',
  'services: { api: }',
  'environments: []',
  'environments: [{ nam: production }]',
  'environments: [staging]\nenvironment: production',
  'freezes: [{ from: 2026-12-20 }]',
  'freezes: [{ from: 2026-02-30, to: 2026-03-02 }]',
  'freezes: [holidays]',
  'splits: [team]',
  'authors: { without: [bots] }',
  '[]',
  'just a text',
  'authors: []',
  'authors: {}',
  'authors: { exclude: [] }',
  'defaults: []',
  'services: {}',
  'services: { api: [] }',
  'live-url: {}',
  'fail-on: ["drift, stuck"]',
  'mention: ["mira, noa"]',
  'mention: [none, mira]',
  'mention: none mira',
  'authors: [ada mira]',
  'deploy-source: workflow\ndeploy-workflow: a.yml\ndeploy-event: [push release]',
  'environment: ["a\\nb"]',
  'environment: ["!prod-us", "!prod-eu"]',
  'environment: [production, production]',
  'environments: [production, production]',
  'splits: [service, service]',
  'freezes: []',
  'environments: [{ name: production, live: some }]',
  'services: { api: { workflow: deploy } }',
  'services: { api: { workflow: 5 } }',
  'services: { api: { workflow: a.yml, deploy-workflow: a.yml } }',
  'services: { api: { job: a, deploy-job: b } }',
  'services: { api: { paths: ["b/{c,d"] } }',
  'services: { api: { paths: "src/[a-" } }',
  'services: { api: { paths: ["@(a|b)/**"] } }',
  'services: { api: { paths: "\\n" } }',
  'services: { api: { paths: "a/**, b/**" } }',
  'live-url: https://shop.example\nlive-match: "("',
  'deploy-source: gitops\ngitops-repository: a/b\ngitops-file: c\ngitops-pattern: "("',
  'freezes: [{ from: 2026-02-29, to: 2026-03-02 }]',
  'freezes: [{ from: 2100-02-29, to: 2100-03-02 }]',
  'freezes: [{ from: 2026-02-00, to: 2026-03-02 }]',
  'as-of: 2026-02-30',
  // Unknown keys, and keys in the wrong place.
  'targt: 5m',
  'github-token: x',
  'repositories: octo-org/*',
  'engineers: 12',
  'services: { api: { paths: api, window: 7d } }',
  'defaults: { comment: never }',
];

test('55 valid and 122 invalid files are compared', () => {
  expect([new Set(VALID).size, new Set(WRONG).size]).toEqual([55, 122]);
});

describe('guard and schema accept', () => {
  test.each(VALID)('%s', (text) => {
    expect([isAccepted(text), schema(load(text))]).toEqual([true, true]);
  });
});

describe('guard and schema refuse', () => {
  test.each(WRONG)('%s', (text) => {
    expect([isAccepted(text), schema(load(text))]).toEqual([false, false]);
  });
});
