import * as v from 'valibot';
import type { Oid } from '../../model/facts.ts';
import type { Mergeset } from '../../model/mergesets.ts';
import { PAGE } from '../paging.ts';
import { queryInGroups } from '../query-each.ts';
import type { Repo } from '../repo.ts';

const labelled = v.nullable(
  v.object({ labels: v.object({ nodes: v.array(v.object({ name: v.string() })) }) }),
);

/** The labels of pull requests by the commit that put each on the branch. */
export async function labelsOf(repo: Repo, mergesets: readonly Mergeset[]): Promise<Map<Oid, string[]>> {
  const merged = mergesets.filter(({ number }) => number !== null);
  const pullRequests = await queryInGroups(repo, merged, PAGE, {
    query: 'Labels',
    alias: 'pull',
    variables: { number: ['Int!', ({ number }) => number] },
    field: (i) => `pullRequest(number: $number${i}) { labels(first: 100) { nodes { name } } }`,
    answer: labelled,
  });
  return new Map(
    merged.map(({ mergeCommit }, i) => [
      mergeCommit,
      (pullRequests[i]?.labels.nodes ?? []).map(({ name }) => name),
    ]),
  );
}
