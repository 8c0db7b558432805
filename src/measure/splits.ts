import type { Oid } from '../model/facts.ts';
import { matches } from '../model/pattern.ts';
import { type LeadTime, leadTimeOf } from '../model/lead-time.ts';
import { type MeasuredMergeset, observed } from './measured.ts';

/** The same figures by label: each label that a pattern fits, and those that have none of them. */

export interface Split {
  /** The pattern, as `label:team/*` has it. */
  by: string;
  groups: { name: string; leadTime: LeadTime }[];
}

/** What `splits` says: patterns of labels. */
export function labelPatternsIn(splits: readonly string[]): string[] {
  return splits.flatMap((split) => (split.startsWith('label:') ? [split.slice('label:'.length)] : []));
}

/**
 * @param labels - of each mergeset, by its merge commit.
 * @returns a change of several labels stands in each; one of none in `unassigned`.
 */
export function splitsOf(
  mergesets: readonly MeasuredMergeset[],
  patterns: readonly string[],
  labels: ReadonlyMap<Oid, readonly string[]>,
): Split[] {
  return patterns.map((pattern) => {
    const groups = new Map<string, MeasuredMergeset[]>();
    for (const mergeset of mergesets) {
      const own = (labels.get(mergeset.mergeCommit) ?? []).filter((label) => matches(pattern, label));
      for (const name of own.length > 0 ? own : ['unassigned'])
        groups.set(name, [...(groups.get(name) ?? []), mergeset]);
    }
    return {
      by: `label:${pattern}`,
      groups: [...groups]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, some]) => ({ name, leadTime: leadTimeOf(observed(some)) })),
    };
  });
}
