import { describe, expect, test } from '@jest/globals';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import { sameText } from '../../src/github/threads/writing.ts';
import { regionIn } from '../../src/model/marked-text.ts';
import type { Report, RunReport } from '../../src/report/contract.ts';
import { footerOf, markerOf } from '../../src/publish/marker.ts';
import { reasonBlocks } from '../../src/report/reason-line.ts';
import { markdown } from '../../src/report/render/markdown.ts';
import { verdictBlock } from '../../src/report/summary.ts';
import { runStory, weeklyIssue, weeklyStory, type WeeklyStory } from '../../src/publish/texts/weekly.ts';
import { ask } from '../support/ask.ts';

/** What every text shares: the verdict, the reason line, the links and the footer. */

const sample = async (inputs: Record<string, string> = {}): Promise<Report> =>
  (await ask(sampleTeam(), { now: SAMPLE_NOW, inputs })).report;

describe('a #123 in a sentence', () => {
  const REPOSITORY = 'https://github.com/larkspur/storefront';
  const linked = async (surface: 'summary' | 'thread') => {
    const report = { ...(await sample()), sentence: 'It started with #422, not with #9999.' };
    const [change] = report.mergesets.filter(({ number }) => number === 422);
    return { text: markdown([verdictBlock(report)], { surface }).trim(), commit: change?.mergeCommit };
  };

  test('links to the pull request in the summary', async () => {
    const { text } = await linked('summary');
    expect(text).toBe(`**It started with [#422](${REPOSITORY}/pull/422), not with #\u200b9999.**`);
  });

  test('links to the merge commit in a comment, so GitHub adds nothing to the pull request', async () => {
    const { text, commit } = await linked('thread');
    expect(commit).toMatch(/^[0-9a-f]{40}$/);
    expect(text).toBe(`**It started with [#422](${REPOSITORY}/commit/${commit}), not with #\u200b9999.**`);
  });
});

describe('the reason line', () => {
  const reasonOf = (report: Report) =>
    markdown(reasonBlocks(report), { surface: 'summary' })
      .replace(/\[(#\d+)\]\([^)]*\)/g, '$1')
      .trim();

  test('says why, what to do first, and what is waiting now, in this order', async () => {
    const report = await sample({ stages: 'full' });
    expect(reasonOf({ ...report, change: null, regression: null })).toMatch(
      /^\*\*Why:\*\* \d+% of the time is ".*", .* in the median\. \*\*First:\*\* .* \*\*Waiting now:\*\* #423, 1h 8m \(over the limit\)\.$/,
    );
  });

  test('has the slowdown as the reason, if there is one', async () => {
    const report = await sample({ stages: 'full' });
    expect(report.regression).not.toBeNull();
    expect(reasonOf(report)).toMatch(/^\*\*Why:\*\* slower than before\. "/);
  });

  test('names the changes to deploy, if no suspect is known', async () => {
    const report = await sample({ stages: 'none' });
    expect(reasonOf(report)).toBe('**First:** deploy #423, merged 1h 8m ago and not live.');
  });

  test('names no stuck change in a freeze', async () => {
    const report: Report = { ...(await sample({ stages: 'none' })), frozen: true };
    expect(reasonOf(report)).toBe('**Waiting now:** #423, 1h 8m.');
  });

  test('is empty for a team without a problem', async () => {
    const report: Report = {
      ...(await sample({ stages: 'none', target: '2h' })),
      mergesets: [],
      earlier: [],
    };
    expect(report.status).toBe('on-target');
    expect(reasonBlocks(report)).toEqual([]);
  });
});

describe('the footer', () => {
  const NAME = { environment: 'production', source: 'deployments', baseBranch: 'main' };
  const RUN = 'https://github.com/larkspur/storefront/actions/runs/';
  const footer = (name: typeof NAME, time: string, run: string | null) =>
    markdown([footerOf(name, { at: new Date(time), runUrl: run }, 'comment: never')], {
      surface: 'thread',
    }).trim();

  test('is one line: the environment, the run, the time, and how to turn it off', () => {
    expect(footer(NAME, '2026-03-13T17:00:00Z', `${RUN}7`)).toBe(
      `<sub>Deploy latency guard · production · [details](${RUN}7) · as of 13 Mar, 17:00 UTC · turn off with \`comment: never\`</sub>`,
    );
    expect(footer(NAME, '2026-03-13T17:00:00Z', null)).toBe(
      '<sub>Deploy latency guard · production · as of 13 Mar, 17:00 UTC · turn off with `comment: never`</sub>',
    );
  });

  test('names the source and the branch, if they are not the usual ones', () => {
    const name = { ...NAME, source: 'releases', baseBranch: 'develop' };
    expect(footer(name, '2026-03-13T17:00:00Z', null)).toContain(
      ' · production · releases into develop · as of',
    );
  });

  test('begins with the signature by which the text is found again', () => {
    const { signature } = markerOf('preview', NAME);
    expect(signature).toBe('<sub>Deploy latency guard · production ·');
    expect(footer(NAME, '2026-03-13T17:00:00Z', `${RUN}7`).startsWith(signature ?? '-')).toBe(true);
  });

  test('does not make the text of another guard ours', () => {
    const textOf = (name: typeof NAME) =>
      markdown([footerOf(name, { at: new Date(0), runUrl: null }, 'comment: never')], {
        surface: 'thread',
        marker: markerOf('preview', name),
      });
    const others = [{ source: 'releases' }, { baseBranch: 'develop' }, { baseBranch: 'master' }];
    for (const other of others)
      expect(regionIn(textOf({ ...NAME, ...other }), markerOf('preview', NAME))).toBeNull();
    expect(regionIn(textOf(NAME), markerOf('preview', NAME))).not.toBeNull();
  });

  test('is no reason to write a text again', () => {
    const text = (body: string, time: string, run: string) =>
      `${body}\n\n${footer(NAME, time, `${RUN}${run}`)}\n`;
    const before = text('#423 has waited 1h.', '2026-03-13T17:00:00Z', '7');
    expect(sameText(before, text('#423 has waited 1h.', '2026-03-14T08:00:00Z', '8'))).toBe(true);
    expect(sameText(before, text('#423 has waited 2h.', '2026-03-13T17:00:00Z', '7'))).toBe(false);
  });
});

describe('the comment that closes the weekly issue', () => {
  type Past = Report['alerts']['all'][number];
  /** A report of a service, with a verdict and the end of its last alert. */
  const ended = async (
    service: string,
    status: Report['status'],
    left: Past['left'] | 'on',
  ): Promise<Report> => {
    const report = await sample();
    const alert: Past = {
      enteredAt: '2026-02-02T10:00:00Z',
      deployment: 1,
      orBefore: false,
      votes: { of: 5, over: 5, chance: 0.03 },
      leftAt: left === 'on' || left === null ? null : '2026-03-03T10:00:00Z',
      left: left === 'on' ? null : left,
      borneOut: null,
    };
    const all = left === null ? [] : [alert];
    return {
      ...report,
      service,
      status,
      alert: { on: left === 'on', since: null },
      alerts: { from: null, all },
    };
  };
  const textOf = (story: WeeklyStory | null) => markdown(story?.closing ?? [], { surface: 'summary' });
  const storyOf = (report: Report) => weeklyStory({ report, name: nameIn(report), memory: null });
  const nameIn = ({ environment, service }: Report) => ({
    environment,
    service: service ?? null,
    source: 'deployments',
    baseBranch: 'main',
  });

  test.each([
    ['on-target', 'on-target', 'Lead time is back at the target, so this issue closes.'],
    [
      'slipping',
      'on-target',
      'The alert ended on 3 Mar, 10:00 UTC, because lead time was back at the target, so',
    ],
    ['slipping', 'under-limit', 'because lead time was clearly under the limit, so this issue closes.'],
    ['slipping', 'not-sure', 'because lead time had not been over the limit for at least four weeks, so'],
    ['slipping', null, 'The data and settings of this run show no alert, so this issue closes.'],
  ] as const)('gives the true reason: %s after %s', async (status, left, words) => {
    expect(textOf(storyOf(await ended('', status, left)))).toContain(words);
  });

  test('is not written while the verdict is a drift, whatever is known about the alert', async () => {
    const stories = await Promise.all(
      (['drifted', 'slipping'] as const).map(async (status) =>
        storyOf(await ended('', status, 'under-limit')),
      ),
    );
    expect(stories.map(({ alert }) => alert)).toEqual([null, false]);
  });

  test('gives the reason of each service', async () => {
    const units = [
      await ended('api', 'on-target', null),
      await ended('web', 'slipping', 'under-limit'),
      await ended('jobs', 'on-target', 'on-target'),
    ];
    const [first] = units;
    if (!first) throw new Error('no service');
    const { repository, generatedAt, window } = first;
    const run = {
      repository,
      generatedAt,
      window,
      units,
      untold: [],
      elsewhere: [],
      status: 'slipping',
    } as unknown;
    expect(textOf(runStory(run as RunReport, [], nameIn(first)))).toContain(
      'Lead time is back at the target for api (production) and jobs (production). Lead time was clearly under the limit for web (production), so this issue closes.',
    );
  });
});

test("the title of a service's own issue names the service", async () => {
  const report = await sample();
  expect(weeklyIssue({ ...report, service: 'api' }, [], []).title).toContain(
    ' in production (api), target 15m',
  );
  expect(weeklyIssue(report, [], []).title).toContain(' in production, target 15m');
});
