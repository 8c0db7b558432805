/** Data from GitHub, before any conclusion. Instants are `Date`s and ids are GitHub's. */

export type Oid = string;

export interface Person {
  /** The GitHub login, or the name in the commit if there is no account. */
  login: string;
  /** True if no person uses the account: a bot, or the placeholder of a former user. */
  isBot: boolean;
}

export interface PullRequest {
  number: number;
  title: string;
  url: string;
  author: Person | null;
  mergedAt: Date;
  base: string;
  /** The merge commit, the squash commit, or the last commit of a rebase. */
  mergeCommit: Oid;
  /** The last commit of its own branch; `null` if unknown. */
  head: Oid | null;
  headName: string;
  /** The oldest author date of its commits up to the merge. */
  firstCommitAt: Date | null;
}

export interface Commit {
  oid: Oid;
  /** The first parent is the branch that was merged into. */
  parents: Oid[];
  committedAt: Date;
  authoredAt: Date | null;
  /** Together with the author date and the headline, this name survives a cherry-pick. */
  authorName: string | null;
  /** Hash of all its files; `null` if it was not read. */
  tree: Oid | null;
  headline: string;
  /** Commits that its message names as the origin of a cherry-pick. */
  pickedFrom: Oid[];
  /** Head of the pull request that this commit merged into another branch than the base branch. */
  promotes: Oid | null;
  /** The pull request that it merged into another branch than the base branch. Read for deployed commits only. */
  mergedElsewhere?: { number: number; branch: string } | null;
  author: Person | null;
  url: string;
  /** Merged pull requests that contain it; `null` if they were not read. */
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

/** One attempt to deploy a commit to an environment. Workflow runs and releases are converted to this form. */
export interface Deployment {
  /** The deployment's id, the run's id or the release's tag; for a rollout, the id of its newest part. */
  id: number | string;
  sha: Oid;
  /** The commit of the run that made it, if that run may have checked out another one, which was looked for. */
  runSha?: Oid;
  /** Why an older commit may have been deployed: an input named it, or GitHub recorded a newer one of the branch. */
  mayBeOlder?: 'input' | 'branch';
  /** `false` if the repository no longer has the commit. */
  commitExists: boolean;
  createdAt: Date;
  /** The current state; the statuses are its history. */
  state: DeploymentState;
  /** Unordered. GitHub keeps statuses for 90 days, so old ones may be missing. */
  statuses: DeploymentStatus[];
  /** When the attempt that succeeded began, if it was not the first of its run. */
  restartedAt?: Date;
  creator: Person | null;
  trigger: string | null;
  url: string | null;
  /** Name of the deployed branch or tag, if it still exists. */
  ref?: string | null;
  /** True if GitHub still has all its statuses, so that one without a success never succeeded. */
  hasAllStatuses?: boolean;
  /** True if another job of the guard's own run made it. */
  isOfAnotherJob?: boolean;
  /** A configuration file declares it, but nothing proves that it is live. */
  declared?: boolean;
  /** The push of its commit to the base branch started its run, and the first attempt succeeded. Only read for the first success. */
  isOfOwnPush?: boolean;
  /** An application controller, such as Argo CD, made it. The attempts of its only part are all deployments of its commit. */
  isOfController?: boolean;
  /** Only the guard's step failed in its job. The success among its statuses is the deployment's. */
  failedInGuard?: boolean;
  /** Parts of a rollout: jobs of one run, or regions, that deploy one commit together. */
  parts?: readonly RolloutPart[];
  /** The part that makes a rollout live. Defaults to the last. */
  liveWith?: 'first' | 'last';
  /** True if another success had replaced it before it was marked failed. */
  wasReplaced?: true;
  /** A region of a rollout that nothing was deployed to yet. */
  isAwaited?: boolean;
  /** True if a rollout is live in all regions but idle ones. */
  waitsForIdleRegions?: boolean;
}

/** The deployments of one job or region in a rollout. */
export interface RolloutPart {
  /** Name of the job or region; `null` if unknown. */
  job: string | null;
  /** Oldest first. */
  attempts: readonly Deployment[];
}

/** A note about the result. No data is missing. */
export interface Remark {
  what: string;
  /** Effect on the figures, or how to avoid it. */
  consequence: string;
  /** Lines to paste. */
  yaml?: string;
  /** True if the weekly issue repeats it. */
  isForIssue?: true;
}

/** Data that the result depends on and that could not be read. */
export interface Gap {
  what: string;
  consequence: string;
  verdictAtRisk: boolean;
}

/** History of a base branch, read once for all services. */
export interface RepositoryFacts {
  /** `owner/name` in GitHub's current spelling. */
  repository: string;
  url: string;
  baseBranch: string;
  /** Tip of the base branch. With `as-of` in the past, the newest commits of that time that are still on the branch. */
  tips: readonly Oid[];
  /** The base branch back to what was live before the window, and the deployed commits. */
  commits: ReadonlyMap<Oid, Commit>;
  /** Earlier names of the base branch. A merge into one of them is a merge into the base branch. */
  formerNames?: readonly string[];
  /** Pull requests that only a commit's headline names, by commit. GitHub does not link them. */
  pullRequestsByHeadline?: ReadonlyMap<Oid, PullRequest>;
  paths?: PathFacts;
  gaps: readonly Gap[];
}

/** The data that decides which changes concern which paths. */
export interface PathFacts {
  paths: readonly string[];
  /** The tree entry of each of `paths`, by commit; `null`: the commit does not have the path. */
  entries: ReadonlyMap<Oid, readonly (string | null)[]>;
  /** The files that a mergeset changed, by its merge commit; `null`: not all are known. Read for patterns only. */
  files: ReadonlyMap<Oid, readonly string[] | null>;
}

/** A deployment with another task than those that count. */
export interface OtherTask {
  task: string;
  sha: Oid;
  createdAt: Date;
  succeeded: boolean;
}

/** A region that gets no deployments any more, while another does. */
export interface IdleRegion {
  name: string;
  /** Creation of its last deployment. */
  since: Date;
}

export interface StageFacts extends ServiceFacts {
  name: string;
}

export interface ServiceFacts {
  deployments: readonly Deployment[];
  /** True if `deployments` contains the environment's first deployment. */
  deploymentsComplete: boolean;
  /** GitHub's spelling of the environment, if it differs from the input. */
  environment?: string | null;
  gaps: readonly Gap[];
  remarks?: readonly Remark[];
  /** Names of its regions; empty with one environment. */
  regions?: readonly string[];
  /** Regions without a deployment since another was deployed twice, if changes have to be live in all regions. */
  idleRegions?: readonly IdleRegion[];
  /** Deployments that were read and do not count because of their task. */
  otherTasks?: readonly OtherTask[];
  /** In promotion order. */
  stages?: readonly StageFacts[];
  /** True if no path of the service is in any commit that was read. */
  matchesNothing?: boolean;
}
