import * as v from 'valibot';
import { GuardError, oneLine } from '../../model/guard-error.ts';
import { isMarked, type Marker, type Region, regionIn, withRegion } from '../../model/marked-text.ts';
import { instant, pageOf } from '../answers.ts';
import type { GitHubWriter } from '../client.ts';
import { NotFound, recoverFrom, Refused, Unreadable } from '../errors.ts';
import { withFittingPage, PAGE } from '../paging.ts';
import { actor } from '../person.ts';
import type { Repo } from '../repo.ts';
import { queryEach } from '../query-each.ts';
import type { EditedText } from './edits.ts';
import { addressIn, eachWrite, sameText, type WriteResult } from './writing.ts';

/** Keeps one comment per issue or pull request, recognized by a marker, and writes it only when it changes. */

/** The outcome for each issue or pull request, by number. */
export interface KeptComments {
  written: Map<number, WriteResult>;
  /** Why the comment is missing or out of date. */
  failed: Map<number, GuardError>;
}

/** A comment with its markers, short enough to leave `reserved` bytes of GitHub's limit for text around it. */
export type CommentText = (reserved: number) => string;

const comment = v.object({
  id: v.string(),
  /** A string, as the number can be larger than GraphQL's integers. */
  fullDatabaseId: v.string(),
  url: v.string(),
  body: v.string(),
  createdAt: instant,
  viewerDidAuthor: v.boolean(),
  author: actor,
  // `null`: nobody edited it, or the account was deleted.
  editor: actor,
  lastEditedAt: v.nullable(instant),
});
/** An issue or pull request; `null` if it does not exist. */
const thread = v.nullable(v.object({ comments: v.optional(pageOf(comment)) }));

interface OwnComment {
  id: number;
  /** The GraphQL id. */
  node: string;
  url: string;
  body: string;
  createdAt: string;
  region: Region;
}

/** The comments with the marker, and those that somebody else edited last: they have it, or have no marker. */
interface OwnComments {
  marked: OwnComment[];
  edited: EditedText[];
}

export interface KeepOptions {
  /** Whether to create a comment where there is none. By default always. */
  isNew?: (number: number) => boolean;
  /** The part of a text that matters. A comment is written again only if this changes. */
  content?: (text: string) => string;
  /** Maximum number of writes. */
  most?: number;
}

const THREADS_PER_REQUEST = 25;

/**
 * Creates or updates the comment with `marker` on each issue or pull request. Text that a person added to the comment
 * stays.
 *
 * Only comments that this token wrote are changed. If a person replaced the guard's text in one, it stays as it is and no
 * other one is written there. After a new comment, or a write without a clear answer, the comments
 * are read again: if two runs created one at the same time, the run that created the newer one deletes it. A failed write
 * does not stop the others.
 *
 * @throws {GuardError} if the comments cannot be read. Nothing was written then.
 */
export async function keepComments(
  repo: Repo,
  writer: GitHubWriter,
  marker: Marker,
  texts: ReadonlyMap<number, CommentText>,
  { isNew = () => true, content = (text) => text, most = Number.POSITIVE_INFINITY }: KeepOptions = {},
): Promise<KeptComments> {
  const isSame = (a: string, b: string) => sameText(content(a), content(b));
  let writes = 0;
  const base = `/repos/${repo.owner}/${repo.name}/issues`;
  let before = await ownComments(repo, marker, [...texts.keys()]);
  const createsOne = [...before].some(([number, { marked }]) => marked.length === 0 && isNew(number));
  if (createsOne && (await writer.turn?.())) before = await ownComments(repo, marker, [...texts.keys()]);
  const edited = [...before.values()].flatMap((comments) => comments.edited);
  const replaced =
    edited.length > 0
      ? await (await import('./edits.ts')).replacedTexts(repo, edited, marker)
      : new Map<string, string>();
  const written = new Map<number, WriteResult>();
  /** Ids of the comments that this run created, by number. */
  const ids = new Map<number, unknown>();
  const failed = await eachWrite([...texts.keys()], async (number) => {
    const comments = before.get(number);
    if (comments === undefined)
      throw new NotFound('GitHub does not show it: it was deleted or moved, or the token may not see it');
    const [oldest, ...duplicates] = comments.marked.filter(({ node }) => !replaced.has(node));
    const kept = comments.edited.find(({ node }) => replaced.has(node));
    if (oldest === undefined && kept)
      throw new Refused(
        `${oneLine(replaced.get(kept.node) ?? '', 60)} replaced the text of the guard's comment, so it was left alone. Delete that comment to get a new one`,
        'thread',
      );
    if (oldest === undefined && !isNew(number)) return;
    await removeDuplicates(repo, writer, duplicates);
    const body = bodyOf(oldest, texts.get(number));
    const isUnchanged = oldest !== undefined && isSame(oldest.body, body);
    if (!isUnchanged && ++writes > most) return;
    if (oldest === undefined) {
      const created = await writer.write<{ id?: unknown }>('POST', `${base}/${number}/comments`, { body });
      ids.set(number, created?.id);
      written.set(number, { url: addressIn(created), change: 'created' });
    } else if (isUnchanged) written.set(number, { url: oldest.url, change: 'unchanged' });
    else {
      const updated = await writer.write('PATCH', `${base}/comments/${oldest.id}`, { body });
      written.set(number, { url: addressIn(updated), change: 'updated' });
    }
  });
  // A new comment may have a duplicate, and a write without a clear answer may have succeeded.
  const created = [...written].filter(([, { change }]) => change === 'created').map(([number]) => number);
  const unclear = [...failed].filter(([, error]) => error instanceof Unreadable).map(([number]) => number);
  if (created.length + unclear.length === 0) return { written, failed };
  try {
    for (const [number, comments] of await ownComments(repo, marker, [...created, ...unclear])) {
      const [oldest, ...duplicates] = comments.marked;
      if (oldest === undefined) continue;
      // Every run that created one at the same time deletes its own, so that none is deleted twice.
      const own = ids.get(number);
      await removeDuplicates(
        repo,
        writer,
        own === undefined ? duplicates : duplicates.filter(({ id }) => id === own),
      );
      if (duplicates.length > 0) written.set(number, { url: oldest.url, change: 'created' });
      if (failed.has(number) && sameText(oldest.body, bodyOf(oldest, texts.get(number)))) {
        failed.delete(number);
        written.set(number, { url: oldest.url, change: 'updated' });
      }
    }
  } catch (error) {
    // The next run deletes duplicates that are left.
    if (!(error instanceof GuardError)) throw error;
  }
  return { written, failed };
}

function bodyOf(comment: OwnComment | undefined, text: CommentText | undefined): string {
  if (text === undefined) throw new RangeError('a thread without a text');
  if (comment === undefined) return text(0);
  const { before, after } = comment.region;
  return withRegion(comment.region, text(Buffer.byteLength(before + after)));
}

/** Deletes duplicates, except those that a person added text to. Another run may delete them at the same time. */
async function removeDuplicates(
  repo: Repo,
  writer: GitHubWriter,
  duplicates: readonly OwnComment[],
): Promise<void> {
  for (const { id, region } of duplicates) {
    if (`${region.before}${region.after}`.trim() !== '') continue;
    await writer
      .write('DELETE', `/repos/${repo.owner}/${repo.name}/issues/comments/${id}`, {})
      .catch(recoverFrom(NotFound, () => {}));
  }
}

/** The comments that this token wrote, oldest first, for each issue or pull request that exists. */
async function ownComments(
  repo: Repo,
  marker: Marker,
  numbers: readonly number[],
): Promise<Map<number, OwnComments>> {
  const commentsByNumber = new Map<number, OwnComments>();
  let open = numbers.map((number) => ({ number, after: null as string | null }));
  while (open.length > 0) {
    const group = open.slice(0, THREADS_PER_REQUEST);
    const threads = await withFittingPage({ size: PAGE }, (first) =>
      queryEach(repo, group, {
        query: 'Comments',
        alias: 'thread',
        variables: { number: ['Int!', ({ number }) => number], after: ['String', ({ after }) => after] },
        shared: { first: ['Int!', first] },
        field: (i) => {
          const page = `comments(first: $first, after: $after${i}) { pageInfo { hasNextPage endCursor } nodes { id fullDatabaseId url body createdAt viewerDidAuthor lastEditedAt author { __typename login } editor { __typename login } } }`;
          return `issueOrPullRequest(number: $number${i}) { ... on Issue { ${page} } ... on PullRequest { ${page} } }`;
        },
        answer: thread,
      }),
    );
    const unfinished = group.flatMap(({ number }, i) => {
      const page = threads[i]?.comments;
      if (!page) return [];
      const comments = commentsByNumber.get(number) ?? { marked: [], edited: [] };
      commentsByNumber.set(number, comments);
      for (const { id: node, fullDatabaseId, author, editor, ...comment } of page.nodes) {
        if (!comment.viewerDidAuthor) continue;
        const region = regionIn(comment.body, marker);
        if (region !== null) comments.marked.push({ ...comment, id: Number(fullDatabaseId), node, region });
        const isEdited = comment.lastEditedAt !== null && editor?.login !== author?.login;
        if (isEdited && author && (region !== null || !isMarked(comment.body)))
          comments.edited.push({ ...comment, node, author: author.login });
      }
      return page.pageInfo.hasNextPage ? [{ number, after: page.pageInfo.endCursor }] : [];
    });
    open = [...unfinished, ...open.slice(THREADS_PER_REQUEST)];
  }
  for (const { marked } of commentsByNumber.values())
    marked.sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt) || a.id - b.id);
  return commentsByNumber;
}
