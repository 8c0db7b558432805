import { GuardError } from '../model/guard-error.ts';
import type { Annotation } from '../report/annotations.ts';
import type { Block } from '../report/blocks.ts';
import { type Left, type Outputs, outputsOf } from '../report/outputs.ts';
import type { RunAnswer } from '../report/units.ts';
import type { Answers } from './run.ts';

/** What a run says as one, whether it answers for one unit or for several. */
export interface Whole {
  sentence: string;
  /** The summary in parts: what has no room is left out from the end. */
  summary: Block[][];
  report: object;
  annotations: Annotation[];
  failed: boolean;
  outputs(left: Left): Outputs;
  /** The page, whose charting library is as large as all the rest and is loaded only here. */
  page(): Promise<string>;
}

/** @throws {GuardError} where nothing can be told of any unit: why, of each. */
export async function wholeOf(told: Answers): Promise<Whole> {
  const { answers, untold } = told;
  const [only, ...others] = answers;
  if (only === undefined)
    throw new GuardError(
      `Nothing can be told of any unit. ${untold.map(({ unit, reason }) => `${unit.id}: ${reason}`).join(' ')}`,
    );
  const failed = answers.some((each) => each.failed);
  const run = runAnswerOf(told);
  const isAlone = others.length === 0 && untold.length === 0;
  // What several say together those alone need who have several.
  const several = isAlone && only.unit.service === null ? null : await import('../report/units.ts');
  if (isAlone || several === null)
    return {
      sentence: only.sentence,
      summary: [only.summary],
      report: only.report,
      annotations: only.annotations,
      failed,
      outputs: (left) => ({
        ...outputsOf(only.answer, left),
        ...(several === null ? {} : { units: several.unitsJson(run) }),
      }),
      page: async () => (await import('../report/page.ts')).page(only.answer),
    };
  const { runBlocks, runOutputs, runReport, runSentence, worstFirst } = several;
  const byAnswer = new Map(answers.map((each) => [each.answer, each]));
  const inOrder = worstFirst(run.answers).flatMap((each) => byAnswer.get(each) ?? []);
  return {
    sentence: [runSentence(run), ...inOrder.map((each) => each.sentence)].join(' '),
    summary: [runBlocks(run), ...inOrder.map((each) => each.summary)],
    report: runReport(
      run,
      answers.map((each) => each.report),
    ),
    annotations: inOrder.flatMap((each) => each.annotations),
    failed,
    outputs: (left) => runOutputs(run, left),
    page: async () => (await import('../report/page.ts')).pageOfRun(run),
  };
}

export const runAnswerOf = ({ answers, untold, elsewhere }: Answers): RunAnswer => ({
  answers: answers.map((each) => each.answer),
  untold,
  elsewhere,
});
