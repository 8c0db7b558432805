import { oneLine } from '../model/guard-error.ts';
import type { ServiceName } from '../model/service.ts';
import type { Block } from '../report/blocks.ts';
import type { Report, RunReport } from '../report/contract.ts';
import type { ServiceRecord } from './texts/weekly.ts';
import { reportsOf } from '../report/parts.ts';
import { setUpComment } from '../report/failure-texts.ts';
import {
  IN_SUMMARY,
  isPast,
  pastNotice,
  writeOrFallBack,
  NOTHING_PUBLISHED,
  type Published,
  type PublishOptions,
} from './publish-options.ts';

/** Publishes the report: on the open pull request, on the shipped ones, or in the weekly issue. */

/**
 * Several services share one comment per pull request, and one issue unless each has its own.
 *
 * @param name - the name of the common texts.
 * @param touched - the services that the open pull request touches; `null`: unknown, so the comment has all of them.
 */
export async function publish(
  run: Report | RunReport,
  remembered: readonly ServiceRecord[],
  name: ServiceName,
  options: PublishOptions,
  touched: readonly Report[] | null,
): Promise<Published> {
  const reports = reportsOf(run);
  const [first] = reports;
  if (!first) return NOTHING_PUBLISHED;
  const reason = reasonNotToComment(first, options);
  if (first.mode === 'scheduled') {
    const { publishOnSchedule } = await import('./on-schedule.ts');
    return publishOnSchedule(run, remembered, name, options, reason);
  }
  if (first.mode === 'guard') {
    if (options.comment === 'never') return NOTHING_PUBLISHED;
    const { commentOnShipped } = await import('./on-pull-requests.ts');
    return commentOnShipped(reports, name, options, reason);
  }
  const { previewOfServices } = await import('./texts/preview.ts');
  const blocks = previewOfServices(touched ?? reports, options.pullRequest);
  return commentOnOne(blocks, first, name, options, reason);
}

/** Why no comment may be written; `null`: it may. */
function reasonNotToComment(report: Report, options: PublishOptions): string | null {
  if (options.measuresAnotherRepository) return ELSEWHERE;
  if (report.mode === 'guard' && options.repo.withheld().length > 0)
    return 'GitHub withheld some data, so no comment was posted: another deployment may be newer, or this one may have shipped more changes.';
  if (!isPast(report) || options.comment === 'always') return null;
  return pastNotice(options.comment === 'overdue' ? null : 'comment');
}

async function commentOnOne(
  blocks: Block[],
  { baseBranch }: Report,
  name: ServiceName,
  options: PublishOptions,
  notToComment: string | null,
): Promise<Published> {
  const { commentOnOpen } = await import('./on-pull-requests.ts');
  if (options.comment === 'never' || notToComment !== null)
    return commentOnOpen(blocks, name, options, notToComment);
  return writeOrFallBack({ ...NOTHING_PUBLISHED, extra: blocks }, async () => {
    const base = await baseIn(options);
    if (base === null || base === baseBranch) return commentOnOpen(blocks, name, options, null);
    return {
      ...NOTHING_PUBLISHED,
      notices: [
        `Lead time is measured for "${oneLine(baseBranch, 60)}", and this pull request goes into "${oneLine(base, 60)}", so no comment was posted. Set "base-branch" to measure another branch.`,
      ],
    };
  });
}

/** The base branch of the pull request. Only events of pull requests contain it. */
async function baseIn({
  repo,
  pullRequest,
  pullRequestBase,
  eventName,
}: PublishOptions): Promise<string | null> {
  if (pullRequestBase !== null || pullRequest === null || /^pull_request/.test(eventName))
    return pullRequestBase;
  const { baseOfPullRequest } = await import('../github/threads/pull-request-base.ts');
  return baseOfPullRequest(repo, pullRequest);
}

/** Comments on an open pull request why there is no verdict yet. */
export async function publishNoVerdict(
  reason: string,
  name: ServiceName,
  options: PublishOptions,
): Promise<Published> {
  const { commentOnOpen } = await import('./on-pull-requests.ts');
  return commentOnOpen(
    setUpComment(reason),
    name,
    options,
    options.measuresAnotherRepository ? ELSEWHERE : null,
  );
}

const ELSEWHERE = `Input "repository" names another repository, so no comment was posted there. ${IN_SUMMARY}`;
