import { min } from 'date-fns';
import type { SuiteJob } from '../github/actions/jobs.ts';
import type { NamedRun } from '../github/actions/runs.ts';
import type { Suite } from '../github/actions/suites.ts';
import { recoverFrom } from '../github/errors.ts';
import { containedCommits } from '../model/commit-graph.ts';
import type { FeedContext } from '../model/deployment-feed.ts';
import type { Commit, Deployment, Gap, Oid, OtherTask, Remark } from '../model/facts.ts';
import { GuardError } from '../model/guard-error.ts';
import { jobsNamed } from '../model/job-name.ts';
import { finalOutcome, successes } from '../model/outcome.ts';
import { runOf } from '../model/pipeline.ts';
import { oldestFirst } from '../model/statuses.ts';
import { areProvedParts, deploymentsByRun, rolloutsOf } from '../model/rollouts.ts';
import { type FileJob, jobNamed } from '../model/workflow-file.ts';
import { combineControllers, combinedByController } from './controllers.ts';
import { endBeforeGuard, hasFailed, isOfAnotherJob, mayBeOfAnotherJob, needsFile } from './guard-job.ts';
import { isOfFile, type JobOptions } from './job-inputs.ts';
import { isOwnRun, type Lookup, type RawDeployment } from './raw-deployment.ts';
import type { SourceIO } from './source.ts';
import type { TriggeredWorkflows } from './triggering-commits.ts';
import {
  deployedOlderCommit,
  failedInGuard,
  jobsLeftOut,
  notFound,
  notVetted,
  otherTasks,
  pullRequestRuns,
  tooMany,
} from './vetting-remarks.ts';
import { workflowFilesOf, workflowJobs } from './workflow-jobs.ts';

/**
 * Decides which deployments of an environment count, which ones form a rollout, and which ones failed only in the guard's
 * own step. Most deployments say it themselves. For the others, the workflow runs that made them are looked up in bulk.
 */

export interface VettingOptions extends JobOptions {
  /** Task of the deployments that count; `null`: `deploy`, or the only one. */
  task: string | null;
  /** The leg of "deploy-job" that makes a rollout live. */
  liveWith: 'first' | 'last';
}

export interface Vetting {
  /** Names of the lookups that are still needed for the question. */
  unknown(raw: readonly RawDeployment[], question: FeedContext): string[];
  /** True if a deployment before the window may turn out to be a success of the service. */
  hasCandidates(raw: readonly RawDeployment[], question: FeedContext): boolean;
  /** Makes the lookups that {@link unknown} names. */
  lookUp(raw: readonly RawDeployment[], question: FeedContext): Promise<void>;
  classify(raw: readonly RawDeployment[]): Classified;
  readonly gaps: readonly Gap[];
  /** True if the limit of lookups is reached, so that more deployments could not be identified. */
  readonly isSpent: boolean;
}

export interface Classified {
  /** Deployments that count, grouped into rollouts, newest first. */
  deployments: readonly Deployment[];
  remarks: Remark[];
  /** Number of deployments by task, if several tasks may be the one that deploys; otherwise empty. */
  tasks: ReadonlyMap<string, number>;
  /** Deployments that do not count because of their task. */
  otherTasks: OtherTask[];
  /** True if no deployment is left that may or may not count. */
  isComplete: boolean;
}

/** GitHub's default task. */
const DEFAULT_TASK = 'deploy';
/** Commits whose runs are looked up. */
const MOST_COMMITS = 1000;
/** Runs that are read by their id, each with a request. */
const MOST_RUNS = 50;
/** For this many commits, one request brings runs and jobs. */
const FEW_COMMITS = 30;
/** Commits before the window that are looked up at once, until one of them turns out to be a success. */
const BEFORE_WINDOW = 100;
/** Events of runs for changes that are not on the base branch yet. */
const BEFORE_MERGE = /^pull_request/;

/** Only GitHub Actions leaves a log URL that leads to the run. */
const isVettable = (deployment: Deployment): boolean => runOf(deployment) !== null;
const isSuccess = (deployment: Deployment): boolean => finalOutcome(deployment)?.outcome === 'success';
const isFailure = (deployment: Deployment): boolean => finalOutcome(deployment)?.outcome === 'failure';

const nameOf = ({ kind, key }: Lookup): string => `${kind} ${key}`;

export function vettingOf(
  io: SourceIO,
  options: VettingOptions,
  triggered: TriggeredWorkflows | null = null,
): Vetting {
  const { asker, commitRuns } = io;
  const suites = new Map<Oid, readonly Suite[]>();
  const jobs = { all: new Map<string, SuiteJob[]>(), failed: new Map<string, SuiteJob[]>() };
  const files = new Map<string, FileJob[]>();
  const runs = new Map<number, NamedRun>();
  /** The commits that runs deployed, if GitHub recorded a newer commit of the branch. */
  const checkedOut = new Map<RawDeployment, Oid>();
  /** Start of the longest window that was asked about; far in the future before the first question. */
  let windowStart = new Date(8.64e15);
  /** Names of lookups, answered or not. */
  const lookedUp = new Set<string>();
  const offBranch = new Set<RawDeployment>();
  const gaps: Gap[] = [];
  const unidentified = new Set<RawDeployment>();
  const isFiltered = options.file !== null || options.job !== null;
  let commitsLookedUp = 0;
  /** Increases with every answer. */
  let version = 0;
  let cached: { raw: object; version: number; result: Classified } | null = null;

  // If an input names the job or workflow, a deployment without a known run does not count, although it might have to.
  const atRisk = (gap: Gap): Gap =>
    isFiltered
      ? {
          ...gap,
          consequence: `Could not tell whether these deployments match "deploy-job" and "deploy-workflow", so there is no verdict. Grant "permissions: checks: read".`,
          verdictAtRisk: true,
        }
      : gap;
  const suiteOf = (deployment: Deployment): Suite | undefined =>
    suites.get(deployment.runSha ?? deployment.sha)?.find((suite) => suite.run === runOf(deployment)?.run) ??
    suiteOfRun(runs.get(runOf(deployment)?.run ?? 0));
  const jobOf = (deployment: Deployment): SuiteJob | undefined => {
    const [suite, id] = [suiteOf(deployment)?.id ?? '', runOf(deployment)?.job];
    // Failed jobs come first because they have their steps.
    return [jobs.failed, jobs.all]
      .flatMap((bySuite) => bySuite.get(suite) ?? [])
      .find((job) => job.id === id);
  };
  const isLookedUp = (lookup: Lookup) => lookedUp.has(nameOf(lookup));
  const hasRuns = (deployment: Deployment) => isLookedUp({ kind: 'suites', key: deployment.sha });

  /** Looks for a run on an older commit than the deployment's. A job with an environment always deploys its run's commit. */
  function runLookups(deployment: RawDeployment): Lookup[] {
    if (!isOfBranch(deployment, io.repo) || suiteOf(deployment)) return [];
    const key = hasRuns(deployment) ? `${runOf(deployment)?.run}` : deployment.sha;
    const lookup: Lookup = { kind: hasRuns(deployment) ? 'run' : 'suites', key };
    return isLookedUp(lookup) ? [] : [lookup];
  }

  const commitLookups = (deployment: RawDeployment): Lookup[] => [
    ...(mayBeOlder(deployment) ? runLookups(deployment) : []),
    ...(triggered?.lookupsFor(deployment, suiteOf(deployment), isLookedUp) ?? []),
  ];

  /** Deployments that do not say themselves whether and how they count. */
  function undecidedIn(raw: readonly RawDeployment[], inDoubt: ReadonlySet<RawDeployment>): RawDeployment[] {
    const succeeded = new Set(raw.filter(isSuccess).map((deployment) => deployment.sha));
    return raw
      .filter((deployment) => deployment.commitExists && isVettable(deployment))
      .filter(
        (deployment) =>
          isFiltered ||
          inDoubt.has(deployment) ||
          (offBranch.has(deployment) && deployment.refPrefix === null) ||
          mayBeOfAnotherJob(deployment, asker) ||
          (isFailure(deployment) && !succeeded.has(deployment.sha)),
      );
  }

  /** The next lookups for a deployment; none if everything is known, or cannot be. */
  function nextLookups(deployment: RawDeployment, inDoubt: ReadonlySet<RawDeployment>): Lookup[] {
    if (!hasRuns(deployment)) return [{ kind: 'suites', key: deployment.sha }];
    const suite = suiteOf(deployment);
    if (!suite) return runLookups(deployment);
    if (!isOfFile(suite, options)) return [];
    const needsJob = options.job !== null || inDoubt.has(deployment) || mayBeOfAnotherJob(deployment, asker);
    const ofJobs: Lookup[] = [
      ...(needsJob ? [{ kind: 'all' as const, key: suite.id }] : []),
      ...(isFailure(deployment) ? [{ kind: 'failed' as const, key: suite.id }] : []),
    ].filter((lookup) => !isLookedUp(lookup));
    if (ofJobs.length > 0 || suite.file === null || !needsFile(deployment, jobOf(deployment), asker))
      return ofJobs;
    return [{ kind: 'file' as const, key: suite.file }].filter((lookup) => !isLookedUp(lookup));
  }

  /** The undecided deployments that matter for the question, newest first, and the next lookups for them. */
  function next(
    raw: readonly RawDeployment[],
    question: FeedContext,
  ): { lookups: Lookup[]; undecided: RawDeployment[]; unclear: ReadonlySet<RawDeployment> } {
    windowStart = min([windowStart, question.from]);
    if (question.isBranchRead) noteOffBranch(raw, question);
    noteCheckedOut(raw);
    const inDoubt = possibleParts(raw);
    const unclear = new Set(undecidedIn(raw, inDoubt));
    const open = raw.filter((item) => unclear.has(item) || commitLookups(item).length > 0);
    const reached = relevant(open, classify(raw).deployments, question, hasRuns);
    const lookups = new Map<string, Lookup>();
    for (const deployment of reached)
      for (const lookup of [
        ...(unclear.has(deployment) ? nextLookups(deployment, inDoubt) : []),
        ...commitLookups(deployment),
      ])
        lookups.set(nameOf(lookup), lookup);
    return { lookups: [...lookups.values()], undecided: reached, unclear };
  }

  /** Only a job's log proves that a deployment has the commit of its run. */
  const mayBeOlder = (deployment: RawDeployment): boolean =>
    runOf(deployment)?.job === null || (hasRuns(deployment) && !suiteOf(deployment));

  function noteCheckedOut(raw: readonly RawDeployment[]): void {
    for (const deployment of raw) {
      const run = runs.get(runOf(deployment)?.run ?? 0);
      const oid =
        run && isOfBranch(deployment, io.repo) ? olderHead(deployment, run, io.history.commits) : null;
      if (oid === (checkedOut.get(deployment) ?? null)) continue;
      if (oid === null) checkedOut.delete(deployment);
      else checkedOut.set(deployment, oid);
      version += 1;
    }
  }

  function noteOffBranch(raw: readonly RawDeployment[], { wasOnBranch }: FeedContext): void {
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

  function classify(raw: readonly RawDeployment[]): Classified {
    if (cached?.raw !== raw || cached.version !== version) cached = { raw, version, result: classified(raw) };
    return cached.result;
  }

  function classified(raw: readonly RawDeployment[]): Classified {
    const tasks = tasksIn(raw.filter(mayCount));
    const task = options.task ?? usualTask(tasks);
    const ofPullRequests: RawDeployment[] = [];
    const ofOtherJobs: RawDeployment[] = [];
    const counted: Deployment[] = [];
    let isComplete = true;
    for (const deployment of raw) {
      if ((deployment.task ?? task) !== task) continue;
      if (isBeforeMerge(deployment)) ofPullRequests.push(deployment);
      else if (isFiltered && isVettable(deployment) && !hasRuns(deployment)) isComplete = false;
      else if (!isSelected(deployment)) ofOtherJobs.push(deployment);
      else counted.push(withJob(deployment));
    }
    const combined = combineControllers(counted);
    const rollouts = rolloutsOf(combined, (deployment) => jobOf(deployment)?.name ?? null, asker.now);
    const { job, liveWith } = options;
    return {
      deployments: job === null ? rollouts : rollouts.map((rollout) => ({ ...rollout, liveWith })),
      remarks: [
        ...otherTasks(raw, task),
        ...pullRequestRuns(ofPullRequests),
        ...jobsLeftOut(ofOtherJobs, options),
        ...failedInGuard(counted),
        ...combinedByController(combined),
        ...deployedOlderCommit(raw.filter((deployment) => checkedOut.has(deployment))),
        ...(triggered?.remarks ?? []),
      ],
      tasks: options.task === null && !tasks.has(DEFAULT_TASK) && tasks.size > 1 ? tasks : new Map(),
      otherTasks: raw.flatMap(({ task: other, sha, createdAt, ...deployment }) =>
        other === null || other === task
          ? []
          : [{ task: other, sha, createdAt, succeeded: isSuccess({ sha, createdAt, ...deployment }) }],
      ),
      isComplete,
    };
  }

  /** True if a deployment may count, whatever its task. */
  const mayCount = (deployment: RawDeployment): boolean =>
    deployment.createdAt <= io.until &&
    !isBeforeMerge(deployment) &&
    (isSelected(deployment) || (isVettable(deployment) && !hasRuns(deployment)));

  const isBeforeMerge = (deployment: RawDeployment): boolean =>
    `${deployment.refPrefix ?? ''}${deployment.ref ?? ''}`.startsWith('refs/pull/') ||
    (offBranch.has(deployment) && BEFORE_MERGE.test(suiteOf(deployment)?.event ?? ''));

  /** True if a deployment matches "deploy-workflow" and "deploy-job". */
  function isSelected(deployment: Deployment): boolean {
    if (!isFiltered) return true;
    const suite = suiteOf(deployment);
    if (!isVettable(deployment) || !suite || !isOfFile(suite, options)) return false;
    const job = jobOf(deployment);
    if (options.job === null || !job) return options.job === null;
    return jobsNamed(options.job, [job, ...(jobs.all.get(suite.id) ?? [])]).includes(job);
  }

  /** The deployment, corrected by what is known about its job. */
  function withJob(raw: RawDeployment): Deployment {
    const { task: _, refPrefix: __, ...recorded } = raw;
    const trigger = triggered?.commitOf(raw);
    const suite = suiteOf(raw);
    const deployment: Deployment = {
      ...recorded,
      sha: checkedOut.get(raw) ?? trigger ?? raw.sha,
      ...(trigger === undefined ? {} : { runSha: raw.sha }),
      ...(raw.refPrefix === 'refs/heads/' && !isVettable(raw) ? { mayBeOlder: 'branch' } : {}),
      ...(triggered?.isChosen(suite) ? { mayBeOlder: 'input' } : {}),
    };
    const job = jobOf(deployment);
    const fileJobs = files.get(suite?.file ?? '') ?? [];
    if (isOfAnotherJob(deployment, jobs.all.get(suite?.id ?? '') ?? [], job, fileJobs, asker))
      return { ...deployment, isOfAnotherJob: true };
    const liveAt =
      isFailure(deployment) && job ? endBeforeGuard(job, jobNamed(fileJobs, job.name), asker) : null;
    if (liveAt === null) return deployment;
    const logUrl = deployment.statuses.find((status) => status.logUrl !== null)?.logUrl ?? null;
    // The job's own failure. A later one, by a monitor or a person, still counts.
    const ofJob = oldestFirst(deployment.statuses).find(
      ({ state, createdAt }) => state === 'FAILURE' && createdAt >= liveAt,
    );
    return {
      ...deployment,
      failedInGuard: true,
      statuses: [
        ...deployment.statuses.filter((status) => status !== ofJob),
        { state: 'SUCCESS', createdAt: liveAt, logUrl },
      ],
    };
  }

  async function read(kind: Lookup['kind'], keys: readonly string[], needsJobs: boolean): Promise<void> {
    // The workflow files are usually needed next: which job deploys, and for which paths.
    if (kind === 'suites' && needsJobs) void workflowFilesOf(io).catch(() => {});
    if (kind === 'suites' && needsJobs && !isFiltered && keys.length <= FEW_COMMITS) await readWithJobs(keys);
    else if (kind === 'suites')
      for (const [oid, commit] of await commitRuns.suitesOf(keys)) suites.set(oid, commit.suites);
    else if (kind === 'run') await readRuns(keys);
    else if (kind === 'trigger') await triggered?.read(keys);
    else if (kind === 'file')
      for (const path of keys) files.set(path, (await workflowJobs(io)).get(path) ?? []);
    else for (const [id, suite] of await commitRuns.jobsOf[kind](keys)) jobs[kind].set(id, suite.jobs);
  }

  async function readRuns(ids: readonly string[]): Promise<void> {
    const affordable = ids.slice(0, Math.max(0, MOST_RUNS - runs.size));
    if (affordable.length < ids.length)
      gaps.push(tooMany(ids.length - affordable.length, MOST_RUNS, 'deployments of branches'));
    for (const [id, run] of await commitRuns.runsById(affordable.map(Number))) {
      runs.set(id, run);
      if (run.committedAt) io.history.noteDate(run.sha, run.committedAt);
    }
  }

  /** Reads the runs on a few commits and their jobs in one request. */
  async function readWithJobs(oids: readonly Oid[]): Promise<void> {
    for (const [oid, runs] of await commitRuns.runsWithJobsOf(oids)) {
      suites.set(oid, runs.suites);
      for (const kind of ['all', 'failed'] as const)
        for (const [id, suite] of runs[kind]) {
          jobs[kind].set(id, suite.jobs);
          lookedUp.add(nameOf({ kind, key: id }));
        }
    }
  }

  /** True if every lookup for a deployment was answered, and it is still not identified. */
  function isUnidentified(deployment: RawDeployment, inDoubt: ReadonlySet<RawDeployment>): boolean {
    if (!suites.has(deployment.sha) || runLookups(deployment).length > 0) return false;
    const suite = suiteOf(deployment);
    if (!suite || (options.file !== null && suite.file === null)) return true;
    if (!isOfFile(suite, options) || nextLookups(deployment, inDoubt).length > 0) return false;
    if (!jobs.all.has(suite.id) && !jobs.failed.has(suite.id)) return false;
    const job = jobOf(deployment);
    return job === undefined || (hasFailed(job) && !job.hasAllSteps);
  }

  const isSpent = (): boolean => isFiltered && commitsLookedUp >= MOST_COMMITS;

  return {
    get gaps() {
      return [
        ...gaps,
        ...(unidentified.size > 0 ? [atRisk(notFound(unidentified.size))] : []),
        ...(triggered?.gapsSince(windowStart) ?? []),
      ];
    },
    get isSpent() {
      return isSpent();
    },
    classify,
    unknown: (raw, question) => next(raw, question).lookups.map(nameOf),
    hasCandidates(raw, { from }) {
      if (!isFiltered || isSpent()) return false;
      const inDoubt = possibleParts(raw);
      return raw.some(
        (deployment) =>
          deployment.createdAt < from &&
          deployment.commitExists &&
          isVettable(deployment) &&
          nextLookups(deployment, inDoubt).length > 0,
      );
    },
    async lookUp(raw, question) {
      const { lookups, undecided, unclear } = next(raw, question);
      const needsJobs = undecided.some((deployment) => unclear.has(deployment));
      const keysOf = (kind: Lookup['kind']) =>
        lookups.filter((lookup) => lookup.kind === kind).map(({ key }) => key);
      const commits = keysOf('suites');
      const affordable = commits.slice(0, Math.max(0, MOST_COMMITS - commitsLookedUp));
      if (affordable.length < commits.length)
        gaps.push(atRisk(tooMany(commits.length - affordable.length, MOST_COMMITS)));
      commitsLookedUp += affordable.length;
      for (const lookup of lookups) lookedUp.add(nameOf(lookup));
      const kinds = [...new Set(lookups.map(({ kind }) => kind))];
      await Promise.all(
        kinds.map((kind) =>
          read(kind, kind === 'suites' ? affordable : keysOf(kind), needsJobs).catch(
            recoverFrom(GuardError, (error) => void gaps.push(atRisk(notVetted(undecided.length, error)))),
          ),
        ),
      );
      version += 1;
      const inDoubt = possibleParts(raw);
      for (const deployment of undecided)
        if (unclear.has(deployment) && isUnidentified(deployment, inDoubt)) unidentified.add(deployment);
    },
  };
}

/** True if GitHub resolved a branch to the commit of a deployment that one of the repository's own runs made. */
const isOfBranch = (deployment: RawDeployment, repo: SourceIO['repo']): boolean =>
  deployment.refPrefix === 'refs/heads/' && isOwnRun(deployment, repo);

/** The commit of a run, if it is an older commit of the branch than the deployment's; otherwise `null`. */
function olderHead(
  { sha, ref }: RawDeployment,
  run: NamedRun,
  commits: ReadonlyMap<Oid, Commit>,
): Oid | null {
  if (run.sha === sha) return null;
  // Before the commit was read, the run's branch says where it belongs.
  const isOlder = commits.has(run.sha) ? containedCommits(commits, [sha]).has(run.sha) : run.branch === ref;
  return isOlder ? run.sha : null;
}

/** A run that was found by its id, as if it was found through its commit. */
const suiteOfRun = (run: NamedRun | undefined): Suite | undefined =>
  run && { ...run, id: run.checkSuite ?? '', run: run.id };

/** The number of deployments by task, the task of the newest deployment first. */
function tasksIn(raw: readonly RawDeployment[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { task } of raw) if (task !== null) counts.set(task, (counts.get(task) ?? 0) + 1);
  return counts;
}

/** `deploy`, or the task of the newest deployment if none has that one. */
const usualTask = (tasks: ReadonlyMap<string, number>): string =>
  tasks.has(DEFAULT_TASK) ? DEFAULT_TASK : ([...tasks.keys()][0] ?? DEFAULT_TASK);

/** Deployments of one run whose times do not say whether they are parts of one rollout. */
const possibleParts = (raw: readonly RawDeployment[]): Set<RawDeployment> =>
  new Set(
    deploymentsByRun(raw)
      .filter((group) => !areProvedParts(group))
      .flat() as RawDeployment[],
  );

/**
 * The undecided deployments that matter for the window, newest first: made, or ended, since the last success before the
 * window. While no such success is known, a batch of the next older ones is included, as one of them may be it.
 *
 * @param counted - the deployments that are known to count.
 */
function relevant(
  undecided: readonly RawDeployment[],
  counted: readonly Deployment[],
  { from, to }: FeedContext,
  hasRuns: (deployment: RawDeployment) => boolean,
): RawDeployment[] {
  const before = successes(counted, to, null).findLast(
    (success) => success.at < from && success.deployment.commitExists,
  );
  const since = before ? before.deployment.createdAt : from;
  const isSince = (deployment: Deployment) =>
    deployment.createdAt >= since || deployment.statuses.some((status) => status.createdAt >= from);
  if (before) return undecided.filter(isSince);
  const older = undecided.filter((deployment) => !isSince(deployment));
  const shasOf = (deployments: RawDeployment[]) => [...new Set(deployments.map(({ sha }) => sha))];
  const lookedUp = shasOf(older.filter(hasRuns));
  const next = shasOf(older.filter((deployment) => !hasRuns(deployment)));
  const reached = new Set([...lookedUp, ...next.slice(0, Math.max(BEFORE_WINDOW, lookedUp.length))]);
  return undecided.filter((deployment) => isSince(deployment) || reached.has(deployment.sha));
}
