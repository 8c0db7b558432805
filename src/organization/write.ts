import { type Block, heading, type Inline, paragraph, right, table } from '../report/blocks.ts';
import { csv } from '../report/csv.ts';
import type { Report } from '../report/contract.ts';
import { savingOf } from '../report/diagnosis.ts';
import { batchesIn, successesIn } from '../report/parts.ts';
import {
  counted,
  duration,
  figureWords,
  moment,
  STAGE_WORDS,
  STATUS_WORDS,
  statisticWords,
  statusWords,
} from '../report/words.ts';
import type { RequestBudget } from './request-budget.ts';
import { atRisk, growthOf, samplesOf } from './entries.ts';
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

export function sentenceOf({ teams, leadTime, reports, failed }: Rollup): string {
  const known =
    leadTime.p50 === null
      ? ''
      : ` Half of ${counted(leadTime.count, 'change')} were live within ${duration(leadTime.p50)}.`;
  const failures = failed.length > 0 ? ` Of ${failed.length} nothing can be told.` : '';
  return `${counted(reports.length, 'team')}: ${teams['on-target']} on target, ${teams.slipping} slipping, ${teams.drifted} drifted, ${teams['insufficient-data']} without a verdict.${known}${failures}`;
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

const teamName = ({
  repository,
  service,
}: {
  repository: string;
  service?: string | null | undefined;
}): string => (service ? `${repository}: ${service}` : repository);

/** What a team's lead time came from and to, and the stage of most of it. */
function growthCells(report: Report): Inline[] {
  const grew = growthOf(report);
  return [
    [grew === null ? '–' : `${duration(grew.beforeSeconds)} → ${duration(grew.afterSeconds)}`],
    [grew?.stage ? STAGE_WORDS[grew.stage] : 'as a whole'],
  ];
}

/** The summary; the page has a picture of the distribution besides. */
export function blocksOf(rollup: Rollup, leftOut: LeftOut | null): Block[] {
  return [
    heading(2, `Deploy latency: ${moment(rollup.window.from)} to ${moment(rollup.window.to)} UTC`),
    ...storyOf(rollup, leftOut),
  ];
}

export function storyOf(rollup: Rollup, leftOut: LeftOut | null, distribution: Block[] = []): Block[] {
  const { reports, failed, notPooled, grew, suspects } = rollup;
  return [
    paragraph({ text: sentenceOf(rollup), strong: true }),
    ...besideOf(rollup, leftOut),
    { kind: 'figures', items: figures(rollup) },
    ...distribution,
    ...(grew.length > 0
      ? [
          heading(2, 'Who grew'),
          table(
            ['Team', right('Before → now'), 'Most in'],
            grew.map((report): Inline[] => [[teamName(report)], ...growthCells(report)]),
            'team',
          ),
        ]
      : []),
    ...(suspects.length > 0
      ? [
          heading(2, 'What the same suspect would save across all'),
          table(
            ['Suspect', right('Teams'), right('Over all deployments of the window')],
            suspects.map((suspect): Inline[] => [
              [suspect.title],
              [String(suspect.services)],
              [savingOf(suspect)],
            ]),
            'suspect',
          ),
        ]
      : []),
    heading(2, 'Teams'),
    table(
      [
        'Team',
        'Verdict',
        right('Lead time'),
        right('Target'),
        right('Changes'),
        right('Pending'),
        right('Batches'),
      ],
      reports.map((report): Inline[] => {
        const { changes, pending, batches } = countsOf(report);
        return [
          [teamName(report)],
          [statusWords(report.status)],
          [
            `${report.target.statistic} ${figureWords(report.leadTimeSeconds, report.leadTimeAtLeastSeconds)}`,
          ],
          [duration(report.target.seconds)],
          [String(changes)],
          [String(pending)],
          [String(batches)],
        ];
      }),
      'team',
    ),
    ...(failed.length > 0
      ? [
          heading(2, 'Nothing can be told'),
          table(
            ['Team', 'Why'],
            failed.map((entry): Inline[] => [[teamName(entry)], [entry.failed]]),
            'team',
          ),
        ]
      : []),
    ...(notPooled.length > 0
      ? [
          heading(2, 'Not in the distribution'),
          table(
            ['Team', 'What could not be read'],
            notPooled.map(({ report, reason }): Inline[] => [[teamName(report)], [reason]]),
            'team',
          ),
        ]
      : []),
  ];
}

/** The figures of a team that are of the window as it was asked for. */
function countsOf(report: Report) {
  const samples = samplesOf(report);
  return {
    changes: samples.length,
    pending: samples.filter((sample) => !sample.shipped).length,
    deployments: successesIn(report).length,
    batches: batchesIn(report),
  };
}

function figures({ leadTime, teams }: Rollup): { name: string; value: string; main?: boolean }[] {
  return [
    ...VERDICTS.map((status) => ({
      name: STATUS_WORDS[status].title.toLowerCase(),
      value: String(teams[status]),
    })),
    ...(['p50', 'p75', 'p90', 'p95'] as const).map((name) => ({
      name,
      value: statisticWords(leadTime, name, 'at least'),
      main: name === 'p50',
    })),
    { name: 'changes', value: String(leadTime.count) },
    { name: 'pending', value: String(leadTime.pending) },
  ];
}

/** What is not in the numbers. */
function besideOf({ environments, conflicts }: Rollup, leftOut: LeftOut | null): Block[] {
  const names = Object.entries(environments);
  const items: Inline[] = [];
  if (names.length > 1)
    items.push([
      `Taken for the same: ${names.map(([name, count]) => `${name} (${count})`).join(', ')}, as each team's own settings name what counts there.`,
    ]);
  for (const conflict of conflicts)
    items.push([
      `${teamName(conflict)} has ${conflict.reports} reports that differ. The newest counts, made ${moment(conflict.generatedAt)} UTC.`,
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
  const {
    window,
    generatedAt,
    environments,
    teams,
    leadTime,
    reports,
    failed,
    conflicts,
    notPooled,
    grew,
    suspects,
  } = rollup;
  return {
    schemaVersion: 1,
    window: { from: window.from.toISOString(), to: window.to.toISOString() },
    generatedAt: generatedAt.toISOString(),
    environments,
    teams,
    leadTime,
    units: reports.map((report) => ({
      repository: report.repository,
      service: report.service ?? null,
      environment: report.environment,
      status: report.status,
      statistic: report.target.statistic,
      leadTimeSeconds: report.leadTimeSeconds,
      leadTimeAtLeastSeconds: report.leadTimeAtLeastSeconds,
      targetSeconds: report.target.seconds,
      limitSeconds: report.target.thresholdSeconds,
      ...countsOf(report),
      grew: growthOf(report),
    })),
    failed: failed.map(({ repository, service, failed: reason }) => ({ repository, service, reason })),
    conflicts,
    notPooled: notPooled.map(({ report, reason }) => ({
      repository: report.repository,
      service: report.service ?? null,
      reason,
    })),
    grew: grew.map((report) => teamName(report)),
    suspects: suspects.map(({ rule, title, services: of, saving }) => ({
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
export function csvOfRollup({ reports, failed }: Rollup): string {
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
    ...reports.map((report) => {
      const { changes, pending, deployments, batches } = countsOf(report);
      const grew = growthOf(report);
      return [
        report.repository,
        report.service ?? null,
        report.environment,
        report.status,
        report.target.statistic,
        report.leadTimeSeconds,
        report.leadTimeAtLeastSeconds,
        report.target.seconds,
        report.target.thresholdSeconds,
        changes,
        pending,
        deployments,
        batches,
        grew?.beforeSeconds ?? null,
        grew?.afterSeconds ?? null,
        atRisk(report),
      ];
    }),
    ...failed.map((entry) => [
      entry.repository,
      entry.service,
      null,
      'failed',
      ...Array.from({ length: 11 }, () => null),
      entry.failed,
    ]),
  ]);
}
