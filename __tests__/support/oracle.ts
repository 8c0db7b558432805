import type { World } from '../../src/fake-github/world.ts';

export interface Known {
  /** For each pull request merged in the window: which deployment shipped it, and after how many seconds. */
  changes: Map<number, { deployment: number | null; seconds: number | null }>;
  /** For each success in the window: the pull requests that it shipped, by number. */
  shipped: Map<number, number[]>;
}

/**
 * The right answers, worked out with everything at hand and no thought for speed: for each success in order, every
 * pull request whose merge commit is among its ancestors and was among no earlier success's.
 */
export function knownAnswers(world: World, environment: string, from: number, to: number): Known {
  const parents = new Map(world.commits.map((each) => [each.oid, each.parents]));
  const ancestors = (tip: string) => {
    const found = new Set<string>();
    const open = [tip];
    for (let oid = open.pop(); oid !== undefined; oid = open.pop()) {
      if (found.has(oid) || !parents.has(oid)) continue;
      found.add(oid);
      open.push(...(parents.get(oid) ?? []));
    }
    return found;
  };
  const successes = world.deployments
    .filter((each) => each.environment === environment)
    .flatMap((each) => {
      const first = each.statuses.find((one) => one.state === 'SUCCESS');
      return first
        ? [
            {
              id: each.id,
              sha: each.sha,
              created: Date.parse(each.createdAt),
              at: Date.parse(first.createdAt),
            },
          ]
        : [];
    })
    .filter((each) => each.at <= to)
    .sort((a, b) => a.at - b.at || a.created - b.created || a.id - b.id);
  const merged = world.pulls.filter(
    (each) => each.mergedAt && Date.parse(each.mergedAt) <= to && each.base === world.defaultBranch,
  );

  const shippedBy = new Map<number, { id: number; at: number; seed: boolean }>();
  const shipped = new Map<number, number[]>();
  successes.forEach((success, i) => {
    const contained = ancestors(success.sha);
    const fresh = merged.filter(
      (each) => contained.has(each.mergeCommit ?? '') && !shippedBy.has(each.number),
    );
    for (const each of fresh) shippedBy.set(each.number, { id: success.id, at: success.at, seed: i === 0 });
    if (i > 0 && success.at >= from)
      shipped.set(
        success.id,
        fresh.map((each) => each.number).sort((a, b) => a - b),
      );
  });

  const changes: Known['changes'] = new Map();
  for (const each of merged) {
    const mergedAt = Date.parse(each.mergedAt ?? '');
    if (mergedAt < from) continue;
    const by = shippedBy.get(each.number);
    changes.set(each.number, {
      deployment: by?.id ?? null,
      seconds: by && !by.seed ? Math.max(0, (by.at - mergedAt) / 1000) : null,
    });
  }
  return { changes, shipped };
}
