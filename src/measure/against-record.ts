import { min } from 'date-fns';
import { containedCommits } from '../model/commit-graph.ts';
import type { Oid } from '../model/facts.ts';
import type { Mergeset } from '../model/mergesets.ts';
import { bySuccess, type Outcome, partsOf } from '../model/outcome.ts';
import type { SeenState } from '../model/seen.ts';
import type { Attribution } from './attribution.ts';

/** What production runs, next to the record of deployments. */

/** The successes of a service, or of one of its regions, in the order of success. */
export function successesIn({ outcomes, asOf, runId }: Attribution, region: string | null): Outcome[] {
  const all =
    region === null
      ? outcomes
      : outcomes.flatMap(({ deployment }) =>
          partsOf(deployment, asOf, runId).filter(({ job }) => job === region),
        );
  const successes = all.filter(({ outcome }) => outcome === 'success').toSorted(bySuccess);
  const deployments = new Set<number | string>();
  const shas = new Set<Oid>();
  return successes.filter(({ deployment: { id, sha, isOfController } }) => {
    // A region has a part in each rollout. A controller records commits again that it has not gone back to.
    const isRepeated = deployments.has(id) || (isOfController && shas.has(sha));
    deployments.add(id);
    shas.add(sha);
    return !isRepeated;
  });
}

/** What GitHub says about a commit that the facts do not place. `ahead`: it contains the newest record. */
export type Placed = 'ahead' | 'behind' | 'diverged' | 'not-in-repository';

export interface Comparison {
  state: SeenState;
  record: Outcome | null;
  /** Since when the record claims more than production runs; `null` unless it does. */
  since: Date | null;
  /** Changes that the record claims and production does not run, oldest first. */
  missing: Mergeset[];
  /** True if a success recorded the commit. */
  isRecorded: boolean;
  isOnBranch: boolean;
}

/**
 * Compares the commit that production runs with the newest record. With paths, commits without a change of the service
 * make no difference.
 */
export function againstRecord(
  attribution: Attribution,
  successes: readonly Outcome[],
  commit: Oid,
  placed: Placed | null,
  hasPaths: boolean,
): Comparison {
  const { outcomes, mergesets, arrivalOf, repository } = attribution;
  const { commits, tips } = repository;
  const inside = (oids: readonly Oid[]) => containedCommits(commits, oids);
  const contained = inside([commit]);
  const record = successes.at(-1) ?? null;
  const isRecorded = successes.some(({ deployment }) => deployment.sha === commit);
  const lacks = ({ deployment: { sha } }: Outcome) =>
    placed !== 'ahead' && sha !== commit && !contained.has(sha);
  const unproved = successes.slice(successes.findLastIndex((success) => !lacks(success)) + 1);
  const claimed = inside(unproved.map(({ deployment }) => deployment.sha));
  const missing = mergesets.filter((mergeset) => {
    const as = arrivalOf(mergeset)?.as;
    const oid = as?.kind === 'pick' ? as.oid : mergeset.mergeCommit;
    return claimed.has(oid) && !contained.has(oid);
  });
  const isOnBranch = inside(tips).has(commit);

  const stateOfNewer = (sha: Oid): SeenState => {
    const recorded = inside([sha]);
    const differs = mergesets.some(
      ({ mergeCommit }) => contained.has(mergeCommit) && !recorded.has(mergeCommit),
    );
    if (isRecorded) return 'not-rolled-back';
    if (hasPaths && placed === null && !differs) return 'recorded';
    const running = outcomes.filter(({ outcome }) => outcome === 'running');
    return inside(running.map(({ deployment }) => deployment.sha)).has(commit) ? 'newer' : 'unrecorded';
  };
  const treeOf = (oid: Oid) => commits.get(oid)?.tree ?? null;
  const stateBeside = ({ deployment: { sha } }: Outcome): SeenState => {
    // The head of a merged branch may have the same files as its merge commit.
    if (sha === commit || (treeOf(sha) !== null && treeOf(sha) === treeOf(commit))) return 'recorded';
    if (record && !lacks(record)) return stateOfNewer(sha);
    if (isRecorded || placed === 'behind' || inside([sha]).has(commit))
      return hasPaths && missing.length === 0 ? 'recorded' : 'older';
    if (placed === 'not-in-repository') return placed;
    return isOnBranch ? 'unrecorded' : 'diverged';
  };
  const state = record ? stateBeside(record) : placed === 'not-in-repository' ? placed : 'unrecorded';
  const isOlder = state === 'older';
  // A commit that is deployed again has the time to roll out again.
  const claims = [...new Map(unproved.map(({ deployment: { sha }, at }) => [sha, at])).values()];
  return {
    state,
    record,
    since: isOlder ? min(claims) : null,
    missing: isOlder ? missing : [],
    isRecorded,
    isOnBranch,
  };
}
