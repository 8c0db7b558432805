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
  test('that a person dispatched was started by hand', () => {
    expect(started('workflow_dispatch', person('ada'))).toEqual({
      how: 'dispatched',
      by: 'ada',
      waited: null,
    });
    expect(started('workflow_dispatch', person('renovate', true))).toBeNull();
    expect(started('workflow_dispatch', null)).toBeNull();
  });

  test('for a release that a person published was started by hand', () => {
    expect(started('release', person('ada'))).toEqual({ how: 'released', by: 'ada', waited: null });
    expect(started('release', person('release-bot', true))).toBeNull();
    expect(started('release', null)).toBeNull();
  });

  test('for a push was not started by hand, whoever pushed', () => {
    expect(started('push', person('ada'))).toBeNull();
  });

  test('that a person approved has the time it waited in total', () => {
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

  test('decides even if a person created the deployment', () => {
    const pushed = pipeline(run(7, 0, [job('deploy', 0, 60)]));
    expect(byHandOf(made({ creator: person('ada') }), pushed)).toBeNull();
  });
});

describe('a deployment from outside GitHub Actions', () => {
  test('that a person created was made by hand', () => {
    expect(byHandOf(made({ creator: person('ada') }), null)).toEqual({
      how: 'created',
      by: 'ada',
      waited: null,
    });
  });

  test('for a release that a person published was made by hand', () => {
    expect(byHandOf(made({ creator: person('ada'), trigger: 'release' }), null)).toEqual({
      how: 'released',
      by: 'ada',
      waited: null,
    });
  });

  test('that a bot or an unknown creator made was not made by hand', () => {
    expect(byHandOf(made({ creator: person('argo', true) }), null)).toBeNull();
    expect(byHandOf(made({ creator: null }), null)).toBeNull();
  });

  test('of a run that was not opened has an unknown start', () => {
    expect(byHandOf(made({ creator: person('ada'), run: 7 }), null)).toBeNull();
  });
});

test('a person who approved a deployment did not start it; all others did', () => {
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
