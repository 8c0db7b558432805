import { containedCommits, firstParents } from '../model/commit-graph.ts';
import type { Oid, RepositoryFacts } from '../model/facts.ts';
import { pullRequestNumberIn } from '../model/headline.ts';
import type { Outcome } from '../model/outcome.ts';
import type { CherryPicks } from './cherry-picks.ts';

/** A pull request that was merged into the deployed branch without a change of the base branch. */
export interface Hotfix {
  number: number;
  branch: string;
  mergedAt: Date;
}

/**
 * Pull requests that were merged straight into the branches that were deployed, in the order of success. Promotions of the
 * base branch and cherry-picks from it are not among them: their changes count.
 *
 * Only deployed commits were read with their pull requests. The headlines of those in between name theirs.
 *
 * @param branch - every commit of the base branch.
 * @param numbers - the pull requests of the base branch.
 */
export function hotfixesIn(
  { commits }: Pick<RepositoryFacts, 'commits'>,
  shipments: readonly Outcome[],
  branch: ReadonlySet<Oid>,
  { mergesetsIn }: CherryPicks,
  numbers: ReadonlySet<number | null>,
): Hotfix[] {
  const visited = new Set<Oid>();
  const hotfixes = new Map<number, Hotfix>();
  for (const { deployment } of shipments) {
    // Down to the base branch, or to what was deployed before.
    const line = firstParents(commits, deployment.sha, (oid) => branch.has(oid) || visited.has(oid));
    containedCommits(commits, line.at(-1)?.parents.slice(0, 1) ?? [deployment.sha], visited);
    // The branch of a commit without a known pull request is that of a later one.
    let into = '';
    const merges = line.map((commit) => {
      into = commit.mergedElsewhere?.branch ?? into;
      return { commit, branch: into };
    });
    for (const merge of merges.toReversed()) {
      const { commit } = merge;
      let isOfBase = false;
      containedCommits(commits, [commit.oid], visited, (brought) => {
        isOfBase ||= branch.has(brought.oid) || mergesetsIn(brought).length > 0;
      });
      const number = commit.mergedElsewhere?.number ?? pullRequestNumberIn(commit.headline);
      if (isOfBase || number === null || merge.branch === '' || numbers.has(number)) continue;
      hotfixes.set(number, { number, branch: merge.branch, mergedAt: commit.committedAt });
    }
  }
  return [...hotfixes.values()];
}
