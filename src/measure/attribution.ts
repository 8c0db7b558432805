import type { Oid, RepositoryFacts, UnitFacts } from '../model/facts.ts';
import { contained } from '../model/commit-graph.ts';
import { type Mergeset, mergesetsOf } from '../model/mergesets.ts';
import { type Outcome, successes } from '../model/outcome.ts';
import { isAncestor } from './ancestry.ts';

/** A success, and what it put live that was not live before. */
export interface Shipment extends Outcome {
  /** In the order of success, from 0. */
  turn: number;
  mergesets: Mergeset[];
  /** The environment's first success: there is nothing to compare it with. */
  seed: boolean;
  /** Of a commit that had been deployed before. */
  redeploy: boolean;
  /** Of an ancestor of what was live. */
  rollback: boolean;
}

export interface Attribution {
  /** In the order of success. */
  shipments: Shipment[];
  /** Every mergeset that was read, oldest first. */
  mergesets: Mergeset[];
  /** The first success that contains a commit. */
  shipmentOf(oid: Oid): Shipment | undefined;
}

/**
 * Which deployment shipped what: for each commit, of the successful deployments that contain it, the one that
 * succeeded first. The deployments are taken in the order of success and each walks down from its commit until it
 * meets what is live already, so every commit is visited once.
 *
 * The earliest known success is where the telling begins: what it contains is not set down as shipped by it,
 * unless it is the environment's very first (`seed`), where its window's mergesets are named but left untimed.
 * A deployment whose commit the repository no longer has ships nothing; its mergesets go with the next.
 */
export function attribute(
  repo: RepositoryFacts,
  unit: UnitFacts,
  options: { asOf: Date; runId: number | null; countDirectPushes: boolean },
): Attribution {
  const mergesets = mergesetsOf(repo, options.countDirectPushes);
  const byCommit = new Map<Oid, Mergeset[]>();
  for (const mergeset of mergesets) {
    if (mergeset.mergedAt > options.asOf) continue;
    const same = byCommit.get(mergeset.mergeCommit);
    if (same) same.push(mergeset);
    else byCommit.set(mergeset.mergeCommit, [mergeset]);
  }

  const live = new Set<Oid>();
  const shippedBy = new Map<Oid, Shipment>();
  const turnOf = (oid: Oid) => shippedBy.get(oid)?.turn;
  const deployed = new Set<Oid>();
  let newest: Oid | null = null;

  const shipments = successes(unit.deployments, options.asOf, options.runId)
    .filter((each) => each.deployment.commitExists)
    .map((outcome, i): Shipment => {
      const { sha } = outcome.deployment;
      const rollback = newest !== null && sha !== newest && isAncestor(repo.commits, turnOf, sha, newest);
      const shipment: Shipment = {
        ...outcome,
        turn: i,
        mergesets: [],
        seed: i === 0 && unit.deploymentsComplete,
        redeploy: !rollback && deployed.has(sha),
        rollback,
      };
      contained(repo.commits, [sha], live, (commit) => {
        shippedBy.set(commit.oid, shipment);
        for (const each of byCommit.get(commit.oid) ?? []) shipment.mergesets.push(each);
      });
      shipment.mergesets.sort(
        (a, b) => a.mergedAt.getTime() - b.mergedAt.getTime() || (a.number ?? 0) - (b.number ?? 0),
      );
      deployed.add(sha);
      newest = sha;
      return shipment;
    });
  return { shipments, mergesets, shipmentOf: (oid) => shippedBy.get(oid) };
}
