import { describe, expect, test } from '@jest/globals';
import type { Loopback } from '../../src/fake-github/loopback.ts';
import { VIEWER } from '../../src/fake-github/graphql.ts';
import { story } from '../../src/fake-github/story.ts';
import type { World, WorldJob, WorldRun } from '../../src/fake-github/world.ts';
import { recordRun } from '../support/actions.ts';
import { at } from '../support/day.ts';
import { withGitHub } from '../support/github.ts';
import type { StepOptions } from '../support/runner.ts';
import { commentsOn, notices, performOn, writes } from '../support/written.ts';

/** The comment on a change that should be live by now. */

const INPUTS = { comment: 'overdue', issue: 'never', window: '1d', target: '15m' };

/** A schedule's run on 2 March, when a deployment takes 5 minutes and the limit is 18m 45s. */
const check = (world: World, github: Loopback, time: string, options: Partial<StepOptions> = {}) =>
  performOn(world, github, {
    event: 'schedule',
    at: at(time),
    ...options,
    inputs: { ...INPUTS, ...options.inputs },
  });

/** Twelve changes that a workflow deployed in 5 minutes each, then #20, merged at 12:00. */
function team() {
  const acme = story();
  recordRun(acme, acme.tip(), {
    id: 100,
    jobs: [{ name: 'deploy', from: '2026-03-01T09:01:00Z', to: '2026-03-01T09:05:00Z' }],
  });
  for (let i = 0; i < 12; i++) {
    const hour = String(i).padStart(2, '0');
    const sha = acme.merge(i + 1, at(`${hour}:00:00`));
    recordRun(acme, sha, {
      id: 101 + i,
      jobs: [{ name: 'deploy', from: at(`${hour}:00:10`), to: at(`${hour}:05:00`) }],
    });
  }
  return acme;
}

function overdueTeam() {
  const acme = team();
  const sha = acme.merge(20, at('12:00:00'), { title: 'Add the cart' });
  return { acme, world: acme.world, sha };
}

/** Deploys a commit in 5 minutes. */
const deployed = (acme: ReturnType<typeof story>, sha: string, to: string) =>
  recordRun(acme, sha, { id: 901, jobs: [{ name: 'deploy', from: acme.later(at(to), -300), to: at(to) }] });

/** A run of the deploying workflow that has not succeeded. */
function run(
  world: World,
  sha: string,
  id: number,
  options: Partial<WorldRun> = {},
  job: Partial<WorldJob> = {},
): WorldRun {
  const added: WorldRun = {
    id,
    workflow: 'deploy.yml',
    sha,
    branch: 'main',
    event: 'push',
    status: 'in_progress',
    conclusion: null,
    createdAt: at('12:00:10'),
    updatedAt: at('12:00:10'),
    actor: 'ada',
    jobs: [{ name: 'deploy', conclusion: null, startedAt: null, completedAt: null, ...job }],
    ...options,
  };
  world.runs?.push(added);
  return added;
}

/** Checks at a time, with a GitHub of its own that knows everything that happened before. Returns the writes. */
const writesAt = (world: World, time: string): Promise<string[]> =>
  withGitHub(world, {}, async (github) => {
    await check(world, github, time);
    return writes(github);
  });

/** What the comment on #20 says at a time, without markers and footer. */
async function textAt(world: World, time: string): Promise<string> {
  return withGitHub(world, {}, async (github) => {
    const { code } = await check(world, github, time);
    expect(code).toBe(0);
    return textOn(world, 20);
  });
}

const textOn = (world: World, number: number) =>
  (commentsOn(world, number)[0]?.body ?? '')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('<'))
    .join('\n');

const runLink = (id: number) => `[run ${id}](https://github.com/acme/shop/actions/runs/${id})`;

describe('a quiet day', () => {
  test('takes two requests and writes nothing', async () => {
    const { world } = team();
    await withGitHub(world, {}, async (github) => {
      await check(world, github, '12:00:00');
      expect(github.requests.length).toBeLessThanOrEqual(2);
      expect(world.comments ?? []).toEqual([]);
    });
  });

  test('takes two requests while a change waits within the limit', async () => {
    const { world } = overdueTeam();
    await withGitHub(world, {}, async (github) => {
      await check(world, github, '12:18:00');
      expect(github.requests.length).toBeLessThanOrEqual(2);
      expect(world.comments ?? []).toEqual([]);
    });
  });
});

describe('a change that is not live in time', () => {
  test('gets one comment, which is not written again while nothing changes', async () => {
    const { world } = overdueTeam();
    await withGitHub(world, {}, async (github) => {
      await check(world, github, '12:27:00');
      await check(world, github, '12:37:00');
      expect(writes(github)).toEqual(['POST /issues/20/comments']);
      expect(textOn(world, 20)).toBe('Merged 27m ago, not live. Waiting for: no deployment has started.');
    });
  });

  test('has its comment updated when it is live, once', async () => {
    const { acme, world, sha } = overdueTeam();
    expect(await writesAt(world, '12:27:00')).toEqual(['POST /issues/20/comments']);
    deployed(acme, sha, '12:41:00');
    expect(await writesAt(world, '12:47:00')).toEqual(['PATCH /issues/comments/3000000001']);
    expect(textOn(world, 20)).toBe('Live after 41m.');
    expect(await writesAt(world, '12:57:00')).toEqual([]);
  });

  test('gets no comment if it was late but no run saw it waiting', async () => {
    const { acme, world, sha } = overdueTeam();
    deployed(acme, sha, '12:41:00');
    expect(await writesAt(world, '12:47:00')).toEqual([]);
  });

  test('gets no comment while a running deployment holds it within its usual time', async () => {
    const { acme, world, sha } = overdueTeam();
    recordRun(acme, sha, { id: 901, jobs: [{ name: 'deploy', from: at('12:24:00'), to: null }] });
    expect(await textAt(world, '12:27:00')).toBe('');
    expect(await textAt(world, '12:37:00')).toBe(
      `Merged 37m ago, not live. Waiting for: ${runLink(901)}, which is running.`,
    );
  });

  test('gets no comment if one in ten changes takes that long', async () => {
    const acme = story();
    acme.deploy(acme.tip(), '2026-03-01T09:10:00Z');
    for (let i = 0; i < 12; i++) {
      const hour = String(i).padStart(2, '0');
      acme.deploy(acme.merge(i + 1, at(`${hour}:00:00`)), at(`${hour}:50:00`));
    }
    acme.merge(20, at('12:00:00'));
    expect(await textAt(acme.world, '12:40:00')).toBe('');
    expect(await textAt(acme.world, '12:55:00')).toContain('Merged 55m ago, not live.');
  });

  test('gets a comment if it waits together with many others, and each of them is updated', async () => {
    const { acme, world } = overdueTeam();
    let sha = '';
    for (let number = 21; number < 26; number++) sha = acme.merge(number, at('12:01:00'));
    expect(await writesAt(world, '12:27:00')).toHaveLength(6);
    deployed(acme, sha, '12:35:00');
    expect(await writesAt(world, '12:37:00')).toHaveLength(6);
    expect(textOn(world, 20)).toBe('Live after 35m.');
    expect(textOn(world, 25)).toBe('Live after 34m.');
  });

  test('gets no comment if a bot made it and "authors" leaves it out', async () => {
    const acme = team();
    acme.merge(20, at('12:00:00'), { author: 'renovate[bot]' });
    await withGitHub(acme.world, {}, async (github) => {
      await check(acme.world, github, '12:27:00', { inputs: { authors: 'people' } });
      expect(github.requests.length).toBeLessThanOrEqual(2);
      expect(writes(github)).toEqual([]);
    });
  });

  test('gets no comment in a freeze', async () => {
    const { world } = overdueTeam();
    world.files = {
      '.github/deploy-latency.yml':
        'freezes:\n  - { from: 2026-03-02T11:00:00Z, to: 2026-03-03T00:00:00Z, why: sale }\n',
    };
    expect(await textAt(world, '12:27:00')).toBe('');
  });

  test('gets no comment if deployments could not be read', async () => {
    const { world } = overdueTeam();
    await withGitHub(world, { denied: ['pull-requests'] }, async (github) => {
      await check(world, github, '12:27:00');
      expect(writes(github)).toEqual([]);
    });
  });

  test('gets no comment in other modes, and neither does another pull request', async () => {
    const { world } = overdueTeam();
    await withGitHub(world, {}, async (github) => {
      await check(world, github, '12:27:00', { event: 'push' });
      await check(world, github, '12:27:00', {
        event: 'pull_request',
        payload: { pull_request: { number: 20 } },
      });
      expect(writes(github)).toEqual([]);
    });
  });
});

describe('the comment says what the change waits for', () => {
  test('an approval, with the people and teams that can give it, and without a mention', async () => {
    const { world, sha } = overdueTeam();
    run(world, sha, 901, { status: 'waiting', reviewers: ['mira', '@platform'] }, { status: 'waiting' });
    expect(await textAt(world, '12:27:00')).toBe(
      `Merged 27m ago, not live. Waiting for: approval by mira and platform (${runLink(901)}).`,
    );
  });

  test('a wait timer', async () => {
    const { world, sha } = overdueTeam();
    run(world, sha, 901, { status: 'waiting', waitTimer: 60 }, { status: 'waiting' });
    expect(await textAt(world, '12:27:00')).toContain('Waiting for: the wait timer of the environment (');
  });

  test('a runner', async () => {
    const { world, sha } = overdueTeam();
    run(world, sha, 901, { status: 'queued' });
    expect(await textAt(world, '12:27:00')).toContain(`Waiting for: a runner (${runLink(901)}).`);
  });

  test('a failed run, with its step', async () => {
    const { acme, world, sha } = overdueTeam();
    recordRun(acme, sha, {
      id: 901,
      jobs: [
        {
          name: 'test',
          from: at('12:00:10'),
          to: at('12:04:00'),
          conclusion: 'failure',
          deploys: false,
          steps: [
            ['Set up', at('12:01:00')],
            ['Run tests', at('12:04:00'), 'failure'],
          ],
        },
      ],
    });
    expect(await textAt(world, '12:27:00')).toBe(
      `Merged 27m ago, not live. Waiting for: ${runLink(901)} failed at **Run tests**.`,
    );
  });

  test("a failed run, whose step's name mentions nobody and links nothing", async () => {
    const { acme, world, sha } = overdueTeam();
    const [name, from, to] = ['@mira #7 <img src=x> [a](https://a.example)', at('12:00:10'), at('12:04:00')];
    const job = { name: 'test', from, to, conclusion: 'failure', deploys: false };
    recordRun(acme, sha, { id: 901, jobs: [{ ...job, steps: [[name, to, 'failure']] }] });
    const text = await textAt(world, '12:27:00');
    expect(text).toContain('mira');
    expect(text).not.toMatch(/@mira|#7|<img|\]\(https:\/\/a\.example/);
  });

  test('the run that replaced its own in the concurrency group', async () => {
    const { acme, world, sha } = overdueTeam();
    run(world, sha, 901, { status: 'completed', conclusion: 'cancelled', jobs: [] });
    run(
      world,
      acme.merge(21, at('12:20:00')),
      907,
      { createdAt: at('12:20:10') },
      { startedAt: at('12:20:20') },
    );
    expect(await textAt(world, '12:27:00')).toBe(
      `Merged 27m ago, not live. Waiting for: cancelled by \`concurrency\`, its commit goes with ${runLink(907)}.`,
    );
  });

  test('a run that was cancelled long before the next one is not blamed on concurrency', async () => {
    const { acme, world, sha } = overdueTeam();
    run(
      world,
      sha,
      901,
      { status: 'completed', conclusion: 'cancelled' },
      {
        conclusion: 'cancelled',
        startedAt: at('12:01:00'),
        completedAt: at('12:02:00'),
      },
    );
    run(
      world,
      acme.merge(21, at('12:20:00')),
      907,
      { createdAt: at('12:20:10') },
      { startedAt: at('12:20:20') },
    );
    expect(await textAt(world, '12:27:00')).toContain(
      `Waiting for: ${runLink(901)} was cancelled, its commit goes with ${runLink(907)}.`,
    );
  });

  test('the approval of a later run that deploys it, too', async () => {
    const { acme, world, sha } = overdueTeam();
    run(world, sha, 901, { status: 'completed', conclusion: 'cancelled', jobs: [] });
    run(
      world,
      acme.merge(21, at('12:20:00')),
      907,
      { createdAt: at('12:20:10'), status: 'waiting', reviewers: ['mira'] },
      { status: 'waiting' },
    );
    expect(await textAt(world, '12:27:00')).toContain(`Waiting for: approval by mira (${runLink(907)}).`);
  });

  test('no deployment, while another workflow waits for something', async () => {
    const { world, sha } = overdueTeam();
    run(
      world,
      sha,
      901,
      { workflow: 'preview.yml', status: 'waiting', reviewers: ['mira'] },
      { status: 'waiting' },
    );
    expect(await textAt(world, '12:27:00')).toContain('Waiting for: no deployment has started.');
  });

  test('nothing, with a gap, if the runs cannot be read', async () => {
    const { world } = overdueTeam();
    await withGitHub(world, { denied: ['checks'] }, async (github) => {
      const { code, summary } = await check(world, github, '12:27:00');
      expect(code).toBe(0);
      expect(textOn(world, 20)).toBe('Merged 27m ago, not live.');
      expect(summary).toContain('The obstacles of overdue changes could not be read.');
    });
  });

  test('a run that is held, if its reviewers cannot be read', async () => {
    const { world, sha } = overdueTeam();
    run(world, sha, 901, { status: 'waiting', reviewers: ['mira'] }, { status: 'waiting' });
    await withGitHub(world, { denied: ['actions'] }, async (github) => {
      const { summary } = await check(world, github, '12:27:00');
      expect(textOn(world, 20)).toContain('Waiting for: a protection rule of the environment (');
      expect(summary).toContain('The obstacles of overdue changes could not be read.');
    });
  });
});

describe('the comment', () => {
  test('is written once if two runs find the change at the same time', async () => {
    const { world } = overdueTeam();
    await withGitHub(world, {}, async (github) => {
      await Promise.all([check(world, github, '12:27:00'), check(world, github, '12:27:00')]);
      await check(world, github, '12:37:00');
      expect(commentsOn(world, 20)).toHaveLength(1);
    });
  });

  test('goes to the summary if the token may not write, and the run passes', async () => {
    const { world } = overdueTeam();
    await withGitHub(world, { denied: ['pull-requests:write'] }, async (github) => {
      const { code, log, summary } = await check(world, github, '12:27:00');
      expect(code).toBe(0);
      expect(notices(log)[0]).toContain('pull-requests: write');
      expect(summary).toContain('Merged 27m ago, not live.');
    });
  });

  test('on a locked pull request is left out, and others get theirs', async () => {
    const { acme, world } = overdueTeam();
    acme.merge(21, at('12:01:00'));
    world.locked = [20];
    await withGitHub(world, {}, async (github) => {
      const { log } = await check(world, github, '12:27:00');
      expect(notices(log)[0]).toContain('#20: The conversation is locked');
      expect(textOn(world, 21)).toContain('Merged 26m ago, not live.');
    });
  });

  test('keeps what a person wrote into it', async () => {
    const { acme, world, sha } = overdueTeam();
    await writesAt(world, '12:27:00');
    const [comment] = commentsOn(world, 20);
    if (comment) comment.body = `Mira looks at it.\n\n${comment.body}\n\nThanks!`;
    deployed(acme, sha, '12:41:00');
    await writesAt(world, '12:47:00');
    expect(textOn(world, 20)).toBe('Mira looks at it.\nLive after 41m.\nThanks!');
  });

  test("of another author with the guard's marker is left alone", async () => {
    const { world } = overdueTeam();
    await withGitHub(world, {}, async (github) => {
      await check(world, github, '12:27:00');
      const [comment] = commentsOn(world, 20);
      if (comment) comment.author = 'mallory';
      await check(world, github, '12:37:00');
      expect(commentsOn(world, 20).map(({ author }) => author)).toEqual(['mallory', VIEWER]);
    });
  });

  test('is not written for a change that was reverted before it was live', async () => {
    const { acme, world } = overdueTeam();
    acme.merge(21, at('12:10:00'), { title: 'Revert "Add the cart"' });
    expect(await textAt(world, '12:27:00')).toBe('');
  });

  test('says that the change was reverted before it was live', async () => {
    const { acme, world } = overdueTeam();
    await writesAt(world, '12:27:00');
    const revert = acme.merge(21, at('12:30:00'), { title: 'Revert "Add the cart"' });
    const text = `Reverted in [${revert.slice(0, 7)}](https://github.com/acme/shop/commit/${revert}) before it was live.`;
    expect(await textAt(world, '12:37:00')).toBe(text);
    deployed(acme, revert, '12:45:00');
    expect(await textAt(world, '12:47:00')).toBe(text);
  });

  test('is written on 25 pull requests in a run, and on the others in the next', async () => {
    const { acme, world } = overdueTeam();
    for (let number = 21; number < 50; number++) acme.merge(number, at('12:01:00'));
    await withGitHub(world, {}, async (github) => {
      await check(world, github, '12:27:00');
      expect(writes(github)).toHaveLength(25);
      await check(world, github, '12:37:00');
      expect(writes(github)).toHaveLength(30);
    });
  });

  test('has a line for each service in which the change is overdue', async () => {
    const acme = story();
    const environments = ['production', 'app'];
    for (const environment of environments) acme.deploy(acme.tip(), '2026-03-01T09:10:00Z', { environment });
    for (let i = 0; i < 12; i++) {
      const hour = String(i).padStart(2, '0');
      const sha = acme.merge(i + 1, at(`${hour}:00:00`));
      for (const environment of environments) acme.deploy(sha, at(`${hour}:04:00`), { environment });
    }
    const sha = acme.merge(20, at('12:00:00'));
    acme.world.files = {
      '.github/deploy-latency.yml':
        'services:\n  web: { environment: production }\n  mobile: { environment: app }\n',
    };
    expect(await writesAt(acme.world, '12:27:00')).toEqual(['POST /issues/20/comments']);
    acme.deploy(sha, at('12:28:00'));
    await writesAt(acme.world, '12:37:00');
    expect(textOn(acme.world, 20)).toBe(
      '**web (production)**: Live after 29m.\n**mobile (app)**: Merged 37m ago, not live. Waiting for: no deployment has started.',
    );
    expect(commentsOn(acme.world, 20)).toHaveLength(1);
  });

  test('is not written if "as-of" is more than a day ago', async () => {
    const { world } = overdueTeam();
    await withGitHub(world, {}, async (github) => {
      const { log } = await performOn(world, github, {
        event: 'schedule',
        at: at('12:27:00'),
        around: { now: new Date('2026-03-05T12:00:00Z') },
        inputs: INPUTS,
      });
      expect(writes(github)).toEqual([]);
      expect(notices(log)).toEqual([expect.stringContaining('Input "as-of" is more than a day ago')]);
    });
  });
});
