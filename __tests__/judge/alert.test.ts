import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { emptyMemory, quietAt } from '../../src/judge/alert.ts';
import { replay, replayFrom } from '../support/replay.ts';
import type { AlertMemory } from '../../src/model/alert-spell.ts';
import { isSurelyUnder, assessAt, type Rule, sampleAt } from '../../src/judge/assessment.ts';
import { verdictOf } from '../../src/judge/verdict.ts';
import { leadTimeOf, statisticIn, statisticOf } from '../../src/model/lead-time.ts';
import { lowerMedian, type Timeline, type TimelineChange } from '../../src/measure/timeline.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const END = Date.parse('2026-06-01T00:00:00Z');
const RULE: Rule = {
  target: { seconds: 900, tolerance: 0.25, statistic: 'p50' },
  minSamples: 5,
  window: 7 * 86_400,
  widen: 28 * 86_400,
};
const LIMIT = 1125;

/**
 * A timeline of deployments, each with its hours before the end and the seconds that its changes took.
 *
 * @param waiting - seconds that pending changes have waited.
 */
function timeline(deployments: [hoursAgo: number, ...seconds: number[]][], waiting: number[] = []): Timeline {
  const changes: TimelineChange[] = [
    ...deployments.flatMap(([hours, ...times]) =>
      times.map((seconds) => {
        const liveAt = END - hours * HOUR;
        return { mergedAt: liveAt - seconds * 1000, liveAt, seconds };
      }),
    ),
    ...waiting.map((seconds) => ({ mergedAt: END - seconds * 1000, liveAt: null, seconds: null })),
  ].sort((a, b) => a.mergedAt - b.mergedAt);
  return {
    from: END - 200 * DAY,
    changes,
    deployments: deployments
      .map(([hours, ...seconds], i) => ({
        id: i + 1,
        at: END - hours * HOUR,
        medianSeconds: lowerMedian(seconds.toSorted((a, b) => a - b)),
        seconds: seconds.toSorted((a, b) => a - b),
        batched: seconds.length > 1,
        pullRequests: [],
        sha: '',
      }))
      .sort((a, b) => a.at - b.at),
  };
}

/** Deployments of one change each, four hours apart up to the end: the slow ones and then the fast ones. */
const team = (slow: number, fast: number, fastSeconds = 600, slowSeconds = 1800) =>
  timeline(
    Array.from(
      { length: slow + fast },
      (_, i) => [(slow + fast - i) * 4, i < slow ? slowSeconds : fastSeconds] as const,
    ).map(([hours, seconds]): [number, number] => [hours, seconds]),
  );
const now = (history: Timeline, rule = RULE) => assessAt(history, END, rule);

describe('how sure a drift is', () => {
  test.each([
    [5, 0, 'sure'],
    [4, 0, null],
    [8, 2, 'sure'],
    [7, 3, 'likely'],
    [11, 4, 'sure'],
    [10, 5, 'likely'],
  ])('after %i deployments over the limit and %i within it: %s', (slow, fast, confidence) => {
    expect(now(team(slow, fast)).confidence).toBe(confidence);
  });

  test('a deployment has one vote: the lower median of its changes', () => {
    const batch = timeline([
      [40, 600],
      [30, 700],
      [20, 1800, 1800, 1800, 1800, 1800, 1800],
      // The lower median of two changes is the faster one.
      [10, 600, 1800],
    ]);
    expect(now(batch)).toMatchObject({ confidence: 'likely', votes: { of: 4, over: 1 } });
  });

  test('two deployments over the limit are sure if their many changes are', () => {
    const twoDeployments = (changes: number) =>
      timeline([
        [20, ...Array.from({ length: changes }, () => 1800)],
        [10, ...Array.from({ length: changes }, () => 1800)],
      ]);
    expect(now(twoDeployments(5))).toMatchObject({
      confidence: 'sure',
      sureBy: 'changes',
      changes: { of: 10, over: 10 },
    });
    expect(now(twoDeployments(4))).toMatchObject({ confidence: 'likely' });
    const single = timeline([[20, ...Array.from({ length: 12 }, () => 1800)]]);
    expect(now(single)).toMatchObject({ confidence: 'likely' });
  });

  test('changes that have waited past the limit are one more vote', () => {
    const shipped: [number, number][] = [
      [60, 1800],
      [50, 1800],
      [40, 1800],
    ];
    expect(now(timeline(shipped, [60, 90]))).toMatchObject({ votes: { of: 3, over: 3 } });
    expect(now(timeline(shipped, [7200, 3600]))).toMatchObject({
      votes: { of: 4, over: 4 },
      confidence: 'sure',
    });
  });

  test('with an unknown statistic, five changes that have waited past the limit are sure', () => {
    const waiting = [4000, 5000, 6000, 7000, 8000];
    expect(now(timeline([[60, 600]], waiting))).toMatchObject({
      verdict: { leadTimeSeconds: null, status: 'drifted' },
      confidence: 'sure',
      sureBy: 'waiting',
    });
    expect(now(timeline([[60, 600]], [60, ...waiting.slice(1)]))).toMatchObject({ confidence: 'likely' });
  });

  test('five changes that were merged together are not sure at first, because one deployment may ship them all', () => {
    const together = (seconds: number) =>
      now(
        timeline(
          [[60, 600]],
          Array.from({ length: 5 }, () => seconds),
        ),
      );
    expect(together(Math.floor(2.5 * LIMIT))).toMatchObject({ waiting: 5, confidence: 'likely' });
    // However long their deployment takes, two and a half times the limit is too long.
    expect(together(2.5 * LIMIT + 1)).toMatchObject({ waiting: 5, confidence: 'sure' });
  });

  test('changes that waited through a pause do not make a drift sure', () => {
    // Six fast deployments, then eight changes that wait until the end of twelve days without a merge or a deployment.
    const fast = Array.from({ length: 6 }, (_, i): [number, number] => [400 + i * 12, 600]);
    const waited = Array.from({ length: 8 }, (_, i) => 300 * 3600 + i * 3600);
    const during = now(timeline(fast, waited));
    expect(during).toMatchObject({ verdict: { status: 'drifted' }, confidence: 'likely', sureBy: null });
    expect(during.pause).not.toBeNull();
    const thaw = now(
      timeline([...fast, ...waited.map((seconds, i): [number, number] => [5 - i / 2, seconds])]),
    );
    expect(thaw).toMatchObject({ votes: { over: 8 }, confidence: 'likely' });
    // With a merge on most days nothing paused.
    const busy = timeline(fast, [...waited, ...Array.from({ length: 12 }, (_, i) => 86_400 * (i + 1))]);
    expect(now(busy)).toMatchObject({ confidence: 'sure', pause: null });
  });

  test('without a drift there is no confidence', () => {
    expect(now(team(0, 10))).toMatchObject({ confidence: null, verdict: { status: 'on-target' } });
    const slipping = team(0, 10, 1000);
    expect(now(slipping)).toMatchObject({ confidence: null, verdict: { status: 'slipping' } });
    expect(isSurelyUnder(now(slipping))).toBe(true);
  });

  test('scaling all times and the target changes nothing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 60, max: 3600 }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 2, max: 20 }),
        (times, factor) => {
          // The gaps between deployments scale too, so that their order stays the same.
          const scaled = (by: number) =>
            assessAt(
              timeline(times.map((seconds, i): [number, number] => [(i + 1) * by, seconds * by])),
              END,
              {
                ...RULE,
                target: { ...RULE.target, seconds: 900 * by },
                window: 7 * 86_400 * by,
                widen: 28 * 86_400 * by,
              },
            );
          const { verdict, confidence, votes } = scaled(factor);
          const plain = scaled(1);
          expect([verdict.status, confidence, votes]).toEqual([
            plain.verdict.status,
            plain.confidence,
            plain.votes,
          ]);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('a window with too few changes', () => {
  const weekly = (count: number) =>
    timeline(Array.from({ length: count }, (_, i): [number, number] => [(i + 1) * 48, 600 + i]));

  test('is widened to the last ten changes', () => {
    const { from, observations } = sampleAt(weekly(14), END, RULE);
    expect(observations).toHaveLength(10);
    expect((END - from) / DAY).toBeCloseTo(20, 1);
  });

  test('is widened to at most 28 days', () => {
    const rare = timeline(Array.from({ length: 14 }, (_, i): [number, number] => [(i + 1) * 96, 600]));
    expect(sampleAt(rare, END, RULE).observations).toHaveLength(6);
  });

  test('is not widened if that is turned off or there are no older changes', () => {
    expect(sampleAt(weekly(14), END, { ...RULE, widen: 0 }).observations).toHaveLength(3);
    expect(sampleAt(weekly(3), END, RULE).from).toBe(END - 7 * DAY);
  });

  test('is not widened with ten changes in it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 60, max: 4000 }), { minLength: 10, maxLength: 40 }),
        fc.array(fc.integer({ min: 1, max: 4000 }), { maxLength: 10 }),
        (times, waiting) => {
          const history = timeline(
            times.map((seconds, i): [number, number] => [1 + i * 3, seconds]),
            waiting,
          );
          const plain = sampleAt(history, END, { ...RULE, widen: 0 });
          expect(plain.observations.length).toBeGreaterThanOrEqual(10);
          expect(now(history).verdict).toEqual(verdictOf(leadTimeOf(plain.observations), RULE.target, 5));
          expect(statisticIn(plain.observations, 'p90')).toEqual(
            statisticOf(leadTimeOf(plain.observations), 'p90'),
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('the alert', () => {
  const spells = (history: Timeline, from = END - 100 * DAY) => replay(history, RULE, from, END);

  test('starts with the first sure drift: as the fifth change goes past the limit, before its deployment', () => {
    const history = team(10, 0);
    expect(spells(history)).toMatchObject([
      { deployment: 4, votes: { of: 5, over: 5 }, leftAt: null, left: null, borneOut: true },
    ]);
    const fifth = history.changes[4]?.mergedAt ?? 0;
    expect(spells(history)[0]?.enteredAt).toBe(fifth + (LIMIT + 1) * 1000);
  });

  test('ends at the target', () => {
    expect(spells(team(6, 18))).toMatchObject([{ deployment: 4, left: 'on-target' }]);
  });

  test('does not end before lead time is back for a day', () => {
    // A sixth fast deployment brings the median back. A day later the alert ends, although nothing was deployed.
    const history = team(6, 6);
    const [last] = history.deployments.slice(-1);
    const later = (hours: number) => replay(history, RULE, END - 100 * DAY, (last?.at ?? 0) + hours * HOUR);
    expect(later(23)).toMatchObject([{ leftAt: null }]);
    expect(later(25)).toMatchObject([{ left: 'on-target', leftAt: (last?.at ?? 0) + 24 * HOUR }]);
  });

  test('stays on while a drift is only likely', () => {
    const history = team(10, 6);
    expect(now(history).confidence).toBe('likely');
    expect(spells(history)).toMatchObject([{ leftAt: null }]);
  });

  test('ends if lead time is surely under the limit, although past the target', () => {
    const history = timeline([
      ...Array.from({ length: 6 }, (_, i): [number, number] => [400 - i * 4, 1800]),
      ...Array.from({ length: 12 }, (_, i): [number, number] => [60 - i * 4, 1000]),
    ]);
    expect(spells(history)).toMatchObject([{ left: 'under-limit' }]);
  });

  /** Six slow deployments, and then some slow ones among every five. */
  const mixed = (slowOfFive: number) =>
    timeline([
      ...Array.from({ length: 6 }, (_, i): [number, number] => [24 * 60 - i, 1800]),
      ...Array.from({ length: 50 }, (_, i): [number, number] => [
        24 * 40 - i * 18,
        i % 5 < slowOfFive ? 1800 : 1000,
      ]),
    ]);

  test('ends if there was no drift for 28 days', () => {
    const [spell] = spells(mixed(2), END - 120 * DAY);
    expect(spell?.left).toBe('not-sure');
    expect(((spell?.leftAt ?? 0) - (spell?.enteredAt ?? 0)) / DAY).toBeGreaterThan(28);
  });

  test('stays on while the verdict is a drift, however long it is only likely', () => {
    expect(now(mixed(3)).confidence).toBe('likely');
    expect(spells(mixed(3), END - 120 * DAY)).toMatchObject([{ leftAt: null }]);
  });

  test('starts between two deployments as soon as enough changes have waited past the limit', () => {
    const waiting = [4000, 5000, 6000, 7000, 8000];
    const [spell] = spells(timeline([[60, 600]], waiting));
    expect(spell).toMatchObject({ enteredAt: END - (4000 - LIMIT - 1) * 1000, deployment: 1, leftAt: null });
  });

  test('starts when a drift lasts through four windows that share no change', () => {
    // Eight fast deployments and one of twelve slow changes in each week.
    const weeks = timeline(
      Array.from({ length: 8 }, (_, week) => 24 * 7 * week).flatMap((hours) => [
        [hours + 100, ...Array.from({ length: 12 }, (_, i) => 2000 + i)] as [number, ...number[]],
        ...Array.from({ length: 8 }, (_, i): [number, number] => [hours + 20 * i + 5, 600]),
      ]),
    );
    expect(now(weeks)).toMatchObject({ confidence: 'likely', votes: { of: 9, over: 1 } });
    const { memory, lasting } = replayFrom(weeks, RULE, emptyMemory('', END - 56 * DAY), END);
    expect(memory.spells).toMatchObject([{ leftAt: null }]);
    expect(memory.drift?.windows).toBeGreaterThanOrEqual(4);
    expect(lasting).toHaveLength(1);
    expect(((memory.spells[0]?.enteredAt ?? 0) - (memory.drift?.from ?? 0)) / DAY).toBeLessThan(36);
  });

  test('ends after five deployments if that is longer, but after at most 90 days', () => {
    const weekly = timeline(Array.from({ length: 9 }, (_, i): [number, number] => [24 * 14 * i + 1, 600]));
    expect(quietAt(weekly, END) / DAY).toBeCloseTo(56, 0);
    const rare = timeline(Array.from({ length: 9 }, (_, i): [number, number] => [24 * 40 * i + 1, 600]));
    expect(quietAt(rare, END) / DAY).toBe(90);
    const often = timeline(Array.from({ length: 9 }, (_, i): [number, number] => [24 * i + 1, 600]));
    expect(quietAt(often, END) / DAY).toBe(28);
  });

  test('was right if most of the next ten deployments were over the limit', () => {
    expect(spells(team(20, 0))[0]?.borneOut).toBe(true);
    expect(spells(team(5, 10))[0]?.borneOut).toBe(false);
    expect(spells(team(7, 0))[0]?.borneOut).toBeNull();
  });

  test('is not certain to have started there if it may have been on before', () => {
    const history = team(20, 0);
    expect(spells(history, END - 40 * HOUR)).toMatchObject([{ isCertain: false }]);
    expect(spells(history)).toMatchObject([{ isCertain: true }]);
  });
});

test('votes use the same limit as the verdict', () => {
  const votesOver = (seconds: number) => now(team(10, 0, 0, seconds)).votes.over;
  expect([votesOver(LIMIT), votesOver(LIMIT + 1)]).toEqual([0, 10]);
});

describe('the alert does not depend on when the guard runs', () => {
  const steps = fc.array(
    fc.tuple(
      fc.integer({ min: 1, max: 120 }),
      fc.constantFrom(400, 800, 1000, 1200, 2000, 90_000, 600_000),
      fc.integer({ min: 1, max: 6 }),
    ),
    { minLength: 5, maxLength: 100 },
  );
  const historyOf = (made: readonly [gap: number, seconds: number, count: number][]) => {
    let hours = 1;
    return timeline(
      made.map(([gap, seconds, count]): [number, ...number[]] => {
        hours += gap;
        return [hours, ...Array.from({ length: count }, (_, i) => seconds + i * 400)];
      }),
    );
  };
  /** What was known at an instant, from another instant on. */
  const knownAt = ({ changes, deployments }: Timeline, at: number, from: number): Timeline => ({
    from,
    changes: changes
      .filter(({ mergedAt }) => mergedAt >= from && mergedAt <= at)
      .map((change) => ((change.liveAt ?? 0) <= at ? change : { ...change, liveAt: null, seconds: null })),
    deployments: deployments.filter((deployment) => deployment.at >= from && deployment.at <= at),
  });
  const begins = END - 400 * DAY;
  const lookback = RULE.widen * 1000;

  test('continuing at any instants gives the same alerts as a replay of everything', () => {
    fc.assert(
      fc.property(steps, fc.array(fc.integer({ min: 1, max: 250 * 24 * 60 })), (made, minutes) => {
        const history = historyOf(made);
        const full = replayFrom(history, RULE, emptyMemory('', begins), END).memory;
        let memory: AlertMemory = emptyMemory('', begins);
        for (const until of [...minutes.map((ago) => END - ago * 60_000), END].sort((a, b) => a - b)) {
          const known = knownAt(history, until, Math.max(history.from, memory.until - lookback));
          memory = replayFrom(known, RULE, memory, until).memory;
        }
        // Whether a later deployment confirmed an alert, and every other field, is the same, too.
        expect(memory).toEqual(full);
      }),
      { numRuns: 60 },
    );
  });

  test('runs at each deployment, on Mondays and on each day see the same alerts', () => {
    fc.assert(
      fc.property(steps, (made) => {
        const history = historyOf(made);
        const spells = replay(history, RULE, begins, END);
        const isOn = (at: number) =>
          spells.some(({ enteredAt, leftAt }) => enteredAt <= at && (leftAt === null || leftAt > at));
        const first = history.deployments[0]?.at ?? END;
        const every = (apart: number) =>
          Array.from({ length: Math.ceil((END - first) / apart) }, (_, i) => first + 3 * HOUR + i * apart);
        for (const instants of [history.deployments.map(({ at }) => at), every(7 * DAY), every(DAY)]) {
          let memory: AlertMemory = emptyMemory('', begins);
          for (const at of instants.filter((instant) => instant <= END)) {
            memory = replayFrom(knownAt(history, at, history.from), RULE, memory, at).memory;
            expect([at, memory.spells.at(-1)?.leftAt === null]).toEqual([at, isOn(at)]);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  test('no alert ends while the verdict is a drift', () => {
    fc.assert(
      fc.property(steps, (made) => {
        const history = historyOf(made);
        for (const { leftAt } of replay(history, RULE, begins, END))
          if (leftAt !== null) expect(assessAt(history, leftAt, RULE).verdict.status).not.toBe('drifted');
      }),
      { numRuns: 60 },
    );
  });
});
