import { setImmediate as nextTurn } from 'node:timers/promises';
import { differenceInSeconds, max, min, subSeconds } from 'date-fns';
import type { Settings } from '../config/plan.ts';
import type { GitHub } from '../github/client.ts';
import { emptyMemory } from '../judge/alert.ts';
import type { AlertMemory } from '../model/alert-spell.ts';
import { isPastTarget } from '../judge/assessment.ts';
import type { Past } from '../judge/signal.ts';
import type { Measurement } from '../measure/measure.ts';
import { observationsOf } from '../measure/measured.ts';
import { timelineOf } from '../measure/timeline.ts';
import type { Gap } from '../model/facts.ts';
import type { Mergeset } from '../model/mergesets.ts';
import type { Service } from '../model/service.ts';
import type { Facts } from '../read/facts-request.ts';
import { type HistoryNeed, historyNeedOf, lookbackOf } from './depth.ts';
import {
  measured,
  type AttributedService,
  attributeServices,
  type AttributionInput,
} from './attributed-services.ts';
import type { LongestPeriod, RecordState } from './reporting/judged.ts';
import { hashOf } from './settings-hash.ts';
import { readFurtherBack } from './widen.ts';

/** The history of a service before its window, if it was needed and could be read. */
export interface ServicePast {
  past: Past | null;
  longest: LongestPeriod | null;
  /** The part of the history that could not be read. */
  gap: Gap | null;
}

export const NO_PAST: ServicePast = { past: null, longest: null, gap: null };

/** Keeps only this of a measurement, because two of them take twice the memory. */
export const longestOf = ({ window, mergesets, attribution }: Measurement): LongestPeriod => ({
  window,
  observations: observationsOf(mergesets),
  firstMerge: mergesets[0]?.mergedAt ?? window.from,
  shipments: attribution.shipments,
});

/** A service with the figures of its window. */
export interface MeasuredService extends AttributedService, RecordState {
  measurement: Measurement;
  deploysNothing: ((mergeset: Mergeset) => boolean) | null;
}

/** Alert states by service, as an earlier run saved them. Called only if they can replace reading the history. */
export type Remember = (baseBranch: string) => Promise<Readonly<Record<string, AlertMemory>>>;

/** Pages of commits and of deployments to read for each purpose. */
const PAGES = { state: 7, record: 6, level: 1 };
/** Bound on the requests for history, plus one for each service. A reading can take more requests than its pages. */
const MAX_REQUESTS = 16;

/** Seconds after which the alert of an issue that nothing updated does not count while lead time is at the target. */
const ISSUE_AGE = 35 * 86_400;

/** A time to read history from, and its purpose. */
interface Attempt {
  from: Date;
  purpose: 'state' | 'record';
  /** Saved alert states by service. The alert of any other service is replayed from history. */
  memories: Readonly<Record<string, AlertMemory>>;
}

/**
 * Reads the history that the alert's state, the error budget, a shift in lead time, past alerts and weeks depend on. If
 * all of it cannot be read, reads what the present state depends on.
 */
export async function pastOf(
  github: GitHub,
  input: AttributionInput,
  facts: Facts,
  services: readonly MeasuredService[],
  settings: Settings,
  remember: Remember,
): Promise<Map<Service, ServicePast>> {
  // An alert that is replayed without some changes or deployments would be saved for the next run.
  const isPartial = () => facts.repo.withheld().length > 0;
  if (isPartial()) return new Map();
  const need = needOf(services, settings);
  // Requested weeks are read without a bound.
  const maxRequests =
    settings.weeks === null ? MAX_REQUESTS + facts.services.length : Number.POSITIVE_INFINITY;
  let gap: Gap | null = null;
  for (const attempt of await attemptsOf(facts, services, need, settings, remember)) {
    const seconds = differenceInSeconds(facts.window.to, attempt.from);
    const longer = await readFurtherBack(github, facts, seconds, maxRequests);
    if (!('reason' in longer)) return pastIn(input, facts, longer, services, settings, { ...attempt, gap });
    gap = notRead(attempt.purpose, longer.reason);
  }
  if (need.shift > 0 && !isPartial()) {
    const known = await facts.fromMemory(subSeconds(facts.window.to, need.shift));
    const attempt = known && { from: known.window.from, memories: {}, gap };
    if (attempt) return pastIn(input, facts, known, services, settings, attempt);
  }
  return new Map(gap ? services.map(({ service }) => [service, { ...NO_PAST, gap }]) : []);
}

const notRead = (purpose: Attempt['purpose'], reason: string): Gap => ({
  what: `The time before the window could not be read in full. ${reason}`,
  consequence:
    purpose === 'state'
      ? 'The report does not say when the alert began or what changed.'
      : 'Past weeks and alerts are reported only in part.',
  verdictAtRisk: false,
});

/** The longest need of any service. */
function needOf(services: readonly MeasuredService[], settings: Settings): HistoryNeed {
  const needs = services.map(({ service, measurement }) => historyNeedOf(service, measurement, settings));
  const longest = (purpose: keyof HistoryNeed) => Math.max(0, ...needs.map((need) => need[purpose]));
  return { shift: longest('shift'), state: longest('state'), record: longest('record') };
}

/** The attempts to make until one succeeds. */
async function attemptsOf(
  facts: Facts,
  services: readonly MeasuredService[],
  { shift, state, record }: HistoryNeed,
  settings: Settings,
  remember: Remember,
): Promise<Attempt[]> {
  const { to } = facts.window;
  const fromFor = (seconds: number, pages: number) => max([subSeconds(to, seconds), facts.reach(pages)]);
  const stateOnly: Attempt = { from: fromFor(state, PAGES.state), purpose: 'state', memories: {} };
  const attempts: Attempt[] = state > 0 ? [stateOnly] : [];
  if (record > state) {
    const from = settings.weeks === null ? fromFor(record, PAGES.record) : subSeconds(to, record);
    if (from < stateOnly.from || state === 0) attempts.unshift({ from, purpose: 'record', memories: {} });
  }
  if (settings.weeks !== null || settings.mode !== 'scheduled') return attempts;
  const saved = await savedAlerts(facts, services, settings, remember);
  if (saved === null) return attempts;
  const from = min([saved.from, fromFor(shift, PAGES.level)]);
  // For services on target, no more history is read just to use their saved state.
  const usable = saved.alerts.filter((alert) => alert.resumesFrom >= from);
  const memories = Object.fromEntries(usable.map(({ name, memory }) => [name, memory]));
  return [{ from, purpose: 'state', memories }, ...attempts];
}

interface SavedAlert {
  /** The service's name; empty if it has none. */
  name: string;
  memory: AlertMemory;
  /** Start of the history that continuing from the saved state takes. */
  resumesFrom: Date;
}

/**
 * Saved alert states, and the start of the history that continuing from them takes for every service that is past its target
 * or has an alert. `null` if there is no such service, or if the state of one is not saved.
 */
async function savedAlerts(
  { repository, window }: Facts,
  services: readonly MeasuredService[],
  settings: Settings,
  remember: Remember,
): Promise<{ alerts: SavedAlert[]; from: Date } | null> {
  if (services.some(({ service }) => service.policy.objective)) return null;
  const memories = await remember(repository.baseBranch);
  const alerts: SavedAlert[] = [];
  const starts: Date[] = [];
  for (const { service, measurement } of services) {
    const name = service.service ?? '';
    const memory = memories[name];
    const isUsable =
      memory?.settings === settingsHash(service, settings) && memory.until <= window.to.getTime();
    const isPast = isPastTarget(measurement.leadTime, service.target);
    if (!memory || !isUsable) {
      if (isPast) return null;
      continue;
    }
    const lookback = lookbackOf(measurement, settings);
    const resumesFrom = new Date(memory.until - lookback * 1000);
    alerts.push({ name, memory, resumesFrom });
    // An alert of a closed issue is never continued, so an old one does not count.
    const isOn =
      memory.spells.at(-1)?.leftAt === null && memory.until >= window.to.getTime() - ISSUE_AGE * 1000;
    if (isPast || isOn) starts.push(resumesFrom);
  }
  return starts.length === 0 ? null : { alerts, from: min(starts) };
}

/** A hash of the settings that an alert depends on. A saved state is used only with the same settings. */
function settingsHash(
  { target, policy: { minSamples }, authors, paths, live, countDirectPushes }: Service,
  { window, widen, freezes }: Settings,
): string {
  const seconds = differenceInSeconds(window.to, window.from);
  const rule = [target, minSamples, seconds, widen];
  return hashOf([...rule, authors, paths, live, countDirectPushes, freezes.length]);
}

async function pastIn(
  input: AttributionInput,
  facts: Facts,
  longer: Facts,
  services: readonly MeasuredService[],
  settings: Settings,
  { from: start, memories, gap }: Omit<Attempt, 'purpose'> & { gap: Gap | null },
): Promise<Map<Service, ServicePast>> {
  const { window } = settings;
  const from = min([window.from, start]);
  const past = new Map<Service, ServicePast>();
  for (const attributed of longer === facts ? services : await attributeServices(input, longer)) {
    const { service } = attributed;
    await nextTurn();
    const inWindow = services.find((measuredService) => measuredService.service === service);
    if (!inWindow) continue;
    const lookback = lookbackOf(inWindow.measurement, settings);
    const judgedFrom = Math.min(from.getTime() + lookback * 1000, window.to.getTime());
    const measurement = measured(attributed, input, {
      window: { ...window, from },
      deploysNothing: inWindow.deploysNothing,
    });
    const memory =
      memories[service.service ?? ''] ?? emptyMemory(settingsHash(service, settings), judgedFrom);
    past.set(service, {
      past: { timeline: timelineOf(measurement), from: judgedFrom, memory },
      longest: longestOf(measurement),
      gap,
    });
  }
  return past;
}
