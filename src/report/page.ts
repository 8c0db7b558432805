import { type Block, details, figure, heading, type Inline, note, paragraph, table } from './blocks.ts';
import type { Report, ReportedChange, RunReport } from './contract.ts';
import { grewBlocks, stageBlocks, suspectBlocks, waterfallsIn } from './diagnosis.ts';
import { extraBlocks } from './extras.ts';
import { firstBlocks } from './first.ts';
import { pendingIn, worstFirst } from './parts.ts';
import { budgetBlocks, recordBlocks, weekBlocks } from './past.ts';
import { deploymentsChart, pointsChart, survivalChart, waterfallChart, weeksChart } from './render/charts.ts';
import { html } from './render/html.ts';
import { deploymentsTable, folded, pending, statistics, unreadBlocks } from './summary.ts';
import { anchorOf, aside, runSentence, servicesTable } from './services.ts';
import {
  calledBy,
  counted,
  duration,
  moment,
  nameOf,
  rarestFirst,
  STATUS_WORDS,
  serviceName,
  verdictTitle,
  windowWords,
} from './words.ts';

/** More points and rows than this no browser scrolls gladly, and no eye tells apart. */
const MOST = 5000;
/** A page of several services has the stories of the worst ones, each with its newest changes. */
const MOST_STORIES = 20;
const MOST_OF_SEVERAL = 500;
/** Where the table of all changes is, on a page of one service. */
const CHANGES = 'changes';

/** The report with its newest changes and deployments alone, and words for how many are left out. */
function newest(all: Report, most: number): { report: Report; leftOut: string } {
  const report = {
    ...all,
    mergesets: all.mergesets.slice(-most),
    deployments: all.deployments.slice(-most),
  };
  const left = all.mergesets.length - report.mergesets.length;
  return {
    report,
    leftOut: left > 0 ? ` The ${left} oldest are left out below; the JSON report has all.` : '',
  };
}

const changesMerged = ({ mergesets, baseBranch, window }: Report): string =>
  `${counted(mergesets.length, 'change')} merged into ${baseBranch} in the ${windowWords(window)}.`;

/** The report as one page: what the summary says, with pictures, and every change and deployment. */
export function page(all: Report): string {
  const { report, leftOut } = newest(all, MOST);
  const { mark, title } = STATUS_WORDS[report.status];
  const about = `Deploy latency: ${report.repository} → ${report.environment}`;
  return html(
    {
      title: `${title} – ${about}`,
      mark,
      heading: about,
      short: verdictTitle(report).slice(mark.length + 1),
      skip: { text: 'All changes as a table', anchor: CHANGES },
      verdict: report.sentence,
      scope: `${changesMerged(all)}${leftOut}`,
      foot: `Generated ${moment(report.generatedAt)} UTC.`,
    },
    story(all, report),
  );
}

/** Several services on one page: a table to pick from, and the stories of the worst below it. */
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
      heading(2, 'Pick one'),
      servicesTable(run, shown),
      ...aside(run),
      ...(others > 0
        ? [
            note(
              `The ${shown.length} worst are shown below. The table has the other ${others}, and the JSON report their stories.`,
            ),
          ]
        : []),
      ...shown.flatMap((all): Block[] => {
        const { report, leftOut } = newest(all, MOST_OF_SEVERAL);
        return [
          {
            kind: 'heading',
            level: 2,
            text: [`${STATUS_WORDS[all.status].mark} ${serviceName(all)}`],
            anchor: anchorOf(all),
          },
          paragraph(all.sentence),
          ...(leftOut === '' ? [] : [note(changesMerged(all), leftOut)]),
          ...story(all, report, null),
        ];
      }),
    ],
  );
}

/** In the summary's order; what is a list there is a picture here, with all of it in tables below. */
function story(all: Report, report: Report, changesAt: string | null = CHANGES): Block[] {
  return [
    numbers(report),
    ...budgetBlocks(all),
    ...firstBlocks(all),
    ...weeks(all),
    heading(2, 'Every change'),
    figure(
      pointsChart(report),
      'From merge to live (upwards) by when it was merged (UTC). Red: past the limit; ringed with orange: in a batch; open: still pending, at least this long.',
    ),
    ...grewBlocks(all),
    ...pending(all),
    heading(2, 'Deployments'),
    figure(
      deploymentsChart(report),
      'A tick is a deployment, a cross one that failed, a disc a batch, with the number of its changes where there is room.',
    ),
    ...findings(report),
    ...diagnosis(all),
    heading(2, 'How many are live after how long'),
    figure(
      survivalChart(all),
      'The share not live yet by the time since the merge: the Kaplan–Meier curve, in which what is pending counts until now.',
    ),
    ...folded(extraBlocks(all)),
    changes(report, changesAt),
    deployments(all, report),
    ...recordBlocks(all),
    ...unreadBlocks(report),
  ];
}

/** The weeks as a picture and in numbers, where they were asked for. */
function weeks(report: Report): Block[] {
  if (report.weeks === null || report.weeks.length === 0) return [];
  return [
    heading(2, 'Week by week'),
    figure(
      weeksChart(report),
      'A point is the statistic at the end of a week, as it was known then; a ring a week on alert, a hollow point no verdict. Below: deployments, and of them the batches.',
    ),
    details('The weeks in numbers', weekBlocks(report).slice(1)),
  ];
}

function numbers(report: Report): Block {
  const { leadTime, target } = report;
  return {
    kind: 'figures',
    items: [
      ...statistics(report, 'at least'),
      { name: 'target', value: duration(target.seconds) },
      { name: 'limit', value: duration(target.thresholdSeconds) },
      { name: 'live', value: String(leadTime.deployed) },
      { name: 'pending', value: String(leadTime.pending) },
    ],
  };
}

/** All that was found, folded by its kind, the rarest first. */
function findings(report: Report): Block[] {
  if (report.findings.length === 0) return [];
  const all = rarestFirst(report.findings);
  return [
    heading(2, 'Findings'),
    ...[...new Set(all.map((finding) => finding.kind))].map((kind): Block => {
      const some = all.filter((finding) => finding.kind === kind);
      const items = some.map((finding): Inline => [finding.message]);
      return details(`${kind}: ${some.length}`, [{ kind: 'list', items }]);
    }),
  ];
}

/** Where the time goes, in all and for the slowest and the median change; what grew; who is suspected. */
function diagnosis({ stages, suspects }: Report): Block[] {
  const waterfalls = (stages ? waterfallsIn(stages) : []).flatMap(
    ({ which, waterfall: way, seconds }): Block[] => [
      heading(2, `The ${which}: ${calledBy(way.mergeset)}`),
      figure(waterfallChart(way, which), `${duration(seconds)} from merge to live.`),
    ],
  );
  return [
    ...(stages && stages.rows.length > 0 ? [...stageBlocks(stages), ...waterfalls] : []),
    ...(suspects.length > 0 ? suspectBlocks(suspects) : []),
  ];
}

function changes(report: Report, anchor: string | null): Block {
  const all = [...pendingIn({ ...report, mergesets: [] }), ...report.mergesets];
  return {
    kind: 'details',
    summary: `All changes (${all.length})`,
    ...(anchor === null ? {} : { anchor }),
    blocks: [
      table(
        ['Change', 'Title', 'Author', 'Merged (UTC)', 'Lead time', 'Deployment', 'Note'],
        all
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

function deployments(all: Report, { deployments: shown }: Report): Block {
  return details(`All deployments (${shown.length})`, [deploymentsTable(all, shown)]);
}
