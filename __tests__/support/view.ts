import type { History } from '../../src/github/history/history.ts';
import type { OpenedRepository } from '../../src/github/history/opening.ts';
import type { Commit, Deployment, Oid } from '../../src/model/facts.ts';
import type { Service } from '../../src/model/service.ts';
import { emptyReading, type Destination } from '../../src/read/reading.ts';
import { type View, viewOf } from '../../src/read/view.ts';
import { at } from './facts.ts';

/** A view written by hand. Times are seconds after noon. */
export interface ViewByHand {
  /** The commits that were read. The last one is the tip of main. */
  commits: readonly Commit[];
  deployments?: readonly Deployment[];
  from: number;
  to: number;
  /** How far back main was read. Defaults to the start of the window. */
  readTo?: number;
  /** Seconds between two commits of main. */
  pace?: number;
  /** Commit dates of parents that were not read. */
  unread?: Record<Oid, number>;
  /** Keys of requests that were made. */
  requested?: readonly string[];
  /** Commits from which the walk has continued. */
  lookedBelow?: readonly Oid[];
}

export function viewByHand({ commits, deployments = [], from, to, ...more }: ViewByHand): View {
  const { readTo = from, pace = 60, unread = {}, requested = [], lookedBelow = [] } = more;
  const byOid = new Map(commits.map((commit) => [commit.oid, commit]));
  const tip = commits.at(-1)?.oid ?? '';
  const history: Pick<
    History,
    | 'commits'
    | 'pullRequestsWithoutMergeCommit'
    | 'readTo'
    | 'pace'
    | 'oldestPace'
    | 'pagesTo'
    | 'heads'
    | 'dateOf'
  > = {
    commits: byOid,
    pullRequestsWithoutMergeCommit: new Map(),
    readTo: at(readTo),
    pace: pace * 1000,
    oldestPace: pace * 1000,
    pagesTo: (since) => (at(readTo).getTime() - since.getTime()) / (pace * 1000 * 100),
    heads: () => [tip],
    dateOf: (oid) => byOid.get(oid)?.committedAt ?? (oid in unread ? at(unread[oid] ?? 0) : undefined),
  };
  const service = { environment: 'production', countDirectPushes: false, paths: null } as unknown as Service;
  const destination: Destination = {
    service,
    isStage: false,
    feed: { items: deployments, complete: true, readTo: new Date(0), next: async () => {} },
  };
  const opened = { history, baseBranch: 'main' } as unknown as OpenedRepository;
  const reading = emptyReading(opened, [service], [destination]);
  const window = { from: at(from), to: at(to) };
  return viewOf(
    reading,
    { ...window, runId: null, withLabels: false },
    {
      lookedBelow: new Map(lookedBelow.length > 0 ? [[destination, new Set(lookedBelow)]] : []),
      isAsked: (key) => requested.includes(key),
      isGivenUp: () => false,
      hasNoDeployments: () => deployments.length === 0,
    },
  );
}
