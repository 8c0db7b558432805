import type { Outcome } from '../model/outcome.ts';
import type { Attribution, Shipment } from './attribution.ts';

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
 * It answers none where several merges simply fell between two deployments.
 *
 * @param outcomes - of all deployments; gone through once, however many batches are asked about.
 */
export function causesIn(
  outcomes: readonly Outcome[],
  attribution: Attribution,
): (batch: Shipment) => BatchCause[] {
  const failures = new Map<Shipment, Outcome[]>();
  for (const each of outcomes) {
    const shipment = each.outcome === 'failure' ? attribution.shipmentOf(each.deployment.sha) : undefined;
    if (shipment && each.at <= shipment.at) failures.set(shipment, [...(failures.get(shipment) ?? []), each]);
  }
  return (batch) => [
    ...landedTogether(batch),
    ...(failures.get(batch) ?? []).map(
      (each): BatchCause => ({ kind: 'failed-before', deployment: each.deployment.id, at: each.at }),
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
