import { differenceInSeconds, max, min, subSeconds } from 'date-fns';
import type { Settings } from '../config/units.ts';
import { LOOKED_AT } from '../diagnose/change.ts';
import type { GitHub } from '../github/client.ts';
import { Unreadable } from '../github/errors.ts';
import { BUDGET_DAYS } from '../judge/budget.ts';
import { ENOUGH, isPastTarget, type Rule, sampleAt } from '../judge/look.ts';
import type { Past } from '../judge/signal.ts';
import type { Measurement } from '../measure/measure.ts';
import { timelineOf } from '../measure/timeline.ts';
import type { Gap } from '../model/facts.ts';
import { GuardError } from '../model/guard-error.ts';
import type { Mergeset } from '../model/mergesets.ts';
import type { Mode } from '../model/terms.ts';
import type { Unit } from '../model/unit.ts';
import type { Facts } from '../read/read.ts';
import { measured, type Story, storiesOf, type Tellers } from './story.ts';

/**
 * How far back before the window it is worth reading, and the reading of it. What is read here only adds to the answer:
 * where it cannot be had, the answer stands as it is, and says what it lacks.
 */

const DAY = 86_400;
const WEEK = 7 * DAY;
/** So far back the alert's state is told by what was sure then, in seconds; where deployments are rare, so far. */
const MEMORY = 28 * DAY;
const LONG_MEMORY = 90 * DAY;
/** Where that many deployments are in the window they are not rare. */
const FREQUENT = 5;
/** The guard's own record, in the weekly story. */
const RECORD = 26 * WEEK;
/** So many pages of commits, and of deployments, are read for the state of the alert, and for the record of past ones. */
const PAGES = { state: 7, record: 6 };
/** Of the requests that are left, what is read beside the answer may make so large a share. */
const SHARE = 0.5;

/** What a service's story needs of the time before, in seconds before the window's end; zero: nothing. */
export interface Need {
  /** What a change of level is told by. It is only recalled: on a quiet week nothing more is asked for. */
  level: number;
  /** What the state of the alert and the budget are told by. */
  state: number;
  /** What the record and the weeks are told by: as much, or more. */
  record: number;
}

export interface Wanted {
  mode: Mode;
  /** Seconds. */
  window: number;
  widen: number;
  weeks: number | null;
}

/** What one service needs. */
export function needOf(
  { target, policy }: Unit,
  measurement: Measurement,
  { mode, window, widen, weeks }: Wanted,
): Need {
  const before = lookOf(measurement, { window, widen });
  const shipping = measurement.deployments.filter((each) =>
    each.mergesets.some((one) => one.leadTimeSeconds !== null),
  );
  const isPast = isPastTarget(measurement.leadTime, target);
  const memory = shipping.length >= FREQUENT ? MEMORY : LONG_MEMORY;
  const level = lookedAt(shipping.length, measurement);
  const asked = Math.max(isPast ? memory + before : 0, policy.objective ? BUDGET_DAYS * DAY : 0);
  const state = asked > 0 ? Math.max(asked, level) : 0;
  return {
    level,
    state,
    record: Math.max(
      state,
      mode === 'scheduled' && isPast ? RECORD + before : 0,
      weeks === null ? 0 : weeks * WEEK + before,
    ),
  };
}

/** Where a window holds so many changes, hardly any holds so few that it is widened. */
const BUSY = 3 * ENOUGH;

/** What was known at an instant takes the time before it: a window, or a widened one where a window may hold few changes. */
const lookOf = ({ leadTime }: Measurement, { window, widen }: Pick<Wanted, 'window' | 'widen'>): number =>
  leadTime.count >= BUSY ? window : Math.max(window, widen);

/** How far back about so many deployments go as a change of level is looked for among, at the window's own pace. */
function lookedAt(shipping: number, { window }: Measurement): number {
  const seconds = (window.to.getTime() - window.from.getTime()) / 1000;
  if (shipping === 0 || shipping >= LOOKED_AT) return 0;
  return Math.min(RECORD, Math.ceil((seconds / shipping) * LOOKED_AT * 1.1));
}

/** Facts of a longer time, or why there are none. */
type Deeper = Facts | { reason: string };

/** Reads on, to an instant before the window, within a share of the requests that are left. */
async function readOn(github: GitHub, facts: Facts, seconds: number): Promise<Deeper> {
  const from = subSeconds(facts.window.to, seconds);
  if (from >= facts.window.from) return facts;
  try {
    const deeper = await github.within(SHARE, () => facts.deepen(from));
    const lack = newRisk(facts, deeper);
    return lack === null ? deeper : { reason: lack };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { reason: error.message };
  }
}

/** What is lacking of the longer time that was not of the shorter one, where it could change a verdict. */
function newRisk(facts: Facts, deeper: Facts): string | null {
  const gapsOf = ({ repository, services }: Facts) =>
    [
      ...repository.gaps,
      ...services.flatMap((service) => (service instanceof GuardError ? [] : service.gaps)),
    ].filter((gap) => gap.verdictAtRisk);
  const known = new Set(gapsOf(facts).map((gap) => gap.what));
  return gapsOf(deeper).find((gap) => !known.has(gap.what))?.what ?? null;
}

/**
 * Where a window holds too few changes, it is widened backwards to the last ten of those that the longer one holds; that
 * of each service by itself. Where that cannot be read, the window stays as it was asked for, and that is said.
 */
export async function widened(
  github: GitHub,
  tellers: Tellers,
  asked: Facts,
  { widen, window }: Pick<Settings, 'widen' | 'window'>,
): Promise<{ facts: Facts; stories: Story[]; gap: Gap | null }> {
  const stories = await storiesOf(tellers, asked);
  const isThin = (story: Story) => measured(story, tellers).leadTime.count < ENOUGH;
  if (widen <= differenceInSeconds(window.to, window.from) || !stories.some(isThin))
    return { facts: asked, stories, gap: null };
  const deeper = await readOn(github, asked, widen);
  if ('reason' in deeper)
    return {
      facts: asked,
      stories,
      gap: {
        what: `The window holds fewer than ${ENOUGH} changes, and what was merged before it could not be read. ${deeper.reason}`,
        consequence: 'It is not widened, and the verdict stands on fewer changes.',
        verdictAtRisk: false,
      },
    };
  const wide = await storiesOf(tellers, deeper);
  return {
    facts: { ...deeper, window: asked.window },
    gap: null,
    stories: wide.map((story) => {
      const longest = { ...window, from: subSeconds(window.to, widen) };
      const { from } = sampleAt(
        timelineOf(measured(story, tellers, { window: longest })),
        window.to.getTime(),
        ruleOf(story.service, { widen, window }),
      );
      return { ...story, window: { ...window, from: min([window.from, new Date(from)]) } };
    }),
  };
}

/** What a service is held to at any instant. */
export const ruleOf = (
  { target, policy }: Unit,
  { widen, window }: Pick<Settings, 'widen' | 'window'>,
): Rule => ({
  target,
  minSamples: policy.minSamples,
  window: differenceInSeconds(window.to, window.from),
  widen,
});

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
export interface Present extends Story {
  measurement: Measurement;
  ridesAlong: ((mergeset: Mergeset) => boolean) | null;
}

/**
 * Reads what the state of the alert, the error budget, a change of level and the weeks stand on: all that tells how it
 * was; and where that cannot be had, what tells how it is now.
 */
export async function pastOf(
  github: GitHub,
  tellers: Tellers,
  facts: Facts,
  present: readonly Present[],
  settings: Settings,
): Promise<Map<Unit, ServicePast>> {
  const { window, widen } = settings;
  const seconds = differenceInSeconds(window.to, window.from);
  const needs = present.map(({ service, measurement }) =>
    needOf(service, measurement, { ...settings, window: seconds }),
  );
  const most = (which: keyof Need) => Math.max(0, ...needs.map((need) => need[which]));
  const told = async (deeper: Facts, begin: Date, gap: Gap | null) => {
    const from = min([window.from, begin]);
    const looks = present.map(({ measurement }) => lookOf(measurement, { window: seconds, widen }));
    const judgedFrom = Math.min(from.getTime() + Math.max(...looks) * 1000, window.to.getTime());
    const past = new Map<Unit, ServicePast>();
    for (const story of deeper === facts ? present : await storiesOf(tellers, deeper)) {
      const ridesAlong = present.find(({ service }) => service === story.service)?.ridesAlong ?? null;
      const measurement = measured(story, tellers, { window: { ...window, from }, ridesAlong });
      past.set(story.service, {
        past: { timeline: timelineOf(measurement), from: judgedFrom },
        measurement,
        gap,
      });
    }
    return past;
  };
  let gap: Gap | null = null;
  for (const which of ['record', 'state'] as const) {
    const need = most(which);
    if (need === 0 || (which === 'record' && need <= most('state'))) continue;
    const wanted = subSeconds(window.to, need);
    const isAsked = which === 'record' && settings.weeks !== null;
    const from = isAsked ? wanted : max([wanted, facts.reach(PAGES[which])]);
    if (which === 'record' && from > subSeconds(window.to, most('state'))) continue;
    const deeper = await readOn(github, facts, differenceInSeconds(window.to, from));
    if (!('reason' in deeper)) return told(deeper, from, gap);
    gap = notRead(which, deeper.reason);
  }
  if (most('level') > 0) {
    const known = await facts.recall(subSeconds(window.to, most('level')));
    if (known) return told(known, known.window.from, gap);
  }
  return new Map(gap ? present.map(({ service }) => [service, { ...NO_PAST, gap }]) : []);
}

const notRead = (which: keyof Need, reason: string): Gap => ({
  what: `What was before the window could not be read in full. ${reason}`,
  consequence:
    which === 'state'
      ? 'Since when it is so, and what changed, is not told.'
      : 'The weeks and alerts before are not told in full.',
  verdictAtRisk: false,
});
