import type { Deployment, RolloutPart } from './facts.ts';
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

/**
 * Puts together what belongs together: the jobs of one run that put one commit into one environment are one rollout.
 * A job of a name that the rollout has already is that part tried again; after the rollout was live, it begins another
 * one (a run that is made again to roll back).
 *
 * @param jobOf - the name of the job that made a deployment; `null` where it is not known: then one that comes after a
 *   failure is taken as that tried again, and any other as a part of its own.
 */
export function rolloutsOf(
  deployments: readonly Deployment[],
  jobOf: (deployment: Deployment) => string | null,
): Deployment[] {
  const inGroups = madeTogether(deployments);
  const grouped = new Set(inGroups.flat());
  return [
    ...deployments.filter((each) => !grouped.has(each)),
    ...inGroups.flatMap((group) => rolloutsIn(group, jobOf)),
  ].sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
}

interface OpenPart {
  job: string | null;
  attempts: Deployment[];
}

function rolloutsIn(
  group: readonly Deployment[],
  jobOf: (deployment: Deployment) => string | null,
): Deployment[] {
  const rollouts: OpenPart[][] = [];
  for (const each of group) {
    const job = jobOf(each);
    const current = rollouts.at(-1);
    const part = current && partFor(each, job, current);
    if (!current || (part && isLiveBefore(current, each.createdAt)))
      rollouts.push([{ job, attempts: [each] }]);
    else if (part) part.attempts.push(each);
    else current.push({ job, attempts: [each] });
  }
  return rollouts.map(asOne);
}

function partFor(each: Deployment, job: string | null, parts: readonly OpenPart[]): OpenPart | undefined {
  if (job !== null) return parts.find((part) => part.job === job);
  return parts.find(({ attempts }) => {
    const end = outcomeOf(attempts.at(-1) ?? each, AT_LAST, null);
    return end?.outcome === 'failure' && end.at <= each.createdAt;
  });
}

/** Whether all parts had succeeded by then. */
function isLiveBefore(parts: readonly OpenPart[], then: Date): boolean {
  return parts.every(({ attempts }) =>
    attempts.some((each) => {
      const end = outcomeOf(each, AT_LAST, null);
      return end?.outcome === 'success' && end.at <= then;
    }),
  );
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
