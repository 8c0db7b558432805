import { firstIndex, type Timeline } from '../measure/timeline.ts';
import type { Alert, AlertMemory, AlertSpell } from '../model/alert-spell.ts';
import { isSurelyUnder, type Assessment, assessAt, reachesBackFrom, type Rule } from './assessment.ts';

const DAY = 86_400_000;
/** An alert ends if no drift was sure for 28 days or 5 deployments, whichever is longer, but at most 90 days. */
const QUIET = 28 * DAY;
const QUIET_DEPLOYMENTS = 5;
const LONGEST_QUIET = 90 * DAY;
/** The number of deployments after an alert that decide whether it was right. */
const CONFIRMING_DEPLOYMENTS = 10;

/**
 * How long no drift must have been sure at `at` for the alert to end, in milliseconds.
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

/**
 * Starts, keeps or ends the alert, given what is known at an instant. `left` is why it ended.
 *
 * @param quiet - how long no drift must have been sure for the alert to end, in milliseconds.
 */
export function nextAlert(
  alert: Alert | null,
  look: Assessment,
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
 * Applies the rule after each deployment of a timeline, and once more at its end.
 *
 * @param from - the earliest instant for which the timeline goes back far enough, in milliseconds.
 * @param until - now, in milliseconds.
 * @returns the alerts, oldest first. The last one is still on if it has no `leftAt`.
 */
export const replay = (timeline: Timeline, rule: Rule, from: number, until: number): AlertSpell[] => [
  ...replayFrom(timeline, rule, emptyMemory('', from), until).spells,
];

/**
 * Continues from remembered alerts: applies the rule after each later deployment, and once more at the end.
 *
 * @param timeline - must go back to the start of the window of the first later deployment.
 */
export function replayFrom(timeline: Timeline, rule: Rule, memory: AlertMemory, until: number): AlertMemory {
  const { deployments } = timeline;
  const limit = rule.target.seconds * (1 + rule.target.tolerance);
  const spells = memory.spells.map((spell) => ({ ...spell, bearing: { ...spell.bearing } }));
  const last = spells.at(-1);
  let alert: Alert | null = last && last.leftAt === null ? last : null;
  // Until it is known to have been off, the alert may have been on since before the timeline.
  let { isKnownOff } = memory;
  const step = (at: number, deployment: Alert['deployment']) => {
    const look = assessAt(timeline, at, rule);
    const quiet = quietAt(timeline, at, memory.recent);
    isKnownOff ||=
      look.verdict.status === 'on-target' ||
      isSurelyUnder(look) ||
      spells.length > 0 ||
      at - memory.from > quiet;
    const next = nextAlert(alert, look, { deployment, quiet, isCertain: isKnownOff });
    if (alert === null && next.alert) {
      const bearing = { over: 0, under: 0 };
      spells.push({ ...next.alert, leftAt: null, left: null, borneOut: null, bearing });
    }
    const newest = spells.at(-1);
    if (newest && next.alert) newest.lastSure = next.alert.lastSure;
    if (newest && alert && !next.alert) Object.assign(newest, { leftAt: at, left: next.left });
    alert = next.alert;
  };
  const end = firstIndex(deployments, (deployment) => deployment.at > until);
  const start = firstIndex(deployments, (deployment) => deployment.at > memory.until);
  for (const { id, at, medianSeconds } of deployments.slice(start, end)) {
    if (medianSeconds !== null) for (const spell of spells) confirm(spell, at, medianSeconds > limit);
    if (reachesBackFrom(timeline, at, rule)) step(at, id);
  }
  const newest = deployments[end - 1];
  if (newest?.at !== until) step(until, newest?.id ?? null);
  return {
    ...memory,
    until,
    isKnownOff,
    spells,
    recent: [
      ...memory.recent.filter((time) => time <= memory.until),
      ...shippingSince(deployments, memory, until),
    ].slice(-QUIET_DEPLOYMENTS),
  };
}

/** An empty memory that starts at `from`, in milliseconds. */
export const emptyMemory = (settings: string, from: number): AlertMemory => ({
  settings,
  from,
  until: from - 1,
  isKnownOff: false,
  spells: [],
  recent: [],
});

/** When deployments succeeded that the memory does not contain yet. */
const shippingSince = (deployments: Timeline['deployments'], memory: AlertMemory, until: number): number[] =>
  shippingTimes(deployments, until).filter((time) => memory.recent.length === 0 || time > memory.until);

/** Counts one more deployment for or against an alert, and decides whether it was right as soon as that is settled. */
function confirm(spell: AlertSpell, at: number, isOver: boolean): void {
  if (spell.borneOut !== null || at <= spell.enteredAt) return;
  if (isOver) spell.bearing.over += 1;
  else spell.bearing.under += 1;
  if (spell.bearing.over > CONFIRMING_DEPLOYMENTS / 2) spell.borneOut = true;
  else if (spell.bearing.under >= CONFIRMING_DEPLOYMENTS / 2) spell.borneOut = false;
}
