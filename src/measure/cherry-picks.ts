import type { Commit, Oid, RepositoryFacts } from '../model/facts.ts';
import { isIntoBase, type Mergeset } from '../model/mergesets.ts';

/** Commits on other branches that contain a mergeset, or a part of it, because it was cherry-picked there. */
export interface CherryPicks {
  /** The mergesets that a commit contains in full or in part. */
  mergesetsIn(commit: Commit): readonly PickedCommit[];
  /** True if `originals`, commits of the base branch, are all commits of a mergeset. */
  isComplete(mergeset: Mergeset, originals: ReadonlySet<Oid>): boolean;
}

export interface PickedCommit {
  mergeset: Mergeset;
  /** The commit of the base branch that was picked. */
  original: Oid;
}

/**
 * Finds cherry-picks: commits outside the base branch that have the author, author date and headline of a commit on it,
 * or whose message names one (`git cherry-pick -x`). A mergeset is picked if its merge commit is picked, or if each of its
 * own commits is.
 *
 * @param onBranch - every commit of the base branch.
 */
export function cherryPicksOf(
  repository: RepositoryFacts,
  mergesets: readonly Mergeset[],
  onBranch: ReadonlySet<Oid>,
): CherryPicks {
  const others = [...repository.commits.values()].filter(
    (commit) => commit.authoredAt !== null && !onBranch.has(commit.oid),
  );
  if (others.length === 0) return { mergesetsIn: () => [], isComplete: () => false };
  // The tables of a long branch would take more memory than the branch, so they only have what another branch may contain.
  const pickedSignatures = new Set(others.map(signatureOf));
  const pickedOids = new Set(others.flatMap(({ pickedFrom }) => pickedFrom));

  const byMergeCommit = new Map<Oid, Mergeset[]>();
  const byNumber = new Map<number, Mergeset>();
  for (const mergeset of mergesets) {
    byMergeCommit.set(mergeset.mergeCommit, [...(byMergeCommit.get(mergeset.mergeCommit) ?? []), mergeset]);
    if (mergeset.number !== null) byNumber.set(mergeset.number, mergeset);
  }
  const byCommit = new Map<Oid, PickedCommit[]>();
  const bySignature = new Map<string, Oid>();
  const ownCommitCounts = new Map<Mergeset, number>();
  for (const oid of onBranch) {
    const commit = repository.commits.get(oid);
    if (!commit) continue;
    const signature = signatureOf(commit);
    const isPicked = signature !== null && pickedSignatures.has(signature);
    if (isPicked) bySignature.set(signature, oid);
    const inside = mergesetsAround(repository, commit, byNumber).filter(
      ({ mergeCommit }) => mergeCommit !== oid,
    );
    for (const mergeset of inside) ownCommitCounts.set(mergeset, (ownCommitCounts.get(mergeset) ?? 0) + 1);
    if (!isPicked && !pickedOids.has(oid)) continue;
    const picked = [...(byMergeCommit.get(oid) ?? []), ...inside];
    const ofCommit = picked.map((mergeset) => ({ mergeset, original: oid }));
    byCommit.set(oid, ofCommit);
  }
  return {
    mergesetsIn(commit) {
      if (onBranch.has(commit.oid)) return [];
      const signature = signatureOf(commit);
      const original = signature === null ? undefined : bySignature.get(signature);
      const originals = new Set([...commit.pickedFrom, ...(original === undefined ? [] : [original])]);
      return [...originals].flatMap((oid) => byCommit.get(oid) ?? []);
    },
    isComplete(mergeset, originals) {
      const ownCommits = ownCommitCounts.get(mergeset) ?? 0;
      const isMerge = (repository.commits.get(mergeset.mergeCommit)?.parents.length ?? 1) > 1;
      if (ownCommits === 0 || isMerge)
        return originals.has(mergeset.mergeCommit) || (ownCommits > 0 && originals.size >= ownCommits);
      // The merge commit of a rebased pull request is one more commit of its own.
      return originals.size >= ownCommits + 1;
    },
  };
}

/** The mergesets that a commit belongs to as one of their own commits. A merge commit belongs to none. */
function mergesetsAround(
  repository: RepositoryFacts,
  { parents, pullRequests }: Commit,
  byNumber: ReadonlyMap<number, Mergeset>,
): Mergeset[] {
  if (parents.length > 1) return [];
  return (pullRequests ?? [])
    .filter((pullRequest) => isIntoBase(repository, pullRequest))
    .flatMap(({ number }) => byNumber.get(number) ?? []);
}

function signatureOf({ authorName, authoredAt, headline }: Commit): string | null {
  if (authorName === null || authoredAt === null || headline === '') return null;
  return `${authoredAt.getTime()} ${authorName} ${headline}`;
}
