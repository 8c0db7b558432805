import type { Outcome } from '../model/outcome.ts';
import { quantileOf } from '../model/survival.ts';
import type { Attribution, Shipment } from './attribution.ts';

/** Why one deployment shipped several mergesets. */
export type BatchCause =
  | { kind: 'landed-together'; count: number; at: Date }
  | { kind: 'failed-before'; deployment: number | string; at: Date }
  /** A run for one of its changes was replaced by a newer one in its concurrency group before it started. */
  | { kind: 'evicted'; run: number; at: Date };

/** Mergesets that land within this many milliseconds landed together. */
const TOGETHER = 5000;

/**
 * The causes of batches that the facts show:
 * - `landed-together`: mergesets reached the branch at one moment, for example from a merge queue.
 * - `failed-before`: an earlier deployment of some of the same commits failed.
 *
 * A batch has no cause if several merges simply fell between two deployments. The returned function can be called for
 * many batches, because the deployments are searched only once.
 */
export function causesIn({ outcomes, shipmentOf }: Attribution): (batch: Shipment) => BatchCause[] {
  const failures = new Map<Shipment, Outcome[]>();
  for (const outcome of outcomes) {
    const shipment = outcome.outcome === 'failure' ? shipmentOf(outcome.deployment.sha) : undefined;
    if (shipment && outcome.at <= shipment.at)
      failures.set(shipment, [...(failures.get(shipment) ?? []), outcome]);
  }
  return (batch) => [
    ...landedTogether(batch),
    ...(failures.get(batch) ?? []).map(
      (outcome): BatchCause => ({ kind: 'failed-before', deployment: outcome.deployment.id, at: outcome.at }),
    ),
  ];
}

function landedTogether({ mergesets }: Shipment): BatchCause[] {
  const causes: BatchCause[] = [];
  for (let i = 0; i < mergesets.length; ) {
    const at = mergesets[i]?.mergedAt;
    if (at === undefined) break;
    let next = i + 1;
    while ((mergesets[next]?.mergedAt.getTime() ?? Number.POSITIVE_INFINITY) - at.getTime() <= TOGETHER)
      next++;
    if (next - i > 1) causes.push({ kind: 'landed-together', count: next - i, at });
    i = next;
  }
  return causes;
}

/** How fast the changes of a batch were merged, and how fast they went live. Explains a batch without other causes. */
export interface Pace {
  /** Median of the seconds between two merges. */
  apartSeconds: number;
  /** Seconds from the last merge to live. */
  takesSeconds: number;
  /** Seconds, from the first merge to the start of the deployment, in which another deployment was running. */
  busySeconds: number;
}

/**
 * The pace of the changes of one deployment. If merges arrive faster than they go live, changes pile up, because
 * deployments to an environment run one after another.
 *
 * @param deployments - all deployments around it. A deployment that still runs counts until its `at`.
 * @returns `null` for fewer than two changes, or if a change has no lead time.
 */
export function paceOf(
  {
    deployment,
    at,
    mergesets,
  }: Pick<Outcome, 'deployment' | 'at'> & {
    mergesets: readonly { mergedAt: Date; leadTimeSeconds: number | null }[];
  },
  deployments: readonly Pick<Outcome, 'deployment' | 'at'>[],
): Pace | null {
  const merged = mergesets.map((mergeset) => mergeset.mergedAt.getTime()).sort((a, b) => a - b);
  const [first] = merged;
  const last = merged.at(-1);
  if (first === undefined || last === undefined || merged.length < 2) return null;
  if (mergesets.some((mergeset) => mergeset.leadTimeSeconds === null)) return null;
  const gaps = merged.slice(1).map((time, i) => time - (merged[i] ?? time));
  const until = Math.max(first, deployment.createdAt.getTime());
  const spans = deployments
    .filter(
      (other) =>
        other.deployment.id !== deployment.id &&
        other.at.getTime() > first &&
        other.deployment.createdAt.getTime() < until,
    )
    .map((other) => ({ from: other.deployment.createdAt.getTime(), to: other.at.getTime() }))
    .sort((a, b) => a.from - b.from);
  let countedUntil = first;
  let busy = 0;
  for (const { from, to } of spans) {
    const start = Math.max(countedUntil, from);
    const end = Math.min(until, to);
    if (end <= start) continue;
    busy += end - start;
    countedUntil = end;
  }
  const seconds = (milliseconds: number) => Math.floor(milliseconds / 1000);
  return {
    apartSeconds: seconds(quantileOf(gaps, 0.5)),
    takesSeconds: seconds(Math.max(0, at.getTime() - last)),
    busySeconds: seconds(busy),
  };
}
