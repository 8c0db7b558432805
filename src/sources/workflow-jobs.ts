import { workflowFiles } from '../github/actions/workflow-files.ts';
import type { FileJob } from '../model/workflow-file.ts';
import type { SourceIO } from './source.ts';

export const workflowFilesOf = ({
  repo,
  once,
  baseBranch,
}: Pick<SourceIO, 'repo' | 'once' | 'baseBranch'>): Promise<{ name: string; text: string }[]> =>
  once('workflow files', () => workflowFiles(repo, baseBranch));

/** The jobs in a workflow file of the base branch; none if there is no such file. One request reads all files. */
export function jobsInFileAt(
  io: Pick<SourceIO, 'repo' | 'once' | 'baseBranch'>,
  path: string,
): Promise<FileJob[]> {
  return io.once(`jobs in ${path}`, async () => {
    const files = await workflowFilesOf(io);
    // Imported here to keep the YAML parser out of the start of most runs.
    const { jobsInFile } = await import('../github/actions/workflow-yaml.ts');
    return jobsInFile(files.find(({ name }) => path === `.github/workflows/${name}`)?.text ?? '');
  });
}
