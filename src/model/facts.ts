/** What GitHub says happened, before anything is concluded from it. Instants are `Date`s; ids are GitHub's. */

export type Oid = string;

export interface Person {
  /** The GitHub login, or the name in the commit where no account is known. */
  login: string;
  /** Whether it is an account that no person reads for: a bot, or what is left of a person who moved on. */
  isBot: boolean;
}

export interface PullRequest {
  number: number;
  title: string;
  url: string;
  author: Person | null;
  mergedAt: Date;
  /** The branch that it was merged into. */
  base: string;
  /** The commit that put it there: the merge or squash commit, or the last one of a rebase. */
  mergeCommit: Oid;
  /** When the oldest of its own commits was authored. */
  firstCommitAt: Date | null;
}

export interface Commit {
  oid: Oid;
  /** In order: the first parent is the branch that was merged into. */
  parents: Oid[];
  committedAt: Date;
  headline: string;
  author: Person | null;
  url: string;
  /** The merged pull requests that it belongs to, or `null` where they were not asked for. */
  pullRequests: PullRequest[] | null;
}

export type DeploymentState =
  | 'ABANDONED'
  | 'ACTIVE'
  | 'DESTROYED'
  | 'ERROR'
  | 'FAILURE'
  | 'INACTIVE'
  | 'IN_PROGRESS'
  | 'PENDING'
  | 'QUEUED'
  | 'SUCCESS'
  | 'WAITING';

export interface DeploymentStatus {
  state: DeploymentState;
  createdAt: Date;
  logUrl: string | null;
}

/** One attempt to put one commit into one environment. A workflow run and a release are told in the same words. */
export interface Deployment {
  /** GitHub's number for it, the run's id, or the release's tag. */
  id: number | string;
  sha: Oid;
  /** `false` where the repository no longer has the commit. */
  commitExists: boolean;
  createdAt: Date;
  /** What it is now; the statuses say how it came to be. */
  state: DeploymentState;
  /** In no particular order, and perhaps only the youngest: GitHub keeps them for 90 days. */
  statuses: DeploymentStatus[];
  creator: Person | null;
  /** The event that started it, where that is known. */
  trigger: string | null;
  url: string | null;
}

/** Something the answer depends on that could not be read. */
export interface Gap {
  what: string;
  consequence: string;
  /** Whether the verdict could be wrong because of it. */
  verdictAtRisk: boolean;
}

/** The history of a base branch: the repository's, read once for all that ask about it. */
export interface RepositoryFacts {
  /** `owner/name` as GitHub spells it today. */
  repository: string;
  url: string;
  baseBranch: string;
  /** The tip of the base branch; for a question about the past, the newest commits of that time that are on it now. */
  tips: readonly Oid[];
  /** Every commit that was read: the base branch back to what was live before the window, and what deployments stand on. */
  commits: ReadonlyMap<Oid, Commit>;
  gaps: readonly Gap[];
}

/** What a unit's source told of its deployments. */
export interface UnitFacts {
  deployments: readonly Deployment[];
  /** Whether `deployments` goes back to the environment's first. */
  deploymentsComplete: boolean;
  gaps: readonly Gap[];
}
