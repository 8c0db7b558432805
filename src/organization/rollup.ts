import { type LeadTime, leadTimeOf } from '../model/lead-time.ts';
import { type SurvivalStep, survivalCurve } from '../model/survival.ts';
import { GuardError, oneLine } from '../model/guard-error.ts';
import type { Status, Window } from '../model/terms.ts';
import type { Report } from '../report/contract.ts';
import { successesIn, WORST } from '../report/parts.ts';
import { askedFrom, atRisk, type Entry, type FailedEntry, growthOf, isFailed, samplesOf } from './entries.ts';

/** Many repositories' answers as one. The same entries come to the same roll-up, in whatever order and files they are. */

export interface SuspectTotal {
  rule: string;
  title: string;
  /** Units that show it. */
  services: number;
  /** Seconds over all deployments of the window: the saving of one, times the deployments of the unit that succeeded. */
  saving: { low: number; high: number };
}

/** Several different reports of one team. */
export interface Conflict {
  repository: string;
  service: string | null;
  reports: number;
  /** When the one that counts was made. */
  generatedAt: string;
}

export interface Rollup {
  window: Window;
  /** When the youngest of the reports was made. */
  generatedAt: Date;
  /** How many units are of each environment. */
  environments: Record<string, number>;
  /** How many units there are of each verdict, and of how many nothing can be told. */
  teams: Record<Status | 'failed', number>;
  /** Over all samples of all units, those that wait included (Kaplan–Meier); never a median of medians. */
  leadTime: LeadTime;
  /** Of those that are live, and that wait. */
  curve: SurvivalStep[];
  /** The worst first. */
  reports: Report[];
  failed: FailedEntry[];
  /** Teams of which there were several reports that differ: the newest counts. */
  conflicts: Conflict[];
  /** Units whose samples are left out, as what could not be read puts them at risk. */
  notPooled: { report: Report; reason: string }[];
  /** Those that grew, by how much of their time, the most first. */
  grew: Report[];
  /** By what the same suspect would save across all, the most first. */
  suspects: SuspectTotal[];
}

/** By the code units of a text, as no machine's language changes those. */
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const keyOf = (entry: Entry): string =>
  [
    entry.repository.toLowerCase(),
    entry.service ?? '',
    ...(isFailed(entry) ? ['', 'failed'] : [entry.environment, 'unit']),
  ].join('\n');

/**
 * @param environments - names of environments that mean the same; `null`: all entries have to be of one.
 * @throws {GuardError} where the windows differ, or the environments do: one distribution of both would mean nothing.
 */
export function rollUp(all: readonly Entry[], environments: readonly string[] | null): Rollup {
  const { entries, conflicts } = newestOf(all);
  const [first] = entries;
  if (!first) throw new GuardError('There is no report. Give the files of some.');
  const windows = new Map<string, Window>();
  for (const entry of entries) {
    const window = { from: askedFrom(entry), to: new Date(entry.window.to) };
    windows.set(`${window.from.toISOString()} to ${window.to.toISOString()}`, window);
  }
  if (windows.size > 1)
    throw new GuardError(
      `The reports are of several windows: ${listOf([...windows.keys()].sort(byText))}. Ask for all with one "as-of" and one "window".`,
    );
  const [window = { from: askedFrom(first), to: new Date(first.window.to) }] = windows.values();
  const reports = entries.filter((entry): entry is Report => !isFailed(entry));
  const counts = new Map<string, number>();
  for (const { environment } of reports) counts.set(environment, (counts.get(environment) ?? 0) + 1);
  const names = [...counts.keys()].sort(byText);
  const others =
    environments === null
      ? names.length > 1
        ? names
        : []
      : names.filter((name) => !environments.includes(name));
  if (others.length > 0)
    throw new GuardError(
      `The reports are of several environments: ${listOf(names.map((name) => `${oneLine(name, 60)} (${counts.get(name)})`))}. Roll them up apart, or name all that mean the same with "environment".`,
    );
  const failed = entries.filter(isFailed);
  const samples = reports.filter((report) => atRisk(report) === null).flatMap(samplesOf);
  const teams = { drifted: 0, slipping: 0, 'on-target': 0, 'insufficient-data': 0, failed: failed.length };
  for (const { status } of reports) teams[status] += 1;
  return {
    window,
    generatedAt: new Date(Math.max(...entries.map((entry) => Date.parse(entry.generatedAt)))),
    environments: Object.fromEntries(names.map((name) => [name, counts.get(name) ?? 0])),
    teams,
    leadTime: leadTimeOf(inOrder(samples)),
    curve: survivalCurve(samples),
    reports: reports.toSorted(
      (a, b) =>
        WORST.indexOf(a.status) - WORST.indexOf(b.status) ||
        figureOf(b) - figureOf(a) ||
        byText(keyOf(a), keyOf(b)),
    ),
    failed,
    conflicts,
    notPooled: reports.flatMap((report) => {
      const reason = atRisk(report);
      return reason === null ? [] : [{ report, reason }];
    }),
    grew: reports
      .filter((report) => growthOf(report) !== null)
      .toSorted((a, b) => growth(b) - growth(a) || byText(keyOf(a), keyOf(b))),
    suspects: suspectsOf(reports),
  };
}

const figureOf = ({ leadTimeSeconds, leadTimeAtLeastSeconds }: Report): number =>
  leadTimeSeconds ?? leadTimeAtLeastSeconds ?? 0;

function growth(report: Report): number {
  const grew = growthOf(report);
  return grew === null ? 0 : grew.afterSeconds - grew.beforeSeconds;
}

/** Sums of fractions depend on their order. */
const inOrder = (samples: readonly { seconds: number; shipped: boolean }[]) =>
  samples.toSorted((a, b) => a.seconds - b.seconds || Number(a.shipped) - Number(b.shipped));

/** Each team once, by its newest report; a report counts before a failure of the same repository. */
function newestOf(all: readonly Entry[]): { entries: Entry[]; conflicts: Conflict[] } {
  const byTeam = new Map<string, Entry[]>();
  for (const entry of all) byTeam.set(keyOf(entry), [...(byTeam.get(keyOf(entry)) ?? []), entry]);
  const found = [...byTeam.keys()].sort(byText).map((key) => (byTeam.get(key) ?? []).toSorted(newestFirst));
  const measured = new Set(
    found.flatMap(([newest]) => (newest && !isFailed(newest) ? [newest.repository.toLowerCase()] : [])),
  );
  return {
    entries: found.flatMap(([newest]) =>
      newest &&
      (!isFailed(newest) || newest.service !== null || !measured.has(newest.repository.toLowerCase()))
        ? [newest]
        : [],
    ),
    conflicts: found.flatMap(([newest, ...others]): Conflict[] => {
      if (!newest || isFailed(newest)) return [];
      const answers = new Set([newest, ...others].map(answerOf));
      const { repository, service = null, generatedAt } = newest;
      return answers.size > 1 ? [{ repository, service, reports: answers.size, generatedAt }] : [];
    }),
  };
}

/** What two reports of one answer have in common, whenever they were made. */
const answerOf = (entry: Entry): string => JSON.stringify({ ...entry, generatedAt: '' });

/** Of two that were made at once either would do, as long as it is the same whichever comes first. */
const newestFirst = (a: Entry, b: Entry): number =>
  Date.parse(b.generatedAt) - Date.parse(a.generatedAt) || byText(answerOf(b), answerOf(a));

function suspectsOf(reports: readonly Report[]): SuspectTotal[] {
  const totals = new Map<string, SuspectTotal & { seen: Set<Report> }>();
  for (const report of reports) {
    const deployments = successesIn(report).length;
    for (const { rule, title, saving } of report.suspects) {
      const total = totals.get(rule) ?? {
        rule,
        title,
        services: 0,
        saving: { low: 0, high: 0 },
        seen: new Set(),
      };
      totals.set(rule, total);
      total.seen.add(report);
      total.saving.low += saving.low * deployments;
      total.saving.high += saving.high * deployments;
    }
  }
  return [...totals.values()]
    .map(({ seen, ...total }) => ({ ...total, services: seen.size }))
    .toSorted((a, b) => b.saving.high - a.saving.high || byText(a.rule, b.rule));
}

const listOf = (names: readonly string[]): string =>
  `${names.slice(0, 6).join(', ')}${names.length > 6 ? ` and ${names.length - 6} more` : ''}`;

/** The worst of all. */
export const statusOf = ({ teams }: Rollup): Status =>
  WORST.find((status) => teams[status] > 0) ?? 'insufficient-data';

/** Whether some team has drifted, and `fail-on` names that; auto is none here. */
export function fails({ reports }: Rollup, failOn: ReadonlySet<string> | 'auto'): boolean {
  const kinds: ReadonlySet<string> = failOn === 'auto' ? new Set() : failOn;
  return reports.some(
    ({ status, confidence }) =>
      status === 'drifted' && (kinds.has('drift') || (kinds.has('sure-drift') && confidence === 'sure')),
  );
}
