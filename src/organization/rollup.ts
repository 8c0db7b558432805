import { type LeadTime, leadTimeOf } from '../model/lead-time.ts';
import { type SurvivalStep, survivalCurve } from '../model/survival.ts';
import { GuardError, oneLine } from '../model/guard-error.ts';
import type { Status, Window } from '../model/terms.ts';
import type { Report } from '../report/contract.ts';
import { successesIn, timeOf, WORST } from '../report/parts.ts';
import { knownIn } from '../report/saved-reports.ts';
import {
  atRisk,
  type Entry,
  type FailedEntry,
  growthOf,
  isFailed,
  samplesOf,
  requestedWindow,
} from './entries.ts';

/** Combines the reports of many repositories. Their order and the files they are in make no difference. */

export interface SuspectTotal {
  rule: string;
  title: string;
  services: number;
  /** Seconds over the requested window: per service, the saving per deployment times its successful deployments. */
  saving: { low: number; high: number };
}

export interface Conflict {
  repository: string;
  service: string | null;
  environment: string;
  /** Number of different reports. */
  reports: number;
  /** When the report that counts was made. */
  generatedAt: string;
  /** Number of different reports that were made at that time. The worst of them counts. */
  equallyNew: number;
}

/** A newer failure that does not count, or a report from before the repository had services, or the other way around. */
export interface Superseded {
  entry: Entry;
  /** The report that counts. */
  by: Report;
}

export interface Rollup {
  window: Window;
  /** When the newest report was made. */
  generatedAt: Date;
  environments: Record<string, number>;
  /** Number of services with each verdict, and of entries without a report. */
  teams: Record<Status | 'failed', number>;
  /** Kaplan–Meier over the changes of all services, pending ones included. It is not a median of medians. */
  leadTime: LeadTime;
  curve: SurvivalStep[];
  /** Worst first. */
  reports: Report[];
  failed: FailedEntry[];
  /** Services with several different reports. The newest counts, and among equally new ones the worst. */
  conflicts: Conflict[];
  superseded: Superseded[];
  /** Services whose changes are left out of `leadTime`, because missing data puts their verdict at risk. */
  notPooled: { report: Report; reason: string }[];
  /** Services that are slower than before, the largest growth first. */
  slower: Report[];
  /** Largest saving first. */
  suspects: SuspectTotal[];
}

/** Compares by character code, so that the machine's language makes no difference. */
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const keyOf = (entry: Entry): string =>
  [
    entry.repository.toLowerCase(),
    entry.service ?? '',
    entry.environment ?? '',
    isFailed(entry) ? 'failed' : 'report',
  ].join('\n');

/**
 * @param environments - names that mean the same environment; `null`: all reports need the same one.
 * @param files - the files of the entries, for errors. The others are named by their repository.
 * @throws {GuardError} if the windows or the environments differ, because one distribution would be meaningless.
 */
export function rollUp(
  saved: readonly Entry[],
  environments: readonly string[] | null,
  files: ReadonlyMap<Entry, string> = new Map(),
): Rollup {
  const { entries, conflicts, superseded } = newestOf(saved);
  const windowName = ({ window }: Entry): string => {
    const { from, to } = requestedWindow(window);
    return `${from.toISOString()} to ${to.toISOString()}`;
  };
  const windows = grouped(entries, windowName);
  const [[first] = []] = windows;
  if (!first)
    throw new GuardError('There are no reports. Give report files or a folder of them, such as reports/.');
  if (windows.length > 1)
    throw new GuardError(
      `The reports have ${windows.length} different windows: ${groupsInWords(windows, windowName, files)}. Measure all repositories with the same "as-of" and "window".`,
    );
  const reports = entries.filter((entry): entry is Report => !isFailed(entry));
  const byEnvironment = grouped(reports, ({ environment }) => environment);
  const unlisted = byEnvironment.filter(([{ environment }]) => !environments?.includes(environment));
  if (unlisted.length > (environments === null ? 1 : 0)) {
    const names = groupsInWords(unlisted, ({ environment }) => oneLine(environment, 60), files);
    throw new GuardError(
      environments === null
        ? `The reports are for different environments: ${names}. Combine each environment alone, or list all names that mean the same in "environment", each on a line of its own.`
        : `The reports are for environments that "environment" does not list: ${names}. It lists ${listOf(environments.map((name) => `"${oneLine(name, 60)}"`))}. List all names that mean the same, each on a line of its own, such as $'prod\\nproduction' in a shell.`,
    );
  }
  const failed = entries.filter(isFailed);
  const samples = reports.filter((report) => atRisk(report) === null).flatMap(samplesOf);
  const teams = { drifted: 0, slipping: 0, 'on-target': 0, 'insufficient-data': 0, failed: failed.length };
  for (const { status } of reports) teams[status] += 1;
  return {
    window: requestedWindow(first.window),
    generatedAt: new Date(Math.max(...entries.map((entry) => Date.parse(entry.generatedAt)))),
    environments: Object.fromEntries(byEnvironment.map((group) => [group[0].environment, group.length])),
    teams,
    leadTime: leadTimeOf(inOrder(samples)),
    curve: survivalCurve(samples),
    reports: reports.toSorted((a, b) => worstFirst(a, b) || byText(keyOf(a), keyOf(b))),
    failed,
    conflicts,
    superseded,
    notPooled: reports.flatMap((report) => {
      const reason = atRisk(report);
      return reason === null ? [] : [{ report, reason }];
    }),
    slower: reports
      .filter((report) => growthOf(report) !== null)
      .toSorted((a, b) => secondsGrown(b) - secondsGrown(a) || byText(keyOf(a), keyOf(b))),
    suspects: suspectsOf(reports),
  };
}

const figureOf = ({ leadTimeSeconds, leadTimeAtLeastSeconds }: Report): number =>
  leadTimeSeconds ?? leadTimeAtLeastSeconds ?? 0;

/** Entries without a report are equal. */
const worstFirst = (a: Entry, b: Entry): number =>
  isFailed(a) || isFailed(b)
    ? 0
    : WORST.indexOf(a.status) - WORST.indexOf(b.status) || figureOf(b) - figureOf(a);

function secondsGrown(report: Report): number {
  const growth = growthOf(report);
  return growth === null ? 0 : growth.afterSeconds - growth.beforeSeconds;
}

/** The sum of fractions depends on their order. */
const inOrder = (samples: readonly { seconds: number; shipped: boolean }[]) =>
  samples.toSorted((a, b) => a.seconds - b.seconds || Number(a.shipped) - Number(b.shipped));

/** Entries with the same key, and the groups in the order of their keys. */
export function grouped<T>(entries: readonly T[], keyOf: (entry: T) => string): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const entry of entries) {
    const key = keyOf(entry);
    const group = groups.get(key);
    if (group) group.push(entry);
    else groups.set(key, [entry]);
  }
  return [...groups].sort(([a], [b]) => byText(a, b)).map(([, group]) => group);
}

/** The newest entry of each service, without those that a report supersedes. */
function newestOf(saved: readonly Entry[]): Pick<Rollup, 'conflicts' | 'superseded'> & { entries: Entry[] } {
  const entries: Entry[] = [];
  const conflicts: Conflict[] = [];
  const superseded: Superseded[] = [];
  for (const ofRepository of grouped(saved, ({ repository }) => repository.toLowerCase())) {
    const services = grouped(ofRepository, keyOf).map(differentOf);
    const reports = services
      .flatMap(([newest]) => (newest && !isFailed(newest) ? [newest] : []))
      .sort((a, b) => newestFirst(a, b) || Number(hasServices(b)) - Number(hasServices(a)));
    const counting = reports.filter((report) => hasServices(report) === hasServices(reports[0] ?? report));
    for (const [newest, ...others] of services) {
      if (!newest) continue;
      const by = counting.find((report) => supersedes(report, newest));
      if (!by) entries.push(newest);
      else if (!isFailed(newest) || newestFirst(newest, by) <= 0) superseded.push({ entry: newest, by });
      if (by || isFailed(newest) || others.length === 0) continue;
      const { repository, service = null, environment, generatedAt } = newest;
      const equallyNew = 1 + others.filter((other) => newestFirst(newest, other) === 0).length;
      conflicts.push({
        repository,
        service,
        environment,
        reports: 1 + others.length,
        generatedAt,
        equallyNew,
      });
    }
  }
  return { entries, conflicts, superseded };
}

const hasServices = ({ service }: Report): boolean => service !== undefined;

/**
 * Whether a report that counts replaces another entry of the repository. Changes would count twice with and without
 * services. A failed service without a name has its environment's.
 */
const supersedes = (report: Report, entry: Entry): boolean =>
  isFailed(entry)
    ? entry.environment === null ||
      (entry.environment === report.environment && entry.service === (report.service ?? report.environment))
    : hasServices(entry) !== hasServices(report);

/** The different entries of a service, with the one that counts first. The order of equal ones makes no difference. */
const differentOf = (entries: readonly Entry[]): Entry[] =>
  grouped(entries, contentOf)
    .flatMap((copies) => copies.toSorted(newestFirst).slice(0, 1))
    .sort((a, b) => newestFirst(a, b) || worstFirst(a, b));

const newestFirst = (a: Entry, b: Entry): number => Date.parse(b.generatedAt) - Date.parse(a.generatedAt);

/** An entry without its name and the time at which it was made, and with its known fields in order. */
const contentOf = (entry: Entry): string =>
  JSON.stringify(
    { ...(isFailed(entry) ? entry : knownIn(entry)), repository: '', generatedAt: '' },
    (_, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => byText(a, b)))
        : value,
  );

function suspectsOf(reports: readonly Report[]): SuspectTotal[] {
  const totals = new Map<string, SuspectTotal>();
  for (const report of reports) {
    const { from } = requestedWindow(report.window);
    const deployments = successesIn(report).filter((success) => new Date(timeOf(success)) >= from).length;
    const rules = new Set<string>();
    for (const { rule, title, saving } of report.suspects) {
      const total = totals.get(rule) ?? { rule, title, services: 0, saving: { low: 0, high: 0 } };
      totals.set(rule, total);
      if (!rules.has(rule)) total.services += 1;
      rules.add(rule);
      total.saving.low += saving.low * deployments;
      total.saving.high += saving.high * deployments;
    }
  }
  return [...totals.values()].toSorted((a, b) => b.saving.high - a.saving.high || byText(a.rule, b.rule));
}

const listOf = (names: readonly string[], most = 6): string =>
  `${names.slice(0, most).join(', ')}${names.length > most ? ` and ${names.length - most} more` : ''}`;

/** Each group with its number of reports and their files. The smallest group is first, because it is probably the mistake. */
function groupsInWords<T extends Entry>(
  groups: readonly [T, ...T[]][],
  nameOf: (entry: T) => string,
  files: ReadonlyMap<Entry, string>,
): string {
  const fileOf = (entry: T) => `"${oneLine(files.get(entry) ?? entry.repository)}"`;
  return listOf(
    groups
      .toSorted((a, b) => a.length - b.length)
      .map(
        (group) =>
          `${nameOf(group[0])} (${group.length} in ${listOf([...new Set(group.map(fileOf))].sort(byText), 3)})`,
      ),
  );
}

export const statusOf = ({ teams }: Rollup): Status =>
  WORST.find((status) => teams[status] > 0) ?? 'insufficient-data';

/** @throws {GuardError} if no repository has a report, because then there is no result. */
export function refuseEmpty({ reports, failed }: Rollup): void {
  if (reports.length === 0)
    throw new GuardError(
      `No repository could be measured: ${failed[0]?.failed ?? ''} The roll-up has the reason for each.`,
    );
}

/** True if a service has drifted and `fail-on` includes drift. `auto` includes nothing here. */
export function fails({ reports }: Rollup, failOn: ReadonlySet<string> | 'auto'): boolean {
  const kinds: ReadonlySet<string> = failOn === 'auto' ? new Set() : failOn;
  return reports.some(
    ({ status, confidence }) =>
      status === 'drifted' && (kinds.has('drift') || (kinds.has('sure-drift') && confidence === 'sure')),
  );
}
