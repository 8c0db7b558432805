import type { DeploymentState, DeploymentStatus } from './facts.ts';

/** In what order a deployment goes through its states; whatever is not among them comes at the end. */
const LIFE: DeploymentState[] = ['PENDING', 'WAITING', 'QUEUED', 'IN_PROGRESS', 'SUCCESS'];

const rankOf = ({ state }: DeploymentStatus) => (LIFE.includes(state) ? LIFE.indexOf(state) : LIFE.length);

/** Each list of statuses is put in order once, however often a run looks at it. */
const ordered = new WeakMap<readonly DeploymentStatus[], readonly DeploymentStatus[]>();

/** Statuses as they came, however GitHub lists them: those of one second in the order of a deployment's life. */
export function oldestFirst(statuses: readonly DeploymentStatus[]): readonly DeploymentStatus[] {
  const known = ordered.get(statuses);
  if (known) return known;
  const inOrder = statuses.toSorted(
    (a, b) => a.createdAt.getTime() - b.createdAt.getTime() || rankOf(a) - rankOf(b),
  );
  ordered.set(statuses, inOrder);
  return inOrder;
}

/** Argo CD's notifications log to the application's page, with its operation open. */
export const isArgo = (logUrl: string | null): boolean =>
  /\/applications\/[^?]+\?.*operation=true/.test(logUrl ?? '');
