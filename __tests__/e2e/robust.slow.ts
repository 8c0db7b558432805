import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { GraphqlRequest } from '../../src/fake-github/execute.ts';
import type { LoopbackOptions } from '../../src/fake-github/loopback.ts';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import type { World } from '../../src/fake-github/world.ts';
import { baseline, built, cell, GUARD } from '../support/chaos.ts';
import { FAULTS, faultAt } from '../support/faults.ts';
import { withGitHub } from '../support/github.ts';
import { runStep } from '../support/runner.ts';
import { steadyTeam } from '../support/steady-team.ts';
import { queriesIn } from '../support/requests.ts';

/** The built action when GitHub or the network fails. This is a sample of the matrix in `npm run chaos`. */

describe('a fault at the first request', () => {
  const EXPECTED = {
    '503 with an HTML body': 'recovered',
    'connection reset': 'recovered',
    'cut in the middle': 'recovered',
    'an empty body': 'recovered',
    'half of the JSON': 'recovered',
    '403 with retry-after': 'recovered',
    'GraphQL RATE_LIMITED': 'recovered',
    'primary limit, reset in an hour': 'ended',
    '401': 'ended',
  };
  let outcomes: Record<string, string>;
  // Most of the time is waiting, so the faults run in parallel.
  beforeAll(async () => {
    const expected = await baseline(GUARD, built);
    const cells = await Promise.all(
      Object.keys(EXPECTED).map((fault) => cell(GUARD, expected, fault, 0, false, built, false)),
    );
    outcomes = Object.fromEntries(cells.map((cell) => [cell.fault, cell.outcome]));
  }, 120_000);

  test.each(Object.entries(EXPECTED))('%s: %s', (fault, outcome) => {
    expect(outcomes[fault]).toBe(outcome);
  });
});

describe('a query too large for GitHub is split', () => {
  /** Refuses pages of more than twenty entries, and more than two objects at once. */
  const smallOnly = () => {
    const refused = new Set<string>();
    const interfere: NonNullable<LoopbackOptions['interfere']> = async (request, response, body) => {
      if (request.method !== 'POST' || !request.url?.endsWith('/graphql')) return false;
      const queries = queriesIn(JSON.parse(body) as GraphqlRequest);
      const sizes = queries.map(({ variables }) => ({
        objects: Object.keys(variables).filter((name) => /^(?:oid|path)\d+$/.test(name)).length,
        ids: Array.isArray(variables.ids) ? variables.ids.length : 0,
        first: Number(variables.first ?? 0),
      }));
      const sum = (key: 'objects' | 'ids') => sizes.reduce((total, size) => total + size[key], 0);
      if (sizes.every(({ first }) => first <= 20) && sum('objects') <= 2 && sum('ids') <= 2) return false;
      for (const { name } of queries) refused.add(name);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          errors: [{ type: 'RESOURCE_LIMITS_EXCEEDED', message: 'Resource limits for this query exceeded.' }],
        }),
      );
      return true;
    };
    return { refused, interfere };
  };
  const sample = { world: sampleTeam, now: SAMPLE_NOW };
  const steady = steadyTeam({ commits: 300, days: 14, deployEvery: 2 });

  test.each<[string, { world: () => World; now: string }, string, Record<string, string>, string[]]>([
    ['history', { ...steady, world: () => steady.world }, 'push', { window: '14d' }, ['History', 'Opening']],
    ['jobs and comments', sample, 'push', { comment: 'always' }, ['Comments', 'Opening', 'Suites']],
    ['issues', sample, 'schedule', {}, ['AllIssues', 'Opening', 'Suites']],
    [
      "a workflow's runs",
      sample,
      'push',
      { 'deploy-source': 'workflow', 'deploy-workflow': 'deploy.yml', comment: 'never' },
      ['Jobs', 'Opening'],
    ],
  ])(
    '%s: the report is the same',
    async (_, { world: makeWorld, now }, event, inputs, splitQueries) => {
      const run = (interfere?: LoopbackOptions['interfere']) => {
        const world = makeWorld();
        return withGitHub(world, interfere ? { interfere } : {}, (github) =>
          runStep({
            apiUrl: github.apiUrl,
            repository: `${world.owner}/${world.name}`,
            event,
            inputs: { 'as-of': now, 'fail-on': 'none', comment: 'always', issue: 'always', ...inputs },
          }),
        );
      };
      const { refused, interfere } = smallOnly();
      const [split, unsplit] = [await run(interfere), await run()];
      expect([...refused].sort()).toEqual(expect.arrayContaining(splitQueries));
      expect(split.report.completeness).toEqual({ complete: true, gaps: [] });
      expect({ ...split.report, generatedAt: '' }).toEqual({ ...unsplit.report, generatedAt: '' });
      expect(split.outputs['comment-url']).toBe(unsplit.outputs['comment-url']);
      expect(split.outputs['issue-url']).toBe(unsplit.outputs['issue-url']);
    },
    60_000,
  );
});

describe('without all data there is no verdict, and the report names the gap', () => {
  const { world, now } = steadyTeam({ commits: 600, days: 30, deployEvery: 2 });
  const inputs = { 'as-of': now, window: '30d', comment: 'never', stages: 'none' };

  test('after a page that cannot be read', async () => {
    const fault = FAULTS['primary limit, reset in an hour'];
    if (!fault) throw new Error('no such fault');
    await withGitHub(world, faultAt(fault, 2, true), async (github) => {
      const { code, report, summary, outputs, log } = await runStep({
        apiUrl: github.apiUrl,
        inputs: { ...inputs, 'fail-on': 'none' },
      });
      expect([code, outputs.status]).toEqual([0, 'insufficient-data']);
      expect(report.completeness.complete).toBe(false);
      expect(report.completeness.gaps[0]).toMatchObject({
        what: expect.stringContaining("GitHub's rate limit is used up"),
        verdictAtRisk: true,
      });
      expect(summary).toContain('What could not be read');
      expect(log).toContain('No verdict: data that the verdict depends on could not be read.');
    });
  });

  test('after max-requests is reached', async () => {
    await withGitHub(world, {}, async (github) => {
      const { report, outputs } = await runStep({
        apiUrl: github.apiUrl,
        inputs: { ...inputs, 'max-requests': '3' },
      });
      expect(github.requests.length).toBeLessThanOrEqual(3);
      expect(outputs.status).toBe('insufficient-data');
      expect(report.completeness.gaps[0].what).toContain(
        'The budget of 3 requests is used up (input "max-requests")',
      );
    });
  });
});

test('after the timeout, the run ends with one error', async () => {
  await withGitHub(sampleTeam(), { latency: 60_000 }, async (github) => {
    const start = performance.now();
    const { code, log } = await runStep({
      apiUrl: github.apiUrl,
      repository: 'larkspur/storefront',
      inputs: { 'as-of': SAMPLE_NOW, timeout: '2s' },
    });
    expect(code).toBe(1);
    expect(log.match(/^::error/gm)).toHaveLength(1);
    expect(log).toContain('The run took longer than "timeout" (2 s)');
    expect(performance.now() - start).toBeLessThan(30_000);
  });
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s stops the run at once', async (signal) => {
  await withGitHub(sampleTeam(), { latency: 60_000 }, async (github) => {
    const child = spawn(process.execPath, [resolve('dist/index.js')], {
      env: {
        PATH: process.env.PATH ?? '',
        GITHUB_REPOSITORY: 'larkspur/storefront',
        GITHUB_API_URL: github.apiUrl,
        'INPUT_GITHUB-TOKEN': 't',
      },
    });
    let log = '';
    child.stdout.on('data', (chunk) => {
      log += chunk;
    });
    while (github.requests.length === 0) await new Promise((done) => setTimeout(done, 20));
    const start = performance.now();
    child.kill(signal);
    const code = await new Promise((done) => child.on('close', done));
    console.log(`${signal}: stopped after ${(performance.now() - start).toFixed(0)} ms`);
    expect(code).toBe(1);
    expect(log).toContain('::error::Cancelled before there was a result.');
  });
});
