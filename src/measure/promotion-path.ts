import { LIVE } from '../model/terms.ts';
import type { Attribution } from './attribution.ts';
import type { Measurement } from './measure.ts';

/** The path of changes through other environments, such as staging, to the measured one. */

/** A step from one environment to the next. */
export interface PromotionStep {
  from: string;
  to: string;
  /** The time of each change that took the step, in seconds, never negative. */
  seconds: number[];
}

export interface PromotionPath {
  steps: PromotionStep[];
  /** Changes that went live without passing through a stage first, by their merge commit. */
  skipped: { mergeCommit: string; stage: string }[];
  /** When each change was live in each stage, by its merge commit; `null` if it never was or the time is unknown. */
  liveAt: ReadonlyMap<string, readonly (Date | null)[]>;
}

/** An environment before the measured one. */
export interface PromotionStage {
  name: string;
  attribution: Attribution;
}

const MERGE = 'merge';

/**
 * Takes the time of each step from the times of each change, and not from medians. If a change skipped a stage, its time
 * counts for the step to the next stage it reached.
 *
 * @param stages - in the order of promotion, at least one.
 */
export function promotionPathOf(
  { mergesets }: Pick<Measurement, 'mergesets'>,
  stages: readonly PromotionStage[],
): PromotionPath {
  const names = [...stages.map((stage) => stage.name), LIVE];
  const steps = new Map<string, PromotionStep>();
  const skipped: PromotionPath['skipped'] = [];
  const liveAt = new Map<string, readonly (Date | null)[]>();
  const byCommit = stages.map(({ attribution }) => {
    // If several mergesets share a commit, the first of them counts. It is set last.
    const newestFirst = attribution.mergesets.toReversed();
    return new Map(newestFirst.map((mergeset) => [mergeset.mergeCommit, mergeset]));
  });
  for (const mergeset of mergesets) {
    const reached = stages.map(({ attribution }, i) => {
      const staged = byCommit[i]?.get(mergeset.mergeCommit);
      const arrival = staged && attribution.arrivalOf(staged);
      if (!arrival || arrival.shipment.isFirstSuccess) return null;
      return arrival.as?.kind === 'before-merge' ? mergeset.mergedAt : arrival.shipment.succeededAt;
    });
    liveAt.set(mergeset.mergeCommit, reached);
    const { deployedAt } = mergeset;
    let [at, from] = [mergeset.mergedAt, MERGE];
    for (const [i, name] of names.entries()) {
      const reachedAt = i === stages.length ? deployedAt : (reached[i] ?? null);
      // A change that reached a stage only after it went live skipped that stage.
      const isSkipped =
        i < stages.length && deployedAt !== null && (reachedAt === null || reachedAt > deployedAt);
      if (isSkipped) skipped.push({ mergeCommit: mergeset.mergeCommit, stage: name });
      if (reachedAt === null || isSkipped) continue;
      const key = `${from} ${name}`;
      const step = steps.get(key) ?? { from, to: name, seconds: [] };
      step.seconds.push(Math.max(0, Math.floor((reachedAt.getTime() - at.getTime()) / 1000)));
      steps.set(key, step);
      [at, from] = [reachedAt, name];
    }
  }
  return { steps: [...steps.values()], skipped, liveAt };
}
