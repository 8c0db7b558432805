import {
  type Block,
  heading,
  type Inline,
  paragraph,
  right,
  type Span,
  type Table,
  table,
} from './blocks.ts';
import type { Report, RunReport } from './contract.ts';
import { type Outputs, outputsOf } from './outputs.ts';
import { batchesIn, disagreementsIn, statusesOf, withLinks, WORST, worstFirst } from './parts.ts';
import { counted, duration, figureWords, listed, STATUS_WORDS, statusWords, serviceName } from './words.ts';

/** The texts of a run with several services: a table of all, then the worst services in full. */

const BLOCKS = '▁▂▃▄▅▆▇█';

/** A service's past weeks as small bars, from zero to the slowest week or the limit. A dot: a week without a verdict. */
function weeksOf({ weeks, target: { thresholdSeconds: limit } }: Report): Inline {
  if (!weeks?.length) return ['–'];
  const times = weeks.map((week) => (week.status === 'insufficient-data' ? null : week.leadTimeSeconds));
  const most = Math.max(limit, ...times.map((seconds) => seconds ?? 0));
  return [
    {
      text: times
        .map((time) => (time === null ? '·' : BLOCKS[Math.ceil((time / most) * 8 || 1) - 1]))
        .join(''),
      weeks: { times, limit },
    },
  ];
}

/**
 * Verdict, past weeks if there are any, lead time, target, changes, pending changes and batches of services.
 *
 * @param unmeasured - names of services without an answer.
 */
export function tableOfServices(
  reports: readonly Report[],
  nameOf: (report: Report) => Span,
  unmeasured: readonly string[] = [],
): Table {
  const hasWeeks = reports.some(({ weeks }) => weeks?.length);
  const columns = [
    'Service',
    'Verdict',
    ...(hasWeeks ? ['Weeks'] : []),
    ...['Lead time', 'Target', 'Changes', 'Pending', 'Batches'].map(right),
  ];
  return table(
    columns,
    [
      ...reports.map((report): Inline[] => [
        [nameOf(report)],
        [statusWords(report.status)],
        ...(hasWeeks ? [weeksOf(report)] : []),
        [`${report.target.statistic} ${figureWords(report.leadTimeSeconds, report.leadTimeAtLeastSeconds)}`],
        [duration(report.target.seconds)],
        ...[report.leadTime.count, report.leadTime.pending, batchesIn(report)].map((count) => [`${count}`]),
      ]),
      ...unmeasured.map((name): Inline[] => [
        [{ text: name, strong: true }],
        [statusWords('insufficient-data')],
        ...Array.from({ length: columns.length - 2 }, () => ['–']),
      ]),
    ],
    'service',
  );
}

/**
 * The services of a run, the worst first.
 *
 * @param onPage - services that the same page describes; the table links to them.
 */
export const servicesTable = ({ units: reports, untold }: RunReport, onPage: readonly Report[] = []): Table =>
  tableOfServices(
    worstFirst(reports),
    (report) => ({
      text: serviceName(report),
      ...(onPage.includes(report) ? { href: `#${anchorOf(report)}` } : { strong: true }),
    }),
    untold.map(serviceName),
  );

/** The anchor of a service's section on the page. */
export const anchorOf = ({ service = '', environment }: Report): string =>
  `service-${encodeURIComponent(`${service} ${environment}`).replace(/[^\w.~-]/g, '_')}`;

/** The head of the summary, before the services. */
export function runBlocks(run: RunReport): Block[] {
  return [
    heading(2, `${STATUS_WORDS[run.status].mark} Deploy latency: ${run.repository}`),
    paragraph({ text: runSentence(run), strong: true }),
    servicesTable(run),
    ...unmeasuredBlocks(run),
  ];
}

/** Rows that the table leaves out: why some services could not be measured, where production disagrees, and changes that touch no service. */
export function unmeasuredBlocks({ units, untold, elsewhere }: RunReport): Block[] {
  return [
    ...(untold.length > 0
      ? [
          {
            kind: 'list' as const,
            items: untold.map((service) => [`${serviceName(service)}: ${service.reason}`]),
          },
        ]
      : []),
    ...units.flatMap((report) =>
      disagreementsIn(report).map((sentence) =>
        paragraph(`${serviceName(report)}: `, ...withLinks(report, sentence)),
      ),
    ),
    ...(elsewhere !== null && elsewhere > 0
      ? [paragraph(`${counted(elsewhere, 'change')} ${elsewhere === 1 ? 'touches' : 'touch'} no service.`)]
      : []),
  ];
}

export function runSentence({ units: reports, untold }: Pick<RunReport, 'units' | 'untold'>): string {
  const statuses = statusesOf(reports, untold);
  const parts = WORST.flatMap((status) => {
    const count = statuses.filter((other) => other === status).length;
    return count > 0 ? [`${count} ${STATUS_WORDS[status].title.toLowerCase()}`] : [];
  });
  const hasNames = [...reports, ...untold].some(({ service }) => service);
  return `${counted(statuses.length, hasNames ? 'service' : 'environment')}: ${listed(parts)}.`;
}

/** The outputs of the worst service with the totals of all, and `units`: JSON for a matrix. */
export function runOutputs(run: RunReport): Outputs & { units: string } {
  const [worst] = worstFirst(run.units);
  if (!worst) throw new RangeError('outputs of no service');
  const outputs = run.units.map(outputsOf);
  const sum = (name: keyof Outputs) =>
    String(outputs.reduce((total, service) => total + Number(service[name]), 0));
  return {
    ...outputsOf(worst),
    status: run.status,
    mergesets: sum('mergesets'),
    deployments: sum('deployments'),
    'batched-deployments': sum('batched-deployments'),
    pending: sum('pending'),
    units: servicesJson(run),
  };
}

export function servicesJson({ units: reports, untold }: Pick<RunReport, 'units' | 'untold'>): string {
  return JSON.stringify(
    [...reports, ...untold].map((service) => {
      const report = 'status' in service ? service : null;
      return {
        service: service.service ?? null,
        environment: service.environment,
        status: report?.status ?? 'insufficient-data',
        'lead-time-seconds': report?.leadTimeSeconds ?? null,
        'threshold-seconds': report?.target.thresholdSeconds ?? null,
        mergesets: report?.leadTime.count ?? 0,
        pending: report?.leadTime.pending ?? 0,
        'batched-deployments': report ? batchesIn(report) : 0,
      };
    }),
  );
}
