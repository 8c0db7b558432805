import { replay } from '../../__tests__/support/replay.ts';
import { assessAt, type Rule, sampleAt } from '../../src/judge/assessment.ts';
import { verdictFrom } from '../../src/judge/verdict.ts';
import { statisticIn } from '../../src/model/lead-time.ts';
import type { Timeline } from '../../src/measure/timeline.ts';
import { daysOf, type NamedTeam, timelineOfTeam, type Kind } from './teams.ts';

/** Applies the rules to simulated teams. */

export const TARGET = 900;
const WEEK = 7 * 86_400;
const DAY = 86_400_000;
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

/** When each rule's alert begins and ends in a number of days. */
export function turnsOf(timeline: Timeline, days: number): { alert: Turn[]; bare: Turn[] } {
  const alert = replay(timeline, RULE, RULE.widen * 1000, days * DAY).flatMap(
    ({ enteredAt, leftAt }): Turn[] => [
      { day: daysOf(enteredAt), on: true },
      ...(leftAt === null ? [] : [{ day: daysOf(leftAt), on: false }]),
    ],
  );
  const bare: Turn[] = [];
  let isOn = false;
  for (const { at } of timeline.deployments) {
    const { observations } = sampleAt(timeline, at, BARE);
    const statistic = statisticIn(observations, BARE.target.statistic);
    const { status } = verdictFrom(observations.length, statistic, BARE.target, BARE.minSamples);
    // No verdict changes nothing.
    const drifted: boolean = status === 'insufficient-data' ? isOn : status === 'drifted';
    if (drifted !== isOn) bare.push({ day: daysOf(at), on: drifted });
    isOn = drifted;
  }
  return { alert, bare };
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
    const turns = turnsOf(timelineOfTeam(team), team.days);
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
  const days = recovery + SLOW;
  const turns = turnsOf(timelineOfTeam({ kind, rate, sigma, median, days, seed }), days);
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

/** What happens to a named team in a year, on average. */
export interface YearFigures {
  alerts: number;
  /** Days and deployments from the first look to the alert; infinite if there was none. */
  daysToAlert: number;
  deploymentsToAlert: number;
  /** Looks on Mondays, as of a weekly run. */
  weeks: { drifted: number; on: number; noVerdict: number; turns: number; closedWhileDrifted: number };
  /** Changes of state as a run at each deployment sees them. */
  turnsAtDeployments: number;
}

/** Judges a named team for a year, after the first eight weeks, from the first instant that can be judged. */
export function yearOf({ target, timeline: timelineIn }: NamedTeam, seed: number): YearFigures {
  const days = WARMING + 365;
  const timeline = timelineIn(days, seed);
  const rule: Rule = { ...RULE, target: { ...RULE.target, seconds: target } };
  const begin = RULE.widen * 1000;
  const spells = replay(timeline, rule, begin, days * DAY);
  const isOn = (at: number) =>
    spells.some(({ enteredAt, leftAt }) => enteredAt <= at && (leftAt === null || leftAt > at));
  const turnsIn = (instants: readonly number[]) =>
    instants.filter((at, i) => i > 0 && isOn(at) !== isOn(instants[i - 1] ?? at)).length;
  // Six in the morning on each Monday.
  const mondays = Array.from({ length: 53 }, (_, i) => (WARMING + i * 7 + 0.25) * DAY).filter(
    (at) => at <= days * DAY,
  );
  const looks = mondays.map((at) => ({ status: assessAt(timeline, at, rule).verdict.status, on: isOn(at) }));
  const first = spells[0]?.enteredAt ?? Number.POSITIVE_INFINITY;
  const deployed = timeline.deployments.map(({ at }) => at).filter((at) => at >= begin);
  return {
    alerts: spells.filter(({ enteredAt }) => enteredAt >= WARMING * DAY).length,
    daysToAlert: (first - begin) / DAY,
    deploymentsToAlert: spells.length === 0 ? first : deployed.filter((at) => at <= first).length,
    weeks: {
      drifted: looks.filter(({ status }) => status === 'drifted').length,
      on: looks.filter(({ on }) => on).length,
      noVerdict: looks.filter(({ status }) => status === 'insufficient-data').length,
      turns: turnsIn(mondays),
      // The issue stays open while the verdict is "drifted", so this counts alerts that ended in such a moment.
      closedWhileDrifted: spells.filter(
        ({ leftAt }) => leftAt !== null && assessAt(timeline, leftAt, rule).verdict.status === 'drifted',
      ).length,
    },
    turnsAtDeployments: turnsIn(deployed.filter((at) => at >= WARMING * DAY)),
  };
}
