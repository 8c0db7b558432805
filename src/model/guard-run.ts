/** The workflow job that runs the guard, and the time. */
export interface GuardRun {
  /** The current time, even if `as-of` is in the past. */
  now: Date;
  /** The workflow run; `null` outside of a workflow, or if `as-of` is in the past. */
  runId: number | null;
  /** The job's key in the workflow file. */
  job: string | null;
  /** The action's repository, `owner/name`; `null` if the workflow uses a local action. */
  action: string | null;
}
