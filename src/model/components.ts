import type { Deployment } from './facts.ts';

/** Several components or services in one list of deployments. */

/** The component that a tag names: `api` for `api-v1.2.3` or `api@1.2.3`; empty for `v1.2.3`. */
export function componentOf(tag: string): string {
  if (/^v?\d/i.test(tag)) return '';
  return /^(.+?)[-_@/]v?\d+(?:\.\d+)*(?:[-+.].*)?$/i.exec(tag)?.[1] ?? '';
}

/** Regions of one service get the same commits. This share of a region's commits is too low for that. */
const FEW = 0.25;

/**
 * Regions that rarely got a commit that another region got, too: they are probably services. A region that only lags gets
 * commits that others have.
 *
 * @param least - the number of commits below which a region says nothing.
 */
export function separateRegions(rollouts: readonly Deployment[], least: number): string[] {
  const shasOf = new Map<string, Set<string>>();
  for (const { parts = [] } of rollouts)
    for (const { job, attempts } of parts)
      for (const { sha, isAwaited } of attempts)
        if (job !== null && !isAwaited) shasOf.set(job, (shasOf.get(job) ?? new Set()).add(sha));
  return [...shasOf]
    .filter(([name, shas]) => {
      const shared = [...shas].filter((sha) =>
        [...shasOf].some(([other, others]) => other !== name && others.has(sha)),
      );
      return shas.size >= least && shared.length <= shas.size * FEW;
    })
    .map(([name]) => name);
}
