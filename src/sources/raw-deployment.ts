import type { Repo } from '../github/repo.ts';
import type { Deployment } from '../model/facts.ts';

/** A deployment as GitHub records it. */
export interface RawDeployment extends Deployment {
  task: string | null;
  /** `refs/heads/`, `refs/tags/` or `refs/pull/`; `null`: made from a commit, or the branch is gone. */
  refPrefix: string | null;
}

/**
 * A request for the check suites of a commit, a run, for all or the failed jobs of a suite, for a workflow file, or for the
 * commit that triggered a run.
 */
export interface Lookup {
  kind: 'suites' | 'run' | 'all' | 'failed' | 'file' | 'trigger';
  key: string;
}

/** True if one of the repository's own runs made a deployment. */
export const isOwnRun = (deployment: Deployment, { owner, name }: Repo): boolean =>
  deployment.statuses.some(({ logUrl }) =>
    logUrl?.toLowerCase().includes(`/${owner}/${name}/actions/runs/`.toLowerCase()),
  );
