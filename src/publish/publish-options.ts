import type { GitHubWriter } from '../github/client.ts';
import { NotAllowed } from '../github/errors.ts';
import type { Repo } from '../github/repo.ts';
import type { FoundIssues } from '../github/threads/issues.ts';
import { GuardError } from '../model/guard-error.ts';
import type { Block } from '../report/blocks.ts';
import type { Report } from '../report/contract.ts';

/** What became of the telling. It never changes the verdict: what could not be written goes to the summary instead. */
export interface Published {
  commentUrl: string;
  issueUrl: string;
  /** For the log: what could not be written, and what would let it. */
  notices: string[];
  /** For the summary: what was to be written and could not be, or is not written anywhere else. */
  extra: Block[];
}

/** How and where to say it. */
export interface PublishOptions {
  repo: Repo;
  /** Where the weekly issue is kept. */
  issueRepo: Repo;
  /** Whether the repository that is measured is not the one that the workflow is in: its pull requests are not ours. */
  isElsewhere: boolean;
  writer: GitHubWriter;
  /** The guard's issues, once they were asked for. */
  issues?: Promise<FoundIssues>;
  comment: 'auto' | 'always' | 'never';
  issue: 'auto' | 'always' | 'per-service' | 'never';
  issueLabel: string;
  mention: { authors: boolean; handles: string[] };
  /** The pull request that the event, or an input, is about, if any. */
  pullRequest: number | null;
  /** The branch that it goes into, where the event says it. */
  pullRequestBase: string | null;
  /** What started the run. */
  eventName: string;
  /** What is told of a text itself: when it holds, and the run that has all of it. */
  written: { at: Date; runUrl: string | null };
  /** Whether a deployment was made, or ended, by what started this run. */
  isOfADeployment: boolean;
}

export const SILENT: Published = { commentUrl: '', issueUrl: '', notices: [], extra: [] };

/** Tries to write; where the token may not, or GitHub does not let it, falls back to what can be said without. */
export async function orElse(unsaid: Published, write: () => Promise<Published>): Promise<Published> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof GuardError)) throw error;
    return { ...unsaid, notices: [`${notWritten(error)} What was to be written is in the job summary.`] };
  }
}

/** Why something was not written, and what would let it. */
export function notWritten(error: GuardError): string {
  const fork =
    error instanceof NotAllowed && error.message.includes('pull-requests: write')
      ? ' (For pull requests of forks and of Dependabot only the pull_request_target event may.)'
      : '';
  return `${error.message}${fork}`;
}

/** An answer about so many milliseconds ago is not news: a day. */
const NEWS = 86_400_000;

/** Whether it was asked about the past, where nobody waits to be told. */
export function isPast({ window, generatedAt }: Pick<Report, 'window' | 'generatedAt'>): boolean {
  return Date.parse(generatedAt) - Date.parse(window.to) > NEWS;
}

export const ofThePast = (input: 'comment' | 'issue') =>
  `Input "as-of" is more than a day ago, so nothing is written to GitHub; the job summary has it. "${input}: always" writes all the same.`;
