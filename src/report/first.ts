import type { UnitAnswer } from './answer.ts';
import type { Block } from './blocks.ts';
import { savingOf } from './diagnosis.ts';
import { oneLine } from '../model/guard-error.ts';
import { counted, duration, listed, nameOf } from './words.ts';

/** What to do first, in one line: the change that is stuck, the suspect that costs most, or what makes the batches. */

/** So many of the deployments are batches before that is the first thing to do. */
const MANY = 1 / 3;

export function firstBlocks(answer: UnitAnswer): Block[] {
  const text = firstThing(answer);
  return text === null ? [] : [{ kind: 'paragraph', text: [{ text: 'First:', strong: true }, ` ${text}`] }];
}

/** `null`: nothing stands out. */
export function firstThing(answer: UnitAnswer): string | null {
  return stuck(answer) ?? suspect(answer) ?? batches(answer);
}

function stuck({ pending, target, isFrozen }: UnitAnswer): string | null {
  const late = pending.filter(
    (each) => !each.ridesAlong && (each.waitingSeconds ?? 0) > target.thresholdSeconds,
  );
  const [oldest] = late;
  if (!oldest || isFrozen) return null;
  const others = late.length > 1 ? ` and ${listed(late.slice(1).map(nameOf))}` : '';
  return `deploy ${nameOf(oldest)}${others}: merged ${duration(oldest.waitingSeconds ?? 0)} ago, and not live.`;
}

/** The suspect with the largest likely saving, where there is something to mend. */
function suspect({ diagnosis: { suspects }, status }: UnitAnswer): string | null {
  const [most] = suspects;
  if (!most || status === 'on-target') return null;
  return `${most.title.replace(/^./, (each) => each.toLowerCase())} (${oneLine(most.where, 80)}); mending it may save ${savingOf(most)} a deployment.`;
}

function batches({ deployments }: UnitAnswer): string | null {
  const shipping = deployments.filter((each) => each.outcome === 'success' && each.mergesets.length > 0);
  const batched = shipping.filter((each) => each.batched);
  if (batched.length === 0 || batched.length < shipping.length * MANY) return null;
  return `deploy each merge by itself: ${batched.length} of ${counted(shipping.length, 'deployment')} shipped several changes at once.`;
}
