import type { EndedStep, SuiteJob } from '../github/actions/jobs.ts';
import type { GuardRun } from '../model/guard-run.ts';
import type { Deployment } from '../model/facts.ts';
import { isJobNamed } from '../model/job-name.ts';
import { runOf } from '../model/pipeline.ts';
import { oldestFirst } from '../model/statuses.ts';
import { type FileJob, fileJobsNamed, stepNamed } from '../model/workflow-file.ts';

/** The guard's own job: whether another job of its run deploys, and whether only the guard's step failed. */

const ACTION_NAME = 'deploy-latency-guard';

/** True if a deployment in progress belongs to the guard's run, so that another job of the run may have made it. */
export function mayBeOfAnotherJob(deployment: Deployment, { runId, job }: GuardRun): boolean {
  const log = runOf(deployment);
  const isRunning = oldestFirst(deployment.statuses).at(-1)?.state === 'IN_PROGRESS';
  return isRunning && runId !== null && job !== null && log?.run === runId && log.job !== null;
}

export function isOfAnotherJob(
  deployment: Deployment,
  jobsOfRun: readonly SuiteJob[],
  job: SuiteJob | undefined,
  fileJobs: readonly FileJob[],
  asker: GuardRun,
): boolean {
  const guardJob = asker.job;
  if (!mayBeOfAnotherJob(deployment, asker) || !job || guardJob === null) return false;
  if (isJobNamed(guardJob, job.name)) return false;
  const isGuardJobRunning = jobsOfRun.some(
    (suiteJob) => suiteJob !== job && suiteJob.conclusion === null && isJobNamed(guardJob, suiteJob.name),
  );
  if (isGuardJobRunning) return true;
  const named = fileJobsNamed(fileJobs, job.name.split(' / ').at(-1) ?? job.name);
  return named.length > 0 && named.every(({ id }) => id !== guardJob);
}

/** True if only the workflow file can say which job made a deployment, or what its failed step runs. */
export function needsFile(deployment: Deployment, job: SuiteJob | undefined, asker: GuardRun): boolean {
  if (!job) return false;
  if (mayBeOfAnotherJob(deployment, asker)) return !isJobNamed(asker.job ?? '', job.name);
  const last = failedSteps(job).at(-1);
  // GitHub names an unnamed step `Run` and the action, so the file is not needed.
  return last !== undefined && !last.name.startsWith('Run ');
}

const isFailed = (conclusion: string | null): boolean =>
  conclusion === 'failure' || conclusion === 'timed_out';

export const hasFailed = ({ conclusion }: SuiteJob): boolean => isFailed(conclusion);

const failedSteps = ({ steps }: SuiteJob): EndedStep[] =>
  (steps ?? []).filter(({ conclusion }) => isFailed(conclusion));

/** When the last step before the guard ended, if only the guard's step failed; otherwise `null`. */
export function endBeforeGuard(job: SuiteJob, fileJob: FileJob | undefined, asker: GuardRun): Date | null {
  if (!job.hasAllSteps) return null;
  const failed = failedSteps(job);
  const [first] = failed;
  if (!first || !failed.every((step) => isGuard(step, fileJob, asker))) return null;
  const steps = job.steps ?? [];
  const previous = steps
    .slice(0, steps.indexOf(first))
    .findLast((step) => step.conclusion === 'success' && step.completedAt !== null);
  return previous?.completedAt ?? first.startedAt;
}

/**
 * Whether a step runs the guard. What the file says that it uses counts more than its name. The action `live` in the same
 * repository is not the guard: if production does not answer with the commit, the deployment has failed.
 */
function isGuard({ name }: EndedStep, fileJob: FileJob | undefined, { action }: GuardRun): boolean {
  const uses = fileJob && stepNamed(fileJob, name)?.uses;
  const [actionPath = ''] = (uses ?? name.replace(/^Run /, '')).split('@');
  return (
    (action !== null && actionPath.toLowerCase() === action.toLowerCase()) ||
    actionPath.split('/').at(-1) === ACTION_NAME
  );
}
