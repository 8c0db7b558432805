import { firstIndex } from '../measure/sorted.ts';
import type { Timeline } from '../measure/timeline.ts';
import type { AlertMemory, AlertSpell, LastingDrift } from '../model/alert-spell.ts';
import { thresholdOf } from '../model/terms.ts';
import {
  type Assessment,
  assessAt,
  isSurelyUnder,
  LASTING_WINDOWS,
  LONG_WAIT,
  reachesBackFrom,
  type Rule,
} from './assessment.ts';

const DAY = 86_400_000;
/** An alert ends if there was no drift for 28 days or 5 deployments, whichever is longer, but at most 90 days. */
const QUIET = 28 * DAY;
const QUIET_DEPLOYMENTS = 5;
const LONGEST_QUIET = 90 * DAY;
/** The number of deployments after an alert that decide whether it was right. */
const CONFIRMING_DEPLOYMENTS = 10;

/**
 * How long there must have been no drift at `at` for the alert to end, in milliseconds.
 *
 * @param recent - when the last deployments before the timeline succeeded, oldest first.
 */
export function quietAt(
  { deployments }: Pick<Timeline, 'deployments'>,
  at: number,
  recent: readonly number[] = [],
): number {
  const times = shippingTimes(deployments, at);
  const first = times[0] ?? at + 1;
  const fifth = [...recent.filter((time) => time < first && time <= at), ...times].at(-QUIET_DEPLOYMENTS);
  return fifth === undefined || at - fifth >= LONGEST_QUIET ? LONGEST_QUIET : Math.max(QUIET, at - fifth);
}

/** When the last five deployments with a change that counts succeeded, up to an instant, oldest first. */
function shippingTimes(deployments: Timeline['deployments'], at: number): number[] {
  const times: number[] = [];
  for (let i = firstIndex(deployments, (deployment) => deployment.at > at) - 1; i >= 0; i--) {
    const deployment = deployments[i];
    if (deployment === undefined || times.length === QUIET_DEPLOYMENTS) break;
    if (deployment.medianSeconds !== null) times.unshift(deployment.at);
  }
  return times;
}

/** What the rule knows between two looks. */
type AlertState = Pick<AlertMemory, 'lastDrift' | 'backSince' | 'drift'>;

/** Continues the state with what is known at an instant. */
function nextState({ lastDrift, backSince, drift }: AlertState, look: Assessment): AlertState {
  const { at, from, verdict } = look;
  const isKnown = verdict.status !== 'insufficient-data';
  const isBack = verdict.status === 'on-target' || isSurelyUnder(look);
  const next = { lastDrift, backSince: isBack ? (backSince ?? at) : isKnown ? null : backSince, drift };
  if (verdict.status === 'drifted') {
    next.lastDrift = at;
    if (drift === null) next.drift = { windows: 1, from, until: at };
    else if (from > drift.until) next.drift = { ...drift, windows: drift.windows + 1, until: at };
  } else if (isKnown && lastDrift !== null && at - lastDrift >= DAY) next.drift = null;
  return next;
}

/** True if a drift has lasted so long that it is sure. */
export const isLasting = (drift: LastingDrift | null): boolean => (drift?.windows ?? 0) >= LASTING_WINDOWS;

/** True if a drift is sure by the evidence of the window or because it lasts. */
const isSure = ({ confidence }: Assessment, { drift }: AlertState): boolean =>
  confidence === 'sure' || (confidence === 'likely' && isLasting(drift));

/**
 * Why an alert ends at a look: lead time is back for a day, or has not been over the limit for long. `null`: it stays on.
 *
 * @param from - start of the time that was judged, in milliseconds.
 * @param quiet - how long there must have been no drift, in milliseconds.
 */
function endAt(
  { at, verdict }: Assessment,
  { backSince, lastDrift }: AlertState,
  from: number,
  quiet: number,
): AlertSpell['left'] {
  const { status } = verdict;
  if (status === 'drifted') return null;
  if (status !== 'insufficient-data' && backSince !== null && at - backSince >= DAY)
    return status === 'on-target' ? 'on-target' : 'under-limit';
  return at - (lastDrift ?? from) > quiet ? 'not-sure' : null;
}

/** Alerts, the last one still on if it has no `leftAt`, and the times in which a drift was sure because it lasted. */
export interface Replayed {
  memory: AlertMemory;
  lasting: [from: number, until: number][];
}

/**
 * Continues from remembered alerts: looks at each later deployment, at each midnight (UTC), at each moment when a change has
 * waited past the limit, and a day after lead time is back. None of these depends on when the guard runs. An alert starts
 * only at a deployment or when a change is late. Goes in steps, because thousands of deployments take seconds.
 *
 * @param timeline - must go back to the start of the window of the first later look.
 * @param until - now, in milliseconds.
 */
export function* replaying(
  timeline: Timeline,
  rule: Rule,
  memory: AlertMemory,
  until: number,
): Generator<void, Replayed> {
  const { deployments } = timeline;
  const limit = thresholdOf(rule.target);
  const spells = memory.spells.map((spell) => ({ ...spell, bearing: { ...spell.bearing } }));
  const lasting: [number, number][] = isLasting(memory.drift) ? [[memory.until, until]] : [];
  const last = spells.at(-1);
  let alert: AlertSpell | null = last?.leftAt === null ? last : null;
  let state: AlertState = memory;
  // Until it is known to have been off, the alert may have been on since before the timeline.
  let { isKnownOff } = memory;
  let isJudged = memory.until >= memory.from;
  const step = (at: number, isNews: boolean) => {
    isJudged = true;
    const look = assessAt(timeline, at, rule);
    const wasLasting = isLasting(state.drift);
    state = nextState(state, look);
    if (!wasLasting && isLasting(state.drift)) lasting.push([at, until]);
    if (wasLasting && !isLasting(state.drift)) lasting.push([lasting.pop()?.[0] ?? at, at - 1]);
    const end = endAt(look, state, memory.from, quietAt(timeline, at, memory.recent));
    isKnownOff ||= end !== null || spells.length > 0;
    if (alert && end !== null) {
      Object.assign(alert, { leftAt: at, left: end });
      alert = null;
    }
    if (alert || !isNews || !isSure(look, state)) return;
    const newest = deployments[firstIndex(deployments, (deployment) => deployment.at > at) - 1];
    alert = {
      enteredAt: at,
      deployment: newest?.id ?? null,
      by: look.sureBy ?? 'lasting',
      votes: look.votes,
      chance: look.chance,
      isCertain: isKnownOff,
      leftAt: null,
      left: null,
      borneOut: null,
      bearing: { over: 0, under: 0 },
    };
    spells.push(alert);
  };
  let looked = memory.until;
  /** Looks between two deployments, up to an instant. */
  const lookUntil = (end: number) => {
    const late = lateMoments(timeline, limit, looked, end);
    for (let i = 0; ; ) {
      while ((late[i] ?? end) <= looked && i < late.length) i += 1;
      const midnight = (Math.floor(looked / DAY) + 1) * DAY;
      // While the alert is on, a change that is late changes nothing.
      const moments = [midnight, alert ? undefined : late[i], (state.backSince ?? 0) + DAY];
      looked = Math.min(...moments.map((moment = 0) => (moment > looked ? moment : midnight)));
      if (looked > end) return;
      // A drift without news, because earlier changes leave the window, starts no alert: it may be a freeze.
      if (reachesBackFrom(timeline, looked, rule)) step(looked, looked === late[i]);
    }
  };
  for (const { at, medianSeconds } of deployments.slice(
    firstIndex(deployments, (deployment) => deployment.at > memory.until),
    firstIndex(deployments, (deployment) => deployment.at > until),
  )) {
    lookUntil(at - 1);
    looked = at;
    yield;
    if (medianSeconds !== null) for (const spell of spells) confirm(spell, at, medianSeconds > limit);
    if (reachesBackFrom(timeline, at, rule)) step(at, true);
  }
  lookUntil(until);
  // If the time that was read holds no other look, now is the only one.
  if (!isJudged) step(until, true);
  return {
    memory: {
      ...memory,
      ...state,
      until,
      isKnownOff,
      spells,
      recent: [
        ...memory.recent.filter((time) => time <= memory.until),
        ...shippingTimes(deployments, until).filter(
          (time) => memory.recent.length === 0 || time > memory.until,
        ),
      ].slice(-QUIET_DEPLOYMENTS),
    },
    lasting,
  };
}

/**
 * The moments in which a waiting change goes past the limit, or past a long wait, after one instant and up to another, in
 * milliseconds.
 */
function lateMoments({ changes }: Timeline, limit: number, after: number, until: number): number[] {
  return [limit, LONG_WAIT * limit]
    .flatMap((seconds) => {
      const wait = (Math.floor(seconds) + 1) * 1000;
      return changes
        .slice(
          firstIndex(changes, ({ mergedAt }) => mergedAt + wait > after),
          firstIndex(changes, ({ mergedAt }) => mergedAt + wait > until),
        )
        .filter(({ mergedAt, liveAt }) => liveAt === null || liveAt > mergedAt + wait)
        .map(({ mergedAt }) => mergedAt + wait);
    })
    .sort((a, b) => a - b);
}

/** An empty memory that starts at `from`, in milliseconds. */
export const emptyMemory = (settings: string, from: number): AlertMemory => ({
  settings,
  from,
  until: from - 1,
  isKnownOff: false,
  spells: [],
  lastDrift: null,
  backSince: null,
  drift: null,
  recent: [],
});

/** Counts one more deployment for or against an alert, and decides whether it was right as soon as that is settled. */
function confirm(spell: AlertSpell, at: number, isOver: boolean): void {
  if (spell.borneOut !== null || at <= spell.enteredAt) return;
  if (isOver) spell.bearing.over += 1;
  else spell.bearing.under += 1;
  if (spell.bearing.over > CONFIRMING_DEPLOYMENTS / 2) spell.borneOut = true;
  else if (spell.bearing.under >= CONFIRMING_DEPLOYMENTS / 2) spell.borneOut = false;
}
