import * as v from 'valibot';
import type { FileChange } from '../../model/pipeline.ts';
import { inGroups, PAGE } from '../paging.ts';
import type { Repo } from '../repo.ts';

const file = v.nullable(v.object({ text: v.optional(v.nullable(v.string())) }));
const changes = v.object({
  history: v.object({ nodes: v.array(v.object({ oid: v.string(), url: v.string() })) }),
});

export interface Files {
  /** Texts by path, without files that do not exist or are binary. */
  texts: ReadonlyMap<string, string>;
  changes: FileChange[];
}

/** The text of a file at a commit; `null`: it does not exist or is binary. */
export async function fileAt(repo: Repo, commit: string, path: string): Promise<string | null> {
  const answer = await repo.graphql(
    'query File($owner: String!, $name: String!, $at: String!) { repository(owner: $owner, name: $name) { object(expression: $at) { ... on Blob { text } } } }',
    { at: `${commit}:${path}` },
    v.object({ repository: v.object({ object: file }) }),
  );
  return answer.repository.object?.text ?? null;
}

/** The texts of files on a branch, and the commits since a date that changed them. */
export async function filesOf(
  repo: Repo,
  branch: string,
  paths: readonly string[],
  since: Date,
): Promise<Files> {
  const texts = new Map<string, string>();
  const fileChanges: FileChange[] = [];
  await inGroups(paths, PAGE, async (group, share) => {
    const query = `
query Files($owner: String!, $name: String!, $branch: String!, $since: GitTimestamp!, ${group.map((_, i) => `$at${i}: String!, $path${i}: String!`).join(', ')}) {
  repository(owner: $owner, name: $name) {
    ${group.map((_, i) => `file${i}: object(expression: $at${i}) { ... on Blob { text } }`).join('\n    ')}
    ${group.map((_, i) => `changes${i}: object(expression: $branch) { ... on Commit { history(first: 50, path: $path${i}, since: $since) { nodes { oid url } } } }`).join('\n    ')}
  }
}`;
    const variables = Object.fromEntries(
      group.flatMap((path, i) => [
        [`at${i}`, `${branch}:${path}`],
        [`path${i}`, path],
      ]),
    );
    const fileEntries = Object.fromEntries(group.map((_, i) => [`file${i}`, file]));
    const changeEntries = Object.fromEntries(group.map((_, i) => [`changes${i}`, changes]));
    const { repository } = await repo.graphql(
      query,
      { branch, since: since.toISOString(), ...variables },
      v.object({ repository: v.intersect([v.object(fileEntries), v.object(changeEntries)]) }),
      share,
    );
    group.forEach((path, i) => {
      const blob = repository[`file${i}`] as v.InferOutput<typeof file>;
      if (typeof blob?.text === 'string') texts.set(path, blob.text);
      const { history } = repository[`changes${i}`] as v.InferOutput<typeof changes>;
      for (const { oid, url } of history.nodes) fileChanges.push({ path, sha: oid, url });
    });
  });
  return { texts, changes: fileChanges };
}
