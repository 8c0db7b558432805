import type { UnitAnswer } from '../report/answer.ts';
import { previewComment, setUpComment } from '../report/preview.ts';
import { commentOnOpen, commentOnShipped } from './on-pull-requests.ts';
import type { Told, Voice } from './voice.ts';
import { keepWeek } from './weekly-issue.ts';

/** Says it where the team looks: on the open pull request, on the shipped ones, or in the weekly issue. */

export async function publish(answer: UnitAnswer, voice: Voice): Promise<Told> {
  if (answer.mode === 'pull-request') return commentOnOpen(previewComment(answer, voice.pullRequest), voice);
  return answer.mode === 'guard' ? commentOnShipped(answer, voice) : keepWeek(answer, voice);
}

/** Says on an open pull request that nothing is known yet, and why. */
export function publishUnknown(reason: string, voice: Voice): Promise<Told> {
  return commentOnOpen(setUpComment(reason), voice);
}
