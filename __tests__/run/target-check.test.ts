import { expect, test } from '@jest/globals';
import { story } from '../../src/fake-github/story.ts';
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
      what: 'No change in this window met the target of 15m. The fastest took 41m.',
      consequence: 'Check that "target" fits your team. The command "init" proposes one from your history.',
    },
  ]);
});

test('a target that every change beats tenfold gets one line that suggests a lower one', async () => {
  expect(await remarks(1, '30m')).toEqual([
    {
      what: 'Every change in this window was live in less than a tenth of the target of 30m. The slowest took 2m.',
      consequence: 'A lower "target" would notice a slowdown sooner.',
    },
  ]);
});

test('a target within reach gets no line', async () => {
  expect(await remarks(10, '15m')).toEqual([]);
});
