import type { Commit, Oid, RepositoryFacts } from '../model/facts.ts';
import { isIntoBase, type Mergeset } from '../model/mergesets.ts';

/** Commits of other branches that carry a mergeset under another name: it was picked there. */
export interface Carriers {
  /** The mergesets that a commit carries all of, or a part of. */
  carriedBy(commit: Commit): readonly Carried[];
  /** Whether some picked commits of the base branch are all of a mergeset. */
  isComplete(mergeset: Mergeset, originals: ReadonlySet<Oid>): boolean;
}

export interface Carried {
  mergeset: Mergeset;
  /** The commit of the base branch that was picked. */
  original: Oid;
}

const NOTHING: readonly Carried[] = [];

/**
 * Finds picked commits: those that are not on the base branch, and have author, author date and headline of one that
 * is, or whose message names it (`git cherry-pick -x`). A mergeset is picked where the commit that put it on the branch
 * is; one of several commits also where each of its own is.
 *
 * @param onBranch - every commit of the base branch.
 */
export function carriersOf(
  repo: RepositoryFacts,
  mergesets: readonly Mergeset[],
  onBranch: ReadonlySet<Oid>,
): Carriers {
  const isElsewhere = [...repo.commits.values()].some(
    (commit) => commit.authoredAt !== null && !onBranch.has(commit.oid),
  );
  if (!isElsewhere) return { carriedBy: () => NOTHING, isComplete: () => false };

  const byMergeCommit = new Map<Oid, Mergeset[]>();
  const byNumber = new Map<number, Mergeset>();
  for (const mergeset of mergesets) {
    byMergeCommit.set(mergeset.mergeCommit, [...(byMergeCommit.get(mergeset.mergeCommit) ?? []), mergeset]);
    if (mergeset.number !== null) byNumber.set(mergeset.number, mergeset);
  }
  const byCommit = new Map<Oid, Carried[]>();
  const bySignature = new Map<string, Oid>();
  const ownCommits = new Map<Mergeset, number>();
  for (const oid of onBranch) {
    const commit = repo.commits.get(oid);
    if (!commit) continue;
    const signature = signatureOf(commit);
    if (signature !== null) bySignature.set(signature, oid);
    const own = ownMergesets(repo, commit, byNumber).filter((mergeset) => mergeset.mergeCommit !== oid);
    for (const mergeset of own) ownCommits.set(mergeset, (ownCommits.get(mergeset) ?? 0) + 1);
    const whole = byMergeCommit.get(oid) ?? [];
    if (own.length + whole.length > 0)
      byCommit.set(
        oid,
        [...whole, ...own].map((mergeset) => ({ mergeset, original: oid })),
      );
  }
  return {
    carriedBy(commit) {
      if (onBranch.has(commit.oid)) return NOTHING;
      const signature = signatureOf(commit);
      const alike = signature === null ? undefined : bySignature.get(signature);
      const originals = new Set([...commit.pickedFrom, ...(alike === undefined ? [] : [alike])]);
      return [...originals].flatMap((oid) => byCommit.get(oid) ?? NOTHING);
    },
    isComplete(mergeset, originals) {
      const own = ownCommits.get(mergeset) ?? 0;
      const isMerge = (repo.commits.get(mergeset.mergeCommit)?.parents.length ?? 1) > 1;
      const hasLast = originals.has(mergeset.mergeCommit);
      if (own === 0 || isMerge) return hasLast || (own > 0 && originals.size >= own);
      // One that was rebased: its last commit is one of its own.
      return originals.size >= own + 1;
    },
  };
}

/** The mergesets among a commit's pull requests, for a commit that is no merge. */
function ownMergesets(
  repo: RepositoryFacts,
  { parents, pullRequests }: Commit,
  byNumber: ReadonlyMap<number, Mergeset>,
): Mergeset[] {
  if (parents.length > 1) return [];
  return (pullRequests ?? []).flatMap((pullRequest) => {
    const mergeset = isIntoBase(repo, pullRequest) ? byNumber.get(pullRequest.number) : undefined;
    return mergeset ? [mergeset] : [];
  });
}

function signatureOf({ authorName, authoredAt, headline }: Commit): string | null {
  if (authorName === null || authoredAt === null || headline === '') return null;
  return `${authoredAt.getTime()} ${authorName} ${headline}`;
}
