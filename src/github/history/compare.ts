import * as v from 'valibot';
import { instant } from '../answers.ts';
import { queryEach } from '../query-each.ts';
import type { Repo } from '../repo.ts';

/** How commits relate to each other and to the branches. All of it needs `contents: read` only. */

/** The full commits that full or abbreviated ones mean, without those that are unknown or ambiguous. */
export async function fullCommits(repo: Repo, names: readonly string[]): Promise<Set<string>> {
  const nodes = await queryEach(repo, names, {
    query: 'FullCommits',
    alias: 'commit',
    variables: { name: ['String!', (name) => name] },
    field: (i) => `object(expression: $name${i}) { __typename ... on Commit { oid } }`,
    answer: v.nullable(v.object({ oid: v.optional(v.string()) })),
  });
  // A branch or tag may have the same name.
  return new Set(nodes.flatMap((node, i) => (node?.oid?.startsWith(names[i] ?? '') ? [node.oid] : [])));
}

const comparison = v.object({
  status: v.picklist(['ahead', 'behind', 'diverged', 'identical']),
  ahead_by: v.number(),
  commits: v.array(
    v.object({
      sha: v.string(),
      parents: v.array(v.object({ sha: v.string() })),
      commit: v.object({ committer: v.nullable(v.object({ date: instant })) }),
    }),
  ),
});

/**
 * Compares two commits. `ahead` means that `head` contains `base`. `commits` are those of `head` that `base` lacks, at
 * most 250.
 */
export const compare = (repo: Repo, base: string, head: string, parameters: { per_page?: number } = {}) =>
  repo.get(`/compare/${base}...${head}`, parameters, comparison);

export interface Missing {
  /** Commits on the first-parent chain; `null` if the list is incomplete. */
  changes: number | null;
  commits: number;
  /** When the oldest of them was committed. */
  oldest: Date | null;
}

/** The changes that `head` contains and `base` lacks. */
export async function missingFrom(repo: Repo, base: string, head: string): Promise<Missing> {
  const { ahead_by, commits } = await compare(repo, base, head);
  const bySha = new Map(commits.map((entry) => [entry.sha, entry]));
  const chain = [];
  for (let entry = bySha.get(head); entry; entry = bySha.get(entry.parents[0]?.sha ?? '')) chain.push(entry);
  const isComplete = commits.length === ahead_by;
  const date = isComplete ? chain.at(-1)?.commit.committer?.date : undefined;
  return {
    changes: isComplete ? chain.length : null,
    commits: ahead_by,
    oldest: date === undefined ? null : new Date(date),
  };
}

/** Branches that are compared with a commit, one request for each. */
const MOST_BRANCHES = 30;

/** Whether a branch contains the commit; `null` if the repository has too many branches to compare them all. */
export async function isOnBranch(repo: Repo, commit: string): Promise<boolean | null> {
  const branches = await repo.get(
    '/branches',
    { per_page: 100 },
    v.array(v.object({ commit: v.object({ sha: v.string() }) })),
  );
  const tips = [...new Set(branches.map((branch) => branch.commit.sha))];
  if (tips.includes(commit)) return true;
  const comparisons = await Promise.all(
    tips.slice(0, MOST_BRANCHES).map((tip) => compare(repo, commit, tip, { per_page: 1 })),
  );
  if (comparisons.some(({ status }) => status === 'ahead' || status === 'identical')) return true;
  return tips.length > MOST_BRANCHES || branches.length === 100 ? null : false;
}
