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
  const answer = await ask(world, options);
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
