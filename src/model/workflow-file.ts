/** Jobs and steps of a workflow file. */

export interface FileStep {
  name: string | null;
  uses: string | null;
  run: string | null;
  with: Record<string, unknown>;
}

export interface FileJob {
  id: string;
  /** The name that a run shows. */
  name: string;
  needs: string[];
  environment: string | null;
  /** True if its environment records a deployment; not with `deployment: false`. */
  makesDeployment: boolean;
  matrix: boolean;
  /** True if a concurrency group, its own or the workflow's, lets one of several runs go on at a time. */
  isQueued: boolean;
  steps: FileStep[];
  /** True if it uses outputs or artifacts of earlier jobs. */
  takesFromOthers: boolean;
  /** The reusable workflow that it calls, as the file spells it; `null` if it has steps. */
  calls: string | null;
  /** Inputs of the reusable workflow. */
  passes?: Record<string, unknown>;
}

/** The job that a run shows as `name`, with or without the values of a matrix. */
export function jobNamed(jobs: readonly FileJob[], name: string): FileJob | undefined {
  return (
    jobs.find((job) => job.name === name || job.id === name) ??
    jobs.find((job) => name.startsWith(`${job.name} (`) || name.startsWith(`${job.id} (`)) ??
    jobs.find((job) => isFilledIn(job.name, name))
  );
}

/** True if a name is the template with its expressions replaced, as in `test ${{ matrix.os }}`. */
function isFilledIn(template: string, name: string): boolean {
  const parts = template.split(/\$\{\{.*?\}\}/);
  if (parts.length === 1 || parts.join('').trim() === '') return false;
  let at = 0;
  for (const [i, part] of parts.entries()) {
    const index = i === 0 ? (name.startsWith(part) ? 0 : -1) : name.indexOf(part, at);
    if (index < 0) return false;
    at = index + part.length;
  }
  return parts.at(-1) === '' || at === name.length;
}

/** The reusable workflows of the same repository that jobs call, without duplicates. */
export const calledBy = (jobs: readonly FileJob[]): string[] => [
  ...new Set(jobs.flatMap(({ calls }) => (calls?.startsWith('./') ? [calls.slice(2)] : []))),
];

/** Splits the name of a job in a reusable workflow, which a run shows as `caller / job`. */
export function callerOf(jobs: readonly FileJob[], name: string): { caller: FileJob; job: string } | null {
  const [, callerName = '', job = ''] = /^(.*?) \/ (.*)$/.exec(name) ?? [];
  const caller = callerName === '' ? undefined : jobNamed(jobs, callerName);
  return caller?.calls ? { caller, job } : null;
}

/** The job of a run in its workflow file, or in the reusable workflow's file. */
export function fileJobOf(files: ReadonlyMap<string, FileJob[]>, file: string, name: string): FileJob | null {
  const jobs = files.get(file) ?? [];
  const called = callerOf(jobs, name);
  const path = calledPath(called?.caller);
  if (called && files.has(path)) return fileJobOf(files, path, called.job);
  return jobNamed(jobs, name) ?? null;
}

/** The path of the reusable workflow that a job calls; empty if it calls none. */
export const calledPath = (caller: FileJob | undefined): string => caller?.calls?.replace(/^\.\//, '') ?? '';

/** The `needs` of a job, by the names that a run shows. */
export interface Needs {
  any: boolean;
  includes(name: string): boolean;
}

/**
 * The `needs` of a job according to its file. The first jobs of a reusable workflow inherit the needs of their caller.
 *
 * @returns `null` if the file was not read or does not contain the job.
 */
export function needsOf(files: ReadonlyMap<string, FileJob[]>, file: string, name: string): Needs | null {
  const jobs = files.get(file) ?? [];
  const called = callerOf(jobs, name);
  if (called) {
    const inner = needsOf(files, calledPath(called.caller), called.job);
    if (inner === null) return null;
    const includes = (other: string) => {
      const sibling = callerOf(jobs, other);
      return sibling?.caller === called.caller && inner.includes(sibling.job);
    };
    if (inner.any) return { any: true, includes };
  }
  const job = called?.caller ?? jobNamed(jobs, name);
  if (!job) return null;
  return {
    any: job.needs.length > 0,
    includes: (other) =>
      job.needs.includes((callerOf(jobs, other)?.caller ?? jobNamed(jobs, other))?.id ?? ''),
  };
}

/** The step that a run shows as `name`: its own name, or `Run` with the action or the first line of the script. */
export function stepNamed(job: FileJob, name: string): FileStep | undefined {
  const command = name.replace(/^Run /, '');
  return (
    job.steps.find((step) => step.name === name) ??
    job.steps.find((step) => step.uses === command || step.run?.split('\n')[0]?.trim() === command) ??
    job.steps.find((step) => step.name !== null && isFilledIn(step.name, name))
  );
}
