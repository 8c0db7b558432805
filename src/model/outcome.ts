import type { Deployment, DeploymentStatus, RolloutPart } from './facts.ts';
import { oldestFirst } from './statuses.ts';

export interface Outcome {
  deployment: Deployment;
  outcome: 'success' | 'failure' | 'running';
  /** The first success; for a rollout, that of its last part. `null` without a success, or if its time is no longer known. */
  succeededAt: Date | null;
  /** The best known time of the outcome. It orders deployments. */
  at: Date;
  /** Still in progress in the guard's own run, and counted as a success now. */
  assumed: boolean;
  /** The success that a later failure took back, if any. */
  revoked?: Revocation;
}

/** A success, and the failure that a monitor, a rollback or a person recorded for the same deployment afterwards. */
export interface Revocation {
  succeededAt: Date;
  failedAt: Date;
  /** True if a later success had replaced it before, so that the failure took nothing back. */
  wasReplaced?: true;
}

export interface PartOutcome extends Outcome {
  job: string | null;
}

const FAILED = new Set(['FAILURE', 'ERROR', 'ABANDONED', 'DESTROYED', 'INACTIVE']);

/**
 * Reads a deployment's outcome from its statuses up to `asOf`.
 *
 * - The earliest `SUCCESS` that no `FAILURE` or `ERROR` follows is the success.
 * - `ACTIVE` or `INACTIVE` with only `INACTIVE` statuses is a success at an unknown time, ordered by its creation:
 *   GitHub has dropped the older statuses. If GitHub still has all statuses, the deployment never succeeded.
 * - In progress with a log of the run `runId` is a success now (`assumed`), unless another job of the run made it.
 * - A rollout whose first region counts has the outcome of the first region that succeeded.
 * - Any other rollout succeeds with its last part, and fails while a part has failed without a successful retry.
 *
 * @returns `null` if the deployment was created after `asOf`.
 */
export function outcomeOf(deployment: Deployment, asOf: Date, runId: number | null): Outcome | null {
  if (deployment.parts) return outcomeOfParts(deployment, asOf, runId);
  if (deployment.createdAt > asOf) return null;
  const statuses = oldestFirst(deployment.statuses).filter((status) => status.createdAt <= asOf);
  const result = (
    outcome: Outcome['outcome'],
    at: Date,
    succeededAt: Date | null,
    assumed = false,
  ): Outcome => ({
    deployment,
    outcome,
    succeededAt,
    at,
    assumed,
    ...(revoked ? { revoked } : {}),
  });

  const failures = statuses.filter(({ state }) => state === 'FAILURE' || state === 'ERROR');
  const lastFailure = failures.at(-1);
  const successes = statuses.filter((status) => status.state === 'SUCCESS');
  const success = successes.find((status) => !lastFailure || status.createdAt >= lastFailure.createdAt);
  const revoked = success === successes[0] ? null : revocation(successes, failures);
  if (success) return result('success', success.createdAt, success.createdAt);

  const settled = ['ACTIVE', 'INACTIVE', 'SUCCESS'].includes(deployment.state);
  const neverSucceeded = deployment.hasAllStatuses === true && deployment.statuses.length > 0;
  if (settled && !neverSucceeded && deployment.statuses.every((status) => status.state === 'INACTIVE'))
    return result('success', deployment.createdAt, null);

  const last = statuses.at(-1);
  const isOwnRun =
    runId !== null && isLogOf(last?.logUrl ?? null, runId) && deployment.isOfAnotherJob !== true;
  if (isOwnRun && last?.state === 'IN_PROGRESS') return result('success', asOf, asOf, true);
  if (last && FAILED.has(last.state)) return result('failure', (lastFailure ?? last).createdAt, null);
  if (deployment.statuses.length === 0 && FAILED.has(deployment.state))
    return result('failure', deployment.createdAt, null);
  return result('running', asOf, null);
}

function revocation(
  [success]: readonly DeploymentStatus[],
  failures: readonly DeploymentStatus[],
): Revocation | null {
  const failure = success && failures.find((status) => status.createdAt > success.createdAt);
  return failure ? { succeededAt: success.createdAt, failedAt: failure.createdAt } : null;
}

/** The outcome at the end of time. */
export const finalOutcome = (deployment: Deployment): Outcome | null =>
  outcomeOf(deployment, new Date(8.64e15), null);

function isLogOf(logUrl: string | null, runId: number): boolean {
  return logUrl !== null && new RegExp(`/actions/runs/${runId}(?:/|$)`).test(logUrl);
}

function outcomeOfParts(deployment: Deployment, asOf: Date, runId: number | null): Outcome | null {
  const parts = partsOf(deployment, asOf, runId);
  const revoked = parts.find((part) => part.revoked)?.revoked;
  const first = parts.filter((part) => part.outcome === 'success').toSorted(bySuccess)[0];
  if (deployment.liveWith === 'first' && first) {
    const isLater = revoked !== undefined && revoked.succeededAt < first.at;
    return { ...first, deployment, ...(isLater ? { revoked } : {}) };
  }
  const decisive =
    lastOf(parts.filter((part) => part.outcome === 'failure')) ??
    lastOf(parts.filter((part) => part.outcome === 'running')) ??
    lastOf(parts);
  if (!decisive) return null;
  const isTimed = decisive.outcome === 'success' && parts.every((part) => part.succeededAt !== null);
  return {
    deployment,
    outcome: decisive.outcome,
    succeededAt: isTimed ? decisive.at : null,
    at: decisive.at,
    assumed: decisive.outcome === 'success' && parts.some((part) => part.assumed),
    ...(revoked ? { revoked } : {}),
  };
}

/** The outcome of each part of a rollout that had begun at `asOf`; empty for a single deployment. */
export function partsOf({ parts = [] }: Deployment, asOf: Date, runId: number | null): PartOutcome[] {
  return parts.flatMap((part) => {
    const outcome = outcomeOfPart(part, asOf, runId);
    return outcome ? [{ ...outcome, job: part.job }] : [];
  });
}

/** The first success among the attempts, or else the outcome of the last one. */
function outcomeOfPart({ attempts }: RolloutPart, asOf: Date, runId: number | null): Outcome | null {
  const outcomes = outcomesOf(attempts, asOf, runId);
  const newest = outcomes.toSorted((a, b) => byCreation(a.deployment, b.deployment)).at(-1);
  const decisive = outcomes.find((outcome) => outcome.outcome === 'success') ?? newest;
  const revoked = outcomes.find((outcome) => outcome.revoked)?.revoked;
  return decisive ? { ...decisive, ...(revoked ? { revoked } : {}) } : null;
}

const lastOf = <T extends Outcome>(outcomes: readonly T[]): T | undefined =>
  outcomes.toSorted(bySuccess).at(-1);

/** Orders by time of success, then creation, then id, so that the order of a list makes no difference. */
export function bySuccess(a: Outcome, b: Outcome): number {
  return a.at.getTime() - b.at.getTime() || byCreation(a.deployment, b.deployment);
}

/** Orders by creation, then id; numbers are compared as numbers. */
export function byCreation(a: Deployment, b: Deployment): number {
  const byId =
    typeof a.id === 'number' && typeof b.id === 'number' ? a.id - b.id : String(a.id) < String(b.id) ? -1 : 1;
  return a.createdAt.getTime() - b.createdAt.getTime() || byId;
}

/** The outcomes of the deployments created by `asOf`, in the order of success. */
export function outcomesOf(deployments: readonly Deployment[], asOf: Date, runId: number | null): Outcome[] {
  const outcomes = deployments.flatMap((deployment) => outcomeOf(deployment, asOf, runId) ?? []);
  return outcomes.map((outcome) => withoutLateMark(outcome, outcomes)).sort(bySuccess);
}

/** A success that was marked as failed only after another success had replaced it, even if that one was marked later, too. */
function withoutLateMark(outcome: Outcome, outcomes: readonly Outcome[]): Outcome {
  const { revoked, deployment } = outcome;
  if (!revoked || deployment.parts) return outcome;
  const { succeededAt, failedAt } = revoked;
  const wasReplaced =
    deployment.wasReplaced ??
    outcomes.some(
      (other) =>
        other !== outcome &&
        [other.outcome === 'success' ? other.at : null, other.revoked?.succeededAt ?? null].some(
          (at) => at !== null && at > succeededAt && at <= failedAt,
        ),
    );
  return wasReplaced
    ? {
        ...outcome,
        outcome: 'success',
        succeededAt,
        at: succeededAt,
        revoked: { ...revoked, wasReplaced: true },
      }
    : outcome;
}

/** The successful outcomes, in the order of success. */
export function successes(deployments: readonly Deployment[], asOf: Date, runId: number | null): Outcome[] {
  return outcomesOf(deployments, asOf, runId).filter(({ outcome }) => outcome === 'success');
}
