import * as v from 'valibot';
import { inGroups, PAGE } from '../paging.ts';
import type { Repo } from '../repo.ts';
import { DEPLOYED_COMMIT, type DeployedCommit, deployedCommit } from './commits.ts';

/** Commits by what others call them: a sha, whole or short, or a tag. */

/** Whether a name can be a sha: seven to forty hexadecimal digits. */
export const isSha = (name: string): boolean => /^[0-9a-f]{7,40}$/.test(name);

/** A commit, or what is none. */
const other = v.object({ __typename: v.picklist(['Tree', 'Blob', 'Tag']) });
const object = v.nullable(v.union([deployedCommit, other]));
const tag = v.nullable(
  v.object({
    target: v.nullable(v.union([deployedCommit, v.object({ ...other.entries, target: v.optional(object) })])),
  }),
);

const COMMIT = `__typename ... on Commit { ${DEPLOYED_COMMIT} }`;

/**
 * @returns the commits, by what they were called; one that is gone, or whose short name is of several, is not among them.
 */
export async function commitsCalled(
  repo: Repo,
  names: readonly string[],
): Promise<Map<string, DeployedCommit>> {
  const found = new Map<string, DeployedCommit>();
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
      const told = repository[`commit${i}`] as v.InferOutput<typeof object> | v.InferOutput<typeof tag>;
      for (const each of [told, targetOf(told), targetOf(targetOf(told))])
        if (each !== null && 'oid' in each) found.set(name, each as DeployedCommit);
    });
  });
  return found;
}

/** What a tag is of: a commit, or another tag. */
const targetOf = (told: object | null): DeployedCommit | object | null =>
  told !== null && 'target' in told ? (told.target as object | null) : null;
