import * as v from 'valibot';
import { PAGE } from '../paging.ts';
import { queryInGroups } from '../query-each.ts';
import type { Repo } from '../repo.ts';
import { DEPLOYED_COMMIT, type DeployedCommit, deployedCommit } from './commits.ts';

/** Whether a name can be a sha, full or abbreviated: 7 to 40 hexadecimal digits. */
export const isSha = (name: string): boolean => /^[0-9a-f]{7,40}$/.test(name);

/** A Git object that is not a commit. */
const other = v.object({ __typename: v.picklist(['Tree', 'Blob', 'Tag']) });
const object = v.nullable(v.union([deployedCommit, other]));
const annotatedTag = v.object({ ...other.entries, target: v.optional(object) });
const ref = v.object({ target: v.nullable(v.union([deployedCommit, annotatedTag])) });

const COMMIT = `__typename ... on Commit { ${DEPLOYED_COMMIT} }`;

/**
 * Finds commits by sha, full or abbreviated, or by tag.
 *
 * @returns the commits by name, without those that are gone and those whose abbreviated sha is ambiguous.
 */
export async function commitsByName(
  repo: Repo,
  names: readonly string[],
): Promise<Map<string, DeployedCommit>> {
  const distinct = [...new Set(names)];
  const nodes = await queryInGroups(repo, distinct, PAGE, {
    query: 'Deployed',
    alias: 'commit',
    variables: { name: ['String!', (name) => (isSha(name) ? name : `refs/tags/${name}`)] },
    field: (i, name) =>
      isSha(name)
        ? `object(expression: $name${i}) { ${COMMIT} }`
        : `ref(qualifiedName: $name${i}) { target { ${COMMIT} ... on Tag { target { ${COMMIT} } } } }`,
    answer: v.nullable(v.union([deployedCommit, other, ref])),
  });
  const commits = new Map<string, DeployedCommit>();
  distinct.forEach((name, i) => {
    const node = nodes[i] ?? null;
    for (const candidate of [node, targetOf(node), targetOf(targetOf(node))])
      if (candidate !== null && 'oid' in candidate) commits.set(name, candidate as DeployedCommit);
  });
  return commits;
}

/** The commit or the tag that a ref or a tag points to. */
const targetOf = (node: object | null): object | null =>
  node !== null && 'target' in node ? (node.target as object | null) : null;
