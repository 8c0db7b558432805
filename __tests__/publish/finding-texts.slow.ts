import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { sampleTeam } from '../../src/demo/sample.ts';
import { VIEWER } from '../../src/fake-github/graphql.ts';
import type { World, WorldIssue } from '../../src/fake-github/world.ts';
import { formerMarker } from '../../src/publish/hidden-marker.ts';
import { markerOf } from '../../src/publish/marker.ts';
import { weeksIn } from '../../src/publish/week-history.ts';
import { withGitHub } from '../support/github.ts';
import { withOpenPull } from '../support/open-pull.ts';
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

/** There is one text per service. The guard finds it again, whatever people did to it, and writes it once. */

const NAME = { environment: 'production', source: 'deployments', baseBranch: 'main' };
const WEEKLY = markerOf('weekly', NAME);
const HERE = 'https://github.com/larkspur/storefront/issues';

/** The hidden line of a drifted week. */
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

describe('two guards of one environment', () => {
  const byReleases = { ...opened, inputs: { 'deploy-source': 'releases' } };
  test.each([
    ['the one by deployments', opened, byReleases],
    ['the one by releases', byReleases, opened],
  ])('each keep their own comment on a pull request, if %s writes first', async (_, first, second) => {
    const world = { ...withOpenPull(), runs: [] };
    world.releases = world.deployments.map((deployment, i) => ({
      tag: `v${i}`,
      sha: deployment.sha,
      createdAt: deployment.createdAt,
      publishedAt: deployment.createdAt,
      author: 'mira',
    }));
    await withGitHub(world, {}, async (github) => {
      for (const options of [first, second, first, second]) await performOn(world, github, options);
      expect(writes(github)).toEqual(['POST /issues/500/comments', 'POST /issues/500/comments']);
      const bodies = commentsOn(world, 500).map((comment) => comment.body);
      const [usual = '', releases = ''] = first === opened ? bodies : bodies.toReversed();
      expect(usual).toContain('<sub>Deploy latency guard · production · as of ');
      expect(releases).toContain('<sub>Deploy latency guard · production · releases into main · as of ');
    });
  });

  test('each keep their own issue: one on target does not close the one of the other', async () => {
    const world = sampleTeam();
    world.branches = { develop: world.head };
    world.pulls = world.pulls.map((pull) => ({ ...pull }));
    await withGitHub(world, {}, async (github) => {
      await performOn(world, github, weekWith(DRIFTED));
      await performOn(world, github, weekWith(FINE, { 'base-branch': 'develop' }));
      await performOn(world, github, weekWith(FINE, { 'deploy-task': 'deploy' }));
      expect(openIn(world)).toHaveLength(1);
      expect(writes(github)).toEqual(['POST /issues']);
    });
  });

  test('take over a text with the old marker, and its weeks', async () => {
    const body = `${formerMarker('weekly', 'production')}\n${line('2026-03-02')}\nWhat it said before.`;
    const world = withIssues(issue({ body }));
    await withGitHub(world, {}, async (github) => {
      await performOn(world, github, weekWith(DRIFTED));
      expect(writes(github)).toEqual(['PATCH /issues/424']);
      expect(world.issues?.[0]?.body).toMatch(
        /^<!-- deploy-latency-guard weekly environment=production source=deployments base=main -->\n/,
      );
      expect(world.issues?.[0]?.body).not.toContain('What it said before.');
      expect(weeksOf(world.issues?.[0]?.body)).toEqual(['2026-03-02', '2026-03-09']);
    });
  });

  test('keep the issue of a renamed branch', async () => {
    const old = markerOf('weekly', { ...NAME, baseBranch: 'master' });
    const world = withIssues(issue({ body: `${old.begin}\nbefore\n${old.end}\n` }));
    for (const pull of world.pulls) if ((pull.mergedAt ?? '') < '2026-03-11') pull.base = 'master';
    await withGitHub(world, {}, async (github) => {
      await performOn(world, github, weekWith(DRIFTED));
      expect(writes(github)).toEqual(['PATCH /issues/424']);
      expect(world.issues?.[0]?.body.startsWith(WEEKLY.begin)).toBe(true);
    });
  });
});

describe('the issue is found again', () => {
  test.each<[string, Partial<WorldIssue>]>([
    ['its label was renamed', { labels: ['area: deploys', 'P2'] }],
    ['its label was removed', { labels: [] }],
    ['there is a note above its text', { body: `Mira owns this.\n\n${issue().body}` }],
    ['its marker was edited', { body: issue().body.replace('weekly environment=prod', 'weekly old=prod') }],
    ['its markers were deleted', { body: `${line('2026-03-02')}\nWhat it said.\n\n${WEEKLY.signature}` }],
    ['its text was deleted', { body: 'Mira owns this.' }],
  ])('if %s', async (_, change) => {
    const world = withIssues(issue(change));
    await withGitHub(world, {}, async (github) => {
      await performOn(world, github, weekWith(DRIFTED));
      expect(writes(github)).toEqual(['PATCH /issues/424']);
      const [updated] = world.issues ?? [];
      expect(updated?.labels).toEqual([...(change.labels ?? []), 'deploy-latency']);
      expect(updated?.body).toContain(WEEKLY.begin);
      expect(updated?.body).toContain(WEEKLY.end);
      await performOn(world, github, weekWith(DRIFTED));
      expect(writes(github)).toHaveLength(1);
    });
  });

  test("another token's issue is left alone, and a notice says so instead of a second issue", async () => {
    const world = withIssues(issue({ author: 'release-app[bot]' }));
    await withGitHub(world, {}, async (github) => {
      const { code, log, summary } = await performOn(world, github, weekWith(DRIFTED));
      expect([code, writes(github)]).toEqual([0, []]);
      expect(notices(log)).toHaveLength(1);
      expect(notices(log)[0]).toContain('Issue #424');
      expect(notices(log)[0]).toContain('release-app[bot]');
      expect(summary).toContain('This issue closes when lead time has been back at 15m for a day.');
    });
  });

  test("another token's issue is named on target too, because it would stay open", async () => {
    const world = withIssues(issue({ author: 'release-app[bot]' }));
    await withGitHub(world, {}, async (github) => {
      const { log } = await performOn(world, github, weekWith(FINE));
      expect(notices(log)[0]).toContain(
        'Set "github-token" to that token, or close the issue to get a new one.',
      );
    });
  });

  test('a notice says if the new issue cannot be found again', async () => {
    const world = sampleTeam();
    const hide = () => {
      for (const issue of world.issues ?? []) issue.unindexed = true;
      return false;
    };
    await withGitHub(world, { denied: ['labels:write'], interfere: async () => hide() }, async (github) => {
      const { log, outputs } = await performOn(world, github, weekWith(DRIFTED));
      expect(writes(github)).toEqual(['POST /issues']);
      expect(outputs['issue-url']).toBe(`${HERE}/424`);
      expect(notices(log)[0]).toContain(
        'The issue was opened (https://github.com/larkspur/storefront/issues/424), but GitHub does not find it',
      );
    });
  });
});

describe("people's own text", () => {
  test('stays above and below the text of the issue while it is updated, closed and reopened', async () => {
    const world = withIssues(issue({ body: `Mira owns this.\n\n${issue().body}\nAsk #deploys first.\n` }));
    await withGitHub(world, {}, async (github) => {
      for (const target of [SLIPPING, FINE, DRIFTED]) {
        await performOn(world, github, weekWith(target));
        const body = world.issues?.[0]?.body ?? '';
        expect(body.startsWith(`Mira owns this.\n\n${WEEKLY.begin}`)).toBe(true);
        expect(body.endsWith(`${WEEKLY.end}\n\nAsk #deploys first.\n`)).toBe(true);
        expect(body).not.toContain('What it said before.');
      }
      expect(world.issues).toHaveLength(1);
    });
  });

  test('stays in a comment, which is still the only one', async () => {
    const world = withOpenPull();
    await withGitHub(world, {}, async (github) => {
      await performOn(world, github, opened);
      const [comment] = world.comments ?? [];
      if (comment) comment.body = `Seen, thanks. Noor\n\n${comment.body}`;
      await performOn(world, github, { ...opened, at: '2026-03-13T17:20:00Z' });
      expect(writes(github)).toEqual(['POST /issues/500/comments', 'PATCH /issues/comments/3000000001']);
      expect(comment?.body).toMatch(/^Seen, thanks\. Noor\n\n<!-- deploy-latency-guard preview /);
    });
  });
});

describe('a pull request that refuses its comment does not affect the others', () => {
  test('if it is locked, one notice says so and only its text is in the summary', async () => {
    const world = { ...sampleTeam(), locked: [419] };
    await withGitHub(world, {}, async (github) => {
      const { log, outputs, summary } = await performOn(world, github, shippedBy(9010));
      expect(commentsOn(world, 420)).toHaveLength(1);
      expect(outputs['comment-url']).toContain('/issues/420#issuecomment');
      expect(notices(log)).toHaveLength(1);
      expect(notices(log)[0]).toContain('#419: The conversation is locked');
      expect(notices(log)[0]).toContain('Unable to create comment because issue is locked.');
      expect(notices(log)[0]).not.toContain('permissions:');
      expect(summary.match(/Live in production/g)).toHaveLength(1);
    });
  });

  test('if it is gone, a notice says so', async () => {
    const world = { ...sampleTeam(), vanished: [419] };
    await withGitHub(world, {}, async (github) => {
      const { code, log } = await performOn(world, github, { ...shippedBy(9010), inputs: { target: '1h' } });
      expect(code).toBe(0);
      expect(writes(github)).toEqual(['POST /issues/420/comments']);
      expect(notices(log)[0]).toContain('#419: GitHub does not show it');
    });
  });

  test('a refusal that would affect all of them ends the writing: one request, one notice', async () => {
    const world = sampleTeam();
    await withGitHub(world, { denied: ['pull-requests:write'] }, async (github) => {
      const { log } = await performOn(world, github, shippedBy(9010));
      expect(writes(github)).toHaveLength(1);
      expect(notices(log)).toHaveLength(1);
      expect(notices(log)[0]).toContain('No comment on #419, #420: The token may not write this (403');
    });
  });
});

describe('a run about the past', () => {
  test('does not change an issue with a later week, and a notice says so', async () => {
    const world = withIssues(issue({ body: issue().body.replace('2026-03-02', '2026-03-30') }));
    const before = { ...issue({ body: world.issues?.[0]?.body ?? '' }) };
    await withGitHub(world, {}, async (github) => {
      const { log } = await performOn(world, github, weekWith(FINE, { issue: 'always' }));
      expect(writes(github)).toEqual([]);
      expect(world.issues).toEqual([before]);
      expect(notices(log)[0]).toContain(
        'Issue #424 was not changed, because it already has a later week (2026-03-30) than this run.',
      );
    });
  });

  test('does not change an issue that was updated later in the same week', async () => {
    const world = sampleTeam();
    await withGitHub(world, {}, async (github) => {
      await performOn(world, github, weekWith(DRIFTED));
      await performOn(world, github, { ...weekWith(FINE), at: '2026-03-13T12:00:00Z' });
      expect(writes(github)).toEqual(['POST /issues']);
    });
  });

  const LATER = { around: { now: new Date('2026-03-16T08:00:00Z') } };
  test.each([
    ['issue', weekWith(DRIFTED), 'issue'],
    ['comment on an open pull request', opened, 'comment'],
    ['comment on a shipped pull request', shippedBy(9010), 'comment'],
  ])('writes no %s after more than a day, unless the input is "always"', async (_, options, input) => {
    const world = withOpenPull();
    await withGitHub(world, {}, async (github) => {
      const { log } = await performOn(world, github, { ...options, ...LATER });
      expect(writes(github)).toEqual([]);
      expect(notices(log)[0]).toContain(
        `Input "as-of" is more than a day ago, so nothing was written to GitHub. The text is in the job summary. To write it anyway, set "${input}: always".`,
      );
      const inputs = { ...('inputs' in options ? options.inputs : {}), [input]: 'always' };
      await performOn(world, github, { ...options, ...LATER, inputs });
      expect(writes(github).length).toBeGreaterThan(0);
    });
  });
});

describe('a second issue', () => {
  const younger = issue({ number: 430, body: issue().body.replace('2026-03-02', '2026-02-23') });

  test('is closed by the next run, and the older one takes over its weeks', async () => {
    const world = withIssues(issue(), { ...younger });
    await withGitHub(world, {}, async (github) => {
      await performOn(world, github, weekWith(DRIFTED));
      expect(writes(github)).toEqual(['PATCH /issues/424', 'PATCH /issues/430']);
      expect(openIn(world).map((issue) => issue.number)).toEqual([424]);
      expect(weeksOf(world.issues?.[0]?.body)).toEqual(['2026-02-23', '2026-03-02', '2026-03-09']);
      expect(world.issues?.[1]?.labels).toEqual([]);
      expect(world.issues?.[1]?.body).toContain('Duplicate of #424, so this issue is closed.');
      await performOn(world, github, weekWith(DRIFTED));
      expect(writes(github)).toHaveLength(2);
    });
  });

  test('reopens the older one, if that was closed', async () => {
    const world = withIssues(issue({ state: 'closed' }), { ...younger });
    await withGitHub(world, {}, async (github) => {
      await performOn(world, github, weekWith(DRIFTED));
      expect(openIn(world).map((issue) => issue.number)).toEqual([424]);
    });
  });

  test('keeps the labels that people gave it', async () => {
    const world = withIssues(issue(), { ...younger, labels: ['deploy-latency', 'P1'] });
    await withGitHub(world, {}, async (github) => {
      await performOn(world, github, weekWith(DRIFTED));
      expect(world.issues?.[1]?.labels).toEqual(['P1']);
    });
  });
});

describe('closing', () => {
  /** Drops the connection of the first request that matches. */
  const lost = (which: RegExp) => {
    let seen = false;
    return async (request: IncomingMessage) => {
      if (seen || !which.test(`${request.method} ${request.url}`)) return false;
      seen = true;
      request.socket.destroy();
      return true;
    };
  };

  test('comments first: if the closing request fails, the next run closes the issue without a second comment', async () => {
    const world = withIssues(issue());
    await withGitHub(world, { interfere: lost(/^PATCH .*\/issues\/424$/) }, async (github) => {
      const { code, log } = await performOn(world, github, weekWith(FINE));
      expect([code, notices(log).length]).toEqual([0, 1]);
      expect([openIn(world).length, commentsOn(world, 424).length]).toEqual([1, 1]);
      await performOn(world, github, { ...weekWith(FINE), at: '2026-03-14T17:00:00Z' });
      expect([openIn(world).length, commentsOn(world, 424).length]).toEqual([0, 1]);
    });
  });

  test('waits for the comment: if it fails, the next run writes both', async () => {
    const world = withIssues(issue());
    await withGitHub(world, { interfere: lost(/^POST .*comments$/) }, async (github) => {
      await performOn(world, github, weekWith(FINE));
      expect([openIn(world).length, commentsOn(world, 424).length]).toEqual([1, 0]);
      await performOn(world, github, weekWith(FINE));
      expect([openIn(world).length, commentsOn(world, 424).length]).toEqual([0, 1]);
    });
  });

  test('closes a locked issue without a comment, and a notice says so', async () => {
    const world = withIssues(issue({ locked: true }));
    await withGitHub(world, {}, async (github) => {
      const { log } = await performOn(world, github, weekWith(FINE));
      expect(openIn(world)).toEqual([]);
      expect(notices(log)[0]).toContain(
        'No closing comment on issue #424, so its text says why it was closed.',
      );
      expect(world.issues?.[0]?.body).toContain('so this issue closes.');
    });
  });
});

describe('simultaneous runs', () => {
  test.each([2, 5])('%i of them leave one comment on each pull request', async (count) => {
    const world = sampleTeam();
    await withGitHub(world, { latency: 60 }, async (github) => {
      await Promise.all(Array.from({ length: count }, () => performOn(world, github, shippedBy(9010))));
      expect(commentsOn(world, 419)).toHaveLength(1);
      expect(commentsOn(world, 420)).toHaveLength(1);
      // Each run creates one, and deletes only its own.
      const deletes = writes(github).filter((write) => write.startsWith('DELETE'));
      expect(deletes.length).toBeLessThanOrEqual(2 * (count - 1));
    });
  });

  test.each([2, 5])('%i of them leave one issue, with the week in it', async (count) => {
    const world = sampleTeam();
    await withGitHub(world, { latency: 60 }, async (github) => {
      await Promise.all(Array.from({ length: count }, () => performOn(world, github, weekWith(DRIFTED))));
      expect(openIn(world)).toHaveLength(1);
      expect(weeksOf(openIn(world)[0]?.body)).toEqual(['2026-03-09']);
    });
  });

  test.each([2, 5])('%i of them close it with one comment', async (count) => {
    const world = withIssues(issue());
    await withGitHub(world, { latency: 60 }, async (github) => {
      await Promise.all(Array.from({ length: count }, () => performOn(world, github, weekWith(FINE))));
      expect(openIn(world)).toEqual([]);
      expect(commentsOn(world, 424)).toHaveLength(1);
      expect(weeksOf(world.issues?.[0]?.body)).toEqual(['2026-03-02', '2026-03-09']);
    });
  });
});
