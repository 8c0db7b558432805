import * as v from 'valibot';
import type { Oid, PullRequest } from '../../model/facts.ts';
import { instant } from '../answers.ts';
import { actor, personOf } from '../person.ts';

/** The fields of a pull request in every query that reads one. */
export const PULL_REQUEST = `number title url merged mergedAt baseRefName headRefName headRefOid
      author { __typename login }
      commits(first: 1) { nodes { commit { authoredDate } } }`;

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

/** @param mergedAt - when the pull request was merged, or closed by a bot that had merged it. */
export function pullRequestOf(
  node: v.InferOutput<typeof pullRequest>,
  mergedAt: string,
  mergeCommit: Oid,
): PullRequest {
  const [first] = node.commits.nodes;
  return {
    number: node.number,
    title: node.title,
    url: node.url,
    author: node.author && personOf(node.author.login, node.author.__typename),
    mergedAt: new Date(mergedAt),
    base: node.baseRefName,
    mergeCommit,
    head: node.headRefOid,
    headName: node.headRefName,
    firstCommitAt: first ? new Date(first.commit.authoredDate) : null,
  };
}
