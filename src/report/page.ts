import { type Block, details, figure, heading, type Inline, note, paragraph, table } from './blocks.ts';
import type { Report, ReportedChange, RunReport } from './contract.ts';
import { slowerBlocks, stageBlocks, suspectBlocks, waterfallsIn } from './diagnosis.ts';
import { extraBlocks } from './optional-sections.ts';
import { withLinks, pendingIn, worstFirst } from './parts.ts';
import { budgetBlocks, recordBlocks, weekBlocks } from './trends.ts';
import { deploymentsChart, pointsChart, survivalChart, waterfallChart, weeksChart } from './render/charts.ts';
import { html } from './render/html.ts';
import { reasonBlocks } from './reason-line.ts';
import { deploymentsTable, folded, pending, statistics, unreadBlocks } from './summary.ts';
import { anchorOf, unmeasuredBlocks, runSentence, servicesTable } from './services.ts';
import {
  calledBy,
  counted,
  countedFindings,
  duration,
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

/** The report as one page: the summary's contents with charts, and every change and deployment. */
export function page(complete: Report): string {
  const { report, leftOut } = newest(complete, MOST);
  const { mark, title } = STATUS_WORDS[report.status];
  const about = `Deploy latency: ${report.repository} → ${report.environment}`;
  return html(
    {
      title: `${title} – ${about}`,
      mark,
      heading: about,
      short: verdictTitle(report)
        .slice(mark.length + 1)
        .replace(/, target .*/, ''),
      skip: { text: 'All changes as a table', anchor: CHANGES },
      verdict: report.sentence,
      scope: `${changesMerged(complete)}${leftOut}`,
      foot: `Generated ${moment(report.generatedAt)} UTC.`,
    },
    story(complete, report),
  );
}

/** Several services on one page: a table of all, and the worst ones below it. */
export function pageOfRun(run: RunReport): string {
  const [first] = run.units;
  if (!first) throw new RangeError('a page of no service');
  const { mark, title } = STATUS_WORDS[run.status];
  const about = `Deploy latency: ${first.repository}`;
  const shown = worstFirst(run.units).slice(0, MOST_STORIES);
  const others = run.units.length - shown.length;
  return html(
    {
      title: `${title} – ${about}`,
      mark,
      heading: about,
      short: title,
      verdict: runSentence(run),
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
          ...story(complete, report, null),
        ];
      }),
    ],
  );
}

/** The summary's order, with charts instead of lists, and full tables at the end. */
function story(complete: Report, report: Report, changesAt: string | null = CHANGES): Block[] {
  return [
    ...reasonBlocks(complete),
    numbers(report),
    ...budgetBlocks(complete),
    ...weeks(complete),
    heading(2, 'Every change'),
    figure(
      pointsChart(report),
      'Time from merge to live (upwards), by merge time (UTC). Red: over the limit. Orange ring: part of a batch. Open circle: pending, at least this long.',
    ),
    ...slowerBlocks(complete),
    ...pending(complete),
    heading(2, 'Deployments'),
    figure(
      deploymentsChart(report),
      'Tick: a deployment. Cross: a failed one. Disc: a batch, with its number of changes if there is room.',
    ),
    ...findings(report),
    ...diagnosis(complete),
    heading(2, 'Changes not live yet, by time since the merge'),
    figure(
      survivalChart(complete),
      'The share of changes that were not live after this time. A Kaplan–Meier curve: pending changes count until now.',
    ),
    ...folded(extraBlocks(complete)),
    changes(report, changesAt),
    deployments(complete, report),
    ...recordBlocks(complete),
    ...unreadBlocks(report),
  ];
}

/** The weeks as a chart and as a table, if `weeks` is set. */
function weeks(report: Report): Block[] {
  if (report.weeks === null || report.weeks.length === 0) return [];
  return [
    heading(2, 'Week by week'),
    figure(
      weeksChart(report),
      'Point: the statistic at the end of a week, as known then. Ring: a week on alert. Hollow point: no verdict. Below: deployments, with batches marked.',
    ),
    details('The weeks in numbers', weekBlocks(report).slice(1)),
  ];
}

function numbers(report: Report): Block {
  const { leadTime } = report;
  return {
    kind: 'figures',
    items: [
      ...statistics(report, 'at least'),
      { name: 'live', value: String(leadTime.deployed) },
      { name: 'pending', value: String(leadTime.pending) },
    ],
  };
}

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
  const waterfalls = (stages ? waterfallsIn(stages) : []).flatMap(
    ({ which, waterfall, seconds }): Block[] => [
      heading(2, `The ${which} change: ${calledBy(waterfall.mergeset)}`),
      figure(waterfallChart(waterfall, which), `${duration(seconds)} from merge to live.`),
    ],
  );
  return [
    ...(stages && stages.rows.length > 0 ? [...stageBlocks(stages), ...waterfalls] : []),
    ...(suspects.length > 0 ? suspectBlocks(suspects) : []),
  ];
}

function changes(report: Report, anchor: string | null): Block {
  const merged = [...pendingIn({ ...report, mergesets: [] }), ...report.mergesets];
  return {
    kind: 'details',
    summary: `All changes (${merged.length})`,
    ...(anchor === null ? {} : { anchor }),
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

function deployments(complete: Report, { deployments: shown }: Report): Block {
  return details(`All deployments (${shown.length})`, [deploymentsTable(complete, shown)]);
}
