import type { Deployment, Gap } from '../model/facts.ts';
import type { Mergeset } from '../model/mergesets.ts';
import { outcomeOf, partsOf } from '../model/outcome.ts';
import { isIn, type Window } from '../model/terms.ts';
import { type Arrival, type Attribution, isShipment } from './attribution.ts';
import { causesIn } from './batches.ts';
import { type Caveats, caveatsOf } from './caveats.ts';
import { type LeadTime, leadTimeOf } from '../model/lead-time.ts';
import { type MeasuredDeployment, type MeasuredMergeset, observed, secondsSoFar } from './measured.ts';

/** The window to measure, and how to count what is in it. */
export interface Question {
  window: Window;
  /** A deployment that ships more mergesets than this is a batch. */
  maxBatch: number;
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
  /** Whether the deployed commits belong to another branch; see {@link Attribution}. */
  isForeign: boolean;
  /** Whether the window ends in a time when nothing is deployed. */
  isFrozen: boolean;
  /** What the numbers do not say by themselves. */
  caveats: Caveats;
  /** What could not be read of the facts. */
  gaps: Gap[];
}

/** Why a change that deploys nothing by itself is not counted. */
const RIDES_ALONG = 'deploys nothing by itself';

/** Whole seconds from one instant to a later one; never negative. */
const secondsBetween = (from: Date, to: Date): number =>
  Math.max(0, Math.floor((to.getTime() - from.getTime()) / 1000));

/**
 * Lead times, batches and what waits in a window, from an attribution. Measuring walks no commits, so one attribution
 * can be measured over many windows.
 *
 * @throws RangeError if the window does not end at the attribution's `asOf`: what was live at another instant is not in it.
 */
export function measureIn(attribution: Attribution, question: Question): Measurement {
  const { window, freezes = [] } = question;
  const { repository, facts: service, asOf, isForeign } = attribution;
  if (window.to.getTime() !== asOf.getTime())
    throw new RangeError(
      `The window ends at ${window.to.toISOString()}, and the attribution is as of ${asOf.toISOString()}. Both must be the same instant.`,
    );
  const timed = timer(attribution, question);
  const mergesets = attribution.mergesets.filter(({ mergedAt }) => isIn(window, mergedAt)).map(timed);
  // Where nothing was ever live there is no edge to tell "pending" from "older than what was read".
  const isEdgeKnown = attribution.shipments.length > 0 && !isForeign;
  const pendingBefore = attribution.mergesets
    .filter((mergeset) => isEdgeKnown && mergeset.mergedAt < window.from && !attribution.arrivalOf(mergeset))
    .map(timed);
  const deployments = deploymentsIn(attribution, question, timed);
  return {
    window,
    leadTime: leadTimeOf(observed(mergesets)),
    mergesets,
    pending: [...pendingBefore, ...mergesets.filter(({ waitingSeconds }) => waitingSeconds !== null)],
    deployments,
    gone: goneIn(attribution, mergesets),
    attribution,
    isForeign,
    isFrozen: freezes.some((freeze) => isIn(freeze, window.to)),
    caveats: caveatsOf(attribution, { window, mergesets, deployments }),
    gaps: [...repository.gaps, ...service.gaps],
  };
}

/** Times each mergeset once, however often it is asked for: it stands in the window's list and with its deployment. */
function timer(
  { arrivalOf, asOf, isForeign }: Attribution,
  { leftOut = () => null, ridesAlong = () => false, freezes = [] }: Question,
): (mergeset: Mergeset) => MeasuredMergeset {
  const known = new Map<Mergeset, MeasuredMergeset>();
  return (mergeset) => {
    const before = known.get(mergeset);
    if (before) return before;
    const measured = time(mergeset, arrivalOf(mergeset), asOf, isForeign);
    measured.ridesAlong = ridesAlong(mergeset);
    measured.leftOut = measured.ridesAlong ? RIDES_ALONG : leftOut(mergeset);
    measured.frozenSeconds = overlapSeconds(mergeset.mergedAt, measured.deployedAt ?? asOf, freezes);
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
  attribution: Attribution,
  { window: { from }, maxBatch }: Question,
  timed: (mergeset: Mergeset) => MeasuredMergeset,
): MeasuredDeployment[] {
  const causesOf = causesIn(attribution);
  return attribution.outcomes
    .filter(({ outcome, deployment, at }) => (outcome === 'running' ? deployment.createdAt : at) >= from)
    .map((outcome) => {
      const shipment = isShipment(outcome) ? outcome : null;
      // What the first success contains goes back to the beginning; only the window's are named.
      const shipped = (shipment?.mergesets ?? [])
        .filter(({ mergedAt }) => !shipment?.seed || mergedAt >= from)
        .map(timed);
      const batched =
        shipment?.seed === false &&
        shipped.filter(({ isRelease, ridesAlong }) => !isRelease && !ridesAlong).length > maxBatch;
      return {
        deployment: outcome.deployment,
        outcome: outcome.outcome,
        succeededAt: outcome.succeededAt,
        at: outcome.at,
        assumed: outcome.assumed,
        id: outcome.deployment.id,
        mergesets: shipped,
        authors: [...new Set(shipped.flatMap(({ author }) => (author ? [author.login] : [])))],
        batched,
        causes: batched && shipment ? causesOf(shipment) : [],
        redeploy: shipment?.redeploy ?? false,
        rollback: shipment?.rollback ?? false,
        seed: shipment?.seed ?? false,
        parts: partsOf(outcome.deployment, attribution.asOf, attribution.runId),
      };
    });
}

/** A success of a commit that is gone may have shipped anything that was merged before it. */
function goneIn(
  { facts: service, asOf, runId }: Attribution,
  mergesets: readonly MeasuredMergeset[],
): Measurement['gone'] {
  const deployments = service.deployments.filter(
    ({ commitExists, createdAt }) => !commitExists && createdAt <= asOf,
  );
  const successes = deployments.flatMap(
    (deployment) => outcomeOf(deployment, asOf, runId)?.succeededAt ?? [],
  );
  const leadTime = leadTimeOf(
    mergesets
      .filter((mergeset) => !mergeset.untimed)
      .map((mergeset) => {
        const seconds = secondsSoFar(mergeset);
        const possible = successes
          .filter((at) => at >= mergeset.mergedAt)
          .map((at) => secondsBetween(mergeset.mergedAt, at));
        const least = Math.min(seconds, ...possible);
        return { seconds: least, shipped: mergeset.leadTimeSeconds !== null || least < seconds };
      }),
  );
  return { deployments, leadTime };
}

/** From the first commit to live, of those of which that is known; and of how many it is not, as the dates say otherwise. */
export function codeToLiveOf(mergesets: readonly MeasuredMergeset[]): {
  leadTime: LeadTime;
  undated: number;
} {
  const counted = mergesets.filter((mergeset) => !mergeset.untimed && mergeset.leftOut === null);
  const isDated = (mergeset: MeasuredMergeset) =>
    mergeset.firstCommitAt !== null && mergeset.firstCommitAt <= mergeset.mergedAt;
  const dated = counted.filter(isDated);
  return {
    leadTime: leadTimeOf(
      dated.map((mergeset) => ({
        seconds:
          secondsBetween(mergeset.firstCommitAt ?? mergeset.mergedAt, mergeset.mergedAt) +
          secondsSoFar(mergeset),
        shipped: mergeset.leadTimeSeconds !== null,
      })),
    ),
    undated: counted.length - dated.length,
  };
}
