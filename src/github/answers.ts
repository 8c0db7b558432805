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
  const path = v.getDotPath(missing) ?? 'content';
  const permission = PERMISSIONS.find(([field]) => field.test(path))?.[1];
  throw new Unreadable(
    permission === undefined
      ? `GitHub's answer has no readable ${path} (${request}). Run it again.`
      : `GitHub's answer has no readable ${path} (${request}). Grant "permissions: ${permission}" to the token, or run it again if it has that.`,
  );
}

/** Fields that GitHub leaves empty, without an error, for a token without the permission. */
const PERMISSIONS: readonly [RegExp, string][] = [
  [/associatedPullRequests|pullRequest|\bpull\d/i, 'pull-requests: read'],
  [/checkSuite|checkRun/i, 'checks: read'],
  [/\bdeployments?\b/i, 'deployments: read'],
  [/\bissues?\b/i, 'issues: read'],
];

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
