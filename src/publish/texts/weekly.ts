import type { AlertMemory, AlertRecords } from '../../model/alert-spell.ts';
import type { ServiceName } from '../../model/service.ts';
import { type Block, heading, paragraph, right, table } from '../../report/blocks.ts';
import type { Report, RunReport } from '../../report/contract.ts';
import { codeBlocks } from '../../report/optional-sections.ts';
import { weeksChart } from '../../report/mermaid.ts';
import { changeLink, deploymentLink, timeOf, worstFirst } from '../../report/parts.ts';
import { budgetBlocks, recordBlocks } from '../../report/trends.ts';
import { reasonBlocks } from '../../report/reason-line.ts';
import { missing, numbers, pending, verdictBlock } from '../../report/summary.ts';
import { runSentence, servicesTable, unmeasuredBlocks } from '../../report/services.ts';
import { alertOf, type Week, weekOf } from './weeks.ts';
import {
  counted,
  day,
  duration,
  figureWords,
  listed,
  moment,
  partOfLine,
  statusWords,
  serviceName,
} from '../../report/words.ts';

/** A report, with what the next run has to know about it. */
export interface ServiceRecord {
  report: Report;
  /** The name that its texts carry. */
  name: ServiceName;
  /** The state of the alert for the next run; `null`: unknown. */
  memory: AlertMemory | null;
}

/** The contents of the weekly issue, for one service or several. */
export interface WeeklyStory {
  /** Whether the issue should be open; `null`: unknown, and it stays as it is. */
  alert: boolean | null;
  name: ServiceName;
  report: Pick<Report, 'window' | 'generatedAt'>;
  week: Week;
  /** The state of each service's alert. */
  alerts: AlertRecords;
  issue(weeks: readonly Week[], mention: readonly string[]): { title: string; blocks: Block[] };
  /** The comment that closes the issue. */
  closing: Block[];
  /** Whether a title has this story's form, whatever its figures. */
  hasTitle(title: string): boolean;
}

/** Number of services that fit in an issue. */
const MOST_SECTIONS = 15;

export function weeklyStory(remembered: ServiceRecord): WeeklyStory {
  const { report, name } = remembered;
  return {
    alert: issueAlertOf(report),
    name,
    report,
    week: weekOf(report),
    alerts: recordsOf([remembered]),
    issue: (weeks, mention) => weeklyIssue(report, weeks, mention),
    closing: closingComment(report.sentence, endOf(report)),
    hasTitle: (title) =>
      title.startsWith('Deploy latency: ') &&
      title.includes(plainTitle(` in ${placeOf(report)}, target `).trim()),
  };
}

/** An issue stays as it is while the verdict is "drifted" or data is missing, whatever is known about the alert. */
function issueAlertOf(report: Report): boolean | null {
  const alert = alertOf(report);
  const isMissing = report.status === 'insufficient-data' && report.completeness.gaps.length > 0;
  return alert === false && (report.status === 'drifted' || isMissing) ? null : alert;
}

const recordsOf = (services: readonly ServiceRecord[]): AlertRecords =>
  Object.fromEntries(
    services.flatMap(({ report: { service = '' }, memory }) => (memory ? [[service, memory]] : [])),
  );

/** A service with too little data this week does not keep the issue of the others open. */
function storyAlert(reports: readonly Report[]): boolean | null {
  const alerts = reports
    .filter((report) => report.status !== 'insufficient-data' || alertOf(report) === true)
    .map(issueAlertOf);
  if (alerts.includes(true)) return true;
  return alerts.length === 0 || alerts.includes(null) ? null : false;
}

/** One issue for several services, with a section for each that has drifted. */
export function runStory(
  run: RunReport,
  remembered: readonly ServiceRecord[],
  name: ServiceName,
): WeeklyStory | null {
  const inOrder = worstFirst(run.units);
  const [worst] = inOrder;
  if (!worst) return null;
  const drifted = inOrder.filter((report) => alertOf(report) === true);
  const names = drifted.map(serviceName);
  const shown = drifted.slice(0, MOST_SECTIONS);
  const head = 'Deploy latency of services: ';
  return {
    alert: storyAlert(run.units),
    name,
    report: worst,
    week: weekOf(worst),
    alerts: recordsOf(remembered),
    issue: (weeks, mention) => ({
      title: plainTitle(`${head}${names.length > 0 ? `${listed(names)} over target` : 'none over target'}`),
      blocks: [
        paragraph({ text: runSentence(run), strong: true }),
        paragraph('This issue closes when every service has been back at its target for a day.'),
        servicesTable(run),
        ...unmeasuredBlocks(run),
        weeksTable(weeks),
        ...(drifted.length > shown.length
          ? [
              paragraph(
                `${counted(drifted.length, 'service')} drifted. The ${shown.length} worst are shown below.`,
              ),
            ]
          : []),
        ...shown.flatMap((report): Block[] => [
          heading(3, serviceName(report)),
          verdictBlock(report),
          ...reasonBlocks(report),
          numbers(report),
          ...codeBlocks(report),
          ...slowest(report),
          ...pending(report),
          ...missing(report),
        ]),
        ...(mention.length > 0 ? [{ kind: 'mention' as const, handles: [...mention] }] : []),
      ],
    }),
    closing: closingComment(runSentence(run), endsOf(run.units)),
    hasTitle: (title) => title.startsWith(head),
  };
}

/** The service and its environment, as a title names them. */
const placeOf = ({ service, environment }: Pick<Report, 'service' | 'environment'>): string =>
  service ? `${environment} (${service})` : environment;

/** The weekly issue: the figure in its title; verdict, reason, next step and the weeks in its body. */
export function weeklyIssue(
  report: Report,
  weeks: readonly Week[],
  mention: readonly string[],
): { title: string; blocks: Block[] } {
  const { target, leadTimeSeconds, leadTimeAtLeastSeconds } = report;
  const isKnown = leadTimeSeconds !== null || leadTimeAtLeastSeconds !== null;
  const figure = isKnown ? figureWords(leadTimeSeconds, leadTimeAtLeastSeconds, 'at least') : 'unknown';
  return {
    title: plainTitle(`Deploy latency: ${figure} in ${placeOf(report)}, target ${duration(target.seconds)}`),
    blocks: [
      verdictBlock(report),
      ...reasonBlocks(report),
      paragraph(`This issue closes when lead time has been back at ${duration(target.seconds)} for a day.`),
      numbers(report),
      ...codeBlocks(report),
      ...budgetBlocks(report),
      ...weeksChart(weeks, report),
      weeksTable(weeks),
      ...report.remarks.flatMap(({ what, consequence, isForIssue }) =>
        isForIssue ? paragraph(`${what} ${consequence}`) : [],
      ),
      ...slowest(report),
      ...pending(report),
      ...recordBlocks(report),
      ...missing(report),
      ...(mention.length > 0 ? [{ kind: 'mention' as const, handles: [...mention] }] : []),
    ],
  };
}

/** A title is not Markdown, but GitHub still reads mentions and references in it. */
function plainTitle(text: string): string {
  return partOfLine(text).replace(/[@#]|GH-(?=\d)|:(?=\/\/)/gi, '$&\u200B');
}

/** `9 Mar 2026 to 16 Mar 2026`; only the Monday for lines from older versions. */
function spanOf({ week, from, to }: Week): string {
  return from === undefined || to === undefined ? day(week) : `${day(from)} to ${day(to)}`;
}

function weeksTable(weeks: readonly Week[]): Block {
  const isCoded = weeks.some((week) => week.code !== undefined);
  const hasWaits = weeks.some((week) => week.waited !== undefined);
  return table(
    [
      'Window (UTC)',
      'Verdict',
      right('Lead time'),
      right('Changes'),
      right('Pending'),
      right('Batches'),
      ...(hasWaits ? [right('Oldest pending')] : []),
      ...(isCoded ? [right('Code to live')] : []),
    ],
    weeks
      .toReversed()
      .map((week) => [
        [spanOf(week)],
        [statusWords(week.status)],
        [figureWords(week.seconds, week.atLeast)],
        [`${week.mergesets}`],
        [`${week.pending}`],
        [`${week.batches}`],
        ...(hasWaits ? [[week.waited === undefined ? '–' : duration(week.waited)]] : []),
        ...(isCoded ? [[typeof week.code === 'number' ? duration(week.code) : '–']] : []),
      ]),
    'week',
  );
}

const SLOWEST = 10;

/** The slowest changes past the target. */
function slowest(report: Report): Block[] {
  const { mergesets, deployments, target } = report;
  const deploymentOf = new Map(deployments.map((deployment) => [deployment.id, deployment]));
  const slow = mergesets
    .filter((mergeset) => (mergeset.leadTimeSeconds ?? 0) > target.seconds && mergeset.counted !== false)
    .sort((a, b) => (b.leadTimeSeconds ?? 0) - (a.leadTimeSeconds ?? 0))
    .slice(0, SLOWEST);
  if (slow.length === 0) return [];
  return [
    heading(3, 'Slowest changes'),
    table(
      [right('Lead time'), 'Change', 'Author', 'Live (UTC)', 'Deployment'],
      slow.map((mergeset) => {
        const deployment = deploymentOf.get(mergeset.deployment ?? '');
        return [
          [duration(mergeset.leadTimeSeconds ?? 0)],
          [changeLink(mergeset, report), ` ${mergeset.title}`],
          [mergeset.author ?? '–'],
          [deployment ? moment(timeOf(deployment)) : '–'],
          [deployment ? deploymentLink(deployment, report) : '–'],
        ];
      }),
      'change',
    ),
  ];
}

const END_WORDS: Record<NonNullable<Report['alerts']['all'][number]['left']>, string> = {
  'on-target': 'was back at the target',
  'under-limit': 'was clearly under the limit',
  'not-sure': 'had not been over the limit for at least four weeks',
};

/** Why the alert is off, without a final stop. */
function endOf({ status, alerts }: Report, services = ''): string {
  const place = services && ` for ${services}`;
  if (status === 'on-target') return `Lead time is back at the target${place}`;
  const { left = null, leftAt = null } = alerts.all.at(-1) ?? {};
  if (left === null || leftAt === null) return `The data and settings of this run show no alert${place}`;
  return services
    ? `Lead time ${END_WORDS[left]}${place}`
    : `The alert ended on ${moment(leftAt)} UTC, because lead time ${END_WORDS[left]}`;
}

/** Why the alerts of several services are off. */
function endsOf(reports: readonly Report[]): string {
  const measured = reports.filter(({ status }) => status !== 'insufficient-data');
  const sameEnd = (report: Report) =>
    measured.filter((other) => endOf(other, 'all') === endOf(report, 'all'));
  const ends = measured.map((report) => endOf(report, listed(sameEnd(report).map(serviceName))));
  return [...new Set(ends)].join('. ');
}

/** The comment that closes the issue. */
function closingComment(sentence: string, reason: string): Block[] {
  return [paragraph(`${sentence} ${reason}, so this issue closes. It reopens when a drift is certain.`)];
}
