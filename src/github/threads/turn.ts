import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { GuardError } from '../../model/guard-error.ts';
import type { Repo } from '../repo.ts';

/** Lets runs of one workflow that start at the same moment create a text one after the other. */

/** The workflow run that asks. */
export interface RunInProgress {
  /** The path of its workflow file. */
  path: string;
  id: number;
  signal: AbortSignal;
  /** Milliseconds in which a run looks for a text and creates it. */
  pause: number;
}

const answer = v.object({
  workflow_runs: v.array(v.object({ id: v.number(), head_branch: v.nullable(v.string()) })),
});
/** A run waits for at most this many others. */
const MOST_RUNS = 5;

/**
 * Waits for each older run of the workflow that is in progress on the same branch. GitHub has no comment that is created only
 * if there is none, so the order of the runs decides which one creates it.
 *
 * @returns whether it waited, so that another run may have created the text.
 */
export async function waitForTurn(repo: Repo, { path, id, signal, pause }: RunInProgress): Promise<boolean> {
  try {
    const file = encodeURIComponent(path.slice(path.lastIndexOf('/') + 1));
    const { workflow_runs: runs } = await repo.get(
      `/actions/workflows/${file}/runs`,
      { status: 'in_progress', per_page: 100 },
      answer,
    );
    const own = runs.find((run) => run.id === id);
    const older = runs.filter((run) => run.id < id && run.head_branch === own?.head_branch);
    if (older.length === 0) return false;
    await sleep(pause * Math.min(older.length, MOST_RUNS), undefined, { signal });
    return true;
  } catch (error) {
    // Without the list (permission "actions: read"), the run that created the newer text deletes it.
    if (!(error instanceof GuardError) && !signal.aborted) throw error;
    return false;
  }
}
