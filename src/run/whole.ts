import type { Annotation } from '../report/annotations.ts';
import type { Block } from '../report/blocks.ts';
import { type Left, type Outputs, outputsOf } from '../report/outputs.ts';
import type { RunAnswer } from '../report/units.ts';
import type { Answer } from './answer.ts';
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

export async function wholeOf(told: Answers): Promise<Whole> {
  const { answers, untold } = told;
  const [only, ...others] = answers;
  if (only === undefined) throw new RangeError('a run without an answer');
  const subjects = subjectsOf(answers);
  const failed = subjects.some((each) => each.failed);
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
    annotations: inOrder.flatMap((each) =>
      subjects.includes(each) ? each.annotations : softened(each.annotations),
    ),
    failed,
    outputs: (left) => runOutputs(run, left),
    page: async () => (await import('../report/page.ts')).pageOfRun(run),
  };
}

/**
 * Those that the run is about. In guard mode a service whose deployment started it is, and another one's drift does not
 * fail it; where it is nobody's, all are.
 */
function subjectsOf(answers: readonly Answer[]): readonly Answer[] {
  const judged = answers.filter(({ answer }) => answer.judged !== null);
  return judged.length > 0 ? judged : answers;
}

/** What does not fail the step is no error of it. */
const softened = (annotations: readonly Annotation[]): Annotation[] =>
  annotations.map((each) => (each.severity === 'error' ? { ...each, severity: 'warning' as const } : each));

export const runAnswerOf = ({ answers, untold, elsewhere }: Answers): RunAnswer => ({
  answers: answers.map((each) => each.answer),
  untold,
  elsewhere,
});
