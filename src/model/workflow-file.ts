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
  /** The names of what it takes from jobs before it: their outputs, their artifacts. */
  takesFromOthers: boolean;
}

/** The job of a file that a run calls `name`: by its name, or by it with a matrix's or a caller's additions. */
export function jobNamed(jobs: readonly FileJob[], name: string): FileJob | undefined {
  return (
    jobs.find((each) => each.name === name || each.id === name) ??
    jobs.find((each) => name.startsWith(`${each.name} (`) || name.startsWith(`${each.id} (`))
  );
}

/** The step of a job that a run calls `name`: its own name, or "Run" with the action or the first line of the script. */
export function stepNamed(job: FileJob, name: string): FileStep | undefined {
  const bare = name.replace(/^Run /, '');
  return (
    job.steps.find((each) => each.name === name) ??
    job.steps.find((each) => each.uses === bare || each.run?.split('\n')[0]?.trim() === bare)
  );
}
