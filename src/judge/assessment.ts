import { type LeadTime, statisticIn, statisticOf } from '../model/lead-time.ts';
import type { Observation } from '../model/survival.ts';
import { between, firstIndex } from '../measure/sorted.ts';
import { lowerMedian, type Timeline } from '../measure/timeline.ts';
import type { AlertSpell } from '../model/alert-spell.ts';
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
  sureBy: AlertSpell['by'] | null;
  /** A pause without which the drift would not be sure, so it is not; in milliseconds. */
  pause: Pause | null;
}

/** Time in which nothing was merged or deployed, in milliseconds. */
export interface Pause {
  from: number;
  to: number;
}

export type Confidence = 'sure' | 'likely';

/** A drift is sure if the chance of its votes is at most 1 in 10. */
const SURE = 0.1;
/** It is also sure if all of at least two deployments are over, and the chance of its changes is at most this. */
const SURE_BY_CHANGES = 0.001;
/**
 * If the statistic is unknown, it is sure if this many changes have waited past the limit, and the oldest of them
 * {@link LONG_WAIT} times as long: changes that were merged together may wait for the same deployment.
 */
const MANY_WAITING = 5;
export const LONG_WAIT = 2.5;
/** A drift is also sure if it lasted through this many windows that share no change. */
export const LASTING_WINDOWS = 4;
/** A pause is longer than four days, and more than four times as long as three of four gaps between events. */
const PAUSE = 4 * 86_400_000;
const PAUSE_GAPS = 4;

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
    .map(({ mergedAt, liveAt, seconds, waitsForIdleRegions, observation }) =>
      liveAt !== null && liveAt <= at && seconds !== null
        ? (observation ?? { seconds, shipped: true })
        : { seconds: Math.max(0, Math.floor((at - mergedAt) / 1000)), shipped: false, waitsForIdleRegions },
    );
  return { from, observations };
}

/** True if a timeline goes back to the start of the window that ends at `at`, or of the widened window if that is used. */
export function reachesBackFrom({ from, changes }: Timeline, at: number, { window, widen }: Rule): boolean {
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
  timeline: Timeline,
  { from, at }: { from: number; at: number },
  observations: readonly Observation[],
  { status, leadTimeSeconds }: Pick<Verdict, 'status' | 'leadTimeSeconds'>,
  target: Target,
): Certainty {
  const limit = thresholdOf(target);
  const isUnknown = leadTimeSeconds === null;
  const deployments = between(timeline.deployments, (deployment) => deployment.at, from, at);
  // A change that waits within the limit may still be over or under. One that waits for an idle region shows nothing.
  const waits = observations
    .filter(
      ({ seconds, shipped, waitsForIdleRegions }) => !shipped && seconds > limit && !waitsForIdleRegions,
    )
    .map(({ seconds }) => seconds);
  const shipped = observations.filter((observation) => observation.shipped);
  const weighed = weigh(
    deployments.map(({ medianSeconds }) => medianSeconds),
    shipped.map(({ seconds }) => seconds),
    { waits, limit, isUnknown },
  );
  if (status !== 'drifted') return { ...weighed, sureBy: null, confidence: null, pause: null };
  const pause = weighed.sureBy === null ? null : pauseIn(timeline, from, at);
  if (pause) {
    // Changes that waited through a pause show how long it was, not how long changes take.
    const seconds = deployments.map((deployment) =>
      deployment.seconds.filter(
        (time) => deployment.at - time * 1000 > pause.from || deployment.at < pause.to,
      ),
    );
    const others = weigh(seconds.map(lowerMedian), seconds.flat(), {
      waits: waits.filter((time) => at - time * 1000 > pause.from),
      limit,
      isUnknown,
    });
    if (others.sureBy === null) return { ...weighed, sureBy: null, confidence: 'likely', pause };
  }
  return { ...weighed, confidence: weighed.sureBy === null ? 'likely' : 'sure', pause: null };
}

/** The votes of deployments and changes, and whether they make a drift sure. All times are in seconds. */
function weigh(
  deployments: readonly (number | null)[],
  shipped: readonly number[],
  { waits, limit, isUnknown }: { waits: readonly number[]; limit: number; isUnknown: boolean },
): Pick<Certainty, 'votes' | 'chance' | 'changes' | 'waiting' | 'sureBy'> {
  const isOver = (seconds: number) => seconds > limit;
  const medians = deployments.filter((seconds) => seconds !== null);
  const votes: Votes = { of: medians.length, over: medians.filter(isOver).length };
  const allOver = votes.of >= 2 && votes.over === votes.of;
  const waiting = waits.length;
  const changes: Votes = {
    of: shipped.length + waiting,
    over: shipped.filter(isOver).length + waiting,
  };
  if (waiting > 0) {
    votes.of += 1;
    votes.over += 1;
  }
  const chance = atLeast(votes.of, votes.over);
  const evidence = (): Certainty['sureBy'] => {
    if (chance <= SURE) return 'votes';
    if (isUnknown && waiting >= MANY_WAITING && Math.max(...waits) > LONG_WAIT * limit) return 'waiting';
    return allOver && atLeast(changes.of, changes.over) <= SURE_BY_CHANGES ? 'changes' : null;
  };
  return { votes, chance, changes, waiting, sureBy: evidence() };
}

/** The longest time between the merges and deployments of a window, or since the last one, if it is unusually long. */
function pauseIn({ changes, deployments }: Timeline, from: number, at: number): Pause | null {
  const inWindow = <T>(list: readonly T[], timeOf: (entry: T) => number) =>
    between(list, timeOf, from, at).map(timeOf);
  // Plain numbers, because a window can have thousands of changes and is judged at hundreds of instants.
  const times = Float64Array.from([
    from,
    at,
    ...inWindow(changes, ({ mergedAt }) => mergedAt),
    ...inWindow(deployments, (deployment) => deployment.at),
  ]).sort();
  const gaps = times.subarray(1).map((to, i) => to - (times[i] ?? to));
  const longest = gaps.reduce((most, gap) => Math.max(most, gap));
  // Sorting takes most of the time, and hardly any window has such a gap.
  if (longest <= PAUSE) return null;
  const usual = gaps.toSorted()[Math.ceil(gaps.length * 0.75) - 1] ?? longest;
  if (longest <= PAUSE_GAPS * usual) return null;
  const start = gaps.lastIndexOf(longest);
  return { from: times[start] ?? from, to: times[start + 1] ?? at };
}

/** True if lead time is past the target, but its deployments and its changes are surely under the limit. */
export const isSurelyUnder = ({ votes, changes, verdict }: Assessment): boolean =>
  verdict.status === 'slipping' &&
  [votes, changes].every(({ of, over }) => of > 0 && atLeast(of, of - over) <= SURE);

/** True if the statistic, or its lower bound, is past the target. */
export function isPastTarget(leadTime: LeadTime, target: Target): boolean {
  const { seconds, atLeastSeconds } = statisticOf(leadTime, target.statistic);
  return (seconds ?? atLeastSeconds ?? 0) > target.seconds;
}
