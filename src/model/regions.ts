import { containedCommits } from './commit-graph.ts';
import type { Commit, Deployment, IdleRegion, Oid, RolloutPart, Remark } from './facts.ts';
import {
  byCreation,
  bySuccess,
  finalOutcome,
  type Outcome,
  outcomesOf,
  partsOf,
  successes,
} from './outcome.ts';
import type { Window } from './terms.ts';

/** An environment of a service that has several. */
export interface Region {
  name: string;
  deployments: readonly Deployment[];
}

export interface CombinedRegions {
  /** One rollout for each time that a commit was deployed, newest first. Its parts are the regions. */
  deployments: Deployment[];
  /** Names of regions that are no longer in use. They are ignored. */
  retired: string[];
  /** Regions in use that get no deployments any more. */
  idle: IdleRegion[];
}

/**
 * Combines the regions of a service: their deployments of one commit are one rollout.
 *
 * With `first`, a rollout is live with its first region. With `last`, it is live when every region in use has the commit
 * or a later one that contains it. A region is in use from its first success on. It is retired if nothing was deployed
 * to it in the window and it did not have the commit that was live elsewhere at the start of the window. It is idle if
 * nothing was deployed to it since another was deployed twice.
 */
export function combineRegions(
  commits: ReadonlyMap<Oid, Commit>,
  regions: readonly Region[],
  live: 'first' | 'last',
  { from, to }: Window,
  runId: number | null,
): CombinedRegions {
  const candidates = regions.map(({ name, deployments: ofRegion }) => {
    const deployments = withLateMarks(ofRegion, to, runId);
    const succeeded = successes(deployments, to, runId);
    return { name, deployments, succeeded, firstWith: firstDeploymentsWith(commits, succeeded) };
  });
  const before = candidates
    .flatMap(({ succeeded }) => succeeded.filter((outcome) => outcome.at < from))
    .sort(bySuccess)
    .at(-1);
  const active = candidates.filter(
    ({ succeeded, deployments, firstWith }) =>
      succeeded.some((outcome) => outcome.at >= from) ||
      deployments.some((deployment) => deployment.createdAt >= from && deployment.createdAt <= to) ||
      (succeeded.length > 0 && before !== undefined && firstWith.has(before.deployment.sha)),
  );
  const inUse = active.length > 0 ? active : candidates;
  const retired = candidates
    .filter((region) => !inUse.includes(region) && region.succeeded.length > 0)
    .map(({ name }) => name);
  const idle = live === 'last' ? idleRegions(inUse, to) : [];
  const isIdle = (name: string | null) => idle.some((region) => region.name === name);
  const isRequired = ({ succeeded: [first] }: (typeof inUse)[number], at: Date) =>
    first !== undefined && first.deployment.createdAt <= at;

  const rollouts = rolloutsIn(inUse).map((attemptsIn): Deployment => {
    const deployments = [...attemptsIn.values()].flat().sort(byCreation);
    const [oldest] = deployments;
    const newest = deployments.at(-1);
    if (!oldest || !newest) throw new RangeError('a rollout has at least one deployment');
    const parts = inUse.flatMap((region): RolloutPart[] => {
      const { name: job, firstWith } = region;
      const attempts = attemptsIn.get(job) ?? [];
      if (live === 'first') return attempts.length > 0 ? [{ job, attempts }] : [];
      const required = isRequired(region, newest.createdAt);
      // A region that skipped the commit has it with the next one.
      const first = required || attempts.length > 0 ? firstWith.get(oldest.sha) : undefined;
      if (first && !attempts.includes(first)) return [{ job, attempts: [...attempts, first] }];
      if (attempts.length > 0) return [{ job, attempts }];
      return required ? [{ job, attempts: [awaited(oldest)] }] : [];
    });
    const { mayBeOlder: _, ...known } = newest;
    const rollout: Deployment = {
      ...known,
      createdAt: oldest.createdAt,
      statuses: deployments.flatMap((deployment) => deployment.statuses),
      failedInGuard: deployments.some((deployment) => deployment.failedInGuard),
      parts,
      liveWith: live,
    };
    const mayBeOlder = doubtIn(rollout, to, runId);
    if (mayBeOlder) rollout.mayBeOlder = mayBeOlder;
    const open =
      idle.length === 0 ? [] : partsOf(rollout, to, runId).filter((part) => part.outcome !== 'success');
    const waitsForIdleRegions =
      open.length > 0 && open.every((part) => part.deployment.isAwaited && isIdle(part.job));
    return waitsForIdleRegions ? { ...rollout, waitsForIdleRegions } : rollout;
  });
  return { deployments: rollouts.sort((a, b) => byCreation(b, a)), retired, idle };
}

/** Says of each deployment that was marked failed too late to matter that it was. A rollout does not have those after it. */
function withLateMarks(deployments: readonly Deployment[], to: Date, runId: number | null): Deployment[] {
  const late = outcomesOf(deployments, to, runId).filter(({ revoked }) => revoked?.wasReplaced);
  const ids = new Set(late.map(({ deployment }) => deployment.id));
  return deployments.map((deployment) =>
    ids.has(deployment.id) ? { ...deployment, wasReplaced: true } : deployment,
  );
}

/** Why a rollout may be of an older commit: the doubt about any region that it needs to be live. */
function doubtIn(rollout: Deployment, to: Date, runId: number | null): Deployment['mayBeOlder'] {
  const { parts = [], liveWith } = rollout;
  if (!parts.some(({ attempts }) => attempts.some(({ mayBeOlder }) => mayBeOlder))) return undefined;
  const outcomes = partsOf(rollout, to, runId);
  const first = outcomes.filter(({ outcome }) => outcome === 'success').sort(bySuccess)[0];
  const needed = liveWith === 'first' && first ? [first] : outcomes;
  const doubts = needed.map(({ deployment }) => deployment.mayBeOlder);
  return doubts.find((doubt) => doubt === 'input') ?? doubts.find((doubt) => doubt !== undefined);
}

/** Successes of another region without a deployment in between that make a region idle. */
const IDLE_AFTER = 2;

function idleRegions(
  regions: readonly (Region & { succeeded: readonly Outcome[] })[],
  to: Date,
): IdleRegion[] {
  return regions.flatMap(({ name, deployments, succeeded }) => {
    const last = deployments
      .filter(({ createdAt }) => createdAt <= to)
      .toSorted(byCreation)
      .at(-1);
    if (last === undefined || succeeded.length === 0) return [];
    const isLater = ({ deployment }: Outcome) => deployment.createdAt > last.createdAt;
    // The same commit again, or the one that this region has, is not a new rollout.
    const countOf = (outcomes: readonly Outcome[]) =>
      new Set(
        outcomes
          .filter(isLater)
          .map((outcome) => outcome.deployment.sha)
          .filter((sha) => sha !== last.sha),
      ).size;
    const isPassed = regions.some((other) => countOf(other.succeeded) >= IDLE_AFTER);
    return isPassed ? [{ name, since: last.createdAt }] : [];
  });
}

/** The first successful deployment that contains a commit, by commit. */
function firstDeploymentsWith(
  commits: ReadonlyMap<Oid, Commit>,
  succeeded: readonly Outcome[],
): Map<Oid, Deployment> {
  const visited = new Set<Oid>();
  const first = new Map<Oid, Deployment>();
  for (const { deployment } of succeeded) {
    if (!first.has(deployment.sha)) first.set(deployment.sha, deployment);
    containedCommits(commits, [deployment.sha], visited, ({ oid }) => {
      if (!first.has(oid)) first.set(oid, deployment);
    });
  }
  return first;
}

/** The rollouts, as attempts by region. A commit's next rollout begins when a region deploys it again after a success. */
function rolloutsIn(regions: readonly Region[]): Map<string, Deployment[]>[] {
  const ordered = regions
    .flatMap(({ name, deployments }) => deployments.map((deployment) => ({ name, deployment })))
    .sort((a, b) => byCreation(a.deployment, b.deployment));
  const rollouts: Map<string, Deployment[]>[] = [];
  const open = new Map<Oid, Map<string, Deployment[]>[]>();
  for (const { name, deployment } of ordered) {
    const ofCommit = open.get(deployment.sha) ?? [];
    open.set(deployment.sha, ofCommit);
    const current = ofCommit.find((rollout) => !hadSucceeded(rollout.get(name), deployment));
    if (current) current.set(name, [...(current.get(name) ?? []), deployment]);
    else {
      const rollout = new Map([[name, [deployment]]]);
      ofCommit.push(rollout);
      rollouts.push(rollout);
    }
  }
  return rollouts;
}

/** True if an attempt had succeeded before the next deployment was created. */
function hadSucceeded(attempts: readonly Deployment[] = [], next: Deployment): boolean {
  return attempts.some((attempt) => {
    const end = finalOutcome(attempt);
    return end?.outcome === 'success' && end.at <= next.createdAt;
  });
}

/** The deployment of a commit that a region has not started yet. */
const awaited = (deployment: Deployment): Deployment => ({
  ...deployment,
  state: 'QUEUED',
  statuses: [],
  url: null,
  failedInGuard: false,
  isAwaited: true,
});

/** Remarks or gaps of several regions. One run may deploy to several, so that all have the same. */
export const distinct = <T extends Remark>(texts: readonly T[]): T[] => [
  ...new Map(texts.map((text) => [text.what, text])).values(),
];
