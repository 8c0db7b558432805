import { nextAlert, quietAt } from '../../src/judge/alert.ts';
import type { Alert } from '../../src/model/alert-spell.ts';
import { lookAt, type Rule } from '../../src/judge/look.ts';
import { daysOf, timelineOfTeam, type Kind } from './teams.ts';

/** What the rules make of made-up teams, deployment by deployment. */

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

/** What stands before a team's year, in days, so that each window is full. */
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
    const look = lookAt(timeline, at, RULE);
    const next = nextAlert(alert, look, { deployment: id, quiet: quietAt(timeline, at), isCertain: true });
    if ((next.alert === null) !== (alert === null))
      turns.alert.push({ day: daysOf(at), on: next.alert !== null });
    alert = next.alert;
    // A window that was not widened stands for both rules.
    const { status } =
      look.from === at - RULE.window * 1000 ? look.verdict : lookAt(timeline, at, BARE).verdict;
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

/** Alerts a year of a steady team, by the alert and by the bare rule, over so many team-years. */
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
      sum[rule] += turns[rule].filter((each) => each.on && each.day >= WARMING).length;
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

/** So long it stays slow, and so long it is then mended, in days. */
const SLOW = 84;

export interface AfterStep {
  /** Days to the alert; infinite where there was none while it was slow. */
  toAlert: number;
  /** Changes of state while it was slow. */
  flips: number;
  /** Days to the end of the alert after it was mended; `null`: it was not on. */
  toLeft: number | null;
  /** Alerts that began after that. */
  again: number;
}

/** What each rule does when lead time steps up, and is mended after twelve weeks. */
export function afterStep(
  { kind, rate, sigma, before, after }: StepCase,
  seed: number,
): { alert: AfterStep; bare: AfterStep } {
  const [begin, mended] = [WARMING, WARMING + SLOW];
  const median = (day: number) => (day >= begin && day < mended ? after : before) * TARGET;
  const turns = turnsOf(timelineOfTeam({ kind, rate, sigma, median, days: mended + SLOW, seed }));
  return { alert: told(turns.alert, begin, mended), bare: told(turns.bare, begin, mended) };
}

function told(turns: readonly Turn[], begin: number, mended: number): AfterStep {
  const wasOn = turns.filter((each) => each.day < begin).at(-1)?.on ?? false;
  const slow = turns.filter((each) => each.day >= begin && each.day < mended);
  const after = turns.filter((each) => each.day >= mended);
  const first = wasOn ? begin : (slow.find((each) => each.on)?.day ?? Number.POSITIVE_INFINITY);
  const isOn = (slow.at(-1)?.on ?? wasOn) === true;
  const leaving = isOn ? after.find((each) => !each.on) : undefined;
  return {
    toAlert: first - begin,
    flips: slow.length,
    toLeft: isOn ? (leaving?.day ?? Number.POSITIVE_INFINITY) - mended : null,
    again: after.filter((each) => each.on).length,
  };
}
