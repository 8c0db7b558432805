import type { GitHubWriter } from '../github/client.ts';
import { NotAllowed } from '../github/errors.ts';
import type { Repo } from '../github/repo.ts';
import type { IssueSearch } from '../github/threads/issues.ts';
import { GuardError } from '../model/guard-error.ts';
import type { Guard } from '../model/marked-text.ts';
import type { Block } from '../report/blocks.ts';
import type { Report } from '../report/contract.ts';

/** The published texts. They never change the verdict: a text that could not be written goes to the job summary. */
export interface Published {
  commentUrl: string;
  issueUrl: string;
  /** For the log: what could not be written, and what would allow it. */
  notices: string[];
  /** For the job summary: texts that were not written to GitHub. */
  extra: Block[];
}

export interface PublishOptions {
  guard: Guard;
  repo: Repo;
  /** The repository of the weekly issue. */
  issueRepo: Repo;
  /** Whether the workflow measures another repository than its own. Then it does not comment there. */
  measuresAnotherRepository: boolean;
  writer: GitHubWriter;
  /** The guard's issues, once requested. */
  issues?: Promise<IssueSearch>;
  comment: 'auto' | 'always' | 'overdue' | 'never';
  issue: 'auto' | 'always' | 'per-service' | 'never';
  issueLabel: string;
  mention: { authors: boolean; handles: string[] };
  /** The pull request that the event or an input names, if any. */
  pullRequest: number | null;
  /** Its base branch, if the event has it. */
  pullRequestBase: string | null;
  /** The event that started the run. */
  eventName: string;
  /** For the footer: the time of the text, and the run with the details. */
  footer: { at: Date; runUrl: string | null };
  /** Whether the event started or ended a deployment. */
  isDeploymentEvent: boolean;
}

export const NOTHING_PUBLISHED: Published = { commentUrl: '', issueUrl: '', notices: [], extra: [] };

export const IN_SUMMARY = 'The text is in the job summary.';

/** Writes, or returns `fallback` with a notice if GitHub does not allow it. */
export async function writeOrFallBack(
  fallback: Published,
  write: () => Promise<Published>,
): Promise<Published> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof GuardError)) throw error;
    return { ...fallback, notices: [`${reasonNotWritten(error)} ${IN_SUMMARY}`] };
  }
}

/** Why something was not written, and what would allow it. */
export function reasonNotWritten(error: GuardError): string {
  const fork =
    error instanceof NotAllowed && error.message.includes('pull-requests: write')
      ? ' For pull requests from forks and Dependabot, use the "pull_request_target" event.'
      : '';
  return `${error.message}${fork}`;
}

const DAY = 86_400_000;

/** Whether the report is about a time more than a day ago. Nobody waits for such a comment. */
export function isPast({ window, generatedAt }: Pick<Report, 'window' | 'generatedAt'>): boolean {
  return Date.parse(generatedAt) - Date.parse(window.to) > DAY;
}

/** @param input - the option whose value `always` would write the text; `null`: no value would. */
export const pastNotice = (input: 'comment' | 'issue' | null): string =>
  input === null
    ? `Input "as-of" is more than a day ago, so nothing was written to GitHub. ${IN_SUMMARY}`
    : `Input "as-of" is more than a day ago, so nothing was written to GitHub. ${IN_SUMMARY} To write it anyway, set "${input}: always".`;
