import { describe, expect, test } from '@jest/globals';
import { severityOf } from '../../src/judge/findings.ts';
import { measure } from '../support/by-hand.ts';
import { deployment, facts, line, question, eventOn } from '../support/facts.ts';

/** Merged at 100 and 200 and live together at 1260; merged at 1300 and live at 2425; merged at 2000 and waiting. */
const history = facts(line(-100, 100, 200, 1300, 2000), [
  deployment(1, 'c1', -90),
  deployment(2, 'c3', 1200),
  deployment(3, 'c4', 2365),
]);
const told = (...[now, more]: Parameters<typeof question>) =>
  measure(history, question(now, more)).findings.map((finding) => [
    finding.kind,
    'mergeset' in finding ? finding.mergeset.number : 'deployment' in finding ? finding.deployment.id : null,
  ]);

describe('what is judged', () => {
  test('guard: the newest success, and what waits now', () => {
    expect(told(3126)).toEqual([['stuck', 5]]);
  });

  test("guard: the event's deployment", () => {
    expect(told(3126, { event: eventOn(2) })).toEqual([
      ['batch', 2],
      ['slow', 2],
      ['stuck', 5],
    ]);
  });

  test('guard: none, where the event is about a deployment that is not there', () => {
    expect(told(3126, { event: eventOn(99) })).toEqual([['stuck', 5]]);
  });

  test('scheduled: every deployment and every change of the window', () => {
    expect(told(3126, { mode: 'scheduled' })).toEqual([
      ['batch', 2],
      ['slow', 2],
      ['stuck', 5],
    ]);
  });

  test('a pull request: the window alone, and what waits', () => {
    expect(told(3126, { mode: 'pull-request', event: eventOn(2) })).toEqual([['stuck', 5]]);
  });
});

describe('exactly the threshold is not past it', () => {
  test('waiting 1125 s is not stuck; a second more is', () => {
    expect(told(2000 + 1125)).toEqual([]);
    expect(told(2000 + 1126)).toEqual([['stuck', 5]]);
  });

  test('live after 1125 s is not slow, live after 1126 s is', () => {
    const slow = (created: number) =>
      measure(
        facts(line(-100, 1300), [deployment(1, 'c1', -90), deployment(2, 'c2', created)]),
        question(9999),
      ).findings.map((finding) => finding.kind);
    expect(slow(2365)).toEqual([]);
    expect(slow(2366)).toEqual(['drift', 'slow']);
  });
});

test('no data is a notice, all else a warning, and an error is what fail-on names', () => {
  expect(severityOf('no-data', new Set())).toBe('notice');
  expect(severityOf('stuck', new Set(['drift']))).toBe('warning');
  expect(severityOf('stuck', new Set(['drift', 'stuck']))).toBe('error');
  expect(severityOf('no-data', new Set(['no-data']))).toBe('error');
  const { findings } = measure(facts(line(-100), [deployment(1, 'c1', -90)]), question(60));
  expect(findings).toEqual([{ kind: 'no-data', severity: 'notice' }]);
});
