import { type Annotation, annotationsOf } from '../report/annotations.ts';
import type { Block } from '../report/blocks.ts';
import { reportOf } from '../report/report.ts';
import { summaryOf } from '../report/summary.ts';
import type { Answers } from './run.ts';
import { isAlone, runAnswerOf, subjectsOf, worstFirst } from './run-verdict.ts';

/** What a run says beside its verdict. */
export interface RunTexts {
  /** The summary in parts: what has no room is left out from the end. */
  summary: Block[][];
  report: object;
  annotations: Annotation[];
}

export async function textsOf(run: Answers): Promise<RunTexts> {
  const [only] = run.answers;
  if (isAlone(run) && only)
    return {
      summary: [summaryOf(only.answer)],
      report: reportOf(only.answer),
      annotations: annotationsOf(only.answer),
    };
  const { runBlocks, runReport } = await import('../report/units.ts');
  const runAnswer = runAnswerOf(run);
  const inOrder = await worstFirst(run.answers);
  const subjects = subjectsOf(run.answers);
  return {
    summary: [runBlocks(runAnswer), ...inOrder.map((each) => summaryOf(each.answer))],
    report: runReport(runAnswer, runAnswer.answers.map(reportOf)),
    annotations: inOrder.flatMap((each) =>
      subjects.includes(each) ? annotationsOf(each.answer) : softened(annotationsOf(each.answer)),
    ),
  };
}

/** What does not fail the step is no error of it. */
const softened = (annotations: readonly Annotation[]): Annotation[] =>
  annotations.map((each) => (each.severity === 'error' ? { ...each, severity: 'warning' as const } : each));

/** The page, whose charting library is as large as all the rest and is loaded only here. */
export async function pageOf(run: Answers): Promise<string> {
  const { page, pageOfRun } = await import('../report/page.ts');
  const [only] = run.answers;
  return isAlone(run) && only ? page(only.answer) : pageOfRun(runAnswerOf(run));
}
