import type { MeasuredDeployment } from '../measure/measured.ts';
import { type Pipeline, runOf } from '../model/pipeline.ts';

/** A person who started or approved a deployment, and how long it waited for them if that is known. */
export interface ByHand {
  how: 'dispatched' | 'released' | 'created' | 'approved';
  by: string;
  /** Seconds; `null` if the wait cannot be separated from other waits. */
  waited: number | null;
}

/**
 * The person who started or approved a deployment: by dispatching its run, by publishing a release, by creating the
 * deployment, or by approving it. Bots and wait timers do not count.
 */
export function byHandOf({ deployment }: MeasuredDeployment, pipeline: Pipeline | null): ByHand | null {
  if (pipeline) {
    const { run, approvedBy, holds } = pipeline;
    const person = run.actor && !run.actor.isBot ? run.actor.login : null;
    if (person !== null && run.event === 'workflow_dispatch')
      return { how: 'dispatched', by: person, waited: null };
    if (person !== null && run.event === 'release') return { how: 'released', by: person, waited: null };
    if (!approvedBy || approvedBy.isBot) return null;
    const waited = holds.reduce((sum, hold) => sum + hold.to.getTime() - hold.from.getTime(), 0) / 1000;
    return { how: 'approved', by: approvedBy.login, waited };
  }
  const { creator, trigger, isOfController } = deployment;
  if (creator === null || creator.isBot || isOfController || runOf(deployment) !== null) return null;
  return { how: trigger === 'release' ? 'released' : 'created', by: creator.login, waited: null };
}

/** True if a person started the deployment, so that the time before it was spent waiting for them. */
export const isStartedByHand = (hand: ByHand | null): boolean => hand !== null && hand.how !== 'approved';
