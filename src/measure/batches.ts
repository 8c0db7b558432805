import type { Outcome } from '../model/outcome.ts';
import type { Attribution, Shipment } from './attribution.ts';
import { quantileOf } from '../model/survival.ts';

/** Why one deployment shipped several mergesets. */
export type BatchCause =
  | { kind: 'landed-together'; count: number; at: Date }
  | { kind: 'failed-before'; deployment: number | string; at: Date }
  /** A run for one of its changes was replaced in its concurrency group by a newer one before it had begun. */
  | { kind: 'evicted'; run: number; at: Date };

/** Mergesets that land within so many milliseconds of one another landed at one moment. */
const ONE_MOMENT = 5000;

/**
 * Tells the causes that the facts show of a batch:
 * - `landed-together`: mergesets that reached the branch at one moment, as a merge queue puts them there;
 * - `failed-before`: a deployment of some of the same commits that failed first, so that they went with this one.
 *
 * It answers none where several merges simply fell between two deployments. All deployments are gone through once,
 * however many batches are asked about.
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
    while ((mergesets[next]?.mergedAt.getTime() ?? Number.POSITIVE_INFINITY) - at.getTime() <= ONE_MOMENT)
      next++;
    if (next - i > 1) causes.push({ kind: 'landed-together', count: next - i, at });
    i = next;
  }
  return causes;
}

/** How a batch came to be, of which nothing else tells why: how fast changes were merged, and how fast they go live. */
export interface Pace {
  /** Seconds between two of its merges, the median. */
  apartSeconds: number;
  /** Seconds from its last merge to live. */
  takesSeconds: number;
  /** For how many seconds, from its first merge to its own deployment, another deployment was under way. */
  busySeconds: number;
}

/**
 * The pace of the changes of one deployment. Where merges come faster than they go live a batch is bound to happen, as
 * deployments to one place run one after the other.
 *
 * @param all - deployments around it, as far as they were read; those under way at the end count as long as they run.
 * @returns `null` for fewer than two timed changes.
 */
export function paceOf(
  {
    deployment,
    at,
    mergesets,
  }: Pick<Outcome, 'deployment' | 'at'> & {
    mergesets: readonly { mergedAt: Date; leadTimeSeconds: number | null }[];
  },
  all: readonly Pick<Outcome, 'deployment' | 'at'>[],
): Pace | null {
  const merged = mergesets.map((mergeset) => mergeset.mergedAt.getTime()).sort((a, b) => a - b);
  const [first] = merged;
  const last = merged.at(-1);
  if (first === undefined || last === undefined || merged.length < 2) return null;
  if (mergesets.some((mergeset) => mergeset.leadTimeSeconds === null)) return null;
  const apart = merged.slice(1).map((time, i) => time - (merged[i] ?? time));
  const until = Math.max(first, deployment.createdAt.getTime());
  const spans = all
    .filter((pick) => pick.deployment.id !== deployment.id)
    .map((pick) => ({ from: pick.deployment.createdAt.getTime(), to: pick.at.getTime() }))
    .sort((a, b) => a.from - b.from);
  let reached = first;
  let busy = 0;
  for (const { from, to } of spans) {
    const begin = Math.max(reached, from);
    const end = Math.min(until, to);
    if (end <= begin) continue;
    busy += end - begin;
    reached = end;
  }
  const seconds = (milliseconds: number) => Math.floor(milliseconds / 1000);
  return {
    apartSeconds: seconds(quantileOf(apart, 0.5)),
    takesSeconds: seconds(Math.max(0, at.getTime() - last)),
    busySeconds: seconds(busy),
  };
}
