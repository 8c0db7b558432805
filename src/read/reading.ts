import type { OpenedRepository } from '../github/history/opening.ts';
import type { DeploymentFeed } from '../model/deployment-feed.ts';
import type { Deployment, Gap, Oid, PathFacts, PullRequest, RepositoryFacts } from '../model/facts.ts';
import type { BranchFacts } from '../model/mergesets.ts';
import type { Unit } from '../model/unit.ts';

/** What a run has read so far. Needs look at it and say what is missing; readers add to it. */
export interface Reading {
  opened: OpenedRepository;
  services: readonly Unit[];
  places: readonly Place[];
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

/** Where a service is deployed to: one of its regions, or a stage before them. */
export interface Place {
  service: Unit;
  feed: DeploymentFeed;
  isStage: boolean;
}

/** A reading at its beginning: of what the first request brought. */
export function nothingRead(
  opened: OpenedRepository,
  services: readonly Unit[],
  places: readonly Place[],
): Reading {
  return {
    opened,
    services,
    places,
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

/** The deployments of a place; one of a commit that turned out to be gone says so. */
export function deploymentsOf({ gone }: Pick<Reading, 'gone'>, { feed }: Place): readonly Deployment[] {
  if (!feed.items.some((each) => gone.has(each.sha) && each.commitExists)) return feed.items;
  return feed.items.map((each) => (gone.has(each.sha) ? { ...each, commitExists: false } : each));
}

/** Whether a place's deployments go back to its first. */
export const goesBackToFirst = ({ feed }: Place): boolean => feed.complete && feed.isIdentified !== false;

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
