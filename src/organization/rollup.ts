import { type LeadTime, leadTimeOf } from '../model/lead-time.ts';
import type { SurvivalStep } from '../model/survival.ts';
import { survivalCurve } from '../model/survival.ts';
import { GuardError, oneLine } from '../model/guard-error.ts';
import type { Status, Window } from '../model/terms.ts';
import { WORST } from '../report/parts.ts';
import type { Entry, FailedEntry, UnitEntry } from './entries.ts';

/** Many repositories' answers as one. The same entries come to the same roll-up, in whatever order and files they are. */

export interface SuspectTotal {
  rule: string;
  title: string;
  /** Units that show it. */
  units: number;
  /** Seconds over all deployments of the window: the saving of one, times the deployments of the unit that succeeded. */
  saving: { low: number; high: number };
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
  units: UnitEntry[];
  failed: FailedEntry[];
  /** Units whose samples are left out, as what could not be read puts them at risk. */
  notPooled: { unit: UnitEntry; reason: string }[];
  /** Those that grew, by how much of their time, the most first. */
  grew: UnitEntry[];
  /** By what the same suspect would save across all, the most first. */
  suspects: SuspectTotal[];
}

/** By the code units of a text, as no machine's language changes those. */
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const keyOf = (each: Entry): string =>
  [
    each.repository.toLowerCase(),
    each.service ?? '',
    each.kind === 'unit' ? each.environment : '',
    each.kind,
  ].join('\n');

/**
 * @param environments - names of environments that mean the same; `null`: all entries have to be of one.
 * @throws {GuardError} where the windows differ, or the environments do: one distribution of both would mean nothing.
 */
export function rollUp(all: readonly Entry[], environments: readonly string[] | null): Rollup {
  const entries = each(all);
  const [first] = entries;
  if (!first) throw new GuardError('There is no report. Give the files of some.');
  const windows = new Map(
    entries.map(({ window }) => [`${window.from.toISOString()} to ${window.to.toISOString()}`, window]),
  );
  if (windows.size > 1)
    throw new GuardError(
      `The reports are of several windows: ${listOf([...windows.keys()].sort(byText))}. Ask for all with one "as-of" and one "window".`,
    );
  const units = entries.filter((one) => one.kind === 'unit');
  const counts = new Map<string, number>();
  for (const { environment } of units) counts.set(environment, (counts.get(environment) ?? 0) + 1);
  const names = [...counts.keys()].sort(byText);
  const others =
    environments === null
      ? names.length > 1
        ? names
        : []
      : names.filter((one) => !environments.includes(one));
  if (others.length > 0)
    throw new GuardError(
      `The reports are of several environments: ${listOf(names.map((one) => `${oneLine(one, 60)} (${counts.get(one)})`))}. Roll them up apart, or name all that mean the same with "environment".`,
    );
  const failed = entries.filter((one) => one.kind === 'failed');
  const pooled = units.filter((one) => one.atRisk === null);
  const samples = pooled.flatMap((one) => one.samples);
  const teams = { drifted: 0, slipping: 0, 'on-target': 0, 'insufficient-data': 0, failed: failed.length };
  for (const { status } of units) teams[status] += 1;
  return {
    window: first.window,
    generatedAt: new Date(Math.max(...entries.map((one) => one.generatedAt.getTime()))),
    environments: Object.fromEntries(names.map((one) => [one, counts.get(one) ?? 0])),
    teams,
    leadTime: leadTimeOf(inOrder(samples)),
    curve: survivalCurve(samples),
    units: units.toSorted(
      (a, b) =>
        WORST.indexOf(a.status) - WORST.indexOf(b.status) ||
        (b.leadTimeSeconds ?? b.atLeastSeconds ?? 0) - (a.leadTimeSeconds ?? a.atLeastSeconds ?? 0) ||
        byText(keyOf(a), keyOf(b)),
    ),
    failed,
    notPooled: units.flatMap((unit) => (unit.atRisk === null ? [] : [{ unit, reason: unit.atRisk }])),
    grew: units
      .filter((one) => one.grew !== null)
      .toSorted((a, b) => growth(b) - growth(a) || byText(keyOf(a), keyOf(b))),
    suspects: suspectsOf(units),
  };
}

const growth = ({ grew }: UnitEntry): number => (grew === null ? 0 : grew.afterSeconds - grew.beforeSeconds);

/** Sums of fractions depend on their order. */
const inOrder = (samples: readonly { seconds: number; shipped: boolean }[]) =>
  samples.toSorted((a, b) => a.seconds - b.seconds || Number(a.shipped) - Number(b.shipped));

/** Each unit once: the one that was told last; a report stands before a failure of the same repository. */
function each(all: readonly Entry[]): Entry[] {
  const found = new Map<string, Entry>();
  for (const one of all) {
    const known = found.get(keyOf(one));
    if (known === undefined || isLater(one, known)) found.set(keyOf(one), one);
  }
  const measured = new Set(
    [...found.values()].filter((one) => one.kind === 'unit').map((one) => one.repository.toLowerCase()),
  );
  return [...found.values()]
    .filter(
      (one) => one.kind === 'unit' || one.service !== null || !measured.has(one.repository.toLowerCase()),
    )
    .toSorted((a, b) => byText(keyOf(a), keyOf(b)));
}

function isLater(one: Entry, known: Entry): boolean {
  const difference = one.generatedAt.getTime() - known.generatedAt.getTime();
  // Of two that were made at once either would do, as long as it is the same whichever comes first.
  return difference === 0 ? byText(JSON.stringify(one), JSON.stringify(known)) > 0 : difference > 0;
}

function suspectsOf(units: readonly UnitEntry[]): SuspectTotal[] {
  const totals = new Map<string, SuspectTotal & { seen: Set<UnitEntry> }>();
  for (const unit of units)
    for (const { rule, title, saving } of unit.suspects) {
      const total = totals.get(rule) ?? {
        rule,
        title,
        units: 0,
        saving: { low: 0, high: 0 },
        seen: new Set(),
      };
      totals.set(rule, total);
      total.seen.add(unit);
      total.saving.low += saving.low * unit.deployments;
      total.saving.high += saving.high * unit.deployments;
    }
  return [...totals.values()]
    .map(({ seen, ...total }) => ({ ...total, units: seen.size }))
    .toSorted((a, b) => b.saving.high - a.saving.high || byText(a.rule, b.rule));
}

const listOf = (names: readonly string[]): string =>
  `${names.slice(0, 6).join(', ')}${names.length > 6 ? ` and ${names.length - 6} more` : ''}`;

/** The worst of all. */
export const statusOf = ({ teams }: Rollup): Status =>
  WORST.find((each) => teams[each] > 0) ?? 'insufficient-data';

/** Whether some team has drifted, and `fail-on` names that; auto is none here. */
export function fails({ units }: Rollup, failOn: ReadonlySet<string> | 'auto'): boolean {
  const kinds: ReadonlySet<string> = failOn === 'auto' ? new Set() : failOn;
  return units.some(
    ({ status, confidence }) =>
      status === 'drifted' && (kinds.has('drift') || (kinds.has('sure-drift') && confidence === 'sure')),
  );
}
