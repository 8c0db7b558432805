import { isIn, type Window } from '../model/terms.ts';
import type { Attribution } from './attribution.ts';
import { type LeadTime, leadTimeOf } from '../model/lead-time.ts';
import { type MeasuredDeployment, type MeasuredMergeset, observed } from './measured.ts';
import type { Observation } from '../model/survival.ts';

/** What the numbers do not say by themselves, and may be misread for. */
export interface Caveats {
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

export interface CaveatsInput {
  window: Window;
  mergesets: readonly MeasuredMergeset[];
  deployments: readonly MeasuredDeployment[];
}

export function caveatsOf(
  attribution: Attribution,
  { window, mergesets, deployments }: CaveatsInput,
): Caveats {
  const successes = deployments.filter((deployment) => deployment.outcome === 'success');
  return {
    again: {
      successes: successes.length,
      redeploys: successes.filter((success) => success.redeploy).length,
      rollbacks: successes.filter((success) => success.rollback).length,
    },
    authors: apart(mergesets),
    carried: carriedIn(attribution, window),
    withoutPullRequest: attribution.countDirectPushes
      ? 0
      : attribution.directPushes().filter(({ committedAt }) => isIn(window, committedAt)).length,
    failedInGuard: successes.filter((success) => success.deployment.failedInGuard).length,
  };
}

function apart(mergesets: readonly MeasuredMergeset[]): Caveats['authors'] {
  const bots = observed(mergesets.filter((mergeset) => mergeset.author?.isBot === true));
  const people = observed(mergesets.filter((mergeset) => mergeset.author?.isBot === false));
  if (bots.length === 0 || people.length === 0) return null;
  return { bots: leadTimeOf(bots), people: leadTimeOf(people) };
}

/** The carried pull requests that were merged in a window, by the branch they were merged into first. */
function carriedIn({ carriedPullRequests, shipmentOf }: Attribution, window: Window): CarriedBranch[] {
  const branches = new Map<string, { observations: Observation[]; deployments: Set<number | string> }>();
  for (const { base, mergeCommit, mergedAt } of carriedPullRequests()) {
    const shipment = shipmentOf(mergeCommit);
    const isUntimed = shipment && (shipment.seed || shipment.succeededAt === null);
    if (!isIn(window, mergedAt) || isUntimed) continue;
    const branch = branches.get(base) ?? { observations: [], deployments: new Set() };
    const until = shipment?.succeededAt ?? window.to;
    const seconds = Math.max(0, Math.floor((until.getTime() - mergedAt.getTime()) / 1000));
    branch.observations.push({ seconds, shipped: shipment !== undefined });
    if (shipment) branch.deployments.add(shipment.deployment.id);
    branches.set(base, branch);
  }
  return [...branches]
    .map(([branch, { observations, deployments }]) => ({
      branch,
      pullRequests: observations.length,
      deployments: deployments.size,
      leadTime: leadTimeOf(observations),
    }))
    .sort((a, b) => b.pullRequests - a.pullRequests || (a.branch < b.branch ? -1 : 1));
}
