import { oneLine } from '../model/guard-error.ts';
import type { UnitName } from '../model/unit.ts';
import type { Block } from '../report/blocks.ts';
import type { Report, RunReport } from '../report/contract.ts';
import type { Remembered } from '../report/weekly.ts';
import { setUpComment } from '../report/no-answer.ts';
import { isPast, ofThePast, orElse, SILENT, type Told, type Voice } from './voice.ts';

/**
 * Says it where the team looks: on the open pull request, on the shipped ones, or in the weekly issue. Each has files of
 * its own, and a run loads those of its mode.
 */

export async function publish(remembered: Remembered, voice: Voice): Promise<Told> {
  const { report, name } = remembered;
  if (report.mode === 'scheduled') {
    if (voice.issue === 'never') return SILENT;
    const { keepWeek } = await import('./weekly-issue.ts');
    const { weeklyStory } = await import('../report/weekly.ts');
    return keepWeek(weeklyStory(remembered), voice);
  }
  const unfit = unfitFor(report, voice);
  if (report.mode === 'guard') return onShipped([report], name, voice, unfit);
  const { previewComment } = await import('../report/preview.ts');
  return commentOnOne(previewComment(report, voice.pullRequest), report, name, voice, unfit);
}

async function onShipped(
  reports: readonly Report[],
  name: UnitName,
  voice: Voice,
  unfit: string | null,
): Promise<Told> {
  if (voice.comment === 'never') return SILENT;
  const { commentOnShipped } = await import('./on-pull-requests.ts');
  return commentOnShipped(reports, name, voice, unfit);
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
  name: UnitName,
  voice: Voice,
  touched: readonly Report[] | null,
): Promise<Told> {
  const [first] = run.units;
  if (!first) return SILENT;
  if (first.mode === 'scheduled') {
    if (voice.issue === 'never') return SILENT;
    const { keepWeek } = await import('./weekly-issue.ts');
    const { runStory, weeklyStory } = await import('../report/weekly.ts');
    const stories =
      voice.issue === 'per-service'
        ? remembered.map(weeklyStory)
        : [runStory(run, remembered, name)].filter((each) => each !== null);
    const all: Told[] = [];
    for (const story of stories) all.push(await keepWeek(story, voice));
    return {
      ...SILENT,
      issueUrl: all.find((each) => each.issueUrl !== '')?.issueUrl ?? '',
      notices: [...new Set(all.flatMap((each) => each.notices))],
      extra: all.flatMap((each) => each.extra),
    };
  }
  const unfit = unfitFor(first, voice);
  if (first.mode === 'guard') return onShipped(run.units, name, voice, unfit);
  const { previewOfServices } = await import('../report/preview.ts');
  return commentOnOne(previewOfServices(touched ?? run.units, voice.pullRequest), first, name, voice, unfit);
}

/** Why nothing is commented; `null`: nothing speaks against it. */
function unfitFor(report: Report, voice: Voice): string | null {
  if (voice.isElsewhere) return ELSEWHERE;
  return isPast(report) && voice.comment !== 'always' ? ofThePast('comment') : null;
}

async function commentOnOne(
  blocks: Block[],
  { baseBranch }: Report,
  name: UnitName,
  voice: Voice,
  unfit: string | null,
): Promise<Told> {
  const { commentOnOpen } = await import('./on-pull-requests.ts');
  if (voice.comment === 'never' || unfit !== null) return commentOnOpen(blocks, name, voice, unfit);
  return orElse({ ...SILENT, extra: blocks }, async () => {
    const base = await baseIn(voice);
    if (base === null || base === baseBranch) return commentOnOpen(blocks, name, voice, null);
    return {
      ...SILENT,
      notices: [
        `This pull request goes into ${oneLine(base, 60)}, and lead time is told of ${oneLine(baseBranch, 60)}: no comment. "base-branch" names the branch whose merges count.`,
      ],
    };
  });
}

/** The branch that the pull request goes into, which an event that is not its own does not say. */
async function baseIn({ repo, pullRequest, pullRequestBase, eventName }: Voice): Promise<string | null> {
  if (pullRequestBase !== null || pullRequest === null || /^pull_request/.test(eventName))
    return pullRequestBase;
  const { baseOfPullRequest } = await import('../github/threads/pull-requests.ts');
  return baseOfPullRequest(repo, pullRequest);
}

/** Says on an open pull request that nothing is known yet, and why. */
export async function publishUnknown(reason: string, name: UnitName, voice: Voice): Promise<Told> {
  const { commentOnOpen } = await import('./on-pull-requests.ts');
  return commentOnOpen(setUpComment(reason), name, voice, voice.isElsewhere ? ELSEWHERE : null);
}

/** The pull requests of another repository are told nothing. */
const ELSEWHERE =
  'Input "repository" names another repository than the one that this workflow is in: nothing is commented there; the job summary has it.';
