/** The plain data of repositories that the fake GitHub serves. Instants are ISO 8601 strings. */

export interface WorldCommit {
  oid: string;
  parents: string[];
  authoredDate: string;
  committedDate: string;
  author: string;
  message: string;
  /** Id of its tree. Unique by default. */
  tree?: string;
  /** Content ids of its files by path, each with an optional mode after a space. */
  files?: Record<string, string>;
  /** The text of files that it changed, by path. */
  texts?: Record<string, string>;
  /** Commit statuses: the newest state of each context. */
  statuses?: { context: string; state: string; createdAt: string }[];
  /** Tree entries by path, instead of `files`. */
  entries?: Record<string, string>;
}

export interface WorldPull {
  number: number;
  title: string;
  createdAt: string;
  /** `null`: still open. */
  mergedAt: string | null;
  mergeCommit: string | null;
  base: string;
  author: string;
  /** Its own commits. After a squash no branch contains them. */
  commits: string[];
  /** Name of its own branch. Defaults to `topic-` and its number. */
  head?: string;
  /** Head of its branch. Defaults to the last of its commits. */
  headOid?: string;
  /** When it was closed without a merge. */
  closedAt?: string;
  /** True if GitHub has not linked it with its commit. */
  unlinked?: boolean;
  labels?: string[];
  /** Files that it changes. Defaults to the files of its merge commit. */
  files?: string[];
  /** Reported number of changed files, if it lists fewer. */
  changedFiles?: number;
}

export interface WorldStatus {
  state: string;
  createdAt: string;
  logUrl?: string;
}

export interface WorldDeployment {
  id: number;
  environment: string;
  sha: string;
  createdAt: string;
  creator: string;
  /** `refs/heads/main`, for example; missing if a commit was deployed or the branch was deleted. */
  ref?: string;
  /** Defaults to `deploy`. */
  task?: string;
  /** Oldest first. The server adds GitHub's automatic `INACTIVE`. */
  statuses: WorldStatus[];
  /** True if the statuses are older than 90 days, so that GitHub returns only the state. */
  statusesGone?: boolean;
}

export interface WorldRelease {
  tag: string;
  sha: string;
  createdAt: string;
  publishedAt: string | null;
  draft?: boolean;
  prerelease?: boolean;
  author: string;
}

export interface WorldTag {
  name: string;
  sha: string;
  /** When it was created; missing for a lightweight tag. */
  taggedAt?: string;
}

export interface WorldStep {
  name: string;
  startedAt: string;
  completedAt: string;
  /** Lower case. Defaults to `success`. */
  conclusion?: string;
}

export interface WorldJob {
  /** Lower case, such as `waiting`. Derived from its times by default. */
  status?: string;
  /** Defaults to an id made from the run's id and the job's position. */
  id?: number;
  name: string;
  createdAt?: string;
  steps?: WorldStep[];
  attempt?: number;
  conclusion: string | null;
  startedAt: string | null;
  completedAt: string | null;
}

export interface WorldRun {
  id: number;
  workflow: string;
  sha: string;
  branch: string | null;
  event: string;
  status: string;
  conclusion: string | null;
  attempt?: number;
  createdAt: string;
  updatedAt: string;
  /** Missing for old runs. */
  actor?: string;
  jobs: WorldJob[];
  /** Start of the last attempt. Defaults to `createdAt`. */
  startedAt?: string;
  /** Logins, and teams with an `@`, that can approve its waiting deployment. */
  reviewers?: string[];
  /** Minutes of the wait timer of its environment. */
  waitTimer?: number;
  /** Login of the person who approved its deployment. */
  approvedBy?: string;
  /** Earlier attempts, the first one first. */
  earlier?: { conclusion: string; updatedAt: string }[];
}

/** A text that GitHub keeps the history of. */
export interface WorldText {
  author: string;
  body: string;
  /** When `editor` last changed its text. Defaults to never. */
  editedAt?: string;
  editor?: string;
  /** The texts of all versions, oldest first, once it was edited. */
  edits?: { body: string; editor: string; editedAt: string }[];
}

export interface WorldComment extends WorldText {
  id: number;
  number: number;
  createdAt: string;
}

export interface WorldIssue extends WorldText {
  number: number;
  title: string;
  state: 'open' | 'closed';
  labels: string[];
  /** True if the search does not find it yet. */
  unindexed?: boolean;
  locked?: boolean;
}

export interface World {
  owner: string;
  name: string;
  defaultBranch: string;
  /** The tip of the default branch. */
  head: string;
  /** The tips of other branches. */
  branches?: Record<string, string>;
  commits: WorldCommit[];
  pulls: WorldPull[];
  deployments: WorldDeployment[];
  releases?: WorldRelease[];
  tags?: WorldTag[];
  runs?: WorldRun[];
  issues?: WorldIssue[];
  comments?: WorldComment[];
  /** Numbers of pull requests whose conversation is locked. */
  locked?: number[];
  /** Numbers of issues and pull requests that were deleted or transferred. */
  vanished?: number[];
  /** Owner of the token. Defaults to `github-actions[bot]`. */
  viewer?: string;
  /** Contents of the default branch's files, by path. */
  files?: Record<string, string>;
  /** Commits that changed a file, by path. */
  fileChanges?: Record<string, string[]>;
  /** Environments that exist without a deployment. */
  environments?: string[];
  /** Other repositories on the same GitHub. */
  others?: World[];
  /** Earlier names. GitHub redirects them. */
  formerNames?: string[];
  archived?: boolean;
  fork?: boolean;
  topics?: string[];
  properties?: Record<string, string>;
  /** Last push. Defaults to the date of the newest commit. */
  pushedAt?: string;
}
