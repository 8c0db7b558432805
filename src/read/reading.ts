import type { OpenedRepository } from '../github/history/opening.ts';
import type { DeploymentFeed } from '../model/deployment-feed.ts';
import type {
  Commit,
  Deployment,
  Gap,
  Oid,
  PathFacts,
  PullRequest,
  RepositoryFacts,
} from '../model/facts.ts';
import type { BranchFacts } from '../model/mergesets.ts';
import type { Service } from '../model/service.ts';

/** Everything that a run has read so far. Needs find what is missing, and readers add it. */
export interface Reading {
  opened: OpenedRepository;
  services: readonly Service[];
  destinations: readonly Destination[];
  /** Names that the branch had before it was renamed. */
  formerNames: string[];
  /** Pull requests without a merge commit on GitHub, by the commit whose headline names them. */
  named: Map<Oid, PullRequest>;
  /** Deployed or parent commits that the repository no longer has. */
  gone: Set<Oid>;
  paths: PathFacts | null;
  /** Files of changes by merge commit, other than those read for the services' paths. */
  changedFiles: Map<Oid, readonly string[] | null>;
  /** Labels of pull requests by merge commit. */
  labels: Map<Oid, readonly string[]>;
  /** Parts that were missing in answers. */
  gaps: Gap[];
  /** Keys of answered requests, which are not made again. */
  answered: Set<string>;
}

/** A region of a service, or a stage before its regions. */
export interface Destination {
  service: Service;
  feed: DeploymentFeed;
  isStage: boolean;
}

/** A reading that only has the answer of the first request. */
export function emptyReading(
  opened: OpenedRepository,
  services: readonly Service[],
  destinations: readonly Destination[],
): Reading {
  return {
    opened,
    services,
    destinations,
    formerNames: [],
    named: new Map(),
    gone: new Set(),
    paths: null,
    changedFiles: new Map(),
    labels: new Map(),
    gaps: [],
    answered: new Set(),
  };
}

export function branchFactsOf({ opened: { history, baseBranch }, formerNames, named }: Reading): BranchFacts {
  return {
    commits: history.commits,
    tips: history.heads(),
    baseBranch,
    formerNames,
    pullRequestsByHeadline: named,
  };
}

/** Numbers of the pull requests that one of these commits merged. */
export const placedIn = (commits: Iterable<Commit>): Set<number> =>
  new Set(
    [...commits].flatMap((commit) =>
      (commit.pullRequests ?? [])
        .filter((pullRequest) => pullRequest.mergeCommit === commit.oid)
        .map((pullRequest) => pullRequest.number),
    ),
  );

/** The deployments of a destination, marked if their commits turned out to be gone. */
export function deploymentsOf({ gone }: Pick<Reading, 'gone'>, { feed }: Destination): readonly Deployment[] {
  if (!feed.items.some((item) => gone.has(item.sha) && item.commitExists)) return feed.items;
  return feed.items.map((item) => (gone.has(item.sha) ? { ...item, commitExists: false } : item));
}

/** True if the destination's deployments were read back to its first. */
export const goesBackToFirst = ({ feed }: Destination): boolean =>
  feed.complete && feed.isIdentified !== false;

export function repositoryFactsOf(reading: Reading, gaps: readonly Gap[]): RepositoryFacts {
  const { opened, paths, formerNames, named } = reading;
  return {
    ...branchFactsOf(reading),
    formerNames: [...formerNames],
    pullRequestsByHeadline: new Map(named),
    ...(paths ? { paths } : {}),
    repository: opened.repository,
    url: opened.url,
    gaps,
  };
}
