import * as v from 'valibot';
import { queryEach } from '../query-each.ts';
import type { Repo } from '../repo.ts';

/** The base branch of a pull request; `null`: the pull request does not exist. */
export async function baseOfPullRequest(repo: Repo, number: number): Promise<string | null> {
  const [pullRequest] = await queryEach(repo, [number], {
    query: 'PullRequestBase',
    alias: 'pull',
    variables: { number: ['Int!', () => number] },
    field: (i) => `pullRequest(number: $number${i}) { baseRefName }`,
    answer: v.nullable(v.object({ baseRefName: v.string() })),
  });
  return pullRequest?.baseRefName ?? null;
}
