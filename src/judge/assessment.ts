import { type LeadTime, statisticIn, statisticOf } from '../model/lead-time.ts';
import type { Observation } from '../model/survival.ts';
import { firstIndex, type Timeline } from '../measure/timeline.ts';
import { type Target, thresholdOf } from '../model/terms.ts';
import { atLeast } from './binomial.ts';
import { type Verdict, verdictFrom } from './verdict.ts';

/** The part of the team's policy that decides a verdict and its confidence. */
export interface Rule {
  target: Target;
  minSamples: number;
  /** Seconds. */
  window: number;
  /** The longest window to use if it contains too few changes, in seconds; 0 to use `window` in any case. */
  widen: number;
}

/** A window with fewer changes than this is widened to the last this many changes. */
export const SUFFICIENT_CHANGES = 10;

export interface Votes {
  of: number;
  over: number;
}

/** The verdict and its confidence at an instant, without anything that happened later. */
export interface Assessment {
  /** `at` and `from`, the start of the window, are in milliseconds. */
  at: number;
  from: number;
  verdict: Verdict;
  /** How sure a drift is; `null` if there is no drift. */
  confidence: Confidence | null;
  /**
   * Each deployment of the window that shipped a change that counts has a vote. It votes "over" if the lower median of its
   * lead times is past the limit. If a change has waited past the limit, there is one more vote "over".
   */
  votes: Votes;
  /** The chance of this many votes "over", or more, if each vote were a coin toss; 1 without votes. */
  chance: number;
  /** Changes past the limit, out of those that are live or past it. */
  changes: Votes;
  /** Changes past the limit that still wait. */
  waiting: number;
  /** The evidence that makes a drift sure; `null` if it is not sure. */
  sureBy: 'votes' | 'changes' | 'waiting' | null;
}

export type Confidence = 'sure' | 'likely';

/** A drift is sure if the chance of its votes is at most 1 in 10. */
const SURE = 0.1;
/** It is also sure if all of at least two deployments are over, and the chance of its changes is at most this. */
const SURE_BY_CHANGES = 0.001;
/** If the statistic is unknown, it is sure if this many changes have waited past the limit. */
const MANY_WAITING = 5;

/** The changes of a window, as they were known at its end. */
export interface Sample {
  from: number;
  observations: Observation[];
}

/**
 * The changes that decide a verdict at `at`: those merged in the window. If there are fewer than {@link SUFFICIENT_CHANGES}, the
 * sample is widened to the last {@link SUFFICIENT_CHANGES} changes of the widened window.
 */
export function sampleAt({ changes }: Timeline, at: number, { window, widen }: Rule): Sample {
  const end = firstIndex(changes, (change) => change.mergedAt > at);
  const windowStart = at - window * 1000;
  let start = firstIndex(changes, (change) => change.mergedAt >= windowStart);
  let from = windowStart;
  if (end - start < SUFFICIENT_CHANGES && widen > window) {
    const earliest = firstIndex(changes, (change) => change.mergedAt >= at - widen * 1000);
    const widened = Math.max(earliest, end - SUFFICIENT_CHANGES);
    if (widened < start) {
      start = widened;
      from = changes[start]?.mergedAt ?? windowStart;
      // Changes that were merged at one moment stay together.
      while (start > earliest && changes[start - 1]?.mergedAt === from) start -= 1;
    }
  }
  const observations = changes
    .slice(start, end)
    .map(({ mergedAt, liveAt, seconds, waitsForIdleRegions }) =>
      liveAt !== null && liveAt <= at && seconds !== null
        ? { seconds, shipped: true }
        : { seconds: Math.max(0, Math.floor((at - mergedAt) / 1000)), shipped: false, waitsForIdleRegions },
    );
  return { from, observations };
}

/** True if a timeline goes back to the start of the window that ends at `at`, or of the widened window if that is used. */
export function reachesBackFrom(
  { from, changes }: Pick<Timeline, 'from' | 'changes'>,
  at: number,
  { window, widen }: Pick<Rule, 'window' | 'widen'>,
): boolean {
  const windowStart = at - window * 1000;
  if (windowStart < from) return false;
  if (widen <= window || at - widen * 1000 >= from) return true;
  const end = firstIndex(changes, (change) => change.mergedAt > at);
  return end - firstIndex(changes, (change) => change.mergedAt >= windowStart) >= SUFFICIENT_CHANGES;
}

/** Judges the window that ends at `at`. */
export function assessAt(timeline: Timeline, at: number, rule: Rule): Assessment {
  const { target } = rule;
  const { from, observations } = sampleAt(timeline, at, rule);
  const statistic = statisticIn(observations, target.statistic);
  const verdict = verdictFrom(observations.length, statistic, target, rule.minSamples);
  return { at, from, verdict, ...certaintyOf(timeline, { from, at }, observations, verdict, target) };
}

export type Certainty = Omit<Assessment, 'at' | 'from' | 'verdict'>;

/** How sure a verdict is, and why, for the window from `from` to `at`, both included. */
export function certaintyOf(
  { deployments }: Pick<Timeline, 'deployments'>,
  { from, at }: { from: number; at: number },
  observations: readonly Observation[],
  { status, leadTimeSeconds }: Pick<Verdict, 'status' | 'leadTimeSeconds'>,
  target: Target,
): Certainty {
  const limit = thresholdOf(target);
  const isOver = ({ seconds }: { seconds: number }) => seconds > limit;
  const medians = deployments
    .slice(
      firstIndex(deployments, (deployment) => deployment.at >= from),
      firstIndex(deployments, (deployment) => deployment.at > at),
    )
    .flatMap(({ medianSeconds }) => (medianSeconds === null ? [] : { seconds: medianSeconds }));
  const votes: Votes = { of: medians.length, over: medians.filter(isOver).length };
  const allOver = votes.of >= 2 && votes.over === votes.of;
  // A change that waits within the limit may still be over or under. One that waits for an idle region shows nothing.
  const decided = observations.filter(
    (observation) => observation.shipped || (isOver(observation) && !observation.waitsForIdleRegions),
  );
  const changes: Votes = { of: decided.length, over: decided.filter(isOver).length };
  const waiting = decided.filter(({ shipped }) => !shipped).length;
  if (waiting > 0) {
    votes.of += 1;
    votes.over += 1;
  }
  const chance = atLeast(votes.of, votes.over);
  const evidence = (): Assessment['sureBy'] => {
    if (chance <= SURE) return 'votes';
    if (leadTimeSeconds === null && waiting >= MANY_WAITING) return 'waiting';
    return allOver && atLeast(changes.of, changes.over) <= SURE_BY_CHANGES ? 'changes' : null;
  };
  const by = status === 'drifted' ? evidence() : null;
  const confidence = status !== 'drifted' ? null : by === null ? 'likely' : 'sure';
  return { votes, chance, changes, waiting, sureBy: by, confidence };
}

/** True if lead time is past the target, but surely under the limit. */
export const isSurelyUnder = ({ votes, verdict }: Pick<Assessment, 'votes' | 'verdict'>): boolean =>
  verdict.status === 'slipping' && votes.of > 0 && atLeast(votes.of, votes.of - votes.over) <= SURE;

/** True if the statistic, or its lower bound, is past the target. */
export function isPastTarget(leadTime: LeadTime, target: Target): boolean {
  const { seconds, atLeastSeconds } = statisticOf(leadTime, target.statistic);
  return (seconds ?? atLeastSeconds ?? 0) > target.seconds;
}
