import * as v from 'valibot';
import { pageOf } from '../answers.ts';
import type { GitHubWriter } from '../client.ts';
import { fitting, PAGE } from '../paging.ts';
import type { Repo } from '../repo.ts';
import { addressIn, keepComments, sameText, type Written } from './comments.ts';

/** Issues that this token wrote, known by a label and a marker: found again, kept to one, written only when changed. */

const ISSUES = `
query Issues($owner: String!, $name: String!, $label: String!, $first: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    issues(first: $first, after: $after, labels: [$label], orderBy: { field: CREATED_AT, direction: ASC }) {
      pageInfo { hasNextPage endCursor }
      nodes { number title body state url viewerDidAuthor }
    }
  }
}`;

const issue = v.object({
  number: v.number(),
  title: v.string(),
  body: v.string(),
  state: v.picklist(['OPEN', 'CLOSED']),
  url: v.string(),
  viewerDidAuthor: v.boolean(),
});
const issuePage = v.object({ issues: pageOf(issue) });

export type Issue = v.InferOutput<typeof issue>;

/** The issues of a label that bear the marker and that this token wrote, oldest first, over all pages. */
export async function ownIssues(repo: Repo, label: string, marker: string): Promise<Issue[]> {
  const found: Issue[] = [];
  let after: string | null = null;
  do {
    const { issues }: v.InferOutput<typeof issuePage> = await issuesAfter(repo, label, after);
    found.push(...issues.nodes.filter((node) => node.viewerDidAuthor && node.body.startsWith(marker)));
    after = issues.pageInfo.hasNextPage ? issues.pageInfo.endCursor : null;
  } while (after !== null);
  return found.sort((a, b) => a.number - b.number);
}

async function issuesAfter(
  repo: Repo,
  label: string,
  after: string | null,
): Promise<v.InferOutput<typeof issuePage>> {
  const answer = await fitting(PAGE, (first) =>
    repo.graphql(ISSUES, { label, after, first }, v.object({ repository: issuePage })),
  );
  return answer.repository;
}

export interface IssueText {
  title: string;
  body: string;
}

/**
 * Opens the issue, or writes its new text into the one there is, opening it again where it was closed. Where two
 * runs opened one at once, the younger is closed as a duplicate and loses its label.
 */
export async function keepIssueOpen(
  repo: Repo,
  writer: GitHubWriter,
  label: string,
  marker: string,
  own: Issue | undefined,
  { title, body }: IssueText,
): Promise<Written> {
  const issues = `/repos/${repo.owner}/${repo.name}/issues`;
  if (own === undefined) {
    const made = addressIn(await writer.write('POST', issues, { title, body, labels: [label] }));
    const [oldest, ...younger] = await ownIssues(repo, label, marker);
    for (const twin of younger) {
      await writer.write('PATCH', `${issues}/${twin.number}`, {
        state: 'closed',
        state_reason: 'duplicate',
        labels: [],
      });
    }
    return { url: oldest?.url ?? made, change: 'created' };
  }
  if (own.state === 'OPEN' && own.title === title && sameText(own.body, body))
    return { url: own.url, change: 'unchanged' };
  const url = addressIn(
    await writer.write('PATCH', `${issues}/${own.number}`, {
      title,
      body,
      ...(own.state === 'CLOSED' ? { state: 'open' } : {}),
    }),
  );
  return { url, change: 'updated' };
}

/** Closes the issue with its last text, and says why in a comment: one for the week that `closedMarker` names. */
export async function closeIssue(
  repo: Repo,
  writer: GitHubWriter,
  own: Issue,
  { title, body }: IssueText,
  closedMarker: string,
  comment: string,
): Promise<Written> {
  const url = addressIn(
    await writer.write('PATCH', `/repos/${repo.owner}/${repo.name}/issues/${own.number}`, {
      title,
      body,
      state: 'closed',
      state_reason: 'completed',
    }),
  );
  await keepComments(repo, writer, closedMarker, new Map([[own.number, comment]]));
  return { url, change: 'updated' };
}
