import type { DeploymentState, DeploymentStatus } from './facts.ts';

/** The order of a deployment's states. Any other state comes last. */
const STATE_ORDER: DeploymentState[] = ['PENDING', 'WAITING', 'QUEUED', 'IN_PROGRESS', 'SUCCESS'];

const rankOf = ({ state }: DeploymentStatus) =>
  STATE_ORDER.includes(state) ? STATE_ORDER.indexOf(state) : STATE_ORDER.length;

/** A list is sorted once, even if it is used many times. */
const ordered = new WeakMap<readonly DeploymentStatus[], readonly DeploymentStatus[]>();

/** Statuses by time, whatever order GitHub lists them in. Those of the same second follow the order of states. */
export function oldestFirst(statuses: readonly DeploymentStatus[]): readonly DeploymentStatus[] {
  const cached = ordered.get(statuses);
  if (cached) return cached;
  const inOrder = statuses.toSorted(
    (a, b) => a.createdAt.getTime() - b.createdAt.getTime() || rankOf(a) - rankOf(b),
  );
  ordered.set(statuses, inOrder);
  return inOrder;
}

/** True if a log address is Argo CD's: its notifications link to the application's page with an open operation. */
export const isArgo = (logUrl: string | null): boolean =>
  /\/applications\/[^?]+\?.*operation=true/.test(logUrl ?? '');
