import { workflowFiles } from '../github/actions/files.ts';
import type { FileJob } from '../model/workflow-file.ts';
import type { SourceIO } from './source.ts';

/** The workflow files of the base branch. */
export const workflowFilesOf = ({
  repo,
  once,
  baseBranch,
}: Pick<SourceIO, 'repo' | 'once' | 'baseBranch'>): Promise<{ name: string; text: string }[]> =>
  once('workflow files', () => workflowFiles(repo, baseBranch));

/** The jobs that a workflow file of the base branch describes; none where there is no such file. All files are read at once. */
export function jobsInFileAt(
  io: Pick<SourceIO, 'repo' | 'once' | 'baseBranch'>,
  path: string,
): Promise<FileJob[]> {
  return io.once(`jobs in ${path}`, async () => {
    const files = await workflowFilesOf(io);
    // The YAML reader is loaded only where there is a file to read.
    const { jobsInFile } = await import('../github/actions/workflow-yaml.ts');
    return jobsInFile(files.find(({ name }) => path === `.github/workflows/${name}`)?.text ?? '');
  });
}
