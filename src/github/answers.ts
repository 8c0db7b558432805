import * as v from 'valibot';
import { Unreadable } from './errors.ts';

/**
 * Answers are checked where they come in. GitHub's schema allows null nearly everywhere; what a query's own schema here
 * does not allow to be null was not read, and is never taken for "there is none" or for the end of a list.
 */

/**
 * An answer in the shape that its query expects; what the query did not ask for is left out.
 *
 * @throws {Unreadable} where something that has to be there is not, naming it.
 */
export function checked<S extends v.GenericSchema>(
  schema: S,
  answer: unknown,
  request: string,
): v.InferOutput<S> {
  const result = v.safeParse(schema, answer, { abortEarly: true });
  if (result.success) return result.output;
  const [hole] = result.issues;
  throw new Unreadable(
    `GitHub's answer has no ${v.getDotPath(hole) ?? 'content'} that can be read (${request}). Run it again.`,
  );
}

/** A list that was asked for one page: `hasNextPage` tells whether that is all. */
export const firstPageOf = <S extends v.GenericSchema>(node: S) =>
  v.object({ pageInfo: v.object({ hasNextPage: v.boolean() }), nodes: v.array(node) });

/** A page of a list that is read to its end. A next page without a cursor would be the first one again. */
export const pageOf = <S extends v.GenericSchema>(node: S) =>
  v.object({
    pageInfo: v.pipe(
      v.object({ hasNextPage: v.boolean(), endCursor: v.nullable(v.string()) }),
      v.forward(
        v.check((page) => !page.hasNextPage || page.endCursor !== null),
        ['endCursor'],
      ),
    ),
    nodes: v.array(node),
  });

export interface Page<T> {
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  nodes: T[];
}

/** An instant as GitHub writes it; in a moment that is none, nothing could be ordered. */
export const instant = v.pipe(
  v.string(),
  v.check((text) => !Number.isNaN(Date.parse(text))),
);
