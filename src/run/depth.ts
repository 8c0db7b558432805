import { differenceInSeconds } from 'date-fns';
import type { Settings } from '../config/plan.ts';
import { MAX_VALUES } from '../diagnose/change.ts';
import { BUDGET_DAYS } from '../model/terms.ts';
import { SUFFICIENT_CHANGES, isPastTarget } from '../judge/assessment.ts';
import type { Measurement } from '../measure/measure.ts';
import type { Service } from '../model/service.ts';

/** How far back before the window to read. All durations are in seconds. */

const DAY = 86_400;
const WEEK = 7 * DAY;
/** History that the alert's state depends on, and the longer one if deployments are rare. */
const MEMORY = 28 * DAY;
const LONG_MEMORY = 90 * DAY;
/** With this many deployments in the window, they are not rare. */
const FREQUENT = 5;
/** History for the past alerts in the weekly report. */
const RECORD = 26 * WEEK;
/** With this many changes in the window, hardly any earlier window is short of changes and has to be widened. */
const BUSY = 2 * SUFFICIENT_CHANGES;

/** Seconds of history before the window's end that a service needs for each purpose; 0 if none. */
export interface HistoryNeed {
  /** To find when lead time shifted. Taken from what was read already: a quiet week sends no extra request. */
  shift: number;
  /** For the alert's state and the error budget. */
  state: number;
  /** For past alerts and weeks. At least `state`. */
  record: number;
}

/** Whether a run only comments on overdue changes. It runs often, and does not need the state of the alert. */
const isOverdueOnly = ({ mode, comment, issue }: Settings): boolean =>
  mode === 'scheduled' && comment === 'overdue' && issue === 'never';

export function historyNeedOf(
  { target, policy }: Service,
  measurement: Measurement,
  settings: Settings,
): HistoryNeed {
  const { mode, weeks } = settings;
  const lookback = lookbackOf(measurement, settings);
  const shipping = measurement.deployments.filter((deployment) =>
    deployment.mergesets.some((mergeset) => mergeset.leadTimeSeconds !== null),
  );
  const isPast = isPastTarget(measurement.leadTime, target) && !isOverdueOnly(settings);
  const memory = shipping.length >= FREQUENT ? MEMORY : LONG_MEMORY;
  const level = levelNeed(shipping.length, measurement);
  const stateOnly = Math.max(isPast ? memory + lookback : 0, policy.objective ? BUDGET_DAYS * DAY : 0);
  const state = stateOnly > 0 ? Math.max(stateOnly, level) : 0;
  return {
    shift: level,
    state,
    record: Math.max(
      state,
      mode === 'scheduled' && isPast ? RECORD + lookback : 0,
      weeks === null ? 0 : weeks * WEEK + lookback,
    ),
  };
}

/** Time before an instant that its verdict depends on: the window, or the widened one if windows may have few changes. */
export function lookbackOf({ leadTime }: Measurement, { window, widen }: Settings): number {
  const seconds = differenceInSeconds(window.to, window.from);
  return leadTime.count >= BUSY ? seconds : Math.max(seconds, widen);
}

/** Time in which about {@link MAX_VALUES} deployments ship something, at the window's pace; 0 if the window has enough. */
function levelNeed(shipping: number, { window }: Measurement): number {
  const seconds = (window.to.getTime() - window.from.getTime()) / 1000;
  if (shipping === 0 || shipping >= MAX_VALUES) return 0;
  return Math.min(RECORD, Math.ceil((seconds / shipping) * MAX_VALUES * 1.1));
}
