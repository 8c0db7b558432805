import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { GuardError } from '../../model/guard-error.ts';
import type { GitHub } from '../client.ts';
import { type RepositoryName, repoOf } from '../repo.ts';

/** Lets runs of one workflow that start at the same moment create a text one after the other. */

/** The workflow run that asks; without a workflow or a run, there are no others. */
export interface Asker {
  workflow: (RepositoryName & { path: string }) | null;
  runId: number | null;
  signal: AbortSignal;
  /** Whether GitHub is a server on this machine, which answers ten times as fast. */
  isLocal: boolean;
  /** Set by the first call. A run waits once. */
  hadTurn: boolean;
}

const answer = v.object({
  workflow_runs: v.array(v.object({ id: v.number(), head_branch: v.nullable(v.string()) })),
});
/** A run waits for at most this many others. */
const MOST_RUNS = 5;
/** Milliseconds in which a run looks for a text and creates it. */
const PAUSE = 2000;

/**
 * Waits for each older run of the workflow that is in progress on the same branch. GitHub cannot create a comment only if there
 * is none, so the order of the runs decides which one creates it.
 *
 * @returns whether it waited, so that another run may have created the text.
 */
export async function takeTurn(github: GitHub, asker: Asker): Promise<boolean> {
  const { workflow, runId, signal, isLocal, hadTurn } = asker;
  if (hadTurn || workflow === null || runId === null) return false;
  asker.hadTurn = true;
  try {
    const file = encodeURIComponent(workflow.path.slice(workflow.path.lastIndexOf('/') + 1));
    const { workflow_runs: runs } = await repoOf(github, workflow).get(
      `/actions/workflows/${file}/runs`,
      { status: 'in_progress', per_page: 100 },
      answer,
    );
    const own = runs.find((run) => run.id === runId);
    const older = runs.filter((run) => run.id < runId && run.head_branch === own?.head_branch);
    if (older.length === 0) return false;
    const pauses = Math.min(older.length, MOST_RUNS);
    await sleep((pauses * PAUSE) / (isLocal ? 10 : 1), undefined, { signal });
    return true;
  } catch (error) {
    // Without the list (permission "actions: read"), the run that created the newer text deletes it.
    if (!(error instanceof GuardError) && !signal.aborted) throw error;
    return false;
  }
}
