import type { Block } from './blocks.ts';
import type { Report, ReportedChange } from './contract.ts';
import { secondsOf } from './parts.ts';
import type { Week } from './weeks.ts';

/** Fewer say no more than their rows. */
const FEWEST = 4;
/** Of a chart, in pixels: its plot, a letter of a label, and the room between two labels. */
const ROOM = { plot: 800, letter: 7.5, between: 10 };
/**
 * Mermaid's own first colour is as good as white. These can be told apart on GitHub's light and dark ground alike; all
 * else is as the reader's theme has it.
 */
const HEAD = [
  '---',
  'config:',
  '  xyChart:',
  '    width: 900',
  '    xAxis:',
  '      labelFontSize: 12',
  '  themeVariables:',
  '    xyChart:',
  "      plotColorPalette: '#388bfd, #2da44e, #e5534b'",
  '---',
];
/** One change that took a month would press all others flat: a chart ends at so many times the threshold. */
const TALLEST = 4;

const minutes = (seconds: number): number => Math.round(seconds / 6) / 10;

/** The newest of them that can be labelled side by side; none where too few are left to say more than their rows. */
function labelled<T>(all: readonly T[], labelOf: (each: T) => string): T[] {
  const longest = Math.max(0, ...all.map((each) => labelOf(each).length));
  const shown = all.slice(-Math.floor(ROOM.plot / (longest * ROOM.letter + ROOM.between)));
  return shown.length < FEWEST ? [] : shown;
}

/**
 * The window's newest changes as bars, minutes from merge to live, with target and threshold as lines: as many as can be
 * labelled. What is pending is drawn with its waiting so far. None for fewer than four changes. The labels are pull
 * request numbers; no text from outside is drawn.
 */
export function leadTimeChart({ mergesets, target }: Report): Block[] {
  const label = (each: ReportedChange) => `${each.number ?? each.mergeCommit.slice(0, 7)}`;
  const timed = mergesets.filter((each) => !each.untimed);
  const shown = labelled(timed, label);
  if (shown.length === 0) return [];
  const which = shown.length < timed.length ? `, the newest ${shown.length} of ${timed.length}` : '';
  const times = shown.map(secondsOf);
  const top = topOf(times, target.thresholdSeconds);
  const flat = (seconds: number) => shown.map(() => minutes(seconds)).join(', ');
  return [
    {
      kind: 'mermaid',
      source: [
        ...HEAD,
        'xychart-beta',
        `  title "Minutes from merge to live${which}: target green, limit red"`,
        `  x-axis [${shown.map((each) => `"${label(each)}"`).join(', ')}]`,
        `  y-axis "minutes${Math.max(...times) > top ? ', cut' : ''}" 0 --> ${minutes(top)}`,
        `  bar [${times.map((each) => minutes(Math.min(each, top))).join(', ')}]`,
        `  line [${flat(target.seconds)}]`,
        `  line [${flat(target.thresholdSeconds)}]`,
      ].join('\n'),
    },
  ];
}

/** The weeks' statistic as a line against the target; weeks without one are left out. None for fewer than four. */
export function weeksChart(weeks: readonly Week[], targetSeconds: number, thresholdSeconds: number): Block[] {
  const known = labelled(
    weeks.flatMap((each) =>
      each.seconds === null ? [] : [{ end: (each.to ?? each.week).slice(5, 10), seconds: each.seconds }],
    ),
    (each) => each.end,
  );
  if (known.length === 0) return [];
  const top = topOf(
    known.map((each) => each.seconds),
    thresholdSeconds,
  );
  return [
    {
      kind: 'mermaid',
      source: [
        ...HEAD,
        'xychart-beta',
        '  title "Minutes from merge to live, week by week: target green"',
        `  x-axis [${known.map((each) => `"${each.end}"`).join(', ')}]`,
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
