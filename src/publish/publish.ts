import { baseOfPullRequest } from '../github/threads/pull-requests.ts';
import { oneLine } from '../model/guard-error.ts';
import type { UnitName } from '../model/unit.ts';
import type { UnitAnswer } from '../report/answer.ts';
import { previewComment, setUpComment } from '../report/preview.ts';
import { commentOnOpen, commentOnShipped } from './on-pull-requests.ts';
import { isPast, ofThePast, orElse, SILENT, type Told, type Voice } from './voice.ts';
import { keepWeek } from './weekly-issue.ts';

/** Says it where the team looks: on the open pull request, on the shipped ones, or in the weekly issue. */

export async function publish(answer: UnitAnswer, voice: Voice): Promise<Told> {
  if (answer.mode === 'scheduled') return keepWeek(answer, voice);
  const unfit = voice.isElsewhere
    ? ELSEWHERE
    : isPast(answer) && voice.comment !== 'always'
      ? ofThePast('comment')
      : null;
  if (answer.mode === 'guard') return commentOnShipped(answer, voice, unfit);
  const blocks = previewComment(answer, voice.pullRequest);
  if (voice.comment === 'never' || unfit !== null) return commentOnOpen(blocks, answer.name, voice, unfit);
  return orElse({ ...SILENT, extra: blocks }, async () => {
    const base = await baseIn(voice);
    if (base === null || base === answer.baseBranch) return commentOnOpen(blocks, answer.name, voice, null);
    return {
      ...SILENT,
      notices: [
        `This pull request goes into ${oneLine(base, 60)}, and lead time is told of ${oneLine(answer.baseBranch, 60)}: no comment. "base-branch" names the branch whose merges count.`,
      ],
    };
  });
}

/** The branch that the pull request goes into, which an event that is not its own does not say. */
async function baseIn({ repo, pullRequest, pullRequestBase, eventName }: Voice): Promise<string | null> {
  if (pullRequestBase !== null || pullRequest === null || /^pull_request/.test(eventName))
    return pullRequestBase;
  return baseOfPullRequest(repo, pullRequest);
}

/** Says on an open pull request that nothing is known yet, and why. */
export async function publishUnknown(reason: string, name: UnitName, voice: Voice): Promise<Told> {
  return commentOnOpen(setUpComment(reason), name, voice, voice.isElsewhere ? ELSEWHERE : null);
}

/** The pull requests of another repository are told nothing. */
const ELSEWHERE =
  'Input "repository" names another repository than the one that this workflow is in: nothing is commented there; the job summary has it.';
