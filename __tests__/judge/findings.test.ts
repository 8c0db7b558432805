import { describe, expect, test } from '@jest/globals';
import { severityOf } from '../../src/judge/findings.ts';
import { measure } from '../support/by-hand.ts';
import { deployment, facts, line, question, eventOn } from '../support/facts.ts';

/** Two changes merged at 100 and 200 that went live at 1260, one merged at 1300 and live at 2425, and one pending from 2000. */
const history = facts(line(-100, 100, 200, 1300, 2000), [
  deployment(1, 'c1', -90),
  deployment(2, 'c3', 1200),
  deployment(3, 'c4', 2365),
]);
const findings = (...[now, options]: Parameters<typeof question>) =>
  measure(history, question(now, options)).findings.map((finding) => [
    finding.kind,
    'mergeset' in finding ? finding.mergeset.number : 'deployment' in finding ? finding.deployment.id : null,
  ]);

describe('the findings of', () => {
  test('guard mode are about the newest success and pending changes', () => {
    expect(findings(3126)).toEqual([['stuck', 5]]);
  });

  test("guard mode are about the event's deployment if there is an event", () => {
    expect(findings(3126, { event: eventOn(2) })).toEqual([
      ['batch', 2],
      ['slow', 2],
      ['stuck', 5],
    ]);
  });

  test("guard mode are not about another deployment if the event's is missing", () => {
    expect(findings(3126, { event: eventOn(99) })).toEqual([['stuck', 5]]);
  });

  test('scheduled mode are about every deployment and every change of the window', () => {
    expect(findings(3126, { mode: 'scheduled' })).toEqual([
      ['batch', 2],
      ['slow', 2],
      ['stuck', 5],
    ]);
  });

  test('pull-request mode are about the window and pending changes', () => {
    expect(findings(3126, { mode: 'pull-request', event: eventOn(2) })).toEqual([['stuck', 5]]);
  });
});

describe('a time of exactly the threshold is not past it', () => {
  test('a change that waits 1125 s is not stuck, and one that waits 1126 s is', () => {
    expect(findings(2000 + 1125)).toEqual([]);
    expect(findings(2000 + 1126)).toEqual([['stuck', 5]]);
  });

  test('a change that is live after 1125 s is not slow, and one that is live after 1126 s is', () => {
    const slow = (created: number) =>
      measure(
        facts(line(-100, 1300), [deployment(1, 'c1', -90), deployment(2, 'c2', created)]),
        question(9999),
      ).findings.map((finding) => finding.kind);
    expect(slow(2365)).toEqual([]);
    expect(slow(2366)).toEqual(['drift', 'slow']);
  });
});

test('"no-data" is a notice, other findings are warnings, and findings that fail-on names are errors', () => {
  expect(severityOf('no-data', new Set())).toBe('notice');
  expect(severityOf('stuck', new Set(['drift']))).toBe('warning');
  expect(severityOf('stuck', new Set(['drift', 'stuck']))).toBe('error');
  expect(severityOf('no-data', new Set(['no-data']))).toBe('error');
  const { findings } = measure(facts(line(-100), [deployment(1, 'c1', -90)]), question(60));
  expect(findings).toEqual([{ kind: 'no-data', severity: 'notice' }]);
});
