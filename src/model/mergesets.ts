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
  /** The last commit of its own branch; `null` where there is none, or it is not known. */
  head: Oid | null;
  firstCommitAt: Date | null;
  /** A direct push counts from its committer date. */
  mergedAt: Date;
  /** GitHub does not link it with its commit, whose headline names it. */
  byHeadline: boolean;
  /** A program's pull request that does nothing but release what was merged before it. */
  isRelease: boolean;
}

/** What tells mergesets among commits. */
export type BranchFacts = Pick<RepositoryFacts, 'commits' | 'tips' | 'baseBranch' | 'formerNames' | 'named'>;

/** Whether a pull request was merged into the base branch, by the name that it has or had. */
export function isIntoBase(
  { baseBranch, formerNames = [] }: Pick<RepositoryFacts, 'baseBranch' | 'formerNames'>,
  { base }: Pick<PullRequest, 'base'>,
): boolean {
  return base === baseBranch || formerNames.includes(base);
}

/**
 * The mergesets among commits of the base branch, oldest first.
 *
 * A pull request is one where it was merged into the base branch itself and this commit is the one that put it
 * there: a commit can belong to several (stacks, backports), and a rebase-merged one has several commits. What is
 * left on the branch's own line, without any pull request, are direct pushes.
 */
export function mergesetsOf(facts: BranchFacts, countDirectPushes: boolean): Mergeset[] {
  const found: Mergeset[] = [];
  contained(facts.commits, facts.tips, new Set(), (commit) => {
    for (const pullRequest of commit.pullRequests ?? [])
      if (isIntoBase(facts, pullRequest) && pullRequest.mergeCommit === commit.oid)
        found.push(landed(pullRequest, false));
    const named = facts.named?.get(commit.oid);
    if (named) found.push(landed(named, true));
  });
  if (countDirectPushes) for (const commit of withoutPullRequest(facts)) found.push(directPush(commit));
  return found.sort(
    (a, b) =>
      a.mergedAt.getTime() - b.mergedAt.getTime() ||
      (a.number ?? 0) - (b.number ?? 0) ||
      (a.mergeCommit < b.mergeCommit ? -1 : 1),
  );
}

/** Commits of the branch's own line, newest first, that no pull request put there, as far as that was asked. */
export function withoutPullRequest(facts: BranchFacts): Commit[] {
  return firstParents(facts.commits, facts.tips[0]).filter(
    (commit) =>
      commit.pullRequests?.every((pullRequest) => !isIntoBase(facts, pullRequest)) &&
      !facts.named?.has(commit.oid),
  );
}

/**
 * Pull requests that were merged into another branch and reached the base branch when that branch was merged.
 *
 * @param branch - every commit of the base branch.
 */
export function carriedPullRequests(facts: BranchFacts, branch: Iterable<Oid>): PullRequest[] {
  return [...branch].flatMap((oid) =>
    (facts.commits.get(oid)?.pullRequests ?? []).filter(
      (pullRequest) => pullRequest.mergeCommit === oid && !isIntoBase(facts, pullRequest),
    ),
  );
}

/** A deployment of a commit that was merged a moment later by the clocks is still one of the branch, in milliseconds. */
const CLOCKS = 60_000;

/** Tells whether a commit was on the base branch at an instant: on its own line, and by no later merge. */
export function branchAt(facts: BranchFacts): (oid: Oid, at: Date) => boolean {
  const line = new Map(firstParents(facts.commits, facts.tips[0]).map((parent) => [parent.oid, parent]));
  return (oid, at) => {
    const pullRequests = line.get(oid)?.pullRequests ?? [];
    return (
      line.has(oid) &&
      pullRequests.every(
        (pullRequest) =>
          !isIntoBase(facts, pullRequest) || pullRequest.mergedAt.getTime() <= at.getTime() + CLOCKS,
      )
    );
  };
}

function landed(pullRequest: PullRequest, byHeadline: boolean): Mergeset {
  const { number, title, author, url, mergeCommit, head, firstCommitAt, mergedAt } = pullRequest;
  return {
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
}

/** Branches of release-please, changesets and their like; titles that are a version, or say that they make one. */
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
