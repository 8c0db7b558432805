import { filesOf } from '../github/actions/files.ts';
import { type MadeJob, type MadeStep, type Making, makingsOf } from '../github/actions/makings.ts';
import type { Repo } from '../github/repo.ts';
import type { Asker } from '../model/asker.ts';
import type { Deployment, Gap, Oid, Remark } from '../model/facts.ts';
import { GuardError, oneLine } from '../model/guard-error.ts';
import { outcomeOf } from '../model/outcome.ts';
import { runOf } from '../model/pipeline.ts';
import { areSurelyParts, madeTogether, rolloutsOf } from '../model/rollouts.ts';
import { oldestFirst } from '../model/statuses.ts';
import { type FileJob, jobNamed, stepNamed } from '../model/workflow-file.ts';
import { isJobNamed, type JobOptions } from './job-inputs.ts';

/**
 * What the deployments of an environment are: which of them are no deploys, which belong together, which failed only in
 * the guard's own step. Most say it themselves; of the others the runs that made them are asked, many at once.
 */

/** A deployment as GitHub records it. */
export interface RawDeployment extends Deployment {
  task: string | null;
  /** `refs/heads/`, `refs/tags/`, `refs/pull/`; `null` where it was made from a commit, or the branch is gone. */
  refPrefix: string | null;
}

export interface VettingOptions extends JobOptions {
  task: string | null;
}

export interface Vetting {
  /** Asks about those that do not say themselves what they are; each commit once. */
  ask(raw: readonly RawDeployment[], wasOnBranch: (oid: Oid, at: Date) => boolean): Promise<void>;
  /** What is left of them, rollouts put together, newest first; and what is to be said. */
  told(raw: readonly RawDeployment[]): { deployments: readonly Deployment[]; remarks: Remark[] };
  readonly gaps: readonly Gap[];
}

/** GitHub's word for a deployment that says nothing else. */
const USUAL_TASK = 'deploy';
/** Commits whose runs are asked, the newest first. */
const MOST_ASKED = 200;
const AT_LAST = new Date(8.64e15);
/** Events whose runs are of a change that is not on the base branch yet. */
const BEFORE_MERGE = /^pull_request/;
const OWN_NAME = 'deploy-latency-guard';

/** Whether a run may say what it is: only those of Actions have a log that names it. */
const isVettable = (each: Deployment): boolean => runOf(each) !== null;

export function vettingOf({
  repo,
  asker,
  baseBranch,
  options,
}: {
  repo: Repo;
  asker: Asker;
  baseBranch: string;
  options: VettingOptions;
}): Vetting {
  const makings = new Map<number, Making>();
  const files = new Map<string, FileJob[]>();
  const asked = new Set<Oid>();
  const offBranch = new Set<RawDeployment>();
  const gaps: Gap[] = [];
  let version = 0;
  let known: { raw: readonly RawDeployment[]; version: number; told: ReturnType<Vetting['told']> } | null =
    null;

  // Where an input names the job or the workflow that deploys, one whose run is not known cannot count, and may be it.
  const atRisk = (gap: Gap): Gap =>
    options.file === null && options.job === null
      ? gap
      : {
          ...gap,
          consequence: `Whether they are of what "deploy-job" and "deploy-workflow" name is not known, so there is no verdict. (It takes "permissions: checks: read".)`,
          verdictAtRisk: true,
        };
  const makingOf = (each: Deployment): Making | undefined => makings.get(runOf(each)?.run ?? 0);
  const jobOf = (each: Deployment): MadeJob | undefined =>
    makingOf(each)?.jobs.find((job) => job.id === runOf(each)?.job);

  function openQuestions(raw: readonly RawDeployment[]): RawDeployment[] {
    const succeeded = new Set(
      raw.filter((each) => outcomeOf(each, AT_LAST, null)?.outcome === 'success').map((each) => each.sha),
    );
    const together = new Set(
      madeTogether(raw)
        .filter((group) => !areSurelyParts(group))
        .flat(),
    );
    return raw
      .filter((each) => each.commitExists && isVettable(each))
      .filter(
        (each) =>
          options.file !== null ||
          options.job !== null ||
          together.has(each) ||
          (offBranch.has(each) && each.refPrefix === null) ||
          mayBeOfAnotherJob(each, asker) ||
          (outcomeOf(each, AT_LAST, null)?.outcome === 'failure' && !succeeded.has(each.sha)),
      );
  }

  async function readFiles(raw: readonly RawDeployment[]): Promise<void> {
    const wanted = raw
      .filter((each) => needsFile(each, jobOf(each), asker))
      .flatMap((each) => makingOf(each)?.file ?? [])
      .filter((path) => !files.has(path));
    if (wanted.length === 0) return;
    const paths = [...new Set(wanted)];
    const { texts } = await filesOf(repo, baseBranch, paths, asker.now);
    const { jobsInFile } = await import('../github/actions/workflow-yaml.ts');
    for (const path of paths) files.set(path, jobsInFile(texts.get(path) ?? ''));
  }

  function tell(raw: readonly RawDeployment[]): ReturnType<Vetting['told']> {
    const usual = options.task ?? usualTask(raw);
    const ofPulls: RawDeployment[] = [];
    const otherJobs: RawDeployment[] = [];
    const left: Deployment[] = [];
    for (const each of raw) {
      if ((each.task ?? usual) !== usual) continue;
      if (isBeforeMerge(each)) ofPulls.push(each);
      else if (!isMeant(each, makingOf(each), jobOf(each), options)) otherJobs.push(each);
      else left.push(settled(each));
    }
    return {
      deployments: rolloutsOf(left, (each) => jobOf(each)?.name ?? null, asker.now),
      remarks: [
        ...otherTasks(raw, usual),
        ...pullRequestRuns(ofPulls),
        ...jobsLeftOut(otherJobs, options),
        ...failedInGuard(left),
      ],
    };
  }

  const isBeforeMerge = (each: RawDeployment): boolean =>
    `${each.refPrefix ?? ''}${each.ref ?? ''}`.startsWith('refs/pull/') ||
    (offBranch.has(each) && BEFORE_MERGE.test(makingOf(each)?.event ?? ''));

  function settled({ task: _, refPrefix: __, ...each }: RawDeployment): Deployment {
    const job = jobOf(each);
    const fileJobs = files.get(makingOf(each)?.file ?? '') ?? [];
    if (isOthersJob(each, makingOf(each), job, fileJobs, asker)) return { ...each, isOfAnotherJob: true };
    const liveAt =
      outcomeOf(each, AT_LAST, null)?.outcome === 'failure' && job
        ? endBeforeGuard(job, jobNamed(fileJobs, job.name), asker)
        : null;
    if (liveAt === null) return each;
    const logUrl = each.statuses.find((one) => one.logUrl !== null)?.logUrl ?? null;
    return {
      ...each,
      failedInGuard: true,
      statuses: [...each.statuses, { state: 'SUCCESS', createdAt: liveAt, logUrl }],
    };
  }

  return {
    gaps,
    told(raw) {
      if (known?.raw === raw && known.version === version) return known.told;
      const told = tell(raw);
      known = { raw, version, told };
      return told;
    },
    async ask(raw, wasOnBranch) {
      for (const each of raw)
        if (each.commitExists && isVettable(each) && !wasOnBranch(each.sha, each.createdAt))
          offBranch.add(each);
        else offBranch.delete(each);
      version += 1;
      const open = openQuestions(raw);
      const wanted = [...new Set(open.map((each) => each.sha))].filter((oid) => !asked.has(oid));
      if (wanted.length > 0) {
        const room = wanted.slice(0, Math.max(0, MOST_ASKED - asked.size));
        if (room.length < wanted.length) gaps.push(atRisk(tooMany(wanted.length - room.length)));
        for (const oid of wanted) asked.add(oid);
        try {
          for (const [id, making] of await makingsOf(repo, room)) makings.set(id, making);
          const lost = open.filter((each) => room.includes(each.sha) && !jobOf(each)?.steps);
          if (lost.length > 0) gaps.push(atRisk(notFound(lost.length)));
        } catch (error) {
          if (!(error instanceof GuardError)) throw error;
          gaps.push(atRisk(untold(open.length, error)));
        }
      }
      try {
        await readFiles(raw);
      } catch (error) {
        if (!(error instanceof GuardError)) throw error;
        gaps.push(atRisk(untold(open.length, error)));
      }
      version += 1;
    },
  };
}

/** `deploy`, unless none has it: then the task of most. */
function usualTask(raw: readonly RawDeployment[]): string {
  const counts = new Map<string, number>();
  for (const { task } of raw) if (task !== null) counts.set(task, (counts.get(task) ?? 0) + 1);
  if (counts.has(USUAL_TASK) || counts.size === 0) return USUAL_TASK;
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? USUAL_TASK;
}

function isMeant(
  each: Deployment,
  making: Making | undefined,
  job: MadeJob | undefined,
  { file, job: name }: JobOptions,
): boolean {
  if (file === null && name === null) return true;
  if (!isVettable(each)) return false;
  if (file !== null && making?.file?.replace(/^.*\//, '') !== file) return false;
  return name === null || (job !== undefined && isJobNamed(name, job.name));
}

// -- Whose job it is

/** Whether a deployment in progress is of the run that asks, and may be of another of its jobs. */
function mayBeOfAnotherJob(each: Deployment, { runId, job }: Asker): boolean {
  const log = runOf(each);
  const isRunning = oldestFirst(each.statuses).at(-1)?.state === 'IN_PROGRESS';
  return isRunning && runId !== null && job !== null && log?.run === runId && log.job !== null;
}

function isOthersJob(
  each: Deployment,
  making: Making | undefined,
  job: MadeJob | undefined,
  fileJobs: readonly FileJob[],
  asker: Asker,
): boolean {
  if (!mayBeOfAnotherJob(each, asker) || !making || !job || asker.job === null) return false;
  if (isJobNamed(asker.job, job.name)) return false;
  const own = making.jobs.find(
    (one) => one !== job && one.conclusion === null && isJobNamed(asker.job ?? '', one.name),
  );
  if (own) return true;
  const inFile = jobNamed(fileJobs, job.name.split(' / ').at(-1) ?? job.name);
  return inFile !== undefined && inFile.id !== asker.job;
}

function needsFile(each: Deployment, job: MadeJob | undefined, asker: Asker): boolean {
  if (!job) return false;
  if (mayBeOfAnotherJob(each, asker)) return !isJobNamed(asker.job ?? '', job.name);
  const last = failedSteps(job).at(-1);
  // A step without a name of its own is called after what it runs, and that tells enough.
  return last !== undefined && !last.name.startsWith('Run ');
}

// -- What failed

const failedSteps = ({ steps }: MadeJob): MadeStep[] =>
  (steps ?? []).filter(
    (each) => each.conclusion !== null && ['failure', 'timed_out'].includes(each.conclusion),
  );

/** When the step before the guard's had ended, of a job that failed in nothing but the guard; else `null`. */
function endBeforeGuard(job: MadeJob, fileJob: FileJob | undefined, asker: Asker): Date | null {
  const failed = failedSteps(job);
  if (failed.length === 0 || !failed.every((each) => isGuard(each, fileJob, asker))) return null;
  const first = failed[0];
  if (!first) return null;
  const steps = job.steps ?? [];
  const before = steps
    .slice(0, steps.indexOf(first))
    .filter((each) => each.conclusion === 'success' && each.completedAt !== null);
  return before.at(-1)?.completedAt ?? first.startedAt;
}

function isGuard({ name }: MadeStep, fileJob: FileJob | undefined, { action }: Asker): boolean {
  const uses = fileJob && stepNamed(fileJob, name)?.uses;
  return [name.replace(/^Run /, ''), uses ?? ''].some((text) => {
    const [what = ''] = text.split('@');
    return (
      (action !== null && what.toLowerCase() === action.toLowerCase()) || what.split('/').at(-1) === OWN_NAME
    );
  });
}

// -- What is to be said

const names = (all: readonly Deployment[]): string =>
  `${all
    .slice(0, 5)
    .map((each) => each.id)
    .join(', ')}${all.length > 5 ? ` and ${all.length - 5} more` : ''}`;
const many = (count: number): string => `${count} ${count === 1 ? 'deployment' : 'deployments'}`;

function otherTasks(raw: readonly RawDeployment[], usual: string): Remark[] {
  const others = raw.filter((each) => each.task !== null && each.task !== usual);
  if (others.length === 0) return [];
  const tasks = [...new Set(others.map((each) => each.task ?? ''))];
  return [
    {
      what: `${many(others.length)} of another task than "${oneLine(usual, 60)}" (${oneLine(tasks.join(', '))}): not a deploy.`,
      consequence: 'They ship nothing. Input "deploy-task" says which task is the deploy.',
    },
  ];
}

function pullRequestRuns(raw: readonly Deployment[]): Remark[] {
  if (raw.length === 0) return [];
  return [
    {
      what: `${many(raw.length)} ${raw.length === 1 ? 'was' : 'were'} made by runs of pull requests (${names(raw)}): a plan or a preview, never live.`,
      consequence: 'They ship nothing. An environment of their own would keep them apart.',
    },
  ];
}

function jobsLeftOut(raw: readonly Deployment[], { file, job }: JobOptions): Remark[] {
  if (raw.length === 0) return [];
  const asked = [file && `"deploy-workflow" is ${oneLine(file)}`, job && `"deploy-job" is ${oneLine(job)}`];
  return [
    {
      what: `${many(raw.length)} ${raw.length === 1 ? 'is' : 'are'} of another workflow or job (${names(raw)}), as ${asked.filter(Boolean).join(' and ')}.`,
      consequence: 'They ship nothing.',
    },
  ];
}

function failedInGuard(all: readonly Deployment[]): Remark[] {
  const found = all.filter((each) => each.failedInGuard);
  if (found.length === 0) return [];
  const one = found.length === 1;
  return [
    {
      what: `${many(found.length)} failed in nothing but this guard's own step (${names(found)}): taken as live at the end of the step before it.`,
      consequence: `GitHub records ${one ? 'it' : 'them'} as failed, and so does everything else that reads deployments. Give the guard a job of its own with "needs:", or set "fail-on: none".`,
    },
  ];
}

function untold(count: number, error: GuardError): Gap {
  return {
    what: `What made ${many(count)} could not be read: ${error.message}`,
    consequence:
      'A failed one is taken as failed, also where only this guard\'s step did; several of one run are told apart by their times. (It takes "permissions: checks: read".)',
    verdictAtRisk: false,
  };
}

function notFound(count: number): Gap {
  return {
    what: `The jobs of ${many(count)} were not found among the runs of their commits.`,
    consequence: 'A failed one is taken as failed; several of one run are told apart by their times.',
    verdictAtRisk: false,
  };
}

function tooMany(count: number): Gap {
  return {
    what: `More than ${MOST_ASKED} deployments do not say themselves what they are; ${count} commits were not asked about.`,
    consequence: 'Those are taken as they stand. A shorter "window" asks about fewer.',
    verdictAtRisk: false,
  };
}
