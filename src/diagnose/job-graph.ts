import type { Job, Pipeline, Run } from '../model/pipeline.ts';
import { quantileOf } from '../model/survival.ts';
import { type FileJob, needsOf, runJobsOf, type Values } from '../model/workflow-file.ts';
import { seconds } from './stages.ts';

/** The jobs of one run, and of the runs that triggered it, with what each of them waited for. */

export interface GraphJob {
  workflow: string;
  job: string;
  /** The jobs in the files: those that call it, the outermost first, and itself. Empty if unknown or ambiguous. */
  chain: FileJob[];
  /** The values of expressions in its file. */
  values: Values;
  /** Keys of the jobs that it waited for. */
  needs: string[];
  seconds: number;
  /** Seconds between the end of the last of those jobs, or the start of the run, and its start. */
  lagSeconds: number;
}

export interface JobGraph {
  jobs: ReadonlyMap<string, GraphJob>;
  /** The key of the job that ended the deployment. */
  last: string;
}

export const keyOf = ({ workflow, job }: Pick<GraphJob, 'workflow' | 'job'>): string => `${workflow}\n${job}`;

export const fileJobOf = ({ chain }: Pick<GraphJob, 'chain'>): FileJob | undefined => chain.at(-1);

/** Identifies a job in the files: the same for all jobs of a matrix. */
export const idOf = (job: Pick<GraphJob, 'workflow' | 'job' | 'chain'>): string =>
  job.chain.length === 0 ? keyOf(job) : [job.workflow, ...job.chain.map(({ id }) => id)].join('\n');

/** True if one change of a file changes both jobs: legs of one matrix, or one job of a workflow that is called more than once. */
export const isSameInFile = (a: GraphJob, b: GraphJob): boolean =>
  idOf(a) === idOf(b) || (a.chain.length > 1 && a.chain.at(-1) === b.chain.at(-1));

/**
 * @param path - the jobs on the critical path, in order. Each waited for the one before it, whatever the file says.
 */
export function graphOf(
  { run, upstream }: Pick<Pipeline, 'run' | 'upstream'>,
  path: readonly Job[],
  files: ReadonlyMap<string, FileJob[]>,
): JobGraph {
  const jobs = new Map<string, GraphJob>();
  const keyIn = (run: Run, { name }: Job) => keyOf({ workflow: run.workflow, job: name });
  const keys = new Map<Job, string>();
  let earlier: string[] = [];
  const runs = [run, ...upstream].toReversed();
  const start = seconds(runs[0]?.attemptStartedAt ?? run.attemptStartedAt);
  const ends = new Map<string, number>();
  for (const run of runs) {
    const ended = run.jobs.filter((job) => job.startedAt && job.completedAt && job.conclusion !== 'skipped');
    for (const job of ended) {
      keys.set(job, keyIn(run, job));
      ends.set(keyIn(run, job), job.completedAt ? seconds(job.completedAt) : 0);
    }
    for (const job of ended) {
      const began = job.startedAt ? seconds(job.startedAt) : 0;
      const file = run.file ?? '';
      const inFile = runJobsOf(files, file, job.name, run.event);
      const [place] = inFile.length === 1 ? inFile : [];
      const needs = place ? needsOf(files, file, job.name, run.event) : null;
      const before = ended.filter((other) => {
        if (other === job || !other.completedAt || seconds(other.completedAt) > began) return false;
        // Without a file, a job may have waited for every job that had ended.
        return needs ? needs.includes(other.name) : true;
      });
      const previous = path[path.indexOf(job) - 1];
      const waitedFor = new Set([
        ...(before.length > 0 ? before.map((other) => keyIn(run, other)) : earlier),
        ...(previous ? [keys.get(previous) ?? ''] : []),
      ]);
      // Two jobs of a run can have one name.
      const known = [...waitedFor].filter((key) => ends.has(key) && key !== keyIn(run, job));
      jobs.set(keyIn(run, job), {
        workflow: run.workflow,
        job: job.name,
        chain: place ? [...place.callers, place.job] : [],
        values: place?.values ?? {},
        needs: known,
        seconds: (ends.get(keyIn(run, job)) ?? began) - began,
        lagSeconds: began - Math.max(start, ...known.map((key) => ends.get(key) ?? 0)),
      });
    }
    earlier = ended.map((job) => keyIn(run, job));
  }
  return { jobs, last: path.length > 0 ? (keys.get(path.at(-1) as Job) ?? '') : '' };
}

export type Change = (job: GraphJob, graph: JobGraph) => GraphJob;

/** Seconds after the start of the run at which the deployment ends, if its jobs were changed. */
function endOf(graph: JobGraph, change: Change): number {
  const ends = new Map<string, number>();
  const end = (key: string): number => {
    const known = ends.get(key);
    if (known !== undefined) return known;
    // A cycle cannot run. Then nothing would be saved.
    ends.set(key, Number.POSITIVE_INFINITY);
    const job = graph.jobs.get(key);
    if (!job) return 0;
    const { needs, lagSeconds, seconds } = change(job, graph);
    const value = Math.max(0, ...needs.map(end)) + Math.max(0, lagSeconds) + seconds;
    ends.set(key, value);
    return value;
  };
  return end(graph.last);
}

/** Seconds that each deployment would have been live earlier. */
export const savings = (graphs: readonly JobGraph[], change: Change): number[] =>
  graphs.map((graph) => {
    const end = endOf(graph, (job) => job);
    return Number.isFinite(end) ? Math.max(0, end - endOf(graph, change)) : 0;
  });

export const savedBy = (graphs: readonly JobGraph[], change: Change): number =>
  graphs.length === 0 ? 0 : quantileOf(savings(graphs, change), 0.5);

/** Keys of the jobs that must end before a job can start. */
export function ancestorsOf({ jobs }: JobGraph, key: string): Set<string> {
  const all = new Set(jobs.get(key)?.needs ?? []);
  for (const needed of all) for (const other of jobs.get(needed)?.needs ?? []) all.add(other);
  return all;
}
