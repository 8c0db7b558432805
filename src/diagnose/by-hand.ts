import type { Pipeline } from '../model/pipeline.ts';
import { runOf } from '../model/pipeline.ts';
import type { MeasuredDeployment } from '../measure/measured.ts';

/** A person in the way: who, how, and for how long it waited for them where that can be told. */
export interface ByHand {
  how: 'dispatched' | 'released' | 'created' | 'approved';
  by: string;
  /** Seconds; `null` where the wait cannot be told from others. */
  waited: number | null;
}

/**
 * Whether a deployment was started or let go on by a person. Deploying is automatic; a run that a person dispatched,
 * a release or a deployment that a person made, and an approval are not. A wait timer is nobody's hand.
 */
export function byHandOf({ deployment }: MeasuredDeployment, pipeline: Pipeline | null): ByHand | null {
  if (pipeline) {
    const { run, approvedBy, holds } = pipeline;
    const person = run.actor && !run.actor.isBot ? run.actor.login : null;
    if (person !== null && run.event === 'workflow_dispatch')
      return { how: 'dispatched', by: person, waited: null };
    if (person !== null && run.event === 'release') return { how: 'released', by: person, waited: null };
    if (approvedBy && !approvedBy.isBot) {
      const waited = holds.reduce((sum, hold) => sum + hold.to.getTime() - hold.from.getTime(), 0) / 1000;
      return { how: 'approved', by: approvedBy.login, waited };
    }
    return null;
  }
  const { creator, trigger } = deployment;
  if (creator === null || creator.isBot || runOf(deployment) !== null) return null;
  return { how: trigger === 'release' ? 'released' : 'created', by: creator.login, waited: null };
}

/** Whether the hand is at the start, so that the time before it was waiting for somebody. */
export function isStartedByHand(hand: ByHand | null): boolean {
  return hand !== null && hand.how !== 'approved';
}
