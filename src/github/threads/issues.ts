import * as v from 'valibot';
import { instant, pageOf } from '../answers.ts';
import type { GitHubWriter } from '../client.ts';
import { GuardError } from '../../model/guard-error.ts';
import { fitting, PAGE, SHARE_OF_A_PAGE } from '../paging.ts';
import type { Repo } from '../repo.ts';
import { addressIn, type Written } from './comments.ts';
import { sameText } from './writing.ts';

/** Issues of the guard: found by their label and by their words, written only when changed. */

const ISSUE = `
  number title body state url viewerDidAuthor authorAssociation lastEditedAt
  author { __typename login }
  editor { __typename login }
  labels(first: 100) { nodes { name } }`;

const PAGE_OF_ISSUES = `pageInfo { hasNextPage endCursor } nodes { ${ISSUE} }`;
/** By label: GitHub tells at once of what was written a moment ago. */
const BY_LABEL = `issues(first: $first, after: $after, labels: [$label], orderBy: { field: CREATED_AT, direction: ASC }) { ${PAGE_OF_ISSUES} }`;
/** By words, whatever its label: the index is behind by seconds or minutes. */
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
/** The first page of both. */
const BOTH = `
query AllIssues($owner: String!, $name: String!, $label: String!, $words: String!, $first: Int!, $after: String) {
  repository(owner: $owner, name: $name) { ${BY_LABEL} }
  ${BY_WORDS}
}`;

const issue = v.object({
  number: v.number(),
  title: v.string(),
  body: v.string(),
  state: v.picklist(['OPEN', 'CLOSED']),
  url: v.string(),
  viewerDidAuthor: v.boolean(),
  authorAssociation: v.string(),
  author: v.nullable(v.object({ __typename: v.string(), login: v.string() })),
  lastEditedAt: v.nullable(instant),
  // `null`: nobody has, or an account that is gone.
  editor: v.nullable(v.object({ __typename: v.string(), login: v.string() })),
  // Written back as they were, with ours: not read, they would be lost.
  labels: v.object({ nodes: v.array(v.object({ name: v.string() })) }),
});
const labelled = v.object({ repository: v.object({ issues: pageOf(issue) }) });
/** What is no issue is an empty object. */
const worded = v.object({ search: pageOf(v.union([issue, v.strictObject({})])) });

export interface Issue {
  number: number;
  title: string;
  body: string;
  state: 'OPEN' | 'CLOSED';
  url: string;
  labels: string[];
  /** Whether this token wrote it. */
  isOwn: boolean;
  /** Whether nobody but its author changed its text last. */
  isUnedited: boolean;
  /** Who did. */
  author: string;
  /** Whether whoever did is of the team, or a program that was let in: anybody may write an issue in a public place. */
  isOfTheTeam: boolean;
}

export interface FoundIssues {
  /** By number. */
  issues: Issue[];
  /** Why only the label was asked; `null`: the words were too. */
  unsearched: string | null;
}

/** GitHub brings no more than a thousand of what a search finds. */
const MOST_FOUND = 1000;
const OF_THE_TEAM = new Set(['OWNER', 'MEMBER', 'COLLABORATOR']);

/**
 * The issues that bear a label and those that have some words in their text, over all pages.
 *
 * @throws {GuardError} where those of the label cannot be read.
 */
export async function issuesBy(repo: Repo, label: string, words: string): Promise<FoundIssues> {
  const query = `repo:${repo.owner}/${repo.name} is:issue in:body ${words}`;
  const both = await fitting(PAGE, (first) =>
    repo.graphql(
      BOTH,
      { label, words: query, after: null, first },
      v.object({ ...labelled.entries, ...worded.entries }),
      1.5 * SHARE_OF_A_PAGE,
    ),
  ).catch((error: unknown) => {
    // The search may be refused where the label is not.
    if (!(error instanceof GuardError)) throw error;
    return null;
  });
  const byWords = wordedIssues(repo, query, both).then(
    (issues) => ({ issues, unsearched: null }),
    (error: unknown) => {
      if (!(error instanceof GuardError)) throw error;
      return { issues: [], unsearched: error.message };
    },
  );
  const [byLabel, { issues, unsearched }] = await Promise.all([labelledIssues(repo, label, both), byWords]);
  const all = new Map([...issues, ...byLabel].map((issue) => [issue.number, issue]));
  return { issues: [...all.values()].sort((a, b) => a.number - b.number), unsearched };
}

/** @param known - the first page, where it came with another one. */
async function labelledIssues(
  repo: Repo,
  label: string,
  known: v.InferOutput<typeof labelled> | null,
): Promise<Issue[]> {
  const found: Issue[] = [];
  const page = (after: string | null) =>
    fitting(PAGE, (first) => repo.graphql(LABELLED, { label, after, first }, labelled));
  for (let after: string | null = null, more = true; more; ) {
    const answer: v.InferOutput<typeof labelled> = after === null && known ? known : await page(after);
    const { issues } = answer.repository;
    found.push(...issues.nodes.map((node) => issueOf(node, label)));
    after = issues.pageInfo.endCursor;
    more = issues.pageInfo.hasNextPage;
  }
  return found;
}

/** @param known - the first page, where it came with another one. */
async function wordedIssues(
  repo: Repo,
  words: string,
  known: v.InferOutput<typeof worded> | null,
): Promise<Issue[]> {
  const found: Issue[] = [];
  const page = (after: string | null) =>
    fitting(PAGE, (first) => repo.graphql(WORDED, { words, after, first }, worded));
  for (let after: string | null = null, more = true; more && found.length < MOST_FOUND; ) {
    const answer: v.InferOutput<typeof worded> = after === null && known ? known : await page(after);
    const { search } = answer;
    for (const node of search.nodes) if ('number' in node) found.push(issueOf(node, null));
    after = search.pageInfo.endCursor;
    more = search.pageInfo.hasNextPage;
  }
  return found;
}

/** @param label - that it was found by; only who may sort issues can have put it there. */
function issueOf(node: v.InferOutput<typeof issue>, label: string | null): Issue {
  return {
    number: node.number,
    title: node.title,
    body: node.body,
    state: node.state,
    url: node.url,
    labels: node.labels.nodes.map((node) => node.name),
    isOwn: node.viewerDidAuthor,
    isUnedited:
      node.lastEditedAt === null || (node.editor !== null && node.editor.login === node.author?.login),
    author: node.author?.login ?? 'somebody whose account is gone',
    isOfTheTeam:
      label !== null || node.author?.__typename === 'Bot' || OF_THE_TEAM.has(node.authorAssociation),
  };
}

export interface IssueText {
  title: string;
  body: string;
}

/** @returns its address. */
export async function openIssue(
  repo: Repo,
  writer: GitHubWriter,
  label: string,
  text: IssueText,
): Promise<{ url: string }> {
  const made = await writer.write('POST', `/repos/${repo.owner}/${repo.name}/issues`, {
    ...text,
    labels: [label],
  });
  return { url: addressIn(made) };
}

/** Gives an issue its text, its state and its label, where it has another or none. */
export async function changeIssue(
  repo: Repo,
  writer: GitHubWriter,
  label: string,
  own: Issue,
  { title, body }: IssueText,
  state: 'open' | 'closed',
): Promise<Written> {
  const isThere = own.state === state.toUpperCase();
  const isLabelled = own.labels.some((other) => other.toLowerCase() === label.toLowerCase());
  if (isThere && isLabelled && own.title === title && sameText(own.body, body))
    return { url: own.url, change: 'unchanged' };
  const answer = await writer.write('PATCH', `/repos/${repo.owner}/${repo.name}/issues/${own.number}`, {
    title,
    body,
    ...(isThere ? {} : { state }),
    ...(state === 'closed' && !isThere ? { state_reason: 'completed' } : {}),
    ...(isLabelled ? {} : { labels: [...own.labels, label] }),
  });
  return { url: addressIn(answer), change: 'updated' };
}

/** Closes an issue that another stands for, and takes our label from it. A workflow's token may not delete one. */
export async function closeDuplicate(
  repo: Repo,
  writer: GitHubWriter,
  label: string,
  twin: Issue,
  body: string,
): Promise<void> {
  await writer.write('PATCH', `/repos/${repo.owner}/${repo.name}/issues/${twin.number}`, {
    body,
    labels: twin.labels.filter((other) => other.toLowerCase() !== label.toLowerCase()),
    ...(twin.state === 'OPEN' ? { state: 'closed', state_reason: 'duplicate' } : {}),
  });
}
