import * as v from 'valibot';
import type { Commit, Oid, PullRequest } from '../../model/facts.ts';
import { pullRequestNumberIn } from '../../model/headline.ts';
import { instant } from '../answers.ts';
import { queryInGroups } from '../query-each.ts';
import type { Repo } from '../repo.ts';
import { PULL_REQUEST, pullRequestFields, pullRequestOf } from './pull-request.ts';

/** Looks up names: pull requests in commit headlines, branches and tags. */

const GROUP_SIZE = 50;

const pullRequest = v.nullable(v.object({ ...pullRequestFields, closedAt: v.nullable(instant) }));

/**
 * The pull requests that the headlines of commits name, by commit. Includes only pull requests that were merged, or that
 * were closed when the commit was made, as merge bots do.
 */
export async function pullRequestsInHeadlines(
  repo: Repo,
  commits: readonly Commit[],
): Promise<Map<Oid, PullRequest>> {
  const numbered = commits.flatMap((commit) => {
    const number = pullRequestNumberIn(commit.headline);
    return number === null ? [] : [{ commit, number }];
  });
  const nodes = await queryInGroups(repo, numbered, GROUP_SIZE, {
    query: 'NamedPullRequests',
    alias: 'pull',
    variables: { number: ['Int!', ({ number }) => number] },
    field: (i) => `pullRequest(number: $number${i}) { ${PULL_REQUEST} closedAt }`,
    answer: pullRequest,
  });
  return new Map(
    numbered.flatMap(({ commit }, i) => {
      const node = nodes[i];
      const merged = node && mergedAs(node, commit);
      return merged ? [[commit.oid, merged] as const] : [];
    }),
  );
}

/** A bot that squashes and closes a pull request does so within a day of the commit, in milliseconds. */
const CLOSED_WITHIN = 86_400_000;
/** Milliseconds that the clock of a commit may be ahead of GitHub's. */
const CLOCK_SKEW = 60_000;

function mergedAs(node: NonNullable<v.InferOutput<typeof pullRequest>>, commit: Commit): PullRequest | null {
  const endedAt = node.mergedAt ?? node.closedAt;
  if (endedAt === null) return null;
  const delay = new Date(endedAt).getTime() - commit.committedAt.getTime();
  if (!node.merged && (delay < -CLOCK_SKEW || delay > CLOSED_WITHIN)) return null;
  return pullRequestOf(node, endedAt, commit.oid);
}

/** The names that belong to a branch or to a tag. */
export async function existingRefs(
  repo: Repo,
  prefix: 'refs/heads/' | 'refs/tags/',
  names: readonly string[],
): Promise<Set<string>> {
  const refs = await queryInGroups(repo, names, GROUP_SIZE, {
    query: 'Refs',
    alias: 'ref',
    variables: { ref: ['String!', (name) => `${prefix}${name}`] },
    field: (i) => `ref(qualifiedName: $ref${i}) { name }`,
    answer: v.nullable(v.object({ name: v.string() })),
  });
  // GitHub also finds a renamed branch by its old name, and answers with the new one.
  return new Set(names.filter((name, i) => refs[i]?.name === name));
}
