import { oneLine } from '../model/guard-error.ts';
import type { ServiceName } from '../model/service.ts';
import type { Block } from '../report/blocks.ts';
import type { Report, RunReport } from '../report/contract.ts';
import type { Remembered } from '../report/weekly.ts';
import { setUpComment } from '../report/no-answer.ts';
import { isPast, ofThePast, orElse, SILENT, type Published, type PublishOptions } from './publish-options.ts';

/**
 * Says it where the team looks: on the open pull request, on the shipped ones, or in the weekly issue. Each has files of
 * its own, and a run loads those of its mode.
 */

export async function publish(remembered: Remembered, options: PublishOptions): Promise<Published> {
  const { report, name } = remembered;
  if (report.mode === 'scheduled') {
    if (options.issue === 'never') return SILENT;
    const { keepWeek } = await import('./weekly-issue.ts');
    const { weeklyStory } = await import('../report/weekly.ts');
    return keepWeek(weeklyStory(remembered), options);
  }
  const unfit = unfitFor(report, options);
  if (report.mode === 'guard') return onShipped([report], name, options, unfit);
  const { previewComment } = await import('../report/preview.ts');
  return commentOnOne(previewComment(report, options.pullRequest), report, name, options, unfit);
}

async function onShipped(
  reports: readonly Report[],
  name: ServiceName,
  options: PublishOptions,
  unfit: string | null,
): Promise<Published> {
  if (options.comment === 'never') return SILENT;
  const { commentOnShipped } = await import('./on-pull-requests.ts');
  return commentOnShipped(reports, name, options, unfit);
}

/**
 * The same for several units: one comment on a pull request, one issue, or one for each.
 *
 * @param name - whose texts they are together.
 * @param touched - the units that the open pull request concerns; `null`: that is not known, and all are told about.
 */
export async function publishRun(
  run: RunReport,
  remembered: readonly Remembered[],
  name: ServiceName,
  options: PublishOptions,
  touched: readonly Report[] | null,
): Promise<Published> {
  const [first] = run.units;
  if (!first) return SILENT;
  if (first.mode === 'scheduled') {
    if (options.issue === 'never') return SILENT;
    const { keepWeek } = await import('./weekly-issue.ts');
    const { runStory, weeklyStory } = await import('../report/weekly.ts');
    const stories =
      options.issue === 'per-service'
        ? remembered.map(weeklyStory)
        : [runStory(run, remembered, name)].filter((each) => each !== null);
    const all: Published[] = [];
    for (const story of stories) all.push(await keepWeek(story, options));
    return {
      ...SILENT,
      issueUrl: all.find((published) => published.issueUrl !== '')?.issueUrl ?? '',
      notices: [...new Set(all.flatMap((published) => published.notices))],
      extra: all.flatMap((published) => published.extra),
    };
  }
  const unfit = unfitFor(first, options);
  if (first.mode === 'guard') return onShipped(run.units, name, options, unfit);
  const { previewOfServices } = await import('../report/preview.ts');
  return commentOnOne(
    previewOfServices(touched ?? run.units, options.pullRequest),
    first,
    name,
    options,
    unfit,
  );
}

/** Why nothing is commented; `null`: nothing speaks against it. */
function unfitFor(report: Report, options: PublishOptions): string | null {
  if (options.isElsewhere) return ELSEWHERE;
  return isPast(report) && options.comment !== 'always' ? ofThePast('comment') : null;
}

async function commentOnOne(
  blocks: Block[],
  { baseBranch }: Report,
  name: ServiceName,
  options: PublishOptions,
  unfit: string | null,
): Promise<Published> {
  const { commentOnOpen } = await import('./on-pull-requests.ts');
  if (options.comment === 'never' || unfit !== null) return commentOnOpen(blocks, name, options, unfit);
  return orElse({ ...SILENT, extra: blocks }, async () => {
    const base = await baseIn(options);
    if (base === null || base === baseBranch) return commentOnOpen(blocks, name, options, null);
    return {
      ...SILENT,
      notices: [
        `This pull request goes into ${oneLine(base, 60)}, and lead time is told of ${oneLine(baseBranch, 60)}: no comment. "base-branch" names the branch whose merges count.`,
      ],
    };
  });
}

/** The branch that the pull request goes into, which an event that is not its own does not say. */
async function baseIn({
  repo,
  pullRequest,
  pullRequestBase,
  eventName,
}: PublishOptions): Promise<string | null> {
  if (pullRequestBase !== null || pullRequest === null || /^pull_request/.test(eventName))
    return pullRequestBase;
  const { baseOfPullRequest } = await import('../github/threads/pull-requests.ts');
  return baseOfPullRequest(repo, pullRequest);
}

/** Says on an open pull request that nothing is known yet, and why. */
export async function publishUnknown(
  reason: string,
  name: ServiceName,
  options: PublishOptions,
): Promise<Published> {
  const { commentOnOpen } = await import('./on-pull-requests.ts');
  return commentOnOpen(setUpComment(reason), name, options, options.isElsewhere ? ELSEWHERE : null);
}

/** The pull requests of another repository are told nothing. */
const ELSEWHERE =
  'Input "repository" names another repository than the one that this workflow is in: nothing is commented there; the job summary has it.';
