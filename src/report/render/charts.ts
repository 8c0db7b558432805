import { oneLine } from '../../model/guard-error.ts';
import { quantile, type SurvivalStep } from '../../model/survival.ts';
import type { Stage } from '../../model/terms.ts';
import { type Chart, right, type Table, table } from '../blocks.ts';
import type { Report, ReportedChange, Waterfall } from '../contract.ts';
import { deploymentLink, referenceOf, secondsOf, timeOf } from '../parts.ts';
import { counted, day, duration, moment, nameOf, percent, segmentWords } from '../words.ts';
import {
  axes,
  bar,
  datesAcross,
  disc,
  domainOf,
  drawChart,
  FASTEST,
  label,
  limits,
  logScale,
  type Mark,
  path,
  timesAcross,
  timesUp,
  valuesUp,
} from './drawing.ts';

/** The charts of the page. */

/** An instant's share of a period. */
const shareOf =
  ({ from, to }: { from: string; to: string }) =>
  (instant: string): number =>
    Math.min(1, Math.max(0, (Date.parse(instant) - Date.parse(from)) / (Date.parse(to) - Date.parse(from))));

/** Every change as a link to its pull request, by merge time and lead time. */
export function pointsChart(report: Report): Chart {
  const timed = report.mergesets.filter((mergeset) => !mergeset.untimed);
  const { seconds: target, thresholdSeconds: limit } = report.target;
  const domain = domainOf([
    ...timed.map((mergeset) => Math.max(FASTEST, secondsOf(mergeset))),
    target,
    limit,
  ]);
  const down = (seconds: number) => 1 - logScale(domain)(seconds);
  const across = shareOf(report.window);
  const batched = new Set(
    report.deployments
      .filter((deployment) => deployment.batched)
      .flatMap((deployment) => deployment.mergesets),
  );
  const isPending = (mergeset: ReportedChange) => mergeset.waitingSeconds !== null;
  const isLate = (mergeset: ReportedChange) => secondsOf(mergeset) > limit;
  const marks = timed.map((mergeset): Mark => {
    const inBatch = batched.has(referenceOf(mergeset));
    return {
      x: across(mergeset.mergedAt),
      y: down(secondsOf(mergeset)),
      kind: `${isPending(mergeset) ? 'pending' : inBatch ? 'batch' : 'live'}${isLate(mergeset) ? ' late' : ''}`,
      words: `${nameOf(mergeset)}: ${isPending(mergeset) ? 'at least ' : ''}${duration(secondsOf(mergeset))}, merged ${moment(mergeset.mergedAt)}${inBatch ? ', in a batch' : ''} – ${oneLine(mergeset.title, 80)}`,
      href: mergeset.url,
    };
  });
  const live = timed.filter((mergeset) => !isPending(mergeset));
  return drawChart(
    300,
    `Lead time of ${counted(timed.length, 'change')} by merge time, on a logarithmic scale. Live: ${live.length}, ${live.filter(isLate).length} of them over the limit. Pending: ${timed.length - live.length}, as open circles at the waiting time so far.`,
    [
      ...axes('time from merge to live', 'merge time, UTC'),
      ...timesUp(domain, 300),
      ...datesAcross(report.window),
      ...limits(report, down),
    ],
    marks,
    [
      ['mark live', 'live'],
      ['mark batch', 'live, in a batch'],
      ['mark pending', 'pending, at least this long'],
      ['mark late', 'red: over the limit'],
    ],
  );
}

/** A Kaplan–Meier curve on a logarithmic scale. With a report, also its target and limit. */
export function curveChart(curve: readonly SurvivalStep[], report: Report | null): Chart {
  const domain = domainOf([
    ...curve.map((step) => Math.max(FASTEST, step.seconds)),
    ...(report ? [report.target.seconds, report.target.thresholdSeconds] : []),
  ]);
  const across = logScale(domain);
  let before = 1;
  const steps = curve.flatMap(({ seconds, survival }): [number, number][] => {
    const above = before;
    before = survival;
    const x = across(seconds);
    return [
      [x, 1 - above],
      [x, 1 - survival],
    ];
  });
  const quantiles = ([0.5, 0.9] as const).flatMap((q): string[] => {
    const seconds = quantile(curve, q);
    if (seconds === null) return [];
    const x = across(seconds);
    const words = `${q === 0.5 ? 'half' : `${q * 100}%`} live after ${duration(seconds)}`;
    return [disc(x, q), label(x, q, words, x > 0.6 ? 'beside end' : 'beside')];
  });
  return drawChart(260, curveWords(curve, report), [
    ...valuesUp([0, 0.25, 0.5, 0.75, 1].map((share) => [1 - share, `${share * 100}%`])),
    ...timesAcross(domain),
    label(1, 0, 'changes not live yet', 'beside end'),
    label(1, 1, 'time since the merge', 'axis end'),
    path([[0, 0], ...steps], 'curve', true),
    ...(report ? limits(report, across, true) : []),
    ...quantiles,
  ]);
}

/** The share that is not live after a time. */
const notLive = (curve: readonly SurvivalStep[], seconds: number): string =>
  percent((curve.findLast((step) => step.seconds <= seconds)?.survival ?? 1) * 100);

/** Contents of a curve: `After 15m (the target), 83% of changes were not live yet. …` */
export function curveWords(curve: readonly SurvivalStep[], report: Report | null): string {
  const half = quantile(curve, 0.5);
  const { seconds: target, thresholdSeconds: limit } = report?.target ?? {
    seconds: 3600,
    thresholdSeconds: 3600,
  };
  const [atTarget, atLimit] = [notLive(curve, target), notLive(curve, limit)];
  const at = `After ${duration(target)}${report ? ' (the target)' : ''}, ${atTarget} of changes were not live yet`;
  const over = atLimit === atTarget ? '' : `, and after ${duration(limit)} (the limit) ${atLimit}`;
  return `${at}${over}. ${half === null ? 'Fewer than half are live.' : `Half went live within ${duration(half)}.`}`;
}

/** The numbers behind a curve. */
export function curveTable(curve: readonly SurvivalStep[]): Table {
  const times = [60, 300, 900, 1800, 3600, 14_400, 43_200, 86_400, 259_200, 604_800];
  const first = times.findLastIndex((seconds) => seconds < (curve[0]?.seconds ?? 0));
  const last = times.findIndex((seconds) => seconds >= (curve.at(-1)?.seconds ?? 0));
  return table(
    ['Time since the merge', right('Not live yet')],
    times
      .slice(Math.max(0, first), last < 0 ? times.length : last + 1)
      .map((seconds) => [[duration(seconds)], [notLive(curve, seconds)]]),
    'time',
  );
}

/** The deployments by time and by their number of changes. */
export function deploymentsChart(report: Report): Chart {
  const { deployments, window, policy } = report;
  const most = Math.max(policy.maxBatch + 1, ...deployments.map(({ mergesets }) => mergesets.length));
  const step = Math.ceil(most / 4);
  const down = (count: number) => 1 - count / most;
  const across = shareOf(window);
  const marks = deployments.map((deployment): Mark => {
    const { id, outcome, waitsFor, batched, mergesets, rollback } = deployment;
    const isRunning = outcome === 'running' && !waitsFor;
    return {
      x: across(timeOf(deployment)),
      y: down(mergesets.length),
      kind: outcome === 'failure' ? 'failed' : isRunning ? 'pending' : batched ? 'batch' : 'live',
      words: `Deployment ${id}, ${moment(timeOf(deployment))}: ${waitsFor ? 'not in all regions' : outcome}, ${counted(mergesets.length, 'change')}${rollback ? ', rollback' : ''}`,
      href: deploymentLink(deployment, report).href ?? '',
    };
  });
  const batches = marks.filter(({ kind }) => kind === 'batch').length;
  const failed = marks.filter(({ kind }) => kind === 'failed').length;
  return drawChart(
    140,
    `${counted(deployments.length, 'deployment')} in the window, by their number of changes. ${counted(batches, 'batch', 'batches')}. ${failed} failed.`,
    [
      ...valuesUp(
        Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => [down(i * step), `${i * step}`]),
      ),
      ...datesAcross(window),
      ...axes('changes in a deployment', 'time of the deployment, UTC'),
    ],
    marks,
    [
      ['mark live', 'live'],
      ['mark batch', 'a batch'],
      ['mark failed', 'failed'],
      ['mark pending', 'running'],
    ],
  );
}

/** Share of the chart of weeks that shows lead times. The deployments are below. */
const UPPER = 0.7;

/** The statistic at the end of each week with the alert, and below it the deployments and batches. */
export function weeksChart(report: Report): Chart {
  const { target } = report;
  const weeks = report.weeks ?? [];
  const period = { from: weeks[0]?.from ?? '', to: weeks.at(-1)?.to ?? '' };
  const across = shareOf(period);
  const timed = weeks.flatMap((week) => {
    const seconds = week.leadTimeSeconds ?? week.leadTimeAtLeastSeconds;
    const x = (across(week.from) + across(week.to)) / 2;
    return seconds === null ? [] : [{ ...week, x, seconds: Math.max(FASTEST, seconds) }];
  });
  const domain = domainOf([...timed.map((week) => week.seconds), target.seconds, target.thresholdSeconds]);
  const down = (seconds: number) => (1 - logScale(domain)(seconds)) * UPPER;
  const most = Math.max(1, ...weeks.map((week) => week.deployments));
  const bars = (kind: string, countOf: (week: (typeof weeks)[number]) => number) =>
    weeks.map((week) => {
      const height = (countOf(week) / most) * (0.95 - UPPER);
      const width = across(week.to) - across(week.from);
      return bar(across(week.from) + width * 0.15, 1 - height, width * 0.7, height, kind);
    });
  const onAlert = timed.filter((week) => week.alert === true).length;
  const total = weeks.reduce((sum, week) => sum + week.deployments, 0);
  return drawChart(
    320,
    `Lead time of ${counted(timed.length, 'week')}, with the target of ${duration(target.seconds)} and the limit of ${duration(target.thresholdSeconds)}. ${counted(onAlert, 'week')} on alert. ${counted(total, 'deployment')}.`,
    [
      ...timesUp(domain, 320 * UPPER, UPPER),
      ...datesAcross(period),
      ...axes(`${target.statistic}, deployments below`, 'weeks, UTC'),
      ...bars('live', (week) => week.deployments),
      ...bars('batch', (week) => week.batches),
      ...limits(report, down),
      path(
        timed.map(({ x, seconds }) => [x, down(seconds)]),
        'curve',
      ),
    ],
    timed.map((week) => ({
      x: week.x,
      y: down(week.seconds),
      kind: `${week.status === 'insufficient-data' ? 'pending' : 'live'}${week.seconds > target.thresholdSeconds ? ' late' : ''}${week.alert ? ' alert' : ''}`,
      words: `Week until ${day(week.to)}: ${duration(week.seconds)}, ${counted(week.deployments, 'deployment')}${week.alert ? ', on alert' : ''}`,
    })),
    [
      ['mark live', `${target.statistic} at the end of a week`],
      ['mark late alert', 'on alert'],
      ['mark pending', 'no verdict'],
      ['swatch live', 'deployments'],
      ['swatch batch', 'batches'],
    ],
  );
}

const STAGE_KINDS: Partial<Record<Stage, string>> = {
  're-runs': 'late',
  checks: 'live',
  serial: 'live',
  approval: 'pending',
  'wait-timer': 'pending',
  deploy: 'done',
  'after-deploy': 'live',
  deploying: 'done',
};

/** The stages of one change, one below the other: a table with a bar in each row. */
export function waterfallTable({ segments }: Waterfall): Table {
  const all = Math.max(
    1,
    segments.reduce((sum, { seconds }) => sum + seconds, 0),
  );
  let from = 0;
  return table(
    ['Stage', 'From merge to live', right('Time')],
    segments.map((segment) => {
      const x = from / all;
      from += segment.seconds;
      const kind = STAGE_KINDS[segment.stage] ?? 'wait';
      return [
        [segmentWords(segment)],
        [{ text: '', bar: { from: x, to: from / all, kind } }],
        [duration(segment.seconds)],
      ];
    }),
    'stage',
  );
}
