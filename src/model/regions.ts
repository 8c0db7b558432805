import { contained } from './commit-graph.ts';
import type { Commit, Deployment, Oid, RolloutPart } from './facts.ts';
import { byCreation, bySuccess, type Outcome, outcomeOf, successes } from './outcome.ts';
import type { Window } from './terms.ts';

/** One of several environments that one service is deployed to. */
export interface Region {
  name: string;
  deployments: readonly Deployment[];
}

export interface Together {
  /** One rollout for each commit and turn, with what became of it in each region as its parts; newest first. */
  deployments: Deployment[];
  /** Regions that nothing was deployed to in the window, and that were behind before it: they are left out. */
  retired: string[];
}

/** A time after everything: what became of a deployment in the end. */
const AT_LAST = new Date(8.64e15);

/**
 * Puts the regions of one service together: what they deploy of one commit is one rollout.
 *
 * With `first` it is live with the first region that has it. With `last` it is live when every region in use has it, or a
 * commit that contains it: a region that skips a commit has it with the next. A region is in use from its first success
 * on. One that nothing was deployed to in the window, and that had not got what was live elsewhere before it, is retired.
 */
export function together(
  commits: ReadonlyMap<Oid, Commit>,
  regions: readonly Region[],
  live: 'first' | 'last',
  { from, to }: Window,
  runId: number | null,
): Together {
  const told = regions.map((region) => {
    const won = successes(region.deployments, to, runId);
    return { ...region, won, holders: holdersIn(commits, won) };
  });
  const before = told
    .flatMap(({ won }) => won.filter((outcome) => outcome.at < from))
    .sort(bySuccess)
    .at(-1);
  const active = told.filter(
    ({ won, deployments, holders }) =>
      won.some((outcome) => outcome.at >= from) ||
      deployments.some((deployment) => deployment.createdAt >= from && deployment.createdAt <= to) ||
      (won.length > 0 && before !== undefined && holders.has(before.deployment.sha)),
  );
  const inUse = active.length > 0 ? active : told;
  const retired = told
    .filter((each) => !inUse.includes(each) && each.won.length > 0)
    .map((each) => each.name);
  const isRequired = (i: number, at: Date) => {
    const first = inUse[i]?.won[0];
    return first !== undefined && first.deployment.createdAt <= at;
  };

  const rollouts = rolloutsIn(inUse).map((parts): Deployment => {
    const all = [...parts.values()].flat().sort(byCreation);
    const [oldest] = all;
    const newest = all.at(-1);
    if (!oldest || !newest) throw new RangeError('a rollout of nothing');
    const made: RolloutPart[] = inUse.flatMap(({ name }, i) => {
      const own = parts.get(name) ?? [];
      const required = isRequired(i, newest.createdAt);
      const held = required || own.length > 0 ? inUse[i]?.holders.get(oldest.sha) : undefined;
      if (live === 'first') return own.length > 0 ? [{ job: name, attempts: own }] : [];
      const attempts = held && !own.includes(held) ? [...own, held] : own;
      if (attempts.length > 0) return [{ job: name, attempts }];
      return required ? [{ job: name, attempts: [awaited(oldest)] }] : [];
    });
    return {
      ...newest,
      createdAt: oldest.createdAt,
      statuses: all.flatMap((deployment) => deployment.statuses),
      failedInGuard: all.some((deployment) => deployment.failedInGuard),
      parts: made,
      liveWith: live,
    };
  });
  return { deployments: rollouts.sort((a, b) => byCreation(b, a)), retired };
}

/** Of each commit that a region has had, the first success that contains it. */
function holdersIn(commits: ReadonlyMap<Oid, Commit>, won: readonly Outcome[]): Map<Oid, Deployment> {
  const known = new Set<Oid>();
  const first = new Map<Oid, Deployment>();
  for (const { deployment } of won) {
    if (!first.has(deployment.sha)) first.set(deployment.sha, deployment);
    contained(commits, [deployment.sha], known, ({ oid }) => {
      if (!first.has(oid)) first.set(oid, deployment);
    });
  }
  return first;
}

/** By region, the attempts of each rollout: those of one commit, until one region begins again after it had succeeded. */
function rolloutsIn(regions: readonly Region[]): Map<string, Deployment[]>[] {
  const all = regions
    .flatMap(({ name, deployments }) => deployments.map((deployment) => ({ name, deployment })))
    .sort((a, b) => byCreation(a.deployment, b.deployment));
  const rollouts: Map<string, Deployment[]>[] = [];
  const open = new Map<Oid, Map<string, Deployment[]>[]>();
  for (const { name, deployment } of all) {
    const ofCommit = open.get(deployment.sha) ?? [];
    open.set(deployment.sha, ofCommit);
    const lacking = ofCommit.find((each) => !hasIt(each.get(name), deployment));
    if (lacking) lacking.set(name, [...(lacking.get(name) ?? []), deployment]);
    else {
      const rollout = new Map([[name, [deployment]]]);
      ofCommit.push(rollout);
      rollouts.push(rollout);
    }
  }
  return rollouts;
}

/** Whether a region had succeeded with the commit before this deployment of it was made. */
function hasIt(attempts: readonly Deployment[] = [], next: Deployment): boolean {
  return attempts.some((attempt) => {
    const end = outcomeOf(attempt, AT_LAST, null);
    return end?.outcome === 'success' && end.at <= next.createdAt;
  });
}

/** What a region that is in use has not begun yet. */
const awaited = (of: Deployment): Deployment => ({
  ...of,
  state: 'QUEUED',
  statuses: [],
  url: null,
  failedInGuard: false,
});
