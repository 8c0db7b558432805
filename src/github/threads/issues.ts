import * as v from 'valibot';
import { instant, type Page, pageOf } from '../answers.ts';
import type { GitHubWriter } from '../client.ts';
import { GuardError } from '../../model/guard-error.ts';
import { recoverFrom } from '../errors.ts';
import { withFittingPage, PAGE, SHARE_OF_A_PAGE } from '../paging.ts';
import { actor } from '../person.ts';
import type { Repo } from '../repo.ts';
import { addressIn, sameText, type WriteResult } from './writing.ts';

/** Finds the guard's issues by label and by text, and writes them only when they change. */

const ISSUE = `
  id number title body state url viewerDidAuthor authorAssociation lastEditedAt
  author { __typename login }
  editor { __typename login }
  labels(first: 100) { nodes { name } }`;

const PAGE_OF_ISSUES = `pageInfo { hasNextPage endCursor } nodes { ${ISSUE} }`;
/** Includes issues that were written a moment ago. */
const BY_LABEL = `issues(first: $first, after: $after, labels: [$label], orderBy: { field: CREATED_AT, direction: ASC }) { ${PAGE_OF_ISSUES} }`;
/** Also finds issues that lost their label, but the search index lags by seconds or minutes. */
const BY_WORDS = `search(type: ISSUE, query: $words, first: $first, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes { ... on Issue { ${ISSUE} } }
  }`;
const LABELLED = `
query Issues($owner: String!, $name: String!, $label: String!, $first: Int!, $after: String) {
  repository(owner: $owner, name: $name) { ${BY_LABEL} }
}`;
const WORDED = `
query IssueSearch($words: String!, $first: Int!, $after: String) {
  ${BY_WORDS}
}`;
/** Reads the first page of both lists. */
const BOTH = `
query AllIssues($owner: String!, $name: String!, $label: String!, $words: String!, $first: Int!, $after: String) {
  repository(owner: $owner, name: $name) { ${BY_LABEL} }
  ${BY_WORDS}
}`;

const issue = v.object({
  id: v.string(),
  number: v.number(),
  title: v.string(),
  body: v.string(),
  state: v.picklist(['OPEN', 'CLOSED']),
  url: v.string(),
  viewerDidAuthor: v.boolean(),
  authorAssociation: v.string(),
  author: actor,
  lastEditedAt: v.nullable(instant),
  // `null`: nobody edited it, or the account was deleted.
  editor: actor,
  // An update replaces all labels, so the existing ones must be known.
  labels: v.object({ nodes: v.array(v.object({ name: v.string() })) }),
});
type IssueNode = v.InferOutput<typeof issue>;
const labelled = v.object({ repository: v.object({ issues: pageOf(issue) }) });
/** A search result that is not an issue is an empty object. */
const worded = v.object({ search: pageOf(v.union([issue, v.strictObject({})])) });

export interface Issue {
  /** The GraphQL id. */
  node: string;
  number: number;
  title: string;
  body: string;
  state: 'OPEN' | 'CLOSED';
  url: string;
  labels: string[];
  /** Whether this token wrote it. */
  isOwn: boolean;
  /** Whether nobody except its author edited the text last. */
  isUnedited: boolean;
  author: string;
  /** Whether a team member or an installed app wrote it. In a public repository, anybody can write an issue. */
  isFromTeam: boolean;
}

export interface IssueSearch {
  /** Sorted by number. */
  issues: Issue[];
  /** Why the search failed, so that issues were found by label only; `null`: it succeeded. */
  searchError: string | null;
}

/** GitHub returns at most this many search results. */
const MAX_RESULTS = 1000;
const TEAM_ASSOCIATIONS = new Set(['OWNER', 'MEMBER', 'COLLABORATOR']);

/**
 * All issues that have a label, or contain some words in their text.
 *
 * @throws {GuardError} if the issues with the label cannot be read.
 */
export async function findIssues(repo: Repo, label: string, words: string): Promise<IssueSearch> {
  const query = `repo:${repo.owner}/${repo.name} is:issue in:body ${words}`;
  const page = { size: PAGE };
  // GitHub may refuse only the search. Then the two are read separately below.
  const both = await withFittingPage(page, (first) =>
    repo.graphql(
      BOTH,
      { label, words: query, after: null, first },
      v.object({ ...labelled.entries, ...worded.entries }),
      1.5 * SHARE_OF_A_PAGE,
    ),
  ).catch(recoverFrom(GuardError, () => null));
  const byLabel = allIssues(async (after) => {
    if (after === null && both) return both.repository.issues;
    const answer = await withFittingPage(page, (first) =>
      repo.graphql(LABELLED, { label, after, first }, labelled),
    );
    return answer.repository.issues;
  }, label);
  const byWords = allIssues(async (after) => {
    if (after === null && both) return both.search;
    const answer = await withFittingPage(page, (first) =>
      repo.graphql(WORDED, { words: query, after, first }, worded),
    );
    return answer.search;
  }, null).then(
    (issues) => ({ issues, unsearched: null }),
    recoverFrom(GuardError, ({ message }) => ({ issues: [], unsearched: message })),
  );
  const [labelledIssues, { issues, unsearched }] = await Promise.all([byLabel, byWords]);
  const byNumber = new Map([...issues, ...labelledIssues].map((issue) => [issue.number, issue]));
  return { issues: [...byNumber.values()].sort((a, b) => a.number - b.number), searchError: unsearched };
}

/** Reads a list of issues to its end. A search (`label` is `null`) ends at the maximum number of results. */
async function allIssues(
  pageAfter: (cursor: string | null) => Promise<Page<IssueNode | Record<string, never>>>,
  label: string | null,
): Promise<Issue[]> {
  const issues: Issue[] = [];
  let cursor: string | null = null;
  for (let hasMore = true; hasMore && (label !== null || issues.length < MAX_RESULTS); ) {
    const { nodes, pageInfo }: Page<IssueNode | Record<string, never>> = await pageAfter(cursor);
    for (const node of nodes) if ('number' in node) issues.push(issueOf(node as IssueNode, label));
    cursor = pageInfo.endCursor;
    hasMore = pageInfo.hasNextPage;
  }
  return issues;
}

/** @param label - the label that the issue was found by, which only team members and apps can set. */
function issueOf(node: IssueNode, label: string | null): Issue {
  return {
    node: node.id,
    number: node.number,
    title: node.title,
    body: node.body,
    state: node.state,
    url: node.url,
    labels: node.labels.nodes.map((node) => node.name),
    isOwn: node.viewerDidAuthor,
    isUnedited:
      node.lastEditedAt === null || (node.editor !== null && node.editor.login === node.author?.login),
    author: node.author?.login ?? 'somebody whose account was deleted',
    isFromTeam:
      label !== null || node.author?.__typename === 'Bot' || TEAM_ASSOCIATIONS.has(node.authorAssociation),
  };
}

type IssueText = Pick<Issue, 'title' | 'body'>;

export async function openIssue(
  repo: Repo,
  writer: GitHubWriter,
  label: string,
  text: IssueText,
): Promise<{ url: string }> {
  const created = await writer.write('POST', `/repos/${repo.owner}/${repo.name}/issues`, {
    ...text,
    labels: [label],
  });
  return { url: addressIn(created) };
}

/** Updates an issue whose text, state or label differs. */
export async function changeIssue(
  repo: Repo,
  writer: GitHubWriter,
  label: string,
  issue: Issue,
  { title, body }: IssueText,
  state: 'open' | 'closed',
): Promise<WriteResult> {
  const hasState = issue.state === state.toUpperCase();
  const hasLabel = issue.labels.some((name) => name.toLowerCase() === label.toLowerCase());
  if (hasState && hasLabel && issue.title === title && sameText(issue.body, body))
    return { url: issue.url, change: 'unchanged' };
  const answer = await writer.write('PATCH', `/repos/${repo.owner}/${repo.name}/issues/${issue.number}`, {
    title,
    body,
    ...(hasState ? {} : { state }),
    ...(state === 'closed' && !hasState ? { state_reason: 'completed' } : {}),
    ...(hasLabel ? {} : { labels: [...issue.labels, label] }),
  });
  return { url: addressIn(answer), change: 'updated' };
}

/** Closes a duplicate and removes the guard's label, as a workflow's token may not delete issues. */
export async function closeDuplicate(
  repo: Repo,
  writer: GitHubWriter,
  label: string,
  duplicate: Issue,
  body: string,
): Promise<void> {
  await writer.write('PATCH', `/repos/${repo.owner}/${repo.name}/issues/${duplicate.number}`, {
    body,
    labels: duplicate.labels.filter((name) => name.toLowerCase() !== label.toLowerCase()),
    ...(duplicate.state === 'OPEN' ? { state: 'closed', state_reason: 'duplicate' } : {}),
  });
}
