import type { UnitAnswer } from '../report/answer.ts';
import { previewComment, setUpComment } from '../report/preview.ts';
import { commentOnOpen, commentOnShipped } from './on-pull-requests.ts';
import { oneLine } from '../model/guard-error.ts';
import { ELSEWHERE, SILENT, type Told, type Voice } from './voice.ts';
import { keepWeek } from './weekly-issue.ts';

/** Says it where the team looks: on the open pull request, on the shipped ones, or in the weekly issue. */

export async function publish(answer: UnitAnswer, voice: Voice): Promise<Told> {
  if (voice.isElsewhere && answer.mode !== 'scheduled' && voice.comment !== 'never')
    return answer.mode === 'pull-request' ? { ...ELSEWHERE, extra: previewComment(answer, null) } : ELSEWHERE;
  if (answer.mode === 'pull-request') {
    const { pullRequestBase: base } = voice;
    if (base !== null && base !== answer.baseBranch)
      return {
        ...SILENT,
        notices: [
          `This pull request goes into ${oneLine(base, 60)}, and lead time is told of ${oneLine(answer.baseBranch, 60)}: no comment. "base-branch" names the branch whose merges count.`,
        ],
      };
    return commentOnOpen(previewComment(answer, voice.pullRequest), voice);
  }
  return answer.mode === 'guard' ? commentOnShipped(answer, voice) : keepWeek(answer, voice);
}

/** Says on an open pull request that nothing is known yet, and why. */
export async function publishUnknown(reason: string, voice: Voice): Promise<Told> {
  if (voice.isElsewhere) return ELSEWHERE;
  return commentOnOpen(setUpComment(reason), voice);
}
