import * as v from 'valibot';
import type { Repo } from './repo.ts';

/** The folder of workflow files of a branch. */

/** Share of a request that the files of a folder take. */
const FOLDER_SHARE = 0.1;

/** Fields of a folder with the texts of its files. */
export const FOLDER_TEXTS = '... on Tree { entries { name object { ... on Blob { text } } } }';
const FOLDER = `
query WorkflowFiles($owner: String!, $name: String!, $folder: String!) {
  repository(owner: $owner, name: $name) { object(expression: $folder) { ${FOLDER_TEXTS} } }
}`;
export const folderTexts = v.nullable(
  v.object({
    entries: v.nullish(
      v.array(
        v.object({
          name: v.string(),
          object: v.nullable(v.object({ text: v.optional(v.nullable(v.string())) })),
        }),
      ),
    ),
  }),
);

export interface WorkflowText {
  name: string;
  text: string;
}

/** The workflow files of a branch, read in one request. */
export async function workflowFiles(repo: Repo, branch: string): Promise<WorkflowText[]> {
  const { repository } = await repo.graphql(
    FOLDER,
    { folder: `${branch}:${WORKFLOWS}` },
    v.object({ repository: v.object({ object: folderTexts }) }),
    FOLDER_SHARE,
  );
  return workflowTextsIn(repository.object);
}

export const WORKFLOWS = '.github/workflows';

export const workflowTextsIn = (folder: v.InferOutput<typeof folderTexts>): WorkflowText[] =>
  (folder?.entries ?? []).flatMap(({ name, object }) =>
    /\.ya?ml$/i.test(name) && object?.text ? [{ name, text: object.text }] : [],
  );
