import { contained } from '../model/commit-graph.ts';
import type { RepositoryFacts } from '../model/facts.ts';
import { isIntoBase, withoutPullRequest } from '../model/mergesets.ts';
import type { Window } from '../model/terms.ts';
import type { Attribution } from './attribution.ts';
import { type LeadTime, leadTimeOf } from './lead-time.ts';
import { type MeasuredDeployment, type MeasuredMergeset, observed } from './measured.ts';

/** What the numbers do not say by themselves, and may be misread for. */
export interface Beside {
  /** Of the window's successes, how many were of a commit that had been deployed, or of one before it. */
  again: { successes: number; redeploys: number; rollbacks: number };
  /** Bots' changes and people's apart; `null` where there are none of either. */
  authors: { bots: LeadTime; people: LeadTime } | null;
  /** Branches whose merged pull requests the mergesets of the window carried, those of most first. */
  carried: CarriedBranch[];
  /** Commits of the window that reached the branch without a pull request, where those are not counted. */
  withoutPullRequest: number;
  /** Successes that failed in nothing but the guard's own step. */
  failedInGuard: number;
}

/** Pull requests that were merged into another branch, which was then merged into the base branch. */
export interface CarriedBranch {
  branch: string;
  pullRequests: number;
  /** The deployments that they went live with. */
  deployments: number;
  /** From their own merge to live. */
  leadTime: LeadTime;
}

export interface BesideQuestion {
  window: Window;
  mergesets: readonly MeasuredMergeset[];
  deployments: readonly MeasuredDeployment[];
  countDirectPushes: boolean;
}

export function besideOf(
  repo: RepositoryFacts,
  attribution: Attribution,
  { window, mergesets, deployments, countDirectPushes }: BesideQuestion,
): Beside {
  const successes = deployments.filter((each) => each.outcome === 'success');
  const isIn = (at: Date) => at >= window.from && at <= window.to;
  return {
    again: {
      successes: successes.length,
      redeploys: successes.filter((each) => each.redeploy).length,
      rollbacks: successes.filter((each) => each.rollback).length,
    },
    authors: apart(mergesets),
    carried: carriedIn(repo, attribution, window),
    withoutPullRequest: countDirectPushes
      ? 0
      : withoutPullRequest(repo).filter((each) => isIn(each.committedAt)).length,
    failedInGuard: successes.filter((each) => each.deployment.failedInGuard).length,
  };
}

function apart(mergesets: readonly MeasuredMergeset[]): Beside['authors'] {
  const bots = observed(mergesets.filter((each) => each.author?.isBot === true));
  const people = observed(mergesets.filter((each) => each.author?.isBot === false));
  if (bots.length === 0 || people.length === 0) return null;
  return { bots: leadTimeOf(bots), people: leadTimeOf(people) };
}

function carriedIn(repo: RepositoryFacts, attribution: Attribution, window: Window): CarriedBranch[] {
  const found = new Map<string, { seconds: number; shipped: boolean }[]>();
  const shippedWith = new Map<string, Set<number | string>>();
  contained(repo.commits, repo.tips, new Set(), (commit) => {
    for (const each of commit.pullRequests ?? []) {
      if (isIntoBase(repo, each) || each.mergeCommit !== commit.oid) continue;
      if (each.mergedAt < window.from || each.mergedAt > window.to) continue;
      const shipment = attribution.shipmentOf(commit.oid);
      if (shipment?.seed || (shipment && shipment.succeededAt === null)) continue;
      const until = shipment?.succeededAt ?? window.to;
      const seconds = Math.max(0, Math.floor((until.getTime() - each.mergedAt.getTime()) / 1000));
      found.set(each.base, [...(found.get(each.base) ?? []), { seconds, shipped: shipment !== undefined }]);
      const by = shippedWith.get(each.base) ?? new Set();
      shippedWith.set(each.base, shipment ? by.add(shipment.deployment.id) : by);
    }
  });
  return [...found]
    .map(([branch, observations]) => ({
      branch,
      pullRequests: observations.length,
      deployments: shippedWith.get(branch)?.size ?? 0,
      leadTime: leadTimeOf(observations),
    }))
    .sort((a, b) => b.pullRequests - a.pullRequests || (a.branch < b.branch ? -1 : 1));
}
