import { describe, expect, test } from '@jest/globals';
import { story } from '../../src/fake-github/story.ts';
import { ask, type StepAnswer } from '../support/ask.ts';

/** Which findings each mode makes of one and the same day. */

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

describe('guard mode judges the deployment just made', () => {
  test('the newest success, where the event is about none', async () => {
    const { world } = eventful();
    expect(kinds(await ask(world, options))).toEqual(['drift window', 'stuck mergeset 5']);
  });

  test("the event's, where it is about one", async () => {
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

  test("none, where the event's is of another environment", async () => {
    const { world } = eventful();
    const answer = await ask(world, {
      ...options,
      surroundings: { eventName: 'deployment_status', eventDeployment: { id: 1, environment: 'staging' } },
    });
    expect(kinds(answer)).toEqual(['drift window', 'stuck mergeset 5']);
  });

  test('it fails on drift that is sure, and warns of one that is likely', async () => {
    const likely = await ask(eventful().world, options);
    expect(likely.report.confidence).toBe('likely');
    expect(likely.failed).toBe(false);
    expect(likely.report.findings.map((finding) => finding.severity)).toEqual(['warning', 'warning']);
    const any = await ask(eventful().world, {
      ...options,
      inputs: { ...options.inputs, 'fail-on': 'drift' },
    });
    expect(any.failed).toBe(true);
    expect(any.report.findings.map((finding) => finding.severity)).toEqual(['error', 'warning']);
  });

  test('with sure-drift named, any drift that is not sure fails nothing, in any mode', async () => {
    const answer = await ask(eventful().world, {
      ...options,
      inputs: { ...options.inputs, mode: 'scheduled', 'fail-on': 'sure-drift' },
    });
    expect(answer.failed).toBe(false);
  });
});

test('scheduled mode judges every deployment of the window, and fails on nothing', async () => {
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

test('stuck names what was merged before the window, too', async () => {
  const team = story();
  team.deploy(team.tip(), '2026-03-01T09:10:00Z');
  team.merge(1, '2026-03-01T10:00:00Z');
  const answer = await ask(team.world, options);
  expect(kinds(answer)).toEqual(['no-data window', 'stuck mergeset 1']);
  expect(answer.report.mergesets).toEqual([]);
  expect(answer.report.findings[1]?.message).toContain('#1 was merged 1d 10h ago and is not live');
});

test('a max-batch of two lets two changes go together', async () => {
  const { world, batch } = eventful();
  const answer = await ask(world, {
    ...options,
    inputs: { ...options.inputs, mode: 'scheduled', 'max-batch': '2' },
  });
  expect(kinds(answer)).not.toContain(`batch deployment ${batch.id}`);
});
