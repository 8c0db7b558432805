import { badInput } from '../model/guard-error.ts';
import { JOB_INPUTS, jobOptionsIn } from './job-inputs.ts';
import type { DeploySource } from './source.ts';
import type { WorkflowOptions } from './workflow-options.ts';

/** Runs of one workflow file as deployments. The code that reads them is loaded on demand. */

export const workflow = {
  kind: 'workflow',
  inputs: {
    ...JOB_INPUTS,
    'deploy-event': {
      default: '',
      isInput: false,
      accepts: {
        pattern: '^\\s*[a-z_]{1,40}(?:[\\s,]+[a-z_]{1,40})*\\s*$',
        words: 'names of events, such as push, release',
      },
      isList: 'spaces',
      item: '^[a-z_]{1,40}$',
      description:
        'Events whose workflow runs count as deployments, such as `push, release`. Defaults to all except runs of unmerged pull requests.',
    },
  },
  parse(inputs) {
    const { file, job } = jobOptionsIn(inputs);
    if (file === null)
      throw badInput(
        'deploy-workflow',
        inputs['deploy-workflow'] ?? '',
        'the file name of the workflow that deploys, such as deploy.yml (deploy-source workflow needs it)',
      );
    const eventList = inputs['deploy-event'] ?? '';
    const events = eventList.split(/[\s,]+/).filter((event) => event !== '');
    return { file, job, events: events.length > 0 ? events : null };
  },
  subject: ({ file, job, events }) =>
    [`workflow ${file}`, job && `job ${job}`, events && `on ${events.join(' or ')}`]
      .filter(Boolean)
      .join(', '),
  open: async (io, service, options) => (await import('./workflow-runs.ts')).openRuns(io, service, options),
  explainEmpty: async (io, _service, options) =>
    (await import('./workflow-runs.ts')).explainNoRuns(io, options),
  deployJob: ({ job }) => job,
} satisfies DeploySource<WorkflowOptions>;
