import * as v from 'valibot';
import { Unreadable } from './errors.ts';

/**
 * Checks of GitHub's answers. GitHub's schema allows null nearly everywhere. A null that a query's own schema does not
 * allow means that the data was not read. It is never taken for "there is none" or for the end of a list.
 */

/**
 * Returns an answer in the shape that its query expects, without fields that the query did not ask for.
 *
 * @throws {Unreadable} naming a required field that is missing.
 */
export function checked<S extends v.GenericSchema>(
  schema: S,
  answer: unknown,
  request: string,
): v.InferOutput<S> {
  const result = v.safeParse(schema, answer, { abortEarly: true });
  if (result.success) return result.output;
  const [missing] = result.issues;
  throw new Unreadable(
    `GitHub's answer has no readable ${v.getDotPath(missing) ?? 'content'} (${request}). Run it again.`,
  );
}

/** The only page that is read of a list. `hasNextPage` shows whether there are more. */
export const firstPageOf = <S extends v.GenericSchema>(node: S) =>
  v.object({ pageInfo: v.object({ hasNextPage: v.boolean() }), nodes: v.array(node) });

/** A page of a list that is read to its end. Without a cursor, the next page would be the first one again. */
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

/** A timestamp that can be parsed. */
export const instant = v.pipe(
  v.string(),
  v.check((text) => !Number.isNaN(Date.parse(text))),
);
