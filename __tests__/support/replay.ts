import { emptyMemory, type Replayed, replaying } from '../../src/judge/alert.ts';
import type { Rule } from '../../src/judge/assessment.ts';
import type { Timeline } from '../../src/measure/timeline.ts';
import type { AlertMemory, AlertSpell } from '../../src/model/alert-spell.ts';

/**
 * Applies the rule to all of a timeline.
 *
 * @param from - the earliest instant for which the timeline goes back far enough, in milliseconds.
 * @param until - now, in milliseconds.
 * @returns the alerts, oldest first. The last one is still on if it has no `leftAt`.
 */
export const replay = (timeline: Timeline, rule: Rule, from: number, until: number): AlertSpell[] => [
  ...replayFrom(timeline, rule, emptyMemory('', from), until).memory.spells,
];

/** All steps of {@link replaying}. */
export function replayFrom(timeline: Timeline, rule: Rule, memory: AlertMemory, until: number): Replayed {
  const looks = replaying(timeline, rule, memory, until);
  for (;;) {
    const { done, value } = looks.next();
    if (done) return value;
  }
}
