import type { GraphqlRequest } from '../../src/fake-github/execute.ts';
import type { LoggedRequest } from '../../src/fake-github/loopback.ts';

interface AskedQuery {
  name: string;
  variables: Record<string, unknown>;
  /** What the keys of its answer begin with: several queries may go together. */
  prefix: string;
}

/** The queries of a request: one, or several that went together. */
export function queriesIn({ query, variables }: GraphqlRequest): AskedQuery[] {
  const names = (/^\s*query (\w+)/.exec(query)?.[1] ?? '').split('_');
  if (names.length === 1) return names.map((name) => ({ name, variables, prefix: '' }));
  return names.map((name, i) => {
    const prefix = `q${i}_`;
    const own = Object.entries(variables).filter(([each]) => each.startsWith(prefix));
    return {
      name,
      prefix,
      variables: Object.fromEntries(own.map(([each, value]) => [each.slice(prefix.length), value])),
    };
  });
}

/** The same request for pages of `most` at the most. */
export function inPagesOf(most: number, { query, variables }: GraphqlRequest): GraphqlRequest {
  const smaller = Object.entries(variables).map(([name, value]) => [
    name,
    /(?:^|_)first$/.test(name) && typeof value === 'number' ? Math.min(most, value) : value,
  ]);
  return { query, variables: Object.fromEntries(smaller) };
}

/** What a request asks for: the names of its queries, or the path of a REST list without numbers and commits. */
export function namesOf({ method, path, graphql }: LoggedRequest): string[] {
  if (graphql) return queriesIn(graphql).map((query) => query.name);
  return [`${method} ${path.replace(/^\/repos\/[^/]+\/[^/]+/, '').replace(/\/[0-9a-f]{2,40}\b/g, '/…')}`];
}

/** Whether a request asks for this, alone or among other things. */
export const asksFor = (request: LoggedRequest, name: string): boolean => namesOf(request).includes(name);

/** How often each thing is asked for. */
export function requestCounts(requests: readonly LoggedRequest[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of requests.flatMap(namesOf)) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** Names of what was asked before with the same variables or parameters. */
export function repeatedRequests(requests: readonly LoggedRequest[]): string[] {
  const made = new Set<string>();
  const asked = requests.flatMap((request) => {
    const { method, path, query, graphql } = request;
    if (!graphql) return [{ name: namesOf(request)[0] ?? '', key: JSON.stringify([method, path, query]) }];
    return queriesIn(graphql).map(({ name, variables }) => ({
      name,
      key: JSON.stringify([name, variables, graphql.query.includes('history(')]),
    }));
  });
  return asked.flatMap(({ name, key }) => {
    if (made.has(key)) return [name];
    made.add(key);
    return [];
  });
}

/** Commits whose runs were asked for. */
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
