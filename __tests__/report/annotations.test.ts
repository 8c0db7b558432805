import { expect, test } from '@jest/globals';
import { story } from '../../src/fake-github/story.ts';
import { annotationsOf } from '../../src/report/annotations.ts';
import { ask } from '../support/ask.ts';

const NOW = '2026-03-02T20:00:00Z';

function waiting(count: number) {
  const team = story();
  team.deploy(team.tip(), '2026-03-01T09:10:00Z');
  for (let i = 1; i <= count; i++) team.merge(i, `2026-03-02T10:00:${String(i).padStart(2, '0')}Z`);
  return team.world;
}

test('at most ten of a severity: the tenth counts the rest', async () => {
  const answer = await ask(waiting(25), { now: NOW, inputs: { 'fail-on': 'none' } });
  const warnings = annotationsOf(answer.report).filter((annotation) => annotation.severity === 'warning');
  expect(warnings).toHaveLength(10);
  expect(warnings.at(-1)?.message).toBe('17 more: 17 stuck. See the job summary for the full list.');
  expect(answer.report.findings).toHaveLength(26);
});

test('ten are shown as they are', async () => {
  const answer = await ask(waiting(9), { now: NOW, inputs: { 'fail-on': 'none' } });
  expect(annotationsOf(answer.report).map((annotation) => annotation.title)).toEqual([
    'Deploy latency has drifted',
    ...Array.from({ length: 9 }, () => 'Merged, but not live'),
  ]);
});

test('what fail-on names is an error, and comes first', async () => {
  const answer = await ask(waiting(2), { now: NOW, inputs: { 'fail-on': 'stuck' } });
  expect(answer.failed).toBe(true);
  expect(annotationsOf(answer.report).map((annotation) => annotation.severity)).toEqual([
    'error',
    'error',
    'warning',
  ]);
});

test('on a pull request a warning is no annotation, as the comment says it; an error is one', async () => {
  const surroundings = { eventName: 'pull_request' };
  const quiet = await ask(waiting(2), { now: NOW, surroundings });
  expect(annotationsOf(quiet.report)).toEqual([]);
  expect(quiet.report.findings).toHaveLength(3);
  const loud = await ask(waiting(2), { now: NOW, surroundings, inputs: { 'fail-on': 'drift' } });
  expect(annotationsOf(loud.report).map((annotation) => annotation.severity)).toEqual(['error']);
});
