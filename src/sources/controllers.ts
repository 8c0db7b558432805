import type { Deployment, Remark } from '../model/facts.ts';
import { byCreation } from '../model/outcome.ts';
import { runOf } from '../model/pipeline.ts';
import { isArgo } from '../model/statuses.ts';
import { counted, noteIf } from './phrases.ts';

/**
 * Deployments by application controllers, such as Argo CD and Flux. A controller records a deployment of one commit for
 * each application, and again whenever it syncs one.
 */

/** Names of accounts that belong to a controller. */
const CONTROLLER = /argo-?cd|^argo\b|^flux(?:cd|-?bot|\b)/i;
/** This many deployments of one commit, without a workflow run, are by a controller whatever its account is called. */
const MANY = 10;

/** Combines a controller's deployments of one commit into one that is live with the first success. */
export function combineControllers(deployments: readonly Deployment[]): Deployment[] {
  const groups = new Map<string, Deployment[]>();
  for (const deployment of deployments) {
    if (runOf(deployment) !== null) continue;
    const key = `${deployment.sha} ${deployment.creator?.login}`;
    groups.set(key, [...(groups.get(key) ?? []), deployment]);
  }
  const accounts = new Set(
    [...groups.values()].filter((group) => group.length >= MANY).map(([first]) => first?.creator?.login),
  );
  const isOfController = ({ creator, statuses }: Deployment) =>
    accounts.has(creator?.login) ||
    CONTROLLER.test(creator?.login ?? '') ||
    statuses.some((status) => isArgo(status.logUrl));
  const combined = new Map<Deployment, Deployment | null>();
  for (const group of groups.values()) {
    const ofController = group.filter(isOfController).sort(byCreation);
    const [first] = ofController;
    for (const deployment of ofController) combined.set(deployment, null);
    if (!first) continue;
    const marked = { ...first, isOfController: true };
    combined.set(
      first,
      ofController.length === 1
        ? marked
        : {
            ...marked,
            statuses: ofController.flatMap((deployment) => deployment.statuses),
            parts: [{ job: null, attempts: ofController }],
          },
    );
  }
  return deployments.flatMap((deployment) => {
    const replacement = combined.get(deployment);
    return replacement === undefined ? [deployment] : (replacement ?? []);
  });
}

/** Says how many deployments were combined. */
export function combinedByController(deployments: readonly Deployment[]): Remark[] {
  const groups = deployments.filter(({ isOfController, parts }) => isOfController && parts);
  const count = groups.reduce((sum, { parts = [] }) => sum + (parts[0]?.attempts.length ?? 0), 0);
  return noteIf(groups.length > 0, {
    what: `A controller such as Argo CD made ${counted(count, 'deployment')} of ${counted(groups.length, 'commit')}. Those of one commit count as one.`,
    consequence:
      'A commit is live with the first success. If the controller goes back to an older commit, that does not show.',
  });
}
