import { firstIndex, type Timeline } from '../measure/timeline.ts';
import type { Alert, AlertMemory, AlertSpell } from '../model/alert-spell.ts';
import { isSurelyUnder, type Look, lookAt, reachesBackFrom, type Rule } from './look.ts';

const DAY = 86_400_000;
/** It is left when nothing was sure for so long, */
const QUIET = 28 * DAY;
/** or for so many deployments, if that is longer, */
const QUIET_DEPLOYMENTS = 5;
/** and after this at the latest. */
const LONGEST_QUIET = 90 * DAY;
/** So many deployments bear an alert out, or do not. */
const BEARING = 10;

/**
 * How long nothing has to be sure at `at` until the alert is left, in milliseconds.
 *
 * @param recent - when deployments before the timeline succeeded, oldest first.
 */
export function quietAt(
  { deployments }: Pick<Timeline, 'deployments'>,
  at: number,
  recent: readonly number[] = [],
): number {
  const times = shippingTimes(deployments, at);
  const first = times[0] ?? at + 1;
  const fifth = [...recent.filter((time) => time < first && time <= at), ...times].at(-QUIET_DEPLOYMENTS);
  // Fewer than that are known: no shorter time has seen five.
  return fifth === undefined || at - fifth >= LONGEST_QUIET ? LONGEST_QUIET : Math.max(QUIET, at - fifth);
}

/** When the last deployments up to an instant succeeded that shipped something that counts, oldest first. */
function shippingTimes(deployments: Timeline['deployments'], at: number): number[] {
  const times: number[] = [];
  for (let i = firstIndex(deployments, (deployment) => deployment.at > at) - 1; i >= 0; i--) {
    const each = deployments[i];
    if (each === undefined || times.length === QUIET_DEPLOYMENTS) break;
    if (each.medianSeconds !== null) times.unshift(each.at);
  }
  return times;
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
export const replay = (timeline: Timeline, rule: Rule, from: number, until: number): AlertSpell[] => [
  ...replayFrom(timeline, rule, nothingRemembered('', from), until).spells,
];

/**
 * Goes on from what was known: replays the rule over the deployments since, and once more at the end.
 *
 * @param timeline - goes back to what was known at the first deployment since.
 */
export function replayFrom(timeline: Timeline, rule: Rule, memory: AlertMemory, until: number): AlertMemory {
  const { deployments } = timeline;
  const limit = rule.target.seconds * (1 + rule.target.tolerance);
  const spells = memory.spells.map((spell) => ({ ...spell, bearing: { ...spell.bearing } }));
  const last = spells.at(-1);
  let alert: Alert | null = last && last.leftAt === null ? last : null;
  // Before anything says so it may have been on from before what is known.
  let { isKnownOff } = memory;
  const step = (at: number, deployment: Alert['deployment']) => {
    const look = lookAt(timeline, at, rule);
    const quiet = quietAt(timeline, at, memory.recent);
    isKnownOff ||=
      look.verdict.status === 'on-target' ||
      isSurelyUnder(look) ||
      spells.length > 0 ||
      at - memory.from > quiet;
    const begins = alert === null && look.confidence === 'sure';
    const next = nextAlert(alert, look, { deployment, quiet, isCertain: isKnownOff });
    if (begins && next.alert)
      spells.push({
        ...next.alert,
        leftAt: null,
        left: null,
        borneOut: null,
        bearing: { over: 0, under: 0 },
      });
    const newest = spells.at(-1);
    if (newest && next.alert) newest.lastSure = next.alert.lastSure;
    if (newest && alert && !next.alert) Object.assign(newest, { leftAt: at, left: next.left });
    alert = next.alert;
  };
  for (
    let i = firstIndex(deployments, (deployment) => deployment.at > memory.until);
    i < deployments.length;
    i++
  ) {
    const { id, at, medianSeconds } = deployments[i] as Timeline['deployments'][number];
    if (at > until) break;
    if (medianSeconds !== null) for (const spell of spells) bear(spell, at, medianSeconds > limit);
    if (reachesBackFrom(timeline, at, rule)) step(at, id);
  }
  const newest = deployments[firstIndex(deployments, (deployment) => deployment.at > until) - 1];
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

/** What is known of the alert before anything was looked at. */
export const nothingRemembered = (settings: string, from: number): AlertMemory => ({
  settings,
  from,
  until: from - 1,
  isKnownOff: false,
  spells: [],
  recent: [],
});

/** When deployments succeeded since what is remembered. */
const shippingSince = (deployments: Timeline['deployments'], memory: AlertMemory, until: number): number[] =>
  shippingTimes(deployments, until).filter((time) => memory.recent.length === 0 || time > memory.until);

/** Takes one more deployment for or against an alert: as soon as it cannot be otherwise, that is decided. */
function bear(spell: AlertSpell, at: number, isOver: boolean): void {
  if (spell.borneOut !== null || at <= spell.enteredAt) return;
  if (isOver) spell.bearing.over += 1;
  else spell.bearing.under += 1;
  if (spell.bearing.over > BEARING / 2) spell.borneOut = true;
  else if (spell.bearing.under >= BEARING / 2) spell.borneOut = false;
}
