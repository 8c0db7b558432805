import type { Measurement } from '../measure/measure.ts';
import { observationsOf } from '../measure/measured.ts';
import { firstIndex, type Timeline, timelineOf } from '../measure/timeline.ts';
import { type Target, thresholdOf, type Window } from '../model/terms.ts';
import type { AlertMemory, AlertSpell } from '../model/alert-spell.ts';
import { replayFrom } from './alert.ts';
import { type Budget, budgetOf } from './budget.ts';
import { type Confidence, lookAt, type Rule, type Sureness, sureness } from './look.ts';
import type { Verdict } from './verdict.ts';

/** What the time before the window says, as far as it was read. */
export interface Past {
  timeline: Timeline;
  /** From when on what was known then can be told, in milliseconds. */
  from: number;
  /** What was known of the alert before; with nothing remembered it is replayed from `from` on. */
  memory: AlertMemory;
}

/** What a verdict is looked at with, beyond its window. */
export interface Outlook {
  /** The window as it was asked for; `null`: as it was measured. */
  requestedWindow: Window | null;
  /** `null`: it was not read. */
  past: Past | null;
  rule: Rule | null;
  /** The share that is to be live within the limit; `null`: there is no objective. */
  objective: number | null;
  /** So many weeks are told; `null`: none. */
  weeks: number | null;
}

/** How sure a verdict is, and what is known of the alert. */
export interface Signal extends Sureness {
  /** Whether the alert is on; `null`: that is not known. */
  alert: boolean | null;
  /** The alerts of the time that was read, oldest first; the last one is on where it was not left. */
  alerts: AlertSpell[];
  /** From when on they are told, in milliseconds; `null`: they are not. */
  alertsFrom: number | null;
  /** What the next run can go on from; `null`: nothing is known. */
  memory: AlertMemory | null;
  /** `null`: there is no objective, or what it takes was not read. */
  budget: Budget | null;
  /** Oldest first; `null`: not asked. */
  weeks: WeekLook[] | null;
}

/** A week of the team's, as it was known at its end. */
export interface WeekLook {
  /** Milliseconds; the beginning is not part of it, the end is. */
  from: number;
  to: number;
  verdict: Verdict;
  confidence: Confidence | null;
  /** Whether the alert was on at its end; `null`: that is not known. */
  alert: boolean | null;
  /** Deployments that succeeded, and those of them that were batches. */
  deployments: number;
  batches: number;
}

const WEEK = 7 * 86_400_000;

/** How sure a verdict is, what became of the alert, and what else the time before says. */
export function signalOf(
  measurement: Measurement,
  verdict: Verdict,
  target: Target,
  { past, rule, objective, weeks }: Outlook,
): Signal {
  const { window, mergesets } = measurement;
  const at = window.to.getTime();
  const sure = sureness(
    timelineOf(measurement),
    { from: window.from.getTime(), at },
    observationsOf(mergesets),
    verdict,
    target,
  );
  const memory = past && rule ? replayFrom(past.timeline, rule, past.memory, at) : null;
  const alerts = [...(memory?.spells ?? [])];
  return {
    ...sure,
    alert: alertOf(verdict, memory ? alerts : null),
    alerts,
    alertsFrom: memory ? memory.from : null,
    memory,
    budget:
      objective !== null && past
        ? budgetOf(past.timeline, { objective, limit: thresholdOf(target), at })
        : null,
    weeks: weeks !== null && past && rule ? weeksOf(past, rule, alerts, at, weeks) : null,
  };
}

/** At the target it is off, whatever was before; otherwise what was before says it. */
function alertOf({ status, reason }: Verdict, alerts: readonly AlertSpell[] | null): boolean | null {
  if (reason === 'unreadable') return null;
  if (status === 'on-target') return false;
  return alerts && alerts.at(-1) !== undefined ? alerts.at(-1)?.leftAt === null : alerts && false;
}

/** The weeks up to `end`, as they were known at the end of each; those that were not read are left out. */
function weeksOf(
  { timeline, from }: Past,
  rule: Rule,
  alerts: readonly AlertSpell[],
  end: number,
  count: number,
): WeekLook[] {
  const { deployments } = timeline;
  return Array.from({ length: count }, (_, i) => end - (count - 1 - i) * WEEK)
    .filter((to) => to >= from)
    .map((to) => {
      const { verdict, confidence } = lookAt(timeline, to, rule);
      const own = deployments.slice(
        firstIndex(deployments, (deployment) => deployment.at > to - WEEK),
        firstIndex(deployments, (deployment) => deployment.at > to),
      );
      return {
        from: to - WEEK,
        to,
        verdict,
        confidence,
        alert: alerts.some((alert) => alert.enteredAt <= to && (alert.leftAt === null || alert.leftAt > to)),
        deployments: own.length,
        batches: own.filter((deployment) => deployment.batched).length,
      };
    });
}
