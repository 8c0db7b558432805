import { STATISTICS } from '../model/terms.ts';
import {
  type Block,
  details,
  heading,
  type Inline,
  note,
  paragraph,
  plainText,
  right,
  strong,
  type Table,
  table,
} from './blocks.ts';
import type { Report, ReportedChange, ReportedDeployment } from './contract.ts';
import { diagnosisBlocks, slowerBlocks } from './diagnosis.ts';
import { extraBlocks } from './optional-sections.ts';
import { leadTimeChart } from './mermaid.ts';
import {
  changeLink,
  deploymentLink,
  withLinks,
  pendingIn,
  secondsOf,
  shippedIn,
  successesIn,
  timeOf,
} from './parts.ts';
import { budgetBlocks, recordBlocks, weekBlocks } from './trends.ts';
import { reasonBlocks } from './reason-line.ts';
import {
  calledBy,
  counted,
  duration,
  listed,
  moment,
  STATUS_WORDS,
  statisticWords,
  serviceName,
  windowWords,
} from './words.ts';

const TITLE_LENGTH = 60;
const MOST_SHIPPED_SHOWN = 10;

/** The summary of one service: verdict, reason and next step, then the numbers, and the details folded. */
export function summaryOf(report: Report): Block[] {
  const { mark } = STATUS_WORDS[report.status];
  return [
    heading(2, `${mark} Deploy latency: ${report.repository} → ${serviceName(report)}`),
    verdictBlock(report),
    ...reasonBlocks(report),
    paragraph(scope(report)),
    numbers(report),
    ...budgetBlocks(report),
    ...remarkBlocks(report),
    ...lowerBoundNote(report),
    ...leadTimeChart(report),
    ...folded(pending(report)),
    ...folded([
      ...slowerBlocks(report),
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

/** The verdict in bold, with links to the changes it names. */
export const verdictBlock = (report: Report): Block =>
  paragraph(...strong(withLinks(report, report.sentence)));

/** Folds each section below its heading. Blocks before the first heading stay open. */
export function folded(blocks: readonly Block[]): Block[] {
  const sections: Block[] = [];
  for (const block of blocks) {
    const section = sections.at(-1);
    if (block.kind === 'heading') sections.push(details(plainText(block.text), []));
    else if (section?.kind === 'details') section.blocks.push(block);
    else sections.push(block);
  }
  return sections;
}

function scope(report: Report): string {
  const { leadTime, mergesets, baseBranch, window, seen = [] } = report;
  const untimed = mergesets.filter((mergeset) => mergeset.untimed && mergeset.counted !== false).length;
  const excluded = mergesets.filter((mergeset) => mergeset.counted === false).length;
  return [
    `${counted(mergesets.length, 'change')} merged into ${baseBranch} in the ${windowWords(window)}:`,
    `${leadTime.deployed} live, ${leadTime.pending} pending${untimed > 0 ? `, ${untimed} untimed` : ''}${excluded > 0 ? `, ${excluded} not counted` : ''}.`,
    `${counted(successesIn(report).length, 'successful deployment')}.`,
    ...seen.filter(({ state }) => state === 'recorded' || state === 'newer').map(({ sentence }) => sentence),
  ].join(' ');
}

/** The statistics as a row, with the team's own in bold if it is known. */
export const numbers = ({ leadTime, target }: Report): Table =>
  table(
    STATISTICS.map((name) => right(name)),
    [
      STATISTICS.map((name) => [
        {
          text: statisticWords(leadTime, name),
          strong: name === target.statistic && leadTime[name] !== null,
        },
      ]),
    ],
    'row',
  );

const remarkBlocks = (report: Report): Block[] =>
  report.remarks.flatMap(({ what, consequence, yaml }): Block[] => [
    note(...withLinks(report, `${what} ${consequence}`)),
    ...(yaml ? [{ kind: 'code', language: 'yaml', text: yaml } as const] : []),
  ]);

function lowerBoundNote({ leadTime }: Report): Block[] {
  if (leadTime.pending === 0) return [];
  return [
    note(
      '≥ marks a lower bound: a pending change counts with its waiting time so far, so nobody looks fast by not deploying.',
    ),
  ];
}

const changeWords = (mergeset: ReportedChange, report: Report): Inline => [
  changeLink(mergeset, report),
  ` ${cut(mergeset.title)}`,
];

function cut(text: string): string {
  const points = [...text];
  return points.length > TITLE_LENGTH ? `${points.slice(0, TITLE_LENGTH - 1).join('')}…` : text;
}

export function pending(report: Report): Block[] {
  const waiting = pendingIn(report);
  if (waiting.length === 0) return [];
  // The figure "pending" has the window's changes that count.
  const excluded = waiting.filter((mergeset) => mergeset.counted === false).length;
  const earlier = waiting.length - excluded - report.leadTime.pending;
  const others = [
    ...(earlier > 0 ? [`${earlier} merged before the window`] : []),
    ...(excluded > 0 ? [`${excluded} not counted`] : []),
  ];
  return [
    heading(
      3,
      `${counted(waiting.length, 'change')} merged, not live${others.length > 0 ? ` (${listed(others)})` : ''}`,
    ),
    ...waitingTable(report, waiting),
  ];
}

/** Waiting changes, in bold past the limit. */
export function waitingTable(report: Report, waiting: readonly ReportedChange[]): Block[] {
  if (waiting.length === 0) return [];
  return [
    table(
      ['Change', 'Author', 'Merged (UTC)', right('Waiting')],
      waiting.map((mergeset) => [
        changeWords(mergeset, report),
        [mergeset.author ?? '–'],
        [moment(mergeset.mergedAt)],
        [
          {
            text: duration(secondsOf(mergeset)),
            strong: secondsOf(mergeset) > report.target.thresholdSeconds,
          },
        ],
      ]),
      'pending change',
      { oldestFirst: true },
    ),
  ];
}

function deployments(report: Report): Block[] {
  if (report.deployments.length === 0)
    return [paragraph(`No deployment to ${report.environment} in this window.`)];
  return [
    heading(3, counted(report.deployments.length, 'deployment')),
    deploymentsTable(report, report.deployments),
  ];
}

/** Deployments of a report, the newest first. */
export function deploymentsTable(report: Report, some: readonly ReportedDeployment[]): Table {
  const shippedBy = shippedIn(report);
  return table(
    ['When (UTC)', 'Deployment', 'Shipped', right('Lead time'), 'Note'],
    some
      .toReversed()
      .map((deployment) => [
        [moment(timeOf(deployment))],
        [deploymentLink(deployment, report)],
        shippedWords(shippedBy(deployment), report),
        leadTimes(shippedBy(deployment), report),
        [deployment.notes.join(', ')],
      ]),
    'deployment',
  );
}

function shippedWords(shipped: readonly ReportedChange[], report: Report): Inline {
  if (shipped.length === 0) return ['–'];
  const shown = shipped.slice(0, MOST_SHIPPED_SHOWN);
  const more = shipped.length - shown.length;
  return [
    ...shown.flatMap((mergeset, i) => [...(i > 0 ? ['; '] : []), ...changeWords(mergeset, report)]),
    ...(more > 0 ? [` and ${more} more`] : []),
  ];
}

/** The lead time of a deployment's changes; of several, the shortest and the longest. */
function leadTimes(shipped: readonly ReportedChange[], { target }: Report): Inline {
  const times = shipped.map((mergeset) => mergeset.leadTimeSeconds).filter((seconds) => seconds !== null);
  if (times.length === 0) return ['–'];
  const [shortest, longest] = [Math.min(...times), Math.max(...times)];
  const text = shortest === longest ? duration(longest) : `${duration(shortest)} to ${duration(longest)}`;
  return [{ text, strong: longest > target.thresholdSeconds }];
}

function batches(report: Report): Block[] {
  const batched = report.deployments.filter((deployment) => deployment.batched).toReversed();
  if (batched.length === 0) return [];
  return [
    heading(3, counted(batched.length, 'batch', 'batches')),
    table(
      ['When (UTC)', 'Deployment', 'Changes', 'Authors', 'Why'],
      batched.map((deployment) => [
        [moment(timeOf(deployment))],
        [deploymentLink(deployment, report)],
        withLinks(report, listed(deployment.mergesets.map(calledBy))),
        [listed(deployment.authors) || '–'],
        [deployment.why ?? ''],
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
      ['Missing', 'Consequence'],
      gaps.map((gap) => [[gap.what], [gap.consequence]]),
      'gap',
    ),
  ];
}

/** The same for a comment, only if there is no verdict because of it. */
export const missing = (report: Report): Block[] =>
  report.reason === 'unreadable' ? unreadBlocks(report) : [];
