import * as v from 'valibot';
import type { Oid, PullRequest } from '../../model/facts.ts';
import { instant } from '../answers.ts';
import { actor, personOf } from '../person.ts';

/**
 * The fields of a pull request in every query that reads one. The number of its commits takes no points. With 100 commits
 * and 100 pull requests for each, 30 stay below GitHub's limit of 500,000 nodes.
 */
export const PULL_REQUEST = `number title url merged mergedAt baseRefName headRefName headRefOid
      author { __typename login }
      commits(first: 30) { nodes { commit { authoredDate } } }`;

/** The answer to {@link PULL_REQUEST}. */
export const pullRequestFields = {
  number: v.number(),
  title: v.string(),
  url: v.string(),
  merged: v.boolean(),
  mergedAt: v.nullable(instant),
  baseRefName: v.string(),
  headRefName: v.string(),
  headRefOid: v.string(),
  author: actor,
  commits: v.object({ nodes: v.array(v.object({ commit: v.object({ authoredDate: instant }) })) }),
};
const pullRequest = v.object(pullRequestFields);

/**
 * @param mergedAt - when the pull request was merged, or closed by a bot that had merged it.
 * @param dateOf - reads a date. A caller that has dates with the same text can return those.
 */
export function pullRequestOf(
  node: v.InferOutput<typeof pullRequest>,
  mergedAt: string,
  mergeCommit: Oid,
  dateOf: (text: string) => Date = (text) => new Date(text),
): PullRequest {
  const merged = dateOf(mergedAt);
  return {
    number: node.number,
    title: node.title,
    url: node.url,
    author: node.author && personOf(node.author.login, node.author.__typename),
    mergedAt: merged,
    base: node.baseRefName,
    mergeCommit,
    head: node.headRefOid,
    headName: node.headRefName,
    firstCommitAt: oldestOf(
      node.commits.nodes.map(({ commit }) => dateOf(commit.authoredDate)),
      merged,
    ),
  };
}

/** The oldest of the dates up to the merge, or else of all: a rebase can change the order, and a clock can be wrong. */
function oldestOf(dates: readonly Date[], mergedAt: Date): Date | null {
  const upToMerge = dates.filter((date) => date <= mergedAt);
  const candidates = upToMerge.length > 0 ? upToMerge : dates;
  return candidates.toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null;
}
