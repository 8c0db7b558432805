import * as v from 'valibot';
import type { Commit, Oid, PullRequest } from '../../model/facts.ts';
import { instant } from '../answers.ts';
import { inGroups } from '../paging.ts';
import { actor, personOf } from '../person.ts';
import { queryEach } from '../query-each.ts';
import type { Repo } from '../repo.ts';

/** Looks up names: pull requests in commit headlines, branches and tags. */

const GROUP_SIZE = 50;

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

/** Headlines of squashes, of GitHub's merges, and of merges by bots. */
const HEADLINES = [
  /\(#(\d{1,9})\)\s*$/,
  /^Merge pull request #(\d{1,9})\b/,
  /^(?:Auto merge of|Merge) #(\d{1,9})\b/,
];

/** The number of the pull request that a headline names, or `null`. */
export function numberIn(headline: string): number | null {
  for (const pattern of HEADLINES) {
    const number = Number(pattern.exec(headline)?.[1] ?? 0);
    if (number > 0 && number < 2 ** 31) return number;
  }
  return null;
}

/**
 * The pull requests that the headlines of commits name, by commit. Includes only pull requests that were merged, or that
 * were closed when the commit was made, as merge bots do.
 */
export async function pullRequestsNamed(
  repo: Repo,
  commits: readonly Commit[],
): Promise<Map<Oid, PullRequest>> {
  const pullRequests = new Map<Oid, PullRequest>();
  const numbered = commits.flatMap((commit) => {
    const number = numberIn(commit.headline);
    return number === null ? [] : [{ commit, number }];
  });
  await inGroups(numbered, GROUP_SIZE, async (group, share) => {
    const nodes = await queryEach(
      repo,
      group,
      {
        query: 'NamedPullRequests',
        alias: 'pull',
        variables: { number: ['Int!', ({ number }) => number] },
        field: (i) => `pullRequest(number: $number${i}) {
      number title url merged mergedAt closedAt baseRefName headRefName headRefOid
      author { __typename login }
      commits(first: 1) { nodes { commit { authoredDate } } }
    }`,
        answer: pullRequest,
      },
      share,
    );
    group.forEach(({ commit }, i) => {
      const node = nodes[i];
      const merged = node && mergedAs(node, commit);
      if (merged) pullRequests.set(commit.oid, merged);
    });
  });
  return pullRequests;
}

/** A bot that squashes and closes a pull request does so within a day of the commit, in milliseconds. */
const CLOSED_WITHIN = 86_400_000;
/** Milliseconds by which the clock of a commit may be ahead of GitHub's. */
const CLOCK_SKEW = 60_000;

function mergedAs(node: NonNullable<v.InferOutput<typeof pullRequest>>, commit: Commit): PullRequest | null {
  const endedAt = node.mergedAt ?? node.closedAt;
  if (endedAt === null) return null;
  const delay = new Date(endedAt).getTime() - commit.committedAt.getTime();
  if (!node.merged && (delay < -CLOCK_SKEW || delay > CLOSED_WITHIN)) return null;
  return {
    number: node.number,
    title: node.title,
    url: node.url,
    author: node.author && personOf(node.author.login, node.author.__typename),
    mergedAt: new Date(endedAt),
    base: node.baseRefName,
    mergeCommit: commit.oid,
    head: node.headRefOid,
    headName: node.headRefName,
    firstCommitAt: node.commits.nodes[0] ? new Date(node.commits.nodes[0].commit.authoredDate) : null,
  };
}

/** The names that do not belong to a branch, or no longer do. */
export async function branchesGone(repo: Repo, names: readonly string[]): Promise<string[]> {
  const existing = await existingRefs(repo, 'refs/heads/', names);
  return names.filter((name) => !existing.has(name));
}

/** The names that belong to a tag. */
export async function tagsAmong(repo: Repo, names: readonly string[]): Promise<Set<string>> {
  return existingRefs(repo, 'refs/tags/', names);
}

async function existingRefs(repo: Repo, prefix: string, names: readonly string[]): Promise<Set<string>> {
  const existing = new Set<string>();
  await inGroups(names, GROUP_SIZE, async (group, share) => {
    const refs = await queryEach(
      repo,
      group,
      {
        query: 'Refs',
        alias: 'ref',
        variables: { ref: ['String!', (name) => `${prefix}${name}`] },
        field: (i) => `ref(qualifiedName: $ref${i}) { name }`,
        answer: v.nullable(v.object({ name: v.string() })),
      },
      share,
    );
    // GitHub also finds a renamed branch by its old name, and answers with the new one.
    group.forEach((name, i) => {
      if (refs[i]?.name === name) existing.add(name);
    });
  });
  return existing;
}
