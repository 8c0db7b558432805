import type { World, WorldDeployment, WorldPull } from '../../src/fake-github/world.ts';

export interface Known {
  /** The deployment that shipped each pull request of the window, and the seconds since the merge. */
  changes: Map<number, { deployment: number | null; seconds: number | null }>;
  /** Numbers of the pull requests that each success in the window shipped. */
  shipped: Map<number, number[]>;
}

/** A commit that servers began to run. */
export interface LiveVersion {
  /** Id of the deployment, or of the run without one. */
  id: number;
  sha: string;
  /** When its deployment was created, and when the servers ran it, in milliseconds. */
  created: number;
  at: number;
}

/** The right answers if the records of the environment show what its servers ran. */
export const knownAnswers = (world: World, environment: string, from: number, to: number): Known =>
  answersOfServers(world, rolloutsIn(world, environment), from, to);

/**
 * The right answers, computed from the complete history without regard to speed. A pull request goes live with the first
 * version that contains its merge commit or a cherry-pick of it, or at once if its branch was live at the merge.
 */
export function answersOfServers(
  world: World,
  versions: readonly LiveVersion[],
  from: number,
  to: number,
): Known {
  const ancestors = ancestorsIn(world);
  const successes = versions
    .filter((version) => version.at <= to)
    .sort((a, b) => a.at - b.at || a.created - b.created || a.id - b.id)
    .map((version) => ({ ...version, contained: ancestors(version.sha) }));
  const merged = world.pulls.filter(
    (pull) => pull.mergedAt && Date.parse(pull.mergedAt) <= to && pull.base === world.defaultBranch,
  );
  const onBranch = ancestors(world.head);
  const elsewhere = world.commits.filter((commit) => !onBranch.has(commit.oid));
  const byOid = new Map(world.commits.map((commit) => [commit.oid, commit]));
  /** Cherry-picks of a commit on other branches. */
  const picksOf = (oid: string) => {
    const original = byOid.get(oid);
    return elsewhere.filter(
      (commit) =>
        commit.message.includes(`(cherry picked from commit ${oid})`) ||
        (commit.authoredDate === original?.authoredDate &&
          commit.author === original.author &&
          commit.message.split('\n')[0] === original.message.split('\n')[0]),
    );
  };

  const shippedBy = new Map<number, { id: number; at: number; isFirst: boolean; isNew: boolean }>();
  for (const pull of merged) {
    const mergedAt = Date.parse(pull.mergedAt ?? '');
    const oid = pull.mergeCommit ?? '';
    const picks = hasOneCommit(pull) ? picksOf(oid) : [];
    const first = successes.find((success) => success.contained.has(oid));
    const before = successes.findLast((success) => success.at <= mergedAt);
    const wasLive =
      before?.contained.has(pull.commits.at(-1) ?? '') ||
      picks.some((pick) => before?.contained.has(pick.oid));
    const picked = successes.find(
      (success) => success.at >= mergedAt && picks.some((pick) => success.contained.has(pick.oid)),
    );
    const record = (by: NonNullable<typeof first>, at: number, isNew: boolean) =>
      shippedBy.set(pull.number, { id: by.id, at, isFirst: isNew && by === successes[0], isNew });
    if (first && first.at <= mergedAt) record(first, mergedAt, true);
    else if (before && wasLive) record(before, mergedAt, false);
    else if (picked && (!first || successes.indexOf(picked) < successes.indexOf(first)))
      record(picked, picked.at, true);
    else if (first) record(first, first.at, true);
  }
  const shipped = new Map<number, number[]>();
  successes.forEach((success, i) => {
    if (i === 0 || success.at < from) return;
    const pulls = merged.filter((pull) => {
      const by = shippedBy.get(pull.number);
      return by?.isNew && by.id === success.id;
    });
    shipped.set(
      success.id,
      pulls.map((pull) => pull.number).sort((a, b) => a - b),
    );
  });

  const changes: Known['changes'] = new Map();
  for (const pull of merged) {
    const mergedAt = Date.parse(pull.mergedAt ?? '');
    if (mergedAt < from) continue;
    const by = shippedBy.get(pull.number);
    changes.set(pull.number, {
      deployment: by?.id ?? null,
      seconds: by && !by.isFirst ? Math.max(0, (by.at - mergedAt) / 1000) : null,
    });
  }
  return { changes, shipped };
}

/** A function that finds a commit and everything that it contains. */
export function ancestorsIn({ commits }: World): (tip: string) => Set<string> {
  const parents = new Map(commits.map((commit) => [commit.oid, commit.parents]));
  return (tip) => {
    const oids = new Set<string>();
    const open = [tip];
    for (let oid = open.pop(); oid !== undefined; oid = open.pop()) {
      if (oids.has(oid) || !parents.has(oid)) continue;
      oids.add(oid);
      open.push(...(parents.get(oid) ?? []));
    }
    return oids;
  };
}

/** True unless the merge commit is the last of several rebased commits. */
function hasOneCommit({ commits, mergeCommit }: WorldPull): boolean {
  return commits.length === 1 || !commits.includes(mergeCommit ?? '');
}

/** Rollouts of one run. A rollout is live when the last of its jobs has its first success. */
function rolloutsIn(world: World, environment: string): LiveVersion[] {
  const groups = new Map<string, WorldDeployment[]>();
  for (const deployment of world.deployments) {
    if (deployment.environment !== environment) continue;
    const run = /runs\/(\d+)/.exec(deployment.statuses[0]?.logUrl ?? '')?.[1];
    const key = run ?? `alone ${deployment.id}`;
    groups.set(key, [...(groups.get(key) ?? []), deployment]);
  }
  return [...groups.values()].flatMap((group) => {
    const jobs = new Map<string, WorldDeployment[]>();
    const inOrder = group.toSorted(
      (a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt) || a.id - b.id,
    );
    for (const deployment of inOrder) {
      const name = jobName(world, deployment);
      jobs.set(name, [...(jobs.get(name) ?? []), deployment]);
    }
    const parts = [...jobs.values()];
    const times = parts.map((attempts) =>
      Math.min(
        ...attempts.flatMap((attempt) =>
          attempt.statuses
            .filter((status) => status.state === 'SUCCESS')
            .map((status) => Date.parse(status.createdAt)),
        ),
      ),
    );
    const last = parts.at(-1)?.at(-1);
    const at = Math.max(...times);
    if (!last || !Number.isFinite(at)) return [];
    return [{ id: last.id, sha: last.sha, created: Date.parse(inOrder[0]?.createdAt ?? ''), at }];
  });
}

function jobName(world: World, { id, statuses }: WorldDeployment): string {
  const job = Number(/job\/(\d+)/.exec(statuses[0]?.logUrl ?? '')?.[1] ?? -1);
  const named = world.runs?.flatMap((run) => run.jobs).find((other) => other.id === job);
  return named?.name ?? `alone ${id}`;
}
