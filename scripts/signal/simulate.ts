import { nextAlert, quietAt } from '../../src/judge/alert.ts';
import type { Alert } from '../../src/model/alert-spell.ts';
import { assessAt, type Rule } from '../../src/judge/assessment.ts';
import { daysOf, timelineOfTeam, type Kind } from './teams.ts';

/** Applies the rules to simulated teams, deployment by deployment. */

export const TARGET = 900;
const WEEK = 7 * 86_400;
export const RULE: Rule = {
  target: { seconds: TARGET, tolerance: 0.25, statistic: 'p50' },
  minSamples: 5,
  window: WEEK,
  widen: 4 * WEEK,
};
/** The rule without memory: drifted is an alert, and no window is widened. */
const BARE: Rule = { ...RULE, widen: 0 };

/** Days before a team's year, so that every window is full. */
const WARMING = 56;

/** An alert that begins or ends, in days. */
export interface Turn {
  day: number;
  on: boolean;
}

/** When each rule's alert begins and ends. */
export function turnsOf(timeline: ReturnType<typeof timelineOfTeam>): { alert: Turn[]; bare: Turn[] } {
  const turns: { alert: Turn[]; bare: Turn[] } = { alert: [], bare: [] };
  let alert: Alert | null = null;
  let bare = false;
  for (const { id, at } of timeline.deployments) {
    const look = assessAt(timeline, at, RULE);
    const next = nextAlert(alert, look, { deployment: id, quiet: quietAt(timeline, at), isCertain: true });
    if ((next.alert === null) !== (alert === null))
      turns.alert.push({ day: daysOf(at), on: next.alert !== null });
    alert = next.alert;
    // Both rules share a window that was not widened.
    const { status } =
      look.from === at - RULE.window * 1000 ? look.verdict : assessAt(timeline, at, BARE).verdict;
    // No verdict changes nothing.
    const drifted: boolean = status === 'insufficient-data' ? bare : status === 'drifted';
    if (drifted !== bare) turns.bare.push({ day: daysOf(at), on: drifted });
    bare = drifted;
  }
  return turns;
}

export interface SteadyCase {
  kind: Kind;
  rate: number;
  sigma: number;
  /** The median as a share of the target. */
  level: number;
}

/** Alerts a year of a steady team, by the guard's rule and by the bare rule, averaged over `years` team-years. */
export function alertsAYear(
  { kind, rate, sigma, level }: SteadyCase,
  years: number,
  seed: number,
): { alert: number; bare: number } {
  const sum = { alert: 0, bare: 0 };
  for (let i = 0; i < years; i++) {
    const team = { kind, rate, sigma, median: () => level * TARGET, days: WARMING + 365, seed: seed + i };
    const turns = turnsOf(timelineOfTeam(team));
    for (const rule of ['alert', 'bare'] as const)
      sum[rule] += turns[rule].filter(({ on, day }) => on && day >= WARMING).length;
  }
  return { alert: sum.alert / years, bare: sum.bare / years };
}

export interface StepCase {
  kind: Kind;
  rate: number;
  sigma: number;
  before: number;
  after: number;
}

/** Days that a slowdown lasts, and days that are simulated after it. */
const SLOW = 84;

export interface AfterStep {
  /** Infinite if there was no alert during the slowdown. */
  daysToAlert: number;
  /** Changes of state during the slowdown. */
  flips: number;
  /** Days from the recovery to the end of the alert; `null` if the alert was off. */
  daysToEnd: number | null;
  /** Alerts that began after the recovery. */
  repeats: number;
}

/** What each rule does when lead time steps up and recovers after twelve weeks. */
export function afterStep(
  { kind, rate, sigma, before, after }: StepCase,
  seed: number,
): { alert: AfterStep; bare: AfterStep } {
  const [begin, recovery] = [WARMING, WARMING + SLOW];
  const median = (day: number) => (day >= begin && day < recovery ? after : before) * TARGET;
  const turns = turnsOf(timelineOfTeam({ kind, rate, sigma, median, days: recovery + SLOW, seed }));
  return {
    alert: reactionOf(turns.alert, begin, recovery),
    bare: reactionOf(turns.bare, begin, recovery),
  };
}

function reactionOf(turns: readonly Turn[], begin: number, recovery: number): AfterStep {
  const wasOn = turns.filter(({ day }) => day < begin).at(-1)?.on ?? false;
  const slow = turns.filter(({ day }) => day >= begin && day < recovery);
  const after = turns.filter(({ day }) => day >= recovery);
  const start = wasOn ? begin : (slow.find(({ on }) => on)?.day ?? Number.POSITIVE_INFINITY);
  const isOn = (slow.at(-1)?.on ?? wasOn) === true;
  const end = isOn ? after.find(({ on }) => !on) : undefined;
  return {
    daysToAlert: start - begin,
    flips: slow.length,
    daysToEnd: isOn ? (end?.day ?? Number.POSITIVE_INFINITY) - recovery : null,
    repeats: after.filter(({ on }) => on).length,
  };
}
