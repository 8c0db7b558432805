import { type Block, type Inline, paragraph } from './blocks.ts';
import type { Report, ReportedChange } from './contract.ts';
import { growthWords, savingOf } from './diagnosis.ts';
import { changeWords } from './trends.ts';
import { oneLine } from '../model/guard-error.ts';
import { disagreementsIn, withLinks, pendingIn, successesIn } from './parts.ts';
import { counted, duration, listed, nameOf, percent, STAGE_WORDS, uncapital } from './words.ts';

/** The lines after the verdict: what production runs instead, why lead time is long, what to do first, and what is waiting. */

/** From this share of batches on, batching is the first thing to change. */
const MANY_BATCHES = 1 / 3;
/** A stage below this share of the lead time explains too little to be named as the reason. */
const MAIN_STAGE = 1 / 3;

export function reasonBlocks(report: Report): Block[] {
  const lines = reasonLines(report).flatMap((line, i) => [...(i > 0 ? [' '] : []), ...line]);
  return [...disagreementBlocks(report), ...(lines.length > 0 ? [paragraph(...lines)] : [])];
}

export const disagreementBlocks = (report: Report): Block[] =>
  disagreementsIn(report).map((sentence) => paragraph(...withLinks(report, sentence)));

/** Each line with its label in bold. */
export function reasonLines(report: Report): Inline[] {
  const late = lateIn(report);
  const step = suspect(report);
  const sentences: [string, string | null][] = [
    ['Why:', reason(report)],
    ['First:', step ?? stuck(late) ?? batches(report)],
    // The step "deploy #123" already names what waits.
    ['Waiting now:', step === null && late.length > 0 ? null : waiting(report)],
  ];
  return sentences.flatMap(([label, words]): Inline[] =>
    words === null ? [] : [[{ text: label, strong: true }, ' ', ...withLinks(report, words)]],
  );
}

/** Why lead time is long: the slowdown against the team's own past if it is known, else the largest stage. */
function reason({ change, regression, stages, status, stopped }: Report): string | null {
  if (stopped) return stopped.reason;
  if (change !== null) return `slower than before. ${changeWords(change)}`;
  if (regression?.stage) return `slower than before. ${growthWords(regression)}`;
  if (status !== 'drifted' && status !== 'slipping') return null;
  const [main] = (stages?.rows ?? []).toSorted((a, b) => b.share - a.share);
  if (!main || !stages?.inActions || main.share < MAIN_STAGE) return null;
  return `${percent(main.share * 100)} of the time is "${STAGE_WORDS[main.stage]}", ${duration(main.medianSeconds)} in the median.`;
}

/** Waiting changes that count. */
const waitingIn = (report: Report): ReportedChange[] =>
  pendingIn(report).filter((change) => change.counted !== false);

/** Changes that have waited past the limit, and not only for idle regions. In a freeze there are none. */
function lateIn(report: Report): ReportedChange[] {
  if (report.frozen) return [];
  return waitingIn(report).filter(
    ({ waitsForIdleRegions, waitingSeconds }) =>
      !waitsForIdleRegions && (waitingSeconds ?? 0) > report.target.thresholdSeconds,
  );
}

function stuck(late: readonly ReportedChange[]): string | null {
  const [oldest] = late;
  if (!oldest) return null;
  const age = `merged ${duration(oldest.waitingSeconds ?? 0)} ago`;
  return late.length === 1
    ? `deploy ${nameOf(oldest)}, ${age} and not live.`
    : `deploy ${listed(late.map(nameOf))}. The oldest was ${age}.`;
}

/** The suspect with the largest likely saving. A team on target has nothing to fix. */
function suspect({ suspects, status }: Report): string | null {
  const [largest] = suspects;
  if (!largest || status === 'on-target') return null;
  return firstStep(largest);
}

/** A suspect in short: what it is, where, the first sentence of the advice, and the likely saving. */
export const firstStep = (suspect: Report['suspects'][number]): string =>
  `${uncapital(suspect.title)} (${oneLine(suspect.where, 80)}). ${suspect.advice.split(/\.(?: |$)/)[0]}. That may save ${savingOf(suspect)} per deployment.`;

function batches(report: Report): string | null {
  const shipping = successesIn(report).filter((success) => success.mergesets.length > 0);
  const batched = shipping.filter((success) => success.batched);
  if (batched.length === 0 || batched.length < shipping.length * MANY_BATCHES) return null;
  return `deploy each merge on its own. ${batched.length} of ${counted(shipping.length, 'deployment')} shipped several changes at once.`;
}

function waiting(report: Report): string | null {
  const pending = waitingIn(report);
  const [oldest] = pending;
  if (!oldest) return null;
  const others = pending.length > 1 ? `, and ${counted(pending.length - 1, 'newer change')}` : '';
  const isLate = lateIn(report).includes(oldest);
  return `${nameOf(oldest)}, ${duration(oldest.waitingSeconds ?? 0)}${isLate ? ' (over the limit)' : ''}${others}.`;
}
