import type { Measurement } from './measure.ts';
import type { Observation } from '../model/survival.ts';
import { isCounted, type MeasuredDeployment, type MeasuredMergeset } from './measured.ts';

/**
 * Changes and deployments as plain numbers. They show what was known at any instant: a change that went live later was
 * still waiting then. Instants in milliseconds, lead times in seconds.
 */
export interface Timeline {
  /** Every counted change that was merged at this instant or later is in `changes`. */
  from: number;
  /** The changes that the statistic counts, in the order of their merges. */
  changes: readonly TimelineChange[];
  /** Successful deployments with a known time, in the order of success. Includes those that shipped nothing that counts. */
  deployments: readonly TimelineDeployment[];
}

export interface TimelineChange {
  mergedAt: number;
  /** `null` if it was still waiting at the end. */
  liveAt: number | null;
  /** From merge to live; `null` while it waits. */
  seconds: number | null;
  waitsForIdleRegions?: boolean;
  /** The observation once it is live. Many windows share it. */
  observation?: Observation;
}

export interface TimelineDeployment {
  id: number | string;
  at: number;
  /** Lower median of the lead times of the changes it shipped; `null` if it shipped nothing that counts. */
  medianSeconds: number | null;
  /** The lead times of the changes it shipped, shortest first. */
  seconds: readonly number[];
  batched: boolean;
  /** Numbers of the pull requests it shipped. */
  pullRequests: readonly number[];
  sha: string;
}

/** The timeline of a measurement, from the start of its window to the end. */
export function timelineOf({ window, mergesets, deployments }: Measurement): Timeline {
  return {
    from: window.from.getTime(),
    changes: mergesets.filter(isCounted).map(changeOf),
    deployments: deployments.filter((deployment) => deployment.outcome === 'success').flatMap(deploymentOf),
  };
}

const changeOf = ({
  mergedAt,
  deployedAt,
  leadTimeSeconds,
  waitsForIdleRegions,
}: MeasuredMergeset): TimelineChange => ({
  mergedAt: mergedAt.getTime(),
  liveAt: deployedAt?.getTime() ?? null,
  seconds: leadTimeSeconds,
  waitsForIdleRegions,
  ...(leadTimeSeconds === null ? {} : { observation: { seconds: leadTimeSeconds, shipped: true } }),
});

function deploymentOf(deployment: MeasuredDeployment): TimelineDeployment[] {
  if (deployment.succeededAt === null) return [];
  const seconds = deployment.mergesets
    .filter(isCounted)
    .flatMap(({ leadTimeSeconds }) => leadTimeSeconds ?? [])
    .sort((a, b) => a - b);
  return [
    {
      id: deployment.id,
      at: deployment.succeededAt.getTime(),
      medianSeconds: lowerMedian(seconds),
      seconds,
      batched: deployment.batched,
      pullRequests: deployment.mergesets.flatMap(({ number }) => number ?? []),
      sha: deployment.deployment.sha,
    },
  ];
}

/**
 * @param sorted - shortest first.
 * @returns `null` for an empty list.
 */
export const lowerMedian = (sorted: readonly number[]): number | null =>
  sorted[Math.ceil(sorted.length / 2) - 1] ?? null;
