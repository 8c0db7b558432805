import type { Deployment, Oid, RolloutPart } from './facts.ts';
import { byCreation, outcomeOf } from './outcome.ts';
import { runOf } from './pipeline.ts';

/** A time after everything: what became of a deployment in the end. */
const AT_LAST = new Date(8.64e15);

/** The deployments that one run made of one commit, oldest first, for each run that made several. */
export function madeTogether(deployments: readonly Deployment[]): Deployment[][] {
  const groups = new Map<string, Deployment[]>();
  for (const deployment of deployments) {
    const run = runOf(deployment)?.run;
    if (run === undefined) continue;
    const key = `${run} ${deployment.sha}`;
    groups.set(key, [...(groups.get(key) ?? []), deployment]);
  }
  return [...groups.values()].filter((group) => group.length > 1).map((group) => group.toSorted(byCreation));
}

/**
 * Whether the times alone say that these are parts of one attempt: all had begun before the first had ended, and all
 * succeeded. Otherwise one may be another's second attempt, and only their jobs' names tell.
 */
export function areSurelyParts(group: readonly Deployment[]): boolean {
  const ends = group.map((deployment) => outcomeOf(deployment, AT_LAST, null));
  return ends.every(
    (end) =>
      end?.outcome === 'success' &&
      end.succeededAt !== null &&
      group.every((deployment) => deployment.createdAt < (end.succeededAt ?? AT_LAST)),
  );
}

/** A job ends after six hours at most on GitHub's own machines: one that has no end by then is dead. In milliseconds. */
const LONGEST_JOB = 6 * 3_600_000;
/** A job of the same attempt begins within so many milliseconds of the one that it waits for. */
const SAME_ATTEMPT = 3_600_000;

/**
 * Puts together what belongs together: the jobs of one run that put one commit into one environment are one rollout.
 * A job of a name that the rollout has already is that part tried again; after the rollout was live, it begins another
 * one (a run that is made again to roll back).
 *
 * Where the job is not known, times tell: what comes after a failure, or after one that never ended, is that tried again;
 * what comes more than an hour after a success, or after another commit was live, is another rollout; anything else is a
 * part of its own.
 *
 * @param jobOf - the name of the job that made a deployment; `null` where it is not known.
 */
export function rolloutsOf(
  deployments: readonly Deployment[],
  jobOf: (deployment: Deployment) => string | null,
  now: Date,
): Deployment[] {
  const inGroups = madeTogether(deployments);
  const grouped = new Set(inGroups.flat());
  let successes: { sha: Oid; at: Date }[] | null = null;
  const wasOtherLive = (sha: Oid, from: Date, to: Date): boolean => {
    successes ??= deployments.flatMap((deployment) => {
      const at = successOf(deployment);
      return at ? [{ sha: deployment.sha, at }] : [];
    });
    return successes.some((success) => success.sha !== sha && success.at > from && success.at < to);
  };
  return [
    ...deployments.filter((deployment) => !grouped.has(deployment)),
    ...inGroups.flatMap((group) => rolloutsIn(group, jobOf, now, wasOtherLive)),
  ].sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
}

interface OpenPart {
  job: string | null;
  attempts: Deployment[];
}

function rolloutsIn(
  group: readonly Deployment[],
  jobOf: (deployment: Deployment) => string | null,
  now: Date,
  wasOtherLive: (sha: Oid, from: Date, to: Date) => boolean,
): Deployment[] {
  const rollouts: OpenPart[][] = [];
  for (const deployment of group) {
    const job = jobOf(deployment);
    const current = rollouts.at(-1);
    const part = current && partFor(deployment, job, current, now);
    const wasLive = current ? liveSince(current, deployment.createdAt) : null;
    const isAgain =
      job === null
        ? wasLive !== null &&
          (deployment.createdAt.getTime() - wasLive.getTime() > SAME_ATTEMPT ||
            wasOtherLive(deployment.sha, wasLive, deployment.createdAt))
        : part !== undefined && wasLive !== null;
    if (!current || isAgain) rollouts.push([{ job, attempts: [deployment] }]);
    else if (part) part.attempts.push(deployment);
    else current.push({ job, attempts: [deployment] });
  }
  return rollouts.map(asOne);
}

function partFor(
  deployment: Deployment,
  job: string | null,
  parts: readonly OpenPart[],
  now: Date,
): OpenPart | undefined {
  if (job !== null) return parts.find((part) => part.job === job);
  return parts.find(({ attempts }) => {
    const last = attempts.at(-1) ?? deployment;
    const end = outcomeOf(last, AT_LAST, null);
    const isDead =
      end?.outcome === 'running' &&
      last.createdAt < deployment.createdAt &&
      now.getTime() - last.createdAt.getTime() > LONGEST_JOB;
    return isDead || (end?.outcome === 'failure' && end.at <= deployment.createdAt);
  });
}

const successOf = (deployment: Deployment): Date | null => {
  const end = outcomeOf(deployment, AT_LAST, null);
  return end?.outcome === 'success' ? end.at : null;
};

/** Since when all parts had succeeded, where they had by then; else `null`. */
function liveSince(parts: readonly OpenPart[], then: Date): Date | null {
  const times = parts.map(({ attempts }) =>
    Math.min(...attempts.map((attempt) => successOf(attempt)?.getTime() ?? Number.POSITIVE_INFINITY)),
  );
  const live = Math.max(...times);
  return live <= then.getTime() ? new Date(live) : null;
}

function asOne(parts: readonly RolloutPart[]): Deployment {
  const all = parts.flatMap((part) => part.attempts);
  const [only] = all;
  const newest = parts.at(-1)?.attempts.at(-1);
  if (!only || !newest || all.length === 1) return all[0] as Deployment;
  return {
    ...newest,
    createdAt: only.createdAt,
    statuses: all.flatMap((deployment) => deployment.statuses),
    failedInGuard: all.some((deployment) => deployment.failedInGuard),
    parts,
  };
}
