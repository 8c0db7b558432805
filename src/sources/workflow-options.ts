/** Which runs of a workflow count as deployments. */
export interface WorkflowOptions {
  file: string;
  /** The job whose success is the deployment; `null`: the run's success is. */
  job: string | null;
  /** The events whose runs count; `null`: all but runs of unmerged pull requests. */
  events: readonly string[] | null;
}
