import type { Mergeset } from '../model/mergesets.ts';
import { bySuccess, type Outcome, partsOf } from '../model/outcome.ts';
import type { Attribution, Shipment } from './attribution.ts';

/** Two deployments overlapped, and the one with the older commit ended last, so that it replaced the newer one. */
export interface Race {
  /** The mergesets that were live and are not in the older commit. */
  mergesets: Mergeset[];
  /** When the newer commit was live first. */
  from: Date;
  /** When the older commit replaced it. */
  replacedAt: Date;
  /** When it was live again; `null` if it was not up to now. */
  againAt: Date | null;
}

/** The race that a rollback is; `null` if it started after the newer commit was live, as a deliberate one does. */
export function raceOf(rollback: Shipment, attribution: Attribution): Race | null {
  const { shipments, contains } = attribution;
  const replaced = shipments[rollback.position - 1];
  const overlap = replaced && lastOverlap(rollback, replaced, attribution);
  if (!overlap) return null;
  const [older, newer] = overlap;
  const isNewer = (shipment: Shipment) =>
    shipment.succeededAt !== null && shipment.succeededAt > startOf(rollback);
  const again = shipments
    .slice(rollback.position + 1)
    .find(({ at, deployment }) => at > older.at && contains(deployment.sha, replaced.deployment.sha));
  return {
    mergesets: shipments
      .slice(0, rollback.position)
      .filter(isNewer)
      .flatMap(({ mergesets }) => mergesets)
      .filter(({ mergeCommit }) => !contains(rollback.deployment.sha, mergeCommit)),
    from: newer.at,
    replacedAt: older.at,
    againAt: again?.at ?? null,
  };
}

const startOf = ({ deployment }: Outcome): Date => deployment.restartedAt ?? deployment.createdAt;

/** The older and the newer one, if the older one started before the newer one ended, and ended last: in one job or region. */
function lastOverlap(
  older: Outcome,
  newer: Outcome,
  { asOf, runId }: Attribution,
): readonly [Outcome, Outcome] | undefined {
  const newerParts = partsOf(newer.deployment, asOf, runId);
  const pairs = partsOf(older.deployment, asOf, runId).flatMap((part): [Outcome, Outcome][] => {
    const same = newerParts.find(({ job }) => job !== null && job === part.job);
    return same ? [[part, same]] : [];
  });
  return (pairs.length > 0 ? pairs : [[older, newer] as const])
    .filter(([a, b]) => a.succeededAt && b.succeededAt && a.succeededAt > b.succeededAt)
    .sort(([a], [b]) => bySuccess(a, b))
    .findLast(([a, b]) => startOf(a) < b.at);
}
