import { describe, expect, test } from '@jest/globals';
import { VIEWER } from '../../src/fake-github/graphql.ts';
import { sampleTeam } from '../../src/demo/sample.ts';
import { story } from '../../src/fake-github/story.ts';
import type { World } from '../../src/fake-github/world.ts';
import { formerMarker } from '../../src/publish/hidden-marker.ts';
import { markerOf } from '../../src/publish/marker.ts';
import { withOpenPull } from '../support/open-pull.ts';
import { withGitHub } from '../support/github.ts';
import {
  commentsOn,
  DRIFTED,
  FINE,
  notices,
  performOn,
  opened,
  shippedBy,
  SLIPPING,
  weekWith,
  writes,
} from '../support/written.ts';

/** The comments and the issue that a run writes, and how often. (e2e/action.test.ts runs the built action.) */

const NAME = { environment: 'production', source: 'deployments', baseBranch: 'main' };

/** A change as comments link it: to its merge commit. */
function linkTo({ owner, name, pulls }: World, number: number): string {
  const commit = pulls.find((pull) => pull.number === number)?.mergeCommit;
  return `[#${number}](https://github.com/${owner}/${name}/commit/${commit})`;
}

describe('on an open pull request', () => {
  test('there is one comment, updated in place, and only when its content changes', async () => {
    const world = withOpenPull();
    await withGitHub(world, {}, async (github) => {
      const first = await performOn(world, github, opened);
      expect(first.code).toBe(0);
      expect(first.outputs['comment-url']).toBe(
        'https://github.com/larkspur/storefront/issues/500#issuecomment-3000000001',
      );
      expect(writes(github)).toEqual(['POST /issues/500/comments']);

      const body = commentsOn(world, 500)[0]?.body ?? '';
      expect(body).toContain(
        `**🔴 ${linkTo(world, 423)} has waited 1h 8m and would ship together with this change. Deploy it before you merge.**`,
      );
      expect(body).toContain(
        'Merged now, it goes live in about 24m 35s. The target is 15m. No deployment is running.',
      );
      expect(body).toContain(
        '<details><summary>🔴 Drifted: p50 24m 35s, target 15m, limit 18m 45s</summary>',
      );
      const shipped = [419, 420].map((number) => linkTo(world, number));
      expect(body).toMatch(/\| 12 Mar, 10:31 \| .* \| \*\*26m 5s to 1h 11m\*\* \| batch of 2 \|/);
      expect(body).toContain(
        `| ${shipped[0]} Speed up the product page; ${shipped[1]} Retry the payment provider once | **26m`,
      );
      expect(body).toContain('<details><summary>Numbers and waiting changes</summary>');

      await performOn(world, github, opened);
      expect(writes(github)).toHaveLength(1);
      await performOn(world, github, { ...opened, inputs: { 'as-of': '2026-03-13T16:00:00Z' } });
      expect(writes(github).slice(1)).toEqual(['PATCH /issues/comments/3000000001']);
      expect(commentsOn(world, 500)).toHaveLength(1);
      expect(commentsOn(world, 500)[0]?.body).toContain(
        `**🔴 ${linkTo(world, 423)} was merged 8m ago and is not live yet.`,
      );
    });
  });

  test('the comment says whether a deployment is running', async () => {
    const world = withOpenPull();
    world.deployments.push({
      id: 9099,
      environment: 'production',
      sha: world.head,
      createdAt: '2026-03-13T16:57:00Z',
      creator: 'deploy-bot',
      statuses: [{ state: 'IN_PROGRESS', createdAt: '2026-03-13T16:57:10Z' }],
    });
    await withGitHub(world, {}, async (github) => {
      await performOn(world, github, opened);
      expect(commentsOn(world, 500)[0]?.body).toContain('A deployment has been running for 3m.');
    });
  });

  test('a deployment that was overtaken and never ended does not count as running', async () => {
    const world = withOpenPull();
    world.deployments.push({
      id: 9098,
      environment: 'production',
      sha: world.head,
      createdAt: '2026-03-10T08:00:00Z',
      creator: 'deploy-bot',
      statuses: [{ state: 'QUEUED', createdAt: '2026-03-10T08:00:00Z' }],
    });
    await withGitHub(world, {}, async (github) => {
      await performOn(world, github, opened);
      expect(commentsOn(world, 500)[0]?.body).toContain('No deployment is running.');
    });
  });

  test("another author's comment with the marker is left alone", async () => {
    const world = withOpenPull();
    const foreign = {
      id: 1,
      number: 500,
      author: 'mallory',
      body: `${formerMarker('preview', 'production')}\nNice try`,
      createdAt: '2026-03-13T10:00:00Z',
    };
    world.comments = [{ ...foreign }];
    await withGitHub(world, {}, async (github) => {
      await performOn(world, github, opened);
      expect(writes(github)).toEqual(['POST /issues/500/comments']);
      expect(world.comments?.[0]).toEqual(foreign);
    });
  });

  test('our comment is found among hundreds of others', async () => {
    const world = withOpenPull();
    world.comments = Array.from({ length: 250 }, (_, i) => ({
      id: i + 1,
      number: 500,
      author: 'ada',
      body: 'Hm.',
      createdAt: '2026-03-13T10:00:00Z',
    }));
    world.comments.push({
      id: 900,
      number: 500,
      author: VIEWER,
      body: `${formerMarker('preview', 'production')}\nold`,
      createdAt: '2026-03-13T11:00:00Z',
    });
    await withGitHub(world, {}, async (github) => {
      await performOn(world, github, opened);
      expect(writes(github)).toEqual(['PATCH /issues/comments/900']);
    });
  });

  test('two simultaneous runs leave one comment', async () => {
    const world = withOpenPull();
    await withGitHub(world, { latency: 150 }, async (github) => {
      const runs = await Promise.all([performOn(world, github, opened), performOn(world, github, opened)]);
      expect(runs.map((run) => run.code)).toEqual([0, 0]);
      expect(writes(github).filter((write) => write.startsWith('POST'))).toHaveLength(2);
      expect(commentsOn(world, 500)).toHaveLength(1);
    });
  });

  test('with a read-only token (a fork, Dependabot), the text is in the summary and a notice names the permission', async () => {
    const world = withOpenPull();
    await withGitHub(world, { denied: ['pull-requests:write', 'issues:write'] }, async (github) => {
      const { code, log, summary, outputs } = await performOn(world, github, opened);
      expect(code).toBe(0);
      expect(outputs['comment-url']).toBe('');
      expect(notices(log)).toHaveLength(1);
      expect(notices(log)[0]).toContain('permissions: pull-requests: write');
      expect(notices(log)[0]).toContain('pull_request_target');
      expect(summary).toContain('Merged now, it goes live in about 24m 35s.');
      expect(world.comments).toEqual([]);
    });
  });

  test('a merge group and "comment: never" write only the summary', async () => {
    const world = withOpenPull();
    await withGitHub(world, {}, async (github) => {
      for (const options of [
        { event: 'merge_group', payload: { merge_group: {} } },
        { ...opened, inputs: { comment: 'never' } },
      ]) {
        const { summary } = await performOn(world, github, options);
        expect(summary).toContain('Merged now, it goes live in about');
      }
      expect(writes(github)).toEqual([]);
    });
  });

  test('without any deployment, the comment says what to set up, and the step does not fail', async () => {
    const world = { ...withOpenPull(), deployments: [] };
    await withGitHub(world, {}, async (github) => {
      const { code, log } = await performOn(world, github, opened);
      expect(code).toBe(0);
      expect(log).not.toContain('::error');
      expect(commentsOn(world, 500)[0]?.body).toContain('### ⚪ No verdict yet');
      expect(commentsOn(world, 500)[0]?.body).toContain(
        'set "deploy-source: workflow" with "deploy-workflow"',
      );
    });
  });

  test('a comment that is too long loses its oldest rows and says so', async () => {
    const world = withOpenPull();
    const team = story('larkspur', 'storefront', '2026-03-01T09:00:00Z');
    team.deploy(team.tip(), '2026-03-01T09:10:00Z');
    for (let i = 1; i <= 900; i++)
      team.merge(1000 + i, team.later('2026-03-10T00:00:00Z', i * 60), {
        title: `${i} ${'a very long title '.repeat(12)}`,
      });
    world.commits = team.world.commits;
    world.head = team.world.head;
    world.deployments = team.world.deployments;
    world.pulls.push(...team.world.pulls);
    await withGitHub(world, {}, async (github) => {
      const { code } = await performOn(world, github, opened);
      const [comment] = commentsOn(world, 500);
      expect(code).toBe(0);
      expect(comment?.body.length).toBeLessThan(65_536);
      expect(comment?.body.length).toBeGreaterThan(20_000);
      expect(comment?.body).toMatch(/_\d+ older pending changes left out because of GitHub's size limit/);
      expect(comment?.body).toContain(`${linkTo(world, 1900)} 900 a very long`);
      expect(comment?.body).not.toContain(`${linkTo(world, 1001)} 1 a very long`);
    });
  });
});

describe('on the pull requests that a deployment shipped', () => {
  test('a batch gets one comment on each pull request: its lead time, its reason, and the next step', async () => {
    const world = sampleTeam();
    await withGitHub(world, {}, async (github) => {
      const { outputs } = await performOn(world, github, shippedBy(9010));
      expect(writes(github)).toEqual(['POST /issues/419/comments', 'POST /issues/420/comments']);
      const { begin, signature, end } = markerOf('shipped', NAME);
      expect(outputs['comment-url']).toContain('/issues/419#issuecomment');
      expect(commentsOn(world, 419)[0]?.body.replace(/^<!-- guard: .*\n/m, '')).toBe(
        `${begin}\n### 🔴 Live in production 1h 11m after the merge\n\nThe target is 15m, the limit 18m 45s. It waited for a failed deployment, then shipped with ${linkTo(world, 420)}. **Next:** fix what failed at 09:47 UTC. Deployed in [39da294](https://github.com/larkspur/storefront/commit/39da2943be11e2fb2e6f2f65c4f0f00b635a220d) on 12 Mar, 10:31 UTC.\n\n${signature} as of 13 Mar, 17:00 UTC · turn off with \`comment: never\`</sub>\n${end}\n`,
      );
      await performOn(world, github, shippedBy(9010));
      expect(writes(github)).toHaveLength(2);
    });
  });

  test('a comment whose footer alone differs is not written again', async () => {
    const world = sampleTeam();
    await withGitHub(world, {}, async (github) => {
      await performOn(world, github, shippedBy(9010));
      const before = commentsOn(world, 419)[0]?.body;
      expect(before).toContain('as of 13 Mar, 17:00 UTC');
      await performOn(world, github, { ...shippedBy(9010), at: '2026-03-13T18:30:00Z' });
      expect(writes(github)).toHaveLength(2);
      expect(commentsOn(world, 419)[0]?.body).toBe(before);
    });
  });

  test('a fast change that shipped alone gets no comment with auto, one with always, none with never', async () => {
    const world = sampleTeam();
    await withGitHub(world, {}, async (github) => {
      await performOn(world, github, shippedBy(9004));
      await performOn(world, github, { ...shippedBy(9004), inputs: { comment: 'never' } });
      expect(writes(github)).toEqual([]);
      await performOn(world, github, { ...shippedBy(9004), inputs: { comment: 'always' } });
      expect(writes(github)).toEqual(['POST /issues/413/comments']);
      expect(commentsOn(world, 413)[0]?.body).toContain(
        '### 🟢 Live in production 9m 56s after the merge\n\nThat is within the target of 15m. It shipped alone. Deployed in ',
      );
    });
  });

  test('nobody is mentioned by default, and "mention: authors" names only the author of the change, and no bot', async () => {
    const world = sampleTeam();
    const bot = world.pulls.find((pull) => pull.number === 420);
    if (bot) bot.author = 'renovate[bot]';
    await withGitHub(world, {}, async (github) => {
      await performOn(world, github, shippedBy(9010));
      for (const comment of world.comments ?? []) expect(comment.body).not.toMatch(/@\w/);
      await performOn(world, github, { ...shippedBy(9010), inputs: { mention: 'authors' } });
      expect(commentsOn(world, 419)[0]?.body.match(/@[\w-]+/g)).toEqual(['@jonas']);
      expect(commentsOn(world, 420)[0]?.body).not.toMatch(/@\w/);
    });
  });

  test('handles are mentioned only if a change needs attention', async () => {
    const world = sampleTeam();
    await withGitHub(world, {}, async (github) => {
      const inputs = { mention: '@larkspur/platform, noor', comment: 'always' };
      await performOn(world, github, { ...shippedBy(9010), inputs });
      await performOn(world, github, { ...shippedBy(9004), inputs });
      expect(commentsOn(world, 420)[0]?.body).toContain('\ncc @larkspur/platform @noor\n');
      expect(commentsOn(world, 413)[0]?.body).not.toMatch(/@\w/);
    });
  });

  test('a deployment of 60 changes posts 25 comments, and the summary says so', async () => {
    const team = story('larkspur', 'storefront', '2026-03-01T09:00:00Z');
    team.deploy(team.tip(), '2026-03-01T09:10:00Z');
    for (let i = 1; i <= 60; i++) team.merge(i, team.later('2026-03-12T09:00:00Z', i * 60));
    team.deploy(team.tip(), '2026-03-12T12:00:00Z');
    await withGitHub(team.world, {}, async (github) => {
      const { summary } = await performOn(team.world, github);
      expect(writes(github)).toHaveLength(25);
      expect(new Set((team.world.comments ?? []).map((comment) => comment.number)).size).toBe(25);
      expect(summary).toContain(
        '35 more pull requests of this deployment got no comment. The limit is 25 comments per deployment.',
      );
    });
  }, 60_000);

  test('with a token that may not write, the verdict is the same and the text is in the summary', async () => {
    const world = sampleTeam();
    await withGitHub(world, { denied: ['pull-requests:write'] }, async (github) => {
      const { code, log, summary } = await performOn(world, github, {
        ...shippedBy(9010),
        inputs: { target: '1h' },
      });
      expect(code).toBe(0);
      expect(notices(log)).toHaveLength(1);
      expect(summary).toContain('Live in production 1h 11m after the merge');
    });
  });
});

describe('the weekly issue', () => {
  const drifted = weekWith(DRIFTED);
  const slipping = weekWith(SLIPPING);
  const fine = weekWith(FINE);

  /** The sample, with the issue that an earlier drift opened. */
  function withIssue(state: 'open' | 'closed'): World {
    const world = sampleTeam();
    const body = `${formerMarker('weekly', 'production')}\nWhat it said before.`;
    world.issues = [
      { number: 424, title: 'before', state, labels: ['deploy-latency'], author: VIEWER, body },
    ];
    return world;
  }

  test('is opened on a drift, and the same week writes nothing again', async () => {
    const world = sampleTeam();
    await withGitHub(world, {}, async (github) => {
      const first = await performOn(world, github, drifted);
      expect(first.code).toBe(0);
      expect(first.outputs['issue-url']).toBe('https://github.com/larkspur/storefront/issues/424');
      expect(writes(github)).toEqual(['POST /issues']);
      expect(world.issues).toEqual([
        expect.objectContaining({
          state: 'open',
          labels: ['deploy-latency'],
          title: 'Deploy latency: 24m 35s in production, target 15m',
        }),
      ]);
      expect(world.issues?.[0]?.body).toContain(
        '| 6 Mar 2026 to 13 Mar 2026 | 🔴 Drifted | 24m 35s | 12 | 1 | 2 |',
      );

      await performOn(world, github, drifted);
      expect(writes(github)).toHaveLength(1);
    });
  });

  test('is closed while slipping if there is no alert, and the comment says so', async () => {
    const world = withIssue('open');
    await withGitHub(world, {}, async (github) => {
      await performOn(world, github, slipping);
      expect(writes(github)).toEqual(['POST /issues/424/comments', 'PATCH /issues/424']);
      expect(commentsOn(world, 424)[0]?.body).toContain(
        'The data and settings of this run show no alert, so this issue closes.',
      );
      expect(world.issues?.[0]).toMatchObject({
        state: 'closed',
        title: expect.stringMatching(/^Deploy latency: 24m 35s in production/),
      });
    });
  });

  test('is closed with a comment on target', async () => {
    const world = withIssue('open');
    await withGitHub(world, {}, async (github) => {
      await performOn(world, github, fine);
      expect(writes(github)).toEqual(['POST /issues/424/comments', 'PATCH /issues/424']);
      expect(world.issues?.[0]?.state).toBe('closed');
      expect(commentsOn(world, 424)[0]?.body).toContain(
        'Lead time is back at the target, so this issue closes.',
      );
    });
  });

  test.each(['fine', 'slipping'] as const)('stays closed while %s', async (week) => {
    const world = withIssue('closed');
    await withGitHub(world, {}, async (github) => {
      await performOn(world, github, { fine, slipping }[week]);
      expect(writes(github)).toEqual([]);
    });
  });

  test('is reopened on the next drift', async () => {
    const world = withIssue('closed');
    await withGitHub(world, {}, async (github) => {
      await performOn(world, github, drifted);
      expect(writes(github)).toEqual(['PATCH /issues/424']);
      expect(world.issues).toEqual([expect.objectContaining({ number: 424, state: 'open' })]);
    });
  });

  test('two simultaneous runs leave one open issue', async () => {
    const world = sampleTeam();
    await withGitHub(world, { latency: 150 }, async (github) => {
      await Promise.all([performOn(world, github, drifted), performOn(world, github, drifted)]);
      expect(writes(github).filter((write) => write === 'POST /issues')).toHaveLength(2);
      expect(
        world.issues?.filter((issue) => issue.state === 'open' && issue.labels.includes('deploy-latency')),
      ).toHaveLength(1);
    });
  });

  test('keeps one line per week in its body, 26 at most', async () => {
    const world = sampleTeam();
    const weeks = Array.from({ length: 30 }, (_, i) => ({
      week: new Date(Date.parse('2025-08-11') + i * 7 * 86_400_000).toISOString().slice(0, 10),
      status: 'drifted',
      seconds: 1200 + i,
      atLeast: null,
      mergesets: 10,
      pending: 0,
      batches: 1,
    }));
    world.issues = [
      {
        number: 90,
        title: 'old',
        state: 'open',
        labels: ['deploy-latency'],
        author: VIEWER,
        body: `${formerMarker('weekly', 'production')}\n<!-- weeks: ${JSON.stringify(weeks)} -->\n`,
      },
    ];
    await withGitHub(world, {}, async (github) => {
      await performOn(world, github, drifted);
      const body = world.issues?.[0]?.body ?? '';
      expect(body.match(/^\| \d+ \w{3} \d{4}(?: to \d+ \w{3} \d{4})? \| 🔴/gm)).toHaveLength(26);
      expect(body).toContain('<summary>16 more weeks</summary>');
      expect(body).toContain('| 6 Mar 2026 to 13 Mar 2026 | 🔴 Drifted | 24m 35s | 12 | 1 | 2 |');
      expect(body).toContain('\nxychart-beta\n');
    });
  });

  test("an outsider's issue with the marker is left alone, and ours is opened unless 'issue: never'", async () => {
    const world = sampleTeam();
    const foreign = {
      number: 90,
      title: 'mine',
      state: 'open' as const,
      labels: [],
      author: 'mallory',
      body: formerMarker('weekly', 'production'),
    };
    world.issues = [{ ...foreign }];
    await withGitHub(world, {}, async (github) => {
      await performOn(world, github, { ...drifted, inputs: { issue: 'never' } });
      expect(writes(github)).toEqual([]);
      await performOn(world, github, drifted);
      expect(world.issues?.[0]).toEqual(foreign);
      expect(world.issues).toHaveLength(2);
    });
  });

  test('with a token that may not write issues, the text is in the summary and a notice names the permission', async () => {
    const world = sampleTeam();
    await withGitHub(world, { denied: ['issues:write'] }, async (github) => {
      const { code, log, summary } = await performOn(world, github, drifted);
      expect(code).toBe(0);
      expect(notices(log)[0]).toContain('permissions: issues: write');
      expect(summary).toContain('This issue closes when lead time has been back at 15m for a day.');
    });
  });
});

test('the comment about a shipped change is separate from the one about the open pull request', async () => {
  const world = sampleTeam();
  await withGitHub(world, {}, async (github) => {
    await performOn(world, github, {
      event: 'pull_request',
      payload: { pull_request: { number: 422 } },
      inputs: { comment: 'always' },
    });
    await performOn(world, github, { ...shippedBy(9013), inputs: { comment: 'always' } });
  });
  const [open, shipped, ...others] = commentsOn(world, 422).map(({ body }) => body);
  expect(open).toContain('Merged now, it goes live in about 24m 35s.');
  expect(open).not.toContain('Live in production');
  expect(shipped).toContain('Live in production 28m 28s after the merge');
  expect(others).toEqual([]);
});
