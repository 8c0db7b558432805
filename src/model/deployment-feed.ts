import { max } from 'date-fns';
import type { Deployment, Gap, Oid, Remark } from './facts.ts';

/** Deployments of any source, newest first by creation, read page by page as far as it turns out to be needed. */
export interface DeploymentFeed {
  readonly items: readonly Deployment[];
  /** Whether it was read to its end. */
  readonly complete: boolean;
  /** How many entries of its list were read. */
  readonly listed?: number;
  /** How many requests a page of it takes, with those that tell what its deployments are; one by default. */
  readonly requestsAPage?: number;
  /** Whether each item that was read is known to count, or not to; all are by default. */
  readonly isIdentified?: boolean;
  /** Every deployment that was created after this instant has been read. */
  readonly readTo: Date;
  /** What could not be read of it. */
  readonly gaps?: readonly Gap[];
  /** What is to be said of it. */
  readonly remarks?: readonly Remark[];
  /** The environment as GitHub spells it, where that is not how it was asked for. */
  readonly environment?: string | null;
  /** Reads one more page. */
  next(): Promise<void>;
  /**
   * What has to be asked to tell what those items are that decide the question: a name for each thing. Empty: nothing.
   * Without it the items say themselves what they are.
   */
  unknown?(question: FeedQuestion): readonly string[];
  /** Whether no more deployments can be identified: then reading more of them does not help. */
  readonly isSpent?: boolean;
  /** Whether a deployment before the window may turn out to be a success of the service. */
  hasCandidates?(question: FeedQuestion): boolean;
  /** Asks for what is unknown, newest first. What turns out to be no deployment of the service is no item any more. */
  vet?(question: FeedQuestion): Promise<void>;
}

/** The window that a feed is asked about, and what is known of the branch by then. */
export interface FeedQuestion {
  from: Date;
  to: Date;
  /** Whether the branch has been read back to the window's beginning. */
  isBranchRead: boolean;
  /** Whether a commit was on the base branch at an instant. */
  wasOnBranch(oid: Oid, at: Date): boolean;
}

/** When the newest of some was created; the beginning of time, where there is none. */
export const newestOf = (items: readonly Deployment[]): Date =>
  max([new Date(0), ...items.map((item) => item.createdAt)]);
