import { describe, expect, test } from '@jest/globals';
import { startServer } from '../support/http-server.ts';
import { askProduction, deployedTeam } from '../support/production.ts';

/** Twelve productions on this machine, and what the action said about each. */

describe('a slow rollout', () => {
  test('is waited for, until ten answers in a row contain the change', async () => {
    const { lines, error, commit, team, asked, seconds } = await askProduction(
      (response, { old, deployed }, count) => response.end(count < 5 ? old : deployed),
    );
    expect(error).toBe('');
    expect(lines).toEqual([
      'Production answers with old, which does not contain deployed.',
      'Production answers with deployed, the deployed commit.',
      'Production runs deployed, seen after 19s. The last 10 answers contained it.',
    ]);
    expect([commit, asked.length, seconds]).toEqual([team.deployed, 15, 19]);
  });

  test('that is too slow fails with the missing changes and the age of the oldest', async () => {
    const { error, commit, team } = await askProduction((response, { old }) => response.end(old));
    expect(error).toBe(
      'Production answers with old after 30s, not with deployed. old lacks 3 changes, the oldest merged 2d 10m ago. Check the rollout, or raise "timeout".',
    );
    expect(commit).toBe(team.old);
  });

  test('asks GitHub about a commit once', async () => {
    const { github } = await askProduction((response, { old }) => response.end(old));
    expect(github).toEqual([
      'POST /graphql',
      'GET /repos/acme/shop/compare/sha...sha',
      'GET /repos/acme/shop/compare/sha...sha',
    ]);
  });
});

describe('a canary', () => {
  const canary = (
    response: { end(text: string): void },
    team: { old: string; deployed: string },
    i: number,
  ) => response.end(i % 2 === 0 ? team.deployed : team.old);

  test('that answers in turn with the change and without it is not live on every instance', async () => {
    const { error } = await askProduction(canary);
    expect(error).toBe(
      'Production does not answer with deployed every time: 5 of the last 10 answers after 30s did not contain it. The latest of these: old. old lacks 3 changes, the oldest merged 2d 10m ago. Wait for every instance with a longer "timeout", or accept one answer with "live: first".',
    );
  });

  test('is live with "live: first"', async () => {
    const { lines, asked } = await askProduction(canary, { inputs: { live: 'first' } });
    expect(lines.at(-1)).toBe('Production runs deployed, seen after 0s.');
    expect(asked).toHaveLength(1);
  });
});

describe('a cached answer', () => {
  test('is asked for again past the cache', async () => {
    const { lines, error, asked } = await askProduction((response, { old, deployed }, _, { path }) =>
      path === '/version' ? response.writeHead(200, { age: '30' }).end(old) : response.end(deployed),
    );
    expect(error).toBe('');
    expect(lines).toEqual([
      'Production answers with old, which does not contain deployed.',
      'Production answers with deployed, the deployed commit.',
      'Production runs deployed, seen after 11s. The last 10 answers contained it.',
    ]);
    expect(asked[0]?.headers).toMatchObject({ 'cache-control': 'no-cache', pragma: 'no-cache' });
    expect(asked[1]?.path).toMatch(/^\/version\?deploy-latency=\d+$/);
  });

  test('of a cache that keeps every address is avoided with a new address each time', async () => {
    const kept = new Set<string>(['/version']);
    const { error, asked } = await askProduction((response, { deployed }, _, { path }) => {
      const headers = kept.has(path) ? { age: '5' } : {};
      kept.add(path);
      response.writeHead(200, headers).end(deployed);
    });
    expect(error).toBe('');
    expect(asked).toHaveLength(11);
  });

  test('counts once, so ten of them do not show every instance', async () => {
    const { lines, error } = await askProduction((response, { deployed }) =>
      response.writeHead(200, { 'x-cache': 'HIT' }).end(deployed),
    );
    expect(lines).toEqual([
      'Production answers with deployed, the deployed commit. This answer came from a cache.',
    ]);
    expect(error).toBe(
      'Production answered with deployed only from a cache for 30s, so its instances were not seen. Exclude the address from the cache, or accept one answer with "live: first".',
    );
  });
});

describe('a redirect', () => {
  test('to another host is not followed', async () => {
    const other = await startServer((response) => response.end('there'));
    const { error } = await askProduction((response) =>
      response.writeHead(302, { location: `${other.url}/secret-name` }).end(),
    );
    expect(error).toBe(
      'Production gave no commit for 30s. Last answer: a redirect that leaves the host or does not end. Set "url" to the address that answers without a redirect.',
    );
    expect(other.requests).toEqual([]);
  });

  test('on the host is followed', async () => {
    const { error } = await askProduction((response, { deployed }, _, { path }) =>
      path === '/version' ? response.writeHead(301, { location: '/v2' }).end() : response.end(deployed),
    );
    expect(error).toBe('');
  });

  test('in a circle is no answer', async () => {
    const { error } = await askProduction((response) =>
      response.writeHead(302, { location: '/version' }).end(),
    );
    expect(error).toContain('a redirect that leaves the host or does not end');
  });
});

test('a 404 that stays', async () => {
  const { error } = await askProduction((response, { deployed }) => response.writeHead(404).end(deployed));
  expect(error).toBe(
    'Production gave no commit for 30s. Last answer: status 404. Check the address, or raise "timeout" if production starts slowly.',
  );
});

test('a 500 breaks the row of ten answers', async () => {
  const { lines, error } = await askProduction((response, { deployed }, count) =>
    response.writeHead(count % 8 === 7 ? 500 : 200).end(deployed),
  );
  expect(lines.slice(0, 3)).toEqual([
    'Production answers with deployed, the deployed commit.',
    'Production gave no commit: status 500.',
    'Production answers with deployed, the deployed commit.',
  ]);
  expect(error).toMatch(
    /^Production does not answer with deployed every time: [12] of the last 10 answers after \d+s did not contain it. The latest of these: status 500. Check the address/,
  );
});

test('an answer without a commit', async () => {
  const { error } = await askProduction((response) =>
    response.writeHead(200, { etag: `"${'b'.repeat(40)}"` }).end('<h1>Welcome, ghs_secret</h1>'),
  );
  expect(error).toBe(
    'Production gave no commit for 30s. Last answer: a text without a commit. Let the address answer with the full commit, or set "match" to a pattern that finds it.',
  );
});

describe('two commits in one body', () => {
  const body = ({ old, deployed }: { old: string; deployed: string }) =>
    JSON.stringify({ running: old, next: deployed });

  test('do not show which one runs', async () => {
    const { error, commit } = await askProduction((response, team) => response.end(body(team)));
    expect(error).toBe(
      'Production gave no commit for 30s. Last answer: several possible commits (2). Set "match" to a pattern whose first group is the commit that runs.',
    );
    expect(commit).toBe('');
  });

  test('are distinguished by "match"', async () => {
    const { error } = await askProduction((response, team) => response.end(body(team)), {
      inputs: { match: '"running":"(\\w+)"' },
    });
    expect(error).toContain('Production answers with old after 30s, not with deployed.');
  });
});

describe('an abbreviated commit', () => {
  test('that the deployed one begins with is live without a request', async () => {
    const { error, commit, team, github } = await askProduction((response, { deployed }) =>
      response.end(`{"version":"1.4.0-${deployed.slice(0, 8)}","time":1772625600}`),
    );
    expect([error, commit, github]).toEqual(['', team.deployed, []]);
  });

  test('of a newer commit is resolved and compared', async () => {
    const { lines, commit, team } = await askProduction((response, { newer }) =>
      response.end(newer.slice(0, 9)),
    );
    expect(lines[0]).toBe('Production answers with newer, which contains deployed.');
    expect(commit).toBe(team.newer);
  });

  test('among other names is the one that the repository has', async () => {
    const { lines } = await askProduction((response, { newer }) =>
      response.end(`build deadbeef00 of ${newer.slice(0, 7)}`),
    );
    expect(lines[0]).toBe('Production answers with newer, which contains deployed.');
  });

  test('that the repository does not have', async () => {
    const { error } = await askProduction((response) => response.end('deadbeef00'));
    expect(error).toBe(
      'Production answers with deadbee after 30s, not with deployed. The repository has no commit deadbee. Set "match" if the answer has another number, or check what was deployed.',
    );
  });
});

describe('a commit of no branch', () => {
  test('is named as such', async () => {
    const { error } = await askProduction((response, { lost }) => response.end(lost));
    expect(error).toBe(
      'Production answers with lost after 30s, not with deployed. lost lacks 3 changes, the oldest merged 2d 10m ago. lost is on no branch. Check which commit the image was built from.',
    );
  });

  test('is not claimed if a branch has it', async () => {
    const team = deployedTeam();
    team.world.branches = { ...team.world.branches, hotfix: team.lost };
    const { error } = await askProduction((response, { lost }) => response.end(lost), { team });
    expect(error).toBe(
      'Production answers with lost after 30s, not with deployed. lost lacks 3 changes, the oldest merged 2d 10m ago. Check the rollout, or raise "timeout".',
    );
  });
});

test('a page of 10 MB is not read to its end', async () => {
  let written = 0;
  const { error } = await askProduction(
    (response, { deployed }) => {
      response.on('error', () => {});
      response.write(deployed);
      const part = 'x'.repeat(64 * 1024);
      const more = () => {
        while (written < 160 && response.write(part)) written++;
        if (written < 160) response.once('drain', more);
        else response.end();
      };
      more();
    },
    { inputs: { timeout: '1s' } },
  );
  expect(error).toBe(
    'Production gave no commit for 0s. Last answer: more than 64 kB. Set "url" to an address with a short answer.',
  );
});

test('a production that never answers', async () => {
  const { error, asked } = await askProduction(() => {}, { inputs: { timeout: '4s' }, patience: 50 });
  expect(error).toBe(
    'Production gave no commit for 4s. Last answer: nothing within 10 seconds. Check that the runner can reach the address, and that it answers quickly.',
  );
  expect(asked).toHaveLength(3);
});

describe('a history that GitHub does not list in full', () => {
  test('is counted in commits, without an age', async () => {
    const team = deployedTeam();
    team.deployed = team.push(260);
    const { error } = await askProduction((response, { old }) => response.end(old), { team });
    expect(error).toBe(
      'Production answers with old after 30s, not with deployed. old lacks 266 commits. Check the rollout, or raise "timeout".',
    );
  });

  test('of many branches leaves open whether one has the commit', async () => {
    const team = deployedTeam();
    const [first] = team.world.commits;
    if (!first) throw new Error('no commit');
    team.world.branches = {};
    for (let i = 0; i < 40; i++) {
      const oid = String(i).padStart(40, '0');
      team.world.commits.push({ ...first, oid, parents: [] });
      team.world.branches[`a${i}`] = oid;
    }
    const { error, github } = await askProduction((response, { lost }) => response.end(lost), { team });
    expect(error).toContain('Whether lost is on a branch is unknown. Check the rollout');
    expect(github.length).toBeLessThanOrEqual(34);
  });
});

describe('an answer', () => {
  test('gets no token and no cookie, and has a connection of its own', async () => {
    const { asked } = await askProduction((response, { deployed }) =>
      response.writeHead(200, { 'set-cookie': 'session=1' }).end(deployed),
    );
    expect(asked).toHaveLength(10);
    for (const { method, headers, body } of asked) {
      expect([method, body, headers.authorization, headers.cookie]).toEqual([
        'GET',
        '',
        undefined,
        undefined,
      ]);
      expect(headers.connection).toBe('close');
    }
    expect(JSON.stringify(asked)).not.toContain('secret');
  });

  test('that stops in the middle is no answer', async () => {
    const { error } = await askProduction(
      (response, { deployed }) => {
        response.writeHead(200, { 'content-length': '5000' }).write(deployed);
      },
      { inputs: { timeout: '1s' }, patience: 50 },
    );
    expect(error).toContain('nothing within 10 seconds');
  });

  test('may be a header', async () => {
    const { error } = await askProduction((response, { deployed }) =>
      response.writeHead(200, { 'x-commit': deployed }).end('ok'),
    );
    expect(error).toBe('');
  });

  test('whose text is a workflow command is never printed', async () => {
    const { lines, error } = await askProduction((response) => response.end('\n::error::hello\n'));
    expect(lines.join() + error).not.toContain('hello');
  });
});

describe('without "contents: read"', () => {
  test('only the deployed commit counts, and the error names the permission', async () => {
    const { error } = await askProduction((response, { newer }) => response.end(newer), {
      denied: ['contents'],
    });
    expect(error).toMatch(
      /^Production answers with newer after 30s, not with deployed. Whether it contains the deployed commit is unknown. The token may not read .*\. Grant "permissions: contents: read" to the job to accept newer commits, or check the rollout.$/,
    );
  });

  test('and without a token, the deployed commit is live', async () => {
    const { error, github } = await askProduction((response, { deployed }) => response.end(deployed), {
      inputs: { 'github-token': '' },
    });
    expect([error, github]).toEqual(['', []]);
  });

  test('and without a token, a newer commit does not count', async () => {
    const { error, github } = await askProduction((response, { newer }) => response.end(newer), {
      inputs: { 'github-token': '' },
    });
    expect(error).toContain('There is no token to ask GitHub with.');
    expect(github).toEqual([]);
  });
});
