import { describe, expect, test } from '@jest/globals';
import { story } from '../../src/fake-github/story.ts';
import { annotationsOf } from '../../src/report/annotations.ts';
import type { Report } from '../../src/report/contract.ts';
import { runReportOf } from '../../src/run/reporting/report-of.ts';
import { ask } from '../support/ask.ts';

const NOW = '2026-03-02T20:00:00Z';

/** A team that deployed once, and whose later changes wait past the limit. */
function waiting(count: number) {
  const team = story();
  team.deploy(team.tip(), '2026-03-01T09:10:00Z');
  for (let i = 1; i <= count; i++) team.merge(i, `2026-03-02T10:00:${String(i).padStart(2, '0')}Z`);
  return team.world;
}

test('there are ten annotations at most, and the tenth counts the rest', async () => {
  const answer = await ask(waiting(25), { now: NOW, inputs: { 'fail-on': 'none' } });
  expect(answer.report.findings).toHaveLength(26);
  const annotations = annotationsOf(answer.report);
  expect(annotations).toHaveLength(10);
  expect(annotations.map((annotation) => annotation.severity)).toEqual(Array(10).fill('warning'));
  expect(annotations.at(-1)?.message).toBe(
    '17 more: 17 stuck changes. See the job summary for the full list.',
  );
});

describe('several services', () => {
  /** The findings of a service: one drift and six stuck changes. */
  const serviceOf = (
    report: Report,
    service: string,
    more: Partial<Report>,
    severity = 'warning',
  ): Report => ({
    ...report,
    ...more,
    service,
    findings: report.findings.map((finding) => ({
      ...finding,
      severity: severity as 'error' | 'warning',
      message: `${service}: ${finding.message}`,
    })),
  });

  test('they share ten annotations: errors first, then the worst service, and the tenth counts the rest', async () => {
    const { report } = await ask(waiting(6), { now: NOW, inputs: { 'fail-on': 'none' } });
    const run = runReportOf(
      [
        serviceOf(report, 'web', { status: 'on-target' }),
        serviceOf(report, 'api', { status: 'drifted' }),
        serviceOf(report, 'jobs', { status: 'slipping' }, 'error'),
      ],
      [],
      null,
    );
    const annotations = annotationsOf(run);
    const subjects = annotations
      .slice(0, -1)
      .map(({ severity, message }) => [severity, message.split(':')[0]]);
    expect(subjects).toEqual([...Array(7).fill(['error', 'jobs']), ...Array(2).fill(['warning', 'api'])]);
    expect(annotations.at(-1)).toEqual({
      severity: 'warning',
      title: 'Deploy latency',
      message: '12 more: 11 stuck changes and 1 drift. See the job summary for the full list.',
    });
  });

  test('an error of a service that cannot fail the run is a warning', async () => {
    const { report } = await ask(waiting(1), { now: NOW, inputs: { 'fail-on': 'none' } });
    const run = runReportOf(
      [
        serviceOf(report, 'api', { judged: report.deployments[0]?.id ?? 1 }, 'error'),
        serviceOf(report, 'web', { judged: null }, 'error'),
      ],
      [],
      null,
    );
    expect(annotationsOf(run).map(({ severity, message }) => [severity, message.split(':')[0]])).toEqual([
      ...Array(2).fill(['error', 'api']),
      ...Array(2).fill(['warning', 'web']),
    ]);
  });
});

test('ten findings are ten annotations', async () => {
  const answer = await ask(waiting(9), { now: NOW, inputs: { 'fail-on': 'none' } });
  expect(annotationsOf(answer.report).map((annotation) => annotation.title)).toEqual([
    'Deploy latency has drifted',
    ...Array.from({ length: 9 }, () => 'Merged, but not live'),
  ]);
});

test('a finding that fail-on names is an error and comes first', async () => {
  const answer = await ask(waiting(2), { now: NOW, inputs: { 'fail-on': 'stuck' } });
  expect(answer.failed).toBe(true);
  expect(annotationsOf(answer.report).map((annotation) => annotation.severity)).toEqual([
    'error',
    'error',
    'warning',
  ]);
});

test('on a pull request only errors are annotations, because the comment has the warnings', async () => {
  const surroundings = { eventName: 'pull_request' };
  const quiet = await ask(waiting(2), { now: NOW, surroundings });
  expect(annotationsOf(quiet.report)).toEqual([]);
  expect(quiet.report.findings).toHaveLength(3);
  const loud = await ask(waiting(2), { now: NOW, surroundings, inputs: { 'fail-on': 'drift' } });
  expect(annotationsOf(loud.report).map((annotation) => annotation.severity)).toEqual(['error']);
});
