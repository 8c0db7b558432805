import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { organizationSettings } from '../../src/config/organization-settings.ts';
import { surroundingsOf } from '../../src/config/surroundings.ts';
import type { LoopbackOptions } from '../../src/fake-github/loopback.ts';
import type { World } from '../../src/fake-github/world.ts';
import { requestBudgetOf, OutOfBudget } from '../../src/organization/request-budget.ts';
import { fileOf, filesIn } from '../../src/organization/folder.ts';
import { organize, type OrganizeOptions, rollUpFiles, shardsOf } from '../../src/organization/organize.ts';
import { withGitHub } from '../support/github.ts';
import { MANY_NOW, teamOf, together } from '../support/organization.ts';

/** Measures many repositories of one owner, one after the other. */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'organization-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Options {
  many?: Parameters<typeof organizationSettings>[0];
  inputs?: OrganizeOptions['inputs'];
  now?: string;
  github?: LoopbackOptions;
  owner?: string;
  /** The repository before which the process is killed. */
  killedAt?: string;
}

const withTeams = (
  world: World,
  { many = {}, inputs = {}, now = MANY_NOW, github = {}, owner = 'acme', killedAt }: Options,
  perform: (options: OrganizeOptions) => Promise<unknown>,
) =>
  withGitHub(world, github, async (server) => {
    const steps: string[] = [];
    const result = await perform({
      settings: organizationSettings(many, owner),
      inputs: { 'github-token': 'test-token', stages: 'none', 'min-samples': '1', ...inputs },
      surroundings: surroundingsOf({
        now: new Date(now),
        repository: '',
        apiUrl: server.apiUrl,
        graphqlUrl: server.graphqlUrl,
      }),
      folder,
      onNotice: () => {},
      onStep(_, __, name) {
        if (name === killedAt) throw new Error('killed');
        steps.push(name);
      },
    });
    return { result, steps: steps.filter((step) => step !== ''), requests: server.requests };
  });
const organized = async (world: World, options: Options = {}) => {
  const { result, ...requests } = await withTeams(world, options, organize);
  return { ...(result as Awaited<ReturnType<typeof organize>>), ...requests };
};
const teams = (count: number) =>
  together(Array.from({ length: count }, (_, i) => teamOf(`team-${i}`, { minutes: 5 + i })));
const savedFiles = () => readdirSync(folder).filter((file) => /^[^.]+\.json$/.test(file));

describe('all repositories', () => {
  test('get a file each in the folder, whatever they are called', async () => {
    const names = [
      '-rf',
      '.rows',
      'x',
      'x.rows',
      'x.json',
      'x.rows.jsonl',
      '__proto__',
      'constructor',
      'con',
    ];
    const worlds = names.map((name) => teamOf(name));
    const { rollup, leftOut } = await organized(together(worlds));
    expect(leftOut).toMatchObject({ unmeasured: [], stopped: null });
    const expected = names.map((name) => `acme/${name}`).sort();
    expect(rollup.reports.map(({ repository }) => repository).sort()).toEqual(expected);
    const saved = filesIn([folder]).flatMap((file) => JSON.parse(readFileSync(file, 'utf8')).repository);
    expect(saved.sort()).toEqual(expected);
  });

  test.each(['acme/../../etc/x', 'acme/a\\b', 'acme/a:b', 'acme/a\u0000b'])(
    'stay in the folder if a server calls one %j',
    (name) => {
      expect(fileOf('/reports', name)).toMatch(/^\/reports\/[\w.-]+\.json$/);
    },
  );

  test('are measured one after the other, at the same moment', async () => {
    const { rollup, leftOut, steps } = await organized(teams(4));
    expect(steps).toEqual(['acme/team-0', 'acme/team-1', 'acme/team-2', 'acme/team-3']);
    expect(rollup.teams).toMatchObject({ 'on-target': 4, failed: 0 });
    expect(rollup.window.to.toISOString()).toBe('2026-03-09T12:00:00.000Z');
    const reports = savedFiles().map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
    expect(new Set(reports.map((report) => report.window.to))).toEqual(new Set(['2026-03-09T12:00:00.000Z']));
    expect(leftOut).toMatchObject({ unmeasured: [], stopped: null });
    const rows = readFileSync(join(folder, 'acme__team-0.rows.jsonl'), 'utf8').trim().split('\n');
    expect(rows.map((row) => JSON.parse(row).repository)).toEqual(Array(6).fill('acme/team-0'));
    expect(rollUpFiles([folder], null).reports).toHaveLength(4);
  });

  test('keep their own settings, except for the window', async () => {
    const world = teams(2);
    world.files = { '.github/deploy-latency.yml': 'window: 28d\ntarget: 1m\n' };
    const { rollup } = await organized(world);
    expect(rollup.teams).toMatchObject({ 'on-target': 1, drifted: 1 });
    expect(rollup.reports.map((report) => report.target.seconds).sort()).toEqual([60, 900]);
  });

  test('may name different environments, which count as the same and are listed', async () => {
    const other = teamOf('other', { environment: 'live' });
    other.files = { '.github/deploy-latency.yml': 'environment: live\n' };
    const { rollup } = await organized(together([teamOf('team'), other]));
    expect(rollup.environments).toEqual({ live: 1, production: 1 });
  });

  test('are selected by a custom property, over several pages', async () => {
    const world = together(
      Array.from({ length: 120 }, (_, i) => ({
        ...teamOf(`team-${i}`, { changes: 1 }),
        properties: { tier: i % 60 === 7 ? '1' : '2' },
      })),
    );
    const { steps, requests } = await organized(world, { many: { property: 'tier=1' } });
    expect(steps).toEqual(['acme/team-67', 'acme/team-7']);
    expect(requests.filter((request) => request.path === '/orgs/acme/properties/values')).toHaveLength(2);
  });

  test('are never written to', async () => {
    const { requests } = await organized(teams(2), { inputs: { comment: 'always', issue: 'always' } });
    expect(requests.filter((request) => request.method !== 'GET' && request.path !== '/graphql')).toEqual([]);
  });
});

describe('failures', () => {
  test('a repository that cannot be measured has its reason, and the others go on', async () => {
    const world = together([
      teamOf('fine'),
      { ...teamOf('undeployed'), deployments: [] },
      { ...teamOf('renamed'), formerNames: ['acme/once'] },
      teamOf('broken'),
    ]);
    const { rollup, leftOut } = await organized(world, {
      many: { repositories: 'fine, undeployed, broken, gone, once' },
      inputs: { timeout: '20s' },
      github: {
        async interfere(_, response, body) {
          if (!body.includes('"broken"')) return false;
          response.writeHead(403, { 'content-type': 'application/json' });
          response.end('{"message": "Resource not accessible by integration"}');
          return true;
        },
      },
    });
    expect(rollup.reports.map((report) => report.repository).sort()).toEqual(['acme/fine', 'acme/renamed']);
    expect(leftOut.renamed).toEqual(['acme/once → acme/renamed']);
    expect(rollup.failed.map((entry) => [entry.repository, entry.failed.split(/[;:(]/)[0]?.trim()])).toEqual([
      ['acme/broken', 'The token may not read this'],
      ['acme/gone', 'Input "repository"'],
      ['acme/undeployed', expect.stringContaining('Input "environment" is "production"')],
    ]);
    expect(rollup.leadTime.count).toBe(12);
  });

  test('a repository under its old and its new name counts once', async () => {
    const world = together([{ ...teamOf('renamed'), formerNames: ['acme/once'] }]);
    const { rollup, leftOut } = await organized(world, { many: { repositories: 'renamed, once' } });
    expect(rollup.reports.map((report) => report.repository)).toEqual(['acme/renamed']);
    expect([rollup.conflicts, leftOut.renamed]).toEqual([[], ['acme/once → acme/renamed']]);
    expect(readFileSync(fileOf(folder, 'acme/once').replace(/json$/, 'rows.jsonl'), 'utf8')).toBe('');
  });

  test('a repository that fails keeps no rows of an earlier round', async () => {
    const rows = () => readFileSync(fileOf(folder, 'acme/fine').replace(/json$/, 'rows.jsonl'), 'utf8');
    await organized(together([teamOf('fine')]));
    expect(rows()).toContain('"repository":"acme/fine"');
    const later = new Date(Date.parse(MANY_NOW) + 3_600_000).toISOString();
    await organized(together([{ ...teamOf('fine'), deployments: [] }]), { now: later });
    expect(rows()).toBe('');
  });

  test('a service that cannot be measured in a widened window ends neither the roll-up nor the round', async () => {
    const services = (environment: string) =>
      `services:\n  web: { environment: production }\n  api: { environment: ${environment} }\n`;
    const world = together([
      teamOf('plain', { changes: 18 }),
      { ...teamOf('pair', { changes: 18 }), files: { '.github/deploy-latency.yml': services('nowhere') } },
      { ...teamOf('both', { changes: 18 }), files: { '.github/deploy-latency.yml': services('production') } },
    ]);
    const inputs = { window: '1d', widen: '28d' };
    const { rollup } = await organized(world, { inputs });
    expect(rollup.reports.length).toBeGreaterThan(2);
    expect(rollup.failed.map(({ service }) => service)).toEqual(['api']);
    // All of them have a report of this round, so nothing is measured again.
    expect((await organized(world, { inputs })).steps).toEqual([]);
  });

  test('an unknown owner and an empty selection are errors', async () => {
    await expect(organized(teams(1), { owner: 'nobody' })).rejects.toThrow(
      'The organization or user "nobody" does not exist',
    );
    await expect(organized(teams(1), { many: { topic: 'none' } })).rejects.toThrow('No repository matches');
  });

  test('an invalid input is reported once, before the first request', async () => {
    await expect(organized(teams(3), { inputs: { target: 'soon' } })).rejects.toThrow(
      'Input "target" is "soon"',
    );
    await expect(organized(teams(3), { inputs: { 'github-token': '' } })).rejects.toThrow(
      'Input "github-token" is empty',
    );
    expect(savedFiles()).toEqual([]);
  });

  test('an invalid token is reported once', async () => {
    await expect(organized(teams(3), { github: { token: 'another' } })).rejects.toThrow(
      '401 Bad credentials',
    );
    expect(savedFiles()).toEqual([]);
  });
});

describe('budget', () => {
  test('a run out of points names the repositories that it did not measure', async () => {
    const { rollup, leftOut, used } = await organized(teams(6), {
      many: { 'budget-points': '40' },
      github: { points: { limit: 5000 } },
    });
    expect(rollup.reports.length).toBeGreaterThan(0);
    expect(rollup.reports.length + leftOut.unmeasured.length).toBe(6);
    expect(leftOut.unmeasured.length).toBeGreaterThan(0);
    expect(leftOut.stopped).toMatch(
      /^\d+ of the 40 points in the budget are used, and the next repository may need \d+\.$/,
    );
    expect(used.points).toBeLessThanOrEqual(40);
  });

  test('a tenth of the hourly points is kept for other uses of the token', async () => {
    const { leftOut } = await organized(teams(6), { github: { points: { limit: 50 } } });
    expect(leftOut.stopped).toMatch(
      /^\d+ of GitHub's 50 points for this hour are left, and a tenth is kept for other uses of the token\.$/,
    );
  });

  test('the next round begins with the repositories that were not measured', async () => {
    const world = teams(6);
    const first = await organized(world, {
      many: { 'budget-points': '40' },
      github: { points: { limit: 5000 } },
    });
    // More than a day later a new round starts.
    const second = await organized(world, { now: '2026-03-11T12:00:00Z' });
    expect(second.steps.slice(0, first.leftOut.unmeasured.length)).toEqual(first.leftOut.unmeasured);
    expect(second.rollup.reports).toHaveLength(6);
  });

  test('requests wait if GitHub has worked for 50 seconds in a minute', async () => {
    let now = 0;
    const budget = requestBudgetOf(
      { points: null, time: 1e9 },
      {
        now: () => now,
        sleep: async (milliseconds) => {
          now += milliseconds;
        },
      },
    );
    const headers = new Headers();
    const starts: number[] = [];
    for (let i = 0; i < 100; i++) {
      await budget.before(true);
      starts.push(now);
      now += 2000;
      budget.after({ isGraphql: true, milliseconds: 2000, headers });
    }
    for (const start of starts)
      expect(starts.filter((other) => other >= start && other < start + 60_000).length).toBeLessThanOrEqual(
        26,
      );
    expect(budget.used().waited).toBeGreaterThan(0);
  });

  test('REST requests have 25 more seconds a minute than GraphQL', async () => {
    let now = 0;
    const sleep = async (milliseconds: number) => {
      now += milliseconds;
    };
    const budget = requestBudgetOf({ points: null, time: 1e9 }, { now: () => now, sleep });
    const request = async (isGraphql: boolean, times: number) => {
      for (let i = 0; i < times; i++) {
        await budget.before(isGraphql);
        budget.after({ isGraphql, milliseconds: 1000, headers: new Headers() });
      }
      return now;
    };
    expect([await request(true, 50), await request(false, 25)]).toEqual([0, 0]);
    expect(await request(false, 1)).toBe(60_000);
  });

  test('a request without points left is refused, and the repository is not measured', async () => {
    const budget = requestBudgetOf({ points: null, time: 1e9 }, { now: () => 0, sleep: async () => {} });
    budget.after({
      isGraphql: true,
      milliseconds: 1,
      headers: new Headers({ 'x-ratelimit-remaining': '0', 'x-ratelimit-limit': '5000' }),
    });
    expect(budget.refused()).toBeNull();
    await expect(budget.before(true)).rejects.toThrow(OutOfBudget);
    expect(budget.refused()).toBe("GitHub's points for this hour are used up.");
    budget.limited('later');
    expect(budget.refused()).toBe("GitHub's points for this hour are used up.");
  });

  test('a repository whose services exhaust the points has no report', async () => {
    const world = teamOf('mono');
    world.files = {
      '.github/deploy-latency.yml':
        'services:\n  api: { environment: production }\n  web: { environment: staging }\n  app: { environment: canary }\n',
    };
    const { leftOut, rollup } = await organized(together([teamOf('a-team'), world]), {
      github: { points: { limit: 28 } },
    });
    expect(leftOut.stopped).toMatch(/^GitHub's (?:rate limit is|points for this hour are) used up/);
    expect(rollup.failed).toEqual([]);
    expect([...rollup.reports.map((report) => report.repository), ...leftOut.unmeasured]).toEqual([
      'acme/a-team',
      'acme/mono',
    ]);
  });

  test('a run out of time starts no other repository', async () => {
    let now = 0;
    const budget = requestBudgetOf({ points: null, time: 60_000 }, { now: () => now, sleep: async () => {} });
    expect(budget.begin()).toBeNull();
    now = 60_000;
    expect(budget.begin()).toBe('The time budget of 1m is used up.');
  });
});

describe('an interrupted run', () => {
  test('continues with the repositories that have no report yet, for the same moment', async () => {
    const world = teams(5);
    await expect(organized(world, { killedAt: 'acme/team-2' })).rejects.toThrow('killed');
    const after = await organized(world, { now: '2026-03-09T14:00:00Z' });
    expect(after.steps).toEqual(['acme/team-2', 'acme/team-3', 'acme/team-4']);
    expect(after.rollup.reports).toHaveLength(5);
    expect(after.rollup.window.to.toISOString()).toBe('2026-03-09T12:00:00.000Z');
  });

  test('a finished round is not continued: the next one measures at its own time', async () => {
    const world = teams(2);
    await organized(world);
    const { rollup, steps } = await organized(world, { now: '2026-03-09T14:00:00Z' });
    expect(steps).toHaveLength(2);
    expect(rollup.window.to.toISOString()).toBe('2026-03-09T14:00:00.000Z');
  });

  test('gives the same roll-up as an uninterrupted one', async () => {
    const world = teams(6);
    const stopped = await organized(world, {
      many: { 'budget-points': '30' },
      github: { points: { limit: 5000 } },
    });
    expect(stopped.leftOut.unmeasured.length).toBeGreaterThan(0);
    const resumed = await organized(world, { now: '2026-03-09T13:00:00Z' });
    rmSync(folder, { recursive: true });
    const uninterrupted = await organized(world);
    const withoutTimes = ({ rollup }: typeof uninterrupted) => ({
      ...rollup,
      generatedAt: null,
      reports: rollup.reports.map((report) => ({ ...report, generatedAt: null })),
    });
    expect(withoutTimes(resumed)).toEqual(withoutTimes(uninterrupted));
  });
});

test('listing 100 repositories costs two points and gives the number of shards', async () => {
  const world = together(Array.from({ length: 150 }, (_, i) => teamOf(`team-${i}`, { changes: 1 })));
  const { result, requests } = await withTeams(world, { github: { points: { limit: 5000 } } }, shardsOf);
  expect(result).toEqual(['1/8', '2/8', '3/8', '4/8', '5/8', '6/8', '7/8', '8/8']);
  expect(requests.map((request) => request.points)).toEqual([2, 2]);
});
