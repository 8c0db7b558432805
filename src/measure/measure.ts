import type { Deployment, Gap, Oid } from '../model/facts.ts';
import { type LeadTime, leadTimeOf } from '../model/lead-time.ts';
import type { Mergeset } from '../model/mergesets.ts';
import { outcomeOf, partsOf } from '../model/outcome.ts';
import type { Proof } from '../model/seen.ts';
import { isIn, type Window } from '../model/terms.ts';
import { type Arrival, type Attribution, isShipment, type Shipment } from './attribution.ts';
import { causesIn } from './batches.ts';
import { raceOf } from './races.ts';
import { type Caveats, caveatsOf } from './caveats.ts';
import {
  isCounted,
  type MeasuredDeployment,
  type MeasuredMergeset,
  type Note,
  observationsOf,
  secondsSoFar,
} from './measured.ts';

/** The window to measure, and how to count its changes. */
export interface Question {
  window: Window;
  /** A deployment that ships more mergesets than this is a batch. */
  maxBatch: number;
  /** Why the statistic does not count a mergeset; `null` to count it. Counts all by default. */
  excludedBecause?: (mergeset: Mergeset) => string | null;
  /** True if a mergeset does not start a deployment. By default each one does. */
  deploysNothing?: ((mergeset: Mergeset) => boolean) | null;
  /** Times when nothing is deployed. They must not overlap. They are reported, and not subtracted. */
  freezes?: readonly Window[];
  /** True if a queue keeps deployments apart, so that an older commit is only deployed deliberately. */
  isQueued?: boolean;
  /** Facts that could not be read, besides those of the repository and of the deployments. */
  gaps?: readonly Gap[];
}

export interface Measurement {
  window: Window;
  leadTime: LeadTime;
  /** Mergesets merged in the window, oldest first. */
  mergesets: MeasuredMergeset[];
  /** Mergesets that wait for a deployment, oldest first, including those merged before the window. */
  pending: MeasuredMergeset[];
  /** Deployments that succeeded, failed or ran in the window, oldest first. */
  deployments: MeasuredDeployment[];
  /** Deployments whose commits the repository no longer has, and the lead time if they had shipped everything. */
  missingCommits: { deployments: Deployment[]; leadTime: LeadTime };
  /** Mergesets of the window that count, but whose deployment has no known time, or maybe an older commit. */
  unknownTimes: { mergesets: MeasuredMergeset[]; earliest: LeadTime; latest: LeadTime };
  attribution: Attribution;
  /** True if the deployed commits belong to another branch; see {@link Attribution}. */
  isForeign: boolean;
  /** True if the window ends in a freeze. */
  isFrozen: boolean;
  /** True if deployments are recorded elsewhere by now, so that changes only seem to wait. */
  isMoved?: boolean;
  /** Only if production was asked. */
  proof?: Proof;
  caveats: Caveats;
  /** Facts that could not be read. */
  gaps: Gap[];
}

/** The reason not to count a mergeset that starts no deployment. */
const RIDES_ALONG = 'deploys nothing on its own';

/** Whole seconds from one instant to a later one; never negative. */
const secondsBetween = (from: Date, to: Date): number =>
  Math.max(0, Math.floor((to.getTime() - from.getTime()) / 1000));

/**
 * Measures lead times, batches and pending changes in a window. It does not walk commits, so one attribution can be
 * measured over many windows.
 *
 * @throws RangeError if the window does not end at the attribution's `asOf`.
 */
export function measureIn(attribution: Attribution, question: Question): Measurement {
  const { window, freezes = [], gaps = [] } = question;
  const { repository, facts, asOf, isForeign } = attribution;
  if (window.to.getTime() !== asOf.getTime())
    throw new RangeError(
      `The window ends at ${window.to.toISOString()}, and the attribution is as of ${asOf.toISOString()}. Both must be the same instant.`,
    );
  const timed = timer(attribution, question);
  const mergesets = attribution.mergesets.filter(({ mergedAt }) => isIn(window, mergedAt)).map(timed);
  // Without a shipment, old mergesets may be pending or may have gone live before the oldest deployment that was read.
  const isPendingKnown = attribution.shipments.length > 0 && !isForeign;
  const pendingBefore = attribution.mergesets
    .filter(
      (mergeset) => isPendingKnown && mergeset.mergedAt < window.from && !attribution.arrivalOf(mergeset),
    )
    .map(timed);
  const deployments = deploymentsIn(attribution, question, timed);
  return {
    window,
    leadTime: leadTimeOf(observationsOf(mergesets)),
    mergesets,
    pending: [...pendingBefore, ...mergesets.filter(({ waitingSeconds }) => waitingSeconds !== null)],
    deployments,
    missingCommits: goneIn(attribution, mergesets),
    unknownTimes: unknownTimesIn(attribution, mergesets),
    attribution,
    isForeign,
    isFrozen: freezes.some((freeze) => isIn(freeze, window.to)),
    caveats: caveatsOf(attribution, { window, mergesets, deployments }),
    gaps: [...repository.gaps, ...gaps, ...facts.gaps],
  };
}

/** Returns a function that times mergesets. It times each one once, for the list of the window and for its deployment. */
function timer(
  attribution: Attribution,
  { excludedBecause = () => null, deploysNothing, freezes = [] }: Question,
): (mergeset: Mergeset) => MeasuredMergeset {
  const { arrivalOf, asOf, isForeign, waitsForIdleRegions } = attribution;
  const cache = new Map<Mergeset, MeasuredMergeset>();
  return (mergeset) => {
    const cached = cache.get(mergeset);
    if (cached) return cached;
    const arrival = arrivalOf(mergeset);
    const measured = time(mergeset, arrival, asOf, isForeign);
    if (arrival?.as === null && !measured.untimed && mayBeLater(mergeset, arrival.shipment, attribution))
      measured.notes.push('older-commit');
    measured.waitsForIdleRegions = measured.waitingSeconds !== null && waitsForIdleRegions(mergeset);
    measured.deploysNothing = deploysNothing?.(mergeset) ?? false;
    measured.excludedBecause = measured.deploysNothing ? RIDES_ALONG : excludedBecause(mergeset);
    measured.frozenSeconds = overlapSeconds(mergeset.mergedAt, measured.deployedAt ?? asOf, freezes);
    cache.set(mergeset, measured);
    return measured;
  };
}

/** Seconds of a period that fell into freezes. */
function overlapSeconds(from: Date, to: Date, freezes: readonly Window[]): number {
  const overlaps = freezes.map(
    (freeze) => Math.min(to.getTime(), freeze.to.getTime()) - Math.max(from.getTime(), freeze.from.getTime()),
  );
  return overlaps.reduce((sum, overlap) => sum + Math.max(0, overlap), 0) / 1000;
}

function time(
  mergeset: Mergeset,
  arrival: Arrival | undefined,
  now: Date,
  isForeign: boolean,
): MeasuredMergeset {
  const { mergedAt } = mergeset;
  const { shipment, as } = arrival ?? {};
  // Without a spread, which would take most of the time for a hundred thousand mergesets.
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
    waitsForIdleRegions: false,
    untimed: false,
    pickedAs: as?.kind === 'pick' ? as.oid : null,
    excludedBecause: null,
    deploysNothing: false,
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
  } else if (shipment.isFirstSuccess && !isOwnPush(mergeset, shipment)) {
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

/** Longest time from a run's start to the deployment that it makes, in milliseconds. */
const BEFORE_DEPLOYMENT = 3_600_000;

/**
 * True if the deployment that shipped a mergeset may have been of an older commit. GitHub records the newest commit of a
 * branch, so a change that was merged just before may not be part of the deployment. It shows if one commit is deployed
 * twice within an hour, or may be so if the commit before went live with the same deployment.
 */
function mayBeLater(
  { mergedAt, mergeCommit, number }: Mergeset,
  shipment: Shipment,
  { outcomes, shipmentOf, repository: { commits } }: Attribution,
): boolean {
  const { mayBeOlder, createdAt, sha, parts = [] } = shipment.deployment;
  if (mayBeOlder !== 'branch') return mayBeOlder === 'input';
  const isSoon = (then: Date, time: Date) =>
    time >= then && time.getTime() - then.getTime() <= BEFORE_DEPLOYMENT;
  if (!isSoon(mergedAt, createdAt)) return false;
  const parentOf = (oid: Oid) => commits.get(commits.get(oid)?.parents[0] ?? '');
  let before = parentOf(mergeCommit);
  while (before?.pullRequests?.some((other) => other.number === number)) before = parentOf(before.oid);
  if (before && shipmentOf(before.oid) === shipment) return true;
  if (parts.some(({ attempts }) => attempts.length > 1 || attempts.some((attempt) => attempt.sha !== sha)))
    return true;
  const near = outcomes.filter(
    ({ deployment }) => isSoon(createdAt, deployment.createdAt) || isSoon(deployment.createdAt, createdAt),
  );
  return new Set(near.map(({ deployment }) => deployment.sha)).size < near.length;
}

/** True if the push of a mergeset started the deployment, so that it cannot have been live before. */
const isOwnPush = ({ mergeCommit }: Mergeset, { deployment }: Shipment): boolean =>
  deployment.isOfOwnPush === true && deployment.sha === mergeCommit;

function deploymentsIn(
  attribution: Attribution,
  { window: { from }, maxBatch, isQueued = false }: Question,
  timed: (mergeset: Mergeset) => MeasuredMergeset,
): MeasuredDeployment[] {
  const causesOf = causesIn(attribution);
  return attribution.outcomes
    .filter(({ outcome, deployment, at }) => (outcome === 'running' ? deployment.createdAt : at) >= from)
    .map((outcome) => {
      const shipment = isShipment(outcome) ? outcome : null;
      const { isOfController, parts: [part] = [] } = outcome.deployment;
      const records = isOfController && part?.job === null ? part.attempts : null;
      // The first success contains the history of the branch. Only its mergesets of the window are listed.
      const shipped = (shipment?.mergesets ?? [])
        .filter(({ mergedAt }) => !shipment?.isFirstSuccess || mergedAt >= from)
        .map(timed);
      const batched =
        shipment?.isFirstSuccess === false &&
        shipped.filter(({ isRelease, deploysNothing }) => !isRelease && !deploysNothing).length > maxBatch;
      return {
        redeploy: false,
        rollback: false,
        isFirstSuccess: false,
        ...outcome,
        id: outcome.deployment.id,
        mergesets: shipped,
        authors: [...new Set(shipped.flatMap(({ author }) => (author ? [author.login] : [])))],
        batched,
        causes: batched && shipment ? causesOf(shipment) : [],
        race: shipment?.rollback && !isQueued ? raceOf(shipment, attribution) : null,
        records: records?.filter(({ createdAt }) => createdAt <= attribution.asOf).length ?? 1,
        parts: records ? [] : partsOf(outcome.deployment, attribution.asOf, attribution.runId),
      };
    });
}

/** Assumes that each deployment of a missing commit shipped everything that was merged before it succeeded. */
function goneIn(
  { facts, asOf, runId }: Attribution,
  mergesets: readonly MeasuredMergeset[],
): Measurement['missingCommits'] {
  const deployments = facts.deployments.filter(
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
        const shortest = Math.min(seconds, ...possible);
        return { seconds: shortest, shipped: mergeset.leadTimeSeconds !== null || shortest < seconds };
      }),
  );
  return { deployments, leadTime };
}

const UNKNOWN_TIMES: readonly Note[] = ['tag-without-time', 'statuses-gone', 'older-commit'];

/**
 * The lead time if mergesets of deployments without a known time or commit had gone live as early, or as late, as they can
 * have: at the deployment's creation or success, or with the next success with a known time that contains them.
 */
function unknownTimesIn(
  { shipments, arrivalOf, contains, mergesets: all, asOf }: Attribution,
  measured: readonly MeasuredMergeset[],
): Measurement['unknownTimes'] {
  const mergesets = measured.filter(
    ({ excludedBecause, notes }) =>
      excludedBecause === null && notes.some((note) => UNKNOWN_TIMES.includes(note)),
  );
  if (mergesets.length === 0) {
    const leadTime = leadTimeOf([]);
    return { mergesets, earliest: leadTime, latest: leadTime };
  }
  const known = observationsOf(measured.filter((mergeset) => !mergesets.includes(mergeset)));
  const byCommit = new Map(all.map((mergeset) => [mergeset.mergeCommit, mergeset]));
  const bounds = mergesets.map(({ mergeCommit, mergedAt, deployedAt }) => {
    const mergeset = byCommit.get(mergeCommit);
    const shipment = mergeset && arrivalOf(mergeset)?.shipment;
    const latest = shipments.find(
      ({ succeededAt, deployment, position }) =>
        succeededAt !== null &&
        deployment.mayBeOlder !== 'input' &&
        position > (shipment?.position ?? 0) &&
        contains(deployment.sha, mergeCommit),
    );
    return {
      earliest: {
        seconds: secondsBetween(mergedAt, deployedAt ?? shipment?.deployment.createdAt ?? mergedAt),
        shipped: true,
      },
      latest: {
        seconds: secondsBetween(mergedAt, latest?.succeededAt ?? asOf),
        shipped: latest !== undefined,
      },
    };
  });
  const leadTimeAt = (bound: 'earliest' | 'latest') =>
    leadTimeOf([...known, ...bounds.map((times) => times[bound])]);
  return { mergesets, earliest: leadTimeAt('earliest'), latest: leadTimeAt('latest') };
}

/**
 * From the first commit to live. `undated` is the number of mergesets left out because their first commit is unknown or
 * dated after the merge.
 */
export function codeToLiveOf(mergesets: readonly MeasuredMergeset[]): {
  leadTime: LeadTime;
  undated: number;
} {
  const counted = mergesets.filter(isCounted);
  const observations = counted.flatMap((mergeset) => {
    const { firstCommitAt, mergedAt, leadTimeSeconds } = mergeset;
    if (firstCommitAt === null || firstCommitAt > mergedAt) return [];
    const seconds = secondsBetween(firstCommitAt, mergedAt) + secondsSoFar(mergeset);
    return [{ seconds, shipped: leadTimeSeconds !== null }];
  });
  return { leadTime: leadTimeOf(observations), undated: counted.length - observations.length };
}
