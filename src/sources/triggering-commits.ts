import type { ListedRun } from '../github/actions/runs.ts';
import type { Suite } from '../github/actions/suites.ts';
import { recoverFrom } from '../github/errors.ts';
import type { Deployment, Gap, Oid, Remark } from '../model/facts.ts';
import { GuardError, oneLine } from '../model/guard-error.ts';
import { canChooseCommit, checkoutOf } from '../model/checkout.ts';
import { outcomeOf } from '../model/outcome.ts';
import { runOf } from '../model/pipeline.ts';
import { calledPath, type FileJob } from '../model/workflow-file.ts';
import { deployingJobs, jobsWithCalled } from './deploying-jobs.ts';
import { isOfFile, type JobOptions } from './job-inputs.ts';
import { counted, noteIf } from './phrases.ts';
import type { SourceIO } from './source.ts';
import { isOwnRun, type Lookup } from './raw-deployment.ts';
import { workflowFilesOf, workflowJobs } from './workflow-jobs.ts';

/**
 * Runs of `workflow_run` have the newest commit of the default branch. Many check out the commit that triggered them. GitHub
 * does not show the run that triggered one, but it ended just before.
 */

export interface TriggeredRun {
  id: number;
  sha: Oid;
  createdAt: Date;
}

export interface TriggeringCommits {
  /** The commits that runs deployed, by the run's id, without runs that deployed their own commit. */
  commitsOf(runs: readonly TriggeredRun[]): Promise<Map<number, Oid>>;
  /** True if whoever starts a run can choose the commit that it deploys. */
  canChoose(): Promise<boolean>;
  readonly remarks: Remark[];
  /** @param from - the start of the window. */
  gapsSince(from: Date): Gap[];
}

/** Events whose sender can set values. */
export const WITH_INPUTS: ReadonlySet<string> = new Set(['workflow_dispatch', 'repository_dispatch']);
/** Longest time from the end of a run to the run that it triggers, in milliseconds. */
const TRIGGERED_WITHIN = 600_000;
/** Time before a triggered run in which its trigger began, in milliseconds. */
const LONGEST_RUN = 86_400_000;
/** Pages of a triggering workflow's runs. */
const MOST_PAGES = 10;

/** The runs of workflows that may record another commit for an environment than they deploy. */
export interface TriggeredWorkflows extends Pick<TriggeringCommits, 'remarks' | 'gapsSince'> {
  /** The next lookup that shows which commit a deployment has; empty if none is needed, or helps. */
  lookupsFor(
    deployment: Deployment,
    suite: Suite | undefined,
    isLookedUp: (lookup: Lookup) => boolean,
  ): Lookup[];
  /** Looks for the commits that runs deployed, by the keys of their lookups. */
  read(runs: readonly string[]): Promise<void>;
  /** The commit that a deployment's run deployed; its own if that is unknown. `undefined`: it needs no looking for. */
  commitOf(deployment: Deployment): Oid | undefined;
  /** True if whoever started a run could choose the commit that it deployed. */
  isChosen(suite: Suite | undefined): boolean;
}

/** Finds them without a request, if the workflow files are known. `null`: there is none. */
export async function triggeredWorkflows(
  io: SourceIO,
  environment: string,
  options: JobOptions,
): Promise<TriggeredWorkflows | null> {
  const texts = await workflowFilesOf(io);
  const { eventsIn } = await import('../github/actions/workflow-yaml.ts');
  const jobs = await workflowJobs(io);
  const mayDeploy = (job: FileJob) =>
    job.environment === null
      ? job.calls !== null && !jobs.has(calledPath(job))
      : job.environment.includes('${' + '{') || job.environment.toLowerCase() === environment.toLowerCase();
  const started = (isStarted: (event: string) => boolean, isSuspect: typeof canChooseCommit) =>
    texts
      .filter(({ text }) => eventsIn(text).some(isStarted))
      .map(({ name }) => `.github/workflows/${name}`)
      .filter(
        (path) =>
          jobsWithCalled(jobs, path).some(mayDeploy) &&
          isSuspect(jobs, path, deployingJobs(jobs, path, environment)),
      );
  const [first] = started(
    (event) => event === 'workflow_run',
    (...files) => checkoutOf(...files) !== 'own',
  );
  const withChoice = new Set(started((event) => WITH_INPUTS.has(event), canChooseCommit));
  if (first === undefined && withChoice.size === 0) return null;
  const byPath = new Map<string, TriggeringCommits>();
  const runs = new Map<string, TriggeredRun & { path: string }>();
  const commits = new Map<number, Oid>();
  /** Runs that were not read, so that it is not known whether they belong to these workflows. */
  const unread = new Map<number, Date>();
  return {
    lookupsFor(deployment, suite, isLookedUp) {
      const { run: id, job } = runOf(deployment) ?? { run: 0, job: null };
      const hasFailed = outcomeOf(deployment, io.until, null)?.outcome === 'failure';
      if (job === null || hasFailed || !isOwnRun(deployment, io.repo)) return [];
      if (!suite) {
        unread.set(id, deployment.createdAt);
        const lookups = [
          { kind: 'suites', key: deployment.sha } as const,
          { kind: 'run', key: `${id}` } as const,
        ];
        return lookups.filter((lookup) => !isLookedUp(lookup)).slice(0, 1);
      }
      unread.delete(id);
      if (first === undefined || suite.event !== 'workflow_run' || !isOfFile(suite, options)) return [];
      const { createdAt, file, workflow } = suite;
      runs.set(`${id}`, { id, sha: deployment.sha, createdAt, path: file ?? workflow });
      const lookup = { kind: 'trigger', key: `${id}` } as const;
      return isLookedUp(lookup) ? [] : [lookup];
    },
    async read(ids) {
      const requested = ids.flatMap((id) => runs.get(id) ?? []);
      for (const path of new Set(requested.map((run) => run.path))) {
        const ofWorkflow = byPath.get(path) ?? triggeringCommits(io, path, environment);
        byPath.set(path, ofWorkflow);
        const ofPath = requested.filter((run) => run.path === path);
        const found = await ofWorkflow.commitsOf(ofPath);
        for (const { id, sha } of ofPath) commits.set(id, found.get(id) ?? sha);
      }
    },
    commitOf: (deployment) => commits.get(runOf(deployment)?.run ?? 0),
    isChosen: (suite) =>
      suite !== undefined && WITH_INPUTS.has(suite.event) && withChoice.has(suite.file ?? ''),
    get remarks() {
      return [...byPath.values()].flatMap(({ remarks }) => remarks);
    },
    gapsSince: (from) => [
      ...[...byPath.values()].flatMap((ofWorkflow) => ofWorkflow.gapsSince(from)),
      ...(first === undefined
        ? []
        : unknownCommits(first, [...unread.values()].filter((createdAt) => createdAt >= from).length)),
    ],
  };
}

export function triggeringCommits(io: SourceIO, path: string, environment: string): TriggeringCommits {
  let corrected = 0;
  const unknown: TriggeredRun[] = [];
  const file = fileName(path);

  /** The files of the workflows that trigger this one; `null`: its runs deploy their own commit. */
  async function triggersOf(): Promise<string[] | null> {
    const texts = new Map(
      (await workflowFilesOf(io)).map(({ name, text }) => [`.github/workflows/${name}`, text]),
    );
    const jobs = await workflowJobs(io);
    const checkout = checkoutOf(jobs, path, deployingJobs(jobs, path, environment));
    if (checkout === 'own') return null;
    const { nameIn, workflowRunIn } = await import('../github/actions/workflow-yaml.ts');
    const { workflows, types } = workflowRunIn(texts.get(path) ?? '');
    if (checkout === 'unknown' || !types.includes('completed')) return [];
    return [...texts].flatMap(([other, text]) =>
      workflows.includes(nameIn(text, other)) ? [other.replace(/^.*\//, '')] : [],
    );
  }

  /** Runs of a workflow on the base branch that had begun since a date. */
  async function runsSince(trigger: string, since: Date): Promise<ListedRun[]> {
    const stream = io.runs.stream(trigger, { branch: io.baseBranch });
    const runs: ListedRun[] = [];
    for (let page = 0; page < MOST_PAGES && !stream.complete && stream.readTo >= since; page++)
      runs.push(...(await stream.next()));
    return runs.filter(({ event }) => !event.startsWith('pull_request'));
  }

  /** The commits that triggered runs, as far as they are found; `null`: the runs deploy their own commit. */
  async function commitsBefore(runs: readonly TriggeredRun[]): Promise<Map<number, Oid> | null> {
    const triggers = await triggersOf();
    if (triggers === null) return null;
    const oldest = Math.min(...runs.map((run) => run.createdAt.getTime()));
    const listed = await Promise.all(
      triggers.map((trigger) => runsSince(trigger, new Date(oldest - LONGEST_RUN))),
    );
    const candidates = listed.flat();
    const jobs = await io.commitRuns.jobsOf.all(candidates.flatMap((run) => run.checkSuite ?? []));
    const ends = candidates.flatMap((run) => {
      const times = (jobs.get(run.checkSuite ?? '')?.jobs ?? []).map(
        (job) => job.completedAt?.getTime() ?? 0,
      );
      const before = times.filter((time) => time < run.attemptStartedAt.getTime());
      return [...(run.isOver ? [times] : []), before].map((attempt) => ({
        run,
        at: Math.max(0, ...attempt),
      }));
    });
    // Each end triggers one run, so of two ends just before two runs, the first one triggered the first run.
    const used = new Set<(typeof ends)[number]>();
    const newestFirst = runs.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
    return new Map(
      newestFirst.flatMap(({ id, createdAt }) => {
        const before = ends
          .filter(({ at }) => at <= createdAt.getTime() && createdAt.getTime() - at <= TRIGGERED_WITHIN)
          .sort((a, b) => b.at - a.at);
        const last = before.find((end) => !used.has(end)) ?? before[0];
        if (last) used.add(last);
        if (last?.run.committedAt) io.history.noteDate(last.run.sha, last.run.committedAt);
        return last ? [[id, last.run.sha] as const] : [];
      }),
    );
  }

  return {
    async commitsOf(runs) {
      if (runs.length === 0) return new Map();
      const commits = await commitsBefore(runs).catch(recoverFrom(GuardError, () => new Map<number, Oid>()));
      if (commits === null) return new Map();
      unknown.push(...runs.filter(({ id }) => !commits.has(id)));
      corrected += runs.filter(({ id, sha }) => (commits.get(id) ?? sha) !== sha).length;
      return commits;
    },
    async canChoose() {
      const jobs = await workflowJobs(io).catch(recoverFrom(GuardError, () => null));
      return jobs === null || canChooseCommit(jobs, path, deployingJobs(jobs, path, environment));
    },
    get remarks() {
      return noteIf(corrected > 0, {
        what: `${file} checked out the commit that triggered it, not the newest one of the branch, in ${counted(corrected, 'run')}.`,
        consequence: 'The commit that was checked out counts, although GitHub shows the other one.',
      });
    },
    gapsSince: (from) => unknownCommits(path, unknown.filter((run) => run.createdAt >= from).length),
  };
}

const fileName = (path: string): string => oneLine(path.replace(/^.*\//, ''), 60);

function unknownCommits(path: string, count: number): Gap[] {
  return noteIf(count > 0, {
    what: `The commit that ${fileName(path)} checked out is not known for ${counted(count, 'run')} of workflow_run.`,
    consequence:
      'Their own commit may be newer than the deployed one, so there is no verdict. Check out "github.event.workflow_run.head_sha", and keep the triggering workflow in the repository.',
    verdictAtRisk: true,
  });
}
