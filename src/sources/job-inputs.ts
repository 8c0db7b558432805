import type { Suite } from '../github/actions/suites.ts';
import type { SourceInput } from './source.ts';

/** The inputs for the workflow and the job that deploy, shared by the sources `deployments` and `workflow`. */

export interface JobOptions {
  /** File name of the workflow; `null`: any. */
  file: string | null;
  /** Name of the job; `null`: any. */
  job: string | null;
}

export const JOB_INPUTS = {
  'deploy-workflow': {
    default: '',
    isInput: true,
    isFirst: true,
    accepts: {
      pattern: '^(?:.*/)?[^/\\\\?#%]+\\.[yY][aA]?[mM][lL]$',
      words: 'the file name of the workflow that deploys, such as deploy.yml',
    },
    description:
      'File name of the workflow that deploys, such as `deploy.yml`. Required for source `workflow`, a filter for source `deployments`. Defaults to any.',
  },
  'deploy-job': {
    default: '',
    isInput: true,
    description:
      'Name of the job whose success counts as the deployment. Includes every job of its matrix. Defaults to the entire run, or to every job with the environment.',
  },
} satisfies Record<string, SourceInput>;

export const jobOptionsIn = (inputs: Readonly<Record<string, string>>): JobOptions => ({
  file: inputs['deploy-workflow']?.replace(/^.*\//, '') || null,
  job: inputs['deploy-job'] || null,
});

/** True if a run belongs to the workflow that "deploy-workflow" names. */
export const isOfFile = ({ file }: Pick<Suite, 'file'>, options: JobOptions): boolean =>
  options.file === null || file?.replace(/^.*\//, '') === options.file;
