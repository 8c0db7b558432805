import type { Block } from './blocks.ts';
import type { UnitAnswer } from './answer.ts';
import type { Week } from './weeks.ts';

/** Bars that can still be told apart. */
const MOST_BARS = 40;
/** One change that took a month would press all others flat: a chart ends at so many times the threshold. */
const TALLEST = 4;

const minutes = (seconds: number): number => Math.round(seconds / 6) / 10;

/**
 * The window's newest changes as bars, minutes from merge to live, with target and threshold as lines. What is
 * pending is drawn with its waiting so far. None for fewer than two changes. The labels are pull request numbers;
 * no text from outside is drawn.
 */
export function leadTimeChart({ mergesets, target }: UnitAnswer): Block[] {
  const shown = mergesets.filter((each) => !each.untimed).slice(-MOST_BARS);
  if (shown.length < 2) return [];
  const times = shown.map((each) => each.leadTimeSeconds ?? each.waitingSeconds ?? 0);
  const top = topOf(times, target.thresholdSeconds);
  const flat = (seconds: number) => shown.map(() => minutes(seconds)).join(', ');
  return [
    {
      kind: 'mermaid',
      source: [
        'xychart-beta',
        `  title "Minutes from merge to live: bars, against target and limit"`,
        `  x-axis [${shown.map((each) => `"${each.number ?? each.mergeCommit.slice(0, 7)}"`).join(', ')}]`,
        `  y-axis "minutes${Math.max(...times) > top ? ', cut' : ''}" 0 --> ${minutes(top)}`,
        `  bar [${times.map((each) => minutes(Math.min(each, top))).join(', ')}]`,
        `  line [${flat(target.seconds)}]`,
        `  line [${flat(target.thresholdSeconds)}]`,
      ].join('\n'),
    },
  ];
}

/** The weeks' statistic as a line against the target; weeks without one are left out. None for fewer than two. */
export function weeksChart(weeks: readonly Week[], targetSeconds: number, thresholdSeconds: number): Block[] {
  const known = weeks.flatMap((each) =>
    each.seconds === null ? [] : [{ week: each.week, seconds: each.seconds }],
  );
  if (known.length < 2) return [];
  const top = topOf(
    known.map((each) => each.seconds),
    thresholdSeconds,
  );
  return [
    {
      kind: 'mermaid',
      source: [
        'xychart-beta',
        '  title "Minutes from merge to live, week by week, against the target"',
        `  x-axis [${known.map((each) => `"${each.week.slice(5)}"`).join(', ')}]`,
        `  y-axis "minutes" 0 --> ${minutes(top)}`,
        `  line [${known.map((each) => minutes(Math.min(each.seconds, top))).join(', ')}]`,
        `  line [${known.map(() => minutes(targetSeconds)).join(', ')}]`,
      ].join('\n'),
    },
  ];
}

function topOf(times: readonly number[], threshold: number): number {
  return Math.max(threshold * 1.25, Math.min(Math.max(...times), threshold * TALLEST));
}
