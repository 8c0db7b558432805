import type { Outcome } from '../facts/outcome.ts';
import type { Attribution, Shipment } from './attribution.ts';

/** Why one deployment shipped several mergesets. */
export type BatchCause =
  | { kind: 'landed-together'; count: number; at: Date }
  | { kind: 'failed-before'; deployment: number | string; at: Date };

/** Mergesets that land within so many milliseconds of one another landed at one moment. */
const ONE_MOMENT = 5000;

/**
 * The causes that the facts show:
 * - `landed-together`: mergesets that reached the branch at one moment, as a merge queue puts them there;
 * - `failed-before`: a deployment of some of the same commits that failed first, so that they went with this one.
 *
 * @returns none where several merges simply fell between two deployments.
 */
export function causesOf(
  shipment: Shipment,
  outcomes: readonly Outcome[],
  attribution: Attribution,
): BatchCause[] {
  return [...landedTogether(shipment), ...failedBefore(shipment, outcomes, attribution)];
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

function failedBefore(
  shipment: Shipment,
  outcomes: readonly Outcome[],
  attribution: Attribution,
): BatchCause[] {
  return outcomes
    .filter(
      (each) =>
        each.outcome === 'failure' &&
        each.at <= shipment.at &&
        attribution.shipmentOf(each.deployment.sha) === shipment,
    )
    .map((each) => ({ kind: 'failed-before', deployment: each.deployment.id, at: each.at }));
}
