import type { Block } from './blocks.ts';
import type { Report, ReportedChange } from './contract.ts';
import { secondsOf } from './parts.ts';

/** A chart of fewer values says no more than the table. */
const FEWEST = 4;
/** Widths in pixels: the plot, a letter of a label, and the gap between two labels. */
const WIDTH = { plot: 800, letter: 7.5, gap: 10 };
/**
 * Mermaid's own first colour is nearly white. These colours are distinct on GitHub's light and dark backgrounds. The
 * reader's theme sets the others.
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
/** A chart ends at this many times the limit. Otherwise one change of a month would flatten all others. */
const TALLEST = 4;

const minutes = (seconds: number): number => Math.round(seconds / 6) / 10;

interface Chart {
  title: string;
  labels: readonly string[];
  seconds: readonly number[];
  as: 'bar' | 'line';
  /** Horizontal lines, in seconds. */
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

/** The newest values whose labels fit side by side. None if they are too few for a chart. */
function newestThatFit<T>(values: readonly T[], labelOf: (value: T) => string): T[] {
  const longest = Math.max(0, ...values.map((value) => labelOf(value).length));
  const shown = values.slice(-Math.floor(WIDTH.plot / (longest * WIDTH.letter + WIDTH.gap)));
  return shown.length < FEWEST ? [] : shown;
}

/**
 * The window's newest changes as bars, in minutes from merge to live, with the target and the limit as lines. A pending
 * change is as high as its waiting time so far. Empty for fewer than four changes. Labels are pull request numbers, so no
 * text from outside is drawn.
 */
export function leadTimeChart({ mergesets, target }: Report): Block[] {
  const label = (mergeset: ReportedChange) => `${mergeset.number ?? mergeset.mergeCommit.slice(0, 7)}`;
  const timed = mergesets.filter((mergeset) => !mergeset.untimed);
  const shown = newestThatFit(timed, label);
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

/** A week by its Monday, the end of its window and its statistic in seconds. */
interface Week {
  week: string;
  to?: string | undefined;
  seconds: number | null;
}

/** The weekly statistic as a line, with the target. Weeks without a statistic are left out. Empty for fewer than four. */
export function weeksChart(weeks: readonly Week[], { target }: Report): Block[] {
  const shown = newestThatFit(
    weeks.flatMap(({ seconds, to, week }) =>
      seconds === null ? [] : [{ end: (to ?? week).slice(5, 10), seconds }],
    ),
    (week) => week.end,
  );
  if (shown.length === 0) return [];
  return [
    chart({
      title: ', week by week: target green',
      labels: shown.map((week) => week.end),
      seconds: shown.map((week) => week.seconds),
      as: 'line',
      limits: [target.seconds],
      threshold: target.thresholdSeconds,
    }),
  ];
}
