import { LIVE } from '../model/terms.ts';
import type { Attribution } from './attribution.ts';
import type { Measurement } from './measure.ts';

/** The way of a change through the environments before the one that is judged. */

/** A step of it, from where a change was to where it got. */
export interface PromotionStep {
  from: string;
  to: string;
  /** The time of each change that made the step, in seconds, never negative. */
  seconds: number[];
}

export interface PromotionPath {
  steps: PromotionStep[];
  /** Changes that got live without having been in a stage before, by their merge commit. */
  skipped: { mergeCommit: string; stage: string }[];
  /** When each change was live in each stage, by its merge commit; `null`: never, or nobody knows when. */
  liveAt: ReadonlyMap<string, readonly (Date | null)[]>;
}

/** What is waiting to be live in the environment that is judged, and the stages before it, in order. */
export interface Stage {
  name: string;
  attribution: Attribution;
}

const MERGE = 'merge';

/**
 * Takes each change's time from one stage to the next, from its own times in both: never from medians. A change that
 * skipped a stage has no step from it; its whole time counts to where it got next.
 */
export function wayOf(
  { mergesets }: Pick<Measurement, 'mergesets'>,
  stages: readonly Stage[],
): PromotionPath | null {
  if (stages.length === 0) return null;
  const names = [...stages.map((stage) => stage.name), LIVE];
  const steps = new Map<string, PromotionStep>();
  const skipped: PromotionPath['skipped'] = [];
  const liveAt = new Map<string, readonly (Date | null)[]>();
  const byCommit = stages.map(({ attribution }) => {
    // If several mergesets share a commit, the first of them counts: it is set last.
    const newestFirst = attribution.mergesets.toReversed();
    return new Map(newestFirst.map((mergeset) => [mergeset.mergeCommit, mergeset]));
  });
  for (const mergeset of mergesets) {
    const reached = stages.map(({ attribution }, i) => {
      const same = byCommit[i]?.get(mergeset.mergeCommit);
      const arrival = same && attribution.arrivalOf(same);
      if (!arrival || arrival.shipment.seed) return null;
      return arrival.as?.kind === 'before-merge' ? mergeset.mergedAt : arrival.shipment.succeededAt;
    });
    liveAt.set(mergeset.mergeCommit, reached);
    const { deployedAt } = mergeset;
    let [at, from] = [mergeset.mergedAt, MERGE];
    for (const [i, name] of names.entries()) {
      const when = name === LIVE && i === stages.length ? deployedAt : (reached[i] ?? null);
      // What came to a stage only after it was live had skipped it.
      const isSkipped = i < stages.length && deployedAt !== null && (when === null || when > deployedAt);
      if (isSkipped) skipped.push({ mergeCommit: mergeset.mergeCommit, stage: name });
      if (when === null || isSkipped) continue;
      const key = `${from} ${name}`;
      const step = steps.get(key) ?? { from, to: name, seconds: [] };
      step.seconds.push(Math.max(0, Math.floor((when.getTime() - at.getTime()) / 1000)));
      steps.set(key, step);
      [at, from] = [when, name];
    }
  }
  return { steps: [...steps.values()], skipped, liveAt };
}
