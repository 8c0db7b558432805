import type { Mergeset } from '../model/mergesets.ts';
import type { PartOutcome } from '../model/outcome.ts';
import type { Observation } from '../model/survival.ts';
import type { Shipment } from './attribution.ts';
import type { BatchCause } from './batches.ts';
import type { Race } from './races.ts';

/** Mergesets and deployments with their times. */

/** A remark about one mergeset's time. */
export type Note =
  /** An older commit than the recorded one may have been deployed, so it may have gone live later. */
  | 'older-commit'
  /** It went live with the environment's first success or before, so its lead time is unknown. */
  | 'first-success'
  | 'statuses-gone'
  | 'tag-without-time'
  /** The current run deploys it and has not finished. */
  | 'assumed'
  /** A configuration declares that it is live, but nothing confirms it. */
  | 'declared'
  /** The timestamps say that it was deployed before it was merged. Counted as 0. */
  | 'before-merge'
  /** Its branch was live when it was merged. */
  | 'deployed-before-merge'
  /** It is live as a cherry-pick. */
  | 'picked'
  /** GitHub does not link the pull request with its commit. The headline does. */
  | 'by-headline'
  /** The deployed commits contain no change of the branch, so nobody knows whether it is live. */
  | 'foreign';

export interface MeasuredMergeset extends Mergeset {
  deployment: number | string | null;
  deployedAt: Date | null;
  /** From merge to live, in seconds; `null` while pending or untimed. */
  leadTimeSeconds: number | null;
  /** From merge to now, in seconds; `null` unless pending. */
  waitingSeconds: number | null;
  /** True if it is live in all regions but idle ones. */
  waitsForIdleRegions: boolean;
  /** True if it is live, or may be, but nobody knows since when. */
  untimed: boolean;
  /** The cherry-picked commit that it went live as, if any. */
  pickedAs: string | null;
  /** Why the statistic does not count it; `null` if it does. */
  excludedBecause: string | null;
  /** True if it does not start a deployment, and goes live with the next change that does. */
  deploysNothing: boolean;
  /** Seconds of its time from merge to live, or to now, that fell into freezes. */
  frozenSeconds: number;
  notes: Note[];
}

export interface MeasuredDeployment extends Omit<Shipment, 'position' | 'mergesets'> {
  id: number | string;
  mergesets: MeasuredMergeset[];
  authors: string[];
  batched: boolean;
  causes: BatchCause[];
  race: Race | null;
  /** Number of deployments that a controller made of its commit; otherwise 1. */
  records: number;
  /** Its parts if several jobs deploy together; otherwise empty. */
  parts: PartOutcome[];
}

/** From the first commit to live, in seconds; `null` if either is unknown or the commit is dated after the merge. */
export function codeToLiveSeconds({ firstCommitAt, mergedAt, deployedAt }: MeasuredMergeset): number | null {
  if (firstCommitAt === null || deployedAt === null || firstCommitAt > mergedAt) return null;
  return Math.max(0, Math.floor((deployedAt.getTime() - firstCommitAt.getTime()) / 1000));
}

/** From merge to live, or to now. */
export const secondsSoFar = ({ leadTimeSeconds, waitingSeconds }: MeasuredMergeset): number =>
  leadTimeSeconds ?? waitingSeconds ?? 0;

/** True if the statistic counts a mergeset. */
export const isCounted = ({ untimed, excludedBecause }: MeasuredMergeset): boolean =>
  !untimed && excludedBecause === null;

/** The times of the mergesets that count. */
export function observationsOf(mergesets: readonly MeasuredMergeset[]): Observation[] {
  return mergesets.filter(isCounted).map((mergeset) => ({
    seconds: secondsSoFar(mergeset),
    shipped: mergeset.leadTimeSeconds !== null,
    waitsForIdleRegions: mergeset.waitsForIdleRegions,
  }));
}
