import { STATISTICS } from '../model/terms.ts';
import { type Block, heading, type Inline, note, paragraph, right, type Table, table } from './blocks.ts';
import type { Report, ReportedChange, ReportedDeployment, RunReport } from './contract.ts';
import { diagnosisBlocks, grewBlocks } from './diagnosis.ts';
import { extraBlocks } from './extras.ts';
import { firstBlocks } from './first.ts';
import { leadTimeChart } from './mermaid.ts';
import { pendingIn, secondsOf, shippedIn, successesIn, timeOf, worstFirst } from './parts.ts';
import { budgetBlocks, recordBlocks, weekBlocks } from './past.ts';
import { runBlocks } from './services.ts';
import {
  calledBy,
  counted,
  duration,
  listed,
  moment,
  nameOf,
  STATUS_WORDS,
  statisticWords,
  serviceName,
  windowWords,
} from './words.ts';

const TITLE_LENGTH = 60;
const MOST_SHIPPED_SHOWN = 10;

/** The summary in parts: of several services a table of them first, then each one's story, the worst first. */
export function summaryParts(report: Report | RunReport): Block[][] {
  return 'units' in report
    ? [runBlocks(report), ...worstFirst(report.units).map(summaryOf)]
    : [summaryOf(report)];
}

/** The story of a window: the verdict first, then the numbers, what waits, the deployments, the batches. */
export function summaryOf(report: Report): Block[] {
  const { mark } = STATUS_WORDS[report.status];
  return [
    heading(2, `${mark} Deploy latency: ${report.repository} → ${serviceName(report)}`),
    paragraph({ text: report.sentence, strong: true }),
    paragraph(scope(report)),
    numbers(report),
    ...budgetBlocks(report),
    ...firstBlocks(report),
    ...remarkBlocks(report),
    ...lowerBoundNote(report),
    ...leadTimeChart(report),
    ...grewBlocks(report),
    ...folded(pending(report)),
    ...folded([
      ...extraBlocks(report),
      ...diagnosisBlocks(report),
      ...deployments(report),
      ...batches(report),
      ...weekBlocks(report),
    ]),
    ...recordBlocks(report),
    ...unreadBlocks(report),
  ];
}

/** Sections, each folded below its heading; what stands before the first heading stays as it is. */
export function folded(blocks: readonly Block[]): Block[] {
  const sections: Block[] = [];
  for (const block of blocks) {
    const section = sections.at(-1);
    if (block.kind === 'heading')
      sections.push({
        kind: 'details',
        summary: block.text.map((each) => (typeof each === 'string' ? each : each.text)).join(''),
        blocks: [],
      });
    else if (section?.kind === 'details') section.blocks.push(block);
    else sections.push(block);
  }
  return sections;
}

function scope(report: Report): string {
  const { leadTime, mergesets, baseBranch, window } = report;
  const untimed = mergesets.filter((mergeset) => mergeset.untimed && mergeset.counted !== false).length;
  const left = mergesets.filter((mergeset) => mergeset.counted === false).length;
  return [
    `${counted(mergesets.length, 'change')} merged into ${baseBranch} in the ${windowWords(window)}:`,
    `${leadTime.deployed} live, ${leadTime.pending} pending${untimed > 0 ? `, ${untimed} untimed` : ''}${left > 0 ? `, ${left} not counted` : ''};`,
    `${counted(successesIn(report).length, 'successful deployment')}.`,
  ].join(' ');
}

/** The statistics for people; the team's is the main one. */
export const statistics = ({ leadTime, target }: Report, atLeast?: string) =>
  STATISTICS.map((name) => ({
    name,
    value: statisticWords(leadTime, name, atLeast),
    main: name === target.statistic,
  }));

/** The same in a row, the team's in bold where it is known. */
export function numbers(report: Report): Table {
  const all = statistics(report);
  return table(
    all.map(({ name }) => right(name)),
    [all.map(({ name, value, main }) => [{ text: value, strong: main && report.leadTime[name] !== null }])],
    'row',
  );
}

const remarkBlocks = ({ remarks }: Report): Block[] =>
  remarks.map(({ what, consequence }) => note(`${what} ${consequence}`));

function lowerBoundNote({ leadTime }: Report): Block[] {
  if (leadTime.pending === 0) return [];
  return [
    note(
      '≥ is a lower bound: what is still pending counts with its waiting so far, so nobody looks fast by not deploying.',
    ),
  ];
}

function changeWords(mergeset: ReportedChange): Inline {
  return [{ text: nameOf(mergeset), href: mergeset.url }, ` ${cut(mergeset.title)}`];
}

function cut(text: string): string {
  const points = [...text];
  return points.length > TITLE_LENGTH ? `${points.slice(0, TITLE_LENGTH - 1).join('')}…` : text;
}

export function pending(report: Report): Block[] {
  const waiting = pendingIn(report);
  if (waiting.length === 0) return [];
  return [heading(3, `Merged, not live: ${waiting.length}`), ...waitingTable(report, waiting)];
}

/** Some changes that wait, with what is past the limit in bold. */
export function waitingTable({ target }: Report, waiting: readonly ReportedChange[]): Block[] {
  if (waiting.length === 0) return [];
  return [
    table(
      ['Change', 'Author', 'Merged (UTC)', right('Waiting')],
      waiting.map((mergeset) => [
        changeWords(mergeset),
        [mergeset.author ?? '–'],
        [moment(mergeset.mergedAt)],
        [{ text: duration(secondsOf(mergeset)), strong: secondsOf(mergeset) > target.thresholdSeconds }],
      ]),
      'pending change',
      { oldestFirst: true },
    ),
  ];
}

function deployments(report: Report): Block[] {
  if (report.deployments.length === 0)
    return [paragraph(`No deployment to ${report.environment} in this window.`)];
  return [heading(3, 'Deployments, newest first'), deploymentsTable(report, report.deployments)];
}

/** Some deployments of a report, the newest first. */
export function deploymentsTable(report: Report, some: readonly ReportedDeployment[]): Table {
  const shippedBy = shippedIn(report);
  return table(
    ['When (UTC)', 'Deployment', 'Shipped', right('Lead time'), 'Note'],
    some
      .toReversed()
      .map((each) => [
        [moment(timeOf(each))],
        [
          { text: `${each.id}`, ...(each.url ? { href: each.url } : {}) },
          ' at ',
          { text: each.sha.slice(0, 7), href: `${report.repositoryUrl}/commit/${each.sha}` },
        ],
        shippedWords(shippedBy(each)),
        leadTimes(shippedBy(each), report),
        [each.notes.join(', ')],
      ]),
    'deployment',
  );
}

function shippedWords(shipped: readonly ReportedChange[]): Inline {
  if (shipped.length === 0) return ['–'];
  const shown = shipped.slice(0, MOST_SHIPPED_SHOWN);
  const more = shipped.length - shown.length;
  return [
    ...shown.flatMap((mergeset, i) => [...(i > 0 ? ['; '] : []), ...changeWords(mergeset)]),
    ...(more > 0 ? [` and ${more} more`] : []),
  ];
}

/** The longest lead time of what it shipped; of several, the shortest too. */
function leadTimes(shipped: readonly ReportedChange[], { target }: Report): Inline {
  const times = shipped.map((mergeset) => mergeset.leadTimeSeconds).filter((each) => each !== null);
  if (times.length === 0) return ['–'];
  const [shortest, longest] = [Math.min(...times), Math.max(...times)];
  const text = shortest === longest ? duration(longest) : `${duration(shortest)} to ${duration(longest)}`;
  return [{ text, strong: longest > target.thresholdSeconds }];
}

function batches({ deployments }: Report): Block[] {
  const batched = deployments.filter((deployment) => deployment.batched).toReversed();
  if (batched.length === 0) return [];
  return [
    heading(3, `Batches: ${batched.length}`),
    table(
      ['When (UTC)', 'Deployment', 'Changes', 'Authors', 'Why'],
      batched.map((each) => [
        [moment(timeOf(each))],
        [`${each.id}`],
        [listed(each.mergesets.map(calledBy))],
        [listed(each.authors) || '–'],
        [each.why ?? ''],
      ]),
      'batched deployment',
    ),
  ];
}

export function unreadBlocks({ completeness: { gaps } }: Report): Block[] {
  if (gaps.length === 0) return [];
  return [
    heading(3, 'What could not be read'),
    table(
      ['What', 'What that does to the answer'],
      gaps.map((gap) => [[gap.what], [gap.consequence]]),
      'gap',
    ),
  ];
}

/** The same, where the verdict says that something is missing; a comment does not repeat the rest. */
export const missing = (report: Report): Block[] =>
  report.reason === 'unreadable' ? unreadBlocks(report) : [];
