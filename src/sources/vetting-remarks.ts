import type { Deployment, Gap, Remark } from '../model/facts.ts';
import { type GuardError, oneLine } from '../model/guard-error.ts';
import type { JobOptions } from './job-inputs.ts';
import type { RawDeployment } from './raw-deployment.ts';

/** What there is to say of deployments that count for nothing, or for something else than GitHub records. */

const names = (all: readonly Deployment[]): string =>
  `${all
    .slice(0, 5)
    .map((deployment) => deployment.id)
    .join(', ')}${all.length > 5 ? ` and ${all.length - 5} more` : ''}`;
const many = (count: number): string => `${count} ${count === 1 ? 'deployment' : 'deployments'}`;

export function otherTasks(raw: readonly RawDeployment[], usual: string): Remark[] {
  const others = raw.filter((deployment) => deployment.task !== null && deployment.task !== usual);
  if (others.length === 0) return [];
  const tasks = [...new Set(others.map((deployment) => deployment.task ?? ''))];
  return [
    {
      what: `${many(others.length)} of another task than "${oneLine(usual, 60)}" (${oneLine(tasks.join(', '))}): not a deploy.`,
      consequence: 'They ship nothing. Input "deploy-task" says which task is the deploy.',
    },
  ];
}

export function pullRequestRuns(raw: readonly Deployment[]): Remark[] {
  if (raw.length === 0) return [];
  return [
    {
      what: `${many(raw.length)} ${raw.length === 1 ? 'was' : 'were'} made by runs of pull requests (${names(raw)}): a plan or a preview, never live.`,
      consequence: 'They ship nothing. An environment of their own would keep them apart.',
    },
  ];
}

export function jobsLeftOut(raw: readonly Deployment[], { file, job }: JobOptions): Remark[] {
  if (raw.length === 0) return [];
  const asked = [file && `"deploy-workflow" is ${oneLine(file)}`, job && `"deploy-job" is ${oneLine(job)}`];
  return [
    {
      what: `${many(raw.length)} ${raw.length === 1 ? 'is' : 'are'} of another workflow or job (${names(raw)}), as ${asked.filter(Boolean).join(' and ')}.`,
      consequence: 'They ship nothing.',
    },
  ];
}

export function failedInGuard(all: readonly Deployment[]): Remark[] {
  const found = all.filter((deployment) => deployment.failedInGuard);
  if (found.length === 0) return [];
  const one = found.length === 1;
  return [
    {
      what: `${many(found.length)} failed in nothing but this guard's own step (${names(found)}): taken as live at the end of the step before it.`,
      consequence: `GitHub records ${one ? 'it' : 'them'} as failed, and so does everything else that reads deployments. Give the guard a job of its own with "needs:", or set "fail-on: none".`,
    },
  ];
}

export function notVetted(count: number, error: GuardError): Gap {
  return {
    what: `What made ${many(count)} could not be read: ${error.message}`,
    consequence:
      'A failed one is taken as failed, also where only this guard\'s step did; several of one run are told apart by their times. (It takes "permissions: checks: read".)',
    verdictAtRisk: false,
  };
}

export function notFound(count: number): Gap {
  return {
    what: `The jobs of ${many(count)} were not found among the runs of their commits.`,
    consequence: 'A failed one is taken as failed; several of one run are told apart by their times.',
    verdictAtRisk: false,
  };
}

export function tooMany(count: number, most: number): Gap {
  return {
    what: `More than ${most} deployments do not say themselves what they are; ${count} commits were not asked about.`,
    consequence: 'Those are taken as they stand. A shorter "window" asks about fewer.',
    verdictAtRisk: false,
  };
}
