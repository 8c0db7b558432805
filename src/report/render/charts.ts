import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { MeasuredMergeset } from '../../measure/measured.ts';
import type { Chart } from '../blocks.ts';
import type { UnitAnswer } from '../answer.ts';
import { survivalCurve } from '../../measure/survival.ts';
import { oneLine } from '../../model/guard-error.ts';
import type { Staged } from '../../diagnose/stage-report.ts';
import type { Stage } from '../../diagnose/stages.ts';
import { duration, moment, nameOf, percent, STAGE_WORDS } from '../words.ts';

/**
 * The page's charts as SVG text, each drawn wide and narrow, so that a phone shows letters that can be read. Colours
 * are the page's own CSS variables; no script is needed to look at them.
 */

const SIZES = { wide: 960, narrow: 360 };
/** The y and x axes of times are logarithmic; nothing is faster than this, in seconds. */
const FASTEST = 1;
const TICKS = [
  1, 5, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 28_800, 86_400, 172_800, 345_600, 604_800,
  1_209_600, 2_592_000, 7_776_000,
];

const secondsOf = (each: MeasuredMergeset): number =>
  Math.max(FASTEST, each.leadTimeSeconds ?? each.waitingSeconds ?? 0);

/** Every change as a point: merged when, live after how long. Pending ones are open, and marked "at least". */
export function pointsChart(answer: UnitAnswer): Chart {
  const timed = answer.mergesets.filter((each) => !each.untimed);
  const live = timed.filter((each) => each.waitingSeconds === null);
  const pending = timed.filter((each) => each.waitingSeconds !== null);
  const { seconds: target, thresholdSeconds: limit } = answer.target;
  const domain = domainOf([...timed.map(secondsOf), target, limit]);
  const title = (each: MeasuredMergeset) =>
    `${nameOf(each)} ${oneLine(each.title, 80)}: ${each.waitingSeconds === null ? '' : 'at least '}${duration(secondsOf(each))}, merged ${moment(each.mergedAt)}`;
  const position = { x: 'mergedAt', y: secondsOf } as const;
  return both(
    (width) => ({
      height: width > 600 ? 380 : 320,
      marginLeft: 48,
      marginBottom: 44,
      marginRight: 28,
      x: {
        type: 'utc',
        domain: [answer.window.from, answer.window.to],
        label: 'Merged (UTC)',
        labelOffset: 40,
        ticks: width > 600 ? 8 : 4,
      },
      y: {
        type: 'log',
        domain,
        label: 'Lead time',
        ticks: ticksIn(domain),
        tickFormat: duration,
        grid: true,
      },
      marks: [
        ...limitLines(answer, 'y'),
        Plot.dot(live, {
          ...position,
          r: 3.5,
          fill: 'var(--live)',
          fillOpacity: 0.75,
          title,
          ariaLabel: 'live changes',
        }),
        Plot.dot(pending, {
          ...position,
          r: 4,
          fill: 'none',
          stroke: 'var(--pending)',
          strokeWidth: 2,
          title,
          ariaLabel: 'pending changes',
        }),
        Plot.text(pending, {
          ...position,
          text: () => 'at least',
          dy: -11,
          fill: 'var(--pending)',
          fontSize: 10,
          lineAnchor: 'bottom',
        }),
      ],
    }),
    `Lead time of ${timed.length} changes by when they were merged, on a logarithmic scale. ${live.length} are live, ${pending.length} still wait and are drawn open, at what they have waited so far.`,
  );
}

/** The share of changes that are not live yet, by time since the merge: the Kaplan–Meier curve. */
export function survivalChart(answer: UnitAnswer): Chart {
  const curve = survivalCurve(
    answer.mergesets
      .filter((each) => !each.untimed)
      .map((each) => ({ seconds: secondsOf(each), shipped: each.waitingSeconds === null })),
  );
  const { seconds: target, thresholdSeconds: limit } = answer.target;
  const domain = domainOf([...curve.map((step) => step.seconds), target, limit]);
  const steps = [{ seconds: domain[0], survival: 1 }, ...curve];
  const atTarget = steps.findLast((step) => step.seconds <= target)?.survival ?? 1;
  return both(
    (width) => ({
      height: width > 600 ? 260 : 240,
      marginLeft: 48,
      marginBottom: 44,
      marginRight: 12,
      x: {
        type: 'log',
        domain,
        label: 'Since the merge',
        labelOffset: 40,
        ticks: ticksIn(domain, width > 600 ? 10 : 4),
        tickFormat: duration,
      },
      y: {
        domain: [0, 1],
        label: 'Not live yet',
        tickFormat: (share: number) => `${Math.round(share * 100)}%`,
        ticks: 5,
        grid: true,
      },
      marks: [
        ...limitLines(answer, 'x'),
        Plot.line(steps, {
          x: 'seconds',
          y: 'survival',
          curve: 'step-after',
          stroke: 'var(--live)',
          strokeWidth: 2.5,
        }),
        Plot.ruleY([0], { stroke: 'currentColor' }),
      ],
    }),
    `Share of changes not live yet by time since the merge. At the target of ${duration(target)} it is ${percent(atTarget * 100)}.`,
  );
}

/** The deployments along time; batches stand out by size and by their number. */
export function deploymentsChart(answer: UnitAnswer): Chart {
  const all = answer.deployments.map((each) => ({
    at: each.succeededAt ?? each.at,
    batch: each.batched ? each.mergesets.length : 0,
    failed: each.outcome === 'failure',
    running: each.outcome === 'running',
    title: `Deployment ${each.id}, ${moment(each.succeededAt ?? each.at)}: ${each.outcome}, ${each.mergesets.length} changes${each.rollback ? ', rollback' : ''}`,
  }));
  const batches = all.filter((each) => each.batch > 0);
  const y = () => '';
  return both(
    (width) => ({
      height: 124,
      marginBottom: 44,
      marginLeft: 12,
      marginRight: 12,
      marginTop: 34,
      x: {
        type: 'utc',
        domain: [answer.window.from, answer.window.to],
        label: 'Deployed (UTC)',
        labelOffset: 40,
        ticks: width > 600 ? 8 : 4,
      },
      y: { axis: null },
      marks: [
        Plot.tickX(
          all.filter((each) => !each.failed && !each.running && each.batch === 0),
          {
            x: 'at',
            y,
            stroke: 'var(--live)',
            strokeWidth: 2,
            title: 'title',
            ariaLabel: 'deployments of one change or none',
          },
        ),
        Plot.dot(
          all.filter((each) => each.failed || each.running),
          {
            x: 'at',
            y,
            symbol: (each: { failed: boolean }) => (each.failed ? 'times' : 'circle'),
            r: 5,
            stroke: 'currentColor',
            title: 'title',
            ariaLabel: 'failed and running deployments',
          },
        ),
        Plot.dot(batches, { x: 'at', y, r: 9, fill: 'var(--batch)', title: 'title', ariaLabel: 'batches' }),
        Plot.text(batches, {
          x: 'at',
          y,
          text: (each: { batch: number }) => String(each.batch),
          dy: -20,
          fill: 'var(--batch)',
          fontSize: 12,
          fontWeight: 'bold',
        }),
      ],
    }),
    `${all.length} deployments along the window, ${batches.length} of them batches, which stand out with the number of their changes; ${all.filter((each) => each.failed).length} failed.`,
  );
}

/** The weeks: the statistic as it was known at each one's end, with the alert; below it deployments and batches. */
export function weeksChart(answer: UnitAnswer): Chart {
  const { seconds: target, thresholdSeconds: limit } = answer.target;
  const weeks = (answer.signal.weeks ?? []).map((each) => {
    const { leadTimeSeconds, leadTimeAtLeastSeconds, status } = each.verdict;
    const seconds = leadTimeSeconds ?? leadTimeAtLeastSeconds;
    return { ...each, at: new Date(each.to), seconds, known: status !== 'insufficient-data' };
  });
  const timed = weeks.flatMap(({ seconds, ...each }) =>
    seconds === null ? [] : [{ ...each, seconds: Math.max(FASTEST, seconds) }],
  );
  const domain = domainOf([...timed.map((each) => each.seconds), target, limit]);
  const most = Math.max(1, ...weeks.map((each) => each.deployments));
  // The lowest fifth of the picture is the deployments'.
  const [low, high] = [Math.log(domain[0]), Math.log(domain[1])];
  const floor = Math.exp(low - (high - low) * 0.3);
  const heightOf = (count: number) => floor * (domain[0] / floor) ** ((count / most) * 0.8);
  const title = (each: (typeof timed)[number]) =>
    `Week up to ${moment(each.at).slice(0, 10)}: ${duration(each.seconds)}, ${each.deployments} deployments`;
  const half = 2.4 * 86_400_000;
  const bar = (count: (each: (typeof weeks)[number]) => number, fill: string, name: string) =>
    Plot.rect(weeks, {
      x1: (each: (typeof weeks)[number]) => new Date(each.to - half),
      x2: (each: (typeof weeks)[number]) => new Date(each.to + half),
      y1: floor,
      y2: (each: (typeof weeks)[number]) => heightOf(count(each)),
      fill,
      ariaLabel: name,
    });
  const onAlert = timed.filter((each) => each.alert === true).length;
  return both(
    (width) => ({
      height: width > 600 ? 320 : 280,
      marginLeft: 48,
      marginBottom: 44,
      marginRight: 28,
      x: { type: 'utc', label: 'Week up to (UTC)', labelOffset: 40, ticks: width > 600 ? 8 : 4 },
      y: {
        type: 'log',
        domain: [floor, domain[1]],
        label: 'Lead time',
        ticks: ticksIn(domain),
        tickFormat: duration,
        grid: true,
      },
      marks: [
        bar((each) => each.deployments, 'var(--live)', 'deployments'),
        bar((each) => each.batches, 'var(--limit)', 'batches'),
        ...limitLines(answer, 'y'),
        Plot.line(timed, { x: 'at', y: 'seconds', stroke: 'var(--live)', strokeWidth: 1.5 }),
        Plot.dot(
          timed.filter((each) => each.alert === true),
          { x: 'at', y: 'seconds', r: 8, fill: 'none', stroke: 'var(--limit)', strokeWidth: 2 },
        ),
        Plot.dot(timed, {
          x: 'at',
          y: 'seconds',
          r: 4,
          fill: (each: (typeof timed)[number]) => (each.known ? 'var(--live)' : 'none'),
          stroke: 'var(--live)',
          title,
          ariaLabel: 'weeks',
        }),
      ],
    }),
    `Lead time of ${timed.length} weeks against the target of ${duration(target)} and the limit of ${duration(limit)}, ${onAlert} of them on alert, with ${weeks.reduce((sum, each) => sum + each.deployments, 0)} deployments.`,
  );
}

const STAGE_COLOURS: Record<Stage, string> = {
  behind: 'var(--wait)',
  'by-hand': 'var(--wait)',
  starting: 'var(--wait)',
  're-runs': 'var(--limit)',
  runner: 'var(--wait)',
  checks: 'var(--live)',
  approval: 'var(--pending)',
  deploy: 'var(--target)',
  'before-deployment': 'var(--wait)',
  deploying: 'var(--target)',
};

/** Some changes' ways to live, stage under stage, each from its merge. */
export function waterfallChart({ segments, leadTimeSeconds, mergeset }: Staged, which: string): Chart {
  const begin = segments[0]?.from ?? 0;
  const bars = segments.map((each, i) => ({
    row: `${i + 1} ${STAGE_WORDS[each.stage]}`,
    from: each.from - begin,
    to: each.to - begin,
    colour: STAGE_COLOURS[each.stage],
    title: `${STAGE_WORDS[each.stage]}${each.name === null ? '' : ` (${oneLine(each.name, 60)})`}: ${duration(each.to - each.from)}`,
  }));
  return both(
    (width) => ({
      height: 60 + bars.length * 26,
      marginLeft: width > 600 ? 220 : 12,
      marginRight: 60,
      marginBottom: 44,
      x: {
        label: 'Since the merge',
        labelOffset: 40,
        tickFormat: duration,
        ticks: width > 600 ? 6 : 3,
        grid: true,
        domain: [0, leadTimeSeconds],
      },
      y: { label: null, domain: bars.map((each) => each.row), axis: width > 600 ? 'left' : null },
      marks: [
        Plot.barX(bars, {
          x1: 'from',
          x2: 'to',
          y: 'row',
          fill: 'colour',
          title: 'title',
          insetTop: 4,
          insetBottom: 4,
        }),
        Plot.text(bars, {
          x: 'to',
          y: 'row',
          text: (each: { from: number; to: number }) => duration(each.to - each.from),
          textAnchor: 'start',
          dx: 4,
          fontSize: 11,
        }),
        ...(width > 600
          ? []
          : [
              Plot.text(bars, {
                x: 0,
                y: 'row',
                text: (each: { row: string }) => each.row,
                textAnchor: 'start',
                dx: 4,
                fontSize: 10,
              }),
            ]),
      ],
    }),
    `The ${which} of the changes, ${nameOf(mergeset)}: ${bars.map((each) => each.title).join('; ')}.`,
  );
}

function limitLines({ target }: UnitAnswer, along: 'x' | 'y') {
  const lines = [
    { at: target.seconds, name: `target ${duration(target.seconds)}`, colour: 'var(--target)', dash: '' },
    {
      at: target.thresholdSeconds,
      name: `limit ${duration(target.thresholdSeconds)}`,
      colour: 'var(--limit)',
      dash: '6 4',
    },
  ];
  return lines.flatMap(({ at, name, colour, dash }, i) => [
    along === 'y'
      ? Plot.ruleY([at], { stroke: colour, strokeWidth: 1.5, strokeDasharray: dash })
      : Plot.ruleX([at], { stroke: colour, strokeWidth: 1.5, strokeDasharray: dash }),
    along === 'y'
      ? Plot.text([at], {
          y: (each: number) => each,
          text: () => name,
          frameAnchor: i === 0 ? 'left' : 'right',
          dx: i === 0 ? 6 : -6,
          textAnchor: i === 0 ? 'start' : 'end',
          dy: -7,
          fill: colour,
          fontSize: 11,
        })
      : Plot.text([at], {
          x: (each: number) => each,
          text: () => name,
          frameAnchor: 'top',
          dy: 2,
          dx: i === 0 ? -5 : 5,
          textAnchor: i === 0 ? 'end' : 'start',
          fill: colour,
          fontSize: 11,
        }),
  ]);
}

function domainOf(times: readonly number[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, FASTEST];
  for (const time of times) {
    low = Math.min(low, time);
    high = Math.max(high, time);
  }
  return [Math.max(FASTEST, low / 1.5), high * 1.5];
}

function ticksIn([low, high]: [number, number], most = 10): number[] {
  const ticks = TICKS.filter((tick) => tick >= low && tick <= high);
  const every = Math.ceil(ticks.length / most);
  return ticks.filter((_, i) => i % every === 0);
}

function both(optionsFor: (width: number) => Plot.PlotOptions, label: string): Chart {
  const draw = (width: number) => {
    const { document } = parseHTML('<html></html>');
    const svg = Plot.plot({
      ...optionsFor(width),
      document,
      width,
      className: 'chart',
      ariaLabel: label,
      style: { fontSize: '12px' },
    });
    svg.setAttribute('role', 'img');
    // One image, one description: what is inside is not told apart, and a name on a mere group is none.
    for (const part of svg.querySelectorAll('[aria-label]')) {
      part.setAttribute('data-mark', part.getAttribute('aria-label') ?? '');
      part.removeAttribute('aria-label');
    }
    return svg.outerHTML;
  };
  return { wide: draw(SIZES.wide), narrow: draw(SIZES.narrow) };
}
