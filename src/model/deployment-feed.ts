import { max } from 'date-fns';
import type { GuardError } from './guard-error.ts';
import type { Deployment, Gap, Oid, OtherTask, Remark } from './facts.ts';

/** Deployments from any source, newest first by creation, read page by page as far as needed. */
export interface DeploymentFeed {
  readonly items: readonly Deployment[];
  readonly complete: boolean;
  /** Number of list entries read. */
  readonly listed?: number;
  /** Requests for a page, including those that identify its deployments. Defaults to one. */
  readonly requestsAPage?: number;
  /** True if the guard knows for each item if it counts. Defaults to true. */
  readonly isIdentified?: boolean;
  /** All deployments created after this instant were read. */
  readonly readTo: Date;
  readonly gaps?: readonly Gap[];
  readonly remarks?: readonly Remark[];
  /** Why it is unclear which items are deployments of the service. */
  readonly error?: GuardError | null;
  /** Deployments that do not count because of their task. */
  readonly otherTasks?: readonly OtherTask[];
  /** GitHub's spelling of the environment, if it differs from the input. */
  readonly environment?: string | null;
  next(): Promise<void>;
  /**
   * Names of the things to read in order to identify the items that matter for the question, such as runs. A feed
   * without this function has identified items only.
   */
  neededLookups?(question: FeedContext): readonly string[];
  /** True if no more deployments can be identified, so that reading further pages does not help. */
  readonly isExhausted?: boolean;
  /** True if a deployment before the window may be a success of the service. */
  hasCandidates?(question: FeedContext): boolean;
  /** Identifies unknown items, newest first, and removes those that are not deployments of the service. */
  lookUp?(question: FeedContext): Promise<void>;
}

/** The window that a feed has to cover, and the state of the branch. */
export interface FeedContext {
  from: Date;
  to: Date;
  /** True if the branch was read back to the start of the window. */
  isBranchRead: boolean;
  /** True if a commit was on the base branch at an instant. */
  wasOnBranch(oid: Oid, at: Date): boolean;
}

/** When the newest deployment was created; 1970 for an empty list. */
export const newestOf = (items: readonly Deployment[]): Date =>
  max([new Date(0), ...items.map((item) => item.createdAt)]);
