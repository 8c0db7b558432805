import { badInput } from '../model/guard-error.ts';
import type { SourceInput } from './source.ts';

/** Which workflow and which of its jobs deploy: the inputs that the sources of deployments and of runs share. */

export interface JobOptions {
  /** The name of the workflow's file; `null`: any. */
  file: string | null;
  /** The name of the job; `null`: any. */
  job: string | null;
}

export const JOB_INPUTS = {
  'deploy-workflow': {
    default: '',
    isInput: true,
    isFirst: true,
    accepts: { pattern: '^(?:.*/)?[^/\\\\?#%]+\\.[yY][aA]?[mM][lL]$' },
    description:
      'File name of the workflow that deploys, such as `deploy.yml`. Required for source `workflow`, a filter for source `deployments`. Defaults to any.',
  },
  'deploy-job': {
    default: '',
    isInput: true,
    description:
      'Name of the job whose success counts as the deployment. Defaults to the entire run, or to every job with the environment.',
  },
} satisfies Record<string, SourceInput>;

/** @throws {GuardError} for what can be no workflow file's name. */
export function jobOptionsIn(inputs: Readonly<Record<string, string>>): JobOptions {
  const given = inputs['deploy-workflow'] ?? '';
  const file = given.replace(/^.*\//, '');
  if (given !== '' && !/^[^/\\?#%]+\.ya?ml$/i.test(file))
    throw badInput(
      'deploy-workflow',
      given,
      'the file name of the workflow that deploys, such as deploy.yml',
    );
  return { file: file || null, job: inputs['deploy-job'] || null };
}

/** Whether a job is the one that is meant: by its name, or by it with a matrix's additions or a caller's name. */
export function isJobNamed(wanted: string, name: string): boolean {
  const bare = name.split(' / ').at(-1) ?? name;
  return [name, bare].some((each) => each === wanted || each.startsWith(`${wanted} (`));
}
