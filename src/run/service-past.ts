import { createHash } from 'node:crypto';
import { differenceInSeconds, max, min, subSeconds } from 'date-fns';
import type { Settings } from '../config/plan.ts';
import type { GitHub } from '../github/client.ts';
import { nothingRemembered } from '../judge/alert.ts';
import type { AlertMemory } from '../model/alert-spell.ts';
import { isPastTarget } from '../judge/look.ts';
import type { Past } from '../judge/signal.ts';
import type { Measurement } from '../measure/measure.ts';
import { timelineOf } from '../measure/timeline.ts';
import type { Gap } from '../model/facts.ts';
import type { Mergeset } from '../model/mergesets.ts';
import type { Service } from '../model/service.ts';
import type { Facts } from '../read/facts-request.ts';
import { lookOf, type Need, needOf } from './depth.ts';
import {
  measured,
  type AttributedService,
  attributeServices,
  type AttributionInput,
} from './attributed-services.ts';
import { readOn } from './widen.ts';

/** What the time before a service's window says, as far as it was worth reading and could be read. */
export interface ServicePast {
  past: Past | null;
  /** Over all of the time that was read. */
  measurement: Measurement | null;
  /** What could not be read of it. */
  gap: Gap | null;
}

export const NO_PAST: ServicePast = { past: null, measurement: null, gap: null };

/** A service and the figures of its window, as far as they decide what is read of the time before. */
export interface Present extends AttributedService {
  measurement: Measurement;
  ridesAlong: ((mergeset: Mergeset) => boolean) | null;
}

/** What earlier runs knew of the alert, by service; asked for where it can spare the time before. */
export type Remember = (baseBranch: string) => Promise<Readonly<Record<string, AlertMemory>>>;

/** So many pages of commits, and of deployments, are read for the state of the alert, and for the record of past ones. */
const PAGES = { state: 7, record: 6 };
/** What lies far below makes a reading longer than its pages: it makes so many requests, and one more for each service. */
const MOST_REQUESTS = 16;
/** What remembers the alert needs so many pages beside for a change of level. */
const PAGES_OF_LEVEL = 1;

/** A beginning that is worth reading back to, and what it purpose. */
interface Attempt {
  from: Date;
  purpose: 'state' | 'record';
  /** Of each service, what is remembered; without it the alert is replayed. */
  remembered: Readonly<Record<string, AlertMemory>>;
}

/**
 * Reads what the state of the alert, the error budget, a change of level and the weeks stand on: all that purpose how it
 * was; and where that cannot be had, what purpose how it is now.
 */
export async function pastOf(
  github: GitHub,
  tellers: AttributionInput,
  facts: Facts,
  present: readonly Present[],
  settings: Settings,
  remember: Remember,
): Promise<Map<Service, ServicePast>> {
  const needs = needsOf(present, settings);
  // Weeks that an option asks for are read as far as they go.
  const most = settings.weeks === null ? MOST_REQUESTS + facts.services.length : Number.POSITIVE_INFINITY;
  let gap: Gap | null = null;
  for (const attempt of await attemptsOf(facts, present, needs, settings, remember)) {
    const seconds = differenceInSeconds(facts.window.to, attempt.from);
    const deeper = await readOn(github, facts, seconds, most);
    if (!('reason' in deeper)) return pastIn(tellers, facts, deeper, present, settings, { ...attempt, gap });
    gap = notRead(attempt.purpose, deeper.reason);
  }
  if (needs.level > 0) {
    const known = await facts.recall(subSeconds(facts.window.to, needs.level));
    const attempt = known && { from: known.window.from, remembered: {}, gap };
    if (attempt) return pastIn(tellers, facts, known, present, settings, attempt);
  }
  return new Map(gap ? present.map(({ service }) => [service, { ...NO_PAST, gap }]) : []);
}

const notRead = (purpose: Attempt['purpose'], reason: string): Gap => ({
  what: `What was before the window could not be read in full. ${reason}`,
  consequence:
    purpose === 'state'
      ? 'Since when it is so, and what changed, is not told.'
      : 'The weeks and alerts before are not told in full.',
  verdictAtRisk: false,
});

/** The most that any of the services needs. */
function needsOf(present: readonly Present[], settings: Settings): Need {
  const window = differenceInSeconds(settings.window.to, settings.window.from);
  const needs = present.map(({ service, measurement }) =>
    needOf(service, measurement, { ...settings, window }),
  );
  const most = (which: keyof Need) => Math.max(0, ...needs.map((need) => need[which]));
  return { level: most('level'), state: most('state'), record: most('record') };
}

/** What is tried, the most telling first. */
async function attemptsOf(
  facts: Facts,
  present: readonly Present[],
  { level, state, record }: Need,
  settings: Settings,
  remember: Remember,
): Promise<Attempt[]> {
  const { to } = facts.window;
  const back = (seconds: number, pages: number) => max([subSeconds(to, seconds), facts.reach(pages)]);
  const stateOnly: Attempt = {
    from: back(state, PAGES.state),
    purpose: 'state',
    remembered: {},
  };
  const attempts: Attempt[] = state > 0 ? [stateOnly] : [];
  if (record > state) {
    const from = settings.weeks === null ? back(record, PAGES.record) : subSeconds(to, record);
    if (from < stateOnly.from || state === 0) attempts.unshift({ from, purpose: 'record', remembered: {} });
  }
  if (attempts.length === 0 || settings.weeks !== null || settings.mode !== 'scheduled') return attempts;
  const known = await remembered(facts, present, settings, remember);
  if (known === null) return attempts;
  const from = min([known.from, back(level, PAGES_OF_LEVEL)]);
  // Of a service on its target the memory is used where nothing more is read for it.
  const usable = known.memories.filter((memory) => memory.goesOnFrom >= from);
  const memories = Object.fromEntries(usable.map(({ name, memory }) => [name, memory]));
  return [{ from, purpose: 'state', remembered: memories }, ...attempts];
}

interface Remembered {
  /** Of the service. */
  name: string;
  memory: AlertMemory;
  /** How far back has to be read to go on from there. */
  goesOnFrom: Date;
}

/**
 * What is remembered, and how far back has to be read to go on from there for every service whose alert may be on.
 * `null`: one of those is not remembered.
 */
async function remembered(
  { repository, window }: Facts,
  present: readonly Present[],
  settings: Settings,
  remember: Remember,
): Promise<{ memories: Remembered[]; from: Date } | null> {
  const isPast = ({ service, measurement }: Present) => isPastTarget(measurement.leadTime, service.target);
  const past = present.filter(isPast);
  if (past.length === 0 || present.some(({ service }) => service.policy.objective)) return null;
  const records = await remember(repository.baseBranch);
  const seconds = differenceInSeconds(settings.window.to, settings.window.from);
  const memoryOf = ({ service, measurement }: Present): Remembered[] => {
    const name = service.service ?? '';
    const memory = records[name];
    if (!memory || memory.settings !== settingsOf(service, settings) || memory.until > window.to.getTime())
      return [];
    const look = lookOf(measurement, { window: seconds, widen: settings.widen });
    return [{ name, memory, goesOnFrom: new Date(memory.until - look * 1000) }];
  };
  const ofPast = past.flatMap(memoryOf);
  if (ofPast.length < past.length) return null;
  const others = present.filter((present) => !isPast(present)).flatMap(memoryOf);
  return { memories: [...ofPast, ...others], from: min(ofPast.map((remembered) => remembered.goesOnFrom)) };
}

/** What an alert was judged by, in a few letters: with anything else it would have been another. */
function settingsOf(
  { target, policy, authors, paths, live, countDirectPushes }: Service,
  { window, widen, freezes }: Settings,
): string {
  const seconds = differenceInSeconds(window.to, window.from);
  const { minSamples } = policy;
  const text = JSON.stringify([
    target,
    minSamples,
    seconds,
    widen,
    authors,
    paths,
    live,
    countDirectPushes,
    freezes.length,
  ]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Each service's past by facts of a longer time. */
async function pastIn(
  tellers: AttributionInput,
  facts: Facts,
  deeper: Facts,
  present: readonly Present[],
  settings: Settings,
  { from: begin, remembered: memories, gap }: Omit<Attempt, 'purpose'> & { gap: Gap | null },
): Promise<Map<Service, ServicePast>> {
  const { window, widen } = settings;
  const seconds = differenceInSeconds(window.to, window.from);
  const from = min([window.from, begin]);
  const past = new Map<Service, ServicePast>();
  for (const attributed of deeper === facts ? present : await attributeServices(tellers, deeper)) {
    const { service } = attributed;
    const own = present.find((present) => present.service === service);
    const look = own ? lookOf(own.measurement, { window: seconds, widen }) : Math.max(seconds, widen);
    const judgedFrom = Math.min(from.getTime() + look * 1000, window.to.getTime());
    const measurement = measured(attributed, tellers, {
      window: { ...window, from },
      ridesAlong: own?.ridesAlong ?? null,
    });
    const memory =
      memories[service.service ?? ''] ?? nothingRemembered(settingsOf(service, settings), judgedFrom);
    past.set(service, {
      past: { timeline: timelineOf(measurement), from: judgedFrom, memory },
      measurement,
      gap,
    });
  }
  return past;
}
