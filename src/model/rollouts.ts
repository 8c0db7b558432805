import type { Deployment, Oid, RolloutPart } from './facts.ts';
import { byCreation, outcomeOf } from './outcome.ts';
import { runOf } from './pipeline.ts';

/** A time after everything: what became of a deployment in the end. */
const AT_LAST = new Date(8.64e15);

/** The deployments that one run made of one commit, oldest first, for each run that made several. */
export function madeTogether(deployments: readonly Deployment[]): Deployment[][] {
  const groups = new Map<string, Deployment[]>();
  for (const each of deployments) {
    const run = runOf(each)?.run;
    if (run === undefined) continue;
    const key = `${run} ${each.sha}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].filter((each) => each.length > 1).map((group) => group.toSorted(byCreation));
}

/**
 * Whether the times alone say that these are parts of one attempt: all had begun before the first had ended, and all
 * succeeded. Otherwise one may be another's second attempt, and only their jobs' names tell.
 */
export function areSurelyParts(group: readonly Deployment[]): boolean {
  const ends = group.map((each) => outcomeOf(each, AT_LAST, null));
  return ends.every(
    (end) =>
      end?.outcome === 'success' &&
      end.succeededAt !== null &&
      group.every((each) => each.createdAt < (end.succeededAt ?? AT_LAST)),
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
    successes ??= deployments.flatMap((each) => {
      const at = successOf(each);
      return at ? [{ sha: each.sha, at }] : [];
    });
    return successes.some((each) => each.sha !== sha && each.at > from && each.at < to);
  };
  return [
    ...deployments.filter((each) => !grouped.has(each)),
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
  for (const each of group) {
    const job = jobOf(each);
    const current = rollouts.at(-1);
    const part = current && partFor(each, job, current, now);
    const wasLive = current ? liveSince(current, each.createdAt) : null;
    const isAgain =
      job === null
        ? wasLive !== null &&
          (each.createdAt.getTime() - wasLive.getTime() > SAME_ATTEMPT ||
            wasOtherLive(each.sha, wasLive, each.createdAt))
        : part !== undefined && wasLive !== null;
    if (!current || isAgain) rollouts.push([{ job, attempts: [each] }]);
    else if (part) part.attempts.push(each);
    else current.push({ job, attempts: [each] });
  }
  return rollouts.map(asOne);
}

function partFor(
  each: Deployment,
  job: string | null,
  parts: readonly OpenPart[],
  now: Date,
): OpenPart | undefined {
  if (job !== null) return parts.find((part) => part.job === job);
  return parts.find(({ attempts }) => {
    const last = attempts.at(-1) ?? each;
    const end = outcomeOf(last, AT_LAST, null);
    const isDead =
      end?.outcome === 'running' &&
      last.createdAt < each.createdAt &&
      now.getTime() - last.createdAt.getTime() > LONGEST_JOB;
    return isDead || (end?.outcome === 'failure' && end.at <= each.createdAt);
  });
}

const successOf = (each: Deployment): Date | null => {
  const end = outcomeOf(each, AT_LAST, null);
  return end?.outcome === 'success' ? end.at : null;
};

/** Since when all parts had succeeded, where they had by then; else `null`. */
function liveSince(parts: readonly OpenPart[], then: Date): Date | null {
  const times = parts.map(({ attempts }) =>
    Math.min(...attempts.map((each) => successOf(each)?.getTime() ?? Number.POSITIVE_INFINITY)),
  );
  const live = Math.max(...times);
  return live <= then.getTime() ? new Date(live) : null;
}

function asOne(parts: readonly RolloutPart[]): Deployment {
  const all = parts.flatMap((each) => each.attempts);
  const [only] = all;
  const newest = parts.at(-1)?.attempts.at(-1);
  if (!only || !newest || all.length === 1) return all[0] as Deployment;
  return {
    ...newest,
    createdAt: only.createdAt,
    statuses: all.flatMap((each) => each.statuses),
    failedInGuard: all.some((each) => each.failedInGuard),
    parts,
  };
}
