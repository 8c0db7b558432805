import type { Measurement } from '../measure/measure.ts';
import { observationsOf } from '../measure/measured.ts';
import { between } from '../measure/sorted.ts';
import { type Timeline, timelineOf } from '../measure/timeline.ts';
import type { Service } from '../model/service.ts';
import { thresholdOf, type Window } from '../model/terms.ts';
import type { AlertMemory } from '../model/alert-spell.ts';
import { isLasting, type Replayed } from './alert.ts';
import { type Budget, budgetOf } from './budget.ts';
import { type Confidence, assessAt, type Rule, type Certainty, certaintyOf } from './assessment.ts';
import type { Verdict } from './verdict.ts';

/** The time before the window, as far as it was read. */
export interface Past {
  timeline: Timeline;
  /** The earliest instant for which the timeline goes back far enough, in milliseconds. */
  from: number;
  /** Alerts that an earlier run found. Without any, the alert is replayed from `from` on. */
  memory: AlertMemory;
}

/** Facts about the time before the measured window, and the team's settings. */
export interface SignalContext {
  /** The window that the team set. */
  requestedWindow: Window;
  /** `null` if it was not read. */
  past: Past | null;
  rule: Rule;
  /** The alerts of the past with this rule; `null` if it was not read. */
  replayed: Replayed | null;
  /** The number of weeks to report; `null` for no weeks. */
  weeks: number | null;
}

/** How sure a verdict is, and the state of the alert. */
export interface Signal extends Certainty {
  /** True if the alert is on; `null` if that is unknown. */
  alert: boolean | null;
  /** The alerts of the time that was read, from which the next run can continue; `null` if the past was not read. */
  memory: AlertMemory | null;
  /** `null` without an objective, or if the past was not read. */
  budget: Budget | null;
  /** Oldest first; `null` if no weeks were requested. */
  weeks: WeekAssessment[] | null;
}

/** A week, as it was known at its end. */
export interface WeekAssessment {
  /** Milliseconds. The week excludes `from` and includes `to`. */
  from: number;
  to: number;
  verdict: Verdict;
  confidence: Confidence | null;
  /** How long the oldest change had waited; `null` if none did. */
  oldestWaitingSeconds: number | null;
  /** True if the alert was on at the end of the week; `null` if that is unknown. */
  alert: boolean | null;
  /** Successful deployments, and how many of them were batches. */
  deployments: number;
  batches: number;
}

const WEEK = 7 * 86_400_000;

export function signalOf(
  measurement: Measurement,
  verdict: Verdict,
  { target, policy: { objective } }: Pick<Service, 'target' | 'policy'>,
  { past, rule, replayed, weeks }: SignalContext,
): Signal {
  const { window, mergesets } = measurement;
  const at = window.to.getTime();
  const memory = replayed?.memory ?? null;
  const certainty = certaintyOf(
    timelineOf(measurement),
    { from: window.from.getTime(), at },
    observationsOf(mergesets),
    verdict,
    target,
  );
  return {
    ...certainty,
    ...(certainty.confidence === 'likely' && memory && isLasting(memory.drift)
      ? { confidence: 'sure', sureBy: 'lasting' }
      : {}),
    alert: alertOf(verdict, memory),
    memory,
    budget:
      past && objective != null
        ? budgetOf(past.timeline, { objective, limit: thresholdOf(target), at })
        : null,
    weeks: weeks !== null && past && replayed ? weeksOf(past, rule, replayed, at, weeks) : null,
  };
}

/** The past decides. If it was not read, the alert is off at the target. */
function alertOf({ status, reason }: Verdict, memory: AlertMemory | null): boolean | null {
  if (reason === 'unreadable') return null;
  const last = memory?.spells.at(-1);
  if (last?.leftAt === null) return true;
  return status === 'on-target' || last || memory?.isKnownOff ? false : null;
}

/** How long the oldest change that waited at an instant had waited, in seconds; `null` if none did. */
function oldestWaitingAt({ changes }: Timeline, at: number): number | null {
  const oldest = changes.find(
    ({ mergedAt, liveAt, waitsForIdleRegions }) =>
      mergedAt <= at && (liveAt === null || liveAt > at) && !waitsForIdleRegions,
  );
  return oldest ? Math.floor((at - oldest.mergedAt) / 1000) : null;
}

/** The last `count` weeks up to `end`, without those that were not read. */
function weeksOf(
  { timeline, from }: Past,
  rule: Rule,
  { memory: { spells }, lasting }: Replayed,
  end: number,
  count: number,
): WeekAssessment[] {
  const { deployments } = timeline;
  return Array.from({ length: count }, (_, i) => end - (count - 1 - i) * WEEK)
    .filter((to) => to >= from)
    .map((to) => {
      const { verdict, confidence } = assessAt(timeline, to, rule);
      const isLasting = lasting.some(([from, until]) => from <= to && to <= until);
      const ofWeek = between(deployments, (deployment) => deployment.at, to - WEEK + 1, to);
      return {
        from: to - WEEK,
        to,
        verdict,
        confidence: confidence === 'likely' && isLasting ? 'sure' : confidence,
        oldestWaitingSeconds: oldestWaitingAt(timeline, to),
        alert: spells.some((alert) => alert.enteredAt <= to && (alert.leftAt === null || alert.leftAt > to)),
        deployments: ofWeek.length,
        batches: ofWeek.filter((deployment) => deployment.batched).length,
      };
    });
}
