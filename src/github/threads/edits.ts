import * as v from 'valibot';
import { GuardError } from '../../model/guard-error.ts';
import { type Marker, regionIn } from '../../model/marked-text.ts';
import { instant } from '../answers.ts';
import { recoverFrom } from '../errors.ts';
import { actor } from '../person.ts';
import type { Repo } from '../repo.ts';

/** Finds texts of the guard that a person replaced, in GitHub's history of edits. */

/** A comment or an issue that this token wrote and somebody else edited last. */
export interface EditedText {
  /** Its GraphQL id. */
  node: string;
  body: string;
  author: string;
}

const EDITS = `
query Edits($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on IssueComment { id userContentEdits(first: 50) { nodes { diff editedAt editor { __typename login } } } }
    ... on Issue { id userContentEdits(first: 50) { nodes { diff editedAt editor { __typename login } } } }
  }
}`;
const answer = v.object({
  nodes: v.array(
    v.nullable(
      v.object({
        id: v.string(),
        userContentEdits: v.nullable(
          // `diff` is the whole text after the edit; `null`: it was removed from the history.
          v.object({
            nodes: v.array(v.object({ diff: v.nullable(v.string()), editedAt: instant, editor: actor })),
          }),
        ),
      }),
    ),
  ),
});
const MOST_IDS = 100;

/**
 * The texts whose part with `marker` a person replaced or removed, with the last editor, by GraphQL id. Text that was only
 * added around that part does not count, and neither does a text that never had the marker.
 */
export async function replacedTexts(
  repo: Repo,
  texts: readonly EditedText[],
  marker: Marker,
): Promise<Map<string, string>> {
  const edited = new Map(texts.slice(0, MOST_IDS).map((text) => [text.node, text]));
  const replaced = new Map<string, string>();
  // Without the history, the marker alone decides.
  const { nodes } = await repo
    .graphql(EDITS, { ids: [...edited.keys()] }, answer)
    .catch(recoverFrom(GuardError, () => ({ nodes: [] })));
  for (const node of nodes) {
    const text = edited.get(node?.id ?? '');
    const edits = (node?.userContentEdits?.nodes ?? []).toSorted(
      (a, b) => Date.parse(b.editedAt) - Date.parse(a.editedAt),
    );
    if (!text) continue;
    const written = edits
      .filter(({ editor }) => editor?.login === text.author)
      .map(({ diff }) => regionIn(diff ?? '', marker))
      .find((region) => region !== null);
    const now = regionIn(text.body, marker);
    if (written && (now === null || visible(now.text) !== visible(written.text)))
      replaced.set(text.node, edits[0]?.editor?.login ?? 'somebody');
  }
  return replaced;
}

const visible = (text: string) => text.replace(/^<!-- .* -->$/gm, '').trim();
