import type { Deployment } from '../model/facts.ts';

/** A deployment as GitHub records it. */
export interface RawDeployment extends Deployment {
  task: string | null;
  /** `refs/heads/`, `refs/tags/` or `refs/pull/`; `null`: made from a commit, or the branch is gone. */
  refPrefix: string | null;
}
