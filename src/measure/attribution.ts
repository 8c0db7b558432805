import { contained } from '../model/commit-graph.ts';
import type { Commit, Oid, PullRequest, RepositoryFacts, ServiceFacts } from '../model/facts.ts';
import { carriedPullRequests, type Mergeset, mergesetsOf, withoutPullRequest } from '../model/mergesets.ts';
import { type Outcome, outcomesOf } from '../model/outcome.ts';
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

export interface AttributionOptions {
  /** The instant of the answer: what happened later is not known yet. */
  asOf: Date;
  /** The workflow run that asks; its own unfinished deployment counts as live. */
  runId: number | null;
  countDirectPushes: boolean;
  /** Whether a mergeset concerns the service. Defaults to all of them. */
  concerns?: (mergeset: Mergeset) => boolean;
}

/** Which deployment shipped which change, for one service, from one set of facts. */
export interface Attribution extends Omit<AttributionOptions, 'concerns'> {
  /** The facts that it was made from. */
  repository: RepositoryFacts;
  facts: ServiceFacts;
  /** Every mergeset that was read, oldest first, also those merged after `asOf`. */
  mergesets: readonly Mergeset[];
  /** What became of each deployment whose commit exists, in the order of success; the shipments are among them. */
  outcomes: readonly (Outcome | Shipment)[];
  /** In the order of success. */
  shipments: readonly Shipment[];
  /**
   * Whether the deployed commits contain no change of the base branch, although there were changes to deploy. They
   * belong to another branch then, and what is live of this one is unknown.
   */
  isForeign: boolean;
  /** The first success that contains a commit. */
  shipmentOf(oid: Oid): Shipment | undefined;
  /** How a mergeset came to be live; `undefined` while it is pending. */
  arrivalOf(mergeset: Mergeset): Arrival | undefined;
  /** The newest failed deployment that would have shipped a pending mergeset. */
  failureOf(mergeset: Mergeset): Outcome | undefined;
  /** Pull requests that were merged into another branch, which was then merged into the base branch. */
  carriedPullRequests(): readonly PullRequest[];
  /** Commits that reached the base branch without a pull request, newest first. */
  directPushes(): readonly Commit[];
}

/** Tells the deployments that put something live from those that failed or still run. */
export const isShipment = (outcome: Outcome | Shipment): outcome is Shipment => 'mergesets' in outcome;

/**
 * Attributes each commit to the first successful deployment that contains it. The deployments are taken in the order of
 * success, and each walks down from its commit until it meets what is live already, so every commit is visited once.
 *
 * Attribution starts after the earliest known success: what that one contains may have been live before. Only the
 * environment's very first success (`seed`) names the mergesets it contains, and even those stay untimed.
 * A deployment whose commit the repository no longer has ships nothing; its mergesets go with the next one.
 *
 * A mergeset can be live under another name: picked to another branch (`carriersOf`), or deployed from its own branch
 * before the merge, if that deployment was still live at the merge.
 *
 * The result depends on no window, so one attribution answers for every window that ends at `asOf`. Results of walks
 * that only some readers need are computed on the first call, and kept.
 */
export function attribute(
  repository: RepositoryFacts,
  service: ServiceFacts,
  options: AttributionOptions,
): Attribution {
  const { asOf, runId, countDirectPushes, concerns = () => true } = options;
  const { commits } = repository;
  const branch = contained(commits, repository.tips);
  const mergesets = mergesetsOf(repository, countDirectPushes).filter(concerns);
  const merged = mergesets.filter(({ mergedAt }) => mergedAt <= asOf);
  const carriers = carriersOf(repository, merged, branch);
  const picks = new Map<Mergeset, Pick[]>();

  const live = new Set<Oid>();
  const shippedBy = new Map<Oid, Shipment>();
  const turnOf = (oid: Oid) => shippedBy.get(oid)?.turn;
  const deployed = new Set<Oid>();
  let newest: Oid | null = null;
  let turn = 0;
  const ship = (outcome: Outcome): Shipment => {
    const { sha } = outcome.deployment;
    const rollback = newest !== null && sha !== newest && isAncestor(commits, turnOf, sha, newest);
    const shipment: Shipment = {
      ...outcome,
      turn,
      mergesets: [],
      seed: turn === 0 && service.deploymentsComplete,
      redeploy: !rollback && deployed.has(sha),
      rollback,
    };
    contained(commits, [sha], live, (commit) => {
      shippedBy.set(commit.oid, shipment);
      for (const { mergeset, original } of carriers.carriedBy(commit)) {
        const pick = { shipment, oid: commit.oid, original };
        picks.set(mergeset, [...(picks.get(mergeset) ?? []), pick]);
      }
    });
    deployed.add(sha);
    newest = sha;
    turn += 1;
    return shipment;
  };
  const existing = service.deployments.filter(({ commitExists }) => commitExists);
  const outcomes = outcomesOf(existing, asOf, runId).map((outcome) =>
    outcome.outcome === 'success' ? ship(outcome) : outcome,
  );
  const shipments = outcomes.filter(isShipment);

  const contains = (shipment: Shipment, oid: Oid) =>
    isAncestor(commits, turnOf, oid, shipment.deployment.sha);
  const arrivals = new Map<Mergeset, Arrival>();
  for (const mergeset of merged) {
    const arrival = arrivalOf(mergeset, {
      repo: repository,
      shipments,
      contains,
      own: shippedBy.get(mergeset.mergeCommit),
      picks: picks.get(mergeset) ?? [],
      carriers,
    });
    if (!arrival) continue;
    arrivals.set(mergeset, arrival);
    // A deployment that was made before the merge does not list the mergeset among those that it shipped.
    if (arrival.as?.kind !== 'before-merge') arrival.shipment.mergesets.push(mergeset);
  }
  for (const { mergesets: shipped } of shipments)
    shipped.sort((a, b) => a.mergedAt.getTime() - b.mergedAt.getTime() || (a.number ?? 0) - (b.number ?? 0));

  const isLive = (mergeset: Mergeset) => arrivals.has(mergeset) || shippedBy.has(mergeset.mergeCommit);
  const failures = once(() => newestFailures(commits, outcomes, shippedBy));
  return {
    repository,
    facts: service,
    asOf,
    runId,
    countDirectPushes,
    mergesets,
    outcomes,
    shipments,
    isForeign: !mergesets.some(isLive) && isOfAnotherBranch(shipments, mergesets[0], branch),
    shipmentOf: (oid) => shippedBy.get(oid),
    arrivalOf: (mergeset) => arrivals.get(mergeset),
    failureOf: ({ mergeCommit }) => failures().get(mergeCommit),
    carriedPullRequests: once(() => carriedPullRequests(repository, branch)),
    directPushes: once(() => withoutPullRequest(repository)),
  };
}

/** Computes a value on the first call, and keeps it. */
function once<T extends object>(compute: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= compute();
    return value;
  };
}

/** Whether there are deployments since the oldest mergeset, and none of them is of the base branch. */
function isOfAnotherBranch(
  shipments: readonly Shipment[],
  oldest: Mergeset | undefined,
  branch: ReadonlySet<Oid>,
): boolean {
  const newest = shipments.at(-1);
  if (!newest || !oldest || oldest.mergedAt > newest.at) return false;
  return shipments.every(({ at, deployment }) => at < oldest.mergedAt || !branch.has(deployment.sha));
}

/** The newest failed deployment that contains a commit, for each commit that is not live. */
function newestFailures(
  commits: RepositoryFacts['commits'],
  outcomes: readonly Outcome[],
  shippedBy: ReadonlyMap<Oid, Shipment>,
): Map<Oid, Outcome> {
  const newest = new Map<Oid, Outcome>();
  const failures = outcomes.filter(({ outcome }) => outcome === 'failure');
  // Starting with the newest failure visits each commit once.
  for (const failure of failures.toReversed()) {
    const open = [failure.deployment.sha];
    for (let oid = open.pop(); oid !== undefined; oid = open.pop()) {
      if (newest.has(oid) || shippedBy.has(oid) || !commits.has(oid)) continue;
      newest.set(oid, failure);
      open.push(...(commits.get(oid)?.parents ?? []));
    }
  }
  return newest;
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
  const there = picks.filter((pick) => pick.shipment.turn <= before.turn && contains(before, pick.oid));
  return carriers.isComplete(mergeset, originalsOf(there));
}

/** The pick by which the last of its commits went live, after its merge. */
function pickedAfter(mergeset: Mergeset, { picks, carriers }: Ways): Pick | undefined {
  const later = picks
    .filter((pick) => pick.shipment.at >= mergeset.mergedAt)
    .sort((a, b) => a.shipment.turn - b.shipment.turn);
  return later.find((_, i) => carriers.isComplete(mergeset, originalsOf(later.slice(0, i + 1))));
}

const originalsOf = (picks: readonly Pick[]): Set<Oid> => new Set(picks.map((pick) => pick.original));
