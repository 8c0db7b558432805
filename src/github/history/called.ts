import * as v from 'valibot';
import { inGroups, PAGE } from '../paging.ts';
import type { Repo } from '../repo.ts';
import { DEPLOYED_COMMIT, type DeployedCommit, deployedCommit } from './commits.ts';

/** Whether a name can be a sha, full or abbreviated: 7 to 40 hexadecimal digits. */
export const isSha = (name: string): boolean => /^[0-9a-f]{7,40}$/.test(name);

/** A Git object that is not a commit. */
const other = v.object({ __typename: v.picklist(['Tree', 'Blob', 'Tag']) });
const object = v.nullable(v.union([deployedCommit, other]));
const tag = v.nullable(
  v.object({
    target: v.nullable(v.union([deployedCommit, v.object({ ...other.entries, target: v.optional(object) })])),
  }),
);

const COMMIT = `__typename ... on Commit { ${DEPLOYED_COMMIT} }`;

/**
 * Finds commits by sha, full or abbreviated, or by tag.
 *
 * @returns the commits by name, without those that are gone and those whose abbreviated sha is ambiguous.
 */
export async function commitsCalled(
  repo: Repo,
  names: readonly string[],
): Promise<Map<string, DeployedCommit>> {
  const commits = new Map<string, DeployedCommit>();
  await inGroups([...new Set(names)], PAGE, async (group, share) => {
    const selections = group.map((name, i) =>
      isSha(name)
        ? `commit${i}: object(expression: $name${i}) { ${COMMIT} }`
        : `commit${i}: ref(qualifiedName: $name${i}) { target { ${COMMIT} ... on Tag { target { ${COMMIT} } } } }`,
    );
    const { repository } = await repo.graphql(
      `
query Deployed($owner: String!, $name: String!, ${group.map((_, i) => `$name${i}: String!`).join(', ')}) {
  repository(owner: $owner, name: $name) {
    ${selections.join('\n    ')}
  }
}`,
      Object.fromEntries(group.map((name, i) => [`name${i}`, isSha(name) ? name : `refs/tags/${name}`])),
      v.object({
        repository: v.object(
          Object.fromEntries(group.map((name, i) => [`commit${i}`, isSha(name) ? object : tag])),
        ),
      }),
      share,
    );
    group.forEach((name, i) => {
      const node = repository[`commit${i}`] as v.InferOutput<typeof object> | v.InferOutput<typeof tag>;
      for (const candidate of [node, targetOf(node), targetOf(targetOf(node))])
        if (candidate !== null && 'oid' in candidate) commits.set(name, candidate as DeployedCommit);
    });
  });
  return commits;
}

/** The commit or the tag that a ref or a tag points to. */
const targetOf = (node: object | null): object | null =>
  node !== null && 'target' in node ? (node.target as object | null) : null;
