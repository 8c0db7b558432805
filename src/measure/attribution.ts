import { containedCommits } from '../model/commit-graph.ts';
import type { Commit, Oid, PullRequest, RepositoryFacts, ServiceFacts } from '../model/facts.ts';
import { carriedPullRequests, type Mergeset, mergesetsOf, withoutPullRequest } from '../model/mergesets.ts';
import { type Outcome, outcomesOf } from '../model/outcome.ts';
import { isAncestor } from './ancestry.ts';
import { type CherryPicks, cherryPicksOf } from './cherry-picks.ts';
import { type Hotfix, hotfixesIn } from './hotfixes.ts';
import { firstIndex } from './sorted.ts';

/** A successful deployment, and the mergesets that went live with it. */
export interface Shipment extends Outcome {
  /** Position in the order of success, from 0. */
  position: number;
  mergesets: Mergeset[];
  /** True if it is the first success of the environment, so that there is nothing to compare it with. */
  isFirstSuccess: boolean;
  /** True if its commit had been deployed before. */
  redeploy: boolean;
  /** True if its commit is an ancestor of the commit that was live. */
  rollback: boolean;
}

/** How a mergeset went live. */
export interface Arrival {
  shipment: Shipment;
  /** How it went live without its own commit: as a cherry-pick, or from its branch before the merge. */
  as: { kind: 'pick'; oid: Oid } | { kind: 'before-merge' } | null;
}

export interface AttributionOptions {
  /** Anything that happened after this instant is ignored. */
  asOf: Date;
  /** The current workflow run. Its own unfinished deployment counts as live. */
  runId: number | null;
  countDirectPushes: boolean;
  /** True if a mergeset belongs to the service. By default all of them do. */
  belongsToService?: (mergeset: Mergeset) => boolean;
}

/** The deployment that shipped each change, for one service. */
export interface Attribution extends Omit<AttributionOptions, 'belongsToService'> {
  repository: RepositoryFacts;
  facts: ServiceFacts;
  /** Every mergeset that was read, oldest first, including those merged after `asOf`. */
  mergesets: readonly Mergeset[];
  /** The outcome of each deployment whose commit exists, in the order of success. Includes the shipments. */
  outcomes: readonly (Outcome | Shipment)[];
  /** In the order of success. */
  shipments: readonly Shipment[];
  /**
   * True if the deployed commits contain no change of the base branch, although there were changes to deploy. The
   * deployments belong to another branch then, and nobody knows which changes of this branch are live.
   */
  isForeign: boolean;
  /** The first success that contains a commit. */
  shipmentOf(oid: Oid): Shipment | undefined;
  /** True if a shipped commit contains another one. */
  contains(descendant: Oid, ancestor: Oid): boolean;
  /** How a mergeset went live; `undefined` while it is pending. */
  arrivalOf(mergeset: Mergeset): Arrival | undefined;
  /** True if a pending mergeset is live in all regions but idle ones. */
  waitsForIdleRegions(mergeset: Mergeset): boolean;
  /** The newest failed deployment that would have shipped a pending mergeset. */
  failureOf(mergeset: Mergeset): Outcome | undefined;
  /** The newest running deployment that contains a pending mergeset. */
  runningOf(mergeset: Mergeset): Outcome | undefined;
  /** Pull requests that were merged into another branch, which was then merged into the base branch. */
  carriedPullRequests(): readonly PullRequest[];
  /** Commits that reached the base branch without a pull request, newest first. */
  directPushes(): readonly Commit[];
  /** Pull requests that were merged straight into the deployed branches. */
  hotfixes(): readonly Hotfix[];
}

/** True if a deployment succeeded. */
export const isShipment = (outcome: Outcome | Shipment): outcome is Shipment => 'mergesets' in outcome;

/**
 * Attributes each commit to the first successful deployment that contains it. Deployments are processed in the order of
 * success. Each one walks down from its commit to commits that are already live, so every commit is visited once.
 *
 * Attribution starts after the earliest known success, because its mergesets may have been live before. The very first
 * success of the environment (`seed`) lists the mergesets it contains, but they have no lead time. A deployment whose
 * commit the repository no longer has ships nothing. Its mergesets count for the next deployment.
 *
 * A mergeset can also go live as a cherry-pick on another branch (see `cherryPicksOf`), or from its own branch before the
 * merge, if that deployment was still live at the merge.
 *
 * The result does not depend on a window, so one attribution serves every window that ends at `asOf`. Results that need
 * another walk and that only some callers use are computed on the first call.
 */
export function attribute(
  repository: RepositoryFacts,
  service: ServiceFacts,
  options: AttributionOptions,
): Attribution {
  const { asOf, runId, countDirectPushes, belongsToService = () => true } = options;
  const { commits } = repository;
  const branch = containedCommits(commits, repository.tips);
  const mergesets = mergesetsOf(repository, countDirectPushes).filter(belongsToService);
  const merged = mergesets.filter(({ mergedAt }) => mergedAt <= asOf);
  const cherryPicks = cherryPicksOf(repository, merged, branch);
  const picks = new Map<Mergeset, Pick[]>();

  const live = new Set<Oid>();
  const shippedBy = new Map<Oid, Shipment>();
  const positionOf = (oid: Oid) => shippedBy.get(oid)?.position;
  const contains = (descendant: Oid, ancestor: Oid) => isAncestor(commits, positionOf, ancestor, descendant);
  const descends = (descendant: Oid, ancestor: Oid) =>
    isAncestor(commits, (oid) => positionOf(oid) ?? Number.POSITIVE_INFINITY, ancestor, descendant);
  const deployed = new Set<Oid>();
  let newest: Oid | null = null;
  let position = 0;
  const ship = (outcome: Outcome): Shipment => {
    const { sha, isOfController } = outcome.deployment;
    const isOlder = newest !== null && sha !== newest && contains(newest, sha);
    // A controller records commits again that it has not gone back to.
    const rollback = isOlder && !isOfController;
    const shipment: Shipment = {
      ...outcome,
      position,
      mergesets: [],
      isFirstSuccess: position === 0 && service.deploymentsComplete,
      redeploy: !rollback && (isOlder || deployed.has(sha)),
      rollback,
    };
    containedCommits(commits, [sha], live, (commit) => {
      shippedBy.set(commit.oid, shipment);
      for (const { mergeset, original } of cherryPicks.mergesetsIn(commit)) {
        const pick = { shipment, oid: commit.oid, original };
        picks.set(mergeset, [...(picks.get(mergeset) ?? []), pick]);
      }
    });
    deployed.add(sha);
    if (!isOlder || rollback) newest = sha;
    position += 1;
    return shipment;
  };
  const existing = service.deployments.filter(({ commitExists }) => commitExists);
  const outcomes = outcomesOf(existing, asOf, runId).map((outcome) =>
    outcome.outcome === 'success' ? ship(outcome) : outcome,
  );
  const shipments = outcomes.filter(isShipment);

  const arrivals = new Map<Mergeset, Arrival>();
  for (const mergeset of merged) {
    const arrival = arrivalOf(mergeset, {
      repository,
      shipments,
      contains: ({ deployment }, oid) => contains(deployment.sha, oid),
      descends,
      shippedMerge: shippedBy.get(mergeset.mergeCommit),
      picks: picks.get(mergeset) ?? [],
      cherryPicks,
    });
    if (!arrival) continue;
    arrivals.set(mergeset, arrival);
    // A deployment from before the merge does not list the mergeset as shipped.
    if (arrival.as?.kind !== 'before-merge') arrival.shipment.mergesets.push(mergeset);
  }
  for (const { mergesets: shipped } of shipments)
    shipped.sort((a, b) => a.mergedAt.getTime() - b.mergedAt.getTime() || (a.number ?? 0) - (b.number ?? 0));

  const isLive = (mergeset: Mergeset) => arrivals.has(mergeset) || shippedBy.has(mergeset.mergeCommit);
  const waiting = once(() => {
    const rollouts = outcomes.filter(({ deployment }) => deployment.waitsForIdleRegions);
    const waitingFor = new Set<Mergeset>();
    const tips = rollouts.map(({ deployment }) => deployment.sha);
    const contained = containedCommits(commits, tips, new Set(live), (commit) => {
      for (const { mergeset } of cherryPicks.mergesetsIn(commit)) waitingFor.add(mergeset);
    });
    for (const mergeset of merged)
      if (!isLive(mergeset) && contained.has(mergeset.mergeCommit)) waitingFor.add(mergeset);
    return waitingFor;
  });
  const failures = once(() => newestWith(commits, outcomes, 'failure', shippedBy));
  const running = once(() => newestWith(commits, outcomes, 'running', shippedBy));
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
    contains,
    arrivalOf: (mergeset) => arrivals.get(mergeset),
    waitsForIdleRegions: (mergeset) => waiting().has(mergeset),
    failureOf: ({ mergeCommit }) => failures().get(mergeCommit),
    runningOf: ({ mergeCommit }) => running().get(mergeCommit),
    carriedPullRequests: once(() => carriedPullRequests(repository, branch)),
    directPushes: once(() => withoutPullRequest(repository)),
    hotfixes: once(() =>
      hotfixesIn(repository, shipments, branch, cherryPicks, new Set(mergesets.map(({ number }) => number))),
    ),
  };
}

/** Computes a value on the first call and keeps it. */
function once<T extends object>(compute: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= compute();
    return value;
  };
}

/** True if there are deployments since the oldest mergeset, and no deployed commit is on the base branch. */
function isOfAnotherBranch(
  shipments: readonly Shipment[],
  oldest: Mergeset | undefined,
  branch: ReadonlySet<Oid>,
): boolean {
  const newest = shipments.at(-1);
  if (!newest || !oldest || oldest.mergedAt > newest.at) return false;
  return shipments.every(({ at, deployment }) => at < oldest.mergedAt || !branch.has(deployment.sha));
}

/** The newest deployment with an outcome that contains a commit, for each commit that is not live. */
function newestWith(
  commits: RepositoryFacts['commits'],
  outcomes: readonly Outcome[],
  wanted: 'failure' | 'running',
  shippedBy: ReadonlyMap<Oid, Shipment>,
): Map<Oid, Outcome> {
  const newest = new Map<Oid, Outcome>();
  // Starting with the newest deployment visits each commit once.
  for (const outcome of outcomes.toReversed()) {
    if (outcome.outcome !== wanted) continue;
    const open = [outcome.deployment.sha];
    for (let oid = open.pop(); oid !== undefined; oid = open.pop()) {
      if (newest.has(oid) || shippedBy.has(oid) || !commits.has(oid)) continue;
      newest.set(oid, outcome);
      open.push(...(commits.get(oid)?.parents ?? []));
    }
  }
  return newest;
}

/** A cherry-pick of a mergeset's commit, and the first success that contains it. */
interface Pick {
  shipment: Shipment;
  oid: Oid;
  original: Oid;
}

interface ArrivalFacts {
  repository: RepositoryFacts;
  shipments: readonly Shipment[];
  contains: (shipment: Shipment, oid: Oid) => boolean;
  /** True if a commit, shipped or not, contains a shipped one. */
  descends: (descendant: Oid, ancestor: Oid) => boolean;
  /** The first success that contains the merge commit. */
  shippedMerge: Shipment | undefined;
  picks: readonly Pick[];
  cherryPicks: CherryPicks;
}

function arrivalOf(mergeset: Mergeset, facts: ArrivalFacts): Arrival | undefined {
  const { shippedMerge, shipments } = facts;
  if (shippedMerge && shippedMerge.at <= mergeset.mergedAt) return { shipment: shippedMerge, as: null };
  const before = shipments[firstIndex(shipments, ({ at }) => at > mergeset.mergedAt) - 1];
  if (before && wasLive(mergeset, before, facts)) {
    const undone = undoneBy(mergeset, before, facts);
    if (!undone) return { shipment: before, as: { kind: 'before-merge' } };
    const shipment = shipments
      .slice(undone.position + 1)
      .find((later) => facts.contains(later, mergeset.mergeCommit));
    return shipment && { shipment, as: null };
  }
  const picked = lastPickAfterMerge(mergeset, facts);
  if (picked && (!shippedMerge || picked.shipment.position < shippedMerge.position))
    return { shipment: picked.shipment, as: { kind: 'pick', oid: picked.oid } };
  return shippedMerge && { shipment: shippedMerge, as: null };
}

/**
 * True if a mergeset was live at its merge: the live commit contained the head of its branch or picks of all its commits,
 * or had the same files as the merge.
 */
function wasLive(
  mergeset: Mergeset,
  live: Shipment,
  { repository: { commits }, contains, picks, cherryPicks }: ArrivalFacts,
): boolean {
  if (mergeset.head !== null && contains(live, mergeset.head)) return true;
  const tree = commits.get(mergeset.mergeCommit)?.tree ?? null;
  if (tree !== null && commits.get(live.deployment.sha)?.tree === tree) return true;
  const livePicks = picks.filter(
    (pick) => pick.shipment.position <= live.position && contains(live, pick.oid),
  );
  return cherryPicks.isComplete(mergeset, originalsOf(livePicks));
}

/**
 * The last success with what a mergeset reverts, if its deployment was not over at the merge. The mergeset brought back
 * the files of the live commit, which it descends from. It is live when a later deployment replaces that success.
 */
function undoneBy(
  { head, mergeCommit, mergedAt }: Mergeset,
  live: Shipment,
  { shipments, contains, descends, shippedMerge }: ArrivalFacts,
): Shipment | undefined {
  const isBranchDeploy = head !== null && contains(live, head);
  if (isBranchDeploy || !descends(mergeCommit, live.deployment.sha)) return undefined;
  return shipments.findLast(
    (shipment) =>
      shipment.at > mergedAt &&
      (!shippedMerge || shipment.deployment.createdAt < shippedMerge.at) &&
      shipment.deployment.sha !== live.deployment.sha &&
      !contains(shipment, mergeCommit) &&
      descends(mergeCommit, shipment.deployment.sha),
  );
}

/** The cherry-pick, shipped after the merge, that completed the mergeset. */
function lastPickAfterMerge(mergeset: Mergeset, { picks, cherryPicks }: ArrivalFacts): Pick | undefined {
  const later = picks
    .filter((pick) => pick.shipment.at >= mergeset.mergedAt)
    .sort((a, b) => a.shipment.position - b.shipment.position);
  return later.find((_, i) => cherryPicks.isComplete(mergeset, originalsOf(later.slice(0, i + 1))));
}

const originalsOf = (picks: readonly Pick[]): Set<Oid> => new Set(picks.map((pick) => pick.original));
