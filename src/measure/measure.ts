import type { Facts, Gap } from '../model/facts.ts';
import type { Mergeset } from '../model/mergesets.ts';
import { bySuccess, type Outcome, outcomeOf } from '../model/outcome.ts';
import type { FindingKind, Mode, Status, Target } from '../model/terms.ts';
import { type Attribution, attribute, type Shipment } from './attribution.ts';
import { type BatchCause, causesIn } from './batches.ts';
import type { Diagnosis } from '../diagnose/diagnose.ts';
import { type Finding, findingsOf } from '../judge/findings.ts';
import { type LeadTime, leadTimeOf, thresholdOf, verdictOf } from './lead-time.ts';

export interface MeasureOptions {
  environment: string;
  target: Target;
  /** Both ends are part of it; the end is "now". */
  window: { from: Date; to: Date };
  minSamples: number;
  maxBatch: number;
  countDirectPushes: boolean;
  mode: Mode;
  failOn: ReadonlySet<FindingKind>;
  /** The workflow run that asks; its own unfinished deployment counts as live. */
  runId: number | null;
  /** The deployment that the event is about; without one, guard mode judges the newest success. */
  eventDeployment: { id: number; environment: string } | null;
  generatedAt: Date;
}

export interface MeasuredMergeset extends Mergeset {
  deployment: number | string | null;
  deployedAt: Date | null;
  /** From merge to live, in seconds; `null` while pending or untimed. */
  leadTimeSeconds: number | null;
  /** So far, in seconds; `null` unless pending. */
  waitingSeconds: number | null;
  /** Live, but since when cannot be known. */
  untimed: boolean;
  notes: string[];
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

export interface Measures {
  repository: string;
  repositoryUrl: string;
  environment: string;
  baseBranch: string;
  generatedAt: Date;
  window: { from: Date; to: Date };
  target: Target & { thresholdSeconds: number };
  mode: Mode;
  maxBatch: number;
  minSamples: number;
  status: Status;
  leadTimeSeconds: number | null;
  leadTimeAtLeastSeconds: number | null;
  driftPercent: number | null;
  leadTime: LeadTime;
  /** Those merged in the window, oldest first. */
  mergesets: MeasuredMergeset[];
  /** All that wait for a deployment, oldest first, also those merged before the window. */
  pending: MeasuredMergeset[];
  /** Those that succeeded, failed or ran in the window, oldest first. */
  deployments: MeasuredDeployment[];
  /** The deployment that guard mode judges. */
  judged: MeasuredDeployment | null;
  findings: Finding[];
  gaps: Gap[];
  /** `null` until it is made. */
  diagnosis: Diagnosis | null;
}

/** Whole seconds from one instant to a later one; never negative. */
const secondsBetween = (from: Date, to: Date): number =>
  Math.max(0, Math.floor((to.getTime() - from.getTime()) / 1000));

/** From facts to a judged answer. Pure: the clock, the event and the run come in as values. */
export function measure(facts: Facts, options: MeasureOptions): Measures {
  const { window, target } = options;
  const { from, to } = window;
  const attribution = attribute(facts, {
    asOf: to,
    runId: options.runId,
    countDirectPushes: options.countDirectPushes,
  });
  const timed = timer(attribution, to);
  const mergesets = attribution.mergesets
    .filter((each) => each.mergedAt >= from && each.mergedAt <= to)
    .map(timed);
  // Where nothing was ever live there is no edge to tell "pending" from "older than what was read".
  const hasShipped = attribution.shipments.length > 0;
  const pendingBefore = attribution.mergesets
    .filter((each) => hasShipped && each.mergedAt < from && !attribution.shipmentOf(each.mergeCommit))
    .map(timed);
  const pending = [...pendingBefore, ...mergesets.filter((each) => each.waitingSeconds !== null)];

  const deployments = deploymentsIn(facts, attribution, options, timed);
  const leadTime = leadTimeOf(
    mergesets
      .filter((each) => !each.untimed)
      .map((each) => ({
        seconds: each.leadTimeSeconds ?? each.waitingSeconds ?? 0,
        shipped: each.leadTimeSeconds !== null,
      })),
  );
  const verdict = verdictOf(leadTime, target, options.minSamples);
  const gaps = [...facts.gaps, ...goneCommits(facts, mergesets, verdict.status, options)];
  const measures: Omit<Measures, 'findings'> = {
    repository: facts.repository,
    repositoryUrl: facts.url,
    environment: options.environment,
    baseBranch: facts.baseBranch,
    generatedAt: options.generatedAt,
    window,
    target: { ...target, thresholdSeconds: thresholdOf(target) },
    mode: options.mode,
    maxBatch: options.maxBatch,
    minSamples: options.minSamples,
    ...verdict,
    status: gaps.some((each) => each.verdictAtRisk) ? 'insufficient-data' : verdict.status,
    leadTime,
    mergesets,
    pending,
    deployments,
    judged: options.mode === 'guard' ? judgedOf(deployments, options) : null,
    gaps,
    diagnosis: null,
  };
  return { ...measures, findings: findingsOf(measures, options.failOn) };
}

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
    timed.notes.push("live with the environment's first success");
  } else if (shipment.succeededAt === null) {
    timed.untimed = true;
    timed.notes.push("the deployment's statuses are gone");
  } else {
    timed.deployedAt = shipment.succeededAt;
    timed.leadTimeSeconds = secondsBetween(mergedAt, shipment.succeededAt);
    if (shipment.assumed) timed.notes.push('the deployment is taken as succeeding now');
    if (shipment.succeededAt < mergedAt) timed.notes.push('deployed before it was merged; counted as 0');
  }
  return timed;
}

function deploymentsIn(
  facts: Facts,
  attribution: Attribution,
  options: MeasureOptions,
  timed: (mergeset: Mergeset) => MeasuredMergeset,
): MeasuredDeployment[] {
  const { from, to } = options.window;
  const shipments = new Map(attribution.shipments.map((each) => [each.deployment, each]));
  const outcomes = facts.deployments
    .filter((each) => each.commitExists)
    .map((each) => shipments.get(each) ?? outcomeOf(each, to, options.runId))
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
      const batched = shipped.length > options.maxBatch && shipment?.seed === false;
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

/** The event's deployment, or the newest success; none where the event is about another environment. */
function judgedOf(
  deployments: readonly MeasuredDeployment[],
  { eventDeployment }: MeasureOptions,
): MeasuredDeployment | null {
  if (eventDeployment) return deployments.find((each) => each.id === eventDeployment.id) ?? null;
  return deployments.findLast((each) => each.outcome === 'success') ?? null;
}

/**
 * Deployments of commits that are gone. Such a success may have shipped anything that was merged before it; where the
 * verdict would be another if it had shipped all of that, there is none.
 */
function goneCommits(
  facts: Facts,
  mergesets: readonly MeasuredMergeset[],
  status: Status,
  { window, target, minSamples, runId }: MeasureOptions,
): Gap[] {
  const gone = facts.deployments.filter((each) => !each.commitExists && each.createdAt <= window.to);
  const successes = gone
    .map((each) => outcomeOf(each, window.to, runId)?.succeededAt ?? null)
    .filter((each) => each !== null);
  const sooner = leadTimeOf(
    mergesets
      .filter((each) => !each.untimed)
      .map((each) => {
        const seconds = each.leadTimeSeconds ?? each.waitingSeconds ?? 0;
        const possible = successes
          .filter((at) => at >= each.mergedAt)
          .map((at) => secondsBetween(each.mergedAt, at));
        const least = Math.min(seconds, ...possible);
        return { seconds: least, shipped: each.leadTimeSeconds !== null || least < seconds };
      }),
  );
  const verdictAtRisk = verdictOf(sooner, target, minSamples).status !== status;
  return gone
    .filter((each) => each.createdAt >= window.from)
    .map((each) => ({
      what: `Deployment ${each.id} is of commit ${each.sha.slice(0, 7) || '(none)'}, which the repository no longer has; it was skipped.`,
      consequence: `What it shipped is counted with the deployment after it.${verdictAtRisk ? ' The verdict would be another if it had shipped all that was merged before, so there is none.' : ''}`,
      verdictAtRisk,
    }));
}
