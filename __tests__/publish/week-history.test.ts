import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hiddenWeeks, MOST_WEEKS, weeksIn, withWeek } from '../../src/publish/week-history.ts';
import type { Week } from '../../src/publish/texts/weeks.ts';
import { hostileText } from '../support/hostile.ts';

const week = (name: string, seconds = 900): Week => ({
  week: name,
  status: 'drifted',
  seconds,
  atLeast: null,
  mergesets: 5,
  pending: 0,
  batches: 0,
});

test('the history is read as it was written', () => {
  const weeks = [
    week('2026-03-02'),
    { ...week('2026-03-09'), seconds: null, atLeast: 77, status: 'insufficient-data' as const },
  ];
  expect(weeksIn(`<!-- marker -->\n${hiddenWeeks(weeks)}\n\n# More`)).toEqual(weeks);
});

test('a line replaces the one of the same week, and 26 weeks are kept', () => {
  const weeks = Array.from({ length: 40 }, (_, i) =>
    week(new Date(Date.parse('2025-01-06') + i * 7 * 86_400_000).toISOString().slice(0, 10)),
  );
  const kept = weeks.reduce<Week[]>((history, week) => withWeek(history, week), []);
  expect(kept).toEqual(weeks.slice(-MOST_WEEKS));
  expect(withWeek(kept, week(kept.at(-1)?.week ?? '', 5)).at(-1)?.seconds).toBe(5);
});

describe('a body that somebody edited', () => {
  test('only valid weeks are read, whatever it contains', () => {
    fc.assert(
      fc.property(fc.oneof(hostileText, fc.json()), (text) => {
        for (const week of weeksIn(`<!-- weeks: [${text}] -->`))
          expect(week.week).toMatch(/^\d{4}-\d{2}-\d{2}$/);
        expect(weeksIn(text)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('an invalid line is skipped, and the others are kept', () => {
    const body = `<!-- weeks: ${JSON.stringify([week('2026-03-02'), { week: 'last one' }, { ...week('2026-03-09'), seconds: 'fast' }, null])} -->`;
    expect(weeksIn(body)).toEqual([week('2026-03-02')]);
  });
});
