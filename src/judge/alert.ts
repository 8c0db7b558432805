import { firstIndex, type Timeline } from '../measure/timeline.ts';
import { isSurelyUnder, type Look, lookAt, type Rule, type Votes } from './look.ts';

/**
 * The alert: on from the first sure drift, and off again when lead time is back. It is kept nowhere: its state is what
 * the rule would have made of each deployment before, as it was known then.
 */
export interface Alert {
  /** Milliseconds. */
  enteredAt: number;
  /** The newest deployment at that moment; `null`: there was none. */
  deployment: number | string | null;
  /** What made it sure. */
  votes: Votes;
  chance: number;
  /** When it was sure last. */
  lastSure: number;
  /** Whether it began there: otherwise it may have been on before what was read. */
  isCertain: boolean;
}

/** An alert of the past, or the one that is on. */
export interface AlertSpell extends Alert {
  leftAt: number | null;
  /** Why it was left: back at the target; surely under the limit; or not sure for too long. `null`: it is on. */
  left: 'on-target' | 'under-limit' | 'not-sure' | null;
  /** Whether most of the next ten deployments were past the limit; `null`: that is open yet. */
  borneOut: boolean | null;
}

const DAY = 86_400_000;
/** It is left when nothing was sure for so long, */
const QUIET = 28 * DAY;
/** or for so many deployments, if that is longer, */
const QUIET_DEPLOYMENTS = 5;
/** and after this at the latest. */
export const LONGEST_QUIET = 90 * DAY;
/** So many deployments bear an alert out, or do not. */
const BEARING = 10;

/** How long nothing has to be sure at `at` until the alert is left, in milliseconds. */
export function quietAt({ deployments }: Pick<Timeline, 'deployments'>, at: number): number {
  let left = QUIET_DEPLOYMENTS;
  for (let i = firstIndex(deployments, (each) => each.at > at) - 1; i >= 0; i--) {
    const each = deployments[i];
    if (each === undefined || at - each.at >= LONGEST_QUIET) break;
    if (each.medianSeconds !== null && --left === 0) return Math.max(QUIET, at - each.at);
  }
  // Fewer than that are known: no shorter time has seen five.
  return LONGEST_QUIET;
}

/**
 * What a look makes of the alert.
 *
 * @param quiet - how long nothing has to be sure until it is left, in milliseconds.
 */
export function nextAlert(
  alert: Alert | null,
  look: Look,
  { deployment, quiet, isCertain }: { deployment: Alert['deployment']; quiet: number; isCertain: boolean },
): { alert: Alert | null; left: AlertSpell['left'] } {
  const { at, votes, chance, confidence, verdict } = look;
  if (confidence === 'sure')
    return {
      alert: alert
        ? { ...alert, lastSure: at }
        : { enteredAt: at, deployment, votes, chance, lastSure: at, isCertain },
      left: null,
    };
  if (alert === null) return { alert, left: null };
  if (verdict.status === 'on-target') return { alert: null, left: 'on-target' };
  if (isSurelyUnder(look)) return { alert: null, left: 'under-limit' };
  if (at - alert.lastSure > quiet) return { alert: null, left: 'not-sure' };
  return { alert, left: null };
}

/**
 * Replays the rule over the deployments of a timeline and once more at its end.
 *
 * @param from - the first instant at which what was known then can be told, in milliseconds.
 * @param until - the end: now.
 * @returns the alerts, oldest first; the last of them is on where it was not left.
 */
export function replay(timeline: Timeline, rule: Rule, from: number, until: number): AlertSpell[] {
  const { deployments } = timeline;
  const spells: AlertSpell[] = [];
  let alert: Alert | null = null;
  // Before anything says so it may have been on from before what is known.
  let isKnownOff = false;
  const step = (at: number, deployment: Alert['deployment']) => {
    const look = lookAt(timeline, at, rule);
    const quiet = quietAt(timeline, at);
    isKnownOff ||=
      look.verdict.status === 'on-target' || isSurelyUnder(look) || spells.length > 0 || at - from > quiet;
    const begins = alert === null && look.confidence === 'sure';
    const next = nextAlert(alert, look, { deployment, quiet, isCertain: isKnownOff });
    if (begins && next.alert)
      spells.push({
        ...next.alert,
        leftAt: null,
        left: null,
        borneOut: borneOut(timeline, at, until, rule),
      });
    const last = spells.at(-1);
    if (last && next.alert) last.lastSure = next.alert.lastSure;
    if (last && alert && !next.alert) Object.assign(last, { leftAt: at, left: next.left });
    alert = next.alert;
  };
  for (let i = firstIndex(deployments, (each) => each.at >= from); i < deployments.length; i++) {
    const { id, at } = deployments[i] as Timeline['deployments'][number];
    if (at > until) break;
    step(at, id);
  }
  const newest = deployments[firstIndex(deployments, (each) => each.at > until) - 1];
  if (newest?.at !== until) step(until, newest?.id ?? null);
  return spells;
}

/** Whether most of the next ten deployments were past the limit: as soon as they cannot be otherwise. */
function borneOut(
  { deployments }: Timeline,
  at: number,
  until: number,
  { target }: Rule,
): AlertSpell['borneOut'] {
  const limit = target.seconds * (1 + target.tolerance);
  let [over, under] = [0, 0];
  for (let i = firstIndex(deployments, (each) => each.at > at); i < deployments.length; i++) {
    const { at: succeededAt, medianSeconds } = deployments[i] as Timeline['deployments'][number];
    if (succeededAt > until || over + under === BEARING) break;
    if (medianSeconds === null) continue;
    if (medianSeconds > limit) over += 1;
    else under += 1;
  }
  if (over > BEARING / 2) return true;
  return under >= BEARING / 2 ? false : null;
}
