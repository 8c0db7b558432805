import { type LeadTime, statisticIn, statisticOf } from '../model/lead-time.ts';
import type { Observation } from '../model/survival.ts';
import { firstIndex, type Timeline } from '../measure/timeline.ts';
import { type Target, thresholdOf } from '../model/terms.ts';
import { atLeast } from './binomial.ts';
import { type Verdict, verdictFrom } from './verdict.ts';

/** What a team is held to, as far as it decides what is known at an instant. */
export interface Rule {
  target: Target;
  minSamples: number;
  /** Seconds. */
  window: number;
  /** How far back it is widened at most where it holds too few changes, in seconds; 0: it is not. */
  widen: number;
}

/** A window that holds fewer changes is widened to the last so many. */
export const ENOUGH = 10;

/** So many of so many past the limit. */
export interface Votes {
  of: number;
  over: number;
}

/** What was known at an instant. */
export interface Look {
  /** Milliseconds; so is `from`, where its window begins. */
  at: number;
  from: number;
  verdict: Verdict;
  /** How sure a drift is; `null`: there is none. */
  confidence: Confidence | null;
  /**
   * A vote of each deployment in the window that shipped something that counts: over, where the lower median of the lead
   * times is past the limit; and of the oldest change that has waited past the limit, one more.
   */
  votes: Votes;
  /** The chance that so many votes or more are over where each is as likely over as under; 1 without votes. */
  chance: number;
  /** Of the changes of which it is known, those past the limit; and how many of those still wait. */
  changes: Votes;
  waiting: number;
  /** What makes a drift sure; `null`: nothing does. */
  by: 'votes' | 'changes' | 'waiting' | null;
}

export type Confidence = 'sure' | 'likely';

/** A drift is sure where chance would show as much one time in ten at most. */
const SURE = 0.1;
/** By its changes alone, where two deployments and all are over, at this. */
const SURE_BY_CHANGES = 0.001;
/** Where the statistic is unknown: so many that each have waited past the limit. */
const MANY_WAITING = 5;

/** The sample of a window that ends at `at`: what was merged in it, as it was known then. */
export interface Sample {
  from: number;
  observations: Observation[];
}

/**
 * The changes that a verdict at `at` stands on: those merged in the window, or, where that holds fewer than
 * {@link ENOUGH}, the last so many of those that the widened window holds.
 */
export function sampleAt({ changes }: Timeline, at: number, { window, widen }: Rule): Sample {
  const end = firstIndex(changes, (change) => change.mergedAt > at);
  const asked = at - window * 1000;
  let begin = firstIndex(changes, (change) => change.mergedAt >= asked);
  let from = asked;
  if (end - begin < ENOUGH && widen > window) {
    const widest = firstIndex(changes, (change) => change.mergedAt >= at - widen * 1000);
    const wide = Math.max(widest, end - ENOUGH);
    if (wide < begin) {
      begin = wide;
      from = changes[begin]?.mergedAt ?? asked;
      // Those of one moment belong together.
      while (begin > widest && changes[begin - 1]?.mergedAt === from) begin -= 1;
    }
  }
  const observations: Observation[] = [];
  for (let i = begin; i < end; i++) {
    const { mergedAt, liveAt, seconds } = changes[i] as Timeline['changes'][number];
    observations.push(
      liveAt !== null && liveAt <= at && seconds !== null
        ? { seconds, shipped: true }
        : { seconds: Math.max(0, Math.floor((at - mergedAt) / 1000)), shipped: false },
    );
  }
  return { from, observations };
}

/**
 * Whether a timeline goes back far enough to tell what was known at an instant: to the beginning of its window, or, where
 * that holds too few changes, of the widened one.
 */
export function reachesBackFrom(
  { from, changes }: Pick<Timeline, 'from' | 'changes'>,
  at: number,
  { window, widen }: Pick<Rule, 'window' | 'widen'>,
): boolean {
  const asked = at - window * 1000;
  if (asked < from) return false;
  if (widen <= window || at - widen * 1000 >= from) return true;
  const end = firstIndex(changes, (change) => change.mergedAt > at);
  return end - firstIndex(changes, (change) => change.mergedAt >= asked) >= ENOUGH;
}

/** What was known at `at`, and what the rule makes of it. */
export function lookAt(timeline: Timeline, at: number, rule: Rule): Look {
  const { target } = rule;
  const { from, observations } = sampleAt(timeline, at, rule);
  const statistic = statisticIn(observations, target.statistic);
  const verdict = verdictFrom(observations.length, statistic, target, rule.minSamples);
  return { at, from, verdict, ...sureness(timeline, { from, at }, observations, verdict, target) };
}

/** How sure a verdict is, and by what. */
export type Sureness = Omit<Look, 'at' | 'from' | 'verdict'>;

/** How sure the verdict is, by the votes of a window from `from` to `at`, both included. */
export function sureness(
  { deployments }: Pick<Timeline, 'deployments'>,
  { from, at }: { from: number; at: number },
  observations: readonly Observation[],
  { status, leadTimeSeconds }: Pick<Verdict, 'status' | 'leadTimeSeconds'>,
  target: Target,
): Sureness {
  const limit = thresholdOf(target);
  const votes: Votes = { of: 0, over: 0 };
  for (let i = firstIndex(deployments, (deployment) => deployment.at >= from); i < deployments.length; i++) {
    const { at: succeededAt, medianSeconds } = deployments[i] as Timeline['deployments'][number];
    if (succeededAt > at) break;
    if (medianSeconds === null) continue;
    votes.of += 1;
    if (medianSeconds > limit) votes.over += 1;
  }
  const allOver = votes.of >= 2 && votes.over === votes.of;
  const waiting = observations.filter(
    (observation) => !observation.shipped && observation.seconds > limit,
  ).length;
  if (waiting > 0) {
    votes.of += 1;
    votes.over += 1;
  }
  const chance = atLeast(votes.of, votes.over);
  const changes: Votes = { of: 0, over: 0 };
  for (const { shipped, seconds } of observations) {
    const isOver = seconds > limit;
    // Of one that waits and is not past the limit yet it is not known which it will be.
    if (shipped || isOver) changes.of += 1;
    if (isOver) changes.over += 1;
  }
  const surely = (): Look['by'] => {
    if (chance <= SURE) return 'votes';
    if (leadTimeSeconds === null && waiting >= MANY_WAITING) return 'waiting';
    return allOver && atLeast(changes.of, changes.over) <= SURE_BY_CHANGES ? 'changes' : null;
  };
  const by = status === 'drifted' ? surely() : null;
  const confidence = status !== 'drifted' ? null : by === null ? 'likely' : 'sure';
  return { votes, chance, changes, waiting, by, confidence };
}

/** Whether it is surely under the limit, although past the target. */
export const isSurelyUnder = ({ votes, verdict }: Pick<Look, 'votes' | 'verdict'>): boolean =>
  verdict.status === 'slipping' && votes.of > 0 && atLeast(votes.of, votes.of - votes.over) <= SURE;

/** Whether the statistic, or what it is at least, is past the target. */
export function isPastTarget(leadTime: LeadTime, target: Target): boolean {
  const { seconds, atLeastSeconds } = statisticOf(leadTime, target.statistic);
  return (seconds ?? atLeastSeconds ?? 0) > target.seconds;
}
