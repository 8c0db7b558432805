import type { MeasuredMergeset } from '../measure/measured.ts';
import type { AnswerDeployment, UnitAnswer } from './answer.ts';
import type { Block, Inline } from './blocks.ts';
import { grewBlocks, stageBlocks, suspectBlocks } from './diagnosis.ts';
import { firstBlocks } from './first.ts';
import { deploymentsChart, pointsChart, survivalChart, waterfallChart, weeksChart } from './render/charts.ts';
import { extraBlocks } from './extras.ts';
import { budgetBlocks, recordBlocks, weekBlocks } from './past.ts';
import { html } from './render/html.ts';
import { anchorOf, aside, type RunAnswer, runSentence, statusOf, unitsTable, worstFirst } from './units.ts';
import { folded, noteOn, pending, unreadBlocks } from './summary.ts';
import {
  counted,
  duration,
  findingMessage,
  listed,
  moment,
  nameOf,
  notesOf,
  rarestFirst,
  STATUS_WORDS,
  unitName,
  verdictSentence,
  verdictTitle,
  windowWords,
} from './words.ts';

/** More points and rows than this no browser scrolls gladly, and no eye tells apart. */
const MOST = 5000;
/** Where the table of all changes is, on a page of one unit. */
const CHANGES = 'changes';

/** The report as one page: what the summary says, with pictures, and every change and deployment. */
export function page(all: UnitAnswer): string {
  const answer = { ...all, mergesets: all.mergesets.slice(-MOST), deployments: all.deployments.slice(-MOST) };
  const left = all.mergesets.length - answer.mergesets.length;
  const { mark, title } = STATUS_WORDS[answer.status];
  const heading = `Deploy latency: ${answer.repository} → ${answer.environment}`;
  return html(
    {
      title: `${title} – ${heading}`,
      mark,
      heading,
      short: verdictTitle(answer).slice(mark.length + 1),
      skip: { text: 'All changes as a table', anchor: CHANGES },
      verdict: verdictSentence(answer),
      scope: `${counted(all.mergesets.length, 'change')} merged into ${answer.baseBranch} in the ${windowWords(answer)}.${left > 0 ? ` The ${left} oldest are left out below; the JSON report has all.` : ''}`,
      foot: `Generated ${moment(answer.generatedAt)} UTC.`,
    },
    story(all, answer),
  );
}

/** Several units on one page: a table to pick from, and each one's story below it. */
export function pageOfRun(run: RunAnswer): string {
  const [first] = run.answers;
  if (!first) throw new RangeError('a page of no unit');
  const { mark, title } = STATUS_WORDS[statusOf(run)];
  const heading = `Deploy latency: ${first.repository}`;
  return html(
    {
      title: `${title} – ${heading}`,
      mark,
      heading,
      short: title,
      verdict: runSentence(run),
      scope: `Merged into ${first.baseBranch} in the ${windowWords(first)}.`,
      foot: `Generated ${moment(first.generatedAt)} UTC.`,
    },
    [
      heading2('Pick one'),
      unitsTable(run, true),
      ...aside(run),
      ...worstFirst(run.answers).flatMap((all): Block[] => {
        const answer = {
          ...all,
          mergesets: all.mergesets.slice(-MOST),
          deployments: all.deployments.slice(-MOST),
        };
        return [
          {
            kind: 'heading',
            level: 2,
            text: [`${STATUS_WORDS[all.status].mark} ${unitName(all)}`],
            anchor: anchorOf(all.name),
          },
          { kind: 'paragraph', text: [verdictSentence(all)] },
          ...story(all, answer, null),
        ];
      }),
    ],
  );
}

/** In the summary's order; what is a list there is a picture here, with all of it in tables below. */
function story(all: UnitAnswer, answer: UnitAnswer, changesAt: string | null = CHANGES): Block[] {
  return [
    numbers(answer),
    ...budgetBlocks(all),
    ...firstBlocks(all),
    ...weeks(all),
    heading2('Every change'),
    {
      kind: 'figure',
      chart: pointsChart(answer),
      caption: [
        'From merge to live (upwards) by when it was merged (UTC). Red: past the limit; ringed with orange: in a batch; open: still pending, at least this long.',
      ],
    },
    ...grewBlocks(all),
    ...pending(all),
    heading2('Deployments'),
    {
      kind: 'figure',
      chart: deploymentsChart(answer),
      caption: [
        'A tick is a deployment, a cross one that failed, a disc a batch, with the number of its changes where there is room.',
      ],
    },
    ...findings(answer),
    ...diagnosis(all),
    heading2('How many are live after how long'),
    {
      kind: 'figure',
      chart: survivalChart(all),
      caption: [
        'The share not live yet by the time since the merge: the Kaplan–Meier curve, in which what is pending counts until now.',
      ],
    },
    ...folded(extraBlocks(all)),
    changes(answer, changesAt),
    deployments(answer),
    ...recordBlocks(all),
    ...unreadBlocks(answer),
  ];
}

/** The weeks as a picture and in numbers, where they were asked for. */
function weeks(answer: UnitAnswer): Block[] {
  if (answer.signal.weeks === null || answer.signal.weeks.length === 0) return [];
  return [
    heading2('Week by week'),
    {
      kind: 'figure',
      chart: weeksChart(answer),
      caption: [
        'A point is the statistic at the end of a week, as it was known then; a ring a week on alert, a hollow point no verdict. Below: deployments, and of them the batches.',
      ],
    },
    { kind: 'details', summary: 'The weeks in numbers', blocks: weekBlocks(answer).slice(1) },
  ];
}

const heading2 = (text: string): Block => ({ kind: 'heading', level: 2, text: [text] });

function numbers({ leadTime, target }: UnitAnswer): Block {
  const names = ['p50', 'p75', 'p90', 'p95', 'mean', 'max'] as const;
  const value = (name: (typeof names)[number]) => {
    const seconds = leadTime[name];
    const bound = (name === 'mean' || name === 'max') && leadTime.pending > 0;
    if (seconds !== null) return `${bound ? 'at least ' : ''}${duration(seconds)}`;
    return leadTime.max === null ? '–' : `at least ${duration(leadTime.max)}`;
  };
  return {
    kind: 'figures',
    items: [
      ...names.map((name) => ({ name, value: value(name), main: name === target.statistic })),
      { name: 'target', value: duration(target.seconds) },
      { name: 'limit', value: duration(target.thresholdSeconds) },
      { name: 'live', value: String(leadTime.deployed) },
      { name: 'pending', value: String(leadTime.pending) },
    ],
  };
}

/** All that was found, folded by its kind, the rarest first. */
function findings(answer: UnitAnswer): Block[] {
  if (answer.findings.length === 0) return [];
  const all = rarestFirst(answer.findings);
  return [
    heading2('Findings'),
    ...[...new Set(all.map((each) => each.kind))].map((kind): Block => {
      const some = all.filter((each) => each.kind === kind);
      const items = some.map((each): Inline => [findingMessage(each, answer)]);
      return { kind: 'details', summary: `${kind}: ${some.length}`, blocks: [{ kind: 'list', items }] };
    }),
  ];
}

/** Where the time goes, in all and for the slowest and the median change; what grew; who is suspected. */
function diagnosis(answer: UnitAnswer): Block[] {
  const { stages, suspects } = answer.diagnosis;
  const waterfalls = (
    [
      ['slowest', stages?.slowest],
      ['median', stages?.median],
    ] as const
  ).flatMap(([which, staged]): Block[] =>
    staged && staged.segments.length > 0 && (which === 'slowest' || staged !== stages?.slowest)
      ? [
          heading2(`The ${which}: ${nameOf(staged.mergeset)}`),
          {
            kind: 'figure',
            chart: waterfallChart(staged, which),
            caption: [`${duration(staged.leadTimeSeconds)} from merge to live.`],
          },
        ]
      : [],
  );
  return [
    ...(stages && stages.rows.length > 0 ? [...stageBlocks(stages), ...waterfalls] : []),
    ...(suspects.length > 0 ? suspectBlocks(suspects) : []),
  ];
}

function changes(answer: UnitAnswer, anchor: string | null): Block {
  const all = [...answer.pending.filter((each) => each.mergedAt < answer.window.from), ...answer.mergesets];
  return {
    kind: 'details',
    summary: `All changes (${all.length})`,
    ...(anchor === null ? {} : { anchor }),
    blocks: [
      {
        kind: 'table',
        columns: ['Change', 'Title', 'Author', 'Merged (UTC)', 'Lead time', 'Deployment', 'Note'].map(
          (title) => ({ title }),
        ),
        rows: all
          .toReversed()
          .map((each) => [
            [{ text: nameOf(each), href: each.url }],
            [each.title],
            [each.author?.login ?? '–'],
            [moment(each.mergedAt)],
            [timeOf(each)],
            [`${each.deployment ?? '–'}`],
            [notesOf(each).join(', ')],
          ]),
        noun: 'change',
      },
    ],
  };
}

function timeOf(each: MeasuredMergeset): string {
  if (each.untimed) return 'untimed';
  return each.waitingSeconds === null
    ? duration(each.leadTimeSeconds ?? 0)
    : `at least ${duration(each.waitingSeconds)}`;
}

function deployments(answer: UnitAnswer): Block {
  const id = (each: AnswerDeployment): Inline => [
    { text: String(each.id), ...(each.url ? { href: each.url } : {}) },
  ];
  return {
    kind: 'details',
    summary: `All deployments (${answer.deployments.length})`,
    blocks: [
      {
        kind: 'table',
        columns: ['When (UTC)', 'Deployment', 'Commit', 'Outcome', 'Shipped', 'Authors', 'Note'].map(
          (title) => ({ title }),
        ),
        rows: answer.deployments.toReversed().map((each) => [
          [moment(each.succeededAt ?? each.at)],
          id(each),
          [
            {
              text: each.deployment.sha.slice(0, 7),
              href: `${answer.repositoryUrl}/commit/${each.deployment.sha}`,
            },
          ],
          [each.outcome],
          [listed(each.mergesets.map(nameOf)) || '–'],
          [listed(each.authors) || '–'],
          [noteOn(each, answer)],
        ]),
        noun: 'deployment',
      },
    ],
  };
}
