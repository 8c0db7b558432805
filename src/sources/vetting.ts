import type { SuiteJob } from '../github/actions/jobs.ts';
import type { Suite } from '../github/actions/suites.ts';
import type { FeedQuestion } from '../model/deployment-feed.ts';
import type { Deployment, Gap, Oid, Remark } from '../model/facts.ts';
import { GuardError } from '../model/guard-error.ts';
import { outcomeOf, successes } from '../model/outcome.ts';
import { runOf } from '../model/pipeline.ts';
import { areSurelyParts, madeTogether, rolloutsOf } from '../model/rollouts.ts';
import { type FileJob, jobNamed } from '../model/workflow-file.ts';
import { endBeforeGuard, hasFailed, isOthersJob, mayBeOfAnotherJob, needsFile } from './asking-job.ts';
import { isJobNamed, type JobOptions } from './job-inputs.ts';
import type { RawDeployment } from './raw-deployment.ts';
import type { SourceIO } from './source.ts';
import {
  failedInGuard,
  jobsLeftOut,
  notFound,
  otherTasks,
  pullRequestRuns,
  tooMany,
  notVetted,
} from './vetting-remarks.ts';
import { jobsInFileAt, workflowFilesOf } from './workflow-jobs.ts';

/**
 * What the deployments of an environment are: which of them are no deploys, which belong together, which failed only in
 * the guard's own step. Most say it themselves; of the others the runs that made them are asked, many at once.
 */

export interface VettingOptions extends JobOptions {
  task: string | null;
}

export interface Vetting {
  /** What has to be asked to tell what those are that decide the question: a name for each thing. */
  unknown(raw: readonly RawDeployment[], question: FeedQuestion): string[];
  /** Whether one before the window may turn out to be a success of the service. */
  hasCandidates(raw: readonly RawDeployment[], question: FeedQuestion): boolean;
  /** Asks for what is unknown. */
  ask(raw: readonly RawDeployment[], question: FeedQuestion): Promise<void>;
  vet(raw: { items: readonly RawDeployment[] }): Vetted;
  readonly gaps: readonly Gap[];
  /** Whether no more can be asked about. */
  readonly isSpent: boolean;
}

export interface Vetted {
  /** Those that count, rollouts put together, newest first. */
  deployments: readonly Deployment[];
  remarks: Remark[];
  /** Whether each one is known to count, or not to. */
  isComplete: boolean;
}

/** GitHub's word for a deployment that says nothing else. */
const USUAL_TASK = 'deploy';
/** Commits whose runs are asked for. */
const MOST_ASKED = 1000;
/** The runs of so few commits are asked for with their jobs at once. */
const FEW = 30;
/** Commits before the window that are asked for at once, until one of them turns out to have been live before it. */
const BEFORE_WINDOW = 100;
const AT_LAST = new Date(8.64e15);
/** Events whose runs are of a change that is not on the base branch yet. */
const BEFORE_MERGE = /^pull_request/;

/** Whether a run may say what it is: only those of Actions have a log that names it. */
const isVettable = (deployment: Deployment): boolean => runOf(deployment) !== null;
const isFailure = (deployment: Deployment): boolean =>
  outcomeOf(deployment, AT_LAST, null)?.outcome === 'failure';

/** Something that is asked about a deployment. */
interface Thing {
  kind: 'suites' | 'all' | 'failed' | 'file';
  key: string;
}
const nameOf = ({ kind, key }: Thing): string => `${kind} ${key}`;

export function vettingOf(io: SourceIO, options: VettingOptions): Vetting {
  const { asker, commitRuns } = io;
  const suites = new Map<Oid, readonly Suite[]>();
  const jobs = { all: new Map<string, SuiteJob[]>(), failed: new Map<string, SuiteJob[]>() };
  const files = new Map<string, FileJob[]>();
  /** What was asked for, whether an answer came or not. */
  const asked = new Set<string>();
  const offBranch = new Set<RawDeployment>();
  const gaps: Gap[] = [];
  const lost = new Set<RawDeployment>();
  const isNarrowed = options.file !== null || options.job !== null;
  let commitsAsked = 0;
  let version = 0;
  let known: { raw: object; version: number; told: Vetted } | null = null;

  // Where an input names the job or the workflow that deploys, one whose run is not known cannot count, and may be it.
  const atRisk = (gap: Gap): Gap =>
    isNarrowed
      ? {
          ...gap,
          consequence: `Whether they are of what "deploy-job" and "deploy-workflow" name is not known, so there is no verdict. (It takes "permissions: checks: read".)`,
          verdictAtRisk: true,
        }
      : gap;
  const suiteOf = (deployment: Deployment): Suite | undefined =>
    suites.get(deployment.sha)?.find((suite) => suite.run === runOf(deployment)?.run);
  const jobOf = (deployment: Deployment): SuiteJob | undefined => {
    const [suite, id] = [suiteOf(deployment)?.id ?? '', runOf(deployment)?.job];
    // A job that failed comes with its steps.
    return [jobs.failed, jobs.all].flatMap((found) => found.get(suite) ?? []).find((job) => job.id === id);
  };
  const isAsked = (thing: Thing) => asked.has(nameOf(thing));

  /** Those that do not say themselves what they are. */
  function openQuestions(raw: readonly RawDeployment[]): RawDeployment[] {
    const succeeded = new Set(
      raw
        .filter((deployment) => outcomeOf(deployment, AT_LAST, null)?.outcome === 'success')
        .map((deployment) => deployment.sha),
    );
    const together = partsIn(raw);
    return raw
      .filter((deployment) => deployment.commitExists && isVettable(deployment))
      .filter(
        (deployment) =>
          isNarrowed ||
          together.has(deployment) ||
          (offBranch.has(deployment) && deployment.refPrefix === null) ||
          mayBeOfAnotherJob(deployment, asker) ||
          (isFailure(deployment) && !succeeded.has(deployment.sha)),
      );
  }

  /** What is to be asked next about a deployment; empty: all is known, or cannot be. */
  function nextThings(deployment: RawDeployment, together: ReadonlySet<RawDeployment>): Thing[] {
    const ofCommit: Thing = { kind: 'suites', key: deployment.sha };
    if (!isAsked(ofCommit)) return [ofCommit];
    const suite = suiteOf(deployment);
    if (!suite || !isOfFile(suite, options)) return [];
    const needsJob = options.job !== null || together.has(deployment) || mayBeOfAnotherJob(deployment, asker);
    const things: Thing[] = [
      ...(needsJob ? [{ kind: 'all' as const, key: suite.id }] : []),
      ...(isFailure(deployment) ? [{ kind: 'failed' as const, key: suite.id }] : []),
    ].filter((thing) => !isAsked(thing));
    if (things.length > 0 || suite.file === null || !needsFile(deployment, jobOf(deployment), asker))
      return things;
    return [{ kind: 'file' as const, key: suite.file }].filter((thing) => !isAsked(thing));
  }

  /** What is to be asked next, of the deployments that decide the question, newest first. */
  function next(
    raw: readonly RawDeployment[],
    question: FeedQuestion,
  ): { things: Thing[]; open: RawDeployment[] } {
    if (question.isBranchRead) noteBranch(raw, question);
    const open = deciding(openQuestions(raw), told({ items: raw }).deployments, question, (deployment) =>
      isAsked({ kind: 'suites', key: deployment.sha }),
    );
    const together = partsIn(raw);
    const things = new Map<string, Thing>();
    for (const deployment of open)
      for (const thing of nextThings(deployment, together)) things.set(nameOf(thing), thing);
    return { things: [...things.values()], open };
  }

  function noteBranch(raw: readonly RawDeployment[], { wasOnBranch }: FeedQuestion): void {
    const before = offBranch.size;
    for (const deployment of raw)
      if (
        deployment.commitExists &&
        isVettable(deployment) &&
        !wasOnBranch(deployment.sha, deployment.createdAt)
      )
        offBranch.add(deployment);
      else offBranch.delete(deployment);
    if (offBranch.size !== before) version += 1;
  }

  function told(raw: { items: readonly RawDeployment[] }): Vetted {
    if (known?.raw === raw.items && known.version === version) return known.told;
    known = { raw: raw.items, version, told: tell(raw.items) };
    return known.told;
  }

  function tell(raw: readonly RawDeployment[]): Vetted {
    const usual = options.task ?? usualTask(raw);
    const ofPulls: RawDeployment[] = [];
    const otherJobs: RawDeployment[] = [];
    const left: Deployment[] = [];
    let isComplete = true;
    for (const deployment of raw) {
      if ((deployment.task ?? usual) !== usual) continue;
      if (isBeforeMerge(deployment)) ofPulls.push(deployment);
      else if (isNarrowed && isVettable(deployment) && !isAsked({ kind: 'suites', key: deployment.sha }))
        isComplete = false;
      else if (!isMeant(deployment)) otherJobs.push(deployment);
      else left.push(settled(deployment));
    }
    return {
      deployments: rolloutsOf(left, (deployment) => jobOf(deployment)?.name ?? null, asker.now),
      remarks: [
        ...otherTasks(raw, usual),
        ...pullRequestRuns(ofPulls),
        ...jobsLeftOut(otherJobs, options),
        ...failedInGuard(left),
      ],
      isComplete,
    };
  }

  const isBeforeMerge = (deployment: RawDeployment): boolean =>
    `${deployment.refPrefix ?? ''}${deployment.ref ?? ''}`.startsWith('refs/pull/') ||
    (offBranch.has(deployment) && BEFORE_MERGE.test(suiteOf(deployment)?.event ?? ''));

  function isMeant(deployment: Deployment): boolean {
    if (!isNarrowed) return true;
    const suite = suiteOf(deployment);
    if (!isVettable(deployment) || !suite || !isOfFile(suite, options)) return false;
    const job = jobOf(deployment);
    return options.job === null || (job !== undefined && isJobNamed(options.job, job.name));
  }

  function settled({ task: _, refPrefix: __, ...each }: RawDeployment): Deployment {
    const job = jobOf(each);
    const fileJobs = files.get(suiteOf(each)?.file ?? '') ?? [];
    if (isOthersJob(each, jobs.all.get(suiteOf(each)?.id ?? '') ?? [], job, fileJobs, asker))
      return { ...each, isOfAnotherJob: true };
    const liveAt = isFailure(each) && job ? endBeforeGuard(job, jobNamed(fileJobs, job.name), asker) : null;
    if (liveAt === null) return each;
    const logUrl = each.statuses.find((status) => status.logUrl !== null)?.logUrl ?? null;
    return {
      ...each,
      failedInGuard: true,
      statuses: [...each.statuses, { state: 'SUCCESS', createdAt: liveAt, logUrl }],
    };
  }

  async function read(kind: Thing['kind'], keys: readonly string[]): Promise<void> {
    // Which job of a file deploys, and for which paths, is mostly asked next.
    if (kind === 'suites') void workflowFilesOf(io).catch(() => {});
    if (kind === 'suites' && !isNarrowed && keys.length <= FEW) await readFew(keys);
    else if (kind === 'suites')
      for (const [oid, commit] of await commitRuns.suitesOf(keys)) suites.set(oid, commit.suites);
    else if (kind === 'file') for (const path of keys) files.set(path, await jobsInFileAt(io, path));
    else for (const [id, suite] of await commitRuns.jobsOf[kind](keys)) jobs[kind].set(id, suite.jobs);
  }

  /** The runs of a few commits with their jobs, in one request. */
  async function readFew(keys: readonly Oid[]): Promise<void> {
    for (const [oid, made] of await commitRuns.madeRunsOf(keys)) {
      suites.set(oid, made.suites);
      for (const kind of ['all', 'failed'] as const)
        for (const [id, suite] of made[kind]) {
          jobs[kind].set(id, suite.jobs);
          asked.add(nameOf({ kind, key: id }));
        }
    }
  }

  /** Whether all that could be asked about a deployment was answered, and does not say what it is. */
  function isLost(deployment: RawDeployment, together: ReadonlySet<RawDeployment>): boolean {
    if (!suites.has(deployment.sha)) return false;
    const suite = suiteOf(deployment);
    if (!suite || (options.file !== null && suite.file === null)) return true;
    if (!isOfFile(suite, options) || nextThings(deployment, together).length > 0) return false;
    if (!jobs.all.has(suite.id) && !jobs.failed.has(suite.id)) return false;
    const job = jobOf(deployment);
    return job === undefined || (hasFailed(job) && !job.hasAllSteps);
  }

  return {
    get gaps() {
      return lost.size > 0 ? [...gaps, atRisk(notFound(lost.size))] : gaps;
    },
    get isSpent() {
      return isNarrowed && commitsAsked >= MOST_ASKED;
    },
    vet: told,
    unknown: (raw, question) => next(raw, question).things.map(nameOf),
    hasCandidates(raw, { from }) {
      if (!isNarrowed || commitsAsked >= MOST_ASKED) return false;
      const together = partsIn(raw);
      return raw.some(
        (deployment) =>
          deployment.createdAt < from &&
          deployment.commitExists &&
          isVettable(deployment) &&
          nextThings(deployment, together).length > 0,
      );
    },
    async ask(raw, question) {
      const { things, open } = next(raw, question);
      const commits = things.filter(({ kind }) => kind === 'suites');
      const room = commits.slice(0, Math.max(0, MOST_ASKED - commitsAsked));
      if (room.length < commits.length) gaps.push(atRisk(tooMany(commits.length - room.length, MOST_ASKED)));
      commitsAsked += room.length;
      for (const thing of things) asked.add(nameOf(thing));
      const kinds = [...new Set(things.map(({ kind }) => kind))];
      await Promise.all(
        kinds.map(async (kind) => {
          const some = kind === 'suites' ? room : things.filter((thing) => thing.kind === kind);
          try {
            await read(
              kind,
              some.map(({ key }) => key),
            );
          } catch (error) {
            if (!(error instanceof GuardError)) throw error;
            gaps.push(atRisk(notVetted(open.length, error)));
          }
        }),
      );
      version += 1;
      const together = partsIn(raw);
      for (const deployment of open) if (isLost(deployment, together)) lost.add(deployment);
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

/** Whether a run is of the workflow that an input names. */
const isOfFile = ({ file }: Suite, options: JobOptions): boolean =>
  options.file === null || file?.replace(/^.*\//, '') === options.file;

/** Deployments that one run made together, where their times do not say whether they are parts of one rollout. */
const partsIn = (raw: readonly RawDeployment[]): Set<RawDeployment> =>
  new Set(
    madeTogether(raw)
      .filter((group) => !areSurelyParts(group))
      .flat() as RawDeployment[],
  );

/**
 * Of some deployments, newest first, those that decide what happened in the window: those that were made since the last
 * success before it, or ended since then. While no such success is known, the next older ones may be it.
 *
 * @param counted - the deployments that are known to count.
 */
function deciding(
  open: readonly RawDeployment[],
  counted: readonly Deployment[],
  { from, to }: FeedQuestion,
  isAsked: (each: RawDeployment) => boolean,
): RawDeployment[] {
  const before = successes(counted, to, null).findLast(
    (success) => success.at < from && success.deployment.commitExists,
  );
  const since = before ? before.deployment.createdAt : from;
  const isSince = (deployment: Deployment) =>
    deployment.createdAt >= since || deployment.statuses.some((status) => status.createdAt >= from);
  if (before) return open.filter(isSince);
  const older = open.filter((deployment) => !isSince(deployment));
  const asked = new Set(older.filter(isAsked).map((deployment) => deployment.sha));
  const next = [
    ...new Set(older.filter((deployment) => !isAsked(deployment)).map((deployment) => deployment.sha)),
  ];
  const reached = new Set([...asked, ...next.slice(0, Math.max(BEFORE_WINDOW, asked.size))]);
  return open.filter((deployment) => isSince(deployment) || reached.has(deployment.sha));
}
