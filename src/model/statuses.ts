import type { DeploymentState, DeploymentStatus } from './facts.ts';

/** In what order a deployment goes through its states; whatever is not among them comes at the end. */
const LIFE: DeploymentState[] = ['PENDING', 'WAITING', 'QUEUED', 'IN_PROGRESS', 'SUCCESS'];

const rankOf = ({ state }: DeploymentStatus) => (LIFE.includes(state) ? LIFE.indexOf(state) : LIFE.length);

/** Statuses as they came, however GitHub lists them: those of one second in the order of a deployment's life. */
export function oldestFirst(statuses: readonly DeploymentStatus[]): DeploymentStatus[] {
  return statuses.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || rankOf(a) - rankOf(b));
}

/** Argo CD's notifications log to the application's page, with its operation open. */
export const isArgo = (logUrl: string | null): boolean =>
  /\/applications\/[^?]+\?.*operation=true/.test(logUrl ?? '');
