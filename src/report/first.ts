import { type Block, paragraph } from './blocks.ts';
import type { Report } from './contract.ts';
import { savingOf } from './diagnosis.ts';
import { oneLine } from '../model/guard-error.ts';
import { pendingIn, successesIn } from './parts.ts';
import { counted, duration, listed, nameOf } from './words.ts';

/** What to do first, in one line: the change that is stuck, the suspect that costs most, or what makes the batches. */

/** So many of the deployments are batches before that is the first thing to do. */
const MANY = 1 / 3;

export function firstBlocks(report: Report): Block[] {
  const text = firstThing(report);
  return text === null ? [] : [paragraph({ text: 'First:', strong: true }, ` ${text}`)];
}

/** `null`: nothing stands out. */
function firstThing(report: Report): string | null {
  return stuck(report) ?? suspect(report) ?? batches(report);
}

function stuck(report: Report): string | null {
  const { target, frozen } = report;
  const late = pendingIn(report).filter(
    (mergeset) => !mergeset.ridesAlong && (mergeset.waitingSeconds ?? 0) > target.thresholdSeconds,
  );
  const [oldest] = late;
  if (!oldest || frozen) return null;
  const others = late.length > 1 ? ` and ${listed(late.slice(1).map(nameOf))}` : '';
  return `deploy ${nameOf(oldest)}${others}: merged ${duration(oldest.waitingSeconds ?? 0)} ago, and not live.`;
}

/** The suspect with the largest likely saving, where there is something to mend. */
function suspect({ suspects, status }: Report): string | null {
  const [most] = suspects;
  if (!most || status === 'on-target') return null;
  return `${most.title.replace(/^./, (each) => each.toLowerCase())} (${oneLine(most.where, 80)}); mending it may save ${savingOf(most)} a deployment.`;
}

function batches(report: Report): string | null {
  const shipping = successesIn(report).filter((success) => success.mergesets.length > 0);
  const batched = shipping.filter((each) => each.batched);
  if (batched.length === 0 || batched.length < shipping.length * MANY) return null;
  return `deploy each merge by itself: ${batched.length} of ${counted(shipping.length, 'deployment')} shipped several changes at once.`;
}
