import * as v from 'valibot';
import { GuardError } from '../../model/guard-error.ts';
import { type Marker, type Region, regionIn, withRegion } from '../../model/marked-text.ts';
import { instant, pageOf } from '../answers.ts';
import type { GitHubWriter } from '../client.ts';
import { NotFound, Unreadable } from '../errors.ts';
import { fitting, PAGE } from '../paging.ts';
import type { Repo } from '../repo.ts';
import { eachWrite, sameText } from './writing.ts';

/** Comments that this token wrote, known by a marker: found again, kept to one, written only when changed. */

export interface Written {
  url: string;
  change: 'created' | 'updated' | 'unchanged';
}

/** What became of the comments, by the number of the thread. */
export interface KeptComments {
  written: Map<number, Written>;
  /** Why there is none, or none that is up to date. */
  failed: Map<number, GuardError>;
}

/** A text with its markers, that takes no more than so many bytes less than GitHub allows. */
export type Text = (taken: number) => string;

const comment = v.object({
  /** GitHub's number for it, as text: it is larger than GraphQL's integers. */
  fullDatabaseId: v.string(),
  url: v.string(),
  body: v.string(),
  createdAt: instant,
  viewerDidAuthor: v.boolean(),
});
/** `null`: the thread is gone, or is none that can be commented on. */
const thread = v.nullable(v.object({ comments: v.optional(pageOf(comment)) }));

interface OwnComment {
  id: number;
  url: string;
  body: string;
  createdAt: string;
  region: Region;
}

const MOST_THREADS_AT_ONCE = 25;

/**
 * One comment with `marker` on each thread, with the text given for it. What a person wrote beside the text stays.
 *
 * A comment is ours if it bears the marker *and* this token wrote it; another's with the same marker is left alone.
 * After a new one was written, or may have been, the thread is looked at again: of two that two runs wrote at once, the
 * younger goes. One thread that cannot be written to keeps no other from its comment.
 *
 * @throws {GuardError} where the threads cannot be read; then nothing was written.
 */
export async function keepComments(
  repo: Repo,
  writer: GitHubWriter,
  marker: Marker,
  texts: ReadonlyMap<number, Text>,
): Promise<KeptComments> {
  const base = `/repos/${repo.owner}/${repo.name}/issues`;
  const before = await ownComments(repo, marker, [...texts.keys()]);
  const written = new Map<number, Written>();
  const failed = await eachWrite([...texts.keys()], async (number) => {
    const own = before.get(number);
    if (own === undefined)
      throw new NotFound('GitHub does not show it: it is gone, moved, or not for this token');
    await removeTwins(repo, writer, own.slice(1));
    const [oldest] = own;
    const body = bodyOf(oldest, texts.get(number));
    if (oldest === undefined) {
      const made = await writer.write('POST', `${base}/${number}/comments`, { body });
      written.set(number, { url: addressIn(made), change: 'created' });
    } else if (sameText(oldest.body, body)) written.set(number, { url: oldest.url, change: 'unchanged' });
    else {
      const made = await writer.write('PATCH', `${base}/comments/${oldest.id}`, { body });
      written.set(number, { url: addressIn(made), change: 'updated' });
    }
  });
  // What was made may have a twin; what GitHub gave no clear answer to may be there all the same.
  const created = [...written].filter(([, { change }]) => change === 'created').map(([number]) => number);
  const unclear = [...failed].filter(([, error]) => error instanceof Unreadable).map(([number]) => number);
  if (created.length + unclear.length === 0) return { written, failed };
  try {
    for (const [number, own] of await ownComments(repo, marker, [...created, ...unclear])) {
      const [oldest, ...younger] = own;
      if (oldest === undefined) continue;
      await removeTwins(repo, writer, younger);
      if (younger.length > 0) written.set(number, { url: oldest.url, change: 'created' });
      if (failed.has(number) && sameText(oldest.body, bodyOf(oldest, texts.get(number)))) {
        failed.delete(number);
        written.set(number, { url: oldest.url, change: 'updated' });
      }
    }
  } catch (error) {
    // The next run looks again, and mends what it finds twice.
    if (!(error instanceof GuardError)) throw error;
  }
  return { written, failed };
}

function bodyOf(own: OwnComment | undefined, text: Text | undefined): string {
  if (text === undefined) throw new RangeError('a thread without a text');
  if (own === undefined) return text(0);
  const { before, after } = own.region;
  return withRegion(own.region, text(Buffer.byteLength(before + after)));
}

/** Where GitHub put what was written. An answer without it means that nobody knows whether it was. */
export function addressIn(answer: unknown): string {
  const url = (answer as { html_url?: unknown } | null)?.html_url;
  if (typeof url !== 'string')
    throw new Unreadable('GitHub did not say where it put what was written, so it may not be there.');
  return url;
}

/** Another run may have been faster in removing the same twin; one with a person's words in it stays. */
async function removeTwins(repo: Repo, writer: GitHubWriter, twins: readonly OwnComment[]): Promise<void> {
  for (const { id, region } of twins) {
    if (`${region.before}${region.after}`.trim() !== '') continue;
    await writer
      .write('DELETE', `/repos/${repo.owner}/${repo.name}/issues/comments/${id}`, {})
      .catch(unlessGone);
  }
}

function unlessGone(error: unknown): void {
  if (!(error instanceof NotFound)) throw error;
}

/**
 * For each thread that is there the comments that bear the marker and that this token wrote, oldest first, over all
 * pages.
 */
async function ownComments(
  repo: Repo,
  marker: Marker,
  numbers: readonly number[],
): Promise<Map<number, OwnComment[]>> {
  const found = new Map<number, OwnComment[]>();
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
      const own = found.get(number) ?? [];
      found.set(number, own);
      for (const node of page.nodes) {
        const region = node.viewerDidAuthor ? regionIn(node.body, marker) : null;
        if (region !== null) own.push({ ...node, id: Number(node.fullDatabaseId), region });
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
