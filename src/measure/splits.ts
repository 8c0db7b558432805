import type { Oid } from '../model/facts.ts';
import { type LeadTime, leadTimeOf } from '../model/lead-time.ts';
import { matches } from '../model/pattern.ts';
import { type MeasuredMergeset, observationsOf } from './measured.ts';

/** Lead times by label. */
export interface Split {
  /** The pattern, such as `label:team/*`. */
  by: string;
  groups: { name: string; leadTime: LeadTime }[];
}

/** The label patterns of the option `splits`. */
export function labelPatternsIn(splits: readonly string[]): string[] {
  return splits.flatMap((split) => (split.startsWith('label:') ? [split.slice('label:'.length)] : []));
}

/**
 * @param labels - labels of each mergeset, by its merge commit.
 * @returns one group for each matching label. A mergeset with several of them is in each group, and a mergeset without one
 * is in the group `unassigned`.
 */
export function splitsOf(
  mergesets: readonly MeasuredMergeset[],
  patterns: readonly string[],
  labels: ReadonlyMap<Oid, readonly string[]>,
): Split[] {
  return patterns.map((pattern) => {
    const groups = new Map<string, MeasuredMergeset[]>();
    for (const mergeset of mergesets) {
      const names = (labels.get(mergeset.mergeCommit) ?? []).filter((label) => matches(pattern, label));
      for (const name of names.length > 0 ? names : ['unassigned'])
        groups.set(name, [...(groups.get(name) ?? []), mergeset]);
    }
    return {
      by: `label:${pattern}`,
      groups: [...groups]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, group]) => ({ name, leadTime: leadTimeOf(observationsOf(group)) })),
    };
  });
}
