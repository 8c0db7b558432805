import type { Mergeset } from '../model/mergesets.ts';
import type { Outcome, PartOutcome } from '../model/outcome.ts';
import type { BatchCause } from './batches.ts';
import type { Observation } from '../model/survival.ts';

/** Mergesets and deployments with their times. */

/** What is worth saying of one mergeset's time. */
export type Note =
  /** Live with the environment's first success: since when, nobody knows. */
  | 'first-success'
  | 'statuses-gone'
  | 'tag-without-time'
  /** The deployment is this very run's. */
  | 'assumed'
  /** A configuration declares that it is live, and nothing proves it. */
  | 'declared'
  /** By the clocks it was deployed before it was merged: counted as 0. */
  | 'before-merge'
  /** Its branch was live when it was merged. */
  | 'deployed-before-merge'
  /** It is live as a commit that was picked from it. */
  | 'picked'
  /** GitHub does not link it with its commit. */
  | 'by-headline'
  /** Nothing that was deployed holds anything of the branch: whether it is live cannot be told. */
  | 'foreign';

export interface MeasuredMergeset extends Mergeset {
  deployment: number | string | null;
  deployedAt: Date | null;
  /** From merge to live, in seconds; `null` while pending or untimed. */
  leadTimeSeconds: number | null;
  /** So far, in seconds; `null` unless pending. */
  waitingSeconds: number | null;
  /** Live, but since when cannot be known. */
  untimed: boolean;
  /** The commit that it went live as, where that is not its own. */
  pickedAs: string | null;
  /** Why the statistic leaves it out; `null`: it counts. */
  leftOut: string | null;
  /** Whether it deploys nothing by itself: it rides along with the next change that does. */
  ridesAlong: boolean;
  /** Of its time from merge to live, or so far, how much fell into freezes, in seconds. */
  frozenSeconds: number;
  notes: Note[];
}

export interface MeasuredDeployment extends Outcome {
  id: number | string;
  mergesets: MeasuredMergeset[];
  authors: string[];
  batched: boolean;
  causes: BatchCause[];
  redeploy: boolean;
  rollback: boolean;
  seed: boolean;
  /** Its parts, where several jobs deploy together; else none. */
  parts: PartOutcome[];
}

/** From its first commit to live, in seconds; `null` where that is not known, or the commit is dated after the merge. */
export function codeToLiveSeconds({ firstCommitAt, mergedAt, deployedAt }: MeasuredMergeset): number | null {
  if (firstCommitAt === null || deployedAt === null || firstCommitAt > mergedAt) return null;
  return Math.max(0, Math.floor((deployedAt.getTime() - firstCommitAt.getTime()) / 1000));
}

/** From merge to live, or so far. */
export const secondsSoFar = (mergeset: MeasuredMergeset): number =>
  mergeset.leadTimeSeconds ?? mergeset.waitingSeconds ?? 0;

/** What is known of how long each took; the untimed ones are left out, and those that the team leaves out. */
export function observed(mergesets: readonly MeasuredMergeset[]): Observation[] {
  return mergesets
    .filter((mergeset) => !mergeset.untimed && mergeset.leftOut === null)
    .map((mergeset) => ({ seconds: secondsSoFar(mergeset), shipped: mergeset.leadTimeSeconds !== null }));
}
