/** Which runs of a workflow are a deploy. */
export interface WorkflowOptions {
  file: string;
  /** The job whose success is the deploy; `null`: the whole run's. */
  job: string | null;
  /** The events whose runs are a deploy; `null`: all that can be. */
  events: readonly string[] | null;
}
