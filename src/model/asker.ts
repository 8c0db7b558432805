/** Who asks: the job of a workflow, where it is one, and the moment. */
export interface Asker {
  /** Now, also where the question is about the past. */
  now: Date;
  /** The workflow run that asks; `null` outside of one, and where the question is about the past. */
  runId: number | null;
  /** The key of its job in the workflow's file. */
  job: string | null;
  /** The repository of the action that asks, `owner/name`; `null` where it is taken from the repository itself. */
  action: string | null;
}
