import { type Outputs, outputsOf } from '../report/outputs.ts';
import type { RunAnswer } from '../report/units.ts';
import type { Answer } from './answer.ts';
import type { Answers } from './run.ts';

/** The verdict of a run, whether it answers for one unit or for several. It needs no text and no file. */
export interface RunVerdict {
  sentence: string;
  failed: boolean;
  outputs: Outputs;
}

export async function verdictOf(run: Answers): Promise<RunVerdict> {
  const [first] = run.answers;
  if (first === undefined) throw new RangeError('a run without an answer');
  const failed = subjectsOf(run.answers).some((each) => each.failed);
  if (isAlone(run) && first.unit.service === null)
    return { sentence: first.sentence, failed, outputs: outputsOf(first.answer) };
  const { runOutputs, runSentence, unitsJson } = await import('../report/units.ts');
  const runAnswer = runAnswerOf(run);
  if (isAlone(run))
    return {
      sentence: first.sentence,
      failed,
      outputs: { ...outputsOf(first.answer), units: unitsJson(runAnswer) },
    };
  const sentences = (await worstFirst(run.answers)).map((each) => each.sentence);
  return {
    sentence: [runSentence(runAnswer), ...sentences].join(' '),
    failed,
    outputs: runOutputs(runAnswer),
  };
}

/** Whether there is one answer, and no unit without one. */
export const isAlone = ({ answers, untold }: Answers): boolean => answers.length === 1 && untold.length === 0;

/** The worst first, as texts list them. */
export async function worstFirst(answers: readonly Answer[]): Promise<Answer[]> {
  const units = await import('../report/units.ts');
  const byAnswer = new Map(answers.map((each) => [each.answer, each]));
  return units.worstFirst([...byAnswer.keys()]).flatMap((each) => byAnswer.get(each) ?? []);
}

/**
 * Those that the run is about. In guard mode a service whose deployment started it is, and another one's drift does not
 * fail it; where it is nobody's, all are.
 */
export function subjectsOf(answers: readonly Answer[]): readonly Answer[] {
  const judged = answers.filter(({ answer }) => answer.judged !== null);
  return judged.length > 0 ? judged : answers;
}

export const runAnswerOf = ({ answers, untold, elsewhere }: Answers): RunAnswer => ({
  answers: answers.map((each) => each.answer),
  untold,
  elsewhere,
});
