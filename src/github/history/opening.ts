import * as v from 'valibot';
import { GuardError, oneLine } from '../../model/guard-error.ts';
import {
  FOLDER_TEXTS,
  folderTexts,
  WORKFLOWS,
  workflowTextsIn,
  type WorkflowText,
} from '../workflow-folder.ts';
import { checked } from '../answers.ts';
import { withFittingPage, PAGE } from '../paging.ts';
import type { Repo } from '../repo.ts';
import { FULL_PAGE, fullPage } from './commits.ts';
import { type History, historyOf, PULL_REQUESTS } from './history.ts';

/** The part of the first query that a deploy source needs. A short answer then takes no second request. */
export interface OpeningPart {
  /** Declarations of extra variables: `$environments: [String!]`. */
  declarations?: string[];
  variables?: Record<string, unknown>;
  /** Fields of the repository. Pages use `$first`. */
  selection: string;
}

export interface OpenedRepository {
  /** `owner/name` as GitHub spells it today. */
  repository: string;
  url: string;
  /** Whether nothing can be merged or deployed any more. */
  isArchived: boolean;
  baseBranch: string;
  /** Whether the branch was looked up as the default branch, not by its name. */
  isDefaultBranch: boolean;
  history: History;
  /** The unchecked answer, for the deploy source to read its part from. */
  answer: unknown;
  /** The requested files that exist. */
  files: { path: string; text: string }[];
  /** The workflow files of the branch; `null`: not read. */
  workflowFiles: WorkflowText[] | null;
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
      isArchived: v.boolean(),
      defaultBranchRef: v.optional(branch),
      ref: v.optional(branch),
      workflows: v.optional(folderTexts),
    }),
  ),
});

/**
 * Reads the repository, the newest commits of the base branch and the data of a deploy source. Often no other request is
 * needed.
 *
 * @param baseBranch - `null`: the default branch.
 * @param until - leaves out newer commits; `null`: reads from the tip.
 * @param files - paths of files to read on the same branch.
 * @param withWorkflows - reads the workflow files, too, unless the answer is too large for GitHub.
 * @throws {GuardError} if the repository or the branch does not exist, or a file is not a text.
 */
export async function openRepository(
  repo: Repo,
  baseBranch: string | null,
  until: Date | null,
  part: OpeningPart | null,
  files: readonly string[] = [],
  withWorkflows = false,
): Promise<OpenedRepository> {
  const at = baseBranch ?? 'HEAD';
  const queryFor = (reads: boolean) => `
query Opening(
  ${['$owner: String!', '$name: String!', '$branch: String!', '$named: Boolean!', '$until: GitTimestamp', '$first: Int!', '$pullRequests: Int!', ...files.map((_, i) => `$file${i}: String!`), ...(reads ? ['$workflows: String!'] : []), ...(part?.declarations ?? [])].join(', ')}
) {
  repository(owner: $owner, name: $name) {
    nameWithOwner
    url
    isArchived
    defaultBranchRef @skip(if: $named) { name target { oid ...Newest } }
    ref(qualifiedName: $branch) @include(if: $named) { name target { oid ...Newest } }
    ${files.map((_, i) => `file${i}: object(expression: $file${i}) { ... on Blob { text } }`).join('\n    ')}
    ${reads ? `workflows: object(expression: $workflows) { ${FOLDER_TEXTS} }` : ''}
    ${part?.selection ?? ''}
  }
}
fragment Newest on Commit { history(first: $first, until: $until) { ${FULL_PAGE} } }`;
  const answer = await withFittingPage({ size: PAGE }, (first) =>
    repo.graphql(
      queryFor(withWorkflows && first === PAGE),
      {
        branch: `refs/heads/${baseBranch ?? ''}`,
        named: baseBranch !== null,
        until: until?.toISOString() ?? null,
        first,
        pullRequests: PULL_REQUESTS,
        ...Object.fromEntries(files.map((path, i) => [`file${i}`, `${at}:${path}`])),
        ...(withWorkflows && first === PAGE ? { workflows: `${at}:${WORKFLOWS}` } : {}),
        ...part?.variables,
      },
      v.object({ repository: v.nullable(v.record(v.string(), v.unknown())) }),
    ),
  );
  const { repository } = checked(opened, answer, 'query Opening');
  if (!repository)
    throw new GuardError(
      `Input "repository" is "${repo.owner}/${repo.name}"; GitHub has no such repository, or the token may not see it. Check the spelling, or set input "github-token" to a token with "contents: read" there.`,
    );
  const branchNode = baseBranch === null ? repository.defaultBranchRef : repository.ref;
  const texts = files.flatMap((path, i) => {
    const node = checked(file, repository[`file${i}`] ?? null, 'query Opening');
    if (node !== null && typeof node.text !== 'string')
      throw new GuardError(
        `Input "config" is "${oneLine(path)}"; it is a folder or a binary file. Accepted: a YAML file.`,
      );
    return node?.text == null ? [] : [{ path, text: node.text }];
  });
  if (!branchNode)
    throw new GuardError(
      baseBranch === null
        ? `Repository ${repository.nameWithOwner} has no commits yet, so there is nothing to measure.`
        : `Input "base-branch" is "${oneLine(baseBranch)}"; ${repository.nameWithOwner} has no such branch. Accepted: the name of a branch, such as main.`,
    );
  return {
    repository: repository.nameWithOwner,
    url: repository.url,
    isArchived: repository.isArchived,
    baseBranch: branchNode.name,
    isDefaultBranch: baseBranch === null,
    history: historyOf(
      repo,
      repository.url,
      { name: branchNode.name, tip: branchNode.target.oid, live: until === null },
      branchNode.target.history,
    ),
    answer: repository,
    files: texts,
    workflowFiles: repository.workflows === undefined ? null : workflowTextsIn(repository.workflows),
  };
}
