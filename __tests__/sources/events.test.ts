import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deploysOf, readEvents } from '../../src/sources/events/event-file.ts';
import { textAt } from '../../src/sources/events/location.ts';
import type { World } from '../../src/fake-github/world.ts';
import { type AskOptions, ask, changeOf } from '../support/ask.ts';
import { CD_EVENTS, CUSTOM_DATA, cdEvent, cloudEvent, devlakeBody, event, SHA } from '../support/events.ts';
import { runWithConfigFile } from '../support/config-file.ts';
import { at, begun, NOW } from '../support/day.ts';

/** `deploy-source: events`: deployments from a file of events. */

const read = (text: string) =>
  readEvents(text, { name: 'deploys.jsonl', repository: 'acme/shop', now: new Date('2026-03-03T00:00:00Z') });
const errorFor = (...lines: string[]) => read(lines.join('\n')).then(String, (error: Error) => error.message);

describe('an events file can be', () => {
  const expected = {
    line: 1,
    sha: SHA,
    environment: 'production',
    status: 'success',
    time: new Date('2026-03-02T10:20:00Z'),
  };

  test('JSON Lines, with empty lines in between', async () => {
    const { events } = await read(
      `${JSON.stringify(event())}\n\n${JSON.stringify(event({ status: 'failure' }))}\n`,
    );
    expect(events).toMatchObject([expected, { ...expected, line: 3, status: 'failure' }]);
  });

  test('a JSON array', async () => {
    expect((await read(JSON.stringify([event(), event({ id: 7 })], null, 2))).events).toMatchObject([
      expected,
      { ...expected, line: 2, id: '7' },
    ]);
  });

  test('CSV with a header, in any column order and with empty cells', async () => {
    const { events } = await read(
      `sha,time,status,environment,actor\r\n${SHA},2026-03-02T11:20:00+01:00,success,production,\r\n`,
    );
    expect(events).toMatchObject([{ ...expected, line: 2, actor: null }]);
  });

  test('a list of CloudEvents', async () => {
    const { events } = await read(JSON.stringify(cloudEvent()));
    expect(events).toMatchObject([{ ...expected, id: '/ship 12' }]);
  });

  test.each(CD_EVENTS)('a list of CDEvents of type service %s, in any version', async (kind) => {
    for (const version of ['0.1.0', '0.3.0'])
      expect((await read(JSON.stringify(cdEvent(kind, {}, version)))).events).toMatchObject([
        { ...expected, sha: SHA.slice(0, 12), service: 'shop', id: 'e1' },
      ]);
    for (const custom of CUSTOM_DATA)
      expect((await read(JSON.stringify(cdEvent(kind, custom)))).events).toMatchObject([expected]);
  });

  test('a list of CDEvents that deploy no known commit: they are only counted', async () => {
    const eventOfType = (type: string) => ({
      context: { id: 'e', type, timestamp: '2026-03-02T10:20:00Z' },
      subject: { content: { environment: { id: 'production' }, artifactId: 'pkg:oci/shop@1.2.3' } },
    });
    const lines = ['dev.cdevents.service.deployed.0.3.0', 'dev.cdevents.build.finished.0.3.0'].map((type) =>
      JSON.stringify(eventOfType(type)),
    );
    expect(await read(lines.join('\n'))).toEqual({ events: [], elsewhere: 0, others: 1, withoutCommit: 1 });
  });

  test("the body of DevLake's webhook", async () => {
    expect(await read(JSON.stringify(devlakeBody()))).toMatchObject({ events: [expected], elsewhere: 1 });
    expect((await read(JSON.stringify(devlakeBody('FAILURE')))).events).toMatchObject([
      { status: 'failure' },
    ]);
  });
});

describe('an error names the line that is wrong', () => {
  const valid = JSON.stringify(event());
  test.each([
    [
      'a time in the future',
      event({ time: '2027-01-01T00:00:00Z' }),
      '"time" is "2027-01-01T00:00:00Z"; accepted: a time with a time zone',
    ],
    ['a time without a time zone', event({ time: '2026-03-02T10:20:00' }), '"time" is "2026-03-02T10:20:00"'],
    ['a time that is not a time', event({ time: 'noon' }), '"time" is "noon"'],
    [
      'a SHA that is not a SHA',
      event({ sha: 'main' }),
      '"sha" is "main"; accepted: 7 to 40 hexadecimal digits',
    ],
    [
      'an unknown status',
      event({ status: 'done' }),
      '"status" is "done"; accepted: success, failure, running',
    ],
    ['no environment', { ...event(), environment: undefined }, '"environment" is undefined'],
  ])('%s', async (_, value, message) => {
    expect(await errorFor(valid, '', JSON.stringify(value))).toContain(`deploys.jsonl, line 3: ${message}`);
  });

  test('text that is not JSON, not an object, or not CSV', async () => {
    expect(await errorFor(valid, '{')).toContain('deploys.jsonl, line 2: this is not valid JSON');
    expect(await errorFor('[1]')).toContain('line 1: this is not an event');
    expect(await errorFor('time,sha', 'a,b,c')).toContain('line 2: this is not valid CSV');
  });
});

describe('events are grouped into deployments', () => {
  test('of the same id: the first has the start, the last has the outcome', async () => {
    const { events } = await read(
      [event({ id: 'x', status: 'running', time: '2026-03-02T10:00:00Z' }), event({ id: 'x' })]
        .map((line) => JSON.stringify(line))
        .join('\n'),
    );
    expect(deploysOf(events)).toMatchObject([
      {
        first: { time: new Date('2026-03-02T10:00:00Z') },
        last: { status: 'success', time: new Date('2026-03-02T10:20:00Z') },
      },
    ]);
  });

  test('of the same commit, environment and time if they have no id, in any order', async () => {
    const { events } = await read(
      ['2026-03-02T09:00:00Z', '2026-03-02T11:00:00Z', '2026-03-02T10:00:00Z', '2026-03-02T10:00:00Z']
        .map((time) => JSON.stringify(event({ time })))
        .join('\n'),
    );
    expect(deploysOf(events).map((deploy) => deploy.first.time.getUTCHours())).toEqual([11, 10, 9]);
  });
});

describe('a run', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'events-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const answerTo = (world: World, { inputs }: Required<Pick<AskOptions, 'inputs'>>) =>
    ask(world, { now: NOW, inputs, surroundings: { workspace: folder } });

  /** Writes an events file; the inputs that name it. */
  const inputsFor = (lines: object[], environment = 'production') => {
    const name = 'deploys.jsonl';
    writeFileSync(join(folder, name), lines.map((line) => JSON.stringify(line)).join('\n'));
    return { 'deploy-source': 'events', 'events-file': name, environment, window: '20h', stages: 'none' };
  };
  const team = () => {
    const { world, tip, merge } = begun();
    const live = tip();
    const change1 = merge(1, at('10:00:00'));
    const change2 = merge(2, at('11:00:00'));
    return { world: { ...world, deployments: [] }, live, change1, change2 };
  };
  const deployed = (sha: string, time: string, more: object = {}) => event({ sha, time, ...more });

  test('counts a change as live with the first success that contains it, and accepts short SHAs', async () => {
    const { world, live, change1, change2 } = team();
    const inputs = inputsFor([
      deployed(live, '2026-03-01T12:00:00Z'),
      deployed(change1.slice(0, 10), at('10:12:00')),
      deployed(change2, at('11:05:00'), { status: 'failure' }),
      deployed(change2, at('11:30:00')),
    ]);
    const answer = await answerTo(world, { inputs });
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 720 });
    expect(changeOf(answer, 2)).toMatchObject({ leadTimeSeconds: 1800 });
    expect(answer.report.deployments.map((deployment) => deployment.outcome)).toEqual([
      'success',
      'failure',
      'success',
    ]);
  });

  test("takes the measured environment for DevLake's PRODUCTION, unless the event has an environment name", async () => {
    const { world, live, change1, change2 } = team();
    const body = (commitSha: string, finishedDate: string, more: object) => ({
      id: commitSha,
      result: 'SUCCESS',
      ...more,
      deploymentCommits: [
        { repoUrl: 'https://github.com/acme/shop', commitSha, startedDate: finishedDate, finishedDate },
      ],
    });
    const inputs = inputsFor(
      [
        body(live, '2026-03-01T12:00:00Z', { environment: 'PRODUCTION' }),
        body(change1, at('10:12:00'), {}),
        body(change2, at('11:05:00'), { environment: 'STAGING' }),
        body(change2, at('11:10:00'), { environment: 'PRODUCTION', originalEnvironment: 'canary' }),
      ],
      'live',
    );
    const answer = await answerTo(world, { inputs });
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 720 });
    expect(changeOf(answer, 2)).toMatchObject({ leadTimeSeconds: null });
  });

  test('recognizes a deployment of an older commit as a rollback, whatever the event is called', async () => {
    const { world, live, change1, change2 } = team();
    const inputs = inputsFor([
      deployed(live, '2026-03-01T12:00:00Z'),
      deployed(change2, at('11:05:00')),
      deployed(change1, at('11:30:00')),
    ]);
    const { report } = await answerTo(world, { inputs });
    expect(report.deployments.at(-1)).toMatchObject({ rollback: true, mergesets: [] });
  });

  test('skips an event whose commit is unknown, and reports its line', async () => {
    const { world, live, change1 } = team();
    const inputs = inputsFor([
      deployed(live, '2026-03-01T12:00:00Z'),
      deployed('f'.repeat(40), at('10:05:00')),
      deployed(change1, at('10:12:00')),
    ]);
    const { report } = await answerTo(world, { inputs });
    expect(report.completeness.gaps.map((gap) => gap.what)).toEqual([
      `Skipped events whose commits are unknown or ambiguous in this repository: ${'f'.repeat(12)} (line 2).`,
    ]);
  });

  test('has no verdict if the commit of the newest deployment is unknown', async () => {
    const { world, live, change1 } = team();
    const inputs = inputsFor([
      deployed(live, '2026-03-01T12:00:00Z'),
      deployed(change1, at('10:12:00')),
      deployed('f'.repeat(40), at('11:05:00')),
    ]);
    const { report } = await answerTo(world, { inputs });
    expect(report.status).toBe('insufficient-data');
    expect(report.completeness.gaps).toMatchObject([{ verdictAtRisk: true }]);
  });

  test('stops at a file of more than 32 MiB', async () => {
    const { world } = team();
    const inputs = inputsFor([]);
    writeFileSync(join(folder, 'deploys.jsonl'), Buffer.alloc(33 * 1024 * 1024, ' '));
    await expect(answerTo(world, { inputs })).rejects.toThrow('it is larger than 32 MiB');
  });

  test('skips and counts events of other repositories, and drops an address that is not HTTP', async () => {
    const { world, live, change1 } = team();
    const inputs = inputsFor([
      deployed(live, '2026-03-01T12:00:00Z'),
      deployed(change1, at('10:12:00'), {
        repository: 'acme/shop',
        actor: '@everyone',
        url: 'javascript:alert(1)',
      }),
      deployed(change1, at('10:13:00'), { repository: 'acme/other' }),
    ]);
    const { report } = await answerTo(world, { inputs });
    expect(report.remarks.map((remark) => remark.what)).toContain('Skipped 1 event of other repositories.');
    expect(report.deployments.at(-1)?.url).toBeNull();
  });

  test('skips events of other services, and counts events without a service for every service', async () => {
    const { world, live, change1, change2 } = team();
    const inputs = inputsFor([
      deployed(live, '2026-03-01T12:00:00Z'),
      deployed(change2, at('11:05:00'), { service: 'web' }),
      deployed(change1, at('11:20:00'), { service: 'api' }),
    ]);
    const file = `
deploy-source: events
events-file: ${inputs['events-file']}
environment: production
services:
  api: { environment: production }
`;
    const { times } = await runWithConfigFile(world, file, { around: { workspace: folder } });
    expect(times('api')).toEqual({ 1: 4800, 2: null });
  });

  test('ends with an error if the file lists no deployment to the environment', async () => {
    const { world } = team();
    await expect(answerTo(world, { inputs: inputsFor([]) })).rejects.toThrow(
      'Input "environment" is "production"; deploys.jsonl lists no deployment to it.',
    );
    const { live } = team();
    await expect(
      answerTo(world, { inputs: inputsFor([deployed(live, at('10:00:00'), { environment: 'staging' })]) }),
    ).rejects.toThrow('Accepted: staging.');
  });

  test('ends with an error if the file is missing, outside the workspace, or not at an HTTPS address', async () => {
    const { world } = team();
    const inputs = inputsFor([]);
    await expect(answerTo(world, { inputs: { ...inputs, 'events-file': 'none.jsonl' } })).rejects.toThrow(
      'Input "events-file" is "none.jsonl"; it cannot be read',
    );
    await expect(answerTo(world, { inputs: { ...inputs, 'events-file': '../x' } })).rejects.toThrow(
      'accepted: a path below the workspace',
    );
    await expect(
      answerTo(world, { inputs: { ...inputs, 'events-file': '', 'events-url': 'http://x/y' } }),
    ).rejects.toThrow('Input "events-url" is "http://x/y"; accepted: an address that begins with https://');
  });

  test.each([
    ['http://bot:secret@x/y?sig=secret', 'http://x/y'],
    ['https://127.0.0.1:1/y?sig=secret#secret', 'https://127.0.0.1:1/y'],
  ])('an error shows the address %s without its query, which may hold a secret', async (url, shown) => {
    const { world } = team();
    const error = await answerTo(world, {
      inputs: { ...inputsFor([]), 'events-file': '', 'events-url': url },
    }).catch(String);
    expect(error).toContain(`Input "events-url" is "${shown}";`);
    expect(error).not.toContain('secret');
  });

  test.each([
    ['a named pipe', (path: string) => execFileSync('mkfifo', [path]), 'it is not a regular file'],
    ['a folder', (path: string) => mkdirSync(path), 'it is not a regular file'],
    [
      'a device',
      (path: string) => symlinkSync('/dev/zero', path),
      'a symbolic link leads out of the workspace',
    ],
    [
      'a link out of the workspace',
      (path: string) => symlinkSync('/etc/hostname', path),
      'a symbolic link leads out of the workspace',
    ],
  ])('ends with one line if the file is %s', async (kind, make, reason) => {
    const name = `${kind.replaceAll(' ', '-')}.jsonl`;
    make(join(folder, name));
    const inputs = { ...inputsFor([]), 'events-file': name };
    await expect(answerTo(team().world, { inputs })).rejects.toThrow(
      `Input "events-file" is "${name}"; it cannot be read (${reason}).`,
    );
  });

  test('follows a link within the workspace', async () => {
    const { world, live, change1 } = team();
    const inputs = inputsFor([deployed(live, '2026-03-01T12:00:00Z'), deployed(change1, at('10:12:00'))]);
    symlinkSync(join(folder, inputs['events-file']), join(folder, 'link.jsonl'));
    const answer = await answerTo(world, { inputs: { ...inputs, 'events-file': 'link.jsonl' } });
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 720 });
  });

  test.each([
    ['UTF-16 as PowerShell writes it', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['big-endian UTF-16', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['UTF-8 with a mark', (text: string) => Buffer.from(`\ufeff${text}`)],
  ])('reads %s', async (_, encoded) => {
    const { world, live, change1 } = team();
    const lines = [
      'time,sha,environment,status',
      `2026-03-01T12:00:00Z,${live},production,success`,
      `${at('10:12:00')},${change1},production,success`,
    ];
    writeFileSync(join(folder, 'deploys.csv'), encoded(lines.join('\r\n')));
    const inputs = { ...inputsFor([]), 'events-file': 'deploys.csv' };
    const answer = await answerTo(world, { inputs });
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 720 });
  });
});

describe('an address that does not answer as it should', () => {
  /** Resolves to the error, and the bytes that the server could send. */
  async function readFrom(answer: RequestListener, proxied: boolean) {
    let sent = 0;
    const server = createServer((request, response) => {
      response.on('close', () => {
        sent = response.socket?.bytesWritten ?? sent;
      });
      answer(request, response);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/deploys.jsonl`;
    const error = await textAt({ file: '', url }, { workspace: tmpdir(), proxied }, 700).catch(String);
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    return { error, sent };
  }
  const dripping =
    (start: (response: ServerResponse) => void): RequestListener =>
    (_, response) => {
      start(response);
      const drip = setInterval(() => response.socket?.write(' '), 50);
      response.on('close', () => clearInterval(drip));
    };
  const CLIENTS = [
    ['directly', false],
    ['with the client for proxies', true],
  ] as const;

  describe.each(CLIENTS)('%s', (_, proxied) => {
    test.each([
      'https://other.example/deploys.jsonl',
      'http://127.0.0.1:1/deploys.jsonl',
      'file:///etc/passwd',
      'http://169.254.169.254/latest/meta-data',
      '//other.example/x',
    ])('a redirect to %s is not followed', async (location) => {
      const { error } = await readFrom(
        (__, response) => response.writeHead(302, { location }).end(),
        proxied,
      );
      expect(error).toContain('the server returned 302; redirects are not followed');
    });

    test('headers that arrive letter by letter end with the time', async () => {
      const answer = dripping((response) => response.socket?.write('HTTP/1.1 200 OK\r\nx-slow: '));
      expect((await readFrom(answer, proxied)).error).toContain('reading it takes longer than 0.7 seconds');
    });

    test('a body that arrives letter by letter ends with the time', async () => {
      const answer = dripping((response) =>
        response.socket?.write('HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n'),
      );
      expect((await readFrom(answer, proxied)).error).toContain('reading it takes longer than 0.7 seconds');
    });
  });

  test.each(CLIENTS)('a body of 1 GB is left after 32 MiB, %s', async (_, proxied) => {
    const block = Buffer.alloc(1024 * 1024, ' ');
    const { error, sent } = await readFrom((__, response) => {
      Readable.from(Array.from({ length: 1024 }, () => block)).pipe(response);
    }, proxied);
    expect(error).toMatch(/it is larger than 32 MiB|reading it takes longer/);
    expect(sent).toBeLessThan(128 * 1024 * 1024);
  });
});
