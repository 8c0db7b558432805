import * as v from 'valibot';
import { instant, pageOf } from '../answers.ts';
import type { GitHubWriter } from '../client.ts';
import { NotFound, Unreadable } from '../errors.ts';
import { fitting, PAGE } from '../paging.ts';
import type { Repo } from '../repo.ts';

/** Comments that this token wrote, known by a marker: found again, kept to one, written only when changed. */

export interface Written {
  url: string;
  change: 'created' | 'updated' | 'unchanged';
}

const comment = v.object({
  /** GitHub's number for it, as text: it is larger than GraphQL's integers. */
  fullDatabaseId: v.string(),
  url: v.string(),
  body: v.string(),
  createdAt: instant,
  viewerDidAuthor: v.boolean(),
});
const thread = v.object({ comments: pageOf(comment) });

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
  repo: Repo,
  writer: GitHubWriter,
  marker: string,
  bodies: ReadonlyMap<number, string>,
): Promise<Map<number, Written>> {
  const written = new Map<number, Written>();
  const before = await ownComments(repo, marker, [...bodies.keys()]);
  const created: number[] = [];
  for (const [number, body] of bodies) {
    const [own, ...twins] = before.get(number) ?? [];
    for (const twin of twins) await removeComment(repo, writer, twin);
    if (own === undefined) {
      const url = addressIn(
        await writer.write('POST', `/repos/${repo.owner}/${repo.name}/issues/${number}/comments`, { body }),
      );
      written.set(number, { url, change: 'created' });
      created.push(number);
    } else if (sameText(own.body, body)) written.set(number, { url: own.url, change: 'unchanged' });
    else {
      const url = addressIn(
        await writer.write('PATCH', `/repos/${repo.owner}/${repo.name}/issues/comments/${own.id}`, {
          body,
        }),
      );
      written.set(number, { url, change: 'updated' });
    }
  }
  const after =
    created.length > 0 ? await ownComments(repo, marker, created) : new Map<number, OwnComment[]>();
  for (const [number, [oldest, ...younger]] of after) {
    for (const twin of younger) await removeComment(repo, writer, twin);
    if (oldest && younger.length > 0) written.set(number, { url: oldest.url, change: 'created' });
  }
  return written;
}

/** Where GitHub put what was written. An answer without it means that nobody knows whether it was. */
export function addressIn(answer: unknown): string {
  const url = (answer as { html_url?: unknown } | null)?.html_url;
  if (typeof url !== 'string')
    throw new Unreadable('GitHub did not say where it put what was written, so it may not be there.');
  return url;
}

/** GitHub stores what it was given, but for line ends and the last of them. */
export const sameText = (a: string, b: string) =>
  a.replaceAll('\r\n', '\n').trimEnd() === b.replaceAll('\r\n', '\n').trimEnd();

/** Another run may have been faster in removing the same twin. */
async function removeComment(repo: Repo, writer: GitHubWriter, { id }: OwnComment): Promise<void> {
  await writer
    .write('DELETE', `/repos/${repo.owner}/${repo.name}/issues/comments/${id}`, {})
    .catch(unlessGone);
}

function unlessGone(error: unknown): void {
  if (!(error instanceof NotFound)) throw error;
}

/** For each thread the comments that bear the marker and that this token wrote, oldest first, over all pages. */
async function ownComments(
  repo: Repo,
  marker: string,
  numbers: readonly number[],
): Promise<Map<number, OwnComment[]>> {
  const found = new Map<number, OwnComment[]>(numbers.map((number) => [number, []]));
  let open = numbers.map((number) => ({ number, after: null as string | null }));
  while (open.length > 0) {
    const now = open.slice(0, MOST_THREADS_AT_ONCE);
    const { query, variables, answer } = commentsQuery(now);
    const { repository } = await fitting(PAGE, (first) =>
      repo.graphql(query, { ...variables, first }, answer),
    );
    const goOn = now.flatMap(({ number }, i) => {
      const page = repository[`thread${i}`]?.comments;
      if (!page) return [];
      for (const node of page.nodes) {
        if (node.viewerDidAuthor && node.body.startsWith(marker))
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

/** The comments of several issues or pull requests at once, each from its own cursor on. */
function commentsQuery(threads: readonly { number: number; after: string | null }[]) {
  const page = (i: number) =>
    `comments(first: $first, after: $after${i}) { pageInfo { hasNextPage endCursor } nodes { fullDatabaseId url body createdAt viewerDidAuthor } }`;
  const query = `
query Comments($owner: String!, $name: String!, $first: Int!, ${threads.map((_, i) => `$number${i}: Int!, $after${i}: String`).join(', ')}) {
  repository(owner: $owner, name: $name) {
    ${threads
      .map(
        (_, i) =>
          `thread${i}: issueOrPullRequest(number: $number${i}) { ... on Issue { ${page(i)} } ... on PullRequest { ${page(i)} } }`,
      )
      .join('\n    ')}
  }
}`;
  const variables = Object.fromEntries(
    threads.flatMap(({ number, after }, i) => [
      [`number${i}`, number],
      [`after${i}`, after],
    ]),
  );
  const entries = Object.fromEntries(threads.map((_, i) => [`thread${i}`, thread]));
  return { query, variables, answer: v.object({ repository: v.object(entries) }) };
}
