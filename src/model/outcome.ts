import type { Deployment } from './facts.ts';
import { oldestFirst } from './statuses.ts';

/** What became of a deployment, as of an instant. */
export interface Outcome {
  deployment: Deployment;
  outcome: 'success' | 'failure' | 'running';
  /** The first success; `null` where there was none, or where its time is no longer known. */
  succeededAt: Date | null;
  /** When it came to this, as near as that is known: what orders the deployments. */
  at: Date;
  /** Still in progress, but of this very run: taken as succeeding now. */
  assumed: boolean;
}

const FAILED = new Set(['FAILURE', 'ERROR', 'ABANDONED', 'DESTROYED', 'INACTIVE']);

/**
 * Reads a deployment's statuses as they stood at `asOf`.
 *
 * - It succeeded at its earliest `SUCCESS`, whatever came later.
 * - `ACTIVE` or `INACTIVE` with nothing left but `INACTIVE` statuses: a success at an unknown time, ordered by
 *   when it was created. (GitHub drops the oldest statuses first; one that shows how it began shows how it ended.)
 * - In progress with a log of the run `runId`: a success now, `assumed`.
 *
 * @returns `null` where it was created after `asOf`.
 */
export function outcomeOf(deployment: Deployment, asOf: Date, runId: number | null): Outcome | null {
  if (deployment.createdAt > asOf) return null;
  const statuses = oldestFirst(deployment.statuses.filter((status) => status.createdAt <= asOf));
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
  if (settled && deployment.statuses.every((status) => status.state === 'INACTIVE'))
    return result('success', deployment.createdAt, null);

  const last = statuses.at(-1);
  if (runId !== null && last?.state === 'IN_PROGRESS' && isLogOf(last.logUrl, runId))
    return result('success', asOf, asOf, true);
  if (last && FAILED.has(last.state)) return result('failure', last.createdAt, null);
  if (deployment.statuses.length === 0 && FAILED.has(deployment.state))
    return result('failure', deployment.createdAt, null);
  return result('running', asOf, null);
}

function isLogOf(logUrl: string | null, runId: number): boolean {
  return logUrl !== null && new RegExp(`/actions/runs/${runId}(?:/|$)`).test(logUrl);
}

/** The order of success: by time, then by creation, then by id, so that no list order can matter. */
export function bySuccess(a: Outcome, b: Outcome): number {
  return (
    a.at.getTime() - b.at.getTime() ||
    a.deployment.createdAt.getTime() - b.deployment.createdAt.getTime() ||
    (typeof a.deployment.id === 'number' && typeof b.deployment.id === 'number'
      ? a.deployment.id - b.deployment.id
      : String(a.deployment.id) < String(b.deployment.id)
        ? -1
        : 1)
  );
}

/** The outcomes that put something live, in the order of success. */
export function successes(deployments: readonly Deployment[], asOf: Date, runId: number | null): Outcome[] {
  return deployments
    .map((deployment) => outcomeOf(deployment, asOf, runId))
    .filter((each) => each?.outcome === 'success')
    .filter((each) => each !== null)
    .sort(bySuccess);
}
