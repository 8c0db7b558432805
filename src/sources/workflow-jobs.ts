import { workflowFiles } from '../github/actions/workflow-files.ts';
import type { FileJob } from '../model/workflow-file.ts';
import type { SourceIO } from './source.ts';

export const workflowFilesOf = ({
  repo,
  once,
  baseBranch,
}: Pick<SourceIO, 'repo' | 'once' | 'baseBranch'>): Promise<{ name: string; text: string }[]> =>
  once('workflow files', () => workflowFiles(repo, baseBranch));

/** The jobs of all workflow files of the base branch, by path. */
export function workflowJobs(
  io: Pick<SourceIO, 'repo' | 'once' | 'baseBranch'>,
): Promise<Map<string, FileJob[]>> {
  return io.once('jobs of workflow files', async () => {
    const files = await workflowFilesOf(io);
    // Imported here to keep the YAML parser out of the start of most runs.
    const { jobsInFile } = await import('../github/actions/workflow-yaml.ts');
    return new Map(files.map(({ name, text }) => [`.github/workflows/${name}`, jobsInFile(text)]));
  });
}

/** The jobs in a workflow file of the base branch; none if there is no such file. One request reads all files. */
export const jobsInFileAt = async (
  io: Pick<SourceIO, 'repo' | 'once' | 'baseBranch'>,
  path: string,
): Promise<FileJob[]> => (await workflowJobs(io)).get(path) ?? [];
