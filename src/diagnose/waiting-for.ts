import type { Hold, RunNow } from '../model/pipeline.ts';
import type { WAITS } from '../model/terms.ts';

/** What a change that is not live waits for, from the runs of its commit as they are now. */

export interface Wait {
  kind: (typeof WAITS)[number];
  run: Pick<RunNow, 'id' | 'url'> | null;
  reviewers: string[];
  failedAt: string | null;
  next: Pick<RunNow, 'id' | 'url'> | null;
}

export interface RunsOfChange {
  /** The runs of its merge commit. */
  own: readonly RunNow[];
  /** Runs of newer commits, which deploy it, too. */
  newer: readonly RunNow[];
  /** The run of the running deployment that contains it, if it is known. */
  deploying: RunNow | null;
  /** Whether a run's workflow is known to deploy. */
  deploys: (run: RunNow) => boolean;
  /** The wait that the protection rules of a run show, if that was read. */
  holdOf: (run: RunNow) => Hold | undefined;
}

/** Longest time between the end of a run and the creation of the run that replaced it, in milliseconds. */
const REPLACED_WITHIN = 15_000;

const NOTHING = { run: null, reviewers: [], failedAt: null, next: null };
const FAILED = new Set(['failure', 'timed_out', 'startup_failure']);
/** Obstacles that somebody can remove. */
const REMOVABLE = new Set<Wait['kind']>(['approval', 'wait-timer', 'protection-rule', 'runner', 'failure']);

export function waitOf({ own, newer, deploying, deploys, holdOf }: RunsOfChange): Wait {
  const newest = (runs: readonly RunNow[]) => runs.toSorted(byCreation).at(-1);
  const run = newest(own.filter(deploys));
  const next =
    deploying ?? newest(newer.filter((other) => deploys(other) && (!run || other.createdAt > run.createdAt)));
  const nextWait = next && next.id !== run?.id ? waitOfRun(next, holdOf) : null;
  const wait = run ? waitOfRun(run, holdOf) : null;
  if (nextWait && next && (wait === null || REMOVABLE.has(nextWait.kind) || deploying !== null))
    return wait?.kind === 'cancelled' && nextWait.kind === 'running' ? withNext(wait, run, next) : nextWait;
  if (wait !== null)
    return next && nextWait && (wait.kind === 'cancelled' || wait.kind === 'failure')
      ? withNext(wait, run, next)
      : wait;
  const failed = newest(own.filter(({ conclusion }) => FAILED.has(conclusion ?? '')));
  return {
    ...NOTHING,
    kind: 'not-started',
    ...(failed ? { run: linkOf(failed), failedAt: failed.failedAt } : {}),
  };
}

function withNext(wait: Wait, run: RunNow | undefined, next: RunNow): Wait {
  const isReplaced = wait.kind === 'cancelled' && run !== undefined && isReplacedBy(run, next);
  return { ...wait, kind: isReplaced ? 'replaced' : wait.kind, next: linkOf(next) };
}

/** Whether a run's concurrency group cancelled it when another run came. */
function isReplacedBy({ jobs }: RunNow, { createdAt }: RunNow): boolean {
  const ends = jobs.flatMap(({ completedAt }) => completedAt?.getTime() ?? []);
  // A run that never started has no job.
  return ends.length === 0 || Math.abs(createdAt.getTime() - Math.max(...ends)) <= REPLACED_WITHIN;
}

/** The cause of a run's wait; `null` if it ended without an obstacle. */
function waitOfRun(run: RunNow, holdOf: RunsOfChange['holdOf']): Wait | null {
  const wait = (kind: Wait['kind'], more: Partial<Wait> = {}): Wait => ({
    ...NOTHING,
    kind,
    run: linkOf(run),
    ...more,
  });
  if (isHeld(run)) {
    const { reviewers = [], hasTimer = false } = holdOf(run) ?? {};
    if (reviewers.length > 0) return wait('approval', { reviewers });
    return wait(hasTimer ? 'wait-timer' : 'protection-rule');
  }
  if (run.status !== 'completed') {
    const open = run.jobs.filter(({ status }) => status !== 'completed');
    if (open.some(({ status }) => status === 'in_progress')) return wait('running');
    if (open.some(({ status }) => status === 'queued')) return wait('runner');
    return wait(run.status === 'pending' || open.length > 0 ? 'concurrency' : 'running');
  }
  if (FAILED.has(run.conclusion ?? '')) return wait('failure', { failedAt: run.failedAt });
  return run.conclusion === 'cancelled' ? wait('cancelled') : null;
}

/** Whether the protection rules of an environment hold a run. */
export const isHeld = ({ status, jobs }: RunNow): boolean =>
  status !== 'completed' && [status, ...jobs.map((job) => job.status)].includes('waiting');

const linkOf = ({ id, url }: RunNow): Pick<RunNow, 'id' | 'url'> => ({ id, url });

const byCreation = (a: RunNow, b: RunNow): number =>
  a.createdAt.getTime() - b.createdAt.getTime() || a.id - b.id;
