import type { Status } from '../model/terms.ts';
import { SCHEMA_VERSION } from '../model/version.ts';
import type { UnitName } from '../model/unit.ts';
import type { UnitAnswer } from './answer.ts';
import type { Report, RunReport } from './contract.ts';
import type { Block, Inline } from './blocks.ts';
import { type Outputs, outputsOf } from './outputs.ts';
import { counted, duration, STATUS_WORDS, unitName } from './words.ts';

/** What a run says that answers for several units: a table of them, then each one's story, the worst first. */

export interface RunAnswer {
  answers: readonly UnitAnswer[];
  /** Units of which nothing can be told, and why. */
  untold: readonly { name: UnitName; reason: string }[];
  /** Mergesets of the window that concern none of them; `null`: one has all. */
  elsewhere: number | null;
}

export const WORST: readonly Status[] = ['drifted', 'slipping', 'insufficient-data', 'on-target'];

/** The worst first; of equals in the order in which they were asked. */
export function worstFirst(answers: readonly UnitAnswer[]): UnitAnswer[] {
  return answers.toSorted((a, b) => WORST.indexOf(a.status) - WORST.indexOf(b.status));
}

/** The worst of all. */
export function statusOf({ answers, untold }: RunAnswer): Status {
  const all = new Set<Status>([
    ...answers.map((each) => each.status),
    ...(untold.length > 0 ? ['insufficient-data' as const] : []),
  ]);
  return WORST.find((each) => all.has(each)) ?? 'insufficient-data';
}

const figureOf = ({ leadTimeSeconds, leadTimeAtLeastSeconds }: UnitAnswer): string =>
  leadTimeSeconds !== null
    ? duration(leadTimeSeconds)
    : leadTimeAtLeastSeconds !== null
      ? `≥ ${duration(leadTimeAtLeastSeconds)}`
      : '–';

const calledBy = (name: UnitName): string =>
  name.service ? `${name.service} (${name.environment})` : name.environment;

/** Verdict, figure, target, pending and batches of each, the worst first. */
export function unitsTable({ answers, untold }: RunAnswer, anchored = false): Block {
  const rows = worstFirst(answers).map((each): Inline[] => {
    const { mark, title } = STATUS_WORDS[each.status];
    const name = unitName(each);
    return [
      [anchored ? { text: name, href: `#${anchorOf(each.name)}` } : { text: name, strong: true }],
      [`${mark} ${title}`],
      [`${each.target.statistic} ${figureOf(each)}`],
      [duration(each.target.seconds)],
      [`${each.leadTime.count}`],
      [`${each.pending.length}`],
      [`${each.deployments.filter((one) => one.batched).length}`],
    ];
  });
  const silent = untold.map(({ name }): Inline[] => [
    [{ text: calledBy(name), strong: true }],
    [`${STATUS_WORDS['insufficient-data'].mark} ${STATUS_WORDS['insufficient-data'].title}`],
    ['–'],
    ['–'],
    ['–'],
    ['–'],
    ['–'],
  ]);
  return {
    kind: 'table',
    columns: [
      { title: 'Unit' },
      { title: 'Verdict' },
      { title: 'Lead time', align: 'right' },
      { title: 'Target', align: 'right' },
      { title: 'Changes', align: 'right' },
      { title: 'Pending', align: 'right' },
      { title: 'Batches', align: 'right' },
    ],
    rows: [...rows, ...silent],
    noun: 'unit',
  };
}

/** Where a unit's story stands on the page. */
export const anchorOf = (name: UnitName): string =>
  `unit-${encodeURIComponent(`${name.service ?? ''} ${name.environment}`).replace(/[^\w.~-]/g, '_')}`;

export function runSentence(run: RunAnswer): string {
  const total = run.answers.length + run.untold.length;
  const parts = WORST.flatMap((status) => {
    const count =
      run.answers.filter((each) => each.status === status).length +
      (status === 'insufficient-data' ? run.untold.length : 0);
    return count > 0 ? [`${count} ${STATUS_WORDS[status].title.toLowerCase()}`] : [];
  });
  return `${counted(total, 'unit')}: ${parts.join(', ')}.`;
}

/** The head of the summary: before the stories of the units. */
export function runBlocks(run: RunAnswer): Block[] {
  const { mark } = STATUS_WORDS[statusOf(run)];
  const [first] = run.answers;
  return [
    {
      kind: 'heading',
      level: 2,
      text: [`${mark} Deploy latency${first ? `: ${first.repository}` : ''}`],
    },
    { kind: 'paragraph', text: [{ text: runSentence(run), strong: true }] },
    unitsTable(run),
    ...aside(run),
  ];
}

/** What the table does not say: why some have no verdict at all, and what concerns none. */
export function aside({ untold, elsewhere }: RunAnswer): Block[] {
  return [
    ...(untold.length > 0
      ? [{ kind: 'list' as const, items: untold.map(({ name, reason }) => [`${calledBy(name)}: ${reason}`]) }]
      : []),
    ...(elsewhere !== null && elsewhere > 0
      ? [
          {
            kind: 'paragraph' as const,
            text: [
              `${counted(elsewhere, 'change')} of the window ${elsewhere === 1 ? 'concerns' : 'concern'} none of them, and ${elsewhere === 1 ? 'waits' : 'wait'} for none.`,
            ],
          },
        ]
      : []),
  ];
}

/** The report of several units: what holds for all, and each one's own report. */
export function runReport(run: RunAnswer, reports: readonly Report[]): RunReport {
  const [first] = run.answers;
  if (!first) throw new RangeError('a report of no unit');
  return {
    schemaVersion: SCHEMA_VERSION,
    repository: first.repository,
    baseBranch: first.baseBranch,
    generatedAt: first.generatedAt.toISOString(),
    window: { from: first.window.from.toISOString(), to: first.window.to.toISOString() },
    status: statusOf(run),
    units: [...reports],
    untold: run.untold.map(({ name, reason }) => ({
      service: name.service ?? null,
      environment: name.environment,
      reason,
    })),
    elsewhere: run.elsewhere,
  };
}

/** The outputs of the worst unit with what all come to, and `units`: JSON for a matrix. */
export function runOutputs(run: RunAnswer): Outputs & { units: string } {
  const [worst] = worstFirst(run.answers);
  if (!worst) throw new RangeError('outputs of no unit');
  const all = run.answers.map((each) => outputsOf(each));
  const sum = (name: keyof Outputs) => String(all.reduce((total, each) => total + Number(each[name]), 0));
  return {
    ...outputsOf(worst),
    status: statusOf(run),
    mergesets: sum('mergesets'),
    deployments: sum('deployments'),
    'batched-deployments': sum('batched-deployments'),
    pending: sum('pending'),
    units: unitsJson(run),
  };
}

export function unitsJson({ answers, untold }: RunAnswer): string {
  return JSON.stringify([
    ...answers.map((each) => ({
      service: each.name.service ?? null,
      environment: each.environment,
      status: each.status,
      'lead-time-seconds': each.leadTimeSeconds,
      'threshold-seconds': each.target.thresholdSeconds,
      mergesets: each.leadTime.count,
      pending: each.pending.length,
      'batched-deployments': each.deployments.filter((one) => one.batched).length,
    })),
    ...untold.map(({ name }) => ({
      service: name.service ?? null,
      environment: name.environment,
      status: 'insufficient-data',
      'lead-time-seconds': null,
      'threshold-seconds': null,
      mergesets: 0,
      pending: 0,
      'batched-deployments': 0,
    })),
  ]);
}
