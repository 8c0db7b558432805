import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { sampleTeam } from '../../src/demo/sample.ts';
import { VIEWER } from '../../src/fake-github/graphql.ts';
import type { World, WorldIssue } from '../../src/fake-github/world.ts';
import { formerly } from '../../src/report/hidden-marker.ts';
import { markerOf } from '../../src/report/marker.ts';
import { weeksIn } from '../../src/report/weeks.ts';
import { withGitHub } from '../support/github.ts';
import { withOpenPull } from '../support/open-pull.ts';
import {
  commentsOn,
  DRIFTED,
  FINE,
  notices,
  on,
  opened,
  shippedBy,
  SLIPPING,
  weekWith,
  writes,
} from '../support/written.ts';

/** One text about each unit, found again whatever people did around it, and written once. */

const UNIT = { environment: 'production', source: 'deployments', baseBranch: 'main' };
const WEEKLY = markerOf('weekly', UNIT);
const HERE = 'https://github.com/larkspur/storefront/issues';

/** A week that was drifted, as its line stands hidden in the issue. */
const line = (week: string) =>
  `<!-- weeks: [{"week":"${week}","status":"drifted","seconds":1500,"atLeast":null,"mergesets":9,"pending":0,"batches":1}] -->`;
const issue = (more: Partial<WorldIssue> = {}): WorldIssue => ({
  number: 424,
  title: 'Deploy latency: p50 is 25m in production, target 15m',
  body: `${WEEKLY.begin}\n${line('2026-03-02')}\nWhat it said before.\n\n${WEEKLY.signature}\n${WEEKLY.end}\n`,
  state: 'open',
  labels: ['deploy-latency'],
  author: VIEWER,
  ...more,
});
const withIssues = (...issues: WorldIssue[]): World => ({ ...sampleTeam(), issues });
const openIn = (world: World) => (world.issues ?? []).filter((issue) => issue.state === 'open');
const weeksOf = (body: string | undefined) => weeksIn(body ?? '').map((week) => week.week);

describe('two guards of one environment are two', () => {
  test('a comment each on the pull requests, which the other leaves as it is', async () => {
    const world = { ...withOpenPull(), runs: [] };
    world.releases = world.deployments.map((deployment, i) => ({
      tag: `v${i}`,
      sha: deployment.sha,
      createdAt: deployment.createdAt,
      publishedAt: deployment.createdAt,
      author: 'mira',
    }));
    await withGitHub(world, {}, async (github) => {
      const byReleases = { ...opened, inputs: { 'deploy-source': 'releases' } };
      for (const options of [opened, byReleases, opened, byReleases]) await on(world, github, options);
      expect(writes(github)).toEqual(['POST /issues/500/comments', 'POST /issues/500/comments']);
      const [first, second] = commentsOn(world, 500);
      expect(first?.body).toContain('Deploy latency guard of production: deployments, into main');
      expect(second?.body).toContain('Deploy latency guard of production: releases, into main');
    });
  });

  test('an issue each: one on target does not close that of the other', async () => {
    const world = sampleTeam();
    world.branches = { develop: world.head };
    world.pulls = world.pulls.map((pull) => ({ ...pull }));
    await withGitHub(world, {}, async (github) => {
      await on(world, github, weekWith(DRIFTED));
      await on(world, github, weekWith(FINE, { 'base-branch': 'develop' }));
      await on(world, github, weekWith(FINE, { 'deploy-task': 'deploy' }));
      expect(openIn(world)).toHaveLength(1);
      expect(writes(github)).toEqual(['POST /issues']);
    });
  });

  test('what stands under the old marker is carried over: its comment, its issue, its weeks', async () => {
    const body = `${formerly('weekly', 'production')}\n${line('2026-03-02')}\nWhat it said before.`;
    const world = withIssues(issue({ body }));
    await withGitHub(world, {}, async (github) => {
      await on(world, github, weekWith(DRIFTED));
      expect(writes(github)).toEqual(['PATCH /issues/424']);
      expect(world.issues?.[0]?.body).toMatch(
        /^<!-- deploy-latency-guard weekly environment=production source=deployments base=main -->\n/,
      );
      expect(world.issues?.[0]?.body).not.toContain('What it said before.');
      expect(weeksOf(world.issues?.[0]?.body)).toEqual(['2026-03-02', '2026-03-09']);
    });
  });

  test('a branch that was renamed keeps its issue', async () => {
    const old = markerOf('weekly', { ...UNIT, baseBranch: 'master' });
    const world = withIssues(issue({ body: `${old.begin}\nbefore\n${old.end}\n` }));
    for (const pull of world.pulls) if ((pull.mergedAt ?? '') < '2026-03-11') pull.base = 'master';
    await withGitHub(world, {}, async (github) => {
      await on(world, github, weekWith(DRIFTED));
      expect(writes(github)).toEqual(['PATCH /issues/424']);
      expect(world.issues?.[0]?.body.startsWith(WEEKLY.begin)).toBe(true);
    });
  });
});

describe('the issue is found again', () => {
  test.each<[string, Partial<WorldIssue>]>([
    ['its label was renamed', { labels: ['area: deploys', 'P2'] }],
    ['its label was taken away', { labels: [] }],
    ['a note stands above its text', { body: `Mira owns this.\n\n${issue().body}` }],
    ['its marker was edited', { body: issue().body.replace('weekly environment=prod', 'weekly old=prod') }],
    ['its markers are gone', { body: `${line('2026-03-02')}\nWhat it said.\n\n${WEEKLY.signature}` }],
    ['its text is gone', { body: 'Mira owns this.' }],
  ])('where %s', async (_, change) => {
    const world = withIssues(issue(change));
    await withGitHub(world, {}, async (github) => {
      await on(world, github, weekWith(DRIFTED));
      expect(writes(github)).toEqual(['PATCH /issues/424']);
      const [it] = world.issues ?? [];
      expect(it?.labels).toEqual([...(change.labels ?? []), 'deploy-latency']);
      expect(it?.body).toContain(WEEKLY.begin);
      expect(it?.body).toContain(WEEKLY.end);
      await on(world, github, weekWith(DRIFTED));
      expect(writes(github)).toHaveLength(1);
    });
  });

  test("another token's is named and left, and no second one is opened beside it", async () => {
    const world = withIssues(issue({ author: 'release-app[bot]' }));
    await withGitHub(world, {}, async (github) => {
      const { code, log, summary } = await on(world, github, weekWith(DRIFTED));
      expect([code, writes(github)]).toEqual([0, []]);
      expect(notices(log)).toHaveLength(1);
      expect(notices(log)[0]).toContain('Issue #424');
      expect(notices(log)[0]).toContain('release-app[bot]');
      expect(summary).toContain('Closes when a window is back at the target, or surely under the limit.');
    });
  });

  test("another token's is named in a week that is on target, too: it would stay open for ever", async () => {
    const world = withIssues(issue({ author: 'release-app[bot]' }));
    await withGitHub(world, {}, async (github) => {
      const { log } = await on(world, github, weekWith(FINE));
      expect(notices(log)[0]).toContain('Close it to have one of this token');
    });
  });

  test('what was made and cannot be found again is said', async () => {
    const world = sampleTeam();
    const hide = () => {
      for (const issue of world.issues ?? []) issue.unindexed = true;
      return false;
    };
    await withGitHub(world, { denied: ['labels:write'], interfere: async () => hide() }, async (github) => {
      const { log, outputs } = await on(world, github, weekWith(DRIFTED));
      expect(writes(github)).toEqual(['POST /issues']);
      expect(outputs['issue-url']).toBe(`${HERE}/424`);
      expect(notices(log)[0]).toContain('cannot be found again');
    });
  });
});

describe('what people write stays', () => {
  test('above and below the text of the issue, through an update, a close and an opening', async () => {
    const world = withIssues(issue({ body: `Mira owns this.\n\n${issue().body}\nAsk #deploys first.\n` }));
    await withGitHub(world, {}, async (github) => {
      for (const target of [SLIPPING, FINE, DRIFTED]) {
        await on(world, github, weekWith(target));
        const body = world.issues?.[0]?.body ?? '';
        expect(body.startsWith(`Mira owns this.\n\n${WEEKLY.begin}`)).toBe(true);
        expect(body.endsWith(`${WEEKLY.end}\n\nAsk #deploys first.\n`)).toBe(true);
        expect(body).not.toContain('What it said before.');
      }
      expect(world.issues).toHaveLength(1);
    });
  });

  test('in a comment, which is no second one for it', async () => {
    const world = withOpenPull();
    await withGitHub(world, {}, async (github) => {
      await on(world, github, opened);
      const [it] = world.comments ?? [];
      if (it) it.body = `Seen, thanks. Noor\n\n${it.body}`;
      await on(world, github, { ...opened, at: '2026-03-13T17:20:00Z' });
      expect(writes(github)).toEqual(['POST /issues/500/comments', 'PATCH /issues/comments/3000000001']);
      expect(it?.body).toMatch(/^Seen, thanks\. Noor\n\n<!-- deploy-latency-guard preview /);
    });
  });
});

describe('one thread that cannot be written to keeps no other from its comment', () => {
  test('a locked one: the other has its comment, one notice names it with what GitHub says, and only its text is in the summary', async () => {
    const world = { ...sampleTeam(), locked: [419] };
    await withGitHub(world, {}, async (github) => {
      const { log, outputs, summary } = await on(world, github, shippedBy(9010));
      expect(commentsOn(world, 420)).toHaveLength(1);
      expect(outputs['comment-url']).toContain('/issues/420#issuecomment');
      expect(notices(log)).toHaveLength(1);
      expect(notices(log)[0]).toContain('#419: The conversation is locked');
      expect(notices(log)[0]).toContain('Unable to create comment because issue is locked.');
      expect(notices(log)[0]).not.toContain('permissions:');
      expect(summary.match(/Live in production/g)).toHaveLength(1);
    });
  });

  test('one that is gone', async () => {
    const world = { ...sampleTeam(), vanished: [419] };
    await withGitHub(world, {}, async (github) => {
      const { code, log } = await on(world, github, { ...shippedBy(9010), inputs: { target: '1h' } });
      expect(code).toBe(0);
      expect(writes(github)).toEqual(['POST /issues/420/comments']);
      expect(notices(log)[0]).toContain('#419: GitHub does not show it');
    });
  });

  test('a refusal that would meet all ends it: one try, one notice for all', async () => {
    const world = sampleTeam();
    await withGitHub(world, { denied: ['pull-requests:write'] }, async (github) => {
      const { log } = await on(world, github, shippedBy(9010));
      expect(writes(github)).toHaveLength(1);
      expect(notices(log)).toHaveLength(1);
      expect(notices(log)[0]).toContain('No comment on #419, #420: The token may not write this (403');
    });
  });
});

describe('an instant in the past', () => {
  test('older than the newest week of the issue: nothing is changed, and that is said', async () => {
    const world = withIssues(issue({ body: issue().body.replace('2026-03-02', '2026-03-30') }));
    const before = { ...issue({ body: world.issues?.[0]?.body ?? '' }) };
    await withGitHub(world, {}, async (github) => {
      const { log } = await on(world, github, weekWith(FINE, { issue: 'always' }));
      expect(writes(github)).toEqual([]);
      expect(world.issues).toEqual([before]);
      expect(notices(log)[0]).toContain('Issue #424 tells of the week of 2026-03-30 already');
    });
  });

  test('earlier in the same week, too', async () => {
    const world = sampleTeam();
    await withGitHub(world, {}, async (github) => {
      await on(world, github, weekWith(DRIFTED));
      await on(world, github, { ...weekWith(FINE), at: '2026-03-13T12:00:00Z' });
      expect(writes(github)).toEqual(['POST /issues']);
    });
  });

  const LATER = { around: { now: new Date('2026-03-16T08:00:00Z') } };
  test.each([
    ['no issue', weekWith(DRIFTED), 'issue'],
    ['no comment on an open pull request', opened, 'comment'],
    ['no comment on a shipped one', shippedBy(9010), 'comment'],
  ])('more than a day ago: %s, unless it is always', async (_, options, input) => {
    const world = withOpenPull();
    await withGitHub(world, {}, async (github) => {
      const { log } = await on(world, github, { ...options, ...LATER });
      expect(writes(github)).toEqual([]);
      expect(notices(log)[0]).toContain('Input "as-of" is more than a day ago');
      const inputs = { ...('inputs' in options ? options.inputs : {}), [input]: 'always' };
      await on(world, github, { ...options, ...LATER, inputs });
      expect(writes(github).length).toBeGreaterThan(0);
    });
  });
});

describe('a second issue', () => {
  const younger = issue({ number: 430, body: issue().body.replace('2026-03-02', '2026-02-23') });

  test('is closed by the next run, and what it knew goes to the older', async () => {
    const world = withIssues(issue(), { ...younger });
    await withGitHub(world, {}, async (github) => {
      await on(world, github, weekWith(DRIFTED));
      expect(writes(github)).toEqual(['PATCH /issues/424', 'PATCH /issues/430']);
      expect(openIn(world).map((issue) => issue.number)).toEqual([424]);
      expect(weeksOf(world.issues?.[0]?.body)).toEqual(['2026-02-23', '2026-03-02', '2026-03-09']);
      expect(world.issues?.[1]?.labels).toEqual([]);
      expect(world.issues?.[1]?.body).toContain('Told in #424');
      await on(world, github, weekWith(DRIFTED));
      expect(writes(github)).toHaveLength(2);
    });
  });

  test('beside one that was closed: the older stays, as open as the younger was', async () => {
    const world = withIssues(issue({ state: 'closed' }), { ...younger });
    await withGitHub(world, {}, async (github) => {
      await on(world, github, weekWith(DRIFTED));
      expect(openIn(world).map((issue) => issue.number)).toEqual([424]);
    });
  });

  test('keeps the labels that people gave it', async () => {
    const world = withIssues(issue(), { ...younger, labels: ['deploy-latency', 'P1'] });
    await withGitHub(world, {}, async (github) => {
      await on(world, github, weekWith(DRIFTED));
      expect(world.issues?.[1]?.labels).toEqual(['P1']);
    });
  });
});

describe('closing', () => {
  /** The first write that `which` picks has its effect, or none, and no answer. */
  const lost = (which: RegExp) => {
    let seen = false;
    return async (request: IncomingMessage) => {
      if (seen || !which.test(`${request.method} ${request.url}`)) return false;
      seen = true;
      request.socket.destroy();
      return true;
    };
  };

  test('comments first: where the closing is lost, the next run closes it, and the comment is one', async () => {
    const world = withIssues(issue());
    await withGitHub(world, { interfere: lost(/^PATCH .*\/issues\/424$/) }, async (github) => {
      const { code, log } = await on(world, github, weekWith(FINE));
      expect([code, notices(log).length]).toEqual([0, 1]);
      expect([openIn(world).length, commentsOn(world, 424).length]).toEqual([1, 1]);
      await on(world, github, { ...weekWith(FINE), at: '2026-03-14T17:00:00Z' });
      expect([openIn(world).length, commentsOn(world, 424).length]).toEqual([0, 1]);
    });
  });

  test('where the comment is lost, it stays open until the next run, which writes both', async () => {
    const world = withIssues(issue());
    await withGitHub(world, { interfere: lost(/^POST .*comments$/) }, async (github) => {
      await on(world, github, weekWith(FINE));
      expect([openIn(world).length, commentsOn(world, 424).length]).toEqual([1, 0]);
      await on(world, github, weekWith(FINE));
      expect([openIn(world).length, commentsOn(world, 424).length]).toEqual([0, 1]);
    });
  });

  test('a conversation that is locked is closed without a word, and that is said', async () => {
    const world = withIssues(issue({ locked: true }));
    await withGitHub(world, {}, async (github) => {
      const { log } = await on(world, github, weekWith(FINE));
      expect(openIn(world)).toEqual([]);
      expect(notices(log)[0]).toContain('No closing comment on issue #424: The conversation is locked');
    });
  });
});

describe('several runs at once', () => {
  test.each([2, 5])('%i of them leave one comment on each pull request', async (count) => {
    const world = sampleTeam();
    await withGitHub(world, { latency: 60 }, async (github) => {
      await Promise.all(Array.from({ length: count }, () => on(world, github, shippedBy(9010))));
      expect(commentsOn(world, 419)).toHaveLength(1);
      expect(commentsOn(world, 420)).toHaveLength(1);
    });
  });

  test.each([2, 5])('%i of them leave one issue, with the week in it', async (count) => {
    const world = sampleTeam();
    await withGitHub(world, { latency: 60 }, async (github) => {
      await Promise.all(Array.from({ length: count }, () => on(world, github, weekWith(DRIFTED))));
      expect(openIn(world)).toHaveLength(1);
      expect(weeksOf(openIn(world)[0]?.body)).toEqual(['2026-03-09']);
    });
  });

  test.each([2, 5])('%i of them close it with one comment', async (count) => {
    const world = withIssues(issue());
    await withGitHub(world, { latency: 60 }, async (github) => {
      await Promise.all(Array.from({ length: count }, () => on(world, github, weekWith(FINE))));
      expect(openIn(world)).toEqual([]);
      expect(commentsOn(world, 424)).toHaveLength(1);
      expect(weeksOf(world.issues?.[0]?.body)).toEqual(['2026-03-02', '2026-03-09']);
    });
  });
});
