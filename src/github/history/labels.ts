import * as v from 'valibot';
import type { Oid } from '../../model/facts.ts';
import type { Mergeset } from '../../model/mergesets.ts';
import { inGroups, PAGE } from '../paging.ts';
import type { Repo } from '../repo.ts';

const labelled = v.nullable(
  v.object({ labels: v.object({ nodes: v.array(v.object({ name: v.string() })) }) }),
);

/** The labels of pull requests, a hundred to a request, by the commit that put each on the branch. */
export async function labelsOf(repo: Repo, mergesets: readonly Mergeset[]): Promise<Map<Oid, string[]>> {
  const found = new Map<Oid, string[]>();
  const numbered = mergesets.flatMap(({ number, mergeCommit }) =>
    number === null ? [] : [{ number, mergeCommit }],
  );
  await inGroups(numbered, PAGE, async (group, share) => {
    const query = `
query Labels($owner: String!, $name: String!, ${group.map((_, i) => `$number${i}: Int!`).join(', ')}) {
  repository(owner: $owner, name: $name) {
    ${group.map((_, i) => `pull${i}: pullRequest(number: $number${i}) { labels(first: 100) { nodes { name } } }`).join('\n    ')}
  }
}`;
    const { repository } = await repo.graphql(
      query,
      Object.fromEntries(group.map((each, i) => [`number${i}`, each.number])),
      v.object({ repository: v.object(Object.fromEntries(group.map((_, i) => [`pull${i}`, labelled]))) }),
      share,
    );
    group.forEach(({ mergeCommit }, i) => {
      found.set(
        mergeCommit,
        (repository[`pull${i}`]?.labels.nodes ?? []).map((node) => node.name),
      );
    });
  });
  return found;
}
