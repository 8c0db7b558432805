import * as v from 'valibot';
import { GuardError, oneLine } from '../../model/guard-error.ts';
import { checked } from '../answers.ts';
import { fitting, PAGE } from '../paging.ts';
import type { Repo } from '../repo.ts';
import { FULL_PAGE, fullPage } from './commits.ts';
import { type History, historyOf, PULL_REQUESTS } from './history.ts';

/** What a deploy source asks for along with the first request, so that a short answer takes no second one. */
export interface OpeningPart {
  /** Variables of its own, as GraphQL declares them: `$environments: [String!]`. */
  declarations: string[];
  variables: Record<string, unknown>;
  /** Fields of the repository; pages take `$first`. */
  selection: string;
}

export interface OpenedRepository {
  /** `owner/name` as GitHub spells it today. */
  repository: string;
  url: string;
  baseBranch: string;
  /** Whether the branch was asked for as the default one, and not by its name. */
  isDefaultBranch: boolean;
  history: History;
  /** The repository as it was answered, for the part of a deploy source; unchecked. */
  answer: unknown;
  /** Those of the files that were asked for along with it that are there. */
  files: { path: string; text: string }[];
}

const branch = v.nullable(
  v.object({ name: v.string(), target: v.object({ oid: v.string(), history: fullPage }) }),
);
const file = v.nullable(v.object({ text: v.optional(v.nullable(v.string())) }));
const opened = v.object({
  repository: v.nullable(
    v.looseObject({
      nameWithOwner: v.string(),
      url: v.string(),
      defaultBranchRef: v.optional(branch),
      ref: v.optional(branch),
    }),
  ),
});

/**
 * The repository, the newest commits of the base branch and what a source asks for: often the whole answer.
 *
 * @param until - commits that are younger are left out; `null`: none are.
 * @param files - paths whose texts are asked along, on the same branch.
 * @throws {GuardError} where the repository or the branch is not there.
 */
export async function openRepository(
  repo: Repo,
  baseBranch: string | null,
  until: Date | null,
  part: OpeningPart | null,
  files: readonly string[] = [],
): Promise<OpenedRepository> {
  const query = `
query Opening(
  ${['$owner: String!', '$name: String!', '$branch: String!', '$named: Boolean!', '$until: GitTimestamp', '$first: Int!', '$pullRequests: Int!', ...files.map((_, i) => `$file${i}: String!`), ...(part?.declarations ?? [])].join(', ')}
) {
  repository(owner: $owner, name: $name) {
    nameWithOwner
    url
    defaultBranchRef @skip(if: $named) { name target { oid ...Newest } }
    ref(qualifiedName: $branch) @include(if: $named) { name target { oid ...Newest } }
    ${files.map((_, i) => `file${i}: object(expression: $file${i}) { ... on Blob { text } }`).join('\n    ')}
    ${part?.selection ?? ''}
  }
}
fragment Newest on Commit { history(first: $first, until: $until) { ${FULL_PAGE} } }`;
  const answer = await fitting(PAGE, (first) =>
    repo.graphql(
      query,
      {
        branch: `refs/heads/${baseBranch ?? ''}`,
        named: baseBranch !== null,
        until: until?.toISOString() ?? null,
        first,
        pullRequests: PULL_REQUESTS,
        ...Object.fromEntries(files.map((path, i) => [`file${i}`, `${baseBranch ?? 'HEAD'}:${path}`])),
        ...part?.variables,
      },
      v.object({ repository: v.nullable(v.record(v.string(), v.unknown())) }),
    ),
  );
  const { repository } = checked(opened, answer, 'query Opening');
  if (!repository)
    throw new GuardError(
      `Input "repository" is "${repo.owner}/${repo.name}"; GitHub knows no such repository, or the token may not see it. Check the spelling, or give input "github-token" a token with "contents: read" there.`,
    );
  const found = baseBranch === null ? repository.defaultBranchRef : repository.ref;
  const there = files.flatMap((path, i) => {
    const found = checked(file, repository[`file${i}`] ?? null, 'query Opening');
    if (found !== null && typeof found.text !== 'string')
      throw new GuardError(
        `Input "config" is "${oneLine(path)}"; GitHub brings no text of it: it is a folder, or no text. Accepted: a YAML file.`,
      );
    return found?.text == null ? [] : [{ path, text: found.text }];
  });
  if (!found)
    throw new GuardError(
      baseBranch === null
        ? `Repository ${repository.nameWithOwner} has no commits yet; there is nothing to measure.`
        : `Input "base-branch" is "${oneLine(baseBranch)}"; ${repository.nameWithOwner} has no such branch. Accepted: the name of a branch, such as main.`,
    );
  return {
    repository: repository.nameWithOwner,
    url: repository.url,
    baseBranch: found.name,
    isDefaultBranch: baseBranch === null,
    history: historyOf(
      repo,
      repository.url,
      { name: found.name, tip: found.target.oid, live: until === null },
      found.target.history,
    ),
    answer: repository,
    files: there,
  };
}
