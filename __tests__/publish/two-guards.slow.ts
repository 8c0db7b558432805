import { describe, expect, test } from '@jest/globals';
import { withGitHub } from '../support/github.ts';
import { withOpenPull } from '../support/open-pull.ts';
import { numbersFrom } from '../support/random-team.ts';
import { opened, performOn, shippedBy, weekWith, writes } from '../support/written.ts';

/** Two workflows that write about one environment. */

const asGuard = (workflow: string) => ({ guard: `.github/workflows/${workflow} guard __action` });

/** Settings of the second workflow, each different from the defaults. */
const OTHER_SETTINGS: Record<string, string> = {
  target: '30m',
  tolerance: '50%',
  statistic: 'p90',
  window: '14d',
  'max-batch': '5',
  authors: 'people',
};

type Event = { event: string; payload?: object; inputs?: Record<string, string> };
const EVENTS: Record<string, Event> = {
  'the comment on an open pull request': opened,
  'the comment on a shipped change': { ...shippedBy(9013), inputs: { comment: 'always' } },
  'the weekly issue': weekWith('15m'),
};

describe.each(Object.entries(EVENTS))('%s', (_, event) => {
  test.each(Object.entries(OTHER_SETTINGS))(
    'is kept once by each of two workflows that differ in %s, in twenty runs in random order',
    async (name, value) => {
      const world = withOpenPull();
      const pick = numbersFrom(20_261);
      /** Writes by the workflow that made them. */
      const made: Record<string, string[]> = { 'a.yml': [], 'b.yml': [] };
      await withGitHub(world, {}, async (github) => {
        for (let i = 0; i < 20; i++) {
          const workflow = pick() < 0.5 ? 'a.yml' : 'b.yml';
          const before = writes(github).length;
          await performOn(world, github, {
            ...event,
            inputs: { ...event.inputs, ...(workflow === 'b.yml' ? { [name]: value } : {}) },
            around: asGuard(workflow),
          });
          made[workflow]?.push(...writes(github).slice(before));
        }
      });
      for (const own of Object.values(made)) {
        expect(own.filter((write) => write.startsWith('POST')).length).toBeLessThanOrEqual(1);
        expect(own.filter((write) => !write.startsWith('POST'))).toEqual([]);
      }
      expect(made['a.yml']).toHaveLength(1);
    },
  );
});
