import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nextAlert, emptyMemory, quietAt, replay, replayFrom } from '../../src/judge/alert.ts';
import type { Alert } from '../../src/model/alert-spell.ts';
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

  test('starts with the first sure drift, and names the deployment that made it sure', () => {
    expect(spells(team(10, 0))).toMatchObject([
      { deployment: 5, votes: { of: 5, over: 5 }, leftAt: null, left: null, borneOut: null },
    ]);
  });

  test('ends at the target', () => {
    expect(spells(team(6, 12))).toMatchObject([{ deployment: 5, left: 'on-target' }]);
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

  test('ends if no drift was sure for 28 days', () => {
    // Six slow deployments, and then three slow ones for every two in time: a drift that is only likely.
    const history = timeline([
      ...Array.from({ length: 6 }, (_, i): [number, number] => [24 * 60 - i, 1800]),
      ...Array.from({ length: 50 }, (_, i): [number, number] => [24 * 40 - i * 18, i % 5 < 3 ? 1800 : 1000]),
    ]);
    const [spell] = spells(history, END - 120 * DAY);
    expect(spell?.left).toBe('not-sure');
    expect(((spell?.leftAt ?? 0) - (spell?.lastSure ?? 0)) / DAY).toBeGreaterThan(28);
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

test('a replay of the past gives the same alert as an alert that was kept at each deployment', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.integer({ min: 1, max: 60 }),
          fc.constantFrom(400, 800, 1000, 1200, 2000, 90_000),
          fc.integer({ min: 1, max: 3 }),
        ),
        { minLength: 5, maxLength: 120 },
      ),
      (steps) => {
        let hours = 0;
        const made = steps.map(([gap, seconds, count]): [number, ...number[]] => {
          hours += gap;
          return [hours, ...Array.from({ length: count }, (_, i) => seconds + i)];
        });
        const history = timeline(
          made.map(([at, ...seconds]): [number, ...number[]] => [hours - at + 1, ...seconds]),
        );
        let alert: Alert | null = null;
        for (const { id, at } of history.deployments) {
          // The kept alert saw only what was known then.
          const then: Timeline = {
            from: history.from,
            changes: history.changes
              .filter((change) => change.mergedAt <= at)
              .map((change) =>
                (change.liveAt ?? 0) <= at ? change : { ...change, liveAt: null, seconds: null },
              ),
            deployments: history.deployments.filter((deployment) => deployment.at <= at),
          };
          const look = assessAt(then, at, RULE);
          alert = nextAlert(alert, look, { deployment: id, quiet: quietAt(then, at), isCertain: true }).alert;
          // The replay starts long before, and as late as it may.
          for (const begins of [END - 400 * DAY, at - quietAt(then, at)]) {
            const last = replay(history, RULE, begins, at).at(-1);
            expect([id, last !== undefined && last.leftAt === null]).toEqual([id, alert !== null]);
          }
        }
      },
    ),
    { numRuns: 40 },
  );
});

test('votes use the same limit as the verdict', () => {
  const votesOver = (seconds: number) => now(team(10, 0, 0, seconds)).votes.over;
  expect([votesOver(LIMIT), votesOver(LIMIT + 1)]).toEqual([0, 10]);
});

test('continuing from a memory gives the same alerts as a replay of everything', () => {
  const paces = [400, 800, 1000, 1200, 2000, 90_000];
  const steps = Array.from({ length: 90 }, (_, i): [number, ...number[]] => [
    (90 - i) * 13,
    ...Array.from({ length: 1 + (i % 3) }, (_, j) => (paces[(i * i + 3 * i) % paces.length] ?? 0) + j),
  ]);
  const history = timeline(steps);
  const begins = END - 60 * DAY;
  const lookback = Math.max(RULE.window, RULE.widen) * 1000;
  for (const { at: until } of history.deployments.slice(30, -5)) {
    const memory = replayFrom(history, RULE, emptyMemory('', begins), until);
    const from = until - lookback;
    const short: Timeline = {
      from,
      changes: history.changes.filter((change) => change.mergedAt >= from),
      deployments: history.deployments.filter((deployment) => deployment.at >= from),
    };
    expect([until, replayFrom(short, RULE, memory, END).spells]).toEqual([
      until,
      replay(history, RULE, begins, END),
    ]);
  }
});
