import type { GitHubWriter } from '../github/client.ts';
import { NotAllowed } from '../github/errors.ts';
import type { Repo } from '../github/repo.ts';
import { GuardError } from '../model/guard-error.ts';
import type { Block } from '../report/blocks.ts';

/** What became of the telling. It never changes the verdict: what could not be written goes to the summary instead. */
export interface Told {
  commentUrl: string;
  issueUrl: string;
  /** For the log: what could not be written, and what would let it. */
  notices: string[];
  /** For the summary: what was to be written and could not be, or is not written anywhere else. */
  extra: Block[];
}

/** How and where to say it. */
export interface Voice {
  repo: Repo;
  /** Where the weekly issue is kept. */
  issueRepo: Repo;
  /** Whether the repository that is measured is not the one that the workflow is in: its pull requests are not ours. */
  isElsewhere: boolean;
  writer: GitHubWriter;
  environment: string;
  comment: 'auto' | 'always' | 'never';
  issue: 'auto' | 'never';
  issueLabel: string;
  mention: { authors: boolean; handles: string[] };
  /** The pull request that the event is about, if any. */
  pullRequest: number | null;
  /** The branch that it goes into, where the event says it. */
  pullRequestBase: string | null;
  /** Whether a deployment was made, or ended, by what started this run. */
  isOfADeployment: boolean;
}

export const SILENT: Told = { commentUrl: '', issueUrl: '', notices: [], extra: [] };

/** Tries to write; where the token may not, or GitHub does not let it, falls back to what can be said without. */
export async function orElse(unsaid: Told, remedy: string, write: () => Promise<Told>): Promise<Told> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof GuardError)) throw error;
    const notice =
      error instanceof NotAllowed
        ? `${error.message} It is in the job summary instead. ${remedy}`
        : `${error.message} What was to be written is in the job summary.`;
    return { ...unsaid, notices: [notice] };
  }
}

/** The pull requests of another repository are told nothing. */
export const ELSEWHERE: Told = {
  ...SILENT,
  notices: [
    'Input "repository" names another repository than the one that this workflow is in: nothing is commented there; the job summary has it.',
  ],
};
