import { expect, test } from '@jest/globals';
import { story } from '../../src/fake-github/story.ts';
import type { Block } from '../../src/report/blocks.ts';
import { previewComment } from '../../src/publish/texts/preview.ts';
import { markdown } from '../../src/report/render/markdown.ts';
import { weeklyIssue } from '../../src/publish/texts/weekly.ts';
import { ask } from '../support/ask.ts';

/** Six changes, one an hour, each live after this many minutes. */
function team(minutes: number) {
  const made = story();
  made.deploy(made.tip(), '2026-03-02T06:00:00Z');
  for (let i = 1; i <= 6; i++) {
    const merged = Date.parse('2026-03-02T07:00:00Z') + i * 3_600_000;
    made.merge(i, new Date(merged).toISOString());
    made.deploy(made.tip(), new Date(merged + minutes * 60_000).toISOString());
  }
  return made.world;
}

const remarks = async (minutes: number, target: string) => {
  const { report } = await ask(team(minutes), { now: '2026-03-02T20:00:00Z', inputs: { target } });
  return report.remarks.filter(({ what }) => what.includes('the target of'));
};

test('a target that no change met gets one line that suggests to check it', async () => {
  expect(await remarks(40, '15m')).toEqual([
    {
      what: 'No change of the last day met the target of 15m. The fastest took 41m.',
      consequence:
        'Set "target" to what you want to hold. The command "init" proposes one from your history.',
      isForIssue: true,
    },
  ]);
});

test('a target that every change beats tenfold gets one line that suggests a lower one', async () => {
  expect(await remarks(1, '30m')).toEqual([
    {
      what: 'Every change of the last day was live in less than a tenth of the target of 30m. The slowest took 2m.',
      consequence: 'A lower "target" would notice a slowdown sooner.',
      isForIssue: true,
    },
  ]);
});

test('a target within reach gets no line', async () => {
  expect(await remarks(10, '15m')).toEqual([]);
});

test('a target that a change met before the window gets no line', async () => {
  const made = story();
  made.deploy(made.tip(), '2026-01-01T06:00:00Z');
  for (let i = 1; i <= 60; i++) {
    const merged = Date.parse('2026-01-01T07:00:00Z') + i * 86_400_000;
    made.merge(i, new Date(merged).toISOString());
    made.deploy(made.tip(), new Date(merged + (i < 40 ? 10 : 40) * 60_000).toISOString());
  }
  const inputs = { target: '15m', mode: 'scheduled' };
  const { report } = await ask(made.world, { now: '2026-03-02T20:00:00Z', inputs });
  expect(report.status).toBe('drifted');
  expect(report.remarks.filter(({ what }) => what.includes('the target of'))).toEqual([]);
});

test('the weekly issue repeats the line, and a comment does not', async () => {
  const { report } = await ask(team(40), {
    now: '2026-03-02T20:00:00Z',
    inputs: { target: '15m', mode: 'scheduled' },
  });
  const drawn = (blocks: Block[]) => markdown(blocks, { surface: 'thread' });
  expect(drawn(weeklyIssue(report, [], []).blocks)).toContain('met the target of 15m');
  expect(drawn(previewComment(report, 500))).not.toContain('met the target of 15m');
});
