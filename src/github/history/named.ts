import * as v from 'valibot';
import type { Commit, Oid, PullRequest } from '../../model/facts.ts';
import { instant } from '../answers.ts';
import { inGroups } from '../paging.ts';
import { actor, personOf } from '../person.ts';
import type { Repo } from '../repo.ts';

/** What a name stands for: pull requests that headlines name, and branches that may be gone. */

const AT_ONCE = 50;

const pullRequest = v.nullable(
  v.object({
    number: v.number(),
    title: v.string(),
    url: v.string(),
    merged: v.boolean(),
    mergedAt: v.nullable(instant),
    closedAt: v.nullable(instant),
    baseRefName: v.string(),
    headRefName: v.string(),
    headRefOid: v.string(),
    author: actor,
    commits: v.object({ nodes: v.array(v.object({ commit: v.object({ authoredDate: instant }) })) }),
  }),
);

/** How a squash, a merge of GitHub's, and the merges of bots name the pull request that they are of. */
const NAMED = [
  /\(#(\d{1,9})\)\s*$/,
  /^Merge pull request #(\d{1,9})\b/,
  /^(?:Auto merge of|Merge) #(\d{1,9})\b/,
];

/** The number of the pull request that a headline names; `null` where it names none. */
export function numberIn(headline: string): number | null {
  for (const pattern of NAMED) {
    const number = Number(pattern.exec(headline)?.[1] ?? 0);
    if (number > 0 && number < 2 ** 31) return number;
  }
  return null;
}

/**
 * The pull requests that commits are of by their headlines, where such a one exists and is over: merged, or closed by
 * what put the commit there. Its commit is the one that names it.
 */
export async function pullRequestsNamed(
  repo: Repo,
  commits: readonly Commit[],
): Promise<Map<Oid, PullRequest>> {
  const found = new Map<Oid, PullRequest>();
  const naming = commits.flatMap((commit) => {
    const number = numberIn(commit.headline);
    return number === null ? [] : [{ commit, number }];
  });
  await inGroups(naming, AT_ONCE, async (group, share) => {
    const query = `
query NamedPullRequests($owner: String!, $name: String!, ${group.map((_, i) => `$number${i}: Int!`).join(', ')}) {
  repository(owner: $owner, name: $name) {
    ${group
      .map(
        (_, i) => `pull${i}: pullRequest(number: $number${i}) {
      number title url merged mergedAt closedAt baseRefName headRefName headRefOid
      author { __typename login }
      commits(first: 1) { nodes { commit { authoredDate } } }
    }`,
      )
      .join('\n    ')}
  }
}`;
    const { repository } = await repo.graphql(
      query,
      Object.fromEntries(group.map(({ number }, i) => [`number${i}`, number])),
      v.object({ repository: v.object(Object.fromEntries(group.map((_, i) => [`pull${i}`, pullRequest]))) }),
      share,
    );
    group.forEach(({ commit }, i) => {
      const node = repository[`pull${i}`];
      const landed = node && landedAs(node, commit);
      if (landed) found.set(commit.oid, landed);
    });
  });
  return found;
}

/** A bot that squashes and closes does so within a day of making its commit. */
const CLOSED_WITHIN = 86_400_000;

function landedAs(node: NonNullable<v.InferOutput<typeof pullRequest>>, commit: Commit): PullRequest | null {
  const over = node.mergedAt ?? node.closedAt;
  if (over === null) return null;
  const late = new Date(over).getTime() - commit.committedAt.getTime();
  if (!node.merged && (late < -60_000 || late > CLOSED_WITHIN)) return null;
  return {
    number: node.number,
    title: node.title,
    url: node.url,
    author: node.author && personOf(node.author.login, node.author.__typename),
    mergedAt: new Date(over),
    base: node.baseRefName,
    mergeCommit: commit.oid,
    head: node.headRefOid,
    headName: node.headRefName,
    firstCommitAt: node.commits.nodes[0] ? new Date(node.commits.nodes[0].commit.authoredDate) : null,
  };
}

/** Of some names, those that are no branch (any more). */
export async function branchesGone(repo: Repo, names: readonly string[]): Promise<string[]> {
  const there = await refsThere(repo, 'refs/heads/', names);
  return names.filter((name) => !there.has(name));
}

/** Of some names, those that are tags. */
export async function tagsAmong(repo: Repo, names: readonly string[]): Promise<Set<string>> {
  return refsThere(repo, 'refs/tags/', names);
}

async function refsThere(repo: Repo, prefix: string, names: readonly string[]): Promise<Set<string>> {
  const there = new Set<string>();
  await inGroups(names, AT_ONCE, async (group, share) => {
    const query = `
query Refs($owner: String!, $name: String!, ${group.map((_, i) => `$ref${i}: String!`).join(', ')}) {
  repository(owner: $owner, name: $name) {
    ${group.map((_, i) => `ref${i}: ref(qualifiedName: $ref${i}) { name }`).join('\n    ')}
  }
}`;
    const ref = v.nullable(v.object({ name: v.string() }));
    const { repository } = await repo.graphql(
      query,
      Object.fromEntries(group.map((each, i) => [`ref${i}`, `${prefix}${each}`])),
      v.object({ repository: v.object(Object.fromEntries(group.map((_, i) => [`ref${i}`, ref]))) }),
      share,
    );
    // A renamed branch is found by its old name too, and says its new one.
    group.forEach((each, i) => {
      if (repository[`ref${i}`]?.name === each) there.add(each);
    });
  });
  return there;
}
