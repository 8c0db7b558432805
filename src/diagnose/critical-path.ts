import type { Job, Pipeline } from '../model/pipeline.ts';
import { quantileOf } from '../model/survival.ts';
import { type FileJob, type FileStep, runJobsOf, stepNamed } from '../model/workflow-file.ts';
import type { Staged } from './stage-report.ts';

/** The jobs and steps on the critical path of a period's deployments, combined over all their runs. */

/** One run in which a job, step or stage was seen. */
export interface Seen {
  seconds: number;
  run: number;
  url: string;
}

interface Observed {
  workflow: string;
  job: string;
  seen: Seen[];
  medianSeconds: number;
  /** Share of all time from merge to live of the opened runs. */
  share: number;
  /** `null` if the file does not have the job, or if several of its jobs fit the name. */
  fileJob: FileJob | null;
  /** The ids of several jobs that fit the name. */
  ambiguous?: string[];
}

export interface PathStep extends Observed {
  step: string;
  fileStep: FileStep | null;
}

export interface PathJob extends Observed {
  /**
   * Seconds that the job could save before a parallel job would decide the path. The median of the runs; `null` if most
   * runs have no such job.
   */
  slackSeconds: number | null;
  /** The job before it on the path, in most runs. */
  after: string | null;
  isDeploy: boolean;
  /** True if it ran after the deployment. */
  isAfter: boolean;
}

export interface CriticalPath {
  runs: number;
  jobs: PathJob[];
  steps: PathStep[];
}

export type OpenedChange = Pick<Staged, 'pipeline' | 'segments' | 'leadTimeSeconds'>;

/** A job on the path of one run, and the part of its time that is on the path, in seconds since the epoch. */
interface Visit {
  job: Job;
  from: number;
  to: number;
  after: string | null;
  isDeploy: boolean;
  isAfter: boolean;
  slack: number | null;
  pipeline: Pipeline;
}

/** Combines the paths of all runs, each taken from the change of the run that took longest. */
export function criticalPath(
  changes: readonly OpenedChange[],
  files: ReadonlyMap<string, FileJob[]>,
): CriticalPath {
  const paths = longestPerRun(changes);
  const total = paths.reduce((sum, path) => sum + path.leadTimeSeconds, 0);
  const jobs = new Map<string, { job: PathJob; visits: Visit[] }>();
  const steps = new Map<string, PathStep>();

  for (const visit of paths.flatMap(visitsOf)) {
    const { job, pipeline } = visit;
    const run = [pipeline.run, ...pipeline.upstream].find((run) => run.jobs.includes(job)) ?? pipeline.run;
    const inFile = runJobsOf(files, run.file ?? '', job.name, run.event);
    const observed = {
      workflow: run.workflow,
      job: job.name,
      medianSeconds: 0,
      share: 0,
      fileJob: inFile.length === 1 ? (inFile[0]?.job ?? null) : null,
      ...(inFile.length > 1 ? { ambiguous: inFile.map(({ path }) => path) } : {}),
    };
    const seen = { run: run.id, url: `${run.url}/job/${job.id}` };
    const key = `${run.workflow}\n${job.name}`;
    const { after, isDeploy, isAfter } = visit;
    const entry = jobs.get(key) ?? {
      job: { ...observed, seen: [], slackSeconds: null, after, isDeploy, isAfter },
      visits: [],
    };
    entry.job.seen.push({ ...seen, seconds: visit.to - visit.from });
    entry.visits.push(visit);
    jobs.set(key, entry);
    for (const step of inSequence(job.steps)) {
      const seconds = overlap(step.startedAt, step.completedAt, visit);
      if (seconds === null) continue;
      const stepKey = `${key}\n${step.name}`;
      const { fileJob } = observed;
      const fileStep = fileJob ? (stepNamed(fileJob, step.name) ?? null) : null;
      const pathStep = steps.get(stepKey) ?? { ...observed, step: step.name, seen: [], fileStep };
      pathStep.seen.push({ ...seen, seconds });
      steps.set(stepKey, pathStep);
    }
  }
  const summarize = <T extends Observed>(observed: T): T => {
    const times = observed.seen.map((seen) => seen.seconds);
    const sum = times.reduce((subtotal, time) => subtotal + time, 0);
    return { ...observed, medianSeconds: quantileOf(times, 0.5), share: total > 0 ? sum / total : 0 };
  };
  return {
    runs: paths.length,
    jobs: [...jobs.values()].map(({ job, visits }) => {
      const slacks = visits.flatMap(({ slack }) => slack ?? []);
      const isUsual = slacks.length > 0 && slacks.length * 2 >= visits.length;
      return summarize({
        ...job,
        slackSeconds: isUsual ? quantileOf(slacks, 0.5) : null,
        after: mostFrequent(visits.map((visit) => visit.after)),
      });
    }),
    steps: [...steps.values()].map(summarize),
  };
}

/** The change of each run that took longest. Changes without a run are dropped. */
export function longestPerRun<T extends Pick<OpenedChange, 'pipeline' | 'leadTimeSeconds'>>(
  changes: readonly T[],
): T[] {
  const longest = new Map<number, T>();
  for (const change of changes) {
    const run = change.pipeline?.run.id;
    if (run !== undefined && change.leadTimeSeconds > (longest.get(run)?.leadTimeSeconds ?? -1))
      longest.set(run, change);
  }
  return [...longest.values()];
}

function visitsOf({ segments, pipeline }: OpenedChange): Visit[] {
  if (pipeline === null) return [];
  const jobs = [pipeline.run, ...pipeline.upstream].flatMap((run) => run.jobs);
  const named = segments.filter((segment) => segment.name !== null);
  const onPath = new Set(named.map((segment) => segment.name));
  return named.flatMap((segment, i) => {
    const { from, to } = segment;
    const job = jobs.find(
      (job) =>
        job.name === segment.name &&
        job.startedAt !== null &&
        epochSeconds(job.startedAt) <= to &&
        (job.completedAt === null || epochSeconds(job.completedAt) >= to),
    );
    if (!job) return [];
    // If this job ended earlier, a job off the path that ended meanwhile would decide the path.
    const parallelEnds = jobs
      .filter((job) => !onPath.has(job.name) && job.conclusion !== 'skipped')
      .flatMap((job) => (job.completedAt ? epochSeconds(job.completedAt) : []))
      .filter((end) => end > from && end <= to);
    return [
      {
        job,
        from,
        to,
        after: named[i - 1]?.name ?? null,
        isDeploy: segment.stage === 'deploy',
        isAfter: segment.stage === 'after-deploy',
        slack: parallelEnds.length > 0 ? to - Math.max(...parallelEnds) : null,
        pipeline,
      },
    ];
  });
}

/** The steps of a job without those that run in parallel with a step that ends later: only the last one holds up the job. */
function inSequence(steps: Job['steps']): Job['steps'] {
  const time = (date: Date | null) => date?.getTime() ?? 0;
  const ended = steps.filter((step) => step.startedAt !== null && step.completedAt !== null);
  return ended.filter(
    (step, i) =>
      !ended.some(
        (other, j) =>
          other !== step &&
          time(other.startedAt) < time(step.completedAt) &&
          time(step.startedAt) < time(other.completedAt) &&
          (time(other.completedAt) > time(step.completedAt) ||
            (time(other.completedAt) === time(step.completedAt) && j > i)),
      ),
  );
}

const epochSeconds = (instant: Date): number => Math.floor(instant.getTime() / 1000);

function overlap(
  startedAt: Date | null,
  completedAt: Date | null,
  { from, to }: { from: number; to: number },
): number | null {
  if (!startedAt || !completedAt) return null;
  const start = Math.max(from, epochSeconds(startedAt));
  const end = Math.min(to, epochSeconds(completedAt));
  return end >= start ? end - start : null;
}

export function mostFrequent(names: readonly (string | null)[]): string | null {
  const counts = new Map<string | null, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}
