import { differenceInSeconds, min, subSeconds } from 'date-fns';
import type { Settings } from '../config/plan.ts';
import type { GitHub } from '../github/client.ts';
import { Unreadable } from '../github/errors.ts';
import { SUFFICIENT_CHANGES, type Rule, sampleAt } from '../judge/assessment.ts';
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

/** Share of the remaining requests that reading history may use. The report is complete without history. */
const SHARE = 0.5;

/**
 * Reads facts further back, with a share of the remaining requests. Resolves to the reason if that failed.
 *
 * @param seconds - how far back, from the window's end.
 * @param maxRequests - a further bound on the requests.
 */
export async function readFurtherBack(
  github: GitHub,
  facts: Facts,
  seconds: number,
  maxRequests = Number.POSITIVE_INFINITY,
): Promise<Facts | { reason: string }> {
  const from = subSeconds(facts.window.to, seconds);
  if (from >= facts.window.from) return facts;
  try {
    const longer = await github.withinBudget(SHARE, maxRequests, () => facts.readFurtherBack(from));
    const reason = newRisk(facts, longer);
    return reason === null ? longer : { reason };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { reason: error.message };
  }
}

/** A gap of the longer time only that could change a verdict. */
function newRisk(facts: Facts, longer: Facts): string | null {
  const risksOf = ({ repository, services }: Facts) =>
    [
      ...repository.gaps,
      ...services.flatMap((service) => (service instanceof GuardError ? [] : service.gaps)),
    ].filter((gap) => gap.verdictAtRisk);
  const known = new Set(risksOf(facts).map((gap) => gap.what));
  return risksOf(longer).find((gap) => !known.has(gap.what))?.what ?? null;
}

/**
 * Widens the window of each service that has too few changes, back to its last {@link SUFFICIENT_CHANGES} changes within `widen`. If
 * that cannot be read, windows stay as requested and the gap says so.
 */
export async function widened(
  github: GitHub,
  input: AttributionInput,
  facts: Facts,
  { widen, window }: Pick<Settings, 'widen' | 'window'>,
): Promise<{ facts: Facts; attributedServices: AttributedService[]; gap: Gap | null }> {
  const attributedServices = await attributeServices(input, facts);
  const hasFewChanges = (service: AttributedService) =>
    measured(service, input).leadTime.count < SUFFICIENT_CHANGES;
  if (widen <= differenceInSeconds(window.to, window.from) || !attributedServices.some(hasFewChanges))
    return { facts, attributedServices, gap: null };
  const longer = await readFurtherBack(github, facts, widen);
  if ('reason' in longer) {
    const gap = {
      what: `The window contains fewer than ${SUFFICIENT_CHANGES} changes, and earlier changes could not be read. ${longer.reason}`,
      consequence: 'The window was not widened, so the verdict is based on fewer changes.',
      verdictAtRisk: false,
    };
    return { facts, attributedServices, gap };
  }
  const longest = { ...window, from: subSeconds(window.to, widen) };
  const widenedServices = (await attributeServices(input, longer)).map((service) => {
    const { from } = sampleAt(
      timelineOf(measured(service, input, { window: longest })),
      window.to.getTime(),
      ruleOf(service.service, { widen, window }),
    );
    return { ...service, window: { ...window, from: min([window.from, new Date(from)]) } };
  });
  return { facts: { ...longer, window: facts.window }, attributedServices: widenedServices, gap: null };
}

export const ruleOf = (
  { target, policy }: Service,
  { widen, window }: Pick<Settings, 'widen' | 'window'>,
): Rule => ({
  target,
  minSamples: policy.minSamples,
  window: differenceInSeconds(window.to, window.from),
  widen,
});
