import * as v from 'valibot';
import type { Repo } from '../repo.ts';

const BASE = `
query PullRequestBase($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) { pull0: pullRequest(number: $number) { baseRefName } }
}`;

const answer = v.object({
  repository: v.object({ pull0: v.nullable(v.object({ baseRefName: v.string() })) }),
});

/** The base branch of a pull request; `null`: the pull request does not exist. */
export async function baseOfPullRequest(repo: Repo, number: number): Promise<string | null> {
  const { repository } = await repo.graphql(BASE, { number }, answer);
  return repository.pull0?.baseRefName ?? null;
}
