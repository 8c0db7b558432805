import type { Job, Pipeline } from '../model/pipeline.ts';
import type { Staged } from './stage-report.ts';
import { quantileOf } from '../model/survival.ts';
import { type FileJob, fileJobOf, type FileStep, stepNamed } from '../model/workflow-file.ts';

/** What is on the critical path of the window's deployments: jobs and steps, over all runs that have them. */

export interface Seen {
  seconds: number;
  run: number;
  url: string;
}

export interface PathStep {
  workflow: string;
  job: string;
  step: string;
  seen: Seen[];
  medianSeconds: number;
  /** Of all time from merge to live of the runs looked at. */
  share: number;
  fileJob: FileJob | null;
  fileStep: FileStep | null;
}

export interface PathJob {
  workflow: string;
  job: string;
  seen: Seen[];
  medianSeconds: number;
  share: number;
  /** How much earlier it could end before another job would hold the path, the median; `null`: nothing else would. */
  slackSeconds: number | null;
  fileJob: FileJob | null;
  /** The job before it on the path, in most runs. */
  after: string | null;
  isDeploy: boolean;
}

export interface CriticalPath {
  runs: number;
  jobs: PathJob[];
  steps: PathStep[];
}

/** What a path is read off. */
export type Travelled = Pick<Staged, 'pipeline' | 'segments' | 'leadTimeSeconds'>;

interface Visit {
  job: Job;
  from: number;
  to: number;
  after: string | null;
  isDeploy: boolean;
  slack: number | null;
  pipeline: Pipeline;
}

/** One path for each run: that of the change that took longest. */
export function criticalPath(
  staged: readonly Travelled[],
  files: ReadonlyMap<string, FileJob[]>,
): CriticalPath {
  const longest = new Map<number, Travelled>();
  for (const each of staged) {
    const run = each.pipeline?.run.id;
    if (run !== undefined && each.leadTimeSeconds > (longest.get(run)?.leadTimeSeconds ?? -1))
      longest.set(run, each);
  }
  const paths = [...longest.values()];
  const total = paths.reduce((sum, path) => sum + path.leadTimeSeconds, 0);
  const jobs = new Map<string, PathJob & { slacks: (number | null)[]; befores: (string | null)[] }>();
  const steps = new Map<string, PathStep>();

  for (const visit of paths.flatMap(visitsOf)) {
    const { job, pipeline } = visit;
    const run = [pipeline.run, ...pipeline.upstream].find((run) => run.jobs.includes(job)) ?? pipeline.run;
    const fileJob = fileJobOf(files, run.file ?? '', job.name);
    const seen = { run: run.id, url: `${run.url}/job/${job.id}` };
    const key = `${run.workflow}\n${job.name}`;
    const entry = jobs.get(key) ?? {
      workflow: run.workflow,
      job: job.name,
      seen: [],
      medianSeconds: 0,
      share: 0,
      slackSeconds: null,
      fileJob,
      after: visit.after,
      isDeploy: visit.isDeploy,
      slacks: [],
      befores: [],
    };
    entry.seen.push({ ...seen, seconds: visit.to - visit.from });
    entry.slacks.push(visit.slack);
    entry.befores.push(visit.after);
    jobs.set(key, entry);
    for (const step of inTurn(job.steps)) {
      const seconds = overlap(step.startedAt, step.completedAt, visit);
      if (seconds === null) continue;
      const stepKey = `${key}\n${step.name}`;
      const stat = steps.get(stepKey) ?? {
        workflow: run.workflow,
        job: job.name,
        step: step.name,
        seen: [],
        medianSeconds: 0,
        share: 0,
        fileJob,
        fileStep: fileJob ? (stepNamed(fileJob, step.name) ?? null) : null,
      };
      stat.seen.push({ ...seen, seconds });
      steps.set(stepKey, stat);
    }
  }
  const settle = <T extends { seen: Seen[]; medianSeconds: number; share: number }>(each: T): T => ({
    ...each,
    medianSeconds: quantileOf(
      each.seen.map((seen) => seen.seconds),
      0.5,
    ),
    share: total > 0 ? each.seen.reduce((sum, seen) => sum + seen.seconds, 0) / total : 0,
  });
  return {
    runs: paths.length,
    jobs: [...jobs.values()].map(({ slacks, befores, ...each }) => {
      const known = slacks.filter((slack) => slack !== null);
      const slackSeconds =
        known.length * 2 >= slacks.length && known.length > 0 ? quantileOf(known, 0.5) : null;
      return settle({ ...each, slackSeconds, after: mostFrequent(befores) });
    }),
    steps: [...steps.values()].map(settle),
  };
}

function visitsOf({ segments, pipeline }: Travelled): Visit[] {
  if (pipeline === null) return [];
  const all = [pipeline.run, ...pipeline.upstream].flatMap((run) => run.jobs);
  const named = segments.filter((segment) => segment.name !== null);
  const onPath = new Set(named.map((segment) => segment.name));
  return named.flatMap((segment, i) => {
    const job = all.find(
      (job) =>
        job.name === segment.name &&
        job.startedAt !== null &&
        Math.floor(job.startedAt.getTime() / 1000) <= segment.to &&
        (job.completedAt === null || Math.floor(job.completedAt.getTime() / 1000) >= segment.to),
    );
    if (!job) return [];
    // Another job that ended while this one ran would hold the path, were this one to end before it.
    const beside = all
      .filter((job) => !onPath.has(job.name) && job.conclusion !== 'skipped' && job.completedAt !== null)
      .map((job) => Math.floor((job.completedAt?.getTime() ?? 0) / 1000))
      .filter((end) => end > segment.from && end <= segment.to);
    const slack = beside.length > 0 ? segment.to - Math.max(...beside) : null;
    return [
      {
        job,
        from: segment.from,
        to: segment.to,
        after: named[i - 1]?.name ?? null,
        isDeploy: segment.stage === 'deploy',
        slack,
        pipeline,
      },
    ];
  });
}

/** Steps that run beside others hold nothing up but the last of them to end: the one that the others wait for. */
function inTurn(all: Job['steps']): Job['steps'] {
  const time = (date: Date | null) => date?.getTime() ?? 0;
  const steps = all.filter((step) => step.startedAt !== null && step.completedAt !== null);
  return steps.filter(
    (step, i) =>
      !steps.some(
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
  const start = Math.max(from, Math.floor(startedAt.getTime() / 1000));
  const end = Math.min(to, Math.floor(completedAt.getTime() / 1000));
  return end >= start ? end - start : null;
}

function mostFrequent(names: readonly (string | null)[]): string | null {
  const counts = new Map<string | null, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}
