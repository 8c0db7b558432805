import type { Deployment, Gap, Remark } from '../model/facts.ts';
import { type GuardError, oneLine } from '../model/guard-error.ts';
import type { JobOptions } from './job-inputs.ts';
import { counted, firstOf } from './phrases.ts';
import type { RawDeployment } from './raw-deployment.ts';

/** Remarks and gaps about deployments that do not count, or count differently from how GitHub records them. */

const doNotCount = (count: number): string => (count === 1 ? 'so it does not count' : 'so they do not count');
const idsOf = (deployments: readonly Deployment[]): string =>
  firstOf(
    deployments.map(({ id }) => id),
    5,
  );

export function otherTasks(raw: readonly RawDeployment[], usual: string): Remark[] {
  const others = raw.flatMap(({ task }) => (task !== null && task !== usual ? [task] : []));
  if (others.length === 0) return [];
  const tasks = firstOf([...new Set(others)]);
  return [
    {
      what: `${counted(others.length, 'deployment')} ${others.length === 1 ? 'has' : 'have'} another task than "${oneLine(usual, 60)}" (${tasks}), ${doNotCount(others.length)}.`,
      consequence: 'If another task is the one that deploys, set "deploy-task" to it.',
    },
  ];
}

export function pullRequestRuns(deployments: readonly Deployment[]): Remark[] {
  const count = deployments.length;
  if (count === 0) return [];
  return [
    {
      what: `Pull request runs made ${counted(count, 'deployment')} (${idsOf(deployments)}), ${doNotCount(count)}.`,
      consequence: 'They are plans or previews. Give those an environment of their own.',
    },
  ];
}

export function jobsLeftOut(deployments: readonly Deployment[], { file, job }: JobOptions): Remark[] {
  const count = deployments.length;
  if (count === 0) return [];
  const filters = [file && `"deploy-workflow" is ${oneLine(file)}`, job && `"deploy-job" is ${oneLine(job)}`];
  return [
    {
      what: `Other workflows or jobs made ${counted(count, 'deployment')} (${idsOf(deployments)}), ${doNotCount(count)}.`,
      consequence: `Only deployments of your choice count: ${filters.filter(Boolean).join(' and ')}.`,
    },
  ];
}

export function failedInGuard(deployments: readonly Deployment[]): Remark[] {
  const failed = deployments.filter((deployment) => deployment.failedInGuard);
  if (failed.length === 0) return [];
  const isSingle = failed.length === 1;
  return [
    {
      what: `${counted(failed.length, 'deployment')} failed only in this guard's own step (${idsOf(failed)}), so ${isSingle ? 'it counts' : 'they count'} as live from the end of the step before.`,
      consequence: `GitHub and other tools still show ${isSingle ? 'it' : 'them'} as failed. Give the guard a job of its own with "needs:", or set "fail-on: none".`,
    },
  ];
}

const AS_RECORDED =
  "A deployment that failed counts as failed, even if only this guard's step did. Deployments of one run are grouped by their times.";

export function notVetted(count: number, error: GuardError): Gap {
  return {
    what: `The workflow runs behind ${counted(count, 'deployment')} could not be read. ${error.message}`,
    consequence: `${AS_RECORDED} Grant "permissions: checks: read".`,
    verdictAtRisk: false,
  };
}

export function notFound(count: number): Gap {
  return {
    what: `The jobs of ${counted(count, 'deployment')} were not found in the workflow runs on their commits.`,
    consequence: AS_RECORDED,
    verdictAtRisk: false,
  };
}

export function tooMany(count: number, most: number): Gap {
  return {
    what: `The guard looks up the workflow runs of ${most} commits at most; ${count} more with deployments were not looked up.`,
    consequence: 'Their deployments count as GitHub records them. A shorter "window" needs fewer lookups.',
    verdictAtRisk: false,
  };
}
