import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deploysOf, readEvents } from '../../src/sources/events/event-file.ts';
import type { World } from '../../src/fake-github/world.ts';
import { type AskOptions, ask, changeOf } from '../support/ask.ts';
import { CD_EVENTS, CUSTOM_DATA, cdEvent, cloudEvent, devlakeBody, event, SHA } from '../support/events.ts';
import { filed } from '../support/filed.ts';
import { at, begun, NOW } from '../support/day.ts';

/** `deploy-source: events`: what a file of events says, and what becomes of it. */

const read = (text: string) =>
  readEvents(text, { name: 'deploys.jsonl', repository: 'acme/shop', now: new Date('2026-03-03T00:00:00Z') });
const wrong = (...lines: string[]) => read(lines.join('\n')).then(String, (error: Error) => error.message);

describe('readers', () => {
  const told = {
    line: 1,
    sha: SHA,
    environment: 'production',
    status: 'success',
    time: new Date('2026-03-02T10:20:00Z'),
  };

  test('JSON Lines, with empty lines between', async () => {
    const { events } = await read(
      `${JSON.stringify(event())}\n\n${JSON.stringify(event({ status: 'failure' }))}\n`,
    );
    expect(events).toMatchObject([told, { ...told, line: 3, status: 'failure' }]);
  });

  test('a JSON array', async () => {
    expect((await read(JSON.stringify([event(), event({ id: 7 })], null, 2))).events).toMatchObject([
      told,
      { ...told, line: 2, id: '7' },
    ]);
  });

  test('CSV with a header, in any order of its columns, with empty cells', async () => {
    const { events } = await read(
      `sha,time,status,environment,actor\r\n${SHA},2026-03-02T11:20:00+01:00,success,production,\r\n`,
    );
    expect(events).toMatchObject([{ ...told, line: 2, actor: null }]);
  });

  test('the envelope of CloudEvents', async () => {
    const { events } = await read(JSON.stringify(cloudEvent()));
    expect(events).toMatchObject([{ ...told, id: '/ship 12' }]);
  });

  test.each(CD_EVENTS)('CDEvents: service %s, of any version', async (kind) => {
    for (const version of ['0.1.0', '0.3.0'])
      expect((await read(JSON.stringify(cdEvent(kind, {}, version)))).events).toMatchObject([
        { ...told, sha: SHA.slice(0, 12), service: 'shop', id: 'e1' },
      ]);
    for (const custom of CUSTOM_DATA)
      expect((await read(JSON.stringify(cdEvent(kind, custom)))).events).toMatchObject([told]);
  });

  test('a CDEvent without a commit is counted, and one that is no deploy', async () => {
    const of = (type: string) => ({
      context: { id: 'e', type, timestamp: '2026-03-02T10:20:00Z' },
      subject: { content: { environment: { id: 'production' }, artifactId: 'pkg:oci/shop@1.2.3' } },
    });
    const lines = ['dev.cdevents.service.deployed.0.3.0', 'dev.cdevents.build.finished.0.3.0'].map((each) =>
      JSON.stringify(of(each)),
    );
    expect(await read(lines.join('\n'))).toEqual({ events: [], elsewhere: 0, others: 1, withoutCommit: 1 });
  });

  test("the body of DevLake's webhook", async () => {
    expect(await read(JSON.stringify(devlakeBody()))).toMatchObject({ events: [told], elsewhere: 1 });
    expect((await read(JSON.stringify(devlakeBody('FAILURE')))).events).toMatchObject([
      { status: 'failure' },
    ]);
  });
});

describe('a wrong line is named with its number', () => {
  const ok = JSON.stringify(event());
  test.each([
    [
      'time in the future',
      event({ time: '2027-01-01T00:00:00Z' }),
      '"time" is "2027-01-01T00:00:00Z"; accepted: an instant with its zone',
    ],
    ['no zone', event({ time: '2026-03-02T10:20:00' }), '"time" is "2026-03-02T10:20:00"'],
    ['unparsable', event({ time: 'noon' }), '"time" is "noon"'],
    ['no commit', event({ sha: 'main' }), '"sha" is "main"; accepted: seven to forty hexadecimal digits'],
    ['no status', event({ status: 'done' }), '"status" is "done"; accepted: success, failure, running'],
    ['no environment', { ...event(), environment: undefined }, '"environment" is undefined'],
  ])('%s', async (_, value, message) => {
    expect(await wrong(ok, '', JSON.stringify(value))).toContain(`deploys.jsonl, line 3: ${message}`);
  });

  test('no JSON, no object, no CSV', async () => {
    expect(await wrong(ok, '{')).toContain('deploys.jsonl, line 2: it is no JSON that can be read');
    expect(await wrong('[1]')).toContain('line 1: it is no event');
    expect(await wrong('time,sha', 'a,b,c')).toContain('line 2: it is no CSV that can be read');
  });
});

describe('deploys', () => {
  test('id twice: the last line says how it stands, the first when it began', async () => {
    const { events } = await read(
      [event({ id: 'x', status: 'running', time: '2026-03-02T10:00:00Z' }), event({ id: 'x' })]
        .map((each) => JSON.stringify(each))
        .join('\n'),
    );
    expect(deploysOf(events)).toMatchObject([
      {
        first: { time: new Date('2026-03-02T10:00:00Z') },
        last: { status: 'success', time: new Date('2026-03-02T10:20:00Z') },
      },
    ]);
  });

  test('unsorted is fine; without an id the same commit, environment and time are one', async () => {
    const { events } = await read(
      ['2026-03-02T09:00:00Z', '2026-03-02T11:00:00Z', '2026-03-02T10:00:00Z', '2026-03-02T10:00:00Z']
        .map((time) => JSON.stringify(event({ time })))
        .join('\n'),
    );
    expect(deploysOf(events).map((deploy) => deploy.first.time.getUTCHours())).toEqual([11, 10, 9]);
  });
});

describe('through GitHub', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'events-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const asked = (world: World, { inputs }: Required<Pick<AskOptions, 'inputs'>>) =>
    ask(world, { now: NOW, inputs, surroundings: { workspace: folder } });

  const told = (lines: object[], { environment = 'production', name = 'deploys.jsonl' } = {}) => {
    writeFileSync(join(folder, name), lines.map((line) => JSON.stringify(line)).join('\n'));
    return { 'deploy-source': 'events', 'events-file': name, environment, window: '20h', stages: 'none' };
  };
  const team = () => {
    const made = begun();
    const first = made.tip();
    const one = made.merge(1, at('10:00:00'));
    const two = made.merge(2, at('11:00:00'));
    return { world: { ...made.world, deployments: [] }, first, one, two };
  };
  const deployed = (sha: string, time: string, more: object = {}) => event({ sha, time, ...more });

  test('a change is live with the first success that contains it; a short sha is resolved', async () => {
    const { world, first, one, two } = team();
    const inputs = told([
      deployed(first, '2026-03-01T12:00:00Z'),
      deployed(one.slice(0, 10), at('10:12:00')),
      deployed(two, at('11:05:00'), { status: 'failure' }),
      deployed(two, at('11:30:00')),
    ]);
    const answer = await asked(world, { inputs });
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 720 });
    expect(changeOf(answer, 2)).toMatchObject({ leadTimeSeconds: 1800 });
    expect(answer.report.deployments.map((deployment) => deployment.outcome)).toEqual([
      'success',
      'failure',
      'success',
    ]);
  });

  test("DevLake's four words: production is whatever environment is live, and a name of its own wins", async () => {
    const { world, first, one, two } = team();
    const body = (commitSha: string, finishedDate: string, more: object) => ({
      id: commitSha,
      result: 'SUCCESS',
      ...more,
      deploymentCommits: [
        { repoUrl: 'https://github.com/acme/shop', commitSha, startedDate: finishedDate, finishedDate },
      ],
    });
    const inputs = told(
      [
        body(first, '2026-03-01T12:00:00Z', { environment: 'PRODUCTION' }),
        body(one, at('10:12:00'), {}),
        body(two, at('11:05:00'), { environment: 'STAGING' }),
        body(two, at('11:10:00'), { environment: 'PRODUCTION', originalEnvironment: 'canary' }),
      ],
      { environment: 'live' },
    );
    const answer = await asked(world, { inputs });
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 720 });
    expect(changeOf(answer, 2)).toMatchObject({ leadTimeSeconds: null });
  });

  test('upgrade to older commit: a rollback by ancestry, whatever it is called', async () => {
    const { world, first, one, two } = team();
    const inputs = told([
      deployed(first, '2026-03-01T12:00:00Z'),
      deployed(two, at('11:05:00')),
      deployed(one, at('11:30:00')),
    ]);
    const { report } = await asked(world, { inputs });
    expect(report.deployments.at(-1)).toMatchObject({ rollback: true, mergesets: [] });
  });

  test('short sha that is ambiguous or gone: skipped, and said with its line', async () => {
    const { world, first, one } = team();
    const inputs = told([
      deployed(first, '2026-03-01T12:00:00Z'),
      deployed('f'.repeat(40), at('10:05:00')),
      deployed(one, at('10:12:00')),
    ]);
    const { report } = await asked(world, { inputs });
    expect(report.completeness.gaps.map((gap) => gap.what)).toEqual([
      `The repository has no one commit that is called ${'f'.repeat(12)} (line 2): skipped.`,
    ]);
  });

  test('the newest is gone: what is live now is not known, and there is no verdict', async () => {
    const { world, first, one } = team();
    const inputs = told([
      deployed(first, '2026-03-01T12:00:00Z'),
      deployed(one, at('10:12:00')),
      deployed('f'.repeat(40), at('11:05:00')),
    ]);
    const { report } = await asked(world, { inputs });
    expect(report.status).toBe('insufficient-data');
    expect(report.completeness.gaps).toMatchObject([{ verdictAtRisk: true }]);
  });

  test('a file that is larger than such files are is not read to its end', async () => {
    const { world } = team();
    const inputs = told([]);
    writeFileSync(join(folder, 'deploys.jsonl'), Buffer.alloc(33 * 1024 * 1024, ' '));
    await expect(asked(world, { inputs })).rejects.toThrow('it is larger than 33554432 bytes');
  });

  test('other repository: its lines are ignored and counted; outsider-written text is escaped', async () => {
    const { world, first, one } = team();
    const inputs = told([
      deployed(first, '2026-03-01T12:00:00Z'),
      deployed(one, at('10:12:00'), {
        repository: 'acme/shop',
        actor: '@everyone',
        url: 'javascript:alert(1)',
      }),
      deployed(one, at('10:13:00'), { repository: 'acme/other' }),
    ]);
    const { report } = await asked(world, { inputs });
    expect(report.remarks.map((remark) => remark.what)).toContain(
      'Events of other repositories in the file of events: 1.',
    );
    expect(report.deployments.at(-1)?.url).toBeNull();
  });

  test("service: another's deploys are left out; one that names none is everyone's", async () => {
    const { world, first, one, two } = team();
    const inputs = told([
      deployed(first, '2026-03-01T12:00:00Z'),
      deployed(two, at('11:05:00'), { service: 'web' }),
      deployed(one, at('11:20:00'), { service: 'api' }),
    ]);
    const file = `
deploy-source: events
events-file: ${inputs['events-file']}
environment: production
services:
  api: { environment: production }
`;
    const { times } = await filed(world, file, { around: { workspace: folder } });
    expect(times('api')).toEqual({ 1: 4800, 2: null });
  });

  test('empty file: nothing deployed, and no zero', async () => {
    const { world } = team();
    await expect(asked(world, { inputs: told([]) })).rejects.toThrow(
      'Input "environment" is "production"; deploys.jsonl tells of no deploy there.',
    );
    const { first } = team();
    await expect(
      asked(world, { inputs: told([deployed(first, at('10:00:00'), { environment: 'staging' })]) }),
    ).rejects.toThrow('Accepted: staging.');
  });

  test('a file that is not there says so; a path out of the workspace is refused', async () => {
    const { world } = team();
    const inputs = told([]);
    await expect(asked(world, { inputs: { ...inputs, 'events-file': 'none.jsonl' } })).rejects.toThrow(
      'Input "events-file" is "none.jsonl"; it cannot be read',
    );
    await expect(asked(world, { inputs: { ...inputs, 'events-file': '../x' } })).rejects.toThrow(
      'accepted: a path below the workspace',
    );
    await expect(
      asked(world, { inputs: { ...inputs, 'events-file': '', 'events-url': 'http://x/y' } }),
    ).rejects.toThrow('Input "events-url" is "http://x/y"; accepted: an address that begins with https://.');
  });
});
