import type { GraphqlRequest } from '../../src/fake-github/execute.ts';
import type { LoggedRequest } from '../../src/fake-github/loopback.ts';

interface SentQuery {
  name: string;
  variables: Record<string, unknown>;
  /** Prefix of the keys in its response, if several queries are sent together. */
  prefix: string;
}

/** The queries that a request sends together. */
export function queriesIn({ query, variables }: GraphqlRequest): SentQuery[] {
  const names = (/^\s*query (\w+)/.exec(query)?.[1] ?? '').split('_');
  if (names.length === 1) return names.map((name) => ({ name, variables, prefix: '' }));
  return names.map((name, i) => {
    const prefix = `q${i}_`;
    const ofQuery = Object.entries(variables).filter(([variable]) => variable.startsWith(prefix));
    return {
      name,
      prefix,
      variables: Object.fromEntries(
        ofQuery.map(([variable, value]) => [variable.slice(prefix.length), value]),
      ),
    };
  });
}

/** The same request with at most `most` items a page. */
export function inPagesOf(most: number, { query, variables }: GraphqlRequest): GraphqlRequest {
  const smaller = Object.entries(variables).map(([name, value]) => [
    name,
    /(?:^|_)first$/.test(name) && typeof value === 'number' ? Math.min(most, value) : value,
  ]);
  return { query, variables: Object.fromEntries(smaller) };
}

/** The names of a request's queries, or its REST path without numbers and commits. */
export function namesOf({ method, path, graphql }: LoggedRequest): string[] {
  if (graphql) return queriesIn(graphql).map((query) => query.name);
  return [`${method} ${path.replace(/^\/repos\/[^/]+\/[^/]+/, '').replace(/\/[0-9a-f]{2,40}\b/g, '/…')}`];
}

/** True if a request contains this query or has this path. */
export const hasRequest = (request: LoggedRequest, name: string): boolean => namesOf(request).includes(name);

/** Number of requests by name. */
export function requestCounts(requests: readonly LoggedRequest[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of requests.flatMap(namesOf)) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** Names of requests that were sent before with the same variables or parameters. */
export function repeatedRequests(requests: readonly LoggedRequest[]): string[] {
  const keys = new Set<string>();
  const sent = requests.flatMap((request) => {
    const { method, path, query, graphql } = request;
    if (!graphql) return [{ name: namesOf(request)[0] ?? '', key: JSON.stringify([method, path, query]) }];
    return queriesIn(graphql).map(({ name, variables }) => ({
      name,
      key: JSON.stringify([name, variables, graphql.query.includes('history(')]),
    }));
  });
  return sent.flatMap(({ name, key }) => {
    if (keys.has(key)) return [name];
    keys.add(key);
    return [];
  });
}

/** Commits whose runs were requested. */
export function commitsAskedAbout(requests: readonly LoggedRequest[]): Set<string> {
  const queries = requests.flatMap(({ graphql }) => (graphql ? queriesIn(graphql) : []));
  return new Set(
    queries
      .filter(({ name }) => name === 'Suites')
      .flatMap(({ variables }) =>
        Object.entries(variables).flatMap(([name, value]) => (/^oid\d+$/.test(name) ? [String(value)] : [])),
      ),
  );
}
