import { differenceInSeconds, min, subSeconds } from 'date-fns';
import type { Settings } from '../config/plan.ts';
import type { GitHub } from '../github/client.ts';
import { Unreadable } from '../github/errors.ts';
import { ENOUGH, type Rule, sampleAt } from '../judge/look.ts';
import { timelineOf } from '../measure/timeline.ts';
import type { Gap } from '../model/facts.ts';
import { GuardError } from '../model/guard-error.ts';
import type { Service } from '../model/service.ts';
import type { Facts } from '../read/facts-request.ts';
import {
  measured,
  type AttributedService,
  attributeServices,
  type AttributionInput,
} from './attributed-services.ts';

/** A longer time than the window's. It only adds to the answer: where it cannot be had, the answer says what it lacks. */

/** Of the requests that are left, what is read beside the answer may make so large a share. */
const SHARE = 0.5;

/** Facts of a longer time, or why there are none. */
export type Deeper = Facts | { reason: string };

/** Reads on, to an instant before the window, within a share of the requests that are left, and with `most` at the most. */
export async function readOn(
  github: GitHub,
  facts: Facts,
  seconds: number,
  most = Number.POSITIVE_INFINITY,
): Promise<Deeper> {
  const from = subSeconds(facts.window.to, seconds);
  if (from >= facts.window.from) return facts;
  try {
    const deeper = await github.within(SHARE, most, () => facts.deepen(from));
    const lack = newRisk(facts, deeper);
    return lack === null ? deeper : { reason: lack };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { reason: error.message };
  }
}

/** What is lacking of the longer time that was not of the shorter one, where it could change a verdict. */
function newRisk(facts: Facts, deeper: Facts): string | null {
  const gapsOf = ({ repository, services }: Facts) =>
    [
      ...repository.gaps,
      ...services.flatMap((service) => (service instanceof GuardError ? [] : service.gaps)),
    ].filter((gap) => gap.verdictAtRisk);
  const known = new Set(gapsOf(facts).map((gap) => gap.what));
  return gapsOf(deeper).find((gap) => !known.has(gap.what))?.what ?? null;
}

/**
 * Where a window holds too few changes, it is widened backwards to the last ten of those that the longer one holds; that
 * of each service by itself. Where that cannot be read, the window stays as it was asked for, and that is said.
 */
export async function widened(
  github: GitHub,
  tellers: AttributionInput,
  asked: Facts,
  { widen, window }: Pick<Settings, 'widen' | 'window'>,
): Promise<{ facts: Facts; attributedServices: AttributedService[]; gap: Gap | null }> {
  const attributedServices = await attributeServices(tellers, asked);
  const isThin = (attributed: AttributedService) => measured(attributed, tellers).leadTime.count < ENOUGH;
  if (widen <= differenceInSeconds(window.to, window.from) || !attributedServices.some(isThin))
    return { facts: asked, attributedServices, gap: null };
  const deeper = await readOn(github, asked, widen);
  if ('reason' in deeper)
    return {
      facts: asked,
      attributedServices,
      gap: {
        what: `The window holds fewer than ${ENOUGH} changes, and what was merged before it could not be read. ${deeper.reason}`,
        consequence: 'It is not widened, and the verdict stands on fewer changes.',
        verdictAtRisk: false,
      },
    };
  const wide = await attributeServices(tellers, deeper);
  return {
    facts: { ...deeper, window: asked.window },
    gap: null,
    attributedServices: wide.map((attributed) => {
      const longest = { ...window, from: subSeconds(window.to, widen) };
      const { from } = sampleAt(
        timelineOf(measured(attributed, tellers, { window: longest })),
        window.to.getTime(),
        ruleOf(attributed.service, { widen, window }),
      );
      return { ...attributed, window: { ...window, from: min([window.from, new Date(from)]) } };
    }),
  };
}

/** What a service is held to at any instant. */
export const ruleOf = (
  { target, policy }: Service,
  { widen, window }: Pick<Settings, 'widen' | 'window'>,
): Rule => ({
  target,
  minSamples: policy.minSamples,
  window: differenceInSeconds(window.to, window.from),
  widen,
});
