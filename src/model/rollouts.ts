import type { Deployment, Oid, RolloutPart } from './facts.ts';
import { byCreation, finalOutcome } from './outcome.ts';
import { runOf } from './pipeline.ts';

/** Groups of several deployments that one run made of one commit, each oldest first. */
export function deploymentsByRun(deployments: readonly Deployment[]): Deployment[][] {
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
 * True if the times prove that a group is one attempt: all deployments started before the first one ended, and all
 * succeeded. Otherwise one may be a retry of another, and the names of their jobs are needed.
 */
export function areProvedParts(group: readonly Deployment[]): boolean {
  const lastStart = Math.max(...group.map((deployment) => deployment.createdAt.getTime()));
  return group.map(finalOutcome).every((end) => end?.succeededAt && end.succeededAt.getTime() > lastStart);
}

/** Milliseconds. GitHub-hosted runners stop a job after six hours, so an older one without an end is dead. */
const LONGEST_JOB = 6 * 3_600_000;
/** Milliseconds between the end of a job and the start of the next one in the same attempt, at most. */
const SAME_ATTEMPT = 3_600_000;

/**
 * Combines the deployments that one run made of one commit into rollouts. A second deployment by the same job is a retry
 * of that part. After the rollout was live, it starts another rollout, such as a re-run that rolls back.
 *
 * If the job is unknown, the times decide. A deployment after a failure, or after one that never ended, is a retry. More
 * than an hour after a success, or after another commit was live, it is another rollout. Otherwise it is another part.
 *
 * @param jobOf - the name of the job that made a deployment; `null` if unknown.
 */
export function rolloutsOf(
  deployments: readonly Deployment[],
  jobOf: (deployment: Deployment) => string | null,
  now: Date,
): Deployment[] {
  const groups = deploymentsByRun(deployments);
  const grouped = new Set(groups.flat());
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
    ...groups.flatMap((group) => rolloutsIn(group, jobOf, now, wasOtherLive)),
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
  return rollouts.map(combined);
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
    const end = finalOutcome(last);
    const isDead =
      end?.outcome === 'running' &&
      last.createdAt < deployment.createdAt &&
      now.getTime() - last.createdAt.getTime() > LONGEST_JOB;
    return isDead || (end?.outcome === 'failure' && end.at <= deployment.createdAt);
  });
}

const successOf = (deployment: Deployment): Date | null => {
  const end = finalOutcome(deployment);
  return end?.outcome === 'success' ? end.at : null;
};

/** When the last part succeeded; `null` if not all had succeeded by `then`. */
function liveSince(parts: readonly OpenPart[], then: Date): Date | null {
  const times = parts.map(({ attempts }) =>
    Math.min(...attempts.map((attempt) => successOf(attempt)?.getTime() ?? Number.POSITIVE_INFINITY)),
  );
  const live = Math.max(...times);
  return live <= then.getTime() ? new Date(live) : null;
}

function combined(parts: readonly RolloutPart[]): Deployment {
  const deployments = parts.flatMap((part) => part.attempts);
  const [first] = deployments;
  const newest = parts.at(-1)?.attempts.at(-1);
  if (!first || !newest || deployments.length === 1) return deployments[0] as Deployment;
  return {
    ...newest,
    createdAt: first.createdAt,
    statuses: deployments.flatMap((deployment) => deployment.statuses),
    failedInGuard: deployments.some((deployment) => deployment.failedInGuard),
    parts,
  };
}
