import { describe, expect, test } from '@jest/globals';
import type { Person } from '../../src/model/facts.ts';
import { byHandOf, isStartedByHand } from '../../src/diagnose/by-hand.ts';
import type { MeasuredDeployment } from '../../src/measure/measured.ts';
import { at, type DeploymentOptions, deployment, job, person, pipeline, run } from '../support/facts.ts';

const made = (options: DeploymentOptions = {}) =>
  ({ deployment: deployment(1, 'c1', 0, options) }) as MeasuredDeployment;
const started = (event: string, actor: Person | null, more: Parameters<typeof pipeline>[1] = {}) =>
  byHandOf(made(), pipeline(run(7, 0, [job('deploy', 0, 60)], { event, actor }), more));

describe('a run', () => {
  test('that a person dispatched', () => {
    expect(started('workflow_dispatch', person('ada'))).toEqual({
      how: 'dispatched',
      by: 'ada',
      waited: null,
    });
    expect(started('workflow_dispatch', person('renovate', true))).toBeNull();
    expect(started('workflow_dispatch', null)).toBeNull();
  });

  test('of a release that a person published', () => {
    expect(started('release', person('ada'))).toEqual({ how: 'released', by: 'ada', waited: null });
    expect(started('release', person('release-bot', true))).toBeNull();
    expect(started('release', null)).toBeNull();
  });

  test('of a push is nobody, whoever pushed', () => {
    expect(started('push', person('ada'))).toBeNull();
  });

  test('that a person let go on, with how long it waited in all', () => {
    const holds = [
      { from: at(10), to: at(40) },
      { from: at(100), to: at(105) },
    ];
    expect(started('push', person('ada'), { approvedBy: person('ben'), holds })).toEqual({
      how: 'approved',
      by: 'ben',
      waited: 35,
    });
    expect(started('push', null, { approvedBy: person('gate', true), holds })).toBeNull();
    expect(started('push', null, { holds })).toBeNull();
  });

  test('whose creator is a person is judged by the run', () => {
    const it = pipeline(run(7, 0, [job('deploy', 0, 60)]));
    expect(byHandOf(made({ creator: person('ada') }), it)).toBeNull();
  });
});

describe('a deployment from outside Actions', () => {
  test('that a person made', () => {
    expect(byHandOf(made({ creator: person('ada') }), null)).toEqual({
      how: 'created',
      by: 'ada',
      waited: null,
    });
  });

  test('that a person released', () => {
    expect(byHandOf(made({ creator: person('ada'), trigger: 'release' }), null)).toEqual({
      how: 'released',
      by: 'ada',
      waited: null,
    });
  });

  test('not one that a program made, nor one that nobody is known to have made', () => {
    expect(byHandOf(made({ creator: person('argo', true) }), null)).toBeNull();
    expect(byHandOf(made({ creator: null }), null)).toBeNull();
  });

  test('not one of a run that was not opened: who pressed the button is not known', () => {
    expect(byHandOf(made({ creator: person('ada'), run: 7 }), null)).toBeNull();
  });
});

test('an approval is in the middle; all other hands are at the start', () => {
  const by = (how: 'approved' | 'created' | 'dispatched' | 'released') =>
    isStartedByHand({ how, by: 'ada', waited: null });
  expect([by('approved'), by('created'), by('dispatched'), by('released')]).toEqual([
    false,
    true,
    true,
    true,
  ]);
  expect(isStartedByHand(null)).toBe(false);
});
