import { describe, expect, test } from '@jest/globals';
import { story } from '../../src/fake-github/story.ts';
import { ask, type StepAnswer } from '../support/ask.ts';

/** The findings of each mode, for the same day. */

const NOW = '2026-03-02T20:00:00Z';
const at = (time: string) => `2026-03-02T${time}Z`;
const kinds = ({ report }: StepAnswer) =>
  report.findings.map((finding) => `${finding.kind} ${finding.subject}`);

function eventful() {
  const team = story();
  team.deploy(team.tip(), '2026-03-01T09:10:00Z');
  team.merge(1, at('08:00:00'));
  const batch = team.deploy(team.merge(2, at('08:30:00')), at('08:35:00'));
  const slow = team.deploy(team.merge(3, at('10:00:00')), at('11:00:00'));
  const last = team.deploy(team.merge(4, at('12:00:00')), at('12:05:00'));
  team.merge(5, at('15:00:00'));
  return { world: team.world, batch, slow, last };
}

const options = { now: NOW, inputs: { window: '20h', target: '10m', widen: 'none' } };

describe('guard mode judges', () => {
  test('the newest success if the event has no deployment', async () => {
    const { world } = eventful();
    expect(kinds(await ask(world, options))).toEqual(['drift window', 'stuck mergeset 5']);
  });

  test('the deployment of the event', async () => {
    const { world, batch } = eventful();
    const answer = await ask(world, {
      ...options,
      surroundings: {
        eventName: 'deployment_status',
        eventDeployment: { id: batch.id, environment: 'production' },
      },
    });
    expect(kinds(answer)).toEqual([
      'drift window',
      `batch deployment ${batch.id}`,
      'slow mergeset 1',
      'stuck mergeset 5',
    ]);
  });

  test('no deployment if that of the event is in another environment', async () => {
    const { world } = eventful();
    const answer = await ask(world, {
      ...options,
      surroundings: { eventName: 'deployment_status', eventDeployment: { id: 1, environment: 'staging' } },
    });
    expect(kinds(answer)).toEqual(['drift window', 'stuck mergeset 5']);
  });

  test('a likely drift is a warning, unless "fail-on" names drift', async () => {
    const likely = await ask(eventful().world, options);
    expect(likely.report.confidence).toBe('likely');
    expect(likely.failed).toBe(false);
    expect(likely.report.findings.map((finding) => finding.severity)).toEqual(['warning', 'warning']);
    const strict = await ask(eventful().world, {
      ...options,
      inputs: { ...options.inputs, 'fail-on': 'drift' },
    });
    expect(strict.failed).toBe(true);
    expect(strict.report.findings.map((finding) => finding.severity)).toEqual(['error', 'warning']);
  });

  test('a likely drift does not fail with "fail-on: sure-drift", in any mode', async () => {
    const answer = await ask(eventful().world, {
      ...options,
      inputs: { ...options.inputs, mode: 'scheduled', 'fail-on': 'sure-drift' },
    });
    expect(answer.failed).toBe(false);
  });
});

test('scheduled mode judges every deployment of the window and does not fail', async () => {
  const { world, batch } = eventful();
  const answer = await ask(world, { ...options, inputs: { ...options.inputs, mode: 'scheduled' } });
  expect(kinds(answer)).toEqual([
    'drift window',
    `batch deployment ${batch.id}`,
    'slow mergeset 1',
    'slow mergeset 3',
    'stuck mergeset 5',
  ]);
  expect(answer.failed).toBe(false);
});

test('pull-request mode judges the window and no deployment', async () => {
  const answer = await ask(eventful().world, { ...options, surroundings: { eventName: 'pull_request' } });
  expect(kinds(answer)).toEqual(['drift window', 'stuck mergeset 5']);
  expect(answer.failed).toBe(false);
});

test('a change merged before the window can be stuck', async () => {
  const team = story();
  team.deploy(team.tip(), '2026-03-01T09:10:00Z');
  team.merge(1, '2026-03-01T10:00:00Z');
  const answer = await ask(team.world, options);
  expect(kinds(answer)).toEqual(['no-data window', 'stuck mergeset 1']);
  expect(answer.report.mergesets).toEqual([]);
  expect(answer.report.findings[1]?.message).toContain('#1 was merged 1d 10h ago and is not live');
});

test('two changes in one deployment are not a batch with "max-batch: 2"', async () => {
  const { world, batch } = eventful();
  const answer = await ask(world, {
    ...options,
    inputs: { ...options.inputs, mode: 'scheduled', 'max-batch': '2' },
  });
  expect(kinds(answer)).not.toContain(`batch deployment ${batch.id}`);
});
