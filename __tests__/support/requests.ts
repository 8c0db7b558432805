import type { LoggedRequest } from '../../src/fake-github/loopback.ts';

/** What a request asks for: the name of its query, or the path of a REST list without numbers and commits. */
export function nameOf({ method, path, graphql }: LoggedRequest): string {
  const query = /^\s*query (\w+)/.exec(graphql?.query ?? '')?.[1];
  return (
    query ?? `${method} ${path.replace(/^\/repos\/[^/]+\/[^/]+/, '').replace(/\/[0-9a-f]{2,40}\b/g, '/…')}`
  );
}

/** How many requests ask for each thing. */
export function requestCounts(requests: readonly LoggedRequest[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const request of requests) counts[nameOf(request)] = (counts[nameOf(request)] ?? 0) + 1;
  return counts;
}

/** Names of the requests that were made before with the same variables or parameters. */
export function repeatedRequests(requests: readonly LoggedRequest[]): string[] {
  const made = new Set<string>();
  return requests.flatMap((request) => {
    const { method, path, query, graphql } = request;
    const key = JSON.stringify([method, path, query, graphql]);
    if (!made.has(key)) {
      made.add(key);
      return [];
    }
    return [nameOf(request)];
  });
}

/** Commits whose runs were asked for. */
export function commitsAskedAbout(requests: readonly LoggedRequest[]): Set<string> {
  const suites = requests.filter((request) => nameOf(request) === 'Suites');
  return new Set(
    suites.flatMap(({ graphql }) =>
      Object.entries(graphql?.variables ?? {}).flatMap(([name, value]) =>
        /^oid\d+$/.test(name) ? [String(value)] : [],
      ),
    ),
  );
}
