import { describe, expect, test } from '@jest/globals';
import { story } from '../../src/fake-github/story.ts';
import { matches } from '../../src/model/pattern.ts';
import { ask, changeOf, deploymentOf } from '../support/ask.ts';
import { hasRequest } from '../support/requests.ts';

/** Tags as deployments: each change is live with the first tag that contains it. */

const at = (time: string) => `2026-03-02T${time}Z`;
const options = {
  now: at('20:00:00'),
  inputs: { 'deploy-source': 'tags', window: '20h', target: '10m', mode: 'scheduled' },
};

/** A team whose first tag is a day old. */
function team() {
  const begun = story();
  const tag = (name: string, sha: string, taggedAt?: string) => {
    begun.world.tags ??= [];
    begun.world.tags.push({ name, sha, ...(taggedAt ? { taggedAt } : {}) });
  };
  tag('v0.1.0', begun.tip(), '2026-03-01T10:00:00Z');
  return { ...begun, tag };
}

test('if no tag matches, the error says what is accepted', async () => {
  const { world } = team();
  await expect(
    ask(world, { ...options, inputs: { ...options.inputs, 'deploy-tag': 'api-v*' } }),
  ).rejects.toThrow(
    'Input "deploy-tag" is "api-v*"; no tag in the repository matches. Accepted: the name of a tag',
  );
});

test('changes of a lightweight tag have no lead time, and a gap says so', async () => {
  const { world, merge, tag } = team();
  tag('v0.2.0', merge(1, at('08:00:00')));
  tag('v0.3.0', merge(2, at('09:00:00')), at('09:05:00'));
  const answer = await ask(world, options);
  expect(changeOf(answer, 1)).toMatchObject({
    deployment: 'v0.2.0',
    leadTimeSeconds: null,
    untimed: true,
    notes: ['its tag has no date'],
  });
  expect(changeOf(answer, 2)).toMatchObject({ deployment: 'v0.3.0', leadTimeSeconds: 300 });
  expect(answer.report.completeness.gaps.map((gap) => gap.what)).toEqual([
    'Tags without a time: v0.2.0. Only annotated tags (git tag -a) record when they were made.',
  ]);
});

describe('A tag without a time among tags with one', () => {
  /** Two changes that wait an hour for `v0.3.0`, and three fast ones. */
  function teamWithSlowTag(isLightweight: boolean) {
    const begun = team();
    begun.merge(1, at('08:00:00'));
    const slow = begun.merge(2, at('08:01:00'));
    begun.merge(3, at('08:02:00'));
    if (isLightweight) begun.tag('v0.2.0', slow);
    begun.tag('v0.3.0', begun.tip(), at('09:00:00'));
    for (const number of [4, 5])
      begun.tag(`v0.${number}.0`, begun.merge(number, at(`1${number}:00:00`)), at(`1${number}:01:00`));
    return begun;
  }
  const atRisk = ({ report }: Awaited<ReturnType<typeof ask>>) =>
    report.completeness.gaps.filter((gap) => gap.verdictAtRisk).map((gap) => gap.what);

  test('gives no verdict if the result depends on it', async () => {
    const drifted = await ask(teamWithSlowTag(false).world, options);
    expect(drifted.report.status).toBe('drifted');
    const answer = await ask(teamWithSlowTag(true).world, options);
    expect(answer.report).toMatchObject({ status: 'insufficient-data', reason: 'unreadable' });
    expect(atRisk(answer)).toEqual([
      '2 changes of the window may have gone live with a tag that has no time.',
    ]);
  });

  test('leaves the verdict alone if the result is the same in any case', async () => {
    const { world } = teamWithSlowTag(true);
    const answer = await ask(world, { ...options, inputs: { ...options.inputs, target: '2h' } });
    expect(answer.report.status).toBe('on-target');
    expect(atRisk(answer)).toEqual([]);
  });

  test('counts as waiting until now if no later tag contains its changes', async () => {
    const { world, merge, tag } = team();
    tag('v0.2.0', merge(1, at('08:00:00')), at('08:01:00'));
    tag('v0.3.0', merge(2, at('09:00:00')));
    tag('v0.4.0', merge(3, at('10:00:00')));
    const answer = await ask(world, options);
    expect(answer.report.status).toBe('insufficient-data');
    expect(atRisk(answer)).toHaveLength(1);
  });

  test('does not matter for changes that do not count', async () => {
    const { world } = teamWithSlowTag(true);
    for (const pull of world.pulls) if (pull.number <= 2) pull.author = 'bot';
    const inputs = { ...options.inputs, authors: '!bot' };
    expect(atRisk(await ask(world, { ...options, inputs }))).toEqual([]);
  });
});

test('a deployment whose statuses are gone gives no verdict if the result depends on it', async () => {
  const { world, merge, deploy, push } = story();
  deploy(push('2026-03-01T10:00:00Z'), '2026-03-01T10:05:00Z');
  merge(1, at('08:00:00'));
  deploy(merge(2, at('08:01:00')), at('08:30:00'), { statusesGone: true });
  deploy(merge(3, at('09:00:00')), at('09:01:00'));
  const now = '2026-07-02T20:00:00Z';
  const { report } = await ask(world, { now, inputs: { window: '150d', target: '10m' } });
  expect(report.completeness.gaps.find((gap) => gap.verdictAtRisk)?.what).toBe(
    '2 changes of the window may have gone live with a deployment whose statuses GitHub has deleted.',
  );
});

test('a tag that moves with each version is skipped, and a gap says so', async () => {
  const { world, merge, tag } = team();
  const sha = merge(1, at('08:00:00'));
  tag('v0.2.0', sha, at('08:05:00'));
  tag('v0', sha, at('08:06:00'));
  const answer = await ask(world, options);
  expect(changeOf(answer, 1)).toMatchObject({ deployment: 'v0.2.0' });
  expect(deploymentOf(answer, 'v0')).toBeUndefined();
  expect(answer.report.completeness.gaps.map((gap) => gap.what)).toEqual([
    'Skipped tags that move with each new version: v0.',
  ]);
});

test("changes are live at the tagger's time, and two changes of one tag are a batch", async () => {
  const { world, merge, tag } = team();
  merge(1, at('08:00:00'));
  tag('v0.2.0', merge(2, at('08:30:00')), at('08:40:00'));
  const answer = await ask(world, { ...options, inputs: { ...options.inputs, stages: 'none' } });
  expect(changeOf(answer, 1)).toMatchObject({ deployment: 'v0.2.0', leadTimeSeconds: 2400 });
  expect(deploymentOf(answer, 'v0.2.0')).toMatchObject({ mergesets: [1, 2], batched: true, trigger: 'tag' });
  expect(answer.requests).toHaveLength(1);
});

test('tags that do not match the pattern do not count', async () => {
  const { world, merge, tag } = team();
  tag('docs-1', merge(1, at('08:00:00')), at('08:01:00'));
  tag('v0.2.0', merge(2, at('09:00:00')), at('09:02:00'));
  expect(changeOf(await ask(world, options), 1)).toMatchObject({ deployment: 'v0.2.0' });
});

test('older tags are read page by page until one is older than the window', async () => {
  const { world, merge, tag, later } = team();
  for (let i = 1; i <= 130; i++)
    tag(`v1.0.${i}`, merge(i, later(at('00:30:00'), i * 60)), later(at('00:30:10'), i * 60));
  const answer = await ask(world, options);
  expect(answer.report.leadTime).toMatchObject({ count: 130, deployed: 130, p50: 10 });
  expect(answer.requests.filter((request) => hasRequest(request, 'Tags'))).toHaveLength(1);
});

describe('the pattern', () => {
  test.each([
    ['v*', 'v1.2.3', true],
    ['v*', 'api-v1', false],
    ['v1.0', 'v1.0', true],
    ['v1.0', 'v1.0.1', false],
    ['api-v*-rc*', 'api-v1-rc2', true],
    ['*-prod', 'a-prod', true],
    ['a*a', 'a', false],
    ['*', '', true],
  ])('%s against the name %s: %s', (pattern, name, expected) => {
    expect(matches(pattern, name)).toBe(expected);
  });
});
