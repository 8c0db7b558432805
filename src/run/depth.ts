import { LOOKED_AT } from '../diagnose/change.ts';
import { BUDGET_DAYS } from '../model/terms.ts';
import { ENOUGH, isPastTarget } from '../judge/look.ts';
import type { Measurement } from '../measure/measure.ts';
import type { Mode } from '../model/terms.ts';
import type { Service } from '../model/service.ts';

/** How far back before the window it is worth reading. */

const DAY = 86_400;
const WEEK = 7 * DAY;
/** So far back the alert's state is told by what was sure then, in seconds; where deployments are rare, so far. */
const MEMORY = 28 * DAY;
const LONG_MEMORY = 90 * DAY;
/** Where that many deployments are in the window they are not rare. */
const FREQUENT = 5;
/** The guard's own record, in the weekly story. */
const RECORD = 26 * WEEK;

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
  { target, policy }: Service,
  measurement: Measurement,
  { mode, window, widen, weeks }: Wanted,
): Need {
  const before = lookOf(measurement, { window, widen });
  const shipping = measurement.deployments.filter((deployment) =>
    deployment.mergesets.some((mergeset) => mergeset.leadTimeSeconds !== null),
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
const BUSY = 2 * ENOUGH;

/** What was known at an instant takes the time before it: a window, or a widened one where a window may hold few changes. */
export const lookOf = (
  { leadTime }: Measurement,
  { window, widen }: Pick<Wanted, 'window' | 'widen'>,
): number => (leadTime.count >= BUSY ? window : Math.max(window, widen));

/** How far back about so many deployments go as a change of level is looked for among, at the window's own pace. */
function lookedAt(shipping: number, { window }: Measurement): number {
  const seconds = (window.to.getTime() - window.from.getTime()) / 1000;
  if (shipping === 0 || shipping >= LOOKED_AT) return 0;
  return Math.min(RECORD, Math.ceil((seconds / shipping) * LOOKED_AT * 1.1));
}
