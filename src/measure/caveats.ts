import { type LeadTime, leadTimeOf } from '../model/lead-time.ts';
import type { Revocation } from '../model/outcome.ts';
import type { Observation } from '../model/survival.ts';
import { isIn, type Window } from '../model/terms.ts';
import { runOf } from '../model/pipeline.ts';
import type { Race } from './races.ts';
import type { Attribution } from './attribution.ts';
import type { Hotfix } from './hotfixes.ts';
import { type MeasuredDeployment, type MeasuredMergeset, observationsOf } from './measured.ts';

/** Facts without which the figures could be misread. */
export interface Caveats {
  /**
   * Successful deployments of the window, how many of them were redeploys and rollbacks, and how many redeploys followed the
   * deployment of the same commit by another run within an hour. That run may only have used the environment.
   */
  repeated: { successes: number; redeploys: number; rollbacks: number; afterOtherRun: number };
  /** Lead times of changes by bots and by people; `null` unless there are both. */
  authors: { bots: LeadTime; people: LeadTime } | null;
  /** Branches whose pull requests went live with a mergeset of the window, those with most pull requests first. */
  carried: CarriedBranch[];
  /** Pull requests of the window that were merged straight into the deployed branch. */
  hotfixes: Hotfix[];
  /** Commits of the window without a pull request; 0 if direct pushes are counted. */
  withoutPullRequest: number;
  /** Successful deployments whose run failed only in the guard's own step. */
  failedInGuard: number;
  /** Successes that a later failure of the same deployment took back, in the order of the deployments. */
  revoked: Revocation[];
  /** Deployments of an older commit that ended after an overlapping one of a newer commit. */
  races: { race: Race; isByActions: boolean }[];
}

/** Pull requests that were merged into another branch, which was then merged into the base branch. */
export interface CarriedBranch {
  branch: string;
  pullRequests: number;
  /** Number of deployments that they went live with. */
  deployments: number;
  /** From the merge of each pull request to live. */
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
    repeated: {
      successes: successes.length,
      redeploys: successes.filter((success) => success.redeploy).length,
      rollbacks: successes.filter((success) => success.rollback && !success.race).length,
      afterOtherRun: successes.filter((success) => isAfterOtherRun(success, successes)).length,
    },
    authors: byAuthors(mergesets),
    carried: carriedIn(attribution, window),
    // No change of the base branch is live then, and a gap says so.
    hotfixes: attribution.isForeign
      ? []
      : attribution.hotfixes().filter((hotfix) => isIn(window, hotfix.mergedAt)),
    withoutPullRequest: attribution.countDirectPushes
      ? 0
      : attribution.directPushes().filter(({ committedAt }) => isIn(window, committedAt)).length,
    failedInGuard: successes.filter((success) => success.deployment.failedInGuard).length,
    revoked: deployments.flatMap((deployment) => deployment.revoked ?? []),
    races: successes.flatMap(({ race, deployment }) =>
      race ? [{ race, isByActions: runOf(deployment) !== null }] : [],
    ),
  };
}

const HOUR = 3_600_000;

/** True if another run deployed the commit of a redeploy within an hour before. */
function isAfterOtherRun(
  { deployment, redeploy }: MeasuredDeployment,
  all: readonly MeasuredDeployment[],
): boolean {
  const run = runOf(deployment)?.run;
  return (
    redeploy &&
    run !== undefined &&
    all.some(({ deployment: other }) => {
      const apart = deployment.createdAt.getTime() - other.createdAt.getTime();
      const otherRun = runOf(other)?.run;
      return (
        other.sha === deployment.sha &&
        apart > 0 &&
        apart <= HOUR &&
        otherRun !== undefined &&
        otherRun !== run
      );
    })
  );
}

function byAuthors(mergesets: readonly MeasuredMergeset[]): Caveats['authors'] {
  const bots = observationsOf(mergesets.filter((mergeset) => mergeset.author?.isBot === true));
  const people = observationsOf(mergesets.filter((mergeset) => mergeset.author?.isBot === false));
  if (bots.length === 0 || people.length === 0) return null;
  return { bots: leadTimeOf(bots), people: leadTimeOf(people) };
}

/** Pull requests of the window that were merged into another branch first, by that branch. */
function carriedIn({ carriedPullRequests, shipmentOf }: Attribution, window: Window): CarriedBranch[] {
  const branches = new Map<string, { observations: Observation[]; deployments: Set<number | string> }>();
  for (const { base, mergeCommit, mergedAt } of carriedPullRequests()) {
    const shipment = shipmentOf(mergeCommit);
    const isUntimed = shipment && (shipment.isFirstSuccess || shipment.succeededAt === null);
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
