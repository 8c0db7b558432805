import { contained } from '../model/commit-graph.ts';
import type { Deployment, Gap, RepositoryFacts, UnitFacts } from '../model/facts.ts';
import type { Mergeset } from '../model/mergesets.ts';
import { bySuccess, outcomeOf, partsOf } from '../model/outcome.ts';
import type { Window } from '../model/terms.ts';
import { type Arrival, type Attribution, attribute } from './attribution.ts';
import { causesIn } from './batches.ts';
import { type Beside, besideOf } from './beside.ts';
import { type LeadTime, leadTimeOf } from './lead-time.ts';
import { type MeasuredDeployment, type MeasuredMergeset, observed, secondsSoFar } from './measured.ts';

/** What is asked of the facts. */
export interface Question {
  window: Window;
  /** A deployment that ships more mergesets than this is a batch. */
  maxBatch: number;
  countDirectPushes: boolean;
  /** The workflow run that asks; its own unfinished deployment counts as live. */
  runId: number | null;
  /** Whether a mergeset is one of this unit; all are by default. */
  concerns?: (mergeset: Mergeset) => boolean;
  /** Why the statistic leaves a mergeset out; by default it takes all. */
  leftOut?: (mergeset: Mergeset) => string | null;
  /** Whether a mergeset deploys nothing by itself: by default each does. */
  ridesAlong?: (mergeset: Mergeset) => boolean;
  /** Times when nothing is deployed; they explain, and are not subtracted. */
  freezes?: readonly { from: Date; to: Date }[];
}

export interface Measurement {
  window: Window;
  leadTime: LeadTime;
  /** Those merged in the window, oldest first. */
  mergesets: MeasuredMergeset[];
  /** All that wait for a deployment, oldest first, also those merged before the window. */
  pending: MeasuredMergeset[];
  /** Those that succeeded, failed or ran in the window, oldest first. */
  deployments: MeasuredDeployment[];
  /** Deployments of commits that the repository no longer has, and what the lead time would be had they shipped all. */
  gone: { deployments: Deployment[]; leadTime: LeadTime };
  attribution: Attribution;
  /**
   * Whether the deployed commits hold nothing that was merged into the branch, although it was there to be deployed:
   * then they are of another branch, and what is live of this one cannot be told.
   */
  isForeign: boolean;
  /** Whether the window ends in a time when nothing is deployed. */
  isFrozen: boolean;
  /** What the numbers do not say by themselves. */
  beside: Beside;
  /** What could not be read of the facts. */
  gaps: Gap[];
}

/** Why a change that deploys nothing by itself is not counted. */
export const RIDES_ALONG = 'deploys nothing by itself';

/** Whole seconds from one instant to a later one; never negative. */
const secondsBetween = (from: Date, to: Date): number =>
  Math.max(0, Math.floor((to.getTime() - from.getTime()) / 1000));

/** From facts to times. Pure: the clock and the run come in as values. */
export function measure(repo: RepositoryFacts, unit: UnitFacts, question: Question): Measurement {
  const { from, to } = question.window;
  const attribution = attribute(repo, unit, { ...question, asOf: to });
  const isForeign = foreign(repo, attribution);
  const timed = timer(attribution, question, isForeign);
  const mergesets = attribution.mergesets
    .filter((each) => each.mergedAt >= from && each.mergedAt <= to)
    .map(timed);
  // Where nothing was ever live there is no edge to tell "pending" from "older than what was read".
  const hasShipped = attribution.shipments.length > 0;
  const pendingBefore = attribution.mergesets
    .filter((each) => hasShipped && !isForeign && each.mergedAt < from && !attribution.arrivalOf(each))
    .map(timed);
  const deployments = deploymentsIn(unit, attribution, question, timed);
  return {
    window: question.window,
    leadTime: leadTimeOf(observed(mergesets)),
    mergesets,
    pending: [...pendingBefore, ...mergesets.filter((each) => each.waitingSeconds !== null)],
    deployments,
    gone: goneIn(unit, mergesets, question),
    attribution,
    isForeign,
    isFrozen: (question.freezes ?? []).some((each) => each.from <= to && to <= each.to),
    beside: besideOf(repo, attribution, {
      window: question.window,
      mergesets,
      deployments,
      countDirectPushes: question.countDirectPushes,
    }),
    gaps: [...repo.gaps, ...unit.gaps],
  };
}

function foreign(
  repo: RepositoryFacts,
  { shipments, mergesets, arrivalOf, shipmentOf }: Attribution,
): boolean {
  const newest = shipments.at(-1);
  const oldest = mergesets[0];
  if (!newest || !oldest || oldest.mergedAt > newest.at) return false;
  const isLive = (each: Mergeset) => arrivalOf(each) ?? shipmentOf(each.mergeCommit);
  if (mergesets.some(isLive)) return false;
  const branch = contained(repo.commits, repo.tips);
  return shipments.every((each) => each.at < oldest.mergedAt || !branch.has(each.deployment.sha));
}

/** Times each mergeset once, however often it is asked for: it stands in the window's list and with its deployment. */
function timer(
  attribution: Attribution,
  { window: { to: now }, leftOut = () => null, ridesAlong = () => false, freezes = [] }: Question,
  isForeign: boolean,
): (mergeset: Mergeset) => MeasuredMergeset {
  const known = new Map<Mergeset, MeasuredMergeset>();
  return (mergeset) => {
    const before = known.get(mergeset);
    if (before) return before;
    const measured = time(mergeset, attribution.arrivalOf(mergeset), now, isForeign);
    measured.ridesAlong = ridesAlong(mergeset);
    measured.leftOut = measured.ridesAlong ? RIDES_ALONG : leftOut(mergeset);
    measured.frozenSeconds = overlapSeconds(mergeset.mergedAt, measured.deployedAt ?? now, freezes);
    known.set(mergeset, measured);
    return measured;
  };
}

/** How much of a time fell into some others, which do not overlap one another, in seconds. */
function overlapSeconds(from: Date, to: Date, others: readonly { from: Date; to: Date }[]): number {
  return (
    others.reduce(
      (sum, each) =>
        sum +
        Math.max(
          0,
          Math.min(to.getTime(), each.to.getTime()) - Math.max(from.getTime(), each.from.getTime()),
        ),
      0,
    ) / 1000
  );
}

function time(
  mergeset: Mergeset,
  arrival: Arrival | undefined,
  now: Date,
  isForeign: boolean,
): MeasuredMergeset {
  const { mergedAt } = mergeset;
  const { shipment, as } = arrival ?? {};
  // Field by field: there can be a hundred thousand, and spreading them takes longer than all the rest.
  const timed: MeasuredMergeset = {
    kind: mergeset.kind,
    number: mergeset.number,
    title: mergeset.title,
    author: mergeset.author,
    url: mergeset.url,
    mergeCommit: mergeset.mergeCommit,
    head: mergeset.head,
    firstCommitAt: mergeset.firstCommitAt,
    mergedAt,
    byHeadline: mergeset.byHeadline,
    isRelease: mergeset.isRelease,
    deployment: shipment ? shipment.deployment.id : null,
    deployedAt: null,
    leadTimeSeconds: null,
    waitingSeconds: null,
    untimed: false,
    pickedAs: as?.kind === 'pick' ? as.oid : null,
    leftOut: null,
    ridesAlong: false,
    frozenSeconds: 0,
    notes: [],
  };
  if (mergeset.byHeadline) timed.notes.push('by-headline');
  if (as?.kind === 'pick') timed.notes.push('picked');
  if (!shipment && isForeign) {
    timed.untimed = true;
    timed.notes.push('foreign');
  } else if (!shipment) {
    timed.waitingSeconds = secondsBetween(mergedAt, now);
  } else if (as?.kind === 'before-merge') {
    timed.deployedAt = mergedAt;
    timed.leadTimeSeconds = 0;
    timed.notes.push('deployed-before-merge');
  } else if (shipment.seed) {
    timed.untimed = true;
    timed.notes.push('first-success');
  } else if (shipment.succeededAt === null) {
    timed.untimed = true;
    timed.notes.push(shipment.deployment.trigger === 'tag' ? 'tag-without-time' : 'statuses-gone');
  } else {
    timed.deployedAt = shipment.succeededAt;
    timed.leadTimeSeconds = secondsBetween(mergedAt, shipment.succeededAt);
    if (shipment.assumed) timed.notes.push('assumed');
    if (shipment.deployment.declared) timed.notes.push('declared');
    if (shipment.succeededAt < mergedAt) timed.notes.push('before-merge');
  }
  return timed;
}

function deploymentsIn(
  unit: UnitFacts,
  attribution: Attribution,
  question: Question,
  timed: (mergeset: Mergeset) => MeasuredMergeset,
): MeasuredDeployment[] {
  const { from, to } = question.window;
  const shipments = new Map(attribution.shipments.map((each) => [each.deployment, each]));
  const outcomes = unit.deployments
    .filter((each) => each.commitExists)
    .map((each) => shipments.get(each) ?? outcomeOf(each, to, question.runId))
    .filter((each) => each !== null)
    .sort(bySuccess);

  const causesOf = causesIn(outcomes, attribution);
  return outcomes
    .filter((each) => (each.outcome === 'running' ? each.deployment.createdAt : each.at) >= from)
    .map((each) => {
      const shipment = shipments.get(each.deployment);
      // What the first success contains goes back to the beginning; only the window's are named.
      const shipped = (shipment?.mergesets ?? [])
        .filter((one) => !shipment?.seed || one.mergedAt >= from)
        .map(timed);
      const batched =
        shipment?.seed === false &&
        shipped.filter((one) => !one.isRelease && !one.ridesAlong).length > question.maxBatch;
      return {
        deployment: each.deployment,
        outcome: each.outcome,
        succeededAt: each.succeededAt,
        at: each.at,
        assumed: each.assumed,
        id: each.deployment.id,
        mergesets: shipped,
        authors: [...new Set(shipped.flatMap((one) => (one.author ? [one.author.login] : [])))],
        batched,
        causes: batched && shipment ? causesOf(shipment) : [],
        redeploy: shipment?.redeploy ?? false,
        rollback: shipment?.rollback ?? false,
        seed: shipment?.seed ?? false,
        parts: partsOf(each.deployment, to, question.runId),
      };
    });
}

/** A success of a commit that is gone may have shipped anything that was merged before it. */
function goneIn(
  unit: UnitFacts,
  mergesets: readonly MeasuredMergeset[],
  { window, runId }: Question,
): Measurement['gone'] {
  const deployments = unit.deployments.filter((each) => !each.commitExists && each.createdAt <= window.to);
  const successes = deployments
    .map((each) => outcomeOf(each, window.to, runId)?.succeededAt ?? null)
    .filter((each) => each !== null);
  const leadTime = leadTimeOf(
    mergesets
      .filter((each) => !each.untimed)
      .map((each) => {
        const seconds = secondsSoFar(each);
        const possible = successes
          .filter((at) => at >= each.mergedAt)
          .map((at) => secondsBetween(each.mergedAt, at));
        const least = Math.min(seconds, ...possible);
        return { seconds: least, shipped: each.leadTimeSeconds !== null || least < seconds };
      }),
  );
  return { deployments, leadTime };
}

/** From the first commit to live, of those of which that is known; and of how many it is not, as the dates say otherwise. */
export function codeToLiveOf(mergesets: readonly MeasuredMergeset[]): {
  leadTime: LeadTime;
  undated: number;
} {
  const counted = mergesets.filter((each) => !each.untimed && each.leftOut === null);
  const isDated = (each: MeasuredMergeset) =>
    each.firstCommitAt !== null && each.firstCommitAt <= each.mergedAt;
  const dated = counted.filter(isDated);
  return {
    leadTime: leadTimeOf(
      dated.map((each) => ({
        seconds: secondsBetween(each.firstCommitAt ?? each.mergedAt, each.mergedAt) + secondsSoFar(each),
        shipped: each.leadTimeSeconds !== null,
      })),
    ),
    undated: counted.length - dated.length,
  };
}
