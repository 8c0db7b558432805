import type { MeasuredDeployment, MeasuredMergeset } from './measured.ts';
import type { Measurement } from './measure.ts';

/**
 * What happened, as plain numbers, from which what was known at any instant can be read: a change that went live later
 * was still waiting then. Instants in milliseconds, lead times in seconds.
 */
export interface Timeline {
  /** All that count and were merged from here on are among the changes. */
  from: number;
  /** What the statistic takes, oldest merged first. */
  changes: readonly TimelineChange[];
  /** Successes of a known time, in the order of success, also those that shipped nothing that counts. */
  deployments: readonly TimelineDeployment[];
}

export interface TimelineChange {
  mergedAt: number;
  /** `null`: it was still waiting at the end. */
  liveAt: number | null;
  /** From merge to live; `null` while it waits. */
  seconds: number | null;
}

export interface TimelineDeployment {
  id: number | string;
  at: number;
  /** Lower median of the lead times of what it shipped; `null`: it shipped nothing that counts. */
  medianSeconds: number | null;
  /** Of what it shipped, each lead time, shortest first. */
  seconds: readonly number[];
  batched: boolean;
  /** What it shipped: pull requests by their number. */
  pullRequests: readonly number[];
  sha: string;
}

/** The timeline of what was measured: from the beginning of its window to its end. */
export function timelineOf({
  window,
  mergesets,
  deployments,
}: Pick<Measurement, 'window' | 'mergesets' | 'deployments'>): Timeline {
  return {
    from: window.from.getTime(),
    changes: mergesets.filter(counts).map(changeOf),
    deployments: deployments.filter((deployment) => deployment.outcome === 'success').flatMap(deploymentOf),
  };
}

const counts = ({ untimed, leftOut }: MeasuredMergeset): boolean => !untimed && leftOut === null;

const changeOf = ({ mergedAt, deployedAt, leadTimeSeconds }: MeasuredMergeset): TimelineChange => ({
  mergedAt: mergedAt.getTime(),
  liveAt: deployedAt?.getTime() ?? null,
  seconds: leadTimeSeconds,
});

function deploymentOf(deployment: MeasuredDeployment): TimelineDeployment[] {
  if (deployment.succeededAt === null) return [];
  const seconds = deployment.mergesets
    .filter(counts)
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

/** @param sorted - shortest first; `null` for none. */
export const lowerMedian = (sorted: readonly number[]): number | null =>
  sorted[Math.ceil(sorted.length / 2) - 1] ?? null;

/** The first index from which on `isLater` holds, in a list that is sorted by it. */
export function firstIndex<T>(sorted: readonly T[], isLater: (each: T) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isLater(sorted[middle] as T)) high = middle;
    else low = middle + 1;
  }
  return low;
}
