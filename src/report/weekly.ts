import type { AlertMemory } from '../model/alert-spell.ts';
import type { ServiceName } from '../model/service.ts';
import type { AlertRecords } from './alert-record.ts';
import { type Block, heading, paragraph, right, table } from './blocks.ts';
import type { Report, RunReport } from './contract.ts';
import { grewBlocks } from './diagnosis.ts';
import { codeBlocks } from './extras.ts';
import { firstBlocks } from './first.ts';
import { weeksChart } from './mermaid.ts';
import { worstFirst } from './parts.ts';
import { budgetBlocks, recordBlocks } from './past.ts';
import { missing, numbers, pending } from './summary.ts';
import { aside, runSentence, servicesTable } from './services.ts';
import { alertOf, type Week, weekOf } from './weeks.ts';
import { duration, figureWords, listed, nameOf, statusWords, serviceName } from './words.ts';

/** A report, with what the next run has to know of it. */
export interface Remembered {
  report: Report;
  /** What its texts are found by. */
  name: ServiceName;
  /** What the next run can go on from; `null`: nothing is known of the alert. */
  memory: AlertMemory | null;
}

/** What the weekly issue tells of: one unit, or several. */
export interface WeeklyStory {
  /** Whether the issue is to be open; `null`: that is not known, and it stays as it is. */
  alert: boolean | null;
  name: ServiceName;
  report: Pick<Report, 'window' | 'generatedAt'>;
  week: Week;
  /** What is known of the alert of each service. */
  alerts: AlertRecords;
  issue(weeks: readonly Week[], mention: readonly string[]): { title: string; blocks: Block[] };
  /** The comment with which the issue is closed. */
  closing: Block[];
  /** Whether a title is of the form that this story's has, whatever its figures. */
  hasTitle(title: string): boolean;
}

/** So many stories have room in an issue. */
const MOST_SECTIONS = 15;

export function weeklyStory(remembered: Remembered): WeeklyStory {
  const { report, name } = remembered;
  return {
    alert: alertOf(report),
    name,
    report,
    week: weekOf(report),
    alerts: recordsOf([remembered]),
    issue: (weeks, mention) => weeklyIssue(report, weeks, mention),
    closing: closingComment(report.sentence, leftBy(report)),
    hasTitle: (title) =>
      title.startsWith('Deploy latency: ') &&
      title.includes(plainTitle(` in ${report.environment}, target `).trim()),
  };
}

const recordsOf = (all: readonly Remembered[]): AlertRecords =>
  Object.fromEntries(
    all.flatMap(({ report: { service = '' }, memory }) => (memory ? [[service, memory]] : [])),
  );

/** A service of which too little is known in a week says nothing against those that are back at their target. */
function storyAlert(reports: readonly Report[]): boolean | null {
  const known = reports.filter((report) => report.status !== 'insufficient-data' || alertOf(report) === true);
  const all = known.map(alertOf);
  if (all.includes(true)) return true;
  return all.length === 0 || all.includes(null) ? null : false;
}

/** One issue for several services, with a section for each that has drifted. */
export function runStory(
  run: RunReport,
  remembered: readonly Remembered[],
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
      title: plainTitle(
        `${head}${names.length > 0 ? `${listed(names)} ${names.length === 1 ? 'has' : 'have'} drifted` : 'none has drifted'}`,
      ),
      blocks: [
        paragraph({ text: runSentence(run), strong: true }),
        paragraph('Closes when every one is back at its target, or surely under its limit.'),
        servicesTable(run),
        ...aside(run),
        weeksTable(weeks),
        ...(drifted.length > shown.length
          ? [paragraph(`${drifted.length} have drifted. The ${shown.length} worst are shown below.`)]
          : []),
        ...shown.flatMap((report): Block[] => [
          heading(3, serviceName(report)),
          paragraph(report.sentence),
          numbers(report),
          ...codeBlocks(report),
          ...slowest(report),
          ...pending(report),
          ...missing(report),
        ]),
        ...(mention.length > 0 ? [{ kind: 'mention' as const, handles: [...mention] }] : []),
      ],
    }),
    closing: closingComment(runSentence(run), 'under-limit'),
    hasTitle: (title) => title.startsWith(head),
  };
}

/** The weekly issue: its title has the figure, its body the week and the weeks before. */
export function weeklyIssue(
  report: Report,
  weeks: readonly Week[],
  mention: readonly string[],
): { title: string; blocks: Block[] } {
  const { target, environment, leadTimeSeconds, leadTimeAtLeastSeconds } = report;
  const isKnown = leadTimeSeconds !== null || leadTimeAtLeastSeconds !== null;
  const figure = isKnown ? figureWords(leadTimeSeconds, leadTimeAtLeastSeconds, 'at least') : 'unknown';
  return {
    title: plainTitle(
      `Deploy latency: ${target.statistic} is ${figure} in ${environment}, target ${duration(target.seconds)}`,
    ),
    blocks: [
      paragraph({ text: report.sentence, strong: true }),
      paragraph('Closes when a window is back at the target, or surely under the limit.'),
      numbers(report),
      ...firstBlocks(report),
      ...codeBlocks(report),
      ...budgetBlocks(report),
      ...grewBlocks(report),
      ...weeksChart(weeks, report),
      weeksTable(weeks),
      ...recordBlocks(report),
      ...slowest(report),
      ...pending(report),
      ...missing(report),
      ...(mention.length > 0 ? [{ kind: 'mention' as const, handles: [...mention] }] : []),
    ],
  };
}

/** A title is not Markdown, but a mention or a reference in it would still be one. */
function plainTitle(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[@#]|GH-(?=\d)|:(?=\/\/)/gi, '$&\u200B');
}

/** `2026-03-09 to 2026-03-16`; of lines that older versions wrote, its Monday. */
function spanOf({ week, from, to }: Week): string {
  return from === undefined || to === undefined ? week : `${from.slice(0, 10)} to ${to.slice(0, 10)}`;
}

function weeksTable(weeks: readonly Week[]): Block {
  const isCoded = weeks.some((week) => week.code !== undefined);
  return table(
    [
      'Window (UTC)',
      'Verdict',
      right('Lead time'),
      right('Changes'),
      right('Pending'),
      right('Batches'),
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
        ...(isCoded ? [[typeof week.code === 'number' ? duration(week.code) : '–']] : []),
      ]),
    'week',
  );
}

const SLOWEST = 10;

/** Those past the target: what is within it is not slow. */
function slowest({ mergesets, target }: Report): Block[] {
  const slow = mergesets
    .filter((mergeset) => (mergeset.leadTimeSeconds ?? 0) > target.seconds && mergeset.counted !== false)
    .sort((a, b) => (b.leadTimeSeconds ?? 0) - (a.leadTimeSeconds ?? 0))
    .slice(0, SLOWEST);
  if (slow.length === 0) return [];
  return [
    heading(3, 'The slowest'),
    table(
      [right('Lead time'), 'Change', 'Author', 'Deployment'],
      slow.map((mergeset) => [
        [duration(mergeset.leadTimeSeconds ?? 0)],
        [`${nameOf(mergeset)} ${mergeset.title}`],
        [mergeset.author ?? '–'],
        [`${mergeset.deployment}`],
      ]),
      'change',
    ),
  ];
}

type Left = NonNullable<Report['alerts']['all'][number]['left']>;

/** Why there is no alert any more, or none that was seen. */
function leftBy({ status, alerts }: Report): Left {
  return status === 'on-target' ? 'on-target' : (alerts.all.at(-1)?.left ?? 'not-sure');
}

/** The comment with which the issue is closed. */
function closingComment(sentence: string, left: Left): Block[] {
  const why = {
    'on-target': 'Back at the target',
    'under-limit': 'Surely under the limit again',
    'not-sure': 'No drift was sure for four weeks',
  }[left];
  return [paragraph(`${sentence} ${why}, so this is closed; it is opened again when a drift is sure.`)];
}
