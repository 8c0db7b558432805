/** A repository's history as plain data: what the loopback GitHub serves. Instants are ISO 8601 strings. */

export interface WorldCommit {
  oid: string;
  parents: string[];
  authoredDate: string;
  committedDate: string;
  author: string;
  message: string;
  /** What its files are, all together; its own by default. */
  tree?: string;
  /** Its files: what each is, by path; a mode can stand after a space. Nobody asks where there are none. */
  files?: Record<string, string>;
  /** The text of files that it changed, by path. */
  texts?: Record<string, string>;
  /** What services say of it: contexts, each with its newest state. */
  statuses?: { context: string; state: string; createdAt: string }[];
  /** The entries of some paths, where they are known without the files. */
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
  /** Its own commits; of a squashed one, commits that no branch holds. */
  commits: string[];
  /** The name of its own branch; `topic-` and its number by default. Its head is the last of its commits. */
  head?: string;
  /** The commit that its branch ends at, where that is none of its own. */
  headOid?: string;
  /** When it was closed, where it was not merged. */
  closedAt?: string;
  /** GitHub has not linked it with its commit. */
  unlinked?: boolean;
  labels?: string[];
  /** What it changes; of an open one, or where its commits say nothing of files. */
  files?: string[];
  /** How many files it says it changes, where it lists fewer. */
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
  /** `refs/heads/main`; none where it was made from a commit, or the branch is gone. */
  ref?: string;
  /** `deploy` by default. */
  task?: string;
  /** Oldest first, as they were made; GitHub's own `INACTIVE` is added when served. */
  statuses: WorldStatus[];
  /** GitHub keeps statuses for 90 days; an older deployment shows its state alone. */
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
  /** When it was made; of a lightweight tag nobody knows. */
  taggedAt?: string;
}

export interface WorldStep {
  name: string;
  startedAt: string;
  completedAt: string;
  /** Lower case; `success` by default. */
  conclusion?: string;
}

export interface WorldJob {
  /** Made from the run's id and its place where there is none. */
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
  branch: string;
  event: string;
  status: string;
  conclusion: string | null;
  attempt?: number;
  createdAt: string;
  updatedAt: string;
  /** Old runs have none. */
  actor?: string;
  jobs: WorldJob[];
  /** When the last attempt began; when it was created, by default. */
  startedAt?: string;
  /** Who approved its deployment. */
  approvedBy?: string;
  /** What each earlier attempt came to. */
  earlier?: { conclusion: string; updatedAt: string }[];
}

export interface WorldComment {
  id: number;
  /** The issue or pull request. */
  number: number;
  author: string;
  body: string;
  createdAt: string;
}

export interface WorldIssue {
  number: number;
  title: string;
  body: string;
  state: 'open' | 'closed';
  labels: string[];
  author: string;
  /** What its author is to the repository; `NONE` by default. */
  association?: string;
  /** When its text was last changed, and by whom; by default it never was. */
  editedAt?: string;
  editor?: string;
  /** The index of searches has not got to it yet. */
  unindexed?: boolean;
  /** Nobody may comment any more. */
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
  /** Threads of pull requests where nobody may comment any more. */
  locked?: number[];
  /** Threads that are gone, or moved. */
  vanished?: number[];
  /** Whose token it is; `github-actions[bot]` by default. */
  viewer?: string;
  /** The text of files, by path. */
  files?: Record<string, string>;
  /** Commits that changed a file, by path. */
  fileChanges?: Record<string, string[]>;
  /** Environments that exist without a deployment. */
  environments?: string[];
  /** Other repositories on the same GitHub. */
  others?: World[];
  /** What it was called before: GitHub finds it by that, too. */
  formerNames?: string[];
  archived?: boolean;
  fork?: boolean;
  topics?: string[];
  /** Custom properties that its organization gives it. */
  properties?: Record<string, string>;
  /** When something was pushed last; its newest commit's date by default. */
  pushedAt?: string;
}
