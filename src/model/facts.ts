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
  /** The last commit of its own branch; `null` where that is not known. */
  head: Oid | null;
  /** The name of its own branch. */
  headName: string;
  /** When the oldest of its own commits was authored. */
  firstCommitAt: Date | null;
}

export interface Commit {
  oid: Oid;
  /** In order: the first parent is the branch that was merged into. */
  parents: Oid[];
  committedAt: Date;
  authoredAt: Date | null;
  /** The name that the commit gives its author; with the author date and the headline it stays when a commit is picked. */
  authorName: string | null;
  /** What its files are, all together; `null` where it was not asked. */
  tree: Oid | null;
  headline: string;
  /** The commits that its message says it was picked from. */
  pickedFrom: Oid[];
  /** Of a commit that put a pull request on another branch than the base branch: that one's head, which it carries. */
  promotes: Oid | null;
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
  /** GitHub's number for it, the run's id, or the release's tag; of several parts, that of the last that was made. */
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
  /** What GitHub calls what it was made from: a branch's or a tag's name, where it still has one. */
  ref?: string | null;
  /** Whether GitHub still has all of its statuses: then one that shows no success had none. */
  hasAllStatuses?: boolean;
  /** Whether it is known to be of another job than the one that asks, although of the same run. */
  isOfAnotherJob?: boolean;
  /** A configuration declares it, and nothing proves that it runs. */
  declared?: boolean;
  /** Its job failed, and in nothing but the guard's own step: the success among its statuses is the step's before that. */
  failedInGuard?: boolean;
  /** Several jobs of one run that put one commit into one environment together: a rollout. None for a plain deployment. */
  parts?: readonly RolloutPart[];
  /** Of parts that are regions: live with the first of them, or with the last. With the last where it is not said. */
  liveWith?: 'first' | 'last';
}

/** What one job of a rollout deploys. */
export interface RolloutPart {
  /** The job's name; `null` where it is not known. */
  job: string | null;
  /** Oldest first; more than one where it was tried again. */
  attempts: readonly Deployment[];
}

/** Something that is worth knowing about the answer, although nothing is missing. */
export interface Remark {
  what: string;
  /** What that means for the numbers, or what would change it. */
  consequence: string;
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
  /** Names that the base branch had before it was renamed: what was merged into them was merged into it. */
  formerNames?: readonly string[];
  /** Pull requests that GitHub does not link with a commit of the base branch, by the commit whose headline names them. */
  named?: ReadonlyMap<Oid, PullRequest>;
  /** What tells which mergesets concern which paths; `undefined`: nobody asked. */
  paths?: PathFacts;
  gaps: readonly Gap[];
}

/** What was read to tell which mergesets concern which paths. */
export interface PathFacts {
  /** Paths whose entries were asked. */
  paths: readonly string[];
  /** By commit: each path's entry, in their order; `null`: there is none. */
  entries: ReadonlyMap<Oid, readonly (string | null)[]>;
  /** By mergeset's commit: the files that it changed, where patterns ask for them; `null`: not all are known. */
  files: ReadonlyMap<Oid, readonly string[] | null>;
}

/** An environment that a change goes through before the one that is judged. */
export interface StageFacts extends ServiceFacts {
  name: string;
}

/** What a unit's source told of its deployments. */
export interface ServiceFacts {
  deployments: readonly Deployment[];
  /** Whether `deployments` goes back to the environment's first. */
  deploymentsComplete: boolean;
  /** The environment as GitHub spells it, where that is not how it was asked for. */
  environment?: string | null;
  gaps: readonly Gap[];
  remarks?: readonly Remark[];
  /** Names of the regions that its deployments are put together of; none where there is one environment. */
  regions?: readonly string[];
  /** In order. */
  stages?: readonly StageFacts[];
}
