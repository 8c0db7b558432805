import type { Deployment, Gap, Remark } from '../model/facts.ts';
import { type GuardError, oneLine } from '../model/guard-error.ts';
import type { JobOptions } from './job-inputs.ts';
import { counted, firstOf, noteIf } from './phrases.ts';
import type { RawDeployment } from './raw-deployment.ts';

/** Remarks and gaps about deployments that do not count, or count differently from how GitHub records them. */

const idsOf = (deployments: readonly Deployment[]): string =>
  firstOf(
    deployments.map(({ id }) => id),
    5,
  );

export function otherTasks(raw: readonly RawDeployment[], usual: string): Remark[] {
  const others = raw.flatMap(({ task }) => (task !== null && task !== usual ? [task] : []));
  return noteIf(others.length > 0, {
    what: `Skipped ${counted(others.length, 'deployment')} with another task than "${oneLine(usual, 60)}" (${firstOf([...new Set(others)])}).`,
    consequence: 'If another task is the one that deploys, set "deploy-task" to it.',
  });
}

export function pullRequestRuns(deployments: readonly Deployment[]): Remark[] {
  return noteIf(deployments.length > 0, {
    what: `Skipped ${counted(deployments.length, 'deployment')} by pull request runs (${idsOf(deployments)}).`,
    consequence: 'Such runs deploy plans or previews. Give those an environment of their own.',
  });
}

export function jobsLeftOut(deployments: readonly Deployment[], { file, job }: JobOptions): Remark[] {
  const filters = [file && `"deploy-workflow" is ${oneLine(file)}`, job && `"deploy-job" is ${oneLine(job)}`];
  return noteIf(deployments.length > 0, {
    what: `Skipped ${counted(deployments.length, 'deployment')} by other workflows or jobs (${idsOf(deployments)}).`,
    consequence: `Only matching deployments count: ${filters.filter(Boolean).join(' and ')}.`,
  });
}

export function failedInGuard(deployments: readonly Deployment[]): Remark[] {
  const failed = deployments.filter((deployment) => deployment.failedInGuard);
  const isSingle = failed.length === 1;
  return noteIf(failed.length > 0, {
    what: `${counted(failed.length, 'deployment')} failed only in this guard's own step (${idsOf(failed)}), so ${isSingle ? 'it counts' : 'they count'} as live from the end of the step before.`,
    consequence: `GitHub and other tools still show ${isSingle ? 'it' : 'them'} as failed. Give the guard a job of its own with "needs:", or set "fail-on: none".`,
  });
}

export function deployedOlderCommit(deployments: readonly Deployment[]): Remark[] {
  return noteIf(deployments.length > 0, {
    what: `GitHub recorded a newer commit of the branch than the workflow run had checked out for ${counted(deployments.length, 'deployment')} (${idsOf(deployments)}).`,
    consequence:
      'The commit of the run counts, and changes in between go live with the next deployment. Create deployments with the commit as "ref", not the branch, to record the right one.',
  });
}

const countsAsRecorded = (what: string, advice = ''): Gap => ({
  what,
  consequence: `A deployment that failed counts as failed, even if only this guard's step did. A deployment of a branch counts with the commit that GitHub recorded. Deployments of one run are grouped by their times.${advice}`,
  verdictAtRisk: false,
});

export const notVetted = (count: number, { message }: GuardError): Gap =>
  countsAsRecorded(
    `The workflow runs behind ${counted(count, 'deployment')} could not be read. ${message}`,
    ' Grant "permissions: checks: read".',
  );

export const notFound = (count: number): Gap =>
  countsAsRecorded(
    `The jobs of ${counted(count, 'deployment')} were not found in the workflow runs on their commits.`,
  );

export function tooMany(count: number, most: number, noun = 'commits'): Gap {
  return {
    what: `The guard looks up the workflow runs of ${most} ${noun} at most; ${count} more were not looked up.`,
    consequence: 'Their deployments count as GitHub records them. A shorter "window" needs fewer lookups.',
    verdictAtRisk: false,
  };
}
