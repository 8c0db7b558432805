import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { CONFIG_FILE } from '../../src/config/plan.ts';
import type { OptionName } from '../../src/config/options.ts';
import { story } from '../../src/fake-github/story.ts';
import type { World } from '../../src/fake-github/world.ts';
import { asker } from '../../src/production/ask.ts';
import { jsonLinesOf } from '../../src/report/rows.ts';
import { redacted } from '../../src/report/redact.ts';
import { ask, summaryText } from '../support/ask.ts';
import { runWithConfigFile } from '../support/config-file.ts';
import { at, begun, NOW } from '../support/day.ts';
import { commentsOn, shippedBy } from '../support/written.ts';
import { type RecordedRequest, startServer } from '../support/http-server.ts';

/** One look at production, next to the newest record. */

type Team = ReturnType<typeof begun>;

/** Changes 1 to 4 on main, each deployed ten minutes after its merge. The last one is live since 12:11. */
function recordedTeam() {
  const team = begun();
  const shas = [1, 2, 3, 4].map((number) => {
    const hour = String(8 + number).padStart(2, '0');
    const sha = team.merge(number, at(`${hour}:00:00`));
    team.deploy(sha, at(`${hour}:10:00`));
    return sha;
  });
  return { ...team, shas };
}

const short = (sha = '') => sha.slice(0, 7);

type Answer = string | ((response: ServerResponse, request: RecordedRequest) => void);
const production = (answer: Answer) =>
  startServer((response, request) =>
    typeof answer === 'string' ? response.end(answer) : answer(response, request),
  );

interface LookOptions {
  now?: string;
  inputs?: Partial<Record<OptionName, string>>;
  patience?: number;
}

/** Measures a team whose production answers, on schedule. */
async function look(team: Team, answer: Answer, { now = NOW, inputs = {}, patience }: LookOptions = {}) {
  const server = await production(answer);
  const options: typeof inputs = { window: '20h', stages: 'none', mode: 'scheduled', ...inputs };
  const result = await ask(team.world, {
    now,
    inputs: { 'live-url': `${server.url}/version`, ...options },
    surroundings: { runId: 77 },
    ...(patience === undefined ? {} : { production: asker(false, patience) }),
  });
  const { report, requests } = result;
  const { 'live-match': _, ...unasked } = options;
  const without = await ask(team.world, { now, inputs: unasked, surroundings: { runId: 77 } });
  return {
    ...result,
    seen: report.seen?.[0],
    sentence: report.seen?.[0]?.sentence,
    found: report.findings.filter(({ kind }) => kind === 'not-live'),
    remark: report.remarks.find(({ what }) => what.startsWith('Production')),
    asked: server.requests,
    /** Requests to GitHub that the same run needs only with an address. */
    more: requests.length - without.requests.length,
    compared: requests.filter(({ path }) => path.includes('/compare/')).length,
  };
}

describe('production runs the newest record', () => {
  test('is said in one line of the summary, without a finding and without another request', async () => {
    const team = recordedTeam();
    const result = await look(team, `{"commit":"${team.shas[3]}"}`);
    expect(result.seen).toMatchObject({
      state: 'recorded',
      commit: team.shas[3],
      pullRequest: 4,
      behind: 0,
      recorded: { commit: team.shas[3], pullRequest: 4, at: '2026-03-02T12:11:00.000Z' },
    });
    expect(result.sentence).toBe(`Production runs #4's commit (${short(team.shas[3])}), the newest record.`);
    expect(summaryText(result)).toContain('4 successful deployments. Production runs');
    expect([result.found, result.remark, result.more]).toEqual([[], undefined, 0]);
    expect(result.asked).toHaveLength(1);
    expect(result.asked[0]?.headers).not.toHaveProperty('authorization');
  });

  test('is recognized by an abbreviated commit in a header', async () => {
    const team = recordedTeam();
    const { seen } = await look(team, (response) =>
      response.writeHead(200, { 'x-revision': short(team.shas[3]) }).end('ok'),
    );
    expect(seen).toMatchObject({ state: 'recorded', commit: team.shas[3] });
  });

  test('is recognized with "live-match"', async () => {
    const team = recordedTeam();
    const { seen } = await look(team, `old ${team.shas[0]} new ${team.shas[3]}`, {
      inputs: { 'live-match': 'new (\\w+)' },
    });
    expect(seen?.state).toBe('recorded');
  });
});

test('production runs the head of a branch with the same files as its recorded merge', async () => {
  const team = begun();
  const merged = team.merge(1, at('09:00:00'), { method: 'merge', files: ['a.ts'] });
  team.deploy(merged, at('09:05:00'));
  const [, head = ''] = team.world.commits.find(({ oid }) => oid === merged)?.parents ?? [];
  for (const commit of team.world.commits)
    if (commit.oid === head || commit.oid === merged) commit.tree = 'e'.repeat(40);
  expect((await look(team, head)).seen).toMatchObject({ state: 'recorded', commit: head, behind: 0 });
});

test('production runs a commit that an older run of the deploy workflow had', async () => {
  const team = begun();
  const jobs = [{ name: 'deploy', takes: 60 }];
  const [first = ''] = [1, 2].map((number) => {
    const sha = team.merge(number, at(`1${number}:00:00`));
    team.ship(sha, at(`1${number}:00:00`), { jobs });
    return sha;
  });
  const { seen, found } = await look(team, first, {
    inputs: { 'deploy-source': 'workflow', 'deploy-workflow': 'deploy.yml' },
  });
  expect([seen?.state, seen?.behind, seen?.recorded?.pullRequest, found.length]).toEqual(['older', 1, 2, 1]);
});

describe('production runs an older commit than the newest record', () => {
  test('for longer than the limit is a finding', async () => {
    const team = recordedTeam();
    const result = await look(team, `${team.shas[1]}`);
    const sentence = `Production runs #2's commit (${short(team.shas[1])}). The newest record says #4. 2 changes are recorded as live and do not run, the first for 8h 49m by now.`;
    expect(result.sentence).toBe(sentence);
    expect(result.seen).toMatchObject({ state: 'older', behind: 2, recorded: { pullRequest: 4 } });
    expect(result.found).toMatchObject([
      {
        severity: 'warning',
        message: `${sentence} The limit is 18m 45s. Check the rollout, or whether somebody rolled back outside the pipeline.`,
        evidence: { commit: team.shas[1], recorded: team.shas[3], mergesets: 2 },
      },
    ]);
    expect(result.annotations.map(({ title }) => title)).toContain('Recorded as live, but not running');
    expect(summaryText(result).split('\n\n')[2]).toContain('The newest record says');
    expect(result.more).toBe(0);
  });

  test('gives no verdict if the verdict would differ while the changes waited', async () => {
    const team = recordedTeam();
    const { report } = await look(team, `${team.shas[0]}`);
    const what = '3 changes are recorded as live and do not run in production.';
    expect(report).toMatchObject({
      status: 'insufficient-data',
      reason: 'unreadable',
      sentence: `No verdict. ${what} Check the rollout, or whether somebody rolled back outside the pipeline.`,
      completeness: { gaps: [{ what, verdictAtRisk: true }] },
    });
    expect(report.mergesets.map(({ notSeen }) => notSeen ?? false)).toEqual([false, true, true, true]);
    expect(report.mergesets[3]?.notes).toContain('recorded as live, but production does not run it');
  });

  test('keeps the verdict if it would be the same', async () => {
    const team = recordedTeam();
    const { report, found } = await look(team, `${team.shas[2]}`);
    expect([report.status, found.length]).toEqual(['on-target', 1]);
    expect(report.mergesets.map(({ notSeen }) => notSeen ?? false)).toEqual([false, false, false, true]);
  });

  test('fails the step if "fail-on" names the finding', async () => {
    const team = recordedTeam();
    const { failed } = await look(team, `${team.shas[1]}`, { inputs: { 'fail-on': 'not-live' } });
    expect(failed).toBe(true);
  });

  test('within the limit is a line and no finding', async () => {
    const team = recordedTeam();
    const { sentence, found, report } = await look(team, `${team.shas[2]}`, { now: at('12:13:00') });
    expect(sentence).toBe(
      `Production runs #3's commit (${short(team.shas[2])}). The newest record says #4. 1 change is recorded as live and does not run, for 2m by now. The rollout may not be over yet.`,
    );
    expect([found, report.status]).toEqual([[], 'on-target']);
  });

  test('for long is a finding even if the newest record is young', async () => {
    const team = recordedTeam();
    const { found } = await look(team, `${team.shas[0]}`, { now: at('12:13:00') });
    expect(found).toHaveLength(1);
  });

  test('within the limit of a commit that is deployed again has the time to roll out again', async () => {
    const team = recordedTeam();
    team.deploy(team.shas[3] ?? '', at('19:55:00'));
    expect((await look(team, `${team.shas[2]}`)).found).toEqual([]);
  });

  test('from before everything that was read is compared once by GitHub', async () => {
    const team = story('acme', 'shop', '2026-01-01T00:00:00Z');
    const old = team.tip();
    for (let i = 0; i < 150; i++) team.push('2026-02-01T00:00:00Z');
    team.deploy(team.tip(), '2026-02-02T00:00:00Z');
    team.deploy(team.merge(1, '2026-03-01T10:00:00Z'), '2026-03-01T10:05:00Z');
    team.deploy(team.merge(2, at('09:00:00')), at('09:05:00'));
    const { seen, sentence, found, compared } = await look(team, old, { inputs: { widen: 'none' } });
    expect(sentence).toContain(' At least 2 changes are recorded as live and do not run, ');
    expect([seen?.state, seen?.behind, found.length, compared]).toEqual(['older', 2, 1, 1]);
  });

  test('and that no deployment recorded is said', async () => {
    const team = begun();
    const skipped = team.merge(1, at('09:00:00'));
    team.deploy(team.merge(2, at('09:05:00')), at('09:10:00'));
    expect((await look(team, skipped)).sentence).toContain(
      `No successful deployment recorded ${short(skipped)}.`,
    );
  });

  test('in a cached answer is no finding, because the answer may be old', async () => {
    const team = recordedTeam();
    const { sentence, found } = await look(team, (response) =>
      response.writeHead(200, { age: '600' }).end(team.shas[1]),
    );
    expect(sentence).toMatch(/This answer came from a cache and may be old\.$/);
    expect(found).toEqual([]);
  });
});

describe('production runs a newer commit than the newest record', () => {
  test('whose deployment is running, which is no disagreement', async () => {
    const team = recordedTeam();
    const next = team.merge(5, at('19:58:00'));
    team.deploy(next, at('19:59:00'), { outcome: 'IN_PROGRESS' });
    const { seen, sentence, found, summary } = await look(team, next);
    expect([seen?.state, found]).toEqual(['newer', []]);
    expect(sentence).toBe(
      `Production runs #5's commit (${short(next)}), whose deployment is still running. The newest record says #4.`,
    );
    expect(JSON.stringify(summary[2])).not.toContain('still running');
  });

  test('that no deployment recorded is said, as from a laptop', async () => {
    const team = recordedTeam();
    const next = team.merge(5, at('18:00:00'));
    const result = await look(team, next);
    expect(result.sentence).toBe(
      `Production runs #5's commit (${short(next)}), which no successful deployment recorded. The newest record says #4. It may have been deployed outside the recorded pipeline, for example from a laptop.`,
    );
    expect(summaryText(result).split('\n\n')[2]).toContain('from a laptop');
    expect([result.seen?.state, result.found, result.more]).toEqual(['unrecorded', [], 0]);
  });

  test('whose deployment failed is said', async () => {
    const team = recordedTeam();
    const next = team.merge(5, at('18:00:00'));
    team.deploy(next, at('18:05:00'), { outcome: 'FAILURE' });
    expect((await look(team, next)).seen?.state).toBe('unrecorded');
  });

  test('after a recorded rollback is said', async () => {
    const team = recordedTeam();
    team.deploy(team.shas[2] ?? '', at('18:05:00'));
    const { seen, sentence } = await look(team, `${team.shas[3]}`);
    expect(seen?.state).toBe('not-rolled-back');
    expect(sentence).toBe(
      `Production runs #4's commit (${short(team.shas[3])}). The newest record says #3, an older commit that was deployed later.`,
    );
  });

  test('of a branch that starts at the newest record is not on main', async () => {
    const team = recordedTeam();
    const local = team.commit(at('18:00:00'), [team.tip()]);
    const { seen, sentence, compared } = await look(team, local);
    expect([seen?.state, compared]).toEqual(['unrecorded', 1]);
    expect(sentence).toContain(`${short(local)} was not on main when this run began.`);
  });
});

describe('production runs a commit beside the record', () => {
  test('on no branch is said, after one comparison', async () => {
    const team = recordedTeam();
    const local = team.commit(at('18:00:00'), [team.shas[1] ?? '']);
    const result = await look(team, local);
    expect(result.sentence).toBe(
      `Production runs ${short(local)}, which is not on main. The newest record says #4, and no successful deployment recorded ${short(local)}. It may have been deployed outside the recorded pipeline, for example from a laptop.`,
    );
    expect(result.seen).toMatchObject({ state: 'diverged', commit: local, behind: null });
    expect([result.found, result.report.status, result.compared]).toEqual([[], 'on-target', 1]);
    expect(summaryText(result).split('\n\n')[2]).toContain('not on main');
  });

  test('that the repository does not have is said, without a comparison', async () => {
    const result = await look(recordedTeam(), 'f'.repeat(40));
    expect(result.sentence).toBe(
      'Production answers with fffffff, which is no commit of this repository. The newest record says #4. Set "live-match" if that is another number, or check what was deployed.',
    );
    expect([result.seen?.state, result.compared, result.found]).toEqual(['not-in-repository', 0, []]);
    expect(JSON.stringify(result.report)).not.toContain('f'.repeat(8));
  });

  test('that GitHub does not compare leaves the verdict, with a remark', async () => {
    const team = recordedTeam();
    const local = team.commit(at('18:00:00'), [team.shas[1] ?? '']);
    const server = await production(local);
    const { report } = await ask(team.world, {
      now: NOW,
      inputs: { window: '20h', 'live-url': server.url, mode: 'scheduled', stages: 'none' },
      surroundings: { runId: 77 },
      github: {
        interfere: async ({ url = '' }, response) => {
          if (!url.includes('/compare/')) return false;
          response.writeHead(403).end('{"message":"Resource not accessible by integration"}');
          return true;
        },
      },
    });
    expect([report.status, report.seen?.[0]?.state]).toEqual(['on-target', 'unknown']);
    expect(report.remarks[0]?.what).toMatch(
      new RegExp(
        `^Production answers with ${short(local)}\\. Whether it contains the newest record is unknown\\. `,
      ),
    );
  });
});

describe('an answer without a commit is a remark with the reason', () => {
  test.each<[string, Answer, string]>([
    ['404', (response) => response.writeHead(404).end('x'), 'status 404. | Check the address.'],
    [
      'a text',
      'hello',
      'a text without a commit. | Let the address answer with the full commit, or set "live-match" to a pattern that finds it.',
    ],
    [
      'a huge one',
      (response) => response.end('a'.repeat(70_000)),
      'more than 64 kB. | Set "live-url" to an address with a short answer.',
    ],
    [
      'a redirect to another host',
      (response) => response.writeHead(302, { location: 'https://elsewhere.example/' }).end(),
      'a redirect that leaves the host or does not end. | Set "live-url" to the address that answers without a redirect.',
    ],
    [
      'a closed connection',
      (response) => response.destroy(),
      'no connection (ECONNRESET). | Check that the runner can reach the address. It may need a proxy (HTTPS_PROXY).',
    ],
    [
      'a slow one',
      () => {},
      'nothing within 10 seconds. | Check that the runner can reach the address, and that it answers quickly.',
    ],
    [
      'two commits',
      `${'a'.repeat(40)} ${'b'.repeat(40)}`,
      'several possible commits (2). | Set "live-match" to a pattern whose first group is the commit that runs.',
    ],
  ])('%s', async (name, answer, words) => {
    const result = await look(recordedTeam(), answer, name === 'a slow one' ? { patience: 50 } : {});
    const [reason, remedy] = words.split(' | ');
    expect(result.remark).toEqual({
      what: `Production gave no commit: ${reason}`,
      consequence: `The verdict believes the record. ${remedy}`,
    });
    expect(result.seen).toMatchObject({ state: 'unknown', commit: null, behind: null });
    expect([result.report.status, result.found, result.more]).toEqual(['on-target', [], 0]);
  });
});

describe('guard mode', () => {
  test("is not alarmed by this run's own deployment, which is not live yet", async () => {
    const team = recordedTeam();
    const next = team.merge(5, at('19:50:00'));
    team.deploy(next, at('19:58:00'), {
      outcome: 'IN_PROGRESS',
      logUrl: 'https://github.com/acme/shop/actions/runs/77/job/1',
    });
    const { report, sentence, found } = await look(team, `${team.shas[3]}`, { inputs: { mode: 'guard' } });
    expect(report.deployments.at(-1)?.assumed).toBe(true);
    expect([found, report.status]).toEqual([[], 'on-target']);
    expect(sentence).toContain('for 0s by now. The rollout may not be over yet.');
  });

  test('is not alarmed by a deployment that ended a minute ago', async () => {
    const team = recordedTeam();
    team.deploy(team.merge(5, at('19:50:00')), at('19:58:00'));
    expect((await look(team, `${team.shas[3]}`, { inputs: { mode: 'guard' } })).found).toEqual([]);
  });

  test('finds a record that production has not run for hours', async () => {
    const team = recordedTeam();
    expect((await look(team, `${team.shas[1]}`, { inputs: { mode: 'guard' } })).found).toHaveLength(1);
  });
});

/** A run with a configuration file, as of now. */
const filed = (world: World, file: string, options: Parameters<typeof runWithConfigFile>[2] = {}) =>
  runWithConfigFile(world, file, { ...options, inputs: { 'as-of': '', ...options.inputs } });

describe('production is not asked', () => {
  test.each([
    ['by a run about a pull request', { event: 'pull_request', payload: { pull_request: { number: 9 } } }],
    ['in the past', { inputs: { 'as-of': NOW } }],
  ])('%s', async (_, options) => {
    const team = recordedTeam();
    const server = await production(team.shas[0] ?? '');
    const { report } = await filed(team.world, `live-url: ${server.url}\n`, options);
    expect(report).not.toHaveProperty('seen');
    expect(server.requests).toEqual([]);
  });

  test('at an address on this machine, if the workflow belongs to another repository', async () => {
    const team = recordedTeam();
    const server = await production(team.shas[0] ?? '');
    const { report } = await filed(team.world, `live-url: ${server.url}\n`, {
      around: { repository: 'acme/other' },
      inputs: { repository: 'acme/shop' },
    });
    expect(report.seen).toEqual([]);
    expect(report.remarks[0].what).toBe('"live-url" is an address on this machine, so it was not asked.');
    expect(server.requests).toEqual([]);
  });
});

test("the address comes from the base branch's file, never from the head of a pull request", async () => {
  const team = recordedTeam();
  const [base, head] = await Promise.all([production(team.shas[3] ?? ''), production(team.shas[0] ?? '')]);
  const sha = team.push(at('19:00:00'), { branch: 'topic', from: team.tip() });
  const commit = team.world.commits.find(({ oid }) => oid === sha);
  if (commit) commit.texts = { [CONFIG_FILE]: `live-url: ${head.url}\n` };
  const { report } = await filed(team.world, `live-url: ${base.url}\n`, {
    event: 'pull_request',
    around: { isMerged: true, pullRequest: 4, pullRequestBase: 'main', eventAction: 'closed', sha },
  });
  expect(report.seen[0].state).toBe('recorded');
  expect([base.requests.length, head.requests.length]).toEqual([1, 0]);
});

describe('several regions', () => {
  const eu = { environment: 'prod-eu' };
  const us = { environment: 'prod-us' };
  function regions() {
    const team = begun();
    for (const region of [eu, us]) team.deploy(team.tip(), '2026-03-01T12:00:00Z', region);
    const shas = [1, 2].map((number) => {
      const sha = team.merge(number, at(`1${number}:00:00`));
      team.deploy(sha, at(`1${number}:04:00`), eu);
      team.deploy(sha, at(`1${number}:08:00`), us);
      return sha;
    });
    return { ...team, shas };
  }
  const file = (live: string, urls: Record<string, string>) =>
    `environment: [prod-eu, prod-us]\nlive: ${live}\nlive-url: ${JSON.stringify(urls)}\n`;

  test('and an address of an environment that is not measured is named', async () => {
    const { world, shas } = regions();
    const east = await production(shas[1] ?? '');
    const { report } = await filed(
      world,
      file('last', { 'prod-eu': east.url, 'prod-us': east.url, stagging: east.url }),
    );
    expect(report.remarks).toContainEqual({
      what: '"live-url" has an address for stagging, which is not measured.',
      consequence: 'It was not asked. Remove it, or check the spelling of the name.',
    });
  });

  test('and the address of an earlier stage is not', async () => {
    const team = recordedTeam();
    const server = await production(team.shas[0] ?? '');
    const urls = { staging: server.url, production: server.url };
    const { report } = await filed(
      team.world,
      `environments: [staging, production]\nlive-url: ${JSON.stringify(urls)}\n`,
    );
    expect(JSON.stringify(report.remarks)).not.toContain('is not measured');
  });

  test('of which one is behind its record', async () => {
    const { world, shas } = regions();
    const [east, west] = await Promise.all([production(shas[1] ?? ''), production(shas[0] ?? '')]);
    const { report, summary } = await filed(
      world,
      file('last', { 'prod-eu': east.url, 'prod-us': west.url }),
    );
    expect(report.seen).toMatchObject([
      { region: 'prod-eu', state: 'recorded', behind: 0 },
      { region: 'prod-us', state: 'older', behind: 1, recorded: { at: '2026-03-02T12:09:00.000Z' } },
    ]);
    expect(report.findings.filter(({ kind }: { kind: string }) => kind === 'not-live')).toHaveLength(1);
    expect(report.mergesets.map(({ notSeen }: { notSeen?: true }) => notSeen ?? false)).toEqual([
      false,
      true,
    ]);
    expect(summary).toContain('Production in prod-us runs');
  });

  test('with "live: first", a change that one region runs is live', async () => {
    const { world, shas } = regions();
    const [east, west] = await Promise.all([production(shas[1] ?? ''), production(shas[0] ?? '')]);
    const { report } = await filed(world, file('first', { 'prod-eu': east.url, 'prod-us': west.url }));
    expect(report.findings.map(({ kind }: { kind: string }) => kind)).toContain('not-live');
    expect(report.mergesets.some(({ notSeen }: { notSeen?: true }) => notSeen)).toBe(false);
    expect(report.status).toBe('on-target');
  });

  test('of which one lags behind another is compared with its own record', async () => {
    const team = regions();
    const next = team.merge(3, at('13:00:00'));
    team.deploy(next, at('13:04:00'), eu);
    const [east, west] = await Promise.all([production(next), production(team.shas[1] ?? '')]);
    const { report } = await filed(team.world, file('last', { 'prod-eu': east.url, 'prod-us': west.url }));
    expect(report.seen.map(({ state }: { state: string }) => state)).toEqual(['recorded', 'recorded']);
  });

  test('of which one has no address is named', async () => {
    const { world, shas } = regions();
    const east = await production(shas[1] ?? '');
    const { report } = await filed(world, file('last', { 'prod-eu': east.url, 'prod-usa': east.url }));
    expect(report.remarks.map(({ what }: { what: string }) => what)).toContain(
      '"live-url" has no address for prod-us.',
    );
  });
});

describe('several services', () => {
  const files = { api: ['services/api/a.ts'], web: ['web/a.ts'] };
  function services() {
    const team = begun();
    for (const environment of ['api', 'web'])
      team.deploy(team.tip(), '2026-03-01T12:00:00Z', { environment });
    const api = team.merge(1, at('09:00:00'), { files: files.api });
    const web = team.merge(2, at('10:00:00'), { files: files.web });
    for (const environment of ['api', 'web']) team.deploy(web, at('10:05:00'), { environment });
    return { ...team, api, web };
  }
  const file = (apiUrl: string, webUrl: string) =>
    `live-url: { api: ${apiUrl}, web: ${webUrl} }\nservices:\n  api: { paths: services/api, environment: api }\n  web: { paths: web, environment: web }\n`;

  test('an older commit with all changes of its service is the newest record', async () => {
    const { world, api, web } = services();
    const [first, second] = await Promise.all([production(api), production(web)]);
    const { unit } = await filed(world, file(first.url, second.url));
    expect(unit('api').seen[0]).toMatchObject({ state: 'recorded', commit: api, behind: 0 });
    expect(unit('api').seen[0].sentence).toContain('which has every recorded change of this service.');
    expect(unit('web').seen[0].state).toBe('recorded');
  });

  test('one that is behind is named below the table', async () => {
    const { world, api, web } = services();
    const [first, second] = await Promise.all([production(web), production(api)]);
    const { unit, summary } = await filed(world, file(first.url, second.url));
    expect(unit('web').seen[0]).toMatchObject({ state: 'older', behind: 1 });
    expect(summary.split('## ')[1]).toContain('web (web): Production runs');
  });

  test('that share an address ask once', async () => {
    const { world, web } = services();
    const server = await production(web);
    await filed(world, file(server.url, server.url));
    expect(server.requests).toHaveLength(1);
  });
});

test('the page, the rows and the outputs carry it', async () => {
  const team = recordedTeam();
  const server = await production(team.shas[1] ?? '');
  const folder = mkdtempSync(join(tmpdir(), 'page-'));
  const { page, report } = await filed(team.world, `live-url: ${server.url}\n`, {
    inputs: { html: join(folder, 'report.html') },
  });
  rmSync(folder, { recursive: true });
  expect(page).toContain('The newest record says');
  const rows = jsonLinesOf([report]).trim().split('\n');
  expect(rows.map((row) => JSON.parse(row).not_seen)).toEqual([false, false, true, true]);
  expect(report.seen).toHaveLength(1);
  expect(JSON.stringify(report)).not.toContain('127.0.0.1');
  expect(redacted(report)).toMatchObject({
    seen: [{ state: 'older', commit: expect.stringMatching(/^c\d{6}$/), behind: 2 }],
  });
});

test('the comment on a shipped pull request says that production does not run it yet', async () => {
  const team = recordedTeam();
  const server = await production(team.shas[2] ?? '');
  const id = team.world.deployments.at(-1)?.id ?? 0;
  await filed(team.world, `live-url: ${server.url}\n`, {
    at: at('12:13:00'),
    ...shippedBy(id),
    inputs: { comment: 'always' },
  });
  expect(commentsOn(team.world, 4)[0]?.body).toContain('The rollout may not be over yet.');
});

test('the report with it fits the schema', async () => {
  const isReport = new Ajv2020({ allowUnionTypes: true })
    .addFormat('date-time', true)
    .compile(JSON.parse(readFileSync('docs/report.schema.json', 'utf8')));
  const team = recordedTeam();
  for (const answer of [team.shas[0] ?? '', 'no commit']) {
    const { report } = await look(team, answer);
    isReport(JSON.parse(JSON.stringify(report)));
    expect(isReport.errors ?? []).toEqual([]);
  }
});
