import type { EndedStep, SuiteJob } from '../github/actions/jobs.ts';
import type { Asker } from '../model/asker.ts';
import type { Deployment } from '../model/facts.ts';
import { runOf } from '../model/pipeline.ts';
import { oldestFirst } from '../model/statuses.ts';
import { type FileJob, jobNamed, stepNamed } from '../model/workflow-file.ts';
import { isJobNamed } from './job-inputs.ts';

/** Which job asks, which one deploys, and what failed in nothing but the guard's own step. */

const OWN_NAME = 'deploy-latency-guard';

/** Whether a deployment in progress is of the run that asks, and may be of another of its jobs. */
export function mayBeOfAnotherJob(deployment: Deployment, { runId, job }: Asker): boolean {
  const log = runOf(deployment);
  const isRunning = oldestFirst(deployment.statuses).at(-1)?.state === 'IN_PROGRESS';
  return isRunning && runId !== null && job !== null && log?.run === runId && log.job !== null;
}

export function isOthersJob(
  deployment: Deployment,
  jobsOfRun: readonly SuiteJob[],
  job: SuiteJob | undefined,
  fileJobs: readonly FileJob[],
  asker: Asker,
): boolean {
  if (!mayBeOfAnotherJob(deployment, asker) || !job || asker.job === null) return false;
  if (isJobNamed(asker.job, job.name)) return false;
  const own = jobsOfRun.find(
    (suiteJob) =>
      suiteJob !== job && suiteJob.conclusion === null && isJobNamed(asker.job ?? '', suiteJob.name),
  );
  if (own) return true;
  const inFile = jobNamed(fileJobs, job.name.split(' / ').at(-1) ?? job.name);
  return inFile !== undefined && inFile.id !== asker.job;
}

export function needsFile(deployment: Deployment, job: SuiteJob | undefined, asker: Asker): boolean {
  if (!job) return false;
  if (mayBeOfAnotherJob(deployment, asker)) return !isJobNamed(asker.job ?? '', job.name);
  const last = failedSteps(job).at(-1);
  // A step without a name of its own is called after what it runs, and that tells enough.
  return last !== undefined && !last.name.startsWith('Run ');
}

export const hasFailed = ({ conclusion }: SuiteJob): boolean =>
  conclusion === 'failure' || conclusion === 'timed_out';

const failedSteps = ({ steps }: SuiteJob): EndedStep[] =>
  (steps ?? []).filter(
    (step) => step.conclusion !== null && ['failure', 'timed_out'].includes(step.conclusion),
  );

/** When the step before the guard's had ended, of a job that failed in nothing but the guard; else `null`. */
export function endBeforeGuard(job: SuiteJob, fileJob: FileJob | undefined, asker: Asker): Date | null {
  if (!job.hasAllSteps) return null;
  const failed = failedSteps(job);
  if (failed.length === 0 || !failed.every((step) => isGuard(step, fileJob, asker))) return null;
  const first = failed[0];
  if (!first) return null;
  const steps = job.steps ?? [];
  const before = steps
    .slice(0, steps.indexOf(first))
    .filter((step) => step.conclusion === 'success' && step.completedAt !== null);
  return before.at(-1)?.completedAt ?? first.startedAt;
}

function isGuard({ name }: EndedStep, fileJob: FileJob | undefined, { action }: Asker): boolean {
  const uses = fileJob && stepNamed(fileJob, name)?.uses;
  return [name.replace(/^Run /, ''), uses ?? ''].some((text) => {
    const [what = ''] = text.split('@');
    return (
      (action !== null && what.toLowerCase() === action.toLowerCase()) || what.split('/').at(-1) === OWN_NAME
    );
  });
}
