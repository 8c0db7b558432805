import type { Deployment, Gap } from './facts.ts';

/** Deployments of any source, newest first by creation, read page by page as far as it turns out to be needed. */
export interface DeploymentFeed {
  readonly items: readonly Deployment[];
  /** Whether it was read to its end. */
  readonly complete: boolean;
  /** Every deployment that was created after this instant has been read. */
  readonly readTo: Date;
  /** What could not be read of it, or is to be said of it. */
  readonly gaps?: readonly Gap[];
  /** Reads one more page. */
  next(): Promise<void>;
}
