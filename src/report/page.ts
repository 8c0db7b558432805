import { type SurvivalStep, survivalCurve } from '../model/survival.ts';
import { type Block, details, figure, heading, type Inline, note, paragraph, table } from './blocks.ts';
import type { Report, ReportedChange, RunReport } from './contract.ts';
import { slowerBlocks, stageBlocks, suspectBlocks, waterfallsIn } from './diagnosis.ts';
import { extraBlocks } from './optional-sections.ts';
import { batchesIn, pendingIn, sampleOf, successesIn, withLinks, worstFirst } from './parts.ts';
import { disagreementBlocks, reasonLines } from './reason-line.ts';
import {
  curveChart,
  curveTable,
  curveWords,
  deploymentsChart,
  pointsChart,
  waterfallTable,
  weeksChart,
} from './render/charts.ts';
import { html } from './render/html.ts';
import { anchorOf, runSentence, servicesTable, unmeasuredBlocks } from './services.ts';
import { deploymentsTable, folded, numbers, pending, unreadBlocks } from './summary.ts';
import { budgetBlocks, recordBlocks, weekBlocks } from './trends.ts';
import {
  calledBy,
  counted,
  countedFindings,
  duration,
  figureWords,
  moment,
  nameOf,
  rarestFirst,
  STATUS_WORDS,
  serviceName,
  verdictTitle,
  windowWords,
} from './words.ts';

/** Changes on a page: more are too many for a browser and for a reader. */
const MOST = 5000;
/** On a page of several services, the worst ones are described, each with its newest changes. */
const MOST_STORIES = 20;
const MOST_OF_SEVERAL = 500;
/** The anchor of the table of all changes, on a page of one service. */
const CHANGES = 'changes';

/** The report with only its newest changes and deployments, and a note of how many are left out. */
function newest(complete: Report, most: number): { report: Report; leftOut: string } {
  const report = {
    ...complete,
    mergesets: complete.mergesets.slice(-most),
    deployments: complete.deployments.slice(-most),
  };
  const count = complete.mergesets.length - report.mergesets.length;
  return {
    report,
    leftOut: count > 0 ? ` The ${count} oldest are left out below. The JSON report has all of them.` : '',
  };
}

const changesMerged = ({ mergesets, baseBranch, window }: Report): string =>
  `${counted(mergesets.length, 'change')} merged into ${baseBranch} in the ${windowWords(window)}.`;

/** The report as one page: the verdict, a chart of every change, three numbers and what to do, then the details. */
export function page(complete: Report): string {
  const { report, leftOut } = newest(complete, MOST);
  const about = `Deploy latency: ${report.repository} → ${report.environment}`;
  const { mark, title } = STATUS_WORDS[report.status];
  const [headline = '', against] = verdictTitle(report)
    .slice(mark.length + 1)
    .split(/, (?=target )/);
  return html(
    {
      title: `${title} – ${about}`,
      status: report.status,
      about,
      headline,
      ...(against === undefined ? {} : { against }),
      skip: { text: 'All changes as a table', anchor: CHANGES },
      verdict: withLinks(complete, report.sentence),
      scope: `${changesMerged(complete)}${leftOut}`,
      foot: `Generated ${moment(report.generatedAt)} UTC.`,
    },
    story(complete, report, { table: CHANGES, isAlone: true }),
  );
}

/** Several services on one page: a table of all, and the worst ones below it. */
export function pageOfRun(run: RunReport): string {
  const [first] = run.units;
  if (!first) throw new RangeError('a page of no service');
  const { title } = STATUS_WORDS[run.status];
  const about = `Deploy latency: ${first.repository}`;
  const shown = worstFirst(run.units).slice(0, MOST_STORIES);
  const others = run.units.length - shown.length;
  return html(
    {
      title: `${title} – ${about}`,
      status: run.status,
      about,
      headline: title,
      against: runSentence(run).replace(/\.$/, ''),
      verdict: [],
      scope: `Merged into ${first.baseBranch} in the ${windowWords(first.window)}.`,
      foot: `Generated ${moment(first.generatedAt)} UTC.`,
    },
    [
      heading(2, 'All services'),
      servicesTable(run, shown),
      ...unmeasuredBlocks(run),
      ...(others > 0
        ? [
            note(
              `The ${shown.length} worst are described below. The JSON report has the details of the other ${others}.`,
            ),
          ]
        : []),
      ...shown.flatMap((complete): Block[] => {
        const { report, leftOut } = newest(complete, MOST_OF_SEVERAL);
        return [
          {
            kind: 'heading',
            level: 2,
            text: [`${STATUS_WORDS[complete.status].mark} ${serviceName(complete)}`],
            anchor: anchorOf(complete),
          },
          paragraph(...withLinks(complete, complete.sentence)),
          ...(leftOut === '' ? [] : [note(changesMerged(complete), leftOut)]),
          ...story(complete, report, { table: `${anchorOf(complete)}-changes`, isAlone: false }),
        ];
      }),
    ],
  );
}

/** The first screen, then the details, the most useful ones open. */
function story(
  complete: Report,
  report: Report,
  { table, isAlone }: { table: string; isAlone: boolean },
): Block[] {
  const open = (blocks: Block[], isOpen = isAlone): Block[] =>
    folded(blocks).map((block) => (block.kind === 'details' ? { ...block, isOpen } : block));
  const extra = folded(extraBlocks(complete));
  return [
    ...disagreementBlocks(complete),
    { kind: 'overview', status: report.status, blocks: overview(complete, report, table) },
    ...budgetBlocks(complete),
    ...open(pending(complete)),
    ...open(weeks(complete)),
    ...open(slowerBlocks(complete)),
    ...open(diagnosis(complete)),
    details('More numbers', [numbers(report), ...extra.filter(({ kind }) => kind !== 'details')]),
    ...curve(complete),
    ...deployments(complete, report),
    ...folded(findings(report)),
    ...extra.filter(({ kind }) => kind === 'details'),
    changes(report, table),
    ...recordBlocks(complete),
    ...unreadBlocks(report),
  ];
}

/** A chart, three numbers and what to do. */
function overview(complete: Report, report: Report, table: string): Block[] {
  const { leadTime, target } = report;
  const [oldest] = pendingIn(complete);
  const plan = reasonLines(complete);
  return [
    figure(pointsChart(report), 'Every change ', {
      text: 'As a table',
      href: `#${table}`,
    }),
    {
      kind: 'figures',
      items: [
        {
          name: `Lead time, ${target.statistic}`,
          value: figureWords(report.leadTimeSeconds, report.leadTimeAtLeastSeconds),
          note: `target ${duration(target.seconds)}, limit ${duration(target.thresholdSeconds)}`,
        },
        {
          name: 'Pending',
          value: String(leadTime.pending),
          note: `${leadTime.deployed} live${oldest ? `, oldest waits ${duration(oldest.waitingSeconds ?? 0)}` : ''}`,
        },
        {
          name: 'Batches',
          value: String(batchesIn(complete)),
          note: `of ${counted(successesIn(complete).length, 'deployment')}`,
        },
      ],
    },
    ...(plan.length > 0 ? [{ kind: 'list', items: plan, isPlan: true } as const] : []),
  ];
}

/** The weeks as a chart and as a table, if `weeks` is set. */
function weeks(report: Report): Block[] {
  if (report.weeks === null || report.weeks.length === 0) return [];
  const [title, ...table] = weekBlocks(report);
  return [
    ...(title ? [title] : []),
    figure(weeksChart(report), 'Each week as known at its end.'),
    details('The weeks in a table', table),
  ];
}

function curve(report: Report): Block[] {
  const steps = survivalCurve(sampleOf(report.mergesets));
  return steps.length === 0 ? [] : [details('How long changes take', curveBlocks(steps, report))];
}

/** A Kaplan–Meier curve with what it says, and its numbers. */
export const curveBlocks = (steps: readonly SurvivalStep[], report: Report | null): Block[] => [
  figure(curveChart(steps, report), curveWords(steps, report)),
  note(
    'The share of changes that are not live yet, by time since the merge (Kaplan–Meier). A pending change counts for the time it has waited so far.',
  ),
  details('The curve in a table', [curveTable(steps)]),
];

/** All findings, folded by kind, the rarest first. */
function findings(report: Report): Block[] {
  if (report.findings.length === 0) return [];
  const inOrder = rarestFirst(report.findings);
  return [
    heading(2, 'Findings'),
    ...[...new Set(inOrder.map((finding) => finding.kind))].map((kind): Block => {
      const some = inOrder.filter((finding) => finding.kind === kind);
      const items = some.map((finding): Inline => withLinks(report, finding.message));
      return details(countedFindings(some), [{ kind: 'list', items }]);
    }),
  ];
}

/** The stages of all changes, of the slowest and of the median one, and the suspects. */
function diagnosis({ stages, suspects }: Report): Block[] {
  const waterfalls = (stages ? waterfallsIn(stages) : []).map(
    ({ which, waterfall, seconds }): Block => ({
      kind: 'details',
      summary: `The ${which} change, ${calledBy(waterfall.mergeset)}: ${duration(seconds)} from merge to live`,
      blocks: [waterfallTable(waterfall)],
      isOpen: true,
    }),
  );
  return [
    ...(stages && stages.rows.length > 0 ? [...stageBlocks(stages), ...waterfalls] : []),
    ...(suspects.length > 0 ? suspectBlocks(suspects) : []),
  ];
}

function changes(report: Report, anchor: string): Block {
  const merged = [...pendingIn({ ...report, mergesets: [] }), ...report.mergesets];
  return {
    kind: 'details',
    summary: `All changes (${merged.length})`,
    anchor,
    blocks: [
      table(
        ['Change', 'Title', 'Author', 'Merged (UTC)', 'Lead time', 'Deployment', 'Note'],
        merged
          .toReversed()
          .map((mergeset) => [
            [{ text: nameOf(mergeset), href: mergeset.url }],
            [mergeset.title],
            [mergeset.author ?? '–'],
            [moment(mergeset.mergedAt)],
            [timeOf(mergeset)],
            [`${mergeset.deployment ?? '–'}`],
            [mergeset.notes.join(', ')],
          ]),
        'change',
      ),
    ],
  };
}

function timeOf(mergeset: ReportedChange): string {
  if (mergeset.untimed) return 'untimed';
  return mergeset.waitingSeconds === null
    ? duration(mergeset.leadTimeSeconds ?? 0)
    : `at least ${duration(mergeset.waitingSeconds)}`;
}

function deployments(complete: Report, report: Report): Block[] {
  const { deployments: shown } = report;
  return [
    details(`All deployments (${shown.length})`, [
      figure(deploymentsChart(report), 'Every deployment.'),
      deploymentsTable(complete, shown),
    ]),
  ];
}
