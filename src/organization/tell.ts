import type { Block, Inline } from '../report/blocks.ts';
import { csv } from '../report/csv.ts';
import { counted, duration, moment, STATUS_WORDS, STAGE_WORDS } from '../report/words.ts';
import type { RequestBudget } from './request-budget.ts';
import type { UnitEntry } from './entries.ts';
import type { Rollup } from './rollup.ts';

/** A roll-up in words, as JSON, as CSV and as a page. */

/** What of an organization is not in the roll-up, and why; `null`: only files were given. */
export interface LeftOut {
  /** How many were skipped: archived, forks, without a push or a deployment since the window began, of another shard. */
  skipped: { archived: number; forks: number; dormant: number; elsewhere: number };
  /** Those that there was no budget for. */
  unmeasured: readonly string[];
  /** Why it stopped; `null`: it came to the end. */
  stopped: string | null;
  /** Those that are called otherwise by now. */
  renamed: readonly string[];
}

const VERDICTS = ['drifted', 'slipping', 'on-target', 'insufficient-data'] as const;

export function sentenceOf({ teams, leadTime, units, failed }: Rollup): string {
  const known =
    leadTime.p50 === null
      ? ''
      : ` Half of ${counted(leadTime.count, 'change')} were live within ${duration(leadTime.p50)}.`;
  const failures = failed.length > 0 ? ` Of ${failed.length} nothing can be told.` : '';
  return `${counted(units.length, 'team')}: ${teams['on-target']} on target, ${teams.slipping} slipping, ${teams.drifted} drifted, ${teams['insufficient-data']} without a verdict.${known}${failures}`;
}

/** Before each repository, and after the last. */
export const stepWords = (done: number, all: number, name: string): string =>
  name === '' ? `${done} of ${all}.` : `${done + 1} of ${all}: ${name}`;

/** What all took together. */
export function usedWords({
  requests,
  points,
  milliseconds,
  waited,
}: ReturnType<RequestBudget['used']>): string {
  return `${requests} requests, ${points} points, ${duration(milliseconds / 1000)}, of which ${duration(waited / 1000)} were waited for GitHub's limit of a minute.`;
}

const unitName = ({ repository, service }: { repository: string; service: string | null }): string =>
  service === null ? repository : `${repository}: ${service}`;

const figureOf = ({ leadTimeSeconds, atLeastSeconds }: UnitEntry): string =>
  leadTimeSeconds !== null
    ? duration(leadTimeSeconds)
    : atLeastSeconds !== null
      ? `≥ ${duration(atLeastSeconds)}`
      : '–';

const WORDS = new Set(['Team', 'Verdict', 'Why', 'Most in', 'Suspect', 'What could not be read']);
const heading = (text: string): Block => ({ kind: 'heading', level: 2, text: [text] });
const table = (columns: string[], rows: Inline[][], noun: string): Block => ({
  kind: 'table',
  // Words to the left, figures to the right.
  columns: columns.map((title) => (WORDS.has(title) ? { title } : { title, align: 'right' as const })),
  rows,
  noun,
});

/** Seconds as a person reads them, of a change of some. */
const grewWords = ({ grew }: UnitEntry): string =>
  grew === null ? '–' : `${duration(grew.beforeSeconds)} → ${duration(grew.afterSeconds)}`;

const stageWords = (stage: string | null | undefined): string =>
  (stage && (STAGE_WORDS as Record<string, string>)[stage]) || 'as a whole';

/** The summary; the page has a picture of the distribution besides. */
export function blocksOf(rollup: Rollup, leftOut: LeftOut | null): Block[] {
  return [
    heading(`Deploy latency: ${moment(rollup.window.from)} to ${moment(rollup.window.to)} UTC`),
    ...storyOf(rollup, leftOut),
  ];
}

export function storyOf(rollup: Rollup, leftOut: LeftOut | null, distribution: Block[] = []): Block[] {
  const { units, failed, notPooled, grew, suspects } = rollup;
  return [
    { kind: 'paragraph', text: [{ text: sentenceOf(rollup), strong: true }] },
    ...besideOf(rollup, leftOut),
    { kind: 'figures', items: figures(rollup) },
    ...distribution,
    ...(grew.length > 0
      ? [
          heading('Who grew'),
          table(
            ['Team', 'Before → now', 'Most in'],
            grew.map((each): Inline[] => [
              [unitName(each)],
              [grewWords(each)],
              [stageWords(each.grew?.stage)],
            ]),
            'team',
          ),
        ]
      : []),
    ...(suspects.length > 0
      ? [
          heading('What the same suspect would save across all'),
          table(
            ['Suspect', 'Teams', 'Over all deployments of the window'],
            suspects.map(({ title, units: of, saving }): Inline[] => [
              [title],
              [String(of)],
              [
                saving.low === saving.high
                  ? duration(saving.high)
                  : `${duration(saving.low)} to ${duration(saving.high)}`,
              ],
            ]),
            'suspect',
          ),
        ]
      : []),
    heading('Teams'),
    table(
      ['Team', 'Verdict', 'Lead time', 'Target', 'Changes', 'Pending', 'Batches'],
      units.map((each): Inline[] => {
        const { mark, title } = STATUS_WORDS[each.status];
        return [
          [unitName(each)],
          [`${mark} ${title}`],
          [`${each.statistic} ${figureOf(each)}`],
          [duration(each.targetSeconds)],
          [String(each.samples.length)],
          [String(each.samples.filter((one) => !one.shipped).length)],
          [String(each.batches)],
        ];
      }),
      'team',
    ),
    ...(failed.length > 0
      ? [
          heading('Nothing can be told'),
          table(
            ['Team', 'Why'],
            failed.map((each): Inline[] => [[unitName(each)], [each.reason]]),
            'team',
          ),
        ]
      : []),
    ...(notPooled.length > 0
      ? [
          heading('Not in the distribution'),
          table(
            ['Team', 'What could not be read'],
            notPooled.map(({ unit, reason }): Inline[] => [[unitName(unit)], [reason]]),
            'team',
          ),
        ]
      : []),
  ];
}

function figures({ leadTime, teams }: Rollup): { name: string; value: string; main?: boolean }[] {
  const value = (seconds: number | null) =>
    seconds !== null ? duration(seconds) : leadTime.max === null ? '–' : `at least ${duration(leadTime.max)}`;
  return [
    ...VERDICTS.map((status) => ({
      name: STATUS_WORDS[status].title.toLowerCase(),
      value: String(teams[status]),
    })),
    ...(['p50', 'p75', 'p90', 'p95'] as const).map((name) => ({
      name,
      value: value(leadTime[name]),
      main: name === 'p50',
    })),
    { name: 'changes', value: String(leadTime.count) },
    { name: 'pending', value: String(leadTime.pending) },
  ];
}

/** What is not in the numbers. */
function besideOf({ environments }: Rollup, leftOut: LeftOut | null): Block[] {
  const names = Object.entries(environments);
  const items: Inline[] = [];
  if (names.length > 1)
    items.push([
      `Taken for the same: ${names.map(([name, count]) => `${name} (${count})`).join(', ')}, as each team's own settings name what counts there.`,
    ]);
  if (leftOut !== null) {
    const { archived, forks, dormant, elsewhere } = leftOut.skipped;
    const skipped = [
      archived > 0 && `${archived} archived`,
      forks > 0 && counted(forks, 'fork'),
      dormant > 0 && `${dormant} without a push or a deployment since the window began`,
      elsewhere > 0 && `${elsewhere} of other shards`,
    ].filter((each) => each !== false);
    if (skipped.length > 0) items.push([`Skipped: ${skipped.join(', ')}.`]);
    if (leftOut.renamed.length > 0) items.push([`Renamed: ${leftOut.renamed.join(', ')}.`]);
    if (leftOut.unmeasured.length > 0)
      items.push([
        `Not measured: ${leftOut.unmeasured.length}. ${leftOut.stopped ?? ''} They come first the next time: ${leftOut.unmeasured.slice(0, 20).join(', ')}${leftOut.unmeasured.length > 20 ? ` and ${leftOut.unmeasured.length - 20} more` : ''}.`,
      ]);
  }
  return items.length > 0 ? [{ kind: 'list', items }] : [];
}

/** The roll-up for machines: instants in ISO 8601, times in seconds. */
export function jsonOf(rollup: Rollup, leftOut: LeftOut | null): object {
  const { window, generatedAt, environments, teams, leadTime, units, failed, notPooled, grew, suspects } =
    rollup;
  return {
    schemaVersion: 1,
    window: { from: window.from.toISOString(), to: window.to.toISOString() },
    generatedAt: generatedAt.toISOString(),
    environments,
    teams,
    leadTime,
    units: units.map((each) => ({
      repository: each.repository,
      service: each.service,
      environment: each.environment,
      status: each.status,
      statistic: each.statistic,
      leadTimeSeconds: each.leadTimeSeconds,
      leadTimeAtLeastSeconds: each.atLeastSeconds,
      targetSeconds: each.targetSeconds,
      limitSeconds: each.limitSeconds,
      changes: each.samples.length,
      pending: each.samples.filter((one) => !one.shipped).length,
      deployments: each.deployments,
      batches: each.batches,
      grew: each.grew,
    })),
    failed: failed.map(({ repository, service, reason }) => ({ repository, service, reason })),
    notPooled: notPooled.map(({ unit, reason }) => ({
      repository: unit.repository,
      service: unit.service,
      reason,
    })),
    grew: grew.map((each) => unitName(each)),
    suspects: suspects.map(({ rule, title, units: of, saving }) => ({
      rule,
      title,
      units: of,
      savingSeconds: saving,
    })),
    ...(leftOut === null
      ? {}
      : {
          skipped: leftOut.skipped,
          unmeasured: leftOut.unmeasured,
          stopped: leftOut.stopped,
          renamed: leftOut.renamed,
        }),
  };
}

/** A row a unit; one of which nothing can be told has its reason, and no figures. */
export function csvOfRollup({ units, failed }: Rollup): string {
  return csv([
    [
      'repository',
      'service',
      'environment',
      'status',
      'statistic',
      'lead_time_seconds',
      'lead_time_at_least_seconds',
      'target_seconds',
      'limit_seconds',
      'changes',
      'pending',
      'deployments',
      'batches',
      'grew_from_seconds',
      'grew_to_seconds',
      'reason',
    ],
    ...units.map((each) => [
      each.repository,
      each.service,
      each.environment,
      each.status,
      each.statistic,
      each.leadTimeSeconds,
      each.atLeastSeconds,
      each.targetSeconds,
      each.limitSeconds,
      each.samples.length,
      each.samples.filter((one) => !one.shipped).length,
      each.deployments,
      each.batches,
      each.grew?.beforeSeconds ?? null,
      each.grew?.afterSeconds ?? null,
      each.atRisk,
    ]),
    ...failed.map((each) => [
      each.repository,
      each.service,
      null,
      'failed',
      ...Array.from({ length: 11 }, () => null),
      each.reason,
    ]),
  ]);
}
