import { type Block, heading, type Inline, paragraph, right, table } from '../report/blocks.ts';
import type { Report } from '../report/contract.ts';
import { csv } from '../report/csv.ts';
import { savingOf } from '../report/diagnosis.ts';
import { batchesIn, successesIn, WORST } from '../report/parts.ts';
import { tableOfServices } from '../report/services.ts';
import { withShortNames } from '../report/short-names.ts';
import { counted, duration, listed, moment, STAGE_WORDS, statisticWords } from '../report/words.ts';
import { atRisk, growthOf, isFailed } from './entries.ts';
import type { Picked } from './pick.ts';
import type { WalkResult } from './repository-walk.ts';
import type { RequestBudget } from './request-budget.ts';
import { grouped, type Rollup, type Superseded } from './rollup.ts';

/** Writes a roll-up as text, as JSON and as CSV. */

/** The repositories that a roll-up does not cover. */
export interface LeftOut extends Pick<Picked, 'skipped'>, Pick<WalkResult, 'unmeasured' | 'stopped'> {
  /** Repositories with a new name: `acme/old → acme/new`. */
  renamed: readonly string[];
}

const VERDICTS = {
  drifted: ['has drifted', 'have drifted'],
  slipping: ['is slipping', 'are slipping'],
  'insufficient-data': ['has no verdict', 'have no verdict'],
  'on-target': ['is on target', 'are on target'],
} as const;

const andList = (parts: readonly string[]): string =>
  parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : parts.join('');

/** `4 repositories`, or `5 services in 4 repositories`. */
export function scopeWords(reports: readonly Report[]): string {
  const count = new Set(reports.map(({ repository }) => repository.toLowerCase())).size;
  const repositories = counted(count, 'repository', 'repositories');
  return reports.length === count ? repositories : `${counted(reports.length, 'service')} in ${repositories}`;
}

/** The result, its reason and the next step. The figures are in the tables. */
export function headlineOf(rollup: Rollup): string {
  const short = withShortNames(rollup);
  const { teams, reports, failed, slower, suspects } = short;
  const name = namesIn(short);
  const scope = scopeWords(reports);
  const verdicts = WORST.filter((status) => teams[status] > 0).map((status, i, { length }) => {
    const count = teams[status];
    const subject = i > 0 ? count : length > 1 ? `${count} of ${scope}` : scope;
    return `${subject} ${VERDICTS[status][count === 1 ? 0 : 1]}`;
  });
  const [worst] = reports;
  const [slowest] = slower;
  const [suspect] = suspects;
  const stage = slowest && growthOf(slowest)?.stage;
  return [
    verdicts.length > 0 && `${andList(verdicts)}.`,
    failed.length > 0 && `${failed.length} could not be measured.`,
    slowest && `${name(slowest)} slowed down most${stage ? ` (${STAGE_WORDS[stage]})` : ''}.`,
    suspect && suspect.saving.high > 0
      ? `Fix "${suspect.title}" first: it would save the most.`
      : worst && teams.drifted + teams.slipping > 0 && `Start with ${name(worst)}.`,
  ]
    .filter((sentence) => typeof sentence === 'string')
    .join(' ');
}

/** Progress before each repository, and after the last one. */
export const progressText = (done: number, all: number, name: string): string =>
  name === '' ? `${done} of ${all}.` : `${done + 1} of ${all}: ${name}`;

export const costText = ({ requests, points, milliseconds, waited }: ReturnType<RequestBudget['used']>) =>
  `${requests} requests, ${points} points, ${duration(milliseconds / 1000)} (${duration(waited / 1000)} spent waiting for GitHub's limit per minute).`;

interface Named {
  repository: string;
  service?: string | null | undefined;
  environment: string | null;
}

const nameOf = ({ repository, service }: Named): string =>
  service ? `${repository}: ${service}` : repository;

/** Services with several entries, one for each environment. */
const severalIn = <T extends Named>(entries: readonly T[]): T[][] =>
  grouped(entries, (entry) => nameOf(entry).toLowerCase()).filter((group) => group.length > 1);

/** Names the services of a roll-up, with the environment if a service has several. */
function namesIn({ reports, failed }: Rollup): (entry: Named) => string {
  const several = new Set(severalIn<Named>([...reports, ...failed]).flatMap((group) => group.map(nameOf)));
  return (entry) =>
    several.has(nameOf(entry)) && entry.environment !== null
      ? `${nameOf(entry)} (${entry.environment})`
      : nameOf(entry);
}

export function blocksOf(original: Rollup, leftOut: LeftOut | null): Block[] {
  const rollup = withShortNames(original);
  return [
    heading(2, `Deploy latency: ${moment(rollup.window.from)} to ${moment(rollup.window.to)} UTC`),
    paragraph({ text: headlineOf(rollup), strong: true }),
    ...sectionsOf(rollup, leftOut),
  ];
}

/** A table with its heading; nothing if it has no rows. */
const section = (title: string, ...of: Parameters<typeof table>): Block[] =>
  of[1].length > 0 ? [heading(2, title), table(...of)] : [];

const QUANTILES = ['p50', 'p75', 'p90', 'p95'] as const;

/** @param distribution - what the page adds. */
export function sectionsOf(rollup: Rollup, leftOut: LeftOut | null, distribution: Block[] = []): Block[] {
  const { reports, failed, notPooled, slower, suspects, leadTime } = rollup;
  const notes = notesOf(rollup, leftOut);
  const name = namesIn(rollup);
  const linkTo = (report: Report) => ({ text: name(report), href: report.repositoryUrl });
  return [
    ...(reports.length > 0 ? [heading(2, 'Services'), tableOfServices(reports, linkTo)] : []),
    ...section(
      'Not measured',
      ['Service', 'Reason'],
      failed.map((entry): Inline[] => [[name(entry)], [entry.failed]]),
      'service',
    ),
    ...(notes.length > 0 ? [{ kind: 'list' as const, items: notes }] : []),
    heading(2, 'All changes together'),
    table(
      [...QUANTILES, 'changes', 'pending'].map(right),
      [
        [
          ...QUANTILES.map((quantile) => statisticWords(leadTime, quantile)),
          `${leadTime.count}`,
          `${leadTime.pending}`,
        ].map((words) => [words]),
      ],
      'row',
    ),
    ...distribution,
    ...section(
      'Left out of these figures',
      ['Service', 'Missing data'],
      notPooled.map(({ report, reason }): Inline[] => [[linkTo(report)], [reason]]),
      'service',
    ),
    ...section(
      'Slower than before',
      ['Service', right('Before → now'), 'Stage that grew most'],
      slower.map((report): Inline[] => {
        const growth = growthOf(report);
        const times = growth && `${duration(growth.beforeSeconds)} → ${duration(growth.afterSeconds)}`;
        return [
          [linkTo(report)],
          [times ?? '–'],
          [growth?.stage ? STAGE_WORDS[growth.stage] : 'no single stage'],
        ];
      }),
      'service',
    ),
    ...section(
      'Possible savings',
      ['Suspect', right('Services'), right('Saving over all deployments')],
      suspects.map((suspect): Inline[] => [[suspect.title], [String(suspect.services)], [savingOf(suspect)]]),
      'suspect',
    ),
  ];
}

/** Why a report counts, and not another entry. */
function supersededWords({ entry, by }: Superseded): string {
  const [when, counting] = [entry, by].map(({ generatedAt }) => `${moment(generatedAt)} UTC`);
  return isFailed(entry)
    ? `${nameOf(entry)} could not be measured on ${when}, so the report of ${counting} counts. ${entry.failed}`
    : `The report of ${nameOf(entry)} from ${when} does not count, because the one from ${counting} has ${by.service === undefined ? 'no services' : 'services'}.`;
}

const lengthOf = ({ from, to }: Record<'from' | 'to', Date | string>): string =>
  duration((new Date(to).getTime() - new Date(from).getTime()) / 1000);

/** Repositories that the tables do not cover, other windows, and reports or environments that count as one. */
function notesOf(rollup: Rollup, leftOut: LeftOut | null): Inline[] {
  const { window, environments, reports, conflicts, superseded } = rollup;
  const name = namesIn(rollup);
  const names = Object.entries(environments).map(([environment, count]) => `${environment} (${count})`);
  const notes = superseded.map(supersededWords);
  for (const conflict of conflicts) {
    const { reports: count, equallyNew, generatedAt } = conflict;
    const when = `(${moment(generatedAt)} UTC)`;
    const which =
      equallyNew > 1
        ? `${equallyNew} are equally new ${when}, so the worst verdict counts.`
        : `The newest counts ${when}.`;
    notes.push(`${name(conflict)} has ${count} different reports. ${which}`);
  }
  for (const group of severalIn(reports))
    notes.push(
      `${group.map(nameOf)[0]} has a report for each of ${andList(group.map(({ environment }) => environment).sort())}. "All changes together" counts its changes once for each.`,
    );
  const widened = reports.filter((report) => report.window.askedFrom !== undefined);
  if (widened.length > 0)
    notes.unshift(
      `Windows widened to contain ten changes: ${listed(widened.map((report) => `${name(report)} (${lengthOf(report.window)})`))}. Their rows cover the widened window. "All changes together" and "Possible savings" cover ${lengthOf(window)} for every service.`,
    );
  if (names.length > 1) notes.unshift(`Environments that count as the same: ${andList(names)}.`);
  if (leftOut !== null) {
    const { skipped, renamed, unmeasured, stopped } = leftOut;
    const reasons = [
      [skipped.archived, 'archived'],
      [skipped.forks, skipped.forks === 1 ? 'fork' : 'forks'],
      [skipped.dormant, 'without a push or a deployment in the window'],
      [skipped.elsewhere, 'in other shards'],
    ] as const;
    const counts = reasons.filter(([count]) => count > 0).map(([count, reason]) => `${count} ${reason}`);
    if (counts.length > 0) notes.push(`Skipped: ${andList(counts)}.`);
    if (renamed.length > 0) notes.push(`Renamed: ${renamed.join(', ')}.`);
    if (unmeasured.length > 0)
      notes.push(
        `Not measured: ${counted(unmeasured.length, 'repository', 'repositories')}. ${stopped ?? ''} Next time they come first: ${listed(unmeasured)}.`,
      );
  }
  return notes.map((note) => [note]);
}

/** The fields of a service, in the order of the CSV columns. */
const fieldsOf = (report: Report) => ({
  repository: report.repository,
  service: report.service ?? null,
  environment: report.environment,
  status: report.status,
  statistic: report.target.statistic,
  leadTimeSeconds: report.leadTimeSeconds,
  leadTimeAtLeastSeconds: report.leadTimeAtLeastSeconds,
  targetSeconds: report.target.seconds,
  limitSeconds: report.target.thresholdSeconds,
  changes: report.leadTime.count,
  pending: report.leadTime.pending,
  deployments: successesIn(report).length,
  batches: batchesIn(report),
});

/** The roll-up for machines: instants in ISO 8601, times in seconds. */
export function jsonOf(rollup: Rollup, leftOut: LeftOut | null): object {
  const { window, generatedAt, environments, teams, leadTime, conflicts } = rollup;
  return {
    schemaVersion: 1,
    window: { from: window.from.toISOString(), to: window.to.toISOString() },
    generatedAt: generatedAt.toISOString(),
    environments,
    teams,
    leadTime,
    units: rollup.reports.map((report) => ({
      ...fieldsOf(report),
      window: report.window,
      grew: growthOf(report),
    })),
    failed: rollup.failed.map(({ repository, service, environment, failed }) => ({
      repository,
      service,
      environment,
      reason: failed,
    })),
    conflicts,
    superseded: rollup.superseded.map((entry) => ({
      repository: entry.entry.repository,
      service: entry.entry.service ?? null,
      generatedAt: entry.entry.generatedAt,
      reason: supersededWords(entry),
    })),
    notPooled: rollup.notPooled.map(({ report, reason }) => ({
      repository: report.repository,
      service: report.service ?? null,
      reason,
    })),
    grew: rollup.slower.map(namesIn(rollup)),
    suspects: rollup.suspects.map(({ rule, title, services, saving }) => ({
      rule,
      title,
      units: services,
      savingSeconds: saving,
    })),
    ...leftOut,
  };
}

/** A row for each service; one that could not be measured has a reason instead of figures. */
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
      const growth = growthOf(report);
      return [
        ...Object.values(fieldsOf(report)),
        growth?.beforeSeconds ?? null,
        growth?.afterSeconds ?? null,
        atRisk(report),
      ];
    }),
    ...failed.map((entry) => [
      entry.repository,
      entry.service,
      entry.environment,
      'failed',
      ...Array.from({ length: 11 }, () => null),
      entry.failed,
    ]),
  ]);
}
