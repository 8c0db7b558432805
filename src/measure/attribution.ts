import { contained } from '../model/commit-graph.ts';
import type { Oid, RepositoryFacts, UnitFacts } from '../model/facts.ts';
import { type Mergeset, mergesetsOf } from '../model/mergesets.ts';
import { bySuccess, type Outcome, outcomeOf, successes } from '../model/outcome.ts';
import { isAncestor } from './ancestry.ts';
import { type Carriers, carriersOf } from './carriers.ts';

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

/** How a mergeset came to be live. */
export interface Arrival {
  shipment: Shipment;
  /** What it went live as, where that was not its own commit: one that was picked, or its branch before the merge. */
  as: { kind: 'pick'; oid: Oid } | { kind: 'before-merge' } | null;
}

export interface Attribution {
  /** In the order of success. */
  shipments: Shipment[];
  /** Every mergeset that was read, oldest first. */
  mergesets: Mergeset[];
  /** The first success that contains a commit. */
  shipmentOf(oid: Oid): Shipment | undefined;
  /** How a mergeset came to be live; `undefined` while it is pending. */
  arrivalOf(mergeset: Mergeset): Arrival | undefined;
  /** Of a pending mergeset: the newest deployment that would have shipped it, and failed. */
  failureOf(mergeset: Mergeset): Outcome | undefined;
}

/**
 * Which deployment shipped what: for each commit, of the successful deployments that contain it, the one that
 * succeeded first. The deployments are taken in the order of success and each walks down from its commit until it
 * meets what is live already, so every commit is visited once.
 *
 * The earliest known success is where the telling begins: what it contains is not set down as shipped by it,
 * unless it is the environment's very first (`seed`), where its window's mergesets are named but left untimed.
 * A deployment whose commit the repository no longer has ships nothing; its mergesets go with the next.
 *
 * A mergeset can be live under another name: picked to another branch (`carriersOf`), or deployed from its own branch
 * before it was merged, where that was still live at the merge.
 */
export function attribute(
  repo: RepositoryFacts,
  unit: UnitFacts,
  options: {
    asOf: Date;
    runId: number | null;
    countDirectPushes: boolean;
    /** Whether a mergeset is one of this unit; all are by default. */
    concerns?: (mergeset: Mergeset) => boolean;
  },
): Attribution {
  const { concerns = () => true } = options;
  const all = mergesetsOf(repo, options.countDirectPushes).filter(concerns);
  const mergesets = all.filter((each) => each.mergedAt <= options.asOf);
  const carriers = carriersOf(repo, mergesets);
  const picks = new Map<Mergeset, Pick[]>();

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
        for (const { mergeset, original } of carriers.carriedBy(commit)) {
          const pick = { shipment, oid: commit.oid, original };
          picks.set(mergeset, [...(picks.get(mergeset) ?? []), pick]);
        }
      });
      deployed.add(sha);
      newest = sha;
      return shipment;
    });

  const contains = (shipment: Shipment, oid: Oid) =>
    isAncestor(repo.commits, turnOf, oid, shipment.deployment.sha);
  const arrivals = new Map<Mergeset, Arrival>();
  for (const mergeset of mergesets) {
    const arrival = arrivalOf(mergeset, {
      repo,
      shipments,
      contains,
      own: shippedBy.get(mergeset.mergeCommit),
      picks: picks.get(mergeset) ?? [],
      carriers,
    });
    if (!arrival) continue;
    arrivals.set(mergeset, arrival);
    // What was live at its merge was put there by no deployment after it, and what made it live put nothing else there.
    if (arrival.as?.kind !== 'before-merge') arrival.shipment.mergesets.push(mergeset);
  }
  for (const { mergesets: shipped } of shipments)
    shipped.sort((a, b) => a.mergedAt.getTime() - b.mergedAt.getTime() || (a.number ?? 0) - (b.number ?? 0));
  return {
    shipments,
    mergesets: all,
    shipmentOf: (oid) => shippedBy.get(oid),
    arrivalOf: (mergeset) => arrivals.get(mergeset),
    failureOf: failuresIn(repo, unit, options, shippedBy),
  };
}

function failuresIn(
  { commits }: RepositoryFacts,
  { deployments }: UnitFacts,
  { asOf, runId }: { asOf: Date; runId: number | null },
  shippedBy: ReadonlyMap<Oid, Shipment>,
): (mergeset: Mergeset) => Outcome | undefined {
  const newest = new Map<Oid, Outcome>();
  const failures = deployments
    .map((each) => outcomeOf(each, asOf, runId))
    .filter((each) => each !== null)
    .filter((each) => each.outcome === 'failure')
    .sort(bySuccess);
  // The newest first, so that each commit is met once.
  for (const failure of failures.toReversed()) {
    const open = [failure.deployment.sha];
    for (let oid = open.pop(); oid !== undefined; oid = open.pop()) {
      if (newest.has(oid) || shippedBy.has(oid) || !commits.has(oid)) continue;
      newest.set(oid, failure);
      open.push(...(commits.get(oid)?.parents ?? []));
    }
  }
  return ({ mergeCommit }) => newest.get(mergeCommit);
}

/** A commit that carries a mergeset, or one of its commits, and the first success that contains it. */
interface Pick {
  shipment: Shipment;
  oid: Oid;
  original: Oid;
}

interface Ways {
  repo: RepositoryFacts;
  shipments: readonly Shipment[];
  contains: (shipment: Shipment, oid: Oid) => boolean;
  /** The first success that contains its merge commit. */
  own: Shipment | undefined;
  picks: readonly Pick[];
  carriers: Carriers;
}

function arrivalOf(mergeset: Mergeset, ways: Ways): Arrival | undefined {
  const { own, shipments } = ways;
  if (own && own.at <= mergeset.mergedAt) return { shipment: own, as: null };
  const before = newestUpTo(shipments, mergeset.mergedAt);
  if (before && wasLive(mergeset, before, ways)) return { shipment: before, as: { kind: 'before-merge' } };
  const picked = pickedAfter(mergeset, ways);
  if (picked && (!own || picked.shipment.turn < own.turn))
    return { shipment: picked.shipment, as: { kind: 'pick', oid: picked.oid } };
  return own && { shipment: own, as: null };
}

/** The newest success up to an instant; by bisection, as there may be many of both. */
function newestUpTo(shipments: readonly Shipment[], instant: Date): Shipment | undefined {
  let [low, high] = [0, shipments.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((shipments[middle]?.at ?? instant) <= instant) low = middle + 1;
    else high = middle;
  }
  return shipments[low - 1];
}

/** Whether what was live at its merge was its branch's last commit, had the same files, or all of it picked. */
function wasLive(mergeset: Mergeset, before: Shipment, { repo, contains, picks, carriers }: Ways): boolean {
  if (mergeset.head !== null && contains(before, mergeset.head)) return true;
  const tree = repo.commits.get(mergeset.mergeCommit)?.tree ?? null;
  if (tree !== null && repo.commits.get(before.deployment.sha)?.tree === tree) return true;
  const there = picks.filter((each) => each.shipment.turn <= before.turn && contains(before, each.oid));
  return carriers.isWhole(mergeset, originalsOf(there));
}

/** The pick by which the last of its commits went live, after its merge. */
function pickedAfter(mergeset: Mergeset, { picks, carriers }: Ways): Pick | undefined {
  const later = picks
    .filter((each) => each.shipment.at >= mergeset.mergedAt)
    .sort((a, b) => a.shipment.turn - b.shipment.turn);
  return later.find((_, i) => carriers.isWhole(mergeset, originalsOf(later.slice(0, i + 1))));
}

const originalsOf = (picks: readonly Pick[]): Set<Oid> => new Set(picks.map((each) => each.original));
