import type { Commit, Oid, Person, PullRequest, RepositoryFacts } from './facts.ts';
import { contained, firstParents } from './commit-graph.ts';

/** What one merge put on the base branch. */
export interface Mergeset {
  kind: 'pull-request' | 'direct-push';
  /** `null` for a direct push. */
  number: number | null;
  title: string;
  author: Person | null;
  url: string;
  mergeCommit: Oid;
  firstCommitAt: Date | null;
  /** A direct push counts from its committer date. */
  mergedAt: Date;
}

/**
 * The mergesets among commits of the base branch, oldest first.
 *
 * A pull request is one where it was merged into the base branch itself and this commit is the one that put it
 * there: a commit can belong to several (stacks, backports), and a rebase-merged one has several commits. What is
 * left on the branch's own line, without any pull request, are direct pushes.
 */
export function mergesetsOf(
  facts: Pick<RepositoryFacts, 'commits' | 'tips' | 'baseBranch'>,
  countDirectPushes: boolean,
): Mergeset[] {
  const found: Mergeset[] = [];
  contained(facts.commits, facts.tips, new Set(), (commit) => {
    for (const each of commit.pullRequests ?? []) {
      if (each.base === facts.baseBranch && each.mergeCommit === commit.oid) found.push(landed(each));
    }
  });
  if (countDirectPushes) {
    for (const commit of firstParents(facts.commits, facts.tips[0])) {
      if (commit.pullRequests?.every((each) => each.base !== facts.baseBranch))
        found.push(directPush(commit));
    }
  }
  return found.sort(
    (a, b) =>
      a.mergedAt.getTime() - b.mergedAt.getTime() ||
      (a.number ?? 0) - (b.number ?? 0) ||
      (a.mergeCommit < b.mergeCommit ? -1 : 1),
  );
}

function landed(pullRequest: PullRequest): Mergeset {
  const { number, title, author, url, mergeCommit, firstCommitAt, mergedAt } = pullRequest;
  return { kind: 'pull-request', number, title, author, url, mergeCommit, firstCommitAt, mergedAt };
}

function directPush(commit: Commit): Mergeset {
  return {
    kind: 'direct-push',
    number: null,
    title: commit.headline,
    author: commit.author,
    url: commit.url,
    mergeCommit: commit.oid,
    firstCommitAt: null,
    mergedAt: commit.committedAt,
  };
}
