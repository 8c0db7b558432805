import { workflowFiles, type WorkflowText } from '../github/workflow-folder.ts';
import type { Once } from '../github/once.ts';
import type { FileJob } from '../model/workflow-file.ts';
import type { SourceIO } from './source.ts';

const FILES = 'workflow files';

type FilesIO = Pick<SourceIO, 'repo' | 'once' | 'baseBranch'>;

export const workflowFilesOf = ({ repo, once, baseBranch }: FilesIO): Promise<WorkflowText[]> =>
  once(FILES, () => workflowFiles(repo, baseBranch));

/** Makes the files known, if another answer already contained them. */
export const keepWorkflowFiles = (once: Once, files: WorkflowText[]): void =>
  void once(FILES, async () => files);

/** The jobs of all workflow files of the base branch, by path. */
export function workflowJobs(io: FilesIO): Promise<Map<string, FileJob[]>> {
  return io.once('jobs of workflow files', async () => {
    const files = await workflowFilesOf(io);
    // Imported here to keep the YAML parser out of the start of most runs.
    const { jobsInFile } = await import('../github/actions/workflow-yaml.ts');
    return new Map(files.map(({ name, text }) => [`.github/workflows/${name}`, jobsInFile(text)]));
  });
}
