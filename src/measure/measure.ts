import type { Deployment, Gap, RepositoryFacts, UnitFacts } from '../model/facts.ts';
import type { Mergeset } from '../model/mergesets.ts';
import { bySuccess, type Outcome, outcomeOf } from '../model/outcome.ts';
import type { Window } from '../model/terms.ts';
import { type Attribution, attribute, type Shipment } from './attribution.ts';
import { type BatchCause, causesIn } from './batches.ts';
import { type LeadTime, leadTimeOf } from './lead-time.ts';

/** What is asked of the facts. */
export interface Question {
  window: Window;
  /** A deployment that ships more mergesets than this is a batch. */
  maxBatch: number;
  countDirectPushes: boolean;
  /** The workflow run that asks; its own unfinished deployment counts as live. */
  runId: number | null;
}

/** What is worth saying of one mergeset's time. */
export type Note =
  /** Live with the environment's first success: since when, nobody knows. */
  | 'first-success'
  | 'statuses-gone'
  | 'tag-without-time'
  /** The deployment is this very run's. */
  | 'assumed'
  /** By the clocks it was deployed before it was merged: counted as 0. */
  | 'before-merge';

export interface MeasuredMergeset extends Mergeset {
  deployment: number | string | null;
  deployedAt: Date | null;
  /** From merge to live, in seconds; `null` while pending or untimed. */
  leadTimeSeconds: number | null;
  /** So far, in seconds; `null` unless pending. */
  waitingSeconds: number | null;
  /** Live, but since when cannot be known. */
  untimed: boolean;
  notes: Note[];
}

export interface MeasuredDeployment extends Outcome {
  id: number | string;
  mergesets: MeasuredMergeset[];
  authors: string[];
  batched: boolean;
  causes: BatchCause[];
  redeploy: boolean;
  rollback: boolean;
  seed: boolean;
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
  /** What could not be read of the facts. */
  gaps: Gap[];
}

/** Whole seconds from one instant to a later one; never negative. */
const secondsBetween = (from: Date, to: Date): number =>
  Math.max(0, Math.floor((to.getTime() - from.getTime()) / 1000));

/** From facts to times. Pure: the clock and the run come in as values. */
export function measure(repo: RepositoryFacts, unit: UnitFacts, question: Question): Measurement {
  const { from, to } = question.window;
  const attribution = attribute(repo, unit, { ...question, asOf: to });
  const timed = timer(attribution, to);
  const mergesets = attribution.mergesets
    .filter((each) => each.mergedAt >= from && each.mergedAt <= to)
    .map(timed);
  // Where nothing was ever live there is no edge to tell "pending" from "older than what was read".
  const hasShipped = attribution.shipments.length > 0;
  const pendingBefore = attribution.mergesets
    .filter((each) => hasShipped && each.mergedAt < from && !attribution.shipmentOf(each.mergeCommit))
    .map(timed);
  return {
    window: question.window,
    leadTime: leadTimeOf(
      mergesets
        .filter((each) => !each.untimed)
        .map((each) => ({ seconds: secondsSoFar(each), shipped: each.leadTimeSeconds !== null })),
    ),
    mergesets,
    pending: [...pendingBefore, ...mergesets.filter((each) => each.waitingSeconds !== null)],
    deployments: deploymentsIn(unit, attribution, question, timed),
    gone: goneIn(unit, mergesets, question),
    attribution,
    gaps: [...repo.gaps, ...unit.gaps],
  };
}

const secondsSoFar = (each: MeasuredMergeset): number => each.leadTimeSeconds ?? each.waitingSeconds ?? 0;

/** Times each mergeset once, however often it is asked for: it stands in the window's list and with its deployment. */
function timer(attribution: Attribution, now: Date): (mergeset: Mergeset) => MeasuredMergeset {
  const known = new Map<Mergeset, MeasuredMergeset>();
  return (mergeset) => {
    const before = known.get(mergeset);
    if (before) return before;
    const measured = time(mergeset, attribution.shipmentOf(mergeset.mergeCommit), now);
    known.set(mergeset, measured);
    return measured;
  };
}

function time(mergeset: Mergeset, shipment: Shipment | undefined, now: Date): MeasuredMergeset {
  const { mergedAt } = mergeset;
  // Field by field: there can be a hundred thousand, and spreading them takes longer than all the rest.
  const timed: MeasuredMergeset = {
    kind: mergeset.kind,
    number: mergeset.number,
    title: mergeset.title,
    author: mergeset.author,
    url: mergeset.url,
    mergeCommit: mergeset.mergeCommit,
    firstCommitAt: mergeset.firstCommitAt,
    mergedAt,
    deployment: shipment ? shipment.deployment.id : null,
    deployedAt: null,
    leadTimeSeconds: null,
    waitingSeconds: null,
    untimed: false,
    notes: [],
  };
  if (!shipment) {
    timed.waitingSeconds = secondsBetween(mergedAt, now);
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
      const batched = shipped.length > question.maxBatch && shipment?.seed === false;
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
