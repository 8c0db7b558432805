import { present } from './answers.ts';
import { fitting, PAGE } from './paging.ts';
import type { GitHub, GitHubWriter } from './client.ts';
import { NotFound, Unreadable } from './errors.ts';
import type { Place } from './history/history.ts';
import { type CommentNode, commentsQuery, ISSUES, type IssueNode, type Page } from './queries.ts';

/** Comments and issues that this token wrote, known by a marker: found again, kept to one, written only when changed. */

export interface Written {
  url: string;
  change: 'created' | 'updated' | 'unchanged';
}

interface OwnComment {
  id: number;
  url: string;
  body: string;
  createdAt: string;
}

const MOST_THREADS_AT_ONCE = 25;

/**
 * One comment with `marker` on each thread, with the body given for it.
 *
 * A comment is ours if it bears the marker *and* this token wrote it; another's with the same marker is left alone.
 * After a new one was written the thread is looked at again: of two that two runs wrote at once, the younger goes.
 *
 * @throws {NotAllowed} where the token may not comment; the first refusal ends it, as the others would be refused too.
 */
export async function keepComments(
  github: GitHub,
  writer: GitHubWriter,
  place: Place,
  marker: string,
  bodies: ReadonlyMap<number, string>,
): Promise<Map<number, Written>> {
  const written = new Map<number, Written>();
  const before = await ownComments(github, place, marker, [...bodies.keys()]);
  const created: number[] = [];
  for (const [number, body] of bodies) {
    const [own, ...twins] = before.get(number) ?? [];
    for (const twin of twins) await removeComment(writer, place, twin);
    if (own === undefined) {
      const url = addressIn(
        await writer.write('POST', `/repos/${place.owner}/${place.name}/issues/${number}/comments`, { body }),
      );
      written.set(number, { url, change: 'created' });
      created.push(number);
    } else if (sameText(own.body, body)) written.set(number, { url: own.url, change: 'unchanged' });
    else {
      const url = addressIn(
        await writer.write('PATCH', `/repos/${place.owner}/${place.name}/issues/comments/${own.id}`, {
          body,
        }),
      );
      written.set(number, { url, change: 'updated' });
    }
  }
  const after =
    created.length > 0 ? await ownComments(github, place, marker, created) : new Map<number, OwnComment[]>();
  for (const [number, [oldest, ...younger]] of after) {
    for (const twin of younger) await removeComment(writer, place, twin);
    if (oldest && younger.length > 0) written.set(number, { url: oldest.url, change: 'created' });
  }
  return written;
}

/** Where GitHub put what was written. An answer without it means that nobody knows whether it was. */
function addressIn(answer: unknown): string {
  const url = (answer as { html_url?: unknown } | null)?.html_url;
  if (typeof url !== 'string')
    throw new Unreadable('GitHub did not say where it put what was written, so it may not be there.');
  return url;
}

/** GitHub stores what it was given, but for line ends and the last of them. */
const sameText = (a: string, b: string) =>
  a.replaceAll('\r\n', '\n').trimEnd() === b.replaceAll('\r\n', '\n').trimEnd();

/** Another run may have been faster in removing the same twin. */
async function removeComment(writer: GitHubWriter, place: Place, { id }: OwnComment): Promise<void> {
  await writer
    .write('DELETE', `/repos/${place.owner}/${place.name}/issues/comments/${id}`, {})
    .catch(unlessGone);
}

function unlessGone(error: unknown): void {
  if (!(error instanceof NotFound)) throw error;
}

/** For each thread the comments that bear the marker and that this token wrote, oldest first, over all pages. */
async function ownComments(
  github: GitHub,
  place: Place,
  marker: string,
  numbers: readonly number[],
): Promise<Map<number, OwnComment[]>> {
  const found = new Map<number, OwnComment[]>(numbers.map((number) => [number, []]));
  let open = numbers.map((number) => ({ number, after: null as string | null }));
  while (open.length > 0) {
    const now = open.slice(0, MOST_THREADS_AT_ONCE);
    const { query, variables } = commentsQuery(now);
    const answer = await fitting(PAGE, (first) =>
      github.graphql<{
        repository: Record<string, { comments?: Page<CommentNode> } | null> | null;
      }>(query, { ...place, ...variables, first }),
    );
    const goOn = now.flatMap(({ number }, i) => {
      const page = present(answer.repository?.[`thread${i}`]?.comments, `comments of #${number}`);
      for (const node of page.nodes ?? []) {
        if (node?.viewerDidAuthor && node.fullDatabaseId !== null && node.body.startsWith(marker))
          found.get(number)?.push({
            id: Number(node.fullDatabaseId),
            url: node.url,
            body: node.body,
            createdAt: node.createdAt,
          });
      }
      return page.pageInfo.hasNextPage ? [{ number, after: page.pageInfo.endCursor }] : [];
    });
    open = [...goOn, ...open.slice(MOST_THREADS_AT_ONCE)];
  }
  for (const comments of found.values())
    comments.sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt) || a.id - b.id);
  return found;
}

/** The issues of a label that bear the marker and that this token wrote, oldest first, over all pages. */
export async function ownIssues(
  github: GitHub,
  place: Place,
  label: string,
  marker: string,
): Promise<IssueNode[]> {
  const issuesAfter = async (cursor: string | null): Promise<Page<IssueNode>> => {
    const answer = await fitting(PAGE, (first) =>
      github.graphql<{ repository: { issues: Page<IssueNode> } | null }>(ISSUES, {
        ...place,
        label,
        after: cursor,
        first,
      }),
    );
    return present(answer.repository?.issues, 'issues');
  };
  const found: IssueNode[] = [];
  let after: string | null = null;
  do {
    const page = await issuesAfter(after);
    for (const node of page.nodes ?? [])
      if (node?.viewerDidAuthor && node.body.startsWith(marker)) found.push(node);
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
  return found.sort((a, b) => a.number - b.number);
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
  github: GitHub,
  writer: GitHubWriter,
  place: Place,
  label: string,
  marker: string,
  own: IssueNode | undefined,
  { title, body }: IssueText,
): Promise<Written> {
  const issues = `/repos/${place.owner}/${place.name}/issues`;
  if (own === undefined) {
    const made = addressIn(await writer.write('POST', issues, { title, body, labels: [label] }));
    const [oldest, ...younger] = await ownIssues(github, place, label, marker);
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
  github: GitHub,
  writer: GitHubWriter,
  place: Place,
  own: IssueNode,
  { title, body }: IssueText,
  closedMarker: string,
  comment: string,
): Promise<Written> {
  const url = addressIn(
    await writer.write('PATCH', `/repos/${place.owner}/${place.name}/issues/${own.number}`, {
      title,
      body,
      state: 'closed',
      state_reason: 'completed',
    }),
  );
  await keepComments(github, writer, place, closedMarker, new Map([[own.number, comment]]));
  return { url, change: 'updated' };
}
