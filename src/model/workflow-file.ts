/** What a workflow file says of its jobs and steps, as far as a rule asks. */

export interface FileStep {
  name: string | null;
  uses: string | null;
  run: string | null;
  with: Record<string, unknown>;
}

export interface FileJob {
  id: string;
  /** What a run's page shows. */
  name: string;
  needs: string[];
  environment: string | null;
  /** Whether its environment records a deployment: `deployment: false` lets it record none. */
  makesDeployment: boolean;
  matrix: boolean;
  steps: FileStep[];
  /** Whether it takes something from jobs before it: their outputs, their artifacts. */
  takesFromOthers: boolean;
  /** The workflow that it calls, as the file names it; `null`: it has steps of its own. */
  calls: string | null;
}

/** The job of a file that a run calls `name`: by its name, or by it with a matrix's or a caller's additions. */
export function jobNamed(jobs: readonly FileJob[], name: string): FileJob | undefined {
  return (
    jobs.find((job) => job.name === name || job.id === name) ??
    jobs.find((job) => name.startsWith(`${job.name} (`) || name.startsWith(`${job.id} (`)) ??
    jobs.find((job) => isFilledIn(job.name, name))
  );
}

/** Whether a name is another with its expressions filled in: `test ${{ matrix.os }}`. */
function isFilledIn(template: string, name: string): boolean {
  const parts = template.split(/\$\{\{.*?\}\}/);
  if (parts.length === 1 || parts.join('').trim() === '') return false;
  let at = 0;
  for (const [i, part] of parts.entries()) {
    const found = i === 0 ? (name.startsWith(part) ? 0 : -1) : name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return parts.at(-1) === '' || at === name.length;
}

/** The files of the same repository that jobs call, each once. */
export const calledBy = (jobs: readonly FileJob[]): string[] => [
  ...new Set(jobs.flatMap(({ calls }) => (calls?.startsWith('./') ? [calls.slice(2)] : []))),
];

/** Of a called workflow a run shows `caller / job`: the job that calls, and what is called there. */
export function callerOf(jobs: readonly FileJob[], name: string): { caller: FileJob; job: string } | null {
  for (const [, caller = '', job = ''] of [/^(.*?) \/ (.*)$/.exec(name) ?? []]) {
    const found = caller === '' ? undefined : jobNamed(jobs, caller);
    if (found?.calls) return { caller: found, job };
  }
  return null;
}

/** What the files say of a job of a run; of a called workflow's job, what that one's file says. */
export function fileJobOf(files: ReadonlyMap<string, FileJob[]>, file: string, name: string): FileJob | null {
  const jobs = files.get(file) ?? [];
  const called = callerOf(jobs, name);
  const path = calledPath(called?.caller);
  if (called && files.has(path)) return fileJobOf(files, path, called.job);
  return jobNamed(jobs, name) ?? null;
}

const calledPath = (caller: FileJob | undefined): string => caller?.calls?.replace(/^\.\//, '') ?? '';

/** What a job of a run needs, by the names that the run shows. */
export interface Needs {
  any: boolean;
  includes(name: string): boolean;
}

/**
 * What a job needs by its file. The first jobs of a called workflow need what the job needs that calls it.
 *
 * @returns `null` where the file was not read, or does not have the job.
 */
export function needsOf(files: ReadonlyMap<string, FileJob[]>, file: string, name: string): Needs | null {
  const jobs = files.get(file) ?? [];
  const called = callerOf(jobs, name);
  if (called) {
    const inner = needsOf(files, calledPath(called.caller), called.job);
    if (inner === null) return null;
    const includes = (other: string) => {
      const beside = callerOf(jobs, other);
      return beside?.caller === called.caller && inner.includes(beside.job);
    };
    if (inner.any) return { any: true, includes };
  }
  const own = called?.caller ?? jobNamed(jobs, name);
  if (!own) return null;
  return {
    any: own.needs.length > 0,
    includes: (other) =>
      own.needs.includes((callerOf(jobs, other)?.caller ?? jobNamed(jobs, other))?.id ?? ''),
  };
}

/** The step of a job that a run calls `name`: its own name, or "Run" with the action or the first line of the script. */
export function stepNamed(job: FileJob, name: string): FileStep | undefined {
  const bare = name.replace(/^Run /, '');
  return (
    job.steps.find((step) => step.name === name) ??
    job.steps.find((step) => step.uses === bare || step.run?.split('\n')[0]?.trim() === bare) ??
    job.steps.find((step) => step.name !== null && isFilledIn(step.name, name))
  );
}
