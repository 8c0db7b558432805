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

/** The built action where GitHub, or the way to it, fails. `npm run chaos` has the whole matrix; this is a sample. */

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
  let told: Record<string, string>;
  // Most of each is waiting: they wait together.
  beforeAll(async () => {
    const known = await baseline(GUARD, built);
    const cells = await Promise.all(
      Object.keys(EXPECTED).map((fault) => cell(GUARD, known, fault, 0, false, built, false)),
    );
    told = Object.fromEntries(cells.map((cell) => [cell.fault, cell.outcome]));
  }, 120_000);

  test.each(Object.entries(EXPECTED))('%s: %s', (fault, outcome) => {
    expect(told[fault]).toBe(outcome);
  });
});

describe('a question too large for GitHub is asked again, smaller', () => {
  /** GitHub gives up on pages of more than twenty, and on more than two things at once. */
  const smallOnly = () => {
    const refused = new Set<string>();
    const interfere: NonNullable<LoopbackOptions['interfere']> = async (request, response, body) => {
      if (request.method !== 'POST' || !request.url?.endsWith('/graphql')) return false;
      const queries = queriesIn(JSON.parse(body) as GraphqlRequest);
      const sizes = queries.map(({ variables }) => ({
        things: Object.keys(variables).filter((name) => /^(?:oid|path)\d+$/.test(name)).length,
        ids: Array.isArray(variables.ids) ? variables.ids.length : 0,
        first: Number(variables.first ?? 0),
      }));
      const sum = (which: 'things' | 'ids') => sizes.reduce((total, size) => total + size[which], 0);
      if (sizes.every(({ first }) => first <= 20) && sum('things') <= 2 && sum('ids') <= 2) return false;
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
    '%s: the answer is the same',
    async (_, { world, now }, event, more, asked) => {
      const run = (interfere?: LoopbackOptions['interfere']) => {
        const it = world();
        return withGitHub(it, interfere ? { interfere } : {}, (github) =>
          runStep({
            apiUrl: github.apiUrl,
            repository: `${it.owner}/${it.name}`,
            event,
            inputs: { 'as-of': now, 'fail-on': 'none', comment: 'always', issue: 'always', ...more },
          }),
        );
      };
      const { refused, interfere } = smallOnly();
      const [small, whole] = [await run(interfere), await run()];
      expect([...refused].sort()).toEqual(expect.arrayContaining(asked));
      expect(small.report.completeness).toEqual({ complete: true, gaps: [] });
      expect({ ...small.report, generatedAt: '' }).toEqual({ ...whole.report, generatedAt: '' });
      expect(small.outputs['comment-url']).toBe(whole.outputs['comment-url']);
      expect(small.outputs['issue-url']).toBe(whole.outputs['issue-url']);
    },
    60_000,
  );
});

describe('what could not be read is said, and is no verdict', () => {
  const { world, now } = steadyTeam({ commits: 600, days: 30, deployEvery: 2 });
  const inputs = { 'as-of': now, window: '30d', comment: 'never', stages: 'none' };

  test('a page that fails for good', async () => {
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
      expect(log).toContain('No verdict: not everything could be read');
    });
  });

  test('the budget of requests is bounded, and reaching it is said', async () => {
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

test('it ends when its time is up, with one line', async () => {
  await withGitHub(sampleTeam(), { latency: 60_000 }, async (github) => {
    const began = performance.now();
    const { code, log } = await runStep({
      apiUrl: github.apiUrl,
      repository: 'larkspur/storefront',
      inputs: { 'as-of': SAMPLE_NOW, timeout: '2s' },
    });
    expect(code).toBe(1);
    expect(log.match(/^::error/gm)).toHaveLength(1);
    expect(log).toContain('It took longer than input "timeout" allows (2 s)');
    expect(performance.now() - began).toBeLessThan(30_000);
  });
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s: it stops at once', async (signal) => {
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
    const asked = performance.now();
    child.kill(signal);
    const code = await new Promise((done) => child.on('close', done));
    console.log(`${signal}: stopped after ${(performance.now() - asked).toFixed(0)} ms`);
    expect(code).toBe(1);
    expect(log).toContain('::error::Cancelled before there was a result.');
  });
});
