import type { Deployment, RolloutPart } from './facts.ts';
import { oldestFirst } from './statuses.ts';

/** What became of a deployment, as of an instant. */
export interface Outcome {
  deployment: Deployment;
  outcome: 'success' | 'failure' | 'running';
  /** The first success, of a rollout the last part's; `null` where there was none, or where its time is not known any more. */
  succeededAt: Date | null;
  /** When it came to this, as near as that is known: what orders the deployments. */
  at: Date;
  /** Still in progress, but of this very run: taken as succeeding now. */
  assumed: boolean;
}

/** What became of a part of a rollout. */
export interface PartOutcome extends Outcome {
  job: string | null;
}

const FAILED = new Set(['FAILURE', 'ERROR', 'ABANDONED', 'DESTROYED', 'INACTIVE']);

/**
 * Reads a deployment's statuses as they stood at `asOf`.
 *
 * - It succeeded at its earliest `SUCCESS`, whatever came later.
 * - `ACTIVE` or `INACTIVE` with nothing left but `INACTIVE` statuses: a success at an unknown time, ordered by
 *   when it was created. (GitHub drops the oldest statuses first; one that shows how it began shows how it ended.)
 *   While GitHub has them all, it is one that never succeeded.
 * - In progress with a log of the run `runId`: a success now, `assumed`; not where the log is of another job of it.
 * - Of several regions, where the first counts: what became of the first that succeeded.
 * - Of several parts: a success when the last of them has succeeded, a failure while one has failed and was not tried
 *   again with success.
 *
 * @returns `null` where it was created after `asOf`.
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
  });

  const success = statuses.find((status) => status.state === 'SUCCESS');
  if (success) return result('success', success.createdAt, success.createdAt);

  const settled = ['ACTIVE', 'INACTIVE', 'SUCCESS'].includes(deployment.state);
  const neverSucceeded = deployment.hasAllStatuses === true && deployment.statuses.length > 0;
  if (settled && !neverSucceeded && deployment.statuses.every((status) => status.state === 'INACTIVE'))
    return result('success', deployment.createdAt, null);

  const last = statuses.at(-1);
  const isOwn = runId !== null && isLogOf(last?.logUrl ?? null, runId) && deployment.isOfAnotherJob !== true;
  if (isOwn && last?.state === 'IN_PROGRESS') return result('success', asOf, asOf, true);
  if (last && FAILED.has(last.state)) return result('failure', last.createdAt, null);
  if (deployment.statuses.length === 0 && FAILED.has(deployment.state))
    return result('failure', deployment.createdAt, null);
  return result('running', asOf, null);
}

function isLogOf(logUrl: string | null, runId: number): boolean {
  return logUrl !== null && new RegExp(`/actions/runs/${runId}(?:/|$)`).test(logUrl);
}

function outcomeOfParts(deployment: Deployment, asOf: Date, runId: number | null): Outcome | null {
  const parts = partsOf(deployment, asOf, runId);
  const first = parts.filter((part) => part.outcome === 'success').toSorted(bySuccess)[0];
  if (deployment.liveWith === 'first' && first) {
    const { succeededAt, at, assumed } = first;
    return { deployment, outcome: 'success', succeededAt, at, assumed };
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
  };
}

/** What became of each part of a rollout that had begun at `asOf`; empty for a plain deployment. */
export function partsOf({ parts = [] }: Deployment, asOf: Date, runId: number | null): PartOutcome[] {
  return parts.flatMap((part) => {
    const outcome = outcomeOfPart(part, asOf, runId);
    return outcome ? [{ ...outcome, job: part.job }] : [];
  });
}

/** The first success among the attempts; without one, what became of the last. */
function outcomeOfPart({ attempts }: RolloutPart, asOf: Date, runId: number | null): Outcome | null {
  const outcomes = outcomesOf(attempts, asOf, runId);
  const newest = outcomes.toSorted((a, b) => byCreation(a.deployment, b.deployment)).at(-1);
  return outcomes.find((outcome) => outcome.outcome === 'success') ?? newest ?? null;
}

const lastOf = <T extends Outcome>(outcomes: readonly T[]): T | undefined =>
  outcomes.toSorted(bySuccess).at(-1);

/** The order of success: by time, then by creation, then by id, so that no list order can matter. */
export function bySuccess(a: Outcome, b: Outcome): number {
  return a.at.getTime() - b.at.getTime() || byCreation(a.deployment, b.deployment);
}

/** The order of creation, then of ids: numbers as numbers. */
export function byCreation(a: Deployment, b: Deployment): number {
  const byId =
    typeof a.id === 'number' && typeof b.id === 'number' ? a.id - b.id : String(a.id) < String(b.id) ? -1 : 1;
  return a.createdAt.getTime() - b.createdAt.getTime() || byId;
}

/** What became of the deployments that were created by `asOf`, in the order of success. */
export function outcomesOf(deployments: readonly Deployment[], asOf: Date, runId: number | null): Outcome[] {
  return deployments.flatMap((deployment) => outcomeOf(deployment, asOf, runId) ?? []).sort(bySuccess);
}

/** The outcomes that put something live, in the order of success. */
export function successes(deployments: readonly Deployment[], asOf: Date, runId: number | null): Outcome[] {
  return outcomesOf(deployments, asOf, runId).filter(({ outcome }) => outcome === 'success');
}
