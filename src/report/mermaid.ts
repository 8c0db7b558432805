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

interface Chart {
  title: string;
  labels: readonly string[];
  seconds: readonly number[];
  /** How the times are drawn. */
  as: 'bar' | 'line';
  /** Times that stand across the chart, in seconds. */
  limits: readonly number[];
  threshold: number;
}

function chart({ title, labels, seconds, as, limits, threshold }: Chart): Block {
  const top = Math.max(threshold * 1.25, Math.min(Math.max(...seconds), threshold * TALLEST));
  const isCut = as === 'bar' && Math.max(...seconds) > top;
  return {
    kind: 'mermaid',
    source: [
      ...HEAD,
      'xychart-beta',
      `  title "Minutes from merge to live${title}"`,
      `  x-axis [${labels.map((label) => `"${label}"`).join(', ')}]`,
      `  y-axis "minutes${isCut ? ', cut' : ''}" 0 --> ${minutes(top)}`,
      `  ${as} [${seconds.map((seconds) => minutes(Math.min(seconds, top))).join(', ')}]`,
      ...limits.map((limit) => `  line [${labels.map(() => minutes(limit)).join(', ')}]`),
    ].join('\n'),
  };
}

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
  const label = (mergeset: ReportedChange) => `${mergeset.number ?? mergeset.mergeCommit.slice(0, 7)}`;
  const timed = mergesets.filter((mergeset) => !mergeset.untimed);
  const shown = labelled(timed, label);
  if (shown.length === 0) return [];
  const which = shown.length < timed.length ? `, the newest ${shown.length} of ${timed.length}` : '';
  return [
    chart({
      title: `${which}: target green, limit red`,
      labels: shown.map(label),
      seconds: shown.map(secondsOf),
      as: 'bar',
      limits: [target.seconds, target.thresholdSeconds],
      threshold: target.thresholdSeconds,
    }),
  ];
}

/** The weeks' statistic as a line against the target; weeks without one are left out. None for fewer than four. */
export function weeksChart(weeks: readonly Week[], { target }: Report): Block[] {
  const known = labelled(
    weeks.flatMap(({ seconds, to, week }) =>
      seconds === null ? [] : [{ end: (to ?? week).slice(5, 10), seconds }],
    ),
    (each) => each.end,
  );
  if (known.length === 0) return [];
  return [
    chart({
      title: ', week by week: target green',
      labels: known.map((each) => each.end),
      seconds: known.map((each) => each.seconds),
      as: 'line',
      limits: [target.seconds],
      threshold: target.thresholdSeconds,
    }),
  ];
}
