import type { OpenedRepository } from '../github/history/opening.ts';
import type { DeploymentFeed } from '../model/deployment-feed.ts';
import type { Deployment, Gap, Oid, PathFacts, PullRequest, RepositoryFacts } from '../model/facts.ts';
import type { BranchFacts } from '../model/mergesets.ts';
import type { Service } from '../model/service.ts';

/** What a run has read so far. Needs look at it and say what is missing; readers add to it. */
export interface Reading {
  opened: OpenedRepository;
  services: readonly Service[];
  destinations: readonly Destination[];
  /** Names that the branch had before. */
  formerNames: string[];
  /** Pull requests that GitHub does not link with a commit, by the commit whose headline names them. */
  named: Map<Oid, PullRequest>;
  /** Commits that are named somewhere and that the repository no longer has. */
  gone: Set<Oid>;
  paths: PathFacts | null;
  /** Files of changes that were asked for beside the services' paths. */
  changedFiles: Map<Oid, readonly string[] | null>;
  /** Labels of pull requests, by the commit that merged them. */
  labels: Map<Oid, readonly string[]>;
  /** What answers lacked, although they came. */
  gaps: Gap[];
  /** Keys of requests that were answered. None of them is made again. */
  answered: Set<string>;
}

/** A region that a service is deployed to, or a stage before its regions. */
export interface Destination {
  service: Service;
  feed: DeploymentFeed;
  isStage: boolean;
}

/** A reading at its beginning: of what the first request brought. */
export function nothingRead(
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

/** What the branch consists of, as far as it was read. */
export function branchFactsOf({ opened: { history, baseBranch }, formerNames, named }: Reading): BranchFacts {
  return { commits: history.commits, tips: history.tips(), baseBranch, formerNames, named };
}

/** The deployments of a destination; one of a commit that turned out to be gone says so. */
export function deploymentsOf({ gone }: Pick<Reading, 'gone'>, { feed }: Destination): readonly Deployment[] {
  if (!feed.items.some((item) => gone.has(item.sha) && item.commitExists)) return feed.items;
  return feed.items.map((item) => (gone.has(item.sha) ? { ...item, commitExists: false } : item));
}

/** True if a destination's deployments go back to its first. */
export const goesBackToFirst = ({ feed }: Destination): boolean =>
  feed.complete && feed.isIdentified !== false;

/** The repository's part of the facts. */
export function repositoryFactsOf(reading: Reading, gaps: readonly Gap[]): RepositoryFacts {
  const { opened, paths, formerNames, named } = reading;
  return {
    ...branchFactsOf(reading),
    formerNames: [...formerNames],
    named: new Map(named),
    ...(paths ? { paths } : {}),
    repository: opened.repository,
    url: opened.url,
    gaps,
  };
}
