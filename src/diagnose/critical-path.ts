import type { Job } from '../model/pipeline.ts';
import { quantileOf } from '../model/survival.ts';
import { calledPath, type FileJob, type FileStep, runJobsOf, stepNamed } from '../model/workflow-file.ts';
import { type GraphJob, graphOf, idOf, isSameInFile, type JobGraph, keyOf, savings } from './job-graph.ts';
import type { Staged } from './stage-report.ts';
import { seconds } from './stages.ts';

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
  /** Identifies the job, or all jobs of its matrix. */
  id: string;
  seen: Seen[];
  medianSeconds: number;
  /** Share of all time from merge to live of the opened runs. */
  share: number;
  /** The path of the file that contains the job, and of the file that was started. */
  file?: string | null;
  callerFile?: string | null;
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
  /** The jobs of each run. */
  graphs: JobGraph[];
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
}

/** Combines the paths of all runs, each taken from the change of the run that took longest. */
export function criticalPath(
  changes: readonly OpenedChange[],
  files: ReadonlyMap<string, FileJob[]>,
): CriticalPath {
  const paths = longestPerRun(changes);
  const total = paths.reduce((sum, path) => sum + path.leadTimeSeconds, 0);
  const jobs = new Map<string, { job: PathJob; before: (string | null)[]; slacks: number[] }>();
  const steps = new Map<string, PathStep>();
  const graphs: JobGraph[] = [];
  for (const path of paths) {
    const { pipeline } = path;
    const visits = visitsOf(path);
    if (!pipeline || visits.length === 0) continue;
    const graph = graphOf(
      pipeline,
      visits.filter(({ isAfter }) => !isAfter).map(({ job }) => job),
      files,
    );
    graphs.push(graph);
    for (const visit of visits) {
      const { job, after, isDeploy, isAfter } = visit;
      const run = [pipeline.run, ...pipeline.upstream].find((run) => run.jobs.includes(job)) ?? pipeline.run;
      const inFile = runJobsOf(files, run.file ?? '', job.name, run.event);
      const shown = { workflow: run.workflow, job: job.name };
      const place = graph.jobs.get(keyOf(shown));
      // The jobs of a matrix take turns on the path, unless one of them waits for another one.
      const isTurn =
        place?.chain.some(({ matrix }) => matrix) &&
        visits.filter((other) => idOfJob(graph, other.job) === idOf(place)).length === 1;
      const id = place && isTurn ? idOf(place) : keyOf(shown);
      const caller = place?.chain.at(-2);
      const observed = {
        ...shown,
        id,
        medianSeconds: 0,
        share: 0,
        file: caller ? calledPath(caller) : run.file,
        callerFile: run.file,
        fileJob: inFile.length === 1 ? (inFile[0]?.job ?? null) : null,
        ...(inFile.length > 1 ? { ambiguous: inFile.map(({ path }) => path) } : {}),
      };
      const seen = { run: run.id, url: `${run.url}/job/${job.id}` };
      const entry = jobs.get(id) ?? {
        job: { ...observed, seen: [], slackSeconds: null, after, isDeploy, isAfter },
        before: [],
        slacks: [],
      };
      const seconds = visit.to - visit.from;
      entry.job.seen.push({ ...seen, seconds });
      entry.before.push(after);
      const without = (other: GraphJob) =>
        place && isSameInFile(other, place) ? { ...other, seconds: 0 } : other;
      const [saved = 0] = isAfter ? [seconds] : savings([graph], without);
      if (saved < seconds) entry.slacks.push(saved);
      jobs.set(id, entry);
      for (const step of inSequence(job.steps)) {
        const seconds = overlap(step.startedAt, step.completedAt, visit);
        if (seconds === null) continue;
        const { fileJob } = observed;
        const earlier = job.steps.slice(0, job.steps.indexOf(step)).filter(({ name }) => name === step.name);
        const fileStep = fileJob ? (stepNamed(fileJob, step.name, earlier.length) ?? null) : null;
        const index = fileStep && fileJob ? fileJob.steps.indexOf(fileStep) : step.name;
        const stepKey = `${id}\n${index}`;
        const pathStep = steps.get(stepKey) ?? { ...observed, step: step.name, seen: [], fileStep };
        pathStep.seen.push({ ...seen, seconds });
        steps.set(stepKey, pathStep);
      }
    }
  }
  const summarize = <T extends Observed>(observed: T): T => {
    const times = observed.seen.map((seen) => seen.seconds);
    const sum = times.reduce((subtotal, time) => subtotal + time, 0);
    return { ...observed, medianSeconds: quantileOf(times, 0.5), share: total > 0 ? sum / total : 0 };
  };
  return {
    runs: paths.length,
    graphs,
    jobs: [...jobs.values()].map(({ job, before, slacks }) =>
      summarize({
        ...job,
        slackSeconds:
          slacks.length > 0 && slacks.length * 2 >= before.length ? quantileOf(slacks, 0.5) : null,
        after: mostFrequent(before),
      }),
    ),
    steps: [...steps.values()].map(summarize),
  };
}

/** The key of a job of a run in the files. */
const idOfJob = ({ jobs }: JobGraph, { name }: Job): string | undefined => {
  const job = [...jobs.values()].find((other) => other.job === name);
  return job && idOf(job);
};

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
  return named.flatMap((segment, i) => {
    const { from, to } = segment;
    const job = jobs.find(
      (job) =>
        job.name === segment.name &&
        job.startedAt !== null &&
        seconds(job.startedAt) <= to &&
        (job.completedAt === null || seconds(job.completedAt) >= to),
    );
    if (!job) return [];
    return [
      {
        job,
        from,
        to,
        after: named[i - 1]?.name ?? null,
        isDeploy: segment.stage === 'deploy',
        isAfter: segment.stage === 'after-deploy',
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

function overlap(
  startedAt: Date | null,
  completedAt: Date | null,
  { from, to }: { from: number; to: number },
): number | null {
  if (!startedAt || !completedAt) return null;
  const start = Math.max(from, seconds(startedAt));
  const end = Math.min(to, seconds(completedAt));
  return end >= start ? end - start : null;
}

export function mostFrequent(names: readonly (string | null)[]): string | null {
  const counts = new Map<string | null, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}
