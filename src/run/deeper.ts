import { subSeconds } from 'date-fns';
import { Unreadable } from '../github/errors.ts';
import type { GitHub } from '../github/client.ts';
import { BUDGET_DAYS } from '../judge/budget.ts';
import { isPastTarget } from '../judge/look.ts';
import { LOOKED_AT } from '../diagnose/change.ts';
import type { Measurement } from '../measure/measure.ts';
import { GuardError } from '../model/guard-error.ts';
import type { Mode } from '../model/terms.ts';
import type { Unit } from '../model/unit.ts';
import type { Collected } from './collect.ts';

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
/** Of the requests that are left, what is read beside the answer may make so large a share. */
const SHARE = 0.5;

/** What a unit's story needs of the time before, in seconds before the window's end. */
export interface Need {
  /** What the state of the alert, the budget and a change of level are told by. */
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

/** What one unit needs; zero: nothing. */
export function needOf(
  { target, policy }: Unit,
  measurement: Measurement,
  { mode, window, widen, weeks }: Wanted,
): Need {
  // What was known at an instant takes the window before it.
  const before = Math.max(window, widen);
  const shipping = measurement.deployments.filter((each) =>
    each.mergesets.some((one) => one.leadTimeSeconds !== null),
  );
  const isPast = isPastTarget(measurement.leadTime, target);
  const memory = shipping.length >= FREQUENT ? MEMORY : LONG_MEMORY;
  const state = Math.max(
    isPast ? memory + before : 0,
    policy.objective ? BUDGET_DAYS * DAY : 0,
    lookedAt(shipping.length, measurement),
  );
  return {
    state,
    record: Math.max(
      state,
      mode === 'scheduled' && isPast ? RECORD + before : 0,
      weeks === null ? 0 : weeks * WEEK + before,
    ),
  };
}

/** How far back about so many deployments go as a change of level is looked for among, at the window's own pace. */
function lookedAt(shipping: number, { window }: Measurement): number {
  const seconds = (window.to.getTime() - window.from.getTime()) / 1000;
  if (shipping === 0 || shipping >= LOOKED_AT) return 0;
  return Math.min(RECORD, Math.ceil((seconds / shipping) * LOOKED_AT * 1.1));
}

/** Facts of a longer time, or why there are none. */
export type Deeper = Collected | { reason: string };

/**
 * Reads on, to an instant before the window, within a share of the requests that are left.
 *
 */
export async function readOn(github: GitHub, facts: Collected, seconds: number): Promise<Deeper> {
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
function newRisk(facts: Collected, deeper: Collected): string | null {
  const gapsOf = ({ repository, units }: Collected) =>
    [...repository.gaps, ...units.flatMap((each) => (each instanceof GuardError ? [] : each.gaps))].filter(
      (each) => each.verdictAtRisk,
    );
  const known = new Set(gapsOf(facts).map((each) => each.what));
  return gapsOf(deeper).find((each) => !known.has(each.what))?.what ?? null;
}
