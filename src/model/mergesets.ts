import type { Commit, Oid, PullRequest, RepositoryFacts } from './facts.ts';
import { containedCommits, firstParents } from './commit-graph.ts';

/**
 * A change on the base branch: a merged pull request or a direct push. A direct push has no `head`, and its `mergedAt` is the
 * committer date.
 */
export interface Mergeset extends Omit<PullRequest, 'number' | 'base' | 'headName'> {
  kind: 'pull-request' | 'direct-push';
  /** `null` for a direct push. */
  number: number | null;
  /** Only its commit's headline names it; GitHub does not link them. */
  byHeadline: boolean;
  /** A bot's pull request that only releases earlier changes. */
  isRelease: boolean;
}

export type BranchFacts = Pick<
  RepositoryFacts,
  'commits' | 'tips' | 'baseBranch' | 'formerNames' | 'pullRequestsByHeadline'
>;

/** True if a pull request was merged into the base branch, under its current or an earlier name. */
export function isIntoBase(
  { baseBranch, formerNames = [] }: Pick<RepositoryFacts, 'baseBranch' | 'formerNames'>,
  { base }: Pick<PullRequest, 'base'>,
): boolean {
  return base === baseBranch || formerNames.includes(base);
}

/**
 * The mergesets of the base branch, oldest first.
 *
 * A pull request counts at its merge commit, if it was merged into the base branch itself. A commit can belong to several
 * pull requests (stacks, backports), and a rebase-merged pull request has several commits. First parents without a pull
 * request are direct pushes.
 */
export function mergesetsOf(facts: BranchFacts, countDirectPushes: boolean): Mergeset[] {
  const mergesets: Mergeset[] = [];
  containedCommits(facts.commits, facts.tips, new Set(), (commit) => {
    for (const pullRequest of commit.pullRequests ?? [])
      if (isIntoBase(facts, pullRequest) && pullRequest.mergeCommit === commit.oid)
        mergesets.push(merged(pullRequest, false));
    const named = facts.pullRequestsByHeadline?.get(commit.oid);
    if (named) mergesets.push(merged(named, true));
  });
  if (countDirectPushes) for (const commit of withoutPullRequest(facts)) mergesets.push(directPush(commit));
  return mergesets.sort(
    (a, b) =>
      a.mergedAt.getTime() - b.mergedAt.getTime() ||
      (a.number ?? 0) - (b.number ?? 0) ||
      (a.mergeCommit < b.mergeCommit ? -1 : 1),
  );
}

/** First parents of the branch without a pull request, newest first. Commits whose pull requests were not read are omitted. */
export function withoutPullRequest(facts: BranchFacts): Commit[] {
  return firstParents(facts.commits, facts.tips[0]).filter(
    (commit) =>
      commit.pullRequests?.every((pullRequest) => !isIntoBase(facts, pullRequest)) &&
      !facts.pullRequestsByHeadline?.has(commit.oid),
  );
}

/**
 * Pull requests that were merged into another branch and reached the base branch with it.
 *
 * @param branch - all commits of the base branch.
 */
export function carriedPullRequests(facts: BranchFacts, branch: Iterable<Oid>): PullRequest[] {
  return [...branch].flatMap((oid) =>
    (facts.commits.get(oid)?.pullRequests ?? []).filter(
      (pullRequest) => pullRequest.mergeCommit === oid && !isIntoBase(facts, pullRequest),
    ),
  );
}

/** Difference between GitHub's clocks, in milliseconds: a deployment can seem older than the merge of its commit. */
const CLOCK_SKEW = 60_000;

/** Returns a function that decides whether a commit was a first parent of the base branch at an instant. */
export function branchAt(facts: BranchFacts): (oid: Oid, at: Date) => boolean {
  const line = new Map(firstParents(facts.commits, facts.tips[0]).map((parent) => [parent.oid, parent]));
  return (oid, at) => {
    const pullRequests = line.get(oid)?.pullRequests ?? [];
    return (
      line.has(oid) &&
      pullRequests.every(
        (pullRequest) =>
          !isIntoBase(facts, pullRequest) || pullRequest.mergedAt.getTime() <= at.getTime() + CLOCK_SKEW,
      )
    );
  };
}

/** Lists of mergesets share them, because the lists of a long history would take more memory than the history. */
const mergesetsByPullRequest = new WeakMap<PullRequest, Mergeset>();

function merged(pullRequest: PullRequest, byHeadline: boolean): Mergeset {
  const known = mergesetsByPullRequest.get(pullRequest);
  if (known?.byHeadline === byHeadline) return known;
  const { number, title, author, url, mergeCommit, head, firstCommitAt, mergedAt } = pullRequest;
  const mergeset: Mergeset = {
    kind: 'pull-request',
    number,
    title,
    author,
    url,
    mergeCommit,
    head,
    firstCommitAt,
    mergedAt,
    byHeadline,
    isRelease: isRelease(pullRequest),
  };
  mergesetsByPullRequest.set(pullRequest, mergeset);
  return mergeset;
}

/** Branches of tools such as release-please and changesets, and titles that contain a version or announce a release. */
const RELEASE_BRANCH = /^(?:release-please--|changeset-release\/|release(?:[-/]|$))/i;
const RELEASE_TITLE =
  /^(?:(?:build|chore|ci)(?:\([^)]*\))?!?:\s*)?(?:release\b|prepare release\b|version packages\b|bump version\b|(?:bump to |version )?v?\d+\.\d+\.\d+\b)/i;

function isRelease({ author, headName, title }: PullRequest): boolean {
  return author?.isBot === true && (RELEASE_BRANCH.test(headName) || RELEASE_TITLE.test(title));
}

function directPush(commit: Commit): Mergeset {
  return {
    kind: 'direct-push',
    number: null,
    title: commit.headline,
    author: commit.author,
    url: commit.url,
    mergeCommit: commit.oid,
    head: null,
    firstCommitAt: null,
    mergedAt: commit.committedAt,
    byHeadline: false,
    isRelease: false,
  };
}
