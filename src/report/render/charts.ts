import * as Plot from '@observablehq/plot';
import type { Chart } from '../blocks.ts';
import type { Report, ReportedChange, Waterfall } from '../contract.ts';
import { referenceOf, sampleOf, secondsOf as secondsSoFar, timeOf } from '../parts.ts';
import { type SurvivalStep, survivalCurve } from '../../model/survival.ts';
import { oneLine } from '../../model/guard-error.ts';
import type { Stage } from '../../model/terms.ts';
import {
  BOTTOM,
  both,
  domainOf,
  FASTEST,
  LETTER,
  limitsAcross,
  limitsUpwards,
  linearTicks,
  logTicks,
  timesAcross,
  timesUp,
} from './drawing.ts';
import {
  calledBy,
  counted,
  day,
  duration,
  moment,
  nameOf,
  percent,
  segmentWords,
  STAGE_WORDS,
} from '../words.ts';

/** The charts of the page. */

const secondsOf = (mergeset: ReportedChange): number => Math.max(FASTEST, secondsSoFar(mergeset));

const mergedAt = (mergeset: ReportedChange): Date => new Date(mergeset.mergedAt);
const windowOf = ({ window }: Report): [Date, Date] => [new Date(window.from), new Date(window.to)];

/** Margins: left of an axis of times, and above a chart without labels there. */
const LEFT = 56;
const TOP = 14;

const dates = (isWide: boolean) => ({ type: 'utc' as const, label: null, ticks: isWide ? 8 : 4 });

/** Every change as a point, by merge time and lead time. Pending changes are open circles. */
export function pointsChart(report: Report): Chart {
  const timed = report.mergesets.filter((mergeset) => !mergeset.untimed);
  const live = timed.filter((mergeset) => mergeset.waitingSeconds === null);
  const pending = timed.filter((mergeset) => mergeset.waitingSeconds !== null);
  const { seconds: target, thresholdSeconds: limit } = report.target;
  const domain = domainOf([...timed.map(secondsOf), target, limit]);
  const batched = new Set(
    report.deployments
      .filter((deployment) => deployment.batched)
      .flatMap((deployment) => deployment.mergesets),
  );
  const isLate = (mergeset: ReportedChange) => secondsOf(mergeset) > limit;
  const inBatch = (mergeset: ReportedChange) => batched.has(referenceOf(mergeset));
  const title = (mergeset: ReportedChange) =>
    `${nameOf(mergeset)}: ${mergeset.waitingSeconds === null ? '' : 'at least '}${duration(secondsOf(mergeset))}, merged ${moment(mergeset.mergedAt)}${inBatch(mergeset) ? ', in a batch' : ''} – ${oneLine(mergeset.title, 80)}`;
  const points = (some: readonly ReportedChange[], className: string, fill: string) =>
    Plot.dot(some, {
      x: mergedAt,
      y: secondsOf,
      r: 3.5,
      fill,
      fillOpacity: 0.8,
      stroke: (mergeset: ReportedChange) => (inBatch(mergeset) ? 'var(--batch)' : 'none'),
      strokeWidth: 2,
      title,
      className,
    });
  return both(
    (_, isWide) => {
      const height = isWide ? 400 : 340;
      const limits = limitsAcross(report, isWide);
      return {
        height,
        marginLeft: LEFT,
        marginTop: TOP,
        marginBottom: BOTTOM,
        marginRight: limits.right,
        x: { ...dates(isWide), domain: windowOf(report) },
        y: {
          type: 'log',
          domain,
          label: null,
          axis: null,
        },
        marks: [
          ...timesUp(logTicks(domain, height - TOP - BOTTOM)),
          ...limits.marks,
          points(
            live.filter((mergeset) => !isLate(mergeset) && !inBatch(mergeset)),
            'live',
            'var(--live)',
          ),
          points(
            live.filter((mergeset) => !isLate(mergeset) && inBatch(mergeset)),
            'batched',
            'var(--batch)',
          ),
          points(live.filter(isLate), 'late', 'var(--limit)'),
          Plot.dot(pending, {
            x: mergedAt,
            y: secondsOf,
            r: 4,
            fill: 'none',
            stroke: 'var(--pending)',
            strokeWidth: 2,
            title,
            className: 'pending',
          }),
        ],
      };
    },
    `Lead time of ${counted(timed.length, 'change')} by merge time, on a logarithmic scale. Live: ${live.length}, ${live.filter(isLate).length} of them over the limit. Pending: ${pending.length}, as open circles at the waiting time so far.`,
    ['live', 'batched', 'late', 'pending'],
  );
}

/** The share of changes that are not live yet, by time since the merge: the Kaplan–Meier curve. */
export function survivalChart(report: Report): Chart {
  return curveChart(survivalCurve(sampleOf(report.mergesets)), report);
}

/** A Kaplan–Meier curve on a logarithmic scale. With a report, also its target and limit. */
export function curveChart(curve: readonly SurvivalStep[], report: Report | null = null): Chart {
  const target = report?.target;
  const domain = domainOf([
    ...curve.map((step) => Math.max(FASTEST, step.seconds)),
    ...(target ? [target.seconds, target.thresholdSeconds] : []),
  ]);
  const steps = [
    { seconds: domain[0], survival: 1 },
    ...curve.map((step) => ({ ...step, seconds: Math.max(domain[0], step.seconds) })),
  ];
  const at = (seconds: number) => curve.findLast((step) => step.seconds <= seconds)?.survival ?? 1;
  return both(
    (width, isWide) => {
      const limits = report ? limitsUpwards(report, domain) : { top: TOP, marks: [] };
      return {
        height: isWide ? 280 : 260,
        marginLeft: LEFT,
        marginTop: limits.top,
        marginBottom: BOTTOM,
        marginRight: 30,
        x: {
          type: 'log',
          domain,
          label: null,
          axis: null,
        },
        y: {
          domain: [0, 1],
          label: null,
          tickFormat: (share: number) => `${Math.round(share * 100)}%`,
          ticks: 5,
          grid: true,
        },
        marks: [
          timesAcross(logTicks(domain, width - LEFT - 30, 56)),
          ...limits.marks,
          Plot.line(steps, {
            x: 'seconds',
            y: 'survival',
            curve: 'step-after',
            stroke: 'var(--live)',
            strokeWidth: 2.5,
          }),
          Plot.ruleY([0], { stroke: 'currentColor' }),
        ],
      };
    },
    `Share of changes not live yet by time since the merge.${target ? ` At the target of ${duration(target.seconds)} it is ${percent(at(target.seconds) * 100)}.` : ` After an hour it is ${percent(at(3600) * 100)}.`}`,
  );
}

/** The deployments by time. A batch is a disc, with its number of changes if there is room. */
export function deploymentsChart(report: Report): Chart {
  const deployments = report.deployments.map((deployment) => ({
    at: new Date(timeOf(deployment)),
    batch: deployment.batched ? deployment.mergesets.length : 0,
    failed: deployment.outcome === 'failure',
    running: deployment.outcome === 'running' && !deployment.waitsFor,
    title: `Deployment ${deployment.id}, ${moment(timeOf(deployment))}: ${deployment.waitsFor ? 'not in all regions' : deployment.outcome}, ${counted(deployment.mergesets.length, 'change')}${deployment.rollback ? ', rollback' : ''}`,
  }));
  const batches = deployments.filter((deployment) => deployment.batch > 0);
  const [from, to] = windowOf(report);
  const y = () => '';
  return both(
    (width, isWide) => ({
      height: 130,
      marginBottom: BOTTOM,
      marginLeft: 16,
      marginRight: 24,
      marginTop: 34,
      x: { ...dates(isWide), domain: [from, to] },
      y: { axis: null },
      marks: [
        Plot.tickX(
          deployments.filter(
            (deployment) => !deployment.failed && !deployment.running && deployment.batch === 0,
          ),
          {
            x: 'at',
            y,
            stroke: 'var(--live)',
            strokeWidth: 2,
            title: 'title',
            className: 'deployed',
          },
        ),
        Plot.dot(
          deployments.filter((deployment) => deployment.failed || deployment.running),
          {
            x: 'at',
            y,
            symbol: (deployment: { failed: boolean }) => (deployment.failed ? 'times' : 'circle'),
            r: 5,
            stroke: 'currentColor',
            title: 'title',
            className: 'failed',
          },
        ),
        Plot.dot(batches, { x: 'at', y, r: 9, fill: 'var(--batch)', title: 'title', className: 'batches' }),
        Plot.text(
          withRoom(
            batches,
            (batch) =>
              ((batch.at.getTime() - from.getTime()) / (to.getTime() - from.getTime())) * (width - 40),
          ),
          {
            x: 'at',
            y,
            text: ({ batch }: { batch: number }) => String(batch),
            dy: -20,
            fill: 'var(--batch)',
            fontSize: 12,
            fontWeight: 'bold',
          },
        ),
      ],
    }),
    `${counted(deployments.length, 'deployment')} in the window. ${counted(batches.length, 'batch', 'batches')}, with their number of changes. ${deployments.filter((deployment) => deployment.failed).length} failed.`,
    ['failed', 'batches'],
  );
}

/** The batches whose numbers do not overlap, the largest first. */
function withRoom<T extends { batch: number }>(batches: readonly T[], pixelOf: (batch: T) => number): T[] {
  const labelled: T[] = [];
  for (const batch of batches.toSorted((a, b) => b.batch - a.batch))
    if (labelled.every((other) => Math.abs(pixelOf(other) - pixelOf(batch)) >= 26)) labelled.push(batch);
  return labelled;
}

/** The statistic at the end of each week with the alert, and below it the deployments and batches. */
export function weeksChart(report: Report): Chart {
  const { seconds: target, thresholdSeconds: limit } = report.target;
  const weeks = (report.weeks ?? []).map((week) => {
    const seconds = week.leadTimeSeconds ?? week.leadTimeAtLeastSeconds;
    return { ...week, at: new Date(week.to), seconds, known: week.status !== 'insufficient-data' };
  });
  const timed = weeks.flatMap(({ seconds, ...week }) =>
    seconds === null ? [] : [{ ...week, seconds: Math.max(FASTEST, seconds) }],
  );
  const domain = domainOf([...timed.map((week) => week.seconds), target, limit]);
  const most = Math.max(1, ...weeks.map((week) => week.deployments));
  // The bars of the deployments have the space below the lowest time.
  const [low, high] = [Math.log(domain[0]), Math.log(domain[1])];
  const floor = Math.exp(low - (high - low) * 0.3);
  const heightOf = (count: number) => floor * (domain[0] / floor) ** ((count / most) * 0.8);
  type Week = (typeof weeks)[number];
  const title = (week: (typeof timed)[number]) =>
    `Week until ${day(week.at)}: ${duration(week.seconds)}, ${counted(week.deployments, 'deployment')}`;
  const half = 2.4 * 86_400_000;
  const bar = (count: (week: Week) => number, fill: string, className: string) =>
    Plot.rect(weeks, {
      x1: (week: Week) => new Date(week.at.getTime() - half),
      x2: (week: Week) => new Date(week.at.getTime() + half),
      y1: floor,
      y2: (week: Week) => heightOf(count(week)),
      fill,
      className,
    });
  const onAlert = timed.filter((week) => week.alert === true).length;
  return both(
    (_, isWide) => ({
      height: isWide ? 330 : 290,
      marginLeft: LEFT,
      marginTop: TOP,
      marginBottom: BOTTOM,
      marginRight: limitsAcross(report, isWide).right,
      x: dates(isWide),
      y: {
        type: 'log',
        domain: [floor, domain[1]],
        label: null,
        axis: null,
      },
      marks: [
        ...timesUp(logTicks(domain, ((isWide ? 330 : 290) - TOP - BOTTOM) * 0.7)),
        bar((week) => week.deployments, 'var(--live)', 'counts'),
        bar((week) => week.batches, 'var(--batch)', 'counts'),
        ...limitsAcross(report, isWide).marks,
        Plot.line(timed, { x: 'at', y: 'seconds', stroke: 'var(--live)', strokeWidth: 1.5 }),
        Plot.dot(
          timed.filter((week) => week.alert === true),
          { x: 'at', y: 'seconds', r: 8, fill: 'none', stroke: 'var(--limit)', strokeWidth: 2 },
        ),
        Plot.dot(timed, {
          x: 'at',
          y: 'seconds',
          r: 4,
          fill: (week: (typeof timed)[number]) => (week.known ? 'var(--live)' : 'none'),
          stroke: 'var(--live)',
          title,
          className: 'weeks',
        }),
      ],
    }),
    `Lead time of ${counted(timed.length, 'week')}, with the target of ${duration(target)} and the limit of ${duration(limit)}. ${counted(onAlert, 'week')} on alert. ${counted(
      weeks.reduce((sum, week) => sum + week.deployments, 0),
      'deployment',
    )}.`,
    ['weeks'],
  );
}

const STAGE_COLOURS: Record<Stage, string> = {
  behind: 'var(--wait)',
  'by-hand': 'var(--wait)',
  schedule: 'var(--wait)',
  starting: 'var(--wait)',
  're-runs': 'var(--limit)',
  runner: 'var(--wait)',
  checks: 'var(--live)',
  serial: 'var(--live)',
  approval: 'var(--pending)',
  'wait-timer': 'var(--pending)',
  deploy: 'var(--target)',
  'after-deploy': 'var(--live)',
  'before-deployment': 'var(--wait)',
  deploying: 'var(--target)',
};

/** The stages of one change, one below the other. */
export function waterfallChart({ segments, mergeset }: Waterfall, which: string): Chart {
  let from = 0;
  const bars = segments.map((segment, i) => {
    const { stage, seconds } = segment;
    const begin = from;
    from += seconds;
    return {
      row: String(i),
      words: STAGE_WORDS[stage],
      from: begin,
      to: from,
      colour: STAGE_COLOURS[stage],
      title: `${segmentWords(segment)}: ${duration(seconds)}`,
    };
  });
  type Bar = (typeof bars)[number];
  const longest = Math.max(0, ...bars.map((bar) => bar.words.length));
  const domain: [number, number] = [0, Math.max(1, from)];
  return both(
    (width, isWide) => {
      const left = isWide ? Math.ceil(longest * LETTER) + 16 : 12;
      return {
        height: BOTTOM + TOP + bars.length * (isWide ? 26 : 42),
        marginLeft: left,
        marginRight: 64,
        marginTop: TOP,
        marginBottom: BOTTOM,
        x: {
          label: null,
          tickFormat: duration,
          ticks: linearTicks(domain, width - left - 64),
          grid: true,
          domain,
        },
        y: {
          label: null,
          domain: bars.map((bar) => bar.row),
          axis: isWide ? 'left' : null,
          tickFormat: (row: string) => bars[Number(row)]?.words ?? '',
          tickSize: 0,
        },
        marks: [
          Plot.barX(bars, {
            x1: 'from',
            x2: 'to',
            y: 'row',
            fill: 'colour',
            title: 'title',
            insetTop: isWide ? 4 : 18,
            insetBottom: 4,
            className: 'stages',
          }),
          isWide
            ? Plot.text(bars, {
                x: 'to',
                y: 'row',
                text: (bar: Bar) => duration(bar.to - bar.from),
                textAnchor: 'start',
                dx: 4,
                fontSize: 11,
              })
            : Plot.text(bars, {
                x: () => 0,
                y: 'row',
                text: (bar: Bar) => `${bar.words}: ${duration(bar.to - bar.from)}`,
                textAnchor: 'start',
                dy: -11,
                fontSize: 11,
              }),
        ],
      };
    },
    `The ${which} change, ${calledBy(mergeset)}: ${bars.map((bar) => bar.title).join(', ')}.`,
    ['stages'],
  );
}
